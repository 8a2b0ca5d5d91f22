"""What is known of variables and gradients where a rule is applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from srcgrad.expr import Expr, bare, number, subscript, var
from srcgrad.keys import primal_of
from srcgrad.shape import Dim, Facts, Shape


@dataclass(frozen=True, slots=True)
class Known:
    """What is known where a rule is applied.

    `facts` are of variables, `extents` of gradients (what they are made of may be smaller than what they are of),
    `sizes` the variable of the user's that each dimension is, `named_` the arrays that have a name in the user's text.
    """

    facts: Facts
    extents: Facts
    sizes: Mapping[Dim, str]
    named_: tuple[tuple[Shape, str], ...] = ()

    def named(self, shape: Shape) -> Expr | None:
        """A variable of the user's that has this shape."""
        return next((var(key) for own, key in self.named_ if own == shape and own.dtype != "bool"), None)

    def lengths(self, dim: Dim) -> Expr | None:
        """The text of a dimension: a number, the user's name for it, the length of a variable of the user's."""
        if isinstance(dim, int):
            return number(dim)
        if dim in self.sizes:
            return var(self.sizes[dim])
        for shape, key in self.named_:
            if dim in shape.dims:
                return subscript(Expr("attribute", (var(key), ".shape")), shape.dims.index(dim))
        return None

    def shape(self, expr: Expr) -> Shape | None:
        """The shape of a variable or of a gradient; None of anything else."""
        shape = self.kind(expr)
        return shape if shape is not None and shape.rank is not None else None

    def kind(self, expr: Expr) -> Shape | None:
        """As `shape`, of a value that may be a number or an array as well."""
        key = key_of(expr)
        return self.extents.get(key) or self.facts.get(primal_of(key))

    def rank(self, expr: Expr) -> int | None:
        """The rank of a variable, of a gradient that of what it is the gradient on."""
        shape = self.facts.get(primal_of(key_of(expr)))
        return shape.rank if shape is not None else None

    def whole(self, expr: Expr) -> Shape | None:
        """The shape of a variable, of a gradient that of what it is the gradient on."""
        shape = self.facts.get(primal_of(key_of(expr)))
        return shape if shape is not None and shape.rank is not None else None


def key_of(expr: Expr) -> str:
    """The key of the variable that an expression reads, of the item of a list too; "" for any other expression."""
    path = ""
    inner = bare(expr)
    while inner.head == "subscript" and len(inner.operands) == 1:
        path = str(inner.parts[1]).replace('"', "") + path
        inner = bare(inner.operands[0])
    return inner.leaf + path if inner.head == "var" else ""
