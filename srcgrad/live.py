"""The scope of a live function: what its names are now."""

from __future__ import annotations

import ast
import builtins
import linecache
import sys
from dataclasses import dataclass
from functools import cached_property
from keyword import iskeyword
from numbers import Real
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from srcgrad.gate import Gate
from srcgrad.imports import spelled
from srcgrad.livetext import check_defaults, check_unchanged, live_text, single
from srcgrad.modules import ARRAY_LIBRARIES, KNOWN
from srcgrad.scope import Helper, Home, Scope, StaticScope
from srcgrad.source import Function, check, renamed
from srcgrad.stop import PATH as STOP, stop_gradient


def live_function(function: FunctionType) -> tuple[Function, LiveScope]:
    """The text of a live function and its scope; SrcgradError where there is no text that is its own."""
    function = single(function)
    text = live_text(function)
    return text, LiveScope(function, StaticScope(text.source))


@dataclass(frozen=True)
class LiveScope:
    """The globals and cells of a live function, or those of a module; what only its text says is asked of `file`."""

    function: FunctionType | ModuleType
    file: StaticScope | None

    @cached_property
    def _cells(self) -> dict[str, Any]:
        if isinstance(self.function, ModuleType):
            return {}
        cells = zip(self.function.__code__.co_freevars, self.function.__closure__ or (), strict=True)
        return {name: cell.cell_contents for name, cell in cells if _filled(cell)}

    @property
    def space(self) -> dict[str, Any]:
        """The globals, as they are now."""
        return self.function.__dict__ if isinstance(self.function, ModuleType) else self.function.__globals__

    def value(self, name: str) -> Any:
        """The object that `name` is bound to; the scope itself where it is bound to none."""
        return self._cells[name] if name in self._cells else self.space.get(name, getattr(builtins, name, self))

    def _find(self, path: str) -> tuple[LiveScope, str, Any]:
        """The scope that binds a dotted name, the name there and its value; None for what is no global of a user's."""
        name, *attributes = path.split(".")
        scope, value = self, self.value(name)
        for attribute in attributes:
            if not isinstance(value, ModuleType) or not _own_module(value):
                return self, path, None
            scope, name, value = _module_scope(value), attribute, value.__dict__.get(attribute)
        return scope, name, None if value is self else value

    def home(self, path: str) -> Home | None:
        scope, name, value = self._find(path)
        if isinstance(value, FunctionType) and not library_path(value):
            return Home(f"{id(value)}", name, scope)
        elsewhere = name in scope._cells or name not in scope.space
        if elsewhere or value is None or callable(value) or isinstance(value, ModuleType):
            return None
        return Home(f"{id(scope.space)}:{name}", name, scope)

    def known(self, name: str) -> bool:
        return self.value(name) is not self

    def meaning(self, name: str) -> str | None:
        value = self.value(name)
        if isinstance(value, ModuleType):
            return None if _own_module(value) else value.__name__
        return f"builtins.{name}" if iskeyword(name) else library_path(value)  # None, True and False

    def thing(self, path: str) -> str | None:
        name, *rest = path.split(".")
        value = self.value(name)
        if value is self:
            value = sys.modules.get({"np": "numpy"}.get(name, name))
        module = ""
        while rest and isinstance(value, ModuleType):
            module, attribute = value.__name__ + ".", rest.pop(0)
            value = getattr(value, attribute, None)
            name = module + attribute
        if isinstance(value, ModuleType):
            return value.__name__
        if not callable(value):
            return ".".join((name, *rest)) if module else None
        return ".".join((library_path(value) or f"own·{id(value)}", *rest))

    def exported(self, name: str) -> str | None:
        module = self.space.get("__name__")
        known = sys.modules.get(module) if isinstance(module, str) and module != "__main__" else None
        there = known is not None and known.__dict__ is self.space and name not in self._cells
        return f"{module}.{name}" if there else None

    @cached_property
    def stops(self) -> bool:
        values = (*self._cells.values(), *self.space.values())
        return any(value is stop_gradient or value is sys.modules["srcgrad"] for value in values)

    def gates(self) -> list[tuple[Gate, Scope]]:
        values = {id(value): value for value in (*self._cells.values(), *self.space.values())}
        return [(value, _home(value)) for value in values.values() if isinstance(value, Gate)]

    def helper(self, path: str) -> Helper | None:
        value = self._find(path)[2]
        if not isinstance(value, FunctionType) or library_path(value):
            return None
        function, scope = live_function(value)
        check_defaults(single(value), function)
        return Helper(function, scope)

    def method(self, path: str) -> Helper | None:
        first, *names = path.split(".")
        value = self.value(first)
        for name in names:
            value = value.__dict__.get(name) if type(value) is type else None
        if not names or not isinstance(value, staticmethod) or not isinstance(value.__func__, FunctionType):
            return None
        function, scope = live_function(value.__func__)
        check_defaults(single(value.__func__), function)
        return Helper(function, scope)

    def constant(self, name: str) -> str | None:
        """As in the file that defines it, where the global still is what that file says."""
        if self.file is None or name in self._cells:
            return None
        text = self.file.constant(name)
        origin = self.file.imported(name)
        if text is None and origin is not None:
            module = sys.modules.get(_absolute(origin[0], self.space))
            there = _module_scope(module).constant(origin[1]) if module and _own_module(module) else None
            text = there and renamed(there, origin[1], name)
        return text if text and _alike(self._made(text), self.value(name)) else None

    def _made(self, text: str) -> Any:
        """What the line that defines a constant makes of its numbers now."""
        node = ast.parse(text).body[0]
        assert isinstance(node, (ast.Assign, ast.AnnAssign))
        # Numbers, lists, operators, names of such and functions that make them: the module has computed it before.
        code = compile(ast.Expression(node.value or ast.Constant(None)), "<constant>", "eval")
        return eval(code, {"__builtins__": {}}, self.space)

    def agrees(self, name: str, other: Scope) -> bool:
        value = self.value(name)
        if not isinstance(other, LiveScope) or other.value(name) is not value:
            return False
        same = self.space is other.space and name not in {**self._cells, **other._cells}
        return same or callable(value) or isinstance(value, ModuleType)

    def number(self, name: str) -> bool:
        return isinstance(self.value(name), Real)

    def array(self, name: str) -> bool:
        value = self.value(name)
        kind = type(value)
        return (kind.__module__, kind.__name__) == ("numpy", "ndarray") and value.dtype.kind in "fiub"

    def imaginary(self, name: str) -> bool:
        return _imaginary(self.value(name))

    def changing(self, name: str) -> bool:
        return self.file is not None and self.file.changing(name)

    def whole(self, name: str) -> bool:
        value = self.value(name)
        return any(isinstance(part, int) for part in (value if isinstance(value, (list, tuple)) else (value,)))

    def library(self, path: str) -> tuple[str, str]:
        names = {**self.space, **self._cells}
        known = {value.__name__: name for name, value in names.items() if isinstance(value, ModuleType)}
        for name in () if isinstance(self.function, ModuleType) else self.function.__code__.co_names:
            known.setdefault(library_path(names.get(name)) or "", name)
        return spelled(path, known)

    def import_line(self, name: str) -> str | None:
        value = self.value(name)
        path = value.__name__ if isinstance(value, ModuleType) else self.meaning(name)
        if path is None or path.startswith("builtins."):
            return None
        if isinstance(value, ModuleType):
            return f"import {path}" if name == path else f"import {path} as {name}"
        module, _, function = path.rpartition(".")
        return f"from {module} import {function}" + (f" as {name}" if name != function else "")

    def imports(self, library: str) -> bool:
        values = (*self.space.values(), *self._cells.values())
        paths = (v.__name__ if isinstance(v, ModuleType) else library_path(v) or "" for v in values)
        return any(path.partition(".")[0] == library for path in paths)

    @property
    def numbers_only(self) -> bool:
        """As of its file; the text of a notebook's cell says nothing of what another cell imports."""
        return self.file is not None and self.file.numbers_only and not any(map(self.imports, ARRAY_LIBRARIES))


def _imaginary(value: Any) -> bool:
    """Whether a value is a complex number, or holds one as an item or an attribute of a class."""
    if isinstance(value, (list, tuple, set)):
        return any(map(_imaginary, value))
    if isinstance(value, dict):
        return any(map(_imaginary, value.values()))
    if type(value) is type:
        return any(isinstance(one, complex) for one in value.__dict__.values())
    if type(value).__module__ == "numpy":
        return getattr(getattr(value, "dtype", None), "kind", "") == "c"
    return isinstance(value, complex)


def _alike(one: Any, two: Any) -> bool:
    """Whether two constants are the same numbers, written alike."""
    items = (value.tolist() if hasattr(value, "tolist") else value for value in (one, two))
    return repr(one) == repr(two) and len({*map(repr, items)}) == 1


def _home(gate: Gate) -> LiveScope:
    """The scope of the names in a gate of the user's; SrcgradError where its text is not what was defined."""
    rule: object = gate.rule
    assert isinstance(rule, FunctionType)
    function = gate.code.read()
    check_unchanged(rule, function.source, function.node)
    return LiveScope(rule, StaticScope(function.source))


def _own_module(module: ModuleType) -> bool:
    """Whether a module is the user's, and no library's."""
    file = module.__file__ if getattr(module, "__file__", None) else next(iter(getattr(module, "__path__", ())), None)
    installed = {"site-packages", "dist-packages"} & {*Path(file or "").parts}
    return bool(file) and not installed and module.__name__.partition(".")[0] not in (*KNOWN, "srcgrad")


def _module_scope(module: ModuleType) -> LiveScope:
    filename = getattr(module, "__file__", None) or ""
    return LiveScope(module, StaticScope(check("".join(linecache.getlines(filename)), filename)))


def _absolute(path: str, space: dict[str, Any]) -> str:
    """The full name of a module that is imported under `path`, with its leading dots, among the globals `space`."""
    level = len(path) - len(path.lstrip("."))
    package = str(space.get("__package__") or "").split(".")
    return ".".join((*package[: len(package) + 1 - level], path[level:])).rstrip(".") if level else path


_LIBRARIES = (
    "builtins", "math", "numpy", "numpy.fft", "numpy.linalg", "numpy.lib.stride_tricks", "scipy.special",
    "scipy.linalg", "scipy.signal", "contextlib", "decimal", "warnings", "typing",
    "jaxtyping",
)  # fmt: skip


def library_path(value: Any) -> str | None:
    """The dotted path of a function of a library whose functions are known by name; None for anything else."""
    if type(value).__module__.startswith("scipy.stats."):
        distributions = sys.modules["scipy.stats"].__dict__.items()
        return next((f"scipy.stats.{name}" for name, one in distributions if one is value), None)
    name = getattr(value, "__name__", None)
    if not isinstance(name, str) or isinstance(value, ModuleType):
        return None
    if value is stop_gradient:
        return STOP
    for module in _LIBRARIES:
        if module in sys.modules and sys.modules[module].__dict__.get(name) is value:
            return f"{module}.{name}"
    return None


def _filled(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018 - an empty cell raises when it is read
    except ValueError:
        return False
    return True
