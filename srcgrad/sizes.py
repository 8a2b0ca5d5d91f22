"""What the settings of a gate are worth while code is generated: literals, dimensions, tuples of them, the index."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from srcgrad.expr import Expr, bare, constant
from srcgrad.layouts import UNKNOWN
from srcgrad.shape import Facts, Shape, Symbol, multiple, plus
from srcgrad.wengert import Pack, Value, Var

_NAMES = {"None": None, "True": True, "False": False}


def worth(value: Value, facts: Facts) -> Any:
    """The literal, the dimension or the tuple of them that a value is; UNKNOWN for one that is computed."""
    if isinstance(value, Pack):
        return tuple(worth(item, facts) for item in value.items) if value.kind != "dict" else UNKNOWN
    return of_expr(value.ref if isinstance(value, Var) else value, facts)


def leading(axis: Value | None, facts: Facts) -> bool:
    """Whether axes are the first ones of an array, whatever its rank."""
    found = None if axis is None else worth(axis, facts)
    axes = found if isinstance(found, tuple) else (found,)
    return axes == tuple(range(len(axes)))


def of_expr(expr: Expr, facts: Facts) -> Any:
    """What an expression over variables is worth."""
    expr = bare(expr)
    number = constant(expr)
    if number is not None:
        return number
    if expr.head == "var":
        shape = facts.get(expr.leaf)
        if shape is not None and shape.kind == "sizes":
            return shape.dims if shape.length is None else UNKNOWN
        return UNKNOWN if shape is None or shape.value is None else shape.value
    if expr.head in ("name", "import"):
        return _NAMES.get(expr.leaf.removeprefix("builtins."), UNKNOWN)
    if expr.head == "text":
        return _text(expr.leaf)
    if expr.head in ("tuple", "list"):
        return tuple(of_expr(item, facts) for item in expr.operands)
    if expr.head == "attribute":
        return _attribute(expr, facts)
    if expr.head == "subscript":
        whole = of_expr(expr.operands[0], facts)
        place = constant(expr.operands[1]) if len(expr.operands) > 1 else UNKNOWN
        known = isinstance(whole, tuple) and isinstance(place, int) and -len(whole) <= place < len(whole)
        return whole[place] if known else UNKNOWN
    if expr.head in ("+", "-"):
        return _sum(expr, facts)
    if expr.head == "*":
        one, two = (of_expr(part, facts) for part in expr.operands)
        known = isinstance(one, int) and isinstance(two, (int, Symbol))
        return (
            multiple(two, one)
            if known
            else multiple(one, two)
            if isinstance(two, int) and isinstance(one, Symbol)
            else UNKNOWN
        )
    return _length(expr, facts) if expr.head == "call" else UNKNOWN


def _text(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return UNKNOWN


def _array(expr: Expr, facts: Facts) -> Shape | None:
    shape = facts.get(bare(expr).leaf) if bare(expr).head == "var" else None
    return shape if shape is not None and shape.rank is not None else None


def _attribute(expr: Expr, facts: Facts) -> Any:
    name, shape = str(expr.parts[1]).strip(), _array(expr.operands[0], facts)
    if shape is None:
        return UNKNOWN
    if name == ".shape":
        return shape.dims
    if name == ".ndim":
        return len(shape.dims)
    return shape.dims[0] if name == ".size" and len(shape.dims) == 1 else UNKNOWN


def _length(expr: Expr, facts: Facts) -> Any:
    args = expr.operands[1:]
    shape = _array(args[0].operands[0], facts) if len(args) == 1 and args[0].operands else None
    name = _function(expr)
    if shape is None or name not in ("len", "shape", "ndim"):
        return UNKNOWN
    return {"shape": shape.dims, "ndim": len(shape.dims)}.get(name, shape.dims[0] if shape.dims else UNKNOWN)


def _function(call: Expr) -> str:
    """The last name of what is called."""
    function = call.operands[0]
    if function.head in ("name", "import"):
        return function.leaf.rpartition(".")[2]
    return str(function.parts[1]).strip(". ") if function.head == "attribute" else ""


def _sum(expr: Expr, facts: Facts) -> Any:
    if any(bare(part).head in ("+", "-") for part in expr.operands):
        return UNKNOWN
    one, two = (of_expr(part, facts) for part in expr.operands)
    if isinstance(one, tuple) and isinstance(two, tuple) and expr.head == "+":
        return one + two
    if isinstance(two, int) and isinstance(one, (int, Symbol)):
        return plus(one, two if expr.head == "+" else -two)
    return UNKNOWN


def index(expr: Expr, facts: Facts) -> Any:
    """What stands in `x[...]`: numbers, slices, None, `...`, and the shapes of arrays."""
    inner = bare(expr)
    if inner.head in ("index", "tuple"):
        return tuple(place(part, facts) for part in inner.operands)
    if inner.head == "var" and (known := facts.get(inner.leaf)) is not None and known.kind == "tuple" and known.items:
        return known.items
    return place(inner, facts)


def place(expr: Expr, facts: Facts) -> Any:
    """What one place of an index is."""
    inner = bare(expr)
    if inner.head == "slice":
        return _slice(inner, facts)
    if inner.head == "text" and inner.leaf == "...":
        return ...
    if inner.head == "call" and _function(inner) in ("arange", "range"):
        args = [arg.operands[0] for arg in inner.operands[1:] if arg.head == "arg"]
        size = counted(args, facts)
        return UNKNOWN if size is UNKNOWN else Shape("array", dims=(size,), dtype=ranged(args, facts))
    found = of_expr(inner, facts)
    if inner.head in ("name", "import", "attribute") and str(inner.parts[-1]).endswith("newaxis"):
        return None
    if isinstance(found, tuple):
        return Shape("array", dims=(len(found),), dtype=_listed(found))
    if found is not UNKNOWN:
        return found
    shape = facts.get(inner.leaf) if inner.head == "var" else None
    return shape if shape is not None and shape.kind in ("array", "whole", "scalar") else UNKNOWN


def counted(args: Sequence[Expr], facts: Facts) -> Any:
    """How many numbers `np.arange(n)` and `np.arange(first, n)` have, of whole numbers; else UNKNOWN."""
    ends = [of_expr(arg, facts) for arg in args]
    if len(ends) not in (1, 2) or not all(isinstance(end, (int, Symbol)) for end in ends):
        return UNKNOWN
    first, last = (0, *ends)[-2:]
    if not isinstance(first, int):
        return UNKNOWN
    return max(0, last - first) if isinstance(last, int) else plus(last, -first)


def ranged(args: Sequence[Expr], facts: Facts) -> str:
    """The dtype of `np.arange(*args)`: a range names no place twice, which one that begins below 0 may do."""
    ends = [of_expr(arg, facts) for arg in args]
    if not all(isinstance(end, (int, Symbol)) or end is UNKNOWN for end in ends):
        return ""
    first = (0, *ends)[-2]
    if len(ends) < 3 and isinstance(first, int) and first >= 0:
        return "range"
    return "" if UNKNOWN in ends else "int"


def _listed(items: tuple[Any, ...]) -> str:
    """The dtype of an index that is written out: truth values, whole numbers, such of which each is another."""
    if items and all(isinstance(item, bool) for item in items):
        return "bool"
    places = all(isinstance(item, int) and item >= 0 for item in items)
    return "range" if places and len({*items}) == len(items) else "int"


def _slice(expr: Expr, facts: Facts) -> slice:
    bounds: list[Any] = [None]
    for part in expr.parts:
        if isinstance(part, Expr):
            found = of_expr(part, facts)
            bounds[-1] = found
        else:
            bounds += [None] * part.count(":")
    return slice(*[*bounds, None, None][:3])
