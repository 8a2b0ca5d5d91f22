"""Distributions of scipy.stats: log-densities in all parameters, cumulative functions in x, loc and scale.

Of a spelling `stats.gamma.cdf(x, a=s, loc=0, scale=1)` each argument is given by its place or by its name, and one
with a number may be left out. A parameter without a line, such as the shape of a cumulative function, is refused.
"""

from srcgrad.gate import elementwise


@elementwise("stats.norm.logpdf(x, loc=0, scale=1)")
def normal_logpdf(y, x, loc, scale):
    dx = ((loc - x) / scale / scale) * dy
    dloc = ((x - loc) / scale / scale) * dy
    dscale = ((((x - loc) / scale) ** 2 - 1) / scale) * dy


@elementwise("stats.norm.pdf(x, loc=0, scale=1)")
def normal_pdf(y, x, loc, scale):
    dx = (y * (loc - x) / scale / scale) * dy
    dloc = (y * (x - loc) / scale / scale) * dy
    dscale = (y * (((x - loc) / scale) ** 2 - 1) / scale) * dy


@elementwise("stats.norm.ppf(q, loc=0, scale=1)")
def normal_ppf(y, q, loc, scale):
    dq = dy / stats.norm.pdf(y, loc, scale)
    dloc = dy
    dscale = ((y - loc) / scale) * dy


@elementwise("stats.t.logpdf(x, df, loc=0, scale=1)")
def student_logpdf(y, x, df, loc, scale):
    z = (x - loc) / scale
    dx = (-(df + 1) * z / (df + z * z) / scale) * dy
    ddf = (
        0.5
        * (
            special.digamma(0.5 * (df + 1))
            - special.digamma(0.5 * df)
            + (z * z - 1) / (df + z * z)
            - np.log1p(z * z / df)
        )
    ) * dy
    dloc = ((df + 1) * z / (df + z * z) / scale) * dy
    dscale = (df * (z * z - 1) / (df + z * z) / scale) * dy


@elementwise("stats.gamma.logpdf(x, a, loc=0, scale=1)")
def gamma_logpdf(y, x, a, loc, scale):
    dx = ((a - 1) / (x - loc) - 1 / scale) * dy
    da = (np.log((x - loc) / scale) - special.digamma(a)) * dy
    dloc = (1 / scale - (a - 1) / (x - loc)) * dy
    dscale = (((x - loc) / scale - a) / scale) * dy


@elementwise("stats.chi2.logpdf(x, df, loc=0, scale=1)")
def chi_squared_logpdf(y, x, df, loc, scale):
    dx = ((0.5 * df - 1) / (x - loc) - 0.5 / scale) * dy
    ddf = (0.5 * (np.log(0.5 * (x - loc) / scale) - special.digamma(0.5 * df))) * dy
    dloc = (0.5 / scale - (0.5 * df - 1) / (x - loc)) * dy
    dscale = (0.5 * ((x - loc) / scale - df) / scale) * dy


@elementwise("stats.beta.logpdf(x, a, b, loc=0, scale=1)")
def beta_logpdf(y, x, a, b, loc, scale):
    z = (x - loc) / scale
    dx = (((a - 1) / z - (b - 1) / (1 - z)) / scale) * dy
    da = (np.log(z) - special.digamma(a) + special.digamma(a + b)) * dy
    db = (np.log1p(-z) - special.digamma(b) + special.digamma(a + b)) * dy
    dloc = (((b - 1) / (1 - z) - (a - 1) / z) / scale) * dy
    dscale = (((b - 1) * z / (1 - z) - a) / scale) * dy


@elementwise("stats.lognorm.logpdf(x, s, loc=0, scale=1)")
def lognormal_logpdf(y, x, s, loc, scale):
    z = np.log((x - loc) / scale) / s
    dx = (-(1 + z / s) / (x - loc)) * dy
    ds = ((z * z - 1) / s) * dy
    dloc = ((1 + z / s) / (x - loc)) * dy
    dscale = (z / s / scale) * dy


# Before loc the density is zero, and its logarithm -inf, wherever x is.
@elementwise("stats.expon.logpdf(x, loc=0, scale=1)")
def exponential_logpdf(y, x, loc, scale):
    dx = -dy / scale
    dloc = dy / scale
    dscale = (((x - loc) / scale - 1) / scale) * dy


# At the peak the slope is zero.
@elementwise("stats.laplace.logpdf(x, loc=0, scale=1)")
def laplace_logpdf(y, x, loc, scale):
    dx = (np.sign(loc - x) / scale) * dy
    dloc = (np.sign(x - loc) / scale) * dy
    dscale = ((np.abs(x - loc) / scale - 1) / scale) * dy


@elementwise("stats.logistic.logpdf(x, loc=0, scale=1)")
def logistic_logpdf(y, x, loc, scale):
    tanh = np.tanh(0.5 * (x - loc) / scale)
    dx = (-tanh / scale) * dy
    dloc = (tanh / scale) * dy
    dscale = (((x - loc) / scale * tanh - 1) / scale) * dy


@elementwise("stats.cauchy.logpdf(x, loc=0, scale=1)")
def cauchy_logpdf(y, x, loc, scale):
    z = (x - loc) / scale
    dx = (-2 * z / (1 + z * z) / scale) * dy
    dloc = (2 * z / (1 + z * z) / scale) * dy
    dscale = ((z * z - 1) / (1 + z * z) / scale) * dy


@elementwise("stats.uniform.logpdf(x, loc=0, scale=1)")
def uniform_logpdf(y, x, loc, scale):
    dx = 0 * dy
    dloc = 0 * dy
    dscale = -dy / scale


# What is counted moves in steps: k and loc have no line.
@elementwise("stats.poisson.logpmf(k, mu, loc=0)")
def poisson_logpmf(y, k, mu, loc):
    dmu = ((k - loc) / mu - 1) * dy


@elementwise("stats.poisson.pmf(k, mu, loc=0)")
def poisson_pmf(y, k, mu, loc):
    dmu = (y * ((k - loc) / mu - 1)) * dy


@elementwise("stats.bernoulli.logpmf(k, p, loc=0)")
def bernoulli_logpmf(y, k, p, loc):
    dp = ((k - loc) / p - (1 - k + loc) / (1 - p)) * dy


@elementwise("stats.binom.logpmf(k, n, p, loc=0)")
def binomial_logpmf(y, k, n, p, loc):
    dp = ((k - loc) / p - (n - k + loc) / (1 - p)) * dy


# The slope of a cumulative function is the density, with or without shapes.
@elementwise(
    "stats.norm.cdf(x, loc=0, scale=1)", "stats.expon.cdf(x, loc=0, scale=1)", "stats.laplace.cdf(x, loc=0, scale=1)",
    "stats.logistic.cdf(x, loc=0, scale=1)", "stats.cauchy.cdf(x, loc=0, scale=1)",
    "stats.uniform.cdf(x, loc=0, scale=1)",
)  # fmt: skip
def cumulative(y, x, loc, scale):
    density = family.pdf(x, loc, scale)
    dx = density * dy
    dloc = -density * dy
    dscale = (-(x - loc) / scale * density) * dy


@elementwise(
    "stats.norm.sf(x, loc=0, scale=1)", "stats.expon.sf(x, loc=0, scale=1)", "stats.laplace.sf(x, loc=0, scale=1)",
    "stats.logistic.sf(x, loc=0, scale=1)", "stats.cauchy.sf(x, loc=0, scale=1)",
    "stats.uniform.sf(x, loc=0, scale=1)",
)  # fmt: skip
def survival(y, x, loc, scale):
    density = family.pdf(x, loc, scale)
    dx = -density * dy
    dloc = density * dy
    dscale = ((x - loc) / scale * density) * dy


# Far out both the density and its integral vanish: their quotient by logarithms.
@elementwise(
    "stats.norm.logcdf(x, loc=0, scale=1)", "stats.expon.logcdf(x, loc=0, scale=1)",
    "stats.laplace.logcdf(x, loc=0, scale=1)", "stats.logistic.logcdf(x, loc=0, scale=1)",
    "stats.cauchy.logcdf(x, loc=0, scale=1)", "stats.uniform.logcdf(x, loc=0, scale=1)",
)  # fmt: skip
def log_cumulative(y, x, loc, scale):
    hazard = np.exp(family.logpdf(x, loc, scale) - y)
    dx = hazard * dy
    dloc = -hazard * dy
    dscale = (-(x - loc) / scale * hazard) * dy


@elementwise(
    "stats.norm.logsf(x, loc=0, scale=1)", "stats.expon.logsf(x, loc=0, scale=1)",
    "stats.laplace.logsf(x, loc=0, scale=1)", "stats.logistic.logsf(x, loc=0, scale=1)",
    "stats.cauchy.logsf(x, loc=0, scale=1)", "stats.uniform.logsf(x, loc=0, scale=1)",
)  # fmt: skip
def log_survival(y, x, loc, scale):
    hazard = np.exp(family.logpdf(x, loc, scale) - y)
    dx = -hazard * dy
    dloc = hazard * dy
    dscale = ((x - loc) / scale * hazard) * dy


@elementwise(
    "stats.t.cdf(x, df=a, loc=0, scale=1)", "stats.gamma.cdf(x, a, loc=0, scale=1)",
    "stats.chi2.cdf(x, df=a, loc=0, scale=1)", "stats.lognorm.cdf(x, s=a, loc=0, scale=1)",
)  # fmt: skip
def cumulative_of_a_shape(y, x, a, loc, scale):
    density = family.pdf(x, a, loc, scale)
    dx = density * dy
    dloc = -density * dy
    dscale = (-(x - loc) / scale * density) * dy


@elementwise(
    "stats.t.sf(x, df=a, loc=0, scale=1)", "stats.gamma.sf(x, a, loc=0, scale=1)",
    "stats.chi2.sf(x, df=a, loc=0, scale=1)", "stats.lognorm.sf(x, s=a, loc=0, scale=1)",
)  # fmt: skip
def survival_of_a_shape(y, x, a, loc, scale):
    density = family.pdf(x, a, loc, scale)
    dx = -density * dy
    dloc = density * dy
    dscale = ((x - loc) / scale * density) * dy


@elementwise(
    "stats.t.logcdf(x, df=a, loc=0, scale=1)", "stats.gamma.logcdf(x, a, loc=0, scale=1)",
    "stats.chi2.logcdf(x, df=a, loc=0, scale=1)", "stats.lognorm.logcdf(x, s=a, loc=0, scale=1)",
)  # fmt: skip
def log_cumulative_of_a_shape(y, x, a, loc, scale):
    hazard = np.exp(family.logpdf(x, a, loc, scale) - y)
    dx = hazard * dy
    dloc = -hazard * dy
    dscale = (-(x - loc) / scale * hazard) * dy


@elementwise(
    "stats.t.logsf(x, df=a, loc=0, scale=1)", "stats.gamma.logsf(x, a, loc=0, scale=1)",
    "stats.chi2.logsf(x, df=a, loc=0, scale=1)", "stats.lognorm.logsf(x, s=a, loc=0, scale=1)",
)  # fmt: skip
def log_survival_of_a_shape(y, x, a, loc, scale):
    hazard = np.exp(family.logpdf(x, a, loc, scale) - y)
    dx = -hazard * dy
    dloc = hazard * dy
    dscale = ((x - loc) / scale * hazard) * dy


@elementwise("stats.beta.cdf(x, a, b, loc=0, scale=1)")
def beta_cdf(y, x, a, b, loc, scale):
    density = stats.beta.pdf(x, a, b, loc, scale)
    dx = density * dy
    dloc = -density * dy
    dscale = (-(x - loc) / scale * density) * dy


@elementwise("stats.beta.sf(x, a, b, loc=0, scale=1)")
def beta_sf(y, x, a, b, loc, scale):
    density = stats.beta.pdf(x, a, b, loc, scale)
    dx = -density * dy
    dloc = density * dy
    dscale = ((x - loc) / scale * density) * dy


@elementwise("stats.poisson.cdf(k, mu, loc=0)")
def poisson_cdf(y, k, mu, loc):
    dmu = -stats.poisson.pmf(np.floor(k), mu, loc) * dy
