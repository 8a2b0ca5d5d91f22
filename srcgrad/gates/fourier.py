"""Fourier transforms of real numbers of which a real number is read: a part, an absolute value, a filtered signal.

The matrices of these transforms are symmetric: what is undone is done once more, by the function `itself`.

Source: a discrete Fourier transform is a product with a symmetric matrix (Cooley and Tukey, 1965).
"""

from srcgrad.gate import bilinear, gate, linear


@gate("np.fft.fftfreq(n, d=1.0)", "np.fft.rfftfreq(n, d=1.0) with half=True", shape="frequencies(n, half)")
def frequencies(y, d, n=..., half=False):
    dd = -np.sum(y * dy) / d
    dy = -y / d * dd


@linear("np.fft.fftshift(x, axes)", shape="replaced(x)")
def fftshift(y, x, axes=None):
    dx = np.fft.ifftshift(dy, axes)


@linear("np.fft.ifftshift(x, axes)", shape="replaced(x)")
def ifftshift(y, x, axes=None):
    dx = np.fft.fftshift(dy, axes)


# Along all axes by the functions of two and of n dimensions, here and below.
@linear(
    "np.fft.fft(x, axis=axis, norm=norm).real", "np.real(np.fft.fft(x, axis=axis, norm=norm))",
    "np.fft.ifft(x, axis=axis, norm=norm).real", "np.real(np.fft.ifft(x, axis=axis, norm=norm))",
    "np.fft.fft2(x, norm=norm).real with axis=None", "np.real(np.fft.fft2(x, norm=norm)) with axis=None",
    "np.fft.ifft2(x, norm=norm).real with axis=None", "np.real(np.fft.ifft2(x, norm=norm)) with axis=None",
    "np.fft.fftn(x, norm=norm).real with axis=None", "np.real(np.fft.fftn(x, norm=norm)) with axis=None",
    "np.fft.ifftn(x, norm=norm).real with axis=None", "np.real(np.fft.ifftn(x, norm=norm)) with axis=None",
    shape="replaced(x)",
)  # fmt: skip
def real_part(y, x, axis=-1, norm=None):
    dx = itself(dy, axis=axis, norm=norm).real


@linear(
    "np.fft.fft(x, axis=axis, norm=norm).imag", "np.imag(np.fft.fft(x, axis=axis, norm=norm))",
    "np.fft.ifft(x, axis=axis, norm=norm).imag", "np.imag(np.fft.ifft(x, axis=axis, norm=norm))",
    "np.fft.fft2(x, norm=norm).imag with axis=None", "np.imag(np.fft.fft2(x, norm=norm)) with axis=None",
    "np.fft.ifft2(x, norm=norm).imag with axis=None", "np.imag(np.fft.ifft2(x, norm=norm)) with axis=None",
    "np.fft.fftn(x, norm=norm).imag with axis=None", "np.imag(np.fft.fftn(x, norm=norm)) with axis=None",
    "np.fft.ifftn(x, norm=norm).imag with axis=None", "np.imag(np.fft.ifftn(x, norm=norm)) with axis=None",
    shape="replaced(x)",
)  # fmt: skip
def imaginary_part(y, x, axis=-1, norm=None):
    dx = itself(dy, axis=axis, norm=norm).imag


# What np.fft.rfft leaves out is zeros, which np.fft.fft pads with.
@linear(
    "np.fft.rfft(x, axis=axis, norm=norm).real", "np.real(np.fft.rfft(x, axis=axis, norm=norm))",
    shape="loose(x, axis)",
)  # fmt: skip
def real_part_of_rfft(y, x, axis=-1, norm=None):
    dx = np.fft.fft(dy, x.shape[axis], axis=axis, norm=norm).real


@linear(
    "np.fft.rfft(x, axis=axis, norm=norm).imag", "np.imag(np.fft.rfft(x, axis=axis, norm=norm))",
    shape="loose(x, axis)",
)  # fmt: skip
def imaginary_part_of_rfft(y, x, axis=-1, norm=None):
    dx = np.fft.fft(dy, x.shape[axis], axis=axis, norm=norm).imag


@linear("np.fft.rfft2(x).real", "np.real(np.fft.rfft2(x))", shape="loose(x, -1)")
def real_part_of_rfft2(y, x):
    dx = np.fft.fft2(dy, x.shape[-2:]).real


@linear("np.fft.rfft2(x).imag", "np.imag(np.fft.rfft2(x))", shape="loose(x, -1)")
def imaginary_part_of_rfft2(y, x):
    dx = np.fft.fft2(dy, x.shape[-2:]).imag


@linear("np.fft.rfftn(x).real", "np.real(np.fft.rfftn(x))", shape="loose(x, -1)")
def real_part_of_rfftn(y, x):
    dx = np.fft.fftn(dy, x.shape, range(x.ndim)).real


@linear("np.fft.rfftn(x).imag", "np.imag(np.fft.rfftn(x))", shape="loose(x, -1)")
def imaginary_part_of_rfftn(y, x):
    dx = np.fft.fftn(dy, x.shape, range(x.ndim)).imag


# Kink: of a frequency that the signal does not have the length has no gradient: 0 / 0, nan. Its square has.
@gate(
    "np.abs(np.fft.fft(x, axis=axis, norm=norm))", "abs(np.fft.fft(x, axis=axis, norm=norm))",
    "np.abs(np.fft.fft2(x, norm=norm)) with axis=None", "abs(np.fft.fft2(x, norm=norm)) with axis=None",
    "np.abs(np.fft.fftn(x, norm=norm)) with axis=None", "abs(np.fft.fftn(x, norm=norm)) with axis=None",
    shape="replaced(x)",
)  # fmt: skip
def spectrum(y, x, axis=-1, norm=None):
    phase = itself(x, axis=axis, norm=norm) / y
    dx = itself(np.conj(phase) * dy, axis=axis, norm=norm).real
    dy = (np.conj(phase) * itself(dx, axis=axis, norm=norm)).real


@gate(
    "np.abs(np.fft.fft(x, axis=axis, norm=norm)) ** 2", "abs(np.fft.fft(x, axis=axis, norm=norm)) ** 2",
    "np.abs(np.fft.fft2(x, norm=norm)) ** 2 with axis=None", "abs(np.fft.fft2(x, norm=norm)) ** 2 with axis=None",
    "np.abs(np.fft.fftn(x, norm=norm)) ** 2 with axis=None", "abs(np.fft.fftn(x, norm=norm)) ** 2 with axis=None",
    shape="replaced(x)",
)  # fmt: skip
def power_spectrum(y, x, axis=-1, norm=None):
    values = itself(x, axis=axis, norm=norm)
    dx = 2 * itself(np.conj(values) * dy, axis=axis, norm=norm).real
    dy = 2 * (np.conj(values) * itself(dx, axis=axis, norm=norm)).real


# Kink: as of the spectrum.
@gate(
    "np.abs(np.fft.rfft(x, axis=axis, norm=norm))", "abs(np.fft.rfft(x, axis=axis, norm=norm))",
    shape="loose(x, axis)",
)  # fmt: skip
def half_spectrum(y, x, axis=-1, norm=None):
    phase = np.fft.rfft(x, axis=axis, norm=norm) / y
    dx = np.fft.fft(np.conj(phase) * dy, x.shape[axis], axis=axis, norm=norm).real
    dy = (np.conj(phase) * np.fft.rfft(dx, axis=axis, norm=norm)).real


@gate(
    "np.abs(np.fft.rfft(x, axis=axis, norm=norm)) ** 2", "abs(np.fft.rfft(x, axis=axis, norm=norm)) ** 2",
    shape="loose(x, axis)",
)  # fmt: skip
def half_power_spectrum(y, x, axis=-1, norm=None):
    values = np.fft.rfft(x, axis=axis, norm=norm)
    dx = 2 * np.fft.fft(np.conj(values) * dy, x.shape[axis], axis=axis, norm=norm).real
    dy = 2 * (np.conj(values) * np.fft.rfft(dx, axis=axis, norm=norm)).real


# What it is multiplied by gets no gradient: it may be complex.
@bilinear("np.fft.ifft(np.fft.fft(x) * c).real", "np.real(np.fft.ifft(np.fft.fft(x) * c))", shape="circular(x, c)")
def filtered(y, x, c):
    dx = np.fft.fft(np.fft.ifft(dy) * c).real
    dc = refused(dy)


@bilinear(
    "np.fft.ifft(np.fft.fft(x) * np.fft.fft(y)).real", "np.real(np.fft.ifft(np.fft.fft(x) * np.fft.fft(y)))",
    shape="circular(x, y)",
)  # fmt: skip
def circular_convolution(z, x, y):
    dx = np.fft.fft(np.fft.ifft(dz) * np.fft.fft(y)).real
    dy = np.fft.fft(np.fft.ifft(dz) * np.fft.fft(x)).real


# As many numbers as either has: n must be known to be their length.
@bilinear("np.fft.irfft(np.fft.rfft(x) * np.fft.rfft(y), n)", shape="as_long(x, y, n)")
def half_convolution(z, x, y, n=None):
    dx = np.fft.irfft(np.fft.rfft(dz) * np.conj(np.fft.rfft(y)), n) if ranked(z) else refused(dz)
    dy = np.fft.irfft(np.fft.rfft(dz) * np.conj(np.fft.rfft(x)), n) if ranked(z) else refused(dz)


@bilinear(
    "np.fft.irfft(np.fft.rfft(x) * np.conj(np.fft.rfft(y)), n)",
    "np.fft.irfft(np.fft.rfft(x) * np.fft.rfft(y).conj(), n)",
    shape="as_long(x, y, n)",
)  # fmt: skip
def half_correlation(z, x, y, n=None):
    dx = np.fft.irfft(np.fft.rfft(dz) * np.fft.rfft(y), n) if ranked(z) else refused(dz)
    dy = np.fft.irfft(np.conj(np.fft.rfft(dz)) * np.fft.rfft(x), n) if ranked(z) else refused(dz)


# As filtered.
@bilinear("np.fft.irfft(np.fft.rfft(x) * c, n)", shape="passed(x, c, n)")
def half_filtered(z, x, c, n=None):
    dx = np.fft.irfft(np.fft.rfft(dz) * np.conj(c), n) if ranked(z) else refused(dz)
    dc = refused(dz)


# All frequencies but the first, and the last of an even number, count twice.
@linear("np.fft.irfft(x)", shape="loose(x, -1)")
def irfft(y, x):
    dx = np.fft.rfft(dy).real * (2 - (np.arange(x.shape[-1]) % (x.shape[-1] - 1) == 0)).astype(x.dtype) / y.shape[-1]


@linear("np.fft.hfft(x)", shape="loose(x, -1)")
def hfft(y, x):
    dx = np.fft.rfft(dy).real * (2 - (np.arange(x.shape[-1]) % (x.shape[-1] - 1) == 0)).astype(x.dtype)


@linear("np.fft.irfftn(x)", shape="loose(x, -1)")
def irfftn(y, x):
    dx = np.fft.rfftn(dy).real * (2 - (np.arange(x.shape[-1]) % (x.shape[-1] - 1) == 0)).astype(x.dtype) / y.size
