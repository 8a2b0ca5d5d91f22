"""Likelihoods and estimators."""

import numpy as np
import scipy.stats as st
from scipy import linalg, special, stats
from scipy.special import gammaln
from scipy.stats import norm as normal


def gp_nll(X, y, log_ell, log_noise):
    """A Gaussian process, by numpy.

    - X: of shape (N, D)
    - y: of shape (N,)
    """
    sq = np.sum(X**2, axis=1)
    d2 = sq[:, None] + sq[None, :] - 2 * X @ X.T
    K = np.exp(-0.5 * d2 / np.exp(2 * log_ell)) + np.exp(log_noise) * np.eye(len(y))
    L = np.linalg.cholesky(K)
    alpha = np.linalg.solve(L.T, np.linalg.solve(L, y))
    return 0.5 * y @ alpha + np.log(np.diag(L)).sum() + 0.5 * len(y) * np.log(2 * np.pi)


def gp_scipy(X, y, ell):
    """A Gaussian process, by scipy.

    - X: of shape (N, D)
    - y: of shape (N,)
    """
    diff = X[:, None, :] - X[None, :, :]
    K = np.exp(-np.sum(diff**2, axis=-1) / (2 * ell**2)) + 0.1 * np.eye(X.shape[0])
    c, low = linalg.cho_factor(K)
    alpha = linalg.cho_solve((c, low), y)
    logdet = 2.0 * np.sum(np.log(np.diag(c)))
    return 0.5 * np.dot(y, alpha) + 0.5 * logdet


def kalman_step(x, P, F, H, Q, R, z):
    """A step of a Kalman filter, its likelihood.

    - x: of shape (N,)
    - P: of shape (N, N)
    - F: of shape (N, N)
    - H: of shape (M, N)
    - Q: of shape (N, N)
    - R: of shape (M, M)
    - z: of shape (M,)
    """
    x = F @ x
    P = F @ P @ F.T + Q
    v = z - H @ x
    S = H @ P @ H.T + R
    K = P @ H.T @ np.linalg.inv(S)
    x = x + K @ v
    P = (np.eye(len(x)) - K @ H) @ P
    _, logdet = np.linalg.slogdet(S)
    return -0.5 * (v @ np.linalg.solve(S, v) + logdet + len(z) * np.log(2 * np.pi)) + 0.01 * P.trace() + np.sum(x)


def hmm_forward(log_pi, log_A, log_B):
    """The forward pass of a hidden Markov model, three steps.

    - log_pi: of shape (K,)
    - log_A: of shape (K, K)
    - log_B: of shape (3, K)
    """
    a = log_pi + log_B[0]
    a = special.logsumexp(a[:, None] + log_A, axis=0) + log_B[1]
    a = special.logsumexp(a[:, None] + log_A, axis=0) + log_B[2]
    return special.logsumexp(a)


def gmm(X, logw, mu, logs):
    """A mixture of Gaussians.

    - X: of shape (N, D)
    - logw: of shape (K,)
    - mu: of shape (K, D)
    - logs: of shape (K, D)
    """
    lp = stats.norm.logpdf(X[:, None, :], mu, np.exp(logs)).sum(-1)
    lw = logw - special.logsumexp(logw)
    return -np.mean(special.logsumexp(lp + lw, axis=1))


def poisson_reg(X, y, w, b):
    """Poisson regression.

    - X: of shape (N, D)
    - y: int labels of shape (N,)
    - w: of shape (D,)
    """
    eta = X @ w + b
    return -np.sum(stats.poisson.logpmf(y, np.exp(eta)))


def student(x, nu, mu, s):
    """Student's t.

    - x: of shape (N,)
    """
    return -stats.t.logpdf(x, df=nu, loc=mu, scale=s).sum()


def beta_bin(n, k, a, b):
    """Beta-binomial counts.

    - n: of shape (N,)
    - k: of shape (N,)
    """
    n = n + 5
    return np.sum(
        special.betaln(k + a, n - k + b)
        - special.betaln(a, b)
        + special.gammaln(n + 1)
        - special.gammaln(k + 1)
        - special.gammaln(n - k + 1)
    )


def maha(x, mu, S):
    """Squared Mahalanobis distances.

    - x: of shape (N, D)
    - mu: of shape (D,)
    - S: of shape (D, D)
    """
    d = x - mu
    A = S @ S.T + np.eye(S.shape[0])
    return np.einsum("ni,ij,nj->n", d, np.linalg.inv(A), d).sum()


def weib(x, lam, k):
    """A Weibull sample.

    - x: of shape (N,)
    """
    return -np.sum(np.log(k / lam) + (k - 1) * np.log(x / lam) - (x / lam) ** k)


def cox(x, beta):
    """Cox's partial likelihood.

    - x: of shape (N, D)
    - beta: of shape (D,)
    """
    eta = x @ beta
    risk = np.log(np.cumsum(np.exp(eta)[::-1])[::-1])
    return -np.sum(eta - risk)


def fisher(theta):
    """Angles of von Mises.

    - theta: of shape (N,)
    """
    k = np.exp(np.mean(theta))
    return -np.sum(k * np.cos(theta)) + len(theta) * np.log(2 * np.pi * special.i0(k))


def moran(z, W):
    """Moran's I.

    - z: of shape (N,)
    - W: of shape (N, N)
    """
    zc = z - z.mean()
    return (len(z) / W.sum()) * (zc @ W @ zc) / (zc @ zc)


def wasser(u, v):
    """The distance of two samples, each sorted.

    - u: of shape (N,)
    - v: of shape (N,)
    """
    return np.mean(np.abs(np.sort(u) - np.sort(v)))


def nb_loglik(r, p, k):
    """Negative binomial counts.

    - k: of shape (N,)
    """
    return np.sum(gammaln(k + r) - gammaln(r) - gammaln(k + 1) + r * np.log(p) + k * np.log1p(-p / 3))


def probit(beta, X, y):
    """Probit regression.

    - beta: of shape (D,)
    - X: of shape (N, D)
    - y: of shape (N,)
    """
    q = 2 * y - 1
    return -np.sum(normal.logcdf(q * (X @ beta)))


def tobit(beta, s, X, y):
    """Censored regression.

    - beta: of shape (D,)
    - X: of shape (N, D)
    - y: of shape (N,)
    """
    mu = X @ beta
    ll = np.where(y > 0.5, normal.logpdf((y - mu) / s) - np.log(s), normal.logcdf((0.5 - mu) / s))
    return -ll.sum()


def garch(r, omega, alpha, beta):
    """Three steps of GARCH.

    - r: of shape (4,)
    """
    s0 = np.var(r)
    s1 = omega + alpha * r[0] ** 2 + beta * s0
    s2 = omega + alpha * r[1] ** 2 + beta * s1
    s3 = omega + alpha * r[2] ** 2 + beta * s2
    return 0.5 * np.sum(np.log(np.array([s1, s2, s3])) + r[1:] ** 2 / np.array([s1, s2, s3]))


def dirichlet_ll(a, X):
    """Shares of Dirichlet.

    - a: of shape (K,)
    - X: of shape (N, K)
    """
    return np.sum(special.gammaln(a.sum()) - special.gammaln(a).sum() + ((a - 1) * np.log(X)).sum(axis=1))


def copula(u, v, rho):
    """A Gaussian copula.

    - u: of shape (N,)
    - v: of shape (N,)
    """
    a, b = normal.ppf(u / 10), normal.ppf(v / 10)
    r = np.tanh(rho)
    return np.sum(-0.5 * np.log(1 - r**2) - (r**2 * (a**2 + b**2) - 2 * r * a * b) / (2 * (1 - r**2)))


def vasicek(r, k, th, s, dt):
    """Vasicek's rates.

    - r: of shape (N,)
    """
    m = r[:-1] * np.exp(-k * dt) + th * (1 - np.exp(-k * dt))
    v = s**2 * (1 - np.exp(-2 * k * dt)) / (2 * k)
    return -st.norm.logpdf(r[1:], m, np.sqrt(v)).sum()


def smoothing(y, z, lam):
    """Whittaker's smoother.

    - y: of shape (N,)
    - z: of shape (N,)
    """
    return np.sum((y - z) ** 2) + lam * np.sum(np.diff(z, n=2) ** 2)


def autocorr(x):
    """Squared autocorrelations.

    - x: of shape (N,)
    """
    x = x - np.mean(x)
    c = np.correlate(x, x, mode="full")[len(x) - 1 :]
    return np.sum((c / c[0]) ** 2)


def ar2(x, a1, a2, s):
    """An autoregression.

    - x: of shape (N,)
    """
    e = x[2:] - a1 * x[1:-1] - a2 * x[:-2]
    return 0.5 * np.sum(e**2) / s**2 + len(e) * np.log(s)


def curvefit(t, y, A, k, w, phi):
    """A damped oscillation, fitted.

    - t: of shape (N,)
    - y: of shape (N,)
    """
    model = A * np.exp(-k * t) * np.cos(w * t + phi)
    return np.sqrt(np.mean((model - y) ** 2))


def argcases(x):
    """Order statistics.

    - x: of shape (N,)
    """
    i = np.argsort(x)
    y = x[i]
    return y[-1] - y[0] + np.median(x) + np.percentile(x, 30)
