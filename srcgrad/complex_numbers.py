"""Which values are complex numbers: a gradient passes through real ones only."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from srcgrad.errors import SrcgradError
from srcgrad.expr import Expr, bare, walk
from srcgrad.wengert import Line, Wengert, reads

_MAKERS = frozenset(
    ("builtins.complex", "numpy.roots", "numpy.linalg.eig", "numpy.linalg.eigvals", "scipy.linalg.eig",
     "scipy.linalg.eigvals", "scipy.signal.hilbert", "scipy.signal.freqz")
)  # fmt: skip
_REAL_TRANSFORMS = ("irfft", "irfft2", "irfftn", "hfft", "fftfreq", "rfftfreq", "fftshift", "ifftshift", "dct", "dst")
_PARTS = frozenset(("real", "imag", "abs", "absolute", "angle"))


def check_real(wengert: Wengert, active: frozenset[str], meaning: Callable[[Expr], str]) -> None:
    """Refuse a gate that would hand a gradient on through a complex number. `meaning` is the path of a function.

    A Fourier transform in a spelling of the book is the rule's own affair.
    """
    found: set[str] = set()
    for line in wengert.lines:
        literal = next(_literals(line), None)
        known = [var for var in reads(line) if var.key in found]
        made = literal is not None or any(_makes(node, meaning) for node in _inside(line))
        gate = line.gate
        if gate is not None and not gate.own and "fft" not in line.spelling:
            through = any(target.key in active for target in line.targets) and gate.algebra != "copy"
            step = gate.name == "sign" and bool(known or made)  # of a complex number it is one, no step
            if step or (through and (literal or any(var.key not in active for var in known))):
                raise SrcgradError(
                    "srcgrad differentiates real numbers only",
                    line.statement.span(literal or line.site),
                    "split it into parts",
                )
        if (known or made) and not _real(line):
            found |= {target.key for target in line.targets}


def _literals(line: Line) -> Iterator[Expr]:
    """The imaginary numbers that a line has written out."""
    imaginary = [value for value in line.args.values() if isinstance(value, Expr) and _imaginary(value)]
    if imaginary or line.gate is None or line.gate.stops:
        yield from (node for node in walk(line.site) if _imaginary(node))


def _imaginary(node: Expr) -> bool:
    return node.head == "number" and node.leaf[-1] in "jJ"


def _inside(line: Line) -> Iterator[Expr]:
    """The calls of a line that has no rule for them."""
    if line.gate is None or line.gate.stops:
        yield from (node for node in walk(line.expr) if node.head == "call")


def _makes(call: Expr, meaning: Callable[[Expr], str]) -> bool:
    """Whether a call gives complex numbers."""
    path = meaning(call.operands[0])
    module, _, name = path.rpartition(".")
    transform = module in ("numpy.fft", "scipy.fft") and not name.startswith(_REAL_TRANSFORMS)
    return transform or path in _MAKERS or module == "cmath"


def _real(line: Line) -> bool:
    """Whether what is made of complex numbers is real: a part of them, a length, what a stop asks of them."""
    if line.gate is not None and (line.gate.stops or line.gate.name in ("absolute", "real", "angle")):
        return True
    inner = bare(line.expr)
    function = bare(inner.operands[0]) if inner.head == "call" else inner
    name = function.leaf.rpartition(".")[2] if function.head in ("name", "import") else str(function.parts[-1])
    return name.strip(". ") in _PARTS
