"""The whole rule book: every spelling of every gate, derived in every direction, against two independent oracles."""

import math
import re
from itertools import product
from typing import Any

import numpy as np
import pytest
from oracles import by_central_differences, by_complex_step, same, scipy_of_two_functions
from spellings import DOMAINS, KINKED, SETTINGS, Case, cases, derived, function, gradient, primal, scope, settled

from srcgrad.derive import derive, listed
from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr, render
from srcgrad.gate import Gate
from srcgrad.gates import book
from srcgrad.live import library_path
from srcgrad.match import Book, Spelling
from srcgrad.scope import StaticScope
from srcgrad.source import check, functions, read
from srcgrad.staged import Mode

CASES = [
    pytest.param(case, id=str(case), marks=pytest.mark.skipif(not case.here, reason="a newer Python has it"))
    for case in cases(book())
]
every_case = pytest.mark.parametrize("case", CASES)


@pytest.fixture(autouse=True)
def scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    scipy_of_two_functions(monkeypatch)


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


@every_case
def test_float32_stays_float32(case: Case) -> None:
    if "math." in case.text or case.gate.name in ("positive", "gelu_by_tanh", "normal_log_density"):
        return  # float64 by the function itself, or by its constants
    names, point = case.names, tuple(map(np.float32, case.points[0]))
    with np.errstate(all="ignore"):
        if np.asarray(primal(case.text, names)(*point)).dtype != np.float32:
            return
        gradients = derived(case.text, names, Mode.VJP)(np.float32(0.5), *point)
        _, tangent = derived(case.text, names, Mode.JVP)(*point, *point)
    for found in (*(gradients if isinstance(gradients, tuple) else (gradients,)), tangent):
        assert np.asarray(found).dtype == np.float32 or found == 0


@every_case
def test_the_emitted_gradient_has_a_gradient(case: Case) -> None:
    """Srcgrad reads what it writes: the second derivatives along one direction of upstream gradients."""
    names = case.names
    of = function(case.text, names)
    source = check(derive(of, scope(of), Mode.VJP, wrt=names).module(), "f_vjp.py")
    if "scipy" in source.text:
        return  # no second derivative of gamma and its like
    space: dict[str, Any] = {}
    exec(source.text, space)
    first = read(source, functions(source)[0])
    second = derive(first, StaticScope(source), Mode.VJP, wrt=names)
    exec(second.module(), space)
    weights = [1.0 + 0.3 * i for i in range(len(names))]

    def weighted(*args: float) -> float:
        found = space["f_vjp"](1.0, *args)
        return float(np.dot(weights, np.ravel(found)))

    for point in case.points[::5]:
        found = np.ravel(space[second.functions[0]](*weights, 1.0, *point))
        assert found == pytest.approx(by_central_differences(weighted, point), rel=1e-6, abs=1e-6)


# How a function is imported does not matter, nor by which of its names it is called.

STYLES = {  # an import, and what `math.exp` is then called
    "import": ("import {module}", "{module}.{name}"),
    "import as": ("import {module} as the_{module}", "the_{module}.{name}"),
    "from": ("from {module} import {name}", "{name}"),
    "from as": ("from {module} import {name} as {module}_{name}", "{module}_{name}"),
}


@pytest.mark.parametrize("style", STYLES)
@every_case
def test_the_gate_is_known_under_every_import(case: Case, style: str) -> None:
    imports = set()

    def renamed(found: re.Match[str]) -> str:
        module, name = found[1].replace("np", "numpy"), found[2]
        line, text = (part.format(module=module, name=name) for part in STYLES[style])
        imports.add(line)
        return text

    body = re.sub(r"\b(math|np)\.(\w+)", renamed, case.text)
    source = check("\n".join([*imports, f"def f({', '.join(case.names)}):", f"    return {body}", ""]), "f.py")
    of = read(source, functions(source)[0])
    assert [gate for _, gate in listed(of, scope(of)).rows if gate != "copy"] == [case.gate.name]


LIBRARIES = {"math": math, "numpy": np}
ROOTS = {spelling.root for spelling in book()}
LEFT_OUT = {
    "math.nextafter", "numpy.nextafter",  # of the representation of numbers, not of the numbers
    *(f"numpy.{name}" for name in ("matmul", "matvec", "vecdot", "vecmat")),  # of arrays
    *(f"numpy.{name}" for name in dir(np) if re.match(r"bitwise_|(left|right)_shift|invert|isnat", name)),  # of bits
}  # fmt: skip


def test_every_function_of_math_and_every_ufunc_is_in_the_book() -> None:
    """All that this Python and this numpy have: a new one is either added or left out for a reason."""
    numeric = {f"math.{name}" for name, value in vars(math).items() if callable(value) and name[0] != "_"}
    numeric |= {f"numpy.{name}" for name in np.__all__ if isinstance(getattr(np, name), np.ufunc)}
    assert numeric - LEFT_OUT - ROOTS == set()


def test_a_function_is_in_the_book_under_its_own_name() -> None:
    """A live function is looked up by the name that it has, `np.arcsin` for `np.asin`."""
    for root in ROOTS:
        module, _, name = root.partition(".")
        function = getattr(LIBRARIES.get(module), name, None)
        if function is not None:
            assert library_path(function) in ROOTS, root


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


UNWRITTEN = """
v: jv yv iv scaled_iv kv scaled_kv
v n: derivative_of_bessel
n: spherical_bessel polygamma exponential_integral_of_order
n: legendre chebyshev chebyshev_of_second_kind hermite probabilists_hermite laguerre
n a: generalized_laguerre gegenbauer
n a b: jacobi
m: incomplete_elliptic_integral incomplete_elliptic_integral_of_second_kind
a: incomplete_gamma complementary_incomplete_gamma inverse_incomplete_gamma inverse_complementary_incomplete_gamma
a b: incomplete_beta complementary_incomplete_beta inverse_incomplete_beta inverse_complementary_incomplete_beta
a b: confluent_hypergeometric confluent_hypergeometric_of_second_kind cumulative survival percent_point inverse_survival
x: hurwitz_zeta dirichlet
d: log_gamma_of_a_matrix
b: hypergeometric_limit
a b c: hypergeometric
k loc: poisson poisson_cumulative poisson_survival bernoulli geometric negative_binomial
k n loc: binomial binomial_cumulative binomial_survival
"""  # operands without a line, and the gates: a gradient on these is refused
WITHOUT_A_LINE = {
    gate: names.split()
    for names, gates in (row.split(":") for row in UNWRITTEN.strip().splitlines())
    for gate in gates.split()
}


def test_a_rule_has_one_line_for_each_operand() -> None:
    gates = {spelling.gate for spelling in book() if not spelling.gate.stops}
    assert {*WITHOUT_A_LINE} <= {gate.name for gate in gates}
    for gate in gates:
        many = {name for loop in gate.body.loops for name in loop.items}
        assert {*gate.body.gradients, *many} == {*gate.operands} - {*WITHOUT_A_LINE.get(gate.name, "")}, gate.name
        for loop in gate.body.loops:
            assert set(loop.gradients) == set(loop.items.values()), gate.name


def test_the_tables_name_gates_of_the_book() -> None:
    assert {*DOMAINS, *SETTINGS, *KINKED} <= {spelling.gate.name for spelling in book()}


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
        ("return sum(x)", "srcgrad has no rule for these settings"),
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
