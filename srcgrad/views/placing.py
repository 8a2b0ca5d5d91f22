"""Where everything of a circuit stands, in pixels: its columns placed, its wires drawn as lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

from srcgrad.views.circuit import Circuit
from srcgrad.views.layers import Band, bands
from srcgrad.views.measures import GAP, RADIUS, Measures
from srcgrad.views.ordering import Cell, Link

_MARGIN = 14.0
_BETWEEN = 10.0  # between the cells of a column
_BANDS = 34.0  # between bands
_WIDEST_GAP = 110.0
_SWEEPS = 7
_STRAIGHT = 6.0  # how much more it matters that a passing wire is straight

Point = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Box:
    """A node and where it stands."""

    node: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, eq=False)
class Text:
    """A text on a wire: where its line begins and how long it is."""

    wire: int
    x: float
    y: float
    width: float


@dataclass(frozen=True, eq=False)
class Placed:
    """The boxes; by wire its lines, the dots where it forks, its texts, and the names where it begins again."""

    circuit: Circuit
    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: dict[int, list[tuple[Point, ...]]]
    forks: dict[int, list[Point]]
    texts: dict[int, Text]
    ties: dict[int, list[Text]]


def placed(circuit: Circuit, width: float = 0) -> Placed:
    """The circuit laid out, no wider than `width`, if that is not 0, as far as its columns allow."""
    inner = max(width - 2 * _MARGIN, 1.0) if width else 0.0
    measures = Measures(circuit)
    pen = _Pen(circuit, measures)
    for band in bands(circuit, measures, inner):
        pen.draw(band, inner)
    boxes = tuple(sorted(pen.boxes, key=lambda box: box.node))
    size = (pen.right + _MARGIN, pen.bottom + _MARGIN)
    return Placed(circuit, *size, boxes, pen.lines, pen.forks, pen.texts, pen.ties)


class _Pen:
    """Draws band below band."""

    def __init__(self, circuit: Circuit, measures: Measures) -> None:
        self.circuit = circuit
        self.measures = measures
        self.boxes: list[Box] = []
        self.lines: dict[int, list[tuple[Point, ...]]] = {}
        self.forks: dict[int, list[Point]] = {}
        self.texts: dict[int, Text] = {}
        self.ties: dict[int, list[Text]] = {}
        self.right = 0.0
        self.bottom = 0.0

    def draw(self, band: Band, inner: float) -> None:
        """Draw a band below what is drawn."""
        _level(band)
        cells = [cell for column in band.columns for cell in column]
        if not cells:
            return
        _close(cells)
        down = self.bottom + (_BANDS if self.boxes else _MARGIN) - min(cell.y - cell.above for cell in cells)
        for cell in cells:
            cell.y += down
        self.bottom = max(cell.y + cell.below for cell in cells)
        before = 0.0
        for column, left, right in _across(band, inner):
            self.right = max(self.right, right)
            for cell in column:
                self._cell(cell, left, right)
                for link in cell.before:
                    self._link(link, before, left)
            before = right

    def _cell(self, cell: Cell, left: float, right: float) -> None:
        if cell.node >= 0:
            self._node(cell, left, right)
        elif cell.tie:
            wide = cell.width - 16
            self.ties.setdefault(cell.wire, []).append(Text(cell.wire, left, cell.y, wide))
            self._run(cell.wire, left + wide + 4, right, cell.y, cell.after)
        else:
            self._run(cell.wire, left, right, cell.y, cell.after)

    def _node(self, cell: Cell, left: float, right: float) -> None:
        node = self.circuit.nodes[cell.node]
        wide, high = self.measures.boxes[cell.node]
        self.boxes.append(Box(cell.node, left, cell.y - high / 2, wide, high))
        for port, wire in enumerate(node.outputs):
            y = cell.y + self.measures.output(cell.node, port)
            stub = self.measures.stubs[wire]
            self.texts[wire] = Text(wire, left + wide, y, stub)
            after = [link for link in cell.after if link.wire == wire]
            self._run(wire, left + wide, right if after else left + wide + stub, y, after)

    def _run(self, wire: int, start: float, end: float, y: float, after: Sequence[Link]) -> None:
        """The level piece of a wire in a column, and the dot where it forks."""
        self.lines.setdefault(wire, []).append(((start, y), (end, y)))
        if len(after) > 1:
            self.forks.setdefault(wire, []).append((end, y))

    def _link(self, link: Link, before: float, left: float) -> None:
        """The piece of a wire from the end of a column to where it enters a cell of the next."""
        y = link.target.y + link.into
        inside = min(self.measures.boxes[link.target.node][0] / 2, RADIUS) if link.target.node >= 0 else 0.0
        line = ((before, link.source.y + link.out), (left, y), (left + inside, y))
        self.lines[link.wire].append(line if inside else line[:2])


def _across(band: Band, inner: float) -> Iterator[tuple[list[Cell], float, float]]:
    """The columns from left to right, with the places where they begin and end."""
    widths = [max((cell.width for cell in column), default=0.0) for column in band.columns]
    gaps = [_gap(column) for column in band.columns[:-1]]
    spare = inner - sum(widths) - GAP * len(gaps)
    wanted = sum(gaps) - GAP * len(gaps)
    share = min(1.0, max(spare, 0.0) / wanted) if inner and wanted else 1.0
    left = _MARGIN
    for column, width, gap in zip(band.columns, widths, [*gaps, 0.0], strict=True):
        yield column, left, left + width
        left += width + GAP + (gap - GAP) * share


def _gap(column: list[Cell]) -> float:
    """The room after a column: more where wires climb high."""
    climbs = (abs(link.target.y + link.into - link.source.y - link.out) for cell in column for link in cell.after)
    return min(max(GAP, 26 + 0.2 * max(climbs, default=0.0)), _WIDEST_GAP)


def _level(band: Band) -> None:
    """The height of every cell: near its neighbours, in the order of its column, none over another."""
    for column in band.columns:
        _settle(column, [0.0] * len(column), [1.0] * len(column))
    for sweep in range(_SWEEPS):
        last = sweep == _SWEEPS - 2
        for column in band.columns if sweep % 2 == 0 else reversed(band.columns):
            wishes = [_wish(cell, last or sweep % 2 == 0, last or sweep % 2 == 1) for cell in column]
            _settle(column, [wish for wish, _ in wishes], [weight for _, weight in wishes])


def _close(cells: Sequence[Cell]) -> None:
    """Take out what is empty from left to right, as between parts that no wire joins."""
    filled = [(cell.y - cell.above, cell.y + cell.below) for cell in cells]
    for cell in cells:
        for link in cell.after:
            ends = (cell.y + link.out, link.target.y + link.into)
            filled.append((min(ends), max(ends)))
    shifts: list[tuple[float, float]] = []
    bottom, shift = inf, 0.0
    for low, high in sorted(filled):
        if low > bottom + _BETWEEN:
            shift += low - bottom - _BETWEEN
            shifts.append((low, shift))
        bottom = high if bottom == inf else max(bottom, high)
    for cell in cells:
        place = bisect_right(shifts, (cell.y, inf))
        cell.y -= shifts[place - 1][1] if place else 0.0


def _wish(cell: Cell, before: bool, after: bool) -> tuple[float, float]:
    """Where a cell would stand for its neighbours' sake, and how much that matters."""
    total = weights = 0.0
    for link in cell.before if before else ():
        weight = _STRAIGHT if cell.passing and link.source.passing else 1.0
        total += weight * (link.source.y + link.out - link.into)
        weights += weight
    for link in cell.after if after else ():
        weight = _STRAIGHT if cell.passing and link.target.passing else 1.0
        total += weight * (link.target.y + link.into - link.out)
        weights += weight
    return (total / weights, weights) if weights else (cell.y, 0.1)


def _settle(column: list[Cell], wishes: list[float], weights: list[float]) -> None:
    """Move cells as little as possible from their wishes, so that none stands over another: isotonic regression."""
    blocks: list[tuple[float, float, int]] = []
    offsets: list[float] = []
    offset = 0.0
    for place, cell in enumerate(column):
        offset += column[place - 1].below + _BETWEEN + cell.above if place else 0.0
        offsets.append(offset)
        mean, weight, count = wishes[place] - offset, weights[place], 1
        while blocks and blocks[-1][0] > mean:
            other, heavy, many = blocks.pop()
            mean, weight, count = (mean * weight + other * heavy) / (weight + heavy), weight + heavy, count + many
        blocks.append((mean, weight, count))
    means = (mean for mean, _, count in blocks for _ in range(count))
    for cell, mean, offset in zip(column, means, offsets, strict=True):
        cell.y = mean + offset
