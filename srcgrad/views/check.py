"""The numeric check: what was derived, against differences of the forward pass and between the modes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from srcgrad.chosen import Wrt
from srcgrad.facts import NOTHING, Said
from srcgrad.scope import Scope
from srcgrad.source import Function
from srcgrad.staged import Detail
from srcgrad.views.differences import TOLERANCE, Difference, difference, relative, same
from srcgrad.views.figures import number
from srcgrad.views.play import file_space
from srcgrad.views.points import count, dot, has_array, normal, place, shape, size, smallest, together, unit
from srcgrad.views.seen import Space
from srcgrad.views.subject import Subject, subject

SEED = 0
FEW = 8
"""Up to so many numbers of a parameter are all shown."""
PROBED = 40
"""So many entries of a larger parameter are looked at, drawn at random."""
WORST = 3
"""So many of them are shown, those with the largest relative error."""
DIRECTIONS = 2
"""So many random directions are taken in a larger parameter."""

_DIGITS = 6
_SMALL = 1e-8
"""What is smaller is rounding, and is not told apart."""

_LOST = 16
"""So much of what rounding makes of a step as large as the place is no error: of 1 - tanh(x)**2 little else is left."""


@dataclass(frozen=True)
class Row:
    """A derivative of one number, or along a direction: derived, by differences, and by a complex step.

    The verdict is "ok" or "wrong"; "kink" where the slopes on both `sides` differ and the derived one lies between
    them, "unsure" where the difference is too rough to tell, "edge" where the function is not defined on both sides.
    """

    name: str
    derived: float
    central: float | None
    complex: float | None
    error: float | None
    verdict: str
    sides: tuple[float, float] | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        error = "" if self.error is None else _error(self.error)
        kink = f" ({', '.join(map(_figure, self.sides))})" if self.sides else ""
        figures = map(_figure, (self.derived, self.central, self.complex))
        return self.name, *figures, error, self.verdict + kink


@dataclass(frozen=True)
class Identity:
    """<dout, J v> by `jvp` and <J^T dout, v> by `vjp`: the same number, for any dout and v."""

    tangent: float
    transposed: float
    error: float

    @property
    def ok(self) -> bool:
        return self.error <= TOLERANCE

    def __str__(self) -> str:
        left, right = _figure(self.tangent), _figure(self.transposed)
        verdict = "ok" if self.ok else "wrong"
        return f"jvp and vjp: <dout, J v> = {left}, <J^T dout, v> = {right}, {_error(self.error)}, {verdict}"


@dataclass(frozen=True)
class Checked:
    """The table of a check; printed, its rows."""

    name: str
    rows: tuple[Row, ...]
    identity: Identity
    notes: tuple[str, ...]
    subject: Subject

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.identity.ok and all(row.verdict != "wrong" for row in self.rows)

    def __str__(self) -> str:
        head = (self.name, "derived", "central difference", "complex step", "relative error", "verdict")
        table = [head, *(row.cells for row in self.rows)]
        wide = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [
            "  ".join(
                cell.ljust(width) if i in (0, len(head) - 1) else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(row, wide, strict=True))
            ).rstrip()
            for row in table
        ]
        return "\n".join([*lines, *self.notes, str(self.identity)])

    __repr__ = __str__


def check(
    function: Function,
    scope: Scope,
    arguments: Mapping[str, Any],
    wrt: Wrt = None,
    said: Said = NOTHING,
    composites: bool = True,
    space: Space = file_space,
) -> Checked:
    """Hold the derivative of `function` against differences, at these arguments.

    A result that is no number is weighed with a random upstream gradient. What is random is the same each time. Raises
    SrcgradError where the function is refused, or not defined at the arguments.
    """
    import numpy as np

    random = np.random.default_rng(SEED)
    checked = subject(function, scope, arguments, wrt, said, Detail(composites=composites), space, random)
    rows, notes = list[Row](), list[str]()
    for name in checked.wrt:
        found, note = _parameter(checked, name, random)
        rows += found
        notes += note
    return Checked(function.name, tuple(rows), agreement(checked, random), tuple(notes), checked)


def _parameter(checked: Subject, name: str, random: Any) -> tuple[list[Row], list[str]]:
    """The rows of a parameter, and what they leave out."""
    value, gradient = checked.arguments[name], checked.gradients[name]
    if shape(value) != shape(gradient):
        return [Row(f"{name}, shape", math.nan, None, None, None, "wrong")], []
    total = count(value)
    if total <= FEW and not has_array(value):
        return list(_entries(checked, name, range(total))), []
    directions = (normal(value, random) for _ in range(DIRECTIONS))
    rows = [_row(checked, f"{name}, direction {i}", {name: along}) for i, along in enumerate(directions, 1)]
    probed = sorted(random.choice(total, PROBED, replace=False).tolist()) if total > PROBED else range(total)
    entries = sorted(_entries(checked, name, probed), key=_badness, reverse=True)[:WORST]
    counted = f"{len(probed)} of {total}" if len(probed) < total else str(total)
    return [*rows, *entries], [f"{name}: the worst of {counted} entries are shown"] if len(probed) > WORST else []


def _entries(checked: Subject, name: str, numbers: Sequence[int]) -> Iterator[Row]:
    value = checked.arguments[name]
    for i in numbers:
        yield _row(checked, place(name, value, i), {name: unit(value, i)})


def _badness(row: Row) -> tuple[bool, bool, float]:
    """What makes a row worse; errors of rounding alone are one as bad as the other."""
    error = row.error or 0.0
    told = math.inf if math.isnan(error) else 0.0 if error < _SMALL else error
    return row.verdict == "wrong", row.verdict != "ok", told


def _row(checked: Subject, name: str, direction: Mapping[str, Any]) -> Row:
    """The derivative along a direction."""
    derived = float(sum(dot(checked.gradients[of], along) for of, along in direction.items()))
    moving = [
        together(lambda item, along: item * (along != 0), checked.arguments[of], along)
        for of, along in direction.items()
    ]
    largest = size(moving)
    found = difference(partial(checked.along, direction), largest, smallest(moving), checked.rounding)
    if found is None:
        return Row(name, derived, None, None, None, "edge")
    if found.sides:
        return Row(name, derived, found.value, None, None, _at_kink(derived, found), found.sides)
    complex_step = checked.imaginary(direction)
    if complex_step is not None and not same(complex_step, found.value, 10 * found.error):
        complex_step = None  # the function is not analytic: a step along the imaginary axis tells nothing of it
    judge = found.value if complex_step is None else complex_step
    lost = abs(derived - judge) <= _LOST * checked.rounding / max(largest, 1.0)
    error = 0.0 if lost else relative(derived, judge)
    if lost or same(derived, judge):
        verdict = "ok"
    else:
        verdict = "unsure" if judge == found.value and same(derived, judge, 4 * found.error) else "wrong"
    return Row(name, derived, found.value, complex_step, error, verdict)


def _at_kink(derived: float, found: Difference) -> str:
    """Whether a derivative at a kink is between the slopes on both sides."""
    sides = found.sides or ()
    slack = found.error + TOLERANCE * max(map(abs, sides))
    return "kink" if min(sides) - slack <= derived <= max(sides) + slack else "wrong"


def agreement(checked: Subject, random: Any) -> Identity:
    """The dot-product identity, for the random upstream gradient and a random direction."""
    direction = {name: normal(checked.arguments[name], random) for name in checked.wrt}
    tangent = checked.tangent(direction)
    left, right = dot(checked.random, tangent), dot(checked.transposed, direction)
    whole = dot(_sizes(checked.random), _sizes(tangent)) + dot(_sizes(checked.transposed), _sizes(direction))
    return Identity(float(left), float(right), float(abs(left - right) / whole) if whole else 0.0)


def _sizes(value: Any) -> Any:
    return together(abs, value)


def _figure(value: float | None) -> str:
    return "" if value is None else number(value + 0.0, _DIGITS)


def _error(error: float) -> str:
    return "<1e-08" if error < _SMALL else f"{error:.0e}"


@dataclass(frozen=True)
class Errors:
    """The relative errors of forward and central differences along a random direction, one for each step.

    `rounding` is the error that rounding the result makes with a step of 1.
    """

    steps: tuple[float, ...]
    forward: tuple[float, ...]
    central: tuple[float, ...]
    rounding: float


def errors(checked: Checked) -> Errors:
    """How wrong differences are for one step after the other, along a random direction in all parameters."""
    import numpy as np

    of = checked.subject
    random = np.random.default_rng(SEED)
    direction = {name: normal(of.arguments[name], random) for name in of.wrt}
    true = float(sum(dot(of.gradients[name], along) for name, along in direction.items()))
    steps = tuple(10.0 ** (k / 4) for k in range(-64, 1))
    middle = of.along(direction, 0.0)
    ahead, behind = ([of.along(direction, sign * step) for step in steps] for sign in (1, -1))
    forward = [(value - middle) / step for value, step in zip(ahead, steps, strict=True)]
    central = [(right - left) / (2 * step) for right, left, step in zip(ahead, behind, steps, strict=True)]
    sizes = [tuple(relative(true, found) for found in row) for row in (forward, central)]
    return Errors(steps, sizes[0], sizes[1], of.rounding / 4 / abs(true) if true else 0.0)
