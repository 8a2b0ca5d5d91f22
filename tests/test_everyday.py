"""What people write in their fields, whole: derived as it stands, from its docstring's shapes and live."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from srcgrad import vjp
from srcgrad.derive import derive
from srcgrad.facts import Said
from srcgrad.scope import StaticScope
from srcgrad.shape import SCALAR, Dim
from srcgrad.source import check, functions, read
from srcgrad.staged import Mode
from srcgrad.stated import documented

ROOM = Path(__file__).parent / "everyday"
STEP = 1e-6


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"everyday_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _written() -> Iterator[tuple[Path, str]]:
    for path in sorted(ROOM.glob("*.py")):
        yield from ((path, node.name) for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef))


class Tried:
    """A function with arguments as its docstring says: positive numbers, labels where it says so."""

    def __init__(self, path: Path, name: str) -> None:
        pytest.importorskip("scipy")
        self.function: Callable[..., Any] = getattr(_module(path), name)
        self.source = check(path.read_text(), str(path))
        self.node = next(node for node in functions(self.source) if node.name == name)
        doc = inspect.getdoc(self.function) or ""
        shapes = dict(documented(doc))
        labels = {match[1] for match in re.finditer(r"- (\w+): int", doc)}
        rng = np.random.default_rng(zlib.crc32(name.encode()))
        sizes: dict[str, int] = {}
        self.args: dict[str, Any] = {}
        for param in inspect.signature(self.function).parameters.values():
            if param.default is not inspect.Parameter.empty:
                continue
            dims = [_size(dim, sizes) for dim in shapes[param.name].dims] if param.name in shapes else []
            found = rng.integers(0, 2, dims) if param.name in labels else np.abs(rng.normal(size=dims)) + 0.1
            self.args[param.name] = found if dims else float(found)
        self.wrt = tuple(param for param in self.args if param not in labels)
        self.said = Said({param: shapes.get(param, SCALAR) for param in self.args})

    def moved(self, step: float, tangents: dict[str, Any]) -> Any:
        args = {name: x + step * tangents[name] if name in tangents else x for name, x in self.args.items()}
        return np.asarray(self.function(**args), float)


def _size(dim: Dim, sizes: dict[str, int]) -> int:
    if isinstance(dim, int):
        return dim
    return sizes.setdefault(dim.name, 5 - len(sizes) % 4) * dim.factor + dim.offset


@pytest.mark.parametrize(("path", "name"), [*_written()], ids=[f"{path.stem}-{name}" for path, name in _written()])
@pytest.mark.filterwarnings("ignore")
def test_what_people_write_is_differentiated(path: Path, name: str) -> None:
    tried = Tried(path, name)
    rng = np.random.default_rng(0)
    tangents = {param: rng.normal(size=np.shape(tried.args[param])) for param in tried.wrt}
    value = tried.moved(0.0, {})
    wanted = (tried.moved(STEP, tangents) - tried.moved(-STEP, tangents)) / (2 * STEP)
    dout = rng.normal(size=value.shape)[()]
    space: dict[str, Any] = {}
    for mode in (Mode.VJP, Mode.JVP):
        made = derive(read(tried.source, tried.node), StaticScope(tried.source), mode, tried.wrt, tried.said)
        exec(made.module(), space)
        if mode is Mode.JVP:
            out, tangent = space[made.functions[0]](*tangents.values(), *tried.args.values())
            np.testing.assert_allclose(out, value, rtol=1e-12)
            np.testing.assert_allclose(tangent, wanted, rtol=1e-5, atol=1e-5)
        else:
            _pulled(space[made.functions[0]](dout, *tried.args.values()), tangents, np.sum(dout * wanted))
    _pulled(vjp(tried.function, wrt=tried.wrt)(dout, *tried.args.values()), tangents, np.sum(dout * wanted))


def _pulled(gradients: Any, tangents: dict[str, Any], wanted: Any) -> None:
    """The gradients give along the tangents what differences give, and are as large as what they are gradients on."""
    assert [np.shape(one) for one in gradients] == [np.shape(one) for one in tangents.values()]
    found = sum(np.sum(one * v) for one, v in zip(gradients, tangents.values(), strict=True))
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)
