"""Elementary functions of a number: exponentials, logarithms, roots, trigonometry, erf, gamma, abs, its parts.

Source: the NIST Digital Library of Mathematical Functions, 4 (elementary functions), 5 (gamma), 7 (erf), 10 (Bessel).
"""

from srcgrad.gate import elementwise, linear


@elementwise(
    "math.exp(x)", "np.exp(x)", "math.e**x", "np.e**x", "pow(math.e, x)", "math.pow(math.e, x)", "np.power(np.e, x)",
)  # fmt: skip
def exp(y, x):
    dx = y * dy


@elementwise("math.exp2(x)", "np.exp2(x)", "special.exp2(x)")
def exp2(y, x):
    dx = (y * math.log(2)) * dy


@elementwise("math.expm1(x)", "np.expm1(x)", "special.expm1(x)")
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
    dx = dy / (x * math.log(2))


@elementwise("math.log10(x)", "np.log10(x)")
def log10(y, x):
    dx = dy / (x * math.log(10))


@elementwise("math.log1p(x)", "np.log1p(x)", "special.log1p(x)")
def log1p(y, x):
    dx = dy / (1 + x)


# Kink: at 0 the slope is infinite: it raises (inf with numpy).
@elementwise("math.sqrt(x)", "np.sqrt(x)", "x**0.5")
def sqrt(y, x):
    dx = (0.5 / y) * dy


# Kink: at 0 the slope is infinite: it raises (inf with numpy).
@elementwise("math.cbrt(x)", "np.cbrt(x)", "special.cbrt(x)")
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


# Kink: at 1 and -1 the slope is infinite: it raises (inf with numpy).
@elementwise("math.asin(x)", "np.arcsin(x)", "np.asin(x)")
def arcsin(y, x):
    dx = dy / np.sqrt(1 - x**2)


# Kink: at 1 and -1 the slope is infinite: it raises (inf with numpy).
@elementwise("math.acos(x)", "np.arccos(x)", "np.acos(x)")
def arccos(y, x):
    dx = -dy / np.sqrt(1 - x**2)


@elementwise("math.atan(x)", "np.arctan(x)", "np.atan(x)")
def arctan(y, x):
    dx = dy / (1 + x * x)


# Not x / (x * x + y * y): the squares of large numbers overflow, those of small ones vanish. Kink: at the origin an
# angle has no gradient: 0 / 0 raises (nan with numpy).
@elementwise("math.atan2(y, x)", "np.arctan2(y, x)", "np.atan2(y, x)")
def arctan2(a, y, x):
    dy = (x / np.hypot(x, y) / np.hypot(x, y)) * da
    dx = (-y / np.hypot(x, y) / np.hypot(x, y)) * da


@elementwise("math.sinh(x)", "np.sinh(x)")
def sinh(y, x):
    dx = np.cosh(x) * dy


@elementwise("math.cosh(x)", "np.cosh(x)")
def cosh(y, x):
    dx = np.sinh(x) * dy


@elementwise("math.tanh(x)", "np.tanh(x)")
def tanh(y, x):
    dx = (1 - y**2) * dy


@elementwise("math.asinh(x)", "np.arcsinh(x)", "np.asinh(x)")
def arcsinh(y, x):
    dx = dy / np.hypot(x, 1)


# Kink: at 1 the slope is infinite: it raises (inf with numpy).
@elementwise("math.acosh(x)", "np.arccosh(x)", "np.acosh(x)")
def arccosh(y, x):
    dx = dy / (np.sqrt(x - 1) * np.sqrt(x + 1))


@elementwise("math.atanh(x)", "np.arctanh(x)", "np.atanh(x)")
def arctanh(y, x):
    dx = dy / (1 - x**2)


@elementwise("math.erf(x)", "special.erf(x)")
def erf(y, x):
    dx = (2 / math.sqrt(math.pi) * np.exp(-x * x)) * dy


@elementwise("math.erfc(x)", "special.erfc(x)")
def erfc(y, x):
    dx = (-2 / math.sqrt(math.pi) * np.exp(-x * x)) * dy


@elementwise("math.gamma(x)", "special.gamma(x)")
def gamma(y, x):
    dx = (y * special.digamma(x)) * dy


@elementwise("math.lgamma(x)", "special.gammaln(x)", "special.loggamma(x)")
def log_gamma(y, x):
    dx = special.digamma(x) * dy


@linear("math.degrees(x)", "np.degrees(x)", "np.rad2deg(x)", shape="broadcast(x)")
def degrees(y, x):
    dx = np.degrees(dy)


@linear("math.radians(x)", "np.radians(x)", "np.deg2rad(x)", shape="broadcast(x)")
def radians(y, x):
    dx = np.radians(dy)


# Kink: abs'(0) = 0.
@elementwise("abs(x)", "math.fabs(x)", "np.abs(x)", "np.absolute(x)", "np.fabs(x)", "math.hypot(x)")
def absolute(y, x):
    dx = dy * (x > 0) - dy * (x < 0)


# The sign of y carries no gradient. Kink: abs'(0) = 0 here too.
@elementwise("math.copysign(x, y)", "np.copysign(x, y)")
def copysign(z, x, y):
    dx = dz * (x == z) - dz * (x == -z)
    dy = 0 * dz


# Near 0 the difference cancels (and is 0 / 0 there): the series.
@elementwise("np.sinc(x)", "special.sinc(x)")
def sinc(y, x):
    u = np.pi * x
    dx = ((np.cos(u) - y) / x if abs(x) > 1e-2 else np.pi * u * (u * u / 30 * (1 - u * u / 28) - 1 / 3)) * dy


@elementwise("np.i0(x)", "special.i0(x)")
def bessel_i0(y, x):
    dx = special.i1(x) * dy


# Of real numbers both move in steps; what is read of a complex number is not differentiated in passing.
@elementwise("np.imag(x)", "x.imag", "np.angle(x)")
def angle(y, x):
    dx = 0 * dy


# Kink: a step at x = 0, where the value is h, which gets it all.
@elementwise("np.heaviside(x, h)")
def heaviside(y, x, h):
    dx = 0 * dy
    dh = dy * (x == 0)


# What replaces a nan or an infinity is fixed.
@elementwise("np.nan_to_num(x)", "np.nan_to_num(x, nan=n)")
def nan_to_number(y, x, n=0.0):
    dx = dy * (abs(x) < np.inf)


@elementwise("math.ldexp(x, i)", "np.ldexp(x, i)")
def ldexp(y, x, i):
    dx = np.ldexp(dy, i)
    di = 0 * dy


@elementwise("math.frexp(x)", "np.frexp(x)")
def frexp(y, x):
    m, e = y
    dx = np.ldexp(dm, -e)


# Kink: at whole numbers the slope is that of the side away from 0.
@elementwise("math.modf(x)", "np.modf(x)")
def modf(y, x):
    fraction, whole = y
    dx = dfraction
