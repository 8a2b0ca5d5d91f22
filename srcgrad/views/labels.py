"""What a gate of the circuit is called: the symbols of the cs231n notes, a literal operand in them."""

from __future__ import annotations

from collections.abc import Mapping

from srcgrad.expr import BINARY, Expr, bare, keys
from srcgrad.names import Names
from srcgrad.views.seen import Entry
from srcgrad.wengert import Line, Pack, Value, ref

_SYMBOLS: Mapping[str, str] = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "matmul": "@", "power": "**", "modulo": "%",
    "negative": "*-1", "reciprocal": "1/x", "reciprocal_function": "1/x", "square": "**2", "maximum": "max",
    "minimum": "min", "absolute": "abs", "maximum_of_many": "max", "minimum_of_many": "min", "copy": "=",
    "zero_to_the": "0**", "index": "[]", "relu": "max 0",
}  # fmt: skip
_SWAPS = frozenset(("add", "multiply", "maximum", "minimum", "maximum_of_many", "minimum_of_many", "sum_of_many"))
_LONGEST = 24


def label(entry: Entry, names: Names) -> str:
    """The label of an input or gate: never longer than what stands well in a circuit."""
    return _clipped(_label(entry, names), _LONGEST)


def swaps(entry: Entry) -> bool:
    """Whether it says the same whichever operand is first."""
    return entry.line is not None and entry.line.gate is not None and entry.line.gate.name in _SWAPS


def text_of(entry: Entry, names: Names) -> str:
    """The whole line, as the list has it; of an input its name."""
    if entry.line is None:
        return entry.name
    text = plain(names.text(bare(entry.line.expr)))
    return f"{names.text(entry.line.target)} = {text}" if entry.line.targets else text


def plain(text: str) -> str:
    """A text of one line, without letters that no picture can hold."""
    text = " ".join(text.split())
    return (
        text
        if text.isprintable()
        else "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)
    )


def _clipped(text: str, longest: int) -> str:
    """A text of one line, cut where it is too long."""
    text = plain(text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _label(entry: Entry, names: Names) -> str:
    line = entry.line
    if line is None:
        return entry.name
    if line.gate is None or line.gate.name == "condition":
        return names.text(bare(line.expr))
    name = line.gate.name
    values = list(line.args.values())
    if name == "copy" and values and not any(map(_carries, values)):
        return names.text(ref(values[0]))
    if name == "index":
        return _subscript(bare(line.expr), names)
    if name == "power_by_number":
        return f"**{_literal(line.args['n'], names)}"
    if name == "number_to_the":
        return f"{_literal(line.args['n'], names)}**"
    symbol = _SYMBOLS.get(name)
    if symbol is None:
        return _called(line, names)
    if len(values) == 2 and (symbol in BINARY or symbol in ("max", "min")):
        return _with_literal(symbol, values[0], values[1], names, swaps(entry))
    return symbol


def _with_literal(symbol: str, left: Value, right: Value, names: Names, swapped: bool) -> str:
    """`+1`, `*-1`, `2-`: the symbol of a gate of two operands with the one that is no variable."""
    if _carries(left) and _carries(right):
        return symbol
    word = f"{symbol} " if symbol.isalpha() else symbol
    if not _carries(right):
        return f"{word}{_literal(right, names)}"
    text = _literal(left, names)
    return f"{word}{text}" if swapped else f"{text}{symbol}"


def _carries(value: Value) -> bool:
    """Whether an operand is a wire, and no literal."""
    if isinstance(value, Pack):
        return any(map(_carries, value.items))
    return not isinstance(value, Expr) or bool(keys(value))


def _literal(value: Value, names: Names) -> str:
    return names.text(bare(ref(value)))


def _subscript(expr: Expr, names: Names) -> str:
    """What stands in the brackets, and they."""
    if expr.head != "subscript":
        return "[]"
    return names.text(expr).removeprefix(names.text(expr.operands[0]))


def _called(line: Line, names: Names) -> str:
    """A gate without a symbol: the function or attribute that the user writes, with its literals, where it is that."""
    assert line.gate is not None
    expr = bare(line.expr)
    if expr.head == "call" and line.spelling.count("(") <= 1 and not line.title:
        name = names.text(expr.operands[0]).rpartition(".")[2]
        literals = ", ".join(names.text(arg) for arg in expr.operands[1:] if not keys(arg))
        return f"{name}({literals})" if literals else name
    if expr.head == "attribute":
        return names.text(expr).removeprefix(names.text(expr.operands[0]))
    return line.gate.name.replace("_", " ")
