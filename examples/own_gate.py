"""A gate of one's own: the error function by its series, a loop that srcgrad would not read.

Its derivative is 2 / sqrt(pi) * exp(-x * x). The series is never differentiated; the rule is.
"""

import math

import srcgrad


def erf(x):
    total, term = 0.0, x
    for k in range(1, 60):
        total += term / (2 * k - 1)
        term *= -x * x / k
    return 2 / math.sqrt(math.pi) * total


def bell(x):
    return 2 / math.sqrt(math.pi) * math.exp(-x * x)


@srcgrad.elementwise("erf(x)")
def erf_gate(y, x):
    dx = bell(x) * dy


def probability(x, mean, spread):
    z = (x - mean) / (spread * math.sqrt(2))
    return (1 + erf(z)) / 2


if __name__ == "__main__":
    density = srcgrad.grad(probability, wrt="x")
    print(f"density at 1 = {density(1.0, 0.0, 1.0)}")
