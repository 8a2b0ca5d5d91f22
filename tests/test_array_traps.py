"""Small functions as people write them, each of which was once derived wrongly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from arrays import Case, derived, holds

from srcgrad.errors import SrcgradError
from srcgrad.staged import Mode


def cases() -> Iterator[Case]:
    # Numbers between two ends move with the ends.
    yield Case("np.linspace(a, b, 5) ** 2", {"a": (), "b": ()})
    yield Case("np.linspace(a, b)", {"a": (), "b": ()})
    yield Case("np.linspace(a, b, num=4, endpoint=False)", {"a": (), "b": ()})
    yield Case("np.linspace(a[0], a[1], 3)", {"a": (2,)})
    yield Case("np.arange(a, a + 3) ** 2", {"a": ()})


@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_a_trap_is_not_fallen_into(case: Case) -> None:
    holds(case, known=(True,))


def test_ends_that_may_be_arrays_are_refused() -> None:
    with pytest.raises(SrcgradError, match="say the shapes"):
        derived(Case("np.linspace(a, b, 5)", {"a": (3,), "b": ()}), Mode.VJP)


def test_a_generator_in_a_call_is_refused() -> None:
    with pytest.raises(SrcgradError, match="does not read this kind of expression"):
        derived(Case("sum(np.sum(x * k) for k in (1.0, 2.0))", {"x": (3,)}), Mode.VJP)


# The gradient of a sum is a number, which what comes before it must not take for an array.
SUMMED = (
    "np.flip(x)", "np.fliplr(x)", "np.flipud(x)", "np.roll(x, 1)", "np.roll(x, 1, axis=0)", "x.astype(np.float64)",
    "np.float64(x)", "np.linalg.inv(x)", "np.linalg.cholesky(x @ x.T)", "x * (x > 0)", "x * np.arange(3)",
    "np.arange(3) * x",
    "np.nansum(x, axis=0)", "np.nansum(x)", "x * np.linspace(0, 1, 3)", "x + np.arange(3)", "x * np.array([1, 2, 3])",
)  # fmt: skip


@pytest.mark.parametrize("text", SUMMED)
@pytest.mark.parametrize("reduced", ["np.sum", "np.mean"])
def test_a_number_upstream_is_spread(text: str, reduced: str) -> None:
    case = Case(f"{reduced}({text})", {"x": (3, 3)}, near=lambda x: x + 3 * np.eye(3))
    holds(case, known=(True,))
    gradient = derived(case, Mode.GRAD)[1][0]
    x = 0.1 * np.arange(9.0).reshape(3, 3) + 9 * np.eye(3)
    found = gradient(x)[0]
    assert found.shape == x.shape
    assert found.dtype == x.dtype
