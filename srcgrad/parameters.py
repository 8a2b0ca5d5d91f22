"""The parameters of a function: as they are declared, and as a call binds them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TypeGuard

from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr
from srcgrad.scope import Scope
from srcgrad.source import Function
from srcgrad.wengert import Parameter, Value, Var


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
        annotation = ast.unparse(arg.annotation) if arg.annotation and _plain(arg.annotation, scope) else ""
        text = function.source.segment(default) if default else ""
        yield Parameter(Var(arg.arg), arg.arg, function.source.span(arg), annotation, text, kind)


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


def bind(function: Function, args: Sequence[Expr], values: Sequence[Value]) -> dict[str, Value]:
    """The parameters of a called function by name, bound as Python binds them; ValueError where it would refuse."""
    if function.node.args.vararg or function.node.args.kwarg:
        raise ValueError(f"{function.name} takes any number of arguments, which srcgrad does not read through yet")
    rows = list(_rows(function.node.args))
    by_name = {arg.arg for arg, _, kind in rows if kind != "/"}
    places = iter([arg.arg for arg, _, kind in rows if kind != "*"])
    env: dict[str, Value] = {}
    for arg, value in zip(args, values, strict=True):
        text = arg.parts[0]
        name = text.partition("=")[0].strip() if isinstance(text, str) else next(places, "")
        if not name or name in env or (isinstance(text, str) and name not in by_name):
            raise ValueError(f"{function.name} does not take these arguments")
        env[name] = value
    for parameter, default, _ in rows:
        if parameter.arg not in env:
            if not _is_number(default):
                raise ValueError(f"{function.name} needs its argument {parameter.arg} here")
            env[parameter.arg] = Expr("number", (function.source.segment(default),))
    return env


def _is_number(node: ast.expr | None) -> TypeGuard[ast.expr]:
    """Whether a default is a number written out."""
    inner = node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else node
    return isinstance(inner, ast.Constant) and type(inner.value) in (int, float)


def local_names(node: ast.FunctionDef) -> frozenset[str]:
    """Every name that a function binds: its parameters and what it assigns to."""
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    return frozenset(names | {arg.arg for arg in ast.walk(node.args) if isinstance(arg, ast.arg)})
