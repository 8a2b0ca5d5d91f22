"""Elementary functions of one or two numbers: exponentials, logarithms, trigonometry, roots, abs, max, min."""

from srcgrad.gate import elementwise, linear


@elementwise("math.exp(x)", "np.exp(x)")
def exp(y, x):
    dx = y * dy


@elementwise("math.exp2(x)", "np.exp2(x)")
def exp2(y, x):
    dx = (y * np.log(2)) * dy


@elementwise("math.expm1(x)", "np.expm1(x)")
def expm1(y, x):
    dx = np.exp(x) * dy


@elementwise("math.log(x)", "np.log(x)")
def log(y, x):
    dx = dy / x


@elementwise("math.log(x, b)")
def log_to_base(y, x, b):
    dx = dy / (x * math.log(b))
    db = (-y / (b * math.log(b))) * dy


@elementwise("math.log2(x)", "np.log2(x)")
def log2(y, x):
    dx = dy / (x * np.log(2))


@elementwise("math.log10(x)", "np.log10(x)")
def log10(y, x):
    dx = dy / (x * np.log(10))


@elementwise("math.log1p(x)", "np.log1p(x)")
def log1p(y, x):
    dx = dy / (1 + x)


@elementwise("math.sqrt(x)", "np.sqrt(x)", "x**0.5")
def sqrt(y, x):
    dx = (0.5 / y) * dy


@elementwise("math.cbrt(x)", "np.cbrt(x)")
def cbrt(y, x):
    dx = dy / (3 * y**2)


@elementwise("math.sin(x)", "np.sin(x)")
def sin(y, x):
    dx = np.cos(x) * dy


@elementwise("math.cos(x)", "np.cos(x)")
def cos(y, x):
    dx = -np.sin(x) * dy


@elementwise("math.tan(x)", "np.tan(x)")
def tan(y, x):
    dx = (1 + y**2) * dy


@elementwise("math.asin(x)", "np.arcsin(x)")
def arcsin(y, x):
    dx = dy / np.sqrt(1 - x**2)


@elementwise("math.acos(x)", "np.arccos(x)")
def arccos(y, x):
    dx = -dy / np.sqrt(1 - x**2)


@elementwise("math.atan(x)", "np.arctan(x)")
def arctan(y, x):
    dx = dy / (1 + x * x)


@elementwise("math.atan2(y, x)", "np.arctan2(y, x)")
def arctan2(a, y, x):
    dy = (x / (x * x + y * y)) * da
    dx = (-y / (x * x + y * y)) * da


@elementwise("math.sinh(x)", "np.sinh(x)")
def sinh(y, x):
    dx = np.cosh(x) * dy


@elementwise("math.cosh(x)", "np.cosh(x)")
def cosh(y, x):
    dx = np.sinh(x) * dy


@elementwise("math.tanh(x)", "np.tanh(x)")
def tanh(y, x):
    dx = (1 - y**2) * dy


@elementwise("math.asinh(x)", "np.arcsinh(x)")
def arcsinh(y, x):
    dx = dy / np.hypot(x, 1)


@elementwise("math.acosh(x)", "np.arccosh(x)")
def arccosh(y, x):
    dx = dy / np.sqrt(x**2 - 1)


@elementwise("math.atanh(x)", "np.arctanh(x)")
def arctanh(y, x):
    dx = dy / (1 - x**2)


@elementwise("math.hypot(x, y)", "np.hypot(x, y)")
def hypot(h, x, y):
    dx = (x / h) * dh
    dy = (y / h) * dh


@elementwise("math.erf(x)")
def erf(y, x):
    dx = (2 / math.sqrt(math.pi) * math.exp(-x * x)) * dy


@elementwise("math.erfc(x)")
def erfc(y, x):
    dx = (-2 / math.sqrt(math.pi) * math.exp(-x * x)) * dy


@linear("math.degrees(x)", "np.degrees(x)", "np.rad2deg(x)")
def degrees(y, x):
    dx = np.degrees(dy)


@linear("math.radians(x)", "np.radians(x)", "np.deg2rad(x)")
def radians(y, x):
    dx = np.radians(dy)


# abs'(0) = 0
@elementwise("abs(x)", "math.fabs(x)", "np.abs(x)", "np.absolute(x)", "np.fabs(x)")
def absolute(y, x):
    dx = dy * (x > 0) - dy * (x < 0)


# The gate routes: at a tie the first operand gets it all.
@elementwise("max(x, y)", "np.maximum(x, y)")
def maximum(z, x, y):
    dx = dz * (x >= y)
    dy = dz * (x < y)


@elementwise("min(x, y)", "np.minimum(x, y)")
def minimum(z, x, y):
    dx = dz * (x <= y)
    dy = dz * (x > y)
