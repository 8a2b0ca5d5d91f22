"""Spellings as patterns: which gate an expression is, and what stands in its holes."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from srcgrad.expr import BINARY, LEAVES, Expr, bare, constant, display, rebuild, same, walk
from srcgrad.gate import FINITE, MODULES, NUMBERS, Gate

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.USub: "neg", ast.UAdd: "pos",
}  # fmt: skip
_COMMUTATIVE = frozenset(("+", "*"))
_SYMMETRIC = frozenset(("builtins.max", "builtins.min", "numpy.maximum", "numpy.minimum"))

TRUTHS = {"builtins.True": "1", "builtins.False": "0"}
CONSTANTS = NUMBERS | {*TRUTHS}
_PURE = frozenset(
    ("abs", "bool", "divmod", "float", "int", "isinstance", "len", "list", "max", "min", "pow", "range", "round", "str",
     "sum", "tuple", "type")
)  # fmt: skip
"""Builtins that do nothing but compute."""

_COMPUTING = frozenset(("numpy", "numpy.linalg", "scipy.special"))
_WRITING = frozenset(
    ("copyto", "put", "put_along_axis", "place", "putmask", "fill_diagonal", "seterr", "save", "savez")
)
"""Libraries that do nothing but compute, and the functions of theirs that do more."""

Meaning = Callable[[Expr], str | None]
"""The dotted path of what a name or an attribute stands for (`numpy.exp`, `builtins.abs`), None for a value."""

Holes = Mapping[str, tuple[Expr, ...]]
"""What stands in each hole: every occurrence, as it was written."""


@dataclass(frozen=True, eq=False)
class Spelling:
    """One way to write a gate. `root` is what an expression must begin with to be worth matching."""

    gate: Gate
    text: str

    @cached_property
    def root(self) -> str:
        node = ast.parse(self.text, mode="eval").body
        if isinstance(node, (ast.BinOp, ast.UnaryOp)):
            return _OPERATORS[type(node.op)]
        if isinstance(node, ast.Call):
            return self._callee(node.func)
        return "compare" if isinstance(node, ast.Compare) else self._callee(node)

    def _callee(self, node: ast.expr) -> str:
        text = ast.unparse(node)
        if self.gate.things is not None:
            return self.gate.things.get(text) or "." + text.rpartition(".")[2]
        first, _, rest = text.partition(".")
        if not rest:
            return f"builtins.{first}"
        return f"{MODULES[first]}.{rest}" if first in MODULES else "." + text.rpartition(".")[2]

    @cached_property
    def pattern(self) -> Expr:
        from srcgrad.lower import parse

        things = self.gate.things
        if things is None:
            return parse(self.text)
        # What a user's spelling names is known: it stands in the pattern as the path that `_library` gives.
        known = {text: Expr("import", (path,)) for text, path in things.items()}
        return rebuild(parse(self.text), lambda node: known.get(dotted(node) or ""))

    @cached_property
    def rank(self) -> tuple[int, int, int, int]:
        """Fixed nodes, repeated holes, literal holes, no `*xs`: the largest that covers an expression is its gate."""
        holes = [n.leaf for n in walk(self.pattern) if n.head == "name" and n.leaf in self.gate.parameters]
        nodes = sum(1 for n in walk(self.pattern) if n.head not in ("paren", "arg", "star") and not _part(n))
        literals = sum(1 for hole in holes if hole in self.gate.settings)
        stars = sum(1 for n in walk(self.pattern) if n.head == "star")
        return nodes - len(holes), len(holes) - len(set(holes)), literals, -stars

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """What the operands of an operator must be; "" for a hole, or a library's constant, however it is imported."""
        parts = map(bare, self.pattern.operands)
        return tuple("" if part.head in ("name", "import") or _part(part) else part.head for part in parts)

    def fits(self, heads: tuple[str, ...]) -> bool:
        """Whether operands with these heads are worth matching: cheap, since most spellings are not it."""
        wanted = self.heads
        orders = (wanted, wanted[::-1]) if self.root in _COMMUTATIVE else (wanted,)
        return any(
            all(
                want in ("", have) or (want, have) == ("number", "neg") for want, have in zip(order, heads, strict=True)
            )
            for order in orders
        )


@dataclass(frozen=True, eq=False)
class Tile:
    """An expression covered by a spelling."""

    spelling: Spelling
    holes: Holes

    @property
    def gate(self) -> Gate:
        return self.spelling.gate


class Book:
    """All gates, found by the root of an expression; of two spellings that fit, the larger wins.

    Of the user's own gates and the book, the user's win where the spellings are as large.
    """

    def __init__(self, gates: Iterable[Gate]) -> None:
        self._by_root: dict[str, list[Spelling]] = {}
        self._fitting: dict[tuple[str, tuple[str, ...] | None], list[Spelling]] = {}
        self._own: Book | None = None
        for gate in gates:
            for text in gate.spellings:
                spelling = Spelling(gate, text)
                self._by_root.setdefault(spelling.root, []).append(spelling)

    def beside(self, own: Book) -> Book:
        """This book and that of the user."""
        both = Book(())
        both._by_root, both._fitting, both._own = self._by_root, self._fitting, own
        return both

    def __iter__(self) -> Iterator[Spelling]:
        for spellings in self._by_root.values():
            yield from spellings

    def spellings(self, root: str, heads: tuple[str, ...] | None) -> list[Spelling]:
        """The spellings that begin with `root` and fit operands with these heads, the largest first."""
        if root not in self._by_root:
            return []
        if (root, heads) not in self._fitting:
            fitting = (one for one in self._by_root[root] if heads is None or one.fits(heads))
            self._fitting[root, heads] = sorted(fitting, key=lambda spelling: spelling.rank, reverse=True)
        return self._fitting[root, heads]

    def tile(self, expr: Expr, meaning: Meaning, thing: Meaning | None = None) -> Tile | None:
        """The gate that `expr` is; None where the book has none. `thing` is `meaning` in the user's own gates."""
        expr = bare(expr)
        heads = tuple(bare(part).head for part in expr.operands) if expr.head in BINARY else None
        for spelling in self._candidates(expr, heads, meaning, thing or meaning):
            if spelling.gate.stops:
                if not spelling.root.startswith("numpy.") or _plain_arguments(spelling.pattern, expr):
                    return Tile(spelling, {})
                continue
            known = thing if thing and spelling.gate.own else meaning
            for holes in _match(spelling.pattern, expr, {}, spelling.gate, known):
                return Tile(spelling, holes)
        return None

    def _candidates(
        self, expr: Expr, heads: tuple[str, ...] | None, meaning: Meaning, thing: Meaning
    ) -> Iterable[Spelling]:
        """The spellings that begin as `expr` does, the largest first."""
        found = self.spellings(_root(expr, meaning), heads)
        own = self._own.spellings(_root(expr, thing), heads) if self._own else None
        return sorted((*own, *found), key=lambda spelling: spelling.rank, reverse=True) if own else found


def pure(expr: Expr, meaning: Meaning) -> bool:
    """Whether `expr` does nothing but compute, so that it may be left out, moved or repeated."""
    for node in walk(expr):
        if node.head == "call":
            module, _, name = (meaning(node.operands[0]) or "").rpartition(".")
            written = any(_keyword(arg) == "out" for arg in node.operands) or name in _WRITING
            known = module == "math" or (module in _COMPUTING and not written)
            if not known and not (module == "builtins" and name in _PURE):
                return False
    return True


def _keyword(arg: Expr) -> str:
    """The keyword of an argument; "" where it goes by its place."""
    before = arg.parts[0] if arg.head == "keyword" else ""
    return before.partition("=")[0].strip() if isinstance(before, str) else ""


def _plain_arguments(pattern: Expr, expr: Expr) -> bool:
    """Whether a call has no more arguments by place than `pattern`, and no `out=`: numpy writes to that."""
    placed = [arg for arg in expr.operands if arg.head != "keyword"]
    stars = any(arg.head == "star" for arg in placed)
    written = any(_keyword(arg) in ("out", "where", "dtype", "casting") for arg in expr.operands)
    return len(placed) <= len(pattern.operands) and not stars and not written


def _root(expr: Expr, meaning: Meaning) -> str:
    if expr.head == "call":
        function = expr.operands[0]
        path = meaning(function)
        if path is None and function.head == "attribute":
            text = function.parts[1]
            return text.strip() if isinstance(text, str) else ""
        return path or ""
    return expr.head


def _match(pattern: Expr, expr: Expr, found: Holes, gate: Gate, meaning: Meaning) -> Iterator[Holes]:
    """Every way in which `pattern` covers `expr`, given the holes found so far."""
    pattern, inner = bare(pattern), bare(expr)
    if pattern.head == "name" and pattern.leaf in gate.parameters:
        hole = pattern.leaf
        literal_needed = hole in gate.settings
        path = meaning(inner)
        if hole in found:
            if same(found[hole][0], expr) and pure(expr, meaning):
                yield {**found, hole: (*found[hole], expr)}
        elif path in FINITE or (constant(inner) is not None if literal_needed else path is None or path in CONSTANTS):
            yield {**found, hole: (expr,)}
        return
    value = constant(pattern)
    if value is not None:
        if constant(inner) == value:
            yield found
        return
    if pattern.head in ("name", "attribute", "import") and _library(pattern):
        if meaning(inner) == _library(pattern):
            yield found
        return
    if pattern.head != inner.head or pattern.head in LEAVES:
        return
    yield from _operands(pattern, inner, found, gate, meaning)


def _operands(pattern: Expr, expr: Expr, found: Holes, gate: Gate, meaning: Meaning) -> Iterator[Holes]:
    wanted, given = pattern.operands, expr.operands
    if wanted and wanted[-1].head == "star" and len(given) > len(wanted):
        # `*xs` stands for two or more arguments, read as one list.
        plain, rest = given[: len(wanted) - 1], given[len(wanted) - 1 :]
        if any(arg.head != "arg" for arg in rest):
            return
        items = display("list", tuple(arg.operands[0] for arg in rest))
        wanted, given = (*wanted[:-1], *wanted[-1].operands), (*plain, items)
    if len(wanted) != len(given) or (
        pattern.head in ("attribute", "keyword", "compare") and _words(pattern) != _words(expr)
    ):
        return
    orders = [given]
    if pattern.head in _COMMUTATIVE:
        orders.append(given[::-1])
    elif pattern.head == "call" and len(given) == 3 and _library(wanted[0]) in _SYMMETRIC:
        orders.append((given[0], given[2], given[1]))
    for order in orders:
        states: list[Holes] = [found]
        for want, have in zip(wanted, order, strict=True):
            states = [after for state in states for after in _match(want, have, state, gate, meaning)]
        yield from states


def _words(expr: Expr) -> str:
    """The text of a node between its operands, spaces apart."""
    return "".join("".join(part.split()) if isinstance(part, str) else "·" for part in expr.parts)


def _library(pattern: Expr) -> str | None:
    """The path that a pattern's name stands for: `np.exp` is numpy.exp, `abs` is builtins.abs."""
    if pattern.head == "import":
        return pattern.leaf
    if pattern.head == "name":
        return MODULES.get(pattern.leaf) or f"builtins.{pattern.leaf}"
    if pattern.head == "attribute":
        first, text = pattern.parts
        assert isinstance(first, Expr)
        assert isinstance(text, str)
        module = (
            MODULES.get(first.leaf) if first.head == "name" else _library(first) if first.head == "attribute" else None
        )
        return module and module + text.strip()
    return None


def _part(expr: Expr) -> bool:
    """Whether `expr` is an attribute that only goes on with a library's name: `math.exp` counts as one."""
    return expr.head == "attribute" and _library(expr) is not None


def dotted(expr: Expr) -> str | None:
    """The text of a name, or of attributes of one; None for anything else."""
    attributes: list[str] = []
    while expr.head == "attribute":
        text = expr.parts[1]
        assert isinstance(text, str)
        attributes.append("".join(text.split()))
        expr = expr.operands[0]
    return expr.leaf + "".join(reversed(attributes)) if expr.head == "name" else None
