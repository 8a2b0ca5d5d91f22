"""The notes' staged example, f(x, y) = (x + sigmoid(y)) / (sigmoid(x) + (x + y)**2), in eight lines.

At (2, -4) the gradient is (0.5348320870757595, 0.342460382923052).
"""

import math


def f(x, y):
    sigy = 1.0 / (1 + math.exp(-y))  # sigmoid in numerator
    num = x + sigy  # numerator
    sigx = 1.0 / (1 + math.exp(-x))  # sigmoid in denominator
    xpy = x + y
    xpysqr = xpy**2
    den = sigx + xpysqr  # denominator
    invden = 1.0 / den
    f = num * invden
    return f


if __name__ == "__main__":
    from srcgrad import value_and_grad

    value, (dx, dy) = value_and_grad(f)(2.0, -4.0)
    print(f"f = {value}: dx = {dx}, dy = {dy}")
