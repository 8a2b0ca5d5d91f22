"""What random programs of arrays found, reduced: each derived in every way and compared with jax."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest
from array_programs import Program
from test_array_programs import compare

import srcgrad
from srcgrad.emit import emit
from srcgrad.source import check
from srcgrad.staged import Mode

ROWS = np.array([[0.3, -0.7, 1.1], [0.9, 0.2, -1.3]])
VECTOR = np.array([0.4, -1.2, 0.8])

CASES = {
    "a product with what may be of any rank": (
        "m = x * x\nt = (x[:-1] * 2.0).reshape(1, -1)\np = np.inner(t.T, m)\nN, D = p.shape\nreturn np.mean(p)",
        {"x": ROWS.T[:, :1]},
    ),
    "a mask that stands alone is no gradient": ("return np.sum(x * (x > 0))", {"x": ROWS}),
    "an item of an array that is read as a whole elsewhere": (
        "t = np.exp(x)\nreturn np.sum(x[0] * x[0])",
        {"x": ROWS},
    ),
    "an upstream gradient that is smaller than a product with an item": (
        "u = u[1] * u\nreturn u.mean(axis=0, keepdims=True)",
        {"u": VECTOR},
    ),
    "an item from the end": ("return x[-1] * x[0] + np.sum(y)", {"x": VECTOR, "y": VECTOR}),
    "what one arm is does not tell what the other is": (
        "a = s if x.ndim == 1 else x\nN, D = a.shape\nreturn np.mean(s * s) + np.mean(x)",
        {"x": ROWS, "s": VECTOR},
    ),
    "a number of two vectors": ("return x @ y.T", {"x": VECTOR, "y": VECTOR}),
    "a gradient smaller than a broadcast of which nothing is known": (
        "x = np.outer(g, g)\nt = np.concatenate([x, x, x], axis=1)\nreturn np.sum(np.sum(t * x, 1))",
        {"g": 0.7},
    ),
    "what is written into while a view of it is read by what is derived": (
        "m = np.exp(x)\nm -= np.inner(x, m.T)\nreturn np.sum(m)",
        {"x": ROWS @ ROWS.T},
    ),
    "an item from the end in one arm, all of it in the other": (
        "if x.ndim == 2:\n    a = x[-1]\nelse:\n    a = np.sum(x)\nreturn a - np.concatenate([x, x])",
        {"x": VECTOR},
    ),
    "the one size of a vector": (
        "c = np.sin(x) if a > 0.5 else x\nD, = x.shape\nreturn c.reshape(D, -1)",
        {"a": 0.3, "x": VECTOR},
    ),
    "a mask of a number that is read twice": (
        "s = np.clip(np.mean(x), -0.5, 0.5)\nt = np.maximum(s, 0.1)\nreturn s + t + s",
        {"x": np.float32(ROWS)},
    ),
    "a number's tangent less an array of which nothing is known": (
        "N, D = x.shape\nv = u\nreturn np.min(x.reshape(3, -1)) - v.min(1)",
        {"x": ROWS, "u": ROWS},
    ),
    "a mask of a number of single precision": ("return np.clip(np.mean(x), -0.5, 0.5)", {"x": np.float32(ROWS)}),
    "a sum of a number and an array in a list": (
        "return sum((np.sum(x), x, y)) * x",
        {"x": ROWS, "y": VECTOR},
    ),
    "an index that may be broadcast to rows of which nothing is known": (
        "return np.mean(np.take_along_axis(x, np.array([0, 0])[None], axis=-1))",
        {"x": ROWS[:, :1]},
    ),
    "one number as upstream gradient of what needs all of them": (
        "p = np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)\n"
        "return np.sum(np.log(p)) + np.sum(y * np.sum(np.log(p), axis=1)) + np.sum(np.gradient(x, axis=-1))",
        {"x": ROWS, "y": VECTOR[:2]},
    ),
    "one number as upstream gradient of a polynomial": (
        "return np.sum(np.polyval(x, y))",
        {"x": VECTOR, "y": VECTOR},
    ),
    "columns of arrays with more than two axes": (
        "return np.sum(np.c_[x, x] * y), np.sum(np.column_stack([x, x]) ** 2)",
        {"x": ROWS[..., None], "y": VECTOR[:2]},
    ),
    "a mask that is written out picks as many as it says": (
        "first = np.array([1, 0, 0], dtype=bool)\n"
        "return np.sum(x[np.array([True, False, False])] - x ** 2) + np.sum(x[first] * np.sin(x))",
        {"x": VECTOR},
    ),
    "an item between the rows": (
        "return np.insert(x, 1, x[0, 0], axis=-1) * np.insert(x, 1, 0.5, axis=1)",
        {"x": ROWS},
    ),
    "the slopes of a matrix along both axes": ("u, v = np.gradient(x)\nreturn u * v + np.sum(v)", {"x": ROWS}),
    "one number as upstream gradient of integrals": ("return np.sum(np.trapezoid(x, np.arange(3.0)))", {"x": ROWS}),
    "the slope of a polynomial in single precision": (
        "return np.polyval(x, x[:2])",
        {"x": np.float32(VECTOR)},
    ),
    "a sum of numbers in single precision": ("return np.nansum(x)", {"x": np.float32(ROWS)}),
    "a mean of numbers with a sign": ("return np.nanmean(0.5 - x)", {"x": VECTOR}),
    "a bound that there is not": ("return np.clip(x, None, 0.5) + np.clip(x, -1, None)", {"x": ROWS}),
}
DIMS = {1: "1", 2: "N", 3: "D"}


@pytest.mark.parametrize("name", CASES)
def test_what_was_found_is_right(name: str) -> None:
    pytest.importorskip("jax")
    body, args = CASES[name]
    said = {key: " ".join(DIMS[n] for n in np.shape(value)) for key, value in args.items()}
    program = Program((), tuple(args), tuple(body.split("\n")), "program", args, said, "documented")
    assert "refused" not in {*compare(program, every_way=True)}


def ends(x: Any) -> Any:
    return x[-1] * x[0] + x[1] * 2.0


@pytest.mark.parametrize("kind", [np.array, list, tuple])
def test_both_halves_of_a_pair_are_derived_for_the_arguments(kind: Any) -> None:
    forward, backward = srcgrad.split(ends)
    value, cache = forward(kind([2.0, 3.0, 5.0]))
    gradient = backward(1.0, cache)
    assert value == 16.0
    assert type(gradient) is type(kind([1.0]))
    assert [*gradient] == [5.0, 2.0, 2.0]


def nested(x: Any) -> Any:
    return x[-1][0] * x[0][1]


def test_an_item_of_what_is_read_from_the_end() -> None:
    assert srcgrad.vjp(nested)(1.0, [[1.0, 2.0], (3.0, 4.0)]) == [[0.0, 3.0], (2.0, 0.0)]


def turned(x: float, y: float) -> Any:
    return np.dot(np.abs(x), np.abs(y).T)


def test_the_tangent_of_a_transposed_number_is_a_number() -> None:
    assert srcgrad.jvp(turned)(1.0, 2.0, -3.0, 5.0) == (15.0, 1.0)


def test_a_range_that_begins_below_zero_may_name_a_place_twice() -> None:
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    found = srcgrad.vjp(lambda x: x[np.arange(-2, 2)], shapes={"x": "N D"})(np.ones((4, 2)), x)
    assert found.tolist() == [[2.0, 2.0], [2.0, 2.0]]


def test_a_variable_that_is_called_d_is_no_gradient() -> None:
    def centred(x: Any) -> Any:
        d = x - np.mean(x, axis=1, keepdims=True)
        return np.sum(d**4) / np.sum(x)

    assert "ones_like" not in srcgrad.grad(centred, shapes={"x": "N D"}).source


def test_what_begins_as_one_number_is_spread_where_parts_are_added() -> None:
    source = srcgrad.grad(lambda x: np.sum(np.diff(x) ** 2) + np.sum(x), shapes={"x": "N"}).source
    rows = [row.strip() for row in source.partition("# backward pass")[2].splitlines()]
    assert [row for row in rows if row.startswith("dx")] == ["dx = np.ones_like(x)", "dx[1:] += dt1", "dx[:-1] -= dt1"]


def lengths_of_two(x: Any, y: Any) -> Any:
    (n,) = x.shape
    first = np.mean(x) + np.sum(np.abs(x)) / n
    (n,) = y.shape
    return first * np.sum(y) / n


def test_a_size_that_is_bound_anew_is_another() -> None:
    x, y = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0])
    text = inspect.getsource(lengths_of_two)
    source = emit(check(f"import numpy as np\n\n\n{text}", "sizes.py"), [], Mode.VJP, None, "sizes.py", "").text
    space: dict[str, Any] = {}
    exec(source, space)
    dx, dy = space["lengths_of_two_vjp"](1.0, x, y)
    assert np.allclose(dx, (1 / 3 + np.sign(x) / 3) * 4.5)
    assert np.allclose(dy, 4.0 / 2)


LIBRARY = """import numpy as np


def gains(p):
    return np.maximum.accumulate(p) - p


def program(x):
    '''
    - x: of shape (N,)
    '''
    return np.sum(gains(x) ** 2) + np.sum(np.linalg.norm(np.multiply.outer(x, x), axis=0))
"""


def test_what_a_helper_calls_of_numpy_is_written_with_the_import_that_there_is() -> None:
    source = emit(check(LIBRARY, "gains.py"), ["program"], Mode.GRAD, None, "gains.py", "").text
    assert [line for line in source.splitlines() if line.startswith("import ")] == ["import numpy as np"]
    assert "np.maximum.accumulate(x)" in source


BIASED = """import numpy as np


def biased(w):
    return np.concatenate([w, np.ones((len(w), 1))], axis=1)


def program(x):
    '''
    - x: of shape (N, D)
    '''
    return np.sum(biased(x) ** 2)
"""


def test_an_array_that_a_helper_makes_of_sizes_has_these() -> None:
    source = emit(check(BIASED, "biased.py"), ["program"], Mode.GRAD, None, "biased.py", "").text
    assert "dx = (2 * t1)[:, :x.shape[1]]" in source


def test_what_flattens_first_has_no_more_than_one_axis() -> None:
    x = np.array([[1.0, 2.0], [4.0, 8.0]])

    def spread(x: Any) -> Any:
        return np.var(np.ediff1d(x), axis=-1)

    assert np.isclose(srcgrad.jvp(spread, shapes={"x": "N D"})(x, x)[1], 2 * spread(x))
