"""libcst tree -> Expr: the same expression with its own spelling, ready to be moved about.

Every space, comment and parenthesis of the user's survives, so that an untouched expression prints as it was written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

import libcst as cst

from srcgrad.errors import visible
from srcgrad.expr import Expr, needed, precedence

_UNARY: dict[type[cst.BaseUnaryOp], str] = {cst.Minus: "neg", cst.Plus: "pos", cst.BitInvert: "~", cst.Not: "not"}
_SIGNS: dict[type[cst.BaseBinaryOp], str] = {
    cst.Add: "+", cst.Subtract: "-", cst.Multiply: "*", cst.Divide: "/", cst.FloorDivide: "//", cst.Modulo: "%",
    cst.Power: "**", cst.MatrixMultiply: "@", cst.LeftShift: "<<", cst.RightShift: ">>",
    cst.BitAnd: "&", cst.BitOr: "|", cst.BitXor: "^",
}  # fmt: skip
_BLANK = cst.Module(body=[])


def lower(node: cst.BaseExpression) -> Expr:
    """The expression of `node`, its parentheses included."""
    rule = _RULES.get(type(node))
    expr = Expr("text", (text_of(node),)) if rule is None else rule(node)
    return _enclose(node, expr) if rule is not None and node.lpar else expr


def parse(text: str) -> Expr:
    """The expression that `text` is."""
    return lower(cst.parse_expression(text))


def _enclose(node: cst.BaseExpression, expr: Expr) -> Expr:
    for left, right in zip(reversed(node.lpar), node.rpar, strict=True):
        expr = Expr("paren", ("(" + space(left.whitespace_after), expr, space(right.whitespace_before) + ")"))
    return expr


def space(blank: cst.BaseParenthesizableWhitespace) -> str:
    """The text of white space, comments in it included, as it stands in the body of a function."""
    if isinstance(blank, cst.SimpleWhitespace):
        return blank.value
    return "\n    ".join(map(visible, text_of(blank).split("\n")))


def text_of(node: cst.CSTNode) -> str:
    """The text of any node."""
    return _BLANK.code_for_node(node)


def _name(node: cst.Name) -> Expr:
    # Python compares identifiers in this normal form, libcst hands them back as they were typed.
    return Expr("name", (node.value if node.value.isascii() else unicodedata.normalize("NFKC", node.value),))


def _number(node: cst.Integer | cst.Float | cst.Imaginary) -> Expr:
    return Expr("number", (node.value,))


def _binary(node: cst.BinaryOperation) -> Expr:
    chain = [node]
    while type(node.left) is cst.BinaryOperation and not node.left.lpar:
        node = node.left
        chain.append(node)
    expr = lower(node.left)
    for link in reversed(chain):
        sign, text = _operator(link.operator)
        expr = Expr(sign, (expr, text, lower(link.right)))
    return expr


def _operator(op: cst.BaseBinaryOp) -> tuple[str, str]:
    """The sign of an operator, and its text."""
    sign = _SIGNS[type(op)]
    return sign, _around(op, sign)


def _around(op: cst.BaseBinaryOp | cst.BaseBooleanOp, sign: str) -> str:
    before: cst.BaseParenthesizableWhitespace = op.whitespace_before  # type: ignore[union-attr]
    after: cst.BaseParenthesizableWhitespace = op.whitespace_after  # type: ignore[union-attr]
    return space(before) + sign + space(after)


def _boolean(node: cst.BooleanOperation) -> Expr:
    chain = [node]
    while type(node.left) is cst.BooleanOperation and not node.left.lpar:
        node = node.left
        chain.append(node)
    expr = lower(node.left)
    for link in reversed(chain):
        sign = "and" if isinstance(link.operator, cst.And) else "or"
        expr = Expr(sign, (expr, _around(link.operator, sign), lower(link.right)))
    return expr


def _unary(node: cst.UnaryOperation) -> Expr:
    return Expr(_UNARY[type(node.operator)], (text_of(node.operator), lower(node.expression)))


def _compare(node: cst.Comparison) -> Expr:
    parts: list[Expr | str] = [lower(node.left)]
    for link in node.comparisons:
        parts += [text_of(link.operator), lower(link.comparator)]
    return Expr("compare", tuple(parts))


def _call(node: cst.Call) -> Expr:
    parts: list[Expr | str] = [lower(node.func), space(node.whitespace_after_func) + "("]
    parts.append(space(node.whitespace_before_args))
    for arg in node.args:
        if arg.keyword is not None:
            assert isinstance(arg.equal, cst.AssignEqual)
            head, before = "keyword", _name(arg.keyword).leaf + text_of(arg.equal)
        else:
            head, before = ("star" if arg.star else "arg"), arg.star + space(arg.whitespace_after_star)
        parts.append(Expr(head, (before, lower(arg.value)) if before else (lower(arg.value),)))
        parts.append(_comma(arg.comma) + space(arg.whitespace_after_arg))
    return Expr("call", (*(part for part in parts if part != ""), ")"))


def _comma(comma: cst.Comma | cst.MaybeSentinel) -> str:
    return space(comma.whitespace_before) + "," + space(comma.whitespace_after) if isinstance(comma, cst.Comma) else ""


def _attribute(node: cst.Attribute) -> Expr:
    dot = space(node.dot.whitespace_before) + "." + space(node.dot.whitespace_after)
    return Expr("attribute", (lower(node.value), dot + _name(node.attr).leaf))


def _subscript(node: cst.Subscript) -> Expr:
    element = node.slice[0]
    before = space(node.whitespace_after_value) + "[" + space(node.lbracket.whitespace_after)
    after = space(node.rbracket.whitespace_before) + "]"
    if len(node.slice) == 1 and isinstance(element.slice, cst.Index) and not element.slice.star:
        after = _comma(element.comma) + after
        index = lower(element.slice.value)
        if "," in after:
            index, after = Expr("tuple", (index, _comma(element.comma))), after.partition(",")[2]
        return Expr("subscript", (lower(node.value), before, index, after))
    items: list[Expr | str] = []
    for element in node.slice:
        items.append(_index(element.slice))
        items.append(_comma(element.comma))
    inner = Expr("index", tuple(part for part in items if part != ""))
    return Expr("subscript", (lower(node.value), before, inner, after))


def _index(node: cst.BaseSlice) -> Expr:
    if isinstance(node, cst.Index):
        return Expr("star", ("*", lower(node.value))) if node.star else lower(node.value)
    assert isinstance(node, cst.Slice)
    parts: list[Expr | str] = []
    for bound, colon in ((node.lower, node.first_colon), (node.upper, node.second_colon), (node.step, None)):
        if bound is not None:
            parts.append(lower(bound))
        if isinstance(colon, cst.Colon):
            parts.append(text_of(colon))
    return Expr("slice", tuple(parts))


def _sequence(node: cst.Tuple | cst.List) -> Expr:
    items: list[Expr | str] = []
    for element in node.elements:
        value = lower(element.value)
        items.append(Expr("star", ("*", value)) if isinstance(element, cst.StarredElement) else value)
        items.append(_comma(element.comma))
    parts = tuple(part for part in items if part != "")
    if isinstance(node, cst.Tuple):
        return Expr("tuple", parts)
    left, right = node.lbracket, node.rbracket
    return Expr("list", ("[" + space(left.whitespace_after), *parts, space(right.whitespace_before) + "]"))


def _choice(node: cst.IfExp) -> Expr:
    before = space(node.whitespace_before_if) + "if" + space(node.whitespace_after_if)
    after = space(node.whitespace_before_else) + "else" + space(node.whitespace_after_else)
    return Expr("if", (lower(node.body), before, lower(node.test), after, lower(node.orelse)))


def _named(node: cst.NamedExpr) -> Expr:
    before, after = space(node.whitespace_before_walrus), space(node.whitespace_after_walrus)
    return Expr("named", (lower(node.target), f"{before}:={after}", lower(node.value)))


def _dict(node: cst.Dict) -> Expr:
    parts: list[Expr | str] = ["{" + space(node.lbrace.whitespace_after)]
    for element in node.elements:
        if isinstance(element, cst.DictElement):
            colon = space(element.whitespace_before_colon) + ":" + space(element.whitespace_after_colon)
            parts += [lower(element.key), colon, lower(element.value)]
        else:
            parts.append(Expr("star", ("**", lower(element.value))))
        parts.append(_comma(element.comma))
    parts.append(space(node.rbrace.whitespace_before) + "}")
    return Expr("dict", tuple(part for part in parts if part != ""))


def _formatted(node: cst.FormattedString) -> Expr:
    return Expr("fstring", (node.start, *_inserted(node.parts), node.end))


def _inserted(parts: Sequence[cst.BaseFormattedStringContent]) -> list[Expr | str]:
    found: list[Expr | str] = []
    for part in parts:
        if isinstance(part, cst.FormattedStringExpression):
            found += ["{" + space(part.whitespace_before_expression), lower(part.expression)]
            equal = text_of(part.equal) if part.equal else ""
            conversion = f"!{part.conversion}" if part.conversion else ""
            found.append(space(part.whitespace_after_expression) + equal + conversion)
            if part.format_spec is not None:
                found += [":", *_inserted(part.format_spec)]
            found.append("}")
        else:
            found.append(text_of(part))
    return [part for part in found if part != ""]


def _strings(node: cst.ConcatenatedString) -> Expr:
    parts: list[str] = []
    rest: cst.BaseExpression = node
    while isinstance(rest, cst.ConcatenatedString):
        parts += [text_of(rest.left), space(rest.whitespace_between)]
        rest = rest.right
    return Expr("text", ("".join(parts) + text_of(rest),))


_RULES: dict[type[cst.BaseExpression], Callable[..., Expr]] = {
    cst.Name: _name,
    cst.Integer: _number,
    cst.Float: _number,
    cst.Imaginary: _number,
    cst.BinaryOperation: _binary,
    cst.BooleanOperation: _boolean,
    cst.UnaryOperation: _unary,
    cst.Comparison: _compare,
    cst.Call: _call,
    cst.Attribute: _attribute,
    cst.Subscript: _subscript,
    cst.Tuple: _sequence,
    cst.List: _sequence,
    cst.IfExp: _choice,
    cst.ConcatenatedString: _strings,
    cst.NamedExpr: _named,
    cst.Dict: _dict,
    cst.FormattedString: _formatted,
}


def enclosed(expr: Expr) -> Expr:
    """`expr` with parentheses around the operands that need them, as `render` adds them."""
    parts: list[Expr | str] = []
    for part in expr.parts:
        position = sum(isinstance(before, Expr) for before in parts)
        loose = isinstance(part, Expr) and precedence(part) < needed(expr, position)
        parts.append(Expr("paren", ("(", part, ")")) if loose else part)
    return Expr(expr.head, tuple(parts))
