"""Convolutions, correlations and linear filters: back through one goes the other.

Those of numpy are of rows, those of scipy.signal of arrays of any rank.

Source: a convolution is a product with a matrix; back goes the transposed one, a correlation.
"""

from srcgrad.gate import bilinear, gate, linear


# Of "valid" the shorter slides over the longer; "same" is the middle of the full one.
@bilinear(
    "np.convolve(x, y, mode)", "signal.convolve(x, y, mode, method)", "signal.fftconvolve(x, y, mode)",
    "signal.oaconvolve(x, y, mode)", "signal.convolve2d(x, y, mode)",
    shape="overlapped(x, y, mode)",
)  # fmt: skip
def convolve(z, x, y, mode="full", method="auto"):
    if mode == "same" and ranked(x) and np.ndim(x) == 1:
        cut = np.size(x) + np.size(y) - 1 - np.size(z)
        whole = np.pad(dz, (cut // 2, cut - cut // 2))
    elif mode == "same":
        cut = np.add(np.shape(x), np.shape(y)) - 1 - np.shape(z)
        whole = np.pad(dz, np.transpose((cut // 2, cut - cut // 2)))
    else:
        whole = dz
    if number(x) or number(y):
        dx = refused(dz)
        dy = refused(dz)
    elif mode == "full" or mode == "same":
        dx = family.correlate(whole, y, "valid")
        dy = family.correlate(whole, x, "valid")
    elif mode == "valid":
        dx = family.convolve(dz, np.flip(y), "full" if np.size(x) >= np.size(y) else "valid")
        dy = family.convolve(dz, np.flip(x), "valid" if np.size(x) >= np.size(y) else "full")
    else:
        dx = refused(dz)
        dy = refused(dz)


# As a convolution with y reversed. Of "same" correlate2d begins later, and np.correlate where y is the longer one.
@bilinear(
    "np.correlate(x, y, mode) with mode='valid'", "signal.correlate(x, y, mode, method)",
    "signal.correlate2d(x, y, mode) with late=True",
    shape="overlapped(x, y, mode)",
)  # fmt: skip
def correlate(z, x, y, mode="full", method="auto", late=False):
    if mode == "same" and ranked(x) and np.ndim(x) == 1:
        cut = np.size(x) + np.size(y) - 1 - np.size(z)
        ahead = cut // 2 if np.size(z) == np.size(x) else cut - cut // 2
        whole = np.pad(dz, (ahead, cut - ahead))
    elif mode == "same":
        cut = np.add(np.shape(x), np.shape(y)) - 1 - np.shape(z)
        ahead = cut // 2 if np.size(z) == np.size(x) and not late else cut - cut // 2
        whole = np.pad(dz, np.transpose((ahead, cut - ahead)))
    else:
        whole = dz
    if number(x) or number(y):
        dx = refused(dz)
        dy = refused(dz)
    elif mode == "full" or mode == "same":
        dx = family.convolve(whole, y, "valid")
        dy = np.flip(family.correlate(whole, x, "valid"))
    elif mode == "valid":
        dx = family.convolve(dz, y, "full" if np.size(x) >= np.size(y) else "valid")
        dy = np.flip(family.convolve(dz, np.flip(x), "valid" if np.size(x) >= np.size(y) else "full"))
    else:
        dx = refused(dz)
        dy = refused(dz)


# What takes a trend away is its own transpose.
@linear("signal.detrend(x, axis, type)", shape="replaced(x)")
def detrend(y, x, axis=-1, type="linear"):
    dx = signal.detrend(dy, axis, type)


# The coefficients multiply what a filter without a numerator makes of x, and of y, at each delay.
@gate("signal.lfilter(b, a, x, axis)", shape="replaced(x)")
def recursive_filter(y, b, a, x, axis=-1):
    dx = np.flip(signal.lfilter(b, a, np.flip(dy, axis), axis), axis)
    if np.ndim(x) == 1:
        db = signal.correlate(np.pad(dy, (0, len(b) - 1)), signal.lfilter(np.ones_like(b[:1]), a, x), "valid")
        da = -signal.correlate(np.pad(dy, (0, len(a) - 1)), signal.lfilter(np.ones_like(a[:1]), a, y), "valid")
    else:
        db = refused(dy)
        da = refused(dy)
    dy = signal.lfilter(b, a, dx, axis) + signal.lfilter(db, a, x, axis) - signal.lfilter(da, a, y, axis)
