"""The left side of `a, (b, *c) = value`: each name with its value."""

from __future__ import annotations

from collections.abc import Iterator

from srcgrad.expr import Expr, bare
from srcgrad.items import Items
from srcgrad.record import Recorder
from srcgrad.wengert import Line, Pack, Value, Var

MUTATION = "build a new value and give it a name"


def unpacked(tiler: Items, left: Expr, value: Value, right: Expr) -> Iterator[tuple[str, Value]]:
    """The names on the left side, each with its value."""
    targets = [bare(item) for item in left.operands]
    if isinstance(value, Pack) and any(target.head == "star" for target in targets):
        targets, value = _starred(tiler, targets, value, left)
    starred = any(target.head == "star" for target in targets)
    if isinstance(value, Var) and value.base in tiler.trace.items and not starred:
        values: tuple[Value, ...] = tuple(tiler.part(value, i, right) for i in range(len(targets)))
    elif isinstance(value, Var) and not starred:
        several = _sizes(tiler, value) or _cut(tiler, value)
        values = (tiler.several(value, len(targets)) if several else tiler.layers(value, len(targets), right)).items
    elif isinstance(value, Pack) and len(value.items) == len(targets):
        values = value.items
    else:
        raise tiler.error(
            f"srcgrad cannot tell what the {len(targets)} values are",
            right,
            "unpack a parameter, or a tuple written out",
        )
    for target, item in zip(targets, values, strict=True):
        if target.head == "name":
            yield target.leaf, item
        elif target.head in ("tuple", "list"):
            yield from unpacked(tiler, target, item, right)
        else:
            raise tiler.error("only names can be assigned to", left, MUTATION)


def _sizes(tiler: Recorder, value: Var) -> bool:
    """Whether a value that was just computed is the shape of an array."""
    line = tiler.trace.lines[-1] if tiler.trace.lines else None
    if not isinstance(line, Line) or line.targets != (value,) or line.gate is None or line.gate.name != "size":
        return False
    expr = bare(line.expr)
    last = expr.operands[0] if expr.head == "call" else expr
    return last.head == "attribute" and str(last.parts[1]).strip() == ".shape"


def _cut(tiler: Recorder, value: Var) -> bool:
    """Whether a value that was just computed is the pieces of an array, or several values of which nothing is known."""
    line = tiler.trace.lines[-1] if tiler.trace.lines else None
    if not isinstance(line, Line) or line.targets != (value,) or not value.temporary:
        return False
    return line.gate is None or line.gate.stops or line.gate.cuts


def _starred(tiler: Recorder, targets: list[Expr], value: Pack, left: Expr) -> tuple[list[Expr], Pack]:
    """`a, *b = value`: the starred name holds a list of what the others leave."""
    place = next(i for i, target in enumerate(targets) if target.head == "star")
    behind = len(targets) - place - 1
    if len(value.items) < len(targets) - 1:
        raise tiler.error(
            f"there are fewer values than names: {len(value.items)} for {len(targets) - 1}", left, "name fewer"
        )
    end = len(value.items) - behind
    rest = Pack("list", value.items[place:end])
    targets = [*targets[:place], bare(targets[place].operands[0]), *targets[place + 1 :]]
    return targets, Pack(value.kind, (*value.items[:place], rest, *value.items[end:]))
