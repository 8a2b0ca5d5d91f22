"""What does nothing but compute, so that it may be left out, moved or repeated."""

from __future__ import annotations

from collections.abc import Callable

from srcgrad.expr import Expr, walk

Meaning = Callable[[Expr], str | None]
"""The dotted path of what a name or an attribute stands for (`numpy.exp`, `builtins.abs`), None for a value."""

_PURE = frozenset(
    ("abs", "bool", "divmod", "float", "int", "isinstance", "len", "list", "max", "min", "pow", "range", "round", "str",
     "sum", "tuple", "type")
)  # fmt: skip
"""Builtins that do nothing but compute."""

_COMPUTING = frozenset(("numpy", "numpy.linalg", "numpy.fft", "scipy.special", "scipy.linalg", "scipy.signal"))
_DENSITIES = frozenset(
    ("pdf", "logpdf", "pmf", "logpmf", "cdf", "logcdf", "sf", "logsf", "ppf", "isf", "entropy", "mean", "var", "std")
)
_WRITING = frozenset(
    ("copyto", "put", "put_along_axis", "place", "putmask", "fill_diagonal", "seterr", "save", "savez")
)
"""Libraries that do nothing but compute, what distributions compute, and the functions that do more."""

_METHODS = frozenset(
    ("all", "any", "argmax", "argmin", "argsort", "astype", "clip", "copy", "cumprod", "cumsum", "diagonal", "dot",
     "flatten", "item", "max", "mean", "min", "nonzero", "prod", "ravel", "repeat", "reshape", "round", "squeeze",
     "std", "sum", "swapaxes", "take", "tolist", "trace", "transpose", "var")
)  # fmt: skip
"""The methods of arrays that leave the array as it is."""


def pure(expr: Expr, meaning: Meaning) -> bool:
    """Whether `expr` does nothing but compute, so that it may be left out, moved or repeated."""
    for node in walk(expr):
        if node.head == "call":
            module, _, name = (meaning(node.operands[0]) or "").rpartition(".")
            written = any(map(_into, node.operands)) or name in _WRITING
            known = module == "math" or (module in _COMPUTING and not written)
            known = known or (module.startswith("scipy.stats.") and name in _DENSITIES)
            known = known or (not module and not written and _method(node.operands[0]) in _METHODS)
            if not known and not (module == "builtins" and name in _PURE):
                return False
    return True


def _into(arg: Expr) -> bool:
    """Whether an argument lets a function write to an array of the user's: `out=`, `overwrite_a=`."""
    return keyword(arg) == "out" or keyword(arg).startswith("overwrite_")


def _method(function: Expr) -> str:
    """The name of a method; "" for what is none."""
    return str(function.parts[1]).strip(". ") if function.head == "attribute" else ""


def keyword(arg: Expr) -> str:
    """The keyword of an argument; "" where it goes by its place."""
    before = arg.parts[0] if arg.head == "keyword" else ""
    return before.partition("=")[0].strip() if isinstance(before, str) else ""
