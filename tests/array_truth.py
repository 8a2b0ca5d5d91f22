"""The derivatives of random programs of arrays by jax: the very same text, with `np` another library."""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from array_programs import Program
from primitives import evaluated

Array = Any


@dataclass(frozen=True)
class Truth:
    """The results, and for random upstream gradients and tangents what jax makes of them.

    `tolerance` is how far from it one may be, in terms of the largest item.
    """

    values: tuple[Array, ...]
    upstream: tuple[Array, ...]
    tangents: tuple[Array, ...]
    pulled: tuple[Array, ...]
    pushed: tuple[Array, ...]
    tolerance: float = 1e-8

    @property
    def found(self) -> tuple[Array, ...]:
        return (*self.values, *self.pulled, *self.pushed)

    @property
    def finite(self) -> bool:
        return all(bool(np.all(np.isfinite(one))) for one in self.found)

    def error(self, rough: Truth) -> float:
        """How far another is from it, in terms of the largest item."""
        pairs = zip(self.found, rough.found, strict=True)
        return max(float(np.max(np.abs(one - two), initial=0.0)) / largest(one) for one, two in pairs)


def largest(value: Array) -> float:
    return max(1.0, float(np.max(np.abs(value), initial=0.0)))


def exact(program: Program) -> Truth | None:
    """The derivatives by jax, in the precision of the arguments; None where jax does not run the program.

    What a condition or a mask is, numpy says. Nothing is compiled: that takes longer than all the rest, and items that
    are equal may be so no more.
    """
    import jax

    jax.config.update("jax_enable_x64", True)
    numbers = random.Random(program.text())
    dtype = np.float32 if program.short else np.float64

    def like(value: Any) -> Array:  # the same in both precisions
        flat = np.array([numbers.uniform(-1, 1) for _ in range(np.size(value))], np.float32)
        return flat.reshape(np.shape(value)).astype(dtype)

    results, held = run(program)
    upstream, args = tuple(map(like, results)), tuple(np.asarray(arg, dtype) for arg in program.args.values())
    tangents = tuple(like(arg) if name in program.wrt else like(arg) * 0 for name, arg in program.args.items())

    def function(*given: Any) -> tuple[Any, ...]:
        rest = iter(held)
        return _called(program, Jax(), given, lambda _: next(rest))

    def derivatives(given: Any, forth: Any, back: Any) -> Any:
        values, push = jax.linearize(function, *given)
        return values, push(*forth), jax.linear_transpose(push, *given)(back)

    try:
        traced = jax.make_jaxpr(derivatives)(args, tangents, upstream)
    except (TypeError, ValueError, IndexError, AttributeError):
        return None
    found = evaluated(traced.jaxpr, traced.consts, (*args, *tangents, *upstream))
    n = len(results)
    if not all(np.allclose(*pair, 1e-3, 1e-3) for pair in zip(results, found, strict=False)):
        return None
    chosen = [[one for one, name in zip(rows, program.args, strict=True) if name in program.wrt]
              for rows in (tangents, found[2 * n:])]  # fmt: skip
    return Truth(*(tuple(map(np.asarray, rows)) for rows in (found[:n], upstream, *chosen, found[n : 2 * n])))


def run(program: Program) -> tuple[tuple[Array, ...], list[Array]]:
    """The results by numpy, and what its conditions and masks were."""
    held: list[Array] = []

    def hold(value: Array) -> Array:
        held.append(np.asarray(value))
        return value

    return _called(program, np, copy.deepcopy([*program.args.values()]), hold), held


def _called(program: Program, library: Any, args: Sequence[Any], hold: Callable[..., Any]) -> tuple[Any, ...]:
    """The results by a library; `hold` sees every condition, and every mask that picks items, and says what it is."""
    tree = _Held().visit(ast.parse(program.text().replace("import numpy as np", "")))
    names: dict[str, Any] = {"_hold": hold, "np": library}
    exec(compile(ast.fix_missing_locations(tree), "<program>", "exec"), names)
    found = names[program.name](*args)
    return found if isinstance(found, tuple) else (found,)


class Jax:
    """jax.numpy, and what it does not have or cannot trace, as the same thing said in other words."""

    def __getattr__(self, name: str) -> Any:
        import jax.numpy

        return getattr(jax.numpy, name)

    @property
    def lib(self) -> Any:
        return SimpleNamespace(stride_tricks=SimpleNamespace(sliding_window_view=_windows))

    def extract(self, mask: Array, x: Array) -> Array:
        return x.reshape(-1)[mask.reshape(-1)]

    def compress(self, mask: Array, x: Array, axis: int) -> Array:
        return self.take(x, np.flatnonzero(mask), axis=axis)


def _windows(x: Array, size: int, axis: int) -> Array:
    before = axis % np.ndim(x)
    places = np.arange(np.shape(x)[axis] - size + 1)[:, None] + np.arange(size)
    items = x[(slice(None),) * before + (places,)]
    order = [i for i in range(np.ndim(items)) if i != before + 1]
    return items.transpose(*order, before + 1)


class _Held(ast.NodeTransformer):
    def visit(self, node: ast.AST) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.If() | ast.IfExp():
                node.test = _hold(node.test)
            case ast.Subscript(slice=ast.Compare() | ast.Call(args=[ast.List(elts=[ast.Constant(value=True), *_])])):
                node.slice = _hold(node.slice)
            case ast.Call(func=ast.Attribute(attr="extract" | "compress")):
                node.args[0] = _hold(node.args[0])
        return node


def _hold(node: ast.expr) -> ast.Call:
    return ast.Call(ast.Name("_hold", ast.Load()), [node], [])
