"""A line of a rule where it is applied: what the facts decide is decided, what can be worked out now is worked out.

Conditions on settings and shapes, the axes along which a gradient is restored, counts, inverse permutations. What the
facts leave open stays in the emitted line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from srcgrad.arithmetic import simplify
from srcgrad.expr import Expr, bare, rebuild, render, same, walk
from srcgrad.helpers import HELPERS, QUESTIONS
from srcgrad.known import Known
from srcgrad.layouts import UNKNOWN
from srcgrad.shape import Symbol
from srcgrad.sizes import of_expr


def decided(expr: Expr, known: Known, simplified: Callable[[Expr], Expr] = simplify) -> Expr:
    """`expr` with all that is known."""

    def leaf(node: Expr) -> Expr | None:
        if node.head == "if":
            then, test, orelse = node.operands
            said = truth(test, known)
            if said is not None:
                return decided(then if said else orelse, known, simplified)
            left = _undecided(test, known)
            if left is not test:
                return decided(Expr("if", (then, " if ", left, " else ", orelse)), known, simplified)
        return None

    return _helped(_asked_once(rebuild(expr, leaf, simplified)), known, simplified)


def _asked_once(expr: Expr, before: tuple[Expr, ...] = ()) -> Expr:
    """A conditional expression without what has been asked before, and without a question that makes no difference."""
    if expr.head != "if":
        return expr
    then, test, orelse = expr.operands
    if any(same(test, one) for one in before):
        return _asked_once(bare(orelse), before)
    rest = _asked_once(bare(orelse), (*before, test))
    return then if same(then, rest) else Expr("if", (then, " if ", test, " else ", rest))


def _undecided(test: Expr, known: Known) -> Expr:
    """A condition that is open, without those of its parts that are not."""
    inner = bare(test)
    if inner.head not in ("and", "or"):
        return test
    parts = [_undecided(part, known) for part in inner.operands if truth(part, known) is None]
    if all(one is two for one, two in zip(parts, inner.operands, strict=False)) and len(parts) == len(inner.operands):
        return test
    pieces = [piece for part in parts for piece in (f" {inner.head} ", part)]
    return parts[0] if len(parts) == 1 else Expr(inner.head, tuple(pieces[1:]))


def _helped(expr: Expr, known: Known, simplified: Callable[[Expr], Expr]) -> Expr:
    """`expr` with every call of a helper worked out, the inner ones first."""

    def leaf(node: Expr) -> Expr | None:
        if node.head != "call":
            return None
        args = [_helped(arg.operands[0], known, simplified) if arg.operands else arg for arg in node.operands[1:]]
        function = _helped(node.operands[0], known, simplified) if node.operands[0].operands else node.operands[0]
        again = _without_defaults(Expr("call", (function, *_with(node, args)[1:])))
        return _worked_out(again, known) or again

    return rebuild(expr, leaf, simplified)


_WHOLE = (
    "cumsum", "flip", "max", "mean", "min", "nanmean", "prod", "repeat", "roll", "sum", "take",
    "fft2", "fftn", "ifft2", "ifftn",
)  # fmt: skip
_AXES = {
    **dict.fromkeys(_WHOLE, "None"),
    **dict.fromkeys(("argsort", "fft", "ifft", "rfft"), "-1"),
    **dict.fromkeys(("concatenate", "stack"), "0"),
}
"""The axis of the functions of rules that are told none. What is not here, such as a user's own, is told everything."""


def _without_defaults(node: Expr) -> Expr:
    """A call without the settings that are what they are anyway."""
    function, parts = node.operands[0], list(node.parts)
    name = function.leaf.rpartition(".")[2] if not function.operands else str(function.parts[-1]).strip(". ")
    if name not in _AXES or (not function.operands and not function.leaf.startswith(("numpy.", "scipy."))):
        return node
    defaults = {"axis=": _AXES[name], "keepdims=": "False", "norm=": "None"}
    for i, part in enumerate(node.parts):
        if isinstance(part, Expr) and part.head == "keyword" and defaults.get(str(part.parts[0])) == _text(part):
            parts[i - 1 : i + 1] = ["", ""]
    return Expr("call", tuple(part for part in parts if part != ""))


def unkept(rule: Expr) -> Expr:
    """A line of a rule for the leading axes: what is left of them broadcasts without `keepdims=True`."""

    def without(node: Expr) -> Expr:
        settings = {str(arg.parts[0]): arg.operands[0] for arg in node.operands if arg.head == "keyword"}
        axis, kept = settings.get("axis="), settings.get("keepdims=")
        if axis is None or kept is None or render(axis) != "axis" or render(kept) != "True":
            return node
        place = next(i for i, part in enumerate(node.parts) if isinstance(part, Expr) and part.operands == (kept,))
        return Expr("call", (*node.parts[: place - 1], *node.parts[place + 1 :]))

    return rebuild(rule, lambda node: without(node) if node.head == "call" and without(node) is not node else None)


def left_open(expr: Expr) -> Iterator[str]:
    """The helpers, none of them a function of numpy, that the facts do not tell what to make of."""
    for node in walk(expr):
        if (
            node.head == "call"
            and node.operands[0].head == "name"
            and node.operands[0].leaf in {**HELPERS, **QUESTIONS}
        ):
            yield node.operands[0].leaf


def _text(part: Expr) -> str:
    """What a keyword is given."""
    return render(bare(part.operands[0]))


def _with(node: Expr, args: list[Expr]) -> tuple[Expr | str, ...]:
    """The parts of a call with other arguments."""
    rest = iter(args)
    parts: list[Expr | str] = [node.parts[0]]
    for part in node.parts[1:]:
        if isinstance(part, Expr):
            before = tuple(piece for piece in part.parts if isinstance(piece, str))
            parts.append(Expr(part.head, (*before, next(rest))))
        else:
            parts.append(part)
    return tuple(parts)


def truth(test: Expr, known: Known) -> bool | None:
    """Whether a condition of a rule holds; None where that is not known."""
    test = bare(test)
    if test.head == "not":
        said = truth(test.operands[0], known)
        return None if said is None else not said
    if test.head in ("and", "or"):
        found = [truth(part, known) for part in test.operands]
        strong = test.head == "or"
        return strong if strong in found else None if None in found else not strong
    if test.head == "compare":
        return _compared(test, known)
    value = _value(test, known)
    return None if value is UNKNOWN or isinstance(value, Symbol) else bool(value)


def _compared(test: Expr, known: Known) -> bool | None:
    one, two = (_value(part, known) for part in test.operands)
    sign = str(test.parts[1]).strip()
    if sign == "is" and all(bare(part).head == "import" for part in test.operands):  # which function it is
        return bare(test.operands[0]).leaf == bare(test.operands[1]).leaf
    if sign in ("is", "is not"):
        if one is UNKNOWN:
            return None
        return (one is two) == (sign == "is")
    if UNKNOWN in (one, two) or isinstance(one, Symbol) or isinstance(two, Symbol):
        return True if one == two and sign == "==" and one is not UNKNOWN else None
    compare: dict[str, Callable[[Any, Any], bool]] = {
        "==": lambda a, b: bool(a == b),
        "!=": lambda a, b: bool(a != b),
        "<": lambda a, b: bool(a < b),
        ">": lambda a, b: bool(a > b),
        ">=": lambda a, b: bool(a >= b),
    }
    return compare[sign](one, two)


def _value(expr: Expr, known: Known) -> Any:
    """What an expression of a rule is worth: a literal, a rank, a shape."""
    inner = bare(expr)
    if inner.head == "attribute" and str(inner.parts[1]).strip() == ".shape":
        shape = known.shape(inner.operands[0])
        return shape.dims if shape is not None and shape.kind == "array" else UNKNOWN
    if inner.head == "call" and inner.operands[0].head in ("import", "name"):
        name, args = inner.operands[0].leaf, [arg.operands[0] for arg in inner.operands[1:]]
        if name == "numpy.ndim":
            return _rank(args[0], known)
        if name in QUESTIONS:
            return QUESTIONS[name](args, known)
    return of_expr(inner, known.facts)


def _rank(expr: Expr, known: Known) -> Any:
    """How many dimensions a value has, or a setting that is written out."""
    rank, shape, value = known.rank(expr), known.shape(expr), of_expr(expr, known.facts)
    if rank is None and shape is None and isinstance(value, tuple) and not any(isinstance(one, tuple) for one in value):
        return 1
    return rank if rank is not None else UNKNOWN if shape is None else shape.rank


def _worked_out(made: Expr, known: Known) -> Expr | None:
    """What a call of a helper comes to; None for any other expression, and where that is not known."""
    if made.head != "call" or made.operands[0].head not in ("import", "name"):
        return None
    helper = HELPERS.get(made.operands[0].leaf)
    args = [arg.operands[0] for arg in made.operands[1:] if arg.operands]
    return helper(args, known) if helper else None
