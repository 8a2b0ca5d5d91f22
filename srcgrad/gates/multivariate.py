"""Distributions of scipy.stats over vectors."""

from srcgrad.gate import gate


# The triangle of cov that is read gets its gradient.
@gate(
    "stats.multivariate_normal.logpdf(x, mean, cov)", "stats.multivariate_normal.logpdf(x, mean, cov=cov)",
    "stats.multivariate_normal.logpdf(x, mean=mean, cov=cov)",
    shape="along_rows(x)",
)  # fmt: skip
def multivariate_normal_logpdf(y, x, mean, cov):
    if np.ndim(x) == 1 and np.ndim(mean) == 1 and np.ndim(cov) == 2:
        back = np.linalg.solve(cov, x - mean)
        inner = np.outer(back, back) - np.linalg.inv(cov)
        dx = -back * dy
        dmean = back * dy
        dcov = (np.tril(inner) - 0.5 * np.diag(np.diag(inner))) * dy
        dy = back @ dmean - back @ dx + np.sum((np.tril(inner) - 0.5 * np.diag(np.diag(inner))) * dcov)
    elif np.ndim(x) == 2 and np.ndim(mean) == 1 and np.ndim(cov) == 2:
        back = np.linalg.solve(cov, (x - mean).T).T
        inner = (back.T * dy) @ back - np.sum(dy) * np.linalg.inv(cov)
        dx = -back * dy[:, None]
        dmean = dy @ back
        dcov = np.tril(inner) - 0.5 * np.diag(np.diag(inner))
        change = np.tril(dcov) + np.tril(dcov, -1).T
        trace = np.trace(np.linalg.solve(cov, change))
        dy = back @ dmean - np.sum(back * dx, axis=1) + 0.5 * (np.sum(back @ change * back, axis=1) - trace)
    else:
        dx = refused(dy)
        dmean = refused(dy)
        dcov = refused(dy)
        dy = refused(dx) + refused(dmean) + refused(dcov)


# x lies on a plane, where it has no gradient of its own; its last number may be left out.
@gate("stats.dirichlet.logpdf(x, alpha)", shape="scalar(x, alpha)")
def dirichlet_logpdf(y, x, alpha):
    if np.ndim(x) == 1 and np.ndim(alpha) == 1:
        logs = np.log(np.append(x, 1 - np.sum(x))[: len(alpha)])
        dalpha = (logs - special.digamma(alpha) + special.digamma(np.sum(alpha))) * dy
        dy = np.sum((logs - special.digamma(alpha) + special.digamma(np.sum(alpha))) * dalpha)
    else:
        dalpha = refused(dy)
        dy = refused(dalpha)
