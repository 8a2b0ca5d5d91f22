"""What in the book is like a function that it does not have: `np.hypot(x, y)` for `np.hypott`."""

from __future__ import annotations

from srcgrad.cover import dotted
from srcgrad.expr import Expr
from srcgrad.match import Book
from srcgrad.scope import Scope

_NEAR = 0.8
"""How like another a name must be to be taken for it, of 1: one letter of five."""


def nearest(expr: Expr, book: Book, scope: Scope) -> str:
    """A hint for an expression that has no gate; "" where nothing in the book is like it."""
    path = _path(expr.operands[0] if expr.head == "call" else expr, scope)
    known = {spelling.root: spelling for spelling in reversed(list(book)) if spelling.single}
    if path in known:
        text = known[path].text
        more = "" if known[path].gate.own else f": see srcgrad gates {text.partition('(')[0]}"
        return f"srcgrad knows it as {text}{more}"
    found = _alike(path, list(known)) if path else ""
    return f"did you mean {known[found].text}?" if found else ""


def _path(function: Expr, scope: Scope) -> str:
    """The path of a function as the book has it: `numpy.exp`, `.sum` of a method; "" of the user's own."""
    name = function.leaf if function.head == "import" else dotted(function)
    if name is None:
        return "." + str(function.parts[1]).strip(". ") if function.head == "attribute" else ""
    if function.head == "import":
        return name
    first, dot, rest = name.partition(".")
    library = scope.meaning(first)
    return f"{library}{dot}{rest}" if library else ""


def _alike(path: str, known: list[str]) -> str:
    """The known path that is most like `path`: of its name elsewhere, else of its library, else of any; "" for none."""
    from difflib import get_close_matches  # what is derived does without

    library, _, name = path.rpartition(".")
    if library and library.partition(".")[0] not in {one.partition(".")[0] for one in known}:
        return ""
    # Methods are like methods alone; what math has is for numbers, so that it comes last.
    found = [one for one in known if one.startswith(".") == path.startswith(".") and "." in one]
    found.sort(key=lambda one: (one.startswith("math."), one.count(".")))
    here = [one for one in found if one.rpartition(".")[0] == library]
    by_name = {one.rpartition(".")[2]: one for one in reversed(found)}
    names = {one.rpartition(".")[2]: one for one in here}
    if name in by_name:
        return by_name[name]
    near = get_close_matches(name, names, 1, _NEAR) or get_close_matches(name, by_name, 1, _NEAR)
    return {**by_name, **names}[near[0]] if near else ""
