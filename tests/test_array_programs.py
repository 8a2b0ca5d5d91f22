"""Random programs of arrays, each derived in every mode and compared with jax, which runs the same text.

Those of the seeds 0 to 39; `SRCGRAD_ARRAY_PROGRAMS=10000 pytest tests/test_array_programs.py -n auto` runs so many,
and prints how many were compared, how many were refused and why. One in seven is in single precision: its truth is that
in double precision, and how far jax is from it in single precision says how far one may be.
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
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from array_programs import Program
from array_truth import Truth, exact, largest
from array_writer import seeded
from shards import Tally

import srcgrad
from srcgrad import SrcgradError
from srcgrad.emit import emit
from srcgrad.errors import UnsettledError
from srcgrad.source import check
from srcgrad.staged import Mode

SHARDS = 4
COUNT = int(os.environ.get("SRCGRAD_ARRAY_PROGRAMS", "40"))
WAYS = ("emitted with facts", "emitted", "live with facts", "live")
LOST = 1e-3

Functions = list[Callable[..., Any]]


@pytest.mark.parametrize("shard", range(SHARDS))
def test_array_programs(shard: int, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("jax")
    tally = Tally(compare, capsys, "SRCGRAD_ARRAY_PROGRAMS")
    for seed in range(shard, COUNT, SHARDS):
        tally.add(seeded(seed))
    counts = tally.checked(shard)
    assert counts["refused"] <= 0.2 * counts["programs"], counts
    assert counts["compared"] >= 0.75 * counts["programs"], counts


def compare(program: Program, every_way: bool = False) -> Iterator[str]:
    """What happened to a program, in words to be counted; AssertionError where a derivative is wrong."""
    yield "programs"
    numbers = random.Random(program.text())
    truth, lost = _truth(program)
    if truth is None:
        yield lost
        return
    if program.short:
        yield "in single precision"
    refused = []
    for way in WAYS if every_way or numbers.random() < 0.4 else WAYS[:2]:
        modes = _modes(truth, None if every_way else numbers)
        for mode in modes if way != "emitted" or not program.listed else ():
            try:
                check_way(program, way, mode, truth)
            except SrcgradError as error:
                if "nothing says that the result" in error.message and "facts" not in way:
                    yield "a result that nothing calls a number"
                elif isinstance(error, UnsettledError) and "facts" not in way:
                    yield "open without facts"
                else:
                    refused.append(f"refused: {_reason(error, program)}")
                break
    yield from ("refused", *dict.fromkeys(refused)) if refused else ("compared",)


def _truth(program: Program) -> tuple[Truth | None, str]:
    """The truth in double precision, and the tolerance that the program's own has; or why there is none."""
    truth = exact(program.in_double())
    if truth is None:
        return None, "not run by jax"
    if not truth.finite:
        return None, "at a kink"
    if program.short:
        rough = exact(program)
        error = truth.error(rough) if rough is not None and rough.finite else np.inf
        if not error < LOST:
            return None, "lost in single precision"
        truth = replace(truth, tolerance=1e-4 + 100 * error)
    return truth, ""


def _modes(truth: Truth, numbers: random.Random | None) -> list[Mode]:
    """All modes, or forward and one of the reverse ones."""
    single = len(truth.values) == 1 and np.ndim(truth.values[0]) == 0
    reverse = [Mode.VJP, Mode.SPLIT, *([Mode.VALUE_AND_GRAD] if single else [])]
    return [Mode.JVP, *([numbers.choice(reverse)] if numbers else reverse)]


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
        assert module.partition(".")[0] in ("numpy", "math", "typing", "builtins"), f"imports {module}"
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
    kind = np.float32 if program.short else float
    upstream, tangents = (
        [d.astype(kind) if d.ndim else kind(d) for d in ds] for ds in (truth.upstream, truth.tangents)
    )
    before = copy.deepcopy((args, upstream, tangents))
    with warnings.catch_warnings(), np.errstate(divide="raise", over="raise", invalid="raise"):
        warnings.simplefilter("error")
        values, found, wanted = _called(mode, functions, args, upstream, tangents, truth)
    what = "tangent" if mode is Mode.JVP else "gradient"
    found = found if isinstance(found, tuple) else (found,)
    assert len(found) == len(wanted), f"{len(found)} {what}s, not {len(wanted)}"
    for one, two in zip(found, wanted, strict=True):
        _close(what, one, two, kind, truth.tolerance)
    if values is not None:
        assert isinstance(values, tuple) != single
        values = values if isinstance(values, tuple) else (values,)
        for one, two in zip(values, truth.values, strict=True):
            _close("value", one, two, kind, truth.tolerance)
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


def _close(what: str, found: Any, wanted: Any, kind: type, tolerance: float) -> None:
    assert np.shape(found) == np.shape(wanted), f"a {what} is {np.shape(found)}, not {np.shape(wanted)}"
    assert isinstance(found, float) or found.dtype == kind, f"a {what} is {type(found)} of {found.dtype}: {found}"
    close = np.abs(found - wanted) <= tolerance * largest(wanted)
    assert np.all(close), f"{what}: {found}, not {wanted}"


def _reason(error: SrcgradError, program: Program) -> str:
    """What is refused, without the program's own names and numbers."""
    names = {node.id for node in ast.walk(ast.parse(program.text())) if isinstance(node, ast.Name)} - {"np"}
    words = re.sub(r"\w+", lambda word: "_" if word[0] in names or word[0].isdigit() else word[0], error.message)
    return re.sub(r"_(, _)+", "_", words)
