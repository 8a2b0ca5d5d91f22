"""Gates that stop the gradient: their value does not change with their operands, or only in steps."""

from srcgrad.gate import stop

comparison = stop("comparison", "x < y")
size = stop("size", "len(x)")
rounding = stop("rounding", "int(x)", "round(x)", "round(x, n)")
step = stop(
    "step",
    "math.floor(x)", "math.ceil(x)", "math.trunc(x)",
    "np.floor(x)", "np.ceil(x)", "np.trunc(x)", "np.rint(x)", "np.fix(x)", "np.round(x)", "np.round(x, n)",
    "np.around(x)", "np.around(x, n)",
    "math.ulp(x)", "np.spacing(x)",
)  # fmt: skip
sign = stop("sign", "np.sign(x)")
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
    "np.logical_and(x, y)", "np.logical_or(x, y)", "np.logical_xor(x, y)", "np.logical_not(x)",
)  # fmt: skip
