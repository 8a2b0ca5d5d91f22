"""The Wengert list, or the emitted reverse pass, as a table with the number that every line binds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from srcgrad.errors import SrcgradError
from srcgrad.show import rows
from srcgrad.views.figures import figure
from srcgrad.views.play import Moment, Played
from srcgrad.views.seen import Entry, Seen
from srcgrad.wengert import Line, ref
from srcgrad.wording import quoted


@dataclass(frozen=True)
class Row:
    """A line with what it binds: its text, its gate (of a gradient: why it is so), its value and the gradient on it.

    `counted` says that it has a number; an input has none, nor has what is no line.
    """

    text: str
    gate: str = ""
    value: Any = None
    gradient: Any = None
    counted: bool = False


@dataclass(frozen=True)
class Table:
    """The lines of a function with their values; `stopped` says where it came to nan or infinity, if it did."""

    head: str
    titles: tuple[str, ...]
    rows: tuple[Row, ...]
    result: str = ""
    stopped: SrcgradError | None = None

    @property
    def text(self) -> str:
        """The table itself."""
        last = len(str(sum(row.counted for row in self.rows))) + 2
        wide = max((len(row.text) for row in self.rows if row.gate), default=0)
        left = [self.head]
        for number, row in zip(self._numbers(), self.rows, strict=True):
            left.append(f"{number:>{last}}  {row.text:<{wide}}  {row.gate}".rstrip())
        broad = max(map(len, left))
        values = [figure(row.value) for row in self.rows], [figure(row.gradient) for row in self.rows]
        columns = [_column([title, *cells]) for title, cells in zip(self.titles, values, strict=False)]
        lines = ["  ".join((first.ljust(broad), *rest)).rstrip() for first, *rest in zip(left, *columns, strict=True)]
        return "\n".join([*lines, *([f"{'':>{last}}  return {self.result}"] if self.result else [])])

    def _numbers(self) -> Iterator[str]:
        count = 0
        for row in self.rows:
            count += row.counted
            yield str(count) if row.counted else ""

    def __str__(self) -> str:
        return f"{self.text}\n\n{self.stopped}" if self.stopped else self.text

    __repr__ = __str__


def forward(seen: Seen) -> Table:
    """The list with its values and the gradients on them, inputs first, as far as all is finite."""
    assert seen.every is not None
    stopped, seen = seen.every.stop, seen.halted()
    assert seen.every is not None
    inputs = [Row(entry.name, "", entry.value, entry.gradient) for entry in seen.entries if entry.line is None]
    lines = list(_lines(seen))
    whole = stopped is None or (seen.every.stopped is not None and not seen.every.stopped.primal)
    while not whole and lines and lines[-1].value is None:
        lines.pop()
    params = ", ".join(param.name for param in seen.wengert.params)
    result = seen.names.text(ref(seen.wengert.result)) if whole else ""
    return Table(f"{seen.name}({params})", ("value", "gradient"), (*inputs, *lines), result, stopped)


def backward(seen: Seen) -> Table:
    """The emitted reverse pass with the value of every line, as far as all is finite."""
    assert seen.emitted is not None
    stopped, played = seen.emitted.stop, seen.emitted.halted()
    laid = played.laid
    staged, text = laid.staged, laid.names.text
    upstream = [text(expr) for expr, _ in staged.extra]
    head = f"{laid.derived.functions[0]}({', '.join([*upstream, *(param.name for param in staged.params)])})"
    seeds = [Row(text(expr), "", played.seeds.get(expr.leaf)) for expr, _ in staged.extra]
    result = "" if stopped else ", ".join(text(gradient) for gradient, _ in staged.gradients)
    return Table(head, ("value",), (*seeds, *_reverse(played)), result, stopped)


def _lines(seen: Seen) -> Iterator[Row]:
    bound: dict[Line | None, list[Entry]] = {}
    for entry in seen.entries:
        bound.setdefault(entry.line, []).append(entry)
    for text, gate, line in rows(seen.wengert.body, seen.names):
        found = bound.get(line, []) if line else []
        yield Row(text, gate, _several([e.value for e in found]), _several([e.gradient for e in found]), True)


def _several(values: Sequence[Any]) -> Any:
    """What a line binds: a value, or several where there are any."""
    if all(value is None for value in values):
        return None
    return values[0] if len(values) == 1 else tuple(values)


def _reverse(played: Played) -> Iterator[Row]:
    """The lines of the reverse pass, under the statements of the user's that they belong to."""
    shown = [moment for moment in played.moments if not moment.primal and not _idle(moment)]
    for root, moments in groupby(shown, lambda moment: moment.statement and moment.statement.root):
        if root is not None:
            yield Row(f"# backprop {quoted(root)}")
        for moment in moments:
            value = _several(list(moment.values.values()))
            yield Row(moment.text, moment.step.reason, value, counted=True)


def _idle(moment: Moment) -> bool:
    """Whether a line hands a value on to its own name."""
    target, op, value = moment.text.partition(" = ")
    return bool(op) and target == value


def _column(cells: Sequence[str]) -> list[str]:
    """Cells under a title, all as wide: numbers at the right, whatever else is among them at the left."""
    wide = max(map(len, cells))
    at_left = any(cell.startswith(("(", "[", "{")) for cell in cells)
    return [cell.ljust(wide) if at_left else cell.rjust(wide) for cell in cells]
