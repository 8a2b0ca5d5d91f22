"""The order of what stands in the columns of a circuit: that with the fewest crossings which is found.

Barycentres in sweeps to and fro, and neighbours exchanged where that helps, as Graphviz has it (Gansner and others, "A
Technique for Drawing Directed Graphs", 1993).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_SWEEPS = 12
_FEW_SWEEPS = 4
_PATIENCE = 4  # sweeps that find nothing better

End = tuple[int, float]
"""The place of a cell in its column, and of a link's end at it."""


@dataclass(eq=False, slots=True)
class Cell:
    """What stands in a column: a node (`node`), else a wire that begins again (`tie`) or passes.

    `above` and `below` are the room that it needs from its middle `y`, where it is put by placing.py.
    """

    node: int
    wire: int
    tie: bool
    above: float
    below: float
    width: float
    before: list[Link] = field(default_factory=list)
    after: list[Link] = field(default_factory=list)
    place: int = 0
    y: float = 0.0

    @property
    def passing(self) -> bool:
        return self.node < 0 and not self.tie


@dataclass(eq=False, slots=True)
class Link:
    """A piece of a wire between two columns: `out` and `into` are where it ends, from the middles of the cells."""

    wire: int
    source: Cell
    target: Cell
    out: float
    into: float


def ordered(columns: list[list[Cell]], thorough: bool) -> list[list[Cell]]:
    """The columns, each in the best order that is found; `thorough` where time does not matter."""
    best, fewest = columns, -1
    for start in _starts(columns) if thorough else (columns,):
        found, count = _swept(_copy(start), _SWEEPS if thorough else _FEW_SWEEPS, thorough)
        if fewest < 0 or count < fewest:
            best, fewest = found, count
        if not fewest:
            break
    _number(best)
    return best


def _starts(columns: list[list[Cell]]) -> Iterator[list[list[Cell]]]:
    """The orders to begin with: as evaluated, upside down, and the last value of each column first or last."""
    yield columns
    yield [column[::-1] for column in columns]
    yield [column[1:] + column[:1] for column in columns]
    yield [column[-1:] + column[:-1] for column in columns]


def _swept(columns: list[list[Cell]], sweeps: int, thorough: bool) -> tuple[list[list[Cell]], int]:
    """The best order that sweeps from this one find, and how many crossings it has."""
    _number(columns)
    for column in columns[1:]:
        _sort(column, forward=True)
    best, fewest = _copy(columns), _crossings(columns)
    since = 0
    for sweep in range(sweeps):
        if not fewest or since == _PATIENCE:
            break
        since += 1
        forward = sweep % 2 == 1
        for column in columns if forward else reversed(columns):
            _sort(column, forward)
        if thorough:
            _exchange(columns)
        found = _crossings(columns)
        if found < fewest:
            best, fewest, since = _copy(columns), found, 0
    return best, fewest


def _copy(columns: list[list[Cell]]) -> list[list[Cell]]:
    return [list(column) for column in columns]


def _exchange(columns: list[list[Cell]]) -> None:
    """Exchange neighbours as long as that takes crossings away."""
    better = True
    while better:
        better = False
        for column in columns:
            for place in range(len(column) - 1):
                upper, lower = column[place], column[place + 1]
                if _crossed(upper, lower) > _crossed(lower, upper):
                    column[place], column[place + 1] = lower, upper
                    upper.place, lower.place = lower.place, upper.place
                    better = True


def _crossed(upper: Cell, lower: Cell) -> int:
    """How many of the links of two cells cross where the one stands over the other."""
    pairs = ((_sources(upper), _sources(lower)), (_targets(upper), _targets(lower)))
    return sum(high > low for uppers, lowers in pairs for high in uppers for low in lowers)


def _sources(cell: Cell) -> list[End]:
    return [(link.source.place, link.out) for link in cell.before]


def _targets(cell: Cell) -> list[End]:
    return [(link.target.place, link.into) for link in cell.after]


def _number(columns: Iterable[list[Cell]]) -> None:
    for column in columns:
        for place, cell in enumerate(column):
            cell.place = place


def _sort(column: list[Cell], forward: bool) -> None:
    """Order a column by the barycentres of the neighbours on one side; a cell that has none stays."""
    weights: dict[int, float] = {}
    for cell in column:
        if forward:
            ends = [link.source.place + link.out / 1000 for link in cell.before]
        else:
            ends = [link.target.place + link.into / 1000 for link in cell.after]
        weights[id(cell)] = sum(ends) / len(ends) if ends else cell.place
    column.sort(key=lambda cell: weights[id(cell)])
    for place, cell in enumerate(column):
        cell.place = place


def _crossings(columns: Iterable[list[Cell]]) -> int:
    """How many pairs of links cross."""
    count = 0
    for column in columns:
        ends: list[tuple[int, float]] = []
        for cell in column:
            for link in sorted(cell.after, key=lambda link: (link.out, link.target.place, link.into)):
                end = (link.target.place, link.into)
                count += len(ends) - bisect_right(ends, end)
                insort(ends, end)
    return count
