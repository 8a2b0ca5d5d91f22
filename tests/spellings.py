"""The spellings of the book as functions, and their derivatives."""

import ast
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from oracles import Point

from srcgrad.derive import Derived, derive
from srcgrad.gate import Gate
from srcgrad.gates import book
from srcgrad.match import Spelling
from srcgrad.scope import StaticScope
from srcgrad.source import Function, check, functions, read
from srcgrad.staged import Mode

# Where a gate is tried: for each operand its values, of which every combination is a point.
ANYWHERE = (-2.3, -0.4, 0.7, 3.1)
POSITIVE = (0.2, 0.9, 4.0)
INSIDE_ONE = (-0.8, -0.1, 0.55)
DOMAINS: Mapping[str, tuple[Point, ...]] = {
    "power": (POSITIVE, ANYWHERE),
    "power_by_number": (POSITIVE,),
    "zero_to_the": (POSITIVE,),
    "log": (POSITIVE,),
    "log2": (POSITIVE,),
    "log10": (POSITIVE,),
    "log1p": ((-0.6, 0.0, 2.5),),
    "log_to_base": (POSITIVE, (0.4, 2.0, 10.0)),
    "sqrt": (POSITIVE,),
    "arcsin": (INSIDE_ONE,),
    "arccos": (INSIDE_ONE,),
    "arctanh": (INSIDE_ONE,),
    "arccosh": ((1.1, 2.0, 30.0),),
    "gamma": (POSITIVE,),
    "log_gamma": (POSITIVE,),
    "sinc": ((-2.3, 0.4, 1.0, 5.7),),
    "heaviside": (ANYWHERE, ANYWHERE),
    "huber": (ANYWHERE, (-1.5, *POSITIVE)),
    "where": ((0.0, 1.0, -2.0), ANYWHERE, ANYWHERE),
    "clip": (ANYWHERE, (-1.0, 1.5), (0.9, 2.0)),
    "clip_below": (ANYWHERE, (-1.0, 1.5)),
    "clip_above": (ANYWHERE, (-1.0, 1.5)),
    "logit": ((0.2, 0.3, 0.9),),
    "normal_log_density": (ANYWHERE, (-0.7, 1.9), POSITIVE),
    "distance": (ANYWHERE, (0.1,), (1.5, -2.0), (1.0, 0.2), (0.4,), (3.3, -1.2)),
}
# Of truth values and places, of arrays and floats alone: test_arrays_scientific.py.
ELSEWHERE = frozenset(("select", "select_or_default", "choose", "next_after", "broadcast_arrays", "lambert_w"))
SETTINGS: Mapping[str, tuple[Mapping[str, float], ...]] = {
    "power_by_number": ({"n": 3}, {"n": -2}, {"n": 2.5}, {"n": -0.5}),
    "number_to_the": ({"n": 2}, {"n": 0.3}),
    "nan_to_number": ({"n": 0.0}, {"n": 7.5}),
    "ldexp": ({"i": 3}, {"i": -2}),  # a whole number, which no gradient can be asked of
}
KINKED = frozenset(
    ("maximum", "minimum", "maximum_of_many", "minimum_of_many", "larger_or_smaller_number", "modulo", "remainder",
     "quotient_and_remainder", "log_add_exp")
)  # fmt: skip
MANY = 3
"""How many operands stand for `xs`."""


@dataclass(frozen=True)
class Case:
    """A spelling with numbers for its settings, three operands for many, and one of several results."""

    spelling: Spelling
    settings: Mapping[str, float]
    result: int | None = None

    @property
    def gate(self) -> Gate:
        return self.spelling.gate

    @property
    def text(self) -> str:
        text = settled(self.spelling.text, self.settings, self.many)
        return text if self.result is None else f"{text}[{self.result}]"

    @property
    def many(self) -> Mapping[str, tuple[str, ...]]:
        """The names that stand for an operand that is many."""
        many = (name for name in self.gate.operands if self.gate.body.many(name))
        return {name: tuple(f"{name[0]}{i}" for i in range(1, MANY + 1)) for name in many}

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters of a function that is this spelling."""
        operands = (name for name in self.gate.operands if name not in self.settings)
        return tuple(name for operand in operands for name in self.many.get(operand, (operand,)))

    @property
    def points(self) -> list[Point]:
        domain = DOMAINS.get(self.gate.name, (ANYWHERE,) * len(self.names))
        assert len(domain) == len(self.names), f"DOMAINS has too many or too few operands of {self.gate.name}"
        kinked = self.gate.name in KINKED
        return [point for point in product(*domain) if not (kinked and len(set(point)) < len(point))]

    @property
    def here(self) -> bool:
        """Whether this Python has the functions: math.sumprod is of 3.12, math.fma of 3.13."""
        nodes = ast.walk(ast.parse(self.text))
        return all(
            hasattr(math, n.attr) for n in nodes if isinstance(n, ast.Attribute) and ast.unparse(n)[:5] == "math."
        )

    def __str__(self) -> str:
        return f"{self.gate.name}: {self.text}"


def settled(text: str, settings: Mapping[str, float], many: Mapping[str, Sequence[str]] | None = None) -> str:
    """A pattern as code: its settings replaced by numbers, `xs` by a list and `*xs` by arguments."""
    lists = {name: [ast.Name(item) for item in items] for name, items in (many or {}).items()}

    class Settle(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            if node.id in lists:
                return ast.List([*lists[node.id]])
            return ast.parse(repr(settings[node.id]), mode="eval").body if node.id in settings else node

        def visit_Starred(self, node: ast.Starred) -> Any:
            return lists[ast.unparse(node.value)]

    return ast.unparse(Settle().visit(ast.parse(text, mode="eval")))


def cases(spellings: Iterable[Spelling]) -> Iterator[Case]:
    for spelling in spellings:
        ours = not spelling.text.startswith(("x.", "special.", "stats."))  # methods and scipy have tests of their own
        ours = ours and spelling.gate.name not in ELSEWHERE
        if ours and not spelling.gate.stops and spelling.gate.form[0] in ("", "broadcast"):
            results = range(len(spelling.gate.body.results)) or (None,)
            for settings in SETTINGS.get(spelling.gate.name, ({},)):
                yield from (Case(spelling, settings, result) for result in results)


def function(text: str, parameters: Iterable[str]) -> Function:
    """`def f(...): return text`, with every parameter a float."""
    imports = {
        "np.": "import numpy as np\n",
        "math.": "import math\n",
        "gamma(": "import scipy\n",
        "i0(": "import scipy\n",
    }
    head = "".join(line for prefix, line in imports.items() if prefix in text)
    signature = ", ".join(f"{name}: float" for name in parameters)
    source = check(f"{head}def f({signature}):\n    return {text}\n", "f.py")
    return read(source, functions(source)[0])


def scope(of: Function) -> StaticScope:
    return StaticScope(of.source)


@cache
def derived(text: str, parameters: tuple[str, ...], mode: Mode) -> Callable[..., Any]:
    """The emitted function of `mode` for `text`, with respect to every parameter."""
    of = function(text, parameters)
    found: Derived = derive(of, scope(of), mode, wrt=parameters)
    assert not found.unproved
    space: dict[str, Any] = {}
    exec(found.module(), space)
    made: Callable[..., Any] = space[found.functions[0]]
    return made


def primal(text: str, parameters: Iterable[str]) -> Callable[..., Any]:
    made: Callable[..., Any] = eval(f"lambda {', '.join(parameters)}: {text}", {"math": math, "np": np})
    return made


def spelled(*names: str) -> list[str]:
    """The spellings of gates, but those of scipy."""
    texts = [one.text for one in book() if one.gate.name in names and not one.text.startswith("special.")]
    assert texts
    return texts


def gradient(text: str, *point: Any, names: str = "xy") -> tuple[Any, ...]:
    _, found = derived(text, tuple(names[: len(point)]), Mode.VALUE_AND_GRAD)(*point)
    result: tuple[Any, ...] = found
    return result
