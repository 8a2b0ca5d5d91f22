"""A live function: its text, found and proved to be its own, and the scope that its names have now."""

from __future__ import annotations

import ast
import builtins
import linecache
import sys
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from types import CodeType, FunctionType, ModuleType
from typing import Any

from srcgrad.errors import SrcgradError
from srcgrad.gate import Gate
from srcgrad.scope import Helper, Scope, StaticScope, spelled
from srcgrad.source import Function, Text, check, find, read, read_lambda
from srcgrad.stop import PATH as STOP, stop_gradient

OWN = "<srcgrad "
"""How the file name of a derived function begins."""


def live_function(function: FunctionType) -> tuple[Function, LiveScope]:
    """The text of a live function and its scope.

    Raises SrcgradError where there is no text, or where it is no longer the text that the function was compiled from.
    """
    if not isinstance(function, FunctionType):
        raise SrcgradError(
            f"{getattr(function, '__name__', type(function).__name__)} is not a Python function",
            hint="give srcgrad a function that was written with def; a decorator above it may have replaced it",
        )
    if hasattr(function, "specialize"):
        raise SrcgradError(
            f"{function.__name__} is derived anew for each kind of argument, so no one text is its own",
            hint="annotate the parameters of the function that it was derived from, as in x: float",
        )
    if hasattr(function, "__wrapped__"):
        raise SrcgradError(
            f"{function.__name__} was changed by a decorator, so its text is not what runs",
            hint="put srcgrad's decorator below the other one, or derive the undecorated function",
        )
    source = _source(function)
    if function.__code__.co_name == "<lambda>":
        return _lambda(function, source), LiveScope(function, StaticScope(source))
    node = find(source, function.__code__.co_firstlineno)
    if node is None or node.name != function.__code__.co_name:
        raise SrcgradError(
            f"the definition of {function.__name__} is not where Python says: line "
            f"{function.__code__.co_firstlineno} of {source.filename}",
            hint="srcgrad reads functions written with def; if the file changed since its import, import it anew",
        )
    if not source.filename.startswith(OWN):
        _check_unchanged(function, source, node)
    return read(source, node), LiveScope(function, StaticScope(source))


def _lambda(function: FunctionType, source: Text) -> Function:
    """The lambda whose text covers all of the code that runs: several may stand on one line."""
    spots = function.__code__.co_positions()
    places = [(line, column) for line, _, column, end in spots if line is not None and column is not None and end]
    around = [
        node
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Lambda)
        and node.lineno == function.__code__.co_firstlineno
        and all(
            (node.lineno, node.col_offset) <= place <= (node.end_lineno or 0, node.end_col_offset or 0)
            for place in places
        )
    ]
    if not around:
        raise SrcgradError(
            f"the lambda at line {function.__code__.co_firstlineno} of {source.filename} is not where Python says",
            hint="if the file changed since its import, import it anew",
        )
    node = min(
        around, key=lambda node: ((node.end_lineno or 0) - node.lineno, (node.end_col_offset or 0) - node.col_offset)
    )
    if not source.filename.startswith(OWN):
        _check_unchanged(function, source, node)
    return read_lambda(source, node)


def _source(function: FunctionType) -> Text:
    filename = function.__code__.co_filename
    lines = linecache.getlines(filename, function.__globals__)
    if not lines:
        raise SrcgradError(
            f"the source of {function.__name__} is not to be had ({filename})",
            hint="define it in a file, a notebook or a prompt that keeps its text",
        )
    return check("".join(lines), filename)


def _check_unchanged(function: FunctionType, source: Text, node: ast.FunctionDef | ast.Lambda) -> None:
    """Compile the text that was found and compare it with what runs: the file may have changed since its import."""
    try:
        module = source.code
    except SyntaxError as error:
        raise SrcgradError(f"{source.filename} does not compile: {error.msg}", source.span(node)) from None
    stack = [module]
    while stack:
        code = stack.pop()
        if code.co_firstlineno == function.__code__.co_firstlineno and _alike(code, function.__code__):
            return
        stack.extend(const for const in code.co_consts if isinstance(const, CodeType))
    raise SrcgradError(
        f"{function.__name__} is not what its file says: the file changed since it was imported",
        source.span(node),
        "import the module anew, then derive",
    )


def _check_defaults(value: FunctionType, function: Function) -> None:
    """Compare the defaults that a called function has with those that its text says."""
    args = function.node.args
    said = [default.value for default in args.defaults if isinstance(default, ast.Constant)]
    has = [default for default in value.__defaults__ or () if isinstance(default, (int, float, str, bool, type(None)))]
    if len(said) == len(args.defaults) and [repr(d) for d in said] != [repr(d) for d in has]:
        raise SrcgradError(
            f"the defaults of {value.__name__} are not what its file says",
            function.source.span(function.node),
            "pass the argument where it is called",
        )


def _value(text: str) -> str:
    """The right side of an assignment."""
    node = ast.parse(text).body[0]
    assert isinstance(node, (ast.Assign, ast.AnnAssign))
    return ast.unparse(node.value) if node.value else "None"


def _alike(left: CodeType, right: CodeType) -> bool:
    attributes = ("co_name", "co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_argcount")
    if any(getattr(left, name) != getattr(right, name) for name in attributes):
        return False
    if len(left.co_consts) != len(right.co_consts):
        return False
    return all(
        _alike(a, b)
        if isinstance(a, CodeType) and isinstance(b, CodeType)
        else (type(a), repr(a)) == (type(b), repr(b))
        for a, b in zip(left.co_consts, right.co_consts, strict=True)
    )


@dataclass(frozen=True)
class LiveScope:
    """The globals and cells of a live function; what only the text of its file says is asked of `file`."""

    function: FunctionType
    file: StaticScope | None

    @cached_property
    def _cells(self) -> dict[str, Any]:
        cells = zip(self.function.__code__.co_freevars, self.function.__closure__ or (), strict=True)
        return {name: cell.cell_contents for name, cell in cells if _filled(cell)}

    def _value(self, name: str) -> Any:
        """The object that `name` is bound to; the scope itself where it is bound to none."""
        if name in self._cells:
            return self._cells[name]
        return self.function.__globals__.get(name, getattr(builtins, name, self))

    def known(self, name: str) -> bool:
        return self._value(name) is not self

    def meaning(self, name: str) -> str | None:
        value = self._value(name)
        return value.__name__ if isinstance(value, ModuleType) else library_path(value)

    def thing(self, path: str) -> str | None:
        name, *rest = path.split(".")
        value = self._value(name)
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
        module = self.function.__globals__.get("__name__")
        known = sys.modules.get(module) if isinstance(module, str) and module != "__main__" else None
        there = known is not None and known.__dict__ is self.function.__globals__ and name not in self._cells
        return f"{module}.{name}" if there else None

    @cached_property
    def stops(self) -> bool:
        values = (*self._cells.values(), *self.function.__globals__.values())
        return any(value is stop_gradient or value is sys.modules["srcgrad"] for value in values)

    def gates(self) -> list[tuple[Gate, Scope]]:
        values = {id(value): value for value in (*self._cells.values(), *self.function.__globals__.values())}
        return [(value, _home(value)) for value in values.values() if isinstance(value, Gate)]

    def helper(self, name: str) -> Helper | None:
        value = self._value(name)
        if not isinstance(value, FunctionType) or library_path(value):
            return None
        function, scope = live_function(value)
        _check_defaults(value, function)
        return Helper(function, scope)

    def constant(self, name: str) -> str | None:
        """As in the file, where the global still is what the file says."""
        text = self.file.constant(name) if self.file and name not in self._cells else None
        return text if text and repr(ast.literal_eval(_value(text))) == repr(self._value(name)) else None

    def agrees(self, name: str, other: Scope) -> bool:
        value = self._value(name)
        if not isinstance(other, LiveScope) or other._value(name) is not value:
            return False
        same = self.function.__globals__ is other.function.__globals__ and name not in {**self._cells, **other._cells}
        return same or callable(value) or isinstance(value, ModuleType)

    def number(self, name: str) -> bool:
        return isinstance(self._value(name), Real)

    def library(self, path: str) -> tuple[str, str]:
        names = {**self.function.__globals__, **self._cells}
        known = {value.__name__: name for name, value in names.items() if isinstance(value, ModuleType)}
        for name in self.function.__code__.co_names:
            known.setdefault(library_path(names.get(name)) or "", name)
        return spelled(path, known)

    def import_line(self, name: str) -> str | None:
        value = self._value(name)
        path = self.meaning(name)
        if path is None or path.startswith("builtins."):
            return None
        if isinstance(value, ModuleType):
            return f"import {path}" if name == path else f"import {path} as {name}"
        module, _, function = path.rpartition(".")
        return f"from {module} import {function}" + (f" as {name}" if name != function else "")

    def imports(self, library: str) -> bool:
        values = (*self.function.__globals__.values(), *self._cells.values())
        paths = (v.__name__ if isinstance(v, ModuleType) else library_path(v) or "" for v in values)
        return any(path.partition(".")[0] == library for path in paths)

    @property
    def numbers_only(self) -> bool:
        return self.file is not None and self.file.numbers_only


def _home(gate: Gate) -> LiveScope:
    """The scope of the names in a gate of the user's; SrcgradError where its text is not what was defined."""
    rule: object = gate.rule
    assert isinstance(rule, FunctionType)
    function = gate.code.read()
    _check_unchanged(rule, function.source, function.node)
    return LiveScope(rule, StaticScope(function.source))


_LIBRARIES = (
    "builtins", "math", "numpy", "numpy.linalg", "scipy.special", "contextlib", "decimal", "warnings",
)  # fmt: skip


def library_path(value: Any) -> str | None:
    """The dotted path of a function of a library whose functions are known by name; None for anything else."""
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
