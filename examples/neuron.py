"""A neuron with two inputs and a bias: lists of numbers, read at constant indices.

At w = [2, -3, -3], x = [-1, -2] the notes' rounded gradients are dw = [-0.2, -0.39, 0.2], dx = [0.39, -0.59].
"""

import math


def neuron(w, x):
    dot = w[0] * x[0] + w[1] * x[1] + w[2]
    f = 1.0 / (1 + math.exp(-dot))
    return f


if __name__ == "__main__":
    from srcgrad import value_and_grad

    value, (dw, dx) = value_and_grad(neuron)([2.0, -3.0, -3.0], [-1.0, -2.0])
    print(f"f = {value}: dw = {dw}, dx = {dx}")
