"""How large what stands in a circuit is, in pixels: boxes, texts and the room around them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from srcgrad.views.circuit import Circuit, Node, Wire

LETTER = 7.5  # a monospace letter at 12 pixels, generously
RADIUS = 17.0
GAP = 36.0  # the least room between columns, in which wires climb and fall
ROW = 14.0
PORTS = 11.0
STUB = 48.0


def text_width(text: str) -> float:
    """The width of a text; what is wide in a terminal, and what may be, takes two letters."""
    if text.isascii():
        return LETTER * len(text)
    return LETTER * sum(1 + (unicodedata.east_asian_width(letter) in "WFA") for letter in text)


class Measures:
    """The sizes of the nodes of a circuit and of its wires' texts."""

    slim = (7.0, 7.0)
    """The room above and below a wire that passes."""

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit
        self.stubs: Sequence[float] = [_stub(wire) for wire in circuit.wires]
        self.widest_tie = max(map(self.tie_width, range(len(circuit.wires))), default=0.0)
        self.boxes: Sequence[tuple[float, float]] = [_box(node) for node in circuit.nodes]
        self.widths = [
            wide + max((self.stubs[wire] for wire in node.outputs), default=0.0)
            for (wide, _), node in zip(self.boxes, circuit.nodes, strict=True)
        ]

    def node_width(self, node: int) -> float:
        """The width of a node and of the texts on what it gives."""
        return self.widths[node]

    def tie_width(self, wire: int) -> float:
        """The width of the name under which a wire begins again."""
        return text_width(self.circuit.wires[wire].name) + 16

    def room(self, node: int, tied: frozenset[int]) -> tuple[float, float]:
        """What a node needs above and below its middle; the names of wires in `tied` are shown too."""
        half = self.boxes[node][1] / 2 + 2
        outputs = self.circuit.nodes[node].outputs
        if not outputs:
            return half, half
        top = 2 * ROW + 6 if _named(self.circuit.wires[outputs[0]], outputs[0] in tied) else ROW + 6
        return (
            max(half, top - self.output(node, 0)),
            max(half, ROW + 4 + self.output(node, len(outputs) - 1)),
        )

    def output(self, node: int, port: int) -> float:
        """Where a wire leaves a node, from its middle."""
        return _spread(port, len(self.circuit.nodes[node].outputs), 3 * ROW + 10)

    def input(self, node: int, port: int) -> float:
        """Where a wire enters a node, from its middle."""
        return _spread(port, len(self.circuit.nodes[node].inputs), PORTS)


def _named(wire: Wire, tied: bool) -> bool:
    return wire.shown or tied


def _spread(port: int, count: int, pitch: float) -> float:
    return (port - (count - 1) / 2) * pitch


def _stub(wire: Wire) -> float:
    """The length of the wire that bears its texts."""
    return max(STUB, text_width(wire.value) + 14, text_width(wire.gradient) + 14, text_width(wire.name) + 14)


def _box(node: Node) -> tuple[float, float]:
    """The width and the height of a gate, round where its label is short; of an input, of its name."""
    if not node.gate:
        return text_width(node.label) + 6, 2 * ROW
    height = max(2 * RADIUS, PORTS * (len(node.inputs) + 1), (3 * ROW + 10) * (len(node.outputs) - 1) + 2 * RADIUS)
    wide = text_width(node.label) * 13 / 12  # a gate's label is a little larger
    return (2 * RADIUS if wide <= 2 * RADIUS - 6 and height == 2 * RADIUS else max(wide + 16, 2 * RADIUS)), height
