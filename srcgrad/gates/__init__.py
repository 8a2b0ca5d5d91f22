"""The rule book."""

from srcgrad.gate import Gate
from srcgrad.gates import arithmetic, composites, constants, elementary
from srcgrad.match import Book


def book() -> Book:
    """Every gate of srcgrad."""
    rooms = (arithmetic, elementary, composites, constants)
    return Book(value for room in rooms for value in vars(room).values() if isinstance(value, Gate))
