"""A perceptron learns two blobs of points: its loss by the emitted gradient, in 100 steps of 0.01.

`pictures.py` draws the line by which it separates them.
"""

import numpy as np

from srcgrad import value_and_grad


@value_and_grad(wrt=("W", "b"), shapes={"X": "N D", "c": "N C", "W": "D C", "b": "C"})
def loss(X, c, W, b):
    """Cross-entropy of a perceptron with one-hot classes."""
    a = X.dot(W) + b
    p = np.exp(a) / np.sum(np.exp(a), axis=1, keepdims=True)
    return -np.sum(np.sum(c * np.log(p), axis=1))


def blobs():
    """Two blobs of 50 points, and their classes."""
    random = np.random.default_rng(0)
    X = np.concatenate([random.normal(-1.9, 1.0, (50, 2)), random.normal(1.9, 1.0, (50, 2))])
    return X, np.eye(2)[np.repeat([0, 1], 50)]


def learn(X, c, steps=100):
    """The weights and biases after some steps, and the loss with them."""
    W, b = np.array([[0.5, -0.5], [0.0, 0.0]]), np.zeros(2)
    for _ in range(steps):
        _, (dW, db) = loss(X, c, W, b)
        W, b = W - 0.01 * dW, b - 0.01 * db
    return W, b, loss(X, c, W, b)[0]


if __name__ == "__main__":
    data = blobs()
    print(f"loss = {learn(*data, steps=0)[-1]} before, loss = {learn(*data)[-1]} after")
