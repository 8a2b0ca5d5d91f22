"""Spectra and filters."""

import numpy as np
from scipy import signal


def spectral(x, h):
    """A product of two spectra.

    - x: of shape (N,)
    - h: of shape (N,)
    """
    y = np.fft.ifft(np.fft.fft(x) * np.fft.fft(h)).real
    return np.sum(y**2)


def spectrum(x):
    """The entropy of a spectrum.

    - x: of shape (N,)
    """
    w = np.hanning(len(x))
    P = np.abs(np.fft.rfft(x * w)) ** 2
    p = P / P.sum()
    return -np.sum(p * np.log(p + 1e-12))


def filt(x, b, a):
    """The energy behind a filter.

    - x: of shape (N,)
    - b: of shape (3,)
    """
    y = signal.lfilter(b, [1.0, -0.5], x)
    return np.sum(y**2) + a


def slope(u):
    """The energy of a slope, by frequencies.

    - u: of shape (N,)
    """
    k = 2 * np.pi * np.fft.fftfreq(len(u))
    du = np.fft.ifft(1j * k * np.fft.fft(u)).real
    return 0.5 * np.sum(du**2)


def innovations(phi, theta, x):
    """Squared innovations of ARMA.

    - phi: of shape (2,)
    - theta: of shape (1,)
    - x: of shape (6,)
    """
    e = signal.lfilter(np.append(1.0, -phi / 9), np.concatenate([[1.0], theta / 9]), x)
    return 0.5 * np.sum(e**2)


def smoothed(x):
    """What a moving average leaves.

    - x: of shape (6,)
    """
    return np.sum((x - np.convolve(x, [0.25, 0.5, 0.25], mode="same")) ** 2)
