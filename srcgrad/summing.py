"""What a person does in the head with sums: the sign of what is summed, an axis that was kept to be taken away."""

from __future__ import annotations

from srcgrad.expr import Expr, bare, constant, render


def summed(expr: Expr) -> Expr | None:
    """A sum, or an item of one, in fewer words; None where there are none."""
    return _of_negated(expr) if expr.head == "call" else _item(expr)


def _item(expr: Expr) -> Expr | None:
    """`np.sum(x, axis=1, keepdims=True)[:, 0]` as `np.sum(x, axis=1)`, `(-x)[:, None]` as `-x[:, None]`, else None.

    `x[::-1][::-1]` as `x`.
    """
    whole, marks = bare(expr.operands[0]), str(expr.parts[1]).strip("[]").replace(" ", "").split(",")
    if whole.head == "subscript" and _marks(whole) == _marks(expr) == "[::-1]":
        return bare(whole.operands[0])
    if whole.head == "neg":
        inner = Expr("subscript", (whole.operands[0], *expr.parts[1:]))
        return Expr("neg", ("-", _item(inner) or inner))
    if whole.head != "call" or len(expr.parts) != 2 or marks.count("0") != 1 or {*marks} > {"0", ":"}:
        return None
    function, *args = whole.operands
    named = {str(arg.parts[0]): arg.operands[0] for arg in args if arg.head == "keyword"}
    kept = function.head == "import" and function.leaf == "numpy.sum" and {*named} == {"axis=", "keepdims="}
    if not kept or constant(named["axis="]) != marks.index("0") or set(marks) - {"0", ":"}:
        return None
    return Expr("call", (*whole.parts[: whole.parts.index(args[-1]) - 1], ")"))


def _marks(expr: Expr) -> str:
    """What stands behind the value of a subscript."""
    return "".join(render(part) if isinstance(part, Expr) else part for part in expr.parts[1:]).replace(" ", "")


def _of_negated(expr: Expr) -> Expr | None:
    """`np.sum(-x, axis=1)` as `-np.sum(x, axis=1)`; None for anything else."""
    function, *args = expr.operands
    first = bare(args[0].operands[0]) if args and args[0].head == "arg" else None
    if first is None or first.head != "neg" or (function.head, *function.parts) != ("import", "numpy.sum"):
        return None
    parts = [Expr("arg", (bare(first.operands[0]),)) if part is args[0] else part for part in expr.parts]
    return Expr("neg", ("-", Expr("call", tuple(parts))))
