"""What srcgrad's decorators take, and functions that stand where their names are not known."""

import srcgrad
from srcgrad import grad, vjp

CHOSEN = "x"


@grad("x")
def by_place(x, y):
    return x * y


@grad(wrt=CHOSEN)
def by_name(x, y):
    return x * y


@grad
@vjp
def two_marks(x, y):
    return x * y


class Model:
    rate = 0.5
    __secret = 2.0

    def method(self, x):
        return self.rate * x

    @classmethod
    def made(cls, x):
        return cls.rate * x

    @staticmethod
    def mangled(x):
        return __secret * x


def outer(y):
    def inner(x):
        return x * y

    return inner


if CHOSEN:

    def perhaps(x):
        return x * x


# $ srcgrad emit refused_decorators.py by_place
# exit 1
# stderr
refused_decorators.py:9:2: error: srcgrad's decorators take wrt and shapes alone
    @grad("x")
     ^^^^^^^^^
hint: write wrt="x"


# $ srcgrad emit refused_decorators.py by_name
# exit 1
# stderr
refused_decorators.py:14:2: error: wrt is not written out here
    @grad(wrt=CHOSEN)
     ^^^^^^^^^^^^^^^^
hint: write it out, or give --wrt


# $ srcgrad emit refused_decorators.py two_marks
# exit 1
# stderr
refused_decorators.py:20:2: error: the decorator vjp changes two_marks, so its text is not what runs
    @vjp
     ^^^
hint: give srcgrad the function without it


# $ srcgrad emit refused_decorators.py Model.method
# exit 1
# stderr
refused_decorators.py:29:5: error: method is a method of Model, and what an object or a class holds is not read
        def method(self, x):
        ^^^^^^^^^^^^^^^^^^^^
hint: make it a @staticmethod that takes the numbers it needs


# $ srcgrad emit refused_decorators.py Model.made
# exit 1
# stderr
refused_decorators.py:33:5: error: made is a method of Model, and what an object or a class holds is not read
        def made(cls, x):
        ^^^^^^^^^^^^^^^^^
hint: make it a @staticmethod that takes the numbers it needs


# $ srcgrad emit refused_decorators.py Model.mangled
# exit 1
# stderr
refused_decorators.py:38:16: error: __secret has another name inside the class Model
            return __secret * x
                   ^^^^^^^^
hint: rename it


# $ srcgrad emit refused_decorators.py inner
# exit 1
# stderr
refused_decorators.py:42:5: error: inner is defined inside outer, so what its names are is known only when outer runs
        def inner(x):
        ^^^^^^^^^^^^^
hint: move it to the top level of the file, or give srcgrad.grad the live function


# $ srcgrad emit refused_decorators.py perhaps
# exit 1
# stderr
refused_decorators.py:50:5: error: perhaps is defined inside another statement, which may not run
        def perhaps(x):
        ^^^^^^^^^^^^^^^
hint: move it to the top level of the file


# $ srcgrad emit refused_decorators.py method
# exit 1
# stderr
error: no function 'method' at the top level of refused_decorators.py
hint: write Model.method


# $ srcgrad emit refused_decorators.py absent
# exit 1
# stderr
error: no function 'absent' at the top level of refused_decorators.py
hint: there are: by_place, by_name, two_marks, outer
