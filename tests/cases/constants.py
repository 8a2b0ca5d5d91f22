"""Constants of the module, which the emitted file carries along where it reads them."""

import math

RATE = 0.1
UNUSED = 7
WEIGHTS = [0.5, -2.0]


def loss(x, y):
    return RATE * WEIGHTS[1] * x**2 + math.cos(math.pi * y)


# $ srcgrad emit constants.py loss
# >>> loss_grad(0.75, 2.25) == (-0.3, -2.22144146907918)
# stderr
constants.py:11:48: error: no gate for the operator *, and the gradient on y must pass through it
        return RATE * WEIGHTS[1] * x**2 + math.cos(math.pi * y)
                                                   ^^^^^^^^^^^
hint: write it with gates that srcgrad knows, or leave it out of wrt


# $ srcgrad emit constants.py loss --mode jvp
# >>> loss_jvp(1.0, -0.5, 0.75, 2.25) == (0.594606781186548, 0.810720734539592)
# stderr
constants.py:11:48: error: no gate for the operator *, and the gradient on y must pass through it
        return RATE * WEIGHTS[1] * x**2 + math.cos(math.pi * y)
                                                   ^^^^^^^^^^^
hint: write it with gates that srcgrad knows, or leave it out of wrt
