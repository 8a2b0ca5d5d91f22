"""Gates that people write out but think of as one: sigmoid, softplus, logit, the rectifier, the normal density."""

from srcgrad.gate import elementwise


# From the output: the long way gives nan where exp overflows.
@elementwise(
    "1 / (1 + math.exp(-x))",
    "1 / (1 + np.exp(-x))",
    "math.exp(x) / (1 + math.exp(x))",
    "np.exp(x) / (1 + np.exp(x))",
)
def sigmoid(f, x):
    dx = ((1 - f) * f) * df


@elementwise(
    "(math.exp(2 * x) - 1) / (math.exp(2 * x) + 1)",
    "(np.exp(2 * x) - 1) / (np.exp(2 * x) + 1)",
    "(1 - math.exp(-2 * x)) / (1 + math.exp(-2 * x))",
    "(1 - np.exp(-2 * x)) / (1 + np.exp(-2 * x))",
    "(math.exp(x) - math.exp(-x)) / (math.exp(x) + math.exp(-x))",
    "(np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))",
)
def tanh_by_exponentials(h, x):
    dx = (1 - h**2) * dh


# sigmoid(x) = 1 - exp(-softplus(x)): from the output, so that no exponential overflows. The spellings with max and abs
# are smooth at 0, where their parts are not.
@elementwise(
    "math.log(1 + math.exp(x))",
    "np.log(1 + np.exp(x))",
    "math.log1p(math.exp(x))",
    "np.log1p(np.exp(x))",
    "max(x, 0) + math.log1p(math.exp(-abs(x)))",
    "max(x, 0) + math.log(1 + math.exp(-abs(x)))",
    "np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))",
    "np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x)))",
)
def softplus(s, x):
    dx = -np.expm1(-s) * ds


@elementwise(
    "math.log(x / (1 - x))",
    "np.log(x / (1 - x))",
    "math.log(x) - math.log(1 - x)",
    "np.log(x) - np.log(1 - x)",
    "math.log(x) - math.log1p(-x)",
    "np.log(x) - np.log1p(-x)",
)
def logit(y, x):
    dx = dy / (x * (1 - x))


# From x - f first: beside a large x the 1 would be lost.
@elementwise("x / (1 + math.exp(-x))", "x / (1 + np.exp(-x))")
def swish(f, x):
    dx = ((x - f + 1) / (1 + np.exp(-x))) * df


# relu'(0) = 0
@elementwise("max(0, x)", "np.maximum(0, x)")
def relu(r, x):
    dx = dr * (r > 0)


@elementwise(
    "0.5 * x * (1 + math.erf(x / math.sqrt(2)))",
    "0.5 * (x * (1 + math.erf(x / math.sqrt(2))))",
    "x * (0.5 * (1 + math.erf(x / math.sqrt(2))))",
    "x * (1 + math.erf(x / math.sqrt(2))) / 2",
)
def gelu(f, x):
    dx = (0.5 * (1 + math.erf(x / math.sqrt(2))) + x * math.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)) * df


# Divided twice by sigma, whose square might overflow.
@elementwise(
    "-0.5 * ((x - mu) / sigma) ** 2 - math.log(sigma) - 0.5 * math.log(2 * math.pi)",
    "-0.5 * math.log(2 * math.pi) - math.log(sigma) - 0.5 * ((x - mu) / sigma) ** 2",
    "-math.log(sigma) - 0.5 * math.log(2 * math.pi) - 0.5 * ((x - mu) / sigma) ** 2",
    "-0.5 * ((x - mu) / sigma) ** 2 - math.log(sigma * math.sqrt(2 * math.pi))",
    "-math.log(sigma * math.sqrt(2 * math.pi)) - 0.5 * ((x - mu) / sigma) ** 2",
    "-((x - mu) ** 2) / (2 * sigma**2) - math.log(sigma * math.sqrt(2 * math.pi))",
    "-0.5 * ((x - mu) / sigma) ** 2 - np.log(sigma) - 0.5 * np.log(2 * np.pi)",
    "-0.5 * np.log(2 * np.pi) - np.log(sigma) - 0.5 * ((x - mu) / sigma) ** 2",
    "-np.log(sigma) - 0.5 * np.log(2 * np.pi) - 0.5 * ((x - mu) / sigma) ** 2",
    "-0.5 * ((x - mu) / sigma) ** 2 - np.log(sigma * np.sqrt(2 * np.pi))",
    "-np.log(sigma * np.sqrt(2 * np.pi)) - 0.5 * ((x - mu) / sigma) ** 2",
    "-((x - mu) ** 2) / (2 * sigma**2) - np.log(sigma * np.sqrt(2 * np.pi))",
)
def normal_log_density(y, x, mu, sigma):
    dx = ((mu - x) / sigma / sigma) * dy
    dmu = ((x - mu) / sigma / sigma) * dy
    dsigma = ((((x - mu) / sigma) ** 2 - 1) / sigma) * dy
