"""Staged -> Staged: what nobody reads goes, temporaries are folded back, and every line is written as by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from srcgrad.arithmetic import as_gradient, plus, simplify, without_sign
from srcgrad.expr import LEAVES, Expr, bare, constant, keys, size, substitute
from srcgrad.staged import Assign, Mode, Staged
from srcgrad.wengert import Statement, leaves, ref

MOST_OPERATIONS = 3
"""The largest gradient that is folded into the one line that reads it."""

MOST_IN_A_SUM = 5
"""The largest sum of contributions that is written on one line."""


def tidy(staged: Staged) -> Staged:
    """The same computation as a careful person would leave it."""
    lines = (*staged.forward, *staged.backward)
    gradients = tuple(gradient for gradient, _ in staged.gradients)
    lines = tuple(map(_signed, _merge(_fold_gradients(lines, gradients))))
    read = frozenset(key for line in lines if not line.primal for key in keys(line.value))
    lines = tuple(_stand_calls(lines, read))
    wanted = {leaf.base for leaf in leaves(staged.result)} | set(keys(ref(staged.result)))
    result = wanted if staged.returns_value else set()
    lines = tuple(_living(lines, result))
    lines = tuple(_fold_temporaries(lines, read | result))
    forward = tuple(line for line in lines if line.primal or staged.mode is Mode.JVP)
    backward = tuple(line for line in lines if not line.primal and staged.mode is not Mode.JVP)
    return replace(staged, forward=forward, backward=backward)


def _fold_gradients(lines: Iterable[Assign], returned: tuple[Expr, ...]) -> Iterable[Assign]:
    """Gradients that no name of the user's stands for go into the line that reads them; ones and signs are resolved."""
    lines = list(lines)
    added = [line for line in lines if not line.primal]
    written = Counter(key for line in added for key in line.bound)
    reads = Counter(key for line in added for key in keys(line.value))
    kept = {key for gradient in returned for key in keys(gradient)}
    displays = {
        key: line.statement for line in added if line.value.head in ("list", "paren") for key in keys(line.value)
    }
    folded: dict[str, Expr] = {}
    for line in lines:
        if line.primal:
            yield line
            continue
        value = substitute(line.value, folded, simplify) if folded else line.value
        key = line.bound[0]
        gathered = key in displays and _root(displays[key]) is _root(line.statement)
        if written[key] == 1 and key not in kept and _folds(line, value, reads[key], gathered):
            folded[key] = value
        else:
            yield replace(line, value=value)


def _root(statement: Statement | None) -> Statement | None:
    return statement.root if statement else None


def _folds(line: Assign, value: Expr, reads: int, gathered: bool) -> bool:
    if not line.temporary:
        return constant(value) == 1
    return _atomic(value) or (reads == 1 and (gathered or size(value) <= MOST_OPERATIONS))


def _atomic(expr: Expr) -> bool:
    inner = bare(expr)
    return inner.head in LEAVES or (inner.head in ("neg", "subscript") and bare(inner.operands[0]).head in LEAVES)


def _merge(lines: Iterable[Assign]) -> Iterable[Assign]:
    """What one statement contributes to one gradient in several places goes into one sum, in its reading order."""
    done: list[Assign | None] = []
    places: dict[tuple[str, int], int] = {}
    for line in lines:
        place = (line.bound[0], id(_root(line.statement)))
        earlier = done[places[place]] if place in places and line.op == "+=" else None
        if earlier is not None:
            total = plus(line.value, earlier.value)
            if size(total) <= MOST_IN_A_SUM:
                done[places[place]] = None
                line = replace(earlier, value=total)
        if not line.primal:
            places[place] = len(done)
        done.append(line)
    return (line for line in done if line is not None)


def _signed(line: Assign) -> Assign:
    """An added line with a float for a number, and `-=` for `+= -`; a line of the user's as it is."""
    if line.primal:
        return line
    value = bare(line.value)
    if value.head in ("list", "tuple"):
        parts = tuple(as_gradient(part) if isinstance(part, Expr) else part for part in value.parts)
        items = Expr(value.head, parts)
        return replace(line, value=items if value.head == "list" else Expr("paren", ("(", items, ")")))
    value = as_gradient(value)
    positive = without_sign(value) if line.op == "+=" else None
    return replace(line, value=value) if positive is None else replace(line, op="-=", value=bare(positive))


def _stand_calls(lines: tuple[Assign, ...], read: frozenset[str]) -> Iterable[Assign]:
    """A call of the user's own function stands as written where no value inside it is read."""
    for line in lines:
        if line.call is not None and not line.call.inside & read and line.statement:
            yield replace(line, value=line.call.expr, statement=line.statement.caller)
        else:
            yield line


def _living(lines: tuple[Assign, ...], wanted: set[str]) -> Iterable[Assign]:
    """The lines that something reads, and those that do more than compute a value."""
    needed = set(wanted)
    kept = []
    for line in reversed(lines):
        if not line.primal or not line.pure or needed.intersection(line.bound):
            needed.update(keys(line.value))
            kept.append(line)
    return reversed(kept)


def _fold_temporaries(lines: tuple[Assign, ...], read: frozenset[str] | set[str]) -> Iterable[Assign]:
    """Temporaries that only one line of the forward pass reads go back to where they came from."""
    readers = Counter(key for line in lines if line.primal for key in set(keys(line.value)))
    staying = _staying(lines, read, readers)
    folded: dict[str, Expr] = {}
    for line in lines:
        if line.primal:
            value = substitute(line.value, folded) if folded else line.value
            if line.temporary and line.bound[0] not in staying:
                folded[line.bound[0]] = value
                continue
            line = replace(line, value=value)
        yield line


def _staying(lines: tuple[Assign, ...], read: frozenset[str] | set[str], readers: Counter[str]) -> set[str]:
    """The temporaries that keep a line; with one, every impure call that stood before it in its statement."""
    staying: set[str] = set()
    pinned: set[int] = set()
    for line in reversed(lines):
        if not line.primal or not line.temporary:
            continue
        key = line.bound[0]
        root = id(_root(line.statement))
        if key in read or readers[key] != 1 or (not line.pure and root in pinned):
            staying.add(key)
            pinned.add(root)
    return staying
