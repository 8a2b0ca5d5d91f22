"""Operators: + - * / ** % //, unary minus, their usual special cases, and the functions that say the same.

Source: the cs231n notes on backpropagation: add distributes, multiply swaps.
"""

from srcgrad.gate import elementwise, linear, stop


@linear("x + y", "np.add(x, y)", shape="broadcast(x, y)")
def add(z, x, y):
    dx = dz
    dy = dz


@linear("x - y", "np.subtract(x, y)", shape="broadcast(x, y)")
def subtract(z, x, y):
    dx = dz
    dy = -dz


@linear("-x", "np.negative(x)", shape="broadcast(x)")
def negative(y, x):
    dx = -dy


@linear(
    "+x", "float(x)", "np.positive(x)", "np.conjugate(x)", "np.conj(x)", "x.conjugate()", "x.conj()",
    shape="broadcast(x)",
)  # fmt: skip
def positive(y, x):
    dx = dy


@elementwise("x * y", "np.multiply(x, y)")
def multiply(z, x, y):
    dx = y * dz
    dy = x * dz


@elementwise("math.fma(x, y, w)")
def multiply_add(z, x, y, w):
    dx = y * dz
    dy = x * dz
    dw = dz


# Not -x / y**2: the square of a large divisor overflows, that of a small one vanishes. Of arrays the quotient is at
# hand.
@elementwise("x / y", "np.divide(x, y)", "np.true_divide(x, y)")
def divide(z, x, y):
    dx = dz / y
    if large(z):
        dy = (-z / y) * dz
    else:
        dy = (-x / y / y) * dz


# As the notes write it. The one line of the book that gives up before its operation does: the square of a float beyond
# 1.3e154 raises.
@elementwise("1 / x")
def reciprocal(y, x):
    dx = (-1.0 / x**2) * dy


@elementwise("np.reciprocal(x)")
def reciprocal_function(y, x):
    dx = -(y**2) * dy


# Kink: x**0 is 1 and 0**y is 0, whatever the formula's own factors do there. Of a negative x only single powers are
# real numbers, so that there is no derivative by y: math.log raises (nan with numpy).
@elementwise("x**y", "pow(x, y)", "math.pow(x, y)", "np.power(x, y)", "np.pow(x, y)", "np.float_power(x, y)")
def power(z, x, y):
    dx = (y * x ** (y - 1) if y != 0 else 0.0) * dz
    dy = (z * np.log(x) if x != 0 else 0.0) * dz


@elementwise("x**n", "pow(x, n)", "math.pow(x, n)", "np.power(x, n)", "np.pow(x, n)", "np.float_power(x, n)")
def power_by_number(y, x, n=1):
    dx = (n * x ** (n - 1)) * dy


# math.log, here and in exp2, is a float: np.log(2) would make a float32 a float64. Kink: of a negative base there is no
# derivative: math.log raises (nan with numpy).
@elementwise("n**x", "pow(n, x)", "math.pow(n, x)", "np.power(n, x)", "np.pow(n, x)", "np.float_power(n, x)")
def number_to_the(y, x, n=1):
    dx = (y * math.log(n)) * dy


# No logarithm of 0. Kink: 0**x is 0 for every x that has a derivative.
@elementwise("0**x", "pow(0, x)", "math.pow(0, x)", "np.power(0, x)", "np.pow(0, x)", "np.float_power(0, x)")
def zero_to_the(y, x):
    dx = 0 * dy


@elementwise("x * x", "x**2", "np.square(x)")
def square(y, x):
    dx = (2 * x) * dy


# Kink: at its jumps a remainder has the slope of the side that its value is on, and the quotient has none.
@elementwise("x % y", "np.mod(x, y)", "np.remainder(x, y)")
def modulo(z, x, y):
    dx = dz
    dy = -(x // y) * dz


# The whole quotient by the value: one that is computed anew may be rounded to the next. Kink: as modulo.
@elementwise("math.fmod(x, y)", "np.fmod(x, y)", "math.remainder(x, y)")
def remainder(z, x, y):
    dx = dz
    dy = ((z - x) / y) * dz


# Kink: as of the two alone.
@elementwise("divmod(x, y)", "np.divmod(x, y)")
def quotient_and_remainder(z, x, y):
    q, r = z
    dx = dr
    dy = -(x // y) * dr


quotient = stop("quotient", "x // y", "np.floor_divide(x, y)")
