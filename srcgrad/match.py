"""Spellings as patterns: which gate an expression is, and what stands in its holes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from srcgrad.cover import COMMUTATIVE, Holes, covers, dotted, part
from srcgrad.expr import BINARY, Expr, bare, rebuild, walk
from srcgrad.gate import MODULES, Gate
from srcgrad.purity import Meaning, keyword

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.USub: "neg", ast.UAdd: "pos",
    ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.Invert: "~",
}  # fmt: skip


_CALL = re.compile(r"([A-Za-z_][\w.]*)\([^()]*\)")


@dataclass(frozen=True, eq=False)
class Spelling:
    """One way to write a gate. `root` is what an expression must begin with to be worth matching.

    `defaults` is what it leaves out where that is not what the gate's rule has: "np.correlate(x, y, mode) with
    mode='valid'".
    """

    gate: Gate
    text: str
    defaults: str = ""

    @cached_property
    def root(self) -> str:
        plain = _CALL.fullmatch(self.text)  # most are, and the book is searched by its roots before anything is parsed
        if plain:
            return self._path(plain[1])
        node = ast.parse(self.text, mode="eval").body
        if isinstance(node, (ast.BinOp, ast.UnaryOp)):
            return _OPERATORS[type(node.op)]
        if isinstance(node, ast.Call):
            return self._callee(node.func)
        if isinstance(node, (ast.Compare, ast.Subscript)):
            return type(node).__name__.lower()
        return self._callee(node)

    def _callee(self, node: ast.expr) -> str:
        if any(isinstance(inner, ast.Call) for inner in ast.walk(node)):
            return "." + ast.unparse(node).rpartition(".")[2]
        return self._path(ast.unparse(node))

    def _path(self, text: str) -> str:
        if self.gate.things is not None:
            return self.gate.things.get(text) or "." + text.rpartition(".")[2]
        first, _, rest = text.partition(".")
        if not rest:
            return f"builtins.{first}"
        return f"{MODULES[first]}.{rest}" if first in MODULES else "." + text.rpartition(".")[2]

    @cached_property
    def left_out(self) -> Holes:
        """The settings of `defaults`."""
        from srcgrad.lower import parse

        given = parse(f"call({self.defaults})").operands[1:]
        return {keyword(one): (one.operands[0],) for one in given}

    @property
    def single(self) -> bool:
        """Whether it is one operation or call, and not built from several."""
        nodes = ast.walk(ast.parse(self.text, mode="eval"))
        return sum(isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Call, ast.Compare)) for node in nodes) < 2

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
        nodes = sum(1 for n in walk(self.pattern) if n.head not in ("paren", "arg", "keyword", "star") and not part(n))
        literals = sum(1 for hole in holes if self.gate.literal(hole))
        stars = sum(1 for n in walk(self.pattern) if n.head == "star")
        return nodes - len(holes), len(holes) - len(set(holes)), literals, -stars

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """What the operands of an operator must be; "" for a hole, or a library's constant, however it is imported."""
        operands = map(bare, self.pattern.operands)
        return tuple("" if one.head in ("name", "import") or part(one) else one.head for one in operands)

    def fits(self, heads: tuple[str, ...]) -> bool:
        """Whether operands with these heads are worth matching: cheap, since most spellings are not it."""
        wanted = self.heads
        orders = (wanted, wanted[::-1]) if self.root in COMMUTATIVE else (wanted,)
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
                call, _, defaults = text.partition(" with ")
                spelling = Spelling(gate, call, defaults)
                self._by_root.setdefault(spelling.root, []).append(spelling)

    def plain(self) -> Book:
        """This book without the spellings that are built from others'."""
        book = Book(())
        for root, spellings in self._by_root.items():
            book._by_root[root] = [one for one in spellings if one.gate.stops or one.single]
        return book

    def beside(self, own: Book) -> Book:
        """This book and that of the user."""
        both = Book(())
        both._by_root, both._fitting, both._own = self._by_root, self._fitting, own
        return both

    def __iter__(self) -> Iterator[Spelling]:
        for spellings in self._by_root.values():
            yield from spellings
        if self._own is not None:
            yield from self._own

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
            for holes in covers(spelling.pattern, expr, {}, spelling.gate, known):
                return Tile(spelling, {**spelling.left_out, **holes})
        return None

    def _candidates(
        self, expr: Expr, heads: tuple[str, ...] | None, meaning: Meaning, thing: Meaning
    ) -> Iterable[Spelling]:
        """The spellings that begin as `expr` does, the largest first."""
        found = self.spellings(_root(expr, meaning), heads)
        own = self._own.spellings(_root(expr, thing), heads) if self._own else None
        return sorted((*own, *found), key=lambda spelling: spelling.rank, reverse=True) if own else found


def _plain_arguments(pattern: Expr, expr: Expr) -> bool:
    """Whether a call has no more arguments by place than `pattern`, and no `out=`: numpy writes to that."""
    placed = [arg for arg in expr.operands if arg.head != "keyword"]
    stars = any(arg.head == "star" for arg in placed)
    written = any(keyword(arg) in ("out", "where", "casting") for arg in expr.operands)
    return len(placed) <= len(pattern.operands) and not stars and not written


def _root(expr: Expr, meaning: Meaning) -> str:
    if expr.head == "call":
        function = expr.operands[0]
        path = meaning(function)
        if path is None and function.head == "attribute":
            text = function.parts[1]
            return text.strip() if isinstance(text, str) else ""
        return path or ""
    if expr.head == "attribute" and meaning(expr) is None:
        return "." + str(expr.parts[1]).strip(". ")
    return expr.head
