"""Wengert list -> Wengert list: what the user's code writes into arrays, refused where anything else sees it.

`y += x` writes into the array that `y` is. Where nothing else sees that array, it is as good as `y = y + x`, a new
value; where something does, the list of values would not say what the code does. Numbers are never written into.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import replace

from srcgrad.aliases import alike, shared
from srcgrad.errors import SrcgradError, UnsettledError
from srcgrad.expr import bare, keys
from srcgrad.shape import NUMERIC, Facts, Shape
from srcgrad.wengert import Block, If, Line, Step, Wengert, leaves


def unshared(wengert: Wengert, facts: Facts) -> Wengert:
    """The same list, in which what may write into an argument makes a new value.

    Raises SrcgradError where a line writes into an array that something else sees.
    """
    if not any(shape.kind in ("array", "any") for shape in facts.values()):
        return wengert
    lines = wengert.lines
    writes = {id(line): old for line in lines if (old := _written(line, facts)) is not None}
    if not writes and all(line.pure for line in lines):
        return wengert
    seen = _Seen(wengert)
    renewed: set[int] = set()
    for i, line in enumerate(lines):
        if id(line) in writes and _checked(line, writes[id(line)], seen, i, facts):
            renewed.add(id(line))
        elif not line.pure:
            _check_call(line, seen, i, facts)
    return replace(wengert, body=_renewed(wengert.body, renewed)) if renewed else wengert


def _written(line: Line, facts: Facts) -> str | None:
    """The variable whose array an augmented assignment writes into; None for any other line, and for a number."""
    expr = bare(line.expr)
    if not line.statement.operator or expr.head != line.statement.operator or line.targets[0].temporary:
        return None
    old = bare(expr.operands[0])
    numbers = facts.get(line.targets[0].key) in NUMERIC or facts.get(old.leaf if old.head == "var" else "") in NUMERIC
    return old.leaf if old.head == "var" and not numbers else None


class _Seen:
    """Which variables may share memory, and where each is read."""

    def __init__(self, wengert: Wengert) -> None:
        self.lines = wengert.lines
        self.given = {param.var.base for param in wengert.params}
        self.result = {leaf.base for leaf in leaves(wengert.result)}
        self.alike = alike(
            ([target.base for target in line.targets], sources)
            for line in self.lines
            if (sources := {*shared(line.expr), *([old] if (old := _written(line, {})) else [])})
        )

    def group(self, key: str) -> Set[str]:
        return self.alike.get(key, {key})

    def later(self, key: str, place: int) -> str | None:
        """A variable that shares memory with `key`, was bound before the line at `place`, and is read behind it."""
        before = {target.base for line in self.lines[:place] for target in line.targets} | self.given
        group = (self.group(key) | {key}) & before
        read = {one for line in self.lines[place + 1 :] for one in keys(line.expr)} | self.result
        return next(iter(sorted(group & read)), None)


def _checked(line: Line, old: str, seen: _Seen, place: int, facts: Facts) -> bool:
    """Whether an augmented assignment must make a new value; SrcgradError where it writes into what is seen."""
    array = _array(facts.get(old)) or _array(facts.get(line.targets[0].key))
    other = seen.later(old, place)
    name = line.targets[0].name
    if other is not None:
        shown = other.partition("·")[0] or "another value"
        error = SrcgradError if array else UnsettledError
        raise error(
            f"this writes into {'the' if array else 'what may be an'} array of {name}, which {shown} sees",
            line.statement.span(line.site),
            f"make a new value, as in {name} = {name} {line.statement.operator} ...",
        )
    if not seen.group(old) & seen.given and old not in seen.given:
        return False
    if array:
        raise SrcgradError(
            f"this writes into an array that {seen.lines[place].targets[0].name} shares with an argument",
            line.statement.span(line.site),
            f"make a new value, as in {name} = {name} {line.statement.operator} ...",
        )
    return True


def _array(shape: Shape | None) -> bool:
    return shape is not None and shape.kind == "array"


def _check_call(line: Line, seen: _Seen, place: int, facts: Facts) -> None:
    """Refuse a call that may write into an array that anything but such calls reads."""
    readers = {key for i, one in enumerate(seen.lines) if i != place and one.gate and one.pure for key in _read(one)}
    for key in (key for key in sorted(line.handed) if facts.get(key) not in NUMERIC):
        if seen.group(key) & (readers | seen.result):
            error = SrcgradError if _array(facts.get(key)) else UnsettledError
            raise error(
                f"this call could change {key.partition('·')[0] or 'a value'}, which may be an array",
                line.statement.span(line.site),
                "leave it out, or write it with functions that srcgrad knows",
            )


def _read(line: Line) -> Iterator[str]:
    yield from keys(line.expr)


def _renewed(block: Block, lines: set[int]) -> Block:
    """A block in which the `lines` make new values."""
    steps: list[Step] = []
    for step in block.steps:
        if isinstance(step, If):
            steps.append(replace(step, then=_renewed(step.then, lines), orelse=_renewed(step.orelse, lines)))
        else:
            new = replace(step, statement=replace(step.statement, operator="")) if id(step) in lines else step
            steps.append(new)
    return Block(tuple(steps))
