"""What composites ask of the facts, as in `where="one_a_row(index, p, axis)"`. Unproved, there is no composite."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from srcgrad.expr import Expr
from srcgrad.layouts import UNKNOWN, places
from srcgrad.numbering import Numbering
from srcgrad.shape import NUMERIC, Facts, Shape, Symbol
from srcgrad.sizes import index, worth
from srcgrad.wengert import Line, Value, Var


class Proofs:
    """The facts of a list, and which of its values are the same."""

    def __init__(self, facts: Facts, numbering: Numbering) -> None:
        self.facts = facts
        self.numbering = numbering
        self.known: Mapping[str, Callable[..., bool]] = {
            "constant_along": self._constant_along,
            "one_a_row": self._one_a_row,
            "kept": self._kept,
            "alike": self._alike,
        }

    def hold(self, where: str, holes: Mapping[str, Value], line: Line) -> bool:
        """Whether all that is stated holds, of what stands in the holes of a pattern; `line` is its last one."""
        for statement in where.split(" and ") if where else ():
            name, _, rest = statement.partition("(")
            if not self.known[name](*(holes[arg.strip()] for arg in rest.rstrip(")").split(",")), line=line):
                return False
        return True

    def _shape(self, value: Value) -> Shape | None:
        """The shape of a number or an array; None where it is not known."""
        shape = self.facts.get(value.key) if isinstance(value, Var) else None
        return shape if shape is not None and shape.rank is not None else None

    def _axes(self, axis: Value, rank: int) -> Any:
        found = worth(axis, self.facts)
        whole = isinstance(found, int) or (isinstance(found, tuple) and all(isinstance(one, int) for one in found))
        return tuple(range(rank)) if found is None else places(found, rank) if whole else UNKNOWN

    def _constant_along(self, m: Value, s: Value, axis: Value, line: Line) -> bool:
        """Whether `m` is one number along the axes of `s`, and no larger than `s`."""
        one, whole = self._shape(m), self._shape(s)
        if one in NUMERIC:
            return True
        if one is None or whole is None or len(one.dims) > len(whole.dims):
            return False
        axes = self._axes(axis, len(whole.dims))
        ahead = len(whole.dims) - len(one.dims)
        pairs = zip(one.dims, whole.dims[ahead:], strict=True)
        within = all(dim in (1, of) for dim, of in pairs)
        return within and axes is not UNKNOWN and all(i < ahead or one.dims[i - ahead] == 1 for i in axes)

    def _one_a_row(self, at: Value, p: Value, axis: Value, line: Line) -> bool:
        """Whether an index takes one item of each row of a matrix, in their order; of each column, for the axis 0.

        Of a vector, whether it takes one item.
        """
        shape = self._shape(p)
        if shape is not None and len(shape.dims) == 1:
            return isinstance(worth(at, self.facts), (int, Symbol)) or self._shape(at) in NUMERIC
        if shape is None or len(shape.dims) != 2 or not isinstance(at, Expr):
            return False
        axes, items = self._axes(axis, 2), index(at, self.facts)
        if axes is UNKNOWN or len(axes) != 1 or not isinstance(items, tuple) or len(items) != 2:
            return False
        rows, labels = items[1 - axes[0]], items[axes[0]]
        arrays = isinstance(rows, Shape) and isinstance(labels, Shape) and rows.kind == labels.kind == "array"
        all_ = shape.dims[1 - axes[0] : 2 - axes[0]]
        return arrays and rows.dtype == "range" and rows.dims == labels.dims == all_ and labels.dtype != "bool"

    def _kept(self, reduced: Value, x: Value, axis: Value, line: Line) -> bool:
        """Whether what a reduction of `x` over `axis` leaves stands beside the items that it was made of."""
        one, whole = self._shape(reduced), self._shape(x)
        if whole is None or whole.kind != "array":
            return False
        axes = self._axes(axis, len(whole.dims))
        if axes is UNKNOWN or one is None:
            return False
        kept = tuple(1 if i in axes else dim for i, dim in enumerate(whole.dims))
        dims = one.dims
        return dims == kept or ((1,) * (len(kept) - len(dims)) + dims == kept and len(axes) + len(dims) == len(kept))

    def _alike(self, one: Value, two: Value, line: Line) -> bool:
        """Whether two values are the same numbers, in the same order, but for dimensions of one."""
        return self._plain(one) == self._plain(two)

    def _plain(self, value: Value) -> Hashable:
        """What a value was before dimensions of one were added to it or taken away."""
        while isinstance(value, Var) and (made := self.numbering.made.get(value.key)) and made.gate is not None:
            before = made.args.get("x")
            if made.gate.form[0] == "drop":
                args = ((name, self.numbering.number(arg)) for name, arg in made.args.items() if name != "keepdims")
                return made.gate.name, *sorted(args)
            if not self._reshapes(made) or not isinstance(before, Var) or not self._as_many(value, before):
                break
            value = before
        return self.numbering.number(value)

    def _reshapes(self, line: Line) -> bool:
        """Whether a line hands the items on in their order, where it leaves as many."""
        if line.gate is None or line.gate.name != "index":
            return line.gate is not None and line.gate.name in _RESHAPING
        at = line.args["index"]
        found = index(at, self.facts) if isinstance(at, Expr) else UNKNOWN
        items = found if isinstance(found, tuple) else (found,)
        return all(item is None or item is ... or item == slice(None) or item in (0, -1) for item in items)

    def _as_many(self, one: Value, two: Value) -> bool:
        shapes = self._shape(one), self._shape(two)
        if shapes[0] is None or shapes[1] is None:
            return False
        dims = [[dim for dim in shape.dims if dim != 1] for shape in shapes if shape is not None]
        return dims[0] == dims[1]


_RESHAPING = frozenset(("squeeze", "expand_dims", "reshape", "ravel"))
