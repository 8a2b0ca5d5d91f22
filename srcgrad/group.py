"""Wengert list -> Wengert list: what several lines are together becomes one gate, where the facts prove it.

The user's lines stand as they are. The last line of what a composite covers gets its gate, with the operands that the
first ones have; to the values in between no gradient passes any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from srcgrad.composite import COMMUTING, Applied, Composite, Pattern
from srcgrad.expr import Expr, constant
from srcgrad.gate import default_of
from srcgrad.numbering import Numbering
from srcgrad.proofs import Proofs
from srcgrad.shape import Facts
from srcgrad.wengert import Block, If, Line, Step, Value, Var, Wengert, leaves, reads


def group(wengert: Wengert, facts: Facts, active: frozenset[str], composites: Sequence[Composite]) -> Wengert:
    """The same list, in which the lines that are a composite together pass their gradient on as one."""
    present = {line.gate.name for line in wengert.lines if line.gate is not None}
    fitting = [one for one in composites if one.gates <= present | {made.gate.name for made in composites}]
    if not any(one.gates <= present for one in fitting):
        return wengert
    grouping = _Grouping(wengert, facts, active, fitting)
    return replace(wengert, body=grouping.block(wengert.body)) if grouping.found() else wengert


@dataclass(frozen=True, slots=True)
class _Cover:
    """What stands in the holes of a pattern, and the variables in between."""

    holes: Mapping[str, Value]
    between: frozenset[str] = frozenset()


class _Grouping:
    """The lines of a list, and those that composites have made of them."""

    def __init__(self, wengert: Wengert, facts: Facts, active: frozenset[str], composites: Sequence[Composite]) -> None:
        self.wengert = wengert
        self.active = active
        self.composites = composites
        self.numbering = Numbering(wengert)
        self.made = dict(self.numbering.made)
        self.proofs = Proofs(facts, self.numbering)
        self.kept = {leaf.key for leaf in leaves(wengert.result)}
        self.new: dict[int, Line] = {}
        self.between: set[str] = set()

    def found(self) -> bool:
        """Whether there is a composite among the lines; the ones in front first, as parts of those behind."""
        for line in self.wengert.lines:
            target = line.targets[0].key if len(line.targets) == 1 else ""
            while target in self.active and target in self.made and (after := self._grouped(self.made[target])):
                self.made[target] = self.new[id(line)] = after
        return bool(self.new)

    def block(self, block: Block) -> Block:
        """A block with the lines that composites have made."""
        return Block(tuple(self._step(step) for step in block.steps))

    def _step(self, step: Step) -> Step:
        if isinstance(step, If):
            return replace(step, then=self.block(step.then), orelse=self.block(step.orelse))
        return self.new.get(id(step), step)

    def _grouped(self, line: Line) -> Line | None:
        """A line as the last one of a composite; None where it is of none."""
        if line.gate is None or not line.pure:
            return None
        for composite in self.composites:
            if composite.root == line.gate.name:
                for cover in self._lines(composite.pattern, line, _Cover({}), composite):
                    if self._holds(composite, cover, line):
                        self.between |= cover.between
                        return _whole(composite, cover, replace(line, title=self._title(composite, cover, line)))
        return None

    def _holds(self, composite: Composite, cover: _Cover, line: Line) -> bool:
        """Whether no gradient but that of `line` meets what is between, and the facts prove the rest."""
        still = {
            leaf.key
            for name, value in cover.holes.items()
            if name not in (*composite.gate.operands, *composite.parts, *composite.cancels.split())
            for leaf in leaves(value)
        }
        if not still.isdisjoint(self.active) or not cover.between.isdisjoint(self.kept):
            return False
        own = {line.targets[0].key, *cover.between, *self.between}
        readers = (one for one in map(self._now, self.wengert.lines) if not any(t.key in own for t in one.targets))
        passing = (one for one in readers if one.gate is None or not one.gate.stops)
        outside = {var.key for one in passing if any(t.key in self.active for t in one.targets) for var in reads(one)}
        return outside.isdisjoint(cover.between) and self.proofs.hold(composite.where, cover.holes, line)

    def _title(self, composite: Composite, cover: _Cover, line: Line) -> str:
        """What the statements are together, and from where to where, where they are several and have names."""
        own = line.statement.root
        first = cover.holes[composite.gate.operands[-1]]
        if all(self.made[key].statement.root is own for key in cover.between) or not isinstance(first, Var):
            return line.title
        bound = [one.targets[0].name for one in self.made.values() if one.statement.root is own]
        return f"{composite.title}: {first.name} to {bound[-1]}" if first.name and bound[-1] else ""

    def _now(self, line: Line) -> Line:
        return self.new.get(id(line), line)

    def _covers(self, pattern: Pattern, value: Value, cover: _Cover, composite: Composite) -> Iterator[_Cover]:
        """Every way in which a pattern covers a value."""
        if isinstance(pattern, str):
            yield from self._hole(pattern, value, cover, composite)
        elif isinstance(pattern, Applied):
            value, passed = self._origin(value)
            line = self.made.get(value.key) if isinstance(value, Var) else None
            if line is not None and line.gate is not None and line.pure and line.gate.name == pattern.gate:
                between = cover.between | passed | {line.targets[0].key}
                yield from self._lines(pattern, line, _Cover(cover.holes, between), composite)
        elif _literal(value) == (pattern,):
            yield cover

    def _hole(self, name: str, value: Value, cover: _Cover, composite: Composite) -> Iterator[_Cover]:
        if name in cover.holes:
            if self.numbering.same(cover.holes[name], value):
                # Written twice, each way to it is one through what is between.
                yield from self._inside(name, value, cover, composite)
        else:
            yield from self._inside(name, value, _Cover({**cover.holes, name: value}, cover.between), composite)

    def _inside(self, name: str, value: Value, cover: _Cover, composite: Composite) -> Iterator[_Cover]:
        if name in composite.inside:
            yield from self._covers(composite.inside[name], value, cover, composite)
        else:
            yield cover

    def _lines(self, pattern: Pattern, line: Line, cover: _Cover, composite: Composite) -> Iterator[_Cover]:
        """Every way in which a pattern covers the gate of a line."""
        assert isinstance(pattern, Applied)
        assert line.gate is not None
        gate = line.gate
        wanted = {**dict(zip(gate.parameters[1:], pattern.places, strict=False)), **pattern.named}
        given = dict(line.args)
        for name, default in gate.settings.items():
            if name not in given and default is not ...:
                given[name] = default_of(default)
        if line.fixed or any(name not in wanted for name in line.args if not _default(gate.settings, name, line)):
            return
        orders = [[wanted]]
        if gate.name in COMMUTING:
            one, two = gate.operands
            orders.append([{one: wanted[two], two: wanted[one]}])
        for (order,) in orders:
            covers = [cover]
            for name, part in order.items():
                covers = [c for one in covers if name in given for c in self._covers(part, given[name], one, composite)]
            yield from covers

    def _origin(self, value: Value) -> tuple[Value, frozenset[str]]:
        """What a variable is another name of, and the names in between."""
        passed: set[str] = set()
        while isinstance(value, Var) and value.key in self.made:
            line = self.made[value.key]
            if line.gate is None or line.gate.algebra != "copy" or len(line.args) != 1:
                break
            passed.add(value.key)
            value = next(iter(line.args.values()))
        return value, frozenset(passed)


def _whole(composite: Composite, cover: _Cover, line: Line) -> Line:
    """The last line of a composite, with its gate."""
    gate = composite.gate
    own = {name: cover.holes[name] for name in gate.parameters if name in cover.holes}
    fixed = {name: own.pop(name) for name in composite.parts if name in own}
    return replace(line, gate=gate, args=own, fixed=fixed, form=None)


def _default(settings: Mapping[str, object], name: str, line: Line) -> bool:
    """Whether an argument of a line is what it is anyway."""
    return name in settings and _literal(line.args[name]) == (settings[name],)


def _literal(value: Value) -> tuple[object, ...]:
    """The number, or None, True, False, that is written out; nothing for any other value."""
    if not isinstance(value, Expr):
        return ()
    number = constant(value)
    if number is not None:
        return (number,)
    name = value.leaf.removeprefix("builtins.") if value.head in ("name", "import") else ""
    return (_NAMES[name],) if name in _NAMES else ()


_NAMES = {"None": None, "True": True, "False": False}
