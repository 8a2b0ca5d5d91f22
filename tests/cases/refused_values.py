"""Arguments that cannot be read, or are of no parameter, and functions that cannot be run alone."""

import nothing
import srcgrad


@srcgrad.elementwise("nothing.half(x)")
def half_gate(y, x):
    dx = 0.5 * dy


def f(x, y=2.0):
    return x * y


def g(x, *rest):
    return x * rest[0]


def h():
    return 2.0


def looked_up(x: float):
    return x * TABLE["a"]


def make():
    return {"a": 2.0}


TABLE = make()


def absent(x: float):
    return nothing.half(x)


# file alone.py
K = 3


# $ srcgrad trace refused_values.py f --at "x="
# exit 1
# stderr
error: --at is not valid Python
hint: write it as in a call: --at "x=-2, y=5", an array as np.ones((2, 3)) or [[1, 2], [3, 4]]


# $ srcgrad trace refused_values.py f --at "x=1) + (2"
# exit 1
# stderr
error: --at is not the arguments of one call, written out
hint: write it as in a call: --at "x=-2, y=5", an array as np.ones((2, 3)) or [[1, 2], [3, 4]]


# $ srcgrad trace refused_values.py f --at "*[1, 2]"
# exit 1
# stderr
error: --at is not the arguments of one call, written out
hint: write it as in a call: --at "x=-2, y=5", an array as np.ones((2, 3)) or [[1, 2], [3, 4]]


# $ srcgrad trace refused_values.py f --at "1, 2, 3"
# exit 1
# stderr
error: --at has more values than f takes by position
hint: the parameters are x, y


# $ srcgrad trace refused_values.py h --at "1"
# exit 1
# stderr
error: --at has more values than h takes by position
hint: it has no parameters


# $ srcgrad trace refused_values.py f --at "1, z=3"
# exit 1
# stderr
error: --at: z is no other parameter of f
hint: the parameters are x, y


# $ srcgrad trace refused_values.py f --at "1, x=3"
# exit 1
# stderr
error: --at: x is no other parameter of f
hint: the parameters are x, y


# $ srcgrad trace refused_values.py f --at "y=3"
# exit 1
# stderr
error: --at says nothing of x
hint: write it as in a call: --at "x=-2, y=5", an array as np.ones((2, 3)) or [[1, 2], [3, 4]]


# $ srcgrad trace refused_values.py f --at "x=open('f')"
# exit 1
# stderr
error: --at: open('f'): name 'open' is not defined
hint: write it as in a call: --at "x=-2, y=5", an array as np.ones((2, 3)) or [[1, 2], [3, 4]]


# $ srcgrad trace refused_values.py f g --at "x=1"
# exit 1
# stderr
error: a view shows one function
hint: name one of f, g


# $ srcgrad trace refused_values.py --at "x=1"
# exit 1
# stderr
error: refused_values.py has several functions
hint: name one of f, g, h, looked_up, make, absent


# $ srcgrad trace alone.py --at "x=1"
# exit 1
# stderr
error: alone.py has no function at its top level
hint: define one


# $ srcgrad trace refused_values.py f --at "x=1j"
# exit 1
# stderr
error: x is a complex number, and srcgrad differentiates real ones
hint: pass its parts


# $ srcgrad trace refused_values.py f --at "x=np.ma.array([1.0])"
# exit 1
# stderr
error: x is a numpy.ma.MaskedArray, which may not work as an array does
hint: pass numpy.asarray of it


# $ srcgrad trace refused_values.py f --at "x=np.ones(2) * 1j"
# exit 1
# stderr
error: x is an array of complex numbers, and srcgrad differentiates real ones


# $ srcgrad trace refused_values.py f --at "x=np.array(['a'])"
# exit 1
# stderr
error: x is an array of <U1, which are no numbers
hint: pass an array of floats


# $ srcgrad trace refused_values.py looked_up --at "x=1"
# exit 1
# stderr
refused_values.py:24:1: error: looked_up reads the global TABLE, which is no constant that an emitted file could hold
    def looked_up(x: float):
    ^^^^^^^^^^^^^^^^^^^^^^^^
hint: define it once at the top level as a number or a list of numbers, or make it a parameter


# $ srcgrad trace refused_values.py absent --at "x=1"
# exit 1
# stderr
refused_values.py:35:1: error: the derived function of absent cannot be run: No module named 'nothing'
    def absent(x: float):
    ^^^^^^^^^^^^^^^^^^^^^
hint: install it, or run srcgrad where it is found


# $ srcgrad trace refused_values.py f --backward
# exit 2
# stderr
srcgrad trace: --backward shows values: give --at
