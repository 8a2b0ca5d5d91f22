"""What the gates are tested against: complex steps over functions that are written here anew, and differences."""

import ast
import cmath
import math
import operator
import sys
from collections.abc import Callable, Iterable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

Point = tuple[float, ...]


def scipy_of_two_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scipy for the tests to need none: emitted text imports it as it would the real one."""
    scipy, special = ModuleType("scipy"), ModuleType("scipy.special")
    special.digamma, special.i1 = digamma, bessel_i1  # type: ignore[attr-defined]
    scipy.special = special  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "scipy", scipy)
    monkeypatch.setitem(sys.modules, "scipy.special", special)


def digamma(x: float) -> float:
    """By recurrence up to where the asymptotic series is exact."""
    shift = 0.0
    while x < 20:
        shift, x = shift - 1 / x, x + 1
    square = 1 / (x * x)
    series = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))))
    return shift + math.log(x) - 0.5 / x - series


def bessel_i1(x: float) -> float:
    return math.fsum((x / 2) ** (2 * k + 1) / (math.factorial(k) * math.factorial(k + 1)) for k in range(40))


# The first oracle: complex steps, which lose nothing to cancellation.


def odd_root(z: complex) -> complex:
    return cmath.exp(cmath.log(z) / 3) if z.real >= 0 else -odd_root(-z)


def error_function(z: complex) -> complex:
    term, total, n = z, z, 0
    while abs(term) > 1e-18 * abs(total):  # all terms of one sign: nothing cancels
        n += 1
        term *= 2 * z * z / (2 * n + 1)
        total += term
    return 2 / math.sqrt(math.pi) * cmath.exp(-z * z) * total


def length(*xs: complex) -> complex:
    return cmath.sqrt(sum(x * x for x in xs))


def larger(*xs: Any) -> complex:
    return max(xs if len(xs) > 1 else xs[0], key=lambda x: x.real)


def smaller(*xs: Any) -> complex:
    return min(xs if len(xs) > 1 else xs[0], key=lambda x: x.real)


def size(z: complex) -> complex:
    return z if z.real > 0 else -z


def without(whole: Callable[[float, float], float]) -> Callable[[complex, complex], complex]:
    """A remainder: what is left of z without whole multiples of w."""
    return lambda z, w: z - w * whole(z.real, w.real)


def toward_zero(x: float, y: float) -> int:
    return round((x - math.fmod(x, y)) / y)


def nearest(x: float, y: float) -> int:
    return round((x - math.remainder(x, y)) / y)


LANCZOS = (
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
)  # fmt: skip


def log_gamma(z: complex) -> complex:
    total = LANCZOS[0] + sum(LANCZOS[i] / (z + i - 1) for i in range(1, 9))
    return 0.5 * math.log(2 * math.pi) + (z - 0.5) * cmath.log(z + 6.5) - (z + 6.5) + cmath.log(total)


def bits(z: complex) -> tuple[complex, int]:
    exponent = math.frexp(z.real)[1]
    return z / 2.0**exponent, exponent


def parts(z: complex) -> tuple[complex, float]:
    return z - math.trunc(z.real), float(math.trunc(z.real))


def quotient(x: complex, y: complex) -> tuple[complex, complex]:
    return complex(x.real // y.real), MODULO(x, y)


def clipped(x: complex, low: complex = -math.inf, high: complex = math.inf, **bounds: complex) -> complex:
    low, high = bounds.get("min", bounds.get("a_min", low)), bounds.get("max", bounds.get("a_max", high))
    low, high = -math.inf if low is None else low, math.inf if high is None else high
    return smaller(larger(x, low), high)


def raised(z: complex, w: complex) -> complex:
    return z**w if z else complex(w == 0)


def bessel_i0(z: complex) -> complex:
    return sum((z / 2) ** (2 * k) / math.factorial(k) ** 2 for k in range(40))


def step(z: complex, at_zero: complex) -> complex:
    return at_zero if z.real == 0 else complex(z.real > 0)


MODULO = without(operator.floordiv)
ORACLES: dict[str, Callable[..., Any]] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "negative": operator.neg,
    "positive": operator.pos, "divide": operator.truediv, "true_divide": operator.truediv, "pow": raised,
    "power": raised, "float_power": raised, "square": lambda z: z * z, "reciprocal": lambda z: 1 / z,
    "fma": lambda x, y, w: x * y + w, "float64": operator.pos, "conjugate": operator.pos, "conj": operator.pos,
    "mod": MODULO, "fmod": without(toward_zero), "remainder": without(nearest), "divmod": quotient,
    "exp": cmath.exp, "exp2": lambda z: cmath.exp(z * math.log(2)), "expm1": lambda z: cmath.exp(z) - 1,
    "log": lambda z, base=math.e: cmath.log(z) / cmath.log(base), "log1p": lambda z: cmath.log(1 + z),
    "log2": lambda z: cmath.log(z) / math.log(2), "log10": lambda z: cmath.log(z) / math.log(10),
    "sqrt": cmath.sqrt, "cbrt": odd_root,
    "sin": cmath.sin, "cos": cmath.cos, "tan": cmath.tan,
    "asin": cmath.asin, "acos": cmath.acos, "atan": cmath.atan,
    "arcsin": cmath.asin, "arccos": cmath.acos, "arctan": cmath.atan,
    "sinh": cmath.sinh, "cosh": cmath.cosh, "tanh": cmath.tanh,
    "asinh": cmath.asinh, "acosh": cmath.acosh, "atanh": cmath.atanh,
    "arcsinh": cmath.asinh, "arccosh": cmath.acosh, "arctanh": cmath.atanh,
    "atan2": lambda y, x: 2 * cmath.atan(y / (length(x, y) + x)),
    "arctan2": lambda y, x: 2 * cmath.atan(y / (length(x, y) + x)),
    "hypot": length, "dist": lambda xs, ys: length(*(x - y for x, y in zip(xs, ys, strict=True))),
    "erf": error_function, "erfc": lambda z: 1 - error_function(z),
    "gamma": lambda z: cmath.exp(log_gamma(z)), "lgamma": log_gamma,
    "degrees": lambda z: z * (180 / math.pi), "rad2deg": lambda z: z * (180 / math.pi),
    "radians": lambda z: z * (math.pi / 180), "deg2rad": lambda z: z * (math.pi / 180),
    "abs": size, "fabs": size, "absolute": size, "copysign": lambda z, y: size(z) * math.copysign(1, y.real),
    "sinc": lambda z: cmath.sin(math.pi * z) / (math.pi * z),
    "ldexp": lambda z, i: z * 2.0**i, "frexp": bits, "modf": parts,
    "max": larger, "min": smaller, "maximum": larger, "minimum": smaller, "fmax": larger, "fmin": smaller,
    "clip": clipped, "heaviside": step, "nan_to_num": lambda z, nan=0: z, "i0": bessel_i0,
    "angle": lambda z: 0 * z, "imag": lambda z: 0 * z,
    "where": lambda c, x, y: x if c.real else y,
    "sum": sum, "fsum": sum, "prod": math.prod, "sumprod": lambda xs, ys: sum(map(operator.mul, xs, ys)),
    "logaddexp": lambda x, y: cmath.log(cmath.exp(x) + cmath.exp(y)),
    "logaddexp2": lambda x, y: cmath.log(2**x + 2**y) / math.log(2),
}  # fmt: skip
MATH = SimpleNamespace(**ORACLES, pi=math.pi, e=math.e)
NUMPY = SimpleNamespace(**{**ORACLES, "remainder": MODULO}, pi=math.pi, e=math.e)
BUILTINS = ("abs", "divmod", "max", "min", "pow", "sum")


class Dual(complex):
    """A complex number with Python's remainder, and powers of zero."""

    def __rpow__(self, other: complex, modulo: None = None) -> complex:
        return raised(other, complex(self))

    def __mod__(self, other: complex) -> complex:  # type: ignore[override]
        return MODULO(self, other)


class ByRealParts(ast.NodeTransformer):
    """Comparisons of real parts: complex numbers have no order."""

    def visit_Compare(self, node: ast.Compare) -> ast.Compare:
        self.generic_visit(node)
        sides = [ast.Attribute(side, "real", ast.Load()) for side in (node.left, *node.comparators)]
        return ast.Compare(sides[0], node.ops, sides[1:])


def by_complex_step(text: str, parameters: tuple[str, ...], point: Point) -> Point:
    names = {"math": MATH, "np": NUMPY, "float": operator.pos, **{name: ORACLES[name] for name in BUILTINS}}
    tree = ast.fix_missing_locations(ByRealParts().visit(ast.parse(text, mode="eval")))
    code = compile(tree, "oracle", "eval")
    gradient = []
    for i, value in enumerate(point):
        step = 1e-30 * abs(value) or 1e-100
        stepped = [Dual(value, step * (i == j)) for j, value in enumerate(point)]
        gradient.append(complex(eval(code, names, dict(zip(parameters, stepped, strict=True)))).imag / step)
    return tuple(gradient)


# The second oracle: the very function that was differentiated, at two points.


def by_central_differences(f: Callable[..., float], point: Point) -> Point:
    gradient = []
    for i, value in enumerate(point):
        step = 1e-5 * max(1.0, abs(value))
        above, below = ((*point[:i], value + sign * step, *point[i + 1 :]) for sign in (1, -1))
        gradient.append(float(f(*above) - f(*below)) / (2 * step))
    return tuple(gradient)


def same(found: Iterable[float], expected: Iterable[float], relative: float) -> None:
    found, expected = tuple(map(float, found)), tuple(map(float, expected))
    assert found == pytest.approx(expected, rel=relative, abs=relative)
