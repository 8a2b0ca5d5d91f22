"""Functions run line by line: the gradients on the inputs are those of differences, and what else a list shows."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import srcgrad
from srcgrad import SrcgradError
from srcgrad.facts import NOTHING
from srcgrad.scope import StaticScope
from srcgrad.source import check, functions, read
from srcgrad.views.figures import figure, fixed
from srcgrad.views.given import arguments
from srcgrad.views.seen import Seen, seen
from srcgrad.views.table import forward

ROWS = np.arange(6.0).reshape(3, 2) / 10


@dataclass(frozen=True)
class Case:
    """A function `f`, the last of a file, and its arguments; `silent` are the parameters that no gradient passes to."""

    text: str
    at: dict[str, Any]
    silent: tuple[str, ...] = ()


CASES = {
    "branch": Case(
        "def f(x, y):\n    if x > y:\n        z = x * y\n    else:\n        z = 2 * (x - y)\n    return z * x",
        {"x": 1.0, "y": 3.0},
    ),
    "other arm": Case(
        "def f(x, y):\n    if x > y:\n        z = x * y\n    else:\n        z = 2 * (x - y)\n    return z * x",
        {"x": 4.0, "y": 3.0},
    ),
    "early return": Case(
        "def f(x, y):\n    if x > 0:\n        return x * y\n    return x + y",
        {"x": 1.0, "y": 3.0},
    ),
    "conditional": Case(
        "def f(x, y):\n    return (x * y if x > y else x - y) * 3 * x",
        {"x": 1.0, "y": 3.0},
    ),
    "largest": Case(
        "def f(x, y, z):\n    return max(x, y, z) * (x and y)",
        {"x": 2.0, "y": 3.0, "z": 1.0},
    ),
    "helper": Case(
        "import math\n"
        "\n"
        "def g(a, b):\n"
        "    if a > b:\n"
        "        return a * b\n"
        "    return math.sin(a / b)\n"
        "\n"
        "def f(x, y):\n"
        "    return g(x, y) * g(y, x)",
        {"x": 1.0, "y": 3.0},
    ),
    "inner": Case(
        "import math\n"
        "\n"
        "def f(x, y):\n"
        "    def g(a):\n"
        "        return a * y + x\n"
        "    k = lambda t: math.exp(t) * x\n"
        "    return g(x) * k(y)",
        {"x": 0.2, "y": 0.3},
    ),
    "rest": Case(
        "def f(x, *rest):\n    return x * rest[0] + rest[1]",
        {"x": 1.0, "rest": (2.0, 3.0)},
    ),
    "keyword": Case(
        "def f(x, /, *, scale=2.0, shift):\n    return x * scale + shift * x",
        {"x": 1.0, "shift": 3.0},
        ("scale",),
    ),
    "dict": Case(
        'import numpy as np\n\ndef f(w, x):\n    h = np.tanh(x @ w["W"] + w["b"])\n    return np.sum(h**2)',
        {"w": {"W": ROWS, "b": np.array([0.1, 0.2])}, "x": ROWS @ ROWS.T},
    ),
    "nested lists": Case(
        "def f(w, x):\n    return w[0][1] * x[0] + w[1][0] * x[1]",
        {"w": [[1.0, 2.0], [3.0, 4.0]], "x": [5.0, 6.0]},
    ),
    "starred": Case(
        "def f(p):\n    a, *b = p[0], p[1], p[2]\n    return a * b[0] * b[1]",
        {"p": [2.0, 3.0, 4.0]},
    ),
    "rows of an array": Case(
        "import numpy as np\n\ndef f(p):\n    a = p[0]\n    return np.sum(a) * np.sum(p**2) + p[1, 1]",
        {"p": ROWS},
    ),
    "context": Case(
        "import numpy as np\n"
        "\n"
        "def f(x):\n"
        "    with np.errstate(divide='ignore'):\n"
        "        y = np.log(x)\n"
        "    return np.sum(y * x)",
        {"x": ROWS + 1},
    ),
    "constants": Case(
        "import numpy as np\n\nK = [1.0, 2.0]\nA = 3.0\n\ndef f(x):\n    return x * A + K[1] * x**2",
        {"x": 2.0},
    ),
    "own gate": Case(
        "import math\n"
        "import srcgrad\n"
        "\n"
        "def special(x):\n"
        "    return math.sin(x)\n"
        "\n"
        '@srcgrad.elementwise("special(x)")\n'
        "def special_gate(y, x):\n"
        "    dx = math.cos(x) * dy\n"
        "\n"
        "def f(x):\n"
        "    return special(x) * x",
        {"x": 2.0},
    ),
    "whole numbers": Case(
        "import numpy as np\n\ndef f(x, y):\n    return np.sum(x * y)",
        {"x": np.array([1, 2, 3]), "y": np.array([1.0, 2.0, 3.0])},
    ),
    "ints": Case(
        "def f(x, y):\n    return x * y",
        {"x": 2, "y": 3},
    ),
    "a tuple": Case(
        "import numpy as np\n\ndef f(x, y):\n    return x * y, np.sum(x), y",
        {"x": np.array([1.0, 2.0]), "y": 3.0},
    ),
    "a list": Case(
        "def f(x, y):\n    return [x * y, x + y]",
        {"x": 2.0, "y": 3.0},
    ),
    "a dict as result": Case(
        'def f(x, y):\n    return {"a": x * y, "b": x + y}',
        {"x": 2.0, "y": 3.0},
    ),
    "an array": Case(
        "import numpy as np\n\ndef f(x, y):\n    return np.exp(x) * y",
        {"x": np.array([1.0, 2.0]), "y": np.array([[3.0], [4.0]])},
    ),
    "in place": Case(
        "import numpy as np\n\ndef f(x, y):\n    h = x * 2\n    h += y * x\n    h *= h\n    return np.sum(h)",
        {"x": np.array([1.0, 2.0]), "y": 2.0},
    ),
    "broadcast": Case(
        "import numpy as np\n\ndef f(x, b, m):\n    y = x if m > 0 else b\n    return np.sum(y * b + x)",
        {"x": ROWS, "b": np.array([1.0, 2.0]), "m": -1.0},
    ),
    "walrus": Case(
        "def f(x):\n    return (y := x * x) * y",
        {"x": 2.0},
    ),
    "unused": Case(
        "def f(x, y):\n    z = y * y\n    return x * 2",
        {"x": 2.0, "y": 3.0},
    ),
    "a constant": Case(
        "def f(x):\n    return 3.0",
        {"x": 2.0},
    ),
    "a parameter": Case(
        "def f(x):\n    return x",
        {"x": 2.0},
    ),
}


def looked_at(text: str, at: dict[str, Any], **options: Any) -> Seen:
    source = check(text + "\n", "case.py")
    return seen(read(source, list(functions(source))[-1]), StaticScope(source), at, **options)


def numbers(value: Any) -> float:
    """The sum of all numbers in a value."""
    if isinstance(value, dict):
        value = [*value.values()]
    return float(sum(map(numbers, value)) if isinstance(value, (list, tuple)) else np.sum(value))


def moved(value: Any, path: tuple[Any, ...], place: tuple[int, ...], step: float) -> Any:
    """A value with one number of the item at `path` moved by a step."""
    if path:
        items = dict(value) if isinstance(value, dict) else list(value)
        items[path[0]] = moved(value[path[0]], path[1:], place, step)
        return tuple(items) if isinstance(value, tuple) else np.array(items) if hasattr(value, "shape") else items
    if not np.ndim(value):
        return float(value) + step
    other = np.array(value, float)
    other[place] += step
    return other


def called(text: str, at: dict[str, Any]) -> float:
    space: dict[str, Any] = {}
    exec(text, space)
    first = ["x"] if {"rest", "shift"} & at.keys() else []  # by position, where there is no other way
    args = {name: value for name, value in at.items() if name not in (*first, "rest")}
    return numbers(space["f"](*(at[name] for name in first), *at.get("rest", ()), **args))


@pytest.mark.parametrize("name", CASES)
def test_the_gradients_on_the_inputs_are_those_of_differences(name: str) -> None:
    case = CASES[name]
    found = looked_at(case.text, case.at)
    for param in found.wengert.params:
        for item in (param.var, *param.items):
            entry = found.at.get(item.key)
            if entry is None:
                continue
            if param.name in case.silent:
                assert entry.gradient is None
                continue
            gradient = np.zeros(np.shape(entry.value))
            for place in np.ndindex(gradient.shape):
                ends = [
                    called(case.text, {**case.at, param.name: moved(case.at[param.name], item.path, place, step)})
                    for step in (1e-5, -1e-5)
                ]
                gradient[place] = (ends[0] - ends[1]) / 2e-5
            assert np.shape(entry.gradient) == gradient.shape, entry.name
            assert entry.gradient == pytest.approx(gradient, rel=1e-6, abs=1e-6), entry.name


@pytest.mark.parametrize("name", CASES)
def test_both_runs_agree_and_leave_the_arguments_alone(name: str) -> None:
    case = CASES[name]
    at = copy.deepcopy(case.at)
    found = looked_at(case.text, at)
    assert str(at) == str(case.at)
    assert found.every is not None
    assert found.emitted is not None
    assert found.every.stopped is None
    staged = found.emitted.laid.staged
    for expr, value in staged.gradients:
        if expr.head == "var" and expr.leaf in found.emitted.values and hasattr(value, "key"):
            gradient = found.every.gradient(value)
            assert gradient is None or numbers(gradient) == pytest.approx(numbers(found.emitted.values[expr.leaf]))


def test_only_the_arm_that_ran_has_values() -> None:
    found = looked_at(CASES["branch"].text, CASES["branch"].at)
    arms = [entry for entry in found.entries if entry.line is not None and entry.name == "z"]
    assert [entry.value is None for entry in arms] == [True]
    assert found.at[arms[0].key] is arms[0]
    assert {entry.value for entry in found.entries if entry.name == found.name} <= {None}


def test_captured_values_are_copies() -> None:
    found = looked_at(CASES["in place"].text, CASES["in place"].at)
    values = [entry.value.tolist() for entry in found.entries if entry.name.startswith("h")]
    assert values == [[2.0, 4.0], [4.0, 8.0], [16.0, 64.0]]


def test_gradients_have_the_type_of_what_they_are_on() -> None:
    text = "import numpy as np\n\ndef f(x, y):\n    return np.exp(x) * y"
    found = looked_at(text, {"x": np.ones(2, np.float32), "y": np.ones((3, 2), np.float32)})
    assert {entry.gradient.dtype for entry in found.entries} == {np.dtype(np.float32)}


# A live function.

FACTOR = 3.0


def closed_over(by: float) -> Callable[[float], float]:
    def scaled(x: float) -> float:
        return x * by + math.sin(x) * FACTOR

    return scaled


def halved(x: float) -> float:
    """An item of a list, where it divides."""
    return 1 / x


def test_a_live_function_reads_its_cells_and_globals_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "FACTOR", 5.0)
    found = srcgrad.trace(closed_over(2.0), 1.0)
    assert found.rows[-1].value == 2.0 + 5.0 * math.sin(1.0)
    assert found.rows[0].gradient == pytest.approx(2.0 + 5.0 * math.cos(1.0))


def test_without_arguments_the_list_is_what_it_was() -> None:
    assert str(srcgrad.trace(halved)) == "halved(x)\n  1  out = 1 / x  reciprocal\n     return out"


def test_a_derived_function_is_looked_at_for_its_arguments() -> None:
    def squares(x):  # type: ignore[no-untyped-def]
        return np.sum(x * x)

    found = srcgrad.trace(srcgrad.grad(squares), np.array([3.0, 4.0]))
    assert found.rows[-1].value.tolist() == [6.0, 8.0]
    assert found.rows[0].gradient.tolist() == [2.0, 2.0]


def test_what_a_line_raises_is_a_refusal_with_its_cause() -> None:
    with pytest.raises(SrcgradError) as caught:
        srcgrad.trace(halved, 0)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert "1 / x" in str(caught.value)


def test_a_stop_is_printed_below_the_table() -> None:
    def root(x):  # type: ignore[no-untyped-def]
        return np.sqrt(x)

    found = srcgrad.trace(root, 0.0)
    assert found.stopped is not None
    assert "the gradient on x is inf" in str(found.stopped)
    assert str(found) == f"{found.text}\n\n{found.stopped}"
    assert srcgrad.trace(root, 0.0, backward=True).stopped is not None


def test_nothing_runs_but_the_emitted_text(capsys: pytest.CaptureFixture[str]) -> None:
    text = "print('ran')\nK = 2.0\n\ndef f(x):\n    return x * K"
    assert "return out" in forward(looked_at(text, {"x": 3.0})).text
    assert capsys.readouterr().out == ""


# What is given, and how it is written.


@pytest.mark.parametrize(
    ("header", "text", "expected"),
    [
        ("x, y", "1, y=2", {"x": 1, "y": 2}),
        ("x, *rest", "1, 2, 3", {"x": 1, "rest": (2, 3)}),
        ("x, y=3.0", "math.pi", {"x": math.pi}),
        ("x", "[1, 2]", {"x": [1, 2]}),
        ("x: list[float]", "[[1, 2]]", {"x": [[1, 2]]}),
        ("x", "[[1], [1, 2]]", {"x": [[1], [1, 2]]}),
        ("x", "['a']", {"x": ["a"]}),
    ],
)
def test_arguments_are_read_as_in_a_call(header: str, text: str, expected: dict[str, Any]) -> None:
    source = check(f"def f({header}):\n    return x\n", "case.py")
    found = arguments(text, read(source, next(iter(functions(source)))), NOTHING, arrays=True)
    plain = {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in found.items()}
    assert plain == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (2.0, "2"),
        (-0.0, "0"),
        (-40015.99999184862, "-40016"),
        (0.7310585786300049, "0.7311"),
        (1e-9, "1e-09"),
        (123456789.0, "1.235e+08"),
        (10**400, "1.000e+400"),
        (np.int64(7), "7"),
        (np.float32(0.5), "0.5"),
        (np.array(2.5), "2.5"),
        (True, "True"),
        (np.bool_(False), "False"),
        (float("nan"), "nan"),
        ("text", "text"),
        ((1.0,), "(1,)"),
        ([1.0, [2.0]], "[1, [2]]"),
        ({"a": 1.0}, "{a: 1}"),
        (slice(1), "slice(None, 1, None)"),
        (math, "module"),
        (np.array([3.0, -4.0]), "(2,) -4 .. 3, norm 5"),
        (np.array([3e200, 4e200]), "(2,) 3e+200 .. 4e+200, norm 5e+200"),
        (np.array([1.0, np.inf]), "(2,) 1 .. inf, norm inf"),
        (np.array([True, False]), "(2,) False .. True, norm 1"),
        (np.zeros((0, 2)), "(0, 2) empty"),
        (np.array(["a"]), "(1,) of <U1"),
    ],
)
def test_figures(value: Any, expected: str) -> None:
    assert figure(value) == expected


def test_two_digits_as_in_the_notes() -> None:
    assert [fixed(value) for value in (2, -0.1966, -0.001, 1.0)] == ["2.00", "-0.20", "0.00", "1.00"]
