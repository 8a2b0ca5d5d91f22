"""Which variables a gradient passes through: those that depend on the parameters, and on which the result depends.

See Griewank and Walther, "Evaluating Derivatives" (2008), section 6.2, on varied, useful and active variables.
"""

from __future__ import annotations

from collections.abc import Iterator

from srcgrad.wengert import Line, Wengert, leaves, reads


def _dependence(line: Line) -> Iterator[tuple[str, list[str]]]:
    """Each target of a line with the variables that a gradient passes to from it, by their keys."""
    if line.gate is not None and line.gate.stops:
        return
    if line.gate is not None and line.gate.algebra == "copy":
        for target, value in zip(line.targets, line.args.values(), strict=True):
            yield target.key, [var.key for var in leaves(value)]
    else:
        operands = [var.key for var in reads(line)]
        passive = _passive(line)
        for target in line.targets:
            if target.key not in passive:
                yield target.key, operands


def _passive(line: Line) -> frozenset[str]:
    """Those of several results that no line of the rule is about, such as the rank that np.linalg.lstsq gives."""
    if line.gate is None or len(line.targets) < 2 or not line.gate.body.results:
        return frozenset()
    body = line.gate.body
    read = body.leaves("var")
    pairs = zip(body.results, line.targets, strict=True)
    return frozenset(target.key for name, target in pairs if name not in body.tangents and f"d{name}" not in read)


def active(wengert: Wengert, wrt: frozenset[str]) -> frozenset[str]:
    """The keys of the variables that depend on a parameter in `wrt` and on which the result depends.

    A line whose gate stops the gradient ends dependence; one without a gate passes it on, so that it is found.
    """
    varied = {param.var.key for param in wengert.params if param.name in wrt}
    varied |= {item.key for param in wengert.params if param.name in wrt for item in param.items}
    passes = [(target, operands) for line in wengert.lines for target, operands in _dependence(line)]
    for target, operands in passes:
        if not varied.isdisjoint(operands):
            varied.add(target)
    useful = {v.key for v in leaves(wengert.result)}
    for target, operands in reversed(passes):
        if target in useful:
            useful.update(operands)
    return frozenset(varied & useful)
