"""libcst tree -> Wengert list: statements one by one, each assignment a new version (SSA).

Expressions are tiled by gates in tiling.py. What is not read is refused, with its place.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace

import libcst as cst

from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr, bare, rebuild
from srcgrad.lower import lower, space, text_of
from srcgrad.match import Book
from srcgrad.parameters import declared, local_names
from srcgrad.scope import Scope
from srcgrad.source import Function
from srcgrad.tiling import Frame, Tiler, Trace
from srcgrad.wengert import Block, Pack, Statement, Value, Var, Wengert, leaves, ref

_REFUSED: dict[type[ast.stmt], tuple[str, str]] = {
    ast.If: ("an if statement is not read yet", "write it with max, min or a product with a comparison"),
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


def read(function: Function, scope: Scope, book: Book) -> Wengert:
    """The Wengert list of `function`.

    Raises SrcgradError at the first statement or expression that srcgrad does not read.
    """
    trace = Trace()
    params = tuple(replace(param, var=trace.parameter(param.name)) for param in declared(function))
    frame = Frame(function, scope, frozenset(), {param.name: param.var for param in params})
    result = _body(frame, trace, book)
    found = [replace(param, items=tuple(trace.items[param.var.base])) for param in params]
    doc = ast.get_docstring(function.node) or ""
    return Wengert(function.name, tuple(found), Block(tuple(trace.lines)), result, doc)


def _body(frame: Frame, trace: Trace, book: Book) -> Value:
    """Read the statements of a function into `trace`, and return what it returns."""
    reader = _Reader(frame, trace, book)
    for node, statement in _statements(frame.function):
        value = reader.read(node, statement)
        if value is not None:
            return value
    raise SrcgradError(
        f"{frame.function.name} returns no value",
        frame.function.source.span(frame.function.node),
        "end it with return and the value to differentiate",
    )


def _statements(
    function: Function,
) -> Iterator[tuple[ast.stmt, tuple[cst.BaseSmallStatement, cst.SimpleStatementLine | None]]]:
    """The small statements of a function, with the lines that they stand on; SrcgradError at a compound one."""
    nodes = iter(function.node.body)
    body = function.tree.body
    if isinstance(body, cst.SimpleStatementSuite):
        yield from ((next(nodes), (small, None)) for small in body.body)
        return
    for line in body.body:
        if not isinstance(line, cst.SimpleStatementLine):
            node = next(nodes)
            message, hint = _REFUSED.get(
                type(node), ("srcgrad does not read this statement yet", "write plain assignments")
            )
            raise SrcgradError(message, function.source.span(node), hint)
        for small in line.body:
            yield next(nodes), (small, line)


class _Reader:
    """Reads the statements of one function, in order."""

    def __init__(self, frame: Frame, trace: Trace, book: Book) -> None:
        frame = replace(frame, locals=local_names(frame.function.node))
        self.frame, self.trace = frame, trace
        self.tiler = Tiler(frame, trace, book, _body)
        self.first = True
        self.returned: set[str] = set()

    def read(
        self, node: ast.stmt, place: tuple[cst.BaseSmallStatement, cst.SimpleStatementLine | None]
    ) -> Value | None:
        """Read one statement; what it returns, where it returns."""
        small, line = place
        rule = _STATEMENTS.get(type(small))
        first, self.first = self.first, False
        if rule is None or (isinstance(small, cst.Expr) and not first):
            raise self._refused(node)
        return rule(self, node, small, line)

    def _refused(self, node: ast.stmt) -> SrcgradError:
        message, hint = _REFUSED.get(
            type(node), ("srcgrad does not read this statement yet", "write plain assignments")
        )
        return SrcgradError(message, self.frame.function.source.span(node), hint)

    def _begin(
        self, node: ast.stmt, line: cst.SimpleStatementLine | None, *parts: Expr | str, operator: str = ""
    ) -> None:
        """Start a statement with the text `parts`."""
        comment, leading = "", tuple[str, ...]()
        if line is not None:
            comment = line.trailing_whitespace.comment.value if line.trailing_whitespace.comment else ""
            rows = (row.comment.value for row in line.leading_lines if row.comment)
            leading = tuple(row for row in rows if row not in _MARKERS)
        tree = Expr("statement", parts)
        function, caller = self.frame.function, self.frame.statement
        self.tiler.statement = Statement(tree, node, function, comment, leading, operator, caller)

    def _docstring(self, node: ast.stmt, small: cst.Expr, line: cst.SimpleStatementLine | None) -> None:
        if not (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        ):
            raise self._refused(node)

    def _pass(self, node: ast.stmt, small: cst.Pass, line: cst.SimpleStatementLine | None) -> None:
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
        self._begin(node, line, left, equal, right)
        self._store(left, right)

    def _annotated(self, node: ast.stmt, small: cst.AnnAssign, line: cst.SimpleStatementLine | None) -> None:
        left = lower(small.target)
        if small.value is None or left.head != "name":
            raise self._refused(node)
        right = lower(small.value)
        self._begin(
            node,
            line,
            left,
            text_of(small.annotation) + (text_of(small.equal) if isinstance(small.equal, cst.AssignEqual) else " = "),
            right,
        )
        self._store(left, right)

    def _augmented(self, node: ast.stmt, small: cst.AugAssign, line: cst.SimpleStatementLine | None) -> None:
        left, right = lower(small.target), lower(small.value)
        sign = text_of(small.operator)
        operator = sign.strip().removesuffix("=")
        self._begin(node, line, left, sign, right, operator=operator)
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
        self._begin(node, line, "return ", expr)
        return self._result(expr, "out")

    def _result(self, expr: Expr, name: str) -> Value:
        """What is returned: a name stays what it is, a tuple or list item by item, anything else is called `name`."""
        inner = bare(expr)
        if inner.head in ("tuple", "list") and not any(item.head == "star" for item in inner.operands):
            items = (self._result(item, f"{name}{i}") for i, item in enumerate(inner.operands, 1))
            return Pack(inner.head, tuple(items))
        value = self.tiler.evaluate(expr)
        if self.frame.callers:
            return value
        own = {leaf.key for leaf in leaves(value)}
        copied = own & self.returned or any(leaf.base in self.trace.items for leaf in leaves(value))
        if copied or isinstance(value, Expr) or inner.head != "name":
            value = self._bind(name, value, expr)
        self.returned |= own
        return value

    def _store(self, left: Expr, right: Expr) -> None:
        """`left = right`."""
        inner = bare(left)
        if inner.head == "name":
            value = self.tiler.evaluate(right)
            self.frame.env[inner.leaf] = self._bind(inner.leaf, value, right)
        elif inner.head in ("tuple", "list") and all(bare(item).head == "name" for item in inner.operands):
            self._unpack(inner, left, right)
        else:
            raise self.tiler.error("only names can be assigned to", left, _MUTATION)

    def _bind(self, name: str, value: Value, right: Expr) -> Value:
        """A new version of `name` that holds `value`; the line that made a temporary binds the name instead."""
        lines, var = self.trace.lines, self.trace.new(name)
        if isinstance(value, Var) and value.temporary and value in lines[-1].targets:
            lines[-1] = replace(lines[-1], targets=(var,), target=var.ref)
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
        texts = {
            id(item): ref(part)
            for item, part in zip(bare(right).operands, value.items, strict=False)
            if isinstance(part, Var) and part.temporary
        }
        return self.tiler.rename(right, texts)

    def _unpack(self, left: Expr, whole: Expr, right: Expr) -> None:
        value = self.tiler.evaluate(right)
        names = [bare(item).leaf for item in left.operands]
        if isinstance(value, Var) and value.base in self.trace.items:
            values: tuple[Value, ...] = tuple(self.trace.item(value, i) for i in range(len(names)))
            text = self.tiler.rename(right)
        elif isinstance(value, Pack) and len(value.items) == len(names):
            values, text = value.items, self._display(value, right)
        else:
            raise self.tiler.error(
                f"srcgrad cannot tell what the {len(names)} values are",
                right,
                "unpack a parameter, or a tuple written out",
            )
        held = tuple(_items(item, self.trace.new(name)) for name, item in zip(names, values, strict=True))
        self.frame.env.update(zip(names, held, strict=True))
        bound = dict(zip(names, held, strict=True))
        target = rebuild(whole, lambda node: ref(bound[node.leaf]) if node.head == "name" else None)
        args = {str(i): leaf for i, leaf in enumerate(leaf for item in values for leaf in _flat(item))}
        self.tiler.copy(tuple(leaf for item in held for leaf in leaves(item)), text, args, right, target)


_MUTATION = "build a new value and give it a name"
_STATEMENTS: dict[type[cst.BaseSmallStatement], Callable[..., Value | None]] = {
    cst.Expr: _Reader._docstring,
    cst.Pass: _Reader._pass,
    cst.Assign: _Reader._assign,
    cst.AnnAssign: _Reader._annotated,
    cst.AugAssign: _Reader._augmented,
    cst.Return: _Reader._return,
}


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
