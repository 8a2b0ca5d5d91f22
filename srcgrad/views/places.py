"""What belongs together in the three panes of the page: rows of the user's text, of the emitted text, and gates."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from srcgrad.derive import LaidOut
from srcgrad.expr import keys
from srcgrad.keys import adjoint, primal_of
from srcgrad.staged import Assign, flat
from srcgrad.views.seen import Entry, Seen
from srcgrad.wengert import Statement


@dataclass(frozen=True)
class Place:
    """One thing that happens, as it stands in the three panes.

    `source` and `emitted` are rows, counted as Python counts them; `gates`, `values` and `gradients` are indices of
    entries: the boxes, and the numbers above and below the wires.
    """

    source: tuple[int, ...] = ()
    emitted: tuple[int, ...] = ()
    gates: tuple[int, ...] = ()
    values: tuple[int, ...] = ()
    gradients: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Lookup:
    """The entries of a function by what the emitted lines bind."""

    seen: Seen
    laid: LaidOut

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.seen.entries

    @cached_property
    def steps(self) -> tuple[Assign, ...]:
        """The lines of the emitted text, in its order."""
        staged = self.laid.staged
        return tuple(step for step in flat((*staged.forward, *staged.backward)) if self.laid.written(step))

    @cached_property
    def forward(self) -> dict[Assign, None]:
        """Those of the forward pass, in their order."""
        inside = {*flat(self.laid.staged.forward)}
        return {step: None for step in self.steps if step in inside}

    @cached_property
    def bound(self) -> frozenset[str]:
        """The keys that the emitted lines bind, in whole lists too."""
        return frozenset(key for step in self.steps for key in step.bound)

    @cached_property
    def _by_base(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for index, entry in enumerate(self.entries):
            found.setdefault(_base(entry.key), []).append(index)
        return found

    @cached_property
    def statements(self) -> dict[ast.stmt, list[int]]:
        """The entries that every statement of the user's makes."""
        found: dict[ast.stmt, list[int]] = {}
        for index, entry in enumerate(self.entries):
            if entry.line is not None:
                found.setdefault(entry.line.statement.root.node, []).append(index)
        return found

    def of_keys(self, wanted: Iterable[str]) -> tuple[int, ...]:
        """The entries that have these keys, or are items of what has."""
        found = (index for key in wanted for index in self._by_base.get(_base(key), ()) if self._same(key, index))
        return tuple(dict.fromkeys(found))

    def _same(self, key: str, index: int) -> bool:
        return overlap(key, self.entries[index].key)

    def of_statement(self, statement: Statement | None) -> tuple[int, ...]:
        """The entries that one statement of the user's makes."""
        return tuple(self.statements.get(statement.root.node, ())) if statement else ()

    def binder(self, index: int) -> Assign | ast.stmt | None:
        """The line in which an unnamed value is computed: the next of its statement; the statement, if it has none.

        None for what a line binds, and for what a branch hands on.
        """
        entry = self.entries[index]
        if entry.line is None or {entry.key, _base(entry.key)} & (self.bound | self.handed_on):
            return None
        node = entry.line.statement.root.node
        if isinstance(node, ast.If) and entry.line.gate and entry.line.gate.algebra == "copy":
            return None
        return next((step for last, step in self._lines_of.get(node, ()) if last > index), node)

    @cached_property
    def handed_on(self) -> frozenset[str]:
        """The keys that lines bind which are not written."""
        staged = self.laid.staged
        return frozenset(key for step in flat((*staged.forward, *staged.backward)) for key in step.bound) - self.bound

    @cached_property
    def _lines_of(self) -> dict[ast.stmt, list[tuple[int, Assign]]]:
        """The lines of the forward pass by their statement, each with the last value that it binds."""
        found: dict[ast.stmt, list[tuple[int, Assign]]] = {}
        for step in self.forward:
            if step.statement is not None:
                last = max(self.of_keys(step.bound), default=-1)
                found.setdefault(step.statement.root.node, []).append((last, step))
        return found

    def through(self, step: Assign) -> tuple[int, ...]:
        """The gates that a line of the reverse pass leads through: those that read what it is the gradient on.

        Behind a gate whose own gradient has no line comes the next, as far as the statement goes.
        """
        inside = self.of_statement(step.statement)
        work = list(self.of_keys(map(primal_of, step.bound)))
        found: dict[int, None] = {}
        while work:
            key = self.entries[work.pop()].key
            for index in inside:
                entry = self.entries[index]
                if index not in found and any(overlap(key, operand) for operand in entry.operands):
                    found[index] = None
                    if adjoint(entry.key) not in self.bound:
                        work.append(index)
        return tuple(sorted(found))


def overlap(one: str, other: str) -> bool:
    """Whether two keys are of one value, or of a list and an item of it."""
    return one == other or one.startswith(f"{other}[") or other.startswith(f"{one}[")


def _base(key: str) -> str:
    return key.partition("[")[0]


Places = Mapping[Assign | ast.stmt | None, Place]
"""By an emitted line; by a statement of the user's, for what no line computes; None for the inputs."""


def places(look: Lookup) -> Places:
    """What belongs together, line by line."""
    rows = dict(zip(look.steps, _rows(look.laid), strict=True))
    found: dict[Assign | ast.stmt | None, Place] = {None: _inputs(look)}
    unnamed: dict[Assign | ast.stmt | None, list[int]] = {}
    for index in range(len(look.entries)):
        unnamed.setdefault(look.binder(index), []).append(index)
    for step in look.steps:
        source = source_rows(step.statement)
        here = look.of_keys(map(primal_of, step.bound))
        if step in look.forward:
            found[step] = Place(source, rows[step], tuple(sorted({*here, *unnamed.get(step, ())})), here)
        else:
            found[step] = Place(source, rows[step], look.through(step), (), here)
    for node, inside in unnamed.items():
        if isinstance(node, ast.stmt):
            found[node] = Place(rows_of(node), (), tuple(inside), tuple(inside))
    return found


def quotes(look: Lookup, known: Places) -> Iterator[Place]:
    """The comments of the emitted text that quote a statement of the user's, and what it returns."""
    text = look.laid.derived.module().splitlines()
    for step in look.steps:
        rows = known[step].emitted
        above = rows[0] - 1 if rows else 0
        if step not in look.forward and above and text[above - 1].lstrip().startswith("# backprop "):
            yield Place(source_rows(step.statement), (above,), look.of_statement(step.statement))
    returned = _function(look.laid).body[-1]
    gradients = look.of_keys(primal_of(key) for expr, _ in look.laid.staged.gradients for key in keys(expr))
    yield Place((), _span(returned), (), (), gradients)


def source_rows(statement: Statement | None) -> tuple[int, ...]:
    """The rows of the user's text that a statement has, or that which called the function it stands in."""
    return rows_of(statement.root.node) if statement else ()


def rows_of(node: ast.stmt) -> tuple[int, ...]:
    """The rows of a statement; of one with a block, those of its head."""
    head = getattr(node, "test", None) or (node.items[-1].context_expr if isinstance(node, ast.With) else node)
    return tuple(range(node.lineno, (head.end_lineno or node.lineno) + 1))


def _inputs(look: Lookup) -> Place:
    node = look.laid.function.node
    inputs = tuple(i for i, entry in enumerate(look.entries) if entry.line is None)
    head = node.args
    last = max((arg.end_lineno or 1 for arg in (*head.posonlyargs, *head.args, *head.kwonlyargs)), default=node.lineno)
    return Place(tuple(range(node.lineno, last + 1)), (_function(look.laid).lineno,), (), inputs)


def _function(laid: LaidOut) -> ast.FunctionDef:
    tree = ast.parse(laid.derived.module())
    name = laid.derived.functions[0]
    return next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)


def _rows(laid: LaidOut) -> Iterator[tuple[int, ...]]:
    """The rows of every line of the emitted text: of its plain statements, without the docstring and the return."""
    stack = list(reversed(_function(laid).body[1:-1]))
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.If, ast.With)):
            stack.extend(reversed((*node.body, *getattr(node, "orelse", ()))))
        else:
            yield _span(node)


def _span(node: ast.stmt) -> tuple[int, ...]:
    return tuple(range(node.lineno, (node.end_lineno or node.lineno) + 1))
