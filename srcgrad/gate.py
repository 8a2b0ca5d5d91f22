"""A gate: the spellings it is written in, its algebra, and its rule, which is the code to emit.

    @elementwise("x * y", "np.multiply(x, y)")
    def multiply(z, x, y):
        dx = y * dz
        dy = x * dz

The header's strings are patterns whose holes are the rule's parameters; the first parameter is the result, those
with a default are settings. The body is read, never run, and not before it is needed.
"""

from __future__ import annotations

import linecache
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from srcgrad.arithmetic import simplify
from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr, number, rebuild, substitute, walk

if TYPE_CHECKING:
    from srcgrad.rulebody import Body
    from srcgrad.source import Function

# What numpy calls otherwise than math; every other function has one name in both.
_IN_MATH = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2",
    "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "power": "pow",
}  # fmt: skip
ASSUMED = {"np": "numpy", "math": "math", "special": "scipy.special"}
"""What a rule of the user's may read without an import."""

MODULES = {**ASSUMED, "stats": "scipy.stats", "linalg": "scipy.linalg", "signal": "scipy.signal"}
"""What the modules are called in the spellings and rules of the book."""

FAMILY = "family"
"""What a rule calls that of which its spelling has a function (families.py): `family.pdf` of `stats.norm.cdf(x)`."""

ITSELF = "itself"
"""What a rule calls the innermost function that the spelling calls: `itself(dy).real` of `np.fft.fft(x).real`."""

FINITE = frozenset(f"{module}.{name}" for module in ("math", "numpy") for name in ("pi", "e", "tau"))
NUMBERS = FINITE | {f"{module}.{name}" for module in ("math", "numpy") for name in ("inf", "nan")}
"""The constants of the libraries."""

_REASONS = {
    "add": "add distributes", "subtract": "add distributes, with the sign", "multiply": "multiply swaps",
    "maximum": "max routes", "minimum": "min routes", "relu": "max routes", "positive": "handed on",
    "maximum_of_many": "max routes", "minimum_of_many": "min routes", "sum_of_many": "add distributes",
}  # fmt: skip

ALGEBRAS = {"elementwise": "elementwise", "linear": "linear", "bilinear": "bilinear", "gate": "general"}
"""The algebra that each decorator declares."""


_ITEMWISE = (
    "broadcast", "matmul", "matvec", "vecmat", "vecdot", "solved", "crossed", "circular", "dot", "inner", "stretched",
    "filled", "triangular",
)  # fmt: skip
"""The forms of results to which operands of other shapes are broadcast."""


@dataclass(frozen=True, eq=False)
class Rule:
    """The code of a rule: its parameters (the result, the operands, the settings), and its text once that is needed.

    `settings` are those with a default, and the defaults.
    """

    parameters: tuple[str, ...]
    settings: Mapping[str, object]
    read: Callable[[], Function]


def _nothing() -> Function:
    raise AssertionError("no gradient passes through a gate without a rule")


_NO_RULE = Rule((), {}, _nothing)


@dataclass(frozen=True, eq=False)
class Gate:
    """`algebra` is "elementwise", "linear", "bilinear", "general", "stop" (nothing passes) or "copy" (handed on).

    `rule` is a live function that is never called, a Rule where only the text is known, or None. `shape` states the
    shape of the result by a helper of forms.py, as in "drop(x, axis, keepdims)"; that of an elementwise gate is the
    broadcast of its operands.
    Of a gate of the user's, own.py knows what the names are that its spellings and its rule read: `things` has the
    dotted names of the spellings, `lines` gives the right sides of the rule.
    """

    name: str
    spellings: tuple[str, ...]
    algebra: str
    rule: object = None
    things: Mapping[str, str] | None = None
    lines: Callable[[], Mapping[str, Expr]] | None = None
    shape: str = ""

    @property
    def own(self) -> bool:
        """Whether it is a gate of the user's."""
        return self.things is not None

    @property
    def stops(self) -> bool:
        return self.algebra == "stop"

    @property
    def reason(self) -> str:
        """Why a gradient through this gate is what it is, in the words of the cs231n notes."""
        return _REASONS.get(self.name, f"the local gradient of {self.name.replace('_', ' ')}")

    @cached_property
    def code(self) -> Rule:
        """The rule; without one, a rule of nothing."""
        if isinstance(self.rule, FunctionType):
            return _live(self.rule)
        return self.rule if isinstance(self.rule, Rule) else _NO_RULE

    @property
    def parameters(self) -> tuple[str, ...]:
        """The result, the operands and the settings, as the rule names them."""
        return self.code.parameters

    @property
    def settings(self) -> Mapping[str, object]:
        """The settings and their defaults, `...` for one that must be given."""
        return self.code.settings

    def literal(self, name: str) -> bool:
        """Whether a setting that a spelling has by itself must be a number that is written out."""
        return not self.shape and type(self.settings.get(name)) in (int, float)

    @cached_property
    def form(self) -> tuple[str, tuple[str, ...]]:
        """The helper that gives the shape of the result, and what it is given; "" where none is stated."""
        name, _, rest = self.shape.partition("(")
        return name, tuple(part.strip() for part in rest.rstrip(")").split(",") if part.strip())

    @property
    def itemwise(self) -> bool:
        """Whether operands of other shapes are broadcast, item by item."""
        return self.algebra == "elementwise" or self.form[0] in _ITEMWISE

    @property
    def cuts(self) -> bool:
        """Whether it cuts an array, into as many values as the call says or as there are names for them."""
        return self.form[0] in ("pieces", "layers")

    @cached_property
    def operands(self) -> tuple[str, ...]:
        return self.parameters[1 : len(self.parameters) - len(self.settings)]

    @cached_property
    def body(self) -> Body:
        """What the rule says."""
        from srcgrad.rulebody import Body, body

        return (
            body(self.code.read().tree, self.parameters, {**MODULES, FAMILY: FAMILY})
            if self.lines is None
            else Body(self.lines())
        )


def instantiate(
    gate: Gate, line: Expr, values: Mapping[str, Expr], flavour: str, simplified: Callable[[Expr], Expr] = simplify
) -> Expr:
    """A line of the gate's rule as code: its names replaced.

    `values` has the results, the operands and the upstream gradients; `flavour` is the module, numpy or math, in which
    functions are written, `simplified` what a person does in the head.
    """
    defaults = {name: default_of(value) for name, value in gate.settings.items() if value is not ...}
    return written(substitute(line, {**defaults, **values}, simplified), flavour)


def default_of(value: object) -> Expr:
    """The default of a setting as an expression."""
    if value is None or isinstance(value, bool):
        return Expr("name", (str(value),))
    return number(value) if isinstance(value, (int, float)) else Expr("text", (repr(value),))


def written(expr: Expr, flavour: str) -> Expr:
    """`expr` with its numpy functions written in `flavour`."""
    if flavour != "math" or not any(node.head == "import" for node in walk(expr)):
        return expr

    def leaf(node: Expr) -> Expr | None:
        if node.head != "import" or not node.leaf.startswith("numpy."):
            return None
        function = node.leaf.removeprefix("numpy.")
        function = _IN_MATH.get(function, function)
        same = hasattr(math, function) and function != "prod"  # of which math takes a list
        return Expr("import", (f"math.{function}",)) if same else None

    return rebuild(expr, leaf)


def _live(function: FunctionType) -> Rule:
    """The rule that a live function is, for its text alone: it is never called."""
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    defaults = function.__defaults__ or ()
    settings = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    return Rule(names, settings, lambda: _text(function))


def _text(function: FunctionType) -> Function:
    from srcgrad.source import check, find, read

    code = function.__code__
    source = check("".join(linecache.getlines(code.co_filename, function.__globals__)), code.co_filename)
    node = find(source, code.co_firstlineno)
    if node is None:
        raise SrcgradError(
            f"the source of the gate {function.__name__} is not to be had ({code.co_filename})",
            hint="define it in a file, a notebook or a prompt that keeps its text",
        )
    return read(source, node)


def _decorator(algebra: str) -> Callable[..., Callable[[Callable[..., Any]], Gate]]:
    def decorator(*spellings: str, shape: str = "") -> Callable[[Callable[..., Any]], Gate]:
        if not spellings or not all(isinstance(text, str) for text in spellings):
            raise SrcgradError(
                "a gate's decorator takes its spellings", hint='as in @srcgrad.elementwise("special(x)")'
            )
        return lambda rule: _made(spellings, rule, shape)

    def _made(spellings: tuple[str, ...], rule: Callable[..., Any], shape: str) -> Gate:
        if not isinstance(rule, FunctionType):
            raise SrcgradError(
                "a gate's rule is a function written with def", hint="as in def special_gate(y, x): dx = slope(x) * dy"
            )
        return Gate(rule.__name__, spellings, algebra, rule, shape=shape)

    return decorator


elementwise = _decorator("elementwise")
linear = _decorator("linear")
bilinear = _decorator("bilinear")
gate = _decorator("general")


def stop(name: str, *spellings: str) -> Gate:
    """Spellings through which no gradient passes; `_` in them stands for any arguments."""
    return Gate(name, spellings, "stop")


CONDITION = Gate("condition", (), "stop")
"""What a branch asks: `x > 0 and not y`."""

STOPPED = Gate("stop_gradient", (), "stop")
"""What `srcgrad.stop_gradient(x)` is: `x` forward, and nothing back."""

COPY = Gate("copy", (), "copy")
"""Handing values on under another name: `a = b`, `a, b = b, a`, `v = [a, b]`."""


class _Room(ModuleType):
    """This module, callable: `srcgrad.gate` is the room to the import system and the decorator to the user."""

    def __call__(self, *spellings: str) -> Callable[[Callable[..., Any]], Gate]:
        return gate(*spellings)


sys.modules[__name__].__class__ = _Room
