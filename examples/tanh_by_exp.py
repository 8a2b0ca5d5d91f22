"""The neuron of tanh_neuron.py with tanh spelled by exponentials, which is still one gate.

At x1, x2, w1, w2, b = 2, 0, -3, 1, 6.8813735870195432 the gradient is (-1.5, 0.5, 1, 0, 0.5) in the order
dx1, dx2, dw1, dw2, db, up to rounding.
"""

import math


def tanh(x):
    return (math.exp(2 * x) - 1) / (math.exp(2 * x) + 1)


def neuron(x1, x2, w1, w2, b):
    n = x1 * w1 + x2 * w2 + b
    o = tanh(n)
    return o


if __name__ == "__main__":
    from srcgrad import value_and_grad

    value, (dx1, dx2, dw1, dw2, db) = value_and_grad(neuron)(2.0, 0.0, -3.0, 1.0, 6.8813735870195432)
    print(f"o = {value}: dx1 = {dx1}, dx2 = {dx2}, dw1 = {dw1}, dw2 = {dw2}, db = {db}")
