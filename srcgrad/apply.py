"""A gate's rule as the code of one line: its names replaced, what the facts decide decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from srcgrad.arithmetic import grouped, simplify
from srcgrad.decide import decided, left_open, unkept
from srcgrad.errors import UnsettledError
from srcgrad.expr import Expr, bare, binary, call, constant, display, number, rebuild, render, substitute, walk
from srcgrad.extents import extent
from srcgrad.families import of_family
from srcgrad.gate import MODULES, Gate, instantiate
from srcgrad.keys import is_adjoint
from srcgrad.known import Known
from srcgrad.reuse import Held
from srcgrad.rulebody import item
from srcgrad.rules import Operand, cheap_temporaries
from srcgrad.shape import NUMERIC, Dim, Facts, Shape
from srcgrad.sizes import leading
from srcgrad.staged import Assign, Step
from srcgrad.wengert import Line, Pack, Var, Wengert, reads, ref


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of gates as lines of one function.

    `cheap` are temporaries that are written out again, `known` what the facts are, `held` the values that the
    user's own lines hold; `share` gives a name to a value that several lines of a rule read.
    """

    cheap: Mapping[str, Expr]
    known: Known
    held: Held
    share: Callable[[Expr, Line], Expr]

    def gradient(self, line: Line, operand: Operand, upstreams: Sequence[Expr | None]) -> Expr:
        """The rule of a line's gate for one operand: the local gradient times the upstream gradient.

        There is an upstream gradient for each result of the line, None where nothing depends on it.
        """
        assert line.gate is not None
        packs = [value for name, value in line.args.items() if isinstance(value, Pack) and name in line.gate.operands]
        rule = line.gate.body.gradient(operand.name, operand.place, len(packs[0].items) if packs else 0)
        results = _results(line.gate)
        if line.gate.cuts:
            upstreams = [_together(line, upstreams, self.known.facts)]
        given = {f"d{name}" for name, upstream in zip(results, upstreams, strict=True) if upstream is not None}
        if not any(node.head == "var" and node.leaf in given for node in _walked(line.gate, rule)):  # linear in these
            return number(0)
        gradients = {f"d{name}": one for name, one in zip(results, upstreams, strict=True) if one is not None}
        return self.written(line, rule, gradients, {f"d{name}" for name in results if f"d{name}" not in given})

    def tangent(self, line: Line, target: Var, tangents: Mapping[str, Expr]) -> Expr:
        """What a gate that writes forward mode itself says of a result: its terms for the operands with `tangents`."""
        assert line.gate is not None
        result = _results(line.gate)[line.targets.index(target)]
        rule = line.gate.body.tangents.get(result, number(0))
        missing = {f"d{name}" for name in line.gate.operands if name not in tangents}
        return self.written(line, rule, {f"d{name}": tangent for name, tangent in tangents.items()}, missing)

    def written(self, line: Line, rule: Expr, gradients: Mapping[str, Expr], missing: Set[str] = frozenset()) -> Expr:
        """A line of the rule of a line's gate as code; `gradients` has what its `dx` and `dy` are.

        Terms that read what is `missing` are left out, of the values that lines share as well.
        """
        gate = line.gate
        assert gate is not None
        steps, missing = _kept_steps(gate, missing)
        values = _values(line, gradients)
        arrays = self._flavour(line) == "numpy" and not self._numeric(line)
        itemwise = arrays and not gate.own and gate.algebra == "elementwise"
        simplified = grouped if arrays else simplify
        rule = self._terms(rule, line, missing)
        used = self._used(rule, line, values, simplified)
        for name, step in steps.items():
            if name in used:
                made = self._filled(self._terms(step, line, missing), line, values, simplified)
                value = _chosen(made) if itemwise else made
                values[name] = self.share(value, line) if constant(value) is None else value
        made = self.held.reused(self._filled(rule, line, values, simplified))
        if not arrays or gate.own:
            return made
        return upstream_first(_chosen(made) if itemwise else made)

    def _used(self, rule: Expr, line: Line, values: Mapping[str, Expr], simplified: Callable[[Expr], Expr]) -> set[str]:
        """The shared values that a line of the rule reads, in the arms that the facts leave of it."""
        gate = line.gate
        assert gate is not None
        made = decided(instantiate(gate, rule, values, self._flavour(line), simplified), self.known, simplified)
        found = {node.leaf for node in walk(made) if node.head == "var" and node.leaf in gate.body.steps}
        return found.union(*(self._used(gate.body.steps[name], line, values, simplified) for name in found))

    def _terms(self, rule: Expr, line: Line, missing: Set[str]) -> Expr:
        """A line of the rule as its spelling has it, without what is `missing` and what the axis makes needless."""
        gate = line.gate
        first = line.args.get(gate.operands[0]) if gate is not None and gate.operands else None
        single = isinstance(first, Var) and self.known.rank(first.ref) == 2
        rule = rule if gate is None or gate.own else _transposed(rule, single)
        kept = _without_terms(of_family(rule, line), missing) or number(0)
        return unkept(kept) if leading(line.args.get("axis"), self.known.facts) else kept

    def _filled(self, rule: Expr, line: Line, values: Mapping[str, Expr], simplified: Callable[[Expr], Expr]) -> Expr:
        """A line of the rule with the `values` of its names, as far as the facts decide it."""
        gate = line.gate
        assert gate is not None
        made = decided(instantiate(gate, rule, values, self._flavour(line), simplified), self.known, simplified)
        if not gate.own:
            _check_settled(made, line)
        own = {target.key for target in line.targets}
        cheap = self.cheap if own.isdisjoint(self.cheap) else {k: v for k, v in self.cheap.items() if k not in own}
        return substitute(made, cheap, simplified)

    def _flavour(self, line: Line) -> str:
        """The module whose functions a rule is written in: that of the spelling, else math, for numbers."""
        own = line.gate is not None and line.gate.own and "math." not in line.spelling
        if own or any(f"{module}." in line.spelling for module in MODULES if module != "math"):
            return "numpy"
        if "math." in line.spelling:
            return "math"
        return "math" if self._numeric(line) else "numpy"

    def _numeric(self, line: Line) -> bool:
        """Whether all that a line reads and binds is numbers."""
        shapes = [self.known.facts.get(var.key) for var in (*line.targets, *reads(line))]
        return all(shape is None or shape in NUMERIC for shape in shapes)


class Pass:
    """What both modes keep while they write: `lines`, and `extents`, how large each gradient or tangent is so far.

    `depth` counts the branches around the line at hand, `cheap` are temporaries that are written out again.
    """

    def __init__(
        self,
        wengert: Wengert,
        facts: Facts,
        active: frozenset[str],
        sizes: Mapping[Dim, str],
        arrays: tuple[tuple[Shape, str], ...],
    ) -> None:
        self.active = active
        self.facts = facts
        self.lines: list[Step] = []
        self.extents: dict[str, Shape] = {}
        self.depth = 0
        self.known = Known(facts, self.extents, sizes, arrays)
        self.held = Held()
        self.rules = Rules(cheap_temporaries(wengert, active, facts), self.known, self.held, self._share)
        self.cheap = self.rules.cheap
        self._shared: dict[tuple[int, str], Expr] = {}
        self._fresh = 1 + max((v.version for line in wengert.lines for v in line.targets if v.temporary), default=0)

    def _share(self, value: Expr, line: Line) -> Expr:
        """A name for a value that several lines of a rule read, one for each value of a line."""
        known = self._shared.get((id(line), render(value)))
        if known is not None:
            return known
        target = Var("", self._fresh)
        self._fresh += 1
        self.lines.append(Assign(target.ref, "=", value, line.statement, False, True))
        shape = extent(value, self.known)
        if shape is not None:
            self.extents[target.key] = shape
        self._shared[id(line), render(value)] = target.ref
        return target.ref


def _values(line: Line, gradients: Mapping[str, Expr]) -> dict[str, Expr]:
    """What the names of the rule of a line stand for."""
    assert line.gate is not None
    values: dict[str, Expr] = dict(gradients)
    for name, value in (*line.args.items(), *line.fixed.items()):
        if isinstance(value, Pack) and name in line.gate.operands:
            values |= {item(name, i): ref(part) for i, part in enumerate(value.items)}
        values[name] = ref(value)
    if not line.gate.cuts:
        values |= {name: target.ref for name, target in zip(_results(line.gate), line.targets, strict=True)}
    return values


def _transposed(rule: Expr, single: bool) -> Expr:
    """`x.mT` of a rule: `x.T` where its operand is a `single` matrix, its last two axes swapped where it is a stack."""

    def leaf(node: Expr) -> Expr | None:
        if node.head != "attribute" or node.parts[1] != ".mT":
            return None
        matrix = _transposed(node.operands[0], single)
        if single:
            return Expr("attribute", (matrix, ".T"))
        return call(Expr("import", ("numpy.swapaxes",)), bare(matrix), number(-1), number(-2))

    return rebuild(rule, leaf)


def _together(line: Line, upstreams: Sequence[Expr | None], facts: Facts) -> Expr:
    """The upstream gradients of all pieces, zeros for one that is not read."""
    zeros = [
        number(0) if facts.get(target.key) in NUMERIC else call(Expr("import", ("numpy.zeros_like",)), target.ref)
        for target in line.targets
    ]
    return display("list", tuple(one or zero for one, zero in zip(upstreams, zeros, strict=True)))


def _check_settled(made: Expr, line: Line) -> None:
    """Refuse a rule that asks for more than the facts tell."""
    helper = next(left_open(made), None)
    if helper is not None:
        raise UnsettledError(
            "srcgrad has no rule for these settings"
            if helper == "refused"
            else "the gradient of this depends on what is not known before the function runs",
            line.statement.span(line.site),
            "say the shapes of the arrays, and write axes and counts out as numbers",
        )


def _results(gate: Gate) -> Sequence[str]:
    return gate.body.results or gate.parameters[:1]


def _walked(gate: Gate, rule: Expr) -> Iterator[Expr]:
    """Every node of a line of a rule, and of the values that it shares with others."""
    for node in walk(rule):
        yield node
        if node.head == "var" and node.leaf in gate.body.steps:
            yield from _walked(gate, gate.body.steps[node.leaf])


def _kept_steps(gate: Gate, missing: Set[str]) -> tuple[Mapping[str, Expr], Set[str]]:
    """The shared values of a rule without the terms that are missing; and what is missing, whole values among it."""
    kept: dict[str, Expr] = {}
    for name, step in gate.body.steps.items():
        left = _without_terms(step, missing) if missing else step
        if left is None:
            missing = {*missing, name}
        else:
            kept[name] = left
    return kept, missing


def _without_terms(expr: Expr, missing: Set[str]) -> Expr | None:
    """A sum without the terms that read what is `missing`; None where nothing is left."""
    inner = bare(expr)
    if not missing:
        return expr
    if inner.head == "if":
        then, test, orelse = inner.operands
        one, two = (_without_terms(part, missing) for part in (then, orelse))
        if all(arm is None or constant(arm) == 0 for arm in (one, two)):
            return None
        return Expr("if", (one or number(0), " if ", test, " else ", two or number(0)))
    if inner.head in ("+", "-"):
        one, two = (_without_terms(part, missing) for part in inner.operands)
        if one is None:
            return two if two is None or inner.head == "+" else Expr("neg", ("-", two))
        return one if two is None else Expr(inner.head, (one, inner.parts[1], two))
    if not any(node.head == "var" and node.leaf in missing for node in walk(inner)):
        return expr
    parts = [_without_terms(part, missing) if isinstance(part, Expr) else part for part in inner.parts]
    return None if not inner.operands or None in parts else Expr(inner.head, tuple(part for part in parts if part))


def _chosen(expr: Expr) -> Expr:
    """`expr` with every conditional expression as numpy writes it, item by item."""

    def leaf(node: Expr) -> Expr | None:
        if node.head != "if":
            return None
        then, test, orelse = map(_chosen, node.operands)
        return call(Expr("import", ("numpy.where",)), bare(test), bare(then), bare(orelse))

    return rebuild(expr, leaf)


def upstream_first(expr: Expr) -> Expr:
    """A product of arrays as layers have it: `dout * mask`, the upstream gradient first."""
    inner = bare(expr)
    if inner.head != "*":
        return expr
    local, upstream = inner.operands
    sign = bare(local).head == "neg"
    factor = bare(bare(local).operands[0]) if sign else bare(local)
    if not _gradient(upstream) or _gradient(factor) or factor.head not in ("var", "compare"):
        return expr
    product = binary("*", upstream, factor)
    return Expr("neg", ("-", product)) if sign else product


def _gradient(expr: Expr) -> bool:
    return is_adjoint(expr)
