"""A function that the book does not have is refused with the one that is most like it."""

import math

import numpy as np
import numpy.linalg as la
from numpy import linalg
from scipy import special


def misspelled(x, y):
    return np.hypott(x, y)


def by_another_name(x):
    return la.invv(x)


def elsewhere(x):
    return np.erf(x)


def of_another_library(x):
    return linalg.trace2(x) + special.sincc(x)


def method(x):
    return x.summ(axis=0)


def attribute(x):
    return x.mTT


def keyword(x):
    return np.sum(x, where=x > 0)


def of_numbers(x):
    return math.lgama(x)


def unlike_all(x):
    return np.frobnicate(x)


class Model:
    def sum2(self):
        return self


def of_the_user(x):
    return Model.sum2(x)


# $ srcgrad emit refused_near.py misspelled
# exit 1
# stderr
refused_near.py:12:12: error: no gate for np.hypott, and the gradient on x, y must pass through it
        return np.hypott(x, y)
               ^^^^^^^^^^^^^^^
hint: did you mean np.hypot(x, y)?


# $ srcgrad emit refused_near.py by_another_name
# exit 1
# stderr
refused_near.py:16:12: error: no gate for la.invv, and the gradient on x must pass through it
        return la.invv(x)
               ^^^^^^^^^^
hint: did you mean np.linalg.inv(x)?


# $ srcgrad emit refused_near.py elsewhere
# exit 1
# stderr
refused_near.py:20:12: error: no gate for np.erf, and the gradient on x must pass through it
        return np.erf(x)
               ^^^^^^^^^
hint: did you mean special.erf(x)?


# $ srcgrad emit refused_near.py of_another_library
# exit 1
# stderr
refused_near.py:24:12: error: no gate for linalg.trace2, and the gradient on x must pass through it
        return linalg.trace2(x) + special.sincc(x)
               ^^^^^^^^^^^^^^^^
hint: did you mean np.linalg.trace(x, offset=offset)?


# $ srcgrad emit refused_near.py method
# exit 1
# stderr
refused_near.py:28:12: error: no gate for x.summ, and the gradient on x must pass through it
        return x.summ(axis=0)
               ^^^^^^^^^^^^^^
hint: did you mean x.sum(axis, keepdims=keepdims)?


# $ srcgrad emit refused_near.py attribute
# exit 1
# stderr
refused_near.py:32:12: error: no gate for this expression, and the gradient on x must pass through it
        return x.mTT
               ^^^^^
hint: did you mean x.mT?


# $ srcgrad emit refused_near.py keyword
# exit 1
# stderr
refused_near.py:36:12: error: no gate for np.sum, and the gradient on x must pass through it
        return np.sum(x, where=x > 0)
               ^^^^^^^^^^^^^^^^^^^^^^
hint: srcgrad knows it as np.sum(x, axis, keepdims=keepdims): see srcgrad gates np.sum


# $ srcgrad emit refused_near.py of_numbers
# exit 1
# stderr
refused_near.py:40:12: error: no gate for math.lgama, and the gradient on x must pass through it
        return math.lgama(x)
               ^^^^^^^^^^^^^
hint: did you mean math.lgamma(x)?


# $ srcgrad emit refused_near.py unlike_all
# exit 1
# stderr
refused_near.py:44:12: error: no gate for np.frobnicate, and the gradient on x must pass through it
        return np.frobnicate(x)
               ^^^^^^^^^^^^^^^^
hint: write it with gates that srcgrad knows, or leave it out of wrt


# $ srcgrad emit refused_near.py of_the_user
# exit 1
# stderr
refused_near.py:53:12: error: no gate for Model.sum2, and the gradient on x must pass through it
        return Model.sum2(x)
               ^^^^^^^^^^^^^
hint: write it with gates that srcgrad knows, or leave it out of wrt
