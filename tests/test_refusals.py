"""Every refusal is shown: its message and its hint stand somewhere in the tests as a user sees them.

They are found in the text of srcgrad, so that a new one fails here until a case of `tests/cases` shows it. What no
case can show, since it takes a live function or a file that nobody would read, is shown below.
"""

from __future__ import annotations

import ast
import importlib
import linecache
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from test_cases import CASES, parse

import srcgrad
from srcgrad import SrcgradError, notebook
from srcgrad.cli import main

PACKAGE = Path(srcgrad.__file__).parent

REFUSING = frozenset(("SrcgradError", "UnsettledError", "ValueError", "error", "_unusable", "unusable"))
"""The calls that make a refusal: their first argument is its message, their third its hint."""

LIVE = frozenset(("api.py", "arguments.py", "compiled.py", "dispatch.py", "live.py", "livetext.py", "notebook.py"))
"""Rooms that know live functions alone."""

ELSEWHERE = frozenset(
    (
        "a gate's decorator takes its spellings",
        "a gate's rule is a function written with def",
        "as in def special_gate(y, x): dx = slope(x) * dy",
        "the source of the gate \0 is not to be had (\0)",
        "define it in a file, a notebook or a prompt that keeps its text",
        "\0 has no item \0, and it is read",
        "\0 cannot be read: \0",
        "\0 is larger than \0 MiB",
        "split the file",
        "nested too deeply: more than \0 operators in a row",
        "srcgrad: \0 cannot be written: \0",
        "a plot needs matplotlib, which is not installed",
        "pip install srcgrad[plot]",
    )
)
"""What the other rooms say of live functions, or of files, folders and installations that no case can have."""

NEVER = {
    "the derived text is not valid Python: \0": "a net below everything that is emitted",
    "the derived text holds more than imports, constants and functions": "a net below everything that is emitted",
    "not readable as Python: \0": "what ast says of one text depends on the release of Python",
}
"""What no test shows, and why."""


@dataclass(frozen=True, order=True)
class Said:
    """A message or a hint; a null in `text` stands for what depends on the input."""

    kind: str
    text: str

    @property
    def literal(self) -> int:
        return len(self.text.replace("\0", ""))

    def fits(self, text: str) -> bool:
        return re.fullmatch(".*".join(map(re.escape, self.text.split("\0"))), text, re.DOTALL) is not None


@dataclass(frozen=True)
class Room:
    """The text of a module, in which what a message is made of is looked up."""

    tree: ast.Module

    @cached_property
    def functions(self) -> list[ast.FunctionDef]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]

    def said(self) -> Iterator[Said]:
        """The messages and hints of this room; not those that it hands on."""
        for scope in self.functions:
            for node in ast.walk(scope):
                if isinstance(node, ast.Call) and _called(node) in REFUSING:
                    hints = [*node.args[2:3], *(key.value for key in node.keywords if key.arg == "hint")]
                    for kind, parts in (("error", node.args[:1]), ("hint", hints)):
                        texts = (text for part in parts for text in self.texts(part, scope))
                        yield from (Said(kind, text) for text in texts if re.search(r"\w", text))

    def texts(self, node: ast.expr, scope: ast.FunctionDef) -> list[str]:
        """What a string may be, as it stands in a function."""
        found: list[str] = []
        match node:
            case ast.Constant(str(text)):
                found = [text]
            case ast.IfExp(body=one, orelse=other):
                found = [*self.texts(one, scope), *self.texts(other, scope)]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                found = list(map("".join, product(self.texts(left, scope), self.texts(right, scope))))
            case ast.JoinedStr(values=parts):
                found = list(map("".join, product(*(self.texts(part, scope) for part in parts))))
            case ast.FormattedValue(value=ast.Name() as name):
                found = self.texts(name, scope)
            case ast.Name(id=name):
                found = [text for value in self.values(name, scope) for text in self.texts(value, scope)]
            case ast.Call(func=ast.Name(id=name)):
                own = (one for one in self.functions if one.name == name)
                returned = ((part.value, one) for one in own for part in ast.walk(one) if isinstance(part, ast.Return))
                found = [text for value, one in returned if value for text in self.texts(value, one)]
        return found or ["\0"]

    def values(self, name: str, scope: ast.FunctionDef) -> Iterator[ast.expr]:
        """What a function or the module assigns to a name; `a, b = TABLE.get(key, default)` too."""
        for node in (*ast.walk(scope), *self.tree.body):
            match node:
                case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                    yield value
                case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if target == name:
                    yield value
                case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Call(func=ast.Attribute(value=table))):
                    places = [
                        i for i, target in enumerate(targets) if isinstance(target, ast.Name) and target.id == name
                    ]
                    if places and isinstance(table, ast.Name):
                        tables = [one for one in self.values(table.id, scope) if isinstance(one, ast.Dict)]
                        rows = [*(row for one in tables for row in one.values), *node.value.args]
                        yield from (row.elts[i] for row in rows if isinstance(row, ast.Tuple) for i in places)


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def said(*, live: bool) -> set[Said]:
    """What srcgrad says: of live functions and the like, or of files."""
    found = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        for one in Room(ast.parse(path.read_text(encoding="utf-8"))).said():
            if (path.name in LIVE or one.text in ELSEWHERE) is live and one.text not in NEVER:
                found.add(one)
    return found


def seen(reports: Iterator[str]) -> Iterator[Said]:
    """The messages and hints of diagnostics, those that are quoted in another too."""
    for row in (row for report in reports for row in report.splitlines()):
        message = re.sub(r"^(.*?\d: )?(error|left out): ", "", row)
        yield Said("hint", row.removeprefix("hint: ")) if row.startswith("hint: ") else Said("error", message)
        if quoted := re.search(r" cannot be read: \S+:\d+:\d+: (.*)| do not fit, .*?: (.*)", message):
            yield Said("error", quoted[1] or quoted[2])


def unseen(expected: set[Said], reports: Iterator[str]) -> list[str]:
    """What no report shows; each shows the message that has most of it."""
    shown = set()
    for one in set(seen(reports)):
        fitting = {other for other in expected if other.kind == one.kind and other.fits(one.text)}
        most = max((other.literal for other in fitting), default=0)
        shown |= {other for other in fitting if other.literal == most}
    return sorted(f"{one.kind}: {one.text}".replace("\0", "{...}") for one in expected - shown)


def test_every_refusal_has_a_case() -> None:
    blocks = (block for path in CASES for block in parse(path.read_text(encoding="utf-8"))[1])
    assert unseen(said(live=False), (block.stderr for block in blocks)) == []


def test_every_refusal_without_a_case_is_shown_here() -> None:
    assert unseen(said(live=True), iter([*SHOWN.values(), *UNREADABLE.values()])) == []


def test_what_is_never_shown_is_still_said() -> None:
    rooms = (Room(ast.parse(path.read_text(encoding="utf-8"))) for path in PACKAGE.rglob("*.py"))
    assert {*NEVER} <= {one.text for room in rooms for one in room.said()}


def test_a_new_message_is_missed() -> None:
    room = Room(
        ast.parse('def f(x):\n    raise SrcgradError(f"{x} is new" if x else f"{x} is", hint=HINT)\n\n\nHINT = "go on"')
    )
    reports = ["m.py:1:1: error: y is new", "error: x is new"]
    assert unseen(set(room.said()), iter(reports)) == ["error: {...} is", "hint: go on"]


# What no case can show: each diagnostic below the call that raises it.

TEXT = """\
import functools

import srcgrad


def twice(function):
    @functools.wraps(function)
    def inner(x):
        return 2 * function(x)

    return inner


@twice
def wrapped(x: float):
    return x


class Model:
    def method(self, x):
        return x


def product(x, y):
    return x * y


derived = srcgrad.grad(product)


def calls_derived(x: float):
    return derived(x, x)[0] * x


def keyed(w):
    return w["a"] * w["b"]


def opened(w, x):
    return w[0] * x


def scaled(x: float, by=2.0):
    return by * x


def calls_scaled(x: float):
    return scaled(x) * x


def square(x: float):
    return x * x


cube = lambda x: x**3
"""
SHAPES = """\
import numpy as np


def total(x):
    return np.sum(x)


def overlap(x):
    return np.sum(np.tensordot(x, x, ((0,), (0,))))
"""
GATE = """
@srcgrad.elementwise("special(x)")
def special_gate(y, x):
    dx = dy
"""

SHOWN = {
    "srcgrad.grad(abs)": """\
error: abs is not a Python function
hint: give srcgrad a function that was written with def; a decorator above it may have replaced it""",
    "srcgrad.grad(m.Model().method)": """\
error: method is not a Python function
hint: of a method, make a @staticmethod that takes the numbers it needs""",
    "srcgrad.grad(m.wrapped)": """\
error: wrapped was changed by a decorator, so its text is not what runs
hint: put srcgrad's decorator below the other one, or derive the undecorated function""",
    "srcgrad.grad(m.calls_derived)": """\
error: product_grad is derived anew for each kind of argument, so no one text is its own
hint: annotate the parameters of the function that it was derived from, as in x: float""",
    'srcgrad.grad(m.product)("a", 2.0)': """\
shown.py:24:1: error: product is derived for numbers, and these arguments are not: x is a str, y is a float
    def product(x, y):
    ^^^^^^^^^^^^^^^^^^
hint: pass numbers, or lists and tuples of numbers""",
    "srcgrad.grad(shapes.total)(table)": """\
error: x is a numpy.ma.MaskedArray, which may not work as an array does
hint: pass numpy.asarray of it""",
    "srcgrad.grad(shapes.total)(array * 1j)": """\
error: x is an array of complex numbers, and srcgrad differentiates real ones""",
    "srcgrad.grad(shapes.total)(array.astype(int))": """\
shapes.py:4:1: error: x is an array of whole numbers, and its gradient is asked for
    def total(x):
    ^^^^^^^^^^^^^
hint: pass x.astype(float), or leave x out of wrt""",
    'srcgrad.grad(shapes.total, shapes={"x": "2*N"})(array)': """\
shapes.py:4:1: error: x is to be an array of shape (2*N,), where 2*N is a multiple of 2, and is an array of shape (3,)
    def total(x):
    ^^^^^^^^^^^^^
hint: pass what the annotations, the docstring or shapes= say, or say something else there""",
    'srcgrad.grad(shapes.total, shapes={"x": "N"})(1.0)': """\
shapes.py:4:1: error: x is to be an array of shape (N,), and is a float
    def total(x):
    ^^^^^^^^^^^^^
hint: pass what the annotations, the docstring or shapes= say, or say something else there""",
    "srcgrad.grad(shapes.overlap).source": """\
shapes.py:9:19: error: the gradient of this depends on what is not known before the function runs
        return np.sum(np.tensordot(x, x, ((0,), (0,))))
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: call it first, or take .specialize(*args); or say the shapes, as in shapes={'x': 'N D'}""",
    "srcgrad.grad(shapes.total)(array.astype(str))": """\
error: x is an array of <U32, which are no numbers
hint: pass an array of floats""",
    "srcgrad.grad(m.product)(1j, 2.0)": """\
error: x is a complex number, and srcgrad differentiates real ones
hint: pass its parts""",
    'srcgrad.grad(m.keyed)({"a": 1.0})': """\
shown.py:35:11: error: w has no item 'b', and it is read
    def keyed(w):
              ^
hint: give it every item that is read""",
    "srcgrad.split(m.opened)[1](1.0, ([1.0], 3.0))": """\
error: opened_backward takes the cache that its own forward pass returns
hint: call it with the second result of opened_forward""",
    'again(m, "return x * x", "return x * 2") or srcgrad.grad(m.square)': """\
shown.py:51:1: error: square is not what its file says: the file changed since it was imported
    def square(x: float):
    ^^^^^^^^^^^^^^^^^^^^^
hint: import the module anew, then derive""",
    'again(m, "import functools", "\\nimport functools") or srcgrad.grad(m.square)': """\
error: the definition of square is not where Python says: line 51 of shown.py
hint: srcgrad reads functions written with def; if the file changed since its import, import it anew""",
    'again(m, "cube =", "\\ncube =") or srcgrad.grad(m.cube)': """\
error: the lambda at line 55 of shown.py is not where Python says
hint: if the file changed since its import, import it anew""",
    'again(m, "x**3", "x**3\\nreturn") or srcgrad.grad(m.square)': """\
shown.py:51:1: error: shown.py does not compile: 'return' outside function
    def square(x: float):
    ^^^^^^^^^^^^^^^^^^^^^
hint: mend the file, and import it anew""",
    'setattr(m.scaled, "__defaults__", (3.0,)) or srcgrad.grad(m.calls_scaled)': """\
shown.py:43:1: error: the defaults of scaled are not what its file says
    def scaled(x: float, by=2.0):
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: write the new default where the function is defined""",
    'exec("def f(x): return x", vars(m)) or srcgrad.grad(m.f)': """\
error: the source of f is not to be had (<string>)
hint: define it in a file, a notebook or a prompt that keeps its text""",
    "exec(GATE, vars(m)) or srcgrad.grad(m.square)": """\
error: the source of the gate special_gate is not to be had (<string>)
hint: define it in a file, a notebook or a prompt that keeps its text""",
    'notebook._derived(m.square, "--mode hessian")': """\
error: %%grad: mode 'hessian' is none of grad, value_and_grad, vjp, jvp, split
hint: write it as in %%grad --mode vjp --wrt x,y""",
    'notebook._derived(m.square, "--colour red")': """\
error: %%grad: unrecognized arguments: --colour red
hint: write it as in %%grad --mode vjp --wrt x,y""",
    'notebook._run(shell, "x = 1")': """\
error: %%grad: the cell defines no function at its top level
hint: write one with def""",
    "srcgrad.elementwise(m.square)": """\
error: a gate's decorator takes its spellings
hint: as in @srcgrad.elementwise("special(x)")""",
    'srcgrad.elementwise("special(x)")(len)': """\
error: a gate's rule is a function written with def
hint: as in def special_gate(y, x): dx = slope(x) * dy""",
}


def again(module: Any, old: str, new: str) -> None:
    """Change the file of a module behind its back."""
    path = Path(module.__file__)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    linecache.checkcache(module.__file__)


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    (tmp_path / "shown.py").write_text(TEXT, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "shapes.py").write_text(SHAPES, encoding="utf-8")
    yield importlib.import_module("shown")
    del sys.modules["shown"]
    sys.modules.pop("shapes", None)


@pytest.mark.parametrize("call", SHOWN)
def test_live(call: str, shown: Any, tmp_path: Path) -> None:
    table = np.ma.array([1.0, 2.0])
    known = {"srcgrad": srcgrad, "m": shown, "again": again, "GATE": GATE, "array": np.ones(3), "table": table}
    known |= {"notebook": notebook, "shell": SimpleNamespace(transform_cell=str)}
    known["shapes"] = importlib.import_module("shapes")
    with pytest.raises(SrcgradError) as caught:
        eval(call, known)
    assert str(caught.value).replace(f"{tmp_path}/", "") == SHOWN[call]


# Files, folders and installations that no case can have, and what is said of them.

HELPER = "from secret import g\n\n\ndef f(x):\n    return g(x) * x\n"
FILES = {
    "large.py": "#" * (1 << 20) + "\n",
    "long.py": "def f(x):\n    return (\n        x\n" + "        + x\n" * 2002 + "    )\n",
    "model.py": HELPER,
    "plain.py": "def f(x):\n    return x * x\n",
    "secret.py": "def g(x):\n    return x\n",
}
UNREADABLE = {
    "emit large.py": """\
large.py:1:1: error: large.py is larger than 1 MiB
hint: split the file""",
    "emit long.py": """\
long.py:3:9: error: nested too deeply: more than 2000 operators in a row
            x
            ^
hint: split it into several statements""",
    "emit model.py f": """\
model.py:1:1: error: secret.py cannot be read: Permission denied
    from secret import g
    ^^^^^^^^^^^^^^^^^^^^""",
    "check plain.py --at 1 --plot ./plain.py": "srcgrad check: ./plain.py is the input",
    "emit model.py -o ./model.py": "srcgrad emit: ./model.py is the input",
    "check plain.py --at 1 --plot err.png": """\
error: a plot needs matplotlib, which is not installed
hint: pip install srcgrad[plot]""",
    "emit secret.py -o nowhere/out.py": "srcgrad: nowhere/out.py cannot be written: No such file or directory",
}


@pytest.mark.parametrize("command", UNREADABLE)
def test_unreadable(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def open_(name: str, mode: str) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("srcgrad.modules.open", open_, raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(command.split()) in (1, 2)
    assert capsys.readouterr().err.replace(f"{tmp_path}/", "") == UNREADABLE[command] + "\n"
