"""libcst tree -> Wengert list: the blocks of a function, and what its branches bind.

Simple statements are read in statements.py, expressions in tiling.py. What is not read is refused, with its place.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr, bare, same
from srcgrad.frame import Frame, Trace
from srcgrad.gate import COPY
from srcgrad.lower import lower
from srcgrad.match import Book
from srcgrad.parameters import declared, local_names
from srcgrad.scope import Scope
from srcgrad.source import Function
from srcgrad.statements import Statements, refused
from srcgrad.tiling import Tiler
from srcgrad.wengert import Block, If, Line, Pack, Statement, Step, Value, Var, Wengert, leaves, ref


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
    return Wengert(function.name, tuple(found), Block(tuple(trace.lines)), result, doc)


def _body(frame: Frame, trace: Trace, book: Book) -> Value:
    """Read the statements of a function into `trace`, and return what it returns."""
    frame = replace(frame, locals=frame.locals | local_names(frame.function.node))
    reader = _Reader(frame, trace, Tiler(frame, trace, book, _body))
    function = frame.function
    value = reader.block(list(_places(function.node.body, function.tree.body, reader.simple.context)))
    return reader.returned(value)


@dataclass(frozen=True, slots=True)
class _Place:
    """A statement, as `ast` and as libcst have it; the line on which a simple one stands, the `with` around it."""

    node: ast.stmt
    tree: cst.BaseSmallStatement | cst.BaseCompoundStatement
    line: cst.SimpleStatementLine | None = None
    context: tuple[Expr, ...] = ()


def _places(nodes: Sequence[ast.stmt], suite: cst.BaseSuite, context: tuple[Expr, ...]) -> Iterator[_Place]:
    """The statements of a block, in order."""
    found = iter(nodes)
    if isinstance(suite, cst.SimpleStatementSuite):
        yield from (_Place(next(found), small, None, context) for small in suite.body)
        return
    assert isinstance(suite, cst.IndentedBlock)
    for line in suite.body:
        if isinstance(line, cst.SimpleStatementLine):
            yield from (_Place(next(found), small, line, context) for small in line.body)
        else:
            assert isinstance(line, cst.BaseCompoundStatement)
            yield _Place(next(found), line, None, context)


_Asked = tuple[Expr | None, bool]
"""What a branch asks, without a `not`, and the answer in an arm; None where asking twice may give two answers."""


@dataclass(frozen=True, slots=True)
class _Sometimes:
    """A name that has a value behind some answers only."""

    name: str
    value: Value
    answers: tuple[_Asked, ...]

    def holds(self, answers: Sequence[_Asked]) -> bool:
        """Whether it has its value where `answers` were given."""
        return all(any(_agree(mine, other) and mine[1] is other[1] for other in answers) for mine in self.answers)

    def apart(self, answers: Sequence[_Asked]) -> bool:
        """Whether it never has its value where `answers` were given."""
        return any(_agree(mine, other) and mine[1] is not other[1] for mine in self.answers for other in answers)


def _answered(said: Expr | None, answer: bool) -> _Asked:
    while said is not None and bare(said).head == "not":
        said, answer = bare(said).operands[0], not answer
    return said, answer


def _agree(one: _Asked, two: _Asked) -> bool:
    return one[0] is not None and two[0] is not None and same(one[0], two[0])


@dataclass(frozen=True, slots=True)
class _Arm:
    """An arm of a branch that was read: its steps, what names stand for behind it, and what it returns."""

    steps: list[Step]
    env: dict[str, Value]
    result: Value | None


class _Reader:
    """Reads the blocks of one function. `answers` are those of the branches around what is read."""

    def __init__(self, frame: Frame, trace: Trace, tiler: Tiler) -> None:
        self.frame, self.trace, self.tiler = frame, trace, tiler
        self.simple = Statements(frame, trace, tiler)
        self.answers: list[_Asked] = []
        self.sometimes: list[_Sometimes] = []

    def block(self, places: Sequence[_Place]) -> Value | None:
        """Read a block; what it returns, where every way through it returns."""
        for i, place in enumerate(places):
            self.simple.context = place.context
            if isinstance(place.tree, cst.If):
                assert isinstance(place.node, ast.If)
                if any(isinstance(node, ast.Return) for node in ast.walk(place.node)):
                    return self._branch(place.node, place.tree, places[i + 1 :])
                self._branch(place.node, place.tree, None)
            elif isinstance(place.tree, cst.With):
                return self.block([*self._with(place.node, place.tree, place.context), *places[i + 1 :]])
            elif isinstance(place.tree, cst.FunctionDef) and isinstance(place.node, ast.FunctionDef):
                self.simple.define(place.node, place.tree)
            elif isinstance(place.tree, cst.BaseSmallStatement):
                value = self.simple.read(place.node, place.tree, place.line)
                if value is not None:
                    return value
            else:
                raise refused(self.frame.function, place.node)
        return None

    def _with(self, node: ast.stmt, tree: cst.With, context: tuple[Expr, ...]) -> Iterator[_Place]:
        """The statements in a `with`, under the context managers that it enters."""
        if not isinstance(node, ast.With):
            raise refused(self.frame.function, node)
        return _places(node.body, tree.body, (*context, self.simple.entered(node, tree)))

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
            context=self.simple.context,
        )
        asked = self.tiler.condition(test)
        said = self._said(asked)
        before = dict(self.frame.env)
        arms = []
        context = self.simple.context
        blocks = (list(_places(node.body, tree.body, context)), _orelse(node, tree, context))
        self.simple.arms += 1
        for places, answer in zip(blocks, (True, False), strict=True):
            self.answers.append(_answered(said, answer))
            self.frame.env.clear()
            self.frame.env.update({one.name: one.value for one in self.sometimes if one.holds(self.answers)} | before)
            self.trace.open()
            value = self.block([*places, *(rest or ())])
            if rest is not None:
                value = self.returned(value)
            arms.append(_Arm(self.trace.close(), dict(self.frame.env), value))
            self.answers.pop()
        self.simple.arms -= 1
        self.tiler.statement, self.simple.context = statement, context
        return self._join(statement, asked, said, arms[0], arms[1], rest is not None)

    def _said(self, asked: Value) -> Expr | None:
        """What a branch asks, over variables that never change; None where asking again may give another answer."""
        last = self.trace.lines[-1] if self.trace.lines else None
        if isinstance(asked, Var) and asked.temporary and isinstance(last, Line) and last.targets == (asked,):
            return last.expr if last.pure else None
        return ref(asked)

    def _join(
        self, statement: Statement, asked: Value, said: Expr | None, then: _Arm, orelse: _Arm, ends: bool
    ) -> Value | None:
        """Add the branch to the list; a name that its arms leave with two values gets a version that is either."""
        env = self.frame.env
        env.clear()
        result = None
        if ends:
            assert then.result is not None
            assert orelse.result is not None
            result = self._either("out", then.result, orelse.result, then, orelse)
        else:
            for name in dict.fromkeys((*then.env, *orelse.env)):
                one, two = then.env.get(name), orelse.env.get(name)
                if one is not None and one is two:
                    env[name] = one
                elif one is not None and two is not None and _alike(one, two):
                    env[name] = self._either(name, one, two, then, orelse)
                else:
                    self._note(
                        name,
                        [(value, _answered(said, value is one)) for value in (one, two) if value and not _none(value)],
                    )
        blocks = (Block(tuple(then.steps)), Block(tuple(orelse.steps)))
        self.trace.lines.append(If(ref(asked), *blocks, statement))
        return result

    def _note(self, name: str, values: list[tuple[Value, _Asked]]) -> None:
        """`name` has these values behind these answers, and none that is known elsewhere."""
        self.frame.torn.add(name)
        for value, asked in values:
            answers = (*self.answers, asked)
            self.sometimes = [one for one in self.sometimes if one.name != name or one.apart(answers)]
            self.sometimes.append(_Sometimes(name, value, answers))

    def _either(self, name: str, one: Value, two: Value, then: _Arm, orelse: _Arm) -> Value:
        """A value that is `one` behind the steps of `then` and `two` behind those of `orelse`."""
        if not _alike(one, two):
            raise self.tiler.error(
                f"what {name} is depends on the path", self.tiler.statement.tree, "return one kind of value"
            )
        if isinstance(one, Pack) and isinstance(two, Pack):
            pairs = enumerate(zip(one.items, two.items, strict=True), 1)
            items = (self._either(f"{name}{i}", a, b, then, orelse) for i, (a, b) in pairs)
            return Pack(one.kind, tuple(items), None, one.names)
        target = self.trace.new(name)
        for value, steps in ((one, then.steps), (two, orelse.steps)):
            site = self.tiler.statement.tree
            steps.append(Line((target,), ref(value), COPY, {"x": value}, self.tiler.statement, site, target.ref))
        return target


def _alike(one: Value, two: Value) -> bool:
    """Whether two values are both a number, or both lists of the same form."""
    if isinstance(one, Pack) and isinstance(two, Pack):
        same_form = (one.kind, one.places()) == (two.kind, two.places())
        return same_form and all(map(_alike, one.items, two.items))
    return not isinstance(one, Pack) and not isinstance(two, Pack) and _none(one) == _none(two)


def _none(value: Value) -> bool:
    return isinstance(value, Expr) and value.head == "name" and value.leaf == "None"


def _orelse(node: ast.If, tree: cst.If, context: tuple[Expr, ...]) -> list[_Place]:
    """The statements behind `else`, or the `elif` as the one statement there."""
    if tree.orelse is None:
        return []
    if isinstance(tree.orelse, cst.If):
        return [_Place(node.orelse[0], tree.orelse, None, context)]
    return list(_places(node.orelse, tree.orelse.body, context))
