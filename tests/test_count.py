"""The count of functions: its table has every row that is tried, and it tells right from refused and wrong."""

import csv
from collections.abc import Callable

import numpy as np
import pytest
from arrays import Case
from count_functions import TABLE, outcome
from test_functions import BEYOND, ROWS


def test_every_function_that_is_tried_is_in_the_table() -> None:
    with TABLE.open(encoding="utf-8") as file:
        known = {(row["module"], row["function"]) for row in csv.DictReader(file)}
    assert {(module, function) for module, function, _ in ROWS} - known == {("numpy", name) for name in BEYOND}


@pytest.mark.parametrize(
    ("text", "near", "expected"),
    [
        ("np.sin(x)", np.asarray, "right"),
        ("np.sort_complex(x)", np.asarray, "refused"),
        ("np.maximum(x, 0.0)", np.zeros_like, "wrong"),  # at a kink differences give one half
    ],
)
def test_outcomes(text: str, near: Callable[[np.ndarray], np.ndarray], expected: str) -> None:
    assert outcome("one", [Case(text, {"x": (3,)}, near=near)]) == expected


def test_without_a_case_a_function_is_none() -> None:
    assert outcome("one", []) == "none"
