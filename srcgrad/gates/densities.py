"""Densities of scipy.stats and their logarithms, in all parameters.

Of a spelling `stats.gamma.logpdf(x, a, loc=0, scale=1)` each argument is given by its place or by its name, and one
with a number may be left out. `dl` is the gradient of the logarithm. Outside of the support a density is zero, and so
are its gradients, since each slope is finite there: a logarithm is that of an absolute value. The slopes of a logarithm
of a density, which is -inf there, go on.

Source: the logarithm of the density that scipy.stats documents, differentiated.
"""

from srcgrad.gate import elementwise


def density(signature: str) -> tuple[str, str]:
    """The spellings of a density and of its logarithm: those of `gamma(x, a, loc=0, scale=1)`."""
    family, _, arguments = signature.partition("(")
    return f"stats.{family}.logpdf({arguments}", f"stats.{family}.pdf({arguments}"


# Half of it is the whole times two.
@elementwise(*density("norm(x, loc=0, scale=1)"), *density("halfnorm(x, loc=0, scale=1)"))
def normal_density(y, x, loc, scale):
    dl = dy if family.logarithmic else y * dy
    dx = ((loc - x) / scale / scale) * dl
    dloc = ((x - loc) / scale / scale) * dl
    dscale = ((((x - loc) / scale) ** 2 - 1) / scale) * dl


@elementwise(*density("lognorm(x, s, loc=0, scale=1)"))
def lognormal_density(y, x, s, loc, scale):
    dl = dy if family.logarithmic else y * dy
    z = np.log(np.abs(x - loc) / scale) / s
    dx = (-(1 + z / s) / (x - loc)) * dl
    ds = ((z * z - 1) / s) * dl
    dloc = ((1 + z / s) / (x - loc)) * dl
    dscale = (z / s / scale) * dl


@elementwise(*density("t(x, df, loc=0, scale=1)"))
def student_density(y, x, df, loc, scale):
    dl = dy if family.logarithmic else y * dy
    z = (x - loc) / scale
    dx = (-(df + 1) * z / (df + z * z) / scale) * dl
    ddf = (
        0.5
        * (
            special.digamma(0.5 * (df + 1))
            - special.digamma(0.5 * df)
            + (z * z - 1) / (df + z * z)
            - np.log1p(z * z / df)
        )
    ) * dl
    dloc = ((df + 1) * z / (df + z * z) / scale) * dl
    dscale = (df * (z * z - 1) / (df + z * z) / scale) * dl


@elementwise(*density("f(x, dfn, dfd, loc=0, scale=1)"))
def f_density(y, x, dfn, dfd, loc, scale):
    dl = dy if family.logarithmic else y * dy
    z = (x - loc) / scale
    total = dfd + dfn * z
    dx = ((0.5 * dfn - 1) / z - 0.5 * (dfn + dfd) * dfn / total) / scale * dl
    both = special.digamma(0.5 * (dfn + dfd))
    ddfn = 0.5 * (np.log(np.abs(dfn * z / total)) + dfd * (1 - z) / total - special.digamma(0.5 * dfn) + both) * dl
    ddfd = 0.5 * (np.log(np.abs(dfd / total)) + dfn * (z - 1) / total - special.digamma(0.5 * dfd) + both) * dl
    dloc = (0.5 * (dfn + dfd) * dfn / total - (0.5 * dfn - 1) / z) / scale * dl
    dscale = 0.5 * dfn * dfd * (z - 1) / total / scale * dl


@elementwise(*density("gamma(x, a, loc=0, scale=1)"))
def gamma_density(y, x, a, loc, scale):
    dl = dy if family.logarithmic else y * dy
    dx = ((a - 1) / (x - loc) - 1 / scale) * dl
    da = (np.log(np.abs(x - loc) / scale) - special.digamma(a)) * dl
    dloc = (1 / scale - (a - 1) / (x - loc)) * dl
    dscale = (((x - loc) / scale - a) / scale) * dl


@elementwise(*density("invgamma(x, a, loc=0, scale=1)"))
def inverse_gamma_density(y, x, a, loc, scale):
    dl = dy if family.logarithmic else y * dy
    z = (x - loc) / scale
    dx = ((1 / z - a - 1) / (x - loc)) * dl
    da = (-np.log(np.abs(z)) - special.digamma(a)) * dl
    dloc = ((a + 1 - 1 / z) / (x - loc)) * dl
    dscale = ((a - 1 / z) / scale) * dl


@elementwise(*density("chi2(x, df, loc=0, scale=1)"))
def chi_squared_density(y, x, df, loc, scale):
    dl = dy if family.logarithmic else y * dy
    dx = ((0.5 * df - 1) / (x - loc) - 0.5 / scale) * dl
    ddf = (0.5 * (np.log(0.5 * np.abs(x - loc) / scale) - special.digamma(0.5 * df))) * dl
    dloc = (0.5 / scale - (0.5 * df - 1) / (x - loc)) * dl
    dscale = (0.5 * ((x - loc) / scale - df) / scale) * dl


@elementwise(*density("beta(x, a, b, loc=0, scale=1)"))
def beta_density(y, x, a, b, loc, scale):
    dl = dy if family.logarithmic else y * dy
    z = (x - loc) / scale
    dx = (((a - 1) / z - (b - 1) / (1 - z)) / scale) * dl
    da = (np.log(np.abs(z)) - special.digamma(a) + special.digamma(a + b)) * dl
    db = (np.log(np.abs(1 - z)) - special.digamma(b) + special.digamma(a + b)) * dl
    dloc = (((b - 1) / (1 - z) - (a - 1) / z) / scale) * dl
    dscale = (((b - 1) * z / (1 - z) - a) / scale) * dl


@elementwise(*density("expon(x, loc=0, scale=1)"))
def exponential_density(y, x, loc, scale):
    dl = dy if family.logarithmic else y * dy
    dx = -dl / scale
    dloc = dl / scale
    dscale = (((x - loc) / scale - 1) / scale) * dl


@elementwise(*density("weibull_min(x, c, loc=0, scale=1)"))
def weibull_density(y, x, c, loc, scale):
    dl = dy if family.logarithmic else y * dy
    z = np.abs(x - loc) / scale
    dx = ((c - 1 - c * z**c) / (x - loc)) * dl
    dc = (1 / c + (1 - z**c) * np.log(z)) * dl
    dloc = ((1 - c + c * z**c) / (x - loc)) * dl
    dscale = (c * (z**c - 1) / scale) * dl


@elementwise(*density("rayleigh(x, loc=0, scale=1)"))
def rayleigh_density(y, x, loc, scale):
    dl = dy if family.logarithmic else y * dy
    dx = (1 / (x - loc) - (x - loc) / scale / scale) * dl
    dloc = ((x - loc) / scale / scale - 1 / (x - loc)) * dl
    dscale = ((((x - loc) / scale) ** 2 - 2) / scale) * dl


@elementwise(*density("pareto(x, b, loc=0, scale=1)"))
def pareto_density(y, x, b, loc, scale):
    dl = dy if family.logarithmic else y * dy
    dx = (-(b + 1) / (x - loc)) * dl
    db = (1 / b - np.log(np.abs(x - loc) / scale)) * dl
    dloc = ((b + 1) / (x - loc)) * dl
    dscale = (b / scale) * dl


# Kink: at the peak the slope is 0.
@elementwise(*density("laplace(x, loc=0, scale=1)"))
def laplace_density(y, x, loc, scale):
    dl = dy if family.logarithmic else y * dy
    dx = (np.sign(loc - x) / scale) * dl
    dloc = (np.sign(x - loc) / scale) * dl
    dscale = ((np.abs(x - loc) / scale - 1) / scale) * dl


@elementwise(*density("logistic(x, loc=0, scale=1)"))
def logistic_density(y, x, loc, scale):
    dl = dy if family.logarithmic else y * dy
    tanh = np.tanh(0.5 * (x - loc) / scale)
    dx = (-tanh / scale) * dl
    dloc = (tanh / scale) * dl
    dscale = (((x - loc) / scale * tanh - 1) / scale) * dl


@elementwise(*density("gumbel_r(x, loc=0, scale=1)"))
def gumbel_density(y, x, loc, scale):
    dl = dy if family.logarithmic else y * dy
    slope = np.expm1((loc - x) / scale)
    dx = (slope / scale) * dl
    dloc = (-slope / scale) * dl
    dscale = (((loc - x) / scale * slope - 1) / scale) * dl


@elementwise(*density("gumbel_l(x, loc=0, scale=1)"))
def mirrored_gumbel_density(y, x, loc, scale):
    dl = dy if family.logarithmic else y * dy
    slope = np.expm1((x - loc) / scale)
    dx = (-slope / scale) * dl
    dloc = (slope / scale) * dl
    dscale = (((x - loc) / scale * slope - 1) / scale) * dl


@elementwise(*density("cauchy(x, loc=0, scale=1)"), *density("halfcauchy(x, loc=0, scale=1)"))
def cauchy_density(y, x, loc, scale):
    dl = dy if family.logarithmic else y * dy
    z = (x - loc) / scale
    dx = (-2 * z / (1 + z * z) / scale) * dl
    dloc = (2 * z / (1 + z * z) / scale) * dl
    dscale = ((z * z - 1) / (1 + z * z) / scale) * dl


@elementwise(*density("uniform(x, loc=0, scale=1)"))
def uniform_density(y, x, loc, scale):
    dl = dy if family.logarithmic else y * dy
    dx = 0 * dl
    dloc = 0 * dl
    dscale = -dl / scale


@elementwise(*density("vonmises(x, kappa, loc=0, scale=1)"))
def von_mises_density(y, x, kappa, loc, scale):
    dl = dy if family.logarithmic else y * dy
    z = (x - loc) / scale
    dx = (-kappa * np.sin(z) / scale) * dl
    dkappa = (np.cos(z) - special.i1e(kappa) / special.i0e(kappa)) * dl
    dloc = (kappa * np.sin(z) / scale) * dl
    dscale = ((kappa * z * np.sin(z) - 1) / scale) * dl
