"""The gates that decorated functions of a file declare: read as text, and never run."""

from __future__ import annotations

import ast
from functools import cache

from srcgrad.errors import SrcgradError
from srcgrad.gate import Gate, Rule
from srcgrad.source import Text, read


def defined(source: Text, node: ast.FunctionDef, decorator: ast.expr, algebra: str) -> Gate:
    """The gate that a decorated function of a file is, from its text alone."""
    if len(node.decorator_list) > 1:
        other = next(one for one in node.decorator_list if one is not decorator)
        raise SrcgradError("a gate has one decorator", source.span(other), "take this one away")
    args = decorator.args if isinstance(decorator, ast.Call) and not decorator.keywords else []
    spellings = [arg.value for arg in args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if not args or len(spellings) < len(args):
        raise SrcgradError(
            "a gate's decorator takes its spellings, written out",
            source.span(decorator),
            'as in @srcgrad.elementwise("special(x)")',
        )
    names = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args)]
    settings = dict(zip(names[len(names) - len(node.args.defaults) :], map(_default, node.args.defaults), strict=True))
    return Gate(node.name, tuple(spellings), algebra, Rule(tuple(names), settings, cache(lambda: read(source, node))))


def _default(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        return None
