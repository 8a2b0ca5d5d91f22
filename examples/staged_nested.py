"""The function of staged.py as one nested expression, with a helper that srcgrad reads through.

At (2, -4) the gradient is (0.5348320870757595, 0.342460382923052).
"""

import math


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def f(x, y):
    return (x + sigmoid(y)) / (sigmoid(x) + (x + y) ** 2)


if __name__ == "__main__":
    from srcgrad import value_and_grad

    value, (dx, dy) = value_and_grad(f)(2.0, -4.0)
    print(f"f = {value}: dx = {dx}, dy = {dy}")
