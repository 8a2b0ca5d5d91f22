"""The text of a live function: found, and proved to be what it was compiled from."""

from __future__ import annotations

import ast
import linecache
from types import CodeType, FunctionType, MethodType
from typing import Any

from srcgrad.errors import SrcgradError
from srcgrad.source import Function, Text, check, check_method, definitions, find, read, read_lambda

OWN = "<srcgrad "
"""How the file name of a derived function begins."""


def single(function: Any) -> Any:
    """The function that has the text, for one that does no more than check its arguments and call it."""
    return vars(function).get("plain", function) if isinstance(function, FunctionType) else function


def live_text(function: object) -> Function:
    """The text of a live function.

    Raises SrcgradError where there is no text, or where it is no longer the text that the function was compiled from.
    """
    if not isinstance(function, FunctionType):
        raise SrcgradError(
            f"{getattr(function, '__name__', type(function).__name__)} is not a Python function",
            hint="of a method, make a @staticmethod that takes the numbers it needs"
            if isinstance(function, MethodType)
            else "give srcgrad a function that was written with def; a decorator above it may have replaced it",
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
        return _lambda(function, source)
    node = find(source, function.__code__.co_firstlineno)
    if node is None or node.name != function.__code__.co_name:
        raise SrcgradError(
            f"the definition of {function.__name__} is not where Python says: line "
            f"{function.__code__.co_firstlineno} of {source.filename}",
            hint="srcgrad reads functions written with def; if the file changed since its import, import it anew",
        )
    if not source.filename.startswith(OWN):
        check_unchanged(function, source, node)
    if "." in function.__qualname__:
        around = next(around for _, other, around in definitions(source) if other is node)
        check_method(source, node, around)
    return read(source, node)


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
        check_unchanged(function, source, node)
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


def check_unchanged(function: FunctionType, source: Text, node: ast.FunctionDef | ast.Lambda) -> None:
    """Compile the text that was found and compare it with what runs: the file may have changed since its import."""
    try:
        module = source.code
    except SyntaxError as error:
        raise SrcgradError(
            f"{source.filename} does not compile: {error.msg}", source.span(node), "mend the file, and import it anew"
        ) from None
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


def check_defaults(value: FunctionType, function: Function) -> None:
    """Compare the defaults that a called function has with those that its text says."""
    args = function.node.args
    said = [default.value for default in args.defaults if isinstance(default, ast.Constant)]
    has = [default for default in value.__defaults__ or () if isinstance(default, (int, float, str, bool, type(None)))]
    if len(said) == len(args.defaults) and [repr(d) for d in said] != [repr(d) for d in has]:
        raise SrcgradError(
            f"the defaults of {value.__name__} are not what its file says",
            function.source.span(function.node),
            "write the new default where the function is defined",
        )


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
