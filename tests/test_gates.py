"""The whole rule book: every spelling of every gate, derived in every direction, against two independent oracles."""

import ast
import cmath
import math
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from srcgrad.derive import Derived, derive, listed
from srcgrad.expr import Expr, render
from srcgrad.gate import Gate
from srcgrad.gates import book
from srcgrad.match import Book, Spelling
from srcgrad.scope import StaticScope
from srcgrad.source import Function, check, functions, read
from srcgrad.staged import Mode

Point = tuple[float, ...]

# Where a gate is tried: for each operand its values, of which every combination is a point.
ANYWHERE = (-2.3, -0.4, 0.7, 3.1)
POSITIVE = (0.2, 0.9, 4.0)
INSIDE_ONE = (-0.8, -0.1, 0.55)
DOMAINS: Mapping[str, tuple[Point, ...]] = {
    "power": (POSITIVE, ANYWHERE),
    "power_by_number": (POSITIVE,),
    "log": (POSITIVE,),
    "log2": (POSITIVE,),
    "log10": (POSITIVE,),
    "log1p": ((-0.6, 0.0, 2.5),),
    "log_to_base": (POSITIVE, (0.4, 2.0, 10.0)),
    "sqrt": (POSITIVE,),
    "arcsin": (INSIDE_ONE,),
    "arccos": (INSIDE_ONE,),
    "arctanh": (INSIDE_ONE,),
    "arccosh": ((1.1, 2.0, 30.0),),
}
SETTINGS: Mapping[str, tuple[Mapping[str, float], ...]] = {
    "power_by_number": ({"n": 3}, {"n": -2}, {"n": 2.5}, {"n": -0.5}),
    "number_to_the": ({"n": 2}, {"n": 0.3}),
}


@dataclass(frozen=True)
class Case:
    """A spelling with numbers for its settings."""

    spelling: Spelling
    settings: Mapping[str, float]

    @property
    def gate(self) -> Gate:
        return self.spelling.gate

    @property
    def text(self) -> str:
        return settled(self.spelling.text, self.settings)

    @property
    def points(self) -> list[Point]:
        domain = DOMAINS.get(self.gate.name, (ANYWHERE,) * len(self.gate.operands))
        assert len(domain) == len(self.gate.operands), f"DOMAINS has too many or too few operands of {self.gate.name}"
        kinked = self.gate.name in ("maximum", "minimum")
        return [point for point in product(*domain) if not (kinked and point[0] == point[1])]

    def __str__(self) -> str:
        return f"{self.gate.name}: {self.text}"


def settled(text: str, settings: Mapping[str, float]) -> str:
    """A pattern as code: its settings replaced by numbers."""

    class Settle(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return ast.parse(repr(settings[node.id]), mode="eval").body if node.id in settings else node

    return ast.unparse(Settle().visit(ast.parse(text, mode="eval")))


def cases(spellings: Iterable[Spelling]) -> list[Case]:
    found = []
    for spelling in spellings:
        if spelling.gate.stops:
            continue
        chosen = SETTINGS[spelling.gate.name] if spelling.gate.settings else ({},)
        found += [Case(spelling, settings) for settings in chosen]
    return found


CASES = cases(book())
every_case = pytest.mark.parametrize("case", CASES, ids=str)


def function(text: str, parameters: Iterable[str]) -> Function:
    """`def f(...): return text`, with every parameter a float."""
    imports = {"np.": "import numpy as np\n", "math.": "import math\n"}
    head = "".join(line for prefix, line in imports.items() if prefix in text)
    signature = ", ".join(f"{name}: float" for name in parameters)
    source = check(f"{head}def f({signature}):\n    return {text}\n", "f.py")
    return read(source, functions(source)[0])


def scope(of: Function) -> StaticScope:
    return StaticScope(of.source)


@cache
def derived(text: str, parameters: tuple[str, ...], mode: Mode) -> Callable[..., Any]:
    """The emitted function of `mode` for `text`, with respect to every parameter."""
    of = function(text, parameters)
    found: Derived = derive(of, scope(of), mode, wrt=parameters)
    assert not found.unproved
    space: dict[str, Any] = {}
    exec(found.module(), space)
    made: Callable[..., Any] = space[found.functions[0]]
    return made


def primal(text: str, parameters: Iterable[str]) -> Callable[..., Any]:
    made: Callable[..., Any] = eval(f"lambda {', '.join(parameters)}: {text}", {"math": math, "np": np})
    return made


# The first oracle: complex steps, which lose nothing to cancellation, over functions that are written here anew.


def odd_root(z: complex) -> complex:
    return cmath.exp(cmath.log(z) / 3) if z.real >= 0 else -odd_root(-z)


def error_function(z: complex) -> complex:
    term, total, n = z, z, 0
    while abs(term) > 1e-18 * abs(total):  # all terms of one sign: nothing cancels
        n += 1
        term *= 2 * z * z / (2 * n + 1)
        total += term
    return 2 / math.sqrt(math.pi) * cmath.exp(-z * z) * total


def length(x: complex, y: complex) -> complex:
    return cmath.sqrt(x * x + y * y)


def larger(x: complex, y: complex) -> complex:
    return x if x.real > y.real else y


def smaller(x: complex, y: complex) -> complex:
    return x if x.real < y.real else y


def size(z: complex) -> complex:
    return z if z.real > 0 else -z


ORACLES: dict[str, Callable[..., complex]] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "negative": operator.neg,
    "positive": operator.pos, "divide": operator.truediv, "true_divide": operator.truediv, "pow": operator.pow,
    "power": operator.pow, "float_power": operator.pow, "square": lambda z: z * z, "reciprocal": lambda z: 1 / z,
    "exp": cmath.exp, "exp2": lambda z: cmath.exp(z * math.log(2)), "expm1": lambda z: cmath.exp(z) - 1,
    "log": cmath.log, "log2": lambda z: cmath.log(z) / math.log(2), "log10": lambda z: cmath.log(z) / math.log(10),
    "log1p": lambda z: cmath.log(1 + z), "sqrt": cmath.sqrt, "cbrt": odd_root,
    "sin": cmath.sin, "cos": cmath.cos, "tan": cmath.tan,
    "asin": cmath.asin, "acos": cmath.acos, "atan": cmath.atan,
    "arcsin": cmath.asin, "arccos": cmath.acos, "arctan": cmath.atan,
    "sinh": cmath.sinh, "cosh": cmath.cosh, "tanh": cmath.tanh,
    "asinh": cmath.asinh, "acosh": cmath.acosh, "atanh": cmath.atanh,
    "arcsinh": cmath.asinh, "arccosh": cmath.acosh, "arctanh": cmath.atanh,
    "atan2": lambda y, x: 2 * cmath.atan(y / (length(x, y) + x)),
    "arctan2": lambda y, x: 2 * cmath.atan(y / (length(x, y) + x)),
    "hypot": length, "erf": error_function, "erfc": lambda z: 1 - error_function(z),
    "degrees": lambda z: z * (180 / math.pi), "rad2deg": lambda z: z * (180 / math.pi),
    "radians": lambda z: z * (math.pi / 180), "deg2rad": lambda z: z * (math.pi / 180),
    "abs": size, "fabs": size, "absolute": size,
    "max": larger, "min": smaller, "maximum": larger, "minimum": smaller,
}  # fmt: skip
LIBRARY = SimpleNamespace(**ORACLES, pi=math.pi)


def by_complex_step(text: str, parameters: tuple[str, ...], point: Point) -> Point:
    names = {
        "math": LIBRARY,
        "np": LIBRARY,
        "abs": size,
        "max": larger,
        "min": smaller,
        "pow": operator.pow,
        "float": operator.pos,
    }
    code = compile(text, "oracle", "eval")
    gradient = []
    for i in range(len(point)):
        stepped = [complex(value, 1e-100 * (i == j)) for j, value in enumerate(point)]
        gradient.append(eval(code, names, dict(zip(parameters, stepped, strict=True))).imag / 1e-100)
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


@every_case
def test_the_spelling_is_read_as_its_gate(case: Case) -> None:
    of = function(case.text, case.gate.operands)
    gates = [gate for _, gate in listed(of, scope(of)).rows]
    assert gates == [case.gate.name]


@every_case
@pytest.mark.parametrize("kind", [float, np.float64])
def test_gradient_and_tangents(case: Case, kind: type[float]) -> None:
    names = case.gate.operands
    f = primal(case.text, names)
    reverse, forward = (derived(case.text, names, mode) for mode in (Mode.VALUE_AND_GRAD, Mode.JVP))
    assert case.points
    for point in case.points:
        at = tuple(map(kind, point))
        value, gradient = reverse(*at)
        assert value == f(*at)
        assert all(isinstance(item, float) for item in gradient)
        same(gradient, by_complex_step(case.text, names, point), 1e-13)
        same(gradient, by_central_differences(f, point), 1e-7)
        basis = [tuple(kind(i == j) for j in range(len(at))) for i in range(len(at))]
        along = [forward(*direction, *at) for direction in basis]
        assert all(v == value for v, _ in along)
        same([tangent for _, tangent in along], gradient, 1e-14)


@every_case
def test_the_two_directions_are_adjoint(case: Case) -> None:
    """`<dout, J v> == <J^T dout, v>`, up to the rounding of a few operations."""
    names = case.gate.operands
    backward, forward = (derived(case.text, names, mode) for mode in (Mode.VJP, Mode.JVP))
    dout, v = -1.7, (0.6, -2.9)[: len(names)]
    for point in case.points:
        _, tangent = forward(*v, *point)
        terms = [a * b for a, b in zip(backward(dout, *point), v, strict=True)]
        assert dout * tangent == pytest.approx(sum(terms), rel=1e-14, abs=1e-14 * max(map(abs, terms)))


# The book itself.


def clashes(of: Book) -> list[tuple[str, str]]:
    """Spellings of equal rank of which one covers the other, so that their order in the book would decide."""
    meant = StaticScope(check("import math\nimport numpy as np\n", "f.py"))

    def meaning(expr: Expr) -> str | None:
        root, _, rest = render(expr).partition(".") if expr.head in ("name", "attribute") else ("", "", "")
        path = meant.meaning(root)
        return path and (f"{path}.{rest}" if rest else path)

    spellings = list(of)
    found = []
    for one, other in product(spellings, spellings):
        if one is not other and one.root == other.root and one.rank == other.rank:
            rival = Book([Gate(other.gate.name, (other.text,), other.gate.algebra, other.gate.rule)])
            numbers = dict.fromkeys(one.gate.settings, 7.5)
            code = Spelling(Gate("code", (), "stop"), settled(one.text, numbers)).pattern
            if rival.tile(code, meaning):
                found.append((one.text, other.text))
    return found


def test_no_two_spellings_of_equal_rank_cover_the_same_expression() -> None:
    assert clashes(book()) == []


@pytest.mark.parametrize(
    ("first", "second"), [("x * y", "y * x"), ("1 + np.exp(x)", "np.exp(u) + 1.0"), ("x**n", "x**m"), ("abs(x)",) * 2]
)
def test_a_clash_is_found(first: str, second: str) -> None:
    def rule(z: float, x: float, y: float, u: float, n: int = 1, m: int = 1) -> None: ...

    assert clashes(Book([Gate("one", (first,), "elementwise", rule), Gate("two", (second,), "elementwise", rule)]))


def test_a_rule_has_one_line_for_each_operand() -> None:
    gates = {spelling.gate for spelling in book() if not spelling.gate.stops}
    for gate in gates:
        assert set(gate.local_gradients) == set(gate.operands), gate.name


def test_the_tables_name_gates_of_the_book() -> None:
    assert {*DOMAINS, *SETTINGS} <= {spelling.gate.name for spelling in book()}


# Kinks have one written convention, and what is finite is computed so.


def spelled(*names: str) -> list[str]:
    texts = [spelling.text for spelling in book() if spelling.gate.name in names]
    assert texts
    return texts


def gradient(text: str, *point: Any, names: str = "xy") -> tuple[Any, ...]:
    _, found = derived(text, tuple(names[: len(point)]), Mode.VALUE_AND_GRAD)(*point)
    result: tuple[Any, ...] = found
    return result


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
