"""Functions of scipy.special, item by item: sigmoids, entropies, erf and its relatives, gamma, Bessel.

Source: the NIST Digital Library of Mathematical Functions, 5 (gamma), 7 (erf), 10 (Bessel).
"""

from srcgrad.gate import elementwise


@elementwise("special.expit(x)")
def expit(f, x):
    dx = ((1 - f) * f) * df


@elementwise("special.logit(x)")
def logit_function(y, x):
    dx = dy / (x * (1 - x))


# From the output, so that no exponential overflows.
@elementwise("special.log_expit(x)")
def log_expit(y, x):
    dx = -np.expm1(y) * dy


@elementwise("special.erf(x)")
def error_function(y, x):
    dx = (2 / math.sqrt(math.pi) * np.exp(-x * x)) * dy


@elementwise("special.erfc(x)")
def complementary_error_function(y, x):
    dx = (-2 / math.sqrt(math.pi) * np.exp(-x * x)) * dy


@elementwise("special.erfinv(x)")
def inverse_error_function(y, x):
    dx = (0.5 * math.sqrt(math.pi) * np.exp(y * y)) * dy


@elementwise("special.erfcinv(x)")
def inverse_complementary_error_function(y, x):
    dx = (-0.5 * math.sqrt(math.pi) * np.exp(y * y)) * dy


@elementwise("special.ndtr(x)")
def normal_distribution(y, x):
    dx = (np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)) * dy


# Far to the left both the density and its integral vanish: their quotient by logarithms.
@elementwise("special.log_ndtr(x)")
def log_normal_distribution(y, x):
    dx = (np.exp(-0.5 * x * x - y) / math.sqrt(2 * math.pi)) * dy


@elementwise("special.ndtri(x)")
def normal_quantile(y, x):
    dx = (math.sqrt(2 * math.pi) * np.exp(0.5 * y * y)) * dy


@elementwise("special.exp2(x)")
def exp2_of_scipy(y, x):
    dx = (y * math.log(2)) * dy


@elementwise("special.expm1(x)")
def expm1_of_scipy(y, x):
    dx = np.exp(x) * dy


@elementwise("special.log1p(x)")
def log1p_of_scipy(y, x):
    dx = dy / (1 + x)


@elementwise("special.cbrt(x)")
def cbrt_of_scipy(y, x):
    dx = dy / (3 * y**2)


# 0 * log(0) is 0; of a y of 0 the logarithm is infinite.
@elementwise("special.xlogy(x, y)")
def xlogy(z, x, y):
    dx = np.log(y) * dz
    dy = (x / y) * dz


@elementwise("special.xlog1py(x, y)")
def xlog1py(z, x, y):
    dx = np.log1p(y) * dz
    dy = (x / (1 + y)) * dz


@elementwise("special.entr(x)")
def entropy(y, x):
    dx = (-np.log(x) - 1) * dy


@elementwise("special.rel_entr(x, y)")
def relative_entropy(z, x, y):
    dx = (np.log(x / y) + 1) * dz
    dy = -(x / y) * dz


@elementwise("special.kl_div(x, y)")
def divergence(z, x, y):
    dx = np.log(x / y) * dz
    dy = (1 - x / y) * dz


@elementwise("special.sinc(x)")
def sinc_of_scipy(y, x):
    dx = ((np.cos(np.pi * x) - y) / x if abs(x) > 1e-4 else -np.pi * np.pi / 3 * x) * dy


@elementwise("special.huber(d, r)")
def huber_of_scipy(f, d, r):
    dd = np.maximum(np.abs(r) - d, 0) * df
    dr = np.minimum(np.abs(r), d) * np.sign(r) * df


@elementwise("special.pseudo_huber(d, r)")
def pseudo_huber(f, d, r):
    root = np.sqrt(1 + (r / d) ** 2)
    dd = (2 * d * (root - 1) - r * r / d / root) * df
    dr = (r / root) * df


@elementwise("special.softplus(x)")
def softplus_of_scipy(s, x):
    dx = -np.expm1(-s) * ds


@elementwise("special.exp10(x)")
def exp10(y, x):
    dx = (y * math.log(10)) * dy


@elementwise("special.cosm1(x)")
def cosm1(y, x):
    dx = -np.sin(x) * dy


# Near 0 by its series, where the difference would be lost.
@elementwise("special.exprel(x)")
def exprel(y, x):
    dx = ((np.exp(x) - y) / x if abs(x) > 1e-5 else 0.5 + x / 3) * dy


@elementwise("special.boxcox(x, p)")
def box_cox(y, x, p):
    dx = x ** (p - 1) * dy
    dp = ((x**p * np.log(x) - y) / p if abs(p) > 1e-5 else np.log(x) ** 2 / 2 + p * np.log(x) ** 3 / 3) * dy


@elementwise("special.boxcox1p(x, p)")
def box_cox_1p(y, x, p):
    dx = (1 + x) ** (p - 1) * dy
    dp = (
        ((1 + x) ** p * np.log1p(x) - y) / p if abs(p) > 1e-5 else np.log1p(x) ** 2 / 2 + p * np.log1p(x) ** 3 / 3
    ) * dy


@elementwise("special.inv_boxcox(y, p)")
def inverse_box_cox(x, y, p):
    dy = x ** (1 - p) * dx


@elementwise("special.erfi(x)")
def imaginary_error_function(y, x):
    dx = (2 / math.sqrt(math.pi) * np.exp(x * x)) * dy


@elementwise("special.erfcx(x)")
def scaled_error_function(y, x):
    dx = (2 * x * y - 2 / math.sqrt(math.pi)) * dy


@elementwise("special.dawsn(x)")
def dawson(y, x):
    dx = (1 - 2 * x * y) * dy


@elementwise("special.expi(x)")
def exponential_integral(y, x):
    dx = (np.exp(x) / x) * dy


@elementwise("special.exp1(x)")
def exponential_integral_of_one(y, x):
    dx = (-np.exp(-x) / x) * dy


@elementwise("special.expn(n, x)")
def exponential_integral_of_order(y, n, x):
    dx = -special.expn(n - 1, x) * dy


@elementwise("special.sici(x)")
def sine_and_cosine_integral(y, x):
    si, ci = y
    dx = np.sinc(x / np.pi) * dsi + np.cos(x) / x * dci


@elementwise("special.shichi(x)")
def hyperbolic_integrals(y, x):
    shi, chi = y
    dx = np.sinh(x) / x * dshi + np.cosh(x) / x * dchi


@elementwise("special.fresnel(x)")
def fresnel(y, x):
    s, c = y
    dx = np.sin(0.5 * np.pi * x * x) * ds + np.cos(0.5 * np.pi * x * x) * dc


@elementwise("special.spence(x)")
def spence(y, x):
    dx = (np.log(x) / (1 - x) if x != 1 else -1) * dy


# Near 0 by its series.
@elementwise("special.ellipk(m)")
def elliptic_integral(k, m):
    dm = (
        (special.ellipe(m) - (1 - m) * k) / (2 * m * (1 - m)) if abs(m) > 1e-5 else np.pi / 8 + 9 * np.pi / 64 * m
    ) * dk


@elementwise("special.ellipe(m)")
def elliptic_integral_of_second_kind(e, m):
    dm = ((e - special.ellipk(m)) / (2 * m) if abs(m) > 1e-5 else -np.pi / 8 - 3 * np.pi / 64 * m) * de


@elementwise("special.hyp2f1(a, b, c, x)")
def hypergeometric(y, a, b, c, x):
    dx = (a * b / c * special.hyp2f1(a + 1, b + 1, c + 1, x)) * dy


@elementwise("special.hyp1f1(a, b, x)")
def confluent_hypergeometric(y, a, b, x):
    dx = (a / b * special.hyp1f1(a + 1, b + 1, x)) * dy


@elementwise("special.hyp0f1(b, x)")
def hypergeometric_limit(y, b, x):
    dx = (special.hyp0f1(b + 1, x) / b) * dy
