"""The whole rule book: every spelling of every gate, derived in every direction, against two independent oracles."""

import ast
import cmath
import math
import operator
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from srcgrad.derive import Derived, derive, listed
from srcgrad.errors import SrcgradError
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
    "gamma": (POSITIVE,),
    "log_gamma": (POSITIVE,),
    "sinc": ((-2.3, 0.4, 1.0, 5.7),),
    "where": ((0.0, 1.0, -2.0), ANYWHERE, ANYWHERE),
    "clip": (ANYWHERE, (-1.0, 1.5), (0.9, 2.0)),
    "logit": ((0.2, 0.3, 0.9),),
    "normal_log_density": (ANYWHERE, (-0.7, 1.9), POSITIVE),
    "distance": (ANYWHERE, (0.1,), (1.5, -2.0), (1.0, 0.2), (0.4,), (3.3, -1.2)),
}
SETTINGS: Mapping[str, tuple[Mapping[str, float], ...]] = {
    "power_by_number": ({"n": 3}, {"n": -2}, {"n": 2.5}, {"n": -0.5}),
    "number_to_the": ({"n": 2}, {"n": 0.3}),
    "ldexp": ({"i": 3}, {"i": -2}),  # a whole number, which no gradient can be asked of
}
KINKED = frozenset(
    ("maximum", "minimum", "maximum_of_many", "minimum_of_many", "larger_or_smaller_number", "modulo", "remainder",
     "quotient_and_remainder")
)  # fmt: skip
MANY = 3
"""How many operands stand for `xs`."""


@dataclass(frozen=True)
class Case:
    """A spelling with numbers for its settings, three operands for many, and one of several results."""

    spelling: Spelling
    settings: Mapping[str, float]
    result: int | None = None

    @property
    def gate(self) -> Gate:
        return self.spelling.gate

    @property
    def text(self) -> str:
        text = settled(self.spelling.text, self.settings, self.many)
        return text if self.result is None else f"{text}[{self.result}]"

    @property
    def many(self) -> Mapping[str, tuple[str, ...]]:
        """The names that stand for an operand that is many."""
        many = (name for name in self.gate.operands if self.gate.body.many(name))
        return {name: tuple(f"{name[0]}{i}" for i in range(1, MANY + 1)) for name in many}

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters of a function that is this spelling."""
        operands = (name for name in self.gate.operands if name not in self.settings)
        return tuple(name for operand in operands for name in self.many.get(operand, (operand,)))

    @property
    def points(self) -> list[Point]:
        domain = DOMAINS.get(self.gate.name, (ANYWHERE,) * len(self.names))
        assert len(domain) == len(self.names), f"DOMAINS has too many or too few operands of {self.gate.name}"
        kinked = self.gate.name in KINKED
        return [point for point in product(*domain) if not (kinked and len(set(point)) < len(point))]

    @property
    def here(self) -> bool:
        """Whether this Python has the functions: math.sumprod is of 3.12, math.fma of 3.13."""
        nodes = ast.walk(ast.parse(self.text))
        return all(
            hasattr(math, n.attr) for n in nodes if isinstance(n, ast.Attribute) and ast.unparse(n)[:5] == "math."
        )

    def __str__(self) -> str:
        return f"{self.gate.name}: {self.text}"


def settled(text: str, settings: Mapping[str, float], many: Mapping[str, Sequence[str]] | None = None) -> str:
    """A pattern as code: its settings replaced by numbers, `xs` by a list and `*xs` by arguments."""
    lists = {name: [ast.Name(item) for item in items] for name, items in (many or {}).items()}

    class Settle(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            if node.id in lists:
                return ast.List([*lists[node.id]])
            return ast.parse(repr(settings[node.id]), mode="eval").body if node.id in settings else node

        def visit_Starred(self, node: ast.Starred) -> Any:
            return lists[ast.unparse(node.value)]

    return ast.unparse(Settle().visit(ast.parse(text, mode="eval")))


def cases(spellings: Iterable[Spelling]) -> Iterator[Case]:
    for spelling in spellings:
        if not spelling.gate.stops:
            results = range(len(spelling.gate.body.results)) or (None,)
            for settings in SETTINGS.get(spelling.gate.name, ({},)):
                yield from (Case(spelling, settings, result) for result in results)


CASES = [
    pytest.param(case, id=str(case), marks=pytest.mark.skipif(not case.here, reason="a newer Python has it"))
    for case in cases(book())
]
every_case = pytest.mark.parametrize("case", CASES)


@pytest.fixture(autouse=True)
def scipy_that_has_digamma(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scipy of one function, so that the tests need none: emitted text imports it as it would the real one."""
    scipy, special = ModuleType("scipy"), ModuleType("scipy.special")
    special.digamma = digamma  # type: ignore[attr-defined]
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


def function(text: str, parameters: Iterable[str]) -> Function:
    """`def f(...): return text`, with every parameter a float."""
    imports = {"np.": "import numpy as np\n", "math.": "import math\n", "gamma(": "import scipy\n"}
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


MODULO = without(operator.floordiv)
ORACLES: dict[str, Callable[..., Any]] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "negative": operator.neg,
    "positive": operator.pos, "divide": operator.truediv, "true_divide": operator.truediv, "pow": operator.pow,
    "power": operator.pow, "float_power": operator.pow, "square": lambda z: z * z, "reciprocal": lambda z: 1 / z,
    "fma": lambda x, y, w: x * y + w, "float64": operator.pos,
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
    "clip": lambda x, low, high: smaller(larger(x, low), high), "where": lambda c, x, y: x if c.real else y,
    "sum": sum, "fsum": sum, "prod": math.prod, "sumprod": lambda xs, ys: sum(map(operator.mul, xs, ys)),
    "logaddexp": lambda x, y: cmath.log(cmath.exp(x) + cmath.exp(y)),
    "logaddexp2": lambda x, y: cmath.log(2**x + 2**y) / math.log(2),
}  # fmt: skip
MATH = SimpleNamespace(**ORACLES, pi=math.pi)
NUMPY = SimpleNamespace(**{**ORACLES, "remainder": MODULO}, pi=math.pi)
BUILTINS = ("abs", "divmod", "max", "min", "pow", "sum")


class Dual(complex):
    """A complex number with Python's remainder."""

    def __mod__(self, other: complex) -> complex:  # type: ignore[override]
        return MODULO(self, other)


def by_complex_step(text: str, parameters: tuple[str, ...], point: Point) -> Point:
    names = {"math": MATH, "np": NUMPY, "float": operator.pos, **{name: ORACLES[name] for name in BUILTINS}}
    code = compile(text, "oracle", "eval")
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


@every_case
def test_the_spelling_is_read_as_its_gate(case: Case) -> None:
    of = function(case.text, case.names)
    gates = [gate for _, gate in listed(of, scope(of)).rows if gate != "copy"]
    assert gates == [case.gate.name]


@every_case
@pytest.mark.parametrize("kind", [float, np.float64])
def test_gradient_and_tangents(case: Case, kind: type[float]) -> None:
    names = case.names
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
    names = case.names
    backward, forward = (derived(case.text, names, mode) for mode in (Mode.VJP, Mode.JVP))
    dout, v = -1.7, (0.6, -2.9, 1.3, 0.8, -0.5, 2.1)[: len(names)]
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
        many = {name for loop in gate.body.loops for name in loop.items}
        assert {*gate.body.gradients, *many} == set(gate.operands), gate.name
        for loop in gate.body.loops:
            assert set(loop.gradients) == set(loop.items.values()), gate.name


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


# Many operands and several results.


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_loop_over_operands_is_unrolled_for_any_number(count: int) -> None:
    names = tuple(f"x{i}" for i in range(count))
    items, point = ", ".join(names), tuple(0.5 + i for i in range(count))
    for text in (f"sum([{items}])", f"math.prod(({items},))", f"math.hypot({items})", f"max([{items}])"):
        _, found = derived(text, names, Mode.VALUE_AND_GRAD)(*point)
        same(found, by_complex_step(text, names, point) if "hypot" not in text or count > 1 else (1.0,), 1e-13)


@pytest.mark.parametrize("name", ["max", "min"])
def test_of_many_that_tie_the_first_gets_all(name: str) -> None:
    assert gradient(f"{name}(x, y, z, w)", 2.0, 2.0, 2.0, 2.0, names="xyzw") == (1.0, 0.0, 0.0, 0.0)
    assert gradient(f"{name}([x, y, x])", 2.0, 2.0) == (1.0, 0.0)
    assert gradient(f"{name}(0, x, 0)", 0.0) == (0.0,)


@pytest.mark.parametrize(
    "body",
    [
        "v = [x * y, 3, y]\n    return sum(v)",
        "v = (x * y, y)\n    return math.fsum(v) + 3",
        "return sum([x * y, y], 3)",
    ],
)
def test_many_operands_may_have_a_name(body: str) -> None:
    source = check(f"import math\n\n\ndef f(x, y):\n    {body}\n", "f.py")
    space: dict[str, Any] = {}
    exec(derive(read(source, functions(source)[0]), StaticScope(source), Mode.GRAD).module(), space)
    assert space["f_grad"](2.0, 5.0) == (5.0, 3.0)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return sum(x)", "no gate for sum, and the gradient on x must pass through it"),
        ("return math.dist([x, y], [x])", "no gate for math.dist"),
        ('return sum({"a": x, "b": y})', "no gate for sum"),
        ("return sum([[x], [y]])", "no gate for sum"),
        ("return max(x, y, key=abs)", "no gate for max"),
        ("return math.sin([x, y])", "no gate for math.sin"),
    ],
)
def test_many_operands_that_are_not_known_are_refused(body: str, message: str) -> None:
    source = check(f"import math\n\n\ndef f(x, y):\n    {body}\n", "f.py")
    with pytest.raises(SrcgradError, match=message):
        derive(read(source, functions(source)[0]), StaticScope(source), Mode.GRAD)


@pytest.mark.parametrize("body", ["q, r = divmod(x, y)\n    return q * r", "return divmod(x, y)[0] * divmod(x, y)[-1]"])
@pytest.mark.parametrize("mode", [Mode.GRAD, Mode.JVP])
def test_each_of_several_results_has_its_own_gradient(body: str, mode: Mode) -> None:
    source = check(f"def f(x, y):\n    {body}\n", "f.py")
    made = derive(read(source, functions(source)[0]), StaticScope(source), mode)
    space: dict[str, Any] = {}
    exec(made.module(), space)
    if mode is Mode.GRAD:
        assert space["f_grad"](7.5, 2.0) == (3.0, -9.0)
    else:
        assert space["f_jvp"](1.0, 0.0, 7.5, 2.0) == (4.5, 3.0)
        assert space["f_jvp"](0.0, 1.0, 7.5, 2.0) == (4.5, -9.0)


def test_a_builtin_of_a_rule_is_the_builtin_whatever_its_name_means() -> None:
    source = check(
        "import builtins as b\n\n\ndef max(x):\n    return x\n\n\ndef f(x, y, z):\n    return b.max(x, y, z)\n", "f.py"
    )
    space: dict[str, Any] = {}
    exec(derive(read(source, functions(source)[1]), StaticScope(source), Mode.GRAD).module(), space)
    assert space["f_grad"](1.0, 3.0, 2.0) == (0.0, 1.0, 0.0)


# A rule may need a library that the user's code does not have.


@pytest.mark.parametrize("text", ["math.lgamma(x * y)", "math.gamma(x * y)"])
def test_a_rule_that_needs_scipy_is_refused_where_it_is_not_imported(text: str) -> None:
    source = check(f"import math\n\n\ndef f(x, y):\n    return 2 + {text}\n", "f.py")
    with pytest.raises(SrcgradError) as refused:
        derive(read(source, functions(source)[0]), StaticScope(source), Mode.GRAD)
    name = text.partition("(")[0]
    assert refused.value.message == (
        f"the gradient of {name} is written with scipy.special.digamma, and scipy is not imported"
    )
    assert str(refused.value).startswith("f.py:5:16: error: ")


@pytest.mark.parametrize(
    "line", ["import scipy", "import scipy.special as sp", "from scipy.special import digamma as psi"]
)
def test_a_rule_is_written_with_the_scipy_that_is_imported(line: str) -> None:
    source = check(f"import math\n{line}\n\n\ndef f(x):\n    return math.lgamma(x)\n", "f.py")
    space: dict[str, Any] = {}
    exec(derive(read(source, functions(source)[0]), StaticScope(source), Mode.GRAD).module(), space)
    assert space["f_grad"](2.5) == pytest.approx(0.7031566406452432, rel=1e-14)


def test_no_scipy_is_needed_where_no_gradient_passes() -> None:
    source = check("import math\n\n\ndef f(x, n=3.0):\n    return math.gamma(n) * x\n", "f.py")
    assert "scipy" not in derive(read(source, functions(source)[0]), StaticScope(source), Mode.GRAD).module()
