"""The user's own gates: checked, and what the names are that their spellings and rules read.

A name means what it means where the gate is defined. A spelling's name is found again by what it is, whatever the
function at hand calls it; a rule's name must be readable in the text that is emitted.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import libcst as cst

from srcgrad.cover import CONSTANTS, dotted
from srcgrad.degree import degree
from srcgrad.errors import Span, SrcgradError
from srcgrad.expr import BINARY, Expr, bare, rebuild, walk
from srcgrad.gate import ASSUMED, Gate
from srcgrad.lower import lower, parse
from srcgrad.match import Book
from srcgrad.scope import Scope
from srcgrad.source import Function, check

_READ = frozenset(
    ("number", "name", "attribute", "call", "arg", "keyword", "paren", "list", "tuple", "neg", "pos", *BINARY)
)
"""What a spelling is made of."""

_UNREAD = (
    ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.NamedExpr, ast.Await, ast.Yield,
    ast.YieldFrom, ast.Starred, ast.Dict, ast.Set, ast.JoinedStr,
)  # fmt: skip
"""What binds names of its own, or has no place in a line of numbers."""

_LINE = "a rule is made of lines such as dx = slope(x) * dy"


@dataclass(frozen=True)
class Own:
    """The user's gates as a book; `homes` has the scope of each name that only the module of a gate binds."""

    book: Book
    homes: Mapping[str, Scope]


def own(scope: Scope) -> Own | None:
    """The user's own gates that `scope` knows of, None where there are none.

    Raises SrcgradError at the first gate that is not one.
    """
    found = list(scope.gates())
    if not found:
        return None
    homes: dict[str, Scope] = {}
    gates = []
    for gate, home in found:
        function = gate.code.read()
        _check_parameters(gate, function)
        things: dict[str, str] = {}
        for text, span in zip(gate.spellings, _places(gate, function), strict=True):
            things.update(_things(gate, text, span, home))
        lines = dict(_lines(gate, function, home))
        for name in {name for line in lines.values() for name in _free(line, gate)}:
            if not scope.known(name) and home.meaning(name) is None and home.exported(name) is None:
                homes.setdefault(name, home)
        meant = partial(_meant, gate, lines, home, scope, homes)
        gates.append(replace(gate, things=things, lines=meant))
    return Own(Book(gates), homes)


def _check_parameters(gate: Gate, function: Function) -> None:
    """A rule takes the result, the operands and settings that are numbers."""
    args, where = function.node.args, function.source.span(function.node)
    if args.vararg or args.kwarg or args.kwonlyargs or not gate.operands:
        raise SrcgradError(
            f"the rule of {gate.name} must take its result and its operands", where, "as in def special_gate(y, x)"
        )
    for (name, value), node in zip(gate.settings.items(), args.defaults, strict=True):
        if type(value) not in (int, float):
            raise SrcgradError(
                f"the setting {name} of {gate.name} has a default that is no number",
                function.source.span(node),
                "a setting is a number that is written out where the gate is used",
            )
    upstream = "d" + gate.parameters[0]
    if upstream in gate.parameters:
        raise SrcgradError(
            f"{upstream} is a parameter of {gate.name} and its upstream gradient too", where, "rename the parameter"
        )


def _places(gate: Gate, function: Function) -> list[Span]:
    """Where each spelling stands; the definition itself, where no decorator has them."""
    for node in function.node.decorator_list:
        args = node.args if isinstance(node, ast.Call) else []
        if [arg.value for arg in args if isinstance(arg, ast.Constant)] == list(gate.spellings):
            return [function.source.span(arg) for arg in args]
    return [function.source.span(function.node)] * len(gate.spellings)


def _things(gate: Gate, text: str, span: Span, home: Scope) -> Iterator[tuple[str, str]]:
    """The dotted names of a spelling that are no operands, each with what it is."""
    pattern = _pattern(text, span)
    result, *others = gate.parameters
    called = {id(node.operands[0]) for node in walk(pattern) if node.head == "call"}
    holes = set()
    for node, name in _names(pattern):
        root = name.partition(".")[0]
        if root == result:
            raise SrcgradError(
                f"{root} is the result of {gate.name}, and no hole of a spelling", span, "name the operand otherwise"
            )
        holes.add(root)
        if root in others:
            continue
        thing = _thing(name, home)
        if thing is None and id(node) in called:
            raise SrcgradError(
                f"{name} is not defined where {gate.name} is", span, "define it there, or import it there"
            )
        if thing is None or (id(node) not in called and thing not in CONSTANTS):
            raise SrcgradError(
                f"{name} is no parameter of {gate.name}", span, f"its parameters are {', '.join(gate.parameters)}"
            )
        yield name, thing
    missing = [operand for operand in gate.operands if operand not in holes]
    if missing:
        raise SrcgradError(
            f"the operand {missing[0]} of {gate.name} is not in this spelling",
            span,
            "a spelling has every operand; a parameter with a default is none",
        )


def _pattern(text: str, span: Span) -> Expr:
    """A spelling as an expression."""
    try:
        check(text, span.filename)
        ast.parse(text, mode="eval")
    except SrcgradError as error:
        raise SrcgradError(f"this spelling does not parse: {error.message}", span, "write one expression") from None
    except SyntaxError:
        raise SrcgradError("this spelling is no expression", span, 'as in "special(x)"') from None
    pattern = parse(text)
    if bare(pattern).head not in ("call", "neg", "pos", *BINARY):
        raise SrcgradError("this spelling is neither a call nor an operation", span, 'as in "special(x)"')
    if any(node.head not in _READ for node in walk(pattern)):
        raise SrcgradError(
            "a spelling is made of calls, operations, names and numbers alone", span, 'as in "special(x)"'
        )
    return pattern


def _names(expr: Expr) -> Iterator[tuple[Expr, str]]:
    """The dotted names in `expr`, from left to right."""
    stack = [expr]
    while stack:
        node = stack.pop()
        name = dotted(node)
        if name is not None:
            yield node, name
        elif node.head not in ("number", "text", "var", "import"):
            stack.extend(reversed(node.operands))


def _thing(name: str, home: Scope) -> str | None:
    """What a dotted name of a spelling is; an unbound one is the path of a library function, as in the book."""
    root, dot, rest = name.partition(".")
    if home.known(root):
        return home.thing(name)
    return home.thing(name) or ASSUMED.get(root, root) + dot + rest if dot else None


def _lines(gate: Gate, function: Function, home: Scope) -> Iterator[tuple[str, Expr]]:
    """For each operand the right side of its line."""
    span = function.source.span
    rows = list(zip(function.node.body, _statements(function.tree.body), strict=True))
    if ast.get_docstring(function.node, clean=False) is not None:
        rows = rows[1:]
    seen = set()
    for node, small in rows:
        target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
        if not isinstance(node, ast.Assign) or not isinstance(small, cst.Assign) or not isinstance(target, ast.Name):
            raise SrcgradError(f"this is no line of a rule: {gate.name} is a gate", span(node), _LINE)
        operand = target.id.removeprefix("d")
        if not target.id.startswith("d") or operand not in gate.operands:
            listed = ", ".join(f"d{name}" for name in gate.operands)
            message = f"{target.id} is the gradient on no operand of {gate.name}"
            raise SrcgradError(message, span(target), f"write {listed}")
        if operand in seen:
            message = f"{target.id} stands twice in {gate.name}"
            raise SrcgradError(message, span(node), "write one line for each operand")
        seen.add(operand)
        _check_line(gate, function, node.value, home)
        yield operand, lower(small.value)
    if not seen:
        raise SrcgradError(f"{gate.name} has no rule", span(function.node), _LINE)


def _check_line(gate: Gate, function: Function, value: ast.expr, home: Scope) -> None:
    """Refuse a right side that reads what is not there, or is more than an expression of names and calls."""
    own = (*gate.parameters, "d" + gate.parameters[0])
    for node in ast.walk(value):
        if isinstance(node, _UNREAD):
            raise SrcgradError("srcgrad does not read this in a rule", function.source.span(node), _LINE)
        if isinstance(node, ast.Name) and node.id not in (*own, *ASSUMED) and not home.known(node.id):
            raise SrcgradError(
                f"{node.id} is not defined where {gate.name} is",
                function.source.span(node),
                f"a rule reads {', '.join(own)} and the globals of its module",
            )
    if degree(value, own[-1]) not in (None, 1):
        raise SrcgradError(
            f"this is not linear in {own[-1]}", function.source.span(value), f"write the local gradient times {own[-1]}"
        )


def _statements(suite: cst.BaseSuite) -> Iterator[cst.CSTNode]:
    """The statements of a body, those on one line each by itself."""
    for line in suite.body:
        if isinstance(line, cst.SimpleStatementLine):
            yield from line.body
        else:
            yield line


def _free(line: Expr, gate: Gate) -> Iterator[str]:
    """The global names that a line of a rule reads."""
    roots = (name.partition(".")[0] for _, name in _names(line))
    return (root for root in roots if root not in gate.parameters and root != "d" + gate.parameters[0])


def _meant(
    gate: Gate, lines: Mapping[str, Expr], home: Scope, scope: Scope, homes: Mapping[str, Scope]
) -> Mapping[str, Expr]:
    """The lines of a rule with its own names as variables, and globals as `scope`, that of the function, reads them.

    Raises SrcgradError for a global that the function's own text could not read.
    """
    own = {*gate.parameters, "d" + gate.parameters[0]}
    function = gate.code.read()

    def leaf(node: Expr) -> Expr | None:
        name = dotted(node)
        root, dot, rest = (name or "").partition(".")
        if name is None or (root in own and dot):
            return None
        if root in own:
            return Expr("var", (root,))
        meaning = home.meaning(root) if home.known(root) else ASSUMED.get(root)
        path = f"{meaning}{dot}{rest}"
        if path.rpartition(".")[0] in ("math", "numpy", "builtins") and (dot or meaning == path):
            return Expr("import", (path,))
        if scope.agrees(root, home) or (scope.known(root) and scope.thing(root) == home.thing(root) is not None):
            return node
        if meaning is not None and "." in path and not path.startswith("."):
            return Expr("import", (path,))
        if homes.get(root) is home:
            return node
        exported = home.exported(root)
        if meaning is None and exported is not None:
            return Expr("import", (exported + dot + rest,))
        place = next(part for part in ast.walk(function.node) if isinstance(part, ast.Name) and part.id == root)
        raise SrcgradError(
            f"{root}, which the gate {gate.name} reads, is not to be had in the file of the function",
            function.source.span(place),
            f"import {root} there, under this name",
        )

    return {operand: rebuild(line, leaf) for operand, line in lines.items()}
