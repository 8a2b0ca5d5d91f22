"""The shapes of arrays that are made from nothing but sizes, and of places in arrays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from srcgrad.expr import BINARY, Expr, bare, walk
from srcgrad.forms import FORMS
from srcgrad.layouts import UNKNOWN
from srcgrad.purity import keyword
from srcgrad.shape import WHOLE, Dims, Facts, Shape, Symbol, array, item_of
from srcgrad.sizes import counted, index, of_expr, place, ranged
from srcgrad.wengert import Line, Pack


def made(line: Line, facts: Facts, dims: Dims) -> Shape | None:
    """The shape of what a line makes, by the gate that says what kind of thing that is; None where it is not known."""
    gate, expr = line.gate, bare(line.expr)
    if gate is None or expr.head != "call" or any(arg.head == "star" for arg in expr.operands):
        return None
    args = [arg.operands[0] for arg in expr.operands[1:] if arg.head == "arg"]
    named = {keyword(arg): arg.operands[0] for arg in expr.operands[1:] if arg.head == "keyword"}
    if gate.name == "arange" or gate.form[0] == "counted":
        size = counted(args, facts)
        return each(line, array((dims.symbol() if size is UNKNOWN else size,), ranged(args, facts)))
    if gate.name == "place" and _name(expr.operands[0]) == "ix_":
        return _crossed([place(arg, facts) for arg in args])
    if gate.name == "place" and _name(expr.operands[0]) in _SEVERAL:
        return _several(line, args, facts, dims)
    if gate.name == "made":
        return each(line, _created(_name(expr.operands[0]), args, named, facts, dims))
    return each(line, _placed(expr, args, named, facts, dims)) if gate.name == "place" else None


def each(line: Line, shape: Shape | None) -> Shape | None:
    """The shape of each target of a line that makes an array: all of it, or a layer where it is unpacked."""
    unpacked = len(line.targets) > 1 or line.target.head in ("tuple", "list")
    return item_of(shape, (0,)) if unpacked else shape


_SEVERAL = frozenset(
    ("nonzero", "where", "triu_indices", "tril_indices", "triu_indices_from", "tril_indices_from", "diag_indices",
     "diag_indices_from", "unravel_index")
)  # fmt: skip
"""What gives an index for each dimension of an array, as a tuple."""


def _several(line: Line, args: list[Expr], facts: Facts, dims: Dims) -> Shape | None:
    """The shape of each of several rows of places, where they have names of their own."""
    if len(line.targets) == 1 and line.target.head == "var":
        return None
    if _name(bare(line.expr).operands[0]) != "unravel_index":
        return array((dims.symbol(),), "int")
    place = of_expr(args[0], facts) if args else UNKNOWN
    like = facts.get(bare(args[0]).leaf) if args and bare(args[0]).head == "var" else None
    return like if like is not None else WHOLE if isinstance(place, int) else None


def _crossed(rows: list[Any]) -> Shape | None:
    """What `np.ix_` makes of rows of numbers: each along an axis of its own."""
    if any(not isinstance(row, Shape) or row.rank != 1 or row.dtype == "bool" for row in rows):
        return None
    ones = (1,) * len(rows)
    items = (array((*ones[:i], row.dims[0], *ones[i + 1 :]), "int") for i, row in enumerate(rows))
    return Shape("tuple", len(rows), items=tuple(items))


def _name(function: Expr) -> str:
    """The last name of a function, as it is written."""
    name = function.leaf if function.head in ("name", "import") else str(function.parts[1])
    return name.rpartition(".")[2].strip()


def _created(name: str, args: list[Expr], named: dict[str, Expr], facts: Facts, dims: Dims) -> Shape | None:
    if name.endswith("_like"):
        like = facts.get(bare(args[0]).leaf) if args and bare(args[0]).head == "var" else None
        return None if like is None else replace(like, value=None, dtype=_dtype(named.get("dtype"), like.dtype))
    first = args[0] if args else named.get("shape") or named.get("N")
    if first is None:
        return None
    if name in ("zeros", "ones", "empty"):
        found = FORMS["given"](dims, of_expr(first, facts))
    elif name in ("eye", "identity", "tri"):
        second = args[1] if len(args) > 1 else named.get("M", first)
        found = FORMS["given"](dims, (of_expr(first, facts), of_expr(second, facts)))
    else:
        size = of_expr(first, facts)
        found = array((size if isinstance(size, (int, Symbol)) else dims.symbol(),), "float")
    placed = args[1] if len(args) > 1 and name in ("zeros", "ones", "empty") else None
    return found and replace(found, dtype=_dtype(named.get("dtype", placed), "" if len(args) > 1 else found.dtype))


def _dtype(said: Expr | None, otherwise: str) -> str:
    """The kind of numbers that a call asks for; "" where it is not known."""
    if said is None:
        return otherwise
    return "bool" if _of_truths(said) else "int" if bare(said).head in ("name", "import") and said.leaf == "int" else ""


def _of_truths(dtype: Expr) -> bool:
    """Whether a type that is written out is that of truth values."""
    inner = bare(dtype)
    last = str(inner.parts[1]) if inner.head == "attribute" else inner.leaf if not inner.operands else ""
    return last.strip("'\"").rpartition(".")[2].strip() in ("bool", "bool_")


_REDUCED = ("argmax", "argmin", "argsort", "count_nonzero", "any", "all")


def _placed(expr: Expr, args: list[Expr], named: dict[str, Expr], facts: Facts, dims: Dims) -> Shape | None:
    """Where the largest is, whether all are true: a reduction to whole numbers."""
    function = expr.operands[0]
    method = function.head == "attribute" and bare(function.operands[0]).head == "var"
    whole = bare(function.operands[0]) if method else bare(args[0]) if args else None
    rest = args if method else args[1:]
    shape = facts.get(whole.leaf) if whole is not None and whole.head == "var" else None
    if shape is None or set(named) - {"axis", "keepdims"} or _name(function) not in _REDUCED:
        return None
    if _name(function) == "argsort":
        return replace(shape, dtype="int") if shape.kind == "array" else None
    axis = named.get("axis", rest[0] if rest else None)
    keepdims = of_expr(named["keepdims"], facts) if "keepdims" in named else False
    found = FORMS["drop"](dims, shape, None if axis is None else of_expr(axis, facts), keepdims)
    dtype = "bool" if _name(function) in ("any", "all") else "int"
    return found and (WHOLE if found.kind != "array" else replace(found, dtype=dtype))


_BY_ITEMS = frozenset(("compare", "paren", "neg", "pos", "not", "and", "or", "~", "&", "|", "^", *BINARY)) - {"@"}


def compared(expr: Expr, facts: Facts, dims: Dims) -> Shape | None:
    """The shape of what is compared item by item; None where that is not known."""
    shapes: list[Shape] = []
    stack = [expr]
    while stack:
        node = stack.pop()
        if node.head in _BY_ITEMS:
            stack.extend(node.operands)
            continue
        shape = _one(node, facts, dims)
        if shape is None or shape.rank is None:
            return None
        shapes.append(shape)
    return dims.broadcast(shapes)


def truths(expr: Expr, facts: Facts) -> bool:
    """Whether `~`, `&`, `|` and `^` join truth values, and no whole numbers."""
    inner = bare(expr)
    if inner.head in ("~", "&", "|", "^"):
        return all(truths(part, facts) for part in inner.operands)
    shape = facts.get(inner.leaf) if inner.head == "var" else None
    return inner.head == "compare" or (shape is not None and shape.dtype == "bool")


def _one(node: Expr, facts: Facts, dims: Dims) -> Shape | None:
    """The shape of a variable, a number, a part of an array, a size, a row of numbers."""
    if node.head == "var":
        return facts.get(node.leaf)
    found = place(node, facts)
    if isinstance(found, Shape):
        return found
    if found is not UNKNOWN and not isinstance(found, (slice, tuple)):
        return WHOLE
    if node.head != "subscript" or len(node.operands) < 2 or bare(node.operands[0]).head != "var":
        return None
    whole = facts.get(bare(node.operands[0]).leaf)
    return whole and FORMS["indexed"](dims, whole, index(node.operands[1], facts))


def asks(line: Line) -> bool:
    """Whether a line makes an array of truth values, which are written out or are what others become."""
    dtype, items = line.args.get("dtype"), line.args.get("x")
    if line.gate is not None and line.gate.name == "astype":
        return isinstance(dtype, Expr) and _of_truths(dtype)
    if line.gate is None or line.gate.name != "array" or not isinstance(items, Pack):
        return False
    return any(node.head == "name" and node.leaf in ("True", "False") for node in walk(line.expr))
