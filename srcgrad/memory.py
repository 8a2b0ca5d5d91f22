"""Staged -> Staged: nothing is written into an array that something else sees.

`dx += ...` stands where `dx` owns its memory; where it shares it with what is still read, `dx = dx + ...`, a fresh
array at no extra cost. A gradient that is returned shares memory with nothing: not with another, an input, the
upstream gradient or a value. Numbers are never shared.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from srcgrad.aliases import FOREIGN, alike, shared
from srcgrad.arithmetic import plus
from srcgrad.expr import BINARY, Expr, bare, binary, call, keys, number, var
from srcgrad.keys import primal_of
from srcgrad.shape import NUMERIC, Facts
from srcgrad.staged import Assign, Branch, Staged, Step, flat

Steps = tuple[Step, ...]


def owning(staged: Staged) -> Staged:
    """The same computation, in which every array that is written into is owned by the name that writes."""
    if not any(shape.kind in ("array", "any") for shape in staged.facts.values()):
        return staged
    staged = _renewing(staged)
    memory = _Memory(staged.facts)
    returned = [key for gradient, _ in staged.gradients for key in keys(gradient)]
    forward = memory.steps(staged.forward, {*returned, *_read(staged.backward)})
    backward = memory.steps(staged.backward, {*returned})
    forward, backward = memory.apart(returned, forward, backward)
    return replace(staged, forward=forward, backward=backward)


def _renewing(staged: Staged) -> Staged:
    """The same, the user's `y -= x` made a new value where derived code reads what shares memory with the old one."""
    lines = [line for line in flat(staged.forward) if line.primal]
    if not any(_written(line) for line in lines):
        return staged
    shares = ((line, {*shared(line.value), *_written(line)}) for line in lines)
    arrays = ((line.bound, {key for key in keys if staged.facts.get(key) not in NUMERIC}) for line, keys in shares)
    groups = alike((bound, sources) for bound, sources in arrays if sources)
    return replace(staged, forward=_renewed(staged.forward, groups, set(), _read(staged.backward)))


def _renewed(steps: Steps, groups: Mapping[str, Set[str]], before: set[str], after: Container[str]) -> Steps:
    """`steps` behind which those in `after` are read; `before` are the keys that are bound so far."""
    last = {key: place for place, step in enumerate(steps) for key in _read((step,))}
    found: list[Step] = []
    for place, step in enumerate(steps):
        rest = _Later(last, place, after)
        if isinstance(step, Branch):
            then, orelse = (_renewed(arm, groups, before, rest) for arm in (step.then, step.orelse))
            found.append(replace(step, then=then, orelse=orelse))
            continue
        seen = (key for old in _written(step) for key in groups.get(old, set()) & before - {old})
        if step.statement is not None and any(key in rest for key in seen):
            step = replace(step, statement=replace(step.statement, operator=""))
        before.update(step.bound)
        found.append(step)
    return tuple(found)


def _written(line: Assign) -> Sequence[str]:
    """The variable whose array one of the user's lines may write into."""
    value, sign = bare(line.value), line.statement.operator if line.statement and line.primal else ""
    old = bare(value.operands[0]) if sign and value.head == sign else None
    return [old.leaf] if old is not None and old.head == "var" else []


def _read(steps: Sequence[Step]) -> set[str]:
    return {key for line in flat(steps) for key in line.reads}


@dataclass(frozen=True, slots=True)
class _Later:
    """The keys that are read behind a place in a block (`last` has the place that reads each last), or behind it."""

    last: Mapping[str, int]
    place: int
    after: Container[str]

    def __contains__(self, key: object) -> bool:
        return self.last.get(str(key), -1) > self.place or key in self.after


class _Memory:
    """Which gradients share memory, while the steps are followed: `with_` has for each key what it shares with."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.with_: dict[str, set[str]] = {}

    def number(self, key: str) -> bool:
        """Whether a value or a gradient is known to be a number, or a list of such."""
        shape = self.facts.get(primal_of(key))
        return shape in NUMERIC or (shape is not None and shape.kind in ("list", "tuple", "dict") and not shape.items)

    def steps(self, steps: Steps, after: Container[str]) -> Steps:
        """`steps`, behind which the keys in `after` are read."""
        last = {key: place for place, step in enumerate(steps) for key in _read((step,))}
        found: list[Step] = []
        for place, step in enumerate(steps):
            rest = _Later(last, place, after)
            if isinstance(step, Branch):
                found.append(self._branch(step, rest))
            elif step.primal:
                found.append(step)
            else:
                self._line(step, rest, found)
        return tuple(found)

    def _branch(self, step: Branch, later: Container[str]) -> Branch:
        before = {key: set(others) for key, others in self.with_.items()}
        then = self.steps(step.then, later)
        behind = self.with_
        self.with_ = before
        orelse = self.steps(step.orelse, later)
        # What only one arm binds may be an upstream gradient as it came, behind the other.
        for key in {*behind, *self.with_}:
            self.with_[key] = behind.get(key, {FOREIGN}) | self.with_.get(key, {FOREIGN})
        return replace(step, then=then, orelse=orelse)

    def _line(self, line: Assign, later: Container[str], found: list[Step]) -> None:
        key = line.bound[0]
        if self.number(key):
            found.append(line)
        elif line.binds:
            found.append(line)
            self._bind(key, line.value)
        elif not self._shares(key, later):
            found.append(line)
        elif line.op in ("+=", "-=") and line.target.head == "var":
            value = plus(line.target, line.value) if line.op == "+=" else binary("-", line.target, line.value)
            found.append(replace(line, op="=", value=value))
            self._bind(key, value)
        else:
            self._copied(key, found, line)
            found.append(line)

    def _bind(self, key: str, value: Expr) -> None:
        for other in self.with_.get(key, set()) & self.with_.keys():
            self.with_[other].discard(key)
        group: set[str] = set()
        for one in (one for one in shared(value) if not self.number(one)):
            known = one in self.with_
            group |= {one} | self.with_[one] if known else {FOREIGN}
        group.discard(key)
        self.with_[key] = group
        for one in group - {FOREIGN}:
            self.with_.setdefault(one, set()).add(key)

    def _shares(self, key: str, later: Container[str]) -> bool:
        """Whether something else that is read later, or is not ours, sees the memory of `key`."""
        return any(one == FOREIGN or one in later for one in self.with_.get(key, {FOREIGN}))

    def _copied(self, key: str, found: list[Step], line: Assign) -> None:
        """Give `key` memory of its own before `line`."""
        place = next((i for i in reversed(range(len(found))) if self._last(found[i], key)), None)
        if place is None:
            found.append(Assign(var(key), "=", _copy(var(key), self.facts, key), line.statement, False))
        else:
            step = found[place]
            assert isinstance(step, Assign)
            found[place] = replace(step, value=_copy(step.value, self.facts, key))
        self._bind(key, number(0.0))

    def _last(self, step: Step, key: str) -> bool:
        return isinstance(step, Assign) and not step.primal and step.binds and key in step.bound

    def apart(self, returned: Sequence[str], forward: Steps, backward: Steps) -> tuple[Steps, Steps]:
        """The steps with a copy of every gradient that would be returned with memory of something else."""
        kept: set[str] = set()
        bound = {key: place for place, line in enumerate(flat((*forward, *backward))) for key in line.bound}
        for key in sorted(returned, key=lambda key: bound.get(key, -1)):  # the later one is the view
            group = self.with_.get(key)
            if group is not None and (FOREIGN in group or group & kept):
                forward, done = self._with_copy(forward, key)
                if not done:
                    backward, done = self._with_copy(backward, key)
                self._bind(key, number(0.0))
            kept.add(key)
        return forward, backward

    def _with_copy(self, steps: Steps, key: str) -> tuple[Steps, bool]:
        """The steps in which what binds `key` copies it; whether one of them does."""
        found: list[Step] = []
        done = False
        for step in steps:
            if isinstance(step, Branch):
                then, one = self._with_copy(step.then, key)
                orelse, two = self._with_copy(step.orelse, key)
                done = done or one or two
                found.append(replace(step, then=then, orelse=orelse))
            elif self._last(step, key) and any(True for _ in shared(step.value)):
                found.append(replace(step, value=_copies(step.value, self.facts, key)))
                done = True
            else:
                found.append(step)
        return tuple(found), done


def _copies(value: Expr, facts: Facts, key: str) -> Expr:
    """A copy of a value, of a list of them that of each."""
    inner = bare(value)
    if inner.head in ("list", "tuple", "dict"):
        parts = tuple(
            _copies(part, {}, "") if isinstance(part, Expr) and any(True for _ in shared(part)) else part
            for part in inner.parts
        )
        made = Expr(inner.head, parts)
        return made if inner.head != "tuple" else Expr("paren", ("(", made, ")"))
    return _copy(value, facts, key)


def _copy(value: Expr, facts: Facts, key: str) -> Expr:
    """A fresh array of a value; of what may be a number the value times one."""
    known = facts.get(primal_of(key))
    if known is not None and known.kind == "array":
        inner = bare(value)
        owner = Expr("paren", ("(", inner, ")")) if inner.head in (*BINARY, "if", "neg") else inner
        return call(Expr("attribute", (owner, ".copy")))
    return binary("*", number(1.0), value)
