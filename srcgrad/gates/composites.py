"""Gates that people write out but think of as one: sigmoid, tanh by exponentials, the rectifier."""

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


# relu'(0) = 0
@elementwise("max(0, x)", "np.maximum(0, x)")
def relu(r, x):
    dx = dr * (r > 0)
