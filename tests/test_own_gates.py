"""Gates of the user's own, in files and live, what is refused of them, and `stop_gradient`.

The texts of gates in the emitted file itself are the golden case `own_gates`.
"""

import importlib.util
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import srcgrad
from srcgrad import SrcgradError, grad, jvp, split, value_and_grad, vjp
from srcgrad.cli import main

MODEL = """\
import math


def special(x):
    total = 0.0
    for k in range(30):
        total += x**k / math.factorial(k)
    return total


def loss(w: float, x: float):
    return special(w * x) + w
"""

GATES = """\
from model import special
from srcgrad import elementwise

raise SystemExit("this file is never run")

SCALE = 1.0


def slope(x):
    return SCALE * special(x)


@elementwise("special(x)")
def special_gate(y, x):
    dx = slope(x) * dy
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


@pytest.fixture
def module(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ModuleType]:
    """Write a module and import it."""
    monkeypatch.syspath_prepend(str(folder))

    def made(text: str, name: str) -> ModuleType:
        file = folder / f"{name}.py"
        file.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(name, file)
        assert spec is not None
        assert spec.loader is not None
        found = sys.modules[name] = importlib.util.module_from_spec(spec)
        loaded.append(name)
        spec.loader.exec_module(found)
        return found

    loaded: list[str] = []
    yield made
    for name in loaded:
        del sys.modules[name]


def emitted(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    """What a command writes: to stderr where it is refused."""
    assert main(["emit", *words]) == status
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    if status:
        assert out == ""
    return err if status else out


def run(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(text, "<emitted>", "exec"), names)
    return names


def body(text: str) -> str:
    """The lines of the last function below its docstring."""
    return text.rpartition('"""\n')[2]


# A file of gates.

LOSS_GRAD = '''\
import math

SCALE = 1.0


def slope(x):
    return SCALE * special(x)


def special(x):
    total = 0.0
    for k in range(30):
        total += x**k / math.factorial(k)
    return total


def loss_grad(w: float, x: float):
    """Gradient of loss.

    Inputs:
    - w: a scalar
    - x: a scalar

    Returns a tuple of:
    - dw: gradient with respect to w, a scalar
    - dx: gradient with respect to x, a scalar
    """
    # forward pass
    t1 = w * x

    # backward pass
    # backprop out = special(w * x) + w
    dt1 = slope(t1)
    dw = x * dt1 + 1.0
    dx = w * dt1
    return dw, dx
'''


def test_a_file_of_gates(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "model.py").write_text(MODEL)
    (folder / "gates.py").write_text(GATES)
    text = emitted(capsys, "model.py", "loss", "--gates", "gates.py")
    _, again, rest = text.split("\n", 2)
    assert again == "# Regenerate: srcgrad emit model.py loss --gates gates.py"
    assert rest == LOSS_GRAD
    assert run(text)["loss_grad"](0.5, 2.0) == pytest.approx((1 + 2 * math.e, 0.5 * math.e))
    tangent = run(emitted(capsys, "model.py", "loss", "--gates", "gates.py", "--mode", "jvp"))["loss_jvp"]
    assert tangent(1.0, -1.0, 0.5, 2.0) == pytest.approx((math.e + 0.5, 1 + 1.5 * math.e))


def test_without_the_file_the_function_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "model.py").write_text(MODEL)
    assert "model.py:6:5: error: a loop" in emitted(capsys, "model.py", "loss", status=1)


def test_a_file_of_gates_in_the_settings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "model.py").write_text(MODEL)
    (folder / "gates.py").write_text(GATES)
    (folder / "pyproject.toml").write_text('[tool.srcgrad]\ngates = "gates.py"\n')
    assert emitted(capsys, "model.py", "loss").split("\n", 2)[2] == LOSS_GRAD


@pytest.mark.parametrize("text", ["def f(:\n", None])
def test_a_file_of_gates_that_cannot_be_read(
    text: str | None, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "model.py").write_text(MODEL)
    if text:
        (folder / "gates.py").write_text(text)
    said = emitted(capsys, "model.py", "loss", "--gates", "gates.py", status=2)
    assert said.startswith("gates.py:1:7: error: not valid Python: " if text else "srcgrad: gates.py cannot be read: ")


def test_another_function_of_the_same_name_is_another(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What `special` means is where the gate is defined, not how it is spelled."""
    (folder / "model.py").write_text(MODEL)
    (folder / "gates.py").write_text(GATES.replace("from model import", "from elsewhere import"))
    assert "a loop" in emitted(capsys, "model.py", "loss", "--gates", "gates.py", status=1)
    aliased = "from elsewhere import special as unusual\n\n\ndef f(x: float):\n    return unusual(x)\n"
    (folder / "model.py").write_text(aliased)
    text = emitted(capsys, "model.py", "f", "--gates", "gates.py")
    assert body(text).endswith("    dx = slope(x)\n    return dx\n")
    assert "from elsewhere import special\n" in text


def test_a_name_that_would_have_to_be_two_things(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "model.py").write_text(MODEL.replace("+ w", "* SCALE + w") + "\n\nSCALE = 2.0\n")
    (folder / "gates.py").write_text(GATES)
    said = emitted(capsys, "model.py", "loss", "--gates", "gates.py", status=1)
    assert said.startswith("model.py:11:1: error: SCALE is one thing in one file and another in another")


def test_the_same_function_is_carried_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "model.py").write_text(MODEL)
    (folder / "gates.py").write_text(GATES)
    text = emitted(capsys, "model.py", "loss", "--gates", "gates.py", "--mode", "value_and_grad")
    assert text.count("def special(x):") == 1
    assert "import model" not in text
    assert run(text)["loss_value_and_grad"](0.5, 2.0)[0] == pytest.approx(math.e + 0.5)


LIBRARY = """\
import numpy as np
from scipy import special as functions
from scipy.special import j0 as bessel


def f(x: float, y: float):
    return bessel(x) * functions.j1(y) + np.linalg.norm(x)
"""
LIBRARY_GATES = """\
import numpy as np
import srcgrad as s
from scipy.special import jvp as derivative


@s.elementwise("scipy.special.j0(x)")
def first(y, x):
    dx = -scipy_j1(x) * dy


@s.elementwise("scipy.special.j1(x)")
def second(y, x):
    dx = derivative(1, x) * dy


@s.gate("np.linalg.norm(x)")
def length(n, x):
    dx = x / n * dn * np.linalg.norm(1)
"""


def test_spellings_of_library_functions(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "model.py").write_text(LIBRARY)
    (folder / "gates.py").write_text("from scipy.special import j1 as scipy_j1\n" + LIBRARY_GATES)
    text = emitted(capsys, "model.py", "--gates", "gates.py")
    assert "srcgrad" not in text.split("\n", 2)[2]
    assert (
        body(text)
        == """\
    # forward pass
    t1 = bessel(x)
    t2 = functions.j1(y)
    t3 = np.linalg.norm(x)

    # backward pass
    # backprop out = bessel(x) * functions.j1(y) + np.linalg.norm(x)
    dx = x / t3 * np.linalg.norm(1)
    dx -= functions.j1(x) * t2
    dy = functions.jvp(1, y) * t1
    return dx, dy
"""
    )


# Live.

LIVE = """\
import math

from srcgrad import elementwise, gate


def special(x):
    total = 0.0
    for k in range(30):
        total += x**k / math.factorial(k)
    return total


@elementwise("special(x)")
def special_gate(y, x):
    dx = special(x) * dy


def loss(w: float, x: float):
    return special(w * x) + w
"""


def test_live_gates_of_the_globals(module: Callable[..., ModuleType]) -> None:
    model = module(LIVE, "live_model")
    derived = grad(model.loss)
    assert body(derived.source) == body(LOSS_GRAD).replace("slope(t1)", "special(t1)")
    assert derived(0.5, 2.0) == pytest.approx((1 + 2 * math.e, 0.5 * math.e))
    assert value_and_grad(model.loss)(0.5, 2.0)[0] == pytest.approx(math.e + 0.5)
    assert vjp(model.loss, wrt="x")(2.0, 0.5, 2.0) == pytest.approx(math.e)
    assert jvp(model.loss)(1.0, -1.0, 0.5, 2.0) == pytest.approx((math.e + 0.5, 1 + 1.5 * math.e))
    forward, backward = split(model.loss, wrt="w")
    assert backward(1.0, forward(0.5, 2.0)[1]) == pytest.approx(1 + 2 * math.e)


def test_second_order_through_a_gate(module: Callable[..., ModuleType]) -> None:
    model = module(LIVE, "live_model")
    second = grad(grad(model.loss, wrt="w"), wrt="w")
    assert second(0.5, 2.0) == pytest.approx(4 * math.e)
    mixed = jvp(grad(model.loss, wrt="w"), wrt="x")
    assert mixed(1.0, 0.5, 2.0)[1] == pytest.approx(2 * math.e)
    assert "srcgrad" not in second.source


def test_a_gate_of_another_module(module: Callable[..., ModuleType]) -> None:
    gates = module(
        LIVE.replace("dx = special(x) * dy", "dx = slope(x) * RATE * dy")
        + "\n\nRATE = 1.0\n\n\ndef slope(x):\n    return special(x)\n",
        "live_gates",
    )
    text = "from live_gates import special as strange, special_gate\n\n\ndef f(x: float):\n    return strange(x) * x\n"
    model = module(text, "live_model")
    derived = grad(model.f)
    assert (
        body(derived.source)
        == """\
    # forward pass
    t1 = strange(x)

    # backward pass
    # backprop out = strange(x) * x
    dx = live_gates.slope(x) * live_gates.RATE * x + t1
    return dx
"""
    )
    assert derived(1.0) == pytest.approx(2 * math.e)
    gates.RATE = 3.0  # a global is read at each call
    assert derived(1.0) == pytest.approx(4 * math.e)


def test_a_gate_in_a_cell(module: Callable[..., ModuleType]) -> None:
    made = (
        LIVE.partition("@elementwise")[0]
        + """\
def make():
    @elementwise("special(x)")
    def special_gate(y, x):
        dx = special(x) * dy

    def f(x: float):
        assert special_gate
        return special(x)

    return f
"""
    )
    f = module(made, "live_cells").make()
    assert grad(f)(1.0) == pytest.approx(math.e)


@pytest.mark.parametrize(
    ("spelling", "rule", "expected"),
    [
        ("math.exp(x)", "dx = 5 * dy", 5.0),  # as large as the book's
        ("math.exp(x) * 2", "dx = 7 * dy", 7.0),
        ("x * 2", "dx = 7 * dy", 7.0),  # beside a number, larger than the book's x * y
        ("x * y", "dx = 7 * dy; dy = 0 * dz", None),
    ],
)
def test_a_gate_wins_over_the_book(
    spelling: str, rule: str, expected: float | None, module: Callable[..., ModuleType]
) -> None:
    parameters = "y, x" if expected else "z, x, y"
    rule = rule if expected else "dx = 7 * dz; dy = 0 * dz"
    text = f"import math\nimport srcgrad\n\n@srcgrad.elementwise({spelling!r})\ndef own({parameters}): {rule}\n\n\n"
    model = module(text + "def f(x: float):\n    return math.exp(x) * 2\n", "live_book")
    at = {5.0: 10.0, 7.0: 7.0 if "exp" in spelling else 7 * math.e, None: 7 * math.e}[expected]
    assert grad(model.f)(1.0) == pytest.approx(at)


def test_a_gate_whose_file_changed_is_refused(module: Callable[..., ModuleType], folder: Path) -> None:
    model = module(LIVE, "live_model")
    (folder / "live_model.py").write_text(LIVE.replace("dx = special(x) * dy", "dx = special(x) * 2 * dy"))
    with pytest.raises(SrcgradError, match="special_gate is not what its file says"):
        grad(model.loss)


def test_decorators_check_what_they_are_given() -> None:
    decorator: Any = srcgrad.elementwise
    with pytest.raises(SrcgradError, match="a gate's decorator takes its spellings"):

        @decorator
        def forgotten(y, x):  # type: ignore[no-untyped-def]
            pass

    with pytest.raises(SrcgradError, match="a gate's rule is a function written with def"):
        srcgrad.linear("f(x)")(len)
    assert callable(srcgrad.gate)
    assert srcgrad.gate("f(x)")(lambda y, x: None).algebra == "general"


# What is refused, at the line of the gate: the decorator, the definition and what is said.

HEAD = "import srcgrad\n\n\ndef special(x):\n    return x\n\n\n"
TAIL = "\n\n\ndef f(x: float, w: float):\n    return special(x) * w\n"
REFUSED = {
    """@srcgrad.elementwise("special(x")
def own(y, x):
    dx = dy""": """\
gates.py:8:22: error: this spelling does not parse: not valid Python: '(' was never closed
    @srcgrad.elementwise("special(x")
                         ^^^^^^^^^^^
hint: write one expression""",
    """@srcgrad.elementwise("y = special(x)")
def own(y, x):
    dx = dy""": """\
gates.py:8:22: error: this spelling is no expression
    @srcgrad.elementwise("y = special(x)")
                         ^^^^^^^^^^^^^^^^
hint: as in "special(x)\"""",
    """@srcgrad.elementwise("special(x)", "x")
def own(y, x):
    dx = dy""": """\
gates.py:8:36: error: this spelling is neither a call nor an operation
    @srcgrad.elementwise("special(x)", "x")
                                       ^^^
hint: as in "special(x)\"""",
    """@srcgrad.elementwise("special(x[0])")
def own(y, x):
    dx = dy""": """\
gates.py:8:22: error: a spelling is made of calls, operations, names and numbers alone
    @srcgrad.elementwise("special(x[0])")
                         ^^^^^^^^^^^^^^^
hint: as in "special(x)\"""",
    """@srcgrad.elementwise("special(x, v)")
def own(y, x):
    dx = dy""": """\
gates.py:8:22: error: v is no parameter of own
    @srcgrad.elementwise("special(x, v)")
                         ^^^^^^^^^^^^^^^
hint: its parameters are y, x""",
    """@srcgrad.elementwise("special(x)")
def own(y, x, v):
    dx = dy""": """\
gates.py:8:22: error: the operand v of own is not in this spelling
    @srcgrad.elementwise("special(x)")
                         ^^^^^^^^^^^^
hint: a spelling has every operand; a parameter with a default is none""",
    """@srcgrad.elementwise("special(y)")
def own(y, x):
    dx = dy""": """\
gates.py:8:22: error: y is the result of own, and no hole of a spelling
    @srcgrad.elementwise("special(y)")
                         ^^^^^^^^^^^^
hint: name the operand otherwise""",
    """@srcgrad.elementwise("unheard_of(x)")
def own(y, x):
    dx = dy""": """\
gates.py:8:22: error: unheard_of is not defined where own is
    @srcgrad.elementwise("unheard_of(x)")
                         ^^^^^^^^^^^^^^^
hint: define it there, or import it there""",
    """@srcgrad.elementwise
def own(y, x):
    dx = dy""": """\
gates.py:8:2: error: a gate's decorator takes its spellings, written out
    @srcgrad.elementwise
     ^^^^^^^^^^^^^^^^^^^
hint: as in @srcgrad.elementwise("special(x)")""",
    """@srcgrad.elementwise("special(x)")
@print
def own(y, x):
    dx = dy""": """\
gates.py:9:2: error: a gate has one decorator
    @print
     ^^^^^
hint: take this one away""",
    """@srcgrad.elementwise("special(x)")
def own(*x):
    dx = dy""": """\
gates.py:9:1: error: the rule of own must take its result and its operands
    def own(*x):
    ^^^^^^^^^^^^
hint: as in def special_gate(y, x)""",
    """@srcgrad.elementwise("special(x)")
def own(y, x, n=None):
    dx = dy""": """\
gates.py:9:17: error: the setting n of own has a default that is no number
    def own(y, x, n=None):
                    ^^^^
hint: a setting is a number that is written out where the gate is used""",
    """@srcgrad.elementwise("special(dy)")
def own(y, dy):
    ddy = dy""": """\
gates.py:9:1: error: dy is a parameter of own and its upstream gradient too
    def own(y, dy):
    ^^^^^^^^^^^^^^^
hint: rename the parameter""",
    """@srcgrad.elementwise("special(x)")
def own(y, x):
    dw = dy""": """\
gates.py:10:5: error: dw is the gradient on no operand of own
        dw = dy
        ^^
hint: write dx""",
    """@srcgrad.elementwise("special(x)")
def own(y, x):
    if x > 0:
        dx = dy""": """\
gates.py:10:5: error: this is no line of a rule: own is a gate
        if x > 0:
        ^^^^^^^^^
hint: a rule is made of lines such as dx = slope(x) * dy""",
    """@srcgrad.elementwise("special(x)")
def own(y, x):
    dx = dy
    dx = 2 * dy""": """\
gates.py:11:5: error: dx stands twice in own
        dx = 2 * dy
        ^^^^^^^^^^^
hint: write one line for each operand""",
    '''@srcgrad.elementwise("special(x)")
def own(y, x):
    """Nothing but words."""''': """\
gates.py:9:1: error: own has no rule
    def own(y, x):
    ^^^^^^^^^^^^^^
hint: a rule is made of lines such as dx = slope(x) * dy""",
    """@srcgrad.elementwise("special(x)")
def own(y, x):
    dx = dy * sum(k for k in (x, y))""": """\
gates.py:10:18: error: srcgrad does not read this in a rule
        dx = dy * sum(k for k in (x, y))
                     ^^^^^^^^^^^^^^^^^^^
hint: a rule is made of lines such as dx = slope(x) * dy""",
    """@srcgrad.elementwise("special(x)")
def own(y, x):
    dx = slope(x) * dy""": """\
gates.py:10:10: error: slope is not defined where own is
        dx = slope(x) * dy
             ^^^^^
hint: a rule reads y, x, dy and the globals of its module""",
}


@pytest.mark.parametrize("gate", REFUSED, ids=[text.split(": error: ")[1].splitlines()[0] for text in REFUSED.values()])
def test_refused(gate: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the file itself; in a file of gates the same is said."""
    (folder / "gates.py").write_text(HEAD + gate + TAIL)
    assert emitted(capsys, "gates.py", "f", status=1) == REFUSED[gate] + "\n"
    assert emitted(capsys, "gates.py", status=1) == REFUSED[gate] + "\n"
    (folder / "other.py").write_text("def f(x):\n    return x\n")
    assert emitted(capsys, "other.py", "f", "--gates", "gates.py", status=1) == REFUSED[gate] + "\n"


LATER = [text for text in REFUSED if not text.startswith("@srcgrad.elementwise\n") and "@print" not in text]


@pytest.mark.parametrize("gate", LATER, ids=map(str, range(len(LATER))))
def test_refused_live(gate: str, module: Callable[..., ModuleType], folder: Path) -> None:
    """The same, where the gate is used."""
    model = module(HEAD + gate + TAIL, "gates")
    with pytest.raises(SrcgradError) as caught:
        grad(model.f)
    assert str(caught.value) == REFUSED[gate].replace("gates.py", str(folder / "gates.py"), 1)


PARTIAL = """\
import srcgrad


def power(x, n):
    for _ in range(1):
        x = x**n
    return x


@srcgrad.elementwise("power(x, n)")
def power_gate(y, x, n):
    dx = n * y / x * dy


def f(x, n):
    return 2 * power(x, n + 1)
"""


def test_no_rule_for_an_operand_that_is_needed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "model.py").write_text(PARTIAL)
    assert (
        emitted(capsys, "model.py", "f", status=1)
        == """\
model.py:16:16: error: the gate power_gate has no line dn = ..., and the gradient must pass through it
        return 2 * power(x, n + 1)
                   ^^^^^^^^^^^^^^^
hint: add the line, or leave what n is here out of wrt
"""
    )
    assert run(emitted(capsys, "model.py", "f", "--wrt", "x"))["f_grad"](3.0, 1.0) == pytest.approx(12.0)


def test_a_global_that_the_emitted_text_could_not_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "model.py").write_text(MODEL + "\n\ndef slope(x):\n    return 3\n")
    (folder / "gates.py").write_text(GATES)
    assert (
        emitted(capsys, "model.py", "loss", "--gates", "gates.py", status=1)
        == """\
gates.py:15:10: error: slope, which the gate special_gate reads, is not to be had in the file of the function
        dx = slope(x) * dy
             ^^^^^
hint: import slope there, under this name
"""
    )


@pytest.mark.parametrize("text", ["(" * 3000 + "x" + ")" * 3000, "+".join("x" * 5000), "x\x00", "{{ x }}", "x\u2028"])
def test_hostile_spellings(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spelling = ascii(f"special({text})")
    (folder / "gates.py").write_text(f"{HEAD}@srcgrad.gate({spelling})\ndef own(y, x):\n    dx = dy{TAIL}")
    assert emitted(capsys, "gates.py", "f", status=1).startswith("gates.py:8:15: error: ")


# stop_gradient

STOPS = """\
import math

import srcgrad
from srcgrad import stop_gradient


def rounded(v):
    return v + math.floor(stop_gradient(v + 1) * 2)


def f(x, y):
    a = x * stop_gradient(x + y)  # the weight is fixed
    if stop_gradient(a) > 3 and srcgrad.stop_gradient(x) > 0:
        a = a * 2
    return a * stop_gradient(y) + rounded(x)


def fixed(x):
    return stop_gradient(math.exp(x))


def halves(x, y):
    p, q = stop_gradient((x * y, 2 * x))
    return p * x + q * y
"""
STOPPED = """\
    # forward pass
    a = x * (x + y)  # the weight is fixed
    t1 = a > 3 and x > 0
    if t1:
        a = a * 2
    out = a * y + rounded(x)

    # backward pass
    # backprop out = a * y + rounded(x)
    da = y
    dx = 1.0
    if t1:
        # backprop a = a * 2
        da = 2 * da
    # backprop a = x * (x + y)
    dx += (x + y) * da
    dy = 0.0
    return out, (dx, dy)
"""


def test_stop_gradient_is_the_identity() -> None:
    value = object()
    assert srcgrad.stop_gradient(value) is value
    code = "import sys, srcgrad; srcgrad.stop_gradient; print(*(name for name in sys.modules if 'srcgrad' in name))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == [
        "srcgrad",
        "srcgrad.stop",
    ]


def test_stop_gradient_in_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "model.py").write_text(STOPS)
    text = emitted(capsys, "model.py", "f", "--mode", "value_and_grad")
    assert body(text) == STOPPED
    assert "def rounded(v):\n    return v + math.floor((v + 1) * 2)\n" in text
    assert "srcgrad" not in text.split("\n", 2)[2]
    # a = 1 * 3, one of its factors fixed, at most 3; y fixed too
    assert run(text)["f_value_and_grad"](1.0, 2.0) == (3.0 * 2 + 1 + 4, (3.0 * 2 + 1, 0.0))
    assert run(text)["f_value_and_grad"](2.0, 2.0) == (16.0 * 2 + 2 + 6, (2 * 4.0 * 2 + 1, 0.0))
    tangent = run(emitted(capsys, "model.py", "f", "--mode", "jvp"))["f_jvp"]
    assert tangent(1.0, 5.0, 2.0, 2.0) == (40.0, 17.0)


def test_stop_gradient_live(module: Callable[..., ModuleType]) -> None:
    model = module(STOPS, "live_stops")
    assert body(value_and_grad(model.f).source) == STOPPED
    assert grad(model.f)(2.0, 2.0) == (17.0, 0.0)
    assert grad(model.fixed)(1.0) == 0.0
    assert grad(model.halves)(3.0, 5.0) == (15.0, 6.0)
    assert "srcgrad" not in grad(model.halves).source
    twice = grad(grad(model.f, wrt="x"), wrt="x")  # the emitted text no longer knows what was fixed
    assert twice(1.0, 2.0) == 2.0


@pytest.mark.parametrize("call", ["stop_gradient(x, y)", "list(map(stop_gradient, [x]))[0]", "(stop_gradient)(x=y)"])
def test_stop_gradient_where_it_cannot_be_taken_out(
    call: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "model.py").write_text(f"from srcgrad import stop_gradient\n\n\ndef f(x, y):\n    return x * {call}\n")
    assert "model.py:" in emitted(capsys, "model.py", "f", "--wrt", "x", status=1)
