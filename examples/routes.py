"""How gates pass a gradient on: max routes it to the larger operand, add distributes it, multiply swaps its operands.

At (3, -4, 2, -1) the value is -20 and the gradient (-8, 6, 2, 0).
"""


def routes(x, y, z, w):
    f = 2 * (x * y + max(z, w))
    return f


if __name__ == "__main__":
    from srcgrad import value_and_grad

    value, (dx, dy, dz, dw) = value_and_grad(routes)(3.0, -4.0, 2.0, -1.0)
    print(f"f = {value}: dx = {dx}, dy = {dy}, dz = {dz}, dw = {dw}")
