"""The Wengert list as a table that people read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from srcgrad.expr import bare
from srcgrad.names import Names
from srcgrad.wengert import Block, Line, Wengert, ref


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
    params = tuple(param.name for param in wengert.params)
    listed = tuple((text, gate) for text, gate, _ in rows(wengert.body, names))
    return Listing(wengert.name, params, listed, names.text(ref(wengert.result)))


def rows(block: Block, names: Names) -> Iterator[tuple[str, str, Line | None]]:
    """The rows of a block: a text, a gate, and the line, which the head of an arm has none of."""
    for step in block.steps:
        if isinstance(step, Line):
            text = " ".join(names.text(bare(step.expr)).split())
            target = f"{names.text(step.target)} = " if step.targets else ""
            yield target + text, step.title or (step.gate.name if step.gate else "no gate"), step
            continue
        for head, arm in ((f"if {names.text(step.test)}:", step.then), ("else:", step.orelse)):
            if arm.steps:
                yield head, "", None
                yield from ((f"    {text}", gate, line) for text, gate, line in rows(arm, names))
