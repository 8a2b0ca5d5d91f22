"""Arrays as they are looked at: a small heat map, and their first numbers on demand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from srcgrad.views.figures import figure, number

_CELLS = 24
"""The most rows and columns of a heat map; of a larger array a cell is the mean of a block."""

_NUMBERS = 256


def panels(bound: Sequence[tuple[str, Any]]) -> Iterator[dict[str, Any]]:
    """What there is to see of the arrays among these values, those in lists, tuples and dicts too."""
    for name, value in bound:
        if getattr(value, "shape", ()):
            if value.size and value.dtype.kind in "biuf":
                yield _panel(name, value)
        elif isinstance(value, (list, tuple)):
            yield from panels([(f"{name}[{i}]", item) for i, item in enumerate(value)])
        elif isinstance(value, dict):
            yield from panels([(f"{name}[{key!r}]", item) for key, item in value.items()])


def _panel(name: str, array: Any) -> dict[str, Any]:
    """An array as rows: those of its last axis, one under the other."""
    import numpy as np

    rows = array.reshape(-1, array.shape[-1])
    high, wide = (math.ceil(size / _CELLS) for size in rows.shape)
    with np.errstate(all="ignore"):
        cells = [
            [_mean(rows[i : i + high, j : j + wide]) for j in range(0, rows.shape[1], wide)]
            for i in range(0, rows.shape[0], high)
        ]
    shown = rows[: max(1, _NUMBERS // rows.shape[1]), :_NUMBERS]
    return {
        "name": name,
        "figure": figure(array),
        "cells": cells,
        "block": f"each cell is the mean of {high} by {wide}" if high * wide > 1 else "",
        "numbers": [[number(item) for item in row] for row in shown.tolist()],
        "left": array.size - shown.size,
    }


def _mean(block: Any) -> float | None:
    """The mean of a block; None where it is no finite number."""
    mean = float(block.astype(float).mean())
    return float(number(mean)) if math.isfinite(mean) else None
