"""The commands that show a function: `srcgrad trace`, `draw`, `explain` and `check`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from srcgrad.files import colour, gates_of, left_out, source_of, unusable

if TYPE_CHECKING:
    from srcgrad.views.seen import Seen

Inputs = Callable[[argparse.ArgumentParser], None]


def add(commands: Any, inputs: Inputs) -> None:
    """Add the commands; `inputs` gives a command its file and its functions."""
    trace = _command(commands, inputs, "trace", "print Wengert lists, with values where --at gives some")
    trace.add_argument("--backward", action="store_true", help="print the emitted reverse pass with its values")
    trace.set_defaults(run=_trace)


def _command(commands: Any, inputs: Inputs, name: str, help_: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_)
    inputs(parser)
    parser.add_argument("--at", metavar="VALUES", help='the arguments, as in a call: "x=-2, W=np.ones((2, 3))"')
    parser.add_argument("--wrt", metavar="X,W", help="the parameters to differentiate, by name, with commas between")
    parser.add_argument("--shapes", metavar="SHAPES", help='what the parameters are: "X: N D; b: D; s:"')
    parser.add_argument("--no-composites", action="store_true", help="every gate by itself: exp and 1/x, no sigmoid")
    return parser


def looked_at(options: argparse.Namespace) -> Seen:
    """The function that a command is about, with values where --at gives some."""
    from srcgrad.emit import target
    from srcgrad.views.given import arguments
    from srcgrad.views.seen import seen

    function, scope, said = target(source_of(options), options.functions, gates_of(options), options.shapes or "")
    at = None if options.at is None else arguments(options.at, function, said, not scope.numbers_only)
    return seen(function, scope, at, wanted(options), said, not options.no_composites)


def wanted(options: argparse.Namespace) -> tuple[str, ...] | None:
    """The parameters that --wrt names."""
    return tuple(name.strip() for name in options.wrt.split(",")) if options.wrt else None


def _trace(options: argparse.Namespace) -> int:
    if options.at is not None:
        return _trace_values(options)
    if options.backward:
        unusable("srcgrad trace: --backward shows values: give --at")
    from srcgrad.emit import traces

    listings, skipped = traces(
        source_of(options), options.functions, gates_of(options), composites=not options.no_composites
    )
    for error in skipped:
        print(left_out(error), file=sys.stderr)
    if listings:
        print("\n\n".join(map(str, listings)))
    return 0 if listings else 1


def _trace_values(options: argparse.Namespace) -> int:
    from srcgrad.views.table import backward, forward

    seen = looked_at(options)
    table = backward(seen) if options.backward else forward(seen)
    print(table.text)
    if table.stopped:
        print(table.stopped.report(colour()), file=sys.stderr)
    return 1 if table.stopped else 0
