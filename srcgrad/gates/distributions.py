"""Distributions of scipy.stats: cumulative functions and quantiles in x, loc and scale; what is counted in its rates.

A parameter without a line, such as the shape of a cumulative function, is refused; spellings are as of the densities.
`family` is the distribution that is called, without what it does not have of `a` and `b`; `family.logarithmic` is
whether the logarithm is called.

Source: the slope of a cumulative function is the density, that of a quantile its reciprocal.
"""

from srcgrad.gate import elementwise

FAMILIES = {
    "norm": "", "halfnorm": "", "expon": "", "rayleigh": "", "laplace": "", "logistic": "", "cauchy": "",
    "halfcauchy": "", "uniform": "", "gumbel_r": "", "gumbel_l": "",
    "lognorm": "s=a, ", "t": "df=a, ", "gamma": "a, ", "invgamma": "a, ", "chi2": "df=a, ", "weibull_min": "c=a, ",
    "pareto": "b=a, ", "f": "dfn=a, dfd=b, ", "beta": "a, b, ",
}  # fmt: skip
"""The shapes that each family has, as its functions take them: `a` and `b` to the rules."""


def each(function: str, *but: str) -> tuple[str, ...]:
    """The spellings of a function of each family, but some: `ppf(q` of `stats.gamma.ppf(q, a, loc=0, scale=1)`."""
    families = (one for one in FAMILIES if one not in but)
    return tuple(f"stats.{family}.{function}, {FAMILIES[family]}loc=0, scale=1)" for family in families)


# The slope is the density. Where both may vanish their quotient is by logarithms, but for those that are so large that
# they would cancel, as of the normal distribution; so of survival.
@elementwise(*each("cdf(x"), *each("logcdf(x", "norm", "gumbel_r"))
def cumulative(y, x, a, b, loc, scale):
    if family.logarithmic:
        slope = np.exp(family.logpdf(x, a, b, loc, scale) - y)
    else:
        slope = family.pdf(x, a, b, loc, scale)
    dx = slope * dy
    dloc = -slope * dy
    dscale = (-(x - loc) / scale * slope) * dy


@elementwise(*each("sf(x"), *each("logsf(x", "norm", "halfnorm", "expon", "rayleigh", "weibull_min", "gumbel_l"))
def survival(y, x, a, b, loc, scale):
    if family.logarithmic:
        slope = np.exp(family.logpdf(x, a, b, loc, scale) - y)
    else:
        slope = family.pdf(x, a, b, loc, scale)
    dx = -slope * dy
    dloc = slope * dy
    dscale = ((x - loc) / scale * slope) * dy


@elementwise("stats.norm.logcdf(x, loc=0, scale=1)")
def normal_log_cumulative(y, x, loc, scale):
    slope = math.sqrt(2 / math.pi) / special.erfcx((loc - x) / (math.sqrt(2) * scale)) / scale
    dx = slope * dy
    dloc = -slope * dy
    dscale = ((loc - x) / scale * slope) * dy


@elementwise("stats.norm.logsf(x, loc=0, scale=1)")
def normal_log_survival(y, x, loc, scale):
    slope = math.sqrt(2 / math.pi) / special.erfcx((x - loc) / (math.sqrt(2) * scale)) / scale
    dx = -slope * dy
    dloc = slope * dy
    dscale = ((x - loc) / scale * slope) * dy


# It is 0 left of loc. Kink: at loc the slope is that to its right.
@elementwise("stats.halfnorm.logsf(x, loc=0, scale=1)")
def half_normal_log_survival(y, x, loc, scale):
    slope = math.sqrt(2 / math.pi) / special.erfcx((x - loc) / (math.sqrt(2) * scale)) / scale * (x >= loc)
    dx = -slope * dy
    dloc = slope * dy
    dscale = ((x - loc) / scale * slope) * dy


# It is -exp((loc - x) / scale).
@elementwise("stats.gumbel_r.logcdf(x, loc=0, scale=1)")
def gumbel_log_cumulative(y, x, loc, scale):
    dx = (-y / scale) * dy
    dloc = (y / scale) * dy
    dscale = ((x - loc) / scale * y / scale) * dy


# It is -exp((x - loc) / scale).
@elementwise("stats.gumbel_l.logsf(x, loc=0, scale=1)")
def mirrored_gumbel_log_survival(y, x, loc, scale):
    dx = (y / scale) * dy
    dloc = (-y / scale) * dy
    dscale = ((loc - x) / scale * y / scale) * dy


# It is -z, and 0 left of loc. Kink: at loc the slope is that to its right.
@elementwise("stats.expon.logsf(x, loc=0, scale=1)")
def exponential_log_survival(y, x, loc, scale):
    dx = -dy / scale * (x >= loc)
    dloc = dy / scale * (x >= loc)
    dscale = (-y / scale) * dy


# It is -z * z / 2, and 0 left of loc.
@elementwise("stats.rayleigh.logsf(x, loc=0, scale=1)")
def rayleigh_log_survival(y, x, loc, scale):
    slope = np.maximum(x - loc, 0) / scale / scale
    dx = -slope * dy
    dloc = slope * dy
    dscale = (-2 * y / scale) * dy


# It is -z**c, and 0 left of loc. Kink: at loc the slope is that to its right.
@elementwise("stats.weibull_min.logsf(x, c, loc=0, scale=1)")
def weibull_log_survival(y, x, c, loc, scale):
    z = np.abs(x - loc) / scale
    slope = c * z ** (c - 1) / scale * (x >= loc)
    dx = -slope * dy
    dc = special.xlogy(y, z) * dy
    dloc = slope * dy
    dscale = (-c * y / scale) * dy


@elementwise(*each("ppf(q"))
def percent_point(y, q, a, b, loc, scale):
    dq = dy / family.pdf(y, a, b, loc, scale)
    dloc = dy
    dscale = ((y - loc) / scale) * dy


@elementwise(*each("isf(q"))
def inverse_survival(y, q, a, b, loc, scale):
    dq = -dy / family.pdf(y, a, b, loc, scale)
    dloc = dy
    dscale = ((y - loc) / scale) * dy


# What is counted moves in steps: k and loc have no line, here and below. A pmf has a slope where p is 0 or 1, too.
@elementwise("stats.poisson.logpmf(k, mu, loc=0)", "stats.poisson.pmf(k, mu, loc=0)")
def poisson(y, k, mu, loc):
    if family.logarithmic:
        dmu = ((k - loc) / mu - 1) * dy
    else:
        dmu = (family.pmf(k - 1, mu, loc) - y) * dy


@elementwise("stats.bernoulli.logpmf(k, p, loc=0)", "stats.bernoulli.pmf(k, p, loc=0)")
def bernoulli(y, k, p, loc):
    if family.logarithmic:
        dp = ((k - loc) / p - (1 - k + loc) / (1 - p)) * dy
    else:
        dp = (1 if k == loc + 1 else -1 if k == loc else 0) * dy


@elementwise("stats.binom.logpmf(k, n, p, loc=0)", "stats.binom.pmf(k, n, p, loc=0)")
def binomial(y, k, n, p, loc):
    if family.logarithmic:
        dp = ((k - loc) / p - (n - k + loc) / (1 - p)) * dy
    else:
        dp = (n * (family.pmf(k - 1, n - 1, p, loc) - family.pmf(k, n - 1, p, loc))) * dy


@elementwise("stats.geom.logpmf(k, p, loc=0)", "stats.geom.pmf(k, p, loc=0)")
def geometric(y, k, p, loc):
    dl = dy if family.logarithmic else y * dy
    dp = (1 / p - (k - loc - 1) / (1 - p)) * dl


@elementwise("stats.nbinom.logpmf(k, n, p, loc=0)", "stats.nbinom.pmf(k, n, p, loc=0)")
def negative_binomial(y, k, n, p, loc):
    dl = dy if family.logarithmic else y * dy
    dn = (np.log(p) + special.digamma(k - loc + n) - special.digamma(n)) * dl
    dp = (n / p - (k - loc) / (1 - p)) * dl


@elementwise("stats.poisson.cdf(k, mu, loc=0)")
def poisson_cumulative(y, k, mu, loc):
    dmu = -family.pmf(np.floor(k), mu, loc) * dy


@elementwise("stats.poisson.sf(k, mu, loc=0)")
def poisson_survival(y, k, mu, loc):
    dmu = family.pmf(np.floor(k), mu, loc) * dy


@elementwise("stats.binom.cdf(k, n, p, loc=0)")
def binomial_cumulative(y, k, n, p, loc):
    dp = -n * family.pmf(np.floor(k), n - 1, p, loc) * dy


@elementwise("stats.binom.sf(k, n, p, loc=0)")
def binomial_survival(y, k, n, p, loc):
    dp = n * family.pmf(np.floor(k), n - 1, p, loc) * dy
