"""Families: what a rule that many functions share says of the one that a line is of.

Of `stats.gamma.cdf(x, 2.5, scale=s)`, a function of a distribution, where the rule has

    family.pdf(x, a, b, loc, scale)    it is stats.gamma.pdf(x, 2.5, 0, s): the family has no b
    family.logarithmic                 whether the function is logpdf or logpmf: here it is not

Of `np.convolve(x, y)`, a function of a module, `family.correlate` is that of the same module. `itself` is the function
that the spelling calls, the innermost one: np.fft.fft of `np.real(np.fft.fft(x))`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from srcgrad.expr import Expr, bare, call, constant, rebuild
from srcgrad.gate import FAMILY, ITSELF, MODULES
from srcgrad.wengert import Line, Value


def of_family(rule: Expr, line: Line) -> Expr:
    """A line of a rule with what it leaves to the spelling of the line: the function that is called, its family."""
    if line.gate is None or line.gate.own:
        return rule
    called = re.findall(r"([\w.]+)\(", line.spelling)
    module, _, function = called[-1].partition(".") if called else ("", "", "")
    outer, _, name = f"{MODULES.get(module)}.{function}".rpartition(".")
    if module == "stats":
        return _of_distribution(rule, outer, line)
    itself = Expr("import", (f"{outer}.{name}",))

    def leaf(node: Expr) -> Expr | None:
        if node.head == "name" and node.leaf == ITSELF:
            return itself
        if node.head == "import" and node.leaf.startswith(f"{FAMILY}."):
            return Expr("import", (outer + node.leaf.removeprefix(FAMILY),))
        return None

    return rebuild(rule, leaf)


def _of_distribution(rule: Expr, distribution: str, line: Line) -> Expr:
    """A line of a rule with the functions of a distribution, called as far as it has the parameters."""
    path, _, arguments = line.spelling.partition("(")
    family = Expr("import", (distribution,))
    defaults = dict(_holes(arguments))

    def leaf(node: Expr) -> Expr | None:
        function = bare(node.operands[0]) if node.head == "call" else node
        if function.head != "import" or not function.leaf.startswith(f"{FAMILY}."):
            return None
        name = function.leaf.removeprefix(FAMILY)
        if node.head != "call":
            return Expr("name", (str("log" in path.rpartition(".")[2]),))
        first, *rest = (arg.operands[0] for arg in node.operands[1:])
        kept = [arg for arg in rest if arg.head != "var" or arg.leaf in defaults]
        while kept and _left_out(kept[-1], defaults, line.args):
            kept.pop()
        return call(Expr("attribute", (family, name)), first, *kept)

    return rebuild(rule, leaf)


def _holes(arguments: str) -> Iterator[tuple[str, str]]:
    """The holes of `x, df=a, loc=0, scale=1)` with their defaults, "" where something must be given."""
    for argument in arguments.rstrip(")").split(", "):
        name, _, value = argument.partition("=")
        yield (name, value) if value.isdecimal() or not value else (value, "")


def _left_out(arg: Expr, defaults: Mapping[str, str], given: Mapping[str, Value]) -> bool:
    """Whether an argument is what the function takes without it."""
    value = given.get(arg.leaf) if arg.head == "var" else None
    return isinstance(value, Expr) and str(constant(value)) == defaults[arg.leaf]
