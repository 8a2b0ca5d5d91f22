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


def arguments(text: str, function: Function, said: Said) -> dict[str, Any]:
    """The arguments that `text` says, by the parameters of `function`.

    Plain Python, with `np` and `math`; a nested list is an array, and so is a list for a parameter that is said to be
    one. Raises SrcgradError for anything else, and where an argument is missing or of no parameter.
    """
    try:
        call = ast.parse(f"f({text})", mode="eval").body
    except SyntaxError as error:
        raise SrcgradError(f"--at cannot be read: {error.msg}", hint=_HINT) from None
    assert isinstance(call, ast.Call)
    args = function.node.args
    names = [arg.arg for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
    if any(isinstance(arg, ast.Starred) for arg in call.args) or len(call.args) > len(names):
        raise SrcgradError("--at has more values than there are parameters", hint=_HINT)
    found = {name: _value(node) for name, node in zip(names, call.args, strict=False)}
    for keyword in call.keywords:
        if keyword.arg not in names or keyword.arg in found:
            word = keyword.arg or "**"
            raise SrcgradError(f"--at: {word} is no other parameter of {function.name}", hint=_listed(names))
        found[keyword.arg] = _value(keyword.value)
    _check_complete(function, names, found)
    return {name: _array(value, said.shapes.get(name)) for name, value in found.items()}


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
    except (NameError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise SrcgradError(f"--at: {ast.unparse(node)}: {error}", hint=_HINT) from None


def _array(value: Any, shape: Shape | None) -> Any:
    """A list as an array, where it is one of lists, or is said to be an array."""
    nested = isinstance(value, list) and any(isinstance(item, list) for item in value)
    if not nested and not (isinstance(value, list) and shape is not None and shape.kind == "array"):
        return value
    import numpy as np

    whole = np.array(value)
    return whole if shape is not None and shape.dtype == "int" else whole.astype(float)
