"""A perceptron learns two blobs of points: its loss by the emitted gradient, in 100 steps of 0.01."""

import numpy as np

from srcgrad import value_and_grad


@value_and_grad(wrt=("W", "b"), shapes={"X": "N D", "c": "N C", "W": "D C", "b": "C"})
def loss(X, c, W, b):
    """Cross-entropy of a perceptron with one-hot classes."""
    a = X.dot(W) + b
    p = np.exp(a) / np.sum(np.exp(a), axis=1, keepdims=True)
    return -np.sum(np.sum(c * np.log(p), axis=1))


def main():
    """Learn, and print the loss before and after."""
    random = np.random.default_rng(0)
    X = np.concatenate([random.normal(-1.9, 1.0, (50, 2)), random.normal(1.9, 1.0, (50, 2))])
    c = np.eye(2)[np.repeat([0, 1], 50)]
    W, b = np.array([[0.5, -0.5], [0.0, 0.0]]), np.zeros(2)
    first, _ = loss(X, c, W, b)
    for _ in range(100):
        _, (dW, db) = loss(X, c, W, b)
        W, b = W - 0.01 * dW, b - 0.01 * db
    last, _ = loss(X, c, W, b)
    print(f"loss = {first} before, loss = {last} after")


if __name__ == "__main__":
    main()
