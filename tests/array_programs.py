# ruff: noqa: E501
"""Random functions of arrays, and their derivatives by jax: the very same text, with `np` another library.

`seeded(seed)` writes a module with one function of interest. Every expression is run where it is written, at the
program's own arguments, and stands only where numpy takes it, its value is moderate and no kink is near. `exact` pulls
upstream gradients back and pushes tangents forward with jax.
"""

from __future__ import annotations

import ast
import copy
import random
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from primitives import evaluated

Pick = Callable[[int], int]
Text = str
Array = Any

NAMES = (
    "x", "y", "w", "b", "a", "c", "h", "s", "z", "u", "X", "W", "dx", "dh", "out", "dout", "cache", "mask", "t", "t1",
    "d", "scores", "mu", "axis", "value", "grad", "shape", "_x", "unbroadcast", "np_", "λ",
)  # fmt: skip
HELPERS = ("act", "f", "norm", "layer", "g")
SIZES = ("N", "D", "M", "n", "k", "rows")
DIMS = {1: "1", 2: "N", 3: "D", 4: "C"}
LARGEST = 30.0
NEAR = 1e-3
ITEMS = 96


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
        return replace(self, args={name: _typed(arg, np.float64) for name, arg in self.args.items()})

    def __repr__(self) -> str:
        return f"seed {self.seed}: {self.name} at {self.args} of\n{self.text(self.manner)}"


def _typed(value: Array, dtype: Any) -> Array:
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


def seeded(seed: int) -> Program:
    """A program that reads one of its parameters at least; one in seven is in single precision."""
    numbers = random.Random(seed)
    while not (program := _Module(numbers.randrange).program()).wrt:
        pass
    return replace(program, seed=seed)


@dataclass
class _Scope:
    """What can be read: arrays and numbers with their values, sizes, and the arrays that nothing else can see."""

    values: dict[str, Array] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)

    def copy(self) -> _Scope:
        return _Scope(dict(self.values), dict(self.sizes), set(self.own))

    def bind(self, name: str, value: Array, fresh: bool) -> None:
        self.values[name] = value
        self.sizes.pop(name, None)
        self.own.discard(name)
        if fresh and isinstance(value, np.ndarray):
            self.own.add(name)


class _Module:
    """The writer: every method takes its decisions by `pick`."""

    def __init__(self, pick: Pick) -> None:
        self.pick = pick
        self.lines: list[str] = []
        self.module: dict[str, Any] = {"np": np}
        self.helpers: list[tuple[str, int]] = []
        self.taken: set[str] = set()
        self.depth = 0
        self.dtype = np.float32 if self.once_in(7) else np.float64  # Python's own floats have the second

    def some(self, items: Sequence[Any]) -> Any:
        return items[self.pick(len(items))]

    def once_in(self, n: int) -> bool:
        return self.pick(n) == n - 1

    def fresh(self, names: Sequence[str]) -> str:
        start = self.pick(len(names))
        name = next(n for n in (*names[start:], *names[:start]) if n not in self.taken)
        self.taken.add(name)
        return name

    def run(self, text: Text, scope: _Scope) -> Array:
        """The value of an expression, None where it is none to go on with."""
        try:
            with warnings.catch_warnings(), np.errstate(all="raise"):
                warnings.simplefilter("error")
                value = eval(text, self.module, {**scope.values, **scope.sizes})
        except (ValueError, TypeError, IndexError, AttributeError, FloatingPointError, ZeroDivisionError,
                OverflowError, Warning, NameError):  # fmt: skip
            return None
        floats = getattr(value, "dtype", float) == self.dtype and isinstance(value, (float, np.floating, np.ndarray))
        if (
            not floats
            or (isinstance(value, np.ndarray) and value.ndim == 0)
            or np.size(value) > ITEMS
            or np.ndim(value) > 4
            or np.size(value) == 0
        ):
            return None
        return value if np.all(np.abs(value) < LARGEST) else None

    def program(self) -> Program:
        name = self.fresh(("program", "loss", "forward", "model"))
        numbers = random.Random(self.pick(1 << 16))
        dims = [self.some((1, 2, 3, 3, 4)) for _ in range(3)]
        args: dict[str, Array] = {}
        for _ in range(1 + self.pick(4)):
            rank = self.some((0, 1, 1, 2, 2, 2, 3))
            shape = tuple(self.some((*dims, *dims, 1)) for _ in range(rank))
            flat = [numbers.uniform(-2, 2) for _ in range(int(np.prod(shape)))]
            args[self.fresh(NAMES)] = _typed(np.array(flat).reshape(shape), self.dtype)
        scope = _Scope(dict(args))
        body = [line for _ in range(3 + self.pick(10)) for line in self.statement(scope)]
        body.append(f"return {self.result(scope)}")
        said = {p: " ".join(DIMS[n] for n in np.shape(value)) for p, value in args.items()}
        manner = self.some(("documented", "documented", "annotated"))
        return Program(tuple(self.lines), tuple(args), tuple(body), name, args, said, manner)

    def result(self, scope: _Scope) -> Text:
        kind = self.pick(5)
        recent = [*scope.values][-4:]
        if kind < 2:
            values = [self.some([*recent, *scope.values]) for _ in range(1 + self.pick(4))]
            terms = [f"{self.some(('np.sum', 'np.mean', 'np.sum'))}({v})" for v in values]
            return " + ".join(terms)
        if kind == 2:
            return ", ".join(self.some(recent) for _ in range(2 + self.pick(2)))
        return recent[-1] if kind == 3 else self.found(scope, 2)[0]

    def statement(self, scope: _Scope) -> list[str]:
        kind = self.pick(24)
        if kind == 0:
            return self.sized(scope)
        if kind == 1 and self.depth == 0:
            return self.branch(scope)
        if kind == 2:
            old, new = self.some([*scope.values]), self.target(scope)
            scope.own.discard(old)
            scope.bind(new, scope.values[old], False)
            return [f"{new} = {old}"]
        if kind == 3 and (owned := [n for n in scope.own if n in scope.values]):
            return self.added(scope, self.some(sorted(owned)))
        if kind == 4:
            (one, a), (two, b) = self.found(scope, 1), self.found(scope, 1)
            first, second = self.target(scope), self.target(scope)
            if first == second:
                return []
            scope.bind(first, a, False)
            scope.bind(second, b, False)
            return [f"{first}, {second} = {one}, {two}"]
        text, value = self.found(scope, 2)
        name = self.target(scope)
        for other in [n for n in scope.own if n in text]:  # what the value may be a view of
            scope.own.discard(other)
        scope.bind(name, value, isinstance(ast.parse(text, mode="eval").body, ast.BinOp))
        return [f"{name} = {text}"]

    def target(self, scope: _Scope) -> str:
        if scope.values and self.once_in(4):
            return self.some([*scope.values])
        return self.fresh(NAMES) if len(self.taken) < len(NAMES) else self.some([*scope.values])

    def added(self, scope: _Scope, name: str) -> list[str]:
        op = self.some(("+=", "+=", "-=", "*="))
        for _ in range(6):
            text, _ = self.found(scope, 1)
            total = self.run(f"{name} {op[0]} ({text})", scope)
            if total is not None and np.shape(total) == np.shape(scope.values[name]):
                scope.values[name] = total
                return [f"{name} {op} {text}"]
        return []

    def sized(self, scope: _Scope) -> list[str]:
        arrays = [n for n, v in scope.values.items() if isinstance(v, np.ndarray)]
        if not arrays:
            return []
        name = self.some(arrays)
        shape = scope.values[name].shape
        free = [n for n in SIZES if n not in scope.sizes and n not in self.taken]
        if len(free) < len(shape) or not shape:
            return []
        if self.once_in(3):
            scope.sizes[free[0]] = shape[0]
            return [f"{free[0]} = {self.some((f'{name}.shape[0]', f'len({name})', f'np.shape({name})[0]'))}"]
        names = free[: len(shape)]
        scope.sizes.update(zip(names, shape, strict=True))
        if len(names) == 1:
            return [f"{names[0]} = {name}.shape[0]" if self.once_in(2) else f"{names[0]}, = {name}.shape"]
        return [f"{', '.join(names)} = {name}.shape"]

    def branch(self, scope: _Scope) -> list[str]:
        test = self.condition(scope)
        if test is None:
            return []
        self.depth += 1
        name = self.target(scope)
        then, orelse = scope.copy(), scope.copy()
        one, two = [line for _ in range(self.pick(2)) for line in self.statement(then)], []
        text, a = self.found(then, 2)
        other, b = self.found(orelse, 2)
        if np.shape(a) != np.shape(b) and self.pick(6):
            atom = self.some([*scope.values])
            one, text, other, then = [], f"np.sin({atom})", f"0.5 * {atom}", scope.copy()
            a, b = (self.run(t, scope) for t in (text, other))
        self.depth -= 1
        if a is None or b is None:
            return []
        holds = bool(eval(test, self.module, {**scope.values, **scope.sizes}))
        inner = then if holds else orelse
        both = then.values.keys() & orelse.values.keys()
        kept = {n: v for n, v in inner.values.items() if n in both}
        scope.values, scope.sizes = kept, {n: v for n, v in scope.sizes.items() if n in inner.sizes}
        scope.own = set()
        if name in scope.values and self.once_in(3):  # without an else
            alike = np.shape(scope.values[name]) == np.shape(a)
            if alike and not one:
                scope.bind(name, a if holds else scope.values[name], False)
                return [f"if {test}:", f"    {name} = {text}"]
        scope.bind(name, a if holds else b, False)
        two = [f"    {name} = {other}"]
        return [f"if {test}:", *(f"    {line}" for line in one), f"    {name} = {text}", "else:", *two]

    def condition(self, scope: _Scope) -> Text | None:
        arrays = [n for n, v in scope.values.items() if isinstance(v, np.ndarray) and v.ndim]
        numbers = [n for n, v in scope.values.items() if np.ndim(v) == 0 and abs(v - 0.5) > NEAR]
        kinds = [
            *([f"{self.some(arrays)}.shape[0] > {self.pick(4)}"] if arrays else []),
            *([f"{self.some(arrays)}.ndim == {1 + self.pick(3)}"] if arrays else []),
            *([f"{self.some([*scope.sizes])} > 2"] if scope.sizes else []),
            *([f"{self.some(numbers)} {self.some('<>')} 0.5"] if numbers else []),
        ]
        if arrays:
            name = self.some(arrays)
            if abs(np.sum(scope.values[name]) - 0.5) > NEAR:
                kinds.append(f"np.sum({name}) > 0.5")
        return self.some(kinds) if kinds else None

    def found(self, scope: _Scope, depth: int) -> tuple[Text, Array]:
        """An expression that can be run, and its value."""
        for _ in range(12):
            text = self.expression(scope, depth)
            value = None if text is None else self.run(text, scope)
            if value is not None and text is not None:
                return text, value
        name = self.some([*scope.values])
        return f"np.tanh({name})", np.tanh(scope.values[name])

    def atom(self, scope: _Scope) -> Text:
        names = [*scope.values]
        return self.some(names[-3:] if self.pick(3) else names)

    def operand(self, scope: _Scope, depth: int) -> Text | None:
        """A name, or an expression in brackets."""
        if depth <= 0 or self.pick(3):
            return self.atom(scope)
        text = self.expression(scope, depth - 1)
        if text is None or self.run(text, scope) is None:
            return None
        return f"({text})" if " " in text or text.startswith("-") else text

    def expression(self, scope: _Scope, depth: int) -> Text | None:
        one = self.operand(scope, depth)
        if one is None:
            return None
        kinds = (
            self.sum, self.sum, self.product, self.product, self.quotient, self.powered, self.mapped, self.mapped,
            self.reduced, self.reduced, self.reduced, self.dotted, self.dotted, self.laid_out, self.laid_out,
            self.sliced, self.sliced, self.picked, self.joined, self.chosen, self.called, self.normalised,
        )  # fmt: skip
        return self.some(kinds)(scope, one, depth)

    def sum(self, scope: _Scope, one: Text, depth: int) -> Text | None:
        two = self.some(("1", "0.5", "2.0", "-1.5")) if self.once_in(5) else self.operand(scope, depth - 1)
        return two and (
            f"{one} {self.some('+-')} {two}" if self.pick(8) else f"np.{self.some(('add', 'subtract'))}({one}, {two})"
        )

    def product(self, scope: _Scope, one: Text, depth: int) -> Text | None:
        two = self.some(("3", "0.5", "2.0", "-0.7")) if self.once_in(4) else self.operand(scope, depth - 1)
        return two and (f"{one} * {two}" if self.pick(8) else f"np.multiply({one}, {two})")

    def quotient(self, scope: _Scope, one: Text, depth: int) -> Text | None:
        two = self.atom(scope)
        below = self.some((f"(1.5 + {two} ** 2)", "2", "3.0", f"np.exp({two})", f"np.sum({two} ** 2)", *scope.sizes))
        above = self.some((one, one, "1", "2.0"))
        return f"{above} / {below}"

    def powered(self, scope: _Scope, one: Text, depth: int) -> Text | None:
        two = self.atom(scope)
        return self.some(
            (f"{one} ** 2", f"{one} ** 3", f"2.0 ** {one}", f"({one} ** 2 + 1) ** 0.5", f"({one} ** 2 + 1) ** {two}",
             f"({one} ** 2 + 1) ** -1", f"np.power({one}, 2)", f"{one} ** 2 + {two} ** 2", f"{one} * {one}")
        )  # fmt: skip

    def mapped(self, scope: _Scope, one: Text, depth: int) -> Text | None:
        value = self.run(one, scope)
        if value is None:
            return None
        smooth = ("np.sin", "np.cos", "np.tanh", "np.exp", "np.arctan", "np.expm1", "-", "np.square", "np.arcsinh")
        inner = one.removeprefix("(").removesuffix(")") if one.startswith("(") and one.count("(") == 1 else one
        if self.pick(4):
            function = self.some(smooth)
            return f"-{one}" if function == "-" else f"{function}({inner})"
        away = bool(np.all(np.abs(value) > NEAR))
        return self.some(
            (f"np.log(1 + {one} ** 2)", f"np.sqrt({one} ** 2 + 0.1)", f"1 / (1 + np.exp(-{one}))",
             f"np.log1p(np.exp({one}))", f"np.abs({one})" if away else f"np.sin({one})",
             f"np.maximum({one}, 0)" if away else f"np.cos({one})", f"np.maximum(0, {one})" if away else f"np.exp({one})",
             f"np.log(np.abs({one}))" if away else f"np.tanh({one})")
        )  # fmt: skip

    def axis(self, rank: int) -> Text:
        """Axes to reduce over; "" for all."""
        kind = self.pick(6)
        if kind == 0 or rank == 0:
            return self.some(("", "", "axis=None"))
        place = self.pick(rank) - (rank if self.once_in(3) else 0)
        if kind == 1 and rank > 1:
            two = self.some([i for i in range(rank) if i != place % rank])
            return f"axis=({place % rank}, {two})"
        return f"axis={place}"

    def reduced(self, scope: _Scope, one: Text, depth: int) -> Text | None:
        value = self.run(one, scope)
        if value is None:
            return None
        axis = self.axis(np.ndim(value))
        keep = ["keepdims=True"] if self.once_in(3) else []
        name = self.some(("sum", "sum", "sum", "mean", "mean", "max", "min", "var", "std"))
        if name in ("max", "min") and not _apart(value):
            name = "sum"
        settings = [part for part in (axis, *keep) if part]
        if axis.startswith("axis=") and self.once_in(4):
            settings[0] = axis.removeprefix("axis=")
        if name == "std":
            inner = self.run(f"np.var({', '.join([one, *settings])})", scope)
            if inner is None or np.any(inner < NEAR):
                name = "mean"
        if isinstance(value, np.ndarray) and self.once_in(3):
            return f"{one}.{name}({', '.join(settings)})"
        return f"np.{name}({', '.join([one, *settings])})"

    def dotted(self, scope: _Scope, one: Text, depth: int) -> Text | None:
        for _ in range(8):
            two = self.some([*scope.values])
            one = self.some((one, one, self.some([*scope.values])))
            left, right = (
                self.some((of, of, f"{of}.T" if isinstance(self.run(of, scope), np.ndarray) else of))
                for of in (one, two)
            )
            forms = (f"{left} @ {right}", f"{left}.dot({right})", f"np.dot({left}, {right})", f"{left} @ {right}",
                     f"np.matmul({left}, {right})", f"np.outer({left}, {right})", f"np.inner({left}, {right})")  # fmt: skip
            text = self.some(forms)
            if self.run(text, scope) is not None:
                return text
        return None

    def laid_out(self, scope: _Scope, one: Text, depth: int) -> Text | None:
        value = self.run(one, scope)
        if not isinstance(value, np.ndarray):
            return None
        rank, shape = value.ndim, value.shape
        order = sorted(range(rank), key=lambda i: self.pick(9))
        turned = ", ".join(map(str, order))
        split = self.some([(a, value.size // a) for a in range(1, value.size + 1) if value.size % a == 0])
        named = [n for n, size in scope.sizes.items() if value.size % size == 0]
        like = [n for n, v in scope.values.items() if isinstance(v, np.ndarray) and v.size == value.size]
        kinds = [
            f"{one}.T", f"{one}.T", f"{one}.reshape(-1)", f"{one}.reshape{split}", f"np.reshape({one}, {split})",
            f"{one}.reshape({split[0]}, -1)", f"{one}.transpose({turned})", f"np.transpose({one}, ({turned},))",
            f"np.transpose({one})", f"{one}.ravel()", f"np.expand_dims({one}, {self.pick(rank + 1)})",
            f"{one}[:, None]", f"{one}[None]", f"{one}[..., None]", f"{one}.reshape({shape[0]}, -1)",
            *(f"{one}.reshape({n}, -1)" for n in named), *(f"{one}.reshape({n}.shape)" for n in like),
        ]  # fmt: skip
        if 1 in shape:
            kinds += [f"np.squeeze({one})", f"{one}.squeeze({shape.index(1)})"]
        return self.some(kinds)

    def sliced(self, scope: _Scope, one: Text, depth: int) -> Text | None:
        value = self.run(one, scope)
        if not isinstance(value, np.ndarray):
            return None
        places = [
            self.some((":", ":", "1:", ":-1", "::2", "::-1", f"{self.pick(size)}", f":{size}", "-1", "0:2"))
            for size in value.shape[: 1 + self.pick(value.ndim)]
        ]
        if self.once_in(6):
            places.insert(self.pick(len(places) + 1), "None")
        if self.once_in(6):
            places = ["...", *places[:1]]
        return f"{one}[{', '.join(places)}]"

    def picked(self, scope: _Scope, one: Text, depth: int) -> Text | None:
        """Items by whole numbers and by masks."""
        value = self.run(one, scope)
        if not isinstance(value, np.ndarray):
            return None
        first, some = len(value), [self.pick(len(value)) for _ in range(1 + self.pick(3))]
        kinds = [f"{one}[np.array({some})]", f"{one}[np.array({some})]"]
        if np.all(np.abs(value - 0.1) > NEAR):
            kinds.append(f"{one}[{one} > 0.1]")
        if np.all(np.abs(value) > NEAR):
            kinds.append(f"{one} * ({one} > 0)")
        if value.ndim > 1:
            second = [self.pick(value.shape[1]) for _ in some]
            across = [self.pick(value.shape[1]) for _ in range(first)]
            kinds += [
                f"{one}[np.array({some}), np.array({second})]", f"{one}[:, np.array({second})]",
                f"{one}[np.arange({first}), np.array({across})]", f"{one}[np.arange(len({one})), np.array({across})]",
                f"{one}[np.array({some}), {self.pick(value.shape[1])}]",
            ]  # fmt: skip
        return self.some(kinds)

    def joined(self, scope: _Scope, one: Text, depth: int) -> Text | None:
        value = self.run(one, scope)
        if not isinstance(value, np.ndarray):
            return None
        rank = value.ndim
        for _ in range(6):
            others = [self.some((one, self.atom(scope), self.atom(scope))) for _ in range(1 + self.pick(2))]
            items = ", ".join(sorted([one, *others], key=lambda item: self.pick(9)))
            kind, axis = self.pick(5), self.pick(rank) - (rank if self.once_in(4) else 0)
            text = (
                f"np.concatenate([{items}], axis={axis})" if kind < 3
                else f"np.concatenate(({items}))" if kind == 3
                else f"np.stack([{items}], axis={axis})"
            )  # fmt: skip
            if self.run(text, scope) is not None:
                return text
        return None

    def chosen(self, scope: _Scope, one: Text, depth: int) -> Text | None:
        two, three = self.atom(scope), self.some((self.atom(scope), "0.5", "0.0"))
        kind = self.pick(5)
        if kind < 2:
            if not self.far(one, three, scope):
                return None
            return f"np.{self.some(('maximum', 'minimum'))}({one}, {three})"
        if kind == 2:
            test = self.condition(scope)
            return test and f"({one} if {test} else {two})"
        if kind == 3 and self.far(one, "0.5", scope) and self.far(one, "-0.5", scope):
            return f"np.clip({one}, -0.5, 0.5)"
        return f"np.where({two} > {three}, {one}, {three})" if self.far(two, three, scope) else None

    def far(self, one: Text, two: Text, scope: _Scope) -> bool:
        difference = self.run(f"{one} - {two}", scope)
        return difference is not None and bool(np.all(np.abs(difference) > NEAR))

    def normalised(self, scope: _Scope, one: Text, depth: int) -> Text | None:
        """What people write along an axis."""
        value = self.run(one, scope)
        if not isinstance(value, np.ndarray):
            return None
        last = self.some(("axis=-1", f"axis={value.ndim - 1}", "axis=0"))
        return self.some(
            (f"np.exp({one}) / np.sum(np.exp({one}), {last}, keepdims=True)", f"{one} - np.mean({one}, {last}, keepdims=True)",
             f"np.log(np.sum(np.exp({one}), {last}))", f"{one} / np.sqrt(np.sum({one} ** 2, {last}, keepdims=True) + 0.1)",
             f"{one} - {one}.mean(0)")
        )  # fmt: skip

    def called(self, scope: _Scope, one: Text, depth: int) -> Text | None:
        """A call of a function of the module's own."""
        if self.helpers and self.pick(2):
            name, count = self.some(self.helpers)
            return f"{name}({', '.join([one, *(self.atom(scope) for _ in range(count - 1))])})"
        if self.depth or len(self.helpers) == len(HELPERS):
            return None
        args = [one, *(self.atom(scope) for _ in range(self.pick(2)))]
        values = [self.run(arg, scope) for arg in args]
        if any(value is None for value in values):
            return None
        params = ["p", "q"][: len(args)]
        inner = _Scope(dict(zip(params, values, strict=True)))
        self.depth += 1
        taken, self.taken = self.taken, {*params, *HELPERS}
        lines = [line for _ in range(self.pick(3)) for line in self.statement(inner)]
        value = self.found(inner, 1)[0]
        self.taken = taken
        self.depth -= 1
        name = HELPERS[len(self.helpers)]
        text = ["", "", f"def {name}({', '.join(params)}):", *(f"    {line}" for line in (*lines, f"return {value}"))]
        exec("\n".join(text), self.module)
        self.lines += text
        self.helpers.append((name, len(params)))
        return f"{name}({', '.join(args)})"


def _apart(value: Array) -> bool:
    """Whether no two items are nearly alike."""
    rows = np.sort(np.ravel(value))
    return bool(np.all(np.diff(rows) > NEAR))


@dataclass(frozen=True)
class Truth:
    """The results, and for random upstream gradients and tangents what jax makes of them.

    `tolerance` is how far from it one may be, in terms of the largest item.
    """

    values: tuple[Array, ...]
    upstream: tuple[Array, ...]
    tangents: tuple[Array, ...]
    pulled: tuple[Array, ...]
    pushed: tuple[Array, ...]
    tolerance: float = 1e-8

    @property
    def found(self) -> tuple[Array, ...]:
        return (*self.values, *self.pulled, *self.pushed)

    @property
    def finite(self) -> bool:
        return all(bool(np.all(np.isfinite(one))) for one in self.found)

    def error(self, rough: Truth) -> float:
        """How far another is from it, in terms of the largest item."""
        pairs = zip(self.found, rough.found, strict=True)
        return max(float(np.max(np.abs(one - two), initial=0.0)) / largest(one) for one, two in pairs)


def largest(value: Array) -> float:
    return max(1.0, float(np.max(np.abs(value), initial=0.0)))


def exact(program: Program) -> Truth | None:
    """The derivatives by jax, in the precision of the arguments; None where jax does not run the program.

    What a condition or a mask is, numpy says. Nothing is compiled: that takes longer than all the rest, and items that
    are equal may be so no more.
    """
    import jax

    jax.config.update("jax_enable_x64", True)
    numbers = random.Random(program.text())
    dtype = np.float32 if program.short else np.float64

    def like(value: Any) -> Array:  # the same in both precisions
        flat = np.array([numbers.uniform(-1, 1) for _ in range(np.size(value))], np.float32)
        return flat.reshape(np.shape(value)).astype(dtype)

    results, held = run(program)
    upstream, args = tuple(map(like, results)), tuple(np.asarray(arg, dtype) for arg in program.args.values())
    tangents = tuple(like(arg) if name in program.wrt else like(arg) * 0 for name, arg in program.args.items())

    def function(*given: Any) -> tuple[Any, ...]:
        rest = iter(held)
        return _called(program, "jax.numpy", given, lambda _: next(rest))

    def derivatives(given: Any, forth: Any, back: Any) -> Any:
        values, push = jax.linearize(function, *given)
        return values, push(*forth), jax.linear_transpose(push, *given)(back)

    try:
        traced = jax.make_jaxpr(derivatives)(args, tangents, upstream)
    except (TypeError, ValueError, IndexError, AttributeError):
        return None
    found = evaluated(traced.jaxpr, traced.consts, (*args, *tangents, *upstream))
    n = len(results)
    chosen = [[one for one, name in zip(rows, program.args, strict=True) if name in program.wrt]
              for rows in (tangents, found[2 * n:])]  # fmt: skip
    return Truth(*(tuple(map(np.asarray, rows)) for rows in (found[:n], upstream, *chosen, found[n : 2 * n])))


def run(program: Program) -> tuple[tuple[Array, ...], list[Array]]:
    """The results by numpy, and what its conditions and masks were."""
    held: list[Array] = []

    def hold(value: Array) -> Array:
        held.append(np.asarray(value))
        return value

    return _called(program, "numpy", copy.deepcopy([*program.args.values()]), hold), held


def _called(program: Program, library: str, args: Sequence[Any], hold: Callable[..., Any]) -> tuple[Any, ...]:
    """The results by a library; `hold` sees every condition, and every mask that picks items, and says what it is."""
    tree = _Held().visit(ast.parse(program.text().replace("import numpy as np", f"import {library} as np")))
    names: dict[str, Any] = {"_hold": hold}
    exec(compile(ast.fix_missing_locations(tree), "<program>", "exec"), names)
    found = names[program.name](*args)
    return found if isinstance(found, tuple) else (found,)


class _Held(ast.NodeTransformer):
    def visit(self, node: ast.AST) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.If() | ast.IfExp():
                node.test = _hold(node.test)
            case ast.Subscript(slice=ast.Compare()):
                node.slice = _hold(node.slice)
        return node


def _hold(node: ast.expr) -> ast.Call:
    return ast.Call(ast.Name("_hold", ast.Load()), [node], [])
