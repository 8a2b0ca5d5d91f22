"""What an emitted text carries along to stand alone: imports, constants, and the user's functions it still calls."""

from __future__ import annotations

import ast
import sys
import textwrap
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from srcgrad.scope import Helper, Scope
from srcgrad.stop import PATH as STOP


@dataclass(slots=True)
class Carried:
    """Text by name: `imports` are lines, `constants` and `functions` definitions.

    `missing` could not be had, `clashes` are names that would have to be two things.
    """

    imports: set[str] = field(default_factory=set)
    constants: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    clashes: set[str] = field(default_factory=set)

    def update(self, other: Carried) -> None:
        self.imports |= other.imports
        self.constants |= other.constants
        self.functions |= other.functions
        self.missing |= other.missing


def carried(names: Iterable[str], scope: Scope, homes: Mapping[str, Scope]) -> Carried:
    """Everything that the global `names` of a text need, and what that needs in turn.

    They are those of `scope`, but for those in `homes`.
    """
    found = Carried()
    known: dict[str, str] = {}
    work = [(name, homes.get(name, scope)) for name in sorted(names)]
    while work:
        name, where = work.pop()
        where = scope if scope.thing(name) == where.thing(name) is not None else where
        line = where.import_line(name)
        helper = None if line else where.helper(name)
        text = line or (_definition(helper, name) if helper else where.constant(name))
        if text is None:
            if where.meaning(name) != f"builtins.{name}":
                found.missing.add(name)
            continue
        if known.setdefault(name, text) != text:
            found.clashes.add(name)
        elif line:
            found.imports.add(line)
        elif helper is None:
            found.constants[name] = text
        elif name not in found.functions:
            found.functions[name] = text
            work.extend((free, helper.scope) for free in sorted(_free(text)))
    return found


def _definition(helper: Helper, name: str) -> str:
    """The text of a called function, under the name by which it is called."""
    node = helper.function.node
    text = textwrap.dedent("".join(helper.function.source.lines[node.lineno - 1 : node.end_lineno])).rstrip()
    text = text if node.name == name else text.replace(f"def {node.name}", f"def {name}", 1)
    return _without_stops(text, helper.scope) if helper.scope.stops else text


def _without_stops(text: str, scope: Scope) -> str:
    """The text of a function with `stop_gradient(x)` as `(x)`, which at run time is the same."""
    while True:
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
                root, dot, rest = ast.unparse(node.func).partition(".")
                if f"{scope.meaning(root)}{dot}{rest}" == STOP:
                    text = _cut(text, node.func)
                    break
        else:
            return text


def _cut(text: str, node: ast.expr) -> str:
    """`text` without the part that `node` is."""
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    lines[first : last + 1] = [lines[first][: node.col_offset] + lines[last][node.end_col_offset :]]
    return b"".join(lines).decode()


def _free(text: str) -> Set[str]:
    """The global names that a function reads."""
    tree = ast.parse(text)
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    bound = {node.id for node in nodes if not isinstance(node.ctx, ast.Load)}
    bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return {node.id for node in nodes} - bound


def import_block(lines: Iterable[str]) -> str:
    """Import lines in the usual order: the standard library, then others, then relative ones."""
    groups: list[list[str]] = [[], [], []]
    for line in sorted(set(lines), key=lambda line: (line.startswith("from"), line)):
        root = line.split()[1].partition(".")[0]
        groups[2 if not root else 0 if root in sys.stdlib_module_names else 1].append(line)
    return "\n\n".join("\n".join(group) for group in groups if group)
