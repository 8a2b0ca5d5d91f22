"""The parameters of a function: as they are declared, and as a call binds them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr
from srcgrad.scope import Scope
from srcgrad.source import Function
from srcgrad.stated import annotated
from srcgrad.tree import bound, parameters
from srcgrad.wengert import Pack, Parameter, Value, Var


def declared(function: Function, scope: Scope) -> Iterator[Parameter]:
    """The parameters of `function`, in order; SrcgradError where it takes any number of them."""
    args = function.node.args
    for extra in (args.kwarg,):
        if extra is not None:
            raise SrcgradError(
                f"{function.name} takes any number of keywords: {extra.arg}",
                function.source.span(extra),
                "name the parameters, or take one dict",
            )
    for arg, default, kind in _rows(args):
        annotation = function.source.segment(arg.annotation) if arg.annotation and _plain(arg.annotation, scope) else ""
        text = function.source.segment(default) if default else ""
        shape = annotated(arg.annotation, scope.meaning)
        yield Parameter(Var(arg.arg), arg.arg, function.source.span(arg), annotation, text, kind, shape=shape)


_TYPES = frozenset(("float", "int", "bool", "str", "bytes", "list", "tuple", "dict", "None"))


def _plain(node: ast.expr, scope: Scope) -> bool:
    """Whether an annotation is made of builtin types alone: only such are believed, and repeated."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            if part.id not in _TYPES or scope.meaning(part.id) != f"builtins.{part.id}":
                return False
        elif isinstance(part, ast.Constant):
            if part.value not in (None, ...) and not (isinstance(part.value, str) and part.value in _TYPES):
                return False
        elif not isinstance(part, (ast.Subscript, ast.Tuple, ast.BinOp, ast.BitOr, ast.expr_context)):
            return False
    return True


def _rows(args: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr | None, str]]:
    """Each parameter with its default and its kind: "/" positional only, "*" keyword only, "*args" all the others."""
    plain = (*args.posonlyargs, *args.args)
    yield from zip(
        plain,
        (*(None,) * (len(plain) - len(args.defaults)), *args.defaults),
        ("/",) * len(args.posonlyargs) + ("",) * len(args.args),
        strict=True,
    )
    if args.vararg is not None:
        yield args.vararg, None, "*args"
    yield from zip(args.kwonlyargs, args.kw_defaults, ("*",) * len(args.kwonlyargs), strict=True)


Argument = tuple[str, Value]
"""An argument of a call: its keyword, "" where it goes by its place, and its value."""


def bind(function: Function, args: Sequence[Argument], defaults: Mapping[str, Value]) -> dict[str, Value]:
    """The parameters of a called function by name, bound as Python binds them; ValueError where it would refuse.

    `defaults` are those that are known already.
    """
    rows = list(_rows(function.node.args))
    by_name = {arg.arg for arg, _, kind in rows if kind not in ("/", "*args")}
    places = iter([arg.arg for arg, _, kind in rows if kind in ("/", "")])
    rest, others = function.node.args.vararg, function.node.args.kwarg
    env: dict[str, Value] = {}
    more: list[Value] = []
    named: dict[str, Value] = {}
    for keyword, value in args:
        name = keyword or next(places, "")
        if keyword and keyword not in by_name and others and keyword not in named:
            named[keyword] = value
        elif not name and rest:
            more.append(value)
        elif not name or name in env or (keyword and keyword not in by_name):
            raise ValueError(f"{function.name} does not take these arguments")
        else:
            env[name] = value
    if rest:
        env[rest.arg] = Pack("tuple", tuple(more))
    if others:
        env[others.arg] = Pack("dict", tuple(named.values()), None, tuple(named))
    for parameter, default, _ in rows:
        if parameter.arg not in env:
            known = defaults.get(parameter.arg)
            env[parameter.arg] = _default(function, parameter, default) if known is None else known
    return env


def _default(function: Function, parameter: ast.arg, default: ast.expr | None) -> Expr:
    """A default that is written out: a number, a string, True, False or None."""
    inner = default.operand if isinstance(default, ast.UnaryOp) and isinstance(default.op, ast.USub) else default
    if default is None or not isinstance(inner, ast.Constant):
        raise ValueError(f"{function.name} is called without {parameter.arg}, which has no default that is written out")
    text = function.source.segment(default)
    if type(inner.value) in (int, float):
        return Expr("number", (text,))
    return Expr("name" if inner.value is None or isinstance(inner.value, bool) else "text", (text,))


def local_names(node: ast.FunctionDef) -> frozenset[str]:
    """Every name that a function binds: its parameters and what it assigns to, not what functions in it bind."""
    return frozenset((*parameters(node), *bound(node.body)))


def bound_again(node: ast.FunctionDef, name: str) -> bool:
    """Whether a function binds `name` more than once."""
    return [*parameters(node), *bound(node.body)].count(name) > 1
