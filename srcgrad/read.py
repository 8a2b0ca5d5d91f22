"""libcst tree -> Wengert list: the blocks of a function, and what its branches bind.

Simple statements are read in statements.py, expressions in tiling.py. What is not read is refused, with its place.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from srcgrad.answers import Answers
from srcgrad.errors import SrcgradError, visible
from srcgrad.expr import Expr
from srcgrad.frame import Frame, Trace
from srcgrad.gate import COPY
from srcgrad.lower import lower
from srcgrad.match import Book
from srcgrad.parameters import declared, local_names
from srcgrad.scope import Scope
from srcgrad.source import Function
from srcgrad.statements import Statements, comments, refused
from srcgrad.tiling import Tiler
from srcgrad.wengert import Block, If, Line, Pack, Statement, Step, Value, Var, Wengert, flat, ref


def read(function: Function, scope: Scope, book: Book) -> Wengert:
    """The Wengert list of `function`.

    Raises SrcgradError at the first statement or expression that srcgrad does not read.
    """
    found = tuple(declared(function, scope))
    trace = Trace(frozenset(param.name for param in found))
    params = tuple(replace(param, var=trace.parameter(param.name)) for param in found)
    frame = Frame(function, scope, frozenset(), {param.name: param.var for param in params})
    result = _body(frame, trace, book)
    if not all(isinstance(part, Var) or _number(part) for part in flat(result)) or not list(flat(result)):
        raise SrcgradError(f"{function.name} returns no number", function.source.span(function.node), "return one")
    params = tuple(replace(param, items=tuple(trace.items[param.var.base])) for param in params)
    doc = ast.get_docstring(function.node) or ""
    return Wengert(function.name, params, Block(tuple(trace.lines)), result, doc, trace.homes)


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


@dataclass(frozen=True, slots=True)
class _Arm:
    """An arm of a branch that was read: its steps, what names stand for behind it, and what it returns."""

    steps: list[Step]
    env: dict[str, Value]
    result: Value | None


class _Reader:
    """Reads the blocks of one function."""

    def __init__(self, frame: Frame, trace: Trace, tiler: Tiler) -> None:
        self.frame, self.trace, self.tiler = frame, trace, tiler
        self.simple = Statements(frame, trace, tiler)
        self.answers = Answers()

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
                if isinstance(place.node, ast.Delete):
                    self.answers.forget(self.simple.deleted)
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
        leading = tuple(comments(tree.leading_lines))
        self.tiler.statement = statement = Statement(
            Expr("statement", ("if ", test, ":")),
            node,
            self.frame.function,
            visible(comment.value) if comment else "",
            leading,
            caller=self.frame.statement,
            context=self.simple.context,
        )
        asked = self.tiler.condition(test)
        said = self.answers.said(asked, self.trace.lines[-1] if self.trace.lines else None)
        context = self.simple.context
        blocks = (list(_places(node.body, tree.body, context)), _orelse(node, tree, context))
        known = self.answers.answer(said)
        if known is not None:  # a branch around this one has asked
            places = blocks[0] if known else blocks[1]
            return self.block([*places, *(rest or ())])
        before, functions = dict(self.frame.env), dict(self.frame.functions)
        arms = []
        for places, answer in zip(blocks, (True, False), strict=True):
            self.answers.enter(said, answer)
            self.frame.env.clear()
            self.frame.env.update(dict(self.answers.known()) | before)
            self.trace.open()
            value = self.block([*places, *(rest or ())])
            if rest is not None:
                value = self.returned(value)
            arms.append(_Arm(self.trace.close(), dict(self.frame.env), value))
            self.answers.leave()
            self.frame.torn.update(self.frame.functions.keys() - functions.keys())
            self.frame.functions.clear()
            self.frame.functions.update(functions)
        self.tiler.statement, self.simple.context = statement, context
        return self._join(statement, asked, said, arms[0], arms[1], rest is not None)

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
            result = self._either("out", then.result, orelse.result, said, then, orelse)
        else:
            for name in dict.fromkeys((*then.env, *orelse.env)):
                one, two = then.env.get(name), orelse.env.get(name)
                if one is not None and one is two:
                    env[name] = one
                elif one is not None and two is not None and _alike(one, two):
                    env[name] = self._either(name, one, two, said, then, orelse)
                else:
                    self.frame.torn.add(name)
                    for value in (one, two):
                        if value is not None and not _none(value):
                            self.answers.note(name, value, said, value is one)
        blocks = (Block(tuple(then.steps)), Block(tuple(orelse.steps)))
        self.trace.lines.append(If(ref(asked), *blocks, statement))
        return result

    def _either(self, name: str, one: Value, two: Value, said: Expr | None, then: _Arm, orelse: _Arm) -> Value:
        """A value that is `one` behind the steps of `then` and `two` behind those of `orelse`."""
        if not _alike(one, two):
            raise self.tiler.error(
                "what is returned here is not of one kind",
                self.tiler.statement.tree,
                "return one kind of value on every path",
            )
        if isinstance(one, Pack) and isinstance(two, Pack):
            pairs = enumerate(zip(one.items, two.items, strict=True), 1)
            items = (self._either(f"{name}{i}", a, b, said, then, orelse) for i, (a, b) in pairs)
            return Pack(one.kind, tuple(items), None, one.names)
        target = self.trace.new(name)
        for value, arm in ((one, then), (two, orelse)):
            site = self.tiler.statement.tree
            arm.steps.append(Line((target,), ref(value), COPY, {"x": value}, self.tiler.statement, site, target.ref))
            self.answers.join(target, value, said, arm is then)
        return target


def _alike(one: Value, two: Value) -> bool:
    """Whether two values are both a number, or both lists of the same form."""
    if isinstance(one, Pack) and isinstance(two, Pack):
        same_form = (one.kind, one.places()) == (two.kind, two.places())
        return same_form and all(map(_alike, one.items, two.items))
    return not isinstance(one, Pack) and not isinstance(two, Pack) and _none(one) == _none(two)


def _number(value: Value) -> bool:
    """Whether a leaf that is returned may be a number."""
    return isinstance(value, Expr) and value.head != "text" and not _none(value)


def _none(value: Value) -> bool:
    return isinstance(value, Expr) and value.head == "name" and value.leaf == "None"


def _orelse(node: ast.If, tree: cst.If, context: tuple[Expr, ...]) -> list[_Place]:
    """The statements behind `else`, or the `elif` as the one statement there."""
    if tree.orelse is None:
        return []
    if isinstance(tree.orelse, cst.If):
        return [_Place(node.orelse[0], tree.orelse, None, context)]
    return list(_places(node.orelse, tree.orelse.body, context))
