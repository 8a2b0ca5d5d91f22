"""Items of what has several: of a list that is written out, of the results of a gate, of an array that is unpacked."""

from __future__ import annotations

from srcgrad.calling import Pending
from srcgrad.expr import Expr, bare, constant, key_of, number, var
from srcgrad.gate import COPY
from srcgrad.gating import Gater
from srcgrad.wengert import Line, Pack, Value, Var

_NAMED = {
    "numpy.linalg.eig": ("eigenvalues", "eigenvectors"),
    "numpy.linalg.eigh": ("eigenvalues", "eigenvectors"),
    "numpy.linalg.qr": ("Q", "R"),
    "numpy.linalg.slogdet": ("sign", "logabsdet"),
    "numpy.linalg.svd": ("U", "S", "Vh"),
}
"""The names of several results, which numpy gives as a tuple."""


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

    def named(self, expr: Expr) -> Pending | Value | None:
        """A result by the name that numpy gives it: `np.linalg.svd(x).S`."""
        whole, name = bare(expr.operands[0]), str(expr.parts[1]).strip(". ")
        if whole.head == "call":
            names = _NAMED.get(self.meaning(whole.operands[0]) or "", ())
            item = Expr("subscript", (whole, "[", number(names.index(name)), "]")) if name in names else None
            return item and self.result(item)
        value = self.frame.env.get(whole.leaf) if whole.head == "name" else None
        if not isinstance(value, Pack):
            return None
        made = self._maker(value)
        names = _NAMED.get(self.meaning(made.operands[0]) or "", ()) if made is not None and made.head == "call" else ()
        return value.items[names.index(name)] if name in names else None

    def _maker(self, value: Pack) -> Expr | None:
        """The expression whose results are the items of `value`."""
        items = value.items
        for line in reversed(self.trace.lines):
            if isinstance(line, Line) and line.targets == items:
                if line.gate is not COPY:
                    return bare(line.expr)
                items = tuple(line.args.values())
        return None

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
