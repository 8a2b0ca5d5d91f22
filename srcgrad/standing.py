"""Staged -> Staged: what was read through stands as it was written, where no value inside it is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from srcgrad.expr import keys
from srcgrad.staged import Assign, Branch, Step, branches, flat
from srcgrad.wengert import Call


def stand(steps: Sequence[Step], read: Set[str], given: Set[str]) -> tuple[Step, ...]:
    """`steps` with calls and conditional expressions as they were written, but where a value inside is in `read`.

    Neither stands one that takes an argument which nothing in it reads: the line of that is gone; nor one whose text
    has a value from inside. `given` are the variables that are bound before the first step.
    """
    bound = {key for line in flat(steps) for key in line.bound} | given
    standing = tuple(
        call for call in _calls(steps) if not call.inside & read and (bound - call.inside).issuperset(keys(call.expr))
    )
    return _Standing(frozenset(map(id, standing)), frozenset(key for call in standing for key in call.inside)).of(steps)


def _calls(steps: Sequence[Step]) -> Iterator[Call]:
    """Everything that was read through."""
    found: tuple[Step, ...] = (*flat(steps), *branches(steps))
    yield from (step.call for step in found if step.call is not None)


@dataclass(frozen=True, slots=True)
class _Standing:
    """The calls that stand, by identity, and the variables inside them, whose lines go."""

    calls: frozenset[int]
    gone: frozenset[str]

    def of(self, steps: Sequence[Step]) -> tuple[Step, ...]:
        """`steps` with the calls that stand."""
        found: list[Step] = []
        impure: set[str] = set()
        for step in steps:
            call = step.call if id(step.call) in self.calls else None
            bound = step.bound if isinstance(step, Assign) else keys(step.target) if step.target else ()
            if bound and self.gone.issuperset(bound):
                impure |= set() if all(line.pure for line in flat((step,))) else {*bound}
            elif isinstance(step, Branch):
                found.append(self._branch(step, call))
            elif call is not None:
                pure = step.pure and not impure & call.inside
                found.append(replace(step, value=call.expr, statement=call.statement, pure=pure))
            else:
                found.append(step)
        return tuple(found)

    def _branch(self, step: Branch, call: Call | None) -> Step:
        if call is None or step.target is None:
            return replace(step, then=self.of(step.then), orelse=self.of(step.orelse))
        temporary = all(key.startswith("·") for key in keys(step.target))
        pure = all(line.pure for line in flat((step,)))
        return Assign(step.target, "=", call.expr, call.statement, True, temporary, pure)
