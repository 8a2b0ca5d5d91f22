"""The book as data to be shown: each gate by its chapter, with its spellings, its lines and the words above it.

Both come from the text of the rooms of `gates`, so that what is shown is what is emitted.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from graphlib import TopologicalSorter
from textwrap import dedent
from types import ModuleType

from srcgrad.composite import Composite
from srcgrad.errors import SrcgradError
from srcgrad.gate import ALGEBRAS, FAMILY, ITSELF, Gate
from srcgrad.gates import rooms, spanning
from srcgrad.helpers import HELPERS, QUESTIONS


@dataclass(frozen=True)
class Entry:
    """A gate. `forward` are the lines that are differentiated, `tangents` those of forward mode, where there are.

    `defaults` are its settings where a call leaves them out, as in `axis=None`. What the comment above it says is its
    `note`, what it gives at a `kink` (behind "Kink:"), and its `source` (behind "Source:"), else that of its chapter.
    """

    name: str
    algebra: str
    spellings: tuple[str, ...]
    defaults: tuple[str, ...]
    forward: str
    backward: str
    tangents: str
    note: str
    kink: str
    source: str

    @property
    def title(self) -> str:
        return self.name.replace("_", " ")

    @property
    def functions(self) -> set[str]:
        """What it is called by: its name, and the functions `np.exp` of its spellings that are one call."""
        calls = (text.partition("(") for text in self.spellings)
        return {self.name, *(function for function, _, rest in calls if "(" not in rest)}


@dataclass(frozen=True)
class Chapter:
    """A room of the book: `text` says what it has, `source` where its derivatives are from."""

    name: str
    text: str
    source: str
    entries: tuple[Entry, ...]

    @property
    def title(self) -> str:
        return self.name.replace("_", " ").capitalize()


def chapters() -> list[Chapter]:
    """The whole book."""
    return [_chapter(room) for room in (*rooms(), spanning)]


def named(book: Sequence[Chapter], pattern: str) -> list[Entry]:
    """The gates that are called `pattern`; where none is, those that have it in a spelling, or fit it as a glob.

    Raises SrcgradError where there is none.
    """
    entries = [entry for chapter in book for entry in chapter.entries]
    found = [entry for entry in entries if pattern in entry.functions]
    found = found or [entry for entry in entries if any(pattern in text for text in (entry.name, *entry.spellings))]
    found = found or [entry for entry in entries if any(fnmatchcase(name, pattern) for name in entry.functions)]
    if not found:
        near = get_close_matches(pattern, sorted(set().union(*(entry.functions for entry in entries))), 1)
        raise SrcgradError(
            f"no gate is called {pattern}",
            hint=f"did you mean {near[0]}?" if near else "srcgrad gates lists them all",
        )
    return found


_OF_SPELLING = {
    ITSELF: "The function that the spelling calls, the innermost one.",
    FAMILY: "The distribution, or the module, that the spelling calls a function of.",
}
"""What a rule calls what its spelling names."""


def meanings(book: Sequence[Chapter]) -> dict[str, str]:
    """The words of the rules that are no functions of Python's, with what they stand for."""
    lines = "".join(entry.backward + entry.tangents for chapter in book for entry in chapter.entries)
    helped = {word: (thing.__doc__ or "").partition("\n")[0] for word, thing in {**HELPERS, **QUESTIONS}.items()}
    used = {*re.findall(r"(?<![\w.])[a-z_]+(?=[(.])", lines)} & {*helped, *_OF_SPELLING}
    return {word: {**helped, **_OF_SPELLING}[word] for word in sorted(used)}


def _chapter(room: ModuleType) -> Chapter:
    text = inspect.getsource(room)
    words, _, source = (room.__doc__ or "").partition("Source: ")
    chapter = Chapter(room.__name__.rpartition(".")[2], " ".join(words.split()), " ".join(source.split()), ())
    entries: dict[str, Entry] = {}
    for node in ast.parse(text).body:
        name = _defined(node)
        thing = vars(room).get(name)
        if isinstance(thing, Gate):
            entries[thing.name] = _entry(thing, thing.spellings, node, text, chapter.source)
        elif isinstance(thing, tuple):
            entries[name] = _across(name, thing, node, text, chapter.source)
    return Chapter(chapter.name, chapter.text, chapter.source, tuple(entries.values()))


def _defined(node: ast.stmt) -> str:
    """The name of what a statement of a room defines."""
    if isinstance(node, ast.FunctionDef):
        return node.name
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    return target.id if isinstance(target, ast.Name) else ""


def _across(name: str, ways: Sequence[Composite], node: ast.stmt, text: str, source: str) -> Entry:
    """A gate that is written across lines: each way to write it is a spelling."""
    gate, parts = ways[0].gate, dict(ways[0].parts)
    inside = {part: parts.keys() & set(re.findall(r"\w+", made.partition("(")[2])) for part, made in parts.items()}
    lines = [f"{part} = {parts[part]}" for part in TopologicalSorter(inside).static_order()]
    entry = replace(_entry(gate, tuple(map(_way, ways)), node, text, source), name=name, defaults=())
    if not entry.backward:
        return replace(entry, note=f"{entry.note} Written so it is {gate.name}, and has the lines of that.".strip())
    last = f"{entry.forward.partition(' = ')[0]} = {ways[0].text}"
    return replace(entry, forward="\n".join((*lines, last)))


def _way(way: Composite) -> str:
    """A pattern in one line: `log(p) where p = softmax(s)`."""
    parts = " and ".join(f"{name} = {text}" for name, text in way.parts.items())
    return way.text + (f" where {parts}" if parts else "") + (f" if {way.where}" if way.where else "")


def _entry(gate: Gate, spellings: tuple[str, ...], node: ast.stmt, text: str, source: str) -> Entry:
    backward = tangents = forward = ""
    if isinstance(node, ast.FunctionDef):
        rule = _Rule(node, text.splitlines())
        usual = next((one for one in spellings if one.startswith("np.")), spellings[0])
        first = (usual if spellings[0].startswith("math.") else spellings[0]).partition(" with ")[0]
        forward = f"{', '.join(rule.results)} = {first}"
        backward, tangents = rule.backward, rule.tangents
    defaults = tuple(f"{name}={value!r}" for name, value in gate.settings.items() if value is not ...)
    algebra = "stops" if gate.stops else ALGEBRAS.get(gate.algebra, gate.algebra)
    note, kink, own = _said(_comment(node, text))
    return Entry(gate.name, algebra, spellings, defaults, forward, backward, tangents, note, kink, own or source)


def _said(comment: str) -> tuple[str, str, str]:
    """What the comment above a gate says: a note, and what stands behind "Kink:" and behind "Source:"."""
    note, *marked = re.split(r"\b(Kink|Source): ", comment)
    said = dict(zip(marked[::2], marked[1::2], strict=True))
    return note.strip(), said.get("Kink", "").strip(), said.get("Source", "").strip()


def _comment(node: ast.stmt, text: str) -> str:
    """The comment above a gate."""
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    above = text.splitlines()[: min([node.lineno, *(one.lineno for one in decorators)]) - 1]
    rows: list[str] = []
    while above and above[-1].startswith("#"):
        rows.insert(0, above.pop().removeprefix("#").strip())
    return " ".join(rows)


class _Rule:
    """The text of a rule, its lines told apart: those of the backward pass, and those of the result's tangent."""

    def __init__(self, node: ast.FunctionDef, rows: Sequence[str]) -> None:
        self._node, self._rows = node, rows
        self._parameters = [arg.arg for arg in node.args.args]
        loops = (loop.target for loop in ast.walk(node) if isinstance(loop, ast.For))
        items = [name.id for target in loops for name in ast.walk(target) if isinstance(name, ast.Name)]
        self._operands = [*self._parameters[1:], *items]

    @property
    def results(self) -> list[str]:
        """The names of the results, of which a rule of several writes `q, r = z` first."""
        first = self._node.body[0]
        if isinstance(first, ast.Assign) and isinstance(first.targets[0], ast.Tuple):
            return [ast.unparse(name) for name in first.targets[0].elts]
        return self._parameters[:1]

    @property
    def backward(self) -> str:
        return self._lines({f"d{name}" for name in self._operands} - self._returned)

    @property
    def tangents(self) -> str:
        return self._lines(self._returned)

    @property
    def _returned(self) -> set[str]:
        return {f"d{name}" for name in self.results}

    def _lines(self, wanted: set[str]) -> str:
        """The lines that write to the names `wanted`, with the values that these lines share."""
        operands = {f"d{name}" for name in (*self._operands, *self.results)}
        while True:
            kept = [one for one in ast.walk(self._node) if isinstance(one, ast.stmt) and _written(one) & wanted]
            read = {name.id for one in kept for name in ast.walk(one) if isinstance(name, ast.Name)}
            steps = {name for one in ast.walk(self._node) if isinstance(one, ast.stmt) for name in _written(one)}
            if (read & steps) - operands <= wanted:
                break
            wanted = wanted | ((read & steps) - operands)
        numbers = _kept(self._node.body, lambda one: bool(_written(one) & wanted))
        return dedent("\n".join(self._rows[number - 1] for number in numbers))


def _written(statement: ast.stmt) -> set[str]:
    """The name that a line of a rule writes to: `dx` of `dx[index] += dy` and of `np.add.at(dx, index, dy)`."""
    target: ast.expr | None = None
    if isinstance(statement, ast.Assign):
        target = statement.targets[0]
    elif isinstance(statement, ast.AugAssign):
        target = statement.target
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        target = statement.value.args[0]
    if isinstance(target, ast.Subscript):
        target = target.value
    return {target.id} if isinstance(target, ast.Name) else set()


def _kept(statements: Sequence[ast.stmt], wanted: Callable[[ast.stmt], bool]) -> Iterator[int]:
    """The numbers of the text's lines that are left when unwanted statements go, and the arms that they leave empty."""
    for statement in statements:
        if isinstance(statement, (ast.If, ast.For)):
            then, orelse = list(_kept(statement.body, wanted)), list(_kept(statement.orelse, wanted))
            if then or orelse:
                yield from range(statement.lineno, statement.body[0].lineno)
            yield from then
            if orelse:
                yield from range((statement.body[-1].end_lineno or 0) + 1, statement.orelse[0].lineno)
            yield from orelse
        elif wanted(statement):
            yield from range(statement.lineno, (statement.end_lineno or 0) + 1)
