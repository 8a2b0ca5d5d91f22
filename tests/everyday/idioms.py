"""The idioms of numpy: import styles, named results, parameters packed in one vector."""

import numpy
import numpy as np
import scipy.linalg as sla
import scipy.special as sp
import scipy.stats
from numpy import maximum, newaxis, sum as nsum
from numpy.linalg import cholesky, slogdet, solve, svd
from scipy.special import logsumexp, softmax, xlogy


def net(theta, X, y):
    """Weights in one vector.

    theta : ndarray of shape (13,)
    X : ndarray of shape (N, 3)
    y : ndarray of shape (N,)
    """
    W1 = theta[:9].reshape(3, 3)
    w2, b = theta[9:12], theta[12]
    h = numpy.tanh(X @ W1)
    p = h @ w2 + b
    return numpy.mean((p - y) ** 2)


def unpacked(theta, t, y):
    """Three numbers.

    - theta: of shape (3,)
    - t: of shape (N,)
    - y: of shape (N,)
    """
    a, b, c = theta
    r = y - (a * np.exp(-b * t) + c)
    return r @ r


def homography(h, p):
    """A homography.

    - h: of shape (8,)
    - p: of shape (N, 2)
    """
    H = np.append(h, 1.0).reshape(3, 3)
    ph = np.column_stack([p, np.ones(len(p))])
    q = ph @ H.T
    q = q[:, :2] / q[:, 2:3]
    return np.sum(np.linalg.norm(q - p, axis=1))


def rbf_layer(X, C, beta):
    """Radial functions.

    - X: of shape (N, D)
    - C: of shape (K, D)
    - beta: of shape (K,)
    """
    d2 = nsum((X[:, newaxis, :] - C[newaxis]) ** 2, axis=-1)
    return np.exp(-beta * d2)


def lda(X, y, mu0, mu1, L):
    """Linear discriminants.

    - X: of shape (N, D)
    - y: of shape (N,)
    - mu0: of shape (D,)
    - mu1: of shape (D,)
    - L: of shape (D, D)
    """
    S = L @ L.T + np.eye(L.shape[0])
    w = solve(S, mu1 - mu0)
    z = X @ w - 0.5 * (mu1 + mu0) @ w
    return -np.sum(y * z - np.logaddexp(0.0, z))


def wishart(V, S):
    """A Wishart density.

    - V: of shape (D, D)
    - S: of shape (D, D)
    """
    A = V @ V.T + np.eye(len(V))
    _, ld = slogdet(A)
    return 0.5 * ld + 0.5 * np.trace(np.linalg.solve(A, S))


def crps(mu, s, y):
    """The continuous ranked probability score.

    - mu: of shape (N,)
    - s: of shape (N,)
    - y: of shape (N,)
    """
    z = (y - mu) / s
    pdf = scipy.stats.norm.pdf(z)
    cdf = scipy.stats.norm.cdf(z)
    return np.mean(s * (z * (2 * cdf - 1) + 2 * pdf - 1 / np.sqrt(np.pi)))


def ordinal(eta, c1, c2, y):
    """Ordinal logit.

    - eta: of shape (N,)
    - y: of shape (N,)
    """
    p1 = sp.expit(c1 - eta)
    p2 = sp.expit(c1 + np.exp(c2) - eta)
    p = np.select([y < 0.5, y < 1.0], [p1, p2 - p1], default=1 - p2)
    return -np.log(p).sum()


def zinb(y, pi, mu):
    """Zero-inflated.

    - y: of shape (N,)
    """
    p = sp.expit(pi)
    ll = np.where(y < 0.5, np.log(p + (1 - p) * np.exp(-mu)), np.log(1 - p) - mu + y * np.log(mu) - sp.gammaln(y + 1))
    return -np.sum(ll)


def dpp(B):
    """A determinantal process.

    - B: of shape (4, 3)
    """
    L = B @ B.T
    i = np.array([0, 2])
    sub = L[np.ix_(i, i)]
    return np.log(np.linalg.det(sub + 0.1 * np.eye(2))) - np.linalg.slogdet(np.eye(4) + L)[1]


def spectral_norm(W):
    """Norms of a matrix.

    - W: of shape (4, 3)
    """
    return svd(W, compute_uv=False)[0] + np.linalg.norm(W, 2) + np.linalg.norm(W, "nuc")


def graph(A, X, W):
    """A graph convolution.

    - A: of shape (N, N)
    - X: of shape (N, D)
    - W: of shape (D, M)
    """
    A = A + np.eye(A.shape[0])
    d = A.sum(axis=1)
    Dh = np.diag(d**-0.5)
    return maximum(Dh @ A @ Dh @ X @ W, 0)


def pagerank(P, v):
    """Three steps.

    - P: of shape (N, N)
    - v: of shape (N,)
    """
    P = P / P.sum(axis=0, keepdims=True)
    r = v / v.sum()
    r = 0.85 * P @ r + 0.15 / len(v)
    r = 0.85 * P @ r + 0.15 / len(v)
    return xlogy(r, r).sum()


def sinkhorn(C, eps):
    """Two rounds.

    - C: of shape (N, M)
    """
    K = -C / eps
    K = K - logsumexp(K, axis=1, keepdims=True)
    K -= logsumexp(K, axis=0, keepdims=True)
    P = np.exp(K)
    return (P * C).sum()


def ctc_like(lp):
    """Viterbi-like max.

    - lp: of shape (4, 3)
    """
    a = lp[0]
    a = np.max(a[:, None] + 0.1, axis=0) + lp[1]
    a = logsumexp(np.stack([a, a + 1.0]), axis=0) + lp[2]
    return a.max() + lp[-1, -1]


def stencil(u):
    """Laplacian.

    - u: of shape (H, W)
    """
    v = np.pad(u, 1, mode="edge")
    lap = v[:-2, 1:-1] + v[2:, 1:-1] + v[1:-1, :-2] + v[1:-1, 2:] - 4 * u
    return np.sum(lap**2)


def bilateral(x, s):
    """A bilateral filter.

    - x: of shape (N,)
    """
    d = np.subtract.outer(x, x)
    w = np.exp(-0.5 * (d / s) ** 2)
    w /= w.sum(axis=1)[:, None]
    return w @ x


def welch(x):
    """Segments.

    - x: of shape (8,)
    """
    seg = x.reshape(2, 4) * np.hanning(4)
    P = np.mean(np.abs(np.fft.rfft(seg, axis=1)) ** 2, axis=0)
    return np.sum(np.log(P + 1e-3))


def dct_like(x):
    """Cosines.

    - x: of shape (N,)
    """
    n = np.arange(len(x))
    C = np.cos(np.pi * np.outer(n, n + 0.5) / len(x))
    return np.abs(C @ x).sum()


def hessian_frob(x):
    """Products of all items.

    - x: of shape (N, D)
    """
    J = np.zeros((2, 2)) + x[:2, :2]
    return np.sqrt(np.sum(J * J)) + np.vdot(x, x) + np.tensordot(x, x, axes=2)


def clipped(x, lo, hi):
    """Clipped in three ways.

    - x: of shape (N,)
    """
    y = np.clip(x, lo, hi)
    return y.mean() + np.minimum(x, hi).var() + x.clip(min=0.2).sum()


def options(x, *, power=2, scale=1.0):
    """Options by keyword.

    - x: of shape (N,)
    """
    assert x.ndim == 1, f"not {x.ndim}"
    y: np.ndarray = scale * x
    y **= power
    return y.sum() if power > 1 else y.mean()


def cholupdate(L, x):
    """Whitened.

    - L: of shape (D, D)
    - x: of shape (N, D)
    """
    C = cholesky(L @ L.T + np.eye(L.shape[0]))
    z = sla.solve_triangular(C, x.T, lower=True)
    return 0.5 * np.sum(z**2) + x.shape[0] * np.log(np.diagonal(C)).sum()


def quantile_loss(y, q):
    """Pinball.

    - y: of shape (N,)
    - q: of shape (3,)
    """
    taus = np.array([0.1, 0.5, 0.9])
    e = y[:, None] - q
    return np.mean(np.maximum(taus * e, (taus - 1) * e))


def iqr(x):
    """Spread.

    - x: of shape (N,)
    """
    lo, hi = np.percentile(x, [25, 75])
    return (hi - lo) / np.median(x)


def barycentric(p, a, b, c):
    """Area.

    - p: of shape (2,)
    - a: of shape (2,)
    - b: of shape (2,)
    - c: of shape (2,)
    """
    M = np.array([b - a, c - a]).T
    u, v = np.linalg.solve(M + 2 * np.eye(2), p - a)
    return u * v * (1 - u - v)


def mesh(x, y):
    """Grid.

    - x: of shape (N,)
    - y: of shape (M,)
    """
    X, Y = np.meshgrid(x, y)
    Z = np.sin(X) * np.cos(Y)
    return np.trapezoid(np.trapezoid(Z, dx=0.1), dx=0.2)


def accumulate(x, dt):
    """Dead reckoning.

    - x: of shape (N, 2)
    """
    v = np.cumsum(x * dt, axis=0)
    p = np.vstack([np.zeros((1, 2)), np.cumsum(v, axis=0)])
    return np.linalg.norm(np.diff(p, axis=0), axis=1).sum()


def entropy_reg(logits, T):
    """Policy.

    - logits: of shape (N, K)
    """
    p = softmax(logits / T, axis=-1)
    return -(p * np.log(p)).sum(-1).mean() + sp.entr(p).sum()


def circ(theta):
    """Circular.

    - theta: of shape (N,)
    """
    C, S = np.cos(theta).mean(), np.sin(theta).mean()
    R = np.hypot(C, S)
    return -2 * np.log(R) + np.arctan2(S, C)


def soft_threshold(x, lam):
    """Prox.

    - x: of shape (N,)
    """
    return np.sign(x) * np.maximum(np.abs(x) - lam, 0.0)


def logdet_low_rank(U, d):
    """Woodbury.

    - U: of shape (N, K)
    - d: of shape (N,)
    """
    M = np.eye(U.shape[1]) + (U.T / d) @ U
    return np.log(d).sum() + np.linalg.slogdet(M).logabsdet


def svd_named(A):
    """Named results.

    - A: of shape (4, 3)
    """
    f = np.linalg.svd(A, full_matrices=False)
    return np.sum(f.S**3) + np.linalg.eigh(A.T @ A).eigenvalues[0]
