"""A line that srcgrad adds, as a person writes it: a float for a number, `-=` for `+= -`, `/=` for `*= 1 /`."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from srcgrad.arithmetic import as_gradient, negate, without_sign
from srcgrad.expr import Expr, bare, binary, constant, number, rebuild, var
from srcgrad.keys import is_adjoint
from srcgrad.staged import Assign


def signed(line: Assign, wholes: Set[str], masks: Set[str]) -> Assign | None:
    """An added line with a float for a number, and `-=` for `+= -`; a line of the user's as it is."""
    if line.primal or not is_adjoint(var(line.bound[0])):
        return line
    line = replace(line, value=_unmasked(line.value, masks))
    if line.op == "*=":
        return _scaled(line)
    value = bare(line.value)
    if (items := _floats(value, wholes)) is not None:
        return replace(line, value=items)
    added = line.op == "+=" and line.target.head == "subscript" and constant(value) is not None
    value = value if added else as_gradient(value, wholes)
    positive = without_sign(value) if line.op == "+=" else None
    if positive is not None:
        return replace(line, op="-=", value=bare(positive))
    return line if value is line.value else replace(line, value=value)


def _unmasked(value: Expr, masks: Set[str]) -> Expr:
    """`-mask * e` as `mask * -e`, since numpy negates no truth values; `masks` are names of such."""

    def is_mask(expr: Expr) -> bool:
        inner = bare(expr)
        return inner.head in ("compare", "~") or (inner.head == "var" and inner.leaf in masks)

    def change(node: Expr) -> Expr | None:
        first = bare(node.operands[0]) if node.operands else node
        if node.head == "neg" and is_mask(first):
            return binary("*", number(-1.0), first)
        if node.head in ("*", "/") and first.head == "neg" and is_mask(first.operands[0]):
            return binary(node.head, first.operands[0], negate(_unmasked(node.operands[1], masks)))
        return None

    return rebuild(value, change)


def _scaled(line: Assign) -> Assign | None:
    """`dx *= 1 / n` as `dx /= n`; nothing for a factor of one."""
    value = bare(line.value)
    if value.head == "/" and constant(value.operands[0]) == 1:
        return replace(line, op="/=", value=value.operands[1])
    return None if constant(value) == 1 else replace(line, value=value)


def _floats(value: Expr, wholes: Set[str]) -> Expr | None:
    """A list, tuple or dict of gradients, each of them a float; zeros may be added to it, and a slice taken of that."""
    inner = bare(value)
    if inner.head in ("list", "tuple", "dict"):
        parts = tuple(as_gradient(part, wholes) if isinstance(part, Expr) else part for part in inner.parts)
        items = Expr(inner.head, parts)
        return items if inner.head != "tuple" else Expr("paren", ("(", items, ")"))
    if inner.head not in ("+", "subscript"):
        return None
    first = _floats(inner.operands[0], wholes)
    return None if first is None else Expr(inner.head, (first, *inner.parts[1:]))
