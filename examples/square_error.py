"""The squared error of a line through one point, one gate a statement.

At x, y, w0, w1 = 3, 7, -2, 2 the loss is 9, dw0 = -6 and dw1 = -18.
"""


def square_error(x, y, w0, w1):
    a = x * w1
    b = a + w0
    c = b - y
    d = c**2
    return d


if __name__ == "__main__":
    from srcgrad import value_and_grad

    value, (dw0, dw1) = value_and_grad(square_error, wrt=("w0", "w1"))(3.0, 7.0, -2.0, 2.0)
    print(f"d = {value}: dw0 = {dw0}, dw1 = {dw1}")
