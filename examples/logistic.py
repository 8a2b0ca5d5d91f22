"""The regularised squared error of a logistic unit: w is used twice, so its gradient has two contributions.

At w, b, x, t, lam = 2, -3, 1, 0.5, 0.1 the gradient is about (0.15457, -0.04543).
"""

import math


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def loss(w, b, x, t, lam):
    return (sigmoid(w * x + b) - t) ** 2 / 2 + lam / 2 * w**2


if __name__ == "__main__":
    from srcgrad import value_and_grad

    value, (dw, db) = value_and_grad(loss, wrt=("w", "b"))(2.0, -3.0, 1.0, 0.5, 0.1)
    print(f"loss = {value}: dw = {dw}, db = {db}")
