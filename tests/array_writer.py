"""Writes random functions of arrays: every line is run where it is written, at the program's own arguments.

It stands only where numpy takes it, its value is moderate and no kink is near.
"""

from __future__ import annotations

import ast
import random
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from array_blanks import Array, Blanks, Pick, Text, UnfilledError, plain
from array_productions import EXPRESSIONS, NEAR, STATEMENTS, Production, apart, away, productions
from array_programs import Program, typed

NAMES = (
    "x", "y", "w", "b", "a", "c", "h", "s", "z", "u", "X", "W", "dx", "dh", "out", "dout", "cache", "mask", "t", "t1",
    "d", "scores", "mu", "axis", "value", "grad", "shape", "_x", "unbroadcast", "np_", "λ",
)  # fmt: skip
HELPERS = ("act", "f", "norm", "layer", "g")
SIZES = ("N", "D", "M", "n", "k", "rows")
DIMS = {1: "1", 2: "N", 3: "D", 4: "C"}
LARGEST = 30.0
ITEMS = 96
WRITTEN, BOUND = productions(EXPRESSIONS), productions(STATEMENTS)
REFUSED = (
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    ArithmeticError,
    Warning,
    NameError,
    np.linalg.LinAlgError,
)


def seeded(seed: int) -> Program:
    """A program that reads one of its parameters at least; one in seven is in single precision."""
    numbers = random.Random(seed)
    while not (program := _Module(numbers.randrange).program()).wrt:
        pass
    return replace(program, seed=seed)


@dataclass
class _Scope:
    """What can be read: arrays and numbers with their values, sizes, and the arrays that nothing else can see."""

    values: dict[str, Array] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)

    def copy(self) -> _Scope:
        return _Scope(dict(self.values), dict(self.sizes), set(self.own))

    def bind(self, name: str, value: Array, fresh: bool) -> None:
        self.values[name] = value
        self.sizes.pop(name, None)
        self.own.discard(name)
        if fresh and isinstance(value, np.ndarray):
            self.own.add(name)


class _Module:
    """The writer: every method takes its decisions by `pick`."""

    def __init__(self, pick: Pick) -> None:
        self.pick = pick
        self.lines: list[str] = []
        self.module: dict[str, Any] = {"np": np}
        self.helpers: list[tuple[str, int, bool]] = []
        self.asked: list[Text] = []
        self.taken: set[str] = set()
        self.depth = 0
        self.dtype = np.float32 if self.once_in(7) else np.float64  # Python's own floats have the second

    def some(self, items: Sequence[Any]) -> Any:
        return items[self.pick(len(items))]

    def once_in(self, n: int) -> bool:
        return self.pick(n) == n - 1

    def fresh(self, names: Sequence[str]) -> str:
        start = self.pick(len(names))
        name = next(n for n in (*names[start:], *names[:start]) if n not in self.taken)
        self.taken.add(name)
        return name

    def evaluated(self, text: Text, scope: _Scope, more: dict[str, Any] | None = None) -> Any:
        """What an expression is; None where numpy refuses or warns."""
        try:
            with warnings.catch_warnings(), np.errstate(all="raise"):
                warnings.simplefilter("error")
                return eval(text, {**self.module, **scope.values, **scope.sizes, **(more or {})})
        except REFUSED:
            return None

    def run(self, text: Text, scope: _Scope) -> Array:
        """The value of an expression, None where it is none to go on with."""
        value = self.evaluated(text, scope)
        return value if self.moderate(value) else None

    def moderate(self, value: Any) -> bool:
        floats = getattr(value, "dtype", float) == self.dtype and isinstance(value, (float, np.floating, np.ndarray))
        if not floats or (isinstance(value, np.ndarray) and value.ndim == 0) or np.ndim(value) > 4:
            return False
        return 0 < np.size(value) <= ITEMS and bool(np.all(np.abs(value) < LARGEST))

    def program(self) -> Program:
        name = self.fresh(("program", "loss", "forward", "model"))
        numbers = random.Random(self.pick(1 << 16))
        dims = [self.some((1, 2, 3, 3, 4)) for _ in range(3)]
        args: dict[str, Array] = {}
        for _ in range(1 + self.pick(4)):
            rank = self.some((0, 1, 1, 2, 2, 2, 3))
            shape = tuple(self.some((*dims, *dims, 1)) for _ in range(rank))
            flat = [numbers.uniform(-2, 2) for _ in range(int(np.prod(shape)))]
            args[self.fresh(NAMES)] = typed(np.array(flat).reshape(shape), self.dtype)
        scope = _Scope(dict(args))
        body = [line for _ in range(3 + self.pick(10)) for line in self.statement(scope)]
        body.append(f"return {self.result(scope)}")
        said = {p: " ".join(DIMS[n] for n in np.shape(value)) for p, value in args.items()}
        manner = self.some(("documented", "documented", "annotated"))
        return Program(tuple(self.lines), tuple(args), tuple(body), name, args, said, manner)

    def result(self, scope: _Scope) -> Text:
        kind = self.pick(5)
        recent = [*scope.values][-4:]
        if kind < 2:
            values = [self.some([*recent, *scope.values]) for _ in range(2 + self.pick(4))]
            terms = [f"{self.some(('np.sum', 'np.mean', 'np.sum'))}({v})" for v in values]
            return " + ".join(terms)
        if kind == 2:
            return ", ".join(self.some(recent) for _ in range(2 + self.pick(2)))
        return recent[-1] if kind == 3 else self.found(scope, 2)[0]

    def statement(self, scope: _Scope) -> list[str]:
        kind = self.pick(28)
        if kind > 23:
            return self.bound(scope)
        if kind == 0:
            return self.sized(scope)
        if kind == 1 and self.depth == 0:
            return self.branch(scope)
        if kind == 2:
            old, new = self.some([*scope.values]), self.target(scope)
            scope.own.discard(old)
            scope.bind(new, scope.values[old], False)
            return [f"{new} = {old}"]
        if kind == 3 and (owned := [n for n in scope.own if n in scope.values]):
            return self.added(scope, self.some(sorted(owned)))
        if kind == 4:
            (one, a), (two, b) = self.found(scope, 1), self.found(scope, 1)
            first, second = self.target(scope), self.target(scope)
            if first == second:
                return []
            scope.bind(first, a, False)
            scope.bind(second, b, False)
            return [f"{first}, {second} = {one}, {two}"]
        text, value = self.found(scope, 2)
        name = self.target(scope)
        for other in [n for n in scope.own if n in text]:  # what the value may be a view of
            scope.own.discard(other)
        scope.bind(name, value, isinstance(ast.parse(text, mode="eval").body, ast.BinOp))
        return [f"{name} = {text}"]

    def bound(self, scope: _Scope) -> list[str]:
        """Lines of the table of statements: names for several values at once."""
        one, before = self.operand(scope, 1), set(self.taken)
        new: list[str] = []

        def name() -> Text:
            new.append(next((n for _ in range(9) if (n := self.target(scope)) not in new), "spare"))
            return new[-1]

        text = one and self.written(
            self.some(BOUND), one, scope, {"new": name, "mid": name, "y": lambda: self.atom(scope)}
        )
        found = {**self.module, **scope.values, **scope.sizes}
        try:
            with warnings.catch_warnings(), np.errstate(all="raise"):
                warnings.simplefilter("error")
                exec(text or "raise TypeError", found)
        except REFUSED:
            self.taken = before
            return []
        kept = {name: value for name, value in scope.values.items() if name not in new}
        made = {name: found[name] for name in new if self.moderate(found[name])}
        if not kept and not made:
            return []
        scope.values, scope.own = {**kept, **made}, set()
        scope.sizes = {name: size for name, size in scope.sizes.items() if name not in new}
        return text.split("\n")

    def target(self, scope: _Scope) -> str:
        if scope.values and self.once_in(4):
            return self.some([*scope.values])
        return self.fresh(NAMES) if len(self.taken) < len(NAMES) else self.some([*scope.values])

    def added(self, scope: _Scope, name: str) -> list[str]:
        op = self.some(("+=", "+=", "-=", "*="))
        for _ in range(6):
            text, _ = self.found(scope, 1)
            total = self.run(f"{name} {op[0]} ({text})", scope)
            if total is not None and np.shape(total) == np.shape(scope.values[name]):
                scope.values[name] = total
                return [f"{name} {op} {text}"]
        return []

    def sized(self, scope: _Scope) -> list[str]:
        arrays = [n for n, v in scope.values.items() if isinstance(v, np.ndarray)]
        if not arrays:
            return []
        name = self.some(arrays)
        shape = scope.values[name].shape
        free = [n for n in SIZES if n not in scope.sizes and n not in self.taken]
        if len(free) < len(shape) or not shape:
            return []
        if self.once_in(3):
            scope.sizes[free[0]] = shape[0]
            return [f"{free[0]} = {self.some((f'{name}.shape[0]', f'len({name})', f'np.shape({name})[0]'))}"]
        names = free[: len(shape)]
        scope.sizes.update(zip(names, shape, strict=True))
        if len(names) == 1:
            return [f"{names[0]} = {name}.shape[0]" if self.once_in(2) else f"{names[0]}, = {name}.shape"]
        return [f"{', '.join(names)} = {name}.shape"]

    def branch(self, scope: _Scope) -> list[str]:
        test = self.condition(scope)
        if test is None:
            return []
        self.depth += 1
        name = self.target(scope)
        then, orelse = scope.copy(), scope.copy()
        one, two = [line for _ in range(self.pick(2)) for line in self.statement(then)], []
        text, a = self.found(then, 2)
        other, b = self.found(orelse, 2)
        if np.shape(a) != np.shape(b) and self.pick(6):
            atom = self.some([*scope.values])
            one, text, other, then = [], f"np.sin({atom})", f"0.5 * {atom}", scope.copy()
            a, b = (self.run(t, scope) for t in (text, other))
        self.depth -= 1
        if a is None or b is None:
            return []
        holds = bool(eval(test, self.module, {**scope.values, **scope.sizes}))
        inner = then if holds else orelse
        both = then.values.keys() & orelse.values.keys()
        kept = {n: v for n, v in inner.values.items() if n in both}
        scope.values, scope.sizes = kept, {n: v for n, v in scope.sizes.items() if n in inner.sizes}
        scope.own = set()
        if name in scope.values and self.once_in(3):  # without an else
            alike = np.shape(scope.values[name]) == np.shape(a)
            if alike and not one:
                scope.bind(name, a if holds else scope.values[name], False)
                return [f"if {test}:", f"    {name} = {text}"]
        scope.bind(name, a if holds else b, False)
        two = [f"    {name} = {other}"]
        return [f"if {test}:", *(f"    {line}" for line in one), f"    {name} = {text}", "else:", *two]

    def condition(self, scope: _Scope) -> Text | None:
        if (
            self.asked
            and self.once_in(3)
            and isinstance(self.evaluated(again := self.some(self.asked), scope), (bool, np.bool_))
        ):
            return again
        arrays = [n for n, v in scope.values.items() if isinstance(v, np.ndarray) and v.ndim]
        numbers = [n for n, v in scope.values.items() if np.ndim(v) == 0 and abs(v - 0.5) > NEAR]
        kinds = [
            *([f"{self.some(arrays)}.shape[0] > {self.pick(4)}"] if arrays else []),
            *([f"{self.some(arrays)}.ndim == {1 + self.pick(3)}"] if arrays else []),
            *([f"{self.some([*scope.sizes])} > 2"] if scope.sizes else []),
            *([f"{self.some(numbers)} {self.some('<>')} 0.5"] if numbers else []),
        ]
        if arrays:
            name = self.some(arrays)
            if abs(np.sum(scope.values[name]) - 0.5) > NEAR:
                kinds.append(f"np.sum({name}) > 0.5")
        if not kinds:
            return None
        self.asked.append(self.some(kinds))
        return self.asked[-1]

    def found(self, scope: _Scope, depth: int) -> tuple[Text, Array]:
        """An expression that can be run, and its value."""
        for _ in range(30):
            text = self.expression(scope, depth)
            value = None if text is None else self.run(text, scope)
            if value is not None and text is not None:
                return plain(text), value
        name = self.some([*scope.values])
        return f"np.tanh({name})", np.tanh(scope.values[name])

    def atom(self, scope: _Scope) -> Text:
        names = [*scope.values]
        return self.some(names[-3:] if self.pick(3) else names)

    def operand(self, scope: _Scope, depth: int) -> Text | None:
        """A name, or an expression in brackets."""
        if depth <= 0 or self.pick(3):
            return self.atom(scope)
        text = self.expression(scope, depth - 1)
        return f"({text})" if text and self.run(text, scope) is not None else None

    def expression(self, scope: _Scope, depth: int) -> Text | None:
        one = self.operand(scope, depth)
        if one is None:
            return None
        if self.once_in(16):
            return self.called(scope, one)
        others = {"y": lambda: self.operand(scope, depth - 1), "test": lambda: self.condition(scope)}
        return self.written(self.some(WRITTEN), one, scope, others)

    def written(self, row: Sequence[Production], one: Text, scope: _Scope, others: dict[str, Any]) -> Text | None:
        """A text of a row, its blanks filled; None where they do not hold what is asked."""
        if self.run(one, scope) is None:
            return None
        blanks, chosen = Blanks(self.pick, self.run, one, scope, others), self.some(row)
        try:
            if self.evaluated(blanks.filled(chosen.where), scope, {"apart": apart, "away": away}):
                return plain(blanks.filled(chosen.text))
        except UnfilledError:
            pass
        return None

    def called(self, scope: _Scope, one: Text) -> Text | None:
        """A call of a function of the module's own, which gives one value or two."""
        if self.helpers and self.pick(2):
            name, count, several = self.some(self.helpers)
            args = [one, *(self.atom(scope) for _ in range(count - 1))]
        elif self.depth or len(self.helpers) == len(HELPERS):
            return None
        else:
            args = [one, *(self.atom(scope) for _ in range(self.pick(2)))]
            values = [self.run(arg, scope) for arg in args]
            if any(value is None for value in values):
                return None
            name, several = self.helper(values), self.helpers[-1][2]
        return f"{plain(f'{name}({chr(44).join(args)})')}{f'[{self.pick(2)}]' if several else ''}"

    def helper(self, values: list[Array]) -> str:
        """A new function of the module's own, written for such values."""
        params = ["p", "q"][: len(values)]
        inner, name, several = (
            _Scope(dict(zip(params, values, strict=True))),
            HELPERS[len(self.helpers)],
            self.once_in(3),
        )
        self.depth += 1
        taken, self.taken = self.taken, {*params, *HELPERS}
        lines = [line for _ in range(self.pick(3)) for line in self.statement(inner)]
        given = ", ".join(self.found(inner, 1)[0] for _ in range(1 + several))
        self.taken = taken
        self.depth -= 1
        text = ["", "", f"def {name}({', '.join(params)}):", *(f"    {line}" for line in (*lines, f"return {given}"))]
        exec("\n".join(text), self.module)
        self.lines += text
        self.helpers.append((name, len(params), several))
        return name
