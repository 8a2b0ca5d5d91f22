"""The law of a Wengert list, for tests to hold it."""

from __future__ import annotations

from srcgrad.expr import keys, render
from srcgrad.wengert import Block, If, Wengert, leaves


def check(wengert: Wengert) -> None:
    """The law of the list: a variable is bound once on each path, before it is read; AssertionError where it is not.

    What one arm of a branch binds, a later branch on the same condition may read.
    """
    bound = _checked(wengert.body, frozenset(param.var.base for param in wengert.params))
    for leaf in leaves(wengert.result):
        assert leaf.base in bound, f"{leaf.key} is returned but never bound"


def _checked(block: Block, bound: frozenset[str]) -> frozenset[str]:
    """The variables that may be bound after `block`."""
    for step in block.steps:
        if isinstance(step, If):
            assert bound.issuperset(keys(step.test)), "a condition reads what is not bound"
            bound = _checked(step.then, bound) | _checked(step.orelse, bound)
            continue
        assert bound.issuperset(keys(step.expr)), f"{render(step.expr)} reads what is not bound"
        assert bound.isdisjoint(keys(step.target)), f"{render(step.target)} is bound twice"
        bound |= frozenset(keys(step.target))
    return bound
