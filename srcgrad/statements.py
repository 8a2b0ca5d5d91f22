"""Simple statements of a function, one by one: each assignment makes a new version of a name (SSA).

The part of the reading stage between read.py, which knows blocks, and tiling.py, which knows expressions.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import libcst as cst

from srcgrad.errors import SrcgradError, visible
from srcgrad.expr import Expr, bare, rebuild, walk
from srcgrad.frame import Frame, Inner, Trace
from srcgrad.gate import CONDITION, COPY
from srcgrad.lower import lower, space, text_of
from srcgrad.parameters import bound_again
from srcgrad.purity import pure
from srcgrad.source import Function, read_lambda
from srcgrad.tiling import Tiler
from srcgrad.unpacking import MUTATION, unpacked
from srcgrad.wengert import Line, Pack, Statement, Value, flat, held_items, leaves, ref

_REFUSED: dict[type[ast.stmt], tuple[str, str]] = {
    ast.For: ("a loop is not read yet", "write the steps out"),
    ast.While: ("a loop is not read yet", "write the steps out"),
    ast.Try: ("a try statement is not read", "let the function raise, and catch the error where it is called"),
    ast.Global: ("a function that writes a global is not differentiated", "return the value"),
    ast.Nonlocal: ("a function that writes a nonlocal is not differentiated", "return the value"),
    ast.FunctionDef: (
        "a function with a decorator, or on some paths only, is not read",
        "define it at module level, without a decorator",
    ),
    ast.AsyncFunctionDef: ("srcgrad does not read async functions", "define a plain function"),
    ast.ClassDef: ("a class inside the function is not read", "use names, lists or dicts in its place"),
    ast.AsyncWith: ("srcgrad does not read async statements", "write plain ones"),
    ast.Import: ("an import inside the function is not read yet", "move it to the top of the file"),
    ast.ImportFrom: ("an import inside the function is not read yet", "move it to the top of the file"),
}

_MARKERS = frozenset(("# forward pass", "# backward pass", "# forward pass, each line with its tangent"))
"""What heads the halves of a derived function: no comment on the line below."""

_CONTEXTS = frozenset(
    (
        "numpy.errstate",
        "numpy.printoptions",
        "decimal.localcontext",
        "warnings.catch_warnings",
        "contextlib.nullcontext",
    )
)
"""The context managers that leave every line inside them to run."""


def _parameters(params: cst.Parameters) -> Iterator[cst.Param]:
    yield from (*params.posonly_params, *params.params, *params.kwonly_params)


def comments(lines: Iterable[cst.EmptyLine]) -> Iterator[str]:
    """The comments among `lines`, without what would make them read as something else."""
    yield from (visible(row.comment.value) for row in lines if row.comment)


def refused(function: Function, node: ast.stmt) -> SrcgradError:
    """The refusal of a statement that srcgrad does not read."""
    message, hint = _REFUSED.get(type(node), ("srcgrad does not read this statement yet", "write plain assignments"))
    return SrcgradError(message, function.source.span(node), hint)


class Statements:
    """Reads the simple statements of one function, in order."""

    def __init__(self, frame: Frame, trace: Trace, tiler: Tiler) -> None:
        self.frame, self.trace, self.tiler = frame, trace, tiler
        self.context: tuple[Expr, ...] = frame.statement.context if frame.statement else ()
        self.deleted: list[str] = []
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
            cst.Assert: self._assert,
            cst.Del: self._del,
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
            rows = comments(line.leading_lines)
            leading = tuple(row for row in rows if row not in _MARKERS)
        if line is not None and line.body[-1] is small and line.trailing_whitespace.comment:
            comment = visible(line.trailing_whitespace.comment.value)
        tree = Expr("statement", parts)
        function, caller = self.frame.function, self.frame.statement
        self.tiler.statement = Statement(
            tree, node, function, comment, leading, operator, caller, self.tiler.plain(tree), self.context
        )

    def _expression(self, node: ast.stmt, small: cst.Expr, line: cst.SimpleStatementLine | None) -> None:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return
        expr = lower(small.value)
        if bare(expr).head != "call":
            raise refused(self.frame.function, node)
        self._begin(node, small, line, "", expr)
        self._effect(expr)

    def _effect(self, expr: Expr) -> None:
        """A statement that is evaluated for what it does: it stands in the forward pass, and nothing reads it."""
        value = self.tiler.opaque(expr, CONDITION)
        line = self.trace.lines[-1]
        assert isinstance(line, Line)
        assert value in line.targets
        self.trace.lines[-1] = replace(line, targets=(), target=Expr("text", ("",)), pure=False)

    def _assert(self, node: ast.stmt, small: cst.Assert, line: cst.SimpleStatementLine | None) -> None:
        parts: tuple[Expr | str, ...] = ("assert ", lower(small.test))
        if small.msg is not None:
            parts += (", ", lower(small.msg))
        expr = Expr("effect", parts)
        self._begin(node, small, line, "", expr)
        self._effect(expr)

    def _del(self, node: ast.stmt, small: cst.Del, line: cst.SimpleStatementLine | None) -> None:
        target = lower(small.target)
        self._begin(node, small, line, "del ", target)
        for item in target.operands if target.head == "tuple" else (target,):
            if item.head != "name" or self.frame.env.pop(item.leaf, None) is None:
                raise self.tiler.error("only a local name can be deleted", item, "leave it out, and name what is left")
            self.deleted.append(item.leaf)

    def _nothing(self, node: ast.stmt, small: cst.Pass, line: cst.SimpleStatementLine | None) -> None:
        pass

    def define(self, node: ast.FunctionDef, tree: cst.FunctionDef) -> None:
        """A function defined inside this one, for good."""
        if node.decorator_list or bound_again(self.frame.function.node, node.name):
            raise refused(self.frame.function, node)
        given = [param for param in _parameters(tree.params) if param.default is not None]
        exprs = {param.name.value: lower(param.default) for param in given if param.default is not None}
        self._begin(node, cst.Pass(), None, "def ", *exprs.values())
        defaults = {name: self.tiler.evaluate(expr) for name, expr in exprs.items()}
        function = Function(self.frame.function.source, node, tree)
        self.frame.functions[node.name] = Inner(function, self.frame, defaults)

    def entered(self, node: ast.With, tree: cst.With) -> Expr:
        """The context managers that a `with` enters, as they are written."""
        items = [lower(item.item) for item in tree.items]
        commas = [part for expr in items for part in (expr, ", ")]
        self._begin(node, cst.Pass(), None, "with ", *commas[:-1])
        for item, expr in zip(tree.items, items, strict=True):
            called = bare(expr).operands[0] if bare(expr).head == "call" else expr
            if item.asname is not None:
                raise self.tiler.error("a with that binds a name is not read", expr, "leave the name out")
            if self.tiler.meaning(called) not in _CONTEXTS:
                raise self.tiler.error(
                    "srcgrad does not know what this context manager does to the lines inside",
                    expr,
                    "leave it out, and enter it where the function is called",
                )
            if not all(pure(arg, self.tiler.meaning) for arg in bare(expr).operands[1:]):
                raise self.tiler.error(
                    "a with that calls a function for its argument is not read", expr, "enter it outside"
                )
            local = next((part for part in walk(expr) if part.head == "name" and part.leaf in self.frame.locals), None)
            if local is not None:
                raise self.tiler.error(f"a with that reads the local {local.leaf} is not read", local, "write it out")
        return self.tiler.rename(Expr("statement", tuple(commas[:-1])))

    def _lambda(self, node: ast.Assign, name: str) -> None:
        """`name = lambda x: ...`, which is a definition."""
        assert isinstance(node.value, ast.Lambda)
        function = read_lambda(self.frame.function.source, node.value)
        function.node.name = name
        self.define(function.node, function.tree)

    def _assign(self, node: ast.stmt, small: cst.Assign, line: cst.SimpleStatementLine | None) -> None:
        targets = [lower(target.target) for target in small.targets]
        if isinstance(small.value, cst.Lambda) and len(targets) == 1 and targets[0].head == "name":
            assert isinstance(node, ast.Assign)
            self._lambda(node, targets[0].leaf)
            return
        equals = [
            space(target.whitespace_before_equal) + "=" + space(target.whitespace_after_equal)
            for target in small.targets
        ]
        right = lower(small.value)
        parts = [part for pair in zip(targets, equals, strict=True) for part in pair]
        self._begin(node, small, line, *parts, right)
        first = next((target for target in targets if bare(target).head == "name"), targets[0])
        if len(targets) > 1 and bare(first).head != "name":
            raise self.tiler.error("several unpackings at once are not read", first, "write one assignment a line")
        self._store(first, right)
        for target in targets:
            if target is not first:
                self._store(target, first)

    def _annotated(self, node: ast.stmt, small: cst.AnnAssign, line: cst.SimpleStatementLine | None) -> None:
        left = lower(small.target)
        if small.value is None:
            return
        right = lower(small.value)
        self._begin(node, small, line, left, f": {text_of(small.annotation.annotation)} = ", right)
        if left.head != "name":
            raise self.tiler.error("only a name can be assigned to", left, MUTATION)
        self._store(left, right)

    def _augmented(self, node: ast.stmt, small: cst.AugAssign, line: cst.SimpleStatementLine | None) -> None:
        left, right = lower(small.target), lower(small.value)
        sign = text_of(small.operator)
        operator = sign.strip().removesuffix("=")
        self._begin(node, small, line, left, sign, right, operator=operator)
        if left.head != "name":
            raise self.tiler.error("only a name can be assigned to", left, MUTATION)
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
            value = self.tiler.bind(name, value, expr, start)
        self.returned |= own
        return value

    def _store(self, left: Expr, right: Expr) -> None:
        """`left = right`."""
        inner = bare(left)
        if inner.head == "name":
            start = len(self.trace.lines)
            value = self.tiler.evaluate(right)
            self.frame.env[inner.leaf] = self.tiler.bind(inner.leaf, value, right, start)
        elif inner.head in ("tuple", "list"):
            self._unpack(inner, left, right)
        else:
            raise self.tiler.error("only names can be assigned to", left, MUTATION)

    def _unpack(self, left: Expr, whole: Expr, right: Expr) -> None:
        value = self.tiler.evaluate(right)
        text = self.tiler.display(value, right) if isinstance(value, Pack) else self.tiler.rename(right)
        pairs = list(unpacked(self.tiler, left, value, right))
        held = [(name, held_items(item, self.trace.new(name))) for name, item in pairs]  # of `a, _, _` the last one
        self.frame.env.update(held)
        values = [one for _, one in held]
        rest = iter(values)
        target = rebuild(whole, lambda node: ref(next(rest)) if node.head == "name" else None)
        last = self.trace.lines[-1] if self.trace.lines else None
        if isinstance(last, Line) and last.gate is not COPY and last.targets == tuple(item for _, item in pairs):
            results = tuple(leaf for item in values for leaf in leaves(item))
            self.trace.lines[-1] = replace(last, targets=results, target=target)
            return
        args = {str(i): leaf for i, leaf in enumerate(leaf for _, item in pairs for leaf in flat(item))}
        self.tiler.copy(tuple(leaf for item in values for leaf in leaves(item)), text, args, right, target)
