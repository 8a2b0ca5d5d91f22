"""A production, and what its blanks are filled with, for an operand and for what else can be read."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Pick = Callable[[int], int]
Text = str
Array = Any
NEAR = 1e-3


@dataclass(frozen=True)
class Production:
    """A text with blanks, and what must hold of them for it to be written: smooth there, well conditioned."""

    text: str
    where: str


Row = tuple[int, str, tuple[str | tuple[str, str], ...]]


class UnfilledError(Exception):
    """Nothing fits into a blank."""


class Blanks:
    """Fills the blanks of one production, the same blank the same way wherever it stands."""

    def __init__(
        self, pick: Pick, run: Callable[[Text, Any], Array], x: Text, scope: Any,
        others: Mapping[str, Callable[[], Text | None]],
    ) -> None:  # fmt: skip
        self.pick, self.run, self.x, self.scope, self.others = pick, run, x, scope, others
        self.value = value = run(x, scope)
        self.rank, self.shape = np.ndim(value), np.shape(value)
        self.known: dict[str, Text] = {"x": x}

    def filled(self, text: Text) -> Text:
        return re.sub(r"\{(\w+)\}", lambda blank: self._one(blank[1]), text)

    def _one(self, name: str) -> Text:
        if name not in self.known:
            kind = name.rstrip("0123456789")
            made = self.others[kind]() if kind in self.others else getattr(self, f"a_{kind}")()
            if made is None:
                raise UnfilledError
            self.known[name] = made
        return self.known[name]

    def some(self, items: Sequence[Any]) -> Any:
        if not items:
            raise UnfilledError
        return items[self.pick(len(items))]

    # names and numbers

    def a_y(self) -> Text:
        names = [*self.scope.values]
        return self.some(names[-3:] if self.pick(3) else names)

    a_z = a_y

    def a_like(self) -> Text:
        return self.some([n for n, v in self.scope.values.items() if np.shape(v) == self.shape] or [self.x])

    def a_c(self) -> Text:
        return self.some(("1", "0.5", "2.0", "3", "-0.7", "1.5"))

    def a_k(self) -> Text:
        return self.some(("1", "2", "-1", "0"))

    def a_count(self) -> Text:
        return self.some(("0", "1", "1", "2"))

    def a_q(self) -> Text:
        return self.some(("0.5", "0.3", "0.75", "0.9"))

    def a_percent(self) -> Text:
        return self.some(("50", "25.0", "90", "33.3"))

    # sizes

    def a_size(self) -> Text:
        return self.some([*self.scope.sizes, f"len({self.x})", *(map(str, self.shape))])

    def _length(self, place: int) -> Text:
        size = self.shape[place] if self.rank else self.some(())
        named = [n for n, s in self.scope.sizes.items() if s == size]
        return self.some([*named, f"{self.x}.shape[{place}]", str(size)])

    def a_rows(self) -> Text:
        return self._length(0)

    def a_columns(self) -> Text:
        return self._length(-1)

    def a_eye(self) -> Text:
        size = self._length(-2) if self.rank > 1 else self.some(())
        return f"np.eye({size}, dtype=np.float32)" if self.value.dtype == np.float32 else f"np.eye({size})"

    def a_split(self) -> Text:
        whole = int(np.prod(self.shape))
        return self.some([f"({a}, {whole // a})" for a in range(1, whole + 1) if whole % a == 0] + ["(-1, 1)"])

    def a_wide(self) -> Text:
        return f"({', '.join(map(str, (2, *self.shape)))})"

    def a_widths(self) -> Text:
        return f"({', '.join(f'({self.pick(2)}, {self.pick(3)})' for _ in self.shape)},)"

    def a_rank(self) -> Text:
        return str(self.rank)

    # axes

    def a_axis(self) -> Text:
        return str(self.pick(self.rank) - (self.rank if self.pick(3) == 2 else 0)) if self.rank else self.some(())

    def a_over(self) -> Text:
        """The axes of a reduction and whether they are kept."""
        keep = ["keepdims=True"] if self.pick(3) == 2 else []
        kind = self.pick(6)
        if kind == 0 or self.rank == 0:
            return ", ".join([*self.some(([], [], ["axis=None"])), *keep])
        axis = int(self.a_axis())
        if kind == 1 and self.rank > 1:
            two = self.some([i for i in range(self.rank) if i != axis % self.rank])
            return ", ".join([f"axis=({axis % self.rank}, {two})", *keep])
        return ", ".join([f"axis={axis}" if self.pick(4) else str(axis), *keep])

    def a_order(self) -> Text:
        return f"({', '.join(map(str, sorted(range(self.rank), key=lambda _: self.pick(9))))},)"

    def a_one(self) -> Text:
        """Subscripts of one operand."""
        letters = "abcd"[: self.rank]
        if self.rank > 1 and self.shape[0] == self.shape[1] and self.pick(2):
            letters = f"aa{letters[2:]}"
        return f"{letters}->{self._kept(letters)}"

    def a_two(self) -> Text:
        """Subscripts of two operands: axes of one size may go by one letter."""
        letters, of = "abcd"[: self.rank], np.shape(self.run(self._one("y"), self.scope))
        second = ""
        for place, size in enumerate(of):
            alike = [a for a, n in zip(letters, self.shape, strict=True) if n == size and a not in second]
            second += self.some(alike) if alike and self.pick(4) else "ijkl"[place]
        arrow = f"->{self._kept(letters + second)}" if self.pick(4) else ""
        return f"{letters},{second}{arrow}"

    def _kept(self, letters: str) -> str:
        kept = [a for a in dict.fromkeys(letters) if self.pick(2)]
        return "".join(sorted(kept, key=lambda _: self.pick(9)))

    # places

    def a_i(self) -> Text:
        return str(self.pick(self.shape[0])) if self.rank else self.some(())

    def _places(self, size: int, count: int) -> Text:
        return f"np.array({[self.pick(size) for _ in range(count)]})"

    def a_places(self) -> Text:
        self.count = 1 + self.pick(3)
        return self._places(self.shape[0], self.count)

    def a_columns_at(self) -> Text:
        return self._places(self.shape[1], getattr(self, "count", 2)) if self.rank > 1 else self.some(())

    def a_column_of_each(self) -> Text:
        return self._places(self.shape[1], self.shape[0]) if self.rank > 1 else self.some(())

    def a_column(self) -> Text:
        return str(self.pick(self.shape[1])) if self.rank > 1 else self.some(())

    def a_flags(self) -> Text:
        return f"np.array({[True, *(self.pick(2) == 1 for _ in range(self.shape[0] - 1))]})"

    def a_mask(self) -> Text:
        """Which items of the operand: away from where that changes."""
        name = self.a_like()
        limit = self.some(("0.1", "-0.4"))
        if np.any(np.abs(self.scope.values.get(name, self.value) - float(limit)) < NEAR):
            raise UnfilledError
        return f"{name} > {limit}"

    def a_grid(self) -> Text:
        """Places that grow, one for each item along the last axis."""
        size = self.shape[-1] if self.rank else 0
        written = [round(0.5 * i * i + i, 1) for i in range(size)]
        return self.some((f"np.array({written})", f"np.linspace(-1.0, 2.0, {size})", f"np.arange({size}) / 2"))

    def a_slices(self) -> Text:
        places = [
            self.some((":", ":", "1:", ":-1", "::2", "::-1", f"{self.pick(size)}", f":{size}", "-1", "0:2"))
            for size in self.shape[: 1 + self.pick(max(1, self.rank))]
        ]
        if self.pick(6) == 5:
            places.insert(self.pick(len(places) + 1), "None")
        if self.pick(6) == 5:
            places = ["...", *places[:1]]
        return ", ".join(places)


def plain(text: Text) -> Text:
    """The same without the brackets that blanks have for safety."""
    return ast.unparse(ast.parse(text))


def apart(value: Array) -> bool:
    """Whether no two items are nearly alike."""
    return bool(np.all(np.diff(np.sort(np.ravel(value))) > NEAR))


def away(value: Array) -> bool:
    """Whether no item is nearly zero."""
    return bool(np.all(np.abs(value) > NEAR))


def productions(rows: tuple[Row, ...]) -> list[tuple[Production, ...]]:
    """The rows, each as often as it is to be taken."""
    return [tuple(_row(where, texts)) for often, where, texts in rows for _ in range(often)]


def _row(where: str, texts: tuple[str | tuple[str, str], ...]) -> Iterator[Production]:
    for text in texts:
        alone, own = (text, "True") if isinstance(text, str) else text
        yield Production(alone, f"({where}) and np.all({own})")
