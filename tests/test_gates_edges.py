"""Kinks have one written convention, and what is finite is computed so: the edges of the book's domains."""

import ast
import itertools
import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from oracles import Point, scipy_of_two_functions
from spellings import Case, cases, derived, gradient, primal, spelled

from srcgrad.gates import book
from srcgrad.staged import Mode

PAGE = Path(__file__).parent.parent / "docs" / "rule-book.md"
ROW = re.compile(r"\| `(?P<text>[^`]+)` \| `(?P<at>[^`]+)` \| `(?P<answer>[^`]+)` \|")
FOUND = [match.group("text", "at", "answer") for match in map(ROW.match, PAGE.read_text().splitlines()) if match]
ROWS = [row for row in FOUND if "[" not in row[1]]
OF_ARRAYS = [row for row in FOUND if "[" in row[1]]


@pytest.fixture(autouse=True)
def scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    scipy_of_two_functions(monkeypatch)


@pytest.mark.parametrize("kind", [float, np.float64])
@pytest.mark.parametrize(("text", "at", "answer"), ROWS, ids=[f"{text} at {at}" for text, at, _ in ROWS])
def test_the_page_on_the_rule_book_says_what_is_so(text: str, at: str, answer: str, kind: type[float]) -> None:
    point: dict[str, float] = eval(f"dict({at})")
    numbers = tuple(map(kind, point.values()))
    backward, forward = (derived(text, tuple(point), mode) for mode in (Mode.VALUE_AND_GRAD, Mode.JVP))
    if answer.endswith("Error"):
        with np.errstate(all="ignore"):
            found = _raised(backward, *numbers)
        assert found == answer or (kind is np.float64 and found == "")
        return
    expected = eval(f"({answer},)")
    assert backward(*numbers)[1] == expected
    for i, slope in enumerate(expected):
        assert forward(*(kind(i == j) for j in range(len(expected))), *numbers)[1] == slope


def _raised(function: Any, *args: Any) -> str:
    """The name of what `function` raises; "" where it answers, and not with finite numbers alone."""
    try:
        _, gradient = function(*args)
    except (ArithmeticError, ValueError) as error:
        return type(error).__name__
    assert not all(map(math.isfinite, gradient))
    return ""


def test_the_page_on_the_rule_book_has_its_tables() -> None:
    assert len(ROWS) > 20


# Finite where the truth is finite: over the whole book, at points of all magnitudes. The truth is a difference quotient
# of the function itself in a wider type, in which nothing here overflows.

SIZES = (1e-300, 1e-160, 1e-20, 1e-5, 0.3, 2.0, 40.0, 800.0, 1e20, 1e160, 1e300)
WIDER = np.finfo(np.longdouble).maxexp > np.finfo(float).maxexp
STEPPED = frozenset(("modulo", "remainder", "quotient_and_remainder"))
"""Gates whose steps lie closer than any difference."""


def length(*xs: Any) -> Any:
    return np.sqrt(sum(x * x for x in xs))


WIDE = SimpleNamespace(**{**vars(np), "hypot": length, "log": lambda x, base=np.e: np.log(x) / np.log(base)})


def wide(case: Case) -> Any:
    """The function of the case in numpy alone, whose functions know the wider type; None where numpy has not all."""
    text = case.text.replace("math.", "np.")
    called = {node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
    known = all(hasattr(np, name) for name in called) and not called & {"prod", "i0", "frexp", "modf", "ldexp", "clip"}
    return eval(f"lambda {', '.join(case.names)}: {text}", {"np": WIDE}) if known else None


def scanned(case: Case) -> Iterator[Point]:
    count = len(case.names)
    sizes = SIZES if count == 1 else SIZES[::2] if count == 2 else SIZES[1::4]
    for point in itertools.product([sign * size for size in sizes for sign in (1, -1)], repeat=count):
        lengths = case.gate.name == "hypot" and "hypot" not in case.text
        if (
            len({*map(abs, point)}) == count  # no ties
            and not (case.gate.name == "power" and point[0] < 0)
            and not (case.gate.name == "reciprocal" and abs(point[0]) > 1e154)
            and not (lengths and max(map(abs, point)) < 1e-150)
        ):
            yield point


def quotient(function: Any, point: Point, place: int, part: float) -> Any:
    step = np.longdouble(point[place]) * np.longdouble(part)
    at = [np.longdouble(x) for x in point]
    above, below = ([x + sign * step * (i == place) for i, x in enumerate(at)] for sign in (1, -1))
    return (function(*above) - function(*below)) / (2 * step)


def truth(function: Any, point: Point, place: int) -> tuple[float, float]:
    """The least and the most that the slope can be: any finite number where two differences do not agree on it."""
    coarse, fine = (quotient(function, point, place, part) for part in (1e-6, 5e-7))
    if not abs(fine) < np.finfo(float).max:
        return -math.inf, math.inf
    value, change = function(*map(np.longdouble, point)), fine * np.longdouble(point[place])
    if abs(coarse - fine) > 1e-6 * abs(fine) or abs(change) <= 1e-6 * abs(value):
        return -sys.float_info.max, sys.float_info.max
    return float(fine - 1e-5 * abs(fine)), float(fine + 1e-5 * abs(fine))


SCANNED = [
    case for case in cases(book()) if case.here and len(case.names) < 4 and case.gate.name not in STEPPED and wide(case)
]


@pytest.mark.skipif(not WIDER, reason="a long double is no wider than a double here")
@pytest.mark.parametrize("case", SCANNED, ids=str)
def test_the_gradient_is_finite_wherever_the_truth_is(case: Case) -> None:
    function, wider = primal(case.text, case.names), wide(case)
    derivative = derived(case.text, case.names, Mode.VALUE_AND_GRAD)
    with np.errstate(all="ignore"):
        for point in scanned(case):
            kinds = [kind for kind in (float, np.float64) if _defined(function, *map(kind, point))]
            slopes = [truth(wider, point, place) for place in range(len(point))] if kinds else []
            for kind in kinds:
                try:
                    _, found = derivative(*map(kind, point))
                except (ArithmeticError, ValueError):
                    assert any(math.isinf(end) for slope in slopes for end in slope), point
                    continue
                for slope, (least, most) in zip(found, slopes, strict=True):
                    assert least - 1e-300 <= float(slope) <= most + 1e-300, point


def _defined(function: Any, *args: Any) -> bool:
    """Whether `function` has a finite real value here."""
    try:
        value = function(*args)
    except (ArithmeticError, ValueError):
        return False
    return not isinstance(value, complex) and math.isfinite(value)


@pytest.mark.parametrize("kind", [float, np.float64])
@pytest.mark.parametrize("text", [*spelled("absolute"), *spelled("relu")])
def test_the_gradient_at_zero_is_zero(text: str, kind: type[float]) -> None:
    for zero in (kind(0.0), kind(-0.0)):
        assert gradient(text, zero) == (0.0,)


@pytest.mark.parametrize("kind", [float, np.float64])
@pytest.mark.parametrize("text", spelled("maximum", "minimum"))
def test_at_a_tie_one_operand_gets_all(text: str, kind: type[float]) -> None:
    assert sorted(gradient(text, kind(1.5), kind(1.5))) == [0.0, 1.0]
    repeated = text.replace("y", "x")
    assert gradient(repeated, kind(1.5)) == (1.0,)
    assert derived(repeated, ("x",), Mode.JVP)(1.0, kind(1.5)) == (1.5, 1.0)


@pytest.mark.parametrize(
    "text", ["(x > 1) * x", "x * (x > 1)", "(x > 1) * (2 - 1) * x", "max(x, 1)", "max(x, x) * (x > 1)"]
)
@pytest.mark.parametrize("mode", [Mode.GRAD, Mode.JVP])
def test_a_mask_alone_is_a_number(text: str, mode: Mode) -> None:
    found = derived(text, ("x",), mode)(1.5) if mode is Mode.GRAD else derived(text, ("x",), mode)(1.0, 1.5)[1]
    found = found[0] if isinstance(found, tuple) else found
    assert found == 1.0
    assert type(found) is float


@pytest.mark.parametrize("x", [-800.0, 800.0])
@pytest.mark.parametrize("text", spelled("sigmoid", "tanh_by_exponentials", "tanh"))
def test_a_composite_is_finite_wherever_its_value_is(text: str, x: float) -> None:
    with np.errstate(all="ignore"):
        for argument in (x, np.float64(x)):
            try:
                value = primal(text, "x")(argument)
            except OverflowError:
                with pytest.raises(OverflowError):  # math itself refuses
                    gradient(text, argument)
                continue
            if math.isfinite(value):
                assert gradient(text, argument) == (0.0,)


def test_a_sigmoid_is_finite_at_both_ends() -> None:
    """Not vacuously: numpy's usual spelling has a value at both, math's at one."""
    with np.errstate(over="ignore"):
        assert [gradient("1 / (1 + np.exp(-x))", x) for x in (-800.0, 800.0)] == [(0.0,), (0.0,)]
    assert gradient("1 / (1 + math.exp(-x))", 800.0) == (0.0,)
    with pytest.raises(OverflowError):
        gradient("1 / (1 + math.exp(-x))", -800.0)


@pytest.mark.parametrize("kind", [float, np.float64])
@pytest.mark.parametrize(("n", "slope"), [("0", 0.0), ("1", 1.0), ("2", 0.0), ("0.0", 0.0), ("1.0", 1.0), ("2.0", 0.0)])
@pytest.mark.parametrize("text", spelled("power_by_number"))
def test_low_powers_are_finite_at_zero(text: str, n: str, slope: float, kind: type[float]) -> None:
    code = text.replace("n)", f"{n})") if text.endswith(")") else text.replace("n", n)
    assert gradient(code, kind(0.0)) == (slope,)
    assert derived(code, ("x",), Mode.JVP)(1.0, kind(0.0))[1] == slope


@pytest.mark.parametrize(("y", "dx"), [(0.0, 0.0), (1.0, 1.0), (2.0, 0.0)])
@pytest.mark.parametrize("text", spelled("power"))
def test_low_powers_that_only_the_call_knows_are_finite_at_zero(text: str, y: float, dx: float) -> None:
    assert gradient(text, 0.0, y)[0] == dx


# What the numbers of a text do not reach: large, small, not a number.

EDGES: tuple[tuple[str, Point, Point], ...] = (
    ("x / y", (1.0, 1e200), (1e-200, 0.0)),
    ("x / y", (1e-200, 1e-200), (1e200, -1e200)),
    ("1.0 % x", (0.1,), (-9.0,)),  # 1.0 / 0.1 is 10.0
    ("math.fmod(1.0, x)", (0.1,), (-9.0,)),
    ("math.remainder(1.0, x)", (0.1,), (-10.0,)),
    ("math.atan(x)", (1e200,), (0.0,)),
    ("math.atan2(y, x)", (1e200, 1e200), (5e-201, -5e-201)),
    ("math.atan2(y, x)", (1e-200, 1e-200), (5e199, -5e199)),
    ("math.acosh(x)", (1e200,), (1e-200,)),
    ("math.asinh(x)", (-1e200,), (1e-200,)),
    ("math.erf(x)", (1e200,), (0.0,)),
    ("math.hypot(x, y)", (1e-200, 0.0), (1.0, 0.0)),
    ("math.copysign(x, y)", (1e-200, -1.0), (-1.0, 0.0)),
    ("math.copysign(x, y)", (0.0, -1.0), (0.0, 0.0)),
    ("np.sinc(x)", (0.0,), (0.0,)),
    ("np.sinc(x)", (1e-9,), (-math.pi**2 / 3 * 1e-9,)),
    ("np.logaddexp(x, y)", (800.0, -800.0), (1.0, 0.0)),
    *((text, (2.0, 2.0), (0.5, 0.5)) for text in spelled("log_add_exp")),
    ("x**-1", (1e200,), (0.0,)),
    ("np.reciprocal(x)", (1e200,), (0.0,)),
    ("0**x", (2.0,), (0.0,)),
    ("x**0 * y", (0.0, 3.0), (0.0, 1.0)),
    ("np.nan_to_num(x)", (math.nan,), (0.0,)),
    ("np.nan_to_num(x, nan=1.0)", (-math.inf,), (0.0,)),
    ("0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))", (0.0,), (0.5,)),
    ("0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))", (1e160,), (1.0,)),
    ("0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))", (-1e160,), (0.0,)),
    ("np.where(np.abs(x) <= y, 0.5 * x**2, y * (np.abs(x) - 0.5 * y))", (3.0, math.inf), (3.0, 0.0)),
    ("np.where(np.abs(x) <= y, 0.5 * x**2, y * (np.abs(x) - 0.5 * y))", (-3.0, -2.0), (2.0, 5.0)),
    ("np.logaddexp(0, x)", (-800.0,), (0.0,)),
    ("np.fmax(x, y)", (1.0, math.nan), (1.0, 0.0)),
    ("np.fmin(x, y)", (math.nan, 1.0), (0.0, 1.0)),
    ("np.clip(x, 0, 1)", (1.0,), (1.0,)),
    ("math.log(1 + math.exp(x))", (-800.0,), (0.0,)),
    ("np.log1p(np.exp(x))", (800.0,), (1.0,)),
    ("max(x, 0) + math.log1p(math.exp(-abs(x)))", (0.0,), (0.5,)),
    ("max(x, 0) + math.log1p(math.exp(-abs(x)))", (1e200,), (1.0,)),
    ("x / (1 + math.exp(-x))", (1e200,), (1.0,)),
    ("x / (1 + np.exp(-x))", (-800.0,), (0.0,)),
    ("0.5 * x * (1 + math.erf(x / math.sqrt(2)))", (-1e200,), (0.0,)),
    ("math.log(x / (1 - x))", (1e-200,), (1e200,)),
    ("-0.5 * ((x - y) / s) ** 2 - math.log(s) - 0.5 * math.log(2 * math.pi)", (1.0, 2.0, 1e200), (0.0, 0.0, -1e-200)),
)  # fmt: skip


@pytest.mark.parametrize("kind", [float, np.float64])
@pytest.mark.parametrize(("text", "point", "expected"), EDGES, ids=[f"{text} at {point}" for text, point, _ in EDGES])
def test_the_gradient_is_right_at_the_edges(text: str, point: Point, expected: Point, kind: type[float]) -> None:
    names = sorted({node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)} & {*"xys"})
    names = ["y", "x"] if text.startswith("math.atan2") else ["x", "y", "s"][: len(names)]
    with np.errstate(all="ignore"):
        _, found = derived(text, tuple(names), Mode.VALUE_AND_GRAD)(*map(kind, point))
    assert tuple(map(float, found)) == pytest.approx(expected, rel=1e-14, abs=0)
