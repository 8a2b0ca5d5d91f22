"""The commands that show a function: `srcgrad trace`, `draw`, `explain` and `check`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from srcgrad.files import gates_of, left_out, same_file, source_of, unusable, write_whole

if TYPE_CHECKING:
    from srcgrad.views.seen import Seen

Inputs = Callable[[argparse.ArgumentParser], None]


def add(commands: Any, inputs: Inputs) -> None:
    """Add the commands; `inputs` gives a command its file and its functions."""
    trace = _command(commands, inputs, "trace", "print Wengert lists, with values where --at gives some")
    trace.set_defaults(run=_trace)
    explain = _command(commands, inputs, "explain", "write a page that plays backprop, with the values of --at")
    explain.add_argument("-o", "--output", metavar="OUT", help="write to OUT (standard output without it)")
    explain.set_defaults(run=_explain)


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
    at = None if options.at is None else arguments(options.at, function, said)
    return seen(function, scope, at, wanted(options), said, not options.no_composites)


def wanted(options: argparse.Namespace) -> tuple[str, ...] | None:
    """The parameters that --wrt names."""
    return tuple(name.strip() for name in options.wrt.split(",")) if options.wrt else None


def _trace(options: argparse.Namespace) -> int:
    from srcgrad.emit import traces

    listings, skipped = traces(source_of(options), options.functions, gates_of(options))
    for error in skipped:
        print(left_out(error), file=sys.stderr)
    if listings:
        print("\n\n".join(map(str, listings)))
    return 0 if listings else 1


def _explain(options: argparse.Namespace) -> int:
    from srcgrad.views.page import page

    if options.output is not None and options.file != "-" and same_file(options.output, options.file):
        unusable(f"srcgrad explain: {options.output} is the input")
    text = page(looked_at(options))
    if options.output is None:
        sys.stdout.write(text)
    else:
        write_whole(Path(options.output), text)
    return 0
