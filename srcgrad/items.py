"""Items of what has several: of a list that is written out, of the results of a gate, of an array that is unpacked."""

from __future__ import annotations

from srcgrad.calling import Pending
from srcgrad.expr import Expr, bare, constant, key_of, var
from srcgrad.gating import Gater
from srcgrad.wengert import Pack, Value, Var


class Items(Gater):
    """Reads what stands for one of several values."""

    def result(self, expr: Expr) -> Pending | None:
        """One of the results of a gate that has several, by a constant index."""
        index, called = constant(expr.operands[1]), bare(expr.operands[0])
        tile = self.book.tile(called, self.meaning, self.thing) if called.head == "call" else None
        gate = tile.gate if tile and not tile.gate.stops else None
        count = len(gate.body.results) if gate else 0
        cut = gate is not None and gate.cuts
        if not isinstance(index, int) or not (cut or -count <= index < count):
            return None
        if cut:
            return Pending((called,), lambda values: self._piece(values[0], index, expr))
        return Pending((called,), lambda values: values[0].items[index] if isinstance(values[0], Pack) else values[0])

    def _piece(self, value: Value, index: int, expr: Expr) -> Value:
        """One of the pieces that an array is cut into."""
        if not isinstance(value, Pack):
            raise self.error("srcgrad cannot tell how many pieces these are", expr, "unpack them: a, b = ...")
        return self.picked(value, index, expr)

    def chosen(self, expr: Expr) -> Pending | None:
        """An item of a list that is written out here, or of what a function of the user's returns."""
        whole, index = bare(expr.operands[0]), key_of(expr.operands[1]) or constant(expr.operands[1])
        written = whole.head in ("list", "tuple", "dict") or (whole.head == "subscript" and self.chosen(whole))
        if not isinstance(index, (int, str)) or not (written or self.called(whole)):
            return None

        def finish(values: list[Value]) -> Value:
            return (
                self.picked(values[0], index, expr) if isinstance(values[0], Pack) else self._indexed(expr, values[0])
            )

        return Pending((whole,), finish)

    def _indexed(self, expr: Expr, value: Value) -> Value:
        """`expr`, an item of what has the value `value`."""
        tile = self.book.tile(expr, self.meaning)
        assert tile is not None
        pending, whole = self.gate(expr, tile), expr.operands[0]
        return pending.finish([value if part is whole else part for part in pending.parts])

    def layers(self, value: Var, count: int, site: Expr) -> Pack:
        """The `count` items of an array along its first axis, which is np.unstack without a call."""
        (spelling,) = self.book.spellings("numpy.unstack", None)
        return self.several(self.add(site, value.ref, spelling.gate, {"x": value}, form=var("x")), count)
