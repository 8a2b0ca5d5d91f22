"""A circuit as text for Graphviz: `dot -Tpdf`."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from srcgrad.views.circuit import Circuit, Node, Wire

_GREEN, _RED = "#116329", "#b3161b"


def dot(circuit: Circuit) -> str:
    """The circuit as a graph from left to right; a result leads to a point."""
    rows = [
        f"digraph {_quoted(circuit.name)} {{",
        "  rankdir=LR;",
        '  node [fontname="monospace"];',
        '  edge [fontname="monospace", arrowhead=none];',
        *(f"  n{place} {_node(node)};" for place, node in enumerate(circuit.nodes)),
        *(f"  {row};" for number, wire in enumerate(circuit.wires) for row in _edges(number, wire)),
        "}",
        "",
    ]
    return "\n".join(rows)


def _node(node: Node) -> str:
    if not node.gate:
        return f"[shape=plaintext, label={_quoted(node.label)}]"
    shape = "circle" if len(node.label) <= 3 else "box, style=rounded"
    faint = ", color=gray50, fontcolor=gray50" if node.idle else ""
    return f"[shape={shape}, label={_quoted(node.label)}, tooltip={_quoted(node.text)}{faint}]"


def _edges(number: int, wire: Wire) -> Iterator[str]:
    """The edges to the readers of a value, which stands on the first; a fork is a point between them."""
    start, label = f"n{wire.node}", f" [label={_label(wire)}]"
    if len(wire.readers) == 1 and not wire.result:
        yield f"{start} -> n{wire.readers[0][0]}{label}"
        return
    if not wire.readers and not wire.result and not (wire.value or wire.name):
        return
    shape = "point" if wire.readers else "none"
    yield f'w{number} [shape={shape}, label=""]'
    yield f"{start} -> w{number}{label}"
    yield from (f"w{number} -> n{reader}" for reader, _ in wire.readers)


def _label(wire: Wire) -> str:
    """The name, the value in green, the gradient in red, in Graphviz's own html."""
    rows = [f"<i>{_text(wire.name)}</i>"] if wire.shown else []
    rows += [f'<font color="{_GREEN}">{_text(wire.value)}</font>'] if wire.value else []
    rows += [f'<font color="{_RED}">{_text(wire.gradient)}</font>'] if wire.gradient else []
    return f"<{'<br/>'.join(rows)}>" if rows else '""'


def _text(text: str) -> str:
    return escape(text, quote=False)


def _quoted(text: str) -> str:
    """A string of Graphviz's; a backslash would begin an escape of its own."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
