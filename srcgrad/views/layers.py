"""A circuit in layers, from left to right, as Sugiyama's method has it: what stands in which column, in which order.

Wires that pass a column stand in it as gates do, so that nothing is ever drawn over them; the order in each column is
the one with the fewest crossings that the barycentres of the neighbours find. A circuit wider than is wanted goes on
in a band below, where a wire begins again under its name.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from srcgrad.views.circuit import Circuit
from srcgrad.views.measures import GAP, Measures

_LONGEST = 16  # columns that a wire passes before it is better begun again
_SWEEPS = 4


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


@dataclass(frozen=True, eq=False)
class Band:
    """Columns of cells, ordered."""

    columns: tuple[list[Cell], ...]


def bands(circuit: Circuit, measures: Measures, width: float) -> list[Band]:
    """The circuit in bands no wider than `width`, if that is not 0."""
    layers = _layers(circuit)
    spans = list(_spans(layers, measures, width))
    starts = [start for start, _ in spans]
    lane = [bisect_right(starts, layer) - 1 for layer in layers]
    tied = frozenset(
        place
        for place, wire in enumerate(circuit.wires)
        for reader, _ in wire.readers
        if lane[reader] != lane[wire.node] or layers[reader] - layers[wire.node] > _LONGEST
    )
    found = []
    for number, (start, stop) in enumerate(spans):
        inside = {node: layers[node] - start + (number > 0) for node, at in enumerate(lane) if at == number}
        columns: list[list[Cell]] = [[] for _ in range(stop - start + (number > 0))]
        _fill(circuit, measures, inside, columns, tied)
        ordered = _ordered(columns)
        for cell in (cell for column in ordered for cell in column):
            if cell.node >= 0 and circuit.nodes[cell.node].swaps:
                _uncross(cell)
        found.append(Band(tuple(ordered)))
    return found


def _layers(circuit: Circuit) -> list[int]:
    """The layer of every node: inputs in the first, a gate after all that it reads."""
    layers: list[int] = []
    for node in circuit.nodes:
        latest = max((layers[circuit.wires[wire].node] for wire in node.inputs), default=0)
        layers.append(latest + 1 if node.gate else 0)
    return layers


def _spans(layers: Sequence[int], measures: Measures, width: float) -> Iterator[tuple[int, int]]:
    """The first layer of every band, and the one after the last."""
    wide = [0.0] * (max(layers, default=0) + 1)
    for node, layer in enumerate(layers):
        wide[layer] = max(wide[layer], measures.node_width(node))
    start, used = 0, 0.0
    for layer, size in enumerate(wide):
        if width and layer > start and used + size > width:
            yield start, layer
            start, used = layer, measures.widest_tie + GAP
        used += size + GAP
    yield start, len(wide)


def _fill(
    circuit: Circuit,
    measures: Measures,
    inside: Mapping[int, int],
    columns: list[list[Cell]],
    tied: frozenset[int],
) -> None:
    """Put the nodes of a band, the wires that pass and those that begin again into its columns, and link them."""
    cells: dict[int, Cell] = {}
    read: dict[int, list[tuple[int, int, int]]] = {}
    for node, column in inside.items():
        above, below = measures.room(node, tied)
        cells[node] = Cell(node, -1, False, above, below, measures.node_width(node))
        columns[column].append(cells[node])
        for port, wire in enumerate(circuit.nodes[node].inputs):
            read.setdefault(wire, []).append((column, node, port))
    for wire, readers in read.items():
        made = circuit.wires[wire]
        at, column, out = cells.get(made.node), inside.get(made.node, 0), measures.output(made.node, made.port)
        for reach, node, port in sorted(readers):
            if at is None or reach - column > _LONGEST:
                column, out = 0 if at is None and reach <= _LONGEST else reach - 1, 0.0
                at = Cell(-1, wire, True, *measures.slim, measures.tie_width(wire))
                columns[column].append(at)
            while column < reach - 1:
                column += 1
                passing = Cell(-1, wire, False, *measures.slim, 0.0)
                columns[column].append(passing)
                _link(Link(wire, at, passing, out, 0.0))
                at, out = passing, 0.0
            _link(Link(wire, at, cells[node], out, measures.input(node, port)))


def _link(link: Link) -> None:
    link.source.after.append(link)
    link.target.before.append(link)


def _ordered(columns: list[list[Cell]]) -> list[list[Cell]]:
    """The columns with the fewest crossings that sweeps to and fro find."""
    _number(columns)
    for column in columns[1:]:
        _sort(column, forward=True)
    best, fewest = [list(column) for column in columns], _crossings(columns)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        forward = sweep % 2 == 1
        for column in columns if forward else reversed(columns):
            _sort(column, forward)
        found = _crossings(columns)
        if found < fewest:
            best, fewest = [list(column) for column in columns], found
    _number(best)
    return best


def _uncross(cell: Cell) -> None:
    """Let the wires enter a gate whose operands may be swapped in the order in which they come."""
    ports = sorted(link.into for link in cell.before)
    coming = sorted(cell.before, key=lambda link: (link.source.place, link.out, link.into))
    for link, port in zip(coming, ports, strict=True):
        link.into = port


def _number(columns: list[list[Cell]]) -> None:
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


def _crossings(columns: list[list[Cell]]) -> int:
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
