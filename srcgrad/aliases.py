"""Which arrays an expression may hand on instead of making one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from srcgrad.expr import Expr, bare

FOREIGN = "·"
"""What stands for all memory that is not ours: inputs, values of the forward pass, upstream gradients."""

_VIEWS = frozenset(
    ("reshape", "ravel", "transpose", "swapaxes", "moveaxis", "expand_dims", "squeeze", "broadcast_to", "asarray",
     "atleast_1d", "atleast_2d", "atleast_3d", "flip", "fliplr", "flipud", "rot90", "diagonal", "diag", "permute_dims",
     "split", "array_split", "hsplit", "vsplit", "dsplit", "rollaxis", "matrix_transpose", "ascontiguousarray",
     "float64", "float32", "real", "real_if_close", "broadcast_arrays", "unstack", "sliding_window_view",
     "trim_zeros")
)  # fmt: skip
"""The functions and methods that may hand on the memory of what they are given."""

_READ_ONLY = frozenset(("broadcast_to", "diag", "diagonal", "sliding_window_view"))
"""Those that may give what must not be written to."""

_PARTS = frozenset((".T", ".mT", ".real", ".flat"))
"""The attributes that do."""


def shared(expr: Expr) -> Iterator[str]:
    """The variables whose memory an expression may hand on."""
    inner = bare(expr)
    if inner.head == "var":
        yield inner.leaf
    elif inner.head == "subscript" or (inner.head == "attribute" and str(inner.parts[1]).strip() in _PARTS):
        yield from shared(inner.operands[0])
    elif inner.head in ("list", "tuple", "dict"):
        for item in inner.operands:
            yield from shared(item)
    elif inner.head == "if":
        yield from shared(inner.operands[0])
        yield from shared(inner.operands[2])
    elif inner.head == "call":
        function = inner.operands[0]
        name = function.leaf if function.head in ("import", "name") else str(function.parts[1])
        method = function.head == "attribute" and not _module(bare(function.operands[0]))
        alone = name.endswith(".einsum") and len(inner.operands) == 3  # of one operand it may be a view
        if function.head == "name" or alone:
            for arg in inner.operands[1:]:
                yield from shared(arg.operands[0])
        elif (last := name.rpartition(".")[2].strip()) in _VIEWS:
            if last in _READ_ONLY:  # of a number either
                yield FOREIGN
            yield from shared(function.operands[0] if method else inner.operands[1].operands[0])


def _module(expr: Expr) -> bool:
    """Whether what a function is an attribute of is a module: `np`, `np.linalg`."""
    return expr.head == "name" or (expr.head == "attribute" and str(expr.parts[1]).strip() == ".linalg")


def alike(handed: Iterable[tuple[Iterable[str], Iterable[str]]]) -> dict[str, Set[str]]:
    """Which variables may share memory with each: all that are bound to a value, and those that the value hands on."""
    found: dict[str, Set[str]] = {}
    for bound, sources in handed:
        together = {*bound, *sources}
        group = together.union(*(found.get(key, set()) for key in together))
        for key in group:
            found[key] = group
    return found
