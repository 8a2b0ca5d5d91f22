"""A function as it is looked at: every value of its Wengert list, with its number and the gradient on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from numbers import Real
from typing import Any

from srcgrad.arguments import shape_of
from srcgrad.chosen import Wrt
from srcgrad.collector import uncollected
from srcgrad.derive import LaidOut, laid_out
from srcgrad.facts import NOTHING, Said
from srcgrad.names import Names
from srcgrad.scope import Scope
from srcgrad.source import Function
from srcgrad.staged import Detail, Mode
from srcgrad.views.play import Played, file_space, item_of, play
from srcgrad.wengert import Block, Line, Pack, Var, Wengert, leaves, ref

Path = tuple[int | str, ...]
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
        ran = sorted(self.entries, key=lambda entry: entry.value is not None)  # both arms of a branch bind one variable
        object.__setattr__(self, "at", {entry.key: entry for entry in ran})

    def halted(self) -> Seen:
        """The same, as far as the first line that gave nan or infinity."""
        every = self.every and self.every.halted()
        return self if every is None or every is self.every else _made(every.laid, every, self.emitted)


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
    if arguments is None:
        return _made(every, None, None)
    played = _played(every, space, arguments)
    if not by_hand:
        return _made(every, played, None)
    number = isinstance(every.wengert.result, Var) and _number(played.value(every.wengert.result))
    said = replace(said, assumed=number)
    mode = Mode.GRAD if number else Mode.VJP
    emitted = laid_out(function, scope, mode, wrt, said, detail=Detail(True, composites))
    return _made(every, played, _played(emitted, space, arguments, played))


def _played(laid: LaidOut, space: Space, arguments: Mapping[str, Any], before: Played | None = None) -> Played:
    """What is laid out, run; SrcgradError where a line raises, and neither this run nor the one before it has stopped.

    The upstream gradients are those of the run before it.
    """
    played = play(laid, *space(laid), arguments, before.seeds if before else None)
    if played.failed and not played.stopped and not (before and before.stopped):
        raise played.failed
    return played


def _number(value: Any) -> bool:
    """Whether a result is a number."""
    return isinstance(value, Real) or getattr(value, "shape", None) == ()


@uncollected()
def _made(laid: LaidOut, every: Played | None, emitted: Played | None) -> Seen:
    wengert, names = laid.wengert, laid.versions
    entries = (*_inputs(wengert, names, every), *_lines(wengert.body, names, every, every is not None))
    results = tuple(leaf.key for leaf in leaves(wengert.result))
    return Seen(wengert.name, wengert, names, entries, results, every, emitted)


def _inputs(wengert: Wengert, names: Names, played: Played | None) -> Iterator[Entry]:
    """The parameters; of a list the items that are read, of an array both, with the gradient on all of it."""
    read = {operand.key for line in wengert.lines for value in line.args.values() for operand in leaves(value)}
    for param in wengert.params:
        paths = [item.path for item in param.items]
        items = [item for item in param.items if item.key in read or not _inside(item.path, paths)]
        if param.var.key in read or not items:
            yield _entry(param.var, names, played)
        for item in items:
            entry = _entry(item, names, played)
            if played and param.var.key in read:
                entry = replace(entry, gradient=item_of(played.gradient(param.var), item.path))
            yield entry


def _inside(path: Path, paths: Iterable[Path]) -> bool:
    """Whether one of these items stands in that at `path`."""
    return any(len(path) < len(other) and other[: len(path)] == path for other in paths)


def _lines(block: Block, names: Names, played: Played | None, ran: bool) -> Iterator[Entry]:
    """What the lines of a block bind, with values where it `ran`."""
    for step in block.steps:
        if isinstance(step, Line):
            operands = tuple(operand for value in step.args.values() for operand in _operands(value, names))
            yield from (_entry(target, names, played if ran else None, step, operands) for target in step.targets)
            continue
        test = played.taken.get(step.test) if played and ran else None
        yield from _lines(step.then, names, played, test is True)
        yield from _lines(step.orelse, names, played, test is False)


def _entry(
    var: Var, names: Names, played: Played | None, line: Line | None = None, operands: tuple[str, ...] = ()
) -> Entry:
    value, gradient = (played.value(var), played.gradient(var)) if played else (None, None)
    return Entry(var.key, names.text(var.ref), line, operands, value, gradient)


def _operands(value: Any, names: Names) -> Iterator[str]:
    """The keys of the variables of an operand; a literal as its text."""
    if isinstance(value, Var):
        yield value.key
    elif isinstance(value, Pack):
        for item in value.items:
            yield from _operands(item, names)
    else:
        yield names.text(ref(value))
