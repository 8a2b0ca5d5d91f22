"""What the top level of a file binds, by its text alone."""

from __future__ import annotations

import ast
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache

from srcgrad.gate import NUMBERS
from srcgrad.source import Text
from srcgrad.tree import bound, children, dotted, inside, nodes, parameters


@dataclass(frozen=True)
class Import:
    """What a name is imported from: a module with its leading dots, of which it is `member` ("" for itself)."""

    module: str
    member: str
    line: str
    node: ast.stmt

    @property
    def path(self) -> str:
        return f"{self.module}.{self.member}" if self.member else self.module


@dataclass(frozen=True, eq=False)
class Bindings:
    """The module-level names of a file."""

    source: Text

    @cached_property
    def imports(self) -> dict[str, Import]:
        found: dict[str, Import] = {}
        for node in self.source.tree.body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    path = alias.name if alias.asname else name
                    line = f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
                    if name in found and _plain(found[name].node, name):  # another part of one library
                        line = f"{found[name].line}, {alias.name}"
                    found[name] = Import(path, "", line, node)
            elif isinstance(node, ast.ImportFrom):
                origin = "." * node.level + (node.module or "")
                for alias in node.names:
                    line = f"from {origin} import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
                    found[alias.asname or alias.name] = Import(origin, alias.name, line, node)
        return found

    @cached_property
    def statements(self) -> dict[str, list[ast.stmt]]:
        """Every statement at module level that binds a name, and twice each that lets a function rebind it."""
        found: dict[str, list[ast.stmt]] = {}
        for statement in self.source.tree.body:
            for name in {*bound((statement,))}:
                found.setdefault(name, []).append(statement)
        for node in nodes(self.source.tree):
            if isinstance(node, ast.Global):
                for name in node.names:
                    found.setdefault(name, []).extend((node, node))
            elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
                changed = ast.Expr(node)
                root: ast.expr = node
                while isinstance(root, (ast.Attribute, ast.Subscript)):
                    root = root.value
                if isinstance(root, ast.Name):
                    found.setdefault(root.id, []).extend((changed, changed))
        return found

    @cached_property
    def aliases(self) -> frozenset[str]:
        """The names that stand behind `as` in an import."""
        nodes = (node for node in self.source.tree.body if isinstance(node, (ast.Import, ast.ImportFrom)))
        return frozenset(alias.asname for node in nodes for alias in node.names if alias.asname)

    def imaginary(self, name: str) -> bool:
        """Whether what binds a name has an imaginary number written out."""
        parts = (part for statement in self.statements.get(name, ()) for part in ast.walk(statement))
        return any(isinstance(part, ast.Constant) and isinstance(part.value, complex) for part in parts)

    def definition(self, name: str) -> ast.stmt | None:
        """The one statement that binds `name`; None where there is none, or more than one.

        Imports of parts of one library, `import scipy.linalg` and `import scipy.signal`, are one.
        """
        statements = self.statements.get(name, [])
        one = len(statements) == 1 or (statements and all(_plain(statement, name) for statement in statements))
        return statements[0] if one else None

    @property
    def starred(self) -> bool:
        """Whether a star import hides what names mean."""
        return "*" in self.statements

    def literal(self, name: str, asked: frozenset[str] = frozenset()) -> ast.expr | None:
        """The numbers, lists and tuples that the global `name` is for good, where that is all it is.

        They may be made of other such numbers, by functions too: those in `asked` are being looked at already.
        """
        value = assigned(self.definition(name), name)
        if value is None or len(asked) > _LONGEST or not self._constant(value, asked | {name}):
            return None
        lists = any(isinstance(part, ast.List) for part in nodes(value))
        return None if lists and name in self.handed_on else value

    def array(self, name: str, asked: frozenset[str] = frozenset()) -> ast.expr | None:
        """The expression that makes the array which the global `name` is, where nothing but numbers goes into it."""
        value = assigned(self.definition(name), name)
        calls = value is not None and any(isinstance(part, ast.Call) for part in nodes(value))
        names = value is not None and any(isinstance(part, ast.Name) for part in nodes(value))
        if value is None or not (calls or names) or len(asked) > _LONGEST or self.literal(name) is not None:
            return None
        return value if self._constant(value, asked | {name}, arrays=True) else None

    def _constant(self, value: ast.expr, asked: frozenset[str], arrays: bool = False) -> bool:
        """Whether an expression is made of numbers, lists, tuples and the names of numbers alone; or of `arrays`."""
        stack: list[ast.AST] = [value]
        while stack:
            node = stack.pop()
            name = dotted(node)
            if name and not self._number(name, asked) and not (arrays and self._array(name, asked)):
                return False
            if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
                return False
            if isinstance(node, ast.Call) and self._computes(node, arrays):
                stack += node.args
            elif not name and not isinstance(node, (ast.Constant, *_PARTS)):
                return False
            else:
                stack += [] if name else children(node)
        return True

    def _computes(self, call: ast.Call, arrays: bool) -> bool:
        """Whether a call does nothing but make a number of numbers; or an array."""
        path = self.path(dotted(call.func))
        module, _, name = path.rpartition(".")
        if call.keywords or any(isinstance(arg, ast.Starred) for arg in call.args):
            return False
        if arrays and module == "numpy" and name in (*_MAKING, *_ITEM_BY_ITEM, *_NEW):
            return True
        lists = any(isinstance(part, (ast.List, ast.Tuple)) for arg in call.args for part in nodes(arg))
        numbers = name not in _PAIRS if module == "math" else module == "numpy" and name in _ITEM_BY_ITEM
        return numbers and not lists

    def path(self, name: str) -> str:
        """The path of what is imported as the dotted `name`; "" for anything else."""
        root, dot, rest = name.partition(".")
        definition = self.definition(root)
        return f"{self.imports[root].path}{dot}{rest}" if isinstance(definition, (ast.Import, ast.ImportFrom)) else ""

    def _number(self, name: str, asked: frozenset[str]) -> bool:
        """Whether a dotted name is a number for good: one of the file's own, or of a library's such as math.pi."""
        if path := self.path(name):
            return path in NUMBERS
        found = None if "." in name or name in asked else self.literal(name, asked)
        return found is not None and not isinstance(found, (ast.List, ast.Tuple))

    def _array(self, name: str, asked: frozenset[str]) -> bool:
        """Whether a name is an array that the file makes and nothing changes."""
        made = "." not in name and name not in asked and self.array(name, asked) is not None
        return made and name not in self.exposed

    @cached_property
    def handed_on(self) -> frozenset[str]:
        """The dotted names that stand anywhere but in front of an index that is read: a list behind one may change.

        What a function binds itself is none of them.
        """
        tree = nodes(self.source.tree)
        subscripts = (node for node in tree if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load))
        return self._loaded({id(node.value) for node in subscripts})

    @cached_property
    def exposed(self) -> frozenset[str]:
        """The dotted names that stand where an array behind them may be changed: anywhere but in what computes."""
        read: set[int] = set()
        for node in nodes(self.source.tree):
            if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Compare)):
                read |= {id(_whole(part)) for part in children(node)}
            elif isinstance(node, ast.Call) and not node.keywords:
                module, _, name = self.path(dotted(node.func)).rpartition(".")
                read |= {id(_whole(arg)) for arg in node.args if module == "numpy" and name in (*_ITEM_BY_ITEM, *_NEW)}
        return self._loaded(read)

    def _loaded(self, read: Set[int]) -> frozenset[str]:
        """The dotted names that are read, but for the nodes `read`, which only look at a value."""
        found: set[str] = set()
        stack: list[tuple[ast.AST, frozenset[str]]] = [(self.source.tree, frozenset())]
        while stack:
            node, local = stack.pop()
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                own = _own(node) | local
                stack.extend((part, own) for part in node.body)
                stack.extend((part, local) for part in (*node.decorator_list, node.args))
                continue
            if isinstance(node, (ast.arg, ast.AnnAssign)):  # what an annotation says is no use of it
                parts = (node.target, node.value) if isinstance(node, ast.AnnAssign) else ()
                stack.extend((part, local) for part in parts if part)
                continue
            name = dotted(node) if id(node) not in read else ""
            if name and isinstance(getattr(node, "ctx", None), ast.Load) and name.partition(".")[0] not in local:
                found.add(name)
            stack.extend((part, local) for part in children(node))
        return frozenset(found)


def _plain(node: ast.stmt, name: str) -> bool:
    """Whether a statement binds `name` to a library by importing that, or a part of it."""
    aliases = node.names if isinstance(node, ast.Import) else []
    return name in (alias.name.partition(".")[0] for alias in aliases if not alias.asname) and not any(
        alias.asname == name for alias in aliases
    )


def static_method(node: ast.stmt, names: Sequence[str]) -> ast.FunctionDef | None:
    """The static method under `names` in a class that nothing else may change; None where there is none."""
    for name in names:
        if not isinstance(node, ast.ClassDef) or node.decorator_list or node.keywords:
            return None
        found = [part for part in node.body if name in bound((part,))]
        if len(found) != 1:
            return None
        node = found[0]
    if not isinstance(node, ast.FunctionDef) or [dotted(mark) for mark in node.decorator_list] != ["staticmethod"]:
        return None
    return node


def _whole(node: ast.AST) -> ast.AST:
    """The array whose items are read."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return node


def _own(node: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    """The names that are local to a function."""
    shared = (part.names for part in inside(node.body) if isinstance(part, (ast.Global, ast.Nonlocal)))
    return frozenset((*parameters(node), *bound(node.body))).difference(*shared)


@lru_cache(maxsize=64)
def bindings(source: Text) -> Bindings:
    """The bindings of a file, which are asked for again with each function of it."""
    return Bindings(source)


_PARTS = (ast.List, ast.Tuple, ast.UnaryOp, ast.BinOp)
_PAIRS = ("frexp", "modf")
"""The functions of math that make no number."""
_MAKING = ("array", "zeros", "ones", "full", "eye", "identity", "linspace", "logspace", "geomspace", "arange")
_ITEM_BY_ITEM = (
    "abs", "absolute", "arccos", "arcsin", "arctan", "arctan2", "cbrt", "cos", "cosh", "deg2rad", "exp", "exp2",
    "expm1", "fabs", "hypot", "log", "log10", "log1p", "log2", "logaddexp", "maximum", "minimum", "power", "rad2deg",
    "sign", "sin", "sinh", "sqrt", "square", "tan", "tanh",
)  # fmt: skip
_NEW = (
    "concatenate",
    "cumsum",
    "dot",
    "matmul",
    "max",
    "mean",
    "min",
    "outer",
    "prod",
    "stack",
    "std",
    "sum",
    "var",
    "where",
)
"""The functions of numpy whose results are new arrays, or numbers: of sizes and lists, of many items, of arrays."""
_LONGEST = 50
"""How many constants may stand behind one another."""


def assigned(statement: ast.stmt | None, name: str) -> ast.expr | None:
    """What an assignment gives to `name`, alone or in a tuple that is written out; None for any other statement."""
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
        return None
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    target, value = targets[0], statement.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        pairs = [(a, b) for a, b in zip(target.elts, value.elts, strict=True) if dotted(a) == name]
        target, value = pairs[0] if len(pairs) == 1 else (target, value)
    return value if len(targets) == 1 and isinstance(target, ast.Name) else None
