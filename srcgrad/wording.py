"""The words of an emitted text: rows of its docstring, and the user's statements as they are quoted."""

from __future__ import annotations

import ast
import re

from srcgrad.errors import visible
from srcgrad.expr import LEAVES, Expr, bare
from srcgrad.staged import Staged
from srcgrad.wengert import Statement

_WIDEST_QUOTE = 100


def described(name: str, *facts: str) -> str:
    """A row of a docstring."""
    said = ", ".join(fact for fact in facts if fact)
    return f"{name}: {said}" if said else name


def quoted(statement: Statement) -> str:
    """A statement on one line, without its comments."""
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
    if len(first) > 1 and not first[1].isupper():
        first = first[0].lower() + first[1:]
    return visible(first).replace("\\", "\\\\").replace('"""', "'''") + "." if first else ""
