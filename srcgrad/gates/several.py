"""Functions of several numbers: the largest, sums and products of many, lengths, routing by a condition.

Source: the cs231n notes on backpropagation: max routes.
"""

from srcgrad.gate import elementwise, linear


# Kink: at a tie the first operand gets it all.
@elementwise("max(x, y)", "np.maximum(x, y)")
def maximum(z, x, y):
    dx = dz * (x >= y)
    dy = dz * (x < y)


# Kink: as of maximum.
@elementwise("min(x, y)", "np.minimum(x, y)")
def minimum(z, x, y):
    dx = dz * (x <= y)
    dy = dz * (x > y)


# Kink: at a tie the first gets it all.
@elementwise("max(*xs)", "max(xs)")
def maximum_of_many(m, xs):
    for i, x in enumerate(xs):
        dx = dm * (max(xs[:i]) < x >= max(xs[i + 1 :]))


# Kink: at a tie the first gets it all.
@elementwise("min(*xs)", "min(xs)")
def minimum_of_many(m, xs):
    for i, x in enumerate(xs):
        dx = dm * (min(xs[:i]) > x <= min(xs[i + 1 :]))


# What is no number loses, so that the result tells which operand it is. Kink: at a tie the first gets it all.
@elementwise("np.fmax(x, y)", "np.fmin(x, y)")
def larger_or_smaller_number(z, x, y):
    dx = dz * (x == z)
    dy = dz * (x != z)


# The next float lies as far off as the last one's does.
@elementwise("np.nextafter(x, y)")
def next_after(z, x, y):
    dx = dz
    dy = 0 * dz


# A bound gets what lies beyond it, the upper one where they are crossed. Kink: at a bound the operand gets it all.
@elementwise(
    "np.clip(x, low, high)", "np.clip(x, min=low, max=high)", "np.clip(x, a_min=low, a_max=high)",
    "x.clip(low, high)", "x.clip(min=low, max=high)",
)  # fmt: skip
def clip(z, x, low, high):
    dx = dz * (x >= low) * (x <= high)
    dlow = dz * (x < low) * (low <= high)
    dhigh = dz * (np.maximum(x, low) > high)


# Kink: at the bound the operand gets it all.
@elementwise(
    "np.clip(x, low, None)", "np.clip(x, min=low)", "np.clip(x, a_min=low, a_max=None)",
    "np.clip(x, min=low, max=None)", "x.clip(low)", "x.clip(min=low)", "x.clip(low, None)", "x.clip(min=low, max=None)",
)  # fmt: skip
def clip_below(z, x, low):
    dx = dz * (x >= low)
    dlow = dz * (x < low)


# Kink: at the bound the operand gets it all.
@elementwise(
    "np.clip(x, None, high)", "np.clip(x, max=high)", "np.clip(x, a_min=None, a_max=high)",
    "np.clip(x, min=None, max=high)", "x.clip(None, high)", "x.clip(max=high)", "x.clip(min=None, max=high)",
)  # fmt: skip
def clip_above(z, x, high):
    dx = dz * (x <= high)
    dhigh = dz * (x > high)


# Kink: where the condition changes the slope is that of the side to which it gives the place.
@elementwise("np.where(c, x, y)")
def where(z, c, x, y):
    dc = 0 * dz
    dx = dz if c else 0.0
    dy = 0.0 if c else dz


# The numbers of a list, or the rows of an array.
@linear("sum(xs)", "math.fsum(xs)", shape="added(xs)")
def sum_of_many(s, xs):
    dxs = np.ones_like(xs) * ds if np.ndim(xs) > 0 else refused(ds)
    for x in xs:
        dx = ds


@linear("sum(xs, y)", "sum(xs, start=y)", shape="broadcast(xs, y)")
def sum_of_many_and_one(s, xs, y):
    for x in xs:
        dx = ds
    dy = ds


@elementwise("math.prod(xs)")
def product_of_many(p, xs):
    for i, x in enumerate(xs):
        dx = math.prod(xs[:i] + xs[i + 1 :]) * dp


@elementwise("math.prod(xs, start=y)")
def product_of_many_and_one(p, xs, y):
    for i, x in enumerate(xs):
        dx = math.prod(xs[:i] + xs[i + 1 :]) * y * dp
    dy = math.prod(xs) * dp


@elementwise("math.sumprod(xs, ys)")
def sum_of_products(s, xs, ys):
    for x, y in zip(xs, ys):
        dx = y * ds
        dy = x * ds


@elementwise("x * x + y * y", "x**2 + y**2")
def squared_norm(z, x, y):
    dx = (2 * x) * dz
    dy = (2 * y) * dz


# Kink: at the origin a length has no gradient: 0 / 0 raises (nan with numpy).
@elementwise(
    "math.hypot(x, y)", "np.hypot(x, y)",
    "math.sqrt(x * x + y * y)", "np.sqrt(x * x + y * y)", "(x * x + y * y) ** 0.5",
    "math.sqrt(x**2 + y**2)", "np.sqrt(x**2 + y**2)", "(x**2 + y**2) ** 0.5",
)  # fmt: skip
def hypot(h, x, y):
    dx = (x / h) * dh
    dy = (y / h) * dh


# Kink: as of hypot.
@elementwise("math.hypot(*xs)")
def hypot_of_many(h, xs):
    for x in xs:
        dx = (x / h) * dh


# Kink: of a point to itself a distance has no gradient: 0 / 0 raises.
@elementwise("math.dist(xs, ys)")
def distance(h, xs, ys):
    for x, y in zip(xs, ys):
        dx = ((x - y) / h) * dh
        dy = ((y - x) / h) * dh


# The spellings with max are smooth at a tie, where their parts are not.
@elementwise(
    "np.logaddexp(x, y)", "math.log(math.exp(x) + math.exp(y))", "np.log(np.exp(x) + np.exp(y))",
    "max(x, y) + math.log1p(math.exp(-abs(x - y)))", "max(x, y) + math.log(1 + math.exp(-abs(x - y)))",
    "np.maximum(x, y) + np.log1p(np.exp(-np.abs(x - y)))", "np.maximum(x, y) + np.log(1 + np.exp(-np.abs(x - y)))",
    "max(x, y) + math.log(math.exp(x - max(x, y)) + math.exp(y - max(x, y)))",
    "np.maximum(x, y) + np.log(np.exp(x - np.maximum(x, y)) + np.exp(y - np.maximum(x, y)))",
)  # fmt: skip
def log_add_exp(z, x, y):
    dx = np.exp(x - z) * dz
    dy = np.exp(y - z) * dz


@elementwise("np.logaddexp2(x, y)")
def log_add_exp2(z, x, y):
    dx = np.exp2(x - z) * dz
    dy = np.exp2(y - z) * dz
