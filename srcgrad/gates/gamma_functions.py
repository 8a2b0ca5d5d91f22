"""Derivatives of the gamma function, beta functions and the incomplete ones, of scipy.special.

Source: the NIST Digital Library of Mathematical Functions, 5 (gamma, beta), 8 (the incomplete ones).
"""

from srcgrad.gate import elementwise


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


@elementwise("special.rgamma(x)")
def reciprocal_gamma(y, x):
    dx = (-y * special.digamma(x)) * dy


# The order, and the shapes of what is incomplete, have no line: they are refused.
@elementwise("special.polygamma(n, x)")
def polygamma(y, n, x):
    dx = special.polygamma(n + 1, x) * dy


@elementwise("special.zeta(x, q)")
def hurwitz_zeta(y, x, q):
    dq = (-x * special.zeta(x + 1, q)) * dy


@elementwise("special.multigammaln(a, d)")
def log_gamma_of_a_matrix(y, a, d):
    da = np.sum(special.digamma(np.expand_dims(a, -1) - 0.5 * np.arange(d)), axis=-1) * dy


@elementwise("special.gammainc(a, x)")
def incomplete_gamma(y, a, x):
    dx = np.exp(special.xlogy(a - 1, x) - x - special.gammaln(a)) * dy


@elementwise("special.gammaincc(a, x)")
def complementary_incomplete_gamma(y, a, x):
    dx = -np.exp(special.xlogy(a - 1, x) - x - special.gammaln(a)) * dy


@elementwise("special.gammaincinv(a, p)")
def inverse_incomplete_gamma(x, a, p):
    dp = np.exp(x + special.gammaln(a) - special.xlogy(a - 1, x)) * dx


@elementwise("special.gammainccinv(a, p)")
def inverse_complementary_incomplete_gamma(x, a, p):
    dp = -np.exp(x + special.gammaln(a) - special.xlogy(a - 1, x)) * dx


@elementwise("special.betainc(a, b, x)")
def incomplete_beta(y, a, b, x):
    dx = np.exp(special.xlogy(a - 1, x) + special.xlog1py(b - 1, -x) - special.betaln(a, b)) * dy


@elementwise("special.betaincc(a, b, x)")
def complementary_incomplete_beta(y, a, b, x):
    dx = -np.exp(special.xlogy(a - 1, x) + special.xlog1py(b - 1, -x) - special.betaln(a, b)) * dy


@elementwise("special.betaincinv(a, b, p)")
def inverse_incomplete_beta(x, a, b, p):
    dp = np.exp(special.betaln(a, b) - special.xlogy(a - 1, x) - special.xlog1py(b - 1, -x)) * dx


@elementwise("special.betainccinv(a, b, p)")
def inverse_complementary_incomplete_beta(x, a, b, p):
    dp = -np.exp(special.betaln(a, b) - special.xlogy(a - 1, x) - special.xlog1py(b - 1, -x)) * dx


@elementwise("special.binom(n, k)", "special.comb(n, k)")
def binomial_coefficient(y, n, k):
    dn = (y * (special.digamma(n + 1) - special.digamma(n - k + 1))) * dy
    dk = (y * (special.digamma(n - k + 1) - special.digamma(k + 1))) * dy


@elementwise("special.poch(x, m)")
def rising_factorial(y, x, m):
    dx = (y * (special.digamma(x + m) - special.digamma(x))) * dy
    dm = (y * special.digamma(x + m)) * dy
