"""The drawing of a function: one circuit, written in every way there is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from srcgrad.views.circuit import Circuit, circuit
from srcgrad.views.placing import placed
from srcgrad.views.seen import Seen
from srcgrad.views.svg import svg


@dataclass(frozen=True, eq=False)
class Drawing:
    """The circuit of a function; `width` is where it goes on below, 0 where it never does."""

    circuit: Circuit
    width: int = 0

    @cached_property
    def svg(self) -> str:
        """A picture that stands alone."""
        return svg(placed(self.circuit, self.width))

    def _repr_svg_(self) -> str:
        return self.svg


def drawing(seen: Seen, width: int = 0) -> Drawing:
    """The drawing of what is seen."""
    return Drawing(circuit(seen), width)
