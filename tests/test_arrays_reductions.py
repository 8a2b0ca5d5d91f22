"""Reductions, running sums and functions item by item: axes, keepdims and broadcasting, against differences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from arrays import Case, derived, holds

from srcgrad import grad
from srcgrad.staged import Mode

Shape = tuple[int, ...]
SHAPES: tuple[Shape, ...] = ((3,), (1,), (2, 3), (3, 1), (2, 3, 4))
AXES = ("", "axis=0", "axis=-1", "axis=(0, 1)", "axis=(-1, 0)")
METHODS = ("sum", "mean", "max", "min", "prod", "var", "std")


def arguments(shape: Shape) -> Iterator[str]:
    for axis in AXES if len(shape) > 1 else AXES[:3]:
        for keepdims in ("", "keepdims=True"):
            yield ", ".join(filter(None, (axis, keepdims)))


def reductions() -> Iterator[Case]:
    for shape in SHAPES:
        for rest in arguments(shape):
            more = f", {rest}" if rest else ""
            for name in (*METHODS, "amax", "amin", "ptp", "nansum", "average"):
                if not (name == "std" and 1 in shape):  # of one item it has no derivative
                    yield Case(f"np.{name}(x{more})", {"x": shape})
            for name in METHODS:
                if not (name == "std" and 1 in shape):
                    yield Case(f"x.{name}({rest})", {"x": shape})
        if 1 not in shape:
            yield Case("np.var(x, ddof=1)", {"x": shape})
            yield Case("x.std(axis=0, ddof=1, keepdims=True)", {"x": shape})
        yield Case("np.average(x, weights=w)", {"x": shape, "w": shape}, near=np.exp)


def running() -> Iterator[Case]:
    for shape in SHAPES:
        for text in ("np.cumsum(x)", "x.cumsum(axis=-1)", "np.cumprod(x)", "np.cumprod(x, axis=0)", "x.cumprod()"):
            yield Case(text, {"x": shape})
    for shape in ((5,), (4, 3), (4, 3, 5)):
        for text in ("np.diff(x)", "np.diff(x, axis=0)", "np.diff(x, 2)", "np.diff(x, n=2, axis=0)", "np.diff(x, 1)"):
            yield Case(text, {"x": shape})


SPECIAL = ("expit", "log_expit", "erf", "erfc", "ndtr", "log_ndtr", "expm1", "log1p", "entr", "gamma", "gammaln",
           "digamma", "psi", "i0", "i0e", "j0", "sinc", "cbrt", "exp2", "loggamma")  # fmt: skip
ALONG = ("softmax(x)", "softmax(x, axis=0)", "log_softmax(x, axis=-1)", "logsumexp(x)", "logsumexp(x, axis=0)",
         "logsumexp(x, axis=-1, keepdims=True)", "logsumexp(x, -1)")  # fmt: skip
BROADCAST: tuple[tuple[Shape, Shape], ...] = (
    ((), ()), ((3,), ()), ((), (3,)), ((1,), (3,)), ((2, 1), (1, 3)), ((2, 3), (3,)), ((4, 2, 3), (2, 1)), ((0,), ()),
)  # fmt: skip
PAIRS = (
    "np.maximum(x, y)", "np.minimum(x, y)", "np.fmax(x, y)", "np.hypot(x, y)", "np.arctan2(x, y)", "np.logaddexp(x, y)",
    "np.power(x, y)", "np.where(x > y, x, y)", "np.clip(x, y, None)", "np.clip(x, None, y)", "np.clip(x, y, 1.5)",
    "np.clip(x, min=y)", "np.clip(x, a_min=None, a_max=y)", "special.xlogy(x, y)", "special.xlog1py(x, y)",
    "special.rel_entr(x, y)", "special.kl_div(x, y)", "special.beta(x, y)", "special.betaln(x, y)",
    "special.huber(x, y)",
)  # fmt: skip
HEADER = "import numpy as np\nfrom scipy import special"


def positive(x: np.ndarray) -> np.ndarray:
    return 0.3 + np.abs(x)


def items() -> Iterator[Case]:
    for shape in ((3,), (2, 3)):
        for name in SPECIAL:
            yield Case(f"special.{name}(x)", {"x": shape}, near=positive, header=HEADER)
        for name in ("logit", "erfinv", "erfcinv", "ndtri"):
            yield Case(f"special.{name}(x)", {"x": shape}, near=lambda x: 0.1 + 0.8 / (1 + np.exp(-x)), header=HEADER)
        for text in ALONG:
            yield Case(f"special.{text}", {"x": shape}, header=HEADER)
        for text in ("x.clip(-0.5, 0.5)", "x.clip(min=0)", "x.clip(max=0.5)", "x.clip(None, 0.5)", "x.clip(0.1)"):
            yield Case(text, {"x": shape})
    for text in PAIRS:
        for x, y in BROADCAST:
            yield Case(text, {"x": x, "y": y}, near=positive, header=HEADER)


@pytest.mark.parametrize("case", [*reductions(), *running(), *items()], ids=str)
def test_every_axis(case: Case) -> None:
    holds(case, known=(True,))
    if not ("average" in case.text and "weights" in case.text):
        holds(case, order="F", known=(False,))


@pytest.mark.parametrize("case", [*reductions(), *running(), *items()][::4], ids=str)
def test_single_precision(case: Case) -> None:
    if () not in case.shapes.values():
        holds(case, "float32", known=(True,))


@pytest.mark.parametrize(
    "x", [[2.0, 0.0, 3.0], [0.0, 0.0, 3.0], [[1.0, 0.0], [0.0, 0.0], [2.0, 5.0]], [[0.0]]], ids=str
)
@pytest.mark.parametrize("rest", ["", ", axis=0", ", axis=-1, keepdims=True"])
def test_a_product_with_zeros(x: list[float], rest: str) -> None:
    near = lambda _: np.array(x)  # noqa: E731
    holds(Case(f"np.prod(x{rest})", {"x": np.shape(x)}, near=near))


@pytest.mark.parametrize("name", ["max", "min"])
def test_ties_share(name: str) -> None:
    _, (backward,) = derived(Case(f"np.{name}(x, axis=1)", {"x": (2, 3)}), Mode.VJP)
    found = np.asarray(backward(np.array([1.0, 4.0]), np.array([[2.0, 2.0, 2.0], [1.0, 1.0, 1.0]])))
    assert np.allclose(found, [[1 / 3] * 3, [4 / 3] * 3])


@pytest.mark.parametrize("rest", ["", ", axis=1", ", axis=0", ", axis=1, keepdims=True"])
def test_a_softmax_is_one_only_where_its_sum_keeps_the_axis(rest: str) -> None:
    """On a square matrix the sum of rows without keepdims divides the columns."""
    holds(Case(f"np.exp(x) / np.sum(np.exp(x){rest})", {"x": (3, 3)}))


DIFFERENCES = (
    lambda x: np.sum(np.diff(x)),
    lambda x: np.sum(np.diff(x, axis=0)),
    lambda x: np.sum(np.diff(x, 2)),
    lambda x: np.sum(np.diff(x, n=2, axis=0)),
)


@pytest.mark.parametrize("f", DIFFERENCES)
@pytest.mark.parametrize("shape", [(0,), (1,), (0, 3), (3, 0), (1, 3), (3, 1)])
def test_differences_of_too_few(f: Any, shape: Shape) -> None:
    units = [row.reshape(shape) for row in np.eye(int(np.prod(shape)))]
    found = grad(f)(np.ones(shape))
    assert found.shape == shape
    assert found.ravel().tolist() == [f(unit) for unit in units]


def folded(x, axis=None):
    return np.sum(np.max(x, axis=axis) ** 2)


def test_what_is_settled_of_a_condition_goes() -> None:
    df = grad(folded, shapes={"x": "N D"})
    assert "    if axis is None:\n" in df.source
    assert "False" not in df.source
    x = np.arange(6.0).reshape(2, 3)
    assert df(x, axis=0).tolist() == [[0.0, 0.0, 0.0], [6.0, 8.0, 10.0]]
    assert df(x).tolist() == [[0.0, 0.0, 0.0], [0.0, 0.0, 10.0]]


def weighed(x):
    return np.sum(x * np.arange(1, 4))


def test_the_size_of_a_range_is_known() -> None:
    df = grad(weighed, shapes={"x": "3"})
    assert "unbroadcast" not in df.source
    assert df(np.ones(3)).tolist() == [1.0, 2.0, 3.0]
    assert grad(weighed)(1.0) == 6.0


def picked(x, y):
    t = np.arange(1, 4)
    return np.sum(x * t * y[np.arange(0, 3)])


def test_the_size_of_a_range_with_a_name_is_known() -> None:
    df = grad(picked, shapes={"x": "3", "y": "N"})
    assert "unbroadcast" not in df.source
    dx, dy = df(np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 5.0, 7.0]))
    assert (dx.tolist(), dy.tolist()) == ([2.0, 6.0, 15.0], [1.0, 4.0, 9.0, 0.0])
