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
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import libcst as cst

from srcgrad.arithmetic import simplify
from srcgrad.expr import Expr, bare, binary, call, display, number, rebuild, render, var, walk
from srcgrad.lower import lower


@dataclass(frozen=True, slots=True)
class Loop:
    """The lines for the items of many operands: `items` has the name of an item by its operand, `index` its place."""

    items: Mapping[str, str]
    index: str
    gradients: Mapping[str, Expr]


@dataclass(frozen=True, slots=True)
class Body:
    """A rule, read: the line for each operand, its loops, and the names of its results where they are several.

    What an `if` decides is a conditional expression; `dx[index] += dy` is a "scatter", `np.add.at(dx, index, dy)` a
    "scatter_at" of the index and the value. What comes behind the first line of an operand is "onto" that: other
    scatters, the "factor" of a line `dx *= ...`. `steps` are the values that the lines share, `tangents` are the lines,
    by the results, of a rule that writes forward mode itself.
    """

    gradients: Mapping[str, Expr]
    loops: tuple[Loop, ...] = ()
    results: tuple[str, ...] = ()
    steps: Mapping[str, Expr] = field(default_factory=dict)
    tangents: Mapping[str, Expr] = field(default_factory=dict)

    @property
    def imports(self) -> frozenset[str]:
        """The library functions that the rule calls."""
        return self.leaves("import")

    def leaves(self, head: str) -> frozenset[str]:
        """The leaves of a kind in its lines, "var" for the rule's own names."""
        lines = chain(self.gradients.values(), self.steps.values(), *(loop.gradients.values() for loop in self.loops))
        return frozenset(node.leaf for line in lines for node in walk(line) if node.head == head)

    def many(self, operand: str) -> bool:
        """Whether `operand` is a list or tuple of operands."""
        return any(operand in loop.items for loop in self.loops)

    def gradient(self, operand: str, place: int | tuple[int, ...] | None, count: int) -> Expr:
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
    statements = list(tree.body.body)
    results: tuple[str, ...] = ()
    begin = statements[0]
    first = None if isinstance(begin, cst.BaseCompoundStatement) else next(_assignments(begin), None)
    if first is not None and isinstance(first[0], cst.Tuple):
        results = tuple(render(lower(element.value)) for element in first[0].elements)
        statements = statements[1:]
    loops = [statement for statement in statements if isinstance(statement, cst.For)]
    lines = _lines([statement for statement in statements if not isinstance(statement, cst.For)])
    returned = [f"d{result}" for result in results or parameters[:1]]
    steps = {name for name in lines if name[:1] != "d" or name[1:] not in (*parameters, *results)}
    own = {*parameters, *results, *returned, *steps}
    forward = own | {f"d{name}" for name in parameters}
    meant = {
        name: _meant(line, forward if name in returned or name in steps else own, modules)
        for name, line in lines.items()
    }
    return Body(
        {name[1:]: line for name, line in meant.items() if name[1:] in parameters[1:] and name not in returned},
        tuple(_loop(loop, own, modules) for loop in loops),
        results,
        _ordered({name: line for name, line in meant.items() if name in steps}),
        {name[1:]: meant[name] for name in returned if name in meant},
    )


def _ordered(steps: Mapping[str, Expr]) -> dict[str, Expr]:
    """Shared values, each behind those that it reads: one arm of an `if` may name them before the other."""
    found: dict[str, Expr] = {}
    while len(found) < len(steps):
        for name, step in steps.items():
            waiting = steps.keys() - found.keys() - {name}
            if not any(node.head == "var" and node.leaf in waiting for node in walk(step)):
                found.setdefault(name, step)
    return found


def _lines(statements: Sequence[cst.CSTNode]) -> dict[str, Expr]:
    """What each name of a rule is, `dx` for the line `dx = ...`; an `if` as a conditional expression."""
    found: dict[str, Expr] = {}
    for statement in statements:
        if isinstance(statement, cst.If):
            then = _lines(statement.body.body)
            orelse = _lines(_else(statement))
            for name in (*then, *(name for name in orelse if name not in then)):
                nothing = found.get(name, number(0))
                arms = then.get(name, nothing), " if ", lower(statement.test), " else ", orelse.get(name, nothing)
                found[name] = Expr("if", arms)
        else:
            for name, line in _line(statement):
                again = line.head in ("scatter", "scatter_at", "factor") and name in found
                found[name] = _onto(found[name], line) if again else line
    return found


def _onto(first: Expr, line: Expr) -> Expr:
    """What is added into a gradient that a line above begins, or multiplies it."""
    return Expr("onto", (*(first.parts if first.head == "onto" else (first,)), " ", line))


def _else(statement: cst.If) -> Sequence[cst.CSTNode]:
    if isinstance(statement.orelse, cst.If):
        return [statement.orelse]
    return statement.orelse.body.body if statement.orelse is not None else []


def _line(statement: cst.CSTNode) -> Iterator[tuple[str, Expr]]:
    assert isinstance(statement, cst.SimpleStatementLine)
    for small in statement.body:
        if isinstance(small, cst.Assign):
            target = lower(small.targets[0].target)
            if target.head == "name":
                yield target.leaf, _value(small.value)
            else:
                yield bare(target.operands[0]).leaf, _scattered("scatter", target.operands[1], small.value)
        elif isinstance(small, cst.AugAssign):
            target, value = lower(small.target), _value(small.value)
            if target.head == "name":
                yield target.leaf, Expr("factor", (value,))
            else:
                less = isinstance(small.operator, cst.SubtractAssign)
                added = simplify(Expr("neg", ("-", value))) if less else value
                yield bare(target.operands[0]).leaf, Expr("scatter", (target.operands[1], " ", added))
        elif isinstance(small, cst.Expr) and isinstance(small.value, cst.Call):
            into, index, item_ = (arg.value for arg in small.value.args)
            yield lower(into).leaf, _scattered("scatter_at", lower(index), item_)


def _value(node: cst.BaseExpression) -> Expr:
    """The right side of a line, on one line."""

    def joined(expr: Expr) -> Expr:
        parts = (joined(part) if isinstance(part, Expr) else _LINE_BREAK.sub(_unbroken, part) for part in expr.parts)
        return Expr(expr.head, tuple(parts))

    return joined(lower(node))


_LINE_BREAK = re.compile(r"(\(|\[)?\s*\n\s*(?=(\)|\])?)")


def _unbroken(found: re.Match[str]) -> str:
    return found[1] or ("" if found[2] else " ")


def _scattered(head: str, index: Expr, value: cst.BaseExpression) -> Expr:
    return Expr(head, (index, " ", _value(value)))


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
    """`for x in xs`, `for i, x in enumerate(xs)`, `for x, y in zip(xs, ys)` or both: `for i, (x, y) in ...`."""
    target, over = lower(loop.target), lower(loop.iter)
    names = [render(name) for part in target.operands or (target,) for name in bare(part).operands or (part,)]
    many = [render(arg) for arg in _iterated(over)]
    index = names.pop(0) if len(names) > len(many) else ""
    inside = own | {*names, index}
    lines = [line for statement in loop.body.body for line in _assignments(statement)]
    gradients = {_operand(name): _meant(_value(value), inside, modules) for name, value in lines}
    return Loop(dict(zip(many, names, strict=True)), index, gradients)


def _meant(expr: Expr, own: set[str], modules: Mapping[str, str]) -> Expr:
    """A rule's expression with its own names as variables, library functions and builtins as imports."""

    def leaf(node: Expr) -> Expr | None:
        if node.head == "name" and node.leaf in own:
            return Expr("var", (node.leaf,))
        if node.head == "name" and hasattr(builtins, node.leaf) and node.leaf not in ("None", "True", "False"):
            return Expr("import", (f"builtins.{node.leaf}",))
        if node.head == "attribute" and bare(node.operands[0]).head == "name":
            module = modules.get(node.operands[0].leaf)
            text = node.parts[1]
            return Expr("import", (f"{module}{text}",)) if module and isinstance(text, str) else None
        return None

    return rebuild(expr, leaf)


def _unrolled(expr: Expr, loop: Loop, place: int | tuple[int, ...], count: int) -> Expr:
    """A line of a loop for the items at `place` of operands that have `count` items each."""
    whole = {operand: display("list", tuple(var(item(operand, i)) for i in range(count))) for operand in loop.items}
    if isinstance(place, tuple):
        names = {**whole, loop.index: _index(place)}
        return rebuild(expr, lambda node: names.get(node.leaf) if node.head == "var" else None)
    own = {name: var(item(operand, place)) for operand, name in loop.items.items()}
    names = {**whole, **own, loop.index: number(place)}
    before, after = range(place), range(place + 1, count)
    slices = {}
    for operand in loop.items:
        first, last = f"{operand}[:{loop.index}]", f"{operand}[{loop.index}+1:]"
        for text, places in ((first, before), (last, after), (f"{first}+{last}", (*before, *after))):
            slices[text] = [var(item(operand, i)) for i in places]

    def leaf(node: Expr) -> Expr | None:
        if node.head == "var":
            return names.get(node.leaf)
        if node.head == "call":
            items = slices.get("".join(render(node.operands[1]).split()))
            return None if items is None else _of_several(node.operands[0], items)
        if node.head == "compare":
            return _compared([rebuild(part, leaf) if isinstance(part, Expr) else part for part in node.parts])
        return None

    return rebuild(expr, leaf)


def _iterated(over: Expr) -> tuple[Expr, ...]:
    """What a loop runs over: one of many, several beside each other, with their places or without."""
    inner = bare(over.operands[0]) if over.head == "arg" else over
    if inner.head != "call":
        return (inner,)
    return tuple(one for arg in inner.operands[1:] for one in _iterated(arg))


def _index(places: Sequence[int]) -> Expr:
    """`i, j`."""
    parts: list[Expr | str] = [number(places[0])]
    for place in places[1:]:
        parts += [", ", number(place)]
    return Expr("index", tuple(parts))


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
