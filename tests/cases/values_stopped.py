"""A list with values stops at the first that is nan or infinite, forward or backward, and names the line."""

import numpy as np


def forward(x, y):
    with np.errstate(divide="ignore"):
        z = np.log(x)
    return np.sum(z * y)


def backward(x, y):
    root = np.sqrt(y - x)
    return np.sum(root * x)


def overflow(x: float, y: float):
    return x * 2 - x * y


def ratio(x, y):
    return x / y


def raises(x: float, y: float):
    return x * y + ratio(x, y)


def asks(x: float, y: float):
    if 1 / y > x:
        return x
    return y


def checked(x: float, y: float):
    assert x > y
    return x * y


def complete(x, y):
    """The gradient on x is not complete where that on y is infinite: neither is shown."""
    return x * y + np.sqrt(x) * np.sqrt(y)


# $ srcgrad trace values_stopped.py forward --at "x=[1.0, 0.0], y=3"
# exit 1
# output
forward(x, y)            value                     gradient
     x                   (2,) 0 .. 1, norm 1
     y                   3
  1  z = np.log(x)  log  (2,) -inf .. 0, norm inf
# stderr
values_stopped.py:8:13: error: z is -inf at [1]
            z = np.log(x)
                ^^^^^^^^^
hint: there x is (2,) 0 .. 1, norm 1


# $ srcgrad trace values_stopped.py forward --at "x=[1.0, 0.0], y=3" --backward
# exit 1
# output
forward_grad(x, y)  value
# stderr
values_stopped.py:8:13: error: z is -inf at [1]
            z = np.log(x)
                ^^^^^^^^^
hint: there x is (2,) 0 .. 1, norm 1


# $ srcgrad trace values_stopped.py backward --at "x=[1.0, 2.0], y=2"
# exit 1
# output
backward(x, y)                     value                    gradient
     x                             (2,) 1 .. 2, norm 2.236
     y                             2
  1  t1 = y - x          subtract  (2,) 0 .. 1, norm 1      (2,) 0.5 .. inf, norm inf
  2  root = np.sqrt(t1)  sqrt      (2,) 0 .. 1, norm 1      (2,) 1 .. 2, norm 2.236
  3  t2 = root * x       multiply  (2,) 0 .. 1, norm 1      (2,) 1 .. 1, norm 1.414
  4  out = np.sum(t2)    sum       1                        1
     return out
# stderr
values_stopped.py:13:5: error: the gradient on t1 is inf at [1]
        root = np.sqrt(y - x)
        ^^^^^^^^^^^^^^^^^^^^^
hint: there root is (2,) 0 .. 1, norm 1, the gradient on root is (2,) 1 .. 2, norm 2.236


# $ srcgrad trace values_stopped.py backward --at "x=[1.0, 2.0], y=2" --backward
# exit 1
# output
backward_grad(x, y)                                          value
     # backprop out = np.sum(root * x)
  1  droot = x                   multiply swaps              (2,) 1 .. 2, norm 2.236
  2  dx = root                   multiply swaps              (2,) 0 .. 1, norm 1
     # backprop root = np.sqrt(y - x)
  3  dt1 = (0.5 / root) * droot  the local gradient of sqrt  (2,) 0.5 .. inf, norm inf
# stderr
values_stopped.py:13:5: error: the gradient on t1 is inf at [1]
        root = np.sqrt(y - x)
        ^^^^^^^^^^^^^^^^^^^^^
hint: there root is (2,) 0 .. 1, norm 1, the gradient on root is (2,) 1 .. 2, norm 2.236


# $ srcgrad trace values_stopped.py overflow --at "x=1e308, y=1.0"
# exit 1
# output
overflow(x, y)              value  gradient
     x                     1e+308
     y                          1
  1  t1 = x * 2  multiply     inf
# stderr
values_stopped.py:18:12: error: t1 is inf
        return x * 2 - x * y
               ^^^^^
hint: there x is 1e+308


# $ srcgrad trace values_stopped.py overflow --at "x=1e308, y=np.nan"
# exit 1
# output
overflow(x, y)   value  gradient
     x          1e+308
     y             nan
# stderr
values_stopped.py:17:24: error: y is nan
    def overflow(x: float, y: float):
                           ^^^^^^^^
hint: give it finite numbers


# $ srcgrad trace values_stopped.py raises --at "x=1, y=0"
# exit 1
# stderr
values_stopped.py:22:12: error: this line cannot be run: ZeroDivisionError: division by zero
        return x / y
               ^^^^^
hint: there x is 1, y is 0


# $ srcgrad trace values_stopped.py asks --at "x=1, y=0"
# exit 1
# stderr
values_stopped.py:30:8: error: this line cannot be run: ZeroDivisionError: division by zero
        if 1 / y > x:
           ^^^^^^^^^
hint: there y is 0, x is 1


# $ srcgrad trace values_stopped.py checked --at "x=1, y=2"
# exit 1
# stderr
values_stopped.py:36:5: error: this line cannot be run: AssertionError
        assert x > y
        ^^^^^^^^^^^^
hint: there x is 1, y is 2


# $ srcgrad trace values_stopped.py complete --at "x=1.0, y=0.0"
# exit 1
# output
complete(x, y)                  value  gradient
     x                              1
     y                              0
  1  t1 = x * y       multiply      0         1
  2  t2 = np.sqrt(x)  sqrt          1         0
  3  t3 = np.sqrt(y)  sqrt          0         1
  4  t4 = t2 * t3     multiply      0         1
  5  out = t1 + t4    add           0         1
     return out
# stderr
values_stopped.py:42:5: error: the gradient on y is inf
        return x * y + np.sqrt(x) * np.sqrt(y)
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: there t3 is 0, the gradient on t3 is 1
