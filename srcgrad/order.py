"""The order in which Python evaluates the parts of an expression, and which of them it always does."""

from __future__ import annotations

from collections.abc import Iterator

from srcgrad.expr import LEAVES, Expr


def in_order(expr: Expr) -> Iterator[Expr]:
    """Every node of `expr` in the order of evaluation, parents first."""
    stack = [expr]
    while stack:
        node = stack.pop()
        yield node
        if node.head not in LEAVES:
            parts = node.operands
            stack.extend(reversed((parts[1], parts[0], parts[2]) if node.head == "if" else parts))


def certain(expr: Expr) -> Iterator[Expr]:
    """The nodes of `expr` that are evaluated whenever it is."""
    stack = [expr]
    while stack:
        node = stack.pop()
        yield node
        if node.head in ("and", "or"):
            stack.append(node.operands[0])
        elif node.head == "if":
            stack.append(node.operands[1])
        elif node.head == "compare":
            stack.extend(node.operands[:2])
        elif node.head not in LEAVES:
            stack.extend(node.operands)
