"""Gradient descent on a bowl whose lowest point is (-200, -4).

After 50 steps of 0.1 from (0, 0) it stands at about (-199.997, -3.99994).
"""


def bowl(x, y):
    return x**2 + y**2 + 400 * x + 8 * y


if __name__ == "__main__":
    from srcgrad import grad

    gradient = grad(bowl)
    x, y = 0.0, 0.0
    for _ in range(50):
        dx, dy = gradient(x, y)
        x, y = x - 0.1 * dx, y - 0.1 * dy
    print(f"x = {x}, y = {y}, bowl(x, y) = {bowl(x, y)}")
