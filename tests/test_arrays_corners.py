"""Corners of numpy's functions: places from the end, widths row by row, several quantiles, precision, other axes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from arrays import Case, derived, each, holds, lines
from numpy.fft import rfft

from srcgrad import SrcgradError, grad
from srcgrad.decide import decided
from srcgrad.expr import render
from srcgrad.known import Known
from srcgrad.lower import parse
from srcgrad.staged import Mode

FIXED = {"t": 0.3, "q": np.array([0.3, 0.6])}
ROW = {"w": np.array([1.0, 2.0, 0.5, 3.0])}


def of_any_shape() -> Iterator[Case]:
    """What is right where nothing is known of the shapes as well."""
    yield from each(
        """
        np.nanmedian(np.where(x > 1, np.nan, x))
        np.nanquantile(np.where(x > 1, np.nan, x), 0.4, axis=1)
        np.nanpercentile(np.where(x > 1, np.nan, x), [20, 70.0], axis=0)
        np.quantile(x, [0.1, 0.5])
        np.quantile(x, (0.1, 0.5, 0.9), axis=0)
        np.quantile(x, [0.1, 0.5], axis=-1, keepdims=True)
        np.percentile(x, [25, 75], axis=1)[1] - np.percentile(x, [25, 75], axis=1)[0]
        np.cumulative_sum(x, axis=1)
        np.cumulative_prod(x, axis=0)
        np.add.outer(x, x)
        np.subtract.outer(x[0], x)
        np.fft.fft(x, axis=0).real
        np.fft.ifft(x, norm="ortho").imag
        np.fft.rfft(x, axis=0, norm="ortho").imag
        np.abs(np.fft.rfft(x, axis=0))
        np.abs(np.fft.fft(x, axis=0)) ** 2
        np.abs(np.fft.fftn(x)) ** 2
        np.fft.fftn(x, norm="forward").imag
        np.fft.rfft2(x).imag
        np.fft.rfftn(x).imag
        np.fft.ifft(np.fft.fft(x) * np.fft.fft(x[0])).real
        np.reshape(x, (2, 6), order="F")
        x.reshape((2, -1), order="F")
        x.ravel("F")
        x.flatten(order="F")
        x.reshape((2, -1), order="C")
        x.conj() * x.conjugate()
        np.diff(x, 1, 0)
        np.trapezoid(x, None, 0.5)
        np.zeros_like(x, dtype=float) + x
        np.full((2, 3), fill_value=x[0, 0])
        np.arange(x[0, 0], x[0, 0] + 2.6, 0.5)
        np.vecdot(x, x[:1])
        x[..., :, None] - x[..., None, :]
        x[None, ..., None, :]
        np.append(x, x[0])
        ((x > 0) & ~(x > 1) | (x < -1)) * x
        x[~(x > 0)]
        np.sum(x[~np.isnan(x)] ** 2)
        x[np.where(x > 0)]
        np.digitize(x, [0.0]) * x
        np.size(x, 0) * x
        np.heaviside(x, 0.5)
    """,
        {"x": (3, 4)},
    )
    for text in (
        "np.exp([w[0], w[1]])",
        "np.sum(np.outer([1.0, 2.0], w))",
        "np.sum([w, w], axis=1)",
        "np.sqrt([1.0, 2.0])",
    ):
        yield Case(f"np.sum(x) * {text} + x", {"x": (2,)}, ROW)


def of_known_shape() -> Iterator[Case]:
    """What is refused of unknown shapes."""
    yield from each(
        """
        np.insert(x, -1, 2.0)
        np.insert(x, -2, x[0])
        np.insert(x, 0, x[-1])
        np.trim_zeros(np.maximum(x, 0.0))
        np.trim_zeros(np.maximum(x, 0.0), "b")
        np.polymul(np.maximum(x, 0.0), x)
        np.vander(x, 4, increasing=True)
        np.vander(x, 0)
    """,
        {"x": (6,)},
        near=lambda x: x - np.array([9.0, 0, 0, 0, 0, 0]),
    )
    for x, y in (((5,), (3,)), ((2,), (4,)), ((3,), (3,))):
        yield from each("np.polyadd(x, y)\nnp.polysub(x, y)\nnp.polymul(x, y)", {"x": x, "y": y})
    yield from each("np.pad(x, ((1,), (2,)))\nnp.pad(x, (1,))", {"x": (2, 3)})
    for shape in ((3, 4), (1, 4), (4, 1), (4,)):
        yield Case("np.cov(x, rowvar=False, ddof=0)", {"x": shape})
        yield Case("np.cov(x, ddof=0)", {"x": shape})
    yield from each(
        "np.corrcoef(x, rowvar=False)\nnp.quantile(x, t, axis=0)\nnp.quantile(x, q)", {"x": (4, 3)}, fixed=FIXED
    )
    yield Case("np.quantile(x, q, axis=1, keepdims=True)", {"x": (2, 3, 2)}, fixed={"q": FIXED["q"]})
    yield Case("np.average(x, axis=0, weights=w)", {"x": (4, 3), "w": (4,)}, near=np.exp)
    yield Case("np.average(x, -1, w)", {"x": (2, 3, 4), "w": (4,)}, near=np.exp)
    yield Case("np.vecdot(x, y, axis=0)", {"x": (3, 4), "y": (3, 4)})
    yield Case("np.fft.ifft(np.fft.fft(x) * np.fft.fft(y)).real", {"x": (5,), "y": (2, 5)})
    yield Case("np.meshgrid(x, y, indexing='xy')[0]", {"x": (3,), "y": (2,)})
    yield from each("np.resize(x, (2, 3))\nx.prod()", {"x": ()})


@pytest.mark.parametrize("case", list(of_any_shape()), ids=str)
@pytest.mark.filterwarnings("ignore")
def test_right_whatever_is_known(case: Case) -> None:
    holds(case)


@pytest.mark.parametrize("case", list(of_known_shape()), ids=str)
def test_right_where_the_shapes_are_known(case: Case) -> None:
    holds(case, known=(True,))


@pytest.mark.parametrize(
    "text",
    [
        "np.imag(np.fft.ifft2(x, axes=(0, 1)))",
        "np.angle(np.fft.fft(x))",
        "np.trapezoid(x[0], x)",
        "x.ravel('K')",
        "np.cumulative_sum(x, axis=0, include_initial=True)",
        "np.quantile(x, 0.5, method='lower')",
        "np.fft.fft(x, 3).real",
    ],
)
def test_what_is_not_known_is_refused(text: str) -> None:
    """What is read of a complex number is no step, though that of a real one is."""
    with pytest.raises(SrcgradError):
        derived(Case(text, {"x": (3, 4)}), Mode.VJP)


PRECISE = """
np.cov(x)
np.corrcoef(x, rowvar=False)
np.vander(x[0], 3)
np.vander(x[0], 3, increasing=True)
np.polyval(x[0], x)
np.interp(x, np.cumsum(np.abs(x[0])), x[1])
np.linspace(x[0, 0], x[1, 1], 4)
np.geomspace(x[0, 0] ** 2, 3.0, 4)
np.quantile(x, [0.2, 0.3], axis=0)
np.matvec(x, x[0])
"""


@pytest.mark.parametrize("case", list(each(PRECISE, {"x": (3, 4)})), ids=str)
def test_a_gradient_is_as_precise_as_its_operand(case: Case) -> None:
    """Where numpy gives a result of double precision the gradient upon it is of double precision, too."""
    x = np.random.default_rng(1).normal(size=(3, 4)).astype(np.float32)
    out = case.function()(x)
    _, (backward,) = derived(case, Mode.VJP)
    _, (forward,) = derived(case, Mode.JVP)
    assert backward(np.ones_like(out), x)[0].dtype == np.float32
    assert forward(x, x)[1].dtype == out.dtype


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("np.argsort(x, axis=None)", "np.argsort(x, axis=None)"),
        ("np.argsort(x, axis=-1)", "np.argsort(x)"),
        ("np.add.reduce(x, axis=None)", "np.add.reduce(x, axis=None)"),
        ("slope(x, keepdims=False)", "slope(x, keepdims=False)"),
        ("np.concatenate(x, axis=0)", "np.concatenate(x)"),
        ("np.take_along_axis(x, i, axis=None)", "np.take_along_axis(x, i, axis=None)"),
        ("np.sum(x, axis=None, keepdims=False)", "np.sum(x)"),
        ("np.sum(x, axis=-1)", "np.sum(x, axis=-1)"),
        ("np.fft.fft(x, axis=-1, norm=None)", "np.fft.fft(x)"),
    ],
)
def test_only_what_a_function_takes_anyway_is_left_out(text: str, expected: str) -> None:
    assert render(decided(parse(text), Known({}, {}, {}, ()))) == expected


@pytest.mark.parametrize(
    ("text", "gradient"),
    [
        ("np.fft.fft2(x).real", "dx = np.fft.fft2(dout).real"),
        ("np.imag(np.fft.ifft(x, axis=0))", "dx = np.fft.ifft(dout, axis=0).imag"),
        ("np.reshape(x, (4, 3), 'F')", 'dx = np.reshape(dout, x.shape, order="F").copy()'),
    ],
)
def test_the_text_is_as_written_by_hand(text: str, gradient: str) -> None:
    assert gradient in lines(Case(text, {"x": (3, 4)}))


def pairs(x):
    return np.add.outer(x, x) * np.linalg.norm(x)


def of_pairs(x):
    return np.sum(pairs(x))


def test_a_method_of_a_function_of_numpy_is_no_module() -> None:
    """What a function that is read through calls is spelled with what numpy is imported as."""
    found = grad(of_pairs)(np.array([3.0, 4.0]))
    assert np.allclose(found, [4 * 5 + 28 * 0.6, 4 * 5 + 28 * 0.8])


def power(x):
    return np.sum(np.abs(rfft(x)) ** 2)


def test_a_transform_is_known_by_its_own_name() -> None:
    x = np.array([3.0, -1.0, 2.0])
    assert np.allclose(grad(power)(x), x * 3 + np.sum(x))
