"""The words of an emitted text: rows of its docstring, and the user's statements as they are quoted."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import replace

from srcgrad.errors import visible
from srcgrad.expr import LEAVES, Expr, bare
from srcgrad.keys import primal_of
from srcgrad.shape import Facts, Shape
from srcgrad.staged import Assign, Staged
from srcgrad.wengert import Statement

_WIDEST_QUOTE = 100


def described(name: str, *facts: str) -> str:
    """A row of a docstring."""
    said = ", ".join(fact for fact in facts if fact)
    return f"{name}: {said}" if said else name


def quoted(statement: Statement) -> str:
    """A statement on one line, without its comments; of several together, what they are."""
    if statement.title:
        return statement.title
    parts = list((statement.plain or statement.tree).parts)
    if isinstance(statement.node, ast.Return) and isinstance(parts[1], Expr) and bare(parts[1]).head != "tuple":
        parts[0] = "out = "
    text = " ".join(_without_comments(Expr("statement", tuple(parts))).split())
    return text if len(text) <= _WIDEST_QUOTE else text[: _WIDEST_QUOTE - 3].rpartition(" ")[0] + " ..."


def _without_comments(expr: Expr) -> str:
    out: list[str] = []
    stack: list[Expr | str] = [expr]
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            out.append(re.sub(r"#[^\n]*|\\\n", "", part) if "\n" in part else part)
        elif part.head in LEAVES:
            out.append(part.leaf)
        else:
            stack.extend(reversed(part.parts))
    return "".join(out)


def summary(staged: Staged) -> str:
    """What the user's docstring begins with, ready for a docstring."""
    first = staged.doc.strip().split("\n")[0].strip().rstrip(".")
    if first.startswith("- ") or first.endswith(":"):  # a list of the parameters, which is ours to write
        return ""
    if len(first) > 1 and not first[1].isupper():
        first = first[0].lower() + first[1:]
    return visible(first).replace("\\", "\\\\").replace('"""', "'''") + "." if first else ""


def shapes_of(line: Assign, facts: Facts, extents: Facts) -> str:
    """The shapes in a line, as in `(D, C) = (D, N) @ (N, C)` for a product of matrices; "" where there are none."""

    def shape(key: str) -> Shape | None:
        return extents.get(key) or facts.get(primal_of(key))

    made = shape(line.bound[0]) if line.target.head == "var" and line.bound else None
    if made is None or made.kind != "array" or not made.named:
        return ""
    product = _product(bare(line.value))
    sides = [_side(side, shape) for side in product]
    if product and all(sides):
        return f"{made} = {' @ '.join(sides)}"
    return str(made)


def _product(expr: Expr) -> tuple[Expr, ...]:
    """The two sides of a product of matrices, else nothing."""
    if expr.head == "@":
        return expr.operands
    if expr.head == "call" and expr.operands[0].head == "attribute" and expr.operands[0].parts[1] == ".dot":
        sides = expr.operands[0].operands[0], expr.operands[1].operands[0]
        return sides if sides[0].head != "name" else tuple(arg.operands[0] for arg in expr.operands[1:])
    return ()


def _side(expr: Expr, shape: Callable[[str], Shape | None]) -> str:
    """The shape of one side of a product: of a name, of a transposed one."""
    inner = bare(expr)
    turned = inner.head == "attribute" and inner.parts[1] == ".T"
    leaf = bare(inner.operands[0]) if turned else inner
    found = shape(leaf.leaf) if leaf.head == "var" else None
    if found is None or found.kind != "array" or not found.named:
        return ""
    return str(replace(found, dims=found.dims[::-1]) if turned else found)
