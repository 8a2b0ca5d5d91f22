"""What of numpy, scipy.special, math and the builtins is differentiated rightly: an expression for each function."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from arrays import Case, holds

# Rows of "module: function: expression". What moves in steps, such as np.floor, is right with a gradient of zero.
ANY = """
numpy: abs: np.abs(x)
numpy: absolute: np.absolute(x)
numpy: fabs: np.fabs(x)
numpy: negative: np.negative(x)
numpy: positive: np.positive(x)
numpy: sign: np.sign(x)
numpy: square: np.square(x)
numpy: exp: np.exp(x)
numpy: exp2: np.exp2(x)
numpy: expm1: np.expm1(x)
numpy: sin: np.sin(x)
numpy: cos: np.cos(x)
numpy: arctan: np.arctan(x)
numpy: sinh: np.sinh(x)
numpy: cosh: np.cosh(x)
numpy: tanh: np.tanh(x)
numpy: arcsinh: np.arcsinh(x)
numpy: deg2rad: np.deg2rad(x)
numpy: rad2deg: np.rad2deg(x)
numpy: degrees: np.degrees(x)
numpy: radians: np.radians(x)
numpy: sinc: np.sinc(x)
numpy: i0: np.i0(x)
numpy: floor: np.floor(x)
numpy: ceil: np.ceil(x)
numpy: rint: np.rint(x)
numpy: trunc: np.trunc(x)
numpy: round: np.round(x)
numpy: fix: np.fix(x)
numpy: around: np.around(x)
numpy: conj: np.conj(x)
numpy: conjugate: np.conjugate(x)
numpy: nan_to_num: np.nan_to_num(x)
numpy: cbrt: np.cbrt(x)
numpy: reciprocal: np.reciprocal(x)
numpy: ldexp: np.ldexp(x, 3)
numpy: cumulative_sum: np.cumulative_sum(x, axis=1)
numpy: cumulative_prod: np.cumulative_prod(x, axis=0)
numpy: nanmedian: np.nanmedian(np.where(x > 1, np.nan, x), axis=1)
numpy: nanquantile: np.nanquantile(np.where(x > 1, np.nan, x), 0.3)
numpy: nanpercentile: np.nanpercentile(np.where(x > 1, np.nan, x), 60, axis=0)
numpy: trim_zeros: np.trim_zeros(np.maximum(x[0], 0.0))
numpy: polyadd: np.polyadd(x[0], x[1, 1:])
numpy: polysub: np.polysub(x[0], x[1, 1:])
numpy: polymul: np.polymul(x[0], x[1, 1:])
numpy: matvec: np.matvec(x, x[0])
numpy: vecmat: np.vecmat(x[:, 0], x)
numpy: modf: np.modf(x)[0]
numpy: frexp: np.frexp(x)[0]
numpy: clip: np.clip(x, -0.5, 0.5)
numpy: where: np.where(x > 0, x**2, np.sin(x))
numpy: sum: np.sum(x, axis=0)
numpy: mean: np.mean(x, axis=1, keepdims=True)
numpy: average: np.average(x, axis=0)
numpy: prod: np.prod(x, axis=0)
numpy: var: np.var(x, axis=0)
numpy: std: np.std(x, axis=1)
numpy: max: np.max(x, axis=0)
numpy: amax: np.amax(x, axis=0)
numpy: min: np.min(x, axis=1)
numpy: amin: np.amin(x)
numpy: ptp: np.ptp(x, axis=0)
numpy: nansum: np.nansum(x, axis=0)
numpy: cumsum: np.cumsum(x, axis=0)
numpy: cumprod: np.cumprod(x, axis=1)
numpy: diff: np.diff(x, axis=0)
numpy: trace: np.trace(x)
numpy: diag: np.diag(x)
numpy: diagonal: np.diagonal(x)
numpy: tril: np.tril(x)
numpy: triu: np.triu(x, 1)
numpy: reshape: np.reshape(x, (2, 6))
numpy: ravel: np.ravel(x)
numpy: transpose: np.transpose(x)
numpy: permute_dims: np.permute_dims(x, (1, 0))
numpy: matrix_transpose: np.matrix_transpose(x)
numpy: swapaxes: np.swapaxes(x, 0, 1)
numpy: moveaxis: np.moveaxis(x, 0, 1)
numpy: rollaxis: np.rollaxis(x, 1)
numpy: expand_dims: np.expand_dims(x, 1)
numpy: squeeze: np.squeeze(x[:1])
numpy: atleast_1d: np.atleast_1d(x)
numpy: atleast_2d: np.atleast_2d(x)
numpy: atleast_3d: np.atleast_3d(x)
numpy: broadcast_to: np.broadcast_to(x, (2, 3, 4))
numpy: tile: np.tile(x, (2, 1))
numpy: repeat: np.repeat(x, 2, axis=0)
numpy: roll: np.roll(x, 1, axis=1)
numpy: flip: np.flip(x, axis=0)
numpy: fliplr: np.fliplr(x)
numpy: flipud: np.flipud(x)
numpy: rot90: np.rot90(x)
numpy: concatenate: np.concatenate([x, x**2], axis=1)
numpy: concat: np.concat([x, x**2], axis=0)
numpy: append: np.append(x, x**2, axis=0)
numpy: stack: np.stack([x, x**2], axis=1)
numpy: vstack: np.vstack([x, x**2])
numpy: hstack: np.hstack([x, x**2])
numpy: dstack: np.dstack([x, x**2])
numpy: column_stack: np.column_stack([x[0], x[1]**2])
numpy: split: np.split(x, 2, axis=1)[0]
numpy: array_split: np.array_split(x, 3, axis=1)[0]
numpy: hsplit: np.hsplit(x, 2)[1]
numpy: unstack: a, b, c, d = np.unstack(x, axis=1); return a * b + c - d
numpy: block: np.block([[x, x**2], [np.sin(x), x]])
numpy: vsplit: np.vsplit(x, 3)[1]
numpy: pad: np.pad(x, 1)
numpy: take: np.take(x, [2, 0, 0], axis=0)
numpy: take_along_axis: np.take_along_axis(x, np.argsort(x, axis=1), axis=1)
numpy: array: np.array([x, x**2])
numpy: asarray: np.asarray(x)
numpy: ascontiguousarray: np.ascontiguousarray(x)
numpy: copy: np.copy(x)
numpy: astype: np.astype(x, np.float64)
numpy: full: np.full((2, 3), x[0, 0])
numpy: full_like: np.full_like(x, x[0, 0])
numpy: arange: np.arange(4) * x
numpy: ix_: x[np.ix_([0, 2], [1, 3])]
numpy: zeros_like: np.zeros_like(x) + x
numpy: ones_like: np.ones_like(x) * x
numpy: ndarray.getitem (int): x[1]
numpy: ndarray.getitem (slice): x[1:, ::2]
numpy: ndarray.getitem (fancy): x[[0, 2], [1, 3]]
numpy: ndarray.getitem (repeated fancy): x[[0, 0, 2]]
numpy: ndarray.getitem (mask): x[x > 0]
numpy: ndarray.T: x.T
numpy: ndarray.dot: x.dot(x.T)
numpy: ndarray.sum: x.sum(axis=0)
numpy: ndarray.mean: x.mean()
numpy: ndarray.max: x.max(axis=1)
numpy: ndarray.min: x.min()
numpy: ndarray.std: x.std(axis=0)
numpy: ndarray.var: x.var(axis=0, ddof=1)
numpy: ndarray.prod: x.prod(axis=0)
numpy: ndarray.cumsum: x.cumsum()
numpy: ndarray.reshape: x.reshape(4, -1)
numpy: ndarray.flatten: x.flatten()
numpy: ndarray.ravel: x.ravel()
numpy: ndarray.transpose: x.transpose(1, 0)
numpy: ndarray.squeeze: x[:, :1].squeeze()
numpy: ndarray.swapaxes: x.swapaxes(0, 1)
numpy: ndarray.clip: x.clip(-0.5, 0.5)
numpy: ndarray.astype: x.astype(np.float64)
numpy: ndarray.copy: x.copy()
numpy: ndarray.repeat: x.repeat(2, axis=1)
numpy: ndarray.take: x.take([0, 2], axis=1)
numpy: ndarray.trace: x.trace()
numpy: ndarray.diagonal: x.diagonal()
scipy.special: erf: special.erf(x)
scipy.special: erfc: special.erfc(x)
scipy.special: expit: special.expit(x)
scipy.special: log_expit: special.log_expit(x)
scipy.special: log_ndtr: special.log_ndtr(x)
scipy.special: ndtr: special.ndtr(x)
scipy.special: i0: special.i0(x)
scipy.special: i0e: special.i0e(x)
scipy.special: j0: special.j0(x)
scipy.special: expm1: special.expm1(x)
scipy.special: sinc: special.sinc(x)
scipy.special: cbrt: special.cbrt(x)
scipy.special: logsumexp: special.logsumexp(x, axis=1)
scipy.special: softmax: special.softmax(x, axis=1)
scipy.special: log_softmax: special.log_softmax(x, axis=1)
numpy: real: np.real(x)
numpy: imag: np.imag(x) + x
numpy: angle: np.angle(x) + x
numpy: real_if_close: np.real_if_close(x)
numpy: nextafter: np.nextafter(x, 1.0)
numpy: divmod: np.divmod(x, 2.0)[1]
numpy: select: np.select([x > 0.5, x > 0], [x**2, np.sin(x)])
numpy: choose: np.choose(np.arange(4) % 2, [x, x**2])
numpy: sort: np.sort(x, axis=0)
numpy: partition: np.partition(x, 2, axis=1)
numpy: unique: np.unique(x)
numpy: median: np.median(x, axis=1)
numpy: percentile: np.percentile(x, 30, axis=0)
numpy: quantile: np.quantile(x, 0.9, axis=-1, keepdims=True)
numpy: nanmean: np.nanmean(np.where(x > 0.5, np.nan, x))
numpy: nanvar: np.nanvar(np.where(x > 1, np.nan, x), axis=1)
numpy: nanstd: np.nanstd(np.where(x > 1, np.nan, x), ddof=1)
numpy: nanmax: np.nanmax(np.where(x > 0.5, np.nan, x), axis=1)
numpy: nanmin: np.nanmin(x, axis=0)
numpy: nanprod: np.nanprod(np.where(x > 0.5, np.nan, x), axis=1)
numpy: cov: np.cov(x)
numpy: corrcoef: np.corrcoef(x)
numpy: trapezoid: np.trapezoid(x, dx=0.1, axis=0)
numpy: gradient: np.gradient(x, 0.5, axis=1)
numpy: unwrap: np.unwrap(4 * x)
numpy: ediff1d: np.ediff1d(x[0])
numpy: dsplit: np.dsplit(x[None], 2)[0]
numpy: resize: np.resize(x, (5, 6))
numpy: insert: np.insert(x[0], 2, x[0, 0])
numpy: delete: np.delete(x, [0, 2], axis=1)
numpy: compress: np.compress([True, False, True], x, axis=0)
numpy: extract: np.extract(x > 0, x)
numpy: diagflat: np.diagflat(x[0], 1)
numpy: vander: np.vander(x[0], 3)
numpy: polyval: np.polyval(x[0], x)
numpy: polyfit: np.polyfit(np.arange(4.0), x[0], 2)
numpy: convolve: np.convolve(x[0], x[1, :2])
numpy: correlate: np.correlate(x[0], x[1, :2])
numpy: interp: np.interp(x, np.arange(4.0) - 1.5, x[0])
numpy: kron: np.kron(x, x[:2, 1:])
numpy: linspace: np.linspace(x[0, 0], x[0, 1], 5)
numpy: logspace: np.logspace(x[0, 0], x[0, 1], 5)
numpy: geomspace: np.geomspace(np.exp(x[0, 0]), np.exp(x[0, 1]), 5)
numpy: meshgrid: np.meshgrid(x[0], x[1])[1]
numpy: broadcast_arrays: np.broadcast_arrays(x, x[0])[1]
numpy: ndarray.round: x.round(1) * x
numpy: ndarray.item: x[:1, :1].item()
numpy: ndarray.real: x.real
numpy.linalg: pinv: np.linalg.pinv(x)
numpy.linalg: lstsq: np.linalg.lstsq(x[:, :2], x[:, 2], rcond=None)[0]
numpy.linalg: vector_norm: np.linalg.vector_norm(x, axis=1)
numpy.linalg: matrix_norm: np.linalg.matrix_norm(x)
numpy.linalg: qr: np.linalg.qr(x.T)[0]
numpy.linalg: svd: np.linalg.svd(x, full_matrices=False)[2]
numpy.linalg: svdvals: np.linalg.svdvals(x)
numpy.linalg: multi_dot: np.linalg.multi_dot([x, x.T, x])
numpy.linalg: cond: np.linalg.cond(x)
numpy.linalg: trace: np.linalg.trace(x)
numpy.linalg: diagonal: np.linalg.diagonal(x)
numpy.linalg: vecdot: np.linalg.vecdot(x, x**2)
numpy.fft: fft: np.fft.fft(x).real
numpy.fft: ifft: np.fft.ifft(x).imag
numpy.fft: rfft: np.abs(np.fft.rfft(x)) ** 2
numpy.fft: irfft: np.fft.irfft(x)
numpy.fft: fft2: np.fft.fft2(x).real
numpy.fft: ifft2: np.fft.ifft2(x).real
numpy.fft: fftn: np.fft.fftn(x).real
numpy.fft: ifftn: np.fft.ifftn(x).real
numpy.fft: rfft2: np.fft.rfft2(x).real
numpy.fft: rfftn: np.fft.rfftn(x).real
numpy.fft: irfftn: np.fft.irfftn(x)
numpy.fft: hfft: np.fft.hfft(x)
numpy.fft: fftshift: np.fft.fftshift(x, axes=1)
numpy.fft: ifftshift: np.fft.ifftshift(x)
"""

INSIDE = """
numpy: tan: np.tan(x)
numpy: arcsin: np.arcsin(x)
numpy: arccos: np.arccos(x)
numpy: arctanh: np.arctanh(x)
scipy.special: erfinv: special.erfinv(x)
"""

POSITIVE = """
numpy: sqrt: np.sqrt(x)
numpy: log: np.log(x)
numpy: log2: np.log2(x)
numpy: log10: np.log10(x)
numpy: log1p: np.log1p(x)
scipy.special: gamma: special.gamma(x)
scipy.special: gammaln: special.gammaln(x)
scipy.special: loggamma: special.loggamma(x)
scipy.special: digamma: special.digamma(x)
scipy.special: psi: special.psi(x)
scipy.special: entr: special.entr(x)
scipy.special: log1p: special.log1p(x)
"""

ABOVE = """
numpy: arccosh: np.arccosh(x)
"""

PAIRS = """
numpy: add: np.add(x, y)
numpy: subtract: np.subtract(x, y)
numpy: multiply: np.multiply(x, y)
numpy: divide: np.divide(x, y)
numpy: true_divide: np.true_divide(x, y)
numpy: power: np.power(x, y)
numpy: float_power: np.float_power(x, y)
numpy: maximum: np.maximum(x, y)
numpy: minimum: np.minimum(x, y)
numpy: fmax: np.fmax(x, y)
numpy: fmin: np.fmin(x, y)
numpy: hypot: np.hypot(x, y)
numpy: arctan2: np.arctan2(x, y)
numpy: logaddexp: np.logaddexp(x, y)
numpy: logaddexp2: np.logaddexp2(x, y)
numpy: fmod: np.fmod(x, y)
numpy: mod: np.mod(x, y)
numpy: remainder: np.remainder(x, y)
numpy: copysign: np.copysign(x, y)
numpy: heaviside: np.heaviside(x, y)
numpy: floor_divide: np.floor_divide(x, y)
numpy: operator ** (array exp): x**y
numpy: operator %: x % y
numpy: operator //: x // y
scipy.special: beta: special.beta(x, y)
scipy.special: betaln: special.betaln(x, y)
scipy.special: xlogy: special.xlogy(x, y)
scipy.special: xlog1py: special.xlog1py(x, y)
scipy.special: rel_entr: special.rel_entr(x, y)
scipy.special: kl_div: special.kl_div(x, y)
"""

PRODUCTS = """
numpy: dot: np.dot(x, y)
numpy: matmul: np.matmul(x, y)
numpy: outer: np.outer(x, y)
numpy: tensordot: np.tensordot(x, y, 1)
numpy: einsum: np.einsum('ij,jk->ik', x, y)
numpy: operator @: x @ y
"""

VECTORS = """
numpy: inner: np.inner(x, y)
numpy: vdot: np.vdot(x, y)
numpy: cross: np.cross(x, y)
numpy.linalg: outer: np.linalg.outer(x, y)
numpy.linalg: cross: np.linalg.cross(x, y)
"""

SQUARE = """
numpy.linalg: det: np.linalg.det(x)
numpy.linalg: slogdet: np.linalg.slogdet(x)[1]
numpy.linalg: inv: np.linalg.inv(x)
numpy.linalg: solve: np.linalg.solve(x, x[:, 0])
numpy.linalg: norm: np.linalg.norm(x)
numpy.linalg: cholesky: np.linalg.cholesky(x @ x.T)
numpy.linalg: matmul: np.linalg.matmul(x, x)
numpy.linalg: eigh: np.linalg.eigh(x)[1]
numpy.linalg: eigvalsh: np.linalg.eigvalsh(x)
numpy.linalg: matrix_power: np.linalg.matrix_power(x, 3)
numpy.linalg: eigvals: np.linalg.eigvals(x).real
numpy.linalg: tensorinv: np.linalg.tensorinv(x.reshape(3, 1, 3), ind=1)
numpy.linalg: tensorsolve: np.linalg.tensorsolve(x.reshape(3, 1, 3), x[0])
"""

SHARES = """
scipy.special: erfcinv: special.erfcinv(x)
scipy.special: logit: special.logit(x)
scipy.special: ndtri: special.ndtri(x)
"""

NUMBERS = """
math: exp: math.exp(x)
math: log: math.log(x)
math: sqrt: math.sqrt(x)
math: sin: math.sin(x)
math: cos: math.cos(x)
math: tan: math.tan(x / 9)
math: tanh: math.tanh(x)
math: sinh: math.sinh(x)
math: cosh: math.cosh(x)
math: atan: math.atan(x)
math: log1p: math.log1p(x)
math: expm1: math.expm1(x)
math: fabs: math.fabs(x)
math: erf: math.erf(x)
math: erfc: math.erfc(x)
math: log10: math.log10(x)
math: log2: math.log2(x)
math: exp2: math.exp2(x)
math: cbrt: math.cbrt(x)
math: degrees: math.degrees(x)
math: radians: math.radians(x)
math: floor: math.floor(x)
math: lgamma: math.lgamma(x) + special.erf(x)
math: gamma: math.gamma(x) + special.erf(x)
math: asin: math.asin(x / 9)
math: acos: math.acos(x / 9)
math: atan2: math.atan2(x, 2.0)
math: pow: math.pow(x, 2.5)
math: hypot: math.hypot(x, 2.0, x)
math: prod: math.prod([x, 2.0, x], start=x)
math: fsum: math.fsum([x, x])
math: dist: math.dist([x, 1.0], [2.0, x])
math: copysign: math.copysign(x, -1.0)
builtins: abs: abs(x)
builtins: max: max(x, 0.1)
builtins: min: min(x, 0.1)
builtins: sum: sum([x, x * x])
builtins: pow: pow(x, 3)
builtins: float: float(x)
builtins: round: round(x)
"""

# scipy, but for the functions above.
SPECIAL = """
scipy.special: polygamma: special.polygamma(2, x)
scipy.special: zeta: special.zeta(3.5, x)
scipy.special: binom: special.binom(x + 1, x)
scipy.special: multigammaln: special.multigammaln(x + 3, 3)
scipy.special: gammainc: special.gammainc(2.5, x)
scipy.special: gammaincc: special.gammaincc(2.5, x)
scipy.special: betainc: special.betainc(2.5, 0.6, x / 9)
scipy.special: i1: special.i1(x)
scipy.special: i1e: special.i1e(x)
scipy.special: iv: special.iv(1.5, x)
scipy.special: j1: special.j1(x)
scipy.special: jn: special.jn(3, x)
scipy.special: jv: special.jv(2.5, x)
scipy.special: y0: special.y0(x)
scipy.special: y1: special.y1(x)
scipy.special: expi: special.expi(x)
scipy.special: exp1: special.exp1(x)
scipy.special: exprel: special.exprel(x)
scipy.special: erfcx: special.erfcx(x)
scipy.special: dawsn: special.dawsn(x)
scipy.special: ellipk: special.ellipk(x / 9)
scipy.special: lambertw: special.lambertw(x).real
scipy.special: hyp2f1: special.hyp2f1(1.5, 0.5, 2.5, x / 20)
scipy.stats: norm.logpdf: stats.norm.logpdf(x, y, scale=x)
scipy.stats: norm.pdf: stats.norm.pdf(x, y, scale=x)
scipy.stats: norm.cdf: stats.norm.cdf(x, loc=y, scale=y)
scipy.stats: norm.logcdf: stats.norm.logcdf(x, loc=y, scale=y)
scipy.stats: norm.sf: stats.norm.sf(x, loc=y, scale=y)
scipy.stats: norm.ppf: stats.norm.ppf(x / 9, loc=y, scale=y)
scipy.stats: beta.logpdf: stats.beta.logpdf(x / 9, x, y)
scipy.stats: gamma.logpdf: stats.gamma.logpdf(x, a=y, scale=x)
scipy.stats: t.logpdf: stats.t.logpdf(x, df=y, loc=y, scale=x)
scipy.stats: poisson.logpmf: stats.poisson.logpmf(3, x)
scipy.stats: chi2.logpdf: stats.chi2.logpdf(x, y)
scipy.stats: laplace.logpdf: stats.laplace.logpdf(x, y, y)
scipy.stats: logistic.logpdf: stats.logistic.logpdf(x, y, y)
scipy.stats: expon.logpdf: stats.expon.logpdf(x, scale=y)
scipy.stats: bernoulli.logpmf: stats.bernoulli.logpmf(1, x / 9)
scipy.stats: uniform.logpdf: stats.uniform.logpdf(x, scale=9 + y)
scipy.stats: cauchy.logpdf: stats.cauchy.logpdf(x, y, y)
"""

MATRICES = """
scipy.linalg: inv: linalg.inv(x)
scipy.linalg: det: linalg.det(x)
scipy.linalg: solve: linalg.solve(x, x[:, 0])
scipy.linalg: solve_triangular: linalg.solve_triangular(x, x[:, 0], lower=True)
scipy.linalg: solve_sylvester: linalg.solve_sylvester(x, x, x)
scipy.linalg: sqrtm: linalg.sqrtm(x @ x.T)
scipy.linalg: expm: linalg.expm(x / 9)
scipy.linalg: logm: linalg.logm(x)
scipy.linalg: solve_banded: linalg.solve_banded((1, 1), x + 3, x[0])
scipy.linalg: cholesky: linalg.cholesky(x @ x.T, lower=True)
scipy.linalg: cho_solve: linalg.cho_solve((x, True), x[:, 0])
scipy.linalg: lu: linalg.lu(x)[2]
scipy.linalg: qr: linalg.qr(x)[1]
scipy.linalg: svd: linalg.svd(x)[1]
scipy.linalg: eigh: linalg.eigh(x @ x.T)[0]
scipy.linalg: block_diag: linalg.block_diag(x, x**2)
scipy.linalg: toeplitz: linalg.toeplitz(x[0])
scipy.stats: multivariate_normal.logpdf: stats.multivariate_normal.logpdf(x[0], x[1], x @ x.T)
scipy.stats: dirichlet.logpdf: stats.dirichlet.logpdf(np.array([0.2, 0.5, 0.3]), x[0]**2)
scipy.signal: convolve2d: signal.convolve2d(x, x**2, mode='valid')
scipy.signal: convolve: signal.convolve(x, x**2)
scipy.signal: correlate: signal.correlate(x, x**2)
scipy.signal: fftconvolve: signal.fftconvolve(x, x**2)
"""

DOMAINS = {
    ANY: ({"x": (3, 4)}, np.asarray),
    POSITIVE: ({"x": (3, 4)}, lambda x: np.abs(x) + 0.5),
    INSIDE: ({"x": (3, 4)}, lambda x: 0.9 * np.tanh(x)),
    ABOVE: ({"x": (3, 4)}, lambda x: np.abs(x) + 1.5),
    SHARES: ({"x": (3, 4)}, lambda x: 1 / (1 + np.exp(-x))),
    PAIRS: ({"x": (3, 4), "y": (4,)}, lambda x: np.abs(x) + 0.5),
    PRODUCTS: ({"x": (3, 4), "y": (4, 2)}, np.asarray),
    VECTORS: ({"x": (3,), "y": (3,)}, np.asarray),
    SQUARE: ({"x": (3, 3)}, lambda x: x + 3 * np.eye(3)),
    NUMBERS: ({"x": ()}, lambda x: np.abs(x) + 0.5),
    MATRICES: ({"x": (3, 3)}, lambda x: x + 3 * np.eye(3)),
    SPECIAL: ({"x": (3, 4), "y": (4,)}, lambda x: np.abs(x) + 0.5),
}  # fmt: skip

# Refused where nothing is known of the shape of x.
SHAPED = {
    "block", "column_stack", "ndarray.getitem (int)", "diagflat", "ediff1d", "insert", "delete", "meshgrid",
    "linspace", "logspace", "geomspace", "cov", "corrcoef", "vander", "polyval", "polyfit", "kron", "trim_zeros",
    "polyadd", "polysub", "polymul",
    "lstsq", "qr", "svd", "cholesky", "solve_triangular", "solve_sylvester", "sqrtm", "expm", "cho_solve", "lu", "eigh",
    "block_diag", "toeplitz", "multivariate_normal.logpdf", "dirichlet.logpdf", "multi_dot", "cond", "eigvals",
    "logm", "solve_banded",
}  # fmt: skip


# No rows of tests/data/functions.csv.
BEYOND = {
    "cumulative_sum", "cumulative_prod", "nanmedian", "nanquantile", "nanpercentile", "polyadd", "polysub", "polymul",
    "matvec", "vecmat",
}  # fmt: skip


def table() -> Iterator[tuple[str, str, Case]]:
    for rows, (shapes, near) in DOMAINS.items():
        for row in rows.strip().splitlines():
            module, function, text = row.split(": ", 2)
            header = "import math\nimport numpy as np\nfrom scipy import linalg, signal, special, stats"
            read = {name: shape for name, shape in shapes.items() if re.search(rf"\b{name}\b", text)}
            yield module, function, Case(text, read, near=near, header=header)


ROWS = list(table())


@pytest.mark.parametrize(("module", "function", "case"), ROWS, ids=[f"{module}.{name}" for module, name, _ in ROWS])
@pytest.mark.filterwarnings("ignore")
def test_function_is_right(module: str, function: str, case: Case) -> None:
    holds(case, known=(True,) if function in SHAPED else (True, False))


def test_as_many_functions_as_were_right() -> None:
    assert len({(module, function) for module, function, _ in ROWS}) == 415
