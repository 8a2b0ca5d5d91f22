"""Losses and layers of machine learning."""

import math

import numpy as np
from numpy.linalg import norm
from scipy import special
from scipy.special import expit


def tsne(Y, P):
    """The Kullback-Leibler divergence of t-SNE.

    - Y: of shape (N, 2)
    - P: of shape (N, N)
    """
    sum_Y = np.sum(np.square(Y), 1)
    num = -2.0 * np.dot(Y, Y.T)
    num = 1.0 / (1.0 + np.add(np.add(num, sum_Y).T, sum_Y))
    num = num * (1 - np.eye(len(Y)))
    Q = num / np.sum(num)
    Q = np.maximum(Q, 1e-12)
    return np.sum(P * np.log(P / Q))


def attention(Q, K, V, mask):
    """Dot-product attention under a mask.

    - Q: of shape (B, T, D)
    - K: of shape (B, T, D)
    - V: of shape (B, T, D)
    - mask: of shape (T, T)
    """
    scores = Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])
    scores = np.where(mask > 0.5, scores, -1e9)
    p = special.softmax(scores, axis=-1)
    return np.sum(np.tanh(p @ V))


def layernorm(x, g, b):
    """Layer normalisation.

    - x: of shape (N, D)
    - g: of shape (D,)
    - b: of shape (D,)
    """
    mu = x.mean(axis=-1, keepdims=True)
    var = x.var(axis=-1, keepdims=True)
    return np.sum(np.sin(g * (x - mu) / np.sqrt(var + 1e-5) + b))


def contrastive(Z1, Z2):
    """InfoNCE: each row of one view beside all rows of the other.

    - Z1: of shape (N, D)
    - Z2: of shape (N, D)
    """
    Z1 = Z1 / np.linalg.norm(Z1, axis=1, keepdims=True)
    Z2 = Z2 / np.linalg.norm(Z2, axis=1, keepdims=True)
    logits = Z1 @ Z2.T / 0.1
    return -np.mean(np.diag(logits) - special.logsumexp(logits, axis=1))


def nmf(V, W, H):
    """Non-negative factorisation, its divergence with two penalties.

    - V: of shape (N, M)
    - W: of shape (N, K)
    - H: of shape (K, M)
    """
    R = W @ H
    return np.sum(special.kl_div(V, R)) + 0.1 * np.linalg.norm(W, 1) + 0.1 * np.linalg.norm(H)


def pca_loss(X, k=2):
    """The share of the variance that k components leave.

    - X: of shape (6, 4)
    """
    Xc = X - X.mean(0)
    _, S, _Vt = np.linalg.svd(Xc, full_matrices=False)
    return np.sum(S[k:] ** 2) / np.sum(S**2)


def logistic_reg(w, X, y, lam):
    """Logistic regression with a penalty.

    - w: of shape (D,)
    - X: of shape (N, D)
    - y: of shape (N,)
    """
    z = X @ w
    p = expit(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + lam * norm(w) ** 2


def softplus_loss(w, X, y):
    """The logistic loss of margins.

    - w: of shape (D,)
    - X: of shape (N, D)
    - y: of shape (N,)
    """
    m = y * (X @ w)
    return np.logaddexp(0, -m).sum()


def rnn_step(h, x, Wh, Wx, b):
    """A step of a recurrent net.

    - h: of shape (N, H)
    - x: of shape (N, D)
    - Wh: of shape (H, H)
    - Wx: of shape (D, H)
    - b: of shape (H,)
    """
    return np.tanh(h @ Wh + x @ Wx + b)


def gru(h, x, W, U, b):
    """A step of a gated recurrent unit.

    - h: of shape (N, H)
    - x: of shape (N, D)
    - W: of shape (D, 3*H)
    - U: of shape (H, 3*H)
    - b: of shape (3*H,)
    """
    H = h.shape[1]
    a = x @ W + b
    u = h @ U
    z = expit(a[:, :H] + u[:, :H])
    r = expit(a[:, H : 2 * H] + u[:, H : 2 * H])
    n = np.tanh(a[:, 2 * H :] + r * u[:, 2 * H :])
    return (1 - z) * n + z * h


def multihead(x, Wq, Wk, Wv, Wo, heads=2):
    """Two heads of self-attention.

    - x: of shape (3, 4)
    - Wq: of shape (4, 4)
    - Wk: of shape (4, 4)
    - Wv: of shape (4, 4)
    - Wo: of shape (4, 4)
    """
    T, D = x.shape
    q = (x @ Wq).reshape(T, heads, D // heads).transpose(1, 0, 2)
    k = (x @ Wk).reshape(T, heads, D // heads).transpose(1, 0, 2)
    v = (x @ Wv).reshape(T, heads, D // heads).transpose(1, 0, 2)
    s = q @ k.swapaxes(-1, -2) / math.sqrt(D // heads)
    s = s - s.max(axis=-1, keepdims=True)
    p = np.exp(s)
    p /= p.sum(axis=-1, keepdims=True)
    o = (p @ v).transpose(1, 0, 2).reshape(T, D)
    return o @ Wo


def maxpool(x):
    """Max pooling by reshaping.

    - x: of shape (4, 6)
    """
    H, W = x.shape
    return x.reshape(H // 2, 2, W // 2, 2).max(axis=(1, 3)).sum()


def triplet(a, p, n, m):
    """The triplet loss.

    - a: of shape (N, D)
    - p: of shape (N, D)
    - n: of shape (N, D)
    """
    dp = norm(a - p, axis=-1)
    dn = norm(a - n, axis=-1)
    return np.mean(np.maximum(dp - dn + m, 0.0))


def dice(p, t):
    """The Dice loss.

    - p: of shape (N, N)
    - t: of shape (N, N)
    """
    inter = (p * t).sum()
    return 1 - 2 * inter / (p.sum() + t.sum() + 1e-6)


def focal(z, t, gamma):
    """The focal loss.

    - z: of shape (N,)
    - t: of shape (N,)
    """
    p = 1 / (1 + np.exp(-z))
    pt = np.where(t > 0.5, p, 1 - p)
    return -np.mean((1 - pt) ** gamma * np.log(pt))


def elbo(mu, logvar, x, W, b):
    """The bound of a variational autoencoder.

    - mu: of shape (N, K)
    - logvar: of shape (N, K)
    - x: of shape (N, D)
    - W: of shape (K, D)
    - b: of shape (D,)
    """
    recon = expit(mu @ W + b)
    bce = -np.sum(x * np.log(recon + 1e-9) + (1 - x) * np.log1p(-recon + 1e-9))
    kl = -0.5 * np.sum(1 + logvar - mu**2 - np.exp(logvar))
    return bce + kl


def mmd(X, Y):
    """The maximum mean discrepancy of two samples.

    - X: of shape (N, D)
    - Y: of shape (M, D)
    """

    def k(A, B):
        d = A[:, None] - B[None, :]
        return np.exp(-0.5 * (d**2).sum(-1)).mean()

    return k(X, X) + k(Y, Y) - 2 * k(X, Y)


def pairwise(X, Y):
    """Mean of a Gaussian kernel.

    - X: of shape (N, D)
    - Y: of shape (M, D)
    """
    XX = np.einsum("ij,ij->i", X, X)
    YY = (Y**2).sum(1)
    D2 = XX[:, np.newaxis] + YY[np.newaxis, :] - 2 * X.dot(Y.T)
    return np.exp(-D2).mean()


def moe(x, Wg, W):
    """A mixture of experts.

    - x: of shape (N, D)
    - Wg: of shape (D, E)
    - W: of shape (E, D, H)
    """
    g = special.softmax(x @ Wg, axis=1)
    y = np.einsum("nd,edh->neh", x, W)
    return np.einsum("ne,neh->nh", g, y)


def bilinear(x, W, y):
    """A bilinear form of each row.

    - x: of shape (N, D)
    - W: of shape (D, M)
    - y: of shape (N, M)
    """
    return np.einsum("nd,dm,nm->n", x, W, y)


def whiten(X):
    """Whitening by eigenvalues.

    - X: of shape (6, 3)
    """
    Xc = X - X.mean(0)
    C = Xc.T @ Xc / (len(X) - 1)
    w, V = np.linalg.eigh(C)
    Z = Xc @ V @ np.diag(1 / np.sqrt(w + 1e-3)) @ V.T
    return np.sum(Z**3)


def selu(x):
    """SELU.

    - x: of shape (N,)
    """
    return np.sum(1.0507 * np.where(x > 0, x, 1.67326 * (np.exp(x) - 1)))


def mish(x):
    """Mish.

    - x: of shape (N,)
    """
    return np.sum(x * np.tanh(np.log1p(np.exp(x))))


def groupnorm(x, g, b):
    """Group normalisation.

    - x: of shape (2, 4, 3, 3)
    - g: of shape (4, 1, 1)
    - b: of shape (4, 1, 1)
    """
    N, C, H, W = x.shape
    y = x.reshape(N, 2, C // 2, H, W)
    y = (y - y.mean(axis=(2, 3, 4), keepdims=True)) / np.sqrt(y.var(axis=(2, 3, 4), keepdims=True) + 1e-5)
    return np.sum(np.sin(y.reshape(N, C, H, W) * g + b))


def elastic(X, y, w, l1, l2):
    """The elastic net.

    - X: of shape (N, D)
    - y: of shape (N,)
    - w: of shape (D,)
    """
    r = y - X.dot(w)
    return r.dot(r) / (2 * len(y)) + l1 * np.abs(w).sum() + l2 * np.sum(w**2) / 2


def huber_fit(x, y, a, b, d):
    """A line, fitted robustly.

    - x: of shape (N,)
    - y: of shape (N,)
    """
    r = np.abs(y - (a * x + b))
    return np.sum(np.where(r <= d, 0.5 * r**2, d * (r - 0.5 * d)))


def logsm(x, y):
    """Cross-entropy by a log-softmax.

    - x: of shape (N, C)
    - y: int labels of shape (N,)
    """
    lsm = x - special.logsumexp(x, axis=1, keepdims=True)
    return -lsm[np.arange(len(y)), y].mean()


def cov_loss(X):
    """Squared covariances between the columns.

    - X: of shape (N, D)
    """
    C = np.cov(X, rowvar=False)
    off = C - np.diag(np.diag(C))
    return np.sum(off**2)


def ndcg(s):
    """A discounted sum of sorted scores.

    - s: of shape (N,)
    """
    r = np.sort(s)[::-1]
    return np.sum(r / np.log2(np.arange(2, len(s) + 2)))


def conv1d(x, w):
    """A net on windows.

    - x: of shape (N,)
    - w: of shape (3,)
    """
    win = np.lib.stride_tricks.sliding_window_view(x, 3)
    return np.sum(np.tanh(win @ w))
