"""What marks a value of the user's as one that no gradient passes through; reading takes it out of the text."""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")

PATH = f"{__package__}.stop_gradient"
"""What `stop_gradient` means, in any scope."""


def stop_gradient(x: T, /) -> T:
    """`x` itself. In a function that srcgrad reads, no gradient passes through it."""
    return x
