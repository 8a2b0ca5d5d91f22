"""A gate: the spellings it is written in, its algebra, and its rule, which is the code to emit.

    @elementwise("x * y", "np.multiply(x, y)")
    def multiply(z, x, y):
        dx = y * dz
        dy = x * dz

The header's strings are patterns whose holes are the rule's parameters; the first parameter is the result, those
with a default are settings. The body is read, never run, and not before it is needed.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from srcgrad.arithmetic import simplify
from srcgrad.expr import Expr, bare, rebuild, substitute, walk

# What numpy calls otherwise than math; every other function has one name in both.
_IN_MATH = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2",
    "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "power": "pow",
}  # fmt: skip
MODULES = {"np": "numpy", "math": "math"}


@dataclass(frozen=True, eq=False)
class Gate:
    """`algebra` is "elementwise", "linear", "bilinear", "general", "stop" (nothing passes) or "copy" (handed on)."""

    name: str
    spellings: tuple[str, ...]
    algebra: str
    rule: Callable[..., Any] | None = None

    @property
    def stops(self) -> bool:
        return self.algebra == "stop"

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The result, the operands and the settings, as the rule names them."""
        if self.rule is None:
            return ()
        code = self.rule.__code__
        return code.co_varnames[: code.co_argcount]

    @cached_property
    def settings(self) -> Mapping[str, object]:
        """The settings and their defaults."""
        defaults = (self.rule.__defaults__ or ()) if self.rule else ()
        return dict(zip(self.parameters[len(self.parameters) - len(defaults) :], defaults, strict=True))

    @property
    def operands(self) -> tuple[str, ...]:
        return self.parameters[1 : len(self.parameters) - len(self.settings)]

    @cached_property
    def local_gradients(self) -> Mapping[str, Expr]:
        """For each operand the right side of its line in the rule."""
        import inspect

        import libcst as cst

        from srcgrad.lower import lower

        assert self.rule is not None
        tree = cst.parse_module(textwrap.dedent(inspect.getsource(self.rule))).body[0]
        assert isinstance(tree, cst.FunctionDef)
        gradients = {}
        for line in tree.body.body:
            assert isinstance(line, cst.SimpleStatementLine)
            for statement in line.body:
                if isinstance(statement, cst.Assign):
                    target = statement.targets[0].target
                    assert isinstance(target, cst.Name)
                    gradients[target.value[1:]] = self._own(lower(statement.value))
        return gradients

    def _own(self, expr: Expr) -> Expr:
        """A rule's expression with its own names as variables and library functions as imports."""
        result, upstream = self.parameters[0], "d" + self.parameters[0]
        own = {*self.parameters, upstream, result}

        def leaf(node: Expr) -> Expr | None:
            if node.head == "name" and node.leaf in own:
                return Expr("var", (node.leaf,))
            if node.head == "attribute" and bare(node.operands[0]).head == "name":
                module = MODULES.get(node.operands[0].leaf)
                text = node.parts[1]
                return Expr("import", (f"{module}{text}",)) if module and isinstance(text, str) else None
            return None

        return rebuild(expr, leaf)


def instantiate(gate: Gate, operand: str, values: Mapping[str, Expr], upstream: Expr, flavour: str) -> Expr:
    """The local gradient on `operand` times `upstream`, as code: the rule's line with its names replaced.

    `values` has the result and the operands; `flavour` is the module, numpy or math, in which functions are written.
    """
    rule = gate.local_gradients[operand]
    return written(substitute(rule, {**values, "d" + gate.parameters[0]: upstream}, simplify), flavour)


def written(expr: Expr, flavour: str) -> Expr:
    """`expr` with its numpy functions written in `flavour`."""
    if flavour != "math" or not any(node.head == "import" for node in walk(expr)):
        return expr

    def leaf(node: Expr) -> Expr | None:
        if node.head != "import" or not node.leaf.startswith("numpy."):
            return None
        function = node.leaf.removeprefix("numpy.")
        return Expr("import", ("math." + _IN_MATH.get(function, function),))

    return rebuild(expr, leaf)


Rule = Callable[..., Any]


def _decorator(algebra: str) -> Callable[..., Callable[[Rule], Gate]]:
    def decorator(*spellings: str) -> Callable[[Rule], Gate]:
        return lambda rule: Gate(rule.__name__, spellings, algebra, rule)

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

COPY = Gate("copy", (), "copy")
"""Handing values on under another name: `a = b`, `a, b = b, a`, `v = [a, b]`."""
