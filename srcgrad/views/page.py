"""The page that plays backprop: one file with the function, the emitted code and the circuit side by side."""

from __future__ import annotations

import ast
import base64
import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from srcgrad.errors import SrcgradError
from srcgrad.source import first_line
from srcgrad.templating import environment, templates
from srcgrad.views.arrays import panels
from srcgrad.views.drawing import drawing
from srcgrad.views.figures import brief
from srcgrad.views.places import Lookup, Place, places, quotes, source_rows
from srcgrad.views.playback import Step, playback, short
from srcgrad.views.seen import Entry, Seen
from srcgrad.views.tokens import Piece, coloured

_ROWS = {"s": "source", "d": "source", "e": "emitted"}
"""Beside the rows of which text a slot stands."""

_WIDE = 500
"""Where the circuit goes on below, in pixels."""


def page(seen: Seen) -> str:
    """The whole page as HTML that needs no other file. Raises SrcgradError where there are no values to play with."""
    if seen.emitted is None:
        names = ", ".join(f"{param.name}=..." for param in seen.wengert.params)
        raise SrcgradError("there are no values to play backprop with", hint=f'give some: --at "{names}"')
    look = Lookup(seen, seen.emitted.laid)
    function = look.laid.function
    known = places(look)
    steps = playback(look, seen.emitted, known)
    data = _data(seen, steps, [*known.values(), *quotes(look, known)])
    script = _part("page.js")
    return (
        environment()
        .get_template("page.html.jinja")
        .render(
            name=seen.name,
            where=f"{Path(function.source.filename).name}:{function.node.lineno}",
            source=list(_rows(function.text, first_line(function.node))),
            emitted=list(_rows(look.laid.derived.module(), 1)),
            circuit=drawing(seen, _WIDE).svg,
            last=len(steps) - 1,
            turn=round(100 * sum(step.phase == "forward" for step in steps) / len(steps), 1),
            data=_inert(data),
            filled={
                _ROWS[slot[0]] + slot[1:] for step in data["steps"] for slot, _ in step["shows"] if slot[0] in _ROWS
            },
            style=_part("page.css"),
            script=script,
            policy=_policy(script),
        )
    )


def _part(name: str) -> str:
    return (templates() / name).read_text(encoding="utf-8")


def _policy(script: str) -> str:
    """What a browser may do with the page: run this one script and load nothing."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:"


def _inert(data: Any) -> str:
    """JSON in which no markup can begin."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


def _data(seen: Seen, steps: Sequence[Step], known: Sequence[Place]) -> dict[str, Any]:
    """What the script plays; a place has its rows in both texts, its gates, values and gradients, in this order."""
    distinct = list(dict.fromkeys((*known, *(step.place for step in steps))))
    indices = {place: index for index, place in enumerate(distinct)}
    return {
        "places": [[p.source, p.emitted, p.gates, p.values, p.gradients] for p in distinct],
        "gates": {i: _gate(seen, entry) for i, entry in enumerate(seen.entries)},
        "steps": [
            {
                "phase": step.phase,
                "place": indices[step.place],
                "text": step.text,
                "sentence": step.sentence,
                "shows": shows,
                "arrays": list(panels(step.bound)),
            }
            for step, shows in zip(steps, _shows(seen, steps), strict=True)
        ],
    }


def _gate(seen: Seen, entry: Entry) -> str:
    """What a gate is called aloud."""
    if entry.line is None:
        return f"input {entry.name}"
    gate = entry.line.title or (f"{entry.line.gate.name.replace('_', ' ')} gate" if entry.line.gate else "line")
    return f"{gate}: {entry.name} = {seen.names.text(entry.line.expr)}"


def _shows(seen: Seen, steps: Sequence[Step]) -> Iterator[list[tuple[str, str]]]:
    """What every step writes, and where: beside a row of the function or of the emitted text, or on a wire."""
    named: dict[str, dict[int, str]] = {}
    for step in steps:
        shows: dict[str, str] = {}
        if step.place.emitted and step.text:
            shows[f"e{step.place.emitted[-1]}"] = ", ".join(short(value) for _, value in step.bound)
        for side, wire, numbers in (("s", "v", step.values), ("d", "g", step.gradients)):
            for index, value in numbers.items():
                entry = seen.entries[index]
                text = shows[f"{wire}{index}"] = brief(value, entry.gradient if wire == "v" else value)
                statement = entry.line and entry.line.statement
                if statement and not entry.temporary and not isinstance(statement.root.node, ast.If):
                    slot = f"{side}{source_rows(statement)[-1]}"
                    named.setdefault(slot, {})[index] = text
                    shows[slot] = ", ".join(named[slot].values())
        yield list(shows.items())


def _rows(text: str, first: int) -> Iterator[tuple[int, int, list[Piece]]]:
    """The rows of a text, each with its number and how far it is indented where it goes on below."""
    for number, (row, pieces) in enumerate(zip(io.StringIO(text), coloured(text), strict=True), first):
        yield number, len(row) - len(row.lstrip()) + 4, pieces
