"""The keys of gradients: `∂x·1` is that on `x·1`, and no name of the user's can be one (`d·1` may be a variable d)."""

from __future__ import annotations

from srcgrad.expr import Expr

_GRADIENT = "∂"


def adjoint(key: str) -> str:
    """The key of the gradient on a variable (of its tangent, in forward mode)."""
    return _GRADIENT + key


def is_adjoint(expr: Expr) -> bool:
    """Whether an expression reads a gradient, and nothing else."""
    return expr.head == "var" and expr.leaf.startswith(_GRADIENT)


def primal_of(key: str) -> str:
    """The key of what a key is that of the gradient on; any other as it is."""
    return key.removeprefix(_GRADIENT)
