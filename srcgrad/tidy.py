"""Staged -> Staged: what nobody reads goes, temporaries are folded back, and every line is written as by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from heapq import heapify, heappop, heappush

from srcgrad.arithmetic import grouped, plus, simplify
from srcgrad.expr import LEAVES, Expr, bare, constant, keys, size, substitute, walk
from srcgrad.keys import adjoint
from srcgrad.shape import NUMERIC
from srcgrad.signed import signed
from srcgrad.staged import Assign, Branch, Mode, Staged, Step, branches, evaluated, flat
from srcgrad.standing import stand
from srcgrad.wengert import Statement, leaves, ref

MOST_OPERATIONS = 3
"""The largest gradient that is folded into the one line that reads it."""

MOST_IN_A_SUM = 5
"""The largest sum of contributions that is written on one line."""

Steps = tuple[Step, ...]


def tidy(staged: Staged) -> Staged:
    """The same computation as a careful person would leave it."""
    steps: Steps = (*staged.forward, *staged.backward)
    result = {leaf.base for leaf in leaves(staged.result)} | set(keys(ref(staged.result)))
    wanted = frozenset(result if staged.returns_value else ())
    wanted |= {key for gradient, _ in staged.gradients for key in keys(gradient)}
    arrays = any(shape.kind in ("array", "any") for shape in staged.facts.values())
    numbers = {key for key, shape in staged.facts.items() if shape in NUMERIC} if arrays else set[str]()
    steps = _fold_gradients(steps, wanted, grouped if arrays else simplify, numbers)
    ranks = _ranks(staged.forward)
    wholes = {key for key, shape in staged.facts.items() if shape.kind == "whole" or shape.dtype in ("int", "bool")}
    asked = (line.bound[0] for line in flat(steps) if line.binds and bare(line.value).head in ("compare", "~"))
    masks = {*(key for key, shape in staged.facts.items() if shape.dtype == "bool"), *asked}
    steps = _each(_in_reading_order(_merge(steps), ranks), lambda line: signed(line, wholes, masks))
    steps, _ = _living(steps, wanted)
    read = {key for expr in evaluated(_added(steps)) for key in keys(expr)}
    _asked(steps, read)
    steps, _ = _living(stand(steps, read, {param.var.base for param in staged.params}), wanted)
    steps = _fold_temporaries(steps, read | wanted)
    if staged.mode is Mode.JVP:
        return replace(staged, forward=steps)
    forward = tuple(step for step in steps if step.primal)
    return replace(staged, forward=forward, backward=tuple(step for step in steps if not step.primal))


def _each(steps: Steps, change: Callable[[Assign], Assign | None]) -> Steps:
    """`steps` with every line changed, or dropped."""
    found: list[Step] = []
    for step in steps:
        if isinstance(step, Branch):
            found.append(replace(step, then=_each(step.then, change), orelse=_each(step.orelse, change)))
        elif (line := change(step)) is not None:
            found.append(line)
    return tuple(found)


def _added(steps: Steps) -> Iterator[Step]:
    """What srcgrad adds to the user's lines."""
    for step in steps:
        if not step.primal:
            yield step
        elif isinstance(step, Branch):
            yield from _added((*step.then, *step.orelse))


def _asked(steps: Iterable[Step], read: set[str]) -> bool:
    """Whether `steps` hold lines that srcgrad adds; `read` gets what the user's conditions around such lines read."""
    held = False
    for step in steps:
        inside = not step.primal
        if isinstance(step, Branch) and step.primal and _asked((*step.then, *step.orelse), read):
            read.update(keys(step.test))
            inside = True
        held = held or inside
    return held


def _fold_gradients(steps: Steps, kept: Set[str], simplified: Callable[[Expr], Expr], numbers: Set[str]) -> Steps:
    """Gradients that no name of the user's stands for go into the line that reads them; ones and signs are resolved."""
    added = list(flat(_added(steps)))
    written = Counter(key for line in added for key in line.bound)
    reads = Counter(key for line in added for key in line.reads)
    nodes = (node for line in added if numbers for node in walk(line.value) if node.head in ("subscript", "attribute"))
    handled = {key for node in nodes if bare(node.operands[0]).head == "var" for key in keys(node.operands[0])}
    displays = {
        key: line.statement for line in added if line.value.head in ("list", "dict", "paren") for key in line.reads
    }
    handed = {line.value.leaf for line in added if line.value.head == "var" and line.op == "=" and not line.temporary}
    folded: dict[str, Expr] = {}

    def fold(line: Assign) -> Assign | None:
        if line.primal:
            return line
        value = line.value if folded.keys().isdisjoint(line.reads) else substitute(line.value, folded, simplified)
        key = line.bound[0]
        gathered = key in handed or (key in displays and _root(displays[key]) is _root(line.statement))
        stays = key in kept or (key in handled and constant(value) is not None)  # a number has no items and no `.T`
        if written[key] == 1 and not stays and _folds(line, value, reads[key], gathered, numbers):
            folded[key] = value
            return None
        return line if value is line.value else replace(line, value=value)

    return _each(steps, fold)


def _root(statement: Statement | None) -> Statement | None:
    return statement.root if statement else None


def _folds(line: Assign, value: Expr, reads: int, gathered: bool, numbers: Set[str]) -> bool:
    """Whether a gradient goes into what reads it; `numbers` are what is cheap beside arrays."""
    if not line.temporary:
        return constant(value) == 1
    if numbers and size(value) <= 1 and numbers >= {*keys(value)}:
        return True
    return _atomic(value) or (reads == 1 and (gathered or size(value) <= MOST_OPERATIONS))


def _atomic(expr: Expr) -> bool:
    inner = bare(expr)
    return inner.head in LEAVES or (inner.head in ("neg", "subscript") and bare(inner.operands[0]).head in LEAVES)


def _merge(steps: Steps) -> Steps:
    """What one statement contributes to one gradient in several places goes into one sum, in its reading order."""
    done: list[Step | None] = []
    places: dict[tuple[str, int], int] = {}
    for step in steps:
        if isinstance(step, Branch):
            places.clear()
            done.append(replace(step, then=_merge(step.then), orelse=_merge(step.orelse)))
            continue
        line = step
        if line.primal:
            done.append(line)
            continue
        if line.target.head != "var" or line.op not in ("=", "+="):
            places.pop((line.bound[0], id(_root(line.statement))), None)
            done.append(line)
            continue
        place = (line.bound[0], id(_root(line.statement)))
        earlier = done[places[place]] if place in places and line.op == "+=" else None
        if isinstance(earlier, Assign):
            total = plus(line.value, earlier.value)
            if size(total) <= MOST_IN_A_SUM:
                done[places[place]] = None
                line = replace(earlier, value=total)
        places[place] = len(done)
        done.append(line)
    return tuple(step for step in done if step is not None)


def _ranks(forward: Iterable[Step]) -> dict[tuple[int, str], int]:
    """The order in which each statement of the user's reads its variables."""
    ranks: dict[tuple[int, str], int] = {}
    for line in flat(forward):
        for key in line.reads:
            ranks.setdefault((id(_root(line.statement)), adjoint(key)), len(ranks))
    return ranks


def _in_reading_order(steps: Steps, ranks: Mapping[tuple[int, str], int]) -> Steps:
    """The lines of the reverse pass, under each statement in the order in which it reads what they are gradients on."""
    found: list[Step] = []
    run: list[Assign] = []
    for step in (*steps, None):
        if run and (
            not isinstance(step, Assign) or step.primal or _root(step.statement) is not _root(run[0].statement)
        ):
            found += _ordered(run, ranks) if len(run) > 1 else run
            run = []
        if isinstance(step, Branch):
            then, orelse = _in_reading_order(step.then, ranks), _in_reading_order(step.orelse, ranks)
            found.append(replace(step, then=then, orelse=orelse))
        elif step is not None and step.primal:
            found.append(step)
        elif step is not None:
            run.append(step)
    return tuple(found)


def _ordered(run: Sequence[Assign], ranks: Mapping[tuple[int, str], int]) -> Iterator[Assign]:
    """`run` by rank; a line stays behind those that bind what it reads or binds."""
    waiting: dict[str, list[int]] = {}
    before: list[int] = []
    behind: list[list[int]] = [[] for _ in run]
    for i, line in enumerate(run):
        needed = {j for key in (*line.reads, *line.bound) for j in waiting.get(key, ())}
        before.append(len(needed))
        for j in needed:
            behind[j].append(i)
        for key in line.bound:
            waiting.setdefault(key, []).append(i)
    root = id(_root(run[0].statement))
    ready = [(ranks.get((root, line.bound[0]), len(ranks)), i) for i, line in enumerate(run) if not before[i]]
    heapify(ready)
    while ready:
        _, i = heappop(ready)
        yield run[i]
        for j in behind[i]:
            before[j] -= 1
            if not before[j]:
                heappush(ready, (ranks.get((root, run[j].bound[0]), len(ranks)), j))


def _living(steps: Steps, *wanted: Set[str]) -> tuple[Steps, Set[str]]:
    """The lines that something reads, and those that do more than compute a value; with what these read.

    The sets that are `wanted` after them are not copied: branches may be many.
    """
    needed: set[str] = set()
    kept: list[Step] = []
    for step in reversed(steps):
        if isinstance(step, Branch):
            then, before_then = _living(step.then, *wanted, needed)
            orelse, before_else = _living(step.orelse, *wanted, needed)
            if then or orelse:  # an arm of which nothing is left is printed as none
                needed.update(before_then, before_else, keys(step.test))
                kept.append(replace(step, then=then, orelse=orelse))
        elif not step.pure or not all(some.isdisjoint(step.bound) for some in (needed, *wanted)):
            needed.update(step.reads)
            kept.append(step)
    return tuple(reversed(kept)), needed


def _fold_temporaries(steps: Steps, read: Set[str]) -> Steps:
    """Temporaries that only one line of the forward pass reads go back to where they came from."""
    lines = [line for line in flat(steps) if line.primal]
    readers = Counter(key for line in lines for key in set(line.reads))
    readers.update(key for step in branches(steps) if step.primal for key in set(keys(step.test)))
    staying = _staying(lines, read, readers)
    return _without(steps, staying, {})


def _without(steps: Steps, staying: set[str], folded: dict[str, Expr]) -> Steps:
    """`steps` with the temporaries that do not stay folded into their readers."""
    found: list[Step] = []
    for step in steps:
        if isinstance(step, Branch):
            test = substitute(step.test, folded) if step.primal else step.test
            then, orelse = _without(step.then, staying, folded), _without(step.orelse, staying, folded)
            found.append(replace(step, test=test, then=then, orelse=orelse))
        elif not step.primal:
            found.append(step)
        else:
            value = step.value if folded.keys().isdisjoint(step.reads) else substitute(step.value, folded)
            if step.temporary and step.bound[0] not in staying:
                folded[step.bound[0]] = value
            else:
                found.append(step if value is step.value else replace(step, value=value))
    return tuple(found)


def _staying(lines: Sequence[Assign], read: Set[str], readers: Counter[str]) -> set[str]:
    """The temporaries that keep a line; with one, every impure call that stood before it in its statement."""
    staying: set[str] = set()
    pinned: set[int] = set()
    written = Counter(key for line in lines for key in line.bound)
    for line in reversed(lines):
        if not line.temporary:
            continue
        key = line.bound[0]
        root = id(_root(line.statement))
        if key in read or readers[key] != 1 or written[key] > 1 or (not line.pure and root in pinned):
            staying.add(key)
            pinned.add(root)
    return staying
