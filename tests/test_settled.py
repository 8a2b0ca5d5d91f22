"""Texts that wait for the arguments of a call, and arguments that are held against what is said of them."""

import pickle
from types import FunctionType
from typing import Annotated, Any

import numpy as np
import pytest

from srcgrad import SrcgradError, grad, jvp, split, value_and_grad, vjp

SQUARE = np.array([[2.0, 0.3, 0.1], [0.4, 1.5, 0.2], [0.7, 0.6, 3.0]])


def slope(f: Any, x: Any) -> Any:
    """The gradient of a scalar function of one array, by differences."""
    found = np.zeros(np.shape(x))
    for place in np.ndindex(np.shape(x)):
        step = np.zeros(np.shape(x))
        step[place] = 1e-6
        found[place] = (f(x + step) - f(x - step)) / 2e-6
    return found


# What waits for the first call.


def overlap(L):
    return np.sum(np.tensordot(L, L, ((0,), (0,))))


def spaced(a, b):
    return np.linspace(a, b, 4)


def squares(a, b):
    return np.sum(np.linspace(a, b, 4) ** 2)


def added(x):
    y = x
    y += 1
    return y * x


def unknown(L):
    return np.sum(np.diag(np.sort_complex(L)))


@grad
def decorated(L):
    return np.sum(np.tensordot(L, L, ((0,), (0,))))


def test_a_text_that_needs_ranks_waits_for_the_first_call() -> None:
    df = grad(overlap)
    with pytest.raises(SrcgradError) as caught:
        print(df.source)
    line = overlap.__code__.co_firstlineno + 1
    assert str(caught.value).splitlines() == [
        f"{__file__}:{line}:19: error: the gradient of this depends on what is not known before the function runs",
        "        return np.sum(np.tensordot(L, L, ((0,), (0,))))",
        "                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "hint: call it first, or take .specialize(*args); or say the shapes, as in shapes={'x': 'N D'}",
    ]
    with pytest.raises(SrcgradError):
        df.specialize()
    assert type(df.specialize(SQUARE)) is FunctionType
    np.testing.assert_allclose(df(SQUARE), slope(overlap, SQUARE), atol=1e-8)
    assert df.source == df.specialize(SQUARE).source
    assert df.__name__ == "overlap_grad"


def test_a_decorated_function_that_waits_is_pickled_by_its_name() -> None:
    assert pickle.loads(pickle.dumps(decorated)) is decorated
    np.testing.assert_allclose(decorated(SQUARE), slope(overlap, SQUARE), atol=1e-8)


def test_every_mode_waits() -> None:
    value, gradient = value_and_grad(overlap)(SQUARE)
    assert value == overlap(SQUARE)
    np.testing.assert_allclose(gradient, slope(overlap, SQUARE), atol=1e-8)
    dout = np.array([1.0, 2.0, -1.0, 0.5])
    da, db = vjp(spaced)(dout, 1.0, 2.0)
    np.testing.assert_allclose([da, db], [dout @ np.linspace(1, 0, 4), dout @ np.linspace(0, 1, 4)])
    value, tangent = jvp(spaced)(1.0, 3.0, 1.0, 2.0)
    assert value.tolist() == spaced(1.0, 2.0).tolist()
    np.testing.assert_allclose(tangent, np.linspace(1, 3, 4))
    forward, backward = split(spaced)
    assert backward(dout, forward(1.0, 2.0)[1]) == (da, db)
    assert (forward.__name__, backward.__name__) == ("spaced_forward", "spaced_backward")
    np.testing.assert_allclose(vjp(spaced, wrt="b")(dout, 1.0, b=2.0), db)


def test_what_may_write_into_an_array_waits_too() -> None:
    assert grad(added)(3.0) == 7.0
    with pytest.raises(SrcgradError, match="this writes into the array of y, which x sees"):
        vjp(added)(np.ones(2), np.ones(2))


@pytest.mark.parametrize("derive", [grad, vjp, jvp, split])
def test_what_no_shape_can_settle_is_refused_at_once(derive: Any) -> None:
    with pytest.raises(SrcgradError, match=r"no gate for np\.sort_complex"):
        derive(unknown)


def test_a_derivative_of_what_waits_says_how_to_go_on() -> None:
    with pytest.raises(SrcgradError) as caught:
        jvp(grad(overlap))
    assert "take .specialize(*args)" in caught.value.hint
    value, tangent = jvp(grad(squares).specialize(1.0, 2.0))(1.0, 0.0, 1.0, 2.0)
    weights = np.linspace(1, 0, 4), np.linspace(0, 1, 4)
    np.testing.assert_allclose(value, [2 * spaced(1.0, 2.0) @ one for one in weights])
    np.testing.assert_allclose(tangent, [2 * weights[0] @ one for one in weights])


# What contradicts what is said.


def layer(x: Annotated[np.ndarray, "N D"], w: Annotated[np.ndarray, "2*D M"], s: float = 2.0) -> Any:
    return np.sum(np.tanh(np.concatenate([x, x], axis=1) @ w)) * s


X, W = np.linspace(-1.0, 1.0, 6).reshape(2, 3), np.linspace(0.5, 1.0, 12).reshape(6, 2)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((X[0], W), r"x is to be an array of shape \(N, D\), and is an array of shape \(3,\)"),
        ((1.0, W), r"x is to be an array of shape \(N, D\), and is a float"),
        ((X.tolist(), W), r"x is to be an array of shape \(N, D\), and is a list"),
        ((X, W[:4]), r"w is to be an array of shape \(2\*D, M\), where 2\*D is 6, and is an array of shape \(4, 2\)"),
        ((X, W, np.ones(2)), r"s is to be a number, and is an array of shape \(2,\)"),
        ((X.astype(int), W), "x is an array of whole numbers, and its gradient is asked for"),
        ((X, W * 1j), "w is an array of complex numbers"),
    ],
)
def test_what_contradicts_what_is_said_is_refused(args: tuple[Any, ...], message: str) -> None:
    df, dvjp, (forward, _) = grad(layer), vjp(layer), split(layer)
    for _ in range(2):
        with pytest.raises(SrcgradError, match=message):
            df(*args)
        with pytest.raises(SrcgradError, match=message):
            dvjp(1.0, *args)
        with pytest.raises(SrcgradError, match=message):
            forward(*args)
        with pytest.raises(SrcgradError, match=message):
            df.specialize(*args)


def test_what_agrees_runs_the_one_text() -> None:
    df = grad(layer)
    plain = df.specialize(X, W)
    assert df.specialize() is plain
    assert vars(plain) == {"source": df.source}
    for x in (X, X[:1], np.vstack([X, X])):
        dx, dw = df(x, w=W)
        np.testing.assert_allclose(dx, slope(lambda x: layer(x, W), x), atol=1e-8)
        np.testing.assert_allclose(dw, slope(lambda w, x=x: layer(x, w), W), atol=1e-8)
    assert grad(layer, wrt="w")(X.astype(int), W).shape == W.shape  # on x no gradient is asked for


def test_a_function_of_numbers_stays_the_plain_one() -> None:
    def f(x: float, y: float) -> Any:
        return np.sin(x) * y

    assert vars(grad(f)) == {"source": grad(f).source}


def test_a_number_that_an_array_has_is_written_out() -> None:
    df = grad(lambda x: np.sum(x**2), shapes={"x": "3"})
    assert df(X[0]).tolist() == (2 * X[0]).tolist()
    with pytest.raises(SrcgradError, match=r"x is to be an array of shape \(3,\), and is an array of shape \(2,\)"):
        df(X[0, :2])


gradient_of_layer = grad(layer, wrt="x")


def steepness(x: Annotated[np.ndarray, "N D"], w: Annotated[np.ndarray, "2*D M"]) -> Any:
    return np.sum(gradient_of_layer(x, w) ** 2)


def test_its_own_derivative_and_its_use_read_the_one_text() -> None:
    assert jvp(gradient_of_layer).source == jvp(gradient_of_layer.specialize()).source
    np.testing.assert_allclose(grad(steepness, wrt="x")(X, W), slope(lambda x: steepness(x, W), X), atol=1e-6)
