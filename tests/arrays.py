"""Cases of arrays: an expression as text, its derived functions run and held against differences.

    holds(Case("x.dot(w)", {"x": (2, 3), "w": (3, 4)}))

A case is derived with its shapes said, each size a letter, and with nothing said; reverse and forward mode must agree
with each other, <dout, J v> == <J^T dout, v>, and with central differences.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from srcgrad.derive import derive
from srcgrad.facts import Said
from srcgrad.scope import StaticScope
from srcgrad.shape import SCALAR, Shape, Symbol, array
from srcgrad.source import check, functions, read
from srcgrad.staged import Mode

KINDS = {"f": "float", "i": "int", "u": "int", "b": "bool"}
STEP = 1e-5


@dataclass(frozen=True)
class Case:
    """`text` is an expression, or statements that end in `return`; `shapes` are those of the operands differentiated.

    `fixed` are parameters that are not; `linear` says that differences are exact; `near` makes the numbers of an
    operand from normal ones, such as np.exp.
    """

    text: str
    shapes: Mapping[str, tuple[int, ...]]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    linear: bool = False
    near: Callable[[np.ndarray], np.ndarray] = np.asarray
    header: str = "import numpy as np"

    def __str__(self) -> str:
        shapes = " ".join(f"{name}{shape}".replace(" ", "") for name, shape in self.shapes.items())
        return f"{self.text} {shapes}"

    @property
    def source(self) -> str:
        """The function, as a file."""
        body = self.text if "return" in self.text else f"return {self.text}"
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        return f"{self.header}\n\n\ndef f({', '.join((*self.shapes, *self.fixed))}):\n{lines}"

    def function(self) -> Callable[..., Any]:
        space: dict[str, Any] = {}
        exec(self.source, space)
        return space["f"]  # type: ignore[no-any-return]

    def said(self) -> Mapping[str, Shape]:
        """The shapes of all parameters; dimensions of one size have one letter."""
        fixed = {name: _shape(value) for name, value in self.fixed.items()}
        return {name: _array(shape) for name, shape in self.shapes.items()} | fixed


def _array(shape: tuple[int, ...], dtype: str = "") -> Shape:
    return array(tuple(1 if size == 1 else Symbol("ZYBCDEFGHIJKLMNPQ"[size], "said") for size in shape), dtype)


def _shape(value: Any) -> Shape:
    found = np.asarray(value)
    return _array(found.shape, KINDS[found.dtype.kind]) if found.shape else SCALAR


def derived(case: Case, mode: Mode, known: bool = True) -> tuple[str, list[Callable[..., Any]]]:
    """The text that a mode derives, with the shapes of the case or with none, and the functions that it defines."""
    source = check(case.source, "case.py")
    node = next(iter(functions(source)))
    made = derive(read(source, node), StaticScope(source), mode, tuple(case.shapes), Said(case.said() if known else {}))
    text = made.module()
    space: dict[str, Any] = {}
    exec(_code(text), space)
    return text, [space[name] for name in made.functions]


@cache
def _code(text: str) -> Any:
    return compile(text, "derived.py", "exec")


def lines(case: Case, mode: Mode = Mode.VJP, known: bool = True) -> list[str]:
    """The lines of the derived code, without imports, docstrings and comments."""
    text = derived(case, mode, known)[0].split('"""')[-1]
    rows = (line.partition("  #")[0].strip() for line in text.splitlines())
    return [row for row in rows if row and not row.startswith("#")]


def holds(case: Case, dtype: str = "float64", order: str = "C", known: tuple[bool, ...] = (True, False)) -> None:
    """Derived code of the case is right: values, dtypes, shapes, memory."""
    for facts in known:
        values = _Values(case, dtype, order)
        _reverse(case, values, facts)
        _forward(case, values, facts)


class _Values:
    """Numbers for a case: operands and tangents, the upstream gradient, and what must come of them."""

    def __init__(self, case: Case, dtype: str, order: str) -> None:
        rng = np.random.default_rng(zlib.crc32(str(case).encode()))

        def laid(value: np.ndarray) -> Any:
            return np.array(value, dtype, order=order) if value.shape else np.dtype(dtype).type(value)  # type: ignore[call-overload]

        self.function, self.case = case.function(), case
        self.args = [laid(case.near(rng.normal(size=shape))) for shape in case.shapes.values()]
        self.tangents = [laid(rng.normal(size=shape)) for shape in case.shapes.values()]
        self.fixed = list(case.fixed.values())
        self.out = np.asarray(self.function(*self.args, *self.fixed))
        self.upstream = laid(rng.normal(size=self.out.shape))
        self.close = {"rtol": 1e-6, "atol": 1e-7} if dtype == "float64" else {"rtol": 2e-4, "atol": 2e-4}

    def moved(self, step: float, only: int | None = None) -> np.ndarray:
        """The primal at a step along the tangents, in double precision."""
        pairs = enumerate(zip(self.args, self.tangents, strict=True))
        args = [np.float64(x) + (step * np.float64(v) if only in (None, i) else 0) for i, (x, v) in pairs]
        return np.asarray(self.function(*args, *self.fixed), float)

    def difference(self, only: int | None = None) -> np.ndarray:
        if self.case.linear:
            return self.moved(1.0, only) - self.moved(0.0, only)
        return (self.moved(STEP, only) - self.moved(-STEP, only)) / (2 * STEP)


def _reverse(case: Case, values: _Values, known: bool) -> None:
    text, (backward,) = derived(case, Mode.VJP, known)
    with _unchanged([*values.args, *values.fixed, values.upstream]):
        found = backward(values.upstream, *values.args, *values.fixed)
    gradients = [found] if len(case.shapes) == 1 and not isinstance(found, tuple) else list(found)
    assert len(gradients) == len(values.args), text
    for i, (x, dx, v) in enumerate(zip(values.args, gradients, values.tangents, strict=True)):
        assert np.shape(dx) == np.shape(x), f"{np.shape(dx)} for {np.shape(x)}\n{text}"
        assert np.asarray(dx).dtype == x.dtype or not x.shape, f"{np.asarray(dx).dtype} for {x.dtype}\n{text}"
        one, two = np.sum(np.float64(dx) * v), np.sum(np.float64(values.upstream) * values.difference(i))
        assert np.allclose(one, two, **values.close), f"{one} is not {two}\n{text}"
    _apart(gradients, [*values.args, *values.fixed, values.upstream], text)


def _forward(case: Case, values: _Values, known: bool) -> None:
    text, (forward,) = derived(case, Mode.JVP, known)
    with _unchanged([*values.args, *values.fixed, *values.tangents]):
        out, tangent = forward(*values.tangents, *values.args, *values.fixed)
    assert np.array_equal(out, values.out, equal_nan=True), text
    assert np.shape(tangent) == values.out.shape, f"{np.shape(tangent)} for {values.out.shape}\n{text}"
    assert np.asarray(tangent).dtype == values.out.dtype or not values.out.shape, f"{np.asarray(tangent).dtype}\n{text}"
    wanted = values.difference()
    assert np.allclose(tangent, wanted, **values.close), f"{tangent} is not {wanted}\n{text}"
    _apart([tangent], [*values.args, *values.fixed, *values.tangents, out], text)


@contextmanager
def _unchanged(values: list[Any]) -> Iterator[None]:
    """A block in which no array may be written to."""
    arrays = [value for value in values if isinstance(value, np.ndarray)]
    for value in arrays:
        value.flags.writeable = False
    yield
    for value in arrays:
        value.flags.writeable = True


def _apart(found: list[Any], others: list[Any], text: str) -> None:
    """What is returned is writable, and shares memory with nothing."""
    for i, value in enumerate(found):
        for other in (*others, *found[:i]):
            assert not np.may_share_memory(value, other), f"result {i} shares memory\n{text}"
        if isinstance(value, np.ndarray):
            assert value.flags.writeable or not value.size, f"result {i} is read-only\n{text}"
            steps = zip(value.strides, value.shape, strict=True)
            assert not value.size or all(step or size < 2 for step, size in steps), f"result {i} is a broadcast\n{text}"


def each(texts: str, shapes: Mapping[str, tuple[int, ...]], **more: Any) -> Iterator[Case]:
    """A case for each line of `texts`."""
    for text in texts.strip().splitlines():
        yield Case(text.strip(), shapes, **more)
