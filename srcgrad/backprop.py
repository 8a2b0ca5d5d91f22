"""Wengert -> Staged: the reverse pass, `=` for the first contribution to a gradient and `+=` for the later ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from srcgrad.activity import active
from srcgrad.arithmetic import plus
from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr, call, constant, display, number, subscript, substitute, var
from srcgrad.rules import applied, cheap_temporaries, operands, primal_steps
from srcgrad.shapes import Facts, Shape
from srcgrad.staged import Assign, Branch, Mode, Staged, Step, adjoint, flat
from srcgrad.wengert import Block, If, Line, Pack, Parameter, Statement, Value, Var, Wengert, reads


def backprop(wengert: Wengert, facts: Facts, mode: Mode, wrt: tuple[str, ...], single: bool) -> Staged:
    """The staged gradient of `wengert` with respect to the parameters `wrt`, returned bare where `single`.

    Raises SrcgradError where a gradient must pass through a line that has no gate.
    """
    params = {param.name: param for param in wengert.params}
    reverse = _Reverse(wengert, active(wengert, frozenset(wrt)))
    extra: tuple[tuple[Expr, Value], ...] = ()
    if mode in (Mode.GRAD, Mode.VALUE_AND_GRAD):
        reverse.seed(wengert.result)
    else:
        extra = tuple(_upstreams(wengert))
        reverse.adjoints.update(item for expr, output in extra for item in _spread(expr, output))
    reverse.block(wengert.body)
    gradients = tuple((reverse.gradient(params[name], facts), params[name].var) for name in wrt)
    forward = primal_steps(wengert.body)
    backward = tuple(reverse.lines)
    return Staged(
        wengert.name,
        mode,
        wengert.params,
        forward,
        backward,
        wengert.result,
        extra,
        gradients,
        single,
        facts,
        wengert.doc,
    )


def _upstreams(wengert: Wengert) -> Iterator[tuple[Expr, Value]]:
    """An upstream gradient for each output, named after it."""
    outputs = wengert.outputs
    for i, output in enumerate(outputs, 1):
        holder = output.var if isinstance(output, Pack) else output
        name = "out" if len(outputs) == 1 else f"out{i}"
        yield var(adjoint(holder.key if isinstance(holder, Var) else f"{name}·0")), output


def _spread(expr: Expr, value: Value) -> Iterator[tuple[str, Expr]]:
    """The part of an upstream gradient that belongs to each variable of an output."""
    if isinstance(value, Var):
        yield adjoint(value.key), expr
    elif isinstance(value, Pack):
        for place, item in zip(value.places(), value.items, strict=True):
            yield from _spread(subscript(expr, place), item)


class _Reverse:
    """The reverse pass while it is written. `adjoints` has the expression that reads each gradient so far.

    `replaced` has what stood there before the arm at hand, to be put back behind it.
    """

    def __init__(self, wengert: Wengert, active: frozenset[str]) -> None:
        self.active = active
        self.lines: list[Step] = []
        self.adjoints: dict[str, Expr] = {}
        self.replaced: dict[str, Expr | None] = {}
        self.cheap = cheap_temporaries(wengert, active)
        self.sure = {v.key for step in wengert.body.steps if isinstance(step, Line) for v in reads(step)}

    def seed(self, result: Value) -> None:
        """The gradient of the result with respect to itself."""
        assert isinstance(result, Var)
        self._assign(result, number(1.0), None)

    def block(self, block: Block) -> None:
        """The reverse of a block, its last step first."""
        for step in reversed(block.steps):
            if isinstance(step, If):
                self.branch(step)
            else:
                self.step(step)

    def branch(self, step: If) -> None:
        """The reverse of a branch, on the same condition: what one arm contributes to, the other gives a zero."""
        arms = [self._arm(block) for block in (step.then, step.orelse)]
        inside = {adjoint(t.key) for block in (step.then, step.orelse) for line in block.lines() for t in line.targets}
        kept = [key for key in dict.fromkeys(key for _, changed in arms for key in changed) if key not in inside]
        for lines, changed in arms:
            for key in kept:
                if key not in changed:
                    value = self.adjoints.get(key, number(0.0))
                    lines.append(Assign(var(key), "=", value, step.statement, False))
        for key in kept:
            self._read_as(key, var(key))
        then, orelse = (tuple(lines) for lines, _ in arms)
        if then or orelse:
            self.lines.append(Branch(substitute(step.test, self.cheap), then, orelse, step.statement, False))

    def _arm(self, block: Block) -> tuple[list[Step], Mapping[str, Expr | None]]:
        """The reverse of one arm, and the gradients that it changes; what they were outside is put back."""
        outer = self.lines, self.replaced
        self.lines, self.replaced = [], {}
        self.block(block)
        arm = self.lines, self.replaced
        for key, before in self.replaced.items():
            if before is None:
                del self.adjoints[key]
            else:
                self.adjoints[key] = before
        self.lines, self.replaced = outer
        return arm

    def _read_as(self, key: str, gradient: Expr) -> None:
        self.replaced.setdefault(key, self.adjoints.get(key))
        self.adjoints[key] = gradient

    def step(self, line: Line) -> None:
        """The gradients on the operands of one line, in the order in which it reads them."""
        if line.gate is not None and line.gate.algebra == "copy":
            for target, value in zip(line.targets, line.args.values(), strict=True):
                upstream = self.adjoints.get(adjoint(target.key))
                if upstream is not None and isinstance(value, Var) and value.key in self.active:
                    self._contribute(value, upstream, line.statement, "handed on")
            return
        upstreams = [self.adjoints.get(adjoint(target.key)) for target in line.targets]
        if not any(upstreams) or not any(target.key in self.active for target in line.targets):
            return
        for operand in operands(line, self.active):
            gradient = applied(line, operand, upstreams, self.cheap)
            self._contribute(operand.var, gradient, line.statement, line.gate.reason if line.gate else "")

    def _contribute(self, value: Var, gradient: Expr, statement: Statement, reason: str) -> None:
        key = adjoint(value.key)
        known = self.adjoints.get(key)
        if constant(gradient) == 0:
            return
        if known is None:
            self._assign(value, gradient, statement, reason)
        elif known.head == "var" and known.leaf == key:
            fork = f"{reason}; fork: gradients add"
            self.lines.append(Assign(known, "+=", gradient, statement, False, value.temporary, reason=fork))
        else:
            self._assign(value, plus(known, gradient), statement, f"{reason}; fork: gradients add")

    def _assign(self, value: Var, gradient: Expr, statement: Statement | None, reason: str = "") -> None:
        target = var(adjoint(value.key))
        self._read_as(target.leaf, target)
        temporary = value.temporary or bool(value.path)
        self.lines.append(Assign(target, "=", gradient, statement, False, temporary, reason=reason))

    def gradient(self, param: Parameter, facts: Facts) -> Expr:
        """The gradient on a parameter, a variable of its own: what is returned."""
        key = adjoint(param.var.key)
        shape = facts.get(param.var.key)
        if param.items or (shape and shape.kind in ("list", "tuple", "dict")):
            if key in self.adjoints:
                raise SrcgradError(
                    f"{param.name} is read both as a number and item by item",
                    param.span,
                    "read it in one way",
                )
            self._gather(param, shape)
        elif key not in self.adjoints:
            self._assign(param.var, number(0.0), None, f"{param.name} never reaches the output")
        return var(key)

    def _gather(self, param: Parameter, shape: Shape | None) -> None:
        """The gradients on the items of a parameter as one list or tuple, beside the last line on them."""
        kind = shape.kind if shape else "list"
        if not param.items and (shape is None or shape.length is None):
            zero = display(kind, (number(0.0),))
            zeros = Expr("*", (zero, " * ", call(Expr("name", ("len",)), param.var.ref)))
            self.lines.append(Assign(var(adjoint(param.var.key)), "=", zeros, None, False))
            return
        places = list(_places(param, shape))
        items = {place: number(0.0) for place in places}
        for item in param.items:
            gradient = self.adjoints.get(adjoint(item.key))
            if gradient is not None:
                index = item.path[0]
                place = index if isinstance(index, str) or index >= 0 else len(places) + index
                items[place] = plus(items[place], gradient)
        own = {adjoint(item.key) for item in param.items}
        roots = [step.statement.root if step.statement else None for step in self.lines]
        used = {line.statement.root if line.statement else None for line in flat(self.lines) if own & {*line.bound}}
        root = used.pop() if len(used) == 1 and used <= set(roots) else None
        place = len(roots) - roots[::-1].index(root) if root else len(roots)
        gathered = display(kind, tuple(items.values()), tuple(map(str, items)))
        if (param.kind == "*args" or param.annotation) and (shape is None or shape.length is None):
            left = Expr("-", (call(Expr("name", ("len",)), param.var.ref), " - ", number(len(items))))
            zeros = Expr("*", (display(kind, (number(0.0),)), " * ", left))
            gathered = Expr("+", (gathered, " + ", zeros))
            if items and f"{param.var.key}[{len(items) - 1}]" not in self.sure:  # the list may be shorter
                size = call(Expr("name", ("len",)), param.var.ref)
                gathered = Expr("subscript", (Expr("paren", ("(", gathered, ")")), "[: ", size, "]"))
        self.lines.insert(place, Assign(var(adjoint(param.var.key)), "=", gathered, root, False))


def _places(param: Parameter, shape: Shape | None) -> Iterable[int | str]:
    """The indices of a parameter's items: what is known of them, else as many as are read."""
    if any(len(item.path) > 1 for item in param.items):
        raise SrcgradError(
            f"{param.name} is a list of lists, whose gradient srcgrad does not write yet",
            param.span,
            "pass its rows one by one",
        )
    found = [item.path[0] for item in param.items]
    names = [index for index in found if isinstance(index, str)]
    indices = [index for index in found if isinstance(index, int)]
    if names and indices:
        raise SrcgradError(f"{param.name} is read as a list and as a dict", param.span, "read it in one way")
    if shape and shape.kind == "dict":
        missing = [name for name in names if shape.names and name not in shape.names]
        if missing:
            raise SrcgradError(
                f"{param.name} has no item {missing[0]!r}, and it is read",
                param.span,
                "give it every item that is read",
            )
        return shape.names or tuple(names)
    if shape and shape.length is not None:
        beyond = [index for index in indices if not -shape.length <= index < shape.length]
        if beyond:
            raise SrcgradError(
                f"{param.name} has {shape.length} items, and item {beyond[0]} of it is read",
                param.span,
                "give it every item that is read",
            )
        return range(shape.length)
    if any(index < 0 for index in indices):
        raise SrcgradError(
            f"{param.name} is read from its end, and how many items it has is not known",
            param.span,
            f"annotate it, as in {param.name}: tuple[float, float, float]",
        )
    return range(1 + max(indices))
