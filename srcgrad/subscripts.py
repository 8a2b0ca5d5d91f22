"""The subscripts of np.einsum: which letters stand for the dimensions of its operands and of its result."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_letters

Rows = tuple[list[str], str]
"""The letters of each operand and those of the result; "." is an ellipsis."""


def rows(subscripts: str, count: int) -> Rows:
    """The letters of `count` operands and of the result; ValueError where numpy would refuse."""
    text = "".join(subscripts.split()).replace("...", ".")
    sides, arrow, result = text.partition("->")
    operands = sides.split(",")
    if len(operands) != count or not all(letter in ascii_letters + ".," for letter in sides + result):
        raise ValueError(f'"{subscripts}" is not for {count} operands')
    if not arrow:
        once = sorted(letter for letter in {*sides} - {*".,"} if sides.count(letter) == 1)
        result = "." * ("." in sides) + "".join(once)
    return operands, result


def expanded(found: Rows, ranks: Sequence[int]) -> Rows:
    """The rows with a letter for each dimension of an ellipsis."""
    operands, result = found
    counts = [rank - len(row.replace(".", "")) for row, rank in zip(operands, ranks, strict=True)]
    for row, count, rank in zip(operands, counts, ranks, strict=True):
        if count < 0 or (count and "." not in row):
            raise ValueError(f'"{row.replace(".", "...")}" is not for {rank} dimensions')
    letters = unused("".join(operands), max(counts, default=0))
    filled = [row.replace(".", letters[len(letters) - count :]) for row, count in zip(operands, counts, strict=True)]
    return filled, result.replace(".", letters)


def unused(taken: str, count: int) -> str:
    """So many letters that are not taken."""
    return "".join([letter for letter in ascii_letters if letter not in taken][:count])


def apart(row: str, taken: str) -> tuple[str, list[str]]:
    """A row in which no letter stands twice, and the pairs of letters that were one."""
    found, pairs = "", []
    for letter in row:
        if letter in found:
            new = unused(taken + row + found, 1)
            pairs.append(letter + new)
            letter = new
        found += letter
    return found, pairs
