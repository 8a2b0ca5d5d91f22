"""Prices, risks, portfolios."""

import numpy as np
from scipy import stats


def black_scholes(S, K, T, r, sigma):
    """A call by Black and Scholes."""
    d1 = (np.log(S / K) + (r + sigma**2 / 2) * T) / (sigma * np.sqrt(T))
    d2 = d1 - sigma * np.sqrt(T)
    return S * stats.norm.cdf(d1) - K * np.exp(-r * T) * stats.norm.cdf(d2)


def portfolio(w, mu, S):
    """The Sharpe ratio.

    - w: of shape (N,)
    - mu: of shape (N,)
    - S: of shape (N, N)
    """
    w = w / np.sum(np.abs(w))
    return -(w @ mu) / np.sqrt(w @ S @ w)


def sampen(w, R):
    """Unequal shares of the risk.

    - w: of shape (N,)
    - R: of shape (T, N)
    """
    C = np.cov(R.T)
    vol = np.sqrt(w @ C @ w)
    mrc = C @ w / vol
    rc = w * mrc
    return np.sum((rc - rc.mean()) ** 2)


def drawdown(r):
    """The largest loss from a peak.

    - r: of shape (N,)
    """
    wealth = np.cumprod(1 + r)
    peak = np.maximum.accumulate(wealth)
    return np.max(1 - wealth / peak) + np.sum(wealth)
