"""Numerical derivatives of a function of one number at 0: how else one would know them, and how well that is known."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Along = Callable[[float], float]
"""A function along a line; nan where it is not defined."""

EPSILON = 2.0**-52
TOLERANCE = 1e-6
"""What two derivatives may differ by, relative to the larger, and still be called the same."""

_RATIO = 4.0
_MARGIN = 1000
"""How far above the rounding of a result one-sided differences must stand, so that they tell of a kink."""
_CLEAR = 30
"""The same, so that a finer step tells that there is none."""
_ROUGH = 0.01
"""An error as large as this part of the slopes says that no step was fine enough: the derivative may be any of them."""
_STAYS = 0.75
"""How much of a gap between one-sided differences stays at a kink when the step shrinks; elsewhere it shrinks along."""


@dataclass(frozen=True)
class Difference:
    """A central difference, extrapolated to a step of 0, and the error that it may have.

    `sides` are the slopes to the left and to the right, where these are not the same: at a kink.
    """

    value: float
    error: float
    sides: tuple[float, float] | None = None


@dataclass(frozen=True)
class _Level:
    """What one step shows: the slopes on both sides, and how far rounding may move them."""

    step: float
    left: float
    right: float
    noise: float

    @property
    def central(self) -> float:
        return (self.left + self.right) / 2

    @property
    def gap(self) -> float:
        return self.right - self.left

    @property
    def steepest(self) -> float:
        return max(abs(self.left), abs(self.right))


def difference(along: Along, largest: float, smallest: float, rounding: float) -> Difference | None:
    """The derivative at 0 by central differences of many steps; None where there are not enough of them.

    The steps go from a part of the largest number that moves to a part of the smallest one. Of every three that follow
    one another, Richardson's extrapolation gives a value, and what it changed gives the error; the best is taken, for
    the slopes that it is made of: those of a step that leaps over waves are small as well.
    `rounding` is the error of a value of `along` by rounding alone.
    """
    levels = list(_levels(along, largest, smallest, rounding))
    found = []
    for older, old, new in zip(levels, levels[1:], levels[2:], strict=False):
        if older.step != old.step * _RATIO or old.step != new.step * _RATIO:
            continue  # a step between them left the function's domain
        value = _extrapolated(old, new)
        error = abs(value - _extrapolated(older, old)) + new.noise
        found.append((error / new.steepest if new.steepest else math.inf, error, value))
    if not found:
        return None
    roughness, error, value = min(found)
    if roughness > _ROUGH:
        error = max(level.steepest for level in levels)
    return Difference(0.0 if abs(value) <= error else value, error, _sides(levels))


def _levels(along: Along, largest: float, smallest: float, rounding: float) -> Iterator[_Level]:
    middle, bottom = along(0.0), 1e-7 * min(smallest, 1.0)
    step = 2.0 ** round(math.log2(1e-2 * max(largest, 1.0)))
    while step > bottom:
        left, right = (middle - along(-step)) / step, (along(step) - middle) / step
        if math.isfinite(left) and math.isfinite(right):
            moved = EPSILON * largest * max(abs(left), abs(right))  # by rounding the place itself
            yield _Level(step, left, right, (rounding + moved) / step)
        step /= _RATIO


def _extrapolated(old: _Level, new: _Level) -> float:
    """Richardson's: the error of a central difference goes with the square of its step."""
    return new.central + (new.central - old.central) / (_RATIO**2 - 1)


def _sides(levels: Sequence[_Level]) -> tuple[float, float] | None:
    """The slopes on both sides where they are not the same: where their gap does not go with the step."""
    sure = [level for level in levels if _MARGIN * level.noise <= TOLERANCE * level.steepest][-3:]
    finer = levels[levels.index(sure[-1]) + 1 :] if sure else []
    gaps = []
    for old, new in pairwise(sure):
        gaps.append(new.gap + (new.gap - old.gap) / (_RATIO - 1))
    if len(gaps) < 2 or abs(gaps[1]) <= max(TOLERANCE * sure[-1].steepest, _STAYS * abs(gaps[0])):
        return None
    if any(abs(level.gap) < _STAYS * abs(gaps[1]) - _CLEAR * level.noise for level in finer):
        return None  # a kink nearby, or waves: the finest steps see none of it
    return sure[-1].left, sure[-1].right


def same(left: float, right: float, error: float = 0.0) -> bool:
    """Whether two derivatives are the same, but for an `error` that is known of one of them."""
    return abs(left - right) <= TOLERANCE * max(abs(left), abs(right)) + error


def relative(left: float, right: float) -> float:
    """The relative error, as in the notes: |a - n| / max(|a|, |n|)."""
    return abs(left - right) / max(abs(left), abs(right)) if left != right else 0.0
