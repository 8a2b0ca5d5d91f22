"""The page that plays backprop takes values, and a file that is not the input."""


def f(x, y=2.0):
    return x * y


# $ srcgrad explain explain.py
# exit 1
# stderr
error: there are no values to play backprop with
hint: give some: --at "x=..., y=..."
