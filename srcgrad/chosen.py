"""Which parameters are differentiated: those that `wrt` names, else every one that can be."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any, TypeGuard

from srcgrad.errors import SrcgradError
from srcgrad.expr import keys
from srcgrad.source import Function
from srcgrad.wengert import Wengert, leaves, reads, ref

Wrt = str | int | Sequence[str | int] | None
"""Which parameters: one by name or position, several, or None for every one that is differentiable."""


def choose(function: Function, wengert: Wengert, wrt: Wrt) -> tuple[tuple[str, ...], bool]:
    """The parameters to differentiate, and whether one gradient is returned bare.

    Raises SrcgradError for a parameter that is unknown or not differentiable.
    """
    able = _differentiable(wengert)
    if wrt is None:
        chosen = [param.name for param in wengert.params if param.name in able and not param.default]
        if not chosen:
            raise SrcgradError(
                f"{function.name} has no parameter to differentiate (one with a default only where wrt names it)",
                function.source.span(function.node),
                _listed(wengert, able),
            )
        return tuple(chosen), len(chosen) == 1
    asked: list[Any] = [wrt] if isinstance(wrt, (str, int)) else list(wrt) if isinstance(wrt, (tuple, list)) else [wrt]
    every = [param.name for param in wengert.params]
    found = []
    for item in asked:
        name = every[item] if _is_place(item) and -len(every) <= item < len(every) else item
        if name not in able:
            problem = "is no differentiable parameter" if name in every else "is no parameter"
            raise SrcgradError(
                f"wrt={item!r}: {name!r} {problem} of {function.name}",
                function.source.span(function.node),
                _listed(wengert, able),
            )
        found.append(str(name))
    if not found or len(set(found)) < len(found):
        where = function.source.span(function.node)
        raise SrcgradError(
            f"wrt={wrt!r} must name at least one parameter, and each once", where, _listed(wengert, able)
        )
    return tuple(found), isinstance(wrt, (str, int))


def _is_place(item: object) -> TypeGuard[int]:
    return isinstance(item, int) and not isinstance(item, bool)


def _listed(wengert: Wengert, able: Set[str]) -> str:
    rows = [p.name if p.name in able else f"{p.name} (not differentiable)" for p in wengert.params]
    return f"the parameters are {', '.join(rows)}" if rows else "give it a parameter"


def _differentiable(wengert: Wengert) -> Set[str]:
    """The parameters on which a gradient makes sense: no int, bool or str, nothing that is only an index or a size."""
    used, valued = set[str](), set[str]()
    for line in wengert.lines:
        used |= {var.base for var in reads(line)} | {key for value in line.args.values() for key in keys(ref(value))}
        if line.gate is None or line.gate.name != "size":
            settings = line.gate.settings if line.gate else ()
            operands = (value for name, value in line.args.items() if name not in settings)
            valued |= {leaf.base for value in operands for leaf in leaves(value)}
    others = ("int", "bool", "str", "bytes", "'int'", "'bool'", "'str'", "'bytes'")
    sizes = used - valued
    return {param.name for param in wengert.params if param.annotation not in others and param.var.base not in sizes}
