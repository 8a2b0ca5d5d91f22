"""Every spelling of the gates of layout, joining and indexing: both modes, with shapes said and without."""

import numpy as np
import pytest
from arrays import Case, derived, each, holds, lines

from srcgrad.errors import SrcgradError
from srcgrad.staged import Mode

# A parameter of which items are read is a list where nothing is said; some gradients take the number of dimensions.
TOLD = frozenset(
    (
        "np.array([x, y[0]])",
        "np.array([x[0], x[1], x[0]])",
        "np.array([x[0], x[1]])",
        "np.concatenate([x, y[1]])",
        "np.diag(x)",
        "np.diag(x, 1)",
        "np.diag(x, k=-1)",
        "np.diag(x, k=-2)",
        "np.diag(x, n)",
        "np.diag(x[0])",
        "np.diag(x[0], 1)",
        "np.hstack([x, y[0]])",
        "np.pad(x, ((1, 2),))",
        "np.pad(x, (1, 2))",
        "np.pad(x, n)",
        "np.stack([x, y[0]])",
        "np.tile(x, 3) ()",
        "x[-1]",
        "x[0]",
        "x[0] + x[1]",
        "x[0].T",
        "x[0][1]",
        "x[0][1][2]",
        "x[1]",
        "x[1] * x[2]",
    )
)

LINEAR = [
    *each(
        """
        x.reshape(6, 4)
        x.reshape((6, 4))
        x.reshape(-1)
        x.reshape(2, -1)
        x.reshape((2, -1))
        x.reshape(x.shape[0], -1)
        np.reshape(x, (6, 4))
        np.reshape(x, -1)
        np.reshape(x, shape=(6, 4))
        np.reshape(x, [6, 4])
        x.reshape([6, 4])
        x.ravel()
        x.flatten()
        np.ravel(x)
        x.T
        x.mT
        x.transpose()
        x.transpose(1, 0, 2)
        x.transpose((2, 0, 1))
        x.transpose([2, 0, 1])
        x.transpose(-1, 0, 1)
        x.transpose(None)
        np.transpose(x)
        np.transpose(x, (1, 2, 0))
        np.transpose(x, axes=(1, 2, 0))
        np.permute_dims(x, (1, 2, 0))
        np.matrix_transpose(x)
        x.swapaxes(0, 2)
        np.swapaxes(x, 0, -1)
        np.swapaxes(x, axis1=0, axis2=1)
        np.moveaxis(x, 0, -1)
        np.moveaxis(x, -1, 0)
        np.moveaxis(x, source=0, destination=2)
        np.moveaxis(x, (0, 1), (-1, 0))
        np.moveaxis(x, [0, 1], [2, 0])
        np.rollaxis(x, 2)
        np.rollaxis(x, 2, 1)
        np.rollaxis(x, 0, 3)
        np.rollaxis(x, axis=-1, start=0)
        np.expand_dims(x, 0)
        np.expand_dims(x, -1)
        np.expand_dims(x, axis=(0, 2))
        np.atleast_1d(x)
        np.atleast_2d(x)
        np.atleast_3d(x)
        np.broadcast_to(x, (5, 2, 3, 4))
        np.broadcast_to(x, x.shape)
        np.broadcast_to(x, shape=(5, 2, 3, 4))
        np.append(x, x)
        np.tile(x, 2)
        np.tile(x, (2, 1))
        np.tile(x, (2, 1, 1))
        np.tile(x, (2, 3, 1, 2))
        np.tile(x, reps=(1, 1, 2))
        np.repeat(x, 3)
        np.repeat(x, 3, axis=1)
        np.repeat(x, 3, 1)
        np.repeat(x, repeats=2, axis=-1)
        x.repeat(2)
        x.repeat(2, 0)
        x.repeat(2, axis=1)
        np.flip(x)
        np.flip(x, 0)
        np.flip(x, axis=-1)
        np.flip(x, axis=(0, 2))
        np.fliplr(x)
        np.flipud(x)
        np.rot90(x)
        np.rot90(x, 2)
        np.rot90(x, k=3)
        np.rot90(x, 1, (1, 2))
        np.rot90(x, k=-1, axes=(0, 2))
        np.roll(x, 1)
        np.roll(x, -2, axis=0)
        np.roll(x, 5, 1)
        np.roll(x, (1, 2), axis=(0, 1))
        np.roll(x, shift=1, axis=-1)
        np.roll(x, 1, axis=(0, 1))
        np.pad(x, 1)
        np.pad(x, 1, mode="constant")
        np.pad(x, ((1, 2), (0, 0), (2, 0)))
        np.pad(x, (1, 2))
        np.pad(x, ((1, 2),))
        np.pad(x, pad_width=2, mode="constant")
        np.pad(x, ((0, 0), (1, 1), (1, 1)), "constant")
        np.pad(x, 1, constant_values=0)
        np.array(x)
        np.asarray(x)
        np.ascontiguousarray(x)
        np.copy(x)
        x.copy()
        np.array(x, copy=True)
        np.diag(x[0])
        np.diag(x[0], 1)
        np.diagonal(x)
        x.diagonal()
        np.diagonal(x, 1)
        np.diagonal(x, offset=-1)
        np.diagonal(x, 0, 1, 2)
        x.diagonal(offset=1, axis1=0, axis2=2)
        np.tril(x)
        np.triu(x)
        np.tril(x, 1)
        np.triu(x, k=-1)
        np.trace(x)
        x.trace()
        np.trace(x, 1)
        np.trace(x, offset=-1)
        x.trace(1)
        np.take(x, 1)
        np.take(x, 1, axis=0)
        np.take(x, [0, 1, 0], axis=1)
        np.take(x, [0, 1, 0], 1)
        np.take(x, [[0, 5], [7, 7]])
        x.take([0, 1, 0], axis=1)
        x.take([0, 1, 0])
        np.take(x, indices=[0, 1, 0], axis=-1)
        np.concatenate([x, x], axis=1)
        np.concatenate((x, x))
        np.concatenate([x, x], axis=None)
        np.concatenate([x, x], -1)
        np.stack([x, x])
        np.stack([x, x], axis=-1)
        np.stack((x, x), 1)
        np.hstack([x, x])
        np.vstack([x, x])
        np.dstack([x, x])
        np.array([x, x])
        np.array([x[0], x[1]])
        np.squeeze(x)
        x.squeeze()
        x[..., None]
        x[..., None, :]
        x[:, np.newaxis]
        x[0]
        x[-1]
        x[0, 1]
        x[0][1]
        x[0, 1, 2]
        x[0][1][2]
        x[:, 1]
        x[:, 1:]
        x[:, :-1]
        x[:, ::2]
        x[::-1]
        x[:, ::-1, ::2]
        x[..., 0]
        x[..., 1:]
        x[1, ...]
        x[...]
        x[:]
        x[None]
        x[:, None, :, 1]
        x[[0, 1, 0]]
        x[:, [0, 2]]
        x[:, [0, 2, 2]]
        x[[0, 1], [1, 2]]
        x[[0, 0], [1, 1]]
        x[[0, 1], :, [1, 2]]
        x[0, :, [1, 2]]
        x[:, 0, [1, 2]]
        x[[0, 1], 1:]
        x[1:, [2, 0], None]
        x[np.arange(2), 1]
        x[np.arange(2), [0, 1]]
        x[np.arange(2), :, [0, 1]]
        x[np.array([0, 1, 1])]
        x[[True, False]]
        x[np.array([True, False])]
        x[:, [True, False, True]]
        x.T[0]
        x[0].T
        x[0] + x[1]
        x[0].sum() + x.sum()
        x[-1, ..., ::-2]
        x[1:][0]
        x.reshape(-1)[2]
        x[range(2), 1]
        x[(0, 1)]
        x[slice(1, None)]
        x[:, slice(0, 2)]
        x[x.shape[0] - 1]
        """,
        {"x": (2, 3, 4)},
        linear=True,
    ),
    *each(
        """
        np.diag(x)
        np.diag(x, 1)
        np.diag(x, k=-1)
        np.atleast_3d(x)
        np.rot90(x)
        np.rot90(x, -1)
        np.ravel(x)
        x.transpose()
        np.trace(x)
        np.fliplr(x)
        np.column_stack([x, x])
        np.hstack((x, x))
        np.vstack((x, x))
        np.dstack((x, x))
        np.append(x, x, axis=0)
        np.append(x, x, 1)
        np.array([[x[0, 0], x[0, 1]], [x[1, 0], 1.0]])
        np.array([x[0, 0], 2 * x[1, 1]])
        np.array([x[0], x[1], x[0]])
        """,
        {"x": (2, 3)},
        linear=True,
    ),
    *each(
        """
        np.diag(x)
        np.diag(x, 1)
        np.diag(x, k=-2)
        x.T
        np.atleast_2d(x)
        np.atleast_3d(x)
        np.expand_dims(x, 1)
        np.tile(x, 3)
        np.tile(x, (3, 1))
        np.repeat(x, 3)
        np.repeat(x, [1, 2, 0, 3])
        np.repeat(x, [1, 2, 0, 3], axis=0)
        np.flipud(x)
        np.roll(x, 1)
        np.pad(x, (1, 2))
        np.pad(x, 1)
        np.hstack([x, x])
        np.vstack([x, x])
        np.dstack([x, x])
        np.column_stack([x, x])
        np.broadcast_to(x, (3, 4))
        np.append(x, x)
        np.append(x, 1.0)
        x.reshape(2, 2)
        x.reshape(-1, 1)
        x[1]
        x[1:3]
        x[[0, 0, 1]]
        x[:, None]
        x[None, :]
        x[::2]
        x[3:0:-1]
        x[3:0:-2]
        np.take(x, [1, 1])
        np.array([x[0], x[1]])
        np.float64(x)
        np.array([x, 2 * x])
        np.split(x, 2)[0]
        """,
        {"x": (4,)},
        linear=True,
    ),
    *each(
        """
        np.reshape(x, (1, 1))
        np.atleast_1d(x)
        np.atleast_2d(x)
        np.atleast_3d(x)
        np.array(x)
        np.asarray(x)
        np.ravel(x)
        np.expand_dims(x, 0)
        np.array([x, 2 * x])
        np.array([[x, 0], [1.0, x]])
        np.array([x])
        np.broadcast_to(x, (2, 3))
        np.full((2, 3), x)
        np.tile(x, 3)
        np.repeat(x, 3)
        np.stack([x, x])
        np.hstack([x, x])
        np.append(x, x)
        np.float64(x)
        float(x)
        """,
        {"x": ()},
        linear=True,
    ),
    *each(
        """
        np.squeeze(x)
        x.squeeze()
        x.squeeze(0)
        np.squeeze(x, axis=0)
        np.squeeze(x, 0)
        x.squeeze(axis=(0,))
        np.broadcast_to(x, (2, 3))
        np.broadcast_to(x, (4, 2, 3))
        x[0]
        x.reshape(3)
        np.concatenate([x, x])
        np.tile(x, (3, 1))
        np.repeat(x, 2, axis=0)
        np.roll(x, 1, 0)
        x.T
        """,
        {"x": (1, 3)},
        linear=True,
    ),
    *each(
        """
        np.squeeze(x)
        x.squeeze(1)
        x.squeeze(axis=(1, 3))
        x.squeeze(axis=-1)
        x.swapaxes(1, 2)
        """,
        {"x": (2, 1, 3, 1)},
        linear=True,
    ),
    *each(
        """
        x.T
        x.reshape(3, 0)
        x.reshape(-1)
        x[:, 1]
        x[::-1]
        np.concatenate([x, x])
        np.repeat(x, 2, axis=1)
        np.tile(x, (2, 2))
        np.roll(x, 1, 1)
        np.pad(x, 1)
        np.flip(x)
        np.take(x, [1, 1], axis=1)
        np.tril(x)
        np.diagonal(x)
        np.hstack([x, x])
        np.broadcast_to(x, (2, 0, 3))
        np.expand_dims(x, 0)
        np.moveaxis(x, 0, 1)
        np.ravel(x)
        np.rot90(x)
        """,
        {"x": (0, 3)},
        linear=True,
    ),
    *each(
        """
        np.concatenate([x, y], axis=1)
        np.concatenate((x, y), axis=-1)
        np.concatenate((x, y), 1)
        np.concat([x, y], axis=1)
        np.concatenate([x, y], axis=None)
        np.concatenate([x, y, x], axis=1)
        np.hstack([x, y])
        np.append(x, y, axis=1)
        np.append(x, y)
        np.column_stack([x, y])
        np.column_stack((x, y))
        np.concatenate([2 * x, y[:, 1:]], axis=1)
        """,
        {"x": (2, 3), "y": (2, 4)},
        linear=True,
    ),
    *each(
        """
        np.concatenate([x, y])
        np.concatenate([x, y], axis=0)
        np.concatenate([x, y], axis=-2)
        np.vstack([x, y])
        np.vstack((x, y, x))
        np.append(x, y, axis=0)
        """,
        {"x": (2, 3), "y": (4, 3)},
        linear=True,
    ),
    *each(
        """
        np.vstack([x, y])
        np.stack([x, y[0]])
        np.concatenate([x, y[1]])
        np.hstack([x, y[0]])
        """,
        {"x": (3,), "y": (2, 3)},
        linear=True,
    ),
    *each(
        """
        np.column_stack([x, y])
        np.column_stack([y, x])
        """,
        {"x": (2,), "y": (2, 3)},
        linear=True,
    ),
    *each(
        """
        np.concatenate([x, y])
        np.hstack([x, y])
        np.append(x, y)
        np.concatenate([x, y, [1.0]])
        np.concatenate([x, [1.0], y])
        """,
        {"x": (3,), "y": (4,)},
        linear=True,
    ),
    *each(
        """
        np.append(y, x)
        np.array([x, y[0]])
        np.hstack([x, y])
        """,
        {"x": (), "y": (4,)},
        linear=True,
    ),
    *each(
        """
        x[i]
        x[i, 1]
        x[i, i]
        x[:, i]
        x[np.arange(4), i]
        np.take(x, i, axis=0)
        np.take(x, i)
        x.take(i, 1)
        x[i][:, i]
        x[i[:, None], i]
        x.take(i)
        np.take(x, i, axis=-1)
        """,
        {"x": (5, 3)},
        fixed={"i": np.array([0, 2, 1, 1])},
        linear=True,
    ),
    *each(
        """
        np.take_along_axis(x, i, axis=1)
        np.take_along_axis(x, i, 1)
        np.take_along_axis(x, i, axis=-1)
        """,
        {"x": (5, 3)},
        fixed={"i": np.array([[0, 1], [2, 2], [0, 0], [1, 0], [1, 1]])},
        linear=True,
    ),
    *each(
        """
        np.take_along_axis(x, i, axis=0)
        """,
        {"x": (5, 3)},
        fixed={"i": np.array([[0, 1, 1], [0, 2, 2]])},
        linear=True,
    ),
    *each(
        """
        np.take_along_axis(x, i, axis=None)
        """,
        {"x": (5, 3)},
        fixed={"i": np.array([0, 1, 1, 14])},
        linear=True,
    ),
    *each(
        """
        x[i]
        x[~i]
        x[i, 1:]
        x[i][:, 0]
        """,
        {"x": (5, 3)},
        fixed={"i": np.array([True, False, True, True, False])},
        linear=True,
    ),
    *each(
        """
        x[i]
        """,
        {"x": (5, 3)},
        fixed={"i": np.eye(5, 3) > 0},
        linear=True,
    ),
    *each(
        """
        x[n]
        x[:, n]
        x[n:]
        x[:n]
        x[n, n]
        x[-n]
        x[n][n]
        np.roll(x, n)
        np.roll(x, n, axis=1)
        np.tril(x, n)
        np.diagonal(x, n)
        np.take(x, n, axis=0)
        np.repeat(x, n, axis=0)
        np.repeat(x, n)
        np.rot90(x, n)
        np.expand_dims(x, n)
        np.flip(x, n)
        np.pad(x, n)
        np.diag(x, n)
        np.trace(x, n)
        np.moveaxis(x, 0, n)
        np.tile(x, n)
        np.concatenate([x, x], axis=n)
        np.stack([x, x], axis=n)
        np.swapaxes(x, 0, n)
        """,
        {"x": (5, 3)},
        fixed={"n": 1},
        linear=True,
    ),
]

CURVED = [
    Case("x[0, 1] + x[1, 1] * x", {"x": (2, 3, 4)}),
    Case("x[1] * x[2] + np.sum(x * x)", {"x": (4,)}),
    Case("x[i] * x[i]", {"x": (5, 3)}, {"i": np.array([0, 2, 1, 1])}),
    Case("x[x > 0] ** 2", {"x": (3, 4)}),
    Case("s = np.split(x, [1, 3], axis=1)\nreturn s[0] * s[1].sum() + s[2]", {"x": (2, 4)}),
    Case("a, b = np.split(x, n)\nreturn a * b", {"x": (4,)}, {"n": 2}),
    Case("np.full_like(y, x) * y", {"x": (), "y": (3,)}),
    Case("np.full((2, 3), x) * np.full_like(x, 2.0)", {"x": ()}),
    Case("np.pad(x, 1, constant_values=5.0) * 2", {"x": (2, 3)}),
    Case("np.tril(x) + np.triu(x, 1)", {"x": (4,)}),
    Case("x[-1] * x[0] * x", {"x": (4,)}),
    Case("x[i][j]", {"x": (4, 3)}, {"i": np.array([0, 0, 2]), "j": np.array([1, 1, 2])}),
    Case("x[i, :, j]", {"x": (4, 3, 4)}, {"i": np.array([0, 0]), "j": np.array([1, 1])}),
    Case("N = x.shape[0]\nreturn np.sum(x[np.arange(N), y] ** 2) / N", {"x": (3, 4)}, {"y": np.array([0, 2, 1])}),
    Case("N, C, H, W = x.shape\nreturn x.reshape(N, C * H, W).transpose(0, 2, 1)", {"x": (2, 3, 2, 4)}),
    Case("E[idx].mean(axis=1)", {"E": (5, 3)}, {"idx": np.array([[0, 0], [3, 1]])}),
    Case("np.concatenate([x * y, x]) * 2", {"x": (3,), "y": (3,)}),
    Case("np.stack([x * y, y])[0] * x", {"x": (3,), "y": (3,)}),
    Case("x.T[0] * x.reshape(2, 3)[:, 1]", {"x": (2, 3)}),
    Case("a, b = np.split(x, 2)\nreturn a + 2 * b", {"x": (6, 3)}),
    Case("a, b, c = np.split(x, [1, 3])\nreturn a.sum() + b * c.sum()", {"x": (6, 3)}),
    Case("a, b, c = np.split(x, 3, axis=1)\nreturn a * c.sum() + b", {"x": (6, 3)}),
    Case("a, b = np.split(x, [1], axis=1)\nreturn a + b", {"x": (6, 3)}),
    Case("a, b = np.split(x, 2, 0)\nreturn 2 * b", {"x": (6, 3)}),
    Case("a, b = np.split(x, indices_or_sections=2, axis=-2)\nreturn 2 * b", {"x": (6, 3)}),
    Case("a, b = np.array_split(x, 2, axis=1)\nreturn 2 * b", {"x": (6, 3)}),
    Case("a, b, c, d = np.array_split(x, 4)\nreturn a.sum() + 2 * d", {"x": (6, 3)}),
    Case("a, b, c = np.hsplit(x, 3)\nreturn a + b - c", {"x": (6, 3)}),
    Case("a, b = np.vsplit(x, 2)\nreturn a - b", {"x": (6, 3)}),
    Case("a, b, c = np.hsplit(x, [1, 2])\nreturn a + b - c", {"x": (6, 3)}),
    Case("return np.split(x, 2)[0]", {"x": (6, 3)}),
    Case("return np.split(x, 2)[1] + np.split(x, 2, axis=0)[0]", {"x": (6, 3)}),
    Case("s = np.split(x, 2)\nreturn s[0] + s[1]", {"x": (6, 3)}),
    Case("a, b = np.split(x, (2,))\nreturn a.sum() + b", {"x": (6, 3)}),
]


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", LINEAR, ids=str)
def test_linear_gates_are_exact(case: Case, dtype: str, order: str) -> None:
    told = case.text in TOLD or (case.text == "np.tile(x, 3)" and not case.shapes["x"])
    holds(case, dtype, order, (True,) if told else (True, False))


@pytest.mark.parametrize("case", CURVED, ids=str)
def test_gates_in_products(case: Case) -> None:
    holds(case, known=(True,))


@pytest.mark.parametrize(
    ("text", "gradient"),
    [
        ("x.reshape(-1)", "dx = dout.reshape(x.shape).copy()"),
        ("x.transpose(2, 0, 1)", "dx = dout.transpose((1, 2, 0)).copy()"),
        ("np.moveaxis(x, 0, -1)", "dx = np.moveaxis(dout, -1, 0).copy()"),
        ("np.tile(x, (2, 1, 1))", "dx = dout.reshape(2, x.shape[0], x.shape[1], x.shape[2]).sum(axis=0)"),
        ("np.pad(x, ((0, 0), (1, 1), (1, 2)))", "dx = dout[:, 1:-1, 1:-2].copy()"),
        ("np.roll(x, 1, axis=0)", "dx = np.roll(dout, -1, axis=0)"),
        ("np.tril(x)", "dx = np.tril(dout)"),
        ("x[:, 1:]", "dx[:, 1:] = dout"),
        ("x[:, [0, 0]]", "np.add.at(dx, np.s_[:, [0, 0]], dout)"),
        ("x[np.arange(2), [1, 1]]", "dx[np.arange(2), [1, 1]] = dout"),
        ("x[:, [0, 2]]", "dx[:, [0, 2]] = dout"),
    ],
)
def test_the_text_is_as_written_by_hand(text: str, gradient: str) -> None:
    assert gradient in lines(Case(text, {"x": (2, 3, 4)}))


@pytest.mark.parametrize(
    "text",
    [
        'np.take(x, [0], mode="clip")',
        'x.reshape(6, order="A")',
        "np.concatenate(list(x))",
        "np.split(x, len(x))",
        'np.pad(x, 1, mode="linear_ramp")',
        'np.pad(x, 1, "reflect", reflect_type="odd")',
    ],
)
def test_what_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(SrcgradError):
        derived(Case(text, {"x": (2, 3)}), Mode.VJP)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("text", ["x.astype(np.float64)", "x.astype('float32') * 2", "np.array(x, dtype=float)"])
def test_a_conversion_gives_back_the_type(text: str, known: bool) -> None:
    x, dout = np.ones((2, 3), np.float32), np.full((2, 3), 2.0)
    _, (backward,) = derived(Case(text, {"x": (2, 3)}), Mode.VJP, known)
    dx = backward(dout, x)
    dx = dx[0] if isinstance(dx, tuple) else dx
    assert dx.dtype == np.float32
    assert not np.shares_memory(dx, dout)


def test_a_conversion_to_whole_numbers_stops_the_gradient() -> None:
    case = Case("x.astype(int) * x", {"x": (3,)})
    _, (backward,) = derived(case, Mode.VJP)
    x = np.array([1.5, 2.5, -3.5])
    (dx,) = backward(np.ones(3), x)
    assert np.array_equal(dx, x.astype(int))


@pytest.mark.parametrize("text", ["np.sum(x * x) + np.sum(np.diag(x) @ w)", "np.diag(x) @ w", "np.diagonal(w @ w) * x"])
def test_the_diagonal_that_numpy_lets_no_one_write_to_is_neither_written_to_nor_returned(text: str) -> None:
    holds(Case(text, {"x": (3,), "w": (3, 3)}), known=(True,))
