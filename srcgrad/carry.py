"""What an emitted text carries along to stand alone: imports, constants, and the user's functions it still calls."""

from __future__ import annotations

import ast
import builtins
import sys
import textwrap
from collections.abc import Iterable, Set
from dataclasses import dataclass, field

from srcgrad.scope import Helper, Scope


@dataclass(slots=True)
class Carried:
    """Text by name: `imports` are lines, `constants` and `functions` definitions; `missing` could not be had."""

    imports: set[str] = field(default_factory=set)
    constants: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)

    def update(self, other: Carried) -> None:
        self.imports |= other.imports
        self.constants |= other.constants
        self.functions |= other.functions
        self.missing |= other.missing


def carried(names: Iterable[str], scope: Scope) -> Carried:
    """Everything that the global `names` of a text need, and what that needs in turn."""
    found = Carried()
    work = [(name, scope) for name in sorted(names)]
    while work:
        name, where = work.pop()
        line = where.import_line(name)
        helper = None if line else where.helper(name)
        if line:
            found.imports.add(line)
        elif helper is not None:
            if name not in found.functions:
                found.functions[name] = _definition(helper, name)
                work.extend((free, helper.scope) for free in sorted(_free(helper)))
        elif constant := where.constant(name):
            found.constants[name] = constant
        elif not hasattr(builtins, name):
            found.missing.add(name)
    return found


def _definition(helper: Helper, name: str) -> str:
    """The text of a called function, under the name by which it is called."""
    node = helper.function.node
    text = textwrap.dedent("".join(helper.function.source.lines[node.lineno - 1 : node.end_lineno])).rstrip()
    return text if node.name == name else text.replace(f"def {node.name}", f"def {name}", 1)


def _free(helper: Helper) -> Set[str]:
    nodes = [node for node in ast.walk(helper.function.node) if isinstance(node, ast.Name)]
    bound = {node.id for node in nodes if not isinstance(node.ctx, ast.Load)}
    bound |= {node.arg for node in ast.walk(helper.function.node.args) if isinstance(node, ast.arg)}
    return {node.id for node in nodes} - bound


def import_block(lines: Iterable[str]) -> str:
    """Import lines in the usual order: the standard library, then others, then relative ones."""
    groups: list[list[str]] = [[], [], []]
    for line in sorted(set(lines), key=lambda line: (line.startswith("from"), line)):
        root = line.split()[1].partition(".")[0]
        groups[2 if not root else 0 if root in sys.stdlib_module_names else 1].append(line)
    return "\n\n".join("\n".join(group) for group in groups if group)
