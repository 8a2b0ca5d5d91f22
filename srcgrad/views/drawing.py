"""The drawing of a function: one circuit, written in every way there is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from srcgrad.collector import uncollected
from srcgrad.errors import SrcgradError
from srcgrad.views.circuit import Circuit, circuit
from srcgrad.views.dot import dot
from srcgrad.views.mermaid import mermaid
from srcgrad.views.placing import placed
from srcgrad.views.seen import Seen
from srcgrad.views.svg import html, svg

_KINDS = {".svg": "svg", ".html": "html", ".htm": "html", ".dot": "dot", ".gv": "dot", ".mmd": "mermaid"}


@dataclass(frozen=True, eq=False)
class Drawing:
    """The circuit of a function; `width` is where it goes on below, in pixels, 0 where it never does."""

    circuit: Circuit
    width: int = 0

    @cached_property
    def svg(self) -> str:
        """A picture that stands alone, and can stand in a page."""
        with uncollected():
            return svg(placed(self.circuit, self.width))

    @property
    def html(self) -> str:
        """A page of the picture alone."""
        return html(self.circuit.name, self.svg)

    @property
    def dot(self) -> str:
        """The circuit for Graphviz."""
        return dot(self.circuit)

    @property
    def mermaid(self) -> str:
        """The circuit for Mermaid."""
        return mermaid(self.circuit)

    def written(self, kind: str) -> str:
        """The text of a kind: svg, html, dot or mermaid."""
        texts = {"svg": lambda: self.svg, "html": lambda: self.html, "dot": lambda: self.dot}
        return texts.get(kind, lambda: self.mermaid)()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it to a file, as what the name of it says; SrcgradError where that says nothing."""
        Path(path).write_text(self.written(kind_of(path)), encoding="utf-8", newline="\n")

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        return f'<div style="overflow-x: auto">{self.svg}</div>'


def drawing(seen: Seen, width: int = 0) -> Drawing:
    """The drawing of what is seen."""
    with uncollected():
        return Drawing(circuit(seen), width)


def kind_of(path: str | os.PathLike[str]) -> str:
    """What a file is to hold, by the end of its name."""
    ending = Path(path).suffix.lower()
    if ending not in _KINDS:
        raise SrcgradError(
            f"a name that ends in {ending or 'nothing'} says no format", hint=f"end it in {', '.join(_KINDS)}"
        )
    return _KINDS[ending]
