"""What the branches around a statement have answered, and which values names have behind which answers.

A derived function asks in its backward pass what it asked in its forward pass: what one arm bound there is read here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from srcgrad.expr import Expr, bare, keys, same, substitute
from srcgrad.wengert import Line, Step, Value, Var, ref

_Asked = tuple[Expr | None, bool]
"""What a branch asks, without a `not`, and the answer in an arm; None where asking twice may give two answers."""


@dataclass(frozen=True, slots=True)
class _Sometimes:
    """What a name, or a variable by its key, stands for behind some answers."""

    name: str
    value: Value
    answers: tuple[_Asked, ...]

    def holds(self, answers: Sequence[_Asked]) -> bool:
        """Whether it stands for this where `answers` were given."""
        return all(any(_agree(mine, other) and mine[1] is other[1] for other in answers) for mine in self.answers)

    def apart(self, answers: Sequence[_Asked]) -> bool:
        """Whether it never does where `answers` were given."""
        return any(_agree(mine, other) and mine[1] is not other[1] for mine in self.answers for other in answers)


def _agree(one: _Asked, two: _Asked) -> bool:
    return one[0] is not None and two[0] is not None and same(one[0], two[0])


def _answered(said: Expr | None, answer: bool) -> _Asked:
    while said is not None and bare(said).head == "not":
        said, answer = bare(said).operands[0], not answer
    return said, answer


@dataclass(slots=True)
class Answers:
    """The answers around the place that is read, the outermost first; and what depends on answers."""

    given: list[_Asked] = field(default_factory=list)
    bound: list[_Sometimes] = field(default_factory=list)
    joined: dict[str, list[_Sometimes]] = field(default_factory=dict)

    def enter(self, said: Expr | None, answer: bool) -> None:
        """Begin the arm behind an answer."""
        self.given.append(_answered(said, answer))

    def leave(self) -> None:
        """End the innermost arm."""
        self.given.pop()

    def known(self) -> Iterator[tuple[str, Value]]:
        """The names that have a value here because of the answers around."""
        yield from ((one.name, one.value) for one in self.bound if one.holds(self.given))

    def answer(self, said: Expr | None) -> bool | None:
        """The answer to this that a branch around has had; None where none has asked it."""
        asked = _answered(said, True)
        given = (one[1] is asked[1] for one in self.given if _agree(one, asked))
        return next(given, None)

    def forget(self, names: Iterable[str]) -> None:
        """`names` have no value here, whatever was answered."""
        gone = {*names}
        self.bound = [one for one in self.bound if one.name not in gone]

    def note(self, name: str, value: Value, said: Expr | None, answer: bool) -> None:
        """`name` has this value behind this answer, and none that is known elsewhere."""
        answers = (*self.given, _answered(said, answer))
        self.bound = [one for one in self.bound if one.name != name or one.apart(answers)]
        self.bound.append(_Sometimes(name, value, answers))

    def join(self, target: Var, value: Value, said: Expr | None, answer: bool) -> None:
        """`target` is `value` behind this answer."""
        answers = (*self.given, _answered(said, answer))
        self.joined.setdefault(target.key, []).append(_Sometimes(target.key, value, answers))

    def said(self, asked: Value, last: Step | None) -> Expr | None:
        """What a branch asks, over variables that never change; None where asking again may give another answer.

        `last` is the line before it.
        """
        expr = ref(asked)
        if isinstance(asked, Var) and asked.temporary and isinstance(last, Line) and last.targets == (asked,):
            if not last.pure:
                return None
            expr = last.expr
        while values := dict(self._resolved(expr)):
            expr = substitute(expr, values)
        return expr

    def _resolved(self, expr: Expr) -> Iterator[tuple[str, Expr]]:
        """The variables of `expr` that the answers around make one of those that they join."""
        for key in keys(expr):
            yield from ((key, ref(one.value)) for one in self.joined.get(key, ()) if one.holds(self.given))
