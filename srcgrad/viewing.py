"""The commands that show a function: `srcgrad trace`, `draw`, `explain` and `check`; and the book: `srcgrad gates`."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

from srcgrad.files import apart, colour, gates_of, left_out, source_of, unusable, write_whole

if TYPE_CHECKING:
    from srcgrad.facts import Said
    from srcgrad.scope import Scope
    from srcgrad.source import Function
    from srcgrad.views.seen import Seen

FORMATS = ("svg", "html", "dot", "mermaid")

Inputs = Callable[[argparse.ArgumentParser], None]


def add(commands: Any, inputs: Inputs) -> None:
    """Add the commands; `inputs` gives a command its file and its functions."""
    trace = _command(commands, inputs, "trace", "print Wengert lists, with values where --at gives some")
    trace.add_argument("--backward", action="store_true", help="print the emitted reverse pass with its values")
    trace.set_defaults(run=_trace)
    check = _command(commands, inputs, "check", "hold derivatives against differences, at the values of --at")
    check.add_argument("--plot", dest="output", metavar="PNG", help="draw the error of differences against their step")
    check.set_defaults(run=_check)
    draw = _command(commands, inputs, "draw", "draw the circuit of a function, with values where --at gives some")
    draw.add_argument("--format", choices=FORMATS, help="what to write (what the name of OUT says, else svg)")
    draw.add_argument(
        "--width", metavar="N", type=int, default=1200, help="where it goes on below, in pixels; 0: never"
    )
    draw.add_argument("-o", "--output", metavar="OUT", help="write to OUT (standard output without it)")
    draw.set_defaults(run=_draw)
    explain = _command(commands, inputs, "explain", "write a page that plays backprop, with the values of --at")
    explain.add_argument("-o", "--output", metavar="OUT", help="write to OUT (standard output without it)")
    explain.set_defaults(run=_explain)
    gates = commands.add_parser("gates", help="list the gates, or show some of them whole")
    gates.add_argument("pattern", metavar="PATTERN", nargs="?", help="a name, np.exp, a part of a spelling, or a glob")
    gates.add_argument("--markdown", action="store_true", help="write the whole book as a page")
    gates.set_defaults(run=_gates)


def _command(commands: Any, inputs: Inputs, name: str, help_: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_)
    inputs(parser)
    parser.add_argument("--at", metavar="VALUES", help='the arguments, as in a call: "x=-2, W=np.ones((2, 3))"')
    parser.add_argument("--wrt", metavar="X,W", help="the parameters to differentiate, by name, with commas between")
    parser.add_argument("--shapes", metavar="SHAPES", help='what the parameters are: "X: N D; b: D; s:"')
    parser.add_argument("--no-composites", action="store_true", help="every gate by itself: exp and 1/x, no sigmoid")
    return parser


def looked_at(options: argparse.Namespace, by_hand: bool = True) -> Seen:
    """The function that a command is about, with values where --at gives some; `by_hand` as `seen` has it."""
    from srcgrad.views.seen import seen

    function, scope, said, at = _target(options)
    with redirect_stdout(sys.stderr):  # what the function prints is no part of the view
        return seen(function, scope, at, wanted(options), said, not options.no_composites, by_hand=by_hand)


def _target(options: argparse.Namespace) -> tuple[Function, Scope, Said, dict[str, Any] | None]:
    """The function that a command is about, its scope, what is said of it, and the arguments where --at gives some."""
    from srcgrad.emit import target
    from srcgrad.views.given import arguments

    function, scope, said = target(source_of(options), options.functions, gates_of(options), options.shapes or "")
    at = None if options.at is None else arguments(options.at, function, said, not scope.numbers_only)
    return function, scope, said, at


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


def _draw(options: argparse.Namespace) -> int:
    from srcgrad.views.drawing import drawing, kind_of

    apart(options)
    kind = options.format or (kind_of(options.output) if options.output else "svg")
    text = drawing(looked_at(options, by_hand=False), options.width).written(kind)
    return _written(options, text)


def _explain(options: argparse.Namespace) -> int:
    from srcgrad.views.page import page

    apart(options)
    return _written(options, page(looked_at(options)))


def _written(options: argparse.Namespace, text: str) -> int:
    """Write a view where the options say."""
    if options.output:
        write_whole(Path(options.output), text)
    else:
        sys.stdout.write(text)
    return 0


def _check(options: argparse.Namespace) -> int:
    if options.at is None:
        unusable('srcgrad check: give the values, as in --at "x=-2, y=5"')
    apart(options)
    from srcgrad.views.check import check
    from srcgrad.views.plot import plotted

    function, scope, said, at = _target(options)
    with redirect_stdout(io.StringIO()):  # what the function prints, it prints at every step
        checked = check(function, scope, at or {}, wanted(options), said, not options.no_composites)
        plot = plotted(checked) if options.output else None
    if plot:
        write_whole(Path(options.output), plot)
    print(checked)
    return 0 if checked.ok else 1


def _gates(options: argparse.Namespace) -> int:
    from srcgrad.catalogue import chapters, meanings, named
    from srcgrad.published import listing, markdown, whole

    book = chapters()
    if options.markdown:
        sys.stdout.write(markdown(book, meanings(book)))
    elif options.pattern is None:
        print(listing(book))
    else:
        print("\n\n\n".join(map(whole, named(book, options.pattern))))
    return 0
