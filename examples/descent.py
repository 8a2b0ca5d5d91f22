"""Gradient descent on a bowl whose lowest point is (-200, -4).

After 50 steps of 0.1 from (0, 0) it stands at about (-199.997, -3.99994). `pictures.py` draws its path.
"""

from srcgrad import grad


def bowl(x, y):
    return x**2 + y**2 + 400 * x + 8 * y


def path(steps=50, rate=0.1):
    """The points that are come to, from (0, 0)."""
    gradient = grad(bowl)
    x, y = 0.0, 0.0
    points = [(x, y)]
    for _ in range(steps):
        dx, dy = gradient(x, y)
        x, y = x - rate * dx, y - rate * dy
        points.append((x, y))
    return points


if __name__ == "__main__":
    x, y = path()[-1]
    print(f"x = {x}, y = {y}, bowl(x, y) = {bowl(x, y)}")
