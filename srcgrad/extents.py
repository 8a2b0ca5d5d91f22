"""How large an expression over variables is, and how a broadcast is undone.

A gradient may be smaller than what it is the gradient on, where what reads it broadcasts it anyway: that on each item
of a sum is one number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from srcgrad.arithmetic import divided, times
from srcgrad.expr import BINARY, Expr, bare, binary, call, number, walk
from srcgrad.keys import is_adjoint
from srcgrad.known import Known
from srcgrad.shape import NUMERIC, SCALAR, Dim, Shape, array, broadcast, smaller
from srcgrad.staged import UNBROADCAST
from srcgrad.wengert import Line, Var, reads

_LIKE = frozenset(("numpy.ones_like", "numpy.zeros_like"))
_ITEM_BY_ITEM = frozenset(("paren", "neg", "pos", "compare", "if", "arg", *BINARY)) - {"@"}


def numpy(name: str, *args: Expr, **settings: Expr) -> Expr:
    """A call of a function of numpy."""
    made = call(Expr("import", (f"numpy.{name}",)), *args)
    for keyword, value in settings.items():
        made = Expr("call", (*made.parts[:-1], ", ", Expr("keyword", (f"{keyword}=", value)), ")"))
    return made


def extent(expr: Expr, known: Known) -> Shape | None:
    """The shape of an expression that is computed item by item; None where that can't be told."""
    shapes = list(_parts(expr, known))
    if any(shape is None or shape.rank is None for shape in shapes):
        return None
    found = broadcast([shape for shape in shapes if shape is not None])
    return SCALAR if found in NUMERIC else found if found.kind == "array" else None


def as_large(expr: Expr, whole: Shape | None, known: Known) -> bool:
    """Whether an expression that is computed item by item is as large as `whole`, of which no more need be known."""
    shapes = [*_parts(expr, known)] if whole is not None else []
    return whole in shapes and all(shape == whole or shape in NUMERIC for shape in shapes)


def _parts(expr: Expr, known: Known) -> Iterator[Shape | None]:
    """The shapes of what an expression is made of, None for what is not item by item."""
    stack = [expr]
    while stack:
        node = stack.pop()
        if node.head == "var":
            yield known.kind(node)
        elif node.head in ("number", "import", "name"):
            yield known.facts.get(node.leaf, SCALAR) if node.head == "name" else SCALAR
        elif node.head == "call" and (path := _path(node.operands[0])):
            args = node.operands[1:]
            if path in _LIKE:
                yield known.shape(args[0].operands[0])
            elif path.startswith("math."):
                yield SCALAR
            elif _elementwise(path) and all(arg.head == "arg" for arg in args):
                stack.extend(args)
            else:
                yield None
        elif node.head == "subscript":
            yield _marked(node, known)
        elif node.head == "attribute":
            yield SCALAR if str(node.parts[1]).strip() == ".size" else None
        elif node.head in _ITEM_BY_ITEM:
            stack.extend(node.operands)
        else:
            yield None


def _path(function: Expr) -> str:
    """The path of a library function; "" for any other."""
    if function.head == "attribute" and function.operands[0].head == "import":
        return function.operands[0].leaf + str(function.parts[1]).strip()
    return function.leaf if function.head == "import" else ""


def _elementwise(path: str) -> bool:
    """Whether a function of a library works item by item: listed are those of numpy, and the others of scipy."""
    module, _, name = path.rpartition(".")
    if module.startswith("scipy.stats."):
        return not module.endswith(".multivariate_normal")
    return (module == "numpy" and name in _OF_ITEMS) or (module == "scipy.special" and name not in _WITH_AXES)


_OF_ITEMS = frozenset(
    ("abs", "absolute", "fabs", "negative", "positive", "sign", "square", "sqrt", "cbrt", "reciprocal", "conj",
     "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "arcsin", "arccos", "arctan",
     "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "sinc", "i0", "deg2rad", "rad2deg", "degrees", "radians",
     "floor", "ceil", "rint", "trunc", "round", "nan_to_num", "clip", "where", "ldexp", "spacing", "signbit",
     "add", "subtract", "multiply", "divide", "true_divide", "floor_divide", "power", "pow", "float_power",
     "maximum", "minimum", "fmax", "fmin", "hypot", "arctan2", "logaddexp", "logaddexp2", "fmod", "mod", "remainder",
     "copysign", "heaviside", "isnan", "isinf", "isfinite", "isclose", "equal", "not_equal", "less", "less_equal",
     "greater", "greater_equal", "logical_and", "logical_or", "logical_xor", "logical_not")
)  # fmt: skip
_WITH_AXES = frozenset(("softmax", "logsumexp", "log_softmax"))


def _marked(node: Expr, known: Known) -> Shape | None:
    """The shape of `ds[:, None]`."""
    shape = known.shape(node.operands[0])
    if len(node.operands) > 1 or not isinstance(node.parts[1], str):
        inner = node.operands[1] if len(node.operands) == 2 else None
        whole = bare(node.operands[0])
        if inner is not None and inner.head == "number" and whole.head == "attribute":
            return SCALAR
        return None
    if bare(node.operands[0]).head == "attribute":
        return SCALAR
    marks = [mark.strip() for mark in node.parts[1].strip("[]").split(",")]
    if shape is None or any(mark not in (":", "None") for mark in marks):
        return None
    rest = iter(shape.dims)
    return array(tuple(1 if mark == "None" else next(rest) for mark in marks), shape.dtype)


def spread(value: Expr, like: Expr) -> Expr:
    """`value` in the shape of `like`."""
    return times(numpy("ones_like", like), bare(value))


def stripped(expr: Expr, known: Known) -> Expr:
    """`np.ones_like(x) * e` as `e`, which is broadcast where it is read."""
    rest = _without_ones(bare(expr))
    return rest if rest is not None and extent(rest, known) is not None else expr


def _without_ones(expr: Expr) -> Expr | None:
    """A product or a quotient that begins with ones, without them; None where it does not."""
    if expr.head == "call" and expr.operands[0].head == "import" and expr.operands[0].leaf == "numpy.ones_like":
        return number(1.0)
    if expr.head not in ("*", "/"):
        return None
    first, second = expr.operands
    rest = _without_ones(first)
    if rest is None:
        return None
    return (times if expr.head == "*" else divided)(rest, second)


_PRODUCTS = frozenset(("dot", "inner", "matmul", "solved", "crossed"))
"""The forms of results of which the rules give gradients that are as large as the operands, not as the result."""


_CORES = {"matvec": (1, 2, 1), "vecmat": (1, 1, 2), "vecdot": (0, 1, 1)}
"""How many of the last dimensions of a result, and of its two operands, are not broadcast."""


def fitted(
    gradient: Expr, line: Line, made: Shape | None, to: Shape | None, operand: Var, like: Expr, place: int, known: Known
) -> tuple[Expr, Shape | None]:
    """A gradient through a gate that broadcasts, in the shape of its operand at `place` or smaller; how large it is.

    `made` is the shape of the result, which the gradient has where its operands do not say more.
    """
    size = extent(gradient, known)
    if made is None or to is None or made.rank is None or to.rank is None:
        if made is not None and made == to:
            return gradient, size or to
        if size is not None and made is not None and size != made:
            gradient = spread(gradient, like)
        return _unproved(gradient, made, to, operand.ref), to
    form = line.gate.form[0] if line.gate is not None else ""
    if form in ("dot", "inner") and all(known.facts[var.key].rank for var in reads(line) if var.key in known.facts):
        return gradient, to
    if form in ("matmul", "solved"):
        last = min(2, to.rank)
        ranks = [shape.rank for shape in (known.facts.get(v.key) for v in reads(line)) if shape and shape.rank]
        inside = sum(1 for rank in ranks if rank > 1)
        batch = made.dims[: made.rank - inside] if made.rank else ()
        return undone(gradient, array((*batch, *to.dims[-last:])), to, operand.ref), to
    if form in _CORES:
        batch, own = made.dims[: made.rank - _CORES[form][0]], _CORES[form][1 + place]
        return undone(gradient, array((*batch, *to.dims[-own:])), to, operand.ref), to
    if made == to:
        return gradient, size or to
    alike = size is not None and size.dims == made.dims
    if smaller(size, made) or not (form in _PRODUCTS or alike or _whole(gradient, made, known)):
        gradient = spread(gradient, like)
    return summed(gradient, made, to, operand.ref, known), to


def summed(gradient: Expr, made: Shape, to: Shape, like: Expr, known: Known) -> Expr:
    """As `undone`, the factors that the sum leaves alone outside of it: `np.sum(dout, axis=0) / std`."""
    inside, factors = _split(gradient, to, known)
    if not factors or inside is None or not reads_gradient(inside) or extent(inside, known) != made:
        return undone(gradient, made, to, like)
    total = undone(inside, made, to, like)
    for head, factor in factors:
        total = times(factor, total) if head == "*" else divided(total, factor)
    return total


def _split(expr: Expr, to: Shape, known: Known) -> tuple[Expr | None, Sequence[tuple[str, Expr]]]:
    """A product without the factors that are no larger than `to`, None where nothing is left; and these factors."""
    inner = bare(expr)
    if _within(inner, to, known):
        return None, [("*", inner)]
    if inner.head == "neg":
        rest, factors = _split(inner.operands[0], to, known)
        return rest, [*factors, ("*", number(-1))]
    if inner.head not in ("*", "/"):
        return expr, ()
    first, second = inner.operands
    left, factors = _split(first, to, known)
    if inner.head == "*":
        right, others = _split(second, to, known)
        rest = binary("*", left, right) if left is not None and right is not None else left or right
        return rest, [*factors, *others]
    if _within(second, to, known):
        return left, [*factors, ("/", second)]
    return expr if left is None else binary("/", left, second), () if left is None else factors


def _within(expr: Expr, to: Shape, known: Known) -> bool:
    """Whether an expression is known to be no larger than `to`."""
    size = extent(expr, known)
    if size is None or len(size.dims) > len(to.dims):
        return False
    return all(one in (1, two) for one, two in zip(size.dims[::-1], to.dims[::-1], strict=False))


def _whole(gradient: Expr, made: Shape, known: Known) -> bool:
    """Whether a gradient reads one on each item of the result."""
    return any(node.head == "var" and reads_gradient(node) and known.shape(node) == made for node in walk(gradient))


def _unproved(gradient: Expr, made: Shape | None, to: Shape | None, like: Expr) -> Expr:
    if to in NUMERIC:
        return numpy("sum", bare(gradient))
    return gradient if made in NUMERIC else unknown(gradient, like)


def undone(expr: Expr, made: Shape, to: Shape, like: Expr) -> Expr:
    """`expr`, a gradient of the shape `made`, summed over the axes along which `like`, of shape `to`, was broadcast."""
    if made == to or (made in NUMERIC and to in NUMERIC):
        return expr
    if to in NUMERIC and made.kind != "other":
        return numpy("sum", bare(expr))
    if made.rank is None or to.rank is None or made.rank < to.rank:
        return unknown(expr, like)
    ahead = made.rank - to.rank
    pairs: Sequence[tuple[Dim, Dim]] = list(zip(made.dims[ahead:], to.dims, strict=True))
    if any(one != two and two != 1 for one, two in pairs):
        return unknown(expr, like)
    kept = [i for i, (one, two) in enumerate(pairs) if one != two]
    if ahead:
        expr = numpy("sum", bare(expr), axis=_axes(range(ahead)))
    if kept:
        expr = numpy("sum", bare(expr), axis=_axes(kept), keepdims=Expr("name", ("True",)))
    return expr


def unknown(expr: Expr, like: Expr) -> Expr:
    """The call that finds out which axes these are."""
    if (inner := bare(expr)).head == "if":
        then, test, orelse = inner.operands
        return Expr("if", (unknown(then, like), " if ", test, " else ", unknown(orelse, like)))
    return call(Expr("import", (UNBROADCAST,)), bare(expr), like)


def _axes(axes: Sequence[int]) -> Expr:
    if len(axes) == 1:
        return number(axes[0])
    return Expr("text", (f"({', '.join(map(str, axes))})",))


def reads_gradient(expr: Expr) -> bool:
    """Whether an expression reads some gradient."""
    return any(is_adjoint(node) for node in walk(expr))
