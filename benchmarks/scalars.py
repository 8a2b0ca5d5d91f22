"""Emitted against hand-written gradients, on listings whose parameters are proved scalars.

Run `python benchmarks/scalars.py`. Both sides are timed in one run, in turns (A B A B ...): a round is a millisecond or
less, so whatever else the machine does strikes both, and the ratio is the median of the rounds' own ratios. The second
table compares the making of a gradient, `grad(f)`, with Python's own compilation of the text of `f`.
"""

import inspect
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from timeit import Timer
from typing import Any

from srcgrad import grad

ROUNDS, CALLS = 400, 1000
BUILDS = 40

# The listings, and their gradients as one writes them by hand: line by line, from the last line to the first.


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def circuit(x: float, y: float, z: float):
    q = x + y
    f = q * z
    return f


def circuit_by_hand(x, y, z):
    q = x + y
    dq = z
    dz = q
    dx = dq
    dy = dq
    return dx, dy, dz


def neuron(w: tuple[float, float, float], x: tuple[float, float]):
    dot = w[0] * x[0] + w[1] * x[1] + w[2]
    f = 1.0 / (1 + math.exp(-dot))
    return f


def neuron_by_hand(w, x):
    dot = w[0] * x[0] + w[1] * x[1] + w[2]
    f = 1.0 / (1 + math.exp(-dot))
    ddot = (1 - f) * f
    dw = (x[0] * ddot, x[1] * ddot, ddot)
    dx = (w[0] * ddot, w[1] * ddot)
    return dw, dx


def staged(x: float, y: float):
    sigy = 1.0 / (1 + math.exp(-y))
    num = x + sigy
    sigx = 1.0 / (1 + math.exp(-x))
    xpy = x + y
    xpysqr = xpy**2
    den = sigx + xpysqr
    invden = 1.0 / den
    f = num * invden
    return f


def staged_by_hand(x, y):
    sigy = 1.0 / (1 + math.exp(-y))
    num = x + sigy
    sigx = 1.0 / (1 + math.exp(-x))
    xpy = x + y
    xpysqr = xpy**2
    den = sigx + xpysqr
    invden = 1.0 / den
    dnum = invden
    dinvden = num
    dden = (-1.0 / den**2) * dinvden
    dsigx = dden
    dxpysqr = dden
    dxpy = (2 * xpy) * dxpysqr
    dx = dxpy
    dy = dxpy
    dx += ((1 - sigx) * sigx) * dsigx
    dx += dnum
    dsigy = dnum
    dy += ((1 - sigy) * sigy) * dsigy
    return dx, dy


def staged_nested(x: float, y: float):
    return (x + sigmoid(y)) / (sigmoid(x) + (x + y) ** 2)


def staged_nested_by_hand(x, y):
    sigy = sigmoid(y)
    num = x + sigy
    sigx = sigmoid(x)
    xpy = x + y
    den = sigx + xpy**2
    dnum = 1 / den
    dden = -num / den**2
    dxpy = (2 * xpy) * dden
    dx = dxpy
    dy = dxpy
    dx += ((1 - sigx) * sigx) * dden
    dx += dnum
    dy += ((1 - sigy) * sigy) * dnum
    return dx, dy


def square_error(x: float, y: float, w0: float, w1: float):
    a = x * w1
    b = a + w0
    c = b - y
    d = c**2
    return d


def square_error_by_hand(x, y, w0, w1):
    a = x * w1
    b = a + w0
    c = b - y
    dc = 2 * c
    db = dc
    dy = -dc
    da = db
    dw0 = db
    dx = w1 * da
    dw1 = x * da
    return dx, dy, dw0, dw1


def bowl(x: float, y: float):
    return x**2 + y**2 + 400 * x + 8 * y


def bowl_by_hand(x, y):
    dx = 2 * x + 400
    dy = 2 * y + 8
    return dx, dy


def tanh_neuron(x1: float, x2: float, w1: float, w2: float, b: float):
    n = x1 * w1 + x2 * w2 + b
    o = math.tanh(n)
    return o


def tanh_neuron_by_hand(x1, x2, w1, w2, b):
    n = x1 * w1 + x2 * w2 + b
    o = math.tanh(n)
    dn = 1 - o**2
    dx1 = w1 * dn
    dw1 = x1 * dn
    dx2 = w2 * dn
    dw2 = x2 * dn
    db = dn
    return dx1, dx2, dw1, dw2, db


def tanh_by_exp(x1: float, x2: float, w1: float, w2: float, b: float):
    n = x1 * w1 + x2 * w2 + b
    o = (math.exp(2 * n) - 1) / (math.exp(2 * n) + 1)
    return o


def tanh_by_exp_by_hand(x1, x2, w1, w2, b):
    n = x1 * w1 + x2 * w2 + b
    o = (math.exp(2 * n) - 1) / (math.exp(2 * n) + 1)
    dn = 1 - o**2
    dx1 = w1 * dn
    dw1 = x1 * dn
    dx2 = w2 * dn
    dw2 = x2 * dn
    db = dn
    return dx1, dx2, dw1, dw2, db


def eight_steps(w: float, b: float, x: float, target: float):
    t1 = w * x
    t2 = t1 + b
    t3 = -1 * t2
    t4 = math.exp(t3)
    t5 = t4 + 1
    t6 = t5 ** (-1)
    t7 = t6 - target
    t8 = t7**2
    return t8


def eight_steps_by_hand(w, b, x, target):
    t1 = w * x
    t2 = t1 + b
    t3 = -1 * t2
    t4 = math.exp(t3)
    t5 = t4 + 1
    t6 = t5 ** (-1)
    t7 = t6 - target
    dt7 = 2 * t7
    dt6 = dt7
    dtarget = -dt7
    dt5 = (-1.0 / t5**2) * dt6
    dt4 = dt5
    dt3 = t4 * dt4
    dt2 = -dt3
    dt1 = dt2
    db = dt2
    dw = x * dt1
    dx = w * dt1
    return dw, db, dx, dtarget


def logistic(w: float, b: float, x: float, t: float, lam: float):
    return (sigmoid(w * x + b) - t) ** 2 / 2 + lam / 2 * w**2


def logistic_by_hand(w, b, x, t, lam):
    s = sigmoid(w * x + b)
    dw = lam * w
    dlam = 0.5 * w**2
    ds = s - t
    dt = -ds
    dz = ((1 - s) * s) * ds
    dw += x * dz
    dx = w * dz
    db = dz
    return dw, db, dx, dt, dlam


def routes(x: float, y: float, z: float, w: float):
    f = 2 * (x * y + max(z, w))
    return f


def routes_by_hand(x, y, z, w):
    dx = 2 * y
    dy = 2 * x
    dz = 2.0 * (z >= w)
    dw = 2.0 * (z < w)
    return dx, dy, dz, dw


def product(x: float):
    return x**2 * math.exp(x) + 3 * x


def product_by_hand(x):
    expx = math.exp(x)
    dx = (2 * x) * expx
    dx += x**2 * expx
    dx += 3
    return dx


@dataclass(frozen=True)
class Listing:
    """A function, its gradient by hand, and the point at which both are timed."""

    function: Callable[..., Any]
    by_hand: Callable[..., Any]
    point: tuple[Any, ...]


LISTINGS = (
    Listing(circuit, circuit_by_hand, (-2.0, 5.0, -4.0)),
    Listing(neuron, neuron_by_hand, ((2.0, -3.0, -3.0), (-1.0, -2.0))),
    Listing(staged, staged_by_hand, (2.0, -4.0)),
    Listing(staged_nested, staged_nested_by_hand, (2.0, -4.0)),
    Listing(square_error, square_error_by_hand, (3.0, 7.0, -2.0, 2.0)),
    Listing(bowl, bowl_by_hand, (1.0, 2.0)),
    Listing(tanh_neuron, tanh_neuron_by_hand, (2.0, 0.0, -3.0, 1.0, 6.8813735870195432)),
    Listing(tanh_by_exp, tanh_by_exp_by_hand, (2.0, 0.0, -3.0, 1.0, 6.8813735870195432)),
    Listing(eight_steps, eight_steps_by_hand, (2.0, 0.0, 1.0, 10.0)),
    Listing(logistic, logistic_by_hand, (2.0, -3.0, 1.0, 0.5, 0.1)),
    Listing(routes, routes_by_hand, (3.0, -4.0, 2.0, -1.0)),
    Listing(product, product_by_hand, (1.0,)),
)


def timer(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Timer:
    """A timer of one call; timeit stops the garbage collector meanwhile."""
    names = "".join(f"a{i}, " for i in range(len(arguments)))
    setup = f"{names}= arguments" if arguments else "pass"
    return Timer(f"function({names})", setup, time.perf_counter_ns, {"function": function, "arguments": arguments})


def in_turns(a: Timer, b: Timer, rounds: int, calls: int) -> tuple[float, float, float]:
    """The median times of a call of `a` and of `b`, in ns, and the median ratio a / b of the rounds."""
    for each in (a, b):
        each.timeit(calls)  # warm
    times = [(a.timeit(calls) / calls, b.timeit(calls) / calls) for _ in range(rounds)]
    return median(t for t, _ in times), median(t for _, t in times), median(t / u for t, u in times)


def equal(a: Any, b: Any) -> bool:
    """Whether two gradients agree, number by number."""
    if isinstance(a, tuple | list):
        return type(a) is type(b) and len(a) == len(b) and all(map(equal, a, b))
    return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12)


def main() -> None:
    """Print the two tables."""
    print(f"{'calling':16}{'emitted, ns':>14}{'by hand, ns':>14}{'ratio':>8}")
    for listing in LISTINGS:
        emitted = grad(listing.function)
        a, b, ratio = in_turns(timer(emitted, listing.point), timer(listing.by_hand, listing.point), ROUNDS, CALLS)
        note = "" if equal(emitted(*listing.point), listing.by_hand(*listing.point)) else "  (the gradients differ)"
        print(f"{listing.function.__name__:16}{a:14.0f}{b:14.0f}{ratio:8.3f}{note}")

    print(f"\n{'making':16}{'grad(f), us':>14}{'compile, us':>14}{'ratio':>8}")
    for listing in LISTINGS:
        text = inspect.getsource(listing.function)
        a, b, ratio = in_turns(timer(grad, (listing.function,)), timer(compile, (text, "", "exec")), BUILDS, 1)
        print(f"{listing.function.__name__:16}{a / 1000:14.0f}{b / 1000:14.0f}{ratio:8.1f}")


if __name__ == "__main__":
    main()
