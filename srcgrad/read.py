"""libcst tree -> Wengert list: the blocks of a function, and what its branches bind.

Simple statements are read in statements.py, expressions in tiling.py. What is not read is refused, with its place.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr
from srcgrad.gate import COPY
from srcgrad.lower import lower
from srcgrad.match import Book
from srcgrad.parameters import declared, local_names
from srcgrad.record import Frame, Trace
from srcgrad.scope import Scope
from srcgrad.source import Function
from srcgrad.statements import Statements, refused
from srcgrad.tiling import Tiler
from srcgrad.wengert import Block, If, Line, Pack, Statement, Step, Value, Wengert, leaves, ref


def read(function: Function, scope: Scope, book: Book) -> Wengert:
    """The Wengert list of `function`.

    Raises SrcgradError at the first statement or expression that srcgrad does not read.
    """
    trace = Trace()
    params = tuple(replace(param, var=trace.parameter(param.name)) for param in declared(function, scope))
    frame = Frame(function, scope, frozenset(), {param.name: param.var for param in params})
    result = _body(frame, trace, book)
    if not isinstance(result, Expr) and not list(leaves(result)):
        raise SrcgradError(f"{function.name} returns no number", function.source.span(function.node), "return one")
    found = [replace(param, items=tuple(trace.items[param.var.base])) for param in params]
    doc = ast.get_docstring(function.node) or ""
    return Wengert(function.name, tuple(found), Block(tuple(trace.lines)), result, doc, trace.homes)


def _body(frame: Frame, trace: Trace, book: Book) -> Value:
    """Read the statements of a function into `trace`, and return what it returns."""
    frame = replace(frame, locals=local_names(frame.function.node))
    reader = _Reader(frame, trace, Tiler(frame, trace, book, _body))
    function = frame.function
    value = reader.block(list(_places(function.node.body, function.tree.body)))
    return reader.returned(value)


@dataclass(frozen=True, slots=True)
class _Place:
    """A statement, as `ast` and as libcst have it, and the line on which a simple one stands."""

    node: ast.stmt
    tree: cst.BaseSmallStatement | cst.BaseCompoundStatement
    line: cst.SimpleStatementLine | None = None


def _places(nodes: Sequence[ast.stmt], suite: cst.BaseSuite) -> Iterator[_Place]:
    """The statements of a block, in order."""
    found = iter(nodes)
    if isinstance(suite, cst.SimpleStatementSuite):
        yield from (_Place(next(found), small) for small in suite.body)
        return
    assert isinstance(suite, cst.IndentedBlock)
    for line in suite.body:
        if isinstance(line, cst.SimpleStatementLine):
            yield from (_Place(next(found), small, line) for small in line.body)
        else:
            assert isinstance(line, cst.BaseCompoundStatement)
            yield _Place(next(found), line)


class _Reader:
    """Reads the blocks of one function."""

    def __init__(self, frame: Frame, trace: Trace, tiler: Tiler) -> None:
        self.frame, self.trace, self.tiler = frame, trace, tiler
        self.simple = Statements(frame, trace, tiler)

    def block(self, places: Sequence[_Place]) -> Value | None:
        """Read a block; what it returns, where every way through it returns."""
        for i, place in enumerate(places):
            if isinstance(place.tree, cst.If):
                assert isinstance(place.node, ast.If)
                if any(isinstance(node, ast.Return) for node in ast.walk(place.node)):
                    return self._branch(place.node, place.tree, places[i + 1 :])
                self._branch(place.node, place.tree, None)
            elif isinstance(place.tree, cst.BaseSmallStatement):
                value = self.simple.read(place.node, place.tree, place.line)
                if value is not None:
                    return value
            else:
                raise refused(self.frame.function, place.node)
        return None

    def returned(self, value: Value | None) -> Value:
        """What the function returns; SrcgradError where a way through it returns nothing."""
        if value is None:
            function = self.frame.function
            raise SrcgradError(
                f"{function.name} returns no value"
                if not self.trace.outer
                else f"a path of {function.name} returns no value",
                function.source.span(function.node),
                "end it with return and the value to differentiate",
            )
        return value

    def _branch(self, node: ast.If, tree: cst.If, rest: Sequence[_Place] | None) -> Value | None:
        """An if statement. `rest` is what follows where an arm returns: it belongs to the arms that go on."""
        test = lower(tree.test)
        comment = tree.body.header.comment if isinstance(tree.body, cst.IndentedBlock) else None
        leading = tuple(row.comment.value for row in tree.leading_lines if row.comment)
        self.tiler.statement = statement = Statement(
            Expr("statement", ("if ", test, ":")),
            node,
            self.frame.function,
            comment.value if comment else "",
            leading,
            caller=self.frame.statement,
        )
        asked = self.tiler.condition(test)
        before = dict(self.frame.env)
        arms = []
        for places in (list(_places(node.body, tree.body)), _orelse(node, tree)):
            self.frame.env.clear()
            self.frame.env.update(before)
            self.trace.open()
            value = self.block([*places, *(rest or ())])
            if rest is not None:
                value = self.returned(value)
            arms.append((self.trace.close(), dict(self.frame.env), value))
        self.tiler.statement = statement
        return self._join(statement, asked, arms, rest is not None)

    def _join(
        self,
        statement: Statement,
        asked: Value,
        arms: list[tuple[list[Step], dict[str, Value], Value | None]],
        ends: bool,
    ) -> Value | None:
        """Add the branch to the list; a name that its arms leave with two values gets a version that is either."""
        (then, first, one), (orelse, second, two) = arms
        env = self.frame.env
        env.clear()
        result = None
        if ends:
            assert one is not None
            assert two is not None
            result = self._either("out", one, two, then, orelse)
        else:
            for name in first:
                if name in second:
                    same = first[name] is second[name]
                    env[name] = first[name] if same else self._either(name, first[name], second[name], then, orelse)
        blocks = (Block(tuple(then)), Block(tuple(orelse)))
        self.trace.lines.append(If(ref(asked), *blocks, statement))
        return result

    def _either(self, name: str, one: Value, two: Value, then: list[Step], orelse: list[Step]) -> Value:
        """A value that is `one` behind the steps `then` and `two` behind `orelse`."""
        if isinstance(one, Pack) and isinstance(two, Pack) and (one.kind, len(one.items)) == (two.kind, len(two.items)):
            pairs = enumerate(zip(one.items, two.items, strict=True), 1)
            items = (self._either(f"{name}{i}", a, b, then, orelse) for i, (a, b) in pairs)
            return Pack(one.kind, tuple(items))
        if isinstance(one, Pack) or isinstance(two, Pack):
            raise self.tiler.error(
                f"{name} is a list on one path only", self.tiler.statement.tree, "return one kind of value"
            )
        target = self.trace.new(name)
        for value, steps in ((one, then), (two, orelse)):
            site = self.tiler.statement.tree
            steps.append(Line((target,), ref(value), COPY, {"x": value}, self.tiler.statement, site, target.ref))
        return target


def _orelse(node: ast.If, tree: cst.If) -> list[_Place]:
    """The statements behind `else`, or the `elif` as the one statement there."""
    if tree.orelse is None:
        return []
    if isinstance(tree.orelse, cst.If):
        return [_Place(node.orelse[0], tree.orelse)]
    return list(_places(node.orelse, tree.orelse.body))
