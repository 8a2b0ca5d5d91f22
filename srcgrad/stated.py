"""What a user says of shapes: in annotations, in `shapes=` and `--shapes`, in the docstring."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping

from srcgrad.errors import SrcgradError
from srcgrad.shape import SCALAR, Dim, Shape, Symbol, array, plus

_NUMBERS = frozenset(("float", "int"))
_OTHERS = frozenset(("bool", "str", "bytes"))
_DTYPES = {
    "Float": "float", "Float16": "float", "Float32": "float", "Float64": "float", "BFloat16": "float",
    "Int": "int", "Int8": "int", "Int16": "int", "Int32": "int", "Int64": "int", "UInt": "int", "UInt8": "int",
    "Integer": "int", "Bool": "bool", "Num": "", "Shaped": "", "Real": "",
}  # fmt: skip
"""What jaxtyping calls types of numbers."""

_ROW = re.compile(r"\s*(?:[-*]\s+)?\W?(?P<name>\w+)\W?\s*:\s*(?P<said>.*)")
_SHAPE = re.compile(r"\bshape\s*:?\s*\((?P<dims>[^()]*)\)")
_DIM = re.compile(r"(?:(?P<factor>\d+)\s*\*?\s*)?(?P<name>[^\W\d]\w*)(?P<offset>\s*[+-]\s*\d+)?|\d+")

Meaning = Callable[[str], str | None]
"""The dotted path of what a name of the user's stands for."""


def annotated(node: ast.expr | None, meaning: Meaning) -> Shape | None:
    """What an annotation says; None where it says nothing that is known.

    `float`, `list[float]`, `Annotated[np.ndarray, "N D"]` or jaxtyping's `Float[np.ndarray, "N D"]`.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except SyntaxError:
            return None
    path = _path(node, meaning)
    if path in {f"builtins.{name}" for name in _NUMBERS}:
        return SCALAR
    if path in {f"builtins.{name}" for name in _OTHERS}:
        return Shape("other")
    if not isinstance(node, ast.Subscript):
        return None
    path = _path(node.value, meaning)
    items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if path in ("builtins.list", "builtins.tuple"):
        return _listed(path.rpartition(".")[2], items, meaning)
    module, _, name = path.rpartition(".")
    typed = path in ("typing.Annotated", "typing_extensions.Annotated") or module == "jaxtyping"
    if not typed or len(items) != 2 or not isinstance(items[1], ast.Constant):
        return None
    said = items[1].value
    found = dims(said.split()) if isinstance(said, str) else None
    return None if found is None else array(found, _DTYPES.get(name, ""))


def _path(node: ast.expr | None, meaning: Meaning) -> str:
    """The dotted path of a name or an attribute, "" for anything else."""
    if isinstance(node, ast.Name):
        return meaning(node.id) or ""
    if isinstance(node, ast.Attribute):
        root = _path(node.value, meaning)
        return f"{root}.{node.attr}" if root else ""
    return ""


def _listed(kind: str, items: list[ast.expr], meaning: Meaning) -> Shape | None:
    shapes = [annotated(item, meaning) for item in items if not _dots(item)]
    fixed = kind == "tuple" and len(shapes) == len(items)
    if any(shape is None or shape.kind == "other" for shape in shapes):
        return None
    if all(shape == SCALAR for shape in shapes):
        return Shape(kind, len(items) if fixed else None)
    return Shape(kind, len(items), items=tuple(shape for shape in shapes if shape)) if fixed else None


def _dots(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def dims(words: list[str]) -> tuple[Dim, ...] | None:
    """The dimensions that are written out in `words`; None where one is neither a name nor a number."""
    found: list[Dim] = []
    for word in words:
        match = _DIM.fullmatch(word.strip())
        if match is None:
            return None
        name, offset = match["name"], (match["offset"] or "0").replace(" ", "")
        symbol = Symbol(name, "said", factor=int(match["factor"] or 1)) if name is not None else None
        found.append(int(word) if symbol is None else plus(symbol, int(offset)))
    return tuple(found)


def option(text: str) -> Mapping[str, Shape]:
    """What `--shapes "X: N D; b: D; s:"` says; SrcgradError where it says nothing that can be read."""
    rows = (row.partition(":") for row in text.split(";") if row.strip())
    return shapes({name.strip(): words for name, _, words in rows})


def shapes(said: Mapping[str, str]) -> Mapping[str, Shape]:
    """What `shapes={"X": "N D", "b": "D", "s": ""}` says."""
    found: dict[str, Shape] = {}
    for name, words in said.items():
        if not name.isidentifier() or (sizes := dims(words.replace(",", " ").split())) is None:
            raise SrcgradError(
                f"{name}: {words.strip()} is no shape", hint='write names and numbers, as in "X: N D; b: D; s:"'
            )
        found[name] = array(sizes)
    return found


def documented(doc: str) -> Iterator[tuple[str, Shape]]:
    """What the rows of a docstring say, as in `- x: Input data, of shape (N, D)`."""
    for row in doc.splitlines():
        match = _ROW.fullmatch(row)
        said = _SHAPE.search(match["said"]) if match else None
        sizes = dims([word for word in said["dims"].split(",") if word.strip()]) if said else None
        if match and sizes is not None:
            yield match["name"], array(sizes)
