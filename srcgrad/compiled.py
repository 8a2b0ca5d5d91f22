"""Derived text -> live function, over the globals and cells of the function that it was derived from."""

from __future__ import annotations

import ast
import hashlib
import importlib
import io
import linecache
from collections.abc import Mapping
from types import CellType, CodeType, FunctionType
from typing import Any
from weakref import WeakKeyDictionary

from srcgrad.derive import Derived
from srcgrad.live import LiveScope
from srcgrad.livetext import OWN

_PRIMALS: WeakKeyDictionary[FunctionType, FunctionType] = WeakKeyDictionary()
"""What the functions at hand were derived from; beside them, for nothing but the text hangs on a derived function."""


def primal_of(function: Any) -> FunctionType | None:
    """The function that one was derived from; None for one that was not derived here."""
    plain = function.specialize() if hasattr(function, "specialize") else function
    return _PRIMALS.get(plain)


def compiled(derived: Derived, primal: FunctionType) -> tuple[FunctionType, ...]:
    """The functions that `derived` defines; each has the whole text as `.source`.

    The text is registered in `linecache`, so that tracebacks and debuggers show it. Globals and cells stay the
    primal's own and live; the names that only the derived text uses are cells of the new function.
    """
    text = derived.module()
    filename = f"{OWN}{derived.functions[0]} {hashlib.sha256(text.encode()).hexdigest()[:12]}>"
    linecache.cache[filename] = (len(text), None, io.StringIO(text).readlines(), filename)
    others = spaces(derived)
    added = {**_added(derived), **_called(derived, primal)}
    if derived.included:
        added |= _included(derived, text, filename, primal, added)
    added |= {f"{name}·": CellType(space) for name, (space, _) in others.items()}
    own = dict(zip(primal.__code__.co_freevars, primal.__closure__ or (), strict=True))
    cells = {**added, **own}
    made = []
    for name in derived.functions:
        code = _code(text, filename, name, tuple(cells), {name: key for name, (_, key) in others.items()})
        closure = tuple(cells[free] for free in code.co_freevars)
        function = FunctionType(code, primal.__globals__, name, closure=closure)
        _dress(function, primal)
        function.__dict__["source"] = text
        _PRIMALS[function] = primal
        made.append(function)
    return tuple(made)


def _code(text: str, filename: str, name: str, free: tuple[str, ...], elsewhere: Mapping[str, str]) -> CodeType:
    """The code of one function of `text`, for which the names in `free` are free variables.

    The names in `elsewhere` are globals of other modules, there under the keys given, and are read there at each call.
    """
    tree = ast.parse(text, filename)
    node = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    node = _Elsewhere(elsewhere).visit(node) if elsewhere else node
    nothing = ast.copy_location(ast.Constant(None), node)
    node.args.defaults = [nothing for _ in node.args.defaults]
    node.args.kw_defaults = [default and nothing for default in node.args.kw_defaults]
    factory = ast.parse(f"def factory({', '.join(free)}): pass").body[0]
    assert isinstance(factory, ast.FunctionDef)
    factory.body = [node]
    module = compile(ast.Module([factory], []), filename, "exec", dont_inherit=True)
    outer = next(const for const in module.co_consts if isinstance(const, CodeType))
    return next(const for const in outer.co_consts if isinstance(const, CodeType) and const.co_name == name)


def _included(
    derived: Derived, text: str, filename: str, primal: FunctionType, added: Mapping[str, CellType]
) -> dict[str, CellType]:
    """The function that the text includes, in a cell."""
    node = ast.parse(derived.included).body[0]
    assert isinstance(node, ast.FunctionDef)
    code = _code(text, filename, node.name, tuple(added), {})
    closure = tuple(added[free] for free in code.co_freevars)
    return {node.name: CellType(FunctionType(code, primal.__globals__, node.name, closure=closure))}


class _Elsewhere(ast.NodeTransformer):
    """Reads the constant `name` as `name·[key]`, from the globals of its module."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self.keys = keys

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self.keys:
            return node
        space, key = ast.Name(f"{node.id}·", ast.Load()), ast.Constant(self.keys[node.id])
        return ast.fix_missing_locations(ast.copy_location(ast.Subscript(space, key, ast.Load()), node))


def spaces(derived: Derived) -> dict[str, tuple[dict[str, Any], str]]:
    """The constants of other modules that the text reads: the globals that each is in, and its name there."""
    found = {}
    read = derived.carried.texts.keys() - derived.carried.functions.keys()
    for name, home in derived.homes.items():
        if isinstance(home.scope, LiveScope) and name in read:
            found[name] = home.scope.space, home.name
    return found


def _called(derived: Derived, primal: FunctionType) -> dict[str, CellType]:
    """The user's own functions that the text calls: what they are is fixed now, since their text was read."""
    names = [name for name in derived.carried.functions if name in primal.__globals__]
    cells = {name: CellType(primal.__globals__[name]) for name in names}
    for name, home in derived.homes.items():
        if isinstance(home.scope, LiveScope) and name in derived.carried.functions:
            cells[name] = CellType(home.scope.value(home.name))
    return cells


def _added(derived: Derived) -> dict[str, CellType]:
    """The modules that the text imports and the primal's file does not, each in a cell."""
    cells: dict[str, CellType] = {}
    for line in derived.added:
        node = ast.parse(line).body[0]
        assert isinstance(node, ast.Import)
        alias = node.names[0]
        module = importlib.import_module(alias.name)
        root = importlib.import_module(alias.name.partition(".")[0])
        cells[alias.asname or alias.name.partition(".")[0]] = CellType(module if alias.asname else root)
    return cells


def _dress(function: FunctionType, primal: FunctionType) -> None:
    """Give a derived function the defaults of the primal, and its place in the module."""
    code = primal.__code__
    names = code.co_varnames[: code.co_argcount]
    defaults: dict[str, Any] = dict(zip(names[::-1], (primal.__defaults__ or ())[::-1], strict=False))
    own = function.__code__.co_varnames[: function.__code__.co_argcount]
    function.__defaults__ = tuple(defaults[name] for name in own if name in defaults) or None
    keyword = function.__code__.co_varnames[len(own) : len(own) + function.__code__.co_kwonlyargcount]
    known = primal.__kwdefaults__ or {}
    function.__kwdefaults__ = {name: known[name] for name in keyword if name in known} or None
    function.__module__, function.__qualname__ = primal.__module__, primal.__qualname__
