"""A function of one variable, in reverse mode and in forward mode.

At 1 the derivative is 11.154845485377136 = 3 * e + 3.
"""

import math


def product(x):
    return x**2 * math.exp(x) + 3 * x


if __name__ == "__main__":
    from srcgrad import jvp, value_and_grad

    value, dx = value_and_grad(product)(1.0)
    print(f"f = {value}: dx = {dx}")
    value, dvalue = jvp(product)(1.0, 1.0)  # the tangent first
    print(f"f = {value}: dvalue = {dvalue}")
