"""Random programs, each derived in every mode and compared with dual numbers run through the program itself.

160 of them, always the same; `SRCGRAD_PROGRAMS=10000 pytest tests/test_programs.py -n auto` runs so many, and
prints how many were compared, how many were refused and why.
"""

from __future__ import annotations

import ast
import builtins
import copy
import linecache
import os
import random
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from programs import Program, Truth, curvature, exact, flat, normal, programs
from shards import Tally, drawn

import srcgrad
from srcgrad import SrcgradError
from srcgrad.emit import emit
from srcgrad.source import check
from srcgrad.staged import Mode

SHARDS = 4
COUNT = int(os.environ.get("SRCGRAD_PROGRAMS", "160"))
POINTS = 3
TOLERANCE = 1e-9


@pytest.mark.parametrize("shard", range(SHARDS))
def test_programs(shard: int, capsys: pytest.CaptureFixture[str]) -> None:
    tally = Tally(compare, capsys, "SRCGRAD_PROGRAMS")
    drawn(shard, programs(), COUNT // SHARDS, tally)
    counts = tally.checked(shard)
    assert counts["refused"] <= 0.05 * counts["programs"], counts
    assert counts["compared"] >= 0.8 * counts["programs"], counts


def compare(program: Program) -> Iterator[str]:
    """What happened to a program, in words to be counted; AssertionError where a derivative is wrong."""
    yield "programs"
    numbers = random.Random(program.text)
    points = [program.point(numbers) for _ in range(POINTS)]
    truths = [(point, truth) for point in points if (truth := exact(program, point))]
    modes = [mode for mode in Mode if program.outputs == 1 or mode not in (Mode.GRAD, Mode.VALUE_AND_GRAD)]
    ways: list[Callable[[Program, Mode], list[Callable[..., Any]]]] = [emitted]
    if numbers.random() < 0.3:
        ways.append(live)
        yield "live too"
    for way in ways:
        for mode in modes:
            try:
                functions = way(program, mode)
                for point, truth in truths:
                    _compare(mode, functions, program, point, truth, numbers)
            except SrcgradError as error:
                _placed(error)
                yield from ("refused", f"refused: {_reason(error, program)}")
                return
    if program.outputs == 1 and numbers.random() < 0.3:
        yield from _twice(program, points)
    yield "compared" if truths else "without a point to compare at"


def _placed(error: SrcgradError) -> None:
    assert error.span is not None, f"{error}: no place"


def emitted(program: Program, mode: Mode) -> list[Callable[..., Any]]:
    """The functions of the emitted file, alone: it may import `math` and `builtins`, nothing else."""
    return _alone(_emit(program.text, normal(program.name), mode), _defined(program, mode))


def live(program: Program, mode: Mode) -> list[Callable[..., Any]]:
    filename = f"<program {hash(program.text)}>"
    linecache.cache[filename] = len(program.text), None, program.text.splitlines(keepends=True), filename
    names: dict[str, Any] = {"__name__": "program"}
    exec(compile(program.text, filename, "exec", dont_inherit=True), names)
    derived = getattr(srcgrad, mode.value)(names[normal(program.name)])
    return list(derived) if mode is Mode.SPLIT else [derived]


def _emit(text: str, name: str, mode: Mode, wrt: str | None = None) -> str:
    return emit(check(text, "program.py"), [name], mode, wrt, "program.py", "srcgrad emit program.py").text


def _alone(text: str, names: Sequence[str]) -> list[Callable[..., Any]]:
    def only_math(module: str, *rest: Any) -> Any:
        assert module in ("math", "builtins"), f"imports {module}"
        return __import__(module, *rest)

    ast.parse(text)
    found: dict[str, Any] = {"__builtins__": {**vars(builtins), "__import__": only_math}, "__name__": "emitted"}
    exec(compile(text, "<emitted>", "exec", dont_inherit=True), found)
    return [found[name] for name in names]


def _defined(program: Program, mode: Mode) -> list[str]:
    parts = ("forward", "backward") if mode is Mode.SPLIT else (mode.value,)
    return [f"{normal(program.name)}_{part}" for part in parts]


def _compare(
    mode: Mode,
    functions: Sequence[Callable[..., Any]],
    program: Program,
    point: Sequence[Any],
    truth: Truth,
    numbers: random.Random,
) -> None:
    """Call what was derived at one point; AssertionError where it is not the truth."""
    args, single = copy.deepcopy(point), program.outputs == 1
    upstream = [numbers.uniform(-1, 1) for _ in truth.values]
    tangents = [numbers.uniform(-1, 1) for _ in truth.rows[0]]
    rows, doubts = truth.rows, _rows(truth)
    pulled = [sum(u * row[i] for u, row in zip(upstream, rows, strict=True)) for i in range(len(tangents))]
    unsure = [sum(map(abs, column)) for column in zip(*doubts, strict=True)]
    if mode is Mode.JVP:
        values, pushed = functions[0](*_shaped(tangents, point), *args)
        expected = [sum(t * d for t, d in zip(tangents, row, strict=True)) for row in rows]
        _close("tangents", flat(pushed), expected, [sum(row) for row in doubts])
        _floats("tangents", pushed)
        forth = sum(u * p for u, p in zip(upstream, flat(pushed), strict=True))
        back = sum(t * p for t, p in zip(tangents, pulled, strict=True))
        _close("<dout, J v> and <J^T dout, v>", [forth], [back], [sum(unsure) + 1e-12 * sum(map(abs, pulled))])
    else:
        values = None
        if mode is Mode.GRAD:
            gradients, pulled = functions[0](*args), rows[0]
        elif mode is Mode.VALUE_AND_GRAD:
            (values, gradients), pulled = functions[0](*args), rows[0]
        elif mode is Mode.VJP:
            gradients = functions[0](*upstream, *args)
        else:
            values, cache = functions[0](*args)
            gradients = functions[1](*upstream, cache)
        gradients = (gradients,) if len(point) == 1 else gradients
        for param, gradient in zip(program.params, gradients, strict=True):
            kind = type(gradient).__name__
            assert kind == param.kind, f"the gradient on {param.name} is a {kind}: {gradient}"
        _close("gradients", flat(gradients), pulled, unsure)
        _floats("gradients", gradients)
    if values is not None:
        assert isinstance(values, tuple) != single
        _close("values", flat(values), truth.values, truth.doubt)
    assert repr(args) == repr(point), "an argument was changed"


def _twice(program: Program, points: Sequence[Sequence[Any]]) -> Iterator[str]:
    """The emitted gradient, emitted again."""
    name, first = normal(program.name), normal(program.params[0].name)
    try:
        once = _emit(program.text, name, Mode.GRAD, first)
        again = _emit(once, f"{name}_grad", Mode.GRAD, first)
    except SrcgradError as error:
        yield f"second order refused: {_reason(error, program)}"
        return
    (function,) = _alone(again, [f"{name}_grad_grad"])
    for point in points:
        if truth := curvature(program, point):
            _close("second derivatives", [function(*point)], [truth[0]], [truth[1]])
    yield "second order too"


def _rows(truth: Truth) -> list[list[float]]:
    """The doubt on each row."""
    width = len(truth.rows[0])
    tails = truth.doubt[len(truth.values) :]
    return [tails[i : i + width] for i in range(0, len(tails), width)]


def _shaped(numbers: Sequence[float], point: Sequence[Any]) -> list[Any]:
    """`numbers` in the lists and tuples of `point`."""
    left = iter(numbers)
    return [type(arg)(next(left) for _ in arg) if isinstance(arg, (list, tuple)) else next(left) for arg in point]


def _close(what: str, found: Sequence[Any], expected: Sequence[float], doubts: Sequence[float]) -> None:
    assert len(found) == len(expected), f"{len(found)} {what}, not {len(expected)}"
    for x, y, doubt in zip(found, expected, doubts, strict=False):
        assert abs(x - y) <= TOLERANCE * abs(y) + 10 * doubt + 1e-12, f"{what}: {found}, not {expected}"


def _floats(what: str, value: Any) -> None:
    kinds = {type(x).__name__ for x in flat(value)}
    assert kinds <= {"float"}, f"{what} are {', '.join(sorted(kinds))}: {value}"


def _reason(error: SrcgradError, program: Program) -> str:
    """What is refused, without the program's own names and numbers."""
    names = {node.id for node in ast.walk(ast.parse(program.text)) if isinstance(node, ast.Name)}
    words = re.sub(r"\w+", lambda word: "_" if word[0] in names or word[0].isdigit() else word[0], error.message)
    return re.sub(r"_(, _)+", "_", words)
