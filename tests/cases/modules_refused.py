"""What an import beside the file may not be."""

from broken import wrong
from circle import round
from cut import half
from helpers import again, cached, hidden, looped, nothing, star
from missing_here import far
from numpy_like import Shape
from .missing import gone


def use_broken(x):
    return wrong(x) * x


def use_circle(x):
    return round(x) * x


def use_cut(x):
    return half(x) * x


def use_cached(x):
    return cached(x) * x


def use_hidden(x):
    return hidden * x


def use_looped(x):
    return looped(x) * x


def use_nothing(x):
    return nothing(x) * x


def use_star(x):
    return star(x) * x


def use_far(x):
    return far(x) * x


def use_gone(x):
    return gone(x) * x


def use_shape(x):
    return Shape(x) * x


def use_again(x):
    return again(x) * x


# file broken.py
def wrong(x):
    return x +


# file circle.py
from ring import round


# file ring.py
from circle import round


# file cut.py
from .sub import half


# file helpers.py
import functools

from starred import star


@functools.lru_cache
def cached(x):
    return x * x


hidden = [1.0, 2.0]
hidden.append(3.0)


def looped(x):
    for _ in range(3):
        x = x * x
    return x


def again(x):
    return again(x) * x


# file starred.py
from elsewhere import *


# file elsewhere.py
def star(x):
    return x


# file numpy_like.py
class Shape:
    pass


# $ srcgrad emit modules_refused.py use_broken
# exit 1
# stderr
modules_refused.py:3:1: error: wrong cannot be read: broken.py:2:15: not valid Python: invalid syntax
    from broken import wrong
    ^^^^^^^^^^^^^^^^^^^^^^^^


# $ srcgrad emit modules_refused.py use_circle
# exit 1
# stderr
modules_refused.py:4:1: error: round cannot be read: circle.py:1:1: the import of round goes round in a circle
    from circle import round
    ^^^^^^^^^^^^^^^^^^^^^^^^
hint: define it in one of the files


# $ srcgrad emit modules_refused.py use_cut
# exit 1
# stderr
modules_refused.py:5:1: error: half cannot be read: cut.py:1:1: there is no module .sub here
    from cut import half
    ^^^^^^^^^^^^^^^^^^^^
hint: an import is read from beside the file


# $ srcgrad emit modules_refused.py use_cached
# exit 1
# stderr
modules_refused.py:25:12: error: no gate for cached, and the gradient on x must pass through it
        return cached(x) * x
               ^^^^^^^^^
hint: write it with gates that srcgrad knows, or leave it out of wrt


# $ srcgrad emit modules_refused.py use_hidden
# exit 1
# stderr
modules_refused.py:29:12: error: hidden is not a number
        return hidden * x
               ^^^^^^
hint: give it a number, or pass it in


# $ srcgrad emit modules_refused.py use_looped
# exit 1
# stderr
helpers.py:16:5: error: a loop is not read yet
        for _ in range(3):
        ^^^^^^^^^^^^^^^^^^
hint: write the steps out


# $ srcgrad emit modules_refused.py use_nothing
# exit 1
# stderr
modules_refused.py:6:1: error: helpers.py does not define nothing
    from helpers import again, cached, hidden, looped, nothing, star
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: import it from where it is defined


# $ srcgrad emit modules_refused.py use_star
# exit 1
# stderr
modules_refused.py:6:1: error: star cannot be read: helpers.py:3:1: a star import in starred.py hides what star is
    from helpers import again, cached, hidden, looped, nothing, star
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: import it from the file that defines it


# $ srcgrad emit modules_refused.py use_far
# exit 1
# stderr
modules_refused.py:45:12: error: no gate for far, and the gradient on x must pass through it
        return far(x) * x
               ^^^^^^
hint: write it with gates that srcgrad knows, or leave it out of wrt


# $ srcgrad emit modules_refused.py use_gone
# exit 1
# stderr
modules_refused.py:9:1: error: there is no module .missing here
    from .missing import gone
    ^^^^^^^^^^^^^^^^^^^^^^^^^
hint: an import is read from beside the file


# $ srcgrad emit modules_refused.py use_shape
# exit 1
# stderr
modules_refused.py:53:12: error: no gate for Shape, and the gradient on x must pass through it
        return Shape(x) * x
               ^^^^^^^^
hint: write it with gates that srcgrad knows, or leave it out of wrt


# $ srcgrad emit modules_refused.py use_again
# exit 1
# stderr
helpers.py:22:12: error: a function calls itself: use_again calls again calls again
        return again(x) * x
               ^^^^^^^^
hint: write the recursion as straight-line code
