"""Staged -> names: every variable gets its real name, last of all; none is taken twice."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr, keys, render, walk
from srcgrad.imports import placed
from srcgrad.keys import primal_of
from srcgrad.lives import Lives, lives, sharing
from srcgrad.scope import Scope
from srcgrad.staged import UNBROADCAST, Staged, Step, evaluated, flat
from srcgrad.wengert import Wengert


@dataclass(frozen=True)
class Names:
    """The name of every variable by its key, and the text of every library function.

    `imports` are lines that this text needs beside the user's own imports, `roots` those of the user's names that it
    begins with; `cache` is a name for the tuple of a split.
    """

    variables: Mapping[str, str]
    library: Mapping[str, str]
    imports: tuple[str, ...]
    roots: tuple[str, ...] = ()
    cache: str = ""

    def spell(self, leaf: Expr) -> str:
        if leaf.head == "var":
            return self.variables[leaf.leaf]
        return self.library[leaf.leaf] if leaf.head == "import" else leaf.leaf

    def text(self, expr: Expr) -> str:
        """`expr` as it is printed."""
        return render(expr, self.spell)


_KEY = re.compile(r"(?P<name>(?:[^·]|··)*)·(?P<version>\d+)(?P<path>(?:\[[^\]]*\])*)")

_READ_BY_IT = ("numpy.ndim", "numpy.shape", "numpy.sum")


def names(staged: Staged, scope: Scope, globals_: Mapping[str, str]) -> Names:
    """A name for every variable of `staged`, beside the `globals_` that go along, with the text of each.

    A version keeps the user's name unless an older one is still to be read, then the newer becomes `h2`; likewise its
    gradient. A name that is taken gets an underscore. Raises SrcgradError where a parameter would hide a global.
    """
    steps = (*staged.forward, *staged.backward)
    used, paths = _globals(steps)
    asked = UNBROADCAST in paths
    paths = sorted({*paths, *_READ_BY_IT} - {UNBROADCAST}) if asked else paths
    _check_hidden(staged, used)
    lived = lives(staged)
    groups = _groups(lived, {key for expr, _ in staged.extra for key in keys(expr)})
    own = {base for gradient, base in groups if not gradient and base}
    roots, imports = _imports(paths, scope, own, globals_)
    taken = own | used | {text.partition(".")[0] for _, text, _ in imports} | set(keyword.kwlist) | set(dir(builtins))
    found: dict[str, str] = {}
    bases = {key: base for (_, base), versions in groups.items() for _, key in versions}
    for key in sorted(_unread(steps, lived)):
        found[key] = _untaken(f"_{bases[key]}", taken)
        taken.add(found[key])
    for gradient, base in sorted(group for group in groups if group[1]):
        stem = f"d{base}" if gradient else base
        if not gradient and base not in used:
            taken.discard(base)
        _settle(groups[gradient, base], stem, lived, taken, found)
    _settle_temporaries(groups, taken, found)
    library = {path: text for path, text, _ in imports}
    if asked:
        library[UNBROADCAST] = _untaken("unbroadcast", {*taken, *found.values(), *globals_})
    lines = tuple(line for _, _, line in imports if line)
    return Names(found, library, lines, roots, _untaken("cache", taken))


def _globals(steps: Iterable[Step]) -> tuple[set[str], list[str]]:
    """The user's own names that `steps` read, and the paths of the library functions."""
    used: set[str] = set()
    imported: set[str] = set()
    for node in (node for expr in evaluated(steps) for node in walk(expr)):
        if node.head == "name":
            used.add(node.leaf)
        elif node.head == "import":
            imported.add(node.leaf)
    return used, sorted(imported)


def _check_hidden(staged: Staged, used: Set[str]) -> None:
    hiding = next((param for param in staged.params if param.name in used), None)
    if hiding is not None:
        raise SrcgradError(
            f"the parameter {hiding.name} hides a global of that name that a called function reads",
            hiding.span,
            "rename the parameter",
        )


def distinct(wengert: Wengert) -> Names:
    """Names for a list on which every version is seen at once."""
    bases = [param.var.base for param in wengert.params]
    bases += [key for line in wengert.lines for key in keys(line.target)]
    groups = _groups(bases)
    taken = {base for _, base in groups}
    found: dict[str, str] = {}
    for (_, base), versions in groups.items():
        if base:
            taken.discard(base)
            _settle(versions, base, {key: Lives(((0, 0),), ((),)) for _, key in versions}, taken, found)
    _settle_temporaries(groups, taken, found)
    paths = {node.leaf for line in wengert.lines for node in walk(line.expr) if node.head == "import"}
    return Names(found, {path: path for path in paths}, ())


def _unread(steps: Iterable[Step], lived: Mapping[str, Lives]) -> Iterator[str]:
    """The variables that an unpacking binds and nothing reads."""
    for line in flat(steps):
        bound = line.bound
        if len(bound) > 1:
            yield from (key for key in bound if lived[key].unread)


def _groups(found: Iterable[str], given: Set[str] = frozenset()) -> dict[tuple[bool, str], list[tuple[int, str]]]:
    """The versions of each name of the user's, and of the gradient on it; "" for temporaries.

    The oldest comes first, but for what is `given` as a parameter.
    """
    groups: dict[tuple[bool, str], list[tuple[int, str]]] = {}
    for key in found:
        match = _KEY.fullmatch(primal_of(key))
        assert match is not None
        gradient = primal_of(key) != key
        suffix = re.sub(r"[\]\[-]+", "_", match["path"]).strip("_")
        base = match["name"].replace("··", "·") + suffix
        groups.setdefault((gradient, base), []).append((int(match["version"]), key))
    for versions in groups.values():
        versions.sort(key=lambda item: (item[1] not in given, item[0]))
    return groups


def _settle(
    versions: list[tuple[int, str]],
    stem: str,
    lived: Mapping[str, Lives],
    taken: set[str],
    found: dict[str, str],
) -> None:
    """Give the versions of one name as few names as their lives allow, and take these."""
    unnamed = dict.fromkeys(key for _, key in versions if key not in found)
    for key, number in zip(unnamed, sharing(lived[key] for key in unnamed), strict=True):
        found[key] = _untaken(f"{stem}{number + 1}" if number else stem, taken)
    taken.add(stem)
    taken.update(found[key] for _, key in versions)


def _settle_temporaries(
    groups: Mapping[tuple[bool, str], list[tuple[int, str]]], taken: set[str], found: dict[str, str]
) -> None:
    """`t1`, `t2`, ... without gaps, in the order of evaluation; a temporary and its gradient share a number."""
    versions = {version for gradient in (False, True) for version, _ in groups.get((gradient, ""), [])}
    numbers = {version: i for i, version in enumerate(sorted(versions), 1)}
    for gradient in (False, True):
        for version, key in groups.get((gradient, ""), []):
            found[key] = _untaken(f"{'d' if gradient else ''}t{numbers[version]}", taken)
            taken.add(found[key])


def _untaken(name: str, taken: Set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _imports(
    paths: Iterable[str], scope: Scope, own: Set[str], globals_: Mapping[str, str]
) -> tuple[tuple[str, ...], list[tuple[str, str, str]]]:
    """The user's names that library functions are written with; each function's path, text and import, if it takes one.

    An import goes by another name where its own is taken: by a variable, a global or one of those names.
    """
    spelled = [(path, *_spelled(path, scope)) for path in paths]
    roots = [text.partition(".")[0] for _, text, line in spelled if not line]
    roots = [root for root in dict.fromkeys(roots) if root not in own]
    return tuple(roots), [_imported(*one, own, {**globals_, **dict.fromkeys(roots, "")}) for one in spelled]


def _spelled(path: str, scope: Scope) -> tuple[str, str]:
    """The text of a library function as the user would write it, and the import that this takes, if any."""
    builtin = path.removeprefix("builtins.")
    return (builtin, "") if scope.meaning(builtin) == path else scope.library(path)


def _imported(path: str, text: str, line: str, own: Set[str], globals_: Mapping[str, str]) -> tuple[str, str, str]:
    """A library function: its path, its text, and the import that the text needs; by another name where it is taken."""
    root, dot, _ = text.partition(".")
    if root not in own and not (line and globals_.get(root, line) != line):
        return path, text, line
    module, function = placed(path)
    alias = _untaken(root if dot else module.partition(".")[0], {*own, *globals_})
    return path, f"{alias}.{function}", f"import {module}" + (f" as {alias}" if alias != module else "")
