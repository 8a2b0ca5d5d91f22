"""The Wengert list as a table that people read."""

from __future__ import annotations

from dataclasses import dataclass

from srcgrad.expr import bare
from srcgrad.names import Names
from srcgrad.wengert import Line, Wengert, ref


@dataclass(frozen=True)
class Listing:
    """A Wengert list printed: numbered lines, each with its gate."""

    name: str
    params: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    result: str

    def __str__(self) -> str:
        wide = max((len(text) for text, _ in self.rows), default=0)
        last = len(str(len(self.rows)))
        lines = [f"{self.name}({', '.join(self.params)})"]
        lines += [f"{i:>{last + 2}}  {text:<{wide}}  {gate}".rstrip() for i, (text, gate) in enumerate(self.rows, 1)]
        return "\n".join([*lines, f"{'':>{last + 2}}  return {self.result}"])

    __repr__ = __str__


def listing(wengert: Wengert, names: Names) -> Listing:
    """The table of `wengert`, every version under a name of its own."""

    def row(line: Line) -> tuple[str, str]:
        text = f"{names.text(line.target)} = {' '.join(names.text(bare(line.expr)).split())}"
        return text, line.gate.name if line.gate else "no gate"

    params = tuple(param.name for param in wengert.params)
    return Listing(wengert.name, params, tuple(map(row, wengert.body.lines)), names.text(ref(wengert.result)))
