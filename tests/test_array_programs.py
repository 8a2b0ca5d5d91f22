"""Random programs of arrays, each derived in every mode and compared with jax, which runs the same text.

40 of them, always the same; `SRCGRAD_ARRAY_PROGRAMS=10000 pytest tests/test_array_programs.py -n auto` runs so many,
and prints how many were compared, how many were refused and why.
"""

from __future__ import annotations

import ast
import builtins
import copy
import importlib.util
import os
import random
import re
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from array_programs import Program, Truth, exact, programs
from shards import counted

import srcgrad
from srcgrad import SrcgradError
from srcgrad.emit import emit
from srcgrad.source import check
from srcgrad.staged import Mode

SHARDS = 4
COUNT = int(os.environ.get("SRCGRAD_ARRAY_PROGRAMS", "40"))
TOLERANCE = 1e-8
MODES = (Mode.VJP, Mode.JVP, Mode.SPLIT, Mode.VALUE_AND_GRAD)

Functions = list[Callable[..., Any]]


@pytest.mark.parametrize("shard", range(SHARDS))
def test_array_programs(shard: int, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("jax")
    counts = counted(shard, programs(), COUNT // SHARDS, compare, capsys, "SRCGRAD_ARRAY_PROGRAMS")
    assert counts["refused"] <= 0.1 * counts["programs"], counts
    assert counts["compared"] >= 0.8 * counts["programs"], counts


def compare(program: Program, every_way: bool = False) -> Iterator[str]:
    """What happened to a program, in words to be counted; AssertionError where a derivative is wrong."""
    yield "programs"
    numbers = random.Random(program.text())
    truth = exact(program, numbers)
    if truth is None:
        yield "not run by jax"
        return
    single = len(truth.values) == 1
    modes = [mode for mode in MODES if mode is not Mode.VALUE_AND_GRAD or (single and np.ndim(truth.values[0]) == 0)]
    refused = []
    ways = WAYS if every_way or numbers.random() < 0.4 else WAYS[:2]
    for way in ways:
        for mode in modes if way != "emitted" or not program.listed else ():
            try:
                check_way(program, way, mode, truth)
            except SrcgradError as error:
                if "nothing says that the result" in error.message and "facts" not in way:
                    yield "a result that nothing calls a number"
                else:
                    refused.append(f"refused: {_reason(error, program)}")
                break
    yield from ("refused", *dict.fromkeys(refused)) if refused else ("compared",)


WAYS = ("emitted with facts", "emitted", "live with facts", "live")


def check_way(program: Program, way: str, mode: Mode, truth: Truth) -> None:
    """One mode of what is derived in one way, against the truth."""
    if "facts" in way:
        try:
            functions = derived(program, way, mode, program.manner)
        except SrcgradError as error:  # two names may be one number
            if "these shapes do not fit" not in error.message:
                raise
            functions = derived(program.numbered(), way, mode, program.manner)
    else:
        functions = derived(program, way, mode, "")
    _compare(mode, functions, program, truth)


def derived(program: Program, way: str, mode: Mode, manner: str) -> Functions:
    return (live if "live" in way else emitted)(program, mode, program.text(manner))


def emitted(program: Program, mode: Mode, text: str) -> Functions:
    """The functions of the emitted file, alone: it may import numpy, nothing else."""
    made = emit(
        check(text, "program.py"), [program.name], mode, program.wrt, "program.py", "srcgrad emit program.py"
    ).text

    def only_numpy(module: str, *rest: Any) -> Any:
        assert module in ("numpy", "math", "typing", "builtins"), f"imports {module}"
        return __import__(module, *rest)

    found: dict[str, Any] = {"__builtins__": {**vars(builtins), "__import__": only_numpy}, "__name__": "emitted"}
    exec(compile(made, "<emitted>", "exec", dont_inherit=True), found)
    parts = ("forward", "backward") if mode is Mode.SPLIT else (mode.value,)
    return [found[f"{program.name}_{part}"] for part in parts]


def live(program: Program, mode: Mode, text: str) -> Functions:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.py"
        path.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location("program", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        function = getattr(srcgrad, mode.value)(getattr(module, program.name), wrt=program.wrt)
        functions = list(function) if mode is Mode.SPLIT else [function]
        # The text is derived at the first call, for the arguments that it gets.
        return functions


def _compare(mode: Mode, functions: Functions, program: Program, truth: Truth) -> None:
    """Call what was derived; AssertionError where it is not the truth."""
    args, single = list(copy.deepcopy(program.args).values()), len(truth.values) == 1
    upstream = [_as(u, u) for u in copy.deepcopy(truth.upstream)]
    chosen = [program.args[name] for name in program.wrt]
    tangents = [_as(t, arg) for t, arg in zip(copy.deepcopy(truth.tangents), chosen, strict=True)]
    before = copy.deepcopy((args, upstream, tangents))
    with warnings.catch_warnings(), np.errstate(divide="raise", over="raise", invalid="raise"):
        warnings.simplefilter("error")
        values, found, wanted = _called(mode, functions, args, upstream, tangents, truth)
    what = "tangent" if mode is Mode.JVP else "gradient"
    found = found if isinstance(found, tuple) else (found,)
    assert len(found) == len(wanted), f"{len(found)} {what}s, not {len(wanted)}"
    for one, two in zip(found, wanted, strict=True):
        _close(what, one, two)
    if values is not None:
        assert isinstance(values, tuple) != single
        values = values if isinstance(values, tuple) else (values,)
        for one, two in zip(values, truth.values, strict=True):
            _close("value", one, two)
    for now, then in zip([*args, *upstream, *tangents], [x for row in before for x in row], strict=True):
        assert np.array_equal(now, then), "an argument was changed"
    others = [*args, *(values or ()), *(tangents if mode is Mode.JVP else upstream)]
    for one, two in [*combinations(found, 2), *((one, two) for one in found for two in others)]:
        if isinstance(one, np.ndarray) and isinstance(two, np.ndarray):
            assert not np.shares_memory(one, two), f"a {what} shares memory"


def _called(
    mode: Mode, functions: Functions, args: list[Any], upstream: list[Any], tangents: list[Any], truth: Truth
) -> tuple[Any, Any, Sequence[Any]]:
    """The values, where they are returned, the gradients or tangents, and what these must be."""
    if mode is Mode.JVP:
        return *functions[0](*tangents, *args), truth.pushed
    if mode is Mode.VJP:
        return None, functions[0](*upstream, *args), truth.pulled
    if mode is Mode.SPLIT:
        values, cache = functions[0](*args)
        return values, functions[1](*upstream, cache), truth.pulled
    values, gradients = functions[0](*args)
    scale = float(truth.upstream[0])
    return values, gradients, [one / scale for one in truth.pulled]


def _as(value: Any, like: Any) -> Any:
    return float(value) if np.ndim(like) == 0 else value


def _close(what: str, found: Any, wanted: Any) -> None:
    assert np.shape(found) == np.shape(wanted), f"a {what} is {np.shape(found)}, not {np.shape(wanted)}"
    assert isinstance(found, float) or found.dtype == np.float64, f"a {what} is {type(found)}: {found}"
    largest = max(1.0, float(np.max(np.abs(wanted))))
    assert np.all(np.abs(found - wanted) <= TOLERANCE * largest), f"{what}: {found}, not {wanted}"


def _reason(error: SrcgradError, program: Program) -> str:
    """What is refused, without the program's own names and numbers."""
    names = {node.id for node in ast.walk(ast.parse(program.text())) if isinstance(node, ast.Name)} - {"np"}
    words = re.sub(r"\w+", lambda word: "_" if word[0] in names or word[0].isdigit() else word[0], error.message)
    return re.sub(r"_(, _)+", "_", words)
