"""Gates that stop the gradient: their value does not change with their operands, or only in steps."""

from srcgrad.gate import stop

comparison = stop("comparison", "x < y")
size = stop(
    "size", "len(x)", "x.shape", "x.ndim", "x.size", "x.dtype", "np.shape(x)", "np.ndim(x)", "np.size(x)",
    "np.size(x, axis)",
)  # fmt: skip
arange = stop("arange", "np.arange(n)", "range(n)", "range(first, n)")
made = stop(
    "made", "np.zeros(shape)", "np.ones(shape)", "np.empty(shape)", "np.zeros_like(x)",
    "np.ones_like(x)", "np.empty_like(x)",  "np.eye(n)", "np.eye(n, m)", "np.identity(n)", "np.tri(n, m, k)",
    "np.hanning(n)", "np.hamming(n)", "np.blackman(n)", "np.bartlett(n)",
)  # fmt: skip
place = stop(
    "place", "np.argmax(x)", "np.argmin(x)", "np.argsort(x)", "np.nonzero(x)", "np.argwhere(x)",
    "x.argmax(axis)", "x.argmin(axis)", "x.argsort(axis)", "x.nonzero()", "np.searchsorted(x, y)",
    "np.count_nonzero(x)", "np.any(x)", "np.all(x)", "x.any(axis)", "x.all(axis)",
    "np.where(x)", "np.flatnonzero(x)", "np.argpartition(x, kth, axis)", "np.lexsort(xs, axis)", "np.digitize(x, bins)",
    "np.triu_indices(n, k, m)", "np.tril_indices(n, k, m)", "np.triu_indices_from(x, k)", "np.tril_indices_from(x, k)",
    "np.diag_indices(n)", "np.diag_indices_from(x)", "np.unravel_index(i, shape)", "np.ravel_multi_index(i, shape)",
    "np.ix_(i, j, k, l)",
)  # fmt: skip
masks = stop("masks", "~x", "x & y", "x | y", "x ^ y")
rounding = stop("rounding", "int(x)", "round(x)", "round(x, n)")
step = stop(
    "step",
    "math.floor(x)", "math.ceil(x)", "math.trunc(x)",
    "np.floor(x)", "np.ceil(x)", "np.trunc(x)", "np.rint(x)", "np.fix(x)", "np.round(x)", "np.round(x, n)",
    "np.around(x)", "np.around(x, n)", "x.round()", "x.round(n)",
    "math.ulp(x)", "np.spacing(x)", "special.round(x)",
)  # fmt: skip
sign = stop("sign", "np.sign(x)", "special.gammasgn(x)")
rank = stop("rank", "np.linalg.matrix_rank(x)")
whole = stop(
    "whole", "math.comb(n, k)", "math.factorial(n)", "math.gcd(n, k)", "math.isqrt(n)", "math.lcm(n, k)",
    "math.perm(n, k)", "np.gcd(n, k)", "np.lcm(n, k)",
)  # fmt: skip
predicate = stop(
    "predicate", "bool(x)",
    "math.isnan(x)", "math.isinf(x)", "math.isfinite(x)", "math.isclose(x, y)",
    "np.isnan(x)", "np.isinf(x)", "np.isfinite(x)", "np.isclose(x, y)", "np.signbit(x)", "np.isposinf(x)",
    "np.isneginf(x)", "np.equal(x, y)", "np.not_equal(x, y)", "np.less(x, y)", "np.less_equal(x, y)",
    "np.greater(x, y)", "np.greater_equal(x, y)",
    "np.isin(x, y)", "np.allclose(x, y)", "np.array_equal(x, y)",
    "np.logical_and(x, y)", "np.logical_or(x, y)", "np.logical_xor(x, y)", "np.logical_not(x)",
)  # fmt: skip
