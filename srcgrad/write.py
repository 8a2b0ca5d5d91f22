"""Staged -> text, through templates/: the layout of a derived function and of an emitted file."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr, bare, breaks, keys
from srcgrad.names import Names
from srcgrad.staged import UNBROADCAST, Assign, Branch, Remarks, Staged, Step, evaluated, flat
from srcgrad.templating import environment
from srcgrad.wengert import Pack, Parameter, Statement, Value, Var, ref
from srcgrad.wording import described, quoted, shapes_of, summary

_COLUMN = "\x00"
"""Stands before a number until the width of the column is known; no text of Python holds it."""

_NUMBER = re.compile(r"#\s*\((\d+)\)\s*$")


def included(names: Names) -> str:
    """The text of the functions that `names` include; "" where there are none."""
    if UNBROADCAST not in names.library:
        return ""
    numpy = {path.removeprefix("numpy."): text for path, text in names.library.items() if path.startswith("numpy.")}
    template = environment().get_template("unbroadcast.py.jinja")
    return template.render(name=names.library[UNBROADCAST], numpy=numpy).strip() + "\n"


def write(staged: Staged, names: Names, remarks: Remarks) -> str:
    """The text of the derived function (of both, for a split), without imports; with `remarks` beside the lines."""
    page = _Page(staged, names, remarks)
    return environment().get_template(f"{staged.mode.value}.py.jinja").render(page.context()).strip() + "\n"


def line_text(line: Assign, names: Names) -> str:
    """A line as a statement of its own."""
    if not line.bound or line.op == "at":
        return names.text(line.value)
    value = bare(line.value)
    if breaks(value) or (value.head == "tuple" and not line.primal):
        value = Expr("paren", ("(", value, ")"))
    return f"{names.text(line.target)} {line.op} {names.text(value)}"


def idle(line: Assign, names: Names) -> bool:
    """Whether a line hands a value on to its own name: such a line is not written."""
    target, value = line.target, line.value
    return line.op == "=" and target.head == value.head and names.text(target) == names.text(value)


@dataclass(frozen=True, slots=True)
class _Page:
    """One derived function as lines of text."""

    staged: Staged
    names: Names
    remarks: Remarks

    def context(self) -> dict[str, Any]:
        """What the templates print."""
        staged, text = self.staged, self.names.text
        params: dict[Value, str] = {param.var: param.name for param in staged.params}
        extra = [(text(expr), params.get(value, ""), self._shape(value)) for expr, value in staged.extra]
        gradients = [(text(expr), params.get(value, ""), self._shape(value)) for expr, value in staged.gradients]
        value, shape = text(ref(staged.result)) if staged.returns_value else "", self._shape(staged.result)
        return {
            "name": staged.name,
            "summary": summary(staged),
            "signature": _signature(staged.params, ()),
            "signature_with_extra": _signature(staged.params, [name for name, _, _ in extra]),
            "extra": [name for name, _, _ in extra],
            "inputs": [described(param.name, "", self._shape(param.var)) for param in staged.params],
            "upstream_rows": [described(name, "upstream gradient", shape) for name, _, shape in extra],
            "tangent_rows": [described(name, f"tangent of {of}", shape) for name, of, shape in extra],
            "forward": list(self._within(staged.forward, self._forward)),
            "backward": _aligned(list(self._within(staged.backward, self._backward))),
            "value": value,
            "value_row": described(f"a tuple of {value[1:-1]}" if value.startswith("(") else value, shape),
            "tangent_row": described(*self._tangent(gradients[0][0], shape)),
            "gradients": [name for name, _, _ in gradients],
            "wrt": [of for _, of, _ in gradients],
            "gradient_rows": [
                described(name, f"gradient with respect to {of}", shape) for name, of, shape in gradients
            ],
            "single": staged.single,
            "cached": list(self._cached()),
            "unset": self._unset(),
            "cache": self.names.cache,
        }

    def _tangent(self, tangent: str, shape: str) -> tuple[str, ...]:
        return (
            (f"a tuple of their tangents {tangent[1:-1]}",)
            if tangent.startswith("(")
            else (tangent, "its tangent", shape)
        )

    def _shape(self, value: Value) -> str:
        if isinstance(value, Pack):
            return ""
        shape = self.staged.facts.get(value.key) if isinstance(value, Var) else None
        return shape.described if shape else ""

    def _cached(self) -> Iterator[str]:
        """The names of what the reverse pass reads, in order of the parameters, then of computation."""
        read = {key for expr in evaluated(self.staged.backward) for key in keys(expr)}
        order = [param.var.base for param in self.staged.params]
        order += [key for line in flat(self.staged.forward) for key in line.bound]
        return iter(dict.fromkeys(self.names.variables[key] for key in order if key in read))

    def _unset(self) -> list[str]:
        """What one arm of a branch binds and the cache holds all the same: None, where the arm does not run."""
        bound = {param.var.base for param in self.staged.params} | _surely_bound(self.staged.forward)
        names = {self.names.variables[key] for key in bound if key in self.names.variables}
        return [f"{name} = None" for name in dict.fromkeys(self._cached()) if name not in names]

    def _within(
        self, steps: Sequence[Step], rows: Callable[[Sequence[Step]], Iterator[str]], depth: int = 0
    ) -> Iterator[str]:
        """`steps` under the `with` statements around them, of which `depth` stand already."""
        for _, same in groupby(steps, lambda step: id(_context(step, depth))):
            run = list(same)
            context = _context(run[0], depth)
            inside = list(rows(run) if context is None else self._within(run, rows, depth + 1))
            if context is not None and any(not row.startswith("#") for row in inside):
                yield f"with {self.names.text(context)}:"
                yield from (f"    {row}" for row in inside)
            else:
                yield from inside

    def _forward(self, steps: Sequence[Step]) -> Iterator[str]:
        """The forward pass: the user's own lines, comments included."""
        begun: Statement | None = None
        for step in steps:
            statement = step.statement
            assert statement is not None
            root = statement.root
            if root is not begun and step.primal:
                yield from root.leading
                if statement.caller is not None:
                    yield f"# {quoted(root)}"
            begun = root
            if isinstance(step, Branch):
                comment = f"  {statement.comment}" if isinstance(statement.node, ast.If) and statement.comment else ""
                yield from self._branch(step, self._forward, comment)
                continue
            own = step.primal and not step.temporary and statement.caller is None
            if not idle(step, self.names):
                comment = f"  {root.comment}" if own and root.comment and not isinstance(root.node, ast.If) else ""
                yield (
                    self._user_line(step, statement) + comment if own else line_text(step, self.names)
                ) + self._shapes(step)

    def _shapes(self, line: Assign) -> str:
        """The comment on a line that says the shapes in it."""
        said = shapes_of(line, self.staged.facts, self.staged.extents) if self.remarks.shapes else ""
        return f"  # {said}" if said else ""

    def _branch(
        self, step: Branch, rows: Callable[[Sequence[Step]], Iterator[str]], comment: str = ""
    ) -> Iterator[str]:
        """An if statement; an arm of which nothing but comments is left is left out."""
        depth = len(step.statement.context)
        arms = [list(self._within(arm, rows, depth)) for arm in (step.then, step.orelse)]
        then, orelse = (arm if any(not row.startswith("#") for row in arm) else [] for arm in arms)
        if not then and not orelse:
            return
        test = bare(step.test) if then else Expr("not", ("not ", step.test))
        yield f"if {self.names.text(test)}:{comment}"
        yield from (f"    {row}" for row in then or orelse)
        if then and orelse:
            left = [part for part in step.orelse if isinstance(part, Branch) or not idle(part, self.names)]
            if len(left) == 1 and isinstance(left[0], Branch) and orelse[0].startswith("if "):
                yield "el" + orelse[0]
                yield from orelse[1:]
            else:
                yield "else:"
                yield from (f"    {row}" for row in orelse)

    def _user_line(self, line: Assign, statement: Statement) -> str:
        """A line of the user's, with the spaces, the annotation or the operator that it was written with."""
        if not line.bound:
            return self.names.text(line.value)
        text, value, target = self.names.text, line.value, self.names.text(line.target)
        equal = statement.tree.parts[1]
        if isinstance(statement.node, ast.Return) or not isinstance(equal, str):
            return line_text(line, self.names)
        if statement.operator:
            first, second = value.operands if value.head == statement.operator else (None, value)
            if first is not None and text(first) == target:
                return target + equal + text(second)
        if isinstance(statement.node, ast.AugAssign):
            equal = " = "
        return target + equal + text(value)

    def _backward(self, steps: Sequence[Step], begun: Statement | None = None) -> Iterator[str]:
        """The reverse pass: under each of the user's lines, quoted, the gradients on what it reads."""
        for step in steps:
            root = step.statement.root if step.statement else None
            compound = root is not None and isinstance(root.node, ast.If)
            unwritten = isinstance(step, Assign) and idle(step, self.names)
            if root is not None and root is not begun and not compound and not unwritten:
                yield f"# backprop {quoted(root)}"
            if not unwritten:
                begun = root
            if isinstance(step, Branch):
                yield from self._branch(step, lambda arm, inside=begun: self._backward(arm, inside))  # type: ignore[misc]
            elif not unwritten:
                number = _NUMBER.search(root.comment) if root else None
                notes = [f"#({number[1]})"] if number else []
                notes += [f"# {step.reason}"] if self.remarks.reasons and step.reason else []
                yield line_text(step, self.names) + (_COLUMN + "  ".join(notes) if notes else "") + self._shapes(step)


def _context(step: Step, depth: int) -> Expr | None:
    """The `with` around a step, inside the first `depth` ones; None where there is none."""
    context = step.statement.context[depth:] if step.statement else ()
    return context[0] if context else None


def _surely_bound(steps: Sequence[Step]) -> set[str]:
    """The variables that are bound on every path."""
    bound: set[str] = set()
    for step in steps:
        bound |= _surely_bound(step.then) & _surely_bound(step.orelse) if isinstance(step, Branch) else {*step.bound}
    return bound


def _aligned(rows: Sequence[str]) -> list[str]:
    """Rows with the numbers at their ends in one column."""
    pairs = [row.partition(_COLUMN) for row in rows]
    column = max((len(text) for text, mark, _ in pairs if mark), default=0)
    return [f"{text:<{column}}  {number}" if mark else text for text, mark, number in pairs]


def _signature(params: Sequence[Parameter], extra: Sequence[str]) -> str:
    """The parameters of a derived function: upstream gradients or tangents, then the function's own."""
    rows = list(extra)
    kinds = [param.kind for param in params]
    for i, param in enumerate(params):
        if param.kind == "*" and not {"*", "*args"} & {*kinds[:i]}:
            rows.append("*")
        annotation = param.annotation
        default = f" = {param.default}" if annotation else f"={param.default}"
        name = f"*{param.name}" if param.kind == "*args" else param.name
        rows.append(name + (f": {annotation}" if annotation else "") + (default if param.default else ""))
        if param.kind == "/" and kinds[i + 1 : i + 2] != ["/"]:
            rows.append("/")
    return ", ".join(rows)


def module(header: Sequence[str], imports: str, constants: Sequence[str], functions: Sequence[str]) -> str:
    """A whole file: header, imports, constants, functions. The last gate: nothing else stands at its top level."""
    template = environment().get_template("module.py.jinja")
    text = template.render(header=header, imports=imports, constants=constants, functions=functions).strip() + "\n"
    allowed = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.Assign, ast.AnnAssign)
    try:
        tree = ast.parse(text)
        compile(text, "<emitted>", "exec", dont_inherit=True)
    except SyntaxError as error:
        raise SrcgradError(f"the derived text is not valid Python: {error.msg}") from None
    if not all(isinstance(node, allowed) for node in tree.body):
        raise SrcgradError("the derived text holds more than imports, constants and functions")
    return text
