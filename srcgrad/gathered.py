"""The gradients that are returned: one variable each, those on the items of a list, tuple or dict put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from srcgrad.arithmetic import plus
from srcgrad.errors import SrcgradError, UnsettledError
from srcgrad.expr import Expr, call, display, number, var
from srcgrad.extents import numpy, spread
from srcgrad.keys import adjoint
from srcgrad.shape import Facts, Shape
from srcgrad.staged import Assign, Step, flat
from srcgrad.wengert import Parameter, Statement, Var


class Reverse(Protocol):
    """A reverse pass that is written."""

    lines: list[Step]
    adjoints: dict[str, Expr]
    extents: dict[str, Shape]
    sure: set[str]

    def full(self, value: Var, gradient: Expr) -> Expr: ...

    def assign(
        self, value: Var, gradient: Expr, size: Shape | None, statement: Statement | None, reason: str = ""
    ) -> None: ...


def gathered(reverse: Reverse, param: Parameter, facts: Facts) -> Expr:
    """The gradient on a parameter, a variable of its own: what is returned."""
    key = adjoint(param.var.key)
    shape = facts.get(param.var.key)
    whole = shape is not None and shape.kind in ("array", "any")
    if param.items and whole:
        _into_array(reverse, param, shape)
    elif param.items or (shape and shape.kind in ("list", "tuple", "dict")):
        if key in reverse.adjoints:
            raise SrcgradError(
                f"{param.name} is read both as a number and item by item",
                param.span,
                "read it in one way",
            )
        _gather(reverse, param, shape)
    elif key not in reverse.adjoints:
        zero = number(0.0) if shape is None or shape.rank == 0 else numpy("zeros_like", param.var.ref)
        reverse.assign(param.var, zero, shape, None, f"{param.name} never reaches the output")
    else:
        _whole(reverse, param.var)
    return var(key)


def _whole(reverse: Reverse, value: Var) -> None:
    """The gradient on a parameter in the shape of the parameter, where it is smaller so far."""
    key = adjoint(value.key)
    gradient = var(key)
    if reverse.full(value, gradient) is gradient:
        return
    places = [i for i, line in enumerate(reverse.lines) if key in (key for one in flat((line,)) for key in one.bound)]
    last = reverse.lines[places[-1]] if places else None
    if isinstance(last, Assign) and last.op == "=":
        new = Assign(
            last.target, "=", spread(last.value, value.ref), last.statement, False, last.temporary, reason=last.reason
        )
        reverse.lines[places[-1]] = new
    else:
        reverse.assign(value, reverse.full(value, gradient), None, None)


def _into_array(reverse: Reverse, param: Parameter, shape: Shape | None) -> None:
    """The gradients on the items of an array, added to those on the whole."""
    key = adjoint(param.var.key)
    found = [(item, reverse.adjoints.get(adjoint(item.key))) for item in param.items]
    op = "+="
    if key not in reverse.adjoints:
        reverse.assign(param.var, numpy("zeros_like", param.var.ref), shape, None)
        op = "=" if all(isinstance(i, int) and i >= 0 and len(v.path) == 1 for v in param.items for i in v.path) else op
    else:
        _whole(reverse, param.var)
    for item, gradient in found:
        if gradient is not None:
            place: Expr = var(key)
            text = ", ".join(map(str, item.path))
            place = Expr("subscript", (place, f"[{text}]"))
            reverse.lines.append(Assign(place, op, gradient, None, False))


def _gather(reverse: Reverse, param: Parameter, shape: Shape | None) -> None:
    """The gradients on the items of a parameter as one list or tuple, beside the last line on them."""
    kind = shape.kind if shape and shape.kind != "any" else "list"
    if not param.items and (shape is None or shape.length is None):
        zero = display(kind, (number(0.0),))
        zeros = Expr("*", (zero, " * ", call(Expr("name", ("len",)), param.var.ref)))
        reverse.lines.append(Assign(var(adjoint(param.var.key)), "=", zeros, None, False))
        return
    own = {adjoint(item.key) for item in param.items}
    roots = [step.statement.root if step.statement else None for step in reverse.lines]
    used = {line.statement.root if line.statement else None for line in flat(reverse.lines) if own & {*line.bound}}
    root = used.pop() if len(used) == 1 and used <= set(roots) else None
    at = len(roots) - roots[::-1].index(root) if root else len(roots)
    made = _display(reverse, param, shape, (), param.items)
    if (param.kind == "*args" or param.annotation) and (shape is None or shape.length is None):
        count = len(made.operands)
        left = Expr("-", (call(Expr("name", ("len",)), param.var.ref), " - ", number(count)))
        zeros = Expr("*", (display(kind, (number(0.0),)), " * ", left))
        made = Expr("+", (made, " + ", zeros))
        if count and f"{param.var.key}[{count - 1}]" not in reverse.sure:  # the list may be shorter
            size = call(Expr("name", ("len",)), param.var.ref)
            made = Expr("subscript", (Expr("paren", ("(", made, ")")), "[: ", size, "]"))
    reverse.lines.insert(at, Assign(var(adjoint(param.var.key)), "=", made, root, False))


Path = tuple[int | str, ...]


def _display(reverse: Reverse, param: Parameter, shape: Shape | None, path: Path, below: Sequence[Var]) -> Expr:
    """The gradients on the items of a parameter `below` a path, in the structure that they have there."""
    places = list(_places(param, shape, [item.path[len(path)] for item in below]))
    kind = shape.kind if shape and shape.kind != "any" else "list"
    kind = "dict" if any(isinstance(place, str) for place in places) else kind
    items = []
    for place in places:
        inner = _shape_at(shape, place)
        here = [item for item in below if _same(item.path[len(path)], place, places)]
        deeper = [item for item in here if len(item.path) > len(path) + 1]
        if deeper and inner is not None and inner.kind == "array":
            raise SrcgradError(
                f"an item of {param.name} is an array, and items of that are read",
                param.span,
                f"unpack {param.name} first, or give it as one array",
            )
        if deeper or (inner is not None and inner.kind in ("list", "tuple", "dict")):
            items.append(_display(reverse, param, inner, (*path, place), deeper))
        else:
            items.append(_item(reverse, param, here, (*path, place), inner))
    return display(kind, tuple(items), tuple(map(str, places)))


def _same(index: int | str, place: int | str, places: Sequence[int | str]) -> bool:
    return index == place or (isinstance(index, int) and index < 0 and len(places) + index == place)


def _item(reverse: Reverse, param: Parameter, here: Sequence[Var], path: Path, shape: Shape | None) -> Expr:
    """The gradient on one item, whichever way its index is written; a zero where it has none."""
    total: Expr | None = None
    for item in here:
        gradient = reverse.adjoints.get(adjoint(item.key))
        if gradient is not None:
            whole = reverse.full(item, gradient)
            total = whole if total is None else plus(total, whole)
    if total is not None:
        return total
    if shape is None or shape.rank == 0:
        return number(0.0)
    return numpy("zeros_like", replace(param.var, path=path).ref)


def _shape_at(shape: Shape | None, place: int | str) -> Shape | None:
    if shape is None or not shape.items:
        return None
    return shape.items[shape.names.index(place) if isinstance(place, str) else place]


def _places(param: Parameter, shape: Shape | None, found: Sequence[int | str]) -> Iterable[int | str]:
    """The indices of a parameter's items: what is known of them, else as many as are read."""
    names = [index for index in found if isinstance(index, str)]
    indices = [index for index in found if isinstance(index, int)]
    if names and indices:
        raise SrcgradError(f"{param.name} is read as a list and as a dict", param.span, "read it in one way")
    if shape and shape.kind == "dict":
        missing = [name for name in names if shape.names and name not in shape.names]
        if missing:
            raise SrcgradError(
                f"{param.name} has no item {missing[0]!r}, and it is read",
                param.span,
                "give it every item that is read",
            )
        return shape.names or tuple(names)
    if names:
        return tuple(dict.fromkeys(names))
    if shape and shape.length is not None:
        beyond = [index for index in indices if not -shape.length <= index < shape.length]
        if beyond:
            raise SrcgradError(
                f"{param.name} has {shape.length} items, and item {beyond[0]} of it is read",
                param.span,
                "give it every item that is read",
            )
        return range(shape.length)
    if any(index < 0 for index in indices):
        raise UnsettledError(
            f"{param.name} is read from its end, and how many items it has is not known",
            param.span,
            f"annotate it, as in {param.name}: tuple[float, float, float]",
        )
    return range(1 + max(indices))
