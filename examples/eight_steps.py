"""The squared error of a logistic unit in eight steps, named as the trace's own temporaries would be.

At w, b, x, target = 2, 0, 1, 10 the gradient with respect to w is -1.9149156216104704.
"""

import math


def loss(w, b, x, target):
    t1 = w * x
    t2 = t1 + b
    t3 = -1 * t2
    t4 = math.exp(t3)
    t5 = t4 + 1
    t6 = t5 ** (-1)
    t7 = t6 - target
    t8 = t7**2
    return t8


if __name__ == "__main__":
    from srcgrad import value_and_grad

    value, (dw, db) = value_and_grad(loss, wrt=("w", "b"))(2.0, 0.0, 1.0, 10.0)
    print(f"t8 = {value}: dw = {dw}, db = {db}")
