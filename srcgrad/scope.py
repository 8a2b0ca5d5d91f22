"""What a name means: resolved from the file's own imports and definitions, or from a live function, never guessed.

Two scopes, one protocol: StaticScope here, LiveScope in live.py. Both speak of names that are not local to the
function; read.py knows the local ones.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from srcgrad.bindings import Bindings, bindings, static_method
from srcgrad.declared import defined
from srcgrad.gate import ALGEBRAS, Gate
from srcgrad.imports import spelled
from srcgrad.modules import ARRAY_LIBRARIES, Definition, Module, located
from srcgrad.source import Function, Text, functions, read, renamed
from srcgrad.tree import dotted


@dataclass(frozen=True)
class Helper:
    """A function of the user's that is called: its text, and the scope that its own names have."""

    function: Function
    scope: Scope


@dataclass(frozen=True)
class Home:
    """Where a global of the user's is defined: `place` tells it from every other, `scope` knows it as `name`."""

    place: str
    name: str = field(compare=False)
    scope: Scope = field(compare=False)


class Scope(Protocol):
    """What the global names of one function mean."""

    def meaning(self, name: str) -> str | None:
        """The dotted path of the module, library function or builtin that `name` is; None for anything else."""

    def helper(self, path: str) -> Helper | None:
        """The user's own function that a dotted name is."""

    def method(self, path: str) -> Helper | None:
        """The static method of a class of the user's that a dotted name is."""

    def home(self, path: str) -> Home | None:
        """Where the user's own global that a dotted name is has its definition; None for what is a library's."""

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

    def array(self, name: str) -> bool:
        """Whether the global `name` is an array."""

    def whole(self, name: str) -> bool:
        """Whether the global `name` is an int, or holds one."""

    def imaginary(self, name: str) -> bool:
        """Whether the global `name` is a complex number, or holds one."""

    def changing(self, name: str) -> bool:
        """Whether a function of the file that binds the global `name` gives it another value."""

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
class StaticScope:
    """The module-level names of a file that is read and never run; `beside` are files of gates.

    `of` has the modules that it may import; without it, each is somebody else's.
    """

    source: Text
    beside: tuple[StaticScope, ...] = ()
    of: Module | None = None

    @cached_property
    def module(self) -> Module:
        return self.of or Module(self.source)

    @property
    def _bindings(self) -> Bindings:
        return bindings(self.source)

    def meaning(self, name: str) -> str | None:
        found = self.module.resolve(name)
        return found if isinstance(found, str) else None

    def _defined(self, path: str) -> Definition | None:
        found = self.module.resolve(path)
        if not isinstance(found, Definition):
            return None
        changes = found.module is not self.module and path in self._bindings.handed_on and _mutable(found.literal)
        return None if changes else found

    def home(self, path: str) -> Home | None:
        module, _, name = path.rpartition(".")
        file, found = self.module.resolve(module) if module else self.module, self._defined(path)
        if found is None or not isinstance(file, Module):
            return None
        return Home(f"{found.module.source.filename}:{found.name}", name, StaticScope(file.source, (), file))

    def thing(self, path: str) -> str | None:
        found = self.module.resolve(path)
        if isinstance(found, str):
            return located(found, self.source.filename)
        name, dot, rest = (path, "", "") if found is not None else path.partition(".")
        defined = self._defined(name)
        if defined is None or not isinstance(defined.node, (ast.FunctionDef, ast.ClassDef)):
            return None
        return f"{Path(defined.module.source.filename).resolve()}:{defined.name}{dot}{rest}"

    def exported(self, name: str) -> str | None:
        return None

    @cached_property
    def stops(self) -> bool:
        return any(entry.path.partition(".")[0] == "srcgrad" for entry in self._bindings.imports.values())

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
                root, dot, rest = dotted(called).partition(".")
                path = f"{self.meaning(root)}{dot}{rest}".removeprefix("srcgrad.").removeprefix("gate.")
                if (self.meaning(root) or "").startswith("srcgrad") and path in ALGEBRAS:
                    found[node.name] = defined(self.source, node, decorator, ALGEBRAS[path])
        return found

    def helper(self, path: str) -> Helper | None:
        found = self._defined(path)
        if found is None or not isinstance(found.node, ast.FunctionDef) or found.node.decorator_list:
            return None
        source = found.module.source
        return Helper(read(source, found.node), StaticScope(source, (), found.module))

    def method(self, path: str) -> Helper | None:
        first, *names = path.split(".")
        found = self._defined(first) if names else None
        node = static_method(found.node, names) if found else None
        if found is None or node is None:
            return None
        source = found.module.source
        return Helper(read(source, node), StaticScope(source, (), found.module))

    def known(self, name: str) -> bool:
        return name in self._bindings.statements or (hasattr(builtins, name) and not self.starred)

    @property
    def starred(self) -> bool:
        """Whether a star import hides what names mean."""
        return self._bindings.starred

    def number(self, name: str) -> bool:
        value = found.literal if (found := self._defined(name)) else None
        return value is not None and not any(isinstance(part, (ast.List, ast.Tuple)) for part in ast.walk(value))

    def array(self, name: str) -> bool:
        found = self._defined(name)
        return found is not None and found.array is not None and not self.changing(name)

    def changing(self, name: str) -> bool:
        found = self._defined(name)
        if found is not None and found.array is not None and (found.exposed or name in self._bindings.exposed):
            return True
        return any(isinstance(one, ast.Global) for one in self._bindings.statements.get(name, ()))

    def imaginary(self, name: str) -> bool:
        return self._bindings.imaginary(name)

    def whole(self, name: str) -> bool:
        found = self._defined(name)
        literal = found.literal if found else None
        return any(_int(part) for part in (literal.elts if isinstance(literal, (ast.List, ast.Tuple)) else (literal,)))

    def constant(self, name: str) -> str | None:
        found = self._defined(name)
        if found is None or (found.literal is None and not self.array(name)):
            return None
        return renamed(found.text, found.name, name)

    def imported(self, name: str) -> tuple[str, str] | None:
        """The module, with its leading dots, that the global `name` is imported from, and what it is there."""
        entry = self._bindings.imports.get(name)
        return (entry.module, entry.member) if entry and entry.member and self._bindings.definition(name) else None

    def agrees(self, name: str, other: Scope) -> bool:
        if not isinstance(other, StaticScope):
            return False
        return other.source is self.source or self.module.resolve(name) == other.module.resolve(name) is not None

    def library(self, path: str) -> tuple[str, str]:
        entries = self._bindings.imports.items()
        return spelled(path, {entry.path: name for name, entry in entries if self._bindings.definition(name)})

    def import_line(self, name: str) -> str | None:
        path = self.meaning(name)
        entry = self._bindings.imports.get(name)
        if path is None or not isinstance(self._bindings.definition(name), (ast.Import, ast.ImportFrom)):
            return None
        if entry is not None and entry.path == path:
            return entry.line
        module, _, member = path.rpartition(".")
        line = f"from {module} import {member}" if module else f"import {member}"
        return line if member == name else f"{line} as {name}"

    def imports(self, library: str) -> bool:
        return any(entry.path.partition(".")[0] == library for entry in self._bindings.imports.values())

    @property
    def numbers_only(self) -> bool:
        entries = (entry for one in self.module.opened.values() for entry in one.bindings.imports.values())
        return not any(entry.path.partition(".")[0] in ARRAY_LIBRARIES for entry in entries)


def borrowed(homes: dict[str, Home], home: Home, root: Scope, taken: Set[str] = frozenset()) -> str:
    """The name by which a text of `root` reads what another file defines; noted in `homes` where it is new there."""
    name = home.name
    while name in taken or (homes.get(name) != home and (name in homes or root.known(name))):
        if name not in homes and name not in taken and root.home(name) == home:
            return name
        name += "_"
    homes[name] = home
    return name


def _int(node: ast.expr | None) -> bool:
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(inner, ast.Constant) and isinstance(inner.value, int)


def _mutable(value: ast.expr | None) -> bool:
    return value is not None and any(isinstance(part, ast.List) for part in ast.walk(value))
