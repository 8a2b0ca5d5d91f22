"""Distributions of scipy.stats over vectors: densities and their logarithms, whose gradient is `dl`.

Source: Petersen and Pedersen, "The matrix cookbook" (2012), 8.
"""

from srcgrad.gate import gate


# The triangle of cov that is read gets its gradient. Of a single row scipy gives a number.
@gate(
    "stats.multivariate_normal.logpdf(x, mean, cov)", "stats.multivariate_normal.logpdf(x, mean, cov=cov)",
    "stats.multivariate_normal.logpdf(x, mean=mean, cov=cov)",
    "stats.multivariate_normal.pdf(x, mean, cov)", "stats.multivariate_normal.pdf(x, mean, cov=cov)",
    "stats.multivariate_normal.pdf(x, mean=mean, cov=cov)",
    shape="along_rows(x)",
)  # fmt: skip
def multivariate_normal(y, x, mean, cov):
    dl = dy if family.logarithmic else y * dy
    slope = 1 if family.logarithmic else y
    if np.ndim(x) == 1 and np.ndim(mean) == 1 and np.ndim(cov) == 2 and mean.shape != (1,):
        back = np.linalg.solve(cov, x - mean)
        inner = np.outer(back, back) - np.linalg.inv(cov)
        dx = -back * dl
        dmean = back * dl
        dcov = (np.tril(inner) - 0.5 * np.diag(np.diag(inner))) * dl
        dy = (back @ dmean - back @ dx + np.sum((np.tril(inner) - 0.5 * np.diag(np.diag(inner))) * dcov)) * slope
    elif np.ndim(x) == 2 and np.ndim(mean) == 1 and np.ndim(cov) == 2:
        back = np.linalg.solve(cov, (x - mean).T).T
        weighted = back * np.reshape(dl, (-1, 1))
        inner = weighted.T @ back - np.sum(dl) * np.linalg.inv(cov)
        dx = -weighted
        dmean = np.sum(weighted, axis=0)
        dcov = np.tril(inner) - 0.5 * np.diag(np.diag(inner))
        change = np.tril(dcov) + np.tril(dcov, -1).T
        trace = np.trace(np.linalg.solve(cov, change))
        rows = back @ dmean - np.sum(back * dx, axis=1) + 0.5 * (np.sum(back @ change * back, axis=1) - trace)
        dy = np.reshape(rows, np.shape(y)) * slope
    else:
        dx = refused(dy)
        dmean = refused(dy)
        dcov = refused(dy)
        dy = refused(dx) + refused(dmean) + refused(dcov)


# x lies on a plane, where it has no gradient of its own; its last number may be left out.
@gate(
    "stats.dirichlet.logpdf(x, alpha)", "stats.dirichlet.logpdf(x, alpha=alpha)",
    "stats.dirichlet.pdf(x, alpha)", "stats.dirichlet.pdf(x, alpha=alpha)",
    shape="scalar(x, alpha)",
)  # fmt: skip
def dirichlet(y, x, alpha):
    dl = dy if family.logarithmic else y * dy
    if np.ndim(x) == 1 and np.ndim(alpha) == 1:
        logs = np.log(np.append(x, 1 - np.sum(x))[: len(alpha)])
        slope = logs - special.digamma(alpha) + special.digamma(np.sum(alpha))
        dalpha = slope * dl
        dy = np.sum(slope * dalpha) * (1 if family.logarithmic else y)
    else:
        dalpha = refused(dy)
        dy = refused(dalpha)
