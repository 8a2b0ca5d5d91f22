"""Golden cases: commands on an input, the exact text that they write, and the numbers that this text computes.

A case is a file of `tests/cases`: the input, a Python module, then one block for each command:

    # $ srcgrad emit staged.py f --mode vjp
    # >>> f_vjp(1.0, 2.0, -4.0) == (0.5348320870757595, 0.342460382923052)
    # exit 0
    # output
    <what it writes, to stdout or to the file that -o names>
    # stderr
    <what it says>

Other files that the input imports follow it, each below a line `# file NAME`.

The command runs where its FILE holds the input, or what an earlier block wrote there with -o; for the FILE `-` the
input comes through stdin. `# exit` is left out where it is 0, `# output` and `# stderr` where there is nothing.

The cases in `arrays` have rows `# given NAME = EXPRESSION` in place of calls: arguments that are not random numbers in
the shapes that the docstring says. Their numbers are held against finite differences, by array_numbers.py.

The numbers are not srcgrad's: they come from the literature, from arithmetic or from mpmath. Every derived function is
called at least once, and each call is checked a second time, against finite differences of the function that it was
derived from. `pytest --update-cases` rewrites what stands under `# output` and `# stderr`, never the numbers.
"""

from __future__ import annotations

import ast
import inspect
import io
import json
import math
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from differences import MODES, by_differences

from srcgrad.cli import main

CASES = sorted((Path(__file__).parent / "cases").glob("*.py"))
ARRAYS = sorted((Path(__file__).parent / "cases" / "arrays").glob("*.py"))
SECTIONS = ("output", "stderr")


@dataclass(frozen=True)
class Block:
    """One command and all that is known of it."""

    command: str
    calls: tuple[str, ...]
    given: tuple[str, ...]
    status: int
    output: str
    stderr: str

    @property
    def words(self) -> list[str]:
        return shlex.split(self.command)[1:]

    def option(self, name: str) -> str | None:
        return self.words[self.words.index(name) + 1] if name in self.words else None


def files(source: str) -> dict[str, str]:
    """The text of the input, by the name "", and of the files beside it."""
    parts = ["", *re.split(r"^# file (\S+)\n", source, flags=re.MULTILINE)]
    return {name: text.rstrip("\n") + "\n" for name, text in zip(parts[::2], parts[1::2], strict=True)}


def write(beside: dict[str, str], folder: Path) -> None:
    for name, text in beside.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def parse(text: str) -> tuple[str, list[Block]]:
    """The input and the blocks of a case."""
    source, *blocks = re.split(r"^# \$ ", text, flags=re.MULTILINE)
    return source.rstrip("\n") + "\n", [_block(block) for block in blocks]


def _block(text: str) -> Block:
    rest, _, stderr = text.partition("# stderr\n")
    head, _, output = rest.partition("# output\n")
    command, *rows = head.splitlines()
    calls = tuple(row.removeprefix("# >>> ") for row in rows if row.startswith("# >>> "))
    status = next((int(row.removeprefix("# exit ")) for row in rows if row.startswith("# exit ")), 0)
    output, stderr = (part.rstrip("\n") + "\n" if part else "" for part in (output, stderr))
    given = tuple(row.removeprefix("# given ") for row in rows if row.startswith("# given "))
    return Block(command, calls, given, status, output, stderr)


def render(source: str, blocks: list[Block]) -> str:
    return "\n\n".join([source, *map(_rendered, blocks)])


def _rendered(block: Block) -> str:
    rows = [
        f"# $ {block.command}",
        *(f"# >>> {call}" for call in block.calls),
        *(f"# given {one}" for one in block.given),
    ]
    rows += [f"# exit {block.status}"] if block.status else []
    rows += [f"# {name}\n{getattr(block, name)}".removesuffix("\n") for name in SECTIONS if getattr(block, name)]
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("path", [*CASES, *ARRAYS], ids=lambda path: path.stem)
def test_text(
    path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    pytestconfig: pytest.Config,
) -> None:
    text = path.read_text(encoding="utf-8")
    source, blocks = parse(text)
    beside = files(source)
    given = beside.pop("")
    write(beside, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    ran, statuses = [], []
    for block in blocks:
        if not Path(block.words[1]).exists():
            write({block.words[1]: given}, tmp_path)
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(given.encode())))
        statuses.append(main(block.words))
        stdout, stderr = capsys.readouterr()
        if out := block.option("-o"):
            assert stdout == ""
            stdout = Path(out).read_text(encoding="utf-8")
        ran.append(replace(block, output=stdout, stderr=stderr))
    if pytestconfig.getoption("--update-cases"):
        path.write_text(render(source, ran), encoding="utf-8")
    else:
        assert render(source, ran) == text
    assert statuses == [block.status for block in blocks]


ALONE = """
import importlib.util, json, sys
assert not any(map(importlib.util.find_spec, ("srcgrad", "libcst", "jinja2")))
def value(text, call):
    try:
        exec(text, names := {})
        return repr(eval(call, names))
    except Exception as error:
        return repr(f"{type(error).__name__}: {error}")
json.dump([[value(text, call) for call in calls] for text, calls in json.load(sys.stdin)], sys.stdout)
"""


def test_numbers() -> None:
    """The emitted text alone, in an interpreter that knows nothing of srcgrad, gives the numbers."""
    found = list(_derived())
    jobs = [(block.output, [call.split(" == ")[0] for call in block.calls]) for _, block, _ in found]
    command = [sys.executable, "-I", "-S", "-c", ALONE]
    answer = subprocess.run(command, input=json.dumps(jobs), stdout=subprocess.PIPE, text=True, check=True).stdout
    wrong = []
    for (name, block, source), values in zip(found, json.loads(answer), strict=True):
        made = (one for one in _functions(block.output) if one.endswith(tuple(f"_{mode}" for mode in MODES)))
        slow = {one: _slow(one, source, block) for one in {*made} - _functions(files(source)[""])}
        wrong += [f"{name}: no call of {one}" for one in slow if not any(f"{one}(" in call for call in block.calls)]
        for call, value in zip(block.calls, map(ast.literal_eval, values), strict=True):
            left, _, right = call.partition(" == ")
            if not _close(value, ast.literal_eval(right), 1e-9):
                wrong.append(f"{name}: {call}, not {value}")
            if not _close(value, numeric := eval(left, dict(slow)), 1e-6):
                wrong.append(f"{name}: {left} == {value}, but {numeric} by finite differences")
    assert not wrong, "\n".join(wrong)


def test_numbers_of_arrays() -> None:
    """The emitted text alone, in an interpreter that knows nothing of srcgrad, against differences of the input."""
    jobs = [
        (name, block.output, source, block.option("--wrt") or "", block.given)
        for name, block, source in _derived(ARRAYS)
    ]
    folder = str(Path(np.__file__).parents[1])
    command = [sys.executable, "-I", "-S", str(Path(__file__).with_name("array_numbers.py")), folder]
    ran = subprocess.run(command, input=json.dumps(jobs), capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stdout + ran.stderr


def _derived(paths: Sequence[Path] = CASES) -> Iterator[tuple[str, Block, str]]:
    """Each block that writes derived functions: the name of its case, the block, the text that its command reads."""
    for path in paths:
        source, blocks = parse(path.read_text(encoding="utf-8"))
        files: dict[str | None, str] = {}
        for block in blocks:
            if block.words[0] == "emit" and block.output:
                yield path.stem, block, files.get(block.words[1], source)
            files[block.option("-o")] = block.output


def _functions(text: str) -> set[str]:
    return {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}


def _close(value: Any, expected: Any, tolerance: float) -> bool:
    if isinstance(value, (list, tuple)) or isinstance(expected, (list, tuple)):
        alike = type(value) is type(expected) and len(value) == len(expected)
        return alike and all(_close(*pair, tolerance) for pair in zip(value, expected, strict=True))
    return type(value) in (int, float) and math.isclose(value, expected, rel_tol=tolerance, abs_tol=tolerance / 1e3)


def _slow(name: str, source: str, block: Block) -> Callable[..., Any]:
    """The derived function `name` by finite differences."""
    mode = next(mode for mode in MODES if name.endswith(f"_{mode}"))
    beside = files(source)
    tree, wrt = ast.parse(beside.pop("")), block.option("--wrt")
    for node in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        if name == f"{node.name}_{mode}":
            marks = [key.value for mark in node.decorator_list for key in getattr(mark, "keywords", ())]
            wrt = wrt or next(map(ast.literal_eval, marks), None)
        node.decorator_list = []
    primal = _run(tree, beside)[name.removesuffix(f"_{mode}")]
    own = inspect.signature(primal).parameters
    outputs = len(inspect.signature(_run(ast.parse(block.output))[name]).parameters) - len(own)
    able = [key for key in own if own[key].default is own[key].empty and own[key].annotation is not int]
    return by_differences(mode, primal, wrt.split(",") if wrt else able, outputs)


def _run(tree: ast.Module, beside: dict[str, str] | None = None) -> dict[str, Any]:
    names: dict[str, Any] = {}
    known = set(sys.modules)
    with tempfile.TemporaryDirectory() as folder:
        write(beside or {}, Path(folder))
        sys.path.insert(0, folder)
        try:
            exec(compile(tree, "<case>", "exec", dont_inherit=True), names)
        finally:
            sys.path.remove(folder)
            for module in {*sys.modules} - known if beside else ():
                del sys.modules[module]
    return names


def test_lint(tmp_path: Path) -> None:
    for i, (name, block, _) in enumerate(_derived([*CASES, *ARRAYS])):
        (tmp_path / f"{name}_{i}.py").write_text(block.output, encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", str(tmp_path)]
    ruff = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ruff.returncode == 0, ruff.stdout + ruff.stderr


def test_nothing_but_imports_constants_and_functions() -> None:
    for name, block, _ in _derived([*CASES, *ARRAYS]):
        for node in ast.parse(block.output).body:
            constant = isinstance(node, ast.Assign)
            assert constant or isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef)), f"{name}: {node.lineno}"
