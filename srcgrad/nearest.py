"""What in the book is like a function that it does not have: `np.hypot(x, y)` for `np.hypott`."""

from __future__ import annotations

from collections.abc import Mapping

from srcgrad.cover import dotted
from srcgrad.expr import Expr, bare
from srcgrad.gate import MODULES
from srcgrad.match import Book, Spelling
from srcgrad.scope import Scope

_NEAR = 0.8
"""How like another a name must be to be taken for it, of 1: one letter of five."""


def nearest(expr: Expr, book: Book, scope: Scope) -> str:
    """A hint for an expression that has no gate; "" where nothing in the book is like it."""
    function = expr.operands[0] if expr.head == "call" else expr
    path = path_of(function, scope)
    known = {spelling.root: spelling for spelling in reversed(list(book)) if spelling.single}
    if path in known:
        text = known[path].text
        gate = known[path].gate
        more = "" if gate.own else f": see srcgrad gates {text.partition('(')[0]}"
        lists = ", of lists that are written out" if any(map(gate.body.many, gate.operands)) else ""
        return f"srcgrad knows it as {text}{lists}{more}"
    unfrozen = _unfrozen(function, path, known, scope)
    if unfrozen:
        return f"give a distribution its parameters in the call, as in {unfrozen}"
    inside = next((spelling.text for spelling in book if path and _inside(path, spelling.text)), "")
    if inside:
        return f"srcgrad knows it within one expression, as in {inside}"
    found = _alike(path, list(known)) if path else ""
    return f"did you mean {known[found].text}?" if found else ""


def _unfrozen(function: Expr, path: str, known: Mapping[str, Spelling], scope: Scope) -> str:
    """The function of a distribution, where one is frozen, `stats.norm(m, s)`, or asked, `frozen.logpdf(x)`."""
    wanted = [f"{path}.logpdf", f"{path}.logpmf"]
    if function.head == "attribute" and path[:1] in ("", "."):
        frozen, method = bare(function.operands[0]), str(function.parts[1]).strip(". ")
        whose = path_of(frozen.operands[0], scope) if frozen.head == "call" else ""
        wanted = [f"{family}.{method}" for family in (whose, "scipy.stats.norm", "scipy.stats.poisson")]
    return next((known[one].text for one in wanted if one in known), "")


def _inside(path: str, text: str) -> bool:
    """Whether a spelling that is built from several calls has a call of `path`."""
    module = next((name for name, library in MODULES.items() if path.startswith(f"{library}.")), "")
    return bool(module) and f"{module}{path.removeprefix(MODULES[module])}(" in text


def path_of(function: Expr, scope: Scope) -> str:
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
    if library.startswith("scipy.stats.") or (
        library and library.partition(".")[0] not in {one.partition(".")[0] for one in known}
    ):
        return ""  # of one distribution another is no hint
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
