"""What a rule says: a line for each operand, a loop over many operands, names for several results.

    @elementwise("max(xs)", "max(*xs)")                 @elementwise("divmod(x, y)")
    def maximum_of_many(m, xs):                         def quotient_and_remainder(z, x, y):
        for i, x in enumerate(xs):                          q, r = z
            dx = dm * (max(xs[:i]) < x >= max(xs[i + 1 :]))     dx = dr
                                                            dy = -(x // y) * dr

A loop is unrolled where the rule is applied: its slices become what stands there, so that the largest of one operand
is that operand, and a comparison with the largest of none falls away.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from srcgrad.expr import Expr, bare, binary, call, number, rebuild, render, var, walk
from srcgrad.lower import lower


@dataclass(frozen=True, slots=True)
class Loop:
    """The lines for the items of many operands: `items` has the name of an item by its operand, `index` its place."""

    items: Mapping[str, str]
    index: str
    gradients: Mapping[str, Expr]


@dataclass(frozen=True, slots=True)
class Body:
    """A rule, read: the line for each operand, its loops, and the names of its results where they are several."""

    gradients: Mapping[str, Expr]
    loops: tuple[Loop, ...] = ()
    results: tuple[str, ...] = ()

    @property
    def imports(self) -> frozenset[str]:
        """The library functions that the rule calls."""
        lines = (*self.gradients.values(), *(line for loop in self.loops for line in loop.gradients.values()))
        return frozenset(node.leaf for line in lines for node in walk(line) if node.head == "import")

    def many(self, operand: str) -> bool:
        """Whether `operand` is a list or tuple of operands."""
        return any(operand in loop.items for loop in self.loops)

    def gradient(self, operand: str, place: int | None, count: int) -> Expr:
        """The line for an operand; for one of many, that for the item at `place` of `count`, over `item` keys."""
        if place is None:
            return self.gradients[operand]
        loop = next(loop for loop in self.loops if operand in loop.items)
        return _unrolled(loop.gradients[loop.items[operand]], loop, place, count)


def item(operand: str, place: int) -> str:
    """What stands for the item at `place` of `operand` in an unrolled line."""
    return f"{operand}[{place}]"


def body(tree: cst.FunctionDef, parameters: Sequence[str], modules: Mapping[str, str]) -> Body:
    """The body of the rule `tree`; `modules` are the names that its library functions are written with."""
    results: tuple[str, ...] = ()
    lines: list[tuple[str, cst.BaseExpression]] = []
    loops: list[cst.For] = []
    for statement in tree.body.body:
        if isinstance(statement, cst.For):
            loops.append(statement)
            continue
        for target, value in _assignments(statement):
            if isinstance(target, cst.Tuple):
                results = tuple(render(lower(element.value)) for element in target.elements)
            else:
                lines.append((_operand(target), value))
    own = {*parameters, *results, *(f"d{result}" for result in results or parameters[:1])}
    gradients = {name: _meant(lower(value), own, modules) for name, value in lines}
    return Body(gradients, tuple(_loop(loop, own, modules) for loop in loops), results)


def _assignments(statement: cst.CSTNode) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    assert isinstance(statement, cst.SimpleStatementLine)
    for small in statement.body:
        if isinstance(small, cst.Assign):
            yield small.targets[0].target, small.value


def _operand(target: cst.BaseExpression) -> str:
    """The operand that a line `dx = ...` is for."""
    assert isinstance(target, cst.Name)
    return target.value[1:]


def _loop(loop: cst.For, own: set[str], modules: Mapping[str, str]) -> Loop:
    """`for x in xs`, `for i, x in enumerate(xs)` or `for x, y in zip(xs, ys)`."""
    target, over = lower(loop.target), lower(loop.iter)
    names = [render(name) for name in target.operands] or [render(target)]
    many = [render(arg) for arg in over.operands[1:]] if over.head == "call" else [render(over)]
    index = names.pop(0) if len(names) > len(many) else ""
    inside = own | {*names, index}
    lines = [line for statement in loop.body.body for line in _assignments(statement)]
    gradients = {_operand(name): _meant(lower(value), inside, modules) for name, value in lines}
    return Loop(dict(zip(many, names, strict=True)), index, gradients)


def _meant(expr: Expr, own: set[str], modules: Mapping[str, str]) -> Expr:
    """A rule's expression with its own names as variables, library functions and builtins as imports."""

    def leaf(node: Expr) -> Expr | None:
        if node.head == "name" and node.leaf in own:
            return Expr("var", (node.leaf,))
        if node.head == "name" and hasattr(builtins, node.leaf):
            return Expr("import", (f"builtins.{node.leaf}",))
        if node.head == "attribute" and bare(node.operands[0]).head == "name":
            module = modules.get(node.operands[0].leaf)
            text = node.parts[1]
            return Expr("import", (f"{module}{text}",)) if module and isinstance(text, str) else None
        return None

    return rebuild(expr, leaf)


def _unrolled(expr: Expr, loop: Loop, place: int, count: int) -> Expr:
    """A line of a loop for the items at `place` of operands that have `count` items each."""
    keys = {name: item(operand, place) for operand, name in loop.items.items()}
    before, after = range(place), range(place + 1, count)
    slices = {}
    for operand in loop.items:
        first, last = f"{operand}[:{loop.index}]", f"{operand}[{loop.index}+1:]"
        for text, places in ((first, before), (last, after), (f"{first}+{last}", (*before, *after))):
            slices[text] = [var(item(operand, i)) for i in places]

    def leaf(node: Expr) -> Expr | None:
        if node.head == "var" and node.leaf in keys:
            return var(keys[node.leaf])
        if node.head == "call":
            items = slices.get("".join(render(node.operands[1]).split()))
            return None if items is None else _of_several(node.operands[0], items)
        if node.head == "compare":
            return _compared([rebuild(part, leaf) if isinstance(part, Expr) else part for part in node.parts])
        return None

    return rebuild(expr, leaf)


_NOTHING = Expr("text", ("",))
"""The largest of no operands."""


def _of_several(function: Expr, items: Sequence[Expr]) -> Expr:
    """`function` of the operands `items`: a product is written out, the largest of one is that one."""
    if function.leaf == "math.prod":
        product = items[0] if items else number(1)
        for factor in items[1:]:
            product = binary("*", product, factor)
        return product
    if len(items) < 2:
        return items[0] if items else _NOTHING
    return call(function, *items)


def _compared(parts: list[Expr | str]) -> Expr:
    """A chain of comparisons without those with nothing."""
    if parts[0] is _NOTHING:
        parts = parts[2:]
    if parts[-1] is _NOTHING:
        parts = parts[:-2]
    return Expr("compare", tuple(parts)) if len(parts) > 1 else number(1)
