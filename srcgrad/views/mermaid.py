"""A circuit as text for Mermaid, which many places that show Markdown draw."""

from __future__ import annotations

from collections.abc import Iterator

from srcgrad.views.circuit import Circuit, Node, Wire

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ .,:=+-/[]()")


def mermaid(circuit: Circuit) -> str:
    """The circuit as a flowchart from left to right: on a wire its value, and its gradient after a stroke."""
    idle = [f"n{place}" for place, node in enumerate(circuit.nodes) if node.gate and node.idle]
    rows = [
        "flowchart LR",
        *(f"  n{place}{_node(node)}" for place, node in enumerate(circuit.nodes)),
        *(f"  {row}" for number, wire in enumerate(circuit.wires) for row in _edges(number, wire)),
        *(["  classDef idle stroke-dasharray: 3 2,opacity: 0.7", f"  class {','.join(idle)} idle"] if idle else []),
        "",
    ]
    return "\n".join(rows)


def _node(node: Node) -> str:
    left, right = ("((", "))") if node.gate and len(node.label) <= 3 else ("(", ")") if node.gate else ("[", "]")
    return f'{left}"{_text(node.label)}"{right}'


def _edges(number: int, wire: Wire) -> Iterator[str]:
    """The edges to the readers of a value, which stands on the first; a fork is a point between them."""
    label = _label(wire)
    line = f'-- "{label}" ---' if label else "---"
    if len(wire.readers) == 1 and not wire.result:
        yield f"n{wire.node} {line} n{wire.readers[0][0]}"
        return
    if not wire.readers and not label:
        return
    yield f"w{number}(( ))"
    yield f"n{wire.node} {line} w{number}"
    yield from (f"w{number} --- n{reader}" for reader, _ in wire.readers)


def _label(wire: Wire) -> str:
    name = f"{wire.name}: " if wire.shown and wire.value else wire.name if wire.shown else ""
    numbers = " / ".join(text for text in (wire.value, wire.gradient) if text)
    return _text(name + numbers)


def _text(text: str) -> str:
    """A text that is no markup: every letter that could be is written by its number."""
    return "".join(letter if letter in _LETTERS else f"#{ord(letter)};" for letter in text)
