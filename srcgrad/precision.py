"""Whether a gradient has the precision of what it is the gradient on: a float32 where that is one."""

from __future__ import annotations

from collections.abc import Iterable

from srcgrad.expr import Expr, walk
from srcgrad.extents import reads_gradient
from srcgrad.known import Known
from srcgrad.staged import Assign, Step


def untyped(gradient: Expr, lines: Iterable[Step]) -> bool:
    """Whether all gradients that a gradient reads are numbers that are written out: Python's own, of no precision."""
    numbers: set[str] = set()
    for line in lines:
        if isinstance(line, Assign):
            nodes = [*walk(line.value)]
            plain = all(node.leaf in numbers for node in nodes if node.head == "var")
            if plain and line.op != "at" and not any(node.head == "compare" for node in nodes):
                numbers |= {*line.bound} if line.binds else set()
            else:
                numbers.difference_update(line.bound)
    return all(node.leaf in numbers for node in walk(gradient) if node.head == "var" and reads_gradient(node))


def typeless(expr: Expr, known: Known) -> bool:
    """Whether an expression is made of masks and numbers alone, so that it is no float32 where its operand is."""
    stack, masks = [expr], False
    while stack:
        node = stack.pop()
        if node.head == "compare":
            masks = True
        elif node.head == "var":
            shape = known.shape(node)
            mask = shape is not None and shape.kind == "array" and shape.dtype in ("bool", "int")
            if shape is None or (shape.kind == "array" and not mask):
                return False
            masks = masks or mask
        else:
            stack.extend(node.operands)
    return masks
