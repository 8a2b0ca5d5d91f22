"""Sorting, statistics, samples, factors of matrices, polynomials, Fourier transforms, over axes and shapes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from arrays import Case, derived, each, holds, lines

from srcgrad.errors import SrcgradError
from srcgrad.staged import Mode

GRID = {"t": np.linspace(-1.0, 1.0, 5)}
MASK = {"c": np.array([True, False, True, True])}


def of_any_shape() -> Iterator[Case]:
    """What is right where nothing is known of the shapes as well."""
    yield from each(
        """
        np.sort(x)
        np.sort(x, axis=0)
        np.sort(x, axis=None)
        np.partition(x, 2)
        np.partition(x, 1, axis=0)
        np.partition(x, 5, axis=None)
        np.unique(x)
        np.median(x)
        np.median(x, axis=1)
        np.median(x, axis=0, keepdims=True)
        np.quantile(x, 0.3)
        np.quantile(x, 0.3, axis=0)
        np.percentile(x, 30, axis=1)
        np.percentile(x, 77.5) * x
        np.nansum(np.where(x > 0.5, np.nan, x))
        np.nanmean(np.where(x > 0.5, np.nan, x), axis=0)
        np.nanmean(x)
        np.nanmean(x, axis=1, keepdims=True)
        np.nanmax(np.where(x > 0.5, np.nan, x), axis=1)
        np.nanmin(x)
        np.nanprod(np.where(x > 0.5, np.nan, x), axis=1)
        np.nanprod(x * (x > 0), axis=0, keepdims=True)
        np.nanprod(x)
        np.nanvar(np.where(x > 0.9, np.nan, x), axis=1)
        np.nanvar(x, ddof=1)
        np.nanvar(x, axis=0, keepdims=True)
        np.nanstd(np.where(x > 0.9, np.nan, x), axis=1)
        np.nanstd(x)
        np.trapezoid(x)
        np.trapezoid(x, axis=0)
        np.trapezoid(x, dx=0.1)
        np.unwrap(4 * x, axis=0)
        np.linalg.trace(x)
        np.linalg.diagonal(x)
        np.linalg.vector_norm(x)
        np.linalg.vector_norm(x, axis=1)
        np.linalg.vector_norm(x, axis=0, keepdims=True)
        np.linalg.matrix_norm(x)
        np.linalg.svdvals(x)
        np.linalg.pinv(x)
        np.fft.fftshift(x)
        np.fft.fftshift(x, axes=0)
        np.fft.ifftshift(x)
        np.fft.fft(x).real
        np.fft.fft(x).imag
        np.fft.ifft(x).real
        np.real(np.fft.ifft(x))
        np.imag(np.fft.ifft(x))
        np.fft.fft2(x).real
        np.fft.ifft2(x).real
        np.fft.fftn(x).real
        np.fft.ifftn(x).real
        np.fft.rfft(x).real
        np.fft.rfft(x).imag
        np.abs(np.fft.fft(x))
        np.abs(np.fft.rfft(x))
        np.abs(np.fft.rfft(x)) ** 2
        np.abs(np.fft.fft(x)) ** 2
        np.fft.ifft(np.fft.fft(x) * 2).real
        np.fft.irfft(x)
        np.fft.hfft(x)
        np.real(x)
        x.real
        np.real_if_close(x)
        np.angle(x) + x
        np.imag(x) + x
        np.angle(x)
        x.round() * x
        x.round(1) * x
        np.nextafter(x, 1.0)
        np.resize(x, (2, 3))
        np.resize(x, (5, 6))
        np.compress([True, False, True], x, axis=0)
        np.compress([True, False, True], x)
        np.extract(x > 0, x)
        np.select([x > 0.5, x > 0], [x**2, np.sin(x)], 0.0)
        np.select([x > 0.5, x > 0], [x**2, np.sin(x)])
        np.divmod(x, 2.0)[1]
    """,
        {"x": (3, 4)},
    )
    yield from each(
        """
        np.sort(x, 0) * x
        np.trapezoid(x)
        np.fft.rfft(x).imag
        np.fft.irfft(x)
    """,
        {"x": (5,)},
    )
    yield Case("np.median(x)", {"x": (7,)})
    yield Case("np.median(x, axis=1)", {"x": (3, 4, 5)})
    yield Case("np.quantile(x, 0.9, axis=-1, keepdims=True)", {"x": (2, 3, 5)})
    yield Case("np.median(x)", {"x": ()})
    yield from each(
        """
        np.sort(x)
        np.unwrap(4 * x)
    """,
        {"x": (6,)},
    )
    yield from each(
        """
        np.convolve(x, y)
        np.convolve(x, y, 'valid')
        np.correlate(x, y)
        np.correlate(x, y, 'full')
    """,
        {"x": (7,), "y": (3,)},
    )
    yield from each(
        """
        np.convolve(x, y)
        np.convolve(x, y, 'valid')
        np.correlate(x, y)
        np.correlate(x, y, 'full')
    """,
        {"x": (3,), "y": (7,)},
    )
    yield Case("np.convolve(x, y, mode='same')", {"x": (7,), "y": (4,)})
    yield Case("np.convolve(x, y, 'same')", {"x": (4,), "y": (7,)})
    yield Case("np.trace(x, 1, axis1=-2, axis2=-1)", {"x": (2, 3, 4)})
    yield Case("np.linalg.vecdot(x, y)", {"x": (3, 4), "y": (4,)})
    yield Case("np.vecdot(x, y)", {"x": (4,), "y": (2, 1, 4)})
    yield Case("np.linalg.tensordot(x, y, axes=1)", {"x": (3, 4), "y": (4, 2)})
    yield Case("n = x.size\nreturn x * np.linalg.norm((n, 2.0))", {"x": (3,)})
    yield Case("np.correlate(x, y, 'same')", {"x": (7,), "y": (4,)})
    yield Case("np.correlate(x, y, 'same')", {"x": (4,), "y": (7,)})
    yield from each(
        """
        np.convolve(x, x)
        np.gradient(x, 0.5, axis=0)
    """,
        {"x": (4,)},
    )
    yield Case("np.interp(x, np.cumsum(np.abs(y) + 0.5) - 2, y)", {"x": (8,), "y": (5,)})
    yield Case("np.trapezoid(x, dx=0.1, axis=0)", {"x": (3, 4, 2)})
    yield Case("np.gradient(x, axis=0)", {"x": (5, 3)})
    yield from each(
        """
        np.gradient(x, 0.5, axis=1)
        np.linalg.trace(x, offset=1)
        np.linalg.diagonal(x, offset=1)
        np.linalg.diagonal(x, offset=-1)
        np.linalg.matrix_norm(x)
        np.linalg.svdvals(x)
        np.linalg.pinv(x)
        np.dsplit(x, 2)[0]
    """,
        {"x": (2, 3, 4)},
    )
    yield Case("np.gradient(x, axis=-1)", {"x": (2, 2)})
    yield from each(
        """
        np.linalg.eigh(x)[0]
        np.linalg.eigh(x)[1]
        np.linalg.eigvalsh(x)
        np.linalg.cholesky(x @ np.swapaxes(x, -1, -2))
    """,
        {"x": (3, 3)},
        near=lambda x: x + 3 * np.eye(3),
    )
    yield from each(
        """
        np.linalg.eigh(x)[0]
        np.linalg.eigh(x)[1]
        np.linalg.eigvalsh(x)
        np.linalg.eigvalsh(x, UPLO='U')
        np.linalg.eigh(x, 'U')[1]
        np.linalg.matrix_power(x, -2)
        np.linalg.cholesky(x @ np.swapaxes(x, -1, -2))
        np.linalg.cholesky(x @ np.swapaxes(x, -1, -2), upper=True)
    """,
        {"x": (2, 3, 3)},
        near=lambda x: x + 3 * np.eye(3),
    )
    yield Case("np.linalg.pinv(x)", {"x": (2, 4, 3)})
    yield from each(
        """
        np.linalg.matrix_power(x, 2)
        np.linalg.matrix_power(x, 5)
    """,
        {"x": (3, 3)},
    )
    yield Case("np.linalg.matrix_power(x, 2)", {"x": (2, 3, 3)})
    yield Case("a, b = np.broadcast_arrays(x, y)\nreturn a * b**2", {"x": (3, 4), "y": (4,)})
    yield from each(
        """
        np.broadcast_arrays(x, y)[1]
        np.select([x > 0.5, x > 0], [x**2, y], default=1.0)
    """,
        {"x": (3, 4), "y": (4,)},
    )
    yield Case("x.item()", {"x": (1,)})
    for shape in ((6,), (2, 3), ()):
        yield Case("np.interp(x, t, y)", {"x": shape, "y": (5,)}, GRID)
    yield Case("np.interp(t, x, y)", {"x": (6,), "y": (6,)}, GRID, near=lambda x: np.cumsum(np.abs(x) + 0.3) - 3)
    yield Case("np.fft.ifft(np.fft.fft(x) * t).real", {"x": (5,)}, GRID)
    yield Case("np.compress(c, x, axis=1)", {"x": (3, 4)}, MASK)
    yield Case("np.extract(c, x)", {"x": (4,)}, MASK)
    yield Case("np.choose(c.astype(int), [x, y])", {"x": (4,), "y": ()}, MASK)


def of_known_shape() -> Iterator[Case]:
    """What is refused of unknown shapes."""
    yield Case("u, s, vt = np.linalg.svd(x, full_matrices=False)\nreturn (u * s**2) @ vt", {"x": (3, 4)})
    yield from each(
        """
        np.cov(x)
        np.cov(x, ddof=0)
        np.corrcoef(x)
        np.linalg.svd(x, full_matrices=False)[2]
        np.linalg.svd(x, full_matrices=False)[0]
        np.linalg.cond(x)
        np.fft.rfft2(x).real
        np.delete(x, [0, 2], axis=1)
        np.delete(x, 5)
        np.linspace(x[0, 0], x[0, 1], 5)
    """,
        {"x": (3, 4)},
    )
    yield from each(
        """
        np.cov(x, ddof=0)
        np.insert(x, 2, 1.5)
        np.delete(x, 1)
        np.delete(x, [0, 2])
    """,
        {"x": (5,)},
    )
    yield from each(
        """
        np.trapezoid(y, x)
        np.trapezoid(y, x=x)
    """,
        {"y": (5,), "x": (5,)},
    )
    yield Case("np.trapezoid(y, np.arange(4) * 0.5)", {"y": (3, 4)})
    yield from each(
        """
        np.gradient(x)
        np.gradient(x, 0.5)
        np.ediff1d(x)
    """,
        {"x": (6,)},
    )
    yield Case("np.gradient(x, 0.5)", {"x": (2,)})
    yield from each(
        """
        np.gradient(x, 0.5)
        np.vander(x)
        np.vander(x, 3)
        np.vander(x, 1)
    """,
        {"x": (4,)},
    )
    yield Case("u, s, vt = np.linalg.svd(x, False)\nreturn (u * s[..., None, :] ** 2) @ vt", {"x": (2, 3, 4)})
    for shape in ((2, 3, 5), (2, 5, 3), (3, 5)):
        yield Case("q, r = np.linalg.qr(x)\nreturn np.sum(q**2 * np.arange(3)) * r", {"x": shape})
    yield Case("w, v = np.linalg.eigh(x)\nreturn v * w", {"x": (3, 3)}, near=lambda x: x + 3 * np.eye(3))
    yield Case("q, r = np.linalg.qr(x)\nreturn q @ r**2", {"x": (3, 3)}, near=lambda x: x + 3 * np.eye(3))
    yield from each(
        """
        np.linalg.svd(x)[0]
        np.linalg.matrix_power(x, -2)
        np.linalg.matrix_power(x, 0)
    """,
        {"x": (3, 3)},
        near=lambda x: x + 3 * np.eye(3),
    )
    yield from each(
        """
        np.linalg.svd(x, compute_uv=False)
        np.linalg.svd(x, full_matrices=False)[0]
        np.linalg.svd(x, full_matrices=False)[1]
        np.linalg.svd(x, full_matrices=False)[2]
        np.linalg.qr(x)[0]
        np.linalg.qr(x, mode='reduced')[1]
        np.linalg.svd(x)[1]
        np.linalg.norm(x, 'nuc')
        np.linalg.norm(x, 2)
        np.linalg.norm(x, np.inf, keepdims=True)
        np.linalg.matrix_norm(x, ord=1)
        np.linalg.norm(x, 3, axis=0)
    """,
        {"x": (4, 3)},
    )
    yield from each(
        """
        np.linalg.eigvals(x).real
        np.abs(np.linalg.eigvals(x))
        np.linalg.tensorsolve(x.reshape(3, 1, 3), x[0])
        np.linalg.tensorinv(x.reshape(3, 1, 3), ind=1)
    """,
        {"x": (3, 3)},
        near=lambda x: x + 3 * np.eye(3),
    )
    yield Case("np.linalg.lstsq(x, y, rcond=None)[0]", {"x": (5, 3), "y": (5,)})
    yield Case("np.linalg.lstsq(x, y, rcond=None)[0]", {"x": (5, 3), "y": (5, 2)})
    yield Case("np.linalg.lstsq(x, y, rcond=None)[0]", {"x": (2, 4), "y": (2,)})
    yield Case("np.linalg.multi_dot([x, y])", {"x": (3, 4), "y": (4, 2)})
    yield Case("np.linalg.multi_dot([x, y, w])", {"x": (3, 4), "y": (4, 2), "w": (2, 5)})
    yield Case("np.linalg.multi_dot([x, y, w, x])", {"x": (3, 4), "y": (4, 2), "w": (2, 3)})
    yield Case("np.kron(x, y)", {"x": (3, 2), "y": (4, 3)})
    yield Case("a, b = np.meshgrid(x, y)\nreturn a * b**2", {"x": (3,), "y": (4,)})
    yield Case("a, b = np.meshgrid(x, y, indexing='ij')\nreturn a * b**2", {"x": (3,), "y": (4,)})
    yield from each(
        """
        np.kron(x, y)
        np.r_[x, y]
        np.meshgrid(x, y)[0]
    """,
        {"x": (3,), "y": (4,)},
    )
    yield Case("np.gradient(x, np.linspace(0, 1, len(x)) ** 2)", {"x": (5,)})
    yield Case("np.gradient(x[:3], [0.0, 0.2, 1.0])", {"x": (4,)})
    yield Case("np.linalg.vecdot(x, x**2, axis=0)", {"x": (3, 4)})
    yield Case("np.linalg.multi_dot([y, x, y])", {"x": (3, 3), "y": (3,)})
    yield Case("np.linalg.multi_dot([x, x, y])", {"x": (3, 3), "y": (3,)})
    yield Case("np.linalg.multi_dot([y, x, w])", {"x": (3, 3), "y": (3,), "w": (3, 2)})
    yield Case("np.polyval(y, x)", {"y": (3,), "x": (4,)})
    yield Case("np.polyval(y, x)", {"y": (3,), "x": (2, 4)})
    yield Case("np.polyval(y, x)", {"y": (3,), "x": ()})
    yield Case("np.polyval(y, 2.0)", {"y": (3,)})
    yield from each(
        """
        np.fft.rfftn(x).real
        np.fft.irfftn(x)
    """,
        {"x": (2, 3, 4)},
    )
    yield Case("np.r_[x, y]", {"x": (3,), "y": ()})
    yield Case("np.r_[x, y]", {"x": (3, 2), "y": (1, 2)})
    yield Case("np.c_[x, y]", {"x": (3,), "y": (3,)})
    yield Case("np.c_[x, y]", {"x": (3,), "y": (3, 2)})
    yield Case("np.insert(x, 2, y)", {"x": (5,), "y": ()})
    yield Case("np.logspace(x, y, 5)", {"x": (), "y": ()})
    yield Case("np.geomspace(x, y, 5)", {"x": (), "y": ()}, near=lambda x: np.abs(x) + 0.5)
    yield from each(
        """
        np.diagflat(x)
        np.diagflat(x, 1)
    """,
        {"x": (3,)},
    )
    yield Case("np.polyfit(t, x, 2)", {"x": (5,)}, GRID)


@pytest.mark.parametrize("case", list(of_any_shape()), ids=str)
@pytest.mark.filterwarnings("ignore")
def test_right_whatever_is_known(case: Case) -> None:
    holds(case)


@pytest.mark.parametrize("case", list(of_known_shape()), ids=str)
def test_right_where_the_shapes_are_known(case: Case) -> None:
    holds(case, known=(True,))


SINGLE = """
np.sort(x, axis=0)
np.median(x, axis=1)
np.quantile(x, 0.3)
np.nanmean(x, axis=0)
np.nanstd(x, axis=1)
np.gradient(x, axis=1)
np.linalg.pinv(x)
np.linalg.svd(x, full_matrices=False)[0]
np.linalg.svdvals(x)
np.fft.irfft(x)
np.abs(np.fft.rfft(x))
"""


@pytest.mark.parametrize("case", list(each(SINGLE, {"x": (3, 4)})), ids=str)
def test_single_precision_stays_single(case: Case) -> None:
    holds(case, "float32", known=(True,))


def test_a_result_that_nothing_reads_takes_its_terms_with_it() -> None:
    """Of the eigenvalues alone no gaps between them are asked for, which may be 0."""
    values = lines(Case("np.linalg.eigh(x)[0]", {"x": (3, 3)}))
    vectors = lines(Case("np.linalg.eigh(x)[1]", {"x": (3, 3)}))
    assert not any("1 / (" in line for line in values)
    assert any("1 / (" in line for line in vectors)


@pytest.mark.parametrize(
    "text",
    [
        "np.imag(np.fft.fft(x) * 2)",
        "np.angle(np.fft.rfft(x))",
        "np.angle(np.linalg.eigvals(x))",
        "np.linalg.eigvals(x)",
        "np.linalg.eig(x)[0].real",
        "np.linalg.pinv(x, rcond=0.1)",
        "np.linalg.eigh(x, UPLO=x)[0]",
    ],
)
def test_what_may_be_complex_or_cut_off_is_refused(text: str) -> None:
    with pytest.raises(SrcgradError, match="no gate for np"):
        derived(Case(text, {"x": (3, 3)}), Mode.VJP)


def test_a_bound_on_singular_values_is_refused() -> None:
    with pytest.raises(SrcgradError, match="no rule for these settings"):
        derived(Case("np.linalg.lstsq(x, x, rcond=0.1)[0]", {"x": (3, 3)}), Mode.VJP)
