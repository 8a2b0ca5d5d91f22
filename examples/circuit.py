"""The notes' first circuit: an add gate feeds a multiply gate.

At (-2, 5, -4) the value is -12 and the gradient (-4, -4, 3).
"""


def circuit(x, y, z):
    q = x + y
    f = q * z
    return f


if __name__ == "__main__":
    from srcgrad import value_and_grad

    value, (dx, dy, dz) = value_and_grad(circuit)(-2.0, 5.0, -4.0)
    print(f"f = {value}: dx = {dx}, dy = {dy}, dz = {dz}")
