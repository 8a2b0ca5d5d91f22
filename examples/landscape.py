"""The loss of a network of one hidden neuron and two weights, and gradient descent over its landscape.

The two valleys are one solution and its mirror image, with the signs of both weights turned; between them lies the
saddle at (0, 0), past which the path goes. `pictures.py` draws it.
"""

import numpy as np

from srcgrad import value_and_grad

X = np.linspace(-2, 2, 21)
TARGET = 1.5 * np.tanh(1.2 * X)


def loss(w: float, v: float):
    """Mean squared error of a network with a weight into its neuron and one out of it."""
    hidden = np.tanh(w * X)
    return np.mean((v * hidden - TARGET) ** 2)


def path(steps=60, rate=0.15):
    """The points that are come to, from (-1.1, 1.6)."""
    value_and_gradient = value_and_grad(loss)
    w, v = -1.1, 1.6
    points = [(w, v)]
    for _ in range(steps):
        _, (dw, dv) = value_and_gradient(w, v)
        w, v = w - rate * dw, v - rate * dv
        points.append((float(w), float(v)))
    return points


if __name__ == "__main__":
    w, v = path()[-1]
    print(f"w = {w}, v = {v}, loss = {loss(w, v)}")
