"""Calls of the user's own functions, read through; and what a call that is not read might change.

The part of the reading stage between record.py, which writes lines, and tiling.py, which knows expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from srcgrad.cover import dotted
from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr, bare, constant, key_of, walk
from srcgrad.frame import Frame, Trace
from srcgrad.gate import COPY
from srcgrad.match import Book
from srcgrad.parameters import Argument, bind, local_names
from srcgrad.purity import pure
from srcgrad.record import Recorder, texts_of
from srcgrad.scope import Helper
from srcgrad.wengert import Block, Call, Line, Pack, Value, Var, ref

MOST_CALLERS = 50
MOST_CALLS = 5_000
"""How deep calls of the user's own functions may nest, and how many of them may stand in such functions."""


@dataclass(frozen=True, slots=True, eq=False)
class Pending:
    """An expression whose parts must be read before it; `before` has what to call before each part."""

    parts: tuple[Expr, ...]
    finish: Callable[[list[Value]], Value]
    before: tuple[Callable[[], object] | None, ...] = ()


class Caller(Recorder):
    """Reads the calls of one statement. `body` reads a function into the trace, and gives what it returns."""

    def __init__(self, frame: Frame, trace: Trace, book: Book, body: Callable[[Frame, Trace, Book], Value]) -> None:
        super().__init__(frame, trace)
        self.book, self.body = book, body

    def called(self, expr: Expr) -> Helper | None:
        """The user's own function that `expr` calls."""
        if expr.head != "call":
            return None
        if self.inner(expr):
            return Helper(self.frame.functions[expr.operands[0].leaf].function, self.frame.scope)
        name = self.owned(expr.operands[0])
        return self.frame.scope.helper(name) if name else self._method(expr)

    def inner(self, expr: Expr) -> bool:
        """Whether `expr` calls a function that is defined inside this one."""
        return expr.head == "call" and dotted(expr.operands[0]) in self.frame.functions

    def _method(self, expr: Expr) -> Helper | None:
        """The static method of a class of the user's that `expr` calls."""
        name = dotted(expr.operands[0]) if expr.operands[0].head == "attribute" else None
        if name is None or name.partition(".")[0] in self.frame.locals:
            return None
        return self.frame.scope.method(name)

    def gone(self, expr: Expr) -> bool:
        """Whether `expr` calls a function that no emitted text can call: it has neither inner functions nor classes."""
        return self.inner(expr) or (
            expr.head == "call" and not self.owned(expr.operands[0]) and self._method(expr) is not None
        )

    def call(self, expr: Expr, helper: Helper) -> Pending:
        """A call of the user's own function, read through."""
        args = bare(expr).operands[1:]
        self._check_depth(expr, helper)

        def finish(values: list[Value]) -> Value:
            texts: dict[int, Expr] = {}
            for arg, value in zip(args, values, strict=True):
                texts |= texts_of(arg.operands[0], value)
            text = self.rename(expr, texts)
            start = len(self.trace.lines)
            result = self.body(self._frame(expr, helper, args, values), self.trace, self.book)
            effects = any(not line.targets for line in Block(tuple(self.trace.lines[start:])).lines())
            if effects or self.gone(bare(expr)):
                self.values[id(expr)] = self.values[id(bare(expr))] = expr, result
                return result
            return self._standing(expr, text, result, start)

        return Pending(tuple(arg.operands[0] for arg in args), finish)

    def _check_depth(self, expr: Expr, helper: Helper) -> None:
        callers = (*self.frame.callers, self.frame.function)
        if any(helper.function.place == caller.place for caller in callers):
            names = " calls ".join(caller.name for caller in (*callers, helper.function))
            raise self.error(f"a function calls itself: {names}", expr, "write the recursion as straight-line code")
        self.trace.calls += bool(self.frame.callers)
        if len(callers) > MOST_CALLERS or self.trace.calls > MOST_CALLS:
            raise self.error("there are too many calls to read through", expr, "write some of them out")

    def _frame(self, expr: Expr, helper: Helper, args: Sequence[Expr], values: Sequence[Value]) -> Frame:
        """The frame of a called function; one inside the caller sees the caller's names as they are now."""
        inner = self.frame.functions[bare(expr).operands[0].leaf] if self.inner(bare(expr)) else None
        try:
            env = bind(helper.function, list(self._arguments(args, values)), inner.defaults if inner else {})
        except ValueError as error:
            raise self.error(str(error), expr, "pass each argument that it takes, once") from None
        callers = (*self.frame.callers, self.frame.function)
        root = self.frame.root or self.frame.scope
        frame = Frame(helper.function, helper.scope, frozenset(), env, self.statement, callers, root)
        if inner is None:
            return frame
        own = local_names(helper.function.node)
        outer = {name: value for name, value in inner.frame.env.items() if name not in own}
        return replace(
            frame,
            env={**outer, **env},
            root=self.frame.root,
            locals=inner.frame.locals,
            functions={name: one for name, one in inner.frame.functions.items() if name not in own},
            torn=inner.frame.torn - own,
        )

    def _arguments(self, args: Sequence[Expr], values: Sequence[Value]) -> Iterator[Argument]:
        """The arguments of a call one by one, those behind a star too."""
        for arg, value in zip(args, values, strict=True):
            before = arg.parts[0] if isinstance(arg.parts[0], str) else ""
            if arg.head != "star":
                yield before.partition("=")[0].strip(), value
                continue
            if not isinstance(value, Pack) or (value.kind == "dict") != before.startswith("**"):
                raise self.error("srcgrad cannot tell which arguments these are", arg, "write the arguments out")
            yield from zip(value.names or [""] * len(value.items), value.items, strict=True)

    def _standing(self, site: Expr, text: Expr, result: Value, start: int) -> Value:
        """Let the last line of a helper remember the call that it came from."""
        if isinstance(result, Pack):
            return result
        steps = self.trace.lines
        last = steps[-1] if len(steps) > start else None
        if not isinstance(last, Line) or not isinstance(result, Var) or last.targets != (result,):
            result = self.add(site, ref(result), COPY, {"x": result})
            last = steps[-1]
        assert isinstance(last, Line)
        lines = Block(tuple(steps[start:-1])).lines()
        inside = frozenset(target.base for line in lines for target in line.targets)
        steps[-1] = replace(last, call=Call(text, inside, self.statement))
        return result

    def check_unchanged(self, expr: Expr, args: Mapping[str, Value]) -> frozenset[str]:
        """Refuse a call that could change a list whose items are read one by one; the variables it is handed."""
        handed = {
            node.leaf
            for call in walk(expr)
            if call.head == "call" and not pure(call, self.meaning) and not self._harmless(call)
            for node in _whole(call)
        }
        for name, value in args.items():
            if name in handed and (
                isinstance(value, Pack) or self.trace.items.get(value.base if isinstance(value, Var) else "")
            ):
                raise self.error(
                    f"this call could change {name}, whose items are read one by one",
                    expr,
                    f"pass its items, as in [{name}[0], {name}[1]]",
                )
            if name in handed and isinstance(value, Var):
                self.trace.handed.add(value.base)
        return frozenset(value.base for name, value in args.items() if name in handed and isinstance(value, Var))

    def _harmless(self, call: Expr) -> bool:
        """Whether a call changes nothing: print, or a function of the user's, which could not be read if it did."""
        if self.meaning(call.operands[0]) == "builtins.print":
            return True
        helper = self.called(call)
        if helper is None:
            return False
        args = call.operands[1:]
        trace = Trace(
            self.trace.params, versions=dict(self.trace.versions), items={**self.trace.items}, calls=self.trace.calls
        )
        self._check_depth(call, helper)
        given = (bare(arg.operands[0]) for arg in args)
        values = [self.frame.env.get(part.leaf, part) if part.head == "name" else trace.new() for part in given]
        try:
            self.body(self._frame(call, helper, args, values), trace, self.book)
        except SrcgradError:
            return False
        return True


def _whole(call: Expr) -> Iterator[Expr]:
    """The names in a call that hand on all that they stand for: not those read at a constant index."""
    read = {
        id(node.operands[0])
        for node in walk(call)
        if (node.head == "subscript" and (key_of(node.operands[1]) or constant(node.operands[1]) is not None))
        or (node.head == "attribute" and node is not call.operands[0])
    }
    yield from (node for node in walk(call) if node.head == "name" and id(node) not in read)
