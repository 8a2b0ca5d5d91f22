"""The Wengert list: a function as its evaluation trace, each value bound once.

Every line applies one gate to variables that earlier lines bound. See Griewank and Walther, "Evaluating Derivatives"
(2008), chapter 2, for the notion.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from srcgrad.errors import Span
from srcgrad.expr import LEAVES, Expr, display, keys, render, subscript, var
from srcgrad.gate import Gate
from srcgrad.scope import Home
from srcgrad.shape import Shape
from srcgrad.source import Function, within


@dataclass(frozen=True, slots=True)
class Var:
    """One SSA value: a version of a name of the user's, a temporary (named ""), or an item of a list (`path`).

    `key` is what stands for it until names are given, which no user's name can be; `base` that of the whole list.
    """

    name: str
    version: int = 1
    path: tuple[int | str, ...] = ()
    base: str = field(init=False, compare=False)
    key: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        base = f"{self.name}·{self.version}"
        object.__setattr__(self, "base", base)
        object.__setattr__(self, "key", base + "".join(f"[{i}]" for i in self.path) if self.path else base)

    @property
    def temporary(self) -> bool:
        return self.name == ""

    @property
    def ref(self) -> Expr:
        """The expression that reads it."""
        expr = var(self.base)
        for index in self.path:
            expr = subscript(expr, index)
        return expr


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One statement of the user's: where lines come from.

    `tree` has its whole text, `leading` the comments above it, `operator` that of an augmented assignment; `caller` is
    the statement that called the function in which it stands, where that function is read through; `plain` is `tree`
    without what goes from the emitted text; `context` has the items of the `with` statements around it; `title` says
    what several statements are together.
    """

    tree: Expr
    node: ast.stmt
    function: Function
    comment: str = ""
    leading: tuple[str, ...] = ()
    operator: str = ""
    caller: Statement | None = None
    plain: Expr | None = None
    context: tuple[Expr, ...] = ()
    title: str = ""

    @property
    def root(self) -> Statement:
        """The statement of the differentiated function itself."""
        return self.caller.root if self.caller else self

    def span(self, site: Expr) -> Span:
        """Where `site`, a part of this statement, stands in the file."""
        before: list[str] = []
        stack: list[Expr | str] = [self.tree]
        while stack:
            part = stack.pop()
            if part is site:
                while part.head == "paren":
                    before.append(str(part.parts[0]))
                    part = part.operands[0]
                return within(self.function, self.node, "".join(before), render(part))
            if isinstance(part, str):
                before.append(part)
            elif part.head in LEAVES:
                before.append(part.leaf)
            else:
                stack.extend(reversed(part.parts))
        return within(self.function, self.node, "", render(self.tree))


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """A list, tuple or dict whose items are known one by one, the last by `names`; `var` holds it, if one does."""

    kind: str
    items: tuple[Value, ...]
    var: Var | None = None
    names: tuple[str, ...] = ()

    def places(self) -> tuple[int | str, ...]:
        """The indices of its items."""
        return self.names if self.kind == "dict" else tuple(range(len(self.items)))


Value = Var | Expr | Pack
"""What an expression of the user's stands for: a variable, a leaf that is no variable, or a pack of values."""


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """What was read through: a call of the user's own function, or a conditional expression.

    Its text, the variables that its lines bind inside, and the statement in which it stands.
    """

    expr: Expr
    inside: frozenset[str]
    statement: Statement


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """`target = expr`, in the user's own spelling.

    `targets` are the values that it binds (the items, for a pack), `args` what each hole of the gate stands for.
    Without a gate the line is copied as it stands, an error only where a gradient must pass through it; `site` is the
    part of the statement that it was read from; `form` is `expr` with the names of the gate's operands for what stands
    in them, of a gate that is linear in them and not item by item;
    `handed` are the variables that a call may write into; `fixed` is what its rule reads besides, and no gradient
    passes to, `title` what a gate is called that is written across statements.
    """

    targets: tuple[Var, ...]
    expr: Expr
    gate: Gate | None
    args: Mapping[str, Value]
    statement: Statement
    site: Expr
    target: Expr
    spelling: str = ""
    pure: bool = True
    call: Call | None = None
    form: Expr | None = None
    handed: frozenset[str] = frozenset()
    fixed: Mapping[str, Value] = field(default_factory=dict)
    title: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class If:
    """One of two blocks, by the value of `test`; what either binds for later, both bind, under the same variables.

    `call` is the text of a conditional expression that was read into this, and what its arms bind inside.
    """

    test: Expr
    then: Block
    orelse: Block
    statement: Statement
    call: Call | None = None
    target: Expr | None = None


Step = Line | If


@dataclass(frozen=True, slots=True)
class Block:
    """Steps in the order of evaluation."""

    steps: tuple[Step, ...]

    def lines(self) -> Iterator[Line]:
        """Every line, those inside branches too, in the order of the text."""
        stack = list(reversed(self.steps))
        while stack:
            step = stack.pop()
            if isinstance(step, Line):
                yield step
            else:
                stack.extend(reversed((*step.then.steps, *step.orelse.steps)))


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """A parameter as it was declared; `items` are the items of it that the function reads at constant indices.

    `kind` is "/" for a positional-only parameter, "*" for a keyword-only one, "*args" for the tuple of all others;
    `shape` is what its annotation says.
    """

    var: Var
    name: str
    span: Span
    annotation: str = ""
    default: str = ""
    kind: str = ""
    items: tuple[Var, ...] = ()
    shape: Shape | None = None

    @property
    def from_end(self) -> bool:
        """Whether an item of it is read from its end."""
        return any(isinstance(index, int) and index < 0 for item in self.items for index in item.path)


@dataclass(frozen=True, slots=True, eq=False)
class Wengert:
    """A function read: its parameters, its lines and what it returns; `homes` are the globals of other modules."""

    name: str
    params: tuple[Parameter, ...]
    body: Block
    result: Value
    doc: str = ""
    homes: Mapping[str, Home] = field(default_factory=dict)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line, those inside branches too."""
        return tuple(self.body.lines())

    @property
    def outputs(self) -> tuple[Value, ...]:
        """What the function returns, item by item where it returns a tuple."""
        if isinstance(self.result, Pack) and self.result.kind == "tuple":
            return self.result.items
        return (self.result,)


def binds(step: Step, value: Var) -> bool:
    """Whether a step binds `value`, and nothing else."""
    if isinstance(step, Line):
        return step.targets == (value,)
    return step.target is not None and value.base in keys(step.target)


def retargeted(step: Step, var: Var) -> Step:
    """A step that bound one temporary, binding `var` instead."""
    if isinstance(step, Line):
        return replace(step, targets=(var,), target=var.ref)
    then, orelse = (Block((*block.steps[:-1], retargeted(block.steps[-1], var))) for block in (step.then, step.orelse))
    return replace(step, then=then, orelse=orelse, target=var.ref)


def flat(value: Value) -> Iterator[Value]:
    """The variables and leaves of `value`, from left to right."""
    if isinstance(value, Pack):
        for item in value.items:
            yield from flat(item)
    else:
        yield value


def held_items(value: Value, var: Var) -> Value:
    """`value` as `var` holds it: `var` itself, or a pack of its items."""
    if not isinstance(value, Pack):
        return var
    items = tuple(
        held_items(item, replace(var, path=(*var.path, i))) for i, item in zip(value.places(), value.items, strict=True)
    )
    return Pack(value.kind, items, var, value.names)


def leaves(value: Value) -> Iterator[Var]:
    """The variables of `value`, from left to right."""
    if isinstance(value, Var):
        yield value
    elif isinstance(value, Pack):
        for item in value.items:
            yield from leaves(item)


def ref(value: Value) -> Expr:
    """The expression that reads `value`."""
    if isinstance(value, Var):
        return value.ref
    if isinstance(value, Expr):
        return value
    return value.var.ref if value.var else display(value.kind, tuple(ref(item) for item in value.items), value.names)


def reads(line: Line) -> Iterator[Var]:
    """The variables that a gradient could pass to from `line`, operand by operand."""
    for value in line.args.values():
        yield from leaves(value)
