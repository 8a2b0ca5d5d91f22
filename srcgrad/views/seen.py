"""A function as it is looked at: every value of its Wengert list, with its number and the gradient on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from srcgrad.arguments import shape_of
from srcgrad.chosen import Wrt
from srcgrad.collector import uncollected
from srcgrad.derive import LaidOut, laid_out
from srcgrad.expr import keys
from srcgrad.facts import NOTHING, Said
from srcgrad.keys import adjoint
from srcgrad.names import Names
from srcgrad.scope import Scope
from srcgrad.source import Function
from srcgrad.staged import Detail, Mode
from srcgrad.views.play import Played, file_space, play
from srcgrad.wengert import Line, Pack, Var, Wengert, leaves

Space = Callable[[LaidOut], tuple[dict[str, Any], Callable[..., Any]]]
"""Gives the globals of what is derived, and the function."""


@dataclass(frozen=True, eq=False)
class Entry:
    """A value of the list: an input, or what a line binds.

    `key` is that of the variable, `name` what it is called beside all others, `line` the line that binds it (None for
    an input), `operands` the keys of the values that the line reads, in its order, literals as their text; `value` and
    `gradient` are None where nothing has been run, or nothing passes.
    """

    key: str
    name: str
    line: Line | None = None
    operands: tuple[str, ...] = ()
    value: Any = None
    gradient: Any = None

    @property
    def temporary(self) -> bool:
        return self.key.startswith("·")


@dataclass(frozen=True, eq=False)
class Seen:
    """A function with its values: the entries in the order of evaluation, inputs first; the keys of what it returns.

    `every` is what was run with every gate a line, `emitted` the text as a person writes it, run the same way; both are
    None without arguments.
    """

    name: str
    wengert: Wengert
    names: Names
    entries: tuple[Entry, ...]
    results: tuple[str, ...]
    every: Played | None = None
    emitted: Played | None = None
    at: Mapping[str, Entry] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", {entry.key: entry for entry in self.entries})


def seen(
    function: Function,
    scope: Scope,
    arguments: Mapping[str, Any] | None = None,
    wrt: Wrt = None,
    said: Said = NOTHING,
    composites: bool = True,
    space: Space = file_space,
    by_hand: bool = True,
) -> Seen:
    """What there is to see of `function`, with values where `arguments` are given.

    Of a result that is no number the gradient is that of its sum. `space` gives the globals of what is derived, and the
    function; without it, the emitted module, which is all that runs. `emitted` is made unless `by_hand` is False.

    Raises SrcgradError where the function is refused, and what its own lines raise.
    """
    if arguments is not None:
        known = {name: shape_of(name, value) for name, value in arguments.items() if name not in said.shapes}
        said = Said(said.shapes, known)
    every = laid_out(function, scope, Mode.VJP, wrt, said, detail=Detail(False, composites))
    names = every.versions
    if arguments is None:
        return _made(every.wengert, names, None, None)
    played = play(every, *space(every), arguments)
    if not by_hand:
        return _made(every.wengert, names, played, None)
    mode = Mode.GRAD if isinstance(every.wengert.result, Var) and _number(played, every.wengert.result) else Mode.VJP
    emitted = laid_out(function, scope, mode, wrt, said, detail=Detail(True, composites))
    return _made(every.wengert, names, played, play(emitted, *space(emitted), arguments))


def _number(played: Played, result: Var) -> bool:
    """Whether a result is a number."""
    return not getattr(played.values[result.key], "shape", ())


@uncollected()
def _made(wengert: Wengert, names: Names, every: Played | None, emitted: Played | None) -> Seen:
    entries = tuple(_entries(wengert, names, every.values if every else {}))
    results = tuple(leaf.key for leaf in leaves(wengert.result))
    return Seen(wengert.name, wengert, names, entries, results, every, emitted)


def _entries(wengert: Wengert, names: Names, values: Mapping[str, Any]) -> Iterator[Entry]:
    def entry(var: Var, line: Line | None = None, operands: tuple[str, ...] = ()) -> Entry:
        value, gradient = values.get(var.key), values.get(adjoint(var.key))
        return Entry(var.key, names.text(var.ref), line, operands, value, gradient)

    for param in wengert.params:
        yield from (entry(item) for item in param.items or (param.var,))
    for line in wengert.lines:
        operands = tuple(operand for value in line.args.values() for operand in _operands(value, names))
        yield from (entry(target, line, operands) for target in line.targets)


def _operands(value: Any, names: Names) -> Iterator[str]:
    """The keys of the variables of an operand, of an index those in it; a literal as its text."""
    if isinstance(value, Var):
        yield value.key
    elif isinstance(value, Pack):
        for item in value.items:
            yield from _operands(item, names)
    else:
        yield from keys(value) or [names.text(value)]
