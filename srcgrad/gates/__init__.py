"""The rule book."""

from types import ModuleType

from srcgrad.composite import Composite
from srcgrad.gate import Gate
from srcgrad.gates import (
    arithmetic,
    bessel,
    composites,
    constants,
    convolutions,
    densities,
    distributions,
    elementary,
    factors,
    fourier,
    gamma_functions,
    indexing,
    joining,
    layout,
    linear_algebra,
    making,
    matrices,
    multivariate,
    ordering,
    orthogonal_polynomials,
    polynomials,
    products,
    reductions,
    several,
    signals,
    spanning,
    special_functions,
    special_integrals,
    statistics,
    systems,
)
from srcgrad.match import Book


def rooms() -> tuple[ModuleType, ...]:
    """The chapters of the book but the last, `spanning`."""
    return (
        arithmetic, elementary, special_functions, several, composites, constants, reductions, products,
        linear_algebra, systems, factors, matrices, layout, making, joining, indexing, ordering, statistics, signals,
        convolutions, polynomials, fourier, gamma_functions, bessel, special_integrals, orthogonal_polynomials,
        densities, distributions, multivariate,
    )  # fmt: skip


def book() -> Book:
    """Every gate of srcgrad."""
    return Book(value for room in rooms() for value in vars(room).values() if isinstance(value, Gate))


def across_lines() -> tuple[Composite, ...]:
    """Every gate that is written across lines."""
    found = (value for value in vars(spanning).values() if isinstance(value, tuple))
    return tuple(composite for several in found for composite in several)
