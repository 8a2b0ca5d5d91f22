"""Live functions: what `grad` and its relatives return, what of the primal stays alive in it, and what is refused."""

import cmath
import contextlib
import copy
import functools
import importlib.util
import inspect
import io
import itertools
import linecache
import math
import pickle
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from srcgrad import SrcgradError, grad, jvp, split, trace, value_and_grad, vjp

DERIVERS = (grad, value_and_grad, vjp, jvp)
every_deriver = pytest.mark.parametrize("derive", DERIVERS, ids=lambda derive: derive.__name__)

SCALE = 3.0


def scaled(x: float) -> float:
    return SCALE * x**2


def ratio(x: float, y: float) -> float:
    p = x * y
    f = p / (x - y)
    return f


def open_product(x, y):
    return x * y


def dot(w, x):
    return w[0] * x[0] + w[1] * x[1]


@grad
def marked(x: float) -> float:
    return x**3


@grad(wrt="y")
def marked_with_arguments(x, y):
    return x * y**2


class Shop:
    @staticmethod
    @grad
    def price(x: float) -> float:
        return x * x


@pytest.fixture
def module(tmp_path: Path) -> Iterator[Callable[[str], ModuleType]]:
    """Makes a module of a text, in a file of its own."""
    names: list[str] = []

    def make(text: str) -> ModuleType:
        name = f"live_{tmp_path.name}_{len(names)}".replace("-", "_")
        path = tmp_path / f"{name}.py"
        path.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        made = importlib.util.module_from_spec(spec)
        sys.modules[name] = made
        names.append(name)
        spec.loader.exec_module(made)
        return made

    yield make
    for name in names:
        del sys.modules[name]


# What comes back.


@every_deriver
def test_a_proved_function_is_the_emitted_function_itself(derive: Any) -> None:
    df = derive(ratio)
    assert type(df) is FunctionType
    assert df.__code__.co_filename in linecache.cache
    assert linecache.getlines(df.__code__.co_filename) == df.source.splitlines(keepends=True)
    assert vars(df) == {"source": df.source}
    assert df.__globals__ is ratio.__globals__
    assert list(inspect.signature(df).parameters)[-2:] == ["x", "y"]


def test_a_proved_pair_is_two_emitted_functions() -> None:
    pair = split(ratio)
    assert [type(half) for half in pair] == [FunctionType, FunctionType]
    assert [half.__name__ for half in pair] == ["ratio_forward", "ratio_backward"]
    assert all(vars(half) == {"source": pair[0].source} for half in pair)
    out, cache = pair[0](3.0, 2.0)
    assert (out, pair[1](1.0, cache)) == (6.0, grad(ratio)(3.0, 2.0))


@pytest.mark.parametrize("f", [ratio, open_product])
@every_deriver
def test_the_text_is_what_runs(derive: Any, f: Any) -> None:
    df = derive(f)
    arguments = [1.0] * (len(inspect.signature(df).parameters) - 2) + [3.0, 2.0]
    df = df.specialize(*arguments) if hasattr(df, "specialize") else df
    assert inspect.getsource(df) in df.source
    assert inspect.getsource(df).startswith(f"def {df.__name__}(")
    space: dict[str, Any] = {}
    exec(df.source, space)
    assert space[df.__name__](*arguments) == df(*arguments)


def test_getsource_of_a_pair_is_each_half() -> None:
    forward, backward = split(ratio)
    assert inspect.getsource(forward).startswith("def ratio_forward(")
    assert inspect.getsource(backward).startswith("def ratio_backward(")
    assert "ratio_backward" not in inspect.getsource(forward)
    assert forward.source.endswith(inspect.getsource(backward))


def test_getsource_leaves_out_the_imports(module: Any) -> None:
    df = grad(module("import math\n\n\ndef f(x):\n    return math.exp(x) * math.sin(x)\n").f)
    assert df.source.startswith("import math\n")
    assert df.source.endswith(inspect.getsource(df))
    assert inspect.getsource(df).startswith("def f_grad(x):")


@pytest.mark.parametrize("f", [ratio, open_product])
@every_deriver
def test_a_derived_function_takes_its_place_in_the_module(derive: Any, f: Any) -> None:
    df = derive(f)
    assert df.__name__ == f"{f.__name__}_{derive.__name__}"
    assert (df.__qualname__, df.__module__) == (f.__qualname__, __name__)
    assert not hasattr(df, "__wrapped__")
    assert list(inspect.signature(df).parameters)[-2:] == ["x", "y"]
    assert f.__name__ in (df.__doc__ or "").split("\n")[0]


def test_a_traceback_shows_the_emitted_line() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        grad(ratio)(2.0, 2.0)
    shown = "".join(traceback.format_exception(caught.value))
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert last.name == "ratio_grad"
    assert last.filename.startswith("<srcgrad ")
    assert last.line
    assert last.line in grad(ratio).source
    assert last.line in shown
    assert "^" in shown.splitlines()[-2]


@pytest.mark.parametrize("df", [marked, marked_with_arguments, Shop.price])
def test_a_decorated_function_pickles_by_reference(df: Any) -> None:
    assert pickle.loads(pickle.dumps(df)) is df
    assert copy.deepcopy(df) is df


def test_the_decorators_derive() -> None:
    assert marked(2.0) == 12.0
    assert marked_with_arguments(2.0, 3.0) == 12.0
    assert Shop.price(3.0) == 6.0
    assert Shop.price.__qualname__ == "Shop.price"


# What stays alive.


@pytest.mark.parametrize("value", [5.0, -1.0])
def test_a_global_is_read_at_each_call(value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    df = grad(scaled)
    assert df(2.0) == 12.0
    monkeypatch.setitem(globals(), "SCALE", value)
    assert df(2.0) == 4.0 * value


def test_a_rebound_nonlocal_changes_the_answer() -> None:
    factor = 2.0

    def f(x: float) -> float:
        return factor * x**2

    def rebind(value: float) -> None:
        nonlocal factor
        factor = value

    df = grad(f)
    assert df(3.0) == 12.0
    rebind(5.0)
    assert df(3.0) == 30.0
    assert jvp(f)(1.0, 3.0) == (45.0, 30.0)
    assert grad(df)(3.0) == 10.0


def test_a_name_that_has_no_value_yet_is_refused() -> None:
    """What it will be, a number or a function to read through, is not known."""

    def f(x: float) -> float:
        return later * x

    with pytest.raises(SrcgradError, match="later"):
        grad(f)
    later = 7.0
    assert grad(f)(1.0) == 7.0


def test_two_closures_of_one_text_keep_their_own_cells() -> None:
    def times(factor: float) -> Callable[[float], float]:
        def f(x: float) -> float:
            return factor * x

        return f

    assert [grad(times(factor))(1.0) for factor in (2.0, 3.0)] == [2.0, 3.0]


def test_nothing_leaks_into_the_globals_of_the_user(module: Any) -> None:
    """The rule of `x**y` needs a logarithm, and the file imports no math."""
    made = module("def f(x, y):\n    return x**y\n\n\ndef g(x, math):\n    return x**math\n")
    before = dict(vars(made))
    for derive in DERIVERS:
        derive(made.f)
    assert grad(made.f)(2.0, 3.0) == pytest.approx((12.0, 8.0 * math.log(2.0)))
    assert "import math" in grad(made.f).source
    assert grad(made.g)(2.0, 3.0) == pytest.approx((12.0, 8.0 * math.log(2.0)))
    assert vars(made) == before


@pytest.mark.parametrize(
    ("imports", "call"),
    [
        ("import math", "math.sin(x)"),
        ("import math as m", "m.sin(x)"),
        ("from math import sin", "sin(x)"),
        ("from math import sin as s, exp", "exp(0.0) * s(x)"),
        ("from math import cos as sin, sin as cos", "cos(x)"),
        ("from math import sin\nmath = cos = None", "sin(x)"),
        ("from numpy import sin", "sin(x)"),
    ],
)
def test_a_rule_finds_its_functions_whatever_the_user_calls_them(imports: str, call: str, module: Any) -> None:
    made = module(f"{imports}\n\n\ndef f(x: float):\n    return {call}\n")
    for order, (df, expected) in enumerate(((grad(made.f), math.cos(0.5)), (grad(grad(made.f)), -math.sin(0.5))), 1):
        assert df(0.5) == pytest.approx(expected), order
        space: dict[str, Any] = {}
        exec(df.source, space)
        assert space[df.__name__](0.5) == pytest.approx(expected), order


def test_a_rebound_import_of_the_user_stays_the_user_s(module: Any) -> None:
    made = module("import math as m\n\n\ndef f(x):\n    return m.sin(x)\n")
    df = grad(made.f)
    assert df(0.0) == 1.0
    made.m = SimpleNamespace(sin=lambda x: x, cos=lambda x: 42.0)
    assert df(0.0) == 42.0


def test_effects_happen_once_and_in_order(module: Any) -> None:
    made = module(
        "import random\n\n\ndef f(x: float):\n    u = random.random()\n    v = print('once') or 1.0\n"
        "    a = random.random() - x * random.random()\n    return a * random.random() - x\n"
    )
    for derive, arguments in ((value_and_grad, (3.0,)), (jvp, (1.0, 3.0)), (split, (3.0,))):
        df = derive(made.f)
        out, text = io.StringIO(), io.StringIO()
        made.random.seed(7)
        with contextlib.redirect_stdout(out):
            expected = made.f(3.0), made.random.random()
        made.random.seed(7)
        with contextlib.redirect_stdout(text):
            found = (df[0] if isinstance(df, tuple) else df)(*arguments)[0], made.random.random()
        assert found == expected
        assert text.getvalue() == out.getvalue() == "once\n"


def test_a_helper_may_return_several_values(module: Any) -> None:
    made = module(
        "def pair(a, b):\n    return a + b, a * b\n\n\n"
        "def f(x: float, y: float):\n    u, v = pair(x, y)\n    return u * v\n"
    )
    assert value_and_grad(made.f)(2.0, 3.0) == (30.0, (21.0, 16.0))
    assert jvp(made.f)(1.0, 0.0, 2.0, 3.0) == (30.0, 21.0)


def test_defaults_are_the_primal_s_own_objects(module: Any) -> None:
    made = module(
        "calls = []\n\n\ndef made():\n    calls.append(1)\n    return [2.0, 3.0]\n\n\n"
        "def f(x: float, w=made(), *, v: float = calls and 4.0):\n    return x * w[0] * v\n"
    )
    for derive in DERIVERS:
        df = derive(made.f)
        df = df.specialize(*[1.0] * (len(inspect.signature(df).parameters) - 2)) if hasattr(df, "specialize") else df
        assert df.__defaults__[-1] is made.f.__defaults__[-1]
        assert df.__kwdefaults__["v"] is made.f.__kwdefaults__["v"]
    assert made.calls == [1]
    df = grad(made.f)
    assert df(1.0) == 8.0
    made.f.__defaults__[0][0] = 10.0
    assert df(1.0) == 40.0
    assert df(1.0, v=1.0) == 10.0


def test_the_kinds_of_the_parameters_are_kept() -> None:
    def f(x: float, /, y: float, *, z: float) -> float:
        return x * y * z

    for derive in DERIVERS:
        kinds = {name: parameter.kind.name for name, parameter in inspect.signature(derive(f)).parameters.items()}
        assert [kinds[name] for name in "xyz"] == ["POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "KEYWORD_ONLY"]
    assert grad(f)(2.0, y=3.0, z=5.0) == (15.0, 10.0, 6.0)
    with pytest.raises(TypeError):
        grad(f)(2.0, 3.0, 5.0)  # type: ignore[call-arg]


# The dispatcher, where the text proves too little.


def test_numbers_go_through_the_dispatcher_to_the_emitted_function() -> None:
    df = grad(open_product)
    assert df(2.0, 3.0) == (3.0, 2.0)
    assert df(2.0, y=3.0) == (3.0, 2.0)
    special = df.specialize(2.0, 3.0)
    assert type(special) is FunctionType
    assert vars(special) == {"source": special.source}
    assert special is df.specialize(5.0, np.float64(7.0))
    assert special(2.0, 3.0) == (3.0, 2.0)
    assert special.source == df.source
    with pytest.raises(TypeError, match="missing a required argument: 'y'"):
        df(2.0)


@pytest.mark.parametrize("derive", [grad, value_and_grad])
@pytest.mark.parametrize("shape", [(3,), (2, 2), (1,)])
def test_arrays_are_refused_where_the_result_must_be_a_scalar(derive: Any, shape: tuple[int, ...]) -> None:
    with pytest.raises(SrcgradError) as caught:
        derive(open_product)(2.0, np.ones(shape))
    line = open_product.__code__.co_firstlineno
    dimensions = {1: "an array of 1 dimension", 2: "an array of 2 dimensions"}
    made = "an array of shape (1,)" if shape == (1,) else dimensions[len(shape)]
    assert str(caught.value).splitlines() == [
        f"{__file__}:{line}:1: error: the result of open_product is not a scalar: it is {made}",
        "    def open_product(x, y):",
        "    ^^^^^^^^^^^^^^^^^^^^^^^",
        "hint: sum it up, or take vjp, which takes its upstream gradient",
    ]


def test_arrays_go_through_the_dispatcher_too() -> None:
    x, y, dout = np.arange(3.0), np.array([[2.0], [3.0]]), np.ones((2, 3))
    dx, dy = vjp(open_product)(dout, x, y)
    assert dx.tolist() == [5.0, 5.0, 5.0]
    assert dy.tolist() == [[3.0], [3.0]]
    assert jvp(open_product, wrt="x")(np.ones(3), x, y)[1].tolist() == [[2.0] * 3, [3.0] * 3]


def test_a_refusal_leaves_the_dispatcher_as_it_was() -> None:
    df = grad(open_product)
    text = df.source
    with pytest.raises(SrcgradError):
        df(np.ones(3), np.ones(3))
    assert (df.source, df(2.0, 3.0)) == (text, (3.0, 2.0))


@pytest.mark.parametrize(
    ("w", "x"),
    [
        ([1.0, 2.0], [3.0, 4.0]),
        ([1.0, 2.0, 9.0], [3.0, 4.0]),
        ((1.0, 2.0), [3.0, 4.0, 9.0, 9.0]),
        ((1, 2, 9), (3.0, np.float64(4.0))),
    ],
)
def test_lists_have_gradients_of_their_length_and_kind(w: Any, x: Any) -> None:
    def padded(values: Any, like: Any) -> Any:
        return type(like)([*values, *[0.0] * (len(like) - 2)])

    df = grad(dot)
    for _ in range(2):
        assert df(w, x) == (padded(x[:2], w), padded(w[:2], x))
    assert grad(dot, wrt="w")(w, x) == padded(x[:2], w)
    value, tangent = jvp(dot)(w, x, w, x)
    assert tangent == 2 * value


def test_each_signature_is_derived_once() -> None:
    df = grad(dot)
    two, three = df.specialize([1.0, 2.0], (3.0, 4.0)), df.specialize([1.0, 2.0, 0.0], (3.0, 4.0))
    assert two is not three
    assert two is df.specialize([5.0, 6.0], (7.0, 8.0))
    assert two.source != three.source
    df([1.0, 2.0, 0.0], (3.0, 4.0))
    assert df.source == three.source


def test_a_list_that_is_too_short_is_refused() -> None:
    with pytest.raises(SrcgradError, match="w has 1 items, and item 1 of it is read"):
        grad(dot)([1.0], [3.0, 4.0])


@pytest.mark.parametrize("derive", [grad, value_and_grad])
def test_complex_numbers_are_refused(derive: Any) -> None:
    for number in (1j, np.complex128(1j)):
        with pytest.raises(SrcgradError) as caught:
            derive(open_product)(2.0, number)
        assert caught.value.message == "y is a complex number, and srcgrad differentiates real ones"


# What is refused for its text.


def test_a_changed_file_is_refused(module: Any) -> None:
    made = module("def f(x: float):\n    return x**2\n\n\ndef g(x: float):\n    return x**2\n")
    path = Path(made.__file__)
    path.write_text("def f(x: float):\n    return x**3\n\n\ndef g(x: float):\n    return x**2\n", encoding="utf-8")
    linecache.checkcache(made.__file__)
    with pytest.raises(
        SrcgradError, match="f is not what its file says: the file changed since it was imported"
    ) as caught:
        grad(made.f)
    assert (caught.value.filename, caught.value.line, caught.value.column) == (str(path), 1, 1)
    assert grad(made.g)(3.0) == 6.0
    path.write_text("\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    linecache.checkcache(made.__file__)
    with pytest.raises(SrcgradError, match="is not where Python says"):
        grad(made.g)


def test_a_changed_constant_in_the_file_is_refused(module: Any) -> None:
    made = module("def f(x: float):\n    return 2.0 * x\n")
    Path(made.__file__).write_text("def f(x: float):\n    return 3.0 * x\n", encoding="utf-8")
    linecache.checkcache(made.__file__)
    with pytest.raises(SrcgradError, match="the file changed"):
        grad(made.f)


def test_a_function_without_a_text_is_refused() -> None:
    space: dict[str, Any] = {}
    # Not "<string>": of that, Python 3.13 may know a text, the command's own.
    exec(compile("def f(x: float):\n    return x", "<nowhere>", "exec"), space)
    with pytest.raises(SrcgradError, match="the source of f is not to be had"):
        grad(space["f"])


def wrapping(function: Any) -> Any:
    @functools.wraps(function)
    def inner(*args: Any) -> Any:
        return 2 * function(*args)

    return inner


@wrapping
def wrapped(x: float) -> float:
    return x


def hidden(function: Any) -> Any:
    def inner(*args: Any) -> Any:
        return 2 * function(*args)

    return inner


@hidden
def replaced(x: float) -> float:
    return x


class Callee:
    def __call__(self, x: float) -> float:
        return x


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (abs, "abs is not a Python function"),
        (math.sin, "sin is not a Python function"),
        (np.exp, "exp is not a Python function"),
        (functools.partial(ratio, 1.0), "partial is not a Python function"),
        (Callee(), "Callee is not a Python function"),
        (Callee().__call__, "__call__ is not a Python function"),
        (Callee, "Callee is not a Python function"),
        (3, "int is not a Python function"),
        (wrapped, "wrapped was changed by a decorator"),
        (replaced, "srcgrad cannot tell which arguments these are"),
    ],
)
@pytest.mark.parametrize("derive", [*DERIVERS, split, trace], ids=lambda derive: derive.__name__)
def test_what_has_no_text_of_its_own_is_refused(derive: Any, function: Any, message: str) -> None:
    with pytest.raises(SrcgradError, match=message):
        derive(function)


def test_a_helper_that_a_decorator_changed_is_refused() -> None:
    def f(x: float) -> float:
        return wrapped(x) * x

    with pytest.raises(SrcgradError, match="wrapped was changed by a decorator"):
        grad(f)


# Second order: srcgrad reads what it writes.

EXAMPLES = Path(__file__).parents[1] / "examples"
LISTINGS: dict[str, tuple[str, tuple[float, ...]]] = {
    "circuit": ("circuit", (-2.0, 5.0, -4.0)),
    "descent": ("bowl", (1.5, -2.0)),
    "eight_steps": ("loss", (2.0, 0.0, 1.0, 10.0)),
    "logistic": ("loss", (2.0, -3.0, 1.0, 0.5, 0.1)),
    "product": ("product", (1.0,)),
    "routes": ("routes", (3.0, -4.0, 2.0, -1.0)),
    "square_error": ("square_error", (3.0, 7.0, -2.0, 2.0)),
    "staged": ("f", (2.0, -4.0)),
    "staged_nested": ("f", (2.0, -4.0)),
    "tanh_by_exp": ("neuron", (2.0, 0.0, -3.0, 1.0, 6.8813735870195432)),
    "tanh_neuron": ("neuron", (2.0, 0.0, -3.0, 1.0, 6.8813735870195432)),
}
LISTS = {"neuron": ("neuron", ([2.0, -3.0, -3.0], [-1.0, -2.0]))}
every_listing = pytest.mark.parametrize("name", LISTINGS)


@functools.cache
def example(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def listing(name: str) -> tuple[Any, list[str]]:
    f = getattr(example(name), {**LISTINGS, **LISTS}[name][0])
    return f, list(inspect.signature(f).parameters)


@functools.cache
def over_complex_numbers(name: str) -> Callable[..., complex]:
    """The function of an example, its text run with complex functions for those of math and for max."""
    text = (EXAMPLES / f"{name}.py").read_text(encoding="utf-8").replace("import math\n", "")
    space = {"__name__": name, "math": cmath, "max": lambda a, b: a if a.real > b.real else b}
    exec(text, space)
    found: Callable[..., complex] = space[{**LISTINGS, **LISTS}[name][0]]  # type: ignore[assignment]
    return found


def slope(f: Callable[..., complex], point: tuple[Any, ...], i: int) -> float:
    """The derivative of `f` by its argument number `i`: a complex step, exact to rounding."""
    stepped = (*point[:i], complex(point[i], 1e-100), *point[i + 1 :])
    return float(f(*stepped).imag) / 1e-100


def curvature(f: Callable[..., complex], point: tuple[Any, ...], i: int, j: int) -> float:
    """The second derivative: central differences of `slope`, of sixth order."""
    step = 1e-2
    weights = {1: 3 / 4, 2: -3 / 20, 3: 1 / 60}
    total = 0.0
    for k, weight in weights.items():
        for sign in (1, -1):
            moved = (*point[:j], point[j] + sign * k * step / 4, *point[j + 1 :])
            total += sign * weight * slope(f, moved, i)
    return total / (step / 4)


def close(found: Any, expected: Any) -> None:
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-10)


def test_every_example_is_a_listing_here() -> None:
    gates = {"own_gate"}  # whose rules no complex number passes through; tests/test_own_gates.py has their like
    arrays = {"landscape", "minimise", "on_jax", "perceptron", "pictures"}
    assert {path.stem for path in EXAMPLES.glob("*.py")} == {*LISTINGS, *LISTS, *gates, *arrays}


@every_listing
def test_the_gradient_of_a_gradient(name: str) -> None:
    f, names = listing(name)
    point = LISTINGS[name][1]
    for i, j in itertools.product(range(len(names)), repeat=2):
        second = grad(grad(f, wrt=names[i]), wrt=names[j])(*point)
        close(second, curvature(over_complex_numbers(name), point, i, j))


@every_listing
def test_the_tangent_of_a_gradient(name: str) -> None:
    """One row of the Hessian for each direction, by forward mode over reverse mode."""
    f, names = listing(name)
    point = LISTINGS[name][1]
    along = jvp(grad(f, wrt=tuple(names)))
    for j in range(len(names)):
        direction = tuple(float(i == j) for i in range(len(names)))
        value, tangent = along(*direction, *point)
        assert value == grad(f, wrt=tuple(names))(*point)
        close(tangent, [curvature(over_complex_numbers(name), point, i, j) for i in range(len(names))])


@every_listing
def test_the_gradient_of_a_tangent(name: str) -> None:
    """The same row by reverse mode over forward mode."""
    f, names = listing(name)
    point = LISTINGS[name][1]
    for i, wrt in enumerate(names):
        both = vjp(jvp(f, wrt=wrt), wrt=tuple(names))(0.0, 1.0, 1.0, *point)
        close(both, [curvature(over_complex_numbers(name), point, i, j) for j in range(len(names))])


def test_the_third_derivative() -> None:
    f, _ = listing("product")
    third = grad(grad(grad(f)))
    assert third.__name__ == "product_grad_grad_grad"
    close(third(1.0), 13 * math.e)  # (x**2 + 6*x + 6) * exp(x)


def test_known_second_derivatives_by_hand() -> None:
    """Not only by differences: formulas."""
    f, _ = listing("product")
    close(grad(grad(f))(1.0), 7 * math.e)  # (x**2 + 4*x + 2) * exp(x)
    close(jvp(grad(f))(1.0, 1.0), (3 * math.e + 3, 7 * math.e))
    neuron, _ = listing("tanh_neuron")
    x1, _, _, _, _ = point = LISTINGS["tanh_neuron"][1]
    o = neuron(*point)
    close(grad(grad(neuron, wrt="w1"), wrt="w1")(*point), -2 * o * (1 - o**2) * x1**2)
    close(grad(grad(listing("square_error")[0], wrt="w1"), wrt="w1")(3.0, 7.0, -2.0, 2.0), 18.0)


def test_the_tangent_of_a_gradient_of_lists() -> None:
    f, names = listing("neuron")
    w, x = LISTS["neuron"][1]

    def flat(*values: complex) -> complex:
        return over_complex_numbers("neuron")(values[:3], values[3:])

    for j in range(5):
        direction = [float(i == j) for i in range(5)]
        value, tangent = jvp(grad(f, wrt=tuple(names)))(direction[:3], direction[3:], w, x)
        assert value == grad(f, wrt=tuple(names))(w, x)
        rows = [curvature(flat, (*w, *x), i, j) for i in range(5)]
        close(tangent[0], rows[:3])
        close(tangent[1], rows[3:])


@pytest.mark.parametrize("filename", ["<python-input-7>", "<ipython-input-3-0badcafe>", "/tmp/ipykernel_7/1234.py"])
def test_a_function_typed_at_a_prompt(filename: str) -> None:
    """The REPL of Python 3.13 and the notebooks keep what was typed in `linecache`."""
    text = "def typed(x):\n    y = x * x\n    return y * RATE\n\nshort = lambda x: x * x * RATE; other = lambda x: x\n"
    linecache.cache[filename] = len(text), None, text.splitlines(keepends=True), filename
    names: dict[str, Any] = {"__name__": "__main__", "RATE": 3.0}
    exec(compile(text, filename, "exec", dont_inherit=True), names)
    assert grad(names["typed"])(2.0) == grad(names["short"])(2.0) == 12.0
    names["RATE"] = 1.0
    assert grad(names["typed"])(2.0) == 4.0


def test_a_global_that_a_call_may_change_is_refused(module: Any) -> None:
    made = module(
        "N = 1.0\n\ndef bump():\n    global N\n    N += 1.0\n\ndef plain(x: float):\n    return x * N\n\n"
        "def changed(x: float):\n    a = x * N\n    bump()\n    return a\n\n"
        "def kept(x: float):\n    n = N\n    a = x * n\n    bump()\n    return a\n"
    )
    derived, kept = grad(made.plain), grad(made.kept)
    assert (derived(2.0), kept(2.0), derived(2.0)) == (1.0, 1.0, 2.0)
    with pytest.raises(SrcgradError, match="N is a global that a function of its file changes"):
        grad(made.changed)
