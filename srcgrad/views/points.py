"""Where a function is looked at: values in lists, tuples, dicts and arrays as the points of one space of numbers.

A direction, and a gradient, is a value of the same structure. What is no number stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def together(function: Callable[..., Any], value: Any, *others: Any) -> Any:
    """`function` of the numbers and arrays in `value`, and of what stands in their place in the others."""
    if isinstance(value, dict):
        return {key: together(function, item, *(other[key] for other in others)) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        rows = zip(value, *others, strict=True)
        return type(value)(together(function, *row) for row in rows)
    return function(value, *others) if is_number(value) else value


def is_number(value: Any) -> bool:
    """Whether a value is a number or an array of them."""
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    return kind in ("f", "i", "u", "c") or (isinstance(value, (int, float, complex)) and not isinstance(value, bool))


def floats(value: Any) -> Any:
    """Every number in double precision: whole numbers have no neighbours, single precision shows no small step."""
    return together(_double, value)


def _double(item: Any) -> Any:
    if hasattr(item, "astype"):
        return item if item.dtype.kind == "c" else item.astype(float)
    return item if isinstance(item, complex) else float(item)


def moved(value: Any, direction: Any, step: Any) -> Any:
    """The point that is `step` times `direction` away."""
    return together(lambda item, along: item + step * along, value, direction)


def leaves(value: Any) -> Iterator[Any]:
    """The numbers and arrays of a value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item)
    elif is_number(value):
        yield value


def dot(left: Any, right: Any) -> Any:
    """The inner product of two values of one structure."""
    products = leaves(together(lambda one, other: one * other, left, right))
    return sum(item.sum() if _is_array(item) else item for item in products)


def shape(value: Any) -> Any:
    """The structure of a value: the shapes of its numbers and arrays."""
    return together(lambda item: getattr(item, "shape", ()), value)


def size(value: Any) -> float:
    """The largest number of a value, by its size; 0 where it has none."""
    return max(
        (float(abs(item).max(initial=0.0) if _is_array(item) else abs(item)) for item in leaves(value)), default=0.0
    )


def smallest(value: Any) -> float:
    """The smallest number of a value that is not 0, by its size; 1 where all are."""
    found = [abs(item) for item in leaves(value) if not _is_array(item)]
    found += [abs(item[item != 0]).min() for item in leaves(value) if _is_array(item) and item.any()]
    return float(min((item for item in found if item), default=1.0))


def normal(value: Any, random: Any) -> Any:
    """A random value of the same structure, by the generator `random`."""
    return together(
        lambda item: random.standard_normal(item.shape) if _is_array(item) else random.standard_normal(), value
    )


def count(value: Any) -> int:
    """How many numbers a value has."""
    return sum(item.size if _is_array(item) else 1 for item in leaves(value))


def place(name: str, value: Any, number: int) -> str:
    """What a number of a value is called, all of them counted from 0: `x`, `w[0]`, `W[1, 2]`."""
    for path, item in _named(name, value):
        if number < count(item):
            index = _index(item.shape, number) if _is_array(item) else ""
            return f"{path}[{index}]" if index else path
        number -= count(item)
    raise IndexError(number)


def _named(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, (list, tuple, dict)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _named(f"{name}[{key!r}]", item)
    elif is_number(value):
        yield name, value


def _index(sizes: tuple[int, ...], number: int) -> str:
    found: list[int] = []
    for length in reversed(sizes):
        number, rest = divmod(number, length)
        found.append(rest)
    return ", ".join(map(str, reversed(found)))


def unit(value: Any, number: int) -> Any:
    """The direction in which one number of a value lies, counted as in `place`."""
    before = 0

    def one(item: Any) -> Any:
        nonlocal before
        at, before = number - before, before + count(item)
        if not _is_array(item):
            return float(at == 0)
        zeros = item * 0.0
        if 0 <= at < item.size:
            zeros.reshape(-1)[at] = 1.0
        return zeros

    return together(one, value)


def has_array(value: Any) -> bool:
    return any(map(_is_array, leaves(value)))


def _is_array(value: Any) -> bool:
    return bool(getattr(value, "shape", ()))
