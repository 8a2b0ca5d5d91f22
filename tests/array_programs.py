"""A random program of arrays: its text, its arguments, and which of its parameters are read for their values."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

Array = Any


@dataclass(frozen=True)
class Program:
    """A module's text, its function `name`, the arguments to call it with, and the shapes that can be stated.

    `said` has words for the shape of each parameter; `seed` is what it was made of.
    """

    lines: tuple[str, ...]
    signature: tuple[str, ...]
    body: tuple[str, ...]
    name: str
    args: dict[str, Array]
    said: dict[str, str]
    manner: str
    seed: int | None = None

    @cached_property
    def wrt(self) -> tuple[str, ...]:
        """The parameters whose values are read, not their sizes alone."""
        return tuple(name for name in self.args if _valued(self._functions, self.name, name))

    @cached_property
    def _functions(self) -> dict[str, ast.FunctionDef]:
        return {node.name: node for node in ast.parse(self.text()).body if isinstance(node, ast.FunctionDef)}

    def text(self, manner: str = "") -> str:
        """The module, its shapes said in a docstring, in annotations or not at all."""
        rows = [f"- {name}: of shape ({_listed(words)})" for name, words in self.said.items()]
        said = {name: f'{name}: Annotated[np.ndarray, "{words}"]' if words else f"{name}: float"
                for name, words in self.said.items()}  # fmt: skip
        head = [said.get(p, p) if manner == "annotated" else p for p in self.signature]
        doc = ['"""', "A program.", "", *rows, '"""'] if manner == "documented" else []
        imports = ["from typing import Annotated", ""] if manner == "annotated" else []
        function = [
            f"def {self.name}({', '.join(head)}):",
            *(f"    {line}" if line else "" for line in (*doc, *self.body)),
        ]
        return "\n".join([*imports, "import numpy as np", *self.lines, "", "", *function]) + "\n"

    @property
    def listed(self) -> bool:
        """Whether a parameter is read by single items only: without facts it is taken for a list."""
        return any(_picked(self._functions, self.name, name) for name in self.wrt)

    @property
    def short(self) -> bool:
        """Whether the arguments are in single precision."""
        return any(np.asarray(arg).dtype == np.float32 for arg in self.args.values())

    def numbered(self) -> Program:
        """The same with numbers for the dimensions."""
        said = {name: " ".join(map(str, np.shape(value))) for name, value in self.args.items()}
        return replace(self, said=said)

    def in_double(self) -> Program:
        """The same in double precision."""
        return replace(self, args={name: typed(arg, np.float64) for name, arg in self.args.items()})

    def __repr__(self) -> str:
        return f"seed {self.seed}: {self.name} at {self.args} of\n{self.text(self.manner)}"


def typed(value: Array, dtype: Any) -> Array:
    """A value in a precision: as an array, or as the number that people write."""
    return np.asarray(value, dtype) if np.ndim(value) else float(value) if dtype is np.float64 else dtype(value)


def _valued(functions: dict[str, ast.FunctionDef], name: str, param: str) -> bool:
    """Whether a function reads what its parameter is given, for more than the size."""
    for node in _reads(functions[name].body, param):
        match node:
            case ast.Call(func=ast.Name(id=inner), args=args) if inner in functions:
                params = [arg.arg for arg in functions[inner].args.args]
                if any(_valued(functions, inner, q) for q, arg in zip(params, args, strict=True) if _is(arg, param)):
                    return True
            case ast.Call(func=func, args=[_]) if ast.unparse(func) in ("len", "np.shape"):
                pass
            case ast.Attribute(attr="shape" | "ndim") | ast.Assign():  # another name for it may be read for its size
                pass
            case _:
                return True
    return False


def _reads(body: Sequence[ast.stmt], name: str) -> Iterator[ast.AST]:
    """What a name stands in, up to where the name is bound anew."""
    for statement in body:
        for node in ast.walk(statement):
            if any(_is(child, name) for child in ast.iter_child_nodes(node)):
                yield node
        bound = (node for node in ast.walk(statement) if isinstance(node, ast.Name) and node.id == name)
        if any(isinstance(node.ctx, ast.Store) for node in bound):
            return


def _picked(functions: dict[str, ast.FunctionDef], name: str, param: str) -> bool:
    """Whether a function reads single items of its parameter and nothing else of it."""
    for node in _reads(functions[name].body, param):
        match node:
            case ast.Subscript(slice=ast.Constant() | ast.UnaryOp()):
                pass
            case ast.Call(func=ast.Name(id=inner), args=args) if inner in functions:
                params = [arg.arg for arg in functions[inner].args.args]
                if not all(
                    _picked(functions, inner, q) for q, arg in zip(params, args, strict=True) if _is(arg, param)
                ):
                    return False
            case _:
                return False
    return True


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)


def _listed(words: str) -> str:
    rows = words.split()
    return f"{rows[0]}," if len(rows) == 1 else ", ".join(rows)
