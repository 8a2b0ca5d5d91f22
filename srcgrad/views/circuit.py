"""The circuit of a function as data: its inputs and gates, and the wires between them.

One node an input or line that ran, one wire a value: made of the Wengert list alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from srcgrad.expr import constant, keys
from srcgrad.views.figures import brief, figure, length
from srcgrad.views.labels import label, plain, swaps, text_of
from srcgrad.views.seen import Entry, Seen
from srcgrad.wengert import Block, Line


@dataclass(frozen=True, eq=False)
class Wire:
    """A value: `entry` is its index in the list, `node` and `port` say what it comes from.

    `readers` are the nodes that it goes to, with the port of each; `shown` says whether it has a name of the user's,
    `text` all that is known of it.
    """

    entry: int
    name: str
    value: str
    gradient: str
    node: int
    port: int
    readers: tuple[tuple[int, int], ...]
    shown: bool
    result: bool
    text: str


@dataclass(frozen=True, eq=False)
class Node:
    """An input or a gate: `entry` is the index of the first value that it gives, `text` its whole line.

    `inputs` are the wires that it reads, by port, `outputs` those that it gives; `idle` says that no gradient passes,
    `swaps` that it may read them in any order.
    """

    entry: int
    label: str
    text: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    gate: bool
    idle: bool
    swaps: bool


@dataclass(frozen=True, eq=False)
class Circuit:
    """Nodes in the order of evaluation, inputs first, and the wires."""

    name: str
    nodes: tuple[Node, ...]
    wires: tuple[Wire, ...]


def circuit(seen: Seen) -> Circuit:
    """What there is to draw of `seen`; with values, of the branches that were taken alone."""
    skipped = set(_not_taken(seen.wengert.body, seen)) if seen.every else set[Line]()
    drawn = [(i, entry) for i, entry in enumerate(seen.entries) if entry.line not in skipped]
    groups = _groups(drawn)
    wires: list[Wire] = []
    nodes: list[Node] = []
    named: dict[str, list[int]] = {}
    for place, group in enumerate(groups):
        first, entry = group[0]
        inputs = tuple(_read(entry, named))
        outputs = tuple(range(len(wires), len(wires) + len(group)))
        idle = seen.every is not None and all(one.gradient is None and one.key not in seen.results for _, one in group)
        text = text_of(entry, seen.names)
        name = label(entry, seen.names)
        nodes.append(Node(first, name, text, inputs, outputs, entry.line is not None, idle, swaps(entry)))
        for port, (index, one) in enumerate(group):
            named.setdefault(one.key, []).append(len(wires))
            wires.append(_wire(index, one, place, port, one.key in seen.results))
    return Circuit(seen.name, tuple(nodes), tuple(_joined(wires, nodes)))


def _wire(index: int, entry: Entry, node: int, port: int, result: bool) -> Wire:
    shown = entry.line is not None and not entry.temporary
    value, gradient = brief(entry.value, entry.gradient), brief(entry.gradient, entry.gradient)
    if getattr(entry.gradient, "size", 1) > 1:
        gradient = f"norm {length(entry.gradient)}"
    text = entry.name
    text += f" = {figure(entry.value)}" if entry.value is not None else ""
    text += f", gradient {figure(entry.gradient)}" if entry.gradient is not None else ""
    return Wire(index, entry.name, plain(value), plain(gradient), node, port, (), shown, result, plain(text))


def _joined(wires: Sequence[Wire], nodes: Sequence[Node]) -> Iterator[Wire]:
    """The wires with their readers."""
    readers: list[list[tuple[int, int]]] = [[] for _ in wires]
    for place, node in enumerate(nodes):
        for port, wire in enumerate(node.inputs):
            readers[wire].append((place, port))
    yield from (replace(wire, readers=tuple(found)) for wire, found in zip(wires, readers, strict=True))


def _groups(drawn: Sequence[tuple[int, Entry]]) -> list[list[tuple[int, Entry]]]:
    """The values by the line that gives them; an input stands alone."""
    groups: list[list[tuple[int, Entry]]] = []
    for index, entry in drawn:
        if entry.line is not None and groups and groups[-1][0][1].line is entry.line:
            groups[-1].append((index, entry))
        else:
            groups.append([(index, entry)])
    return groups


def _read(entry: Entry, named: dict[str, list[int]]) -> Iterator[int]:
    """The wires that a line reads: of a list, those of its items; of a value that either arm gives, both."""
    if entry.line is None:
        return
    for key in entry.operands if entry.line.args else dict.fromkeys(keys(entry.line.expr)):
        if key in named:
            yield from named[key]
        elif "·" in key:
            yield from (wire for item, found in named.items() if item.startswith(f"{key}[") for wire in found)


def _not_taken(block: Block, seen: Seen) -> Iterator[Line]:
    """The lines of the branches that did not run."""
    for step in block.steps:
        if isinstance(step, Line):
            continue
        test = seen.at[step.test.leaf].value if step.test.head == "var" else constant(step.test)
        for arm, taken in ((step.then, test), (step.orelse, not test)):
            if taken or test is None:
                yield from _not_taken(arm, seen)
            else:
                yield from arm.lines()
