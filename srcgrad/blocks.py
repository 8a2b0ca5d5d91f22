"""What rules of matrices made of blocks may call that is worked out while code is generated. As in helpers.py."""

from __future__ import annotations

from srcgrad.cuts import indexed, size_of, stretch, total
from srcgrad.expr import Expr, bare, constant, number
from srcgrad.known import Known


def block_part(args: list[Expr], known: Known) -> Expr | None:
    """`dy[N:, :D]`: the part of `dy` that belongs to one of the matrices that make it up."""
    dy, whole, place = args[0], bare(args[1]), args[2]
    nested = bare(whole.operands[0]).head in ("list", "tuple")
    rows = [[bare(x) for x in bare(row).operands] for row in (whole.operands if nested else [whole])]
    at = [constant(one) for one in place.operands] if place.head == "index" else [0, constant(place)]
    if any(known.rank(x) != 2 for row in rows for x in row) or len(at) != 2:
        return None
    i, j = (int(one) for one in at if isinstance(one, int))
    heights = [size_of(row[0], 0, known) for row in rows[: i + 1]]
    widths = [size_of(x, 1, known) for x in rows[i][: j + 1]]
    return indexed(dy, [stretch(heights, i + 1 == len(rows)), stretch(widths, j + 1 == len(rows[i]))])


def diagonal_part(args: list[Expr], known: Known) -> Expr | None:
    """The block of `dz` on a diagonal that belongs to the matrix, the row or the number at a place of many."""
    items, at = [bare(item) for item in bare(args[1]).operands], constant(args[2])
    ranks = [0 if constant(item) is not None else known.rank(item) for item in items]
    if not isinstance(at, int) or any(rank is None or rank > 2 for rank in ranks):
        return None
    marks: list[Expr | str] = []
    for axis in (-2, -1):
        sizes = [
            number(1) if -axis > (rank or 0) else size_of(item, axis + (rank or 0), known)
            for item, rank in zip(items[: at + 1], ranks, strict=False)
        ]
        row = -axis > (ranks[at] or 0)
        marks.append(total(sizes[:-1]) or number(0) if row else stretch(sizes, at + 1 == len(items)))
    return indexed(args[0], marks)
