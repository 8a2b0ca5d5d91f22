"""Where each variable lives in the text, so that two that never live at once can share a name."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from operator import itemgetter

from srcgrad.expr import keys
from srcgrad.staged import Assign, Branch, Staged, Step
from srcgrad.wengert import ref

_Life = tuple[int, int]
"""From the first to the last half line: a line reads before it writes."""


@dataclass(frozen=True, slots=True, eq=False)
class _Arm:
    """An arm of a branch, from its first half line to its last; `branch` and `whole` are those of the branch."""

    branch: int
    start: int
    end: int
    whole: int


_Place = tuple[int, tuple[_Arm, ...]]
"""A half line, and the arms around it."""


@dataclass(frozen=True, slots=True)
class Lives:
    """The lives of a variable, and the arms around each place that binds it."""

    lives: tuple[_Life, ...]
    bound: tuple[tuple[_Arm, ...], ...]

    @property
    def unread(self) -> bool:
        return all(first == last for first, last in self.lives)

    @property
    def start(self) -> int:
        """The half line that binds it first."""
        return min(first for first, _ in self.lives)

    def meets(self, other: Lives) -> bool:
        """Whether both variables may live at once; never where they are bound in different arms of one branch."""
        if not any(a <= last and first <= b for a, b in self.lives for first, last in other.lives):
            return False
        return not all(_exclusive(a, b) for a in self.bound for b in other.bound)

    def blocks(self, other: Lives) -> int:
        """The half line up to which it meets everything bound from the start of `other` on, which it meets."""
        at = other.start
        until = next((last for first, last in self.lives if first <= at <= last), at - 1)
        arms = next(arms for arms in self.bound if any(not _exclusive(arms, around) for around in other.bound))
        for arm in arms:
            if arm.start <= at <= arm.end:
                until = min(until, arm.end)
            elif at < arm.whole:
                return at - 1
        return until


@dataclass(slots=True)
class _Shared:
    """Lives under one name: spans of half lines, in order and apart, each with those that live in it."""

    spans: list[tuple[int, int, tuple[Lives, ...]]] = field(default_factory=list)

    def obstacle(self, lives: Lives) -> Lives | None:
        """One of those held that `lives` meets."""
        spans = (span for life in lives.lives for span in self.spans[self._touched(life)])
        return next((other for _, _, held in spans for other in held if lives.meets(other)), None)

    def hold(self, lives: Lives) -> None:
        for life in lives.lives:
            touched = self._touched(life)
            firsts, lasts, held = zip(*self.spans[touched], (*life, (lives,)), strict=True)
            self.spans[touched] = [(min(firsts), max(lasts), sum(held, ()))]

    def _touched(self, life: _Life) -> slice:
        first, last = life
        return slice(
            bisect_left(self.spans, first, key=itemgetter(1)), bisect_right(self.spans, last, key=itemgetter(0))
        )


def sharing(lives: Iterable[Lives]) -> list[int]:
    """For each of `lives` the number of its name: the first under which it meets no earlier one.

    A name that is held waits until its holder may be gone, so that thousands of versions need not all be compared.
    """
    found: list[int] = []
    names: list[_Shared] = []
    open_: list[int] = []
    waiting: list[tuple[int, int]] = []
    before = -1
    for one in lives:
        start = one.start
        while waiting and (waiting[0][0] < start or start < before):
            heappush(open_, heappop(waiting)[1])
        before = start
        while open_ and (obstacle := names[open_[0]].obstacle(one)):
            heappush(waiting, (obstacle.blocks(one), heappop(open_)))
        if not open_:
            open_.append(len(names))
            names.append(_Shared())
        names[open_[0]].hold(one)
        found.append(open_[0])
    return found


def _exclusive(left: Sequence[_Arm], right: Sequence[_Arm]) -> bool:
    return any(a.branch == b.branch and a is not b for a in left for b in right)


@dataclass(slots=True)
class _Uses:
    """Where a variable is bound, and where it is used or added to after that."""

    bound: list[_Place]
    used: list[_Place] = field(default_factory=list)

    def lives(self) -> list[_Life]:
        """Its lives: within a branch it may die in one arm and live on in the other."""
        first, around = self.bound[0]
        split = next((i for i, arm in enumerate(around) if any(arm not in other for _, other in self.bound)), None)
        if len(self.bound) == 1 or split is None or any(len(arms) <= split for _, arms in self.bound):
            return _after(first, len(around), self.used)
        found: dict[_Arm, int] = {}
        for place, arms in self.bound:
            found.setdefault(arms[split], place)
        whole = around[split].whole
        behind = [use for use in self.used if use[0] >= whole]
        lives = _after(whole, split, behind) if behind else []
        for arm, place in found.items():
            inside = [use for use in self.used if arm in use[1] and use[0] >= place]
            lives += [(place, arm.end)] if behind else _after(place, split + 1, inside)
        return lives


def _after(first: int, depth: int, uses: Sequence[_Place]) -> list[_Life]:
    """The lives of a variable that is bound at `first`, with `depth` arms around it."""
    if not uses:
        return [(first, first)]
    last, arms = max(uses, key=lambda use: use[0])
    if len(arms) <= depth:
        return [(first, last)]
    branch = arms[depth].branch
    lives = [(first, branch)]
    for arm in {use[1][depth] for use in uses if len(use[1]) > depth and use[1][depth].branch == branch}:
        lives += _after(arm.start, depth + 1, [use for use in uses if len(use[1]) > depth and use[1][depth] == arm])
    return lives


def lives(staged: Staged) -> dict[str, Lives]:
    """The lives of every variable of `staged`, by its key."""
    uses: dict[str, _Uses] = {}
    for key in (*(p.var.base for p in staged.params), *(key for expr, _ in staged.extra for key in keys(expr))):
        uses[key] = _Uses([(-1, ())])
    end = _follow((*staged.forward, *staged.backward), 0, (), uses)
    returned = [gradient for gradient, _ in staged.gradients]
    if staged.returns_value:
        returned.append(ref(staged.result))
    for key in (key for expr in returned for key in keys(expr)):
        uses[key].used.append((end, ()))
    return {key: Lives(tuple(use.lives()), tuple(arms for _, arms in use.bound)) for key, use in uses.items()}


def _follow(steps: Sequence[Step], at: int, arms: tuple[_Arm, ...], uses: dict[str, _Uses]) -> int:
    """Note every use in `steps`, which begin at the half line `at`; the half line behind them."""
    for step in steps:
        for key in step.reads if isinstance(step, Assign) else keys(step.test):
            uses[key].used.append((at, arms))
        if isinstance(step, Branch):
            middle = at + 2 + 2 * _length(step.then)
            whole = middle + 2 * _length(step.orelse)
            _follow(step.then, at + 2, (*arms, _Arm(at, at + 2, middle - 1, whole)), uses)
            _follow(step.orelse, middle, (*arms, _Arm(at, middle, whole - 1, whole)), uses)
            at = whole
            continue
        for key in step.bound:
            if key not in uses:
                uses[key] = _Uses([(at + 1, arms)])
            elif step.binds:
                uses[key].bound.append((at + 1, arms))
            else:
                uses[key].used.append((at + 1, arms))
        at += 2
    return at


def _length(steps: Sequence[Step]) -> int:
    """How many lines and conditions `steps` take."""
    return sum(1 if isinstance(step, Assign) else 1 + _length(step.then) + _length(step.orelse) for step in steps)
