"""Products of several matrices and of rows, and matrices that are made of blocks, of diagonals.

Source: dimension analysis, as in the cs231n notes, block by block.
"""

from srcgrad.gate import bilinear, linear


@bilinear("np.linalg.multi_dot([x, y])", "np.linalg.multi_dot((x, y))", shape="chained(x, y)")
def product_of_two(z, x, y):
    if np.ndim(x) == 2 and np.ndim(y) == 2:
        dx = dz @ y.T
        dy = x.T @ dz
    else:
        dx = refused(dz)
        dy = refused(dz)


@bilinear("np.linalg.multi_dot([x, y, w])", "np.linalg.multi_dot((x, y, w))", shape="chained(x, y, w)")
def product_of_three(z, x, y, w):
    if np.ndim(x) == 2 and np.ndim(w) == 2:
        dx = np.linalg.multi_dot([dz, w.T, y.T])
        dy = np.linalg.multi_dot([x.T, dz, w.T])
        dw = np.linalg.multi_dot([y.T, x.T, dz])
    elif np.ndim(x) == 2:
        dx = np.outer(dz, y @ w)
        dy = np.outer(dz @ x, w)
        dw = np.linalg.multi_dot([dz, x, y])
    elif np.ndim(x) == 1 and np.ndim(w) == 2:
        dx = np.linalg.multi_dot([y, w, dz])
        dy = np.outer(x, w @ dz)
        dw = np.outer(x @ y, dz)
    elif np.ndim(x) == 1 and np.ndim(w) == 1:
        dx = y @ w * dz
        dy = np.outer(x, w) * dz
        dw = x @ y * dz
    else:
        dx = refused(dz)
        dy = refused(dz)
        dw = refused(dz)


@bilinear("np.linalg.multi_dot([x, y, v, w])", "np.linalg.multi_dot((x, y, v, w))", shape="chained(x, y, v, w)")
def product_of_four(z, x, y, v, w):
    if np.ndim(x) == 2 and np.ndim(w) == 2:
        dx = np.linalg.multi_dot([dz, w.T, v.T, y.T])
        dy = np.linalg.multi_dot([x.T, dz, w.T, v.T])
        dv = np.linalg.multi_dot([y.T, x.T, dz, w.T])
        dw = np.linalg.multi_dot([v.T, y.T, x.T, dz])
    else:
        dx = refused(dz)
        dy = refused(dz)
        dv = refused(dz)
        dw = refused(dz)


# Each item of one times the whole of the other, in blocks.
@bilinear("np.kron(x, y)", shape="kronecker(x, y)")
def kron(z, x, y):
    if np.ndim(x) == 1 and np.ndim(y) == 1:
        dx = dz.reshape(x.size, y.size) @ y
        dy = x @ dz.reshape(x.size, y.size)
    elif np.ndim(x) == 2 and np.ndim(y) == 2:
        blocks = dz.reshape(x.shape[0], y.shape[0], x.shape[1], y.shape[1])
        dx = np.einsum("ikjl,kl->ij", blocks, y)
        dy = np.einsum("ikjl,ij->kl", blocks, x)
    else:
        dx = refused(dz)
        dy = refused(dz)


# A row is a block of one row.
@linear("linalg.block_diag(*xs)", shape="beside_diagonally(xs)")
def block_diag(z, xs):
    for i, x in enumerate(xs):
        dx = diagonal_part(dz, xs, i)


# The first column and the first row; without a row the column is both.
@linear("linalg.toeplitz(c)", shape="diagonals_of(c, c)")
def toeplitz(t, c):
    if np.ndim(c) == 1:
        np.add.at(dc, linalg.toeplitz(np.arange(c.size)), dt)
    else:
        dc = refused(dt)


# Below the diagonal, and on it, is the column, above it the row, whose first item is not read.
@linear("linalg.toeplitz(c, r)", "linalg.toeplitz(c, r=r)", shape="diagonals_of(c, r)")
def toeplitz_of_two(t, c, r):
    place = linalg.toeplitz(np.arange(c.size), -np.arange(r.size))
    if np.ndim(c) == 1 and np.ndim(r) == 1:
        np.add.at(dc, np.maximum(place, 0), dt * (place >= 0))
        np.add.at(dr, np.maximum(-place, 0), dt * (place < 0))
    else:
        dc = refused(dt)
        dr = refused(dt)
