"""Gates that stop the gradient: their value does not change with their operands, or only in steps."""

from srcgrad.gate import stop

comparison = stop("comparison", "x < y")
size = stop("size", "len(x)", "int(x)", "round(x)", "round(x, n)")
step = stop("step", "math.floor(x)", "math.ceil(x)", "math.trunc(x)", "np.floor(x)", "np.ceil(x)", "np.trunc(x)")
sign = stop("sign", "np.sign(x)")
predicate = stop("predicate", "math.isnan(x)", "math.isinf(x)", "math.isfinite(x)", "math.isclose(x, y)")
