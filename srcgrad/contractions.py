"""What undoes a sum of products over letters or axes, np.einsum and np.tensordot: another such sum."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from string import ascii_letters
from typing import Any

from srcgrad.arithmetic import simplify, times
from srcgrad.expr import Expr, bare, binary, call, constant, number
from srcgrad.extents import numpy, undone, unknown
from srcgrad.known import Known
from srcgrad.layouts import places
from srcgrad.shape import Dim, Dims, Shape, array
from srcgrad.sizes import of_expr
from srcgrad.subscripts import Rows, apart, expanded, rows


def summed_back(args: list[Expr], known: Known) -> Expr | None:
    """`summed_back(subscripts, i, dz, [x, y])`: the gradient on the operand at a place of np.einsum.

    Letters that nothing else has are restored by ones, those that stand twice by an identity; None for an ellipsis
    that can't be told.
    """
    subscripts, place, upstream = of_expr(args[0], known.facts), constant(args[1]), args[2]
    operands = [bare(item) for item in bare(args[3]).operands]
    if not isinstance(subscripts, str) or not isinstance(place, int):
        return None
    shapes = [known.facts[item.leaf] if item.head == "var" and item.leaf in known.facts else None for item in operands]
    x, letters = operands[place], rows(subscripts, len(operands))
    ranks = [shape.rank if shape is not None else None for shape in shapes]
    sizes = None
    if "." in "".join(letters[0]):
        known_ranks = [rank for rank in ranks if rank is not None]
        if len(known_ranks) == len(ranks):
            letters, sizes = _ellipses(letters, known_ranks, place), _sizes(letters, shapes)
        elif not letters[0][place].startswith(".") and len(operands) > 1:
            return None
    else:
        sizes = _sizes(letters, shapes)
    whole = len(operands) == 1 or (sizes is not None and _equal(sizes, place, letters))
    row, pairs = apart(letters[0][place], "".join([*letters[0], *(sizes[1] if sizes else ())]))
    if sizes is not None:
        sizes[1].update({new: sizes[0][place][old] for old, new in map(tuple, pairs)})
    inputs = [(letters[1], upstream)] if letters[1] else []
    inputs += [(other, item) for i, (other, item) in enumerate(zip(letters[0], operands, strict=True)) if i != place]
    inputs += [(pair, _identity(x, row.index(pair[0]) - len(row) * ("." in row))) for pair in pairs]
    if not inputs or not {*row} <= {*chain(*(other for other, _ in inputs))} or not whole:
        inputs.append((row, numpy("ones_like", x)))
    found = _sum(inputs, row, bool(letters[1]))
    found = found if letters[1] else times(found, upstream)
    return found if len(operands) == 1 else _fitted(found, row, sizes, letters, shapes[place], x)


def _ellipses(letters: Rows, ranks: list[int], place: int) -> Rows:
    """The rows as they are written where an ellipsis of the operand is all of that of the result, or leads."""
    counts = [rank - len(row.replace(".", "")) for row, rank in zip(letters[0], ranks, strict=True)]
    plain = letters[0][place].startswith(".") or counts[place] == max(counts)
    if "." in letters[0][place] and plain and "." in letters[1]:
        return letters
    return expanded(letters, ranks)


Sizes = tuple[list[dict[str, Dim]], dict[str, Dim]]
"""The size of each letter in each operand, and in all of them."""


def _sizes(letters: Rows, shapes: Sequence[Shape | None]) -> Sizes | None:
    if any(shape is None or shape.rank is None for shape in shapes):
        return None
    full, _ = expanded(letters, [shape.rank or 0 for shape in shapes if shape is not None])
    own = [dict(zip(row, shape.dims, strict=True)) for row, shape in zip(full, shapes, strict=True) if shape]
    dims, wide = Dims(), dict[str, Dim]()
    for sizes in own:
        for letter, dim in sizes.items():
            wide[letter] = dims.wider(wide[letter], dim) if letter in wide else dim
    return own, wide


def _equal(sizes: Sizes, place: int, letters: Rows) -> bool:
    """Whether each letter that is summed has, in some other operand, the size that it has in the one at `place`."""
    own, _ = sizes
    others = [one for i, one in enumerate(own) if i != place]
    summed = {*own[place]} - {*letters[1]} if "." not in letters[1] else {*letters[0][place]} - {*letters[1]}
    return all(own[place][letter] in (1, *(one.get(letter) for one in others)) for letter in summed)


def _identity(x: Expr, axis: int) -> Expr:
    """The matrix that is 1 where two letters are one."""
    attribute = [Expr("attribute", (x, name)) for name in (".shape", ".dtype")]
    return numpy("eye", Expr("subscript", (attribute[0], "[", number(axis), "]")), dtype=attribute[1])


def _sum(inputs: list[tuple[str, Expr]], row: str, several: bool) -> Expr:
    """np.einsum of values with their letters; a plain product where all have those of the result."""
    if all(letters == row for letters, _ in inputs):
        values = [value for _, value in inputs][:: -1 if several else 1]
        found = values[0]
        for value in values[1:]:
            found = times(found, value)
        return found
    if len(inputs) == 1 and sorted(inputs[0][0]) == sorted(row) and "." not in row:
        axes = [inputs[0][0].index(letter) for letter in row]
        if axes == list(range(len(row)))[::-1]:
            return Expr("attribute", (inputs[0][1], ".T"))
        return numpy("transpose", inputs[0][1], Expr("text", (f"({', '.join(map(str, axes))})",)))
    text = ",".join(letters for letters, _ in inputs) + "->" + row
    return numpy("einsum", Expr("text", (f'"{text.replace(".", "...")}"',)), *(value for _, value in inputs))


def _fitted(found: Expr, row: str, sizes: Sizes | None, letters: Rows, to: Shape | None, x: Expr) -> Expr:
    """The gradient in the shape of its operand, of which a dimension of 1 may have been broadcast."""
    if sizes is None or to is None:
        return unknown(found, x)
    _, wide = sizes
    ellipsis = sorted({*wide} - {*row, *"".join(letters[0])}, key=ascii_letters.index)
    made = tuple(wide[letter] for letter in row.replace(".", "".join(ellipsis)))
    return undone(found, array(made, to.dtype), to, x)


def contracted_back(args: list[Expr], known: Known) -> Expr | None:
    """`contracted_back(dz, x, y, axes)`: the gradient on `x` of `np.tensordot(x, y, axes)`; on the second after `1`."""
    upstream, x, y, axes = args[0], bare(args[1]), bare(args[2]), of_expr(args[3], known.facts)
    axes, second = 2 if axes is None else axes, len(args) > 4
    ranks = known.rank(x), known.rank(y)
    if ranks[0] is None or ranks[1] is None:
        return _any_rank(upstream, x, y, axes, second) if isinstance(axes, int) else None
    left, right = _axes(axes, ranks[0], ranks[1])
    free = [i for i in range(ranks[0]) if i not in left], [i for i in range(ranks[1]) if i not in right]
    if second:
        made = _tensordot(x, upstream, free[0], range(len(free[0])))
        order = [right[left.index(i)] for i in sorted(left)] + free[1]
    else:
        made = _tensordot(upstream, y, range(len(free[0]), len(free[0]) + len(free[1])), free[1])
        order = free[0] + [left[right.index(i)] for i in sorted(right)]
    if order == sorted(order):
        return made
    return numpy("transpose", made, _tuple([order.index(i) for i in range(len(order))]))


def _axes(axes: Any, one: int, two: int) -> tuple[list[int], list[int]]:
    """The axes of both operands that are summed, in pairs."""
    if isinstance(axes, int):
        return list(range(one - axes, one)), list(range(axes))
    left, right = axes
    return list(places(left, one)), list(places(right, two))


def _tensordot(one: Expr, two: Expr, left: Sequence[int], right: Sequence[int]) -> Expr:
    axes = Expr("paren", ("(", Expr("tuple", (_tuple(left), ", ", _tuple(right))), ")"))
    return numpy("tensordot", one, two, axes)


def _tuple(axes: Sequence[int]) -> Expr:
    return Expr("text", (f"({', '.join(map(str, axes))}{',' * (len(axes) == 1)})",))


def _any_rank(upstream: Expr, x: Expr, y: Expr, axes: int, second: bool) -> Expr:
    """The same for the last axes of `x` and the first of `y`, however many others there are."""
    if second:
        free = simplify(binary("-", call(Expr("import", ("numpy.ndim",)), x), number(axes)))
        both = call(Expr("import", ("builtins.range",)), free)
        return numpy("tensordot", x, upstream, Expr("paren", ("(", Expr("tuple", (both, ", ", both)), ")")))
    free = simplify(binary("-", call(Expr("import", ("numpy.ndim",)), y), number(axes)))
    behind = call(Expr("import", ("builtins.range",)), Expr("neg", ("-", free)), number(0))
    last = call(Expr("import", ("builtins.range",)), number(axes), call(Expr("import", ("numpy.ndim",)), y))
    return numpy("tensordot", upstream, y, Expr("paren", ("(", Expr("tuple", (behind, ", ", last)), ")")))
