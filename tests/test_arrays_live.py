"""Live functions of arrays: what is said of shapes, the dispatcher, ownership, containers, second derivatives."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType
from typing import Annotated, Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from srcgrad import SrcgradError, grad, jvp, split, value_and_grad, vjp
from srcgrad.emit import emit
from srcgrad.shape import SCALAR, Shape, Symbol, array
from srcgrad.source import check
from srcgrad.stated import documented, option, shapes

X, W, B = np.arange(12.0).reshape(4, 3), np.linspace(-1.0, 1.0, 6).reshape(3, 2), np.array([0.5, -0.5])
TABLE = np.arange(6.0).reshape(2, 3)


def layer(x, w, b):
    return np.sum(np.tanh(x @ w + b))


def stated(x: Annotated[np.ndarray, "N D"], w: Annotated[np.ndarray, "D M"], b: Annotated[np.ndarray, "M"]) -> Any:
    return np.sum(np.tanh(x @ w + b))


def unpacked(x, w, b):
    N, D = x.shape
    return np.sum(np.tanh(x @ w + b)) / (N * D)


def by_differences(f: Any, *args: Any) -> list[Any]:
    """The gradient of a scalar function of arrays on each of them."""
    found = []
    for i, arg in enumerate(args):
        slopes = np.zeros(np.shape(arg))
        for place in np.ndindex(np.shape(arg)):
            ends = []
            for step in (1e-6, -1e-6):
                moved = np.array(arg, float)
                moved[place] += step
                ends.append(f(*args[:i], moved, *args[i + 1 :]))
            slopes[place] = (ends[0] - ends[1]) / 2e-6
        found.append(slopes)
    return found


def close(found: Any, expected: Any) -> None:
    for one, other in zip(found, expected, strict=True):
        assert np.shape(one) == np.shape(other)
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7)


# What is said of shapes.


def test_an_annotation_says_all_and_one_text_is_enough() -> None:
    df = grad(stated)
    assert type(df) is FunctionType
    assert df.specialize().source == df.source
    assert "unbroadcast" not in df.source
    assert "db = np.sum(dt1, axis=0)" in df.source
    close(df(X, W, B), by_differences(stated, X, W, B))


def test_shapes_are_believed() -> None:
    df = grad(layer, shapes={"x": "N D", "w": "D M", "b": "M"})
    assert df.specialize() is df.specialize(X, W, B)
    assert df.source.split("def ", 1)[1].partition("Returns")[2] == grad(stated).source.partition("Returns")[2]
    close(df(X, W, B), by_differences(layer, X, W, B))


def test_before_the_first_call_the_text_is_right_for_any_shape() -> None:
    df = grad(layer)
    assert "unbroadcast" in df.source
    space: dict[str, Any] = {}
    exec(df.source, space)
    close(space["layer_grad"](X, W, B), by_differences(layer, X, W, B))
    close(space["layer_grad"](X[0], W, B), by_differences(layer, X[0], W, B))
    close(space["layer_grad"](X, W, B[:1]), by_differences(layer, X, W, B[:1]))


def test_the_source_shows_what_ran_last_and_each_signature_is_derived_once() -> None:
    df = grad(layer)
    close(df(X, W, B), by_differences(layer, X, W, B))
    assert "unbroadcast" not in df.source
    assert "axis=0)" in df.source
    wide = df.specialize(X, W, B)
    assert df.specialize(X[:2], W, B) is wide
    assert df.specialize(X, W, B[:1]) is not wide
    close(df(X, W, B[:1]), by_differences(layer, X, W, B[:1]))
    assert "keepdims=True" in df.source


def test_a_shape_that_is_unpacked_tells_the_rank() -> None:
    source = split(unpacked)[1].source
    assert "x.T @" in source
    close(grad(unpacked)(X, W, B), by_differences(unpacked, X, W, B))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X: N D; b: D; s:", {"X": ("N", "D"), "b": ("D",), "s": ()}),
        ("x: 3 4*H N-1", {"x": ("3", "4*H", "N-1")}),
        ("", {}),
    ],
)
def test_an_option_says_shapes(text: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert {name: tuple(map(str, shape.dims)) for name, shape in option(text).items()} == expected


def test_emit_reads_the_shapes_that_a_decorator_says() -> None:
    mark = '@srcgrad.vjp(wrt="b", shapes={"x": "N D", "b": "D"})'
    text = f"import numpy as np\nimport srcgrad\n\n\n{mark}\ndef f(x, b):\n    return np.tanh(x + b)\n"
    emitted = emit(check(text, "f.py"), [], None, None, "f.py", "srcgrad emit f.py").text
    assert "    db = np.sum((1 - out**2) * dout, axis=0)\n" in emitted


def test_words_that_are_no_shape_are_refused() -> None:
    with pytest.raises(SrcgradError, match=r"X: N \* is no shape"):
        shapes({"X": "N *"})


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("- x: Input data, of shape (N, D)", ("x", array((Symbol("N", "said"), Symbol("D", "said"))))),
        ("x : ndarray of shape (N,)", ("x", array((Symbol("N", "said"),)))),
        ("- reg: of shape ()", ("reg", SCALAR)),
        ("- W: Weights, shape: (3, C)", ("W", array((3, Symbol("C", "said"))))),
    ],
)
def test_a_docstring_says_shapes(row: str, expected: tuple[str, Shape]) -> None:
    assert list(documented(f"A layer.\n\nInputs:\n{row}\n")) == [expected]


@pytest.mark.parametrize("row", ["- x: Input, of shape (N, d_1, ..., d_k)", "- x: numbers (N, D)", "a sentence"])
def test_what_a_docstring_leaves_open_is_not_believed(row: str) -> None:
    assert list(documented(row)) == []


# What is returned.


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_a_gradient_has_the_type_of_its_parameter(kind: type) -> None:
    args = [arg.astype(kind) for arg in (X, W, B)]
    value, gradients = value_and_grad(layer)(*args)
    assert value.dtype == kind
    assert [gradient.dtype for gradient in gradients] == [kind] * 3


MASKED = (
    lambda x: np.sum(np.maximum(x, 0)),
    lambda x: np.mean(np.abs(x)),
    lambda x: np.sum(np.where(x > 0, x, 0.5 * x)),
    lambda x: np.mean(np.clip(x, -0.5, 0.5)),
    lambda x: np.max(x) + np.sum(x * (x > 0)),
)


@pytest.mark.parametrize("f", MASKED)
def test_a_mask_times_a_number_has_the_type_of_its_parameter(f: Any) -> None:
    point = np.array([-1.0, -0.25, 0.125, 2.0], np.float32)
    gradient = grad(f)(point)
    assert gradient.dtype == np.float32
    close([gradient], by_differences(f, point.astype(float)))


def handed_on(x, y):
    a = x + y
    b = a
    return a * b + a + x


def test_gradients_share_memory_with_nothing() -> None:
    x, y, dout = np.arange(3.0), np.ones(3), np.full(3, 2.0)
    before = [value.copy() for value in (x, y, dout)]
    for f in (handed_on, lambda x, y: x + y):
        out, gradients = f(x, y), vjp(f)(dout, x, y)
        for i, one in enumerate(gradients):
            assert not any(np.shares_memory(one, other) for other in (x, y, dout, out, *gradients[:i]))
            one += 1.0
    assert all(np.array_equal(value, old) for value, old in zip((x, y, dout), before, strict=True))


def test_an_unused_parameter_has_zeros_of_its_shape() -> None:
    def first(x, y):
        return np.sum(x)

    dx, dy = grad(first)(X, W)
    assert dx.tolist() == np.ones((4, 3)).tolist()
    assert dy.tolist() == np.zeros((3, 2)).tolist()


def test_a_global_array_is_a_constant_of_any_shape() -> None:
    def through(x):
        return np.sum(np.tanh(TABLE @ x))

    point = np.array([0.1, -0.2, 0.3])
    close([grad(through)(point)], by_differences(through, point))


@pytest.mark.parametrize(
    "through",
    [lambda x: np.sum((x - TABLE) ** 2), lambda x: np.sum(x * (1 - TABLE)), lambda x: [t := TABLE, np.sum(x * t)][1]],
)
def test_a_number_and_a_global_array_make_an_array(through: Any) -> None:
    close([grad(through)(0.5), grad(through, shapes={"x": ""})(0.5)], by_differences(through, 0.5) * 2)


# Containers.


def of_dict(x, params):
    hidden = np.tanh(x @ params["W"] + params["b"])
    return np.sum(hidden) * params["scale"]


def of_nest(x, layers):
    (w, b), scale = layers
    return np.sum(np.tanh(x @ w + b)) * scale


def test_gradients_come_back_in_the_structure_of_the_parameter() -> None:
    params = {"W": W, "b": B, "scale": 2.0, "unread": np.ones(3)}
    found = grad(of_dict, wrt="params")(X, params)
    assert list(found) == list(params)
    assert found["unread"].tolist() == [0.0, 0.0, 0.0]
    wanted = by_differences(lambda w, b, scale: of_dict(X, {"W": w, "b": b, "scale": scale}), W, B, 2.0)
    close([found["W"], found["b"], found["scale"]], wanted)


def test_a_nest_of_tuples_and_lists() -> None:
    (dw, db), dscale = grad(of_nest, wrt="layers")(X, [(W, B), 3.0])
    close([dw, db, dscale], by_differences(lambda w, b, scale: of_nest(X, [(w, b), scale]), W, B, 3.0))
    assert type(grad(of_nest, wrt="layers")(X, [(W, B), 3.0])) is list


def of_items(w):
    return w[0] * w[1] + w[-1]


def test_an_item_of_an_array_is_no_item_of_a_list() -> None:
    assert grad(of_items)(np.array([2.0, 3.0, 5.0])).tolist() == [3.0, 2.0, 1.0]
    assert grad(of_items)([2.0, 3.0, 5.0]) == [3.0, 2.0, 1.0]


# Derivatives of derivatives, and what is refused.


def cubes(x):
    return np.sum(x**3)


def test_the_derivative_of_a_derivative() -> None:
    x, v = np.arange(4.0), np.array([1.0, 0.0, -1.0, 2.0])
    gradient, tangent = jvp(grad(cubes))(v, x)
    assert gradient.tolist() == (3 * x**2).tolist()
    assert tangent.tolist() == (6 * x * v).tolist()
    assert vjp(grad(cubes))(v, x).tolist() == (6 * x * v).tolist()


@pytest.fixture
def module(tmp_path: Path) -> Iterator[Any]:
    """A module of one function that writes into an array."""
    text = "import numpy as np\n\n\ndef f(x):\n    y = 2 * x\n    z = y\n    y += 1\n    return np.sum(y * z)\n"
    (tmp_path / "writes.py").write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("writes", tmp_path / "writes.py")
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    sys.modules["writes"] = made
    spec.loader.exec_module(made)
    yield made
    del sys.modules["writes"]


def test_what_writes_into_an_array_that_another_name_sees_is_refused(module: Any) -> None:
    df = grad(module.f, shapes={"x": ""})
    assert df(3.0) == 26.0  # of numbers nothing is written into: y = 7, z = 6
    with pytest.raises(SrcgradError, match="this writes into the array of y, which z sees"):
        grad(module.f, shapes={"x": "N"})


@pytest.mark.parametrize("shape", [(3, 3), (4, 3), (3, 4), (2, 2, 2)])
def test_square_matrices_are_seen(shape: tuple[int, ...]) -> None:
    """The vectors of a square have gradients, those beside a smaller one's none; each shape has a text of its own."""

    def f(x):
        return np.sum(np.linalg.svd(x)[2][..., 0, :] ** 3)

    found, x = grad(f), np.cos(np.arange(float(np.prod(shape)))).reshape(shape)
    if shape[-1] == shape[-2]:
        np.testing.assert_allclose(found(x), by_differences(f, x)[0], rtol=1e-4, atol=1e-6)
    with pytest.raises(SrcgradError, match="no rule for these settings"):
        found(np.ones((2, 3)))


def largest(w: Any) -> Any:
    return np.linalg.svd(w, compute_uv=False)[0] + np.sum(w, keepdims=True)[0, 0]


def test_a_truth_value_that_is_written_out_is_one_live_too() -> None:
    w = np.array([[1.0, 2.0], [0.5, -1.0], [0.0, 3.0]])
    u, _, vt = np.linalg.svd(w, full_matrices=False)
    np.testing.assert_allclose(grad(largest)(w), np.outer(u[:, 0], vt[0]) + 1)


def test_an_array_without_dimensions_is_a_number() -> None:
    def f(x):
        return np.sin(x) * x

    assert grad(f)(np.array(0.0)) == 0.0


def test_an_array_with_too_few_dimensions_to_be_unpacked_is_refused() -> None:
    def f(x):
        (a, b), c = x
        return a * b * c

    with pytest.raises(SrcgradError, match="nothing says that the result of f is a number"):
        grad(f)(np.ones(2))


IMAGINARY, TURNS = np.array([1j, 2.0]), {"quarter": 1j}


class Turn:
    quarter = 1j


def of_an_array(x):
    return np.sum(np.abs(x + IMAGINARY))


def of_an_item(x):
    return np.abs(np.sum(x * TURNS["quarter"] + 1))


def of_a_class(x):
    return np.abs(np.sum(x * Turn.quarter + 1))


def of_a_default(x, turn=1j):
    return np.sum(np.abs(x + turn))


@pytest.mark.parametrize("function", [of_an_array, of_an_item, of_a_class, of_a_default])
def test_a_complex_global_is_refused(function: FunctionType) -> None:
    with pytest.raises(SrcgradError, match=r"real numbers only|IMAGINARY is not a number"):
        grad(function)(np.array([1.0, 2.0]))


def windows(x):
    return np.sum(sliding_window_view(x, 2).prod(axis=1))


def test_a_function_of_a_module_of_numpy_that_is_imported_by_its_name() -> None:
    x = np.array([1.0, 2.0, 3.0, 4.0])
    assert np.allclose(grad(windows)(x), by_differences(windows, x)[0])
