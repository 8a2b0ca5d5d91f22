"""An emitted function on another library of arrays: one import is another, and jax compiles it."""

import jax
import numpy as np

from srcgrad import value_and_grad


def loss(w, X, t):
    """Mean negative log-likelihood of logistic regression."""
    p = 1 / (1 + np.exp(-X.dot(w)))
    return -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))


if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    emitted = value_and_grad(loss, wrt="w", shapes={"w": "D", "X": "N D", "t": "N"})
    names: dict = {}
    exec(emitted.source.replace("import numpy as np", "import jax.numpy as np"), names)
    compiled = jax.jit(names["loss_value_and_grad"])
    X, t = np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 0.5]]), np.array([1.0, 0.0, 1.0])
    value, dw = compiled(np.array([0.2, -0.1]), X, t)
    print(f"loss = {float(value)}, dw = {dw.tolist()}")
