"""Emitted against hand-written gradients of functions on arrays, against the best known ones, and against peers.

Run `python benchmarks/arrays.py`, or with the names of some functions. `by_hand` is the gradient as one writes it down
line by line, from the last line to the first; `best` is what algebra over the whole function gives. All are timed in
one run, in turns (A B C A B C ...), and the least of the rounds is taken: what else the machine does only adds. The
peers (autograd, jax eager and compiled, torch, tangent) run where they are installed and can express the function.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads that wait for a core would be measured too

import builtins
import importlib
import importlib.util
import math
import re
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import FunctionType
from typing import Any

import numpy as np

from srcgrad import split, value_and_grad

SECONDS, ROUNDS = 0.5, 400
"""How long one side of a function is timed, and how often at most."""

Call = Callable[[], Any]

# The functions, their gradients as one writes them by hand, and the best ones.


def logistic_regression(w, b, X, t):
    """
    Mean negative log-likelihood of logistic regression.

    Inputs:
    - w: Weights, of shape (D,)
    - b: Bias, of shape ()
    - X: Points, of shape (N, D)
    - t: Targets 0 or 1, of shape (N,)
    """
    p = 1 / (1 + np.exp(-(X @ w + b)))
    return -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))


def logistic_regression_by_hand(w, b, X, t):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    loss = -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))
    dp = (-t / p + (1 - t) / (1 - p)) / t.size
    dz = p * (1 - p) * dp
    dw = X.T @ dz
    db = np.sum(dz)
    return loss, (dw, db)


def logistic_regression_best(w, b, X, t):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    loss = -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))
    dz = (p - t) / t.size
    return loss, (X.T @ dz, np.sum(dz))


def perceptron(X, c, W, b):
    """
    Cross-entropy of a perceptron.

    Inputs:
    - X: Points, of shape (N, D)
    - c: One-hot classes, of shape (N, C)
    - W: Weights, of shape (D, C)
    - b: Biases, of shape (C,)
    """
    a = X @ W + b
    p = np.exp(a) / np.sum(np.exp(a), axis=1, keepdims=True)
    return -np.sum(c * np.log(p))


def perceptron_by_hand(X, c, W, b):
    a = X @ W + b
    p = np.exp(a) / np.sum(np.exp(a), axis=1, keepdims=True)
    loss = -np.sum(c * np.log(p))
    dp = -c / p
    da = p * (dp - np.sum(dp * p, axis=1, keepdims=True))
    dW = X.T @ da
    db = np.sum(da, axis=0)
    return loss, (dW, db)


def perceptron_best(X, c, W, b):
    p = np.exp(X @ W + b)
    p /= np.sum(p, axis=1, keepdims=True)
    loss = -np.sum(c * np.log(p))
    p -= c
    return loss, (X.T @ p, np.sum(p, axis=0))


def two_layer_net(X, T, W1, b1, W2, b2):
    """
    Squared error of a two-layer net.

    Inputs:
    - X: Data, of shape (N, D)
    - T: Targets, of shape (N, C)
    - W1: of shape (D, H)
    - b1: of shape (H,)
    - W2: of shape (H, C)
    - b2: of shape (C,)
    """
    hidden = np.maximum(0.0, X @ W1 + b1)
    Y = hidden @ W2 + b2
    return np.mean((Y - T) ** 2)


def two_layer_net_by_hand(X, T, W1, b1, W2, b2):
    hidden = np.maximum(0.0, X @ W1 + b1)
    Y = hidden @ W2 + b2
    error = Y - T
    loss = np.mean(error**2)
    dY = 2 * error / T.size
    dhidden = dY @ W2.T
    dW2 = hidden.T @ dY
    db2 = np.sum(dY, axis=0)
    da = dhidden * (hidden > 0)
    dW1 = X.T @ da
    db1 = np.sum(da, axis=0)
    return loss, (dW1, db1, dW2, db2)


def two_layer_net_best(X, T, W1, b1, W2, b2):
    hidden = X @ W1
    hidden += b1
    np.maximum(hidden, 0, out=hidden)
    dY = hidden @ W2
    dY += b2
    dY -= T
    loss = np.vdot(dY, dY) / T.size
    dY *= 2 / T.size
    da = dY @ W2.T
    da *= hidden > 0
    return loss, (X.T @ da, np.sum(da, axis=0), hidden.T @ dY, np.sum(dY, axis=0))


def batchnorm(x, gamma, beta, eps=1e-5):
    """
    Batch normalisation.

    Inputs:
    - x: Data, of shape (N, D)
    - gamma: Scale, of shape (D,)
    - beta: Shift, of shape (D,)
    """
    mu = np.mean(x, axis=0)
    xc = x - mu
    var = np.mean(xc**2, axis=0)
    std = np.sqrt(var + eps)
    xhat = xc / std
    out = gamma * xhat + beta
    return out


def batchnorm_by_hand(dout, x, gamma, beta, eps=1e-5):
    N = x.shape[0]
    mu = np.mean(x, axis=0)
    xc = x - mu
    var = np.mean(xc**2, axis=0)
    std = np.sqrt(var + eps)
    xhat = xc / std
    out = gamma * xhat + beta
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    dxc = dxhat / std
    dstd = -np.sum(dxhat * xc, axis=0) / std**2
    dvar = 0.5 * dstd / std
    dxc += 2 * xc * (dvar / N)
    dmu = -np.sum(dxc, axis=0)
    dx = dxc + dmu / N
    return out, (dx, dgamma, dbeta)


def batchnorm_best(dout, x, gamma, beta, eps=1e-5):
    N = x.shape[0]
    xhat = x - np.mean(x, axis=0)
    std = np.sqrt(np.einsum("nd,nd->d", xhat, xhat) / N + eps)
    xhat /= std
    out = gamma * xhat
    out += beta
    dbeta = np.sum(dout, axis=0)
    dgamma = np.einsum("nd,nd->d", dout, xhat)
    dx = xhat
    dx *= -dgamma / N
    dx += dout
    dx -= dbeta / N
    dx *= gamma / std
    return out, (dx, dgamma, dbeta)


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def lstm_step(x, h_prev, c_prev, Wx, Wh, b):
    """
    One step of an LSTM.

    Inputs:
    - x: Input data, of shape (N, D)
    - h_prev: Previous hidden state, of shape (N, H)
    - c_prev: Previous cell state, of shape (N, H)
    - Wx: Input-to-hidden weights, of shape (D, 4*H)
    - Wh: Hidden-to-hidden weights, of shape (H, 4*H)
    - b: Biases, of shape (4*H,)
    """
    H = h_prev.shape[1]
    a = x @ Wx + h_prev @ Wh + b
    i = sigmoid(a[:, :H])
    f = sigmoid(a[:, H : 2 * H])
    o = sigmoid(a[:, 2 * H : 3 * H])
    g = np.tanh(a[:, 3 * H :])
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c


def lstm_step_by_hand(dh, dc, x, h_prev, c_prev, Wx, Wh, b):
    H = h_prev.shape[1]
    a = x @ Wx + h_prev @ Wh + b
    i = sigmoid(a[:, :H])
    f = sigmoid(a[:, H : 2 * H])
    o = sigmoid(a[:, 2 * H : 3 * H])
    g = np.tanh(a[:, 3 * H :])
    c = f * c_prev + i * g
    tc = np.tanh(c)
    h = o * tc
    do = dh * tc
    dc = dc + dh * o * (1 - tc**2)
    df = dc * c_prev
    dc_prev = dc * f
    di = dc * g
    dg = dc * i
    da = np.zeros_like(a)
    da[:, :H] = i * (1 - i) * di
    da[:, H : 2 * H] = f * (1 - f) * df
    da[:, 2 * H : 3 * H] = o * (1 - o) * do
    da[:, 3 * H :] = (1 - g**2) * dg
    dx = da @ Wx.T
    dWx = x.T @ da
    dh_prev = da @ Wh.T
    dWh = h_prev.T @ da
    db = np.sum(da, axis=0)
    return (h, c), (dx, dh_prev, dc_prev, dWx, dWh, db)


def lstm_step_best(dh, dc, x, h_prev, c_prev, Wx, Wh, b):
    H = h_prev.shape[1]
    a = x @ Wx
    a += h_prev @ Wh
    a += b
    gates = sigmoid(a[:, : 3 * H])  # three gates in one call
    i, f, o = gates[:, :H], gates[:, H : 2 * H], gates[:, 2 * H :]
    g = np.tanh(a[:, 3 * H :])
    c = f * c_prev + i * g
    tc = np.tanh(c)
    h = o * tc
    dc = dc + dh * o * (1 - tc**2)
    dc_prev = dc * f
    da = np.empty_like(a)
    np.multiply(dc, g, out=da[:, :H])
    np.multiply(dc, c_prev, out=da[:, H : 2 * H])
    np.multiply(dh, tc, out=da[:, 2 * H : 3 * H])
    da[:, : 3 * H] *= (1 - gates) * gates
    np.multiply(dc * i, 1 - g**2, out=da[:, 3 * H :])
    return (h, c), (da @ Wx.T, da @ Wh.T, dc_prev, x.T @ da, h_prev.T @ da, np.sum(da, axis=0))


def log_sum_exp(x):
    """
    Sum over rows of the logarithm of the sum of exponentials.

    Inputs:
    - x: Scores, of shape (N, C)
    """
    return np.sum(np.log(np.sum(np.exp(x), axis=1)))


def log_sum_exp_by_hand(x):
    e = np.exp(x)
    s = np.sum(e, axis=1)
    loss = np.sum(np.log(s))
    ds = 1 / s
    dx = e * ds[:, None]
    return loss, dx


def log_sum_exp_best(x):
    e = np.exp(x)
    s = np.sum(e, axis=1)
    loss = np.sum(np.log(s))
    e /= s[:, None]
    return loss, e


# By hand one knows that nothing comes back through the maximum, which cancels: no rule of a single line does.
def shifted_log_sum_exp(x):
    """
    The same with the maximum subtracted, so that nothing overflows.

    Inputs:
    - x: Scores, of shape (N, C)
    """
    m = np.max(x, axis=1, keepdims=True)
    return np.sum(m + np.log(np.sum(np.exp(x - m), axis=1, keepdims=True)))


def shifted_log_sum_exp_by_hand(x):
    m = np.max(x, axis=1, keepdims=True)
    e = np.exp(x - m)
    s = np.sum(e, axis=1, keepdims=True)
    loss = np.sum(m + np.log(s))
    ds = 1 / s
    dx = e * ds
    return loss, dx


def shifted_log_sum_exp_best(x):
    m = np.max(x, axis=1, keepdims=True)
    e = x - m
    np.exp(e, out=e)
    s = np.sum(e, axis=1, keepdims=True)
    loss = np.sum(m) + np.sum(np.log(s))
    e /= s
    return loss, e


def mixture(x, mu, sigma, logits):
    """
    Log-likelihood of a mixture of Gaussians.

    Inputs:
    - x: Points, of shape (N,)
    - mu: Means, of shape (K,)
    - sigma: Standard deviations, of shape (K,)
    - logits: Unnormalised log-weights, of shape (K,)
    """
    weights = np.exp(logits) / np.sum(np.exp(logits))
    z = (x[:, None] - mu) / sigma
    density = weights * np.exp(-0.5 * z**2) / (sigma * np.sqrt(2 * np.pi))
    return np.sum(np.log(np.sum(density, axis=1)))


def mixture_by_hand(x, mu, sigma, logits):
    weights = np.exp(logits) / np.sum(np.exp(logits))
    z = (x[:, None] - mu) / sigma
    e = np.exp(-0.5 * z**2)
    scale = sigma * np.sqrt(2 * np.pi)
    density = weights * e / scale
    total = np.sum(density, axis=1)
    loss = np.sum(np.log(total))
    dtotal = 1 / total
    ddensity = dtotal[:, None]
    dnum = ddensity / scale
    dweights = np.sum(dnum * e, axis=0)
    de = dnum * weights
    dscale = np.sum(-density / scale * ddensity, axis=0)
    dz = de * e * -z
    dmu = np.sum(-dz / sigma, axis=0)
    dsigma = np.sum(-z / sigma * dz, axis=0)
    dsigma += dscale * np.sqrt(2 * np.pi)
    dlogits = weights * (dweights - np.sum(weights * dweights))
    return loss, (dmu, dsigma, dlogits)


def mixture_best(x, mu, sigma, logits):
    weights = np.exp(logits) / np.sum(np.exp(logits))
    z = (x[:, None] - mu) / sigma
    r = np.exp(-0.5 * z**2)
    r *= weights / (sigma * np.sqrt(2 * np.pi))
    total = np.sum(r, axis=1)
    loss = np.sum(np.log(total))
    r /= total[:, None]  # the responsibilities
    n = np.sum(r, axis=0)
    r *= z
    dmu = np.sum(r, axis=0) / sigma
    dsigma = (np.einsum("nk,nk->k", r, z) - n) / sigma
    return loss, (dmu, dsigma, n - weights * x.size)


def rosenbrock(x):
    """
    Rosenbrock's function.

    Inputs:
    - x: of shape (N,)
    """
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def rosenbrock_by_hand(x):
    a = x[:-1]
    t = x[1:] - a**2
    u = 1 - a
    loss = np.sum(100.0 * t**2 + u**2)
    dt = 200 * t
    dx = np.zeros_like(x)
    dx[1:] = dt
    dx[:-1] -= 2 * a * dt
    dx[:-1] -= 2 * u
    return loss, dx


def rosenbrock_best(x):
    a = x[:-1]
    t = x[1:] - a * a
    u = 1 - a
    loss = 100.0 * np.vdot(t, t) + np.vdot(u, u)
    dx = np.empty_like(x)
    dx[0] = 0
    t *= 200.0
    dx[1:] = t
    t *= a
    t += u
    t *= 2
    dx[:-1] -= t
    return loss, dx


def chain(x):
    """
    The sum over a chain of twelve elementwise operations.

    Inputs:
    - x: of shape (N,)
    """
    a = np.sin(x)
    b = a * x
    c = b + 2.0
    d = np.exp(-c)
    e = d * a
    f = np.tanh(e)
    g = f - b
    h = g**2
    k = 1.0 + h
    m = np.log(k)
    p = m / k
    return np.sum(p)


def chain_by_hand(x):
    a = np.sin(x)
    b = a * x
    c = b + 2.0
    d = np.exp(-c)
    e = d * a
    f = np.tanh(e)
    g = f - b
    h = g**2
    k = 1.0 + h
    m = np.log(k)
    p = m / k
    loss = np.sum(p)
    dm = 1 / k
    dk = -p / k
    dk += dm / k
    dh = dk
    dg = 2 * g * dh
    df = dg
    db = -dg
    de = (1 - f**2) * df
    dd = de * a
    da = de * d
    dc = -d * dd
    db += dc
    da += db * x
    dx = db * a
    dx += np.cos(x) * da
    return loss, dx


def chain_best(x):
    a = np.sin(x)
    b = a * x
    d = b + 2.0
    np.negative(d, out=d)
    np.exp(d, out=d)
    f = d * a
    np.tanh(f, out=f)
    g = f - b
    k = g * g
    k += 1.0
    m = np.log(k)
    m /= k
    loss = np.sum(m)
    k **= -1  # 1 / k
    np.subtract(k, m, out=m)
    m *= k
    m *= g
    m *= 2  # dg
    f *= f
    np.subtract(1, f, out=f)
    f *= m
    f *= d  # da of the product d * a
    np.multiply(f, a, out=d)
    m += d
    np.negative(m, out=m)  # db
    a *= m
    m *= x
    m += f
    m *= np.cos(x)
    a += m
    return loss, a


@dataclass(frozen=True)
class Listing:
    """A function, its gradient by hand, the best one, and the point at which all are timed.

    `upstream` has an upstream gradient for each result; none where the function is a loss.
    """

    name: str
    function: Any
    point: tuple[Any, ...]
    wrt: tuple[str, ...]
    upstream: tuple[Any, ...] = ()

    @property
    def places(self) -> tuple[int, ...]:
        names = self.function.__code__.co_varnames
        return tuple(names.index(name) for name in self.wrt)

    @property
    def shapes(self) -> dict[str, str]:
        """What the docstring says of the parameters."""
        found = re.findall(r"- (\w+): .*\bof shape \((.*)\)", self.function.__doc__)
        return {name: " ".join(re.split(r"[, ]+", dims)).strip() for name, dims in found}

    def derived(self) -> tuple[Any, ...]:
        """The emitted functions: one for a loss, else a pair."""
        wrt = self.wrt if len(self.wrt) > 1 else self.wrt[0]
        if not self.upstream:
            return (value_and_grad(self.function, wrt=wrt, shapes=self.shapes),)
        return split(self.function, wrt=wrt, shapes=self.shapes)

    def emitted(self) -> Call:
        """The emitted gradient, as a call that gives the value and the gradients."""
        if not self.upstream:
            return partial(self.derived()[0], *self.point)
        forward, backward = self.derived()

        def both() -> Any:
            out, cache = forward(*self.point)
            return out, backward(*self.upstream, cache)

        return both

    def written(self, suffix: str) -> Call:
        """The gradient of that suffix in this file."""
        return partial(globals()[f"{self.function.__name__}{suffix}"], *self.upstream, *self.point)


def listings() -> Iterator[Listing]:
    """The functions at their points."""
    rng = np.random.default_rng(0)
    normal = rng.standard_normal

    def hot(n: int, classes: int) -> Any:
        return np.eye(classes)[rng.integers(0, classes, n)]

    def net(name: str, N: int, D: int, H: int, C: int) -> Listing:
        point = (normal((N, D)), normal((N, C)), normal((D, H)), normal(H), normal((H, C)), normal(C))
        return Listing(name, two_layer_net, point, ("W1", "b1", "W2", "b2"))

    targets = rng.integers(0, 2, 2000).astype(float)
    point = (normal(20) / 10, 0.1, normal((2000, 20)), targets)
    yield Listing("logistic regression", logistic_regression, point, ("w", "b"))
    point = (normal((500, 50)), hot(500, 10), normal((50, 10)) / 10, normal(10))
    yield Listing("perceptron", perceptron, point, ("W", "b"))
    yield net("net, small", 20, 10, 15, 3)
    yield net("net, medium", 256, 128, 256, 10)
    point = (normal((512, 100)), normal(100), normal(100))
    yield Listing("batchnorm", batchnorm, point, ("x", "gamma", "beta"), (normal((512, 100)),))
    N, D, H = 64, 64, 128
    point = (
        normal((N, D)),
        normal((N, H)),
        normal((N, H)),
        normal((D, 4 * H)) / 8,
        normal((H, 4 * H)) / 8,
        normal(4 * H),
    )
    wrt = ("x", "h_prev", "c_prev", "Wx", "Wh", "b")
    yield Listing("LSTM step", lstm_step, point, wrt, (normal((N, H)), normal((N, H))))
    yield Listing("log-sum-exp", log_sum_exp, (normal((1000, 50)),), ("x",))
    yield Listing("log-sum-exp, shifted", shifted_log_sum_exp, (normal((1000, 50)),), ("x",))
    point = (normal(5000), normal(8), 0.5 + rng.random(8), normal(8))
    yield Listing("mixture", mixture, point, ("mu", "sigma", "logits"))
    yield Listing("Rosenbrock, 100", rosenbrock, (normal(100),), ("x",))
    yield Listing("Rosenbrock, 100,000", rosenbrock, (normal(100_000),), ("x",))
    yield Listing("chain, 1,000,000", chain, (normal(1_000_000),), ("x",))


# The peers. Each gets the same function, in which `np` is the peer's own.


def over(listing: Listing, module: Any) -> Any:
    """The function of the listing over another numpy."""
    space = {"np": module, "__builtins__": builtins}
    for function in (sigmoid, listing.function):
        space[function.__name__] = FunctionType(function.__code__, space, function.__name__, function.__defaults__)
    return space[listing.function.__name__]


def of_wrt(listing: Listing, function: Any, point: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
    """`function` of what is differentiated alone, and where."""

    def narrowed(*values: Any) -> Any:
        given = dict(zip(listing.places, values, strict=True))
        return function(*(given.get(i, value) for i, value in enumerate(point)))

    return narrowed, tuple(point[i] for i in listing.places)


def autograd(listing: Listing) -> Call:
    core, builtins = (importlib.import_module(name) for name in ("autograd.core", "autograd.builtins"))
    narrowed, values = of_wrt(listing, over(listing, importlib.import_module("autograd.numpy")), listing.point)
    upstream = listing.upstream[0] if len(listing.upstream) == 1 else tuple(listing.upstream)

    def packed(values: Any) -> Any:
        out = narrowed(*values)
        return builtins.tuple(out) if isinstance(out, tuple) else out

    def both() -> Any:
        pull, out = core.make_vjp(packed, builtins.tuple(values))
        return out, pull(upstream if listing.upstream else 1.0)

    return both


def _jax(listing: Listing, compiled: bool) -> Call:
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    function = over(listing, importlib.import_module("jax.numpy"))
    upstream = tuple(map(jax.numpy.asarray, listing.upstream))

    def both(*point: Any) -> Any:
        narrowed, values = of_wrt(listing, function, point)
        out, pull = jax.vjp(narrowed, *values)
        return out, pull((upstream if len(upstream) > 1 else upstream[0]) if upstream else jax.numpy.ones_like(out))

    ready = jax.jit(both) if compiled else both
    point = tuple(map(jax.numpy.asarray, listing.point))
    return lambda: jax.block_until_ready(ready(*point))


def jax_eager(listing: Listing) -> Call:
    return _jax(listing, compiled=False)


def jax_jit(listing: Listing) -> Call:
    return _jax(listing, compiled=True)


def pytorch(listing: Listing) -> Call:
    lib = importlib.import_module("torch")
    function = over(listing, lib)
    point = [lib.as_tensor(value, dtype=lib.float64) for value in listing.point]
    leaves = [point[i].requires_grad_() for i in listing.places]
    upstream = [lib.as_tensor(value) for value in listing.upstream]

    def both() -> Any:
        out = function(*point)
        outs = out if isinstance(out, tuple) else (out,)
        found = lib.autograd.grad(outs, leaves, upstream or None)
        return [one.detach().numpy() for one in outs], [one.numpy() for one in found]

    return both


def tangent_ad(listing: Listing) -> Call:
    lib = importlib.import_module("tangent")
    if listing.upstream:
        raise TypeError("several results, or one that is no loss")
    made = lib.grad(listing.function, wrt=listing.places, preserve_result=True)

    def both() -> Any:
        *found, out = made(*listing.point)
        return out, found

    return both


PEERS = {"autograd": autograd, "jax eager": jax_eager, "jax jit": jax_jit, "torch": pytorch, "tangent": tangent_ad}


def flat(value: Any) -> list[Any]:
    """The arrays of nested tuples."""
    return [one for item in value for one in flat(item)] if isinstance(value, tuple | list) else [np.asarray(value)]


def equal(a: Any, b: Any) -> bool:
    """Whether two results agree, number by number."""
    return len(a) == len(b) and all(
        x.shape == y.shape and np.allclose(x, y, 1e-8, 1e-10) for x, y in zip(a, b, strict=True)
    )


def peers(listing: Listing, expected: list[Any]) -> Iterator[tuple[str, Call]]:
    """The peers that can express the function; it is said where they differ."""
    for name, make in PEERS.items():
        if importlib.util.find_spec(name.split()[0]) is None:
            continue
        try:
            found = make(listing)
            result = found()
        except (AttributeError, TypeError, ValueError, RuntimeError, NotImplementedError) as error:
            print(f"  {name} cannot: {str(error).splitlines()[0]}")
            continue
        if not equal(flat(result), expected):
            print(f"  {name} differs")
        yield name, found


def in_turns(calls: dict[str, Call]) -> dict[str, float]:
    """The least time of each call, in seconds; what is fast is called several times in a round."""
    repeats = {}
    for name, one in calls.items():
        start = time.perf_counter()
        one()
        repeats[name] = max(1, math.ceil(2e-4 / (time.perf_counter() - start)))
    least = dict.fromkeys(calls, math.inf)
    spent = time.perf_counter() + SECONDS * len(calls)
    for _ in range(ROUNDS):
        for name, one in calls.items():
            start = time.perf_counter()
            for _ in range(repeats[name]):
                one()
            least[name] = min(least[name], (time.perf_counter() - start) / repeats[name])
        if time.perf_counter() > spent:
            break
    return least


def peak(one: Call) -> int:
    """The most memory that a call holds, in bytes."""
    one()
    tracemalloc.start()
    one()
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def main() -> None:
    """Print the table."""
    warnings.filterwarnings("ignore")
    missing = [name for name in PEERS if importlib.util.find_spec(name.split()[0]) is None]
    print("\n".join(f"{name} is not installed, skipped" for name in missing))
    shown = [name for name in PEERS if name not in missing]
    heads = "".join(f"{name:>11}" for name in ("hand", "best", "memory", *shown))
    print(f"{'emitted against':22}{'us':>9}{heads}   (memory: emitted / hand; peers: peer / emitted)")
    for listing in listings():
        if sys.argv[1:] and not any(word in listing.name for word in sys.argv[1:]):
            continue
        calls = {"emitted": listing.emitted(), "hand": listing.written("_by_hand"), "best": listing.written("_best")}
        expected = flat(calls["hand"]())
        for name in ("emitted", "best"):
            if not equal(flat(calls[name]()), expected):
                print(f"  {name} differs")
        held = peak(calls["emitted"]) / peak(calls["hand"])
        least = in_turns(calls)
        us = least["emitted"]
        least |= in_turns(dict(peers(listing, expected)))  # apart: their threads and arrays would slow what comes next
        ratios = [us / least["hand"], us / least["best"], held]
        ratios += [least[name] / us if name in least else math.nan for name in shown]
        print(f"{listing.name:22}{us * 1e6:9.1f}" + "".join(f"{ratio:11.3f}" for ratio in ratios), flush=True)


if __name__ == "__main__":
    main()
