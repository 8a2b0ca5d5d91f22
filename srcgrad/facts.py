"""What is known of a function's values before it is differentiated: proved by its text, given, or taken for numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr, walk
from srcgrad.scope import Scope
from srcgrad.shapes import SCALAR, WHOLE, Facts, Shape, declared, doubtful, infer, unproved
from srcgrad.source import Function
from srcgrad.wengert import Parameter, Wengert


def known(
    function: Function,
    wengert: Wengert,
    scope: Scope,
    chosen: Sequence[str],
    passing: frozenset[str],
    given: Mapping[str, Shape] | None,
) -> tuple[Facts, bool]:
    """What is known of every variable, and whether that took every parameter to be a number where nothing says so.

    Raises SrcgradError where not even then every value that a gradient passes through is a number.
    """
    constants = _wholes(wengert, scope)
    believed = {**(given or {}), **_settings(wengert, chosen)}
    proved = infer(wengert, believed, scope.numbers_only, constants)
    if not unproved(wengert, proved, passing):
        return proved, False
    facts = infer(wengert, {**_numbers(wengert), **believed}, scope.numbers_only, constants)
    doubt = next(doubtful(wengert, facts, passing), None) if given is None else None
    if doubt is not None:
        raise SrcgradError(
            f"srcgrad cannot tell that this value of {function.name} is a number",
            doubt,
            "say so where it is not plain, as in float(value); a parameter is a number, or is read item by item",
        )
    return facts, True


def _numbers(wengert: Wengert) -> dict[str, Shape]:
    """Every parameter as a number, or as a list of as many numbers as are read."""
    shapes: dict[str, Shape] = {}
    for param in wengert.params:
        said = declared(param)
        if not param.items:
            shapes[param.name] = said or SCALAR
        elif said is None or said.length is None:
            shapes[param.name] = said or _as_read(param, "tuple" if param.kind else "list")
    return shapes


def _settings(wengert: Wengert, chosen: Sequence[str]) -> dict[str, Shape]:
    """The parameters that are ints unless a call says otherwise, and that nobody differentiates."""
    others = (param for param in wengert.params if param.name not in chosen)
    return {param.name: WHOLE for param in others if param.annotation == "int" or param.default.lstrip("-").isdigit()}


def _wholes(wengert: Wengert, scope: Scope) -> Facts:
    """The globals that are ints, or hold one: no gradient may be one."""
    exprs = [line.expr for line in wengert.lines if line.gate is None or line.gate.algebra == "copy"]
    exprs += [value for line in wengert.lines for value in line.args.values() if isinstance(value, Expr)]
    names = {node.leaf for expr in exprs for node in walk(expr) if node.head == "name"}
    return {name: WHOLE for name in names if scope.whole(name)}


def _as_read(param: Parameter, kind: str) -> Shape:
    """A list of as many items as are read, or a dict of those."""
    indices = [index for item in param.items for index in item.path[:1]]
    names = tuple(index for index in indices if isinstance(index, str))
    if names:
        return Shape("dict", len(names), names)
    places = [index for index in indices if isinstance(index, int)]
    flat = all(len(item.path) == 1 for item in param.items) and all(index >= 0 for index in places)
    return Shape(kind, 1 + max(places) if flat and param.kind != "*args" else None)
