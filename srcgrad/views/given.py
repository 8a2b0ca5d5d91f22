"""`--at "x=-2, W=[[1, 2], [3, 4]]"`: the arguments that a view is made with."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from typing import Any

from srcgrad.errors import SrcgradError
from srcgrad.facts import Said
from srcgrad.shape import Shape
from srcgrad.source import Function

_HINT = 'write it as in a call: --at "x=-2, y=5", an array as np.ones((2, 3)) or [[1, 2], [3, 4]]'


def arguments(text: str, function: Function, said: Said, arrays: bool = True) -> dict[str, Any]:
    """The arguments that `text` says, by the parameters of `function`.

    Plain Python, with `np` and `math`; where the file knows `arrays`, a list is one, but for a parameter that is
    annotated as a list: of floats, and of ints where a flat one has ints alone, as labels have. Raises SrcgradError
    for anything else, and where an argument is missing or of no parameter.
    """
    given, named = _call(text)
    args = function.node.args
    plain = [arg.arg for arg in (*args.posonlyargs, *args.args)]
    names = [*plain, *(arg.arg for arg in args.kwonlyargs)]
    found = {name: _value(node) for name, node in zip(plain, given, strict=False)}
    rest = tuple(map(_value, given[len(plain) :]))
    if rest and args.vararg is None:
        raise SrcgradError(f"--at has more values than {function.name} takes by position", hint=_listed(names))
    if args.vararg is not None:
        found[args.vararg.arg] = rest
    for keyword in named:
        if keyword.arg not in names or keyword.arg in found:
            word = keyword.arg or "**"
            raise SrcgradError(f"--at: {word} is no other parameter of {function.name}", hint=_listed(names))
        found[keyword.arg] = _value(keyword.value)
    _check_complete(function, names, found)
    lists = {arg.arg for arg in ast.walk(args) if isinstance(arg, ast.arg) and _list(arg)}
    if not arrays:
        return found
    return {name: value if name in lists else _array(value, said.shapes.get(name)) for name, value in found.items()}


def _call(text: str) -> tuple[list[ast.expr], list[ast.keyword]]:
    """What a call with these arguments has by position, and by name."""
    try:
        call = ast.parse(f"f({text}\n)", mode="eval").body
    except SyntaxError:
        raise SrcgradError("--at is not valid Python", hint=_HINT) from None
    one = isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    if not isinstance(call, ast.Call) or not one or any(isinstance(arg, ast.Starred) for arg in call.args):
        raise SrcgradError("--at is not the arguments of one call, written out", hint=_HINT)
    return call.args, call.keywords


def _list(arg: ast.arg) -> bool:
    """Whether a parameter is annotated as a list or a tuple."""
    return arg.annotation is not None and ast.unparse(arg.annotation).startswith(("list", "tuple", "List", "Tuple"))


def _check_complete(function: Function, names: list[str], found: Mapping[str, Any]) -> None:
    args = function.node.args
    plain = [arg.arg for arg in (*args.posonlyargs, *args.args)]
    optional = {*plain[len(plain) - len(args.defaults) :]}
    optional |= {arg.arg for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True) if default}
    missing = [name for name in names if name not in found and name not in optional]
    if missing:
        raise SrcgradError(f"--at says nothing of {', '.join(missing)}", hint=_HINT)


def _listed(names: list[str]) -> str:
    return f"the parameters are {', '.join(names)}" if names else "it has no parameters"


def _value(node: ast.expr) -> Any:
    """What an expression is worth: a literal, or what numpy makes of literals."""
    import numpy as np

    names = {"np": np, "math": math, "__builtins__": {}}
    try:
        return eval(compile(ast.Expression(node), "--at", "eval"), names)
    except (ArithmeticError, AttributeError, LookupError, NameError, TypeError, ValueError) as error:
        raise SrcgradError(f"--at: {ast.unparse(node)}: {error}", hint=_HINT) from None


def _array(value: Any, shape: Shape | None) -> Any:
    """A list of numbers, or of lists of them, as an array; so are the items of a dict."""
    if isinstance(value, dict):
        return {name: _array(item, None) for name, item in value.items()}
    if not isinstance(value, list):
        return value
    import numpy as np

    nested = any(isinstance(item, list) for item in value)
    try:
        whole = np.array(value)
    except ValueError:  # rows of several lengths
        return value
    if whole.dtype.kind not in "fiub":
        return value
    counted = shape.dtype == "int" if shape is not None else not nested and whole.dtype.kind != "f"
    return whole if counted else whole.astype(float)
