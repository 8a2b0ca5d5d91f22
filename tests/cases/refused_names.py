"""Names that an emitted file could not hold, and what cannot be differentiated with respect to."""

import math
import random

import doubling
import tripling
from helpers import growth
from logs import logarithm
from math import exp
from srcgrad import elementwise, stop_gradient

SEED = random.random()
TABLE = random.sample(range(9), 3)


def special(x):
    return x


def slope(x):
    return 1.0


@elementwise("special(x)")
def special_gate(y, x):
    dx = slope(x) * dy


def hides(x, slope):
    return special(x) * slope


def loss_grad(x):
    return math.nextafter(x, 1.0)


def loss(x, y):
    return loss_grad(x) * y


def grows(x):
    return growth(x) * 2


def stop(x, how=stop_gradient):
    return x * 2


def nothing():
    return 2.0


def only_defaults(x=1.0):
    return x * x


def counts(n: int):
    return 2.0 * n


def seeded(x):
    return x * SEED


def looked_up(x):
    return x if TABLE else 2 * x


def doubled(x):
    return doubling.scaled(x)


def tripled(x):
    return tripling.scaled(x)


def two_meanings(x):
    return logarithm(x) * exp(x)


COUNT = 1.0


def counted(x):
    return x * COUNT


def bump():
    global COUNT
    COUNT += 1.0


# file helpers.py
RATE = 0.5
RATE = 2 * RATE


def growth(x):
    return x * RATE


# file doubling.py
K = 2.0


def scaled(x):
    y = K * x
    return y * y


# file tripling.py
K = 3.0


def scaled(x):
    y = K * x
    return y * y


# file logs.py
from math import log as exp


def logarithm(x):
    return exp(x)


# $ srcgrad emit refused_names.py hides
# exit 1
# stderr
refused_names.py:30:14: error: the parameter slope hides a global of that name that a called function reads
    def hides(x, slope):
                 ^^^^^
hint: rename the parameter


# $ srcgrad emit refused_names.py loss --wrt y
# exit 1
# stderr
refused_names.py:38:1: error: loss_grad is what the derived function will be called, and loss uses another of that name
    def loss(x, y):
    ^^^^^^^^^^^^^^^
hint: rename one of them


# $ srcgrad emit refused_names.py grows
# exit 1
# stderr
helpers.py:6:16: error: RATE is a global of another module
        return x * RATE
                   ^^^^
hint: define it once there; a library, import it in both files


# $ srcgrad emit refused_names.py stop
# exit 1
# stderr
refused_names.py:46:1: error: stop reads something of srcgrad's, and no emitted text does
    def stop(x, how=stop_gradient):
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: stop_gradient takes one value, where it is called: stop_gradient(x)


# $ srcgrad emit refused_names.py nothing
# exit 1
# stderr
refused_names.py:50:1: error: nothing has no parameter to differentiate (one with a default only where wrt names it)
    def nothing():
    ^^^^^^^^^^^^^^
hint: give it a parameter


# $ srcgrad emit refused_names.py nothing --wrt x
# exit 1
# stderr
refused_names.py:50:1: error: wrt='x': 'x' is no parameter of nothing
    def nothing():
    ^^^^^^^^^^^^^^
hint: give it a parameter


# $ srcgrad emit refused_names.py only_defaults
# exit 1
# stderr
refused_names.py:54:1: error: only_defaults has no parameter to differentiate (one with a default only where wrt names it)
    def only_defaults(x=1.0):
    ^^^^^^^^^^^^^^^^^^^^^^^^^
hint: the parameters are x


# $ srcgrad emit refused_names.py counts
# exit 1
# stderr
refused_names.py:58:1: error: counts has no parameter to differentiate (one with a default only where wrt names it)
    def counts(n: int):
    ^^^^^^^^^^^^^^^^^^^
hint: the parameters are n (not differentiable)


# $ srcgrad emit refused_names.py loss --wrt x,x
# exit 1
# stderr
refused_names.py:38:1: error: wrt=('x', 'x') must name at least one parameter, and each once
    def loss(x, y):
    ^^^^^^^^^^^^^^^
hint: the parameters are x, y


# $ srcgrad emit refused_names.py seeded
# exit 1
# stderr
refused_names.py:63:16: error: SEED is not a number
        return x * SEED
                   ^^^^
hint: give it a number, or pass it in


# $ srcgrad emit refused_names.py looked_up
# exit 1
# stderr
refused_names.py:66:1: error: looked_up reads the global TABLE, which is no constant that an emitted file could hold
    def looked_up(x):
    ^^^^^^^^^^^^^^^^^
hint: define it once at the top level as a number or a list of numbers, or make it a parameter


# $ srcgrad emit refused_names.py doubled tripled
# exit 1
# stderr
refused_names.py:74:1: error: K is one thing for one of the functions and another for another, in one file
    def tripled(x):
    ^^^^^^^^^^^^^^^
hint: write them to files of their own, or rename one of them


# $ srcgrad emit refused_names.py two_meanings
# exit 1
# stderr
refused_names.py:78:1: error: exp is one thing in one file and another in another, and the emitted text needs both
    def two_meanings(x):
    ^^^^^^^^^^^^^^^^^^^^
hint: rename one of them


# $ srcgrad emit refused_names.py counted
# exit 1
# stderr
refused_names.py:86:16: error: COUNT is a global that a function of its file changes
        return x * COUNT
                   ^^^^^
hint: make it a parameter, or give it a name of its own first
