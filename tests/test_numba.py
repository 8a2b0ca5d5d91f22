"""numba compiles the emitted text of every benchmark on arrays whose function it compiles, and the numbers agree."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
import pytest

numba = pytest.importorskip("numba")

spec = importlib.util.spec_from_file_location("arrays_benchmark", Path(__file__).parents[1] / "benchmarks/arrays.py")
assert spec is not None
assert spec.loader is not None
benchmark = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(benchmark)

LISTINGS = {listing.function.__name__: listing for listing in benchmark.listings()}
NOT_COMPILED = {"perceptron", "batchnorm", "shifted_log_sum_exp"}
"""numba has no keepdims=, no mean and no max along an axis."""


def compiled(function: FunctionType, **space: Any) -> Any:
    """`function` by numba, with these globals."""
    return numba.njit(FunctionType(function.__code__, {"np": np, **space}, function.__name__, function.__defaults__))


@pytest.mark.parametrize("name", LISTINGS)
@pytest.mark.filterwarnings("ignore")
def test_compiled_by_numba(name: str) -> None:
    listing = LISTINGS[name]
    sigmoid = compiled(benchmark.sigmoid)
    if name in NOT_COMPILED:
        with pytest.raises(numba.core.errors.NumbaError):
            compiled(listing.function)(*listing.point)
        return
    expected = listing.emitted()()
    functions = [compiled(function, sigmoid=sigmoid) for function in texts(listing)]
    if listing.upstream:
        out, cache = functions[0](*listing.point)
        found = out, functions[1](*listing.upstream, cache)
    else:
        found = functions[0](*listing.point)
    assert benchmark.equal(benchmark.flat(found), benchmark.flat(expected))


def texts(listing: Any) -> list[FunctionType]:
    """The emitted functions, made of their text alone."""
    derived = listing.derived()
    space: dict[str, Any] = {}
    exec(derived[0].source, space)
    return [space[function.__name__] for function in derived]
