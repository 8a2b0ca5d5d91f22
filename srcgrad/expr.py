"""Expressions as srcgrad moves them about: a small tree that keeps the user's own spelling.

An `Expr` is a head and its parts: operands, and the text between them exactly as it was written. So an expression
prints as its author wrote it, and an operand can be replaced without printing or parsing anything; parentheses are
added where the precedence of what is put in asks for them. Trees can be deep (a sum of 800 terms is a chain of 799
operators), therefore no function here recurs.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass

# From loosest to tightest; https://docs.python.org/3/reference/expressions.html#operator-precedence
_LEVELS = (
    ("tuple", "named"),
    ("lambda",),
    ("if",),
    ("or",),
    ("and",),
    ("not",),
    ("compare",),
    ("|",),
    ("^",),
    ("&",),
    ("<<", ">>"),
    ("+", "-"),
    ("*", "/", "//", "%", "@"),
    ("neg", "pos", "~"),
    ("**",),
)
_PRECEDENCE = {head: level for level, heads in enumerate(_LEVELS) for head in heads}
_ATOM = len(_LEVELS)
_UNARY = _PRECEDENCE["neg"]
_LARGEST = 1e308
BINARY = frozenset(("+", "-", "*", "/", "//", "%", "@", "**", "<<", ">>", "&", "^", "|"))


@dataclass(frozen=True, slots=True, eq=False)
class Expr:
    """`head` says what it is, `parts` are its operands and the text between them.

    Leaves: "var" (the key of an SSA variable), "name" (an identifier of the user's module), "import" (the dotted path
    of a library function, spelled when names are given), "number" and "text" (anything copied as it stands).
    """

    head: str
    parts: tuple[Expr | str, ...]

    @property
    def leaf(self) -> str:
        """The text of a leaf."""
        text = self.parts[0]
        assert isinstance(text, str)
        return text

    @property
    def operands(self) -> tuple[Expr, ...]:
        return tuple([part for part in self.parts if type(part) is Expr])


LEAVES = frozenset(("var", "name", "import", "number", "text"))


def var(key: str) -> Expr:
    return Expr("var", (key,))


def number(value: float) -> Expr:
    return Expr("number", (repr(value),))


def call(function: Expr, *args: Expr) -> Expr:
    parts: list[Expr | str] = [function, "("]
    for i, arg in enumerate(args):
        parts += [", ", Expr("arg", (arg,))] if i else [Expr("arg", (arg,))]
    return Expr("call", (*parts, ")"))


def subscript(value: Expr, index: int | str) -> Expr:
    return Expr("subscript", (value, f'["{index}"]' if isinstance(index, str) else f"[{index}]"))


def display(kind: str, items: tuple[Expr, ...], names: tuple[str, ...] = ()) -> Expr:
    """A list or a tuple of `items`, with its brackets; a dict under `names`."""
    parts: list[Expr | str] = []
    for i, item in enumerate(items):
        parts += [", ", item] if i else [item]
        if kind == "dict":
            parts.insert(-1, f'"{names[i]}": ')
    if kind == "dict":
        return Expr("dict", ("{", *parts, "}"))
    if kind == "list":
        return Expr("list", ("[", *parts, "]"))
    return Expr("paren", ("(", Expr("tuple", (*parts, ",") if len(items) == 1 else tuple(parts)), ")"))


def binary(op: str, left: Expr, right: Expr) -> Expr:
    """`left op right`, spaced as ruff format would: `x**2` hugs simple operands."""
    space = "" if op == "**" and _simple(left) and _simple(right) else " "
    return Expr(op, (left, f"{space}{op}{space}", right))


def _simple(expr: Expr) -> bool:
    return expr.head in LEAVES or (expr.head in ("neg", "attribute") and _simple(expr.operands[0]))


def bare(expr: Expr) -> Expr:
    """`expr` without the parentheses around it."""
    while expr.head == "paren":
        expr = expr.operands[0]
    return expr


def precedence(expr: Expr) -> int:
    if expr.head == "number" and expr.leaf.startswith("-"):
        return _UNARY
    return _PRECEDENCE.get(expr.head, _ATOM)


def needed(parent: Expr, position: int) -> int:
    """The least precedence that operand number `position` of `parent` may have without parentheses."""
    head = parent.head
    if head == "**":
        return _ATOM if position == 0 else _UNARY
    if head in BINARY:
        return _PRECEDENCE[head] + (position > 0)
    if head == "if":
        return _PRECEDENCE["if"] + (position < 2)
    if head == "compare":
        return _PRECEDENCE["compare"] + 1
    if head in ("neg", "pos", "~", "not", "or", "and"):
        return _PRECEDENCE[head]
    if head in ("call", "subscript", "attribute"):
        return _ATOM if position == 0 else 0
    if head == "fstring":
        return _PRECEDENCE["if"]
    return 0 if head in ("paren", "statement", "index") else 1


def render(expr: Expr, spell: Callable[[Expr], str] | None = None) -> str:
    """The text of `expr`; `spell` gives that of a leaf."""
    out: list[str] = []
    stack: list[Expr | str] = [expr]
    while stack:
        part = stack.pop()
        if type(part) is str:
            out.append(part)
            continue
        assert type(part) is Expr
        if part.head in LEAVES:
            out.append(spell(part) if spell else part.leaf)
            continue
        position = 0
        pieces: list[Expr | str] = []
        for piece in part.parts:
            if type(piece) is Expr:
                loose = piece.head != "var" and precedence(piece) < needed(part, position)
                loose = loose or (part.head == "attribute" and piece.head == "number")
                pieces += ["(", piece, ")"] if loose else [piece]
                position += 1
            else:
                pieces.append(piece)
        stack.extend(reversed(pieces))
    return "".join(out)


def walk(expr: Expr, whole: Container[int] = ()) -> Iterator[Expr]:
    """Every node of `expr`, from left to right, parents first; of those in `whole`, by identity, not the parts."""
    stack = [expr]
    while stack:
        node = stack.pop()
        yield node
        if node.head not in LEAVES and id(node) not in whole:
            stack.extend([part for part in reversed(node.parts) if type(part) is Expr])


def keys(expr: Expr) -> list[str]:
    """The keys of the variables that `expr` reads, from left to right."""
    if expr.head == "var":
        return [expr.leaf]
    found: list[str] = []
    stack = [expr]
    while stack:
        node = stack.pop()
        if node.head == "var":
            found.append(node.leaf)
        elif node.head not in LEAVES:
            stack.extend([part for part in reversed(node.parts) if type(part) is Expr])
    return found


def rebuild(expr: Expr, leaf: Callable[[Expr], Expr | None], node: Callable[[Expr], Expr] = lambda e: e) -> Expr:
    """`expr` with every node for which `leaf` gives an expression replaced by it (a subtree too).

    A node of which an operand changed passes through `node` (the place to simplify); all others stay as they are.
    """
    done: list[Expr] = []
    opened: list[Expr] = []
    stack: list[Expr | None] = [expr]  # None where the operands of the node opened last are done
    while stack:
        current = stack.pop()
        if current is None:
            closed = opened.pop()
            first = len(done) - len(closed.operands)
            new = tuple(done[first:])
            if new != closed.operands:
                operands = iter(new)
                parts = tuple([next(operands) if type(part) is Expr else part for part in closed.parts])
                closed = node(Expr(closed.head, parts))
            done[first:] = [closed]
        elif (replacement := leaf(current)) is not None:
            done.append(replacement)
        elif current.head in LEAVES:
            done.append(current)
        else:
            opened.append(current)
            stack.append(None)
            stack += current.operands[::-1]
    return done[0]


def substitute(expr: Expr, values: Mapping[str, Expr], node: Callable[[Expr], Expr] = lambda e: e) -> Expr:
    """`expr` with the variables of `values` replaced."""
    if values.keys().isdisjoint(keys(expr)):
        return expr
    return rebuild(expr, lambda e: values.get(e.leaf) if e.head == "var" else None, node)


def same(left: Expr, right: Expr) -> bool:
    """Whether two expressions are the same but for spaces, parentheses and redundant spelling of a number."""
    stack = [(left, right)]
    while stack:
        a, b = (bare(e) for e in stack.pop())
        if a is b:
            continue
        if a.head != b.head:
            return False
        if a.head in LEAVES:
            if a.leaf != b.leaf and (a.head != "number" or constant(a) != constant(b)):
                return False
            continue
        if _wording(a) != _wording(b):
            return False
        stack.extend(zip(a.operands, b.operands, strict=True))
    return True


def _wording(expr: Expr) -> list[str]:
    """The text of a node between its operands, spaces apart."""
    return ["".join(part.split()) if isinstance(part, str) else "·" for part in expr.parts]


def constant(expr: Expr) -> int | float | None:
    """The value of a literal number, with or without a minus; None for anything else, or out of a float's range."""
    expr = bare(expr)
    if expr.head == "neg":
        value = constant(expr.operands[0]) if bare(expr.operands[0]).head == "number" else None
        return None if value is None else -value
    if expr.head != "number":
        return None
    text = expr.leaf.replace("_", "")
    digits = text.lstrip("-").lower()
    if digits.endswith("j") and not digits.startswith("0x"):
        return None
    whole = digits.isdigit() or digits.startswith(("0x", "0o", "0b"))
    value = int(text, 10 if digits.isdigit() else 0) if whole else float(text)
    return value if abs(value) < _LARGEST else None


def size(expr: Expr) -> int:
    """How many operations and calls `expr` takes."""
    return sum(1 for node in walk(expr) if node.head in BINARY or node.head in ("call", "compare", "neg", "if"))


def breaks(expr: Expr) -> bool:
    """Whether the text of `expr` has a line break that no bracket of its own encloses."""
    stack = [expr]
    while stack:
        node = stack.pop()
        if node.head in LEAVES or node.head in ("paren", "list", "dict", "fstring", "call", "subscript"):
            if node.head in ("call", "subscript"):
                stack.append(node.operands[0])
            continue
        for part in node.parts:
            if type(part) is Expr:
                stack.append(part)
            elif isinstance(part, str) and "\n" in part:
                return True
    return False


def key_of(expr: Expr) -> str:
    """The key that a plain string is, where it can stand in a name; else ""."""
    inner = bare(expr)
    if inner.head != "text" or inner.leaf[:1] not in ("'", '"'):
        return ""
    text = inner.leaf.strip(inner.leaf[0])
    return text if text.isidentifier() else ""
