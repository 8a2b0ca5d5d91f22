"""What an emitted text carries along to stand alone: imports, constants, and the user's functions it still calls."""

from __future__ import annotations

import ast
import symtable
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field

from srcgrad.scope import Helper, Home, Scope, borrowed
from srcgrad.source import renamed
from srcgrad.stop import PATH as STOP
from srcgrad.tree import dotted


@dataclass(slots=True)
class Carried:
    """Text by name: `imports` are lines, `constants` and `functions` definitions; `texts` has all, "" for a builtin.

    `missing` could not be had, `clashes` are names that would have to be two things.
    """

    texts: dict[str, str] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)
    constants: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    clashes: set[str] = field(default_factory=set)

    def bind(self, name: str, text: str) -> None:
        if self.texts.setdefault(name, text) != text:
            self.clashes.add(name)

    def update(self, other: Carried) -> None:
        for name, text in other.texts.items():
            self.bind(name, text)
        self.imports |= other.imports
        self.constants |= other.constants
        self.functions |= other.functions
        self.missing |= other.missing


def carried(names: Iterable[str], scope: Scope, homes: Mapping[str, Home]) -> Carried:
    """Everything that the global `names` of a text need, and what that needs in turn.

    They are those of `scope`, but for those in `homes`.
    """
    found = Carried()
    work = [(name, homes.get(name) or Home("", name, scope)) for name in sorted(names)]
    while work:
        name, home = work.pop()
        if home.name == name and scope.known(name) and scope.thing(name) == home.scope.thing(name) is not None:
            home = Home("", name, scope)
        line = home.scope.import_line(home.name) if home.name == name else None
        helper = None if line else home.scope.helper(home.name)
        constant = None if line or helper else home.scope.constant(home.name)
        needs: dict[str, Home] = {}
        text = line or (_definition(helper, name, needs) if helper else constant and renamed(constant, home.name, name))
        if text is None:
            if home.scope.meaning(home.name) != f"builtins.{name}":
                found.missing.add(name)
            found.bind(name, "")
            continue
        found.bind(name, text)
        if line:
            found.imports.add(line)
        elif helper is None:
            found.constants[name] = text
            work.extend((free, Home("", free, home.scope)) for free in sorted(_free(text)))
        elif name not in found.functions:
            found.functions[name] = text
            work.extend(sorted(needs.items()))
    return found


def _definition(helper: Helper, name: str, needs: dict[str, Home]) -> str:
    """The text of a called function, under the name by which it is called; `needs` gets the globals that it reads."""
    node = helper.function.node
    text = textwrap.dedent("".join(helper.function.source.lines[node.lineno - 1 : node.end_lineno])).rstrip()
    text = _without_stops(text, helper.scope) if helper.scope.stops else text
    text = _without_modules(text, helper.scope, needs)
    for free in _free(text):
        needs.setdefault(free, Home("", free, helper.scope))
    return renamed(text, node.name, name)


def _without_modules(text: str, scope: Scope, needs: dict[str, Home]) -> str:
    """The text of a function with `module.name` as `name`, where the module is the user's."""
    while True:
        free = _free(text)
        for node in ast.walk(ast.parse(text)):
            path = dotted(node) if isinstance(node, ast.Attribute) else ""
            home = scope.home(path) if path and path.partition(".")[0] in free else None
            if isinstance(node, ast.Attribute) and home is not None:
                text = _replaced(text, node, borrowed(needs, home, scope, _bound(text)))
                break
        else:
            return text


def _without_stops(text: str, scope: Scope) -> str:
    """The text of a function with `stop_gradient(x)` as `(x)`, which at run time is the same."""
    while True:
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
                root, dot, rest = dotted(node.func).partition(".")
                if f"{scope.meaning(root)}{dot}{rest}" == STOP:
                    text = _replaced(text, node.func, "")
                    break
        else:
            return text


def _replaced(text: str, node: ast.expr, new: str) -> str:
    """`text` with `new` where `node` stands."""
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    lines[first : last + 1] = [lines[first][: node.col_offset] + new.encode() + lines[last][node.end_col_offset :]]
    return b"".join(lines).decode()


def _symbols(text: str) -> Iterator[tuple[symtable.SymbolTable, symtable.Symbol]]:
    """Every name in each scope of a text."""
    tables = [symtable.symtable(text, "<carried>", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        yield from ((table, symbol) for symbol in table.get_symbols())


def _bound(text: str) -> Set[str]:
    """The names that a function binds, and those inside it."""
    return {symbol.get_name() for _, symbol in _symbols(text) if symbol.is_assigned() or symbol.is_parameter()}


def _free(text: str) -> Set[str]:
    """The names that a text reads and does not define itself."""
    symbols = list(_symbols(text))
    top = {symbol.get_name() for table, symbol in symbols if table.get_type() == "module" and symbol.is_assigned()}
    read = {symbol.get_name() for _, symbol in symbols if symbol.is_global() and symbol.is_referenced()}
    return read - top


def in_order(constants: Mapping[str, str]) -> list[str]:
    """The lines that define constants, those that others are made of first."""
    found: dict[str, str] = {}
    stack = sorted(constants, reverse=True)
    while stack:
        name = stack[-1]
        before = [other for other in sorted(_free(constants[name])) if other in constants and other not in found]
        if name in found or not before:
            found.setdefault(stack.pop(), constants[name])
        else:
            stack += before
    return list(found.values())


def import_block(lines: Iterable[str]) -> str:
    """Import lines in the usual order: the standard library, then others, then relative ones."""
    groups: list[list[str]] = [[], [], []]
    single: set[str] = set()
    for line in lines:  # `import scipy.linalg, scipy.signal` as two
        single |= {f"import {part}" for part in line[7:].split(", ")} if line.startswith("import ") else {line}
    for line in sorted(single, key=lambda line: (line.startswith("from"), line)):
        root = line.split()[1].partition(".")[0]
        groups[2 if not root else 0 if root in sys.stdlib_module_names else 1].append(line)
    return "\n\n".join("\n".join(group) for group in groups if group)
