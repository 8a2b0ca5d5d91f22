"""Rosenbrock's function by slices, minimised: `value_and_grad` is what scipy asks for."""

import numpy as np
from scipy.optimize import minimize

from srcgrad import value_and_grad


def rosenbrock(x):
    """Rosenbrock's function of any number of variables."""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


if __name__ == "__main__":
    found = minimize(value_and_grad(rosenbrock), np.zeros(5), jac=True)
    print(f"x = {found.x.round(3).tolist()}")
