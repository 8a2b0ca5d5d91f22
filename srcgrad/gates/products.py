"""Products of matrices and vectors, by dimension analysis: of `D = W.dot(X)`, `dW = dD.dot(X.T)`.

Source: the cs231n notes on backpropagation: dimension analysis.
"""

from srcgrad.gate import bilinear, linear


@bilinear("W.dot(X)", "np.dot(W, X)", shape="dot(W, X)")
def dot(D, W, X):
    if np.ndim(W) == 0 or np.ndim(X) == 0:
        dW = X * dD
        dX = W * dD
    elif np.ndim(W) == 1 and np.ndim(X) == 1:
        dW = X * dD
        dX = W * dD
    elif np.ndim(W) == 2 and np.ndim(X) == 1:
        dW = np.outer(dD, X)
        dX = W.T.dot(dD)
    elif np.ndim(W) == 1 and np.ndim(X) == 2:
        dW = X.dot(dD)
        dX = np.outer(W, dD)
    elif np.ndim(W) == 2 and np.ndim(X) == 2:
        dW = dD.dot(X.T)
        dX = W.T.dot(dD)
    elif np.ndim(X) == 1:
        dW = np.expand_dims(dD, -1) * X
        dX = np.tensordot(np.moveaxis(W, -1, 0), dD, W.ndim - 1)
    else:
        dW = np.tensordot(dD, np.swapaxes(X, -1, -2), X.ndim - 1)
        dX = np.moveaxis(np.tensordot(np.moveaxis(W, -1, 0), dD, W.ndim - 1), 0, -2)


@bilinear("W @ X", "np.matmul(W, X)", "np.linalg.matmul(W, X)", shape="matmul(W, X)")
def matmul(D, W, X):
    if np.ndim(W) == 1 and np.ndim(X) == 1:
        dW = X * dD
        dX = W * dD
    elif np.ndim(W) == 2 and np.ndim(X) == 1:
        dW = np.outer(dD, X)
        dX = W.T @ dD
    elif np.ndim(W) == 1 and np.ndim(X) == 2:
        dW = X @ dD
        dX = np.outer(W, dD)
    elif np.ndim(W) == 2 and np.ndim(X) == 2:
        dW = dD @ X.T
        dX = W.T @ dD
    elif np.ndim(X) == 1:
        dW = dD[..., None] * X
        dX = (np.swapaxes(W, -1, -2) @ dD[..., None])[..., 0]
    elif np.ndim(W) == 1:
        dW = (X @ dD[..., None])[..., 0]
        dX = W[:, None] * dD[..., None, :]
    else:
        dW = dD @ np.swapaxes(X, -1, -2)
        dX = np.swapaxes(W, -1, -2) @ dD


@bilinear("np.matvec(x, y)", shape="matvec(x, y)")
def matvec(z, x, y):
    dx = dz[..., None] * y[..., None, :]
    dy = np.vecmat(dz, x)


@bilinear("np.vecmat(x, y)", shape="vecmat(x, y)")
def vecmat(z, x, y):
    dx = np.matvec(y, dz)
    dy = x[..., None] * dz[..., None, :]


@bilinear("np.vecdot(x, y, axis=axis)", "np.linalg.vecdot(x, y, axis=axis)", shape="vecdot(x, y, axis)")
def vecdot(z, x, y, axis=-1):
    if axis == -1:
        dx = y * dz[..., None]
        dy = x * dz[..., None]
    elif alike(x, y):
        dx = y * np.expand_dims(dz, axis)
        dy = x * np.expand_dims(dz, axis)
    else:
        dx = refused(dz)
        dy = refused(dz)


@bilinear("np.inner(x, y)", shape="inner(x, y)")
def inner(z, x, y):
    if np.ndim(x) == 0 or np.ndim(y) == 0:
        dx = y * dz
        dy = x * dz
    elif np.ndim(x) == 1 and np.ndim(y) == 1:
        dx = y * dz
        dy = x * dz
    elif np.ndim(x) == 2 and np.ndim(y) == 2:
        dx = dz.dot(y)
        dy = dz.T.dot(x)
    else:
        dx = np.tensordot(dz, y, y.ndim - 1)
        dy = np.tensordot(dz, x, (range(x.ndim - 1), range(x.ndim - 1)))


@bilinear("np.outer(x, y)", "np.linalg.outer(x, y)", shape="outer(x, y)")
def outer(z, x, y):
    if np.ndim(x) == 1 and np.ndim(y) == 1:
        dx = dz.dot(y)
        dy = x.dot(dz)
    else:
        dx = dz.dot(np.ravel(y)).reshape(np.shape(x))
        dy = np.ravel(x).dot(dz).reshape(np.shape(y))


@bilinear("np.vdot(x, y)", shape="scalar(x, y)")
def vdot(z, x, y):
    dx = np.reshape(y, np.shape(x)) * dz
    dy = np.reshape(x, np.shape(y)) * dz


# Over the last two axes of one and the first two of the other where no axes are given.
@bilinear("np.tensordot(x, y, axes)", "np.linalg.tensordot(x, y, axes=axes)", shape="contracted(x, y, axes)")
def tensordot(z, x, y, axes=None):
    dx = contracted_back(dz, x, y, axes)
    dy = contracted_back(dz, x, y, axes, 1)


@linear("np.einsum(subscripts, x)", shape="summed(subscripts, x)")
def einsum(z, x, subscripts=...):
    dx = summed_back(subscripts, 0, dz, [x])


@bilinear("np.einsum(subscripts, x, y)", shape="summed(subscripts, x, y)")
def einsum_of_two(z, x, y, subscripts=...):
    dx = summed_back(subscripts, 0, dz, [x, y])
    dy = summed_back(subscripts, 1, dz, [x, y])


@bilinear("np.einsum(subscripts, x, y, w)", shape="summed(subscripts, x, y, w)")
def einsum_of_three(z, x, y, w, subscripts=...):
    dx = summed_back(subscripts, 0, dz, [x, y, w])
    dy = summed_back(subscripts, 1, dz, [x, y, w])
    dw = summed_back(subscripts, 2, dz, [x, y, w])


@bilinear("np.einsum(subscripts, x, y, v, w)", shape="summed(subscripts, x, y, v, w)")
def einsum_of_four(z, x, y, v, w, subscripts=...):
    dx = summed_back(subscripts, 0, dz, [x, y, v, w])
    dy = summed_back(subscripts, 1, dz, [x, y, v, w])
    dv = summed_back(subscripts, 2, dz, [x, y, v, w])
    dw = summed_back(subscripts, 3, dz, [x, y, v, w])


@bilinear("np.multiply.outer(x, y)", shape="beside(x, y)")
def every_product(z, x, y):
    dx = np.tensordot(dz, y, np.ndim(y))
    dy = np.tensordot(x, dz, np.ndim(x))


@linear("np.add.outer(x, y)", shape="beside(x, y)")
def every_sum(z, x, y):
    if np.ndim(x) == 1 and np.ndim(y) == 1:
        dx = np.sum(dz, axis=1)
        dy = np.sum(dz, axis=0)
    else:
        dx = np.sum(dz, axis=tuple(range(np.ndim(x), np.ndim(z))))
        dy = np.sum(dz, axis=tuple(range(np.ndim(x))))


@linear("np.subtract.outer(x, y)", shape="beside(x, y)")
def every_difference(z, x, y):
    if np.ndim(x) == 1 and np.ndim(y) == 1:
        dx = np.sum(dz, axis=1)
        dy = -np.sum(dz, axis=0)
    else:
        dx = np.sum(dz, axis=tuple(range(np.ndim(x), np.ndim(z))))
        dy = -np.sum(dz, axis=tuple(range(np.ndim(x))))


# Of vectors of three along the last axis: those of two are no longer numpy's.
@bilinear("np.cross(x, y)", "np.linalg.cross(x, y)", "np.linalg.cross(x, y, axis=-1)", shape="crossed(x, y)")
def cross(z, x, y):
    dx = np.cross(y, dz)
    dy = np.cross(dz, x)
