"""Writes expressions of random functions of arrays: each is run where it is written, and stands where it can be.

numpy takes it there, its value is moderate and no kink is near.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from array_blanks import NEAR, Array, Blanks, Pick, Production, Text, UnfilledError, apart, away, plain, productions
from array_productions import EXPRESSIONS

HELPERS = ("act", "f", "norm", "layer", "g")
LARGEST = 30.0
ITEMS = 96
WRITTEN = productions(EXPRESSIONS)
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


@dataclass
class Scope:
    """What can be read: arrays and numbers with their values, sizes, and the arrays that nothing else can see."""

    values: dict[str, Array] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)

    def copy(self) -> Scope:
        return Scope(dict(self.values), dict(self.sizes), set(self.own))

    def bind(self, name: str, value: Array, fresh: bool) -> None:
        self.values[name] = value
        self.sizes.pop(name, None)
        self.own.discard(name)
        if fresh and isinstance(value, np.ndarray):
            self.own.add(name)


class Expressions:
    """The writer of expressions: every method takes its decisions by `pick`."""

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

    def evaluated(self, text: Text, scope: Scope, more: dict[str, Any] | None = None) -> Any:
        """What an expression is; None where numpy refuses or warns."""
        try:
            with warnings.catch_warnings(), np.errstate(all="raise"):
                warnings.simplefilter("error")
                return eval(text, {**self.module, **scope.values, **scope.sizes, **(more or {})})
        except REFUSED:
            return None

    def run(self, text: Text, scope: Scope) -> Array:
        """The value of an expression, None where it is none to go on with."""
        value = self.evaluated(text, scope)
        return value if self.moderate(value) else None

    def moderate(self, value: Any) -> bool:
        floats = getattr(value, "dtype", float) == self.dtype and isinstance(value, (float, np.floating, np.ndarray))
        if not floats or (isinstance(value, np.ndarray) and value.ndim == 0) or np.ndim(value) > 4:
            return False
        return 0 < np.size(value) <= ITEMS and bool(np.all(np.abs(value) < LARGEST))

    def condition(self, scope: Scope) -> Text | None:
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

    def found(self, scope: Scope, depth: int) -> tuple[Text, Array]:
        """An expression that can be run, and its value."""
        for _ in range(30):
            text = self.expression(scope, depth)
            value = None if text is None else self.run(text, scope)
            if value is not None and text is not None:
                return plain(text), value
        name = self.some([*scope.values])
        return f"np.tanh({name})", np.tanh(scope.values[name])

    def atom(self, scope: Scope) -> Text:
        names = [*scope.values]
        return self.some(names[-3:] if self.pick(3) else names)

    def operand(self, scope: Scope, depth: int) -> Text | None:
        """A name, or an expression in brackets."""
        if depth <= 0 or self.pick(3):
            return self.atom(scope)
        text = self.expression(scope, depth - 1)
        return f"({text})" if text and self.run(text, scope) is not None else None

    def expression(self, scope: Scope, depth: int) -> Text | None:
        one = self.operand(scope, depth)
        if one is None:
            return None
        if self.once_in(16):
            return self.called(scope, one)
        others = {"y": lambda: self.operand(scope, depth - 1), "test": lambda: self.condition(scope)}
        return self.written(self.some(WRITTEN), one, scope, others)

    def written(self, row: Sequence[Production], one: Text, scope: Scope, others: dict[str, Any]) -> Text | None:
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

    def called(self, scope: Scope, one: Text) -> Text | None:
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
            Scope(dict(zip(params, values, strict=True))),
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

    def statement(self, scope: Scope) -> list[str]:
        """The lines of a statement, which the writer of statements knows."""
        raise NotImplementedError
