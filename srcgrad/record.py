"""The Wengert list while it is written: versions, temporaries, arms of branches, and lines over SSA variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr, rebuild
from srcgrad.gate import COPY, Gate
from srcgrad.scope import Scope
from srcgrad.source import Function
from srcgrad.wengert import Line, Statement, Step, Value, Var, ref


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

    lines: list[Step] = field(default_factory=list)
    outer: list[list[Step]] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    items: dict[str, list[Var]] = field(default_factory=dict)

    def new(self, name: str = "") -> Var:
        """A new version of `name`; without one, a temporary."""
        name = name.replace("·", "··")
        version = self.versions[name] = self.versions.get(name, 0) + 1
        return Var(name, version)

    def open(self) -> None:
        """Begin an arm of a branch."""
        self.outer.append(self.lines)
        self.lines = []

    def close(self) -> list[Step]:
        """End an arm, and return its steps."""
        steps, self.lines = self.lines, self.outer.pop()
        return steps

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


class Recorder:
    """Writes lines for one function: its names are those of `frame`, its place is `statement`."""

    def __init__(self, frame: Frame, trace: Trace) -> None:
        self.frame, self.trace = frame, trace
        self.statement: Statement

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

    def is_parameter(self, value: Var) -> bool:
        return value.base in self.trace.items

    def add(
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

    def copy(self, targets: tuple[Var, ...], text: Expr, args: Mapping[str, Value], site: Expr, target: Expr) -> None:
        """A line that hands `args` on to `targets`."""
        self.trace.lines.append(Line(targets, text, COPY, args, self.statement, site, target))

    def error(self, message: str, site: Expr, hint: str = "") -> SrcgradError:
        """The refusal of the part `site` of the current statement."""
        return SrcgradError(message, self.statement.span(site), hint)
