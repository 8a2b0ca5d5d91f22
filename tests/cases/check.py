"""The numeric check: tables of derivatives, by files."""

import math

import numpy as np

import srcgrad

raise SystemExit("nothing of this file runs but what is derived")


def circuit(x, y, z):
    q = x + y
    return q * z


def neuron(w: list[float], x: list[float]):
    dot = w[0] * x[0] + w[1] * x[1] + w[2]
    return 1.0 / (1 + math.exp(-dot))


def bends(x: float, y: float):
    return abs(x) * max(y, 2.0)


def affine(x, w, b):
    """
    Affine layer with a rectifier.

    Inputs:
    - x: Input data, of shape (N, D)
    - w: Weights, of shape (D, M)
    - b: Biases, of shape (M,)
    """
    return np.maximum(x.dot(w) + b, 0)


def rooted(x: float, scale: float = 2.0):
    assert x > 0, "no root"
    return math.sqrt(x) * scale


def cubed(x):
    return x * x * x


@srcgrad.elementwise("cubed(x)")
def wrong_gate(y, x):
    dx = 2 * x**2 * dy


def with_a_wrong_rule(x: float, y: float):
    return cubed(x) * y


# $ srcgrad check check.py circuit --at "x=-2, y=5, z=-4"
# output
circuit  derived  central difference  complex step  relative error  verdict
x             -4                  -4            -4          <1e-08  ok
y             -4                  -4            -4          <1e-08  ok
z              3                   3             3          <1e-08  ok
jvp and vjp: <dout, J v> = -0.216076, <J^T dout, v> = -0.216076, <1e-08, ok


# $ srcgrad check check.py circuit --at "-2, 5, -4" --wrt z
# output
circuit  derived  central difference  complex step  relative error  verdict
z              3                   3             3          <1e-08  ok
jvp and vjp: <dout, J v> = -0.0498287, <J^T dout, v> = -0.0498287, <1e-08, ok


# $ srcgrad check check.py neuron --at "w=[2, -3, -3], x=[-1, -2]"
# output
neuron    derived  central difference  complex step  relative error  verdict
w[0]    -0.196612           -0.196612     -0.196612          <1e-08  ok
w[1]    -0.393224           -0.393224     -0.393224          <1e-08  ok
w[2]     0.196612            0.196612      0.196612          <1e-08  ok
x[0]     0.393224            0.393224      0.393224          <1e-08  ok
x[1]    -0.589836           -0.589836     -0.589836          <1e-08  ok
jvp and vjp: <dout, J v> = -0.0791033, <J^T dout, v> = -0.0791033, <1e-08, ok


# $ srcgrad check check.py bends --at "x=0, y=2"
# output
bends  derived  central difference  complex step  relative error  verdict
x            0                   0                                kink (-2, 2)
y            0                   0                        <1e-08  ok
jvp and vjp: <dout, J v> = 0, <J^T dout, v> = 0, <1e-08, ok


# $ srcgrad check check.py affine --at "x=[[1, -2], [3, 0.5], [-1, 4]], w=[[1, 2, -1], [0, -1, 3]], b=[0.5, 0.25, -1]"
# output
affine            derived  central difference  complex step  relative error  verdict
x, direction 1    1.28391             1.28391       1.28391          <1e-08  ok
x, direction 2     1.5607              1.5607        1.5607          <1e-08  ok
x[0, 0]          -0.13848            -0.13848      -0.13848          <1e-08  ok
x[0, 1]          0.132105            0.132105      0.132105          <1e-08  ok
x[1, 0]         -0.966439           -0.966439     -0.966439          <1e-08  ok
w, direction 1    3.91882             3.91882       3.91882          <1e-08  ok
w, direction 2    1.19493             1.19493       1.19493          <1e-08  ok
w[0, 0]          0.440431            0.440431      0.440431          <1e-08  ok
w[0, 1]          -1.73911            -1.73911      -1.73911          <1e-08  ok
w[0, 2]          0.703735            0.703735      0.703735          <1e-08  ok
b, direction 1  -0.268697           -0.268697     -0.268697          <1e-08  ok
b, direction 2  -0.615951           -0.615951     -0.615951          <1e-08  ok
b[0]              0.23063             0.23063       0.23063          <1e-08  ok
b[1]            -0.667774           -0.667774     -0.667774          <1e-08  ok
b[2]            -0.703735           -0.703735     -0.703735          <1e-08  ok
x: the worst of 6 entries are shown
w: the worst of 6 entries are shown
jvp and vjp: <dout, J v> = -4.52521, <J^T dout, v> = -4.52521, <1e-08, ok


# $ srcgrad check check.py with_a_wrong_rule --at "x=2, y=3"
# exit 1
# output
with_a_wrong_rule  derived  central difference  complex step  relative error  verdict
x                       24                  36            36           3e-01  wrong
y                        8                   8             8          <1e-08  ok
jvp and vjp: <dout, J v> = 0.245534, <J^T dout, v> = 0.245534, <1e-08, ok


# $ srcgrad check check.py rooted --at "x=-1"
# exit 1
# stderr
check.py:39:5: error: this line cannot be run: AssertionError: no root
        assert x > 0, "no root"
        ^^^^^^^^^^^^^^^^^^^^^^^
hint: there x is -1


# $ srcgrad check check.py rooted --at "x=4" --wrt x,scale
# exit 1
# stderr
error: scale is differentiated, and has no value here
hint: give its value, not its default


# $ srcgrad check check.py rooted
# exit 2
# stderr
srcgrad check: give the values, as in --at "x=-2, y=5"


# $ srcgrad check check.py --at "x=1"
# exit 1
# stderr
error: check.py has several functions
hint: name one of circuit, neuron, bends, affine, rooted, cubed, with_a_wrong_rule


# $ srcgrad check check.py circuit neuron --at "x=1"
# exit 1
# stderr
error: a view shows one function
hint: name one of circuit, neuron


# $ srcgrad check check.py circuit --at "x=1j, y=2, z=3"
# exit 1
# stderr
error: x is a complex number, and srcgrad differentiates real ones
hint: pass its parts


# $ srcgrad check check.py affine --at "x=np.array([[1j]]), w=[[2]], b=[3]"
# exit 1
# stderr
error: x is an array of complex numbers, and srcgrad differentiates real ones


# $ srcgrad check check.py affine --at "x=np.array([['one']]), w=[[2]], b=[3]"
# exit 1
# stderr
error: x is an array of <U3, which are no numbers
hint: pass an array of floats


# $ srcgrad check check.py affine --at "x=np.ma.array([[1.0]]), w=[[2]], b=[3]"
# exit 1
# stderr
error: x is a numpy.ma.MaskedArray, which may not work as an array does
hint: pass numpy.asarray of it
