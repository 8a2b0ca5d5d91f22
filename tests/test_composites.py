"""Gates across lines: each way to write one, and what looks like one and is none; all against differences."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from arrays import Case, derived, holds, lines

from srcgrad.composite import Composite
from srcgrad.gates import across_lines
from srcgrad.group import group
from srcgrad.staged import Mode

LABELS = np.array([1, 0, 3])
SCORES = {"s": (3, 4)}
SOFTMAX = "p = np.exp(s) / np.sum(np.exp(s), axis=1, keepdims=True)\n"
SHIFTED = "s = s - np.max(s, axis=1, keepdims=True)\n" + SOFTMAX
PICKED = "p[np.arange(len(y)), y]"
BATCH = {"x": (5, 3), "g": (3,)}
LOGP = "z = s - np.log(np.sum(np.exp(s), axis=1, keepdims=True))\n"
ROWS = "m = s.max(axis=1, keepdims=True)\n"
SUM = "np.log(np.sum(np.exp(s - m), axis=1, keepdims=True))"
MEAN = "m = np.mean(x, axis=0)\n"

COMPOSITES = (
    Case("e = np.exp(s)\nreturn e / np.sum(e)", SCORES),
    Case("e = np.exp(s)\np = e / e.sum(axis=1, keepdims=True)\nreturn p", SCORES),
    Case("e = np.exp(s)\np = e / e.sum(axis=0, keepdims=True)\nreturn p * w", {**SCORES, "w": (4,)}),
    Case(f"{SHIFTED}return p", SCORES),
    Case(f"s = s - np.max(s)\n{SOFTMAX}return p", SCORES),
    Case(f"s = s - np.max(s, axis=1)[:, None]\n{SOFTMAX}return p", SCORES),
    Case(f"s = s - c\n{SOFTMAX}return p * np.sum(c)", {**SCORES, "c": (3, 1)}),
    Case("z = s - s.max()\nreturn z - np.log(np.sum(np.exp(z)))", SCORES),
    Case("z = s - s.max(axis=1, keepdims=True)\nreturn z - np.log(np.exp(z).sum(axis=1, keepdims=True))", SCORES),
    Case("z = special.logsumexp(s)\nreturn s - z", SCORES, header="import numpy as np\nfrom scipy import special"),
    Case(
        "z = special.logsumexp(s, axis=0, keepdims=True)\nreturn s - z",
        SCORES,
        header="import numpy as np\nfrom scipy import special",
    ),
    Case(f"{SOFTMAX}return -np.sum(np.log({PICKED})) / len(y)", SCORES, {"y": LABELS}),
    Case(f"{SHIFTED}loss = -np.log({PICKED})\nreturn np.sum(w * loss)", {**SCORES, "w": (3,)}, {"y": LABELS}),
    Case(f"{SOFTMAX}return np.mean(np.log({PICKED})) + np.sum(s * s)", SCORES, {"y": LABELS}),
    Case(f"{SOFTMAX}return np.log({PICKED})", SCORES, {"y": LABELS}),
    Case("p = np.exp(s) / np.sum(np.exp(s))\nreturn -np.log(p[y])", {"s": (4,)}, {"y": 2}),
    Case("z = s - np.log(np.sum(np.exp(s)))\nreturn -2.0 * z[1]", {"s": (4,)}),
    Case(
        "p = np.exp(s) / np.sum(np.exp(s), axis=0, keepdims=True)\nreturn np.log(p[y, np.arange(4)])",
        SCORES,
        {"y": np.array([1, 0, 2, 2])},
    ),
    Case(
        f"{LOGP}return -np.mean(z[np.arange(len(y)), y])",
        SCORES,
        {"y": LABELS},
    ),
    Case(f"{LOGP}return z[np.arange(len(y)), y]", SCORES, {"y": LABELS}),
    Case(f"{SOFTMAX}return -np.sum(c * np.log(p))", SCORES, {"c": np.eye(4)[LABELS]}),
    Case(f"{SOFTMAX}return -np.sum(c * np.log(p), axis=1)", {**SCORES, "c": (3, 4)}),
    Case("p = np.exp(s) / np.sum(np.exp(s))\nreturn np.log(p)", SCORES),
    Case("p = 1 / (1 + np.exp(-s))\nreturn np.sum(np.log(p))", SCORES),
    Case("p = 1 / (1 + np.exp(-s))\nreturn np.log(1 - p)", SCORES),
    Case("p = 1 / (1 + np.exp(-x))\nreturn -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))", {"x": (4,), "y": (4,)}),
    Case("p = 1 / (1 + np.exp(-x))\nreturn np.log(p) * y + np.log(1 - p) * (1 - y)", {"x": (3, 1), "y": (4,)}),
    Case(f"{ROWS}return m + {SUM}", SCORES),
    Case("m = np.max(s, axis=1)\nreturn np.log(np.sum(np.exp(s - m[:, None]), axis=1)) + m", SCORES),
    Case("m = s.max(axis=0, keepdims=True)\nreturn m[0, :] + np.log(np.sum(np.exp(s - m), axis=0))", SCORES),
    Case("m = s.max()\nreturn m + np.log(np.sum(np.exp(s - m)))", SCORES),
    Case("return np.max(s, axis=1) + np.log(np.sum(np.exp(s - np.max(s, axis=1, keepdims=True)), axis=1))", SCORES),
    Case(f"{MEAN}std = np.sqrt(np.var(x, axis=0) + 1e-5)\nreturn g * ((x - m) / std)", BATCH),
    Case(f"{MEAN}std = np.std(x, axis=0)\nreturn g * ((x - m) / std)", BATCH),
    Case(f"{MEAN}z = x - m\nstd = np.sqrt(np.mean(z**2, axis=0) + 1e-5)\nreturn g * (z / std)", BATCH),
    Case(f"{MEAN}inv = 1 / np.sqrt(np.var(x, axis=0) + 1e-5)\nreturn g * ((x - m) * inv)", BATCH),
    Case(f"{MEAN}z = x - m\ninv = 1.0 / np.sqrt(np.mean(z * z, axis=0) + 1e-5)\nreturn inv * z * g", BATCH),
    Case(
        "m = x.mean(axis=-1, keepdims=True)\nv = x.var(axis=-1, keepdims=True)\nreturn (x - m) / np.sqrt(v + 1e-5) * g",
        BATCH,
    ),
    Case(
        "m, v = x.mean(axis=(0, 2), keepdims=True), x.var(axis=(0, 2), keepdims=True)\nreturn (x - m) / np.sqrt(v + 1)",
        {"x": (2, 3, 4)},
    ),
    Case("return (x - np.mean(x)) / np.std(x)", {"x": (3, 4)}),
)

NONE = (
    Case("p = np.exp(s) / np.sum(np.exp(s), axis=1, keepdims=False)\nreturn p", {"s": (3, 3)}),
    Case("e = np.exp(s)\np = e / np.sum(e, axis=1)\nreturn p", {"s": (3, 3)}),
    Case("e = np.exp(s)\np = e / np.sum(e, axis=1, keepdims=True)\nreturn p + e", SCORES),
    Case(f"s = s - c\n{SOFTMAX}return p", {**SCORES, "c": (4,)}),
    Case(f"s = s - c\n{SOFTMAX}return p", {"s": (1, 4), "c": (3, 1)}),
    Case(f"{SOFTMAX}return -np.sum(p * np.log(p))", SCORES),
    Case(f"{SOFTMAX}return np.log(p[np.arange(2), y])", SCORES, {"y": LABELS[:2]}),
    Case(f"{SOFTMAX}return np.log(p[np.array([0, 0, 2]), y])", SCORES, {"y": LABELS}),
    Case(f"{SOFTMAX}return np.log(p[y, np.arange(3)])", {"s": (4, 4)}, {"y": LABELS}),
    Case(
        "p = 1 / (1 + np.exp(-x))\nreturn y * np.log(p) + (1 - y) * np.log(1 - y)",
        {"x": (4,)},
        {"y": np.array([0.2] * 4)},
    ),
    Case(f"{ROWS}return 2 * m + {SUM}", SCORES),
    Case(f"{ROWS}return m[::-1] + {SUM}", SCORES),
    Case("m = s.max(axis=1)\nreturn m + np.log(np.sum(np.exp(s - m), axis=1))", {"s": (3, 3)}),
    Case("m = np.mean(x, axis=1)\nstd = np.sqrt(np.var(x, axis=0) + 1e-5)\nreturn (x - m) / std", {"x": (3, 3)}),
    Case(f"{MEAN}std = np.sqrt(np.var(x, axis=0, ddof=1) + 1e-5)\nreturn (x - m) / std", {"x": (4, 3)}),
    Case(f"{MEAN}std = np.sqrt(np.var(x, axis=0) + e)\nreturn (x - m) / std", {"x": (4, 3), "e": ()}, near=np.abs),
    Case(f"{MEAN}std = np.sqrt(np.var(x, axis=0) + 1e-5)\nreturn (x - m) / std * np.sum(std)", {"x": (4, 3)}),
    Case("m = np.mean(x, axis=1, keepdims=True)\nreturn (x - m) / np.std(x, axis=0)", {"x": (4, 3)}),
)


@pytest.mark.parametrize("case", COMPOSITES, ids=str)
def test_a_composite_is_right(case: Case) -> None:
    holds(case)


@pytest.mark.parametrize("case", NONE, ids=str)
def test_what_only_looks_like_one_is_right(case: Case) -> None:
    holds(case)


def found(case: Case, monkeypatch: pytest.MonkeyPatch) -> list[Composite]:
    """The composites that a case is found to hold."""
    seen: list[Composite] = []

    def watched(*args: object, whole: Callable[..., object]) -> object:
        seen.append(args[0])  # type: ignore[arg-type]
        return whole(*args)

    from functools import partial

    import srcgrad.group as room

    with monkeypatch.context() as patch:
        patch.setattr(room, "_whole", partial(watched, whole=room._whole))
        derived(case, Mode.VJP)
    return seen


def test_every_composite_of_the_book_has_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {id(one) for case in COMPOSITES for one in found(case, monkeypatch)}
    missing = [f"{one.gate.name}: {one.text}" for one in across_lines() if id(one) not in seen]
    assert not missing


@pytest.mark.parametrize("case", NONE, ids=str)
def test_what_only_looks_like_one_is_none(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {one.gate.name for one in found(case, monkeypatch)}
    assert names <= {"log_of_sigmoid"}


def test_float32_stays_float32() -> None:
    for case in COMPOSITES:
        if "c" not in case.fixed:
            holds(case, "float32", known=(True,))


def test_the_maximum_that_is_subtracted_has_no_line() -> None:
    rows = lines(Case(f"{SHIFTED}return -np.sum(np.log({PICKED})) / len(y)", SCORES, {"y": LABELS}))
    backward = rows[next(i for i, row in enumerate(rows) if row.startswith("ds = ")) :]
    assert backward == ["ds = p.copy()", "ds[np.arange(len(y)), y] -= 1", "ds *= dout / len(y)", "return ds,"]


def test_the_lines_of_a_composite_have_one_heading() -> None:
    case = Case(f"{MEAN}std = np.sqrt(np.var(x, axis=0) + 1e-5)\nxhat = (x - m) / std\nreturn g * xhat", BATCH)
    text, _ = derived(case, Mode.VJP)
    assert re.findall("# backprop (.*)", text) == ["out = g * xhat", "normalisation: x to xhat"]


def test_a_list_without_composites_is_handed_on_as_it_is() -> None:
    from srcgrad import derive, read as reading
    from srcgrad.scope import StaticScope
    from srcgrad.source import check, functions, read

    source = check("def f(x, y):\n    return x * y + x\n", "case.py")
    function = read(source, next(iter(functions(source))))
    wengert = reading.read(function, StaticScope(source), derive._book())
    assert group(wengert, {}, frozenset(), across_lines()) is wengert
