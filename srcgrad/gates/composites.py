"""Gates that people write out but think of as one: sigmoid, softplus, the rectifiers, Huber, the normal density.

Source: the cs231n notes on backpropagation, where gates are grouped: each line is the chain rule, written in the
output.
"""

from srcgrad.gate import elementwise, gate


# From the output: the long way gives nan where exp overflows.
@elementwise(
    "1 / (1 + math.exp(-x))",
    "1 / (1 + np.exp(-x))",
    "math.exp(x) / (1 + math.exp(x))",
    "np.exp(x) / (1 + np.exp(x))",
    "special.expit(x)",
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
    "special.softplus(x)",
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
    "special.logit(x)",
)
def logit(y, x):
    dx = dy / (x * (1 - x))


# From x - f first: beside a large x the 1 would be lost. Source: Ramachandran, Zoph and Le, "Searching for activation
# functions" (2017).
@elementwise("x / (1 + math.exp(-x))", "x / (1 + np.exp(-x))")
def swish(f, x):
    dx = ((x - f + 1) / (1 + np.exp(-x))) * df


# Kink: relu'(0) = 0.
@elementwise("max(0, x)", "np.maximum(0, x)", "np.where(x > 0, x, 0)")
def relu(r, x):
    dx = dr * (r > 0)


# Whichever of the two it is: beyond a = 1 the steep side is the left one. Kink: at a tie x gets it all.
@elementwise("max(x, a * x)", "np.maximum(x, a * x)")
def leaky_maximum(r, x, a):
    dx = dr * (x >= a * x) + a * dr * (x < a * x)
    da = x * dr * (x < a * x)


# Kink: at 0 the slope is that of the side to which the condition gives it.
@elementwise("np.where(x > 0, x, a * x)", "np.where(x <= 0, a * x, x)")
def leaky_relu(r, x, a):
    dx = dr * (x > 0) + a * dr * (x <= 0)
    da = x * dr * (x <= 0)


# Kink: at 0 the slope is that of the side to which the condition gives it.
@elementwise("np.where(x >= 0, x, a * x)", "np.where(x < 0, a * x, x)")
def leaky_relu_from_zero(r, x, a):
    dx = dr * (x >= 0) + a * dr * (x < 0)
    da = x * dr * (x < 0)


# Source: Huber, "Robust estimation of a location parameter" (1964).
@elementwise(
    "np.where(np.abs(r) <= d, 0.5 * r**2, d * (np.abs(r) - 0.5 * d))",
    "np.where(np.abs(r) <= d, 0.5 * r * r, d * (np.abs(r) - 0.5 * d))",
    "np.where(np.abs(r) <= d, r**2 / 2, d * (np.abs(r) - d / 2))",
    "np.where(np.abs(r) <= d, 0.5 * r**2, d * np.abs(r) - 0.5 * d**2)",
    "np.where(np.abs(r) < d, 0.5 * r**2, d * (np.abs(r) - 0.5 * d))",
    "np.where(np.abs(r) < d, 0.5 * r * r, d * (np.abs(r) - 0.5 * d))",
    "np.where(np.abs(r) < d, r**2 / 2, d * (np.abs(r) - d / 2))",
    "np.where(np.abs(r) < d, 0.5 * r**2, d * np.abs(r) - 0.5 * d**2)",
    "np.where(np.abs(r) > d, d * (np.abs(r) - 0.5 * d), 0.5 * r**2)",
    "special.huber(d, r)",
)
def huber(f, r, d):
    dr = np.minimum(np.abs(r), d) * np.sign(r) * df
    dd = np.maximum(np.abs(r) - d, 0) * df


# Source: Hendrycks and Gimpel, "Gaussian error linear units" (2016).
@elementwise(
    "0.5 * x * (1 + math.erf(x / math.sqrt(2)))",
    "0.5 * (x * (1 + math.erf(x / math.sqrt(2))))",
    "x * (0.5 * (1 + math.erf(x / math.sqrt(2))))",
    "x * (1 + math.erf(x / math.sqrt(2))) / 2",
)
def gelu(f, x):
    dx = (0.5 * (1 + math.erf(x / math.sqrt(2))) + x * math.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)) * df


# From the output, tanh being 2 * f / x - 1. Multiplied by x - f before the next x: where that is 0, x * x overflows.
# Source: Hendrycks and Gimpel, "Gaussian error linear units" (2016).
@elementwise(
    "0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))",
    "0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))",
    "0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * pow(x, 3))))",
    "0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))",
    "0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x * x * x)))",
    "0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * np.power(x, 3))))",
)
def gelu_by_tanh(f, x):
    dx = (f / x + np.sqrt(2 / np.pi) * (2 * f / x * (x - f) + 0.26829 * f * (x - f) * x) if x != 0 else 0.5) * df


# Divided twice by sigma, whose square might overflow.
@elementwise(
    "-0.5 * ((x - mu) / sigma) ** 2 - math.log(sigma) - 0.5 * math.log(2 * math.pi)",
    "-0.5 * math.log(2 * math.pi) - math.log(sigma) - 0.5 * ((x - mu) / sigma) ** 2",
    "-math.log(sigma) - 0.5 * math.log(2 * math.pi) - 0.5 * ((x - mu) / sigma) ** 2",
    "-0.5 * ((x - mu) / sigma) ** 2 - math.log(sigma * math.sqrt(2 * math.pi))",
    "-math.log(sigma * math.sqrt(2 * math.pi)) - 0.5 * ((x - mu) / sigma) ** 2",
    "-((x - mu) ** 2) / (2 * sigma**2) - math.log(sigma * math.sqrt(2 * math.pi))",
    "-((x - mu) ** 2) / (2 * sigma**2) - math.log(sigma) - 0.5 * math.log(2 * math.pi)",
    "-0.5 * math.log(2 * math.pi) - math.log(sigma) - (x - mu) ** 2 / (2 * sigma**2)",
    "-0.5 * math.log(2 * math.pi * sigma**2) - (x - mu) ** 2 / (2 * sigma**2)",
    "-0.5 * ((x - mu) / sigma) ** 2 - np.log(sigma) - 0.5 * np.log(2 * np.pi)",
    "-0.5 * np.log(2 * np.pi) - np.log(sigma) - 0.5 * ((x - mu) / sigma) ** 2",
    "-np.log(sigma) - 0.5 * np.log(2 * np.pi) - 0.5 * ((x - mu) / sigma) ** 2",
    "-0.5 * ((x - mu) / sigma) ** 2 - np.log(sigma * np.sqrt(2 * np.pi))",
    "-np.log(sigma * np.sqrt(2 * np.pi)) - 0.5 * ((x - mu) / sigma) ** 2",
    "-((x - mu) ** 2) / (2 * sigma**2) - np.log(sigma * np.sqrt(2 * np.pi))",
    "-((x - mu) ** 2) / (2 * sigma**2) - np.log(sigma) - 0.5 * np.log(2 * np.pi)",
    "-0.5 * np.log(2 * np.pi) - np.log(sigma) - (x - mu) ** 2 / (2 * sigma**2)",
    "-0.5 * np.log(2 * np.pi * sigma**2) - (x - mu) ** 2 / (2 * sigma**2)",
)
def normal_log_density(y, x, mu, sigma):
    dx = ((mu - x) / sigma / sigma) * dy
    dmu = ((x - mu) / sigma / sigma) * dy
    dsigma = ((((x - mu) / sigma) ** 2 - 1) / sigma) * dy


# From the output, along the axis that is summed.
@gate(
    "np.exp(s) / np.sum(np.exp(s))",
    "np.exp(s) / np.exp(s).sum()",
    "np.exp(s) / np.sum(np.exp(s), axis=axis, keepdims=True)",
    "np.exp(s) / np.exp(s).sum(axis=axis, keepdims=True)",
    "special.softmax(s, axis)",
    shape="same(s)",
)
def softmax(p, s, axis=None):
    if axis is None:
        ds = p * (dp - np.sum(p * dp))
        dp = p * (ds - np.sum(p * ds))
    else:
        ds = p * (dp - np.sum(p * dp, axis=axis, keepdims=True))
        dp = p * (ds - np.sum(p * ds, axis=axis, keepdims=True))


@gate(
    "special.logsumexp(s, axis, keepdims=keepdims)",
    "np.logaddexp.reduce(s, axis, keepdims=keepdims) with axis=0",
    shape="drop(s, axis, keepdims)",
)
def log_sum_exp(y, s, axis=None, keepdims=False):
    if axis is None or keepdims:
        ds = np.exp(s - y) * dy
        dy = np.sum(np.exp(s - y) * ds, axis=axis, keepdims=keepdims)
    else:
        ds = np.exp(s - np.expand_dims(y, axis)) * np.expand_dims(dy, axis)
        dy = np.sum(np.exp(s - np.expand_dims(y, axis)) * ds, axis=axis)


@gate("special.logsumexp(s, axis, b=b, keepdims=keepdims)", shape="dropped(s, b, axis, keepdims)")
def weighted_log_sum_exp(y, s, b, axis=None, keepdims=False):
    if axis is None or keepdims:
        shares = np.exp(s - y)
        ds = undone(b * shares * dy, s)
        db = undone(np.ones_like(b) * shares * dy, b)
        dy = np.sum(shares * (b * ds + db), axis=axis, keepdims=keepdims)
    else:
        shares = np.exp(s - np.expand_dims(y, axis))
        ds = undone(b * shares * np.expand_dims(dy, axis), s)
        db = undone(np.ones_like(b) * shares * np.expand_dims(dy, axis), b)
        dy = np.sum(shares * (b * ds + db), axis=axis)


@gate("special.log_softmax(s, axis)", "s - special.logsumexp(s, axis=axis, keepdims=True)", shape="replaced(s)")
def log_softmax(y, s, axis=None):
    if axis is None:
        ds = dy - np.exp(y) * np.sum(dy)
        dy = ds - np.sum(np.exp(y) * ds)
    else:
        ds = dy - np.exp(y) * np.sum(dy, axis=axis, keepdims=True)
        dy = ds - np.sum(np.exp(y) * ds, axis=axis, keepdims=True)
