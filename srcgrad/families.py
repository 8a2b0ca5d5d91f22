"""Families: what a rule that many functions share says of the one that a line is of.

Of `stats.gamma.cdf(x, 2.5, scale=s)`, a function of a distribution, where the rule has

    family.pdf(x, a, b, loc, scale)    it is stats.gamma.pdf(x, 2.5, 0, s): the family has no b
    family.logarithmic                 whether the function is logpdf or logpmf: here it is not

Of `np.convolve(x, y)`, a function of a module, `family.correlate` is that of the same module.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from srcgrad.expr import Expr, bare, call, constant, rebuild
from srcgrad.gate import FAMILY, MODULES
from srcgrad.wengert import Value


def of_family(rule: Expr, spelling: str, given: Mapping[str, Value]) -> Expr:
    """A line of a rule with the family that `spelling` names; `given` has what the user's line gives for its holes."""
    path, _, arguments = spelling.partition("(")
    module, _, function = path.partition(".")
    distribution = function.rpartition(".")[0]
    if not distribution:
        return rebuild(rule, lambda node: _beside(node, str(MODULES.get(module))))
    family = Expr("import", (f"{MODULES.get(module)}.{distribution}",))
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
        while kept and _left_out(kept[-1], defaults, given):
            kept.pop()
        return call(Expr("attribute", (family, name)), first, *kept)

    return rebuild(rule, leaf)


def _beside(node: Expr, module: str) -> Expr | None:
    """A function of a family that is a module."""
    if node.head != "import" or not node.leaf.startswith(f"{FAMILY}."):
        return None
    return Expr("import", (module + node.leaf.removeprefix(FAMILY),))


def _holes(arguments: str) -> Iterator[tuple[str, str]]:
    """The holes of `x, df=a, loc=0, scale=1)` with their defaults, "" where something must be given."""
    for argument in arguments.rstrip(")").split(", "):
        name, _, value = argument.partition("=")
        yield (name, value) if value.isdecimal() or not value else (value, "")


def _left_out(arg: Expr, defaults: Mapping[str, str], given: Mapping[str, Value]) -> bool:
    """Whether an argument is what the function takes without it."""
    value = given.get(arg.leaf) if arg.head == "var" else None
    return isinstance(value, Expr) and str(constant(value)) == defaults[arg.leaf]
