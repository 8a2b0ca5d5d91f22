"""What the facts leave open: values that may be numbers or arrays, lists of unknown length."""

from __future__ import annotations

from collections.abc import Iterator

from srcgrad.errors import Span
from srcgrad.shape import SCALAR, Facts
from srcgrad.wengert import Wengert


def unproved(wengert: Wengert, facts: Facts, active: frozenset[str]) -> bool:
    """Whether the facts leave the text open: an active variable of unknown shape, a list of unknown length."""
    return next(doubtful(wengert, facts, active, False), None) is not None or _open_lists(wengert, facts, active)


def _open_lists(wengert: Wengert, facts: Facts, active: frozenset[str]) -> bool:
    for param in wengert.params:
        shape = facts.get(param.var.key)
        read = any(item.key in active for item in param.items)
        places = [index for item in param.items for index in item.path if isinstance(index, int)]
        counted = param.annotation and min(places, default=0) >= 0  # the text then counts the items that are not read
        unknown = shape is None or shape.kind == "any" or (shape.length is None and not shape.items)
        if read and unknown and not (counted and shape is not None and shape.kind != "any"):
            return True
    return False


def numeric(wengert: Wengert, facts: Facts, active: frozenset[str]) -> bool:
    """Whether every active variable is known to be a number."""
    return next(doubtful(wengert, facts, active, True), None) is None


def doubtful(wengert: Wengert, facts: Facts, active: frozenset[str], numbers: bool) -> Iterator[Span]:
    """Where active variables stand that are not known to be numbers (or arrays), the first one first."""

    def known(key: str) -> bool:
        shape = facts.get(key)
        return shape == SCALAR or (not numbers and shape is not None and shape.kind == "array")

    yield from (p.span for p in wengert.params if p.var.key in active and not known(p.var.key))
    for line in wengert.lines:
        if any(target.key in active and not known(target.key) for target in line.targets):
            yield line.statement.span(line.site)
