"""Gates that people write across lines: softmax and cross-entropy, shifted exponentials, normalisation.

The patterns are written in the names of the gates, and hold whatever names the lines of a function have. What stands
behind `if` must follow from the shapes that are known.

Source: the cs231n notes on the softmax classifier, and on batch normalisation.
"""

from srcgrad.composite import across, written
from srcgrad.gates.composites import log_softmax, softmax

# The largest score, subtracted so that nothing overflows, changes no probability: no gradient passes to it.
softmax_across = (
    *written(softmax, "exp(s) / sum(exp(s))", "exp(s) / sum(exp(s), axis=axis, keepdims=True)", title="softmax"),
    *written(softmax, "softmax(s - m, axis=axis)", where="constant_along(m, s, axis)", cancels="m", title="softmax"),
)
log_softmax_across = (
    *written(
        log_softmax,
        "s - log(sum(exp(s)))",
        "s - log(sum(exp(s), axis=axis, keepdims=True))",
        "s - log_sum_exp(s)",
        "s - log_sum_exp(s, axis=axis, keepdims=True)",
        title="log-softmax",
    ),
    *written(
        log_softmax,
        "log_softmax(s - m, axis=axis)",
        where="constant_along(m, s, axis)",
        cancels="m",
        title="log-softmax",
    ),
)


# One item of each row: its share of the upstream gradient goes to all, and to it the whole.
@across(
    "log(p[index])",
    p="softmax(s, axis=axis)",
    where="one_a_row(index, p, axis)",
    shape="drop(s, axis)",
    title="softmax and cross-entropy",
)
def log_likelihood(l, s, p=..., index=..., axis=...):
    if single(dl):
        ds = p.copy()
        ds[index] -= 1
        ds *= -dl
    else:
        ds = -p * np.expand_dims(dl, axis)
        ds[index] += dl
    dl = ds[index] - np.sum(p * ds, axis=axis)


@across(
    "y[index]",
    y="log_softmax(s, axis=axis)",
    where="one_a_row(index, y, axis)",
    shape="drop(s, axis)",
    title="log-softmax and cross-entropy",
)
def picked_log_softmax(l, s, y=..., index=..., axis=...):
    if single(dl):
        ds = np.exp(y)
        ds[index] -= 1
        ds *= -dl
    else:
        ds = -np.exp(y) * np.expand_dims(dl, axis)
        ds[index] += dl
    dl = ds[index] - np.sum(np.exp(y) * ds, axis=axis)


@across("log(p)", p="softmax(s, axis=axis)", shape="replaced(s)", title="softmax and logarithm")
def log_of_softmax(l, s, p=..., axis=...):
    if axis is None:
        ds = dl - p * np.sum(dl)
        dl = ds - np.sum(p * ds)
    else:
        ds = dl - p * np.sum(dl, axis=axis, keepdims=True)
        dl = ds - np.sum(p * ds, axis=axis, keepdims=True)


@across("log(p)", p="sigmoid(x)", algebra="elementwise", title="sigmoid and logarithm")
def log_of_sigmoid(l, x, p=...):
    dx = (1 - p) * dl


@across("log(1 - p)", p="sigmoid(x)", algebra="elementwise", title="sigmoid and logarithm")
def log_of_sigmoid_of_other(l, x, p=...):
    dx = -p * dl


@across(
    "y * log(p) + (1 - y) * log(1 - p)",
    p="sigmoid(x)",
    algebra="elementwise",
    title="sigmoid and cross-entropy",
)
def binary_log_likelihood(l, y, x, p=...):
    dy = (np.log(p) - np.log(1 - p)) * dl
    dx = (y - p) * dl


@across(
    "k + log(t)",
    t="sum(e, axis=axis, keepdims=keepdims)",
    e="exp(s - m)",
    where="constant_along(m, s, axis) and alike(k, m)",
    cancels="k m",
    shape="drop(s, axis, keepdims)",
    title="log-sum-exp",
)
def shifted_log_sum_exp(y, s, e=..., t=..., axis=..., keepdims=...):
    if axis is None or keepdims:
        ds = e * (dy / t)
        dy = np.sum(e * ds, axis=axis, keepdims=keepdims) / t
    else:
        ds = e * (np.expand_dims(dy, axis) / np.expand_dims(t, axis))
        dy = np.sum(e * ds, axis=axis) / t


# Ioffe and Szegedy, "Batch normalization" (2015), the three terms of dx taken together.
@across(
    "(x - m) / std",
    m="mean(x, axis=axis, keepdims=j)",
    std="std(x, axis=axis, keepdims=k)",
    where="kept(m, x, axis) and kept(std, x, axis)",
)
@across(
    "(x - m) / std",
    m="mean(x, axis=axis, keepdims=j)",
    std="sqrt(mean(square(x - m), axis=axis, keepdims=k) + eps)",
    where="kept(m, x, axis) and kept(std, x, axis)",
)
@across(
    "(x - m) / std",
    m="mean(x, axis=axis, keepdims=j)",
    std="sqrt(var(x, axis=axis, keepdims=k) + eps)",
    where="kept(m, x, axis) and kept(std, x, axis)",
    shape="replaced(x)",
    title="normalisation",
)
def normalisation(xhat, x, std=..., axis=...):
    dx = (
        dxhat - np.mean(dxhat, axis=axis, keepdims=True) - xhat * np.mean(dxhat * xhat, axis=axis, keepdims=True)
    ) / std
    dxhat = (dx - np.mean(dx, axis=axis, keepdims=True) - xhat * np.mean(dx * xhat, axis=axis, keepdims=True)) / std


@across(
    "(x - m) * inv",
    m="mean(x, axis=axis, keepdims=j)",
    v="mean(square(x - m), axis=axis, keepdims=k)",
    inv="reciprocal(sqrt(v + eps))",
    where="kept(m, x, axis) and kept(v, x, axis)",
)
@across(
    "(x - m) * inv",
    m="mean(x, axis=axis, keepdims=j)",
    v="var(x, axis=axis, keepdims=k)",
    inv="reciprocal(sqrt(v + eps))",
    where="kept(m, x, axis) and kept(v, x, axis)",
    shape="replaced(x)",
    title="normalisation",
)
def normalisation_by_inverse(xhat, x, inv=..., axis=...):
    dx = inv * (
        dxhat - np.mean(dxhat, axis=axis, keepdims=True) - xhat * np.mean(dxhat * xhat, axis=axis, keepdims=True)
    )
    dxhat = inv * (dx - np.mean(dx, axis=axis, keepdims=True) - xhat * np.mean(dx * xhat, axis=axis, keepdims=True))
