"""Random functions of numbers, and their derivatives by dual numbers: exact, and nothing of srcgrad's.

`program(pick)` writes a module with one function of interest, all its decisions taken by `pick(n)`, a number below n:
hypothesis draws it (`programs`), or `random.Random(seed).randrange` does. `exact` runs the very same text with dual
numbers, and again with every operation a little off and the slope of tanh read off its value, as one writes it by hand:
what then changes is rounding, and is forgiven.
"""

from __future__ import annotations

import builtins
import math
import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from hypothesis import strategies as st

NAMES = (
    *(
        "x",
        "y",
        "a",
        "b",
        "n",
        "w_0",
        "el",
        "ef",
        "ict",
        "ir",
        "dx",
        "dy",
        "ddx",
        "del_",
        "t1",
        "t2",
        "dt1",
        "t1_",
        "dx_",
    ),
    *(
        "np",
        "math",
        "m",
        "f",
        "g",
        "λ",
        "ﬁ",
        "l·l",
        "out",
        "dout",
        "cache",
        "dcache",
        "exp",
        "sin",
        "log",
        "dsin",
        "pi",
    ),
    *("abs", "max", "sum", "float", "f_grad", "value", "grad", "s", "d", "self", "type", "dtype", "is_", "lobals", "_"),
)
FUNCTIONS = ("sin", "cos", "tanh", "atan", "asinh", "erf", "exp", "expm1", "cbrt", "sinh", "cosh", "erfc", "exp2")
POSITIVE = ("log", "sqrt", "log1p", "log2", "log10", "acosh")
WITHIN = ("asin", "acos", "atanh", "tan")
TWO = ("hypot", "atan2", "fmod", "copysign", "pow")
NUMBERS = (
    "2",
    "3",
    "1",
    "0",
    "0.5",
    "-1",
    "1.0",
    "2.0",
    "1e-1",
    "0x3",
    "1_0",
    "-0.25",
    "3.7",
    "-2",
    ".5",
    "5.",
)
BOUNDED = frozenset(("sin", "cos", "tanh", "atan", "erf", "erfc"))
MAX_SIZE = 8.0
LARGEST = 1e150
"""Beyond 1.3e154 the notes' -1.0 / x**2 raises: docs/rule-book.md."""

Pick = Callable[[int], int]


@dataclass(frozen=True)
class Param:
    """A parameter: a number, or a list or tuple of so many numbers."""

    name: str
    kind: str = "float"
    count: int = 1


@dataclass(frozen=True)
class Program:
    """A module's text and its function `name`, which returns so many numbers."""

    text: str
    name: str
    params: tuple[Param, ...]
    outputs: int

    def __repr__(self) -> str:
        return f"{self.name} of\n{self.text}"

    def point(self, numbers: random.Random) -> tuple[Any, ...]:
        """Arguments to call it with."""
        makers: dict[str, Callable[[Any], Any]] = {"float": next, "list": list, "tuple": tuple}
        return tuple(makers[p.kind](numbers.uniform(-2, 2) for _ in range(p.count)) for p in self.params)


def normal(name: str) -> str:
    """An identifier as Python reads it."""
    return unicodedata.normalize("NFKC", name)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    return program(lambda n: draw(st.integers(0, n - 1)))


def program(pick: Pick) -> Program:
    return _Module(pick).program()


@dataclass
class _Block:
    """What can be read where a statement stands: numbers with the logarithms of their sizes, lists with their kinds.

    `inner` are the functions that are defined there, each with what it reads beside its arguments.
    """

    numbers: dict[str, float] = field(default_factory=dict)
    lists: dict[str, tuple[str, int]] = field(default_factory=dict)
    inner: dict[str, frozenset[str]] = field(default_factory=dict)

    def copy(self) -> _Block:
        return _Block(dict(self.numbers), dict(self.lists), dict(self.inner))

    def meet(self, other: _Block) -> None:
        """Only what is bound, and alike, on both paths."""
        both = self.numbers.keys() & other.numbers.keys()
        self.numbers = {name: max(size, other.numbers[name]) for name, size in self.numbers.items() if name in both}
        self.lists = {name: kind for name, kind in self.lists.items() if other.lists.get(name) == kind}


Text = tuple[str, float]
"""An expression's text and the logarithm of its size."""


class _Module:
    """The writer: every method takes its decisions by `pick`."""

    def __init__(self, pick: Pick) -> None:
        self.pick = pick
        self.lines: list[str] = []
        self.builtins = ("abs", "max", "min") if pick(5) else ()
        self.taken = set(self.builtins)
        self.library: dict[str, tuple[str, str]] = {}  # function -> how it is written, the name that this reads
        self.constants: dict[str, str] = {}  # name -> how it is read
        self.helpers: dict[str, tuple[list[str], int, int]] = {}  # name -> parameters, defaults, outputs
        self.own: set[str] = set()
        self.inners: dict[str, int] = {}  # the functions inside the function, and how many arguments they take
        self.spare: list[str] = []  # names for more of them
        self.given: set[str] = set()  # the lists among the parameters, whose length nothing says
        self.outputs = 1

    def some(self, items: Sequence[Any]) -> Any:
        return items[self.pick(len(items))]

    def once_in(self, n: int) -> bool:
        return self.pick(n) == n - 1

    def fresh(self, used: set[str]) -> str:
        """A name that `used` lacks, and now has not."""
        start = self.pick(len(NAMES))
        name = next(n for n in (*NAMES[start:], *NAMES[:start]) if normal(n) not in used)
        used.add(normal(name))
        return name

    def program(self) -> Program:
        self.imports()
        for _ in range(self.pick(3)):
            name = self.fresh(self.taken)
            row = self.once_in(3)
            self.constants[normal(name)] = f"{name}[{self.pick(3)}]" if row else name
            self.lines.append(f"{name} = " + ("[0.5, -2.0, 3]" if row else self.some(("0.5", "2", "-1.25", "1e-1"))))
        for _ in range(self.pick(4)):
            self.helper()
        return self.main()

    def imports(self) -> None:
        every = (*FUNCTIONS, *POSITIVE, *WITHIN, *TWO, "floor", "pi")
        style = self.pick(4)
        if style < 2:
            alias = "math" if style == 0 else self.fresh(self.taken)
            self.taken.add(normal(alias))
            self.lines.append("import math" + (f" as {alias}" if alias != "math" else ""))
            self.library = {name: (f"{alias}.{name}", normal(alias)) for name in every}
        else:
            rows = []
            for name in dict.fromkeys(self.some(every) for _ in range(8)):
                alias = self.fresh(self.taken) if style == 3 or name in self.taken else name
                self.taken.add(normal(alias))
                rows.append(name if alias == name else f"{name} as {alias}")
                self.library[name] = (alias, normal(alias))
            self.lines.append(f"from math import {', '.join(rows)}")

    def helper(self) -> None:
        name = self.fresh(self.taken)
        self.own = {normal(name)}
        params = [self.fresh(self.own) for _ in range(1 + self.pick(3))]
        names, scope = [normal(p) for p in params], _Block({normal(p): 1.0 for p in params})
        defaults = int(self.once_in(4))
        signature = ", ".join(params) + defaults * f"={self.some(('2.0', '3', '-1.5'))}"
        locals_ = [self.fresh(self.own) for _ in range(self.some((0, 0, 1, 3)))]
        outputs = 2 if self.once_in(5) else 1
        body = [line for _ in locals_ for line in self.statement(scope, locals_, 1)]
        value = ", ".join(self.bounded(scope, 2)[0] for _ in range(outputs))
        if locals_ or self.once_in(2):
            self.lines += ["", "", f"def {name}({signature}):", *(f"    {line}" for line in (*body, f"return {value}"))]
        else:
            self.lines += ["", "", f"def {name}({signature}): return {value}"]
        self.helpers[normal(name)] = names, defaults, outputs

    def main(self) -> Program:
        name = self.fresh(self.taken)
        # What is the function's own hides what the module calls so.
        self.own = {normal(name)}
        annotated = self.once_in(2) and "float" not in self.taken
        # Without an annotation nothing says that a parameter is a tuple.
        kinds = ("float", "float", "float", "list", "tuple" if annotated else "list")
        params = [
            Param(
                self.fresh(self.own),
                kind := self.some(kinds) if i else "float",
                1 if kind == "float" else 2 + self.pick(2),
            )
            for i in range(1 + self.pick(4))
        ]
        locals_ = [self.fresh(self.own) for _ in range(1 + self.pick(8))]
        self.spare = [self.fresh(self.own) for _ in range(2)]
        scope = _Block(
            {normal(p.name): 1.0 for p in params if p.kind == "float"},
            {normal(p.name): (p.kind, p.count) for p in params if p.kind != "float"},
        )
        fixed = self.given = {normal(p.name) for p in params if p.kind != "float"}
        targets = [*locals_, *(p.name for p in params if normal(p.name) not in fixed)]
        self.outputs = self.some((1, 1, 1, 2, 3))
        said = {p.name: p.kind if p.kind == "float" else self.container(p) for p in params}
        signature = ", ".join(f"{p.name}: {said[p.name]}" if annotated else p.name for p in params)
        # Nothing but its last item says how long a list is.
        body = [f"{locals_[0]} = {p.name}[{p.count - 1}]" for p in params if p.kind == "list"]
        if body:
            scope.numbers[normal(locals_[0])] = 1.0
        for _ in range(self.some((5, 5, 8, 12, 20, 40, 60))):
            body += self.statement(scope, targets, 0)
        body.append(self.result(scope))
        self.lines += ["", "", f"def {name}({signature}):", *(f"    {line}" for line in body)]
        return Program("\n".join(self.lines) + "\n", name, tuple(params), self.outputs)

    def container(self, param: Param) -> str:
        return f"tuple[{', '.join(['float'] * param.count)}]" if param.kind == "tuple" else "list[float]"

    def result(self, scope: _Block) -> str:
        values = [" + ".join(self.bounded(scope, 1)[0] for _ in range(1 + self.pick(3))) for _ in range(self.outputs)]
        return f"return {', '.join(values)}"

    def statement(self, scope: _Block, targets: Sequence[str], level: int) -> list[str]:
        """The lines of one statement; `level` counts the statements and the helper that it stands in."""
        name = self.some(targets)
        key, kind = normal(name), self.pick(20)
        if level and key in scope.lists:  # what is a list on one path stays one on the other
            return ["pass"]
        if kind < 3 and key in scope.numbers:
            op = self.some(("+", "-", "*", "/"))
            value, size = self.bounded(scope, 1)
            if op == "/":
                value, size = f"(1.5 + ({value}) ** 2)", 0.0
            if scope.numbers[key] + size > MAX_SIZE:
                op, size = "+", max(size, scope.numbers[key]) + 1
            scope.numbers[key] += size if op in "*/" else 1.0
            return [f"{name} {op}= {value}"]
        if kind == 3 and len(scope.numbers) > 1:
            one, two = self.some(own := [n for n in map(normal, targets) if n in scope.numbers] or [key]), own[0]
            if one != two and one in scope.numbers:
                scope.numbers[one], scope.numbers[two] = scope.numbers[two], scope.numbers[one]
                return [f"{one}, {two} = {two}, {one}"]
        if kind == 4 and len(targets) > 1:
            return self.unpack(scope, targets)
        if kind == 5 and level == 0:
            kinds = {"list": "[{}]", "tuple": "({})", "dict": "{{{}}}"}
            form, count = self.some([*kinds]), 2 + self.pick(2)
            items = [self.bounded(scope, 1)[0] for _ in range(count)]
            if form == "dict":
                items = [f'"k{i}": {item}' for i, item in enumerate(items)]
            elif scope.lists and self.once_in(3):
                other = self.some([*scope.lists])
                if scope.lists[other][0] != "dict" and other not in self.given:
                    items, count = [f"*{other}", *items], count + scope.lists[other][1]
            scope.numbers.pop(key, None)
            scope.lists[key] = form, count
            return [f"{name} = " + kinds[form].format(", ".join(items))]
        if kind in (6, 7) and level < 2:
            return self.branch(scope, targets, level)
        if kind == 9 and level == 0:
            return self.inner(scope)
        if kind == 10 and level == 0:
            return self.walrus(scope, name, targets)
        value, size = self.bounded(scope, 1 + self.pick(3))
        scope.lists.pop(key, None)
        scope.numbers[key] = size
        return [f"{name}: float = {value}" if kind == 8 else f"{name} = {value}"]

    def inner(self, scope: _Block) -> list[str]:
        """A function inside the function, which reads what is around it as it is when it is called."""
        if not self.spare:
            return ["pass"]
        name, used = self.spare.pop(), {*scope.numbers, *self.own, *self.taken}
        params = [self.fresh(used) for _ in "ab"]
        own = {normal(param): 1.0 for param in params}
        text, _ = self.bounded(_Block({**scope.numbers, **own}), 2)
        scope.inner[normal(name)] = frozenset(n for n in scope.numbers if n not in own)
        self.inners[normal(name)] = len(params)
        return self.some(
            (
                [f"def {name}({', '.join(params)}):", f"    return {text}"],
                [f"{name} = lambda {', '.join(params)}: {text}"],
                [f"def {name}({', '.join(params)}):", f"    {params[0]} = {text}", f"    return {params[0]}"],
            )
        )

    def walrus(self, scope: _Block, name: str, targets: Sequence[str]) -> list[str]:
        other = self.some(targets)
        value, size = self.bounded(scope, 1)
        if normal(other) == normal(name) or normal(other) in scope.lists or normal(name) in scope.lists:
            return ["pass"]
        scope.numbers[normal(other)] = size
        scope.numbers[normal(name)] = size + 1.0
        return [f"{name} = ({other} := {value}) + {other} * 0.5"]

    def unpack(self, scope: _Block, targets: Sequence[str]) -> list[str]:
        names = list(dict.fromkeys((self.some(targets), self.some(targets), self.some(targets))))[:2]
        if not names:
            return ["pass"]
        if len({*map(normal, names)}) < 2:
            return [f"{names[0]} = {self.number(scope, names[0])}"]
        pairs = [n for n, (kind, count) in scope.lists.items() if count == 2 and kind != "dict"]
        two = [h for h, (_, _, outputs) in self.helpers.items() if outputs == 2 and h not in self.own]
        if pairs and self.once_in(2):
            right = self.some(pairs)
        elif two and self.once_in(2):
            right = self.call(self.some(two), scope, 1)
        else:
            right = self.some(("{}, {}", "({}, {})", "[{}, {}]")).format(*(self.bounded(scope, 1)[0] for _ in names))
        for name in names:
            scope.lists.pop(normal(name), None)
            scope.numbers[normal(name)] = 5.0
        return [self.some(("{}, {} = ", "({}, {}) = ", "[{}, {}] = ")).format(*names) + right]

    def number(self, scope: _Block, name: str) -> str:
        value, size = self.bounded(scope, 1)
        scope.lists.pop(normal(name), None)
        scope.numbers[normal(name)] = size
        return value

    def branch(self, scope: _Block, targets: Sequence[str], level: int) -> list[str]:
        """An if statement; an arm may end the function."""
        lines: list[str] = []
        arms: list[_Block] = []
        words = ("if", "elif") if self.once_in(3) else ("if",)
        for word in words:
            arm = scope.copy()
            lines.append(f"{word} {self.condition(scope)}:")
            lines += self.arm(arm, targets, level, arms, self.once_in(5))
        rest = scope.copy()
        if self.once_in(2):
            lines.append("else:")
            lines += self.arm(rest, targets, level, arms, False)
        else:
            arms.append(rest)
        first, *others = arms
        for other in others:
            first.meet(other)
        scope.numbers, scope.lists = first.numbers, first.lists
        return lines

    def arm(self, arm: _Block, targets: Sequence[str], level: int, arms: list[_Block], ends: bool) -> list[str]:
        lines = [line for _ in range(1 + self.pick(2)) for line in self.statement(arm, targets, level + 1)]
        if ends and level == 0:
            lines.append(self.result(arm))
        else:
            arms.append(arm)
        return [f"    {line}" for line in lines]

    def condition(self, scope: _Block) -> str:
        op = self.some(("<", ">", "<=", ">=", "!="))
        plain = f"{self.atom(scope)[0]} {op} {self.bounded(scope, 1)[0]}"
        kind = self.pick(8)
        if kind == 0:
            return f"{self.atom(scope)[0]} < {self.bounded(scope, 1)[0]} < {self.atom(scope)[0]}"
        if kind == 1:
            return f"{plain} and {self.atom(scope)[0]} < {self.some(NUMBERS)}"
        if kind == 2:
            return f"{plain} or {self.atom(scope)[0]} > {self.some(NUMBERS)}"
        return f"not {plain}" if kind == 3 else plain

    def bounded(self, scope: _Block, depth: int) -> Text:
        """An expression that is not too large."""
        text, size = self.expression(scope, depth)
        if size <= MAX_SIZE:
            return text, size
        squash = next((f for f in ("tanh", "sin", "atan", "cos") if self.has(f)), None)
        return (f"{self.library[squash][0]}({text})", 1.0) if squash else (f"1 / (1 + ({text}) ** 2)", 0.0)

    def has(self, function: str) -> bool:
        return function in self.library and self.library[function][1] not in self.own

    def builtin(self, name: str) -> bool:
        return name in self.builtins and name not in self.own

    def atom(self, scope: _Block) -> Text:
        kind = self.pick(12)
        if kind < 2 and scope.lists:
            name = self.some([*scope.lists])
            kind, count = scope.lists[name]
            place = self.pick(count)
            return (f'{name}["k{place}"]' if kind == "dict" else f"{name}[{place}]"), MAX_SIZE / 2
        constants = [text for name, text in self.constants.items() if name not in self.own]
        if kind == 2 and constants:
            return self.some(constants), 1.5
        if kind == 3 or not scope.numbers:
            text = self.some(NUMBERS)
            return (f"({text})" if text[0] == "-" else text), 3.5 if text == "1_0" else 2.0
        name = self.some([*scope.numbers][-6:])
        return name, scope.numbers[name]

    def expression(self, scope: _Block, depth: int) -> Text:
        if depth == 0:
            return self.atom(scope)
        kind = self.pick(25)
        one, size = self.expression(scope, depth - 1)
        if kind < 4:
            two, other = self.expression(scope, depth - 1)
            return f"({one} {self.some('+-')} {two})", max(size, other) + 1
        if kind < 8:
            two, other = self.expression(scope, depth - 1)
            return f"{_term(one)} * {_term(two)}", size + other
        if kind == 8:
            two, other = self.expression(scope, depth - 1)
            return f"{_term(one)} / (1.5 + {_term(two)} ** 2)", size
        if kind == 9:
            return f"(-{_term(one)})", size
        if kind == 10:
            power = self.some(("2", "3", "2.0", "1", "0", "4"))
            return f"{_term(one)}**{power}", size * float(power)
        if kind == 11:
            return (
                f"(1.5 + {_term(one)} ** 2) ** {self.some(('-1', '0.5', '(-0.5)', '-2', _term(self.atom(scope)[0])))}",
                3 * size + 3,
            )
        if kind in (12, 13, 14):
            return self.elementary(one, size, scope, depth)
        if kind == 15 and self.has("exp") and size <= 4:
            call = f"{self.library['exp'][0]}(-{_term(one)})"
            return self.some((f"1 / (1 + {call})", f"1.0 / ({call} + 1)", f"(1 - {call}) / (1 + {call})")), 2.0
        if kind == 16 and self.builtin("max"):
            one = self.some((one, one, "0", "0.0"))
            return f"max({one}, {self.expression(scope, depth - 1)[0]})", MAX_SIZE
        if kind == 17 and self.builtin("abs"):
            return f"abs({one})", size
        if kind == 18:
            return f"({self.condition(scope)}) * {_term(one)}", size
        if kind == 19:
            two, other = self.expression(scope, depth - 1)
            return f"({one} if {self.condition(scope)} else {two})", max(size, other)
        if kind == 20:
            two, other = self.expression(scope, depth - 1)
            return f"({one} {self.some(('and', 'or'))} {two})", max(size, other)
        if kind == 21 and self.builtin("min") and self.once_in(2):
            return f"min({one}, {self.expression(scope, depth - 1)[0]})", MAX_SIZE
        helpers = [h for h, (_, _, outputs) in self.helpers.items() if outputs == 1 and h not in self.own]
        inner = [name for name, reads in scope.inner.items() if reads <= {*scope.numbers}]
        if kind == 21 and inner and self.inners:
            name = self.some(inner)
            args = [self.expression(scope, depth - 1)[0] for _ in range(self.inners[name])]
            return f"{name}({', '.join(args)})", MAX_SIZE - 1
        if kind > 21 and helpers:
            return self.call(self.some(helpers), scope, depth), MAX_SIZE - 1
        return one, size

    def call(self, name: str, scope: _Block, depth: int) -> str:
        params, defaults, _ = self.helpers[name]
        args = [self.expression(scope, depth - 1) for _ in params[: len(params) - (defaults and self.pick(2))]]
        texts = [text if size < 4 else f"{_term(text)} / (1 + {_term(text)} ** 2)" for text, size in args]
        if texts and self.once_in(5):
            texts[-1] = f"{params[len(texts) - 1]}={texts[-1]}"
        return f"{name}({', '.join(texts)})"

    def elementary(self, one: str, size: float, scope: _Block, depth: int) -> Text:
        names = [name for name in self.library if self.has(name)]
        if not names:
            return f"({one} * {self.atom(scope)[0]})", size + MAX_SIZE / 2
        name = self.some(names)
        spelling = self.library[name][0]
        if name == "pi":
            return f"{spelling} * {_term(one)}", size + 2
        if name in POSITIVE:
            return f"{spelling}(1.5 + {_term(one)} ** 2)", 2.0 * size + 2
        if name in WITHIN:
            return f"{spelling}({_term(one)} / (1 + {_term(one)} ** 2))", 1.0
        if name in TWO:
            if name == "pow":
                return f"{spelling}({one}, {self.some(('2', '3', '2.0'))})", 3 * size
            two = self.expression(scope, depth - 1)[0]
            return f"{spelling}({one}, {two if name != 'fmod' else f'1.5 + {_term(two)} ** 2'})", size + 1
        if name in BOUNDED or name == "floor" or size <= 2:
            return f"{spelling}({one})", 2.0 if name in BOUNDED else 3 * size + 1
        return f"{spelling}({_term(one)} / (1 + {_term(one)} ** 2))", 2.0


def _term(text: str) -> str:
    """`text` as an operand."""
    simple = text.replace("_", "").replace(".", "").isalnum() or (
        text.endswith(")") and text[0] == "(" and _closed(text)
    )
    return text if simple else f"({text})"


def _closed(text: str) -> bool:
    """Whether the first parenthesis ends with the text."""
    depth = 0
    for i, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return i == len(text) - 1
    return False


# Dual numbers


class KinkError(Exception):
    """The point stands on a kink, where more than one derivative is right."""


Number = Any
"""A float or a dual number."""
Lifted = Callable[[Number], Number]


class Dual:
    """A number and its derivative in one direction; either may be a dual number itself, for second derivatives."""

    __slots__ = ("d", "v")
    noise: Callable[[], float] | None = None

    def __init__(self, v: Number, d: Number) -> None:
        if isinstance(v, float) and abs(v) > LARGEST:
            raise OverflowError
        self.v, self.d = (v, d) if Dual.noise is None else (_shaken(v), _shaken(d))

    def __add__(self, other: Number) -> Dual:
        other = lifted(other)
        return Dual(self.v + other.v, self.d + other.d)

    def __sub__(self, other: Number) -> Dual:
        other = lifted(other)
        return Dual(self.v - other.v, self.d - other.d)

    def __mul__(self, other: Number) -> Dual:
        other = lifted(other)
        return Dual(self.v * other.v, self.d * other.v + self.v * other.d)

    def __truediv__(self, other: Number) -> Dual:
        other = lifted(other)
        ratio = self.v / other.v
        return Dual(ratio, (self.d - ratio * other.d) / other.v)

    def __pow__(self, other: Number) -> Number:
        if not isinstance(other, Dual):
            return Dual(self.v**other, other * self.v ** (other - 1) * self.d) if other else 1.0 + 0 * self
        if plain(self) > 0:
            return exp(log(self) * other)
        if not zero(other.d):
            raise KinkError
        return self ** plain(other)

    def __rsub__(self, other: Number) -> Dual:
        return lifted(other) - self

    def __rtruediv__(self, other: Number) -> Dual:
        return lifted(other) / self

    def __rpow__(self, other: Number) -> Number:
        return lifted(other) ** self

    def __neg__(self) -> Dual:
        return Dual(-self.v, -self.d)

    def __pos__(self) -> Dual:
        return self

    def __abs__(self) -> Dual:
        if plain(self) == 0 and not zero(self.d):
            raise KinkError
        return self if plain(self) > 0 else -self

    def __bool__(self) -> bool:
        return bool(plain(self) != 0)

    def __lt__(self, other: Number) -> bool:
        return bool(plain(self) < plain(other))

    def __le__(self, other: Number) -> bool:
        return bool(plain(self) <= plain(other))

    def __gt__(self, other: Number) -> bool:
        return bool(plain(self) > plain(other))

    def __ge__(self, other: Number) -> bool:
        return bool(plain(self) >= plain(other))

    def __eq__(self, other: object) -> bool:
        return bool(plain(self) == plain(other))

    __radd__, __rmul__ = __add__, __mul__
    __hash__ = None  # type: ignore[assignment]


def _shaken(x: Number) -> Number:
    return x * (1 + Dual.noise()) if Dual.noise and type(x) is float else x


def lifted(x: Number) -> Dual:
    return x if isinstance(x, Dual) else Dual(float(x), 0.0)


def plain(x: Number) -> Any:
    """The number without its derivatives."""
    while isinstance(x, Dual):
        x = x.v
    return x


def zero(x: Number) -> bool:
    return zero(x.v) and zero(x.d) if isinstance(x, Dual) else x == 0


def _lift(function: Callable[[float], float], slope: Callable[[Number, Number], Number], steep: bool = False) -> Lifted:
    """A function of dual numbers; `slope` of the argument and the value.

    Where that is infinite, for one that is `steep`, there is no truth, whatever it would be multiplied by.
    """

    def lifting(x: Number) -> Number:
        if not isinstance(x, Dual):
            value = function(x)
            if steep:
                slope(x, value)
            return value
        value = lifting(x.v)
        return Dual(value, slope(x.v, value) * x.d)

    return lifting


exp: Lifted = _lift(math.exp, lambda x, y: y)
log: Lifted = _lift(math.log, lambda x, y: 1 / x)
sqrt: Lifted = _lift(math.sqrt, lambda x, y: 0.5 / y, steep=True)
sin: Lifted = _lift(math.sin, lambda x, y: cos(x))
cos: Lifted = _lift(math.cos, lambda x, y: -sin(x))
sinh: Lifted = _lift(math.sinh, lambda x, y: cosh(x))
cosh: Lifted = _lift(math.cosh, lambda x, y: sinh(x))
ELEMENTARY = {
    "exp": exp,
    "log": log,
    "sqrt": sqrt,
    "sin": sin,
    "cos": cos,
    "sinh": sinh,
    "cosh": cosh,
    "tan": _lift(math.tan, lambda x, y: 1 + y * y),
    "tanh": _lift(math.tanh, lambda x, y: 1 - y * y if Dual.noise else 1 / (cosh(x) * cosh(x))),
    "asin": _lift(math.asin, lambda x, y: 1 / sqrt(1 - x * x), steep=True),
    "acos": _lift(math.acos, lambda x, y: -1 / sqrt(1 - x * x), steep=True),
    "atan": _lift(math.atan, lambda x, y: 1 / (1 + x * x)),
    "asinh": _lift(math.asinh, lambda x, y: 1 / sqrt(1 + x * x)),
    "acosh": _lift(math.acosh, lambda x, y: 1 / sqrt(x * x - 1), steep=True),
    "atanh": _lift(math.atanh, lambda x, y: 1 / (1 - x * x), steep=True),
    "expm1": _lift(math.expm1, lambda x, y: exp(x)),
    "exp2": _lift(math.exp2, lambda x, y: y * math.log(2)),
    "log1p": _lift(math.log1p, lambda x, y: 1 / (1 + x)),
    "log2": _lift(math.log2, lambda x, y: 1 / (x * math.log(2))),
    "log10": _lift(math.log10, lambda x, y: 1 / (x * math.log(10))),
    "cbrt": _lift(math.cbrt, lambda x, y: 1 / (3 * y * y), steep=True),
    "erf": _lift(math.erf, lambda x, y: 2 / math.sqrt(math.pi) * exp(-x * x)),
    "erfc": _lift(math.erfc, lambda x, y: -2 / math.sqrt(math.pi) * exp(-x * x)),
}


def _hypot(x: Number, y: Number) -> Number:
    if plain(x) == plain(y) == 0:
        raise KinkError
    return sqrt(x * x + y * y)


def _atan2(y: Number, x: Number) -> Number:
    if plain(x) == plain(y) == 0:
        raise KinkError
    if not isinstance(x, Dual) and not isinstance(y, Dual):
        return math.atan2(y, x)
    y, x = lifted(y), lifted(x)
    return Dual(_atan2(y.v, x.v), (y.d * x.v - x.d * y.v) / (x.v * x.v + y.v * y.v))


def _fmod(x: Number, y: Number) -> Number:
    return x - math.trunc(plain(x) / plain(y)) * y


def _copysign(x: Number, y: Number) -> Number:
    if plain(y) == 0:
        raise KinkError
    return abs(x) if plain(y) > 0 else -abs(x)


def _largest(sign: int, *values: Number) -> Number:
    best = values[0]
    for value in values[1:]:
        if plain(value) == plain(best) and not zero(lifted(value).d - lifted(best).d):
            raise KinkError
        best = value if sign * plain(value) > sign * plain(best) else best
    return best


MATH = SimpleNamespace(
    **ELEMENTARY,
    pi=math.pi,
    hypot=_hypot,
    atan2=_atan2,
    fmod=_fmod,
    copysign=_copysign,
    pow=lambda x, y: float(x) ** y if not isinstance(x, Dual) else x**y,
    floor=lambda x: math.floor(plain(x)),
)
BUILTINS = {
    **vars(builtins),
    "max": lambda *values: _largest(1, *values),
    "min": lambda *values: _largest(-1, *values),
    "__import__": lambda name, *_: {"math": MATH}[name],
}


@dataclass(frozen=True)
class Truth:
    """What a program returns, and the derivative of each output (rows) by each number among its arguments.

    `doubt` is what rounding may make of all these, in the same order: the outputs, then the rows.
    """

    values: list[float]
    rows: list[list[float]]
    doubt: list[float]


def exact(program: Program, point: Sequence[Any]) -> Truth | None:
    """The truth at `point`; None where there is none: outside the domain, too large, on a kink, next to a jump."""
    function = dual(program)
    try:
        clean, shaken = _truth(function, point), []
        for seed in range(2):
            Dual.noise = _noise(seed)
            shaken.append(_truth(function, point))
    except (ArithmeticError, ValueError, KinkError, TypeError):
        return None
    finally:
        Dual.noise = None
    numbers, *others = ([*v, *(x for row in r for x in row)] for v, r in (clean, *shaken))
    doubt = [max(abs(n - x) for x in xs) for n, *xs in zip(numbers, *others, strict=True)]
    sound = all(abs(n) < 1e9 and d <= 1e-7 * max(abs(n), 1e-3) for n, d in zip(numbers, doubt, strict=True))
    return Truth(*clean, doubt) if sound else None


def curvature(program: Program, point: Sequence[float]) -> tuple[float, float] | None:
    """The second derivative by the first parameter of a program with one output, and what rounding may make of it."""
    function = dual(program)
    found = []
    try:
        for seed in (None, 0, 1):
            Dual.noise = None if seed is None else _noise(seed)
            slope = lifted(function(Dual(Dual(point[0], 1.0), Dual(1.0, 0.0)), *point[1:])).d
            found.append(float(slope.d) if isinstance(slope, Dual) else 0.0)
    except (ArithmeticError, ValueError, KinkError, TypeError):
        return None
    finally:
        Dual.noise = None
    clean, doubt = found[0], max(abs(x - found[0]) for x in found)
    return (clean, doubt) if abs(clean) < 1e9 and doubt <= 1e-7 * max(abs(clean), 1e-3) else None


def dual(program: Program) -> Callable[..., Any]:
    """The program's function, run with dual numbers."""
    names: dict[str, Any] = {"__builtins__": BUILTINS}
    exec(compile(program.text, "<program>", "exec", dont_inherit=True), names)
    function: Callable[..., Any] = names[normal(program.name)]
    return function


def _noise(seed: int) -> Callable[[], float]:
    numbers = random.Random(seed)
    return lambda: 1e-14 * numbers.uniform(-1, 1)


def _truth(function: Callable[..., Any], point: Sequence[Any]) -> tuple[list[float], list[list[float]]]:
    columns = []
    for i in range(len(flat(point))):
        seeds = iter([float(j == i) for j in range(len(flat(point)))])
        value = function(*dualised(point, seeds))
        outputs = [lifted(x) for x in (value if isinstance(value, tuple) else (value,))]
        columns.append(outputs)
    return [plain(x) for x in columns[0]], [[float(column[k].d) for column in columns] for k in range(len(columns[0]))]


def dualised(value: Any, seeds: Iterator[Number]) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)(dualised(item, seeds) for item in value)
    return Dual(value, next(seeds))


def flat(value: Any) -> list[Any]:
    return [leaf for item in value for leaf in flat(item)] if isinstance(value, (list, tuple)) else [value]
