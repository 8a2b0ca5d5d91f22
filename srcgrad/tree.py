"""Python's own syntax trees: what stands below a node, what names it binds, the dotted name that it is."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


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


def inside(statements: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Every node in `statements`, parents first, but for what functions and classes have inside them."""
    stack = list(statements)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, _SCOPES):
            stack += children(node)


def bound(statements: Iterable[ast.AST]) -> Iterator[str]:
    """The names that `statements` bind where they stand, in whatever block of them; one twice where it is twice."""
    for node in inside(statements):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, (ast.MatchAs, ast.MatchStar, ast.ExceptHandler)) and node.name:
            yield node.name
        elif isinstance(node, ast.MatchMapping) and node.rest:
            yield node.rest


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The names of the parameters of a function."""
    yield from (part.arg for part in nodes(function.args) if isinstance(part, ast.arg))


def dotted(node: ast.AST) -> str:
    """The text of a name, or of attributes of one; "" for anything else."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(attributes))) if isinstance(node, ast.Name) else ""
