"""The shape of a value: a number, an array of dimensions that are numbers or symbols, a list of such.

A dimension that is "said" is what the user calls it, so that two of them are two: (N, D) is not (D, N). One that was
"seen" in an argument is not 1, so that it equals every other such that it is added to. Of one that is "open" nothing
is known, not even that it is not 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count


@dataclass(frozen=True, slots=True)
class Symbol:
    """A dimension that is no number: `origin` is "said", "seen" or "open"; `factor` times it, and `offset` added."""

    name: str
    origin: str
    offset: int = 0
    factor: int = 1

    def __str__(self) -> str:
        times = f"{self.factor}*" if self.factor != 1 else ""
        return times + self.name + (f"{self.offset:+d}" if self.offset else "")

    @property
    def plain(self) -> bool:
        """Whether it is a name alone."""
        return not self.offset and self.factor == 1


Dim = int | Symbol


@dataclass(frozen=True, slots=True)
class Shape:
    """`kind` is "scalar", "whole" (a truth value, a count), "list", "tuple", "dict", "array", "any" or "other".

    `length` counts the items of a list or tuple, `names` are those of a dict, `items` their shapes where they are not
    all numbers. An array has `dims`, and `dtype` "float", "int", "range" (whole numbers, each another), "bool" or ""
    where that is not known. "any" is a number or an array: all of one `form` have one shape; "sizes" are the dimensions
    of an array, as a tuple of numbers. `value` is the dimension that a whole number is.
    """

    kind: str
    length: int | None = None
    names: tuple[str, ...] = ()
    dims: tuple[Dim, ...] = ()
    dtype: str = field(default="", compare=False)
    form: int = 0
    items: tuple[Shape, ...] = ()
    value: Dim | None = field(default=None, compare=False)

    @property
    def rank(self) -> int | None:
        """The number of dimensions, None where it is not known."""
        return {"scalar": 0, "whole": 0, "array": len(self.dims)}.get(self.kind)

    @property
    def described(self) -> str:
        """The shape in a docstring's words."""
        if self.kind in ("list", "tuple", "dict") and self.items:
            rows = [item.described or "a number or an array" for item in self.items]
            named = [f"{name} {row}" for name, row in zip(self.names, rows, strict=True)] if self.names else rows
            return f"a {self.kind} of {', '.join(named)}"
        if self.kind == "dict":
            return f"a dict of the numbers {', '.join(self.names)}"
        if self.kind in ("list", "tuple"):
            count = "numbers" if self.length is None else "1 number" if self.length == 1 else f"{self.length} numbers"
            return f"a {self.kind} of {count}"
        if self.kind == "array":
            return f"of shape {self}" if self.named else "an array"
        return {"scalar": "a scalar", "whole": "a whole number"}.get(self.kind, "")

    @property
    def counted(self) -> str:
        """An array with its shape, or with the number of its dimensions where they have no names."""
        if self.named:
            return f"an array of shape {self}"
        return f"an array of {len(self.dims)} dimension{'s' * (len(self.dims) > 1)}"

    @property
    def named(self) -> bool:
        """Whether every dimension has a name that the user gave it."""
        return all(isinstance(dim, int) or (dim.origin == "said" or dim.name.isidentifier()) for dim in self.dims)

    def __str__(self) -> str:
        rows = ", ".join(map(str, self.dims))
        return f"({rows},)" if len(self.dims) == 1 else f"({rows})"


SCALAR = Shape("scalar")
WHOLE = Shape("whole")
NUMERIC = (SCALAR, WHOLE)
Facts = Mapping[str, Shape]
"""What is known, by the key of a variable."""


def array(dims: tuple[Dim, ...], dtype: str = "") -> Shape:
    """An array of these dimensions; without any, a number."""
    if not dims:
        return WHOLE if dtype in ("int", "bool") else SCALAR
    return Shape("array", dims=dims, dtype=dtype)


def smaller(size: Shape | None, whole: Shape | None) -> bool:
    """Whether a shape lacks items that the `whole` has, or may have, which broadcasting makes up for."""
    if size in NUMERIC and whole is not None and whole.kind == "any":
        return True
    if size is None or whole is None or whole.kind != "array" or size.rank is None:
        return False
    ahead = len(whole.dims) - len(size.dims)
    return ahead > 0 or any(one == 1 != two for one, two in zip(size.dims, whole.dims[max(0, ahead) :], strict=False))


def item_of(shape: Shape | None, path: tuple[int | str, ...]) -> Shape | None:
    """What is known of an item of a list, tuple or dict; of one without shapes of its own, that it is a number."""
    for depth, place in enumerate(path):
        if shape is not None and shape.kind == "array":
            left = len(path) - depth
            return array(shape.dims[left:], shape.dtype) if left <= len(shape.dims) else None
        if shape is None or shape.kind not in ("list", "tuple", "dict"):
            return None
        if not shape.items:
            return SCALAR
        index = shape.names.index(place) if isinstance(place, str) and place in shape.names else place
        known = isinstance(index, int) and -len(shape.items) <= index < len(shape.items)
        shape = shape.items[index] if known and isinstance(index, int) else None
    return shape


class Dims:
    """What is known of symbols and forms, while it is found out; a ValueError where two things can't be alike."""

    def __init__(self, mark: str = "?") -> None:
        self._mark = mark
        self._same: dict[Symbol, Dim] = {}
        self._forms: dict[int, Shape] = {}
        self._named: set[str] = set()
        self._count = 0
        self.learnt = 0

    def symbol(self, name: str = "") -> Symbol:
        """A dimension of which nothing is known, under a name that no other has: N may be bound anew, to another."""
        self._count += 1
        own = name if name and name not in self._named else f"{self._mark}{self._count}"
        self._named.add(own)
        return Symbol(own, "open")

    def any(self) -> Shape:
        """A number or array of which nothing is known."""
        self._count += 1
        return Shape("any", form=self._count)

    def find(self, dim: Dim) -> Dim:
        """What stands for all dimensions that are known to equal `dim`."""
        while isinstance(dim, Symbol) and dim in self._same:
            dim = self._same[dim]
        if isinstance(dim, Symbol) and not dim.plain:
            root = self.find(replace(dim, offset=0, factor=1))
            dim = plus(multiple(root, dim.factor), dim.offset)
        return dim

    def resolved(self, shape: Shape) -> Shape:
        """`shape` with all that is known of its form and its dimensions."""
        while shape.kind == "any" and shape.form in self._forms:
            shape = self._forms[shape.form]
        if shape.kind == "array":
            dims = tuple(map(self.find, shape.dims))
            return shape if dims == shape.dims else replace(shape, dims=dims)
        if shape.value is not None:
            return replace(shape, value=self.find(shape.value))
        return shape

    def equal(self, one: Dim, two: Dim) -> Dim:
        """Make two dimensions one."""
        one, two = self.find(one), self.find(two)
        if one == two:
            return one
        flexible = [dim for dim in (two, one) if isinstance(dim, Symbol) and dim.origin != "said" and dim.plain]
        flexible.sort(key=lambda dim: (dim.origin != "open", not dim.name.startswith("?")))
        if not flexible:
            fixed = [dim for dim in (one, two) if isinstance(dim, int) or dim.plain]
            if len(fixed) == 2:
                raise ValueError(f"{one} is not {two}")
            return one
        if 1 in (one, two) and any(isinstance(dim, Symbol) and _more(dim) for dim in (one, two)):
            raise ValueError(f"{one} is not {two}")
        loose = flexible[0]
        self._same[loose] = two if loose == one else one
        return self._same[loose]

    def become(self, shape: Shape, other: Shape) -> None:
        """Make a number or array of unknown shape one of the shape `other`."""
        shape, other = self.resolved(shape), self.resolved(other)
        if shape.kind == "any" and shape != other:
            self._forms[shape.form] = other
            self.learnt += 1

    def alike(self, one: Shape, two: Shape) -> Shape | None:
        """Make two shapes one, of arrays of one rank; None where that can't be told."""
        one, two = self.resolved(one), self.resolved(two)
        if one == two:
            return one
        if one.kind == "array" == two.kind and len(one.dims) == len(two.dims):
            return replace(one, dims=tuple(map(self.equal, one.dims, two.dims)))
        return None

    def wider(self, one: Dim, two: Dim) -> Dim:
        """The dimension of what is made of both by broadcasting."""
        one, two = self.find(one), self.find(two)
        if one == two or two == 1:
            return one
        if one == 1:
            return two
        if all(isinstance(dim, Symbol) and dim.origin == "said" and dim.plain for dim in (one, two)):
            raise ValueError(f"{one} is not {two}")
        if _more(one) and _more(two):
            return self.equal(one, two)
        for dim in (one, two):
            if _more(dim):
                return dim
        return self.symbol()

    def broadcast(self, shapes: Iterator[Shape] | list[Shape]) -> Shape:
        """The shape of what is made of values of these shapes, item by item."""
        found: Shape = WHOLE
        for shape in map(self.resolved, shapes):
            found = self._broadcast(found, shape)
        return found

    def _broadcast(self, one: Shape, two: Shape) -> Shape:
        if two in NUMERIC:
            return one if two == WHOLE or one != WHOLE else two
        if one in NUMERIC:
            return replace(two, dtype="float") if one == SCALAR and two.dtype == "int" else two
        if one == two:
            return replace(one, dtype=mixed(one.dtype, two.dtype))
        if one.kind != "array" or two.kind != "array":
            return self.any()
        short, long = sorted((one.dims, two.dims), key=len)
        ahead = len(long) - len(short)
        dims = (*long[:ahead], *map(self.wider, long[ahead:], short))
        return Shape("array", dims=dims, dtype=mixed(one.dtype, two.dtype))


_APART = count(1)


def broadcast(shapes: list[Shape]) -> Shape:
    """The shape of what is made of values of these shapes, item by item; what is new in it is like nothing else."""
    return Dims(f"?{next(_APART)}·").broadcast(shapes)


def _more(dim: Dim) -> bool:
    """Whether a dimension is known not to be 1."""
    return dim != 1 if isinstance(dim, int) else dim.origin == "seen" and not dim.offset


def mixed(one: str, two: str) -> str:
    """The dtype of what is made of two; a "range" is whole numbers, each another."""
    one, two = ("int" if dtype == "range" else dtype for dtype in (one, two))
    if one == two:
        return one
    if "float" in (one, two):
        return "float"
    return "" if "" in (one, two) else "int"


def multiple(dim: Dim, factor: int) -> Dim:
    """A dimension times a number."""
    if isinstance(dim, int):
        return dim * factor
    return replace(dim, offset=dim.offset * factor, factor=dim.factor * factor)


def plus(dim: Dim, number: int) -> Dim:
    """A dimension with a number added to it."""
    return dim + number if isinstance(dim, int) else replace(dim, offset=dim.offset + number)
