"""Staged -> text, through templates/: the layout of a derived function and of an emitted file."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from srcgrad.errors import SrcgradError, visible
from srcgrad.expr import LEAVES, Expr, bare, breaks, keys
from srcgrad.names import Names
from srcgrad.staged import Assign, Staged
from srcgrad.wengert import Pack, Parameter, Statement, Value, Var, ref

if TYPE_CHECKING:
    from jinja2 import Environment

_WIDEST_QUOTE = 100
_NUMBER = re.compile(r"#\s*\((\d+)\)\s*$")


def write(staged: Staged, names: Names) -> str:
    """The text of the derived function (of both, for a split), without imports."""
    page = _Page(staged, names)
    return _environment().get_template(f"{staged.mode.value}.py.jinja").render(page.context()).strip() + "\n"


@dataclass(frozen=True, slots=True)
class _Page:
    """One derived function as lines of text."""

    staged: Staged
    names: Names

    def context(self) -> dict[str, Any]:
        """What the templates print."""
        staged, text = self.staged, self.names.text
        extra = [(text(expr), self._name(value), self._shape(value)) for expr, value in staged.extra]
        gradients = [(text(expr), self._name(value), self._shape(value)) for expr, value in staged.gradients]
        value, shape = text(ref(staged.result)) if staged.returns_value else "", self._shape(staged.result)
        return {
            "name": staged.name,
            "summary": _summary(staged),
            "signature": _signature(staged.params, ()),
            "signature_with_extra": _signature(staged.params, [name for name, _, _ in extra]),
            "extra": [name for name, _, _ in extra],
            "inputs": [_row(param.name, "", self._shape(param.var)) for param in staged.params],
            "upstream_rows": [_row(name, "upstream gradient", shape) for name, _, shape in extra],
            "tangent_rows": [_row(name, f"tangent of {of}", shape) for name, of, shape in extra],
            "forward": list(self._forward()),
            "backward": list(self._backward()),
            "value": value,
            "value_row": _row(f"a tuple of {value[1:-1]}" if value.startswith("(") else value, shape),
            "tangent_row": _row(*self._tangent(gradients[0][0], shape)),
            "gradients": [name for name, _, _ in gradients],
            "wrt": [of for _, of, _ in gradients],
            "gradient_rows": [_row(name, f"gradient with respect to {of}", shape) for name, of, shape in gradients],
            "single": staged.single,
            "cached": list(self._cached()),
            "cache": self.names.cache,
        }

    def _tangent(self, tangent: str, shape: str) -> tuple[str, ...]:
        return (
            (f"a tuple of their tangents {tangent[1:-1]}",)
            if tangent.startswith("(")
            else (tangent, "its tangent", shape)
        )

    def _name(self, value: Value) -> str:
        """The name of a parameter; "" for anything else."""
        return next((param.name for param in self.staged.params if param.var is value), "")

    def _shape(self, value: Value) -> str:
        if isinstance(value, Pack):
            return ""
        shape = self.staged.facts.get(value.key) if isinstance(value, Var) else None
        return shape.described if shape else ""

    def _cached(self) -> Iterator[str]:
        """The names of what the reverse pass reads, in order of the parameters, then of computation."""
        read = {key for line in self.staged.backward for key in keys(line.value)}
        order = [param.var.base for param in self.staged.params]
        order += [key for line in self.staged.forward for key in line.bound]
        return (self.names.variables[key] for key in order if key in read)

    def _forward(self) -> Iterator[str]:
        """The forward pass: the user's own lines, comments included."""
        begun: Statement | None = None
        for line in self.staged.forward:
            statement = line.statement
            assert statement is not None
            root = statement.root
            if root is not begun and line.primal:
                yield from root.leading
                if statement.caller is not None:
                    yield f"# {quoted(root)}"
            begun = root
            own = line.primal and not line.temporary and statement.caller is None
            comment = f"  {root.comment}" if own and root.comment else ""
            yield self._user_line(line, statement) + comment if own else self._line(line)

    def _user_line(self, line: Assign, statement: Statement) -> str:
        """A line of the user's, with the spaces, the annotation or the operator that it was written with."""
        text, value, target = self.names.text, line.value, self.names.text(line.target)
        equal = statement.tree.parts[1]
        if isinstance(statement.node, ast.Return) or not isinstance(equal, str):
            return self._line(line)
        if statement.operator:
            first, second = value.operands if value.head == statement.operator else (None, value)
            if first is not None and text(first) == target:
                return target + equal + text(second)
            equal = " = "
        return target + equal + text(value)

    def _line(self, line: Assign) -> str:
        value = bare(line.value)
        if breaks(value):
            value = Expr("paren", ("(", value, ")"))
        return f"{self.names.text(line.target)} {line.op} {self.names.text(value)}"

    def _backward(self) -> Iterator[str]:
        """The reverse pass: under each of the user's lines, quoted, the gradients on what it reads."""
        rows: list[tuple[str, str]] = []
        begun: Statement | None = None
        for line in self.staged.backward:
            root = line.statement.root if line.statement else None
            if root is not None and root is not begun:
                rows.append((f"# backprop {quoted(root)}", ""))
            begun = root
            number = _NUMBER.search(root.comment) if root else None
            rows.append((self._line(line), f"#({number[1]})" if number else ""))
        column = max((len(text) for text, number in rows if number), default=0)
        return (f"{text:<{column}}  {number}" if number else text for text, number in rows)


def _row(name: str, *facts: str) -> str:
    """A row of a docstring."""
    said = ", ".join(fact for fact in facts if fact)
    return f"{name}: {said}" if said else name


def quoted(statement: Statement) -> str:
    """A statement on one line, without its comments."""
    parts = list(statement.tree.parts)
    if isinstance(statement.node, ast.Return) and isinstance(parts[1], Expr) and bare(parts[1]).head != "tuple":
        parts[0] = "out = "
    text = " ".join(_without_comments(Expr("statement", tuple(parts))).split())
    return text if len(text) <= _WIDEST_QUOTE else text[: _WIDEST_QUOTE - 3].rstrip() + "..."


def _without_comments(expr: Expr) -> str:
    out: list[str] = []
    stack: list[Expr | str] = [expr]
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            out.append(re.sub(r"#[^\n]*", "", part) if "\n" in part else part)
        elif part.head in LEAVES:
            out.append(part.leaf)
        else:
            stack.extend(reversed(part.parts))
    return "".join(out)


def _summary(staged: Staged) -> str:
    """What the user's docstring begins with, ready for a docstring."""
    first = staged.doc.strip().split("\n")[0].strip().rstrip(".")
    if len(first) > 1 and not first[1].isupper():
        first = first[0].lower() + first[1:]
    return visible(first).replace("\\", "\\\\").replace('"""', "'''") + "." if first else ""


def _signature(params: Sequence[Parameter], extra: Sequence[str]) -> str:
    """The parameters of a derived function: upstream gradients or tangents, then the function's own."""
    rows = list(extra)
    kinds = [param.kind for param in params]
    for i, param in enumerate(params):
        if param.kind == "*" and "*" not in kinds[:i]:
            rows.append("*")
        annotation = param.annotation if _plain(param.annotation) else ""
        default = f" = {param.default}" if annotation else f"={param.default}"
        rows.append(param.name + (f": {annotation}" if annotation else "") + (default if param.default else ""))
        if param.kind == "/" and kinds[i + 1 : i + 2] != ["/"]:
            rows.append("/")
    return ", ".join(rows)


def _plain(annotation: str) -> bool:
    """Whether an annotation needs no import: only such are repeated."""
    if not annotation:
        return False
    names = {node.id for node in ast.walk(ast.parse(annotation)) if isinstance(node, ast.Name)}
    return all(isinstance(getattr(builtins, name, None), type) for name in names)


def module(header: Sequence[str], imports: str, constants: Sequence[str], functions: Sequence[str]) -> str:
    """A whole file: header, imports, constants, functions. The last gate: nothing else stands at its top level."""
    template = _environment().get_template("module.py.jinja")
    text = template.render(header=header, imports=imports, constants=constants, functions=functions).strip() + "\n"
    allowed = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.Assign)
    if not all(isinstance(node, allowed) for node in ast.parse(text).body):
        raise SrcgradError("the emitted text is not what srcgrad writes: this is a defect of srcgrad")
    return text


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(templates()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def templates() -> Path:
    """Where the templates stand: inside the package, in a checkout beside it."""
    package = Path(__file__).parent
    inside, beside = package / "templates", package.parent / "templates"
    if not inside.is_dir() and beside.is_dir() and (package.parent / "pyproject.toml").is_file():
        return beside
    return inside
