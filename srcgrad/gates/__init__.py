"""The rule book."""

from srcgrad.composite import Composite
from srcgrad.gate import Gate
from srcgrad.gates import (
    arithmetic,
    bessel,
    composites,
    constants,
    distributions,
    elementary,
    gamma_functions,
    indexing,
    joining,
    layout,
    linear_algebra,
    multivariate,
    products,
    reductions,
    scipy_linear_algebra,
    scipy_signals,
    several,
    spanning,
    special_functions,
)
from srcgrad.match import Book


def book() -> Book:
    """Every gate of srcgrad."""
    rooms = (
        arithmetic, elementary, special_functions, gamma_functions, bessel, distributions, several, composites,
        constants, reductions, products, linear_algebra, layout, joining, indexing,
        scipy_linear_algebra, scipy_signals, multivariate,
    )  # fmt: skip
    return Book(value for room in rooms for value in vars(room).values() if isinstance(value, Gate))


def across_lines() -> tuple[Composite, ...]:
    """Every gate that is written across lines."""
    found = (value for value in vars(spanning).values() if isinstance(value, tuple))
    return tuple(composite for several in found for composite in several)
