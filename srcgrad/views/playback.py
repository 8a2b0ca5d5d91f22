"""Backprop as it is played: a step for everything that is computed, forward and then backward, with its reason."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from srcgrad.errors import visible
from srcgrad.gate import Gate
from srcgrad.keys import adjoint, primal_of
from srcgrad.staged import Assign, flat
from srcgrad.views.figures import brief, figure
from srcgrad.views.places import Lookup, Place, Places, rows_of, source_rows
from srcgrad.views.play import Moment, Played
from srcgrad.views.seen import Entry

_NOTES = {
    "add distributes": "the add gate distributes the gradient on its output to all its inputs",
    "add distributes, with the sign": "the gradient is distributed to both inputs, negated for what is subtracted",
    "multiply swaps": "the multiply gate swaps its inputs and scales them by the gradient on its output",
    "max routes": "the max gate routes the gradient to the input that was larger",
    "min routes": "the min gate routes the gradient to the input that was smaller",
    "handed on": "the gradient is handed on as it is",
}
_SEVERAL = 3
_FORK = "; fork: gradients add"
_FORKS = "; at a fork the gradients add up"
_LOCAL = "the local gradient of "
_FIRST_GRADIENT = "the gradient of the output on itself is 1, and the reverse pass begins here"
_OUTPUT = "this is the output, and since the reverse pass does not read it the emitted code leaves it out"
_NOT_FINITE = "; it is nan or infinite"
_BRANCH = "the condition decides which branch runs"
_UNREAD = "the reverse pass does not read this, and so the emitted code leaves it out"


@dataclass(frozen=True, eq=False)
class Step:
    """What one step computes: the names it binds with their values, and what it puts on the wires, by their entries.

    `phase` is "forward" or "reverse"; `text` is the line, `reason` why it is so, in the notes' words.
    """

    phase: str
    place: Place
    text: str
    reason: str
    bound: tuple[tuple[str, Any], ...]
    values: Mapping[int, Any]
    gradients: Mapping[int, Any]
    finite: bool = True

    @property
    def sentence(self) -> str:
        """What is computed and why, as one sentence."""
        shown = ", ".join(
            f"{name} of shape {short(value)}" if getattr(value, "shape", ()) else f"{name} = {figure(value)}"
            for name, value in self.bound
        )
        return f"{shown}{': ' if shown else ''}{self.reason}{'' if self.finite else _NOT_FINITE}."


def playback(look: Lookup, played: Played, known: Places) -> tuple[Step, ...]:
    """The steps: the inputs, the forward pass with what the emitted code leaves out of it, the reverse pass."""
    player = _Playback(look, played, known)
    return (*player.forward(), *player.reverse())


@dataclass(frozen=True, eq=False)
class _Playback:
    look: Lookup
    played: Played
    known: Places

    def forward(self) -> tuple[Step, ...]:
        entries = self.look.entries
        inputs = {i: entry.value for i, entry in enumerate(entries) if entry.line is None}
        bound = tuple((entries[i].name, value) for i, value in inputs.items())
        first = Step("forward", self.known[None], "", "the inputs", bound, inputs, {})
        steps = [first, *self._lines(forward=True)]
        for node, place in self.known.items():
            if isinstance(node, ast.stmt) and (values := self._values(place)):
                steps.append(self._left_out(place, values))
        steps = _in_order(steps)
        shown = {index for step in steps for index in step.values}
        for index, entry in enumerate(entries):
            if index not in shown and entry.value is not None:  # handed on from the arm of a branch
                at = max((i for i, step in enumerate(steps) if max(step.values, default=-1) < index), default=0)
                steps[at] = replace(steps[at], values={**steps[at].values, index: entry.value})
        return tuple(steps)

    def _values(self, place: Place) -> dict[int, Any]:
        """What is computed there, as far as that has run."""
        entries = self.look.entries
        return {i: entries[i].value for i in (*place.gates, *place.values) if entries[i].value is not None}

    def _left_out(self, place: Place, values: Mapping[int, Any]) -> Step:
        """The step of a statement that the emitted code leaves out."""
        index = max(values)
        entry = self.look.entries[index]
        assert entry.line is not None
        node = entry.line.statement.root.node
        if isinstance(node, ast.If):
            return Step("forward", place, self._own(node), _BRANCH, (), values, {})
        said = f"{self._gates(place)}; {_OUTPUT if entry.key in self.look.seen.results else _UNREAD}"
        return Step("forward", place, self._own(node), said, ((entry.name, values[index]),), values, {})

    def _own(self, node: ast.stmt) -> str:
        """A statement as the user wrote it, on one line; of one with a block its head."""
        source = self.look.laid.function.source
        rows = [source.lines[row - 1] for row in rows_of(node)]
        return visible(" ".join(("".join(rows) if hasattr(node, "body") else source.cut(node)).split()))

    def reverse(self) -> tuple[Step, ...]:
        entries, results = self.look.entries, self.look.of_keys(self.look.seen.results)
        seeds = {i: entries[i].gradient for i in results if entries[i].gradient is not None}
        lines = self._lines(forward=False)
        begun = {i: value for i, value in seeds.items() if adjoint(entries[i].key) not in self.look.bound}
        bound = tuple((f"d{entries[i].name}", value) for i, value in begun.items())
        place = Place((), (), (), (), tuple(begun))
        steps = [Step("reverse", place, "", _FIRST_GRADIENT, bound, {}, begun), *lines] if begun else lines
        shown = {index for step in steps for index in step.gradients}
        left = [i for i, entry in enumerate(entries) if i not in shown and entry.gradient is not None]
        for index in left if steps else ():
            line = entries[index].line
            rows = source_rows(line.statement) if line else ()
            where = next((i for i, step in enumerate(steps) if step.place.source == rows), len(steps) - 1)
            added = {**steps[where].gradients, index: entries[index].gradient}
            steps[where] = replace(steps[where], gradients=added)
        return tuple(steps)

    def _lines(self, forward: bool) -> list[Step]:
        """The steps of the lines that ran; what an unwritten line hands on belongs to the one before."""
        last = {key: moment for moment in self.played.moments for key in moment.step.bound}
        inside = {*self.look.forward} if forward else {*self.look.steps} - {*self.look.forward}
        found: list[Step] = []
        for moment in self.played.moments:
            if moment.step in inside:
                found.append(self._line(moment, forward, last))
            elif found and forward:
                handed = dict.fromkeys(self.look.of_keys(moment.step.bound))
                values = {i: self.look.entries[i].value for i in handed if self.look.entries[i].value is not None}
                found[-1] = replace(found[-1], values={**found[-1].values, **values})
        return found

    def _line(self, moment: Moment, forward: bool, last: Mapping[str, Moment]) -> Step:
        step, entries = moment.step, self.look.entries
        names = self.look.laid.names.variables
        bound = tuple((names.get(key, key), value) for key, value in moment.values.items())
        here = self.look.of_keys(map(primal_of, step.bound))
        place, text = self.known[step], visible(" ".join(moment.text.split()))
        if forward:
            return Step(
                "forward", place, text, self._computing(step, place), bound, self._values(place), {}, moment.finite
            )
        gradients = {}
        for index in here:
            key = adjoint(entries[index].key)
            running = key in moment.values and last[key] is not moment
            if entries[index].gradient is not None:  # there is none in an arm that is not taken
                gradients[index] = moment.values[key] if running else entries[index].gradient
        return Step("reverse", place, text, self._why(step, place), bound, {}, gradients, moment.finite)

    def _computing(self, step: Assign, place: Place) -> str:
        """What a line of the forward pass does, and whether the reverse pass reads it."""
        read = self._read_again & {*step.bound}
        return self._gates(place) + ("; the reverse pass reads it again" if read else "")

    @cached_property
    def _read_again(self) -> frozenset[str]:
        """What the lines of the reverse pass read, also by what it is handed on to."""
        read = {key for step in self.look.steps if step not in self.look.forward for key in step.reads}
        for step in reversed(tuple(flat(self.look.laid.staged.forward))):
            if read & {*step.bound} and not self.look.laid.written(step):
                read.update(step.reads)
        return frozenset(read)

    def _gates(self, place: Place) -> str:
        names = [gate.name.replace("_", " ") for gate in self._of(place)]
        found = list(dict.fromkeys(name for name in names if name not in ("copy", "condition")))
        if not found:
            return "computed as it stands"
        *some, last = found
        return f"computed by the {', '.join(some)}{' and ' if some else ''}{last} gate{'s' * (len(names) > 1)}"

    def _of(self, place: Place) -> list[Gate]:
        lines = (self.look.entries[index].line for index in place.gates)
        return [line.gate for line in lines if line and line.gate]

    def _why(self, step: Assign, place: Place) -> str:
        """The reason of a line of the reverse pass; of several lines in one, those of its gates."""
        merged = self._merged(step)
        if step.reason and not merged:
            return reason(step.reason)
        gates = [entry.line.gate for entry in merged if entry.line and entry.line.gate] or self._of(place)
        found = dict.fromkeys(reason(gate.reason) for gate in gates)
        said = "; ".join(found) if 0 < len(found) <= _SEVERAL else reason("")
        return f"{said}{_FORKS if merged else ''}"

    def _merged(self, step: Assign) -> list[Entry]:
        """What reads the value that a line is the gradient on, where it has several readers and this one line."""
        key = primal_of(step.bound[0]) if len(step.bound) == 1 else ""
        if not key or self._binders[step.bound[0]] > 1 or len(self.look.of_keys([key])) != 1:
            return []
        reading = [entry for entry in self.look.entries if key in entry.operands and entry.gradient is not None]
        return reading if len(reading) > 1 else []

    @cached_property
    def _binders(self) -> Counter[str]:
        """How many lines bind each key."""
        return Counter(key for step in self.look.steps for key in step.bound)


def reason(text: str) -> str:
    """The reason of a line of the reverse pass, said in full."""
    why, fork, _ = text.partition(_FORK)
    if why.startswith(_LOCAL):
        said = f"the chain rule, {why} times the gradient on its output"
    else:
        said = _NOTES.get(why, why or "the chain rule, local gradient times upstream gradient")
    return said + (_FORKS if fork else "")


def short(value: Any) -> str:
    """A value on one line: an array by its shape alone."""
    return brief(value, None) if getattr(value, "shape", ()) else figure(value)


def _in_order(steps: Sequence[Step]) -> list[Step]:
    """Steps by the last value that each gives; one that gives none stays behind the one before it."""
    keyed, before = [], -1
    for step in steps:
        before = max(step.values, default=before)
        keyed.append((before, step))
    return [step for _, step in sorted(keyed, key=lambda pair: pair[0])]
