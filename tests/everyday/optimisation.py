"""Functions that optimisers are tried on."""

import math

from numpy import cos, exp, pi, sqrt


def rosen(x):
    """Rosenbrock's valley.

    - x: of shape (N,)
    """
    return sum(100.0 * (x[1:] - x[:-1] ** 2.0) ** 2.0 + (1 - x[:-1]) ** 2.0)


def ackley(x):
    """Ackley's function.

    - x: of shape (N,)
    """
    n = len(x)
    return -20 * exp(-0.2 * sqrt(sum(x**2) / n)) - exp(sum(cos(2 * pi * x)) / n) + 20 + math.e
