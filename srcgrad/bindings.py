"""What the top level of a file binds, by its text alone."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from srcgrad.gate import NUMBERS
from srcgrad.source import Text
from srcgrad.tree import bound, children, dotted, inside, nodes, parameters


@dataclass(frozen=True)
class Import:
    """What a name is imported from: a module with its leading dots, of which it is `member` ("" for itself)."""

    module: str
    member: str
    line: str
    node: ast.stmt

    @property
    def path(self) -> str:
        return f"{self.module}.{self.member}" if self.member else self.module


@dataclass(frozen=True, eq=False)
class Bindings:
    """The module-level names of a file."""

    source: Text

    @cached_property
    def imports(self) -> dict[str, Import]:
        found: dict[str, Import] = {}
        for node in self.source.tree.body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    path = alias.name if alias.asname else name
                    line = f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
                    found[name] = Import(path, "", line, node)
            elif isinstance(node, ast.ImportFrom):
                origin = "." * node.level + (node.module or "")
                for alias in node.names:
                    line = f"from {origin} import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
                    found[alias.asname or alias.name] = Import(origin, alias.name, line, node)
        return found

    @cached_property
    def statements(self) -> dict[str, list[ast.stmt]]:
        """Every statement at module level that binds a name, and twice each that lets a function rebind it."""
        found: dict[str, list[ast.stmt]] = {}
        for statement in self.source.tree.body:
            for name in {*bound((statement,))}:
                found.setdefault(name, []).append(statement)
        for node in nodes(self.source.tree):
            if isinstance(node, ast.Global):
                for name in node.names:
                    found.setdefault(name, []).extend((node, node))
            elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
                changed = ast.Expr(node)
                root: ast.expr = node
                while isinstance(root, (ast.Attribute, ast.Subscript)):
                    root = root.value
                if isinstance(root, ast.Name):
                    found.setdefault(root.id, []).extend((changed, changed))
        return found

    @cached_property
    def aliases(self) -> frozenset[str]:
        """The names that stand behind `as` in an import."""
        nodes = (node for node in self.source.tree.body if isinstance(node, (ast.Import, ast.ImportFrom)))
        return frozenset(alias.asname for node in nodes for alias in node.names if alias.asname)

    def definition(self, name: str) -> ast.stmt | None:
        """The one statement that binds `name`; None where there is none, or more than one."""
        statements = self.statements.get(name, [])
        return statements[0] if len(statements) == 1 else None

    @property
    def starred(self) -> bool:
        """Whether a star import hides what names mean."""
        return "*" in self.statements

    def literal(self, name: str, asked: frozenset[str] = frozenset()) -> ast.expr | None:
        """The numbers, lists and tuples that the global `name` is for good, where that is all it is.

        They may be made of other such numbers: those in `asked` are being looked at already.
        """
        value = assigned(self.definition(name), name)
        if value is None or len(asked) > _LONGEST or not self._constant(value, asked | {name}):
            return None
        lists = any(isinstance(part, ast.List) for part in nodes(value))
        return None if lists and name in self.handed_on else value

    def _constant(self, value: ast.expr, asked: frozenset[str]) -> bool:
        """Whether an expression is made of numbers, lists, tuples and the names of numbers alone."""
        stack: list[ast.AST] = [value]
        while stack:
            node = stack.pop()
            name = dotted(node)
            if name and not self._number(name, asked):
                return False
            if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
                return False
            if not name and not isinstance(node, (ast.Constant, *_PARTS)):
                return False
            stack += [] if name else children(node)
        return True

    def _number(self, name: str, asked: frozenset[str]) -> bool:
        """Whether a dotted name is a number for good: one of the file's own, or of a library's such as math.pi."""
        root, dot, rest = name.partition(".")
        definition = self.definition(root)
        if isinstance(definition, (ast.Import, ast.ImportFrom)):
            return f"{self.imports[root].path}{dot}{rest}" in NUMBERS
        found = None if dot or root in asked else self.literal(root, asked)
        return found is not None and not isinstance(found, (ast.List, ast.Tuple))

    @cached_property
    def handed_on(self) -> frozenset[str]:
        """The dotted names that stand anywhere but in front of an index that is read: a list behind one may change.

        What a function binds itself is none of them.
        """
        read = {
            id(node.value)
            for node in nodes(self.source.tree)
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)
        }
        found: set[str] = set()
        stack: list[tuple[ast.AST, frozenset[str]]] = [(self.source.tree, frozenset())]
        while stack:
            node, local = stack.pop()
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                own = _own(node) | local
                stack.extend((part, own) for part in node.body)
                stack.extend((part, local) for part in (*node.decorator_list, node.args))
                continue
            if isinstance(node, (ast.arg, ast.AnnAssign)):  # what an annotation says is no use of it
                parts = (node.target, node.value) if isinstance(node, ast.AnnAssign) else ()
                stack.extend((part, local) for part in parts if part)
                continue
            name = dotted(node) if id(node) not in read else ""
            if name and isinstance(getattr(node, "ctx", None), ast.Load) and name.partition(".")[0] not in local:
                found.add(name)
            stack.extend((part, local) for part in children(node))
        return frozenset(found)


def static_method(node: ast.stmt, names: Sequence[str]) -> ast.FunctionDef | None:
    """The static method under `names` in a class that nothing else may change; None where there is none."""
    for name in names:
        if not isinstance(node, ast.ClassDef) or node.decorator_list or node.keywords:
            return None
        found = [part for part in node.body if name in bound((part,))]
        if len(found) != 1:
            return None
        node = found[0]
    if not isinstance(node, ast.FunctionDef) or [dotted(mark) for mark in node.decorator_list] != ["staticmethod"]:
        return None
    return node


def _own(node: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    """The names that are local to a function."""
    shared = (part.names for part in inside(node.body) if isinstance(part, (ast.Global, ast.Nonlocal)))
    return frozenset((*parameters(node), *bound(node.body))).difference(*shared)


@lru_cache(maxsize=64)
def bindings(source: Text) -> Bindings:
    """The bindings of a file, which are asked for again with each function of it."""
    return Bindings(source)


_PARTS = (ast.List, ast.Tuple, ast.UnaryOp, ast.BinOp)
_LONGEST = 50
"""How many constants may stand behind one another."""


def assigned(statement: ast.stmt | None, name: str) -> ast.expr | None:
    """What an assignment gives to `name`, alone or in a tuple that is written out; None for any other statement."""
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
        return None
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    target, value = targets[0], statement.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        pairs = [(a, b) for a, b in zip(target.elts, value.elts, strict=True) if dotted(a) == name]
        target, value = pairs[0] if len(pairs) == 1 else (target, value)
    return value if len(targets) == 1 and isinstance(target, ast.Name) else None
