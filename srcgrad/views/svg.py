"""A circuit that is placed, as svg: a picture by itself, and parts that a page can find.

A gate is `<g class="gate" data-line="K">`, a wire `<g class="wire" data-entry="K">`, where K is the index of the entry;
the texts of a wire are of the classes `name`, `value` and `gradient`.
"""

from __future__ import annotations

from html import escape

from srcgrad.views.circuit import Node, Wire
from srcgrad.views.measures import RADIUS
from srcgrad.views.placing import Box, Placed, Point

STYLE = """
.srcgrad-circuit { --ground: #fff; --ink: #24292f; --line: #57606a; --faint: #737b84; --fill: #f6f8fa;
  --value: #116329; --gradient: #b3161b; --name: #0550ae; }
@media (prefers-color-scheme: dark) { .srcgrad-circuit { --ground: #0d1117; --ink: #e6edf3; --line: #9198a1;
  --faint: #7d858e; --fill: #161b22; --value: #56d364; --gradient: #ff7b72; --name: #79c0ff; } }
.srcgrad-circuit .ground { fill: var(--ground); }
.srcgrad-circuit text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: var(--ink); }
.srcgrad-circuit .gate text { font-size: 13px; text-anchor: middle; dominant-baseline: central; }
.srcgrad-circuit .input text { dominant-baseline: central; text-anchor: end; }
.srcgrad-circuit .gate rect { fill: var(--fill); stroke: var(--ink); stroke-width: 1.3; }
.srcgrad-circuit .wire path { fill: none; stroke: var(--line); stroke-width: 1.3; stroke-linecap: round; }
.srcgrad-circuit .wire circle { fill: var(--line); }
.srcgrad-circuit .value { fill: var(--value); }
.srcgrad-circuit .gradient { fill: var(--gradient); }
.srcgrad-circuit .name { fill: var(--name); font-style: italic; }
.srcgrad-circuit .tie { dominant-baseline: central; }
.srcgrad-circuit .idle rect { stroke: var(--faint); stroke-dasharray: 3 2; }
.srcgrad-circuit .idle path { stroke: var(--faint); }
.srcgrad-circuit .gate.idle text { fill: var(--faint); }
""".strip()


def svg(placed: Placed) -> str:
    """The picture: wires below, gates over them."""
    circuit = placed.circuit
    title = f"The circuit of {circuit.name}: {sum(node.gate for node in circuit.nodes)} gates"
    size = f"{_number(placed.width)} {_number(placed.height)}"
    wide, high = size.split()
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="srcgrad-circuit" role="img" width="{wide}" height="{high}" '
        f'viewBox="0 0 {size}">',
        f"<title>{escape(title)}</title>",
        f"<style>\n{STYLE}\n</style>",
        '<rect class="ground" width="100%" height="100%"/>',
    ]
    rows += (_wire(placed, number, wire) for number, wire in enumerate(circuit.wires))
    rows += (_node(circuit.nodes[box.node], box) for box in placed.boxes)
    return "\n".join([*rows, "</svg>", ""])


def html(name: str, picture: str) -> str:
    """A page of a picture alone."""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>The circuit of {escape(name)}</title>
</head>
<body>
{picture}</body>
</html>
"""


def _wire(placed: Placed, number: int, wire: Wire) -> str:
    idle = " idle" if placed.circuit.nodes[wire.node].idle else ""
    lines = placed.lines.get(number, [])
    parts = [f'<path d="{"".join(map(_path, lines))}"/>'] if lines else []
    parts += (f'<circle cx="{_number(x)}" cy="{_number(y)}" r="3.2"/>' for x, y in placed.forks.get(number, ()))
    text = placed.texts[number]
    x, y = _number(text.x + 7), text.y
    ties = placed.ties.get(number, ())
    if wire.shown or (ties and placed.circuit.nodes[wire.node].gate):
        parts.append(
            f'<text class="name" x="{x}" y="{_number(y - (19 if wire.value else 5))}">{escape(wire.name)}</text>'
        )
    parts.append(f'<text class="value" x="{x}" y="{_number(y - 5)}">{escape(wire.value)}</text>')
    parts.append(f'<text class="gradient" x="{x}" y="{_number(y + 14)}">{escape(wire.gradient)}</text>')
    for tie in ties:
        place = f'x="{_number(tie.x)}" y="{_number(tie.y)}"'
        parts.append(f'<text class="name tie" {place}>{escape(wire.name)}</text>')
    body = "".join(parts)
    return f'<g class="wire{idle}" data-entry="{wire.entry}"><title>{escape(wire.text)}</title>{body}</g>'


def _node(node: Node, box: Box) -> str:
    middle = _number(box.y + box.height / 2)
    if not node.gate:
        label = f'<text x="{_number(box.x + box.width - 6)}" y="{middle}">{escape(node.label)}</text>'
        return f'<g class="input" data-line="{node.entry}">{label}</g>'
    idle = " idle" if node.idle else ""
    shape = (
        f'<rect x="{_number(box.x)}" y="{_number(box.y)}" width="{_number(box.width)}" '
        f'height="{_number(box.height)}" rx="{_number(RADIUS)}"/>'
    )
    label = f'<text x="{_number(box.x + box.width / 2)}" y="{middle}">{escape(node.label)}</text>'
    title = f"<title>{escape(node.text)}</title>"
    return f'<g class="gate{idle}" data-line="{node.entry}">{title}{shape}{label}</g>'


def _path(points: tuple[Point, ...]) -> str:
    return "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points)


def _number(value: float) -> str:
    """A place, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")
