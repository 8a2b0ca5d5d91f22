"""Which values are complex numbers: a gradient passes through real ones only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr, bare, walk
from srcgrad.nearest import path_of
from srcgrad.scope import Scope
from srcgrad.wengert import Line, Parameter, Wengert, flat, reads

_TYPES = frozenset(
    ("builtins.complex", "numpy.complex64", "numpy.complex128", "numpy.complex256", "numpy.csingle", "numpy.cdouble",
     "numpy.clongdouble", "complex", "complex64", "complex128", "complex256", "c8", "c16")
)  # fmt: skip
"""The types of complex numbers, by their paths and as texts."""

_LETTERS = frozenset(("'D'", "'F'", '"D"', '"F"'))
"""Those that one letter stands for, where a type is asked for."""

_MAKERS = frozenset(
    ("numpy.roots", "numpy.linalg.eig", "numpy.linalg.eigvals", "scipy.linalg.eig", "scipy.linalg.eigvals",
     "scipy.signal.hilbert", "scipy.signal.freqz", "scipy.signal.freqs", "scipy.signal.sosfreqz", "scipy.signal.stft",
     "scipy.signal.csd", "scipy.special.wofz", "scipy.special.lambertw", "scipy.special.sph_harm",
     "scipy.special.sph_harm_y", "scipy.special.hankel1", "scipy.special.hankel1e", "scipy.special.hankel2",
     "scipy.special.hankel2e", "numpy.polynomial.polynomial.polyroots", *_TYPES)
)  # fmt: skip
_MODULES = ("cmath", "numpy.emath", "numpy.lib.scimath")
_REAL_TRANSFORMS = ("irfft", "irfft2", "irfftn", "hfft", "fftfreq", "rfftfreq", "fftshift", "ifftshift", "dct", "dst")
_PARTS = frozenset(("real", "imag", "abs", "absolute", "angle", "norm"))


def check_real(wengert: Wengert, active: frozenset[str], scope: Scope) -> None:
    """Refuse a gate that would hand a gradient on through a complex number; `scope` tells what its names mean.

    A Fourier transform in a spelling of the book is the rule's own affair.
    """
    meaning = partial(path_of, scope=scope)
    found = {param.var.key for param in wengert.params if _complex(param)}
    for param in wengert.params:
        if param.var.key in found & active:
            raise SrcgradError("srcgrad differentiates real numbers only", param.span, "split it into parts")
    for line in wengert.lines:
        literal = next(_literals(line, meaning), None)
        known = [var for var in reads(line) if var.key in found]
        made = (
            literal is not None or any(_makes(node, meaning) for node in _inside(line)) or _held(line, wengert, scope)
        )
        gate = line.gate
        if gate is not None and not gate.own and "fft" not in line.spelling:
            through = any(target.key in active for target in line.targets) and gate.algebra != "copy"
            step = gate.name == "sign" and bool(known or made)  # of a complex number it is one, no step
            if step or (through and (literal or any(var.key not in active for var in known))):
                raise SrcgradError(
                    "srcgrad differentiates real numbers only",
                    line.statement.span(next((node for node in walk(line.site) if node is literal), line.site)),
                    "split it into parts",
                )
        if (known or made) and not _real(line):
            found |= {target.key for target in line.targets}


def _literals(line: Line, meaning: Callable[[Expr], str]) -> Iterator[Expr]:
    """The imaginary numbers, and the types of complex numbers, that a line has written out."""
    values = (value for one in line.args.values() for value in flat(one) if isinstance(value, Expr))
    asked = line.args.get("dtype")
    if isinstance(asked, Expr) and asked.head == "text" and asked.leaf in _LETTERS:
        yield asked
    for value in (line.site, *values) if line.gate is None or line.gate.stops else values:
        yield from (node for node in walk(value) if _imaginary(node) or _type(node, meaning))


def _imaginary(node: Expr) -> bool:
    return node.head == "number" and node.leaf[-1] in "jJ"


def _type(node: Expr, meaning: Callable[[Expr], str]) -> bool:
    """Whether this is the name of a type of complex numbers."""
    if node.head == "text":
        return node.leaf.strip("'\"") in _TYPES and node.leaf[:1] in ("'", '"')
    return node.head in ("name", "import", "attribute") and meaning(node) in _TYPES


def _complex(param: Parameter) -> bool:
    """Whether a parameter is said to be a complex number."""
    return param.annotation == "complex" or bool(re.search(r"\d\.?[jJ]\b", param.default))


def _inside(line: Line) -> Iterator[Expr]:
    """The calls of a line that has no rule for them."""
    if line.gate is None or line.gate.stops:
        yield from (node for node in walk(line.expr) if node.head == "call")


def _held(line: Line, wengert: Wengert, scope: Scope) -> bool:
    """Whether a line without a rule reads a global that holds complex numbers."""
    names = [node.leaf for node in walk(line.expr) if node.head == "name"] if line.gate is None else ()
    homes = ((wengert.homes.get(name), name) for name in names)
    return any(home.scope.imaginary(home.name) if home else scope.imaginary(name) for home, name in homes)


def _makes(call: Expr, meaning: Callable[[Expr], str]) -> bool:
    """Whether a call gives complex numbers."""
    path = meaning(call.operands[0])
    module, _, name = path.rpartition(".")
    transform = module in ("numpy.fft", "scipy.fft") and not name.startswith(_REAL_TRANSFORMS)
    return transform or path in _MAKERS or module in _MODULES


def _real(line: Line) -> bool:
    """Whether what is made of complex numbers is real: a part of them, a length, what a stop asks of them."""
    gate = line.gate
    if gate is not None and ((gate.stops and gate.name not in ("made", "step")) or gate.name in _PARTS):
        return True
    inner = bare(line.expr)
    function = bare(inner.operands[0]) if inner.head == "call" else inner
    name = function.leaf.rpartition(".")[2] if function.head in ("name", "import") else str(function.parts[-1])
    return name.strip(". ") in _PARTS
