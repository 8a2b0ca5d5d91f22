"""What the rule of np.block may call that is worked out while code is generated. As in helpers.py."""

from __future__ import annotations

from srcgrad.arithmetic import simplify
from srcgrad.cuts import bounds, indexed, size_of
from srcgrad.expr import Expr, bare, binary, constant
from srcgrad.known import Known


def block_part(args: list[Expr], known: Known) -> Expr | None:
    """`dy[N:, :D]`: the part of `dy` that belongs to one of the matrices that make it up."""
    dy, whole, place = args[0], bare(args[1]), args[2]
    nested = bare(whole.operands[0]).head in ("list", "tuple")
    rows = (
        [[bare(x) for x in bare(row).operands] for row in whole.operands] if nested else [[*map(bare, whole.operands)]]
    )
    at = [constant(one) for one in place.operands] if place.head == "index" else [0, constant(place)]
    if any(known.rank(x) != 2 for row in rows for x in row) or len(at) != 2:
        return None
    i, j = (int(one) for one in at if isinstance(one, int))
    heights = [size_of(row[0], 0, known) for row in rows[: i + 1]]
    widths = [size_of(x, 1, known) for x in rows[i][: j + 1]]
    return indexed(dy, [_cut(heights, i + 1 == len(rows)), _cut(widths, j + 1 == len(rows[i]))])


def _cut(sizes: list[Expr], last: bool) -> Expr | str:
    """`a:b` of the sizes up to that of the part itself."""
    ends: list[Expr] = []
    for size in sizes:
        ends.append(simplify(binary("+", ends[-1], size)) if ends else size)
    first = ends[-2] if len(ends) > 1 else None
    return ":" if first is None and last else bounds(first, None if last else ends[-1])
