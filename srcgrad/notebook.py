"""In a notebook: `%load_ext srcgrad` shows derived functions as text and circuit, and gives cells `%%grad`."""

from __future__ import annotations

import argparse
import ast
import shlex
from dataclasses import dataclass
from types import FunctionType
from typing import Any, NoReturn

from srcgrad import api
from srcgrad.compiled import primal_of
from srcgrad.errors import SrcgradError
from srcgrad.look import draw
from srcgrad.staged import Mode
from srcgrad.views.highlight import highlighted

_HINT = "write it as in %%grad --mode vjp --wrt x,y"


def load_ipython_extension(ipython: Any) -> None:
    """Show derived functions, and know `%%grad`; what `%load_ext srcgrad` calls."""

    def grad(line: str, cell: str) -> Shown:
        """Derive the last function of the cell: `%%grad --mode vjp --wrt x,y`; what is derived gets its own name."""
        made = _derived(_run(ipython, cell), line)
        ipython.user_ns.update({function.__name__: function for function in made})
        return Shown(cell.strip("\n") + "\n", made[0].__dict__["source"])

    _formatter(ipython).for_type(FunctionType, shown)
    ipython.register_magic_function(grad, "cell", "grad")


def unload_ipython_extension(ipython: Any) -> None:
    """Show functions as before."""
    _formatter(ipython).pop(FunctionType, None)
    ipython.magics_manager.magics["cell"].pop("grad", None)


def _formatter(ipython: Any) -> Any:
    return ipython.display_formatter.formatters["text/html"]


def shown(function: FunctionType) -> str | None:
    """A derived function as its text, and below it the circuit of its primal; None for any other function."""
    source = getattr(function, "source", None)
    primal = primal_of(function) if isinstance(source, str) else None
    if primal is None:
        return None
    try:
        return highlighted(str(source)) + draw(primal).svg
    except SrcgradError:  # nothing is derived for all of its parameters at once
        return highlighted(str(source))


@dataclass(frozen=True)
class Shown:
    """A function above what was derived from it."""

    function: str
    source: str

    def __repr__(self) -> str:
        return self.source

    def _repr_html_(self) -> str:
        return highlighted(self.function) + highlighted(self.source)


class _Options(argparse.ArgumentParser):
    """What may stand behind `%%grad`."""

    def error(self, message: str) -> NoReturn:
        raise SrcgradError(f"%%grad: {message}", hint=_HINT)


def _derived(function: Any, line: str) -> tuple[FunctionType, ...]:
    """What the options of a line derive from a function."""
    parser = _Options(add_help=False, allow_abbrev=False)
    parser.add_argument("--mode", default="grad")
    parser.add_argument("--wrt")
    try:
        options = parser.parse_args(shlex.split(line))
    except ValueError as error:  # of quotes
        raise SrcgradError(f"%%grad: {str(error).lower()}", hint=_HINT) from None
    modes = [mode.value for mode in Mode]
    if options.mode not in modes:
        raise SrcgradError(f"%%grad: mode {options.mode!r} is none of {', '.join(modes)}", hint=_HINT)
    wrt = tuple(name.strip() for name in options.wrt.split(",")) if options.wrt else ()
    made = getattr(api, options.mode)(function, wrt=wrt[0] if len(wrt) == 1 else wrt or None)
    return made if isinstance(made, tuple) else (made,)


def _run(ipython: Any, cell: str) -> Any:
    """Run a cell, keeping its text where Python finds it, and return its last function."""
    text = ipython.transform_cell(cell)
    tree = ast.parse(text)
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    if not names:
        raise SrcgradError("%%grad: the cell defines no function at its top level", hint="write one with def")
    space: dict[str, Any] = ipython.user_ns
    exec(compile(text, ipython.compile.cache(text), "exec", dont_inherit=True), space)
    return space[names[-1]]
