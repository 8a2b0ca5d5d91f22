"""What a name means: resolved from the file's own imports and definitions, or from a live function, never guessed.

Two scopes, one protocol: StaticScope here, LiveScope in live.py. Both speak of names that are not local to the
function; read.py knows the local ones.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from srcgrad.gate import ALGEBRAS, Gate, defined
from srcgrad.source import Function, Text, functions, read

ARRAY_LIBRARIES = frozenset(("numpy", "scipy", "jax", "cupy", "torch", "autograd", "tensorflow", "pandas", "numba"))


@dataclass(frozen=True)
class Helper:
    """A function of the user's that is called: its text, and the scope that its own names have."""

    function: Function
    scope: Scope


class Scope(Protocol):
    """What the global names of one function mean."""

    def meaning(self, name: str) -> str | None:
        """The dotted path of the module, library function or builtin that `name` is; None for anything else."""

    def helper(self, name: str) -> Helper | None:
        """The user's own function that `name` is."""

    def thing(self, path: str) -> str | None:
        """What a dotted name is, the user's modules and functions too: one text for one thing; None for a value."""

    def exported(self, name: str) -> str | None:
        """The dotted path under which other modules may import the global `name`."""

    def gates(self) -> Iterable[tuple[Gate, Scope]]:
        """The user's own gates, each with the scope of its names."""

    @property
    def stops(self) -> bool:
        """Whether a name may stand for `srcgrad.stop_gradient`."""

    def known(self, name: str) -> bool:
        """Whether `name` is bound at all."""

    def number(self, name: str) -> bool:
        """Whether the global `name` is a number."""

    def constant(self, name: str) -> str | None:
        """The line of the file that defines the global constant `name`."""

    def agrees(self, name: str, other: Scope) -> bool:
        """Whether the global `name` is the same thing in `other`."""

    def library(self, path: str) -> tuple[str, str]:
        """How the user's code writes the library function `path`, and the import that this takes ("" for none)."""

    def import_line(self, name: str) -> str | None:
        """The import that binds `name`."""

    def imports(self, library: str) -> bool:
        """Whether the user's code imports anything of `library`."""

    @property
    def numbers_only(self) -> bool:
        """Whether the file that was given speaks of numbers alone, since it imports no array library."""


@dataclass(frozen=True)
class _Import:
    path: str
    line: str


@dataclass(frozen=True)
class StaticScope:
    """The module-level names of a file that is read and never run; `beside` are files of gates."""

    source: Text
    beside: tuple[StaticScope, ...] = ()

    @cached_property
    def _imports(self) -> dict[str, _Import]:
        found: dict[str, _Import] = {}
        for node in self.source.tree.body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    path = alias.name if alias.asname else name
                    line = f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
                    found[name] = _Import(path, line)
            elif isinstance(node, ast.ImportFrom):
                origin = "." * node.level + (node.module or "")
                for alias in node.names:
                    line = f"from {origin} import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
                    found[alias.asname or alias.name] = _Import(f"{origin}.{alias.name}", line)
        return found

    @cached_property
    def _bindings(self) -> dict[str, list[ast.stmt]]:
        """Every statement at module level that binds a name, and twice each that lets a function rebind it."""
        found: dict[str, list[ast.stmt]] = {}
        for statement in self.source.tree.body:
            for name in _bound(statement):
                found.setdefault(name, []).append(statement)
        for node in ast.walk(self.source.tree):
            if isinstance(node, ast.Global):
                for name in node.names:
                    found.setdefault(name, []).extend((node, node))
            elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
                changed = ast.Expr(node)
                found.setdefault(ast.unparse(node).partition(".")[0], []).extend((changed, changed))
        return found

    def _definition(self, name: str) -> ast.stmt | None:
        """The one statement that binds `name`; None where there is none, or more than one."""
        statements = self._bindings.get(name, [])
        return statements[0] if len(statements) == 1 else None

    def meaning(self, name: str) -> str | None:
        definition = self._definition(name)
        if isinstance(definition, (ast.Import, ast.ImportFrom)):
            return self._imports[name].path
        if isinstance(definition, ast.Assign) and isinstance(definition.value, (ast.Name, ast.Attribute)):
            root, _, rest = ast.unparse(definition.value).partition(".")
            path = self.meaning(root) if root != name else None
            return path and (f"{path}.{rest}" if rest else path)
        if name not in self._bindings and hasattr(builtins, name) and not self.starred:
            return f"builtins.{name}"
        return None

    def thing(self, path: str) -> str | None:
        name, dot, rest = path.partition(".")
        meaning = self.meaning(name)
        if meaning is not None:
            return _located(meaning + dot + rest, self.source.filename)
        if isinstance(self._definition(name), (ast.FunctionDef, ast.ClassDef)):
            return f"{Path(self.source.filename).resolve()}:{path}"
        return None

    def exported(self, name: str) -> str | None:
        return None

    @cached_property
    def stops(self) -> bool:
        return any(entry.path.partition(".")[0] == "srcgrad" for entry in self._imports.values())

    def gates(self) -> Iterable[tuple[Gate, Scope]]:
        return [
            *((gate, self) for gate in self._gates.values()),
            *(pair for one in self.beside for pair in one.gates()),
        ]

    @property
    def rules(self) -> frozenset[str]:
        """The names of the functions of the file that are the rules of gates."""
        return frozenset(self._gates)

    @cached_property
    def _gates(self) -> dict[str, Gate]:
        found = {}
        for node in functions(self.source):
            for decorator in node.decorator_list:
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                root, dot, rest = ast.unparse(called).partition(".")
                path = f"{self.meaning(root)}{dot}{rest}".removeprefix("srcgrad.").removeprefix("gate.")
                if (self.meaning(root) or "").startswith("srcgrad") and path in ALGEBRAS:
                    found[node.name] = defined(self.source, node, decorator, ALGEBRAS[path])
        return found

    def helper(self, name: str) -> Helper | None:
        definition = self._definition(name)
        if not isinstance(definition, ast.FunctionDef) or definition.decorator_list:
            return None
        return Helper(read(self.source, definition), self)

    def known(self, name: str) -> bool:
        return name in self._bindings or (hasattr(builtins, name) and not self.starred)

    @property
    def starred(self) -> bool:
        """Whether a star import hides what names mean."""
        return "*" in self._bindings

    def number(self, name: str) -> bool:
        value = self._literal(name)
        return value is not None and not any(isinstance(part, (ast.List, ast.Tuple)) for part in ast.walk(value))

    def constant(self, name: str) -> str | None:
        definition = self._definition(name)
        return self.source.statement(definition) if definition and self._literal(name) is not None else None

    def _literal(self, name: str) -> ast.expr | None:
        """The numbers, lists and tuples that the global `name` is for good, where that is all it is."""
        definition = self._definition(name)
        if not isinstance(definition, (ast.Assign, ast.AnnAssign)) or definition.value is None:
            return None
        targets = definition.targets if isinstance(definition, ast.Assign) else [definition.target]
        if len(targets) != 1 or not isinstance(targets[0], ast.Name) or not _literal(definition.value):
            return None
        lists = any(isinstance(part, ast.List) for part in ast.walk(definition.value))
        return None if lists and name in self._handed_on else definition.value

    @cached_property
    def _handed_on(self) -> frozenset[str]:
        """The names that stand anywhere but in front of an index that is read: a list behind one may change."""
        read = {
            id(node.value)
            for node in ast.walk(self.source.tree)
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)
        }
        names = (node for node in ast.walk(self.source.tree) if isinstance(node, ast.Name))
        return frozenset(node.id for node in names if isinstance(node.ctx, ast.Load) and id(node) not in read)

    def agrees(self, name: str, other: Scope) -> bool:
        return isinstance(other, StaticScope) and other.source is self.source

    def library(self, path: str) -> tuple[str, str]:
        return spelled(path, {entry.path: name for name, entry in self._imports.items() if self.meaning(name)})

    def import_line(self, name: str) -> str | None:
        definition = self._definition(name)
        return self._imports[name].line if isinstance(definition, (ast.Import, ast.ImportFrom)) else None

    def imports(self, library: str) -> bool:
        return any(entry.path.partition(".")[0] == library for entry in self._imports.values())

    @property
    def numbers_only(self) -> bool:
        return not any(entry.path.partition(".")[0] in ARRAY_LIBRARIES for entry in self._imports.values())


def spelled(path: str, known: dict[str, str]) -> tuple[str, str]:
    module, _, function = path.rpartition(".")
    if path in known:
        return known[path], ""
    if module in known:
        return f"{known[module]}.{function}", ""
    alias = {"numpy": "np"}.get(module, module)
    return f"{alias}.{function}", f"import {module}" + (f" as {alias}" if alias != module else "")


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a module-level statement binds, in whatever block of it."""
    names: set[str] = set()
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, (ast.MatchAs, ast.MatchStar, ast.ExceptHandler)):
            names |= {node.name} if node.name else set()
        elif isinstance(node, ast.MatchMapping):
            names |= {node.rest} if node.rest else set()
        elif isinstance(node, ast.Lambda):
            continue
        stack.extend(ast.iter_child_nodes(node))
    return names


_PARTS = (ast.List, ast.Tuple, ast.UnaryOp, ast.BinOp, ast.expr_context, ast.operator, ast.unaryop)


def _literal(node: ast.expr) -> bool:
    """Whether an expression is made of numbers, lists and tuples alone."""
    return all(
        type(part.value) in (int, float) if isinstance(part, ast.Constant) else isinstance(part, _PARTS)
        for part in ast.walk(node)
    )


def _located(path: str, filename: str) -> str:
    """A dotted path; where the start of it is a module that lies beside or above the file `filename`, its file."""
    level = len(path) - len(path.lstrip("."))
    parts = path[level:].split(".")
    folders = Path(filename).resolve().parents
    if parts[0] in sys.stdlib_module_names or parts[0] in ARRAY_LIBRARIES:
        return path
    for folder in folders[level - 1 : level] if level else folders:
        for i in range(len(parts) - 1, 0, -1):
            file = folder.joinpath(*parts[:i]).with_suffix(".py")
            if file.is_file():
                return f"{file}:{'.'.join(parts[i:])}"
    return path
