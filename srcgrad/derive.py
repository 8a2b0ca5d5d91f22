"""The corridor: every stage in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from srcgrad.activity import active
from srcgrad.backprop import backprop
from srcgrad.carry import Carried, carried, import_block, in_order
from srcgrad.chosen import Wrt, choose
from srcgrad.collector import uncollected
from srcgrad.complex_numbers import check_real
from srcgrad.errors import Span, SrcgradError
from srcgrad.expr import Expr, walk
from srcgrad.facts import NOTHING, Said, known
from srcgrad.gates import across_lines, book
from srcgrad.group import group
from srcgrad.match import Book
from srcgrad.memory import owning
from srcgrad.mutation import unshared
from srcgrad.names import Names, distinct, names
from srcgrad.nearest import nearest
from srcgrad.own import Own, own
from srcgrad.read import read
from srcgrad.rules import check_gates, check_imports
from srcgrad.scope import Home, Scope
from srcgrad.shape import Facts
from srcgrad.show import Listing, listing
from srcgrad.source import Function
from srcgrad.staged import AS_BY_HAND, NO_REMARKS, Assign, Detail, Mode, Remarks, Staged, evaluated
from srcgrad.tangents import tangents
from srcgrad.tidy import tidy
from srcgrad.wengert import Pack, Wengert
from srcgrad.write import idle, included, line_text, module, write


@dataclass(frozen=True)
class Derived:
    """A derived function: its text without imports, and what that text needs.

    `unproved` says that the function's own text leaves open what its parameters are. `functions` are the names that
    `text` defines, `homes` those of other modules' globals that it reads; `span` is where the function stands;
    `included` is the text of the functions that the text calls and no library has; `safe` says that the text is right
    for numbers and arrays of any shape. `shapes` are what the parameters are taken for, `wrt` those differentiated.
    """

    text: str
    functions: tuple[str, ...]
    carried: Carried
    added: tuple[str, ...]
    unproved: bool
    homes: Mapping[str, Home]
    span: Span
    included: str = ""
    safe: bool = False
    shapes: Facts = field(default_factory=dict)
    wrt: tuple[str, ...] = ()

    def module(self, header: Sequence[str] = ()) -> str:
        """The text that stands alone."""
        return assemble([self], header)


@dataclass(frozen=True)
class LaidOut:
    """What is derived from `function`, with the data that its text is made of; `versions` names all values at once."""

    function: Function
    wengert: Wengert
    staged: Staged
    names: Names
    derived: Derived
    versions: Names

    def text(self, line: Assign) -> str:
        """A line as a statement of its own."""
        return line_text(line, self.names)

    def written(self, line: Assign) -> bool:
        """Whether a line stands in the text; one that hands a value on to its own name does not."""
        return not idle(line, self.names)


def derive(
    function: Function,
    scope: Scope,
    mode: Mode,
    wrt: Wrt = None,
    said: Said = NOTHING,
    remarks: Remarks = NO_REMARKS,
) -> Derived:
    """The text of what `mode` derives from `function`, for the parameters `wrt`; what is `said` is believed.

    The `remarks` stand beside the lines. Raises SrcgradError where the function cannot be
    differentiated exactly.
    """
    return laid_out(function, scope, mode, wrt, said, remarks).derived


@uncollected()
def laid_out(
    function: Function,
    scope: Scope,
    mode: Mode,
    wrt: Wrt = None,
    said: Said = NOTHING,
    remarks: Remarks = NO_REMARKS,
    detail: Detail = AS_BY_HAND,
) -> LaidOut:
    """As `derive`, with the lines and their names beside the text; `detail` says how much is a line."""
    ours = own(scope)
    books = _books(ours, detail)
    wengert = read(function, scope, books)
    chosen, single = choose(function, wengert, wrt)
    _check_result(function, wengert, mode)
    _check_fixed(wengert, scope)
    passing = active(wengert, frozenset(chosen))
    check_real(wengert, passing, scope)
    check_gates(wengert, passing, lambda expr: nearest(expr, books, scope))
    check_imports(wengert, passing, scope.imports)
    scalar = mode in (Mode.GRAD, Mode.VALUE_AND_GRAD)
    facts, open_ = known(function, wengert, scope, chosen, passing, said, scalar)
    wengert = unshared(wengert, facts)
    wengert = group(wengert, facts, passing, across_lines()) if detail.composites else wengert
    staged = _staged(wengert, facts, mode, chosen, single)
    final = owning(tidy(staged) if detail.folded else staged)
    homes = {**({name: Home("", name, home) for name, home in ours.homes.items()} if ours else {}), **wengert.homes}
    along = carried(_globals(final), scope, homes)
    named = names(final, scope, along.texts)
    along.update(carried(named.roots, scope, homes))
    defined = _defined(mode, function.name)
    _check_carried(function, along, named, defined)
    where = function.source.span(function.node)
    text = write(final, named, remarks)
    safe = not scope.numbers_only and not any(param.items or param.kind == "*args" for param in wengert.params)
    shapes = {param.name: facts[param.var.key] for param in wengert.params if param.var.key in facts}
    added, wanted = named.imports, tuple(chosen)
    derived = Derived(text, defined, along, added, open_, wengert.homes, where, included(named), safe, shapes, wanted)
    return LaidOut(function, wengert, final, named, derived, distinct(wengert))


def _check_result(function: Function, wengert: Wengert, mode: Mode) -> None:
    """Refuse several results in a mode that takes no upstream gradient."""
    if mode in (Mode.GRAD, Mode.VALUE_AND_GRAD) and isinstance(wengert.result, Pack):
        raise SrcgradError(
            f"the result of {function.name} is not a scalar: it returns a {wengert.result.kind}",
            function.source.span(function.node),
            "vjp takes one upstream gradient for each output",
        )


def _check_fixed(wengert: Wengert, scope: Scope) -> None:
    """Refuse a global that a call in the function may change: the backward pass would read it anew."""
    impure = next((line for line in wengert.lines if not line.pure), None)
    lines = (line for line in wengert.lines if impure and not (line.gate and line.gate.algebra == "copy"))
    values = (value for line in lines for value in line.args.values() if isinstance(value, Expr))
    changed = next((value.leaf for value in values if value.head == "name" and scope.changing(value.leaf)), None)
    if impure is not None and changed is not None:
        raise SrcgradError(
            f"{changed} is a global that a function of its file changes",
            impure.statement.span(impure.site),
            "make it a parameter, or give it a name of its own first",
        )


def _check_carried(function: Function, needs: Carried, named: Names, defined: Sequence[str]) -> None:
    """Refuse a text that could not stand alone: a name of two meanings, or something of srcgrad's."""
    where = function.source.span(function.node)
    clash = [name for name in defined if needs.texts.get(name)]
    if clash:
        raise SrcgradError(
            f"{clash[0]} is what the derived function will be called, and {function.name} uses another of that name",
            where,
            "rename one of them",
        )
    if needs.clashes:
        raise SrcgradError(
            f"{min(needs.clashes)} is one thing in one file and another in another, and the emitted text needs both",
            where,
            "rename one of them",
        )
    if any(line.split()[1].partition(".")[0] == "srcgrad" for line in (*needs.imports, *named.imports)):
        raise SrcgradError(
            f"{function.name} reads something of srcgrad's, and no emitted text does",
            where,
            "stop_gradient takes one value, where it is called: stop_gradient(x)",
        )


def check_alone(derived: Derived, name: str) -> None:
    """Refuse a text that reads what no file of its own could hold."""
    if derived.carried.missing:
        missing = min(derived.carried.missing)
        raise SrcgradError(
            f"{name} reads the global {missing}, which is no constant that an emitted file could hold",
            derived.span,
            "define it once at the top level as a number or a list of numbers, or make it a parameter",
        )


def differentiated(function: Function, scope: Scope, wrt: Wrt) -> tuple[tuple[str, ...], int]:
    """The parameters that are differentiated, and how many results there are."""
    ours = own(scope)
    wengert = read(function, scope, _books(ours))
    return choose(function, wengert, wrt)[0], len(wengert.outputs)


def listed(function: Function, scope: Scope, composites: bool = True) -> Listing:
    """The Wengert list of `function`, to be printed; without `composites` every gate by itself."""
    ours = own(scope)
    wengert = read(function, scope, _books(ours, Detail(composites=composites)))
    return listing(wengert, distinct(wengert))


def _staged(wengert: Wengert, facts: Facts, mode: Mode, wrt: tuple[str, ...], single: bool) -> Staged:
    return tangents(wengert, facts, wrt) if mode is Mode.JVP else backprop(wengert, facts, mode, wrt, single)


@cache
def _book(composites: bool = True) -> Book:
    return book() if composites else book().plain()


def _books(ours: Own | None, detail: Detail = AS_BY_HAND) -> Book:
    """The book, and that of the user."""
    return _book(detail.composites).beside(ours.book) if ours else _book(detail.composites)


def _globals(staged: Staged) -> set[str]:
    """The globals that the text reads."""
    steps = (*staged.forward, *staged.backward)
    used = {node.leaf for expr in evaluated(steps) for node in walk(expr) if node.head == "name"}
    return used.union(*(_identifiers(param.default) for param in staged.params if param.default))


def _identifiers(text: str) -> set[str]:
    import ast

    return {node.id for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Name)}


def _defined(mode: Mode, name: str) -> tuple[str, ...]:
    if mode is Mode.SPLIT:
        return f"{name}_forward", f"{name}_backward"
    return (f"{name}_{mode.value}",)


@uncollected()
def assemble(derived: Sequence[Derived], header: Sequence[str] = ()) -> str:
    """One file of several derived functions."""
    everything = Carried()
    for one in derived:
        everything.update(one.carried)
        for line in one.added:
            everything.bind(line.split()[-1].partition(".")[0], line)
        for name in one.functions:
            everything.bind(name, one.text)
    if everything.clashes:
        raise SrcgradError(
            f"{min(everything.clashes)} is one thing for one of the functions and another for another, in one file",
            derived[-1].span,
            "write them to files of their own, or rename one of them",
        )
    imports = import_block((*everything.imports, *(line for one in derived for line in one.added)))
    functions = [*everything.functions.values(), *dict.fromkeys(one.included for one in derived if one.included)]
    functions += [one.text for one in derived]
    return module(header, imports, in_order(everything.constants), functions)
