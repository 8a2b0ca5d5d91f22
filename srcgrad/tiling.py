"""An expression, tiled by gates: each gate becomes a line of the Wengert list that is being written.

The part of the reading stage that knows expressions; read.py knows statements.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from srcgrad.calling import Pending
from srcgrad.cover import dotted
from srcgrad.expr import Expr, bare, constant, key_of, walk
from srcgrad.gate import CONDITION, Gate
from srcgrad.gating import refilled
from srcgrad.items import Items
from srcgrad.order import certain, in_order
from srcgrad.purity import pure
from srcgrad.wengert import Pack, Step, Value, Var, ref

_SOMETIMES = "this is evaluated on some paths only"


class Tiler(Items):
    """Reads the expressions of one statement into lines. `arms` counts those of a choice that are being read."""

    arms = 0

    def evaluate(self, expr: Expr) -> Value:
        """What `expr` stands for, after writing the lines of its gates; operands first, from left to right."""
        tasks: list[Expr | Pending | Callable[[], object]] = [expr]
        values: list[Value] = []
        while tasks:
            task = tasks.pop()
            if not isinstance(task, (Expr, Pending)):
                task()
                continue
            plan = self._plan(task) if isinstance(task, Expr) else task
            if not isinstance(plan, Pending):
                values.append(plan)
            elif isinstance(task, Expr):
                tasks.append(plan)
                calls = plan.before or (None,) * len(plan.parts)
                for part, first in zip(reversed(plan.parts), reversed(calls), strict=True):
                    tasks += (part, first) if first else (part,)
            else:
                start = len(values) - len(plan.parts)
                args = values[start:]
                del values[start:]
                values.append(plan.finish(args))
        return values[0]

    def _plan(self, expr: Expr) -> Value | Pending:
        inner = bare(expr)
        if constant(inner) is not None or inner.head == "number":
            return inner
        if inner.head == "name":
            return self._name(inner)
        if inner.head in ("list", "tuple"):
            return self._pack(inner)
        if inner.head == "dict" and all(key_of(key) for key in inner.operands[::2]):
            return self._dict(inner)
        if inner.head == "named":
            return self._walrus(inner)
        if inner.head in ("index", "slice"):
            return Pending(inner.operands, lambda values: refilled(inner, values))
        if inner.head == "text" and inner.leaf == "...":
            return inner
        if inner.head == "subscript":
            item = self.item(inner) or self.result(inner) or self.chosen(inner)
            if item is not None:
                return item
        if inner.head in ("compare", "not") or (inner.head in ("and", "or") and _only_asks(inner)):
            return self.opaque(expr, CONDITION)
        if inner.head == "if":
            return self._choice(expr, inner)
        if inner.head in ("and", "or"):
            return self._either(expr, inner)
        if inner.head == "attribute" and (named := self.named(inner)) is not None:
            return named
        if inner.head == "attribute" and (self.meaning(inner) is not None or self.owned(inner)):
            return self.rename(inner)
        stopped = self.stopped(inner)
        if stopped is not None:
            return Pending((stopped,), lambda values: self.without_gradient(stopped, values[0]))
        tile = None if self._global(inner) else self.book.tile(inner, self.meaning, self.thing)
        helper = self.called(inner) if tile is None else None
        if helper is not None:
            return self.call(expr, helper)
        if tile is None or tile.gate.stops:
            return self.opaque(expr, tile.gate if tile else None)
        return self.gate(expr, tile)

    def _dict(self, expr: Expr) -> Pending:
        """A dict that is written out, under plain keys."""
        names = tuple(key_of(key) for key in expr.operands[::2])
        if len({*names}) < len(names):
            raise self.error("a key is given twice here", expr, "leave the first one out")
        return Pending(expr.operands[1::2], lambda items: Pack("dict", tuple(items), None, names))

    def _global(self, expr: Expr) -> bool:
        """Whether `expr` is an item of a global."""
        if expr.head != "subscript" or self.meaning(expr.operands[0]) in ("numpy.r_", "numpy.c_"):
            return False
        name = dotted(bare(expr.operands[0])) or ""
        return name.partition(".")[0] not in ("", *self.frame.locals)

    def _name(self, expr: Expr) -> Value:
        """What a name stands for; of a global, the name by which it is read."""
        value = self._local(expr)
        return self.rename(expr) if value is None else value

    def _local(self, expr: Expr) -> Value | None:
        """What a local name stands for; None for a global. SrcgradError where it stands for nothing that is known."""
        name = expr.leaf
        if name in self.frame.env:
            return self.frame.env[name]
        if name in self.frame.functions:
            raise self.error(
                f"{name} is a function defined in this one, which can be called, no more",
                expr,
                "hand on what it returns",
            )
        if name in self.frame.torn:
            raise self.error(
                f"what {name} is here depends on the path", expr, "give it a value of one kind on every path"
            )
        if name in self.frame.locals:
            raise self.error(f"{name} is read before it is given a value", expr, "assign to it above")
        if not self.frame.scope.known(name):
            raise self.error(
                f"{name} is not defined in this file",
                expr,
                "a star import hides what names mean: name what you import"
                if self.frame.scope.known("*")
                else "define it at the top level, or make it a parameter",
            )
        return None

    def _pack(self, expr: Expr) -> Pending:
        """A list or tuple that is written out; what stands behind a star is spread."""

        def finish(values: list[Value]) -> Value:
            items: list[Value] = []
            for part, value in zip(expr.operands, values, strict=True):
                if part.head != "star":
                    items.append(value)
                elif isinstance(value, Pack) and value.kind != "dict":
                    items += value.items
                else:
                    raise self.error("srcgrad cannot tell which items these are", part, "write the items out")
            return Pack(expr.head, tuple(items))

        return Pending(tuple(item.operands[0] if item.head == "star" else item for item in expr.operands), finish)

    def opaque(self, expr: Expr, gate: Gate | None) -> Var:
        """A line that is copied as it stands, with every local value that it reads."""
        first = self._first(expr, gate)
        args: dict[str, Value] = {}
        held = self.held(expr)
        parts = dict(first)
        for node in walk(expr, parts):
            item = self.item(node) if node.head == "subscript" and id(node) not in held else None
            if item is not None:
                parts[id(node)] = item
            if id(node) in parts:
                args[str(len(args))] = parts[id(node)]
            elif node.head == "name":
                value = self._local(node)
                if value is not None and not isinstance(value, Expr) and id(node) not in held:
                    args[node.leaf] = value
            elif node.head == "text":
                self._refuse_text(node)
        path = self.meaning(bare(expr).operands[0]) if bare(expr).head == "call" else None
        known = path if path and path.startswith("math.") else ""
        clean = pure(self.plain(expr), self.meaning)
        handed = frozenset[str]() if clean else self.check_unchanged(expr, args)
        text = self.rename(expr, {node: ref(value) for node, value in first.items()})
        return self.add(expr, text, gate, args, known, clean, handed=handed)

    def _first(self, expr: Expr, gate: Gate | None) -> dict[int, Value]:
        """What in `expr` has lines of its own, by identity: a walrus, a call that cannot stand in an emitted text.

        In what has no gate also what stops the gradient: `np.hanning(len(x))` does not depend on the items of x.
        """
        found: dict[int, Value] = {}
        for node in walk(expr, found):
            if gate is None and node is not expr and self._stops(node) and node in certain(expr):
                found[id(node)] = self.evaluate(node)
                continue
            if node.head == "named" or self.gone(node):
                if node not in certain(expr):
                    raise self.error(_SOMETIMES, node, "give it a statement of its own")
                found[id(node)] = self.evaluate(node)
        return found

    def _stops(self, node: Expr) -> bool:
        """Whether `node` is a call or an attribute through which no gradient passes."""
        if node.head not in ("call", "attribute"):
            return False
        tile = self.book.tile(node, self.meaning, self.thing)
        return tile is not None and tile.gate.stops

    def _walrus(self, expr: Expr) -> Pending:
        target, right = expr.operands
        start = len(self.trace.lines)
        if self.arms:
            raise self.error(_SOMETIMES, expr, "give it a statement of its own")
        for node in in_order(self.statement.tree):
            if node is expr:
                break
            if node.head == "name" and node.leaf == target.leaf:
                raise self.error(f"{target.leaf} is read and then assigned to here", expr, "assign to it before")

        def finish(values: list[Value]) -> Value:
            value = self.frame.env[target.leaf] = self.bind(target.leaf, values[0], right, start)
            return value

        return Pending((right,), finish)

    def _refuse_text(self, node: Expr) -> None:
        """Text that is copied unread may be a plain string, nothing that could read or bind a name."""
        # In parentheses, which a generator has only from the call that it stands in.
        if not isinstance(ast.parse(f"({node.leaf})", mode="eval").body, ast.Constant):
            raise self.error(
                "srcgrad does not read this kind of expression yet", node, "write it out in names, numbers and calls"
            )

    def condition(self, test: Expr) -> Value:
        """What a branch asks, of which only the truth counts."""
        return self._name(bare(test)) if bare(test).head == "name" else self.opaque(test, CONDITION)

    def _choice(self, expr: Expr, inner: Expr) -> Pending:
        """A conditional expression: each arm's gates run only where Python runs it."""
        then, test, orelse = inner.operands
        asked = self.condition(test)
        arms: list[list[Step]] = []

        def switch() -> None:
            arms.append(self._close())
            self._open()

        def finish(values: list[Value]) -> Value:
            arms.append(self._close())
            return self.branch(expr, asked, test, list(zip(arms, values, (then, orelse), strict=True)))

        return Pending((then, orelse), finish, (self._open, switch))

    def _either(self, expr: Expr, inner: Expr) -> Pending:
        """`a and b`, `a or b`: the second is evaluated only where Python evaluates it."""
        first, second = inner.operands

        def finish(values: list[Value]) -> Value:
            arm = (self._close(), values[1], second)
            arms = [arm, ([], values[0], first)]
            return self.branch(expr, values[0], first, arms if inner.head == "and" else arms[::-1])

        return Pending((first, second), finish, (None, self._open))

    def _open(self) -> None:
        self.trace.open()
        self.arms += 1

    def _close(self) -> list[Step]:
        self.arms -= 1
        return self.trace.close()


def _only_asks(expr: Expr) -> bool:
    """Whether an `and` or `or` is made of comparisons, so that its value is a truth value."""
    stack = [expr]
    while stack:
        node = bare(stack.pop())
        if node.head in ("and", "or"):
            stack.extend(node.operands)
        elif node.head not in ("compare", "not"):
            return False
    return True
