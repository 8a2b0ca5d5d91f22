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


@elementwise("special.gamma(x)")
def gamma_of_scipy(y, x):
    dx = (y * special.digamma(x)) * dy


@elementwise("special.gammaln(x)", "special.loggamma(x)")
def log_gamma_of_scipy(y, x):
    dx = special.digamma(x) * dy


@elementwise("special.digamma(x)", "special.psi(x)")
def digamma(y, x):
    dx = special.zeta(2, x) * dy


@elementwise("special.beta(x, y)")
def beta(z, x, y):
    dx = z * (special.digamma(x) - special.digamma(x + y)) * dz
    dy = z * (special.digamma(y) - special.digamma(x + y)) * dz


@elementwise("special.betaln(x, y)")
def log_beta(z, x, y):
    dx = (special.digamma(x) - special.digamma(x + y)) * dz
    dy = (special.digamma(y) - special.digamma(x + y)) * dz


@elementwise("special.i0(x)")
def i0(y, x):
    dx = special.i1(x) * dy


@elementwise("special.i0e(x)")
def scaled_i0(y, x):
    dx = (special.i1e(x) - np.sign(x) * y) * dy


@elementwise("special.j0(x)")
def j0(y, x):
    dx = -special.j1(x) * dy


@elementwise("special.sinc(x)")
def sinc_of_scipy(y, x):
    dx = ((np.cos(np.pi * x) - y) / x if abs(x) > 1e-4 else -np.pi * np.pi / 3 * x) * dy


@elementwise("special.huber(d, r)")
def huber_of_scipy(f, d, r):
    dd = np.maximum(np.abs(r) - d, 0) * df
    dr = np.minimum(np.abs(r), d) * np.sign(r) * df
