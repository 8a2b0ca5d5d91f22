"""An expression, tiled by gates: each gate becomes a line of the Wengert list that is being written.

The part of the reading stage that knows expressions; read.py knows statements.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr, bare, constant, rebuild, walk
from srcgrad.gate import COPY, Gate
from srcgrad.match import Book, Tile
from srcgrad.parameters import bind
from srcgrad.scope import Helper, Scope
from srcgrad.source import Function
from srcgrad.wengert import Call, Line, Pack, Statement, Value, Var, ref


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One function being read: what its names stand for so far. `statement` is the caller's, in a helper."""

    function: Function
    scope: Scope
    locals: frozenset[str]
    env: dict[str, Value]
    statement: Statement | None = None
    callers: tuple[Function, ...] = ()
    root: Scope | None = None


@dataclass(slots=True, eq=False)
class Trace:
    """The Wengert list while it is written."""

    lines: list[Line] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    items: dict[str, list[Var]] = field(default_factory=dict)

    def new(self, name: str = "") -> Var:
        """A new version of `name`; without one, a temporary."""
        name = name.replace("·", "··")
        version = self.versions[name] = self.versions.get(name, 0) + 1
        return Var(name, version)

    def parameter(self, name: str) -> Var:
        """The first version of `name`, whose items are known by their indices."""
        var = self.new(name)
        self.items[var.base] = []
        return var

    def item(self, whole: Var, index: int) -> Var:
        """The item of a parameter at `index`, the same variable whenever it is read."""
        item = replace(whole, path=(*whole.path, index))
        known = self.items.setdefault(whole.base, [])
        if item not in known:
            known.append(item)
        return item


@dataclass(frozen=True, slots=True, eq=False)
class _Pending:
    """An expression whose parts must be read before it."""

    parts: tuple[Expr, ...]
    finish: Callable[[list[Value]], Value]


class Tiler:
    """Reads the expressions of one statement into lines."""

    def __init__(self, frame: Frame, trace: Trace, book: Book, body: Callable[[Frame, Trace, Book], Value]) -> None:
        self.frame, self.trace, self.book, self.body = frame, trace, book, body
        self.statement: Statement

    def evaluate(self, expr: Expr) -> Value:
        """What `expr` stands for, after writing the lines of its gates; operands first, from left to right."""
        tasks: list[Expr | _Pending] = [expr]
        values: list[Value] = []
        while tasks:
            task = tasks.pop()
            plan = self._plan(task) if isinstance(task, Expr) else task
            if not isinstance(plan, _Pending):
                values.append(plan)
            elif isinstance(task, Expr):
                tasks.append(plan)
                tasks.extend(reversed(plan.parts))
            else:
                start = len(values) - len(plan.parts)
                args = values[start:]
                del values[start:]
                values.append(plan.finish(args))
        return values[0]

    def _plan(self, expr: Expr) -> Value | _Pending:
        inner = bare(expr)
        if constant(inner) is not None:
            return inner
        if inner.head == "name":
            return self._name(inner)
        if inner.head in ("list", "tuple"):
            return self._pack(inner)
        if inner.head == "subscript":
            item = self._item(inner)
            if item is not None:
                return item
        if inner.head == "attribute" and self.meaning(inner) is not None:
            return inner
        if (
            inner.head == "call"
            and inner.operands[0].head == "name"
            and inner.operands[0].leaf not in self.frame.locals
        ):
            helper = self.frame.scope.helper(inner.operands[0].leaf)
            if helper is not None:
                return self._call(expr, helper)
        tile = self.book.tile(inner, self.meaning)
        if tile is None or tile.gate.stops:
            return self._opaque(expr, tile.gate if tile else None)
        return self._gate(expr, tile)

    def meaning(self, expr: Expr) -> str | None:
        """The dotted path of a library's name, as the function's scope resolves it; None for a value."""
        attributes: list[str] = []
        while expr.head == "attribute":
            text = expr.parts[1]
            assert isinstance(text, str)
            attributes.append(text.strip())
            expr = expr.operands[0]
        if expr.head != "name" or expr.leaf in self.frame.locals:
            return None
        root = self.frame.scope.meaning(expr.leaf)
        return root and root + "".join(reversed(attributes))

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
                "a star import hides what names mean: name it in the import, or define it above the function",
            )
        return expr

    def _item(self, expr: Expr) -> Value | None:
        """The item of a list whose items are known one by one, or of a parameter, at a constant index."""
        index = constant(expr.operands[1]) if len(expr.operands) == 2 else None
        base = bare(expr.operands[0])
        if not isinstance(index, int):
            return None
        value = self.frame.env.get(base.leaf) if base.head == "name" else None
        if base.head == "subscript":
            value = self._item(base)
        if isinstance(value, Pack):
            if not -len(value.items) <= index < len(value.items):
                raise self.error(f"index {index} is out of range: {len(value.items)} items", expr)
            return value.items[index]
        if isinstance(value, Var) and self._is_parameter(value):
            return self.trace.item(value, index)
        return None

    def _is_parameter(self, value: Var) -> bool:
        return value.base in self.trace.items

    def _pack(self, expr: Expr) -> Value | _Pending:
        if any(item.head == "star" for item in expr.operands):
            raise self.error("a starred item in a list or tuple is not read yet", expr, "write the items out")
        kind = expr.head
        return _Pending(expr.operands, lambda items: Pack(kind, tuple(items)))

    def _gate(self, expr: Expr, tile: Tile) -> _Pending:
        holes = tuple(tile.holes.items())

        def finish(values: list[Value]) -> Value:
            args = dict(zip((name for name, _ in holes), values, strict=True))
            texts: dict[int, Expr] = {}
            for (_, occurrences), value in zip(holes, values, strict=True):
                if isinstance(value, Var) and value.temporary:
                    texts |= {id(occurrence): value.ref for occurrence in occurrences}
            return self._add(expr, self.rename(expr, texts), tile.gate, args, spelling=tile.spelling.text)

        return _Pending(tuple(occurrences[0] for _, occurrences in holes), finish)

    def _add(
        self,
        site: Expr,
        text: Expr,
        gate: Gate | None,
        args: Mapping[str, Value],
        spelling: str = "",
        pure: bool = True,
    ) -> Var:
        target = self.trace.new()
        line = Line((target,), text, gate, args, self.statement, site, target.ref, spelling, pure)
        self.trace.lines.append(line)
        return target

    def _opaque(self, expr: Expr, gate: Gate | None) -> Var:
        """A line that is copied as it stands, with every local value that it reads."""
        args: dict[str, Value] = {}
        for node in walk(expr):
            if node.head == "name":
                value = self._name(node)
                if not isinstance(value, Expr):
                    args[node.leaf] = value
            elif node.head == "text":
                self._refuse_text(node)
        pure = not any(node.head == "call" and self.meaning(node.operands[0]) is None for node in walk(expr))
        return self._add(expr, self.rename(expr), gate, args, pure=pure)

    def _refuse_text(self, node: Expr) -> None:
        """Text that is copied unread may hold a plain string, nothing that could read or bind a name."""
        text = node.leaf.lstrip("rbuRBU")
        if not text.startswith(("'", '"')):
            raise self.error(
                "srcgrad does not read this kind of expression yet", node, "compute it in a plain statement"
            )

    def rename(self, expr: Expr, texts: Mapping[int, Expr] | None = None) -> Expr:
        """`expr` over SSA variables: its local names replaced, and the parts named by identity in `texts`."""
        env = self.frame.env

        def leaf(node: Expr) -> Expr | None:
            if texts and id(node) in texts:
                return texts[id(node)]
            if node.head == "name" and node.leaf in env:
                return ref(env[node.leaf])
            if node.head in ("name", "attribute") and self.frame.root is not None:
                return self._foreign(node, self.frame.root)
            return None

        return rebuild(expr, leaf)

    def _foreign(self, node: Expr, root: Scope) -> Expr | None:
        """A global name of a helper, in a function whose own globals may mean something else by it."""
        if node.head == "name" and root.agrees(node.leaf, self.frame.scope):
            return None
        path = self.meaning(node)
        if path is not None and "." in path:
            return Expr("import", (path,))
        if node.head == "name":
            raise self.error(f"{node.leaf} is a global of another module", node, "pass it as an argument")
        return None

    def _call(self, expr: Expr, helper: Helper) -> _Pending:
        """A call of the user's own function, read through."""
        args = list(bare(expr).operands[1:])
        if any(arg.head == "star" for arg in args):
            raise self.error("starred arguments are not read yet", expr, "write the arguments out")
        if any(helper.function.node == caller.node for caller in (*self.frame.callers, self.frame.function)):
            raise self.error(f"{helper.function.name} calls itself", expr, "write the recursion as straight-line code")

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
            callers = (*self.frame.callers, self.frame.function)
            root = self.frame.root or self.frame.scope
            frame = Frame(helper.function, helper.scope, frozenset(), env, self.statement, callers, root)
            result = self.body(frame, self.trace, self.book)
            return self._standing(expr, text, result, start)

        return _Pending(tuple(arg.operands[0] for arg in args), finish)

    def _standing(self, site: Expr, text: Expr, result: Value, start: int) -> Value:
        """Let the last line of a helper remember the call that it came from."""
        if isinstance(result, Pack):
            return result
        lines = self.trace.lines
        if len(lines) == start or not isinstance(result, Var) or result not in lines[-1].targets:
            args = {"x": result} if isinstance(result, Var) else {}
            result = self._add(site, ref(result), COPY, args)
        inside = frozenset(target.base for line in lines[start:-1] for target in line.targets)
        lines[-1] = replace(lines[-1], call=Call(text, inside))
        return result

    def copy(self, targets: tuple[Var, ...], text: Expr, args: Mapping[str, Value], site: Expr, target: Expr) -> None:
        """A line that hands `args` on to `targets`."""
        self.trace.lines.append(Line(targets, text, COPY, args, self.statement, site, target))

    def error(self, message: str, site: Expr, hint: str = "") -> SrcgradError:
        """The refusal of the part `site` of the current statement."""
        return SrcgradError(message, self.statement.span(site), hint)
