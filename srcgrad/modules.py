"""The modules of the user's that a file imports: found beside it as Python finds them, read, never run."""

from __future__ import annotations

import ast
import builtins
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from srcgrad.bindings import Bindings, Import, assigned, bindings
from srcgrad.errors import SrcgradError
from srcgrad.source import MAX_BYTES, Text, check, decode

ARRAY_LIBRARIES = frozenset(("numpy", "scipy", "jax", "cupy", "torch", "autograd", "tensorflow", "pandas", "numba"))
KNOWN = sys.stdlib_module_names | ARRAY_LIBRARIES
"""Modules that are somebody else's, by whose names no file of the user's is read."""


def folders(filename: str) -> tuple[str, ...]:
    """Where the imports of a program that begins with `filename` are looked for.

    Its own folder, as for a script; for a file of a package also the folder that holds the outermost package.
    """
    own = outer = os.path.dirname(filename)
    while os.path.isfile(os.path.join(outer, "__init__.py")) and not os.path.ismount(outer or "."):
        outer = os.path.normpath(os.path.join(outer, ".."))
    return (own,) if outer == own else (own, outer)


def locate(path: str, filename: str, searched: tuple[str, ...]) -> str | None:
    """The file of the module `path`, as `filename` imports it; None for a module that is not the user's.

    Raises SrcgradError where it should be there and is not, or where more than one file could be it.
    """
    level = len(path) - len(path.lstrip("."))
    parts = [part for part in path.split(".") if part]
    if level:
        return _beside(parts, os.path.join(os.path.dirname(filename), *[".."] * (level - 1)), path)
    if parts[0] in ("srcgrad", *sys.builtin_module_names):
        return None
    found = {os.path.realpath(place): folder for folder in searched if (place := _member(folder, parts[0]))}
    if parts[0] in KNOWN and found:
        raise SrcgradError(
            f"{parts[0]} is a library, and {_member(next(iter(found.values())), parts[0])} has its name: "
            "which one Python finds is not certain",
            hint="rename the file",
        )
    if len(found) > 1:
        raise SrcgradError(
            f"more than one file could be {parts[0]}: {' and '.join(_member(f, parts[0]) for f in found.values())}",
            hint="rename one of them, or import it with leading dots",
        )
    return _beside(parts, next(iter(found.values())), path) if found else None


def _beside(parts: list[str], folder: str, path: str) -> str:
    """The file of the module `parts`, from `folder` downwards."""
    place = os.path.normpath(os.path.join(folder, "__init__.py"))
    for part in parts:
        found = _member(os.path.dirname(place), part) if os.path.basename(place) == "__init__.py" else ""
        if not found:
            raise SrcgradError(f"there is no module {path} here", hint="an import is read from beside the file")
        place = found
    return place


def _member(folder: str, name: str) -> str:
    """The file of the module `name` in `folder`, "" where there is none; a package goes before a module."""
    package = os.path.normpath(os.path.join(folder, name))
    file = f"{package}.py"
    if os.path.isfile(os.path.join(package, "__init__.py")):
        return os.path.join(package, "__init__.py")
    if any(other.suffix in (".so", ".pyd") for other in Path(folder or ".").glob(f"{name}.*")):
        raise SrcgradError(f"{name} is a compiled module, which has no text", hint="write it out in Python")
    if os.path.isfile(file):
        return file
    return os.path.join(package, "__init__.py") if _has_modules(package) else ""


def _has_modules(folder: str) -> bool:
    """Whether a folder is a package without a file of its own."""
    return os.path.isdir(folder) and any(True for _ in Path(folder).glob("*.py"))


def submodule(filename: str, name: str) -> str:
    """The file of the module `name` in the package whose file is `filename`; "" where there is none."""
    return _member(os.path.dirname(filename), name) if os.path.basename(filename) == "__init__.py" else ""


def load(filename: str) -> Text:
    """The text of a module; SrcgradError where it cannot be read."""
    if not os.path.exists(filename):
        return Text(filename, "", ast.Module([], []))  # a package without a file of its own
    try:
        with open(filename, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SrcgradError(f"{filename} cannot be read: {error.strerror}") from None
    return check(decode(data, filename), filename)


def located(path: str, filename: str) -> str:
    """A dotted path; where the start of it is a module that lies beside or above the file `filename`, its file."""
    level = len(path) - len(path.lstrip("."))
    parts = path[level:].split(".")
    folders = Path(filename).resolve().parents
    if parts[0] in KNOWN:
        return path
    for folder in folders[level - 1 : level] if level else folders:
        for i in range(len(parts) - 1, 0, -1):
            file = folder.joinpath(*parts[:i]).with_suffix(".py")
            if file.is_file():
                return f"{file}:{'.'.join(parts[i:])}"
    return path


@dataclass(frozen=True)
class Definition:
    """A global of the user's: the statement of `module` that binds it, as `name`."""

    module: Module
    name: str
    node: ast.stmt

    @property
    def literal(self) -> ast.expr | None:
        """The numbers, lists and tuples that it is for good, where that is all it is."""
        return self.module.bindings.literal(self.name)

    @property
    def array(self) -> ast.expr | None:
        """The expression that makes the array which it is, where nothing but numbers goes into it."""
        return self.module.bindings.array(self.name)

    @property
    def exposed(self) -> bool:
        """Whether its own file may change the array that it is."""
        return self.name in self.module.bindings.exposed

    @property
    def text(self) -> str:
        """The assignment that defines it."""
        value = assigned(self.node, self.name)
        several = isinstance(self.node, ast.Assign) and isinstance(self.node.targets[0], ast.Tuple)
        source = self.module.source
        return f"{self.name} = {source.segment(value)}" if several and value else source.statement(self.node)


@dataclass(frozen=True, eq=False)
class Module:
    """A file of a program that is read and never run.

    The modules that it imports are looked for in `searched`, as sys.path has it. `opened` has those that were read so
    far, by file: all modules of one program share it.
    """

    source: Text
    searched: tuple[str, ...] = ()
    opened: dict[str, Module] = field(default_factory=dict, repr=False)
    _known: dict[str, str | Module | Definition | None] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.opened.setdefault(os.path.normpath(self.source.filename), self)

    @property
    def bindings(self) -> Bindings:
        return bindings(self.source)

    def resolve(self, path: str) -> str | Module | Definition | None:
        """What a dotted name is: the path of a library's, a module of the user's, or the place of its definition.

        None where the text does not tell. Raises SrcgradError at an import of the user's that cannot be followed.
        """
        if path not in self._known:
            self._known[path] = self._resolved(path, frozenset())
        return self._known[path]

    def _resolved(self, path: str, seen: frozenset[tuple[str, str]]) -> str | Module | Definition | None:
        name, *attributes = path.split(".")
        found = self._named(name, seen)
        for attribute in attributes:
            if isinstance(found, Module):
                found = found.member(attribute, seen)
            else:
                found = f"{found}.{attribute}" if isinstance(found, str) else None
        return found

    def _named(self, name: str, seen: frozenset[tuple[str, str]]) -> str | Module | Definition | None:
        here = (self.source.filename, name)
        definition = self.bindings.definition(name)
        if isinstance(definition, (ast.Import, ast.ImportFrom)):
            try:
                return self._imported(self.bindings.imports[name], here, seen)
            except SrcgradError as error:
                told = error.span is None or " cannot be read: " in error.message
                place = f"{error.filename}:{error.line}:{error.column}"
                message = error.message if told else f"{name} cannot be read: {place}: {error.message}"
                raise SrcgradError(message, self.source.span(definition), error.hint) from None
        if isinstance(definition, ast.Assign) and isinstance(definition.value, (ast.Name, ast.Attribute)):
            return self._resolved(ast.unparse(definition.value), seen | {here}) if here not in seen else None
        if definition is not None:
            return Definition(self, name, definition)
        statements = self.bindings.statements.get(name, [])
        if statements and all(isinstance(one, ast.Import) for one in statements) and name not in self.bindings.aliases:
            return self._module(name)  # import pkg.a, and then import pkg.b
        known = not statements and hasattr(builtins, name) and not self.bindings.starred
        return f"builtins.{name}" if known else None

    def _imported(
        self, entry: Import, here: tuple[str, str], seen: frozenset[tuple[str, str]]
    ) -> str | Module | Definition | None:
        if here in seen:
            raise SrcgradError(f"the import of {here[1]} goes round in a circle", hint="define it in one of the files")
        module = self._module(entry.module)
        if not entry.member or not isinstance(module, Module):
            return module if isinstance(module, Module) else entry.path
        return module.member(entry.member, seen | {here})

    def _module(self, path: str) -> Module | None:
        """The user's module `path`; None for one of a library."""
        file = locate(path, self.source.filename, self.searched) if self.searched else None
        return self._open(file) if file else None

    def _open(self, file: str) -> Module:
        return self.opened.get(file) or Module(load(file), self.searched, self.opened)

    def member(self, name: str, seen: frozenset[tuple[str, str]]) -> str | Module | Definition | None:
        """What `name` is to those who import it from this module."""
        file = submodule(self.source.filename, name)
        if name in self.bindings.statements:
            entry = self.bindings.imports.get(name)
            if file and entry and entry.path == f".{name}":
                return self._open(file)
            if file and not (entry and entry.module.endswith(f".{name}")):
                raise SrcgradError(
                    f"{name} is a module of the package {os.path.dirname(self.source.filename)} and a name in it",
                    hint="rename one of them",
                )
            return self._named(name, seen)
        if file:
            return self._open(file)
        if self.bindings.starred:
            raise SrcgradError(
                f"a star import in {self.source.filename} hides what {name} is",
                hint="import it from the file that defines it",
            )
        raise SrcgradError(f"{self.source.filename} does not define {name}", hint="import it from where it is defined")
