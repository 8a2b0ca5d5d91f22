"""What is known of a function's values before it is differentiated: proved by its text, given, or taken for numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr, bare, constant, key_of, walk
from srcgrad.scope import Scope
from srcgrad.shape import NUMERIC, SCALAR, WHOLE, Facts, Shape
from srcgrad.shapes import infer
from srcgrad.source import Function
from srcgrad.unproved import doubtful, unproved
from srcgrad.wengert import Line, Pack, Parameter, Var, Wengert


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a function's parameters, by their names.

    `shapes` are those that the user states, `given` those of the arguments that the text is derived for; `assumed` says
    that a result is taken for a number where a gradient asks for one, because the text does not run before that is
    known.
    """

    shapes: Mapping[str, Shape]
    given: Mapping[str, Shape] | None = None
    assumed: bool = False


NOTHING = Said({})
"""Nothing is said."""


def known(
    function: Function,
    wengert: Wengert,
    scope: Scope,
    chosen: Sequence[str],
    passing: frozenset[str],
    said: Said,
    scalar: bool,
) -> tuple[Facts, bool]:
    """What is known of every variable, and whether the function's own text leaves something open.

    `scalar` says that the result must be a number. Raises SrcgradError where that is not so, and where the file speaks
    of numbers alone and not every value that a gradient passes through is one.
    """
    constants = _wholes(wengert, scope)
    numbers = scope.numbers_only and not any(map(_has_array, (said.given or {}).values()))
    believed = {**_settings(wengert, chosen), **_annotated(wengert), **said.shapes, **(said.given or {})}
    if numbers:
        believed |= _settings(wengert, chosen)
    proved = infer(wengert, believed, numbers, constants)
    result = proved.get(wengert.result.key) if isinstance(wengert.result, Var) else None
    settled = not scalar or result is None or result.rank is not None or not said.assumed
    if settled and not unproved(wengert, proved, passing):
        _check_scalar(function, wengert, proved, scalar and not numbers)
        return proved, False
    if not numbers:
        lists = _lists(wengert, believed, passing, said)
        facts = infer(wengert, {**lists, **believed}, False, constants, scalar and said.assumed)
        _check_scalar(function, wengert, facts, scalar)
        return facts, True
    facts = infer(wengert, {**_numbers(wengert), **believed}, numbers, constants)
    doubt = next(doubtful(wengert, facts, passing, True), None) if said.given is None else None
    if doubt is not None:
        raise SrcgradError(
            f"srcgrad cannot tell that this value of {function.name} is a number",
            doubt,
            "say so where it is not plain, as in float(value); a parameter is a number, or is read item by item",
        )
    return facts, True


def _lists(wengert: Wengert, believed: Mapping[str, Shape], passing: frozenset[str], said: Said) -> dict[str, Shape]:
    """The parameters that are read item by item, as lists; SrcgradError where one may as well be an array."""
    listed = [(i, param) for i, param in _listed(wengert) if param.name not in believed]
    unclear = next((param for _, param in listed if any(item.key in passing for item in param.items)), None)
    if unclear is not None and not said.assumed and said.given is None and not unclear.kind:
        raise SrcgradError(
            f"nothing says whether {unclear.name} is a list or an array, and its items are read",
            unclear.span,
            f'say it, as in {unclear.name}: list[float], or by shapes, as in "{unclear.name}: N"',
        )
    counted = ((i, param) for i, param in listed if param.kind or not param.from_end)  # else it is an array
    return {param.name: _as_read(param, "tuple" if param.kind else "list", i) for i, param in counted}


def _has_array(shape: Shape) -> bool:
    return shape.kind == "array" or any(map(_has_array, shape.items))


def _check_scalar(function: Function, wengert: Wengert, facts: Facts, scalar: bool) -> None:
    """Refuse a result that is no number, where the mode takes no upstream gradient."""
    shape = facts.get(wengert.result.key) if isinstance(wengert.result, Var) else SCALAR
    if not scalar or shape in NUMERIC or isinstance(wengert.result, Pack):
        return
    where = function.source.span(function.node)
    if shape is not None and shape.kind == "array":
        raise SrcgradError(
            f"the result of {function.name} is not a scalar: it is {shape.counted}",
            where,
            "sum it up, or take vjp, which takes its upstream gradient",
        )
    raise SrcgradError(
        f"the file imports an array library, and nothing says that the result of {function.name} is a number",
        where,
        "annotate the parameters, as in x: float, or sum the result up",
    )


def _annotated(wengert: Wengert) -> dict[str, Shape]:
    return {param.name: param.shape for param in wengert.params if param.shape is not None}


def _numbers(wengert: Wengert) -> dict[str, Shape]:
    """Every parameter as a number, or as a list of as many numbers as are read."""
    shapes: dict[str, Shape] = {}
    for param in wengert.params:
        said = param.shape
        if not param.items:
            shapes[param.name] = said or SCALAR
        elif said is None or said.length is None:
            shapes[param.name] = said or _as_read(param, "tuple" if param.kind else "list")
    return shapes


def _listed(wengert: Wengert) -> list[tuple[int, Parameter]]:
    """The parameters that are read item by item, and never as a whole."""
    whole = {leaf for line in wengert.lines if not _length(line) for leaf in _keys(line.expr)}
    return [(i, p) for i, p in enumerate(wengert.params) if p.items and p.var.key not in whole]


def _length(line: Line) -> bool:
    """Whether a line asks for a length, which lists have too."""
    expr = bare(line.expr)
    called = expr.operands[0] if expr.head == "call" else expr
    return line.gate is not None and line.gate.name == "size" and called.head == "name" and called.leaf == "len"


def _keys(expr: Expr) -> set[str]:
    """The variables that an expression reads as a whole."""
    items = {id(bare(node.operands[0])) for node in walk(expr) if node.head == "subscript" and _fixed(node)}
    return {node.leaf for node in walk(expr) if node.head == "var" and id(node) not in items}


def _fixed(node: Expr) -> bool:
    """Whether an index is written out."""
    return len(node.operands) == 1 or isinstance(constant(node.operands[1]), int) or bool(key_of(node.operands[1]))


def _settings(wengert: Wengert, chosen: Sequence[str]) -> dict[str, Shape]:
    """The parameters that are numbers unless a call says otherwise, and that nobody differentiates."""
    others = [param for param in wengert.params if param.name not in chosen]
    numbers = {param.name: SCALAR for param in others if _number(param.default)}
    wholes = (param for param in others if param.annotation == "int" or param.default.lstrip("-").isdigit())
    return numbers | {param.name: WHOLE for param in wholes}


def _number(text: str) -> bool:
    """Whether a default is a number that is written out."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _wholes(wengert: Wengert, scope: Scope) -> Facts:
    """The globals that are ints, or hold one: no gradient may be one; and those that are arrays, of whatever shape."""
    exprs = [line.expr for line in wengert.lines if line.gate is None or line.gate.algebra == "copy"]
    exprs += [value for line in wengert.lines for value in line.args.values() if isinstance(value, Expr)]
    names = {node.leaf for expr in exprs for node in walk(expr) if node.head == "name"}
    arrays = {name: Shape("any", form=-(10**6) - i) for i, name in enumerate(sorted(names)) if scope.array(name)}
    return {name: WHOLE for name in names if scope.whole(name)} | arrays


def _as_read(param: Parameter, kind: str, number: int | None = None) -> Shape:
    """A list of as many items as are read, or a dict of those; of numbers, or of what `number` tells apart."""
    indices = [index for item in param.items for index in item.path[:1]]
    names = tuple(dict.fromkeys(index for index in indices if isinstance(index, str)))
    if names:
        return Shape("dict", len(names), names, items=_unknown(number, len(names)))
    places = [index for index in indices if isinstance(index, int)]
    flat = all(len(item.path) == 1 for item in param.items) and all(index >= 0 for index in places)
    length = 1 + max(places) if flat and param.kind != "*args" else None
    return Shape(kind, length, items=_unknown(number, length or 0))


def _unknown(number: int | None, count: int) -> tuple[Shape, ...]:
    """Items of which nothing is known, each a form of its own."""
    return () if number is None else tuple(Shape("any", form=-1 - number * 1000 - i) for i in range(count))
