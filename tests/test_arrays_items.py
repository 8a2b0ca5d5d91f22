"""What has several values: arrays that are unpacked, places that are found, items of what a function returns."""

import numpy as np
import pytest
from arrays import Case, derived, holds, lines

from srcgrad import grad
from srcgrad.staged import Mode

CASES = [
    # an array is unpacked
    Case("u, v = x.T\nreturn np.arctan2(u, v) * np.hypot(u, v)", {"x": (5, 2)}),
    Case("a, b, c = x**2\nreturn a * b + np.sin(b)", {"x": (3,)}),
    Case("w = x**2\na, b, c = w\nreturn a * b + w @ w", {"x": (3,)}),
    Case("a, b, c = np.linalg.solve(y, x)\nreturn 2.0 * a + b", {"x": (3,), "y": (3, 3)}),
    Case("(a, b), c = x[:2] * y, x[2]\nreturn a * b * c", {"x": (3, 4), "y": (4,)}),
    Case("a, b = np.unstack(x, axis=1)\nreturn a * b", {"x": (3, 2)}),
    Case("a, b, c = np.unstack(x)\nreturn a - np.exp(c)", {"x": (3, 2)}),
    Case("u, v = y * x\nreturn u * v", {"x": (), "y": (2,)}),
    # places
    Case("i, j = np.triu_indices(len(x), k=1)\nreturn np.sum((x[i] - x[j]) ** 2, axis=-1) ** 2", {"x": (4, 3)}),
    Case("i, j = np.tril_indices_from(x)\nreturn np.exp(x[i, j])", {"x": (3, 3)}),
    Case("x[np.triu_indices(3, 1)] ** 2", {"x": (3, 3)}),
    Case("x[np.diag_indices_from(x)] ** 2", {"x": (3, 3)}),
    Case("(i,) = np.nonzero(x > 0)\nreturn np.exp(x[i])", {"x": (5,)}),
    Case("x[np.where(x > 0)] ** 2", {"x": (3, 4)}),
    Case("i = np.where(x > 0)[0]\nreturn np.sum(x[i] ** 2)", {"x": (6,)}),
    Case("i, j = np.unravel_index(np.argmax(x), x.shape)\nreturn x[i, j] * x[0, j]", {"x": (3, 4)}),
    Case("i, j = np.unravel_index(k, (3, 4))\nreturn np.exp(x[i, j])", {"x": (3, 4)}, {"k": np.array([0, 5, 5, 11])}),
    Case("x[np.flatnonzero(y > 0)] ** 2", {"x": (5,)}, {"y": np.array([1.0, -1.0, 2.0, 0.0, 3.0])}),
    Case("x[np.digitize(y, [0.0, 1.0])] ** 2", {"x": (3,)}, {"y": np.array([-1.0, 0.5, 0.7, 2.0])}),
    Case("np.sort(x[np.argpartition(x, 2)[:2]])", {"x": (6,)}),
    # made of a size alone
    Case("x * np.hanning(len(x)) + np.hamming(x.size) * x + np.blackman(5) + np.bartlett(x.shape[0])", {"x": (5,)}),
    Case("x * np.polynomial.legendre.leggauss(len(x))[1]", {"x": (5,)}),
    Case("t, w = np.polynomial.legendre.leggauss(len(x))\nreturn np.sum(w * np.exp(t * x))", {"x": (4,)}),
    Case("x @ np.tri(len(x))", {"x": (4,)}),
    Case("x * np.zeros(shape=(2, 3)) + x * np.ones(shape=x.shape) + np.eye(N=2, M=3) * x", {"x": (2, 3)}),
    Case("D = x.shape[1]\nreturn x @ np.eye(D, M=4) + x @ np.tri(D, 4, 1) + x @ np.tri(D, M=4)", {"x": (2, 3)}),
    # many at once
    Case("sum(x * x) * 2", {"x": (4,)}),
    Case("sum(x * y) ** 2", {"x": (3, 4), "y": (4,)}),
    Case("sum(x) * sum([x[0], x[1]]) + sum((x[0] * x[2], 3.0))", {"x": (3,)}),
    Case("np.block([[x, y.T], [y, z * z]]) ** 2", {"x": (3, 3), "y": (2, 3), "z": (2, 2)}),
    Case("np.block([x, y]) * np.block([[y, x]])", {"x": (3, 3), "y": (3, 3)}),
    Case("np.block([[x], [x * y], [y]]) ** 2", {"x": (2, 3), "y": (2, 3)}),
    Case("np.add.outer(x, y) * np.subtract.outer(x, y) ** 2", {"x": (3,), "y": (4,)}),
    Case("np.add.outer(x, y) * np.subtract.outer(x, y) ** 2", {"x": (3, 2), "y": (4,)}),
    Case("np.subtract.outer(x, x) ** 2 * np.add.outer(x, x)", {"x": (3,)}),
    Case("np.maximum.accumulate(x) ** 2 + np.minimum.accumulate(x) * x", {"x": (6,)}),
    Case("np.maximum.accumulate(x, axis=1) ** 2 + np.minimum.accumulate(x) * x", {"x": (4, 3)}),
    Case("np.append(x[1:], 0) * x + np.append(2.0, x)[1:]", {"x": (4,)}),
    Case("np.append(x, y) ** 2", {"x": (2, 3), "y": ()}),
    Case(
        "np.add.reduce(x) ** 2 + np.multiply.reduce(x) + np.maximum.reduce(x, 0) + np.minimum.reduce(x)", {"x": (3, 4)}
    ),
    Case("np.add.accumulate(x) ** 2 + np.multiply.accumulate(x, axis=1)", {"x": (3, 4)}),
    Case("np.logaddexp.reduce(x) + np.logaddexp.reduce(x * 2, axis=0, keepdims=True)", {"x": (3, 4)}),
    # a list that is read as an array
    Case("np.dot(x[:2], [1.0, 2.0]) ** 2 + np.sum(np.convolve(x, [0.5, 0.5]))", {"x": (3,)}),
    Case("np.cross(x, [0.0, 0.0, 1.0]) ** 2 + x[:, :2].dot([[1.0, 0, 3], [0, 2, 0]])", {"x": (4, 3)}),
    Case("np.sum([y, y * y, x[0]]) * np.linalg.norm([x[0], x[1]]) * x", {"x": (3,), "y": ()}),
    Case("np.mean([x, x * x, 3.0]) + np.exp([x, 2.0])[0] + np.max([x, x / 2 - 9])", {"x": ()}),
    Case("np.interp(x, [-1.0, 0.3, 1.1], [3.0, 5.0, 4.0]) + np.where(x > 0, [1.0, 2.0], x)", {"x": (2,)}),
    Case("np.polyval([1.0, y, 3.0], x[:2]) + np.maximum(x[:2], [y, 2.0])", {"x": (3,), "y": ()}),
    Case("np.exp(x - [1.0, 2.0]) / [3.0, y] + [[1.0], [2.0]] @ x[:1]", {"x": (2,), "y": ()}),
    # by name, crossed, padded by itself, by conditions
    Case("np.log(np.linalg.slogdet(np.eye(3) * 4 + x).logabsdet + 9)", {"x": (3, 3)}),
    Case("f = np.linalg.svd(x, full_matrices=False)\nreturn f.S ** 2 * np.linalg.svd(x)[1][0]", {"x": (4, 3)}),
    Case("q = np.linalg.qr(x)\nreturn q.Q @ q.R * q.R[0]", {"x": (4, 3)}),
    Case("i = np.array([0, 2, 2])\nreturn np.exp(x[np.ix_(i, i)]) + x[np.ix_([0, 1, 1], [2, 3, 0])]", {"x": (4, 4)}),
    Case("np.pad(x, 2, mode='edge') ** 2 + np.pad(x, 2, 'wrap') * np.pad(x, (2, 2), mode='reflect')", {"x": (4,)}),
    Case("np.pad(x, ((1, 1), (2, 0)), 'symmetric') ** 2", {"x": (3, 4)}),
    Case("np.select([x < 0.3, x < 0.6], [x, x * x], default=np.exp(x))", {"x": (7,)}),
    # from the end
    Case("np.cumsum(np.exp(x)[::-1])[::-1] * x", {"x": (5,)}),
    Case("np.exp(x)[:, ::-1] * x[::-1] + np.exp(x[::-1, None, :])[:, 0]", {"x": (3, 4)}),
    Case("np.exp(x[..., ::-1]) + x[::-1, ...] ** 2 + x[::-1, ::-1]", {"x": (3, 4)}),
    # windows
    Case("np.lib.stride_tricks.sliding_window_view(x, 3) @ y[:3]", {"x": (6,), "y": (4,)}),
    Case("np.lib.stride_tricks.sliding_window_view(x, 2, axis=1) ** 2", {"x": (3, 5)}),
    Case("np.lib.stride_tricks.sliding_window_view(x, (2, 2)) ** 2", {"x": (3, 4)}),
    # a diagonal, of which the first contribution is no larger than a number
    Case("np.mean(np.diag(x)) + np.sum(np.exp(x), axis=0)", {"x": (3, 3)}),
    Case("np.sum(np.diag(x, 1)) + np.mean(x.diagonal(-1))", {"x": (3, 4)}),
    Case("np.diag(x, -1) + np.diag(x, k=-1) ** 2", {"x": (3,)}),
]


NEED_RANKS = ("linalg.qr", "linalg.svd", "sum(x", "np.block", "accumulate", "polyval", "convolve")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_has_several_values(case: Case) -> None:
    holds(case, known=(True,) if any(text in case.text for text in NEED_RANKS) else (True, False))


@pytest.mark.parametrize("case", CASES[:8], ids=str)
def test_single_precision(case: Case) -> None:
    holds(case, "float32")


def test_the_lines_are_as_written_by_hand() -> None:
    rows = lines(Case("u, v = x.T\nreturn u * v", {"x": (5, 2)}))
    assert rows == ["u, v = x.T", "du = dout * v", "dv = dout * u", "dx = np.stack([du, dv]).T", "return dx,"]
    rows = lines(Case("a, b, c = x**2\nreturn np.sin(a) * b", {"x": (3,)}))
    assert rows[-2:] == ["dx = (2 * x) * np.array([da, db, 0], dtype=t1.dtype)", "return dx,"]


def test_a_rank_that_is_not_known_is_asked_for() -> None:
    rows = lines(Case("np.diag(x)", {"x": (3, 3)}), known=False)
    assert rows[1:] == [
        "if np.ndim(x) == 1:",
        "dx = 1.0 * np.diag(dout)",
        "else:",
        "dx = np.zeros_like(x)",
        "dx[np.arange(out.shape[0]), np.arange(out.shape[0])] = dout",
        "return dx,",
    ]
    holds(Case("np.diag(x) * np.sum(x)", {"x": (3, 3)}))
    holds(Case("np.diag(x) * np.sum(x)", {"x": (3,)}))


def test_a_sum_of_what_may_be_an_array_costs_nothing() -> None:
    rows = lines(Case("np.sum(np.exp(x[i])) + np.sum(x[i] ** 2)", {"x": (4,)}, {"i": np.array([0, 2, 2])}), known=False)
    assert not any("ones_like" in row for row in rows)


def scaled(x):  # type: ignore[no-untyped-def]
    return x * 2 + 1


def ends(x):  # type: ignore[no-untyped-def]
    return scaled(x)[0] * scaled(x)[-1] + np.sum(scaled(x)[1:])


def test_an_item_of_the_array_that_a_function_returns() -> None:
    np.testing.assert_allclose(grad(ends)(np.array([1.0, 2.0, 3.0])), [14.0, 2.0, 2.0 + 6.0])


def test_what_is_unpacked_has_as_many_values_as_there_are_names() -> None:
    _, (backward,) = derived(Case("a, b = x * 2\nreturn a * b", {"x": (2,)}), Mode.VJP)
    with pytest.raises(ValueError, match="too many values"):
        backward(1.0, np.ones(3))
