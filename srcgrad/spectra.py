"""The shapes of Fourier transforms, of which a real number is read, and of their frequencies. As in layouts.py."""

from __future__ import annotations

from typing import Any

from srcgrad.layouts import Found
from srcgrad.shape import Dims, Shape, Symbol, array


def circular(dims: Dims, x: Shape, y: Shape) -> Found:
    """A product of Fourier transforms: rows are broadcast, but no item of the result is made of one of each."""
    return dims.broadcast([x, y])


def as_long(dims: Dims, x: Shape, y: Shape, n: Any = None) -> Found:
    """np.fft.irfft of a product of half spectra, where it is as long as the rows that these are of."""
    size = x.dims[-1] if x.kind == "array" else None
    if size is None or y.kind != "array" or x.dims != y.dims:
        return None
    return x if n == size or (n is None and isinstance(size, int) and size % 2 == 0) else None


def passed(dims: Dims, x: Shape, c: Shape, n: Any = None) -> Found:
    """As `as_long`, of a half spectrum that is multiplied by a row."""
    return as_long(dims, x, x, n) if c.rank is not None and c.rank < 2 else None


def frequencies(dims: Dims, n: Any, half: Any = False) -> Found:
    """np.fft.fftfreq, np.fft.rfftfreq."""
    if isinstance(n, int):
        return array((n // 2 + 1 if half else n,), "float")
    return array((n if isinstance(n, Symbol) and not half else dims.symbol(),), "float")
