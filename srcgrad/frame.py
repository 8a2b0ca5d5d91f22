"""What is being read: the frame of a function, and the Wengert list while it is written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from srcgrad.scope import Home, Scope
from srcgrad.source import Function
from srcgrad.wengert import Statement, Step, Value, Var


@dataclass(frozen=True, slots=True, eq=False)
class Inner:
    """A function defined inside another: it sees the names of that `frame` as they are when it is called.

    `defaults` are what its parameters' defaults stood for when it was defined.
    """

    function: Function
    frame: Frame
    defaults: dict[str, Value]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One function being read: what its names stand for so far. `statement` is the caller's, in a helper.

    `functions` are those that are defined in it, `torn` the names that
    have a value, or a kind of value, on some paths only.
    """

    function: Function
    scope: Scope
    locals: frozenset[str]
    env: dict[str, Value]
    statement: Statement | None = None
    callers: tuple[Function, ...] = ()
    root: Scope | None = None
    functions: dict[str, Inner] = field(default_factory=dict)
    torn: set[str] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Trace:
    """The Wengert list while it is written.

    `params` are the parameters of the function that is derived, `handed` those that a call may have changed.
    """

    params: frozenset[str] = frozenset()
    lines: list[Step] = field(default_factory=list)
    outer: list[list[Step]] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    items: dict[str, list[Var]] = field(default_factory=dict)
    homes: dict[str, Home] = field(default_factory=dict)
    handed: set[str] = field(default_factory=set)
    calls: int = 0

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

    def item(self, whole: Var, index: int | str) -> Var:
        """The item of a parameter at `index`, the same variable whenever it is read."""
        item = replace(whole, path=(*whole.path, index))
        known = self.items.setdefault(whole.base, [])
        if item not in known:
            known.append(item)
        return item
