"""Python's own syntax trees: what stands below a node, and the dotted name that a node is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import Any


@cache
def _parts(kind: Any) -> tuple[str, ...]:
    """The fields of a kind of node that may hold statements or expressions."""
    return () if kind in (ast.Name, ast.Constant) else tuple(f for f in kind._fields if f not in ("ctx", "op", "ops"))


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below `node`, but for contexts and operators; `ast.iter_child_nodes` takes twice the time."""
    found: list[ast.AST] = []
    kind: Any = type(node)  # a class can be hashed, whatever mypy thinks of that of `ast.AST`
    for name in _parts(kind):
        part = getattr(node, name, None)
        if type(part) is list:
            found += [item for item in part if isinstance(item, ast.AST)]
        elif isinstance(part, ast.AST):
            found.append(part)
    return found


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Every statement and expression of `tree`, parents first."""
    stack = [tree]
    while stack:
        node = stack.pop()
        yield node
        stack += children(node)


def dotted(node: ast.AST) -> str:
    """The text of a name, or of attributes of one; "" for anything else."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(attributes))) if isinstance(node, ast.Name) else ""
