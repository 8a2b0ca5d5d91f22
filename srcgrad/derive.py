"""The corridor: every stage in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeGuard

from srcgrad.activity import active
from srcgrad.backprop import backprop
from srcgrad.carry import Carried, carried, import_block, in_order
from srcgrad.collector import uncollected
from srcgrad.errors import Span, SrcgradError
from srcgrad.expr import Expr, keys, walk
from srcgrad.facts import NOTHING, Said, known
from srcgrad.gates import book
from srcgrad.match import Book
from srcgrad.memory import owning
from srcgrad.mutation import unshared
from srcgrad.names import Names, distinct, names
from srcgrad.own import own
from srcgrad.read import read
from srcgrad.rules import check_gates, check_imports
from srcgrad.scope import Home, Scope
from srcgrad.shape import Facts
from srcgrad.show import Listing, listing
from srcgrad.source import Function
from srcgrad.staged import NO_REMARKS, Mode, Remarks, Staged, evaluated
from srcgrad.tangents import tangents
from srcgrad.tidy import tidy
from srcgrad.wengert import Pack, Wengert, leaves, reads, ref
from srcgrad.write import included, module, write

Wrt = str | int | Sequence[str | int] | None
"""Which parameters: one by name or position, several, or None for every one that is differentiable."""


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


@uncollected()
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
    ours = own(scope)
    wengert = read(function, scope, _book().beside(ours.book) if ours else _book())
    chosen, single = choose(function, wengert, wrt)
    _check_result(function, wengert, mode)
    _check_fixed(wengert, scope)
    passing = active(wengert, frozenset(chosen))
    check_gates(wengert, passing)
    check_imports(wengert, passing, scope.imports)
    scalar = mode in (Mode.GRAD, Mode.VALUE_AND_GRAD)
    facts, open_ = known(function, wengert, scope, chosen, passing, said, scalar)
    wengert = unshared(wengert, facts)
    final = owning(tidy(_staged(wengert, facts, mode, chosen, single)))
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
    added = named.imports
    return Derived(
        text, defined, along, added, open_, wengert.homes, where, included(named), safe, shapes, tuple(chosen)
    )


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


def differentiated(function: Function, scope: Scope, wrt: Wrt) -> tuple[tuple[str, ...], int]:
    """The parameters that are differentiated, and how many results there are."""
    ours = own(scope)
    wengert = read(function, scope, _book().beside(ours.book) if ours else _book())
    return choose(function, wengert, wrt)[0], len(wengert.outputs)


def listed(function: Function, scope: Scope) -> Listing:
    """The Wengert list of `function`, to be printed."""
    ours = own(scope)
    wengert = read(function, scope, _book().beside(ours.book) if ours else _book())
    return listing(wengert, distinct(wengert))


def _staged(wengert: Wengert, facts: Facts, mode: Mode, wrt: tuple[str, ...], single: bool) -> Staged:
    return tangents(wengert, facts, wrt) if mode is Mode.JVP else backprop(wengert, facts, mode, wrt, single)


@cache
def _book() -> Book:
    return book()


def choose(function: Function, wengert: Wengert, wrt: Wrt) -> tuple[tuple[str, ...], bool]:
    """The parameters to differentiate, and whether one gradient is returned bare.

    Raises SrcgradError for a parameter that is unknown or not differentiable.
    """
    able = _differentiable(wengert)
    if wrt is None:
        chosen = [param.name for param in wengert.params if param.name in able and not param.default]
        if not chosen:
            raise SrcgradError(
                f"{function.name} has no parameter to differentiate (one with a default only where wrt names it)",
                function.source.span(function.node),
                _listed(wengert, able),
            )
        return tuple(chosen), len(chosen) == 1
    asked: list[Any] = [wrt] if isinstance(wrt, (str, int)) else list(wrt) if isinstance(wrt, (tuple, list)) else [wrt]
    every = [param.name for param in wengert.params]
    found = []
    for item in asked:
        name = every[item] if _is_place(item) and -len(every) <= item < len(every) else item
        if name not in able:
            problem = "is no differentiable parameter" if name in every else "is no parameter"
            raise SrcgradError(
                f"wrt={item!r}: {name!r} {problem} of {function.name}",
                function.source.span(function.node),
                _listed(wengert, able),
            )
        found.append(str(name))
    if not found or len(set(found)) < len(found):
        where = function.source.span(function.node)
        raise SrcgradError(
            f"wrt={wrt!r} must name at least one parameter, and each once", where, _listed(wengert, able)
        )
    return tuple(found), isinstance(wrt, (str, int))


def _is_place(item: object) -> TypeGuard[int]:
    return isinstance(item, int) and not isinstance(item, bool)


def _listed(wengert: Wengert, able: Set[str]) -> str:
    rows = [p.name if p.name in able else f"{p.name} (not differentiable)" for p in wengert.params]
    return f"the parameters are {', '.join(rows)}" if rows else "give it a parameter"


def _differentiable(wengert: Wengert) -> Set[str]:
    """The parameters on which a gradient makes sense: no int, bool or str, nothing that is only an index or a size."""
    used, valued = set[str](), set[str]()
    for line in wengert.lines:
        used |= {var.base for var in reads(line)} | {key for value in line.args.values() for key in keys(ref(value))}
        if line.gate is None or line.gate.name != "size":
            settings = line.gate.settings if line.gate else ()
            operands = (value for name, value in line.args.items() if name not in settings)
            valued |= {leaf.base for value in operands for leaf in leaves(value)}
    others = ("int", "bool", "str", "bytes", "'int'", "'bool'", "'str'", "'bytes'")
    sizes = used - valued
    return {param.name for param in wengert.params if param.annotation not in others and param.var.base not in sizes}


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
