"""Fourier transforms of real numbers of which a real number is read: a part, an absolute value, a filtered signal."""

from srcgrad.gate import gate, linear


@linear("np.fft.fftshift(x, axes)", shape="replaced(x)")
def fftshift(y, x, axes=None):
    dx = np.fft.ifftshift(dy, axes)


@linear("np.fft.ifftshift(x, axes)", shape="replaced(x)")
def ifftshift(y, x, axes=None):
    dx = np.fft.fftshift(dy, axes)


# The matrix of cosines is symmetric, and so is that of sines.
@linear("np.fft.fft(x).real", "np.real(np.fft.fft(x))", shape="replaced(x)")
def real_part_of_fft(y, x):
    dx = np.fft.fft(dy).real


@linear("np.fft.fft(x).imag", "np.imag(np.fft.fft(x))", shape="replaced(x)")
def imaginary_part_of_fft(y, x):
    dx = np.fft.fft(dy).imag


@linear("np.fft.ifft(x).real", "np.real(np.fft.ifft(x))", shape="replaced(x)")
def real_part_of_ifft(y, x):
    dx = np.fft.ifft(dy).real


@linear("np.fft.ifft(x).imag", "np.imag(np.fft.ifft(x))", shape="replaced(x)")
def imaginary_part_of_ifft(y, x):
    dx = np.fft.ifft(dy).imag


@linear("np.fft.fft2(x).real", "np.real(np.fft.fft2(x))", shape="replaced(x)")
def real_part_of_fft2(y, x):
    dx = np.fft.fft2(dy).real


@linear("np.fft.fft2(x).imag", "np.imag(np.fft.fft2(x))", shape="replaced(x)")
def imaginary_part_of_fft2(y, x):
    dx = np.fft.fft2(dy).imag


@linear("np.fft.ifft2(x).real", "np.real(np.fft.ifft2(x))", shape="replaced(x)")
def real_part_of_ifft2(y, x):
    dx = np.fft.ifft2(dy).real


@linear("np.fft.fftn(x).real", "np.real(np.fft.fftn(x))", shape="replaced(x)")
def real_part_of_fftn(y, x):
    dx = np.fft.fftn(dy).real


@linear("np.fft.ifftn(x).real", "np.real(np.fft.ifftn(x))", shape="replaced(x)")
def real_part_of_ifftn(y, x):
    dx = np.fft.ifftn(dy).real


# Of the half that np.fft.rfft gives the rest is zeros, which np.fft.ifft pads with.
@linear("np.fft.rfft(x).real", "np.real(np.fft.rfft(x))", shape="loose(x, -1)")
def real_part_of_rfft(y, x):
    dx = x.shape[-1] * np.fft.ifft(dy, x.shape[-1]).real


@linear("np.fft.rfft(x).imag", "np.imag(np.fft.rfft(x))", shape="loose(x, -1)")
def imaginary_part_of_rfft(y, x):
    dx = -x.shape[-1] * np.fft.ifft(dy, x.shape[-1]).imag


@linear("np.fft.rfft2(x).real", "np.real(np.fft.rfft2(x))", shape="loose(x, -1)")
def real_part_of_rfft2(y, x):
    if np.ndim(x) == 2:
        dx = x.size * np.fft.ifft2(dy, x.shape).real
    else:
        dx = refused(dy)


@linear("np.fft.rfftn(x).real", "np.real(np.fft.rfftn(x))", shape="loose(x, -1)")
def real_part_of_rfftn(y, x):
    dx = x.size * np.fft.ifftn(dy, x.shape, range(x.ndim)).real


# Of a frequency that the signal does not have the length has no gradient: 0 / 0, nan. Its square has.
@gate("np.abs(np.fft.fft(x))", "abs(np.fft.fft(x))", shape="replaced(x)")
def spectrum(y, x):
    phase = np.fft.fft(x) / y
    dx = x.shape[-1] * np.fft.ifft(phase * dy).real
    dy = (np.conj(phase) * np.fft.fft(dx)).real


@gate("np.abs(np.fft.fft(x)) ** 2", "abs(np.fft.fft(x)) ** 2", shape="replaced(x)")
def power_spectrum(y, x):
    values = np.fft.fft(x)
    dx = 2 * x.shape[-1] * np.fft.ifft(values * dy).real
    dy = 2 * (np.conj(values) * np.fft.fft(dx)).real


@gate("np.abs(np.fft.rfft(x))", "abs(np.fft.rfft(x))", shape="loose(x, -1)")
def half_spectrum(y, x):
    phase = np.fft.rfft(x) / y
    dx = x.shape[-1] * np.fft.ifft(phase * dy, x.shape[-1]).real
    dy = (np.conj(phase) * np.fft.rfft(dx)).real


@gate("np.abs(np.fft.rfft(x)) ** 2", "abs(np.fft.rfft(x)) ** 2", shape="loose(x, -1)")
def half_power_spectrum(y, x):
    values = np.fft.rfft(x)
    dx = 2 * x.shape[-1] * np.fft.ifft(values * dy, x.shape[-1]).real
    dy = 2 * (np.conj(values) * np.fft.rfft(dx)).real


# The matrices of both transforms are symmetric.
@linear("np.fft.ifft(np.fft.fft(x) * c).real", "np.real(np.fft.ifft(np.fft.fft(x) * c))", shape="replaced(x)")
def filtered(y, x, c=...):
    dx = np.fft.fft(np.fft.ifft(dy) * c).real


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
