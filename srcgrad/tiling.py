"""An expression, tiled by gates: each gate becomes a line of the Wengert list that is being written.

The part of the reading stage that knows expressions; read.py knows statements.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace

from srcgrad.expr import Expr, bare, constant, key_of, walk
from srcgrad.gate import CONDITION, COPY, Gate
from srcgrad.match import Book, Tile, pure
from srcgrad.parameters import bind
from srcgrad.record import Frame, Recorder, Trace, texts_of
from srcgrad.scope import Helper
from srcgrad.wengert import Block, Call, Line, Pack, Step, Value, Var, ref

MOST_CALLERS = 50
MOST_LINES = 200_000
"""How deep calls of the user's own functions may nest, and how many lines they may grow to."""


@dataclass(frozen=True, slots=True, eq=False)
class _Pending:
    """An expression whose parts must be read before it; `before` has what to call before each part."""

    parts: tuple[Expr, ...]
    finish: Callable[[list[Value]], Value]
    before: tuple[Callable[[], object] | None, ...] = ()


class Tiler(Recorder):
    """Reads the expressions of one statement into lines."""

    def __init__(self, frame: Frame, trace: Trace, book: Book, body: Callable[[Frame, Trace, Book], Value]) -> None:
        super().__init__(frame, trace)
        self.book, self.body = book, body

    def evaluate(self, expr: Expr) -> Value:
        """What `expr` stands for, after writing the lines of its gates; operands first, from left to right."""
        tasks: list[Expr | _Pending | Callable[[], object]] = [expr]
        values: list[Value] = []
        while tasks:
            task = tasks.pop()
            if not isinstance(task, (Expr, _Pending)):
                task()
                continue
            plan = self._plan(task) if isinstance(task, Expr) else task
            if not isinstance(plan, _Pending):
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

    def _plan(self, expr: Expr) -> Value | _Pending:
        inner = bare(expr)
        if constant(inner) is not None or inner.head == "number":
            return inner
        if inner.head == "name":
            return self._name(inner)
        if inner.head in ("list", "tuple"):
            return self._pack(inner)
        if inner.head == "dict" and inner.operands and all(key_of(key) for key in inner.operands[::2]):
            names = tuple(key_of(key) for key in inner.operands[::2])
            return _Pending(inner.operands[1::2], lambda items: Pack("dict", tuple(items), None, names))
        if inner.head == "named":
            return self._walrus(inner)
        if inner.head == "subscript":
            item = self._item(inner) or self._result(inner)
            if item is not None:
                return item
        if inner.head in ("compare", "not") or (inner.head in ("and", "or") and _only_asks(inner)):
            return self.opaque(expr, CONDITION)
        if inner.head == "if":
            return self._choice(expr, inner)
        if inner.head in ("and", "or"):
            return self._either(expr, inner)
        if inner.head == "attribute" and (self.meaning(inner) is not None or self.owned(inner)):
            return self.rename(inner)
        stopped = self.stopped(inner)
        if stopped is not None:
            return _Pending((stopped,), lambda values: self.without_gradient(stopped, values[0]))
        tile = self.book.tile(inner, self.meaning, self.thing)
        if tile is None and inner.head == "call" and (name := self.owned(inner.operands[0])):
            helper = self.frame.scope.helper(name)
            if helper is not None:
                return self._call(expr, helper)
        if tile is None or tile.gate.stops:
            return self.opaque(expr, tile.gate if tile else None)
        return self._gate(expr, tile)

    def _name(self, expr: Expr) -> Value:
        name = expr.leaf
        if name in self.frame.env:
            return self.frame.env[name]
        if name in self.frame.locals:
            raise self.error(f"{name} is read before it is given a value", expr)
        if not self.frame.scope.known(name):
            raise self.error(
                f"{name} is not defined in this file",
                expr,
                "a star import hides what names mean: name what you import"
                if self.frame.scope.known("*")
                else "define it at the top level, or make it a parameter",
            )
        return self.rename(expr)

    def _item(self, expr: Expr) -> Value | None:
        """The item of a list whose items are known one by one, or of a parameter, at a constant index."""
        base, place = bare(expr.operands[0]), expr.operands[1]
        index = key_of(place) or constant(place)
        if not isinstance(index, (int, str)):
            return None
        value = self.frame.env.get(base.leaf) if base.head == "name" else None
        if base.head == "subscript":
            value = self._item(base)
        if isinstance(value, Pack):
            places = value.places()
            if isinstance(index, int) and value.kind != "dict" and index < 0:
                index += len(places)
            if index not in places:
                raise self.error(f"there is no item {index!r} here, of {len(places)} items", expr)
            return value.items[places.index(index)]
        if isinstance(value, Var) and self.is_parameter(value):
            return self.trace.item(value, index)
        return None

    def _result(self, expr: Expr) -> _Pending | None:
        """One of the results of a gate that has several, by a constant index."""
        index, called = constant(expr.operands[1]), bare(expr.operands[0])
        tile = self.book.tile(called, self.meaning, self.thing) if called.head == "call" else None
        count = len(tile.gate.body.results) if tile and not tile.gate.stops else 0
        if not isinstance(index, int) or not -count <= index < count:
            return None
        return _Pending((called,), lambda values: values[0].items[index] if isinstance(values[0], Pack) else values[0])

    def _pack(self, expr: Expr) -> Value | _Pending:
        if any(item.head == "star" for item in expr.operands):
            raise self.error("a starred item in a list or tuple is not read yet", expr, "write the items out")
        kind = expr.head
        return _Pending(expr.operands, lambda items: Pack(kind, tuple(items)))

    def _gate(self, expr: Expr, tile: Tile) -> _Pending:
        holes = tuple(tile.holes.items())

        def finish(values: list[Value]) -> Value:
            args = dict(zip((name for name, _ in holes), values, strict=True))
            self.check_numbers(holes, values)
            texts: dict[int, Expr] = {}
            for (_, occurrences), value in zip(holes, values, strict=True):
                for occurrence in occurrences:
                    texts |= texts_of(occurrence, value)
            result = self.add(expr, self.rename(expr, texts), tile.gate, args, spelling=tile.spelling.text)
            return self.several(result, len(tile.gate.body.results)) if tile.gate.body.results else result

        return _Pending(tuple(occurrences[0] for _, occurrences in holes), finish)

    def opaque(self, expr: Expr, gate: Gate | None) -> Var:
        """A line that is copied as it stands, with every local value that it reads."""
        args: dict[str, Value] = {}
        for node in list(walk(expr)):
            if node.head == "named":
                self.evaluate(node)
        held = self.held(expr)
        for node in walk(expr):
            if node.head == "name":
                value = self._name(node)
                if not isinstance(value, Expr) and id(node) not in held:
                    args[node.leaf] = value
            elif node.head == "text":
                self._refuse_text(node)
        path = self.meaning(bare(expr).operands[0]) if bare(expr).head == "call" else None
        known = path if path and path.startswith("math.") else ""
        clean = pure(self.plain(expr), self.meaning)
        if not clean:
            self.check_unchanged(expr, args)
        return self.add(expr, self.rename(expr), gate, args, known, clean)

    def _walrus(self, expr: Expr) -> _Pending:
        target, right = expr.operands
        start = len(self.trace.lines)

        def finish(values: list[Value]) -> Value:
            value = self.frame.env[target.leaf] = self.bind(target.leaf, values[0], right, start)
            return value

        return _Pending((right,), finish)

    def _refuse_text(self, node: Expr) -> None:
        """Text that is copied unread may be a plain string, nothing that could read or bind a name."""
        if not isinstance(ast.parse(node.leaf, mode="eval").body, ast.Constant):
            raise self.error(
                "srcgrad does not read this kind of expression yet", node, "compute it in a plain statement"
            )

    def condition(self, test: Expr) -> Value:
        """What a branch asks, of which only the truth counts."""
        return self._name(bare(test)) if bare(test).head == "name" else self.opaque(test, CONDITION)

    def _choice(self, expr: Expr, inner: Expr) -> _Pending:
        """A conditional expression: each arm's gates run only where Python runs it."""
        then, test, orelse = inner.operands
        asked = self.condition(test)
        arms: list[list[Step]] = []

        def switch() -> None:
            arms.append(self.trace.close())
            self.trace.open()

        def finish(values: list[Value]) -> Value:
            arms.append(self.trace.close())
            return self.branch(expr, asked, test, list(zip(arms, values, (then, orelse), strict=True)))

        return _Pending((then, orelse), finish, (self.trace.open, switch))

    def _either(self, expr: Expr, inner: Expr) -> _Pending:
        """`a and b`, `a or b`: the second is evaluated only where Python evaluates it."""
        first, second = inner.operands

        def finish(values: list[Value]) -> Value:
            arm = (self.trace.close(), values[1], second)
            arms = [arm, ([], values[0], first)]
            return self.branch(expr, values[0], first, arms if inner.head == "and" else arms[::-1])

        return _Pending((first, second), finish, (None, self.trace.open))

    def _call(self, expr: Expr, helper: Helper) -> _Pending:
        """A call of the user's own function, read through."""
        args = list(bare(expr).operands[1:])
        if any(arg.head == "star" for arg in args):
            raise self.error("starred arguments are not read yet", expr, "write the arguments out")
        callers = (*self.frame.callers, self.frame.function)
        if any(helper.function.place == caller.place for caller in callers):
            names = " calls ".join(caller.name for caller in (*callers, helper.function))
            raise self.error(f"a function calls itself: {names}", expr, "write the recursion as straight-line code")
        if len(callers) > MOST_CALLERS or len(self.trace.lines) > MOST_LINES:
            raise self.error("there are too many calls to read through", expr, "write some of them out")

        def finish(values: list[Value]) -> Value:
            texts = {
                id(arg.operands[0]): value.ref
                for arg, value in zip(args, values, strict=True)
                if isinstance(value, Var) and value.temporary
            }
            text = self.rename(expr, texts)
            try:
                env = bind(helper.function, args, values)
            except ValueError as error:
                raise self.error(str(error), expr) from None
            start = len(self.trace.lines)
            root = self.frame.root or self.frame.scope
            frame = Frame(helper.function, helper.scope, frozenset(), env, self.statement, callers, root)
            result = self.body(frame, self.trace, self.book)
            return self._standing(expr, text, result, start)

        return _Pending(tuple(arg.operands[0] for arg in args), finish)

    def _standing(self, site: Expr, text: Expr, result: Value, start: int) -> Value:
        """Let the last line of a helper remember the call that it came from."""
        if isinstance(result, Pack):
            return result
        steps = self.trace.lines
        last = steps[-1] if len(steps) > start else None
        if not isinstance(last, Line) or not isinstance(result, Var) or result not in last.targets:
            result = self.add(site, ref(result), COPY, {"x": result})
            last = steps[-1]
        assert isinstance(last, Line)
        lines = Block(tuple(steps[start:-1])).lines()
        inside = frozenset(target.base for line in lines for target in line.targets)
        steps[-1] = replace(last, call=Call(text, inside, self.statement))
        return result


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
