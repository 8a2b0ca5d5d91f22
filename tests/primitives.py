"""What jax has traced, computed by numpy: a primitive that is not listed, jax computes itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Array = Any


def evaluated(jaxpr: Any, consts: Sequence[Array], args: Sequence[Array]) -> list[Array]:
    values: dict[Any, Array] = dict(zip((*jaxpr.constvars, *jaxpr.invars), (*consts, *args), strict=True))

    def read(of: Any) -> Array:
        return np.asarray(of.val, of.aval.dtype) if hasattr(of, "val") else values[of]

    for equation in jaxpr.eqns:
        found = _made(equation, [read(of) for of in equation.invars])
        values.update(zip(equation.outvars, found, strict=True))
    return [read(of) for of in jaxpr.outvars]


def _made(equation: Any, args: list[Array]) -> Sequence[Array]:
    name, params = equation.primitive.name, equation.params
    if name in ("jit", "pjit", "closed_call"):
        inner = params["jaxpr"]
        return evaluated(inner.jaxpr, inner.consts, args)
    if name == "custom_jvp_call":
        return evaluated(params["call_jaxpr"].jaxpr, params["call_jaxpr"].consts, args)
    if name in ITEMWISE:
        with np.errstate(all="ignore"):
            found = ITEMWISE[name](*args)
    elif name == "split":
        return np.split(args[0], np.cumsum(params["sizes"])[:-1], params["axis"])
    elif name in LISTED:
        found = LISTED[name](*args, **params)
    else:
        found = equation.primitive.bind(*args, **params)
        return [np.asarray(one) for one in (found if equation.primitive.multiple_results else [found])]
    made = equation.outvars[0].aval
    assert np.shape(found) == made.shape
    return [np.asarray(found, made.dtype)]


def _broadcast(x: Array, shape: tuple[int, ...], broadcast_dimensions: tuple[int, ...], **_: Any) -> Array:
    sizes = dict(zip(broadcast_dimensions, np.shape(x), strict=True))
    return np.broadcast_to(np.reshape(x, [sizes.get(i, 1) for i in range(len(shape))]), shape)


def _dot(x: Array, y: Array, dimension_numbers: Any, **_: Any) -> Array:
    (left, right), (ahead, before) = dimension_numbers
    letters = iter(range(52))
    one, two = [next(letters) for _ in np.shape(x)], [next(letters) for _ in np.shape(y)]
    for i, j in zip((*left, *ahead), (*right, *before), strict=True):
        two[j] = one[i]
    kept = [one[i] for i in ahead]
    rest = [k for k in (*one, *two) if (k in one) != (k in two)]
    return np.einsum(x, one, y, two, [*kept, *rest])


def _slice(x: Array, start_indices: Any, limit_indices: Any, strides: Any) -> Array:
    steps = strides or [1] * len(start_indices)
    return x[tuple(map(slice, start_indices, limit_indices, steps))]


def _pad(x: Array, value: Array, padding_config: Any) -> Array:
    """Apart from each other, then with more of them in front and behind; fewer where these are below zero."""
    wide = np.full(
        [max(0, (n - 1) * (inside + 1) + 1) for n, (*_, inside) in zip(x.shape, padding_config, strict=True)], value
    )
    wide[tuple(slice(None, None, inside + 1) for *_, inside in padding_config)] = x
    more = [(max(0, int(low)), max(0, int(high))) for low, high, _ in padding_config]
    cut = tuple(slice(max(0, -low), min(0, high) or None) for low, high, _ in padding_config)
    return np.pad(wide[cut], more, constant_values=value)


def _iota(*_: Array, dtype: Any, shape: tuple[int, ...], dimension: int, **__: Any) -> Array:
    places = np.arange(shape[dimension], dtype=dtype)
    return np.broadcast_to(places.reshape([-1 if i == dimension else 1 for i in range(len(shape))]), shape)


def _cumulated(function: Any) -> Callable[..., Array]:
    def run(x: Array, axis: int, reverse: bool) -> Array:
        return np.flip(function(np.flip(x, axis), axis), axis) if reverse else function(x, axis)

    return run


ITEMWISE: dict[str, Callable[..., Array]] = {
    "mul": np.multiply, "div": np.divide, "add": np.add, "add_any": np.add, "sub": np.subtract, "neg": np.negative,
    "exp": np.exp, "log": np.log, "log1p": np.log1p, "expm1": np.expm1, "sin": np.sin, "cos": np.cos, "tanh": np.tanh,
    "atan": np.arctan, "asinh": np.arcsinh, "sqrt": np.sqrt, "abs": np.abs, "square": np.square, "pow": np.power,
    "max": np.maximum, "min": np.minimum, "eq": np.equal, "ne": np.not_equal, "gt": np.greater, "lt": np.less,
    "ge": np.greater_equal, "le": np.less_equal, "and": np.bitwise_and, "or": np.bitwise_or,
    "not": np.invert, "sign": np.sign,
    "rsqrt": lambda x: 1 / np.sqrt(x), "select_n": lambda which, *cases: np.choose(which.astype(int), cases),
}  # fmt: skip
LISTED: dict[str, Callable[..., Array]] = {
    "integer_pow": lambda x, y: x ** np.asarray(y, x.dtype),
    "broadcast_in_dim": _broadcast,
    "convert_element_type": lambda x, new_dtype, **_: x if np.issubdtype(new_dtype, np.complexfloating) else np.real(x),
    "copy": lambda x: x,
    "reshape": lambda x, new_sizes, dimensions, **_: np.reshape(
        x if dimensions is None else np.transpose(x, dimensions), new_sizes
    ),
    "transpose": lambda x, permutation: np.transpose(x, permutation),
    "squeeze": lambda x, dimensions: np.squeeze(x, tuple(dimensions)),
    "rev": lambda x, dimensions: np.flip(x, dimensions),
    "reduce_sum": lambda x, axes, **_: np.sum(x, tuple(axes)),
    "reduce_max": lambda x, axes, **_: np.max(x, tuple(axes)),
    "reduce_min": lambda x, axes, **_: np.min(x, tuple(axes)),
    "concatenate": lambda *xs, dimension: np.concatenate(xs, dimension),
    "slice": _slice,
    "pad": _pad,
    "iota": _iota,
    "cumsum": _cumulated(np.cumsum),
    "cumprod": _cumulated(np.cumprod),
    "cummax": _cumulated(np.maximum.accumulate),
    "cummin": _cumulated(np.minimum.accumulate),
    "reduce_prod": lambda x, axes, **_: np.prod(x, tuple(axes)),
    "real": np.real,
    "imag": np.imag,
    "dot_general": _dot,
}
