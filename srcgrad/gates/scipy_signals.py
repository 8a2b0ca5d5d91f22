"""Convolutions, correlations and linear filters of scipy.signal: back through one goes the other."""

from srcgrad.gate import bilinear, linear


# Of "valid" the smaller slides over the larger; of "same" the middle is cut from the full one.
@bilinear(
    "signal.convolve(x, y, mode, method=method)", "signal.fftconvolve(x, y, mode)", "signal.oaconvolve(x, y, mode)",
    "signal.convolve2d(x, y, mode)",
    shape="convolved(x, y, mode)",
)  # fmt: skip
def convolution(z, x, y, mode="full", method="auto"):
    if mode == "full":
        dx = signal.correlate(dz, y, "valid")
        dy = signal.correlate(dz, x, "valid")
    elif mode == "valid" and np.size(x) >= np.size(y):
        dx = signal.convolve(dz, np.flip(y))
        dy = np.flip(signal.correlate(x, dz, "valid"))
    elif mode == "valid":
        dx = np.flip(signal.correlate(y, dz, "valid"))
        dy = signal.convolve(dz, np.flip(x))
    elif mode == "same" and np.ndim(x) == 1:
        dx = signal.correlate(np.pad(dz, ((len(y) - 1) // 2, len(y) // 2)), y, "valid")
        dy = signal.correlate(np.pad(dz, ((len(y) - 1) // 2, len(y) // 2)), x, "valid")
    else:
        dx = refused(dz)
        dy = refused(dz)


@bilinear(
    "signal.correlate(x, y, mode, method=method)", "signal.correlate2d(x, y, mode)",
    shape="convolved(x, y, mode)",
)  # fmt: skip
def correlation_of_scipy(z, x, y, mode="full", method="auto"):
    if mode == "full":
        dx = signal.convolve(dz, y, "valid")
        dy = np.flip(signal.correlate(dz, x, "valid"))
    elif mode == "valid" and np.size(x) >= np.size(y):
        dx = signal.convolve(dz, y)
        dy = signal.correlate(x, dz, "valid")
    elif mode == "valid":
        dx = np.flip(signal.correlate(np.flip(y), dz, "valid"))
        dy = np.flip(signal.convolve(dz, np.flip(x)))
    elif mode == "same" and np.ndim(x) == 1:
        dx = signal.convolve(np.pad(dz, ((len(y) - 1) // 2, len(y) // 2)), y, "valid")
        dy = np.flip(signal.correlate(np.pad(dz, ((len(y) - 1) // 2, len(y) // 2)), x, "valid"))
    else:
        dx = refused(dz)
        dy = refused(dz)


# What takes a trend away is its own transpose.
@linear("signal.detrend(x, axis, type)", shape="replaced(x)")
def detrend(y, x, axis=-1, type="linear"):
    dx = signal.detrend(dy, axis, type)


@linear("signal.lfilter(b, a, x, axis)", shape="replaced(x)")
def recursive_filter(y, x, b=..., a=..., axis=-1):
    dx = np.flip(signal.lfilter(b, a, np.flip(dy, axis), axis), axis)
