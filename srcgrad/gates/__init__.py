"""The rule book."""

from srcgrad.gate import Gate
from srcgrad.gates import arithmetic, composites, constants, elementary, several
from srcgrad.match import Book


def book() -> Book:
    """Every gate of srcgrad."""
    rooms = (arithmetic, elementary, several, composites, constants)
    return Book(value for room in rooms for value in vars(room).values() if isinstance(value, Gate))
