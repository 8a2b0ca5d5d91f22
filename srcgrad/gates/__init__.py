"""The rule book."""

from srcgrad.gate import Gate
from srcgrad.gates import (
    arithmetic,
    composites,
    constants,
    elementary,
    indexing,
    joining,
    layout,
    linear_algebra,
    products,
    reductions,
    several,
    special_functions,
)
from srcgrad.match import Book


def book() -> Book:
    """Every gate of srcgrad."""
    rooms = (
        arithmetic, elementary, special_functions, several, composites, constants, reductions, products,
        linear_algebra, layout, joining, indexing,
    )  # fmt: skip
    return Book(value for room in rooms for value in vars(room).values() if isinstance(value, Gate))
