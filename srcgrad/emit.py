"""A file's text -> the text of an emitted file. Nothing of the input is imported or run."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from srcgrad import __version__
from srcgrad.chosen import Wrt
from srcgrad.derive import Derived, assemble, check_alone, derive, listed
from srcgrad.errors import SrcgradError, visible
from srcgrad.facts import Said
from srcgrad.modules import Module, folders
from srcgrad.scope import StaticScope
from srcgrad.shape import Shape
from srcgrad.show import Listing
from srcgrad.source import Function, Text, check_method, definitions, functions, read
from srcgrad.staged import NO_REMARKS, Mode, Remarks
from srcgrad.stated import documented, option, shapes as stated
from srcgrad.tree import dotted


@dataclass(frozen=True)
class Emitted:
    """The text of a file, and why functions that nobody named were left out of it."""

    text: str
    skipped: tuple[SrcgradError, ...] = ()


@dataclass(frozen=True)
class _Wish:
    """What to derive from one function."""

    function: Function
    mode: Mode
    wrt: Wrt
    shapes: Mapping[str, Shape] = field(default_factory=dict)


def emit(
    source: Text,
    names: Sequence[str],
    mode: Mode | None,
    wrt: Wrt,
    label: str,
    command: str,
    remarks: Remarks = NO_REMARKS,
    gates: Text | None = None,
    shapes: str = "",
) -> Emitted:
    """The emitted file for the functions `names` of `source`; `gates` is a file of the user's own gates.

    The `remarks` stand beside the lines; `shapes` says what the parameters are, as in "X: N D; b: D; s:".

    Without names: those that srcgrad's decorators mark, else every top-level function that can be differentiated.
    `label` and `command` go into the header. Raises SrcgradError where a named function is refused, or every one.
    """
    scope = _scope(source, gates)
    marked = [node for node in functions(source) if _marks(node, scope)]
    nodes = [_named(source, name) for name in dict.fromkeys(names)] or marked or _plain(source, scope)
    chosen = bool(names or marked)
    derived: list[tuple[Function, Derived]] = []
    skipped: list[SrcgradError] = []
    for node in nodes:
        try:
            scope = _scope(source, gates)
            wish = _wish(source, node, scope, mode, wrt)
            derived.append((wish.function, _derive(wish, scope, remarks, option(shapes))))
        except SrcgradError as error:
            if chosen:
                raise
            skipped.append(error)
    if not derived:
        raise (
            skipped[0]
            if skipped
            else SrcgradError(f"{label} has no function at its top level", hint="name a static method as Class.name")
        )
    header = _header(label, command, [function for function, _ in derived])
    return Emitted(assemble([one for _, one in derived], header), tuple(skipped))


def traces(
    source: Text, names: Sequence[str], gates: Text | None = None, composites: bool = True
) -> tuple[list[Listing], list[SrcgradError]]:
    """The Wengert lists of the functions `names`, or of every top-level function that can be read, and the refusals."""
    scope = _scope(source, gates)
    found: list[Listing] = []
    skipped: list[SrcgradError] = []
    for node in [_named(source, name) for name in dict.fromkeys(names)] or _plain(source, scope):
        try:
            found.append(listed(read(source, node), _scope(source, gates), composites))
        except SrcgradError as error:
            if names:
                raise
            skipped.append(error)
    return found, skipped


def target(
    source: Text, names: Sequence[str], gates: Text | None = None, shapes: str = ""
) -> tuple[Function, StaticScope, Said]:
    """The one function of a view, its scope and what is said of it: that of `names`, else the only one there is."""
    scope = _scope(source, gates)
    if len(names) > 1:
        raise SrcgradError("a view shows one function", hint=f"name one of {', '.join(names)}")
    nodes = [_named(source, name) for name in names] or _plain(source, scope)
    if not nodes:
        raise SrcgradError(f"{source.filename} has no function at its top level", hint="define one")
    if len(nodes) > 1:
        known = ", ".join(node.name for node in nodes)
        raise SrcgradError(f"{source.filename} has several functions", hint=f"name one of {known}")
    function = read(source, nodes[0])
    return function, scope, _said(function, option(shapes))


def _scope(source: Text, gates: Text | None) -> StaticScope:
    """The scope of a program of its own, so that what is read for one function says nothing of another."""
    beside = (StaticScope(gates, (), Module(gates, folders(gates.filename))),) if gates and gates != source else ()
    return StaticScope(source, beside, Module(source, folders(source.filename)))


def _plain(source: Text, scope: StaticScope) -> list[ast.FunctionDef]:
    """The top-level functions that are not the rules of gates."""
    return [node for node in functions(source) if node.name not in scope.rules]


def _named(source: Text, name: str) -> ast.FunctionDef:
    """The function of the top level or of a class that a dotted name is; SrcgradError for any other."""
    places = list(definitions(source))
    found = [(node, around) for path, node, around in places if path == name]
    ends = [place for place in places if place[0].endswith(f".{name}")]
    if not found:
        found = [(node, around) for _, node, around in ends if isinstance(around[-1], ast.FunctionDef)]
    if not found:
        known = ", ".join(node.name for node in functions(source)) or "none"
        hint = f"write {' or '.join(path for path, _, _ in ends)}" if ends else f"there are: {known}"
        raise SrcgradError(f"no function {name!r} at the top level of {source.filename}", hint=hint)
    node, around = found[-1]
    if len(found) > 1:
        raise SrcgradError(f"{name} is defined more than once", source.span(node), "remove or rename one of them")
    outer = next((block for block in around if not isinstance(block, ast.ClassDef)), None)
    if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)):
        raise SrcgradError(
            f"{node.name} is defined inside {outer.name}, so what its names are is known only when {outer.name} runs",
            source.span(node),
            "move it to the top level of the file, or give srcgrad.grad the live function",
        )
    if outer is not None:
        raise SrcgradError(
            f"{node.name} is defined inside another statement, which may not run",
            source.span(node),
            "move it to the top level of the file",
        )
    check_method(source, node, around)
    return node


def _said(function: Function, shapes: Mapping[str, Shape]) -> Said:
    """What is said of the shapes of a function's parameters: by its docstring, and by the command."""
    names = {arg.arg for arg in ast.walk(function.node.args) if isinstance(arg, ast.arg)}
    doc = ast.get_docstring(function.node) or ""
    return Said({name: shape for name, shape in (*documented(doc), *shapes.items()) if name in names})


def _derive(wish: _Wish, scope: StaticScope, remarks: Remarks, shapes: Mapping[str, Shape]) -> Derived:
    function = wish.function
    derived = derive(function, scope, wish.mode, wish.wrt, _said(function, {**wish.shapes, **shapes}), remarks)
    check_alone(derived, function.name)
    return derived


def _marks(node: ast.FunctionDef, scope: StaticScope) -> list[tuple[ast.expr, Mode, ast.Call | None]]:
    """The decorators of srcgrad's on a function, with their modes."""
    marks = []
    for decorator in node.decorator_list:
        called = decorator if isinstance(decorator, ast.Call) else None
        root, _, rest = dotted(called.func if called else decorator).partition(".")
        path = f"{scope.meaning(root)}.{rest}".rstrip(".")
        module, _, name = path.rpartition(".")
        if module == "srcgrad" and name in {mode.value for mode in Mode}:
            marks.append((decorator, Mode(name), called))
    return marks


def _wish(source: Text, node: ast.FunctionDef, scope: StaticScope, mode: Mode | None, wrt: Wrt) -> _Wish:
    """What is asked of a function: by the command, else by its decorator, else its gradient."""
    marks = _marks(node, scope)
    own = [mark for mark, _, _ in marks]
    foreign = [mark for mark in node.decorator_list if mark not in own and not _static(mark, node, scope)]
    if foreign or len(marks) > 1:
        at = foreign[0] if foreign else marks[1][0]
        raise SrcgradError(
            f"the decorator {source.segment(at)} changes {node.name}, so its text is not what runs",
            source.span(at),
            "give srcgrad the function without it",
        )
    function = read(source, node)
    if not marks:
        return _Wish(function, mode or Mode.GRAD, wrt)
    decorator, marked, called = marks[0]
    if called and (called.args or any(keyword.arg not in ("wrt", "shapes") for keyword in called.keywords)):
        raise SrcgradError("srcgrad's decorators take wrt and shapes alone", source.span(decorator), 'write wrt="x"')
    keywords = {keyword.arg: keyword.value for keyword in called.keywords} if called else {}
    if wrt is None and "wrt" in keywords:
        wrt = _literal(source, decorator, "wrt", keywords["wrt"])
    said = _literal(source, decorator, "shapes", keywords["shapes"]) if "shapes" in keywords else None
    return _Wish(function, mode or marked, wrt, stated(said or {}))


def _literal(source: Text, decorator: ast.expr, name: str, node: ast.expr) -> Any:
    """What a keyword of a decorator says; SrcgradError where it is not written out."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        raise SrcgradError(
            f"{name} is not written out here", source.span(decorator), f"write it out, or give --{name}"
        ) from None


def _static(mark: ast.expr, node: ast.FunctionDef, scope: StaticScope) -> bool:
    """Whether a decorator says no more than that a function of a class takes no object."""
    known = isinstance(mark, ast.Name) and scope.meaning(mark.id) == "builtins.staticmethod"
    return known and mark is node.decorator_list[0]


def _header(label: str, command: str, found: Iterable[Function]) -> list[str]:
    """Who wrote the file, from what, and how to write it again; no dates, no absolute paths."""
    hashes = ", ".join(
        f"{function.name}: sha256 {hashlib.sha256(function.text.encode()).hexdigest()[:12]}" for function in found
    )
    return [
        visible(f"# Generated by srcgrad {__version__} from {label} ({hashes}); do not edit.  @generated"),
        visible(f"# Regenerate: {command}"),
    ]
