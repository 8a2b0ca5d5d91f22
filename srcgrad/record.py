"""The Wengert list while it is written: versions, temporaries, arms of branches, and lines over SSA variables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from srcgrad.cover import CONSTANTS, dotted
from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr, bare, constant, key_of, rebuild, walk
from srcgrad.frame import Frame, Trace
from srcgrad.gate import COPY, STOPPED, Gate
from srcgrad.lower import enclosed
from srcgrad.scope import Scope, borrowed
from srcgrad.stop import PATH as STOP
from srcgrad.wengert import (
    Block,
    Call,
    If,
    Line,
    Pack,
    Statement,
    Step,
    Value,
    Var,
    binds,
    flat,
    held_items,
    leaves,
    ref,
    retargeted,
)


class Recorder:
    """Writes lines for one function: its names are those of `frame`, its place is `statement`.

    `values` has what calls stand for, by identity, that no emitted text can make.
    """

    def __init__(self, frame: Frame, trace: Trace) -> None:
        self.frame, self.trace = frame, trace
        self.statement: Statement
        self.values: dict[int, tuple[Expr, Value]] = {}

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

    def thing(self, expr: Expr) -> str | None:
        """What a name is, the user's own functions and modules too, as a gate of the user's names it."""
        name = dotted(expr)
        return None if name is None or name.partition(".")[0] in self.frame.locals else self.frame.scope.thing(name)

    def owned(self, expr: Expr) -> str | None:
        """The dotted name of a function or constant of the user's at some module's top level."""
        name = dotted(expr) or ""
        return name if name.partition(".")[0] not in ("", *self.frame.locals) and self.frame.scope.home(name) else None

    def stopped(self, expr: Expr) -> Expr | None:
        """What stands in `stop_gradient(...)`, where `expr` is that."""
        if not self.frame.scope.stops or expr.head != "call" or self.meaning(expr.operands[0]) != STOP:
            return None
        args = expr.operands[1:]
        return args[0].operands[0] if len(args) == 1 and args[0].head == "arg" else None

    def plain(self, expr: Expr) -> Expr:
        """`expr` as it is emitted, without `stop_gradient`."""

        def leaf(node: Expr) -> Expr | None:
            inside = self.stopped(node)
            return None if inside is None else self.plain(inside)

        return rebuild(expr, leaf, enclosed) if self.frame.scope.stops else expr

    def held(self, expr: Expr) -> set[int]:
        """The nodes of `expr` that stand in `stop_gradient(...)`, by identity, and what calls it."""
        if not self.frame.scope.stops:
            return set()
        stops = [node for node in walk(expr) if self.stopped(node) is not None]
        return {id(part) for node in stops for part in walk(node)}

    def without_gradient(self, expr: Expr, value: Value) -> Value:
        """`value`, what `expr` stands for, without a gradient: each variable under a name of its own."""
        if isinstance(value, Pack):
            return replace(value, items=tuple(self.without_gradient(ref(item), item) for item in value.items), var=None)
        return value if isinstance(value, Expr) else self.add(expr, value.ref, STOPPED, {"x": value})

    def is_parameter(self, value: Var) -> bool:
        return value.base in self.trace.items

    def item(self, expr: Expr) -> Value | None:
        """The item of a list whose items are known one by one, or of a parameter, at a constant index."""
        base, place = bare(expr.operands[0]), expr.operands[1]
        index = key_of(place) or constant(place)
        if not isinstance(index, (int, str)):
            return None
        value = self.frame.env.get(base.leaf) if base.head == "name" else None
        if base.head == "subscript":
            value = self.item(base)
        if isinstance(value, Pack):
            return self.picked(value, index, expr)
        return self.part(value, index, expr) if isinstance(value, Var) and self.is_parameter(value) else None

    def picked(self, value: Pack, index: int | str, expr: Expr) -> Value:
        """The item of a list whose items are known."""
        places = value.places()
        if isinstance(index, int) and value.kind != "dict" and index < 0:
            index += len(places)
        if index not in places:
            raise self.error(f"there is no item {index!r} here, of {len(places)} items", expr)
        return value.items[places.index(index)]

    def part(self, value: Var, index: int | str, site: Expr) -> Var:
        """The item of a parameter at `index`."""
        if value.base in self.trace.handed:
            raise self.error(
                "a call before this could change the list whose item is read here",
                site,
                "read its items before the call",
            )
        return self.trace.item(value, index)

    def add(
        self,
        site: Expr,
        text: Expr,
        gate: Gate | None,
        args: Mapping[str, Value],
        spelling: str = "",
        pure: bool = True,
        form: Expr | None = None,
        handed: frozenset[str] = frozenset(),
    ) -> Var:
        target = self.trace.new()
        statement = self.statement
        line = Line((target,), text, gate, args, statement, site, target.ref, spelling, pure, None, form, handed)
        self.trace.lines.append(line)
        return target

    def rename(self, expr: Expr, texts: Mapping[int, Expr] | None = None) -> Expr:
        """`expr` over SSA variables: its local names replaced, and the parts named by identity in `texts`."""
        env = self.frame.env

        def leaf(node: Expr) -> Expr | None:
            if texts and id(node) in texts:
                return texts[id(node)]
            if id(node) in self.values:
                return ref(self.values[id(node)][1])
            if (stopped := self.stopped(node)) is not None:
                return self.rename(stopped, texts)
            if node.head == "named" or (node.head == "paren" and bare(node).head == "named"):
                node = bare(node)
                return ref(env[node.operands[0].leaf])
            if node.head == "name" and node.leaf in env:
                return ref(env[node.leaf])
            if node.head == "subscript" and self._loose(node.operands[0]):
                return ref(item) if (item := self.item(node)) is not None else None
            if node.head in ("name", "attribute"):
                return self._foreign(node, self.frame.root or self.frame.scope)
            return None

        return rebuild(expr, leaf)

    def _loose(self, expr: Expr) -> bool:
        """Whether `expr` is a name for values that no variable holds together."""
        value = self.frame.env.get(bare(expr).leaf) if bare(expr).head == "name" else None
        return isinstance(value, Pack) and value.var is None

    def _foreign(self, node: Expr, root: Scope) -> Expr | None:
        """A global of another module, under the name by which the function that is derived reads it."""
        name, scope = dotted(node), self.frame.scope
        first = (name or "").partition(".")[0]
        if name is None or first in self.frame.locals:
            return None
        hidden = bool(self.frame.callers) and first in self.trace.params
        if node.head == "name" and not hidden and (scope is root or root.agrees(name, scope)):
            return None
        if (home := scope.home(name)) is not None:
            return Expr("name", (borrowed(self.trace.homes, home, root, self.trace.params),))
        if "." in (path := self.meaning(node) or ""):
            return Expr("import", (path,)) if hidden or scope is not root else None
        if node.head == "name":
            raise self.error(
                f"{name} is a global of another module",
                node,
                "define it once there; a library, import it in both files",
            )
        return None

    def copy(self, targets: tuple[Var, ...], text: Expr, args: Mapping[str, Value], site: Expr, target: Expr) -> None:
        """A line that hands `args` on to `targets`."""
        self.trace.lines.append(Line(targets, text, COPY, args, self.statement, site, target))

    def error(self, message: str, site: Expr, hint: str = "") -> SrcgradError:
        """The refusal of the part `site` of the current statement."""
        return SrcgradError(message, self.statement.span(site), hint)

    def bind(self, name: str, value: Value, right: Expr, start: int) -> Value:
        """A new version of `name` that holds `value`; a line since `start` that made it binds the name instead."""
        lines, var = self.trace.lines, self.trace.new(name)
        fresh = isinstance(value, Var) and value.temporary and len(lines) > start and binds(lines[-1], value)
        if fresh:
            lines[-1] = retargeted(lines[-1], var)
            return var
        text = self.rename(right) if not isinstance(value, Pack) else self.display(value, right)
        held = held_items(value, var)
        args = {str(i): leaf for i, leaf in enumerate(flat(value))}
        self.copy(tuple(leaves(held)), text, args, right, var.ref)
        return held

    def display(self, value: Pack, right: Expr) -> Expr:
        """The text of a list or tuple, its items as they were written but for those that have lines of their own."""
        if value.var is not None:
            return value.var.ref
        inner = bare(right)
        if inner.head not in ("list", "tuple", "dict") or any(item.head == "star" for item in inner.operands):
            return bare(ref(value)) if value.kind == "tuple" else ref(value)
        return self.rename(right, texts_of(right, value, True))

    def branch(self, expr: Expr, asked: Value, test: Expr, arms: list[tuple[list[Step], Value, Expr]]) -> Value:
        """A branch that binds a temporary to the value of the arm that ran."""
        target = self.trace.new()
        if any(isinstance(value, Pack) for _, value, _ in arms):
            raise self.error("srcgrad does not read a choice between lists or tuples yet", expr, "choose item by item")
        own = isinstance(asked, Var) and asked.temporary
        text = self.rename(expr, {id(test): ref(asked)} if own else {})
        then, orelse = (Block(tuple(self.yielding(steps, value, target, site))) for steps, value, site in arms)
        lines = [line for block in (then, orelse) for line in block.lines()]
        inside = frozenset(t.base for line in lines for t in line.targets) - {target.base}
        call = Call(text, inside, self.statement)
        self.trace.lines.append(If(ref(asked), then, orelse, self.statement, call, target.ref))
        return target

    def yielding(self, steps: list[Step], value: Value, target: Var, site: Expr) -> list[Step]:
        """`steps` with `value`, that of the arm, bound to `target`."""
        if isinstance(value, Var) and value.temporary and steps and binds(steps[-1], value):
            return [*steps[:-1], retargeted(steps[-1], target)]
        return [*steps, Line((target,), ref(value), COPY, {"x": value}, self.statement, site, target.ref)]

    def several(self, result: Var, count: int) -> Pack:
        """The `count` results of the last line, each a value of its own."""
        items = tuple(replace(result, path=(i,)) for i in range(count))
        line = self.trace.lines[-1]
        assert isinstance(line, Line)
        self.trace.lines[-1] = replace(line, targets=items)
        return Pack("tuple", items, result)

    def check_numbers(self, holes: Iterable[tuple[str, tuple[Expr, ...]]], values: list[Value]) -> None:
        """Refuse an operand that is known to be no number."""
        for (_, occurrences), value in zip(holes, values, strict=True):
            known = not isinstance(value, Expr) or value.head != "name" or self.meaning(value) in CONSTANTS
            if not known and isinstance(value, Expr) and not self._number(value.leaf):
                if self.frame.scope.changing(value.leaf):
                    raise self.error(
                        f"{value.leaf} is a global that a function of its file changes",
                        occurrences[0],
                        "make it a parameter, or give it a name of its own first",
                    )
                raise self.error(f"{value.leaf} is not a number", occurrences[0], "give it a number, or pass it in")

    def _number(self, name: str) -> bool:
        """Whether a global is a number or an array, by the name that the function that is derived reads it by."""
        home = self.trace.homes.get(name)
        scope, name = (home.scope, home.name) if home else (self.frame.root or self.frame.scope, name)
        return scope.number(name) or scope.array(name)


def texts_of(occurrence: Expr, value: Value, fresh: bool = False) -> dict[int, Expr]:
    """What stands for the parts of `occurrence` that have lines of their own, by identity.

    `fresh` says that no variable holds the whole yet.
    """
    if isinstance(value, Expr):
        parts = zip(bare(occurrence).operands, value.operands, strict=True) if value.head in ("index", "slice") else ()
        return {id(part): held for part, held in parts if held.head == "var"}
    if isinstance(value, Var):
        return {id(occurrence): value.ref} if value.temporary else {}
    inner = bare(occurrence)
    items = inner.operands[1::2] if inner.head == "dict" else inner.operands
    written = inner.head in ("list", "tuple", "dict") and not any(item.head == "star" for item in inner.operands)
    if not written or (value.var is not None and not fresh):
        return {id(occurrence): ref(value)} if inner.head != "name" else {}
    found: dict[int, Expr] = {}
    for part, item in zip(items, value.items, strict=True):
        found |= texts_of(part, item)
    return found
