"""A circuit in layers, from left to right, as Sugiyama's method has it: what stands in which column, in which order.

Wires that pass a column stand in it as gates do, so that nothing is ever drawn over them; the order in each column is
the one with the fewest crossings that the barycentres of the neighbours find. A circuit wider than is wanted goes on
in a band below, where a wire begins again under its name.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from srcgrad.views.circuit import Circuit
from srcgrad.views.measures import GAP, Measures
from srcgrad.views.ordering import Cell, Link, ordered

_SMALL = 400  # nodes, up to which crossings are looked for thoroughly
_LONGEST = 16  # columns that a wire passes before it is better begun again


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
        sorted_ = ordered(columns, len(circuit.nodes) <= _SMALL)
        for cell in (cell for column in sorted_ for cell in column):
            if cell.node >= 0 and circuit.nodes[cell.node].swaps:
                _uncross(cell, measures)
        found.append(Band(tuple(sorted_)))
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
            into = 0.0 if circuit.nodes[node].swaps else measures.input(node, port)
            _link(Link(wire, at, cells[node], out, into))


def _link(link: Link) -> None:
    link.source.after.append(link)
    link.target.before.append(link)


def _uncross(cell: Cell, measures: Measures) -> None:
    """Let the wires enter a gate whose operands may be swapped in the order in which they come."""
    coming = sorted(cell.before, key=lambda link: (link.source.place, link.out))
    for port, link in enumerate(coming):
        link.into = measures.input(cell.node, port)
