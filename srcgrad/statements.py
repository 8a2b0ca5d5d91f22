"""Simple statements of a function, one by one: each assignment makes a new version of a name (SSA).

The part of the reading stage between read.py, which knows blocks, and tiling.py, which knows expressions.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace

import libcst as cst

from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr, bare, rebuild
from srcgrad.lower import lower, space, text_of
from srcgrad.record import Frame, Trace
from srcgrad.source import Function
from srcgrad.tiling import Tiler
from srcgrad.wengert import Pack, Statement, Value, Var, binds, leaves, ref, retargeted

_REFUSED: dict[type[ast.stmt], tuple[str, str]] = {
    ast.For: ("a loop is not read yet", "write the steps out"),
    ast.While: ("a loop is not read yet", "write the steps out"),
    ast.Try: ("a try statement is not read", "let the function raise, and catch the error where it is called"),
    ast.Global: ("a function that writes a global is not differentiated", "return the value"),
    ast.Nonlocal: ("a function that writes a nonlocal is not differentiated", "return the value"),
    ast.FunctionDef: ("a function inside the function is not read yet", "define it at module level"),
    ast.Import: ("an import inside the function is not read yet", "move it to the top of the file"),
    ast.ImportFrom: ("an import inside the function is not read yet", "move it to the top of the file"),
}

_MARKERS = frozenset(("# forward pass", "# backward pass", "# forward pass, each line with its tangent"))
"""What heads the halves of a derived function: no comment on the line below."""

_MUTATION = "build a new value and give it a name"


def refused(function: Function, node: ast.stmt) -> SrcgradError:
    """The refusal of a statement that srcgrad does not read."""
    message, hint = _REFUSED.get(type(node), ("srcgrad does not read this statement yet", "write plain assignments"))
    return SrcgradError(message, function.source.span(node), hint)


class Statements:
    """Reads the simple statements of one function, in order."""

    def __init__(self, frame: Frame, trace: Trace, tiler: Tiler) -> None:
        self.frame, self.trace, self.tiler = frame, trace, tiler
        self.returned: set[str] = set()

    def read(self, node: ast.stmt, small: cst.BaseSmallStatement, line: cst.SimpleStatementLine | None) -> Value | None:
        """Read one statement; what it returns, where it returns."""
        rules: dict[type[cst.BaseSmallStatement], Callable[..., Value | None]] = {
            cst.Expr: self._expression,
            cst.Pass: self._nothing,
            cst.Assign: self._assign,
            cst.AnnAssign: self._annotated,
            cst.AugAssign: self._augmented,
            cst.Return: self._return,
        }
        rule = rules.get(type(small))
        if rule is None:
            raise refused(self.frame.function, node)
        return rule(node, small, line)

    def _begin(
        self,
        node: ast.stmt,
        small: cst.BaseSmallStatement,
        line: cst.SimpleStatementLine | None,
        *parts: Expr | str,
        operator: str = "",
    ) -> None:
        """Start a statement with the text `parts`.

        Of several on a line the first has the comments above, the last the comment behind.
        """
        comment, leading = "", tuple[str, ...]()
        if line is not None and line.body[0] is small:
            rows = (row.comment.value for row in line.leading_lines if row.comment)
            leading = tuple(row for row in rows if row not in _MARKERS)
        if line is not None and line.body[-1] is small and line.trailing_whitespace.comment:
            comment = line.trailing_whitespace.comment.value
        tree = Expr("statement", parts)
        function, caller = self.frame.function, self.frame.statement
        self.tiler.statement = Statement(tree, node, function, comment, leading, operator, caller)

    def _expression(self, node: ast.stmt, small: cst.Expr, line: cst.SimpleStatementLine | None) -> None:
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            raise refused(self.frame.function, node)

    def _nothing(self, node: ast.stmt, small: cst.Pass, line: cst.SimpleStatementLine | None) -> None:
        pass

    def _assign(self, node: ast.stmt, small: cst.Assign, line: cst.SimpleStatementLine | None) -> None:
        if len(small.targets) != 1:
            raise SrcgradError(
                "a chained assignment is not read yet",
                self.frame.function.source.span(node),
                "write one assignment a line",
            )
        left, right = lower(small.targets[0].target), lower(small.value)
        equal = space(small.targets[0].whitespace_before_equal) + "=" + space(small.targets[0].whitespace_after_equal)
        self._begin(node, small, line, left, equal, right)
        self._store(left, right)

    def _annotated(self, node: ast.stmt, small: cst.AnnAssign, line: cst.SimpleStatementLine | None) -> None:
        left = lower(small.target)
        if small.value is None:
            return
        right = lower(small.value)
        self._begin(node, small, line, left, f": {text_of(small.annotation.annotation)} = ", right)
        if left.head != "name":
            raise self.tiler.error("only a name can be assigned to", left, _MUTATION)
        self._store(left, right)

    def _augmented(self, node: ast.stmt, small: cst.AugAssign, line: cst.SimpleStatementLine | None) -> None:
        left, right = lower(small.target), lower(small.value)
        sign = text_of(small.operator)
        operator = sign.strip().removesuffix("=")
        self._begin(node, small, line, left, sign, right, operator=operator)
        if left.head != "name":
            raise self.tiler.error("only a name can be assigned to", left, _MUTATION)
        if isinstance(self.frame.env.get(left.leaf), Pack):
            raise self.tiler.error("a list that grows in place is not read yet", left, "build the list in one display")
        self._store(left, Expr(operator, (left, f" {operator} ", right)))

    def _return(self, node: ast.stmt, small: cst.Return, line: cst.SimpleStatementLine | None) -> Value:
        if small.value is None:
            raise SrcgradError(
                f"{self.frame.function.name} returns no value",
                self.frame.function.source.span(node),
                "return the value",
            )
        expr = lower(small.value)
        self._begin(node, small, line, "return ", expr)
        return self._result(expr, "out")

    def _result(self, expr: Expr, name: str) -> Value:
        """What is returned: a name stays what it is, a tuple or list item by item, anything else is called `name`."""
        inner = bare(expr)
        if inner.head in ("tuple", "list") and not any(item.head == "star" for item in inner.operands):
            items = (self._result(item, f"{name}{i}") for i, item in enumerate(inner.operands, 1))
            return Pack(inner.head, tuple(items))
        start = len(self.trace.lines)
        value = self.tiler.evaluate(expr)
        if self.frame.callers:
            return value
        own = {leaf.key for leaf in leaves(value)}
        copied = own & self.returned or any(leaf.base in self.trace.items for leaf in leaves(value))
        if copied or isinstance(value, Expr) or inner.head != "name":
            value = self._bind(name, value, expr, start)
        self.returned |= own
        return value

    def _store(self, left: Expr, right: Expr) -> None:
        """`left = right`."""
        inner = bare(left)
        if inner.head == "name":
            start = len(self.trace.lines)
            value = self.tiler.evaluate(right)
            self.frame.env[inner.leaf] = self._bind(inner.leaf, value, right, start)
        elif inner.head in ("tuple", "list"):
            self._unpack(inner, left, right)
        else:
            raise self.tiler.error("only names can be assigned to", left, _MUTATION)

    def _bind(self, name: str, value: Value, right: Expr, start: int) -> Value:
        """A new version of `name` that holds `value`; a line since `start` that made it binds the name instead."""
        lines, var = self.trace.lines, self.trace.new(name)
        fresh = isinstance(value, Var) and value.temporary and len(lines) > start and binds(lines[-1], value)
        if fresh:
            lines[-1] = retargeted(lines[-1], var)
            return var
        text = self.tiler.rename(right) if not isinstance(value, Pack) else self._display(value, right)
        held = _items(value, var)
        args = {str(i): leaf for i, leaf in enumerate(_flat(value))}
        self.tiler.copy(tuple(leaves(held)), text, args, right, var.ref)
        return held

    def _display(self, value: Pack, right: Expr) -> Expr:
        """The text of a list or tuple, its items as they were written but for those that have lines of their own."""
        if value.var is not None:
            return value.var.ref
        if bare(right).head not in ("list", "tuple"):
            return bare(ref(value)) if value.kind == "tuple" else ref(value)
        texts = {
            id(item): ref(part)
            for item, part in zip(bare(right).operands, value.items, strict=False)
            if isinstance(part, Var) and part.temporary
        }
        return self.tiler.rename(right, texts)

    def _unpack(self, left: Expr, whole: Expr, right: Expr) -> None:
        value = self.tiler.evaluate(right)
        text = self._display(value, right) if isinstance(value, Pack) else self.tiler.rename(right)
        pairs = list(self._pairs(left, value, right))
        names = [name for name, _ in pairs]
        held = {name: _items(item, self.trace.new(name)) for name, item in pairs}
        if len(held) < len(names):
            raise self.tiler.error("a name is assigned to twice here", whole, "give each value a name of its own")
        self.frame.env.update(held)
        target = rebuild(whole, lambda node: ref(held[node.leaf]) if node.head == "name" else None)
        args = {str(i): leaf for i, leaf in enumerate(leaf for _, item in pairs for leaf in _flat(item))}
        self.tiler.copy(tuple(leaf for item in held.values() for leaf in leaves(item)), text, args, right, target)

    def _pairs(self, left: Expr, value: Value, right: Expr) -> Iterator[tuple[str, Value]]:
        """The names on the left side, each with its value."""
        targets = [bare(item) for item in left.operands]
        if isinstance(value, Var) and value.base in self.trace.items:
            values: tuple[Value, ...] = tuple(self.trace.item(value, i) for i in range(len(targets)))
        elif isinstance(value, Pack) and len(value.items) == len(targets):
            values = value.items
        else:
            raise self.tiler.error(
                f"srcgrad cannot tell what the {len(targets)} values are",
                right,
                "unpack a parameter, or a tuple written out",
            )
        for target, item in zip(targets, values, strict=True):
            if target.head == "name":
                yield target.leaf, item
            elif target.head in ("tuple", "list"):
                yield from self._pairs(target, item, right)
            else:
                raise self.tiler.error("only names can be assigned to", left, _MUTATION)


def _flat(value: Value) -> Iterator[Value]:
    """The variables and leaves of `value`, from left to right."""
    if isinstance(value, Pack):
        for item in value.items:
            yield from _flat(item)
    else:
        yield value


def _items(value: Value, var: Var) -> Value:
    """`value` as `var` holds it: `var` itself, or a pack of its items."""
    if not isinstance(value, Pack):
        return var
    items = tuple(_items(item, replace(var, path=(*var.path, i))) for i, item in enumerate(value.items))
    return Pack(value.kind, items, var)
