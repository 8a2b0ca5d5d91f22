"""Which values are the same: what applies one gate to the same things, as often as it is written.

Value numbering; see Aho, Lam, Sethi and Ullman, "Compilers" (2006), section 6.1.2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping

from srcgrad.expr import Expr, bare, constant, render
from srcgrad.wengert import Line, Pack, Value, Var, Wengert


class Numbering:
    """The numbers of the values of a list. `made` has the line that binds each variable that one line alone binds."""

    def __init__(self, wengert: Wengert) -> None:
        bound = Counter(target.key for line in wengert.lines for target in line.targets)
        lines = [line for line in wengert.lines if len(line.targets) == 1 and bound[line.targets[0].key] == 1]
        self.made: Mapping[str, Line] = {line.targets[0].key: line for line in lines}
        self._places: dict[Hashable, int] = {}
        self._numbers: dict[str, int] = {}
        for line in lines:
            if line.pure and line.gate is not None:
                self._numbers[line.targets[0].key] = self._computed(line)

    def number(self, value: Value) -> int:
        """The number of a value: that of another only where the two are surely the same."""
        if isinstance(value, Pack):
            return self._numbered((value.kind, value.names, *map(self.number, value.items)))
        if isinstance(value, Var):
            return self._variable(value.key)
        literal = constant(value)
        return self._numbered(("text", self._text(value)) if literal is None else ("literal", literal))

    def same(self, one: Value, two: Value) -> bool:
        """Whether two values are surely the same."""
        return one is two or self.number(one) == self.number(two)

    def _numbered(self, what: Hashable) -> int:
        return self._places.setdefault(what, len(self._places))

    def _variable(self, key: str) -> int:
        return self._numbers[key] if key in self._numbers else self._numbered(("variable", key))

    def _computed(self, line: Line) -> int:
        assert line.gate is not None
        if line.gate.algebra == "copy":
            return self.number(next(iter(line.args.values())))
        if line.gate.stops:
            return self._numbered(("stop", self._text(line.expr)))
        args = ((name, self.number(value)) for name, value in sorted(line.args.items()))
        return self._numbered((line.gate.name, *args))

    def _text(self, expr: Expr) -> str:
        """The text of an expression over variables, spaces apart."""
        spelled = render(bare(expr), lambda leaf: f"#{self._variable(leaf.leaf)}" if leaf.head == "var" else leaf.leaf)
        return "".join(spelled.split())
