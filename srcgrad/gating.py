"""An expression that a gate covers, as a line of the Wengert list: operands and settings, each under its name."""

from __future__ import annotations

from collections.abc import Mapping

from srcgrad.calling import Caller, Pending
from srcgrad.cover import TRUTHS
from srcgrad.expr import Expr, bare, call, constant, var, walk
from srcgrad.gate import MODULES, Gate
from srcgrad.match import Tile
from srcgrad.record import texts_of
from srcgrad.rulebody import item
from srcgrad.wengert import Pack, Value, ref


class Gater(Caller):
    """Writes the lines of gates."""

    def gate(self, expr: Expr, tile: Tile) -> Pending:
        texts_in = {name: one[0] for name, one in tile.holes.items() if _written(name, one[0], tile)}
        holes = tuple((name, one) for name, one in tile.holes.items() if name not in texts_in)

        def finish(values: list[Value]) -> Value:
            operands = zip(holes, values, strict=True)
            numbers = [(hole, value) for hole, value in operands if hole[0] in tile.gate.operands]
            self.check_numbers([hole for hole, _ in numbers], [value for _, value in numbers])
            args: dict[str, Value] = {name: bare(text) for name, text in texts_in.items()}
            values = [
                self._array(value, occurrences[0]) if _as_array(name, value, tile) else value
                for (name, occurrences), value in zip(holes, values, strict=True)
            ]
            for (name, _), value in zip(holes, values, strict=True):
                args[name] = self._counted(value) if name in tile.gate.operands else value
            texts: dict[int, Expr] = {}
            for (_, occurrences), value in zip(holes, values, strict=True):
                for occurrence in occurrences:
                    texts |= texts_of(occurrence, value)
            text, form = self.rename(expr, texts), self._form(expr, tile, texts, args)
            result = self.add(expr, text, tile.gate, args, spelling=tile.spelling.text, form=form)
            count = len(tile.gate.body.results) or _pieces(tile.gate, args)
            return self.several(result, count) if count else result

        return Pending(tuple(occurrences[0] for _, occurrences in holes), finish)

    def _form(self, expr: Expr, tile: Tile, texts: Mapping[int, Expr], args: Mapping[str, Value]) -> Expr | None:
        """`expr` with the names of the gate's operands for what stands in them; None for a gate that works by items."""
        gate = tile.gate
        by_items = gate.form[0] in ("", "broadcast") or (gate.form[0] == "added" and isinstance(args["xs"], Pack))
        if gate.algebra not in ("linear", "bilinear") or by_items:
            return None
        written = {id(node) for node in walk(expr)}
        holes: dict[int, Expr] = {}
        for name in gate.operands:
            for one in tile.holes.get(name, ()):
                if id(one) in written:
                    holes[id(one)] = var(name)
                else:  # several arguments, read as one list
                    holes |= {id(part): var(item(name, i)) for i, part in enumerate(one.operands)}
        return self.rename(expr, {**texts, **holes})

    def _array(self, value: Value, site: Expr) -> Value:
        """A list that is written out where an array is read, as that array."""
        gate = next(one.gate for one in self.book.spellings("numpy.array", None) if one.text == "np.array(x)")
        array = Expr("import", ("numpy.array",))
        return self.add(site, call(array, ref(value)), gate, {"x": value}, "np.array(x)", form=call(array, var("x")))

    def _counted(self, value: Value) -> Value:
        """`value`; a truth value that is written out as the number that it counts as."""
        counts = TRUTHS.get(self.meaning(value) or "") if isinstance(value, Expr) else None
        return value if counts is None else Expr("number", (counts,))


_NOT_OF_LISTS = frozenset(("-", "/", "//", "%", "**", "@"))
"""The operators that lists do not have, so that the other operand is an array."""


def _as_array(name: str, value: Value, tile: Tile) -> bool:
    """Whether an operand is a list that a library's function reads as one array."""
    module = tile.spelling.text.partition("(")[0].partition(".")[0]
    libraries = (*(name for name in MODULES if name != "math"), *tile.gate.parameters)  # a method is of a parameter
    packed = isinstance(value, Pack) and value.kind != "dict" and name in tile.gate.operands
    return packed and (module in libraries or tile.spelling.root in _NOT_OF_LISTS) and not tile.gate.body.many(name)


def _pieces(gate: Gate, args: Mapping[str, Value]) -> int:
    """How many pieces an array is cut into, where that is written out."""
    sections = args.get("indices_or_sections") if gate.cuts else None
    if isinstance(sections, Pack):
        return len(sections.items) + 1
    count = constant(sections) if isinstance(sections, Expr) else None
    return count if isinstance(count, int) else 0


def _written(name: str, expr: Expr, tile: Tile) -> bool:
    """Whether a setting is a string that is written out."""
    return bare(expr).head == "text" and name in tile.gate.settings


def refilled(expr: Expr, values: list[Value]) -> Expr:
    """An index or a slice with what its parts stand for."""
    rest = iter(values)
    return Expr(expr.head, tuple(ref(next(rest)) if isinstance(part, Expr) else part for part in expr.parts))
