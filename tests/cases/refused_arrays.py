"""Arrays that do not fit, and what writes into them."""

from typing import Annotated

import numpy as np


def layer(X, W):
    """
    - X: of shape (N, D)
    - W: of shape (K, M)
    """
    return np.sum(X.dot(W))


def added(x, y):
    """
    - x: of shape (N, D)
    - y: of shape (N,)
    """
    return np.sum(x + y)


def axes(x):
    """
    - x: of shape (N, D)
    """
    return np.sum(np.mean(x, axis=2))


def stacked(x, y):
    """
    - x: of shape (N, D)
    - y: of shape (N,)
    """
    return np.sum(np.stack([x, y]))


def joined(x, y):
    """
    - x: of shape (N, D)
    - y: of shape (N,)
    """
    return np.sum(np.concatenate([x, y]))


def deep(x: tuple[Annotated[np.ndarray, "N"], Annotated[np.ndarray, "N"]]):
    return x[0][1] * x[1][0]


def letters(x):
    """
    - x: of shape (N, D)
    """
    return np.sum(np.einsum("ijk->i", x))


def indices(x):
    """
    - x: of shape (N,)
    """
    return np.sum(x[:, 0])


def unpacked(x):
    """
    - x: of shape (N, D)
    """
    N, D, H = x.shape
    return np.sum(x) / N


def many(x):
    """
    - x: of shape (N,)
    """
    return 2 * x


def changed(x):
    y = 2 * x
    y.fill(3.0)
    return np.sum(y * y)


def shared(x):
    y = 2 * x
    z = y
    y += 1
    return np.sum(y * z)


def seen(x):
    """
    - x: of shape (N,)
    """
    y = 2 * x
    z = y[::-1]
    y += 1
    return np.sum(y * z)


def given(x):
    """
    - x: of shape (N,)
    """
    x *= 2
    return np.sum(x * x)


def items(x):
    return x[0] * x[1]


def letters_of_two(x, y):
    """
    - x: of shape (N, D)
    - y: of shape (D, N)
    """
    return np.sum(np.einsum("ij->i", x, y))


def pieces(x, n):
    """
    - x: of shape (N, D)
    """
    parts = np.split(x, n)
    return np.sum(parts[0])


def piece(x, n):
    """
    - x: of shape (N, D)
    """
    return np.sum(np.split(x, n)[0])


def padded(x):
    """
    - x: of shape (N, D)
    """
    return np.sum(np.pad(x, ((1, 1), (0, 0), (2, 2))))


def norms(x):
    """
    - x: of shape (N, D)
    """
    return np.linalg.norm(x, -2)


def axes_of_two(x, y):
    return np.sum(np.tensordot(x, y, ((0,), (1,))))


def turned(x):
    """
    - x: of shape (N, D)
    """
    return np.sum(np.transpose(x, (0, 1, 2)))


# $ srcgrad emit refused_arrays.py layer
# exit 1
# stderr
refused_arrays.py:13:19: error: these shapes do not fit, (N, D) and (K, M): D is not K
        return np.sum(X.dot(W))
                      ^^^^^^^^
hint: look at the axes, or say other shapes


# $ srcgrad emit refused_arrays.py added
# exit 1
# stderr
refused_arrays.py:21:19: error: these shapes do not fit, (N, D) and (N,): D is not N
        return np.sum(x + y)
                      ^^^^^
hint: look at the axes, or say other shapes


# $ srcgrad emit refused_arrays.py axes
# exit 1
# stderr
refused_arrays.py:28:19: error: these shapes do not fit, (N, D): there is no axis 2 in 2 dimensions
        return np.sum(np.mean(x, axis=2))
                      ^^^^^^^^^^^^^^^^^^
hint: look at the axes, or say other shapes


# $ srcgrad emit refused_arrays.py stacked
# exit 1
# stderr
refused_arrays.py:36:19: error: these shapes do not fit, (N, D) and (N,): (N, D) and (N,) differ in rank
        return np.sum(np.stack([x, y]))
                      ^^^^^^^^^^^^^^^^
hint: look at the axes, or say other shapes


# $ srcgrad emit refused_arrays.py joined
# exit 1
# stderr
refused_arrays.py:44:19: error: these shapes do not fit, (N, D) and (N,): they differ in rank: (N, D), (N,)
        return np.sum(np.concatenate([x, y]))
                      ^^^^^^^^^^^^^^^^^^^^^^
hint: look at the axes, or say other shapes


# $ srcgrad emit refused_arrays.py deep
# exit 1
# stderr
refused_arrays.py:47:10: error: an item of x is an array, and items of that are read
    def deep(x: tuple[Annotated[np.ndarray, "N"], Annotated[np.ndarray, "N"]]):
             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: unpack x first, or give it as one array


# $ srcgrad emit refused_arrays.py letters
# exit 1
# stderr
refused_arrays.py:55:19: error: these shapes do not fit, (N, D): "ijk" is not for 2 dimensions
        return np.sum(np.einsum("ijk->i", x))
                      ^^^^^^^^^^^^^^^^^^^^^^
hint: look at the axes, or say other shapes


# $ srcgrad emit refused_arrays.py indices
# exit 1
# stderr
refused_arrays.py:62:19: error: these shapes do not fit, (N,): 2 indices for (N,)
        return np.sum(x[:, 0])
                      ^^^^^^^
hint: look at the axes, or say other shapes


# $ srcgrad emit refused_arrays.py unpacked
# exit 1
# stderr
refused_arrays.py:69:15: error: these shapes do not fit, (N, D): 3 names for 2 dimensions
        N, D, H = x.shape
                  ^^^^^^^
hint: look at the axes, or say other shapes


# $ srcgrad emit refused_arrays.py many
# exit 1
# stderr
refused_arrays.py:73:1: error: the result of many is not a scalar: it is an array of shape (N,)
    def many(x):
    ^^^^^^^^^^^^
hint: sum it up, or take vjp, which takes its upstream gradient


# $ srcgrad emit refused_arrays.py changed
# exit 1
# stderr
refused_arrays.py:82:5: error: this call could change y, which may be an array
        y.fill(3.0)
        ^^^^^^^^^^^
hint: leave it out, or write it with functions that srcgrad knows


# $ srcgrad emit refused_arrays.py shared
# exit 1
# stderr
refused_arrays.py:89:5: error: this writes into what may be an array of y, which z sees
        y += 1
        ^^^^^^
hint: make a new value, as in y = y + ...


# $ srcgrad emit refused_arrays.py seen
# exit 1
# stderr
refused_arrays.py:99:5: error: this writes into the array of y, which z sees
        y += 1
        ^^^^^^
hint: make a new value, as in y = y + ...


# $ srcgrad emit refused_arrays.py given
# exit 1
# stderr
refused_arrays.py:107:5: error: this writes into an array that x shares with an argument
        x *= 2
        ^^^^^^
hint: make a new value, as in x = x * ...


# $ srcgrad emit refused_arrays.py layer --shapes "X: N *; W: N"
# exit 1
# stderr
error: X: N * is no shape
hint: write names and numbers, as in "X: N D; b: D; s:"


# $ srcgrad emit refused_arrays.py items --mode vjp
# exit 1
# stderr
refused_arrays.py:111:11: error: nothing says whether x is a list or an array, and its items are read
    def items(x):
              ^
hint: say it, as in x: list[float], or by shapes, as in "x: N"


# $ srcgrad emit refused_arrays.py letters_of_two
# exit 1
# stderr
refused_arrays.py:120:19: error: these shapes do not fit, (N, D) and (D, N): "ij->i" is not for 2 operands
        return np.sum(np.einsum("ij->i", x, y))
                      ^^^^^^^^^^^^^^^^^^^^^^^^
hint: look at the axes, or say other shapes


# $ srcgrad emit refused_arrays.py pieces
# exit 1
# stderr
refused_arrays.py:127:13: error: srcgrad cannot tell how many pieces these are
        parts = np.split(x, n)
                ^^^^^^^^^^^^^^
hint: write their number out, or unpack them: a, b = ...


# $ srcgrad emit refused_arrays.py norms
# exit 1
# stderr
refused_arrays.py:149:12: error: srcgrad has no rule for these settings
        return np.linalg.norm(x, -2)
               ^^^^^^^^^^^^^^^^^^^^^
hint: say the shapes of the arrays, and write axes and counts out as numbers


# $ srcgrad emit refused_arrays.py axes_of_two
# exit 1
# stderr
refused_arrays.py:153:19: error: the gradient of this depends on what is not known before the function runs
        return np.sum(np.tensordot(x, y, ((0,), (1,))))
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: say the shapes of the arrays, and write axes and counts out as numbers


# $ srcgrad emit refused_arrays.py turned
# exit 1
# stderr
refused_arrays.py:160:19: error: these shapes do not fit, (N, D): there is no axis 2 in 2 dimensions
        return np.sum(np.transpose(x, (0, 1, 2)))
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: look at the axes, or say other shapes


# $ srcgrad emit refused_arrays.py piece
# exit 1
# stderr
refused_arrays.py:135:19: error: srcgrad cannot tell how many pieces these are
        return np.sum(np.split(x, n)[0])
                      ^^^^^^^^^^^^^^^^^
hint: unpack them: a, b = ...


# $ srcgrad emit refused_arrays.py padded
# exit 1
# stderr
refused_arrays.py:142:19: error: these shapes do not fit, (N, D): ((1, 1), (0, 0), (2, 2)) for 2 dimensions
        return np.sum(np.pad(x, ((1, 1), (0, 0), (2, 2))))
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: look at the axes, or say other shapes
