"""Kinks have one written convention, and what is finite is computed so: RELIABILITY's R9 and R10 over the book."""

import ast
import math

import numpy as np
import pytest
from oracles import Point
from spellings import derived, gradient, primal, spelled

from srcgrad.staged import Mode


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
    ("np.logaddexp(x, y)", (800.0, -800.0), (1.0, 0.0)),
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
