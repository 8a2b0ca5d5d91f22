"""The arithmetic a person does in the head while writing a gradient down: ones, zeros, signs and numeric factors.

Only what is exact: two factors are multiplied when their product is the very number that is printed.
"""

from __future__ import annotations

import math
from collections.abc import Set
from fractions import Fraction

from srcgrad.expr import LEAVES, Expr, bare, binary, constant, number, same
from srcgrad.summing import summed


def simplify(expr: Expr) -> Expr:
    """`expr`, of which an operand has just been replaced, as a person would write it; its operands stay as they are."""
    head = expr.head
    if head == "attribute" and expr.parts[1] == ".T":
        inner = bare(expr.operands[0])
        return bare(inner.operands[0]) if inner.head == "attribute" and inner.parts[1] == ".T" else expr
    if head in ("subscript", "call"):
        return summed(expr) or expr
    if head == "paren":
        inner = bare(expr)
        return inner if inner.head in LEAVES or inner.head in ("call", "subscript", "attribute", "list") else expr
    if head == "neg":
        return negate(expr.operands[0])
    rule = _RULES.get(head)
    return rule(*expr.operands) if rule else expr


def grouped(expr: Expr) -> Expr:
    """As `simplify`, of arrays: products stay as they are grouped, so that small factors meet before large ones."""
    if expr.head != "*":
        return simplify(expr)
    left, right = expr.operands
    if constant(left) is not None or constant(right) is not None:
        return times(left, right)
    quotient = bare(right)
    if quotient.head == "/" and (one := constant(quotient.operands[0])) in (1, -1):
        return divided(left if one == 1 else negate(left), quotient.operands[1])
    coefficient, rest = _split(right)
    scaled = scale(left, coefficient) if coefficient != 1 and rest is not None else None
    if scaled is None or rest is None:
        return expr
    return grouped(binary("*", scaled, rest) if scaled.head != "var" else binary("*", rest, scaled))


def times(left: Expr, right: Expr) -> Expr:
    """`left * right`: `left` a local gradient, `right` the upstream."""
    left_value, right_value = constant(left), constant(right)
    if left_value == 0 or right_value == 0:
        return number(0)
    if left_value == 1:
        return _as_number(right)
    if right_value == 1:
        return _as_number(left)
    if left_value == -1:
        return negate(right)
    if right_value == -1:
        return negate(left)
    coefficient, rest = _split(right)
    if coefficient != 1:
        scaled = scale(left, coefficient)
        if scaled is not None:
            return scaled if rest is None else times(scaled, rest)
        if coefficient == -1:
            return negate(left) if rest is None else times(negate(left), rest)
        left = binary("*", number(coefficient), bare(left) if bare(left).head == "*" else left)
    return left if rest is None else _append(left, rest)


def _as_number(expr: Expr) -> Expr:
    """`1 * expr`: a mask stays a product, a bool is no gradient."""
    inner = bare(expr)
    return binary("*", number(1.0), expr) if inner.head == "compare" else inner


def _append(left: Expr, right: Expr) -> Expr:
    """`left * right`, with the factors of `right` in one row: `a * (b * c)` is `a * b * c`."""
    inner = bare(right)
    if inner.head in ("*", "/"):
        first, second = inner.operands
        row = left if constant(first) == 1 else _append(left, first)
        return binary("*", row, second) if inner.head == "*" else divided(row, second)
    return binary("*", left, right)


def _split(expr: Expr) -> tuple[int | float, Expr | None]:
    """`expr` as a numeric coefficient times the rest; no rest where it is a number."""
    value = constant(expr)
    if value is not None:
        return value, None
    inner = bare(expr)
    if inner.head == "neg":
        coefficient, rest = _split(inner.operands[0])
        return -coefficient, rest
    if inner.head == "*":
        coefficient, rest = _split(inner.operands[0])
        second = inner.operands[1]
        if coefficient != 1:
            return coefficient, second if rest is None else binary("*", rest, second)
    return 1, expr


def scale(expr: Expr, factor: int | float) -> Expr | None:
    """`expr` times `factor` by changing a number that stands in it; None where none does, or not exactly."""
    expr = bare(expr)
    if factor == 1:
        return expr
    value = constant(expr)
    if value is not None:
        product = _exact(value, factor)
        return None if product is None else number(product)
    if expr.head == "neg":
        return scale(expr.operands[0], -factor)
    if expr.head == "-" and factor == -1:
        return negate(expr)
    if expr.head not in ("*", "/"):
        return None
    left, right = expr.operands
    scaled = scale(left, factor)
    if scaled is not None:
        return times(scaled, right) if expr.head == "*" else binary("/", scaled, right)
    if expr.head == "*":
        scaled = scale(right, factor)
        return None if scaled is None else times(left, scaled)
    divisor = constant(right)
    if divisor and Fraction(factor) % Fraction(divisor) == 0:
        return times(number(factor // divisor), left)
    return None


def _exact(left: int | float, right: int | float) -> int | float | None:
    product = left * right
    if not all(map(math.isfinite, (left, right, product))) or Fraction(left) * Fraction(right) != Fraction(product):
        return None
    return product


def negate(expr: Expr) -> Expr:
    """`-expr`, with the sign where it is least in the way."""
    inner = bare(expr)
    value = constant(inner)
    if value is not None:
        return number(-value) if value else number(value)
    if inner.head == "compare":
        return binary("*", number(-1.0), expr)
    if inner.head == "neg":
        return bare(inner.operands[0])
    if inner.head in ("*", "/"):
        scaled = scale(inner, -1)
        if scaled is not None:
            return scaled
        left, right = inner.operands
        if bare(left).head in ("compare", "~"):  # truth values have no sign
            return binary(inner.head, left, negate(right))
        return binary(inner.head, negate(left), right)
    if inner.head == "-":
        return binary("-", inner.operands[1], inner.operands[0])
    return Expr("neg", ("-", expr))


def plus(left: Expr, right: Expr) -> Expr:
    """`left + right`."""
    if constant(left) == 0:
        return bare(right)
    if constant(right) == 0:
        return bare(left)
    inner = bare(right)
    if inner.head in ("+", "-"):
        first, second = inner.operands
        return binary(inner.head, plus(left, first), second)
    total = _sum(left, right)
    if total is not None:
        return total
    positive = without_sign(right)
    if positive is not None:
        return binary("-", bare(left), positive)
    first = bare(left)
    return binary("-", inner, first.operands[0]) if first.head == "neg" else binary("+", first, inner)


def _sum(left: Expr, right: Expr) -> Expr | None:
    """The sum of two numbers, or twice a thing."""
    a, b = constant(left), constant(right)
    if a is not None and b is not None and Fraction(a) + Fraction(b) == Fraction(a + b):
        return number(a + b)
    return times(number(2), left) if a is None and same(left, right) else None


def minus(left: Expr, right: Expr) -> Expr:
    """`left - right`."""
    a, b = constant(left), constant(right)
    if a is not None and b is not None and Fraction(a) - Fraction(b) == Fraction(a - b):
        return number(a - b)
    if a == 0:
        return negate(right)
    if b == 0:
        return bare(left)
    positive = without_sign(right)
    return binary("-", left, right) if positive is None else plus(left, positive)


def without_sign(expr: Expr) -> Expr | None:
    """What `expr` is the negative of, where its text begins with a minus; else None."""
    inner = bare(expr)
    value = constant(inner)
    if value is not None:
        return number(-value) if value < 0 else None
    if inner.head == "neg":
        return inner.operands[0]
    if inner.head in ("*", "/"):
        left = without_sign(inner.operands[0])
        if left is not None:
            return times(left, inner.operands[1]) if inner.head == "*" else binary("/", left, inner.operands[1])
        second = bare(inner.operands[1])
        if inner.head == "*" and second.head == "neg":
            return binary("*", inner.operands[0], second.operands[0])
    return None


def divided(left: Expr, right: Expr) -> Expr:
    """`left / right`."""
    if constant(left) == 0:
        return number(0)
    divisor = constant(right)
    if divisor == 1:
        return bare(left)
    coefficient, rest = _split(left)
    if divisor and (rest is None or coefficient != 1) and math.isfinite(divisor):
        quotient = coefficient // divisor if coefficient % divisor == 0 else coefficient / divisor
        if math.isfinite(quotient) and Fraction(quotient) == Fraction(coefficient) / Fraction(divisor):
            return number(quotient) if rest is None else times(number(quotient), rest)
    return binary("/", bare(left) if bare(left).head in ("*", "/") else left, right)


def power(base: Expr, exponent: Expr) -> Expr:
    """`base ** exponent`."""
    value = constant(exponent)
    if value == 0:
        return number(1)
    return bare(base) if value == 1 else binary("**", base, exponent)


def as_gradient(expr: Expr, wholes: Set[str] = frozenset()) -> Expr:
    """`expr` as the whole of a gradient: a float, never a truth value or an int (`wholes` are names of such)."""
    inner = bare(expr)
    value = constant(inner)
    if value is not None:
        return number(float(value))
    if inner.head == "*" and _is_truth(bare(inner.operands[1]), wholes):
        return binary("*", as_gradient(inner.operands[0], wholes), inner.operands[1])
    if inner.head == "neg" and _is_truth(bare(inner.operands[0]), wholes):
        return binary("*", number(-1.0), inner.operands[0])
    return binary("*", number(1.0), expr) if _is_whole(inner, wholes) else expr


def _is_truth(expr: Expr, wholes: Set[str]) -> bool:
    return expr.head == "compare" or (expr.head in ("var", "name") and expr.leaf in wholes)


def _is_whole(expr: Expr, wholes: Set[str]) -> bool:
    """Whether `expr` is made of ints and truth values by operations that keep them such."""
    stack = [expr]
    while stack:
        node = bare(stack.pop())
        if node.head in ("+", "-", "*", "neg"):
            stack.extend(node.operands)
        elif node.head == "subscript":
            stack.append(node.operands[0])
        elif not (isinstance(constant(node), int) or _is_truth(node, wholes)):
            return False
    return True


_RULES = {"*": times, "/": divided, "+": plus, "-": minus, "**": power}
