"""Which variables a gradient passes through: those that depend on the parameters, and on which the result depends.

See Griewank and Walther, "Evaluating Derivatives" (2008), section 6.2, on varied, useful and active variables.
"""

from __future__ import annotations

from collections.abc import Iterator

from srcgrad.wengert import Line, Var, Wengert, leaves, reads


def dependence(line: Line) -> Iterator[tuple[Var, tuple[Var, ...]]]:
    """Each target of a line with the variables that a gradient passes to from it."""
    if line.gate is not None and line.gate.stops:
        return
    if line.gate is not None and line.gate.algebra == "copy":
        for target, value in zip(line.targets, line.args.values(), strict=True):
            yield target, tuple(leaves(value))
    else:
        operands = tuple(reads(line))
        for target in line.targets:
            yield target, operands


def active(wengert: Wengert, wrt: frozenset[str]) -> frozenset[str]:
    """The keys of the variables that depend on a parameter in `wrt` and on which the result depends.

    A line whose gate stops the gradient ends dependence; one without a gate passes it on, so that it is found.
    """
    varied = {param.var.key for param in wengert.params if param.name in wrt}
    varied |= {item.key for param in wengert.params if param.name in wrt for item in param.items}
    lines = wengert.lines
    for line in lines:
        varied.update(target.key for target, operands in dependence(line) if any(v.key in varied for v in operands))
    useful = {v.key for v in leaves(wengert.result)}
    for line in reversed(lines):
        useful.update(v.key for target, operands in dependence(line) if target.key in useful for v in operands)
    return frozenset(varied & useful)
