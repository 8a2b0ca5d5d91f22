"""The command line: `srcgrad emit FILE [FUNCTION ...]`, and the commands that show functions."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from srcgrad import __version__
from srcgrad.files import (
    UsageError,
    apart,
    colour,
    gates_of,
    label_of,
    left_out,
    relative,
    source_of,
    unusable,
    write_whole,
)
from srcgrad.viewing import add

MODES = ("grad", "value_and_grad", "vjp", "split", "jvp")
DONE, REFUSED, UNUSABLE = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the exit status: 0 done, 1 refused or stale, 2 usage, unreadable file or syntax error."""
    for stream, errors in ((sys.stdout, "strict"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)
    options = _parser().parse_args(argv)
    if options.command is None:
        _parser().print_usage(sys.stderr)
        return UNUSABLE
    try:
        return _run(options)
    except UsageError as error:
        print(error, file=sys.stderr)
        return UNUSABLE


def _run(options: argparse.Namespace) -> int:
    from srcgrad.errors import SrcgradError

    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except SrcgradError as error:
        print(error.report(colour()), file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise UsageError(f"srcgrad: cannot write: {error.strerror}") from None
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="srcgrad", description="Write the gradient of a Python function as plain Python, as by hand."
    )
    parser.add_argument("--version", action="version", version=f"srcgrad {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    emit = commands.add_parser("emit", help="write derived functions as a file that stands alone")
    _inputs(emit)
    emit.add_argument("-o", "--output", metavar="OUT", help="write to OUT (standard output without it)")
    emit.add_argument("--mode", choices=MODES, help="what to derive (grad, or what the function's decorator says)")
    emit.add_argument("--wrt", metavar="X,W", help="the parameters to differentiate, by name, with commas between")
    emit.add_argument("--shapes", metavar="SHAPES", help='what the parameters are: "X: N D; b: D; s:"')
    emit.add_argument("--check", action="store_true", help="write nothing; exit 1 where OUT is stale")
    emit.add_argument("--diff", action="store_true", help="write nothing; print what would change in OUT")
    emit.add_argument("--shape-comments", action="store_true", help="write the shapes of arrays beside the lines")
    emit.add_argument("--explain", action="store_true", help="say beside each line of the backward pass why it is so")
    emit.set_defaults(run=_emit)
    add(commands, _inputs)
    return parser


def _inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a Python file, which is read and never run; - for standard input")
    parser.add_argument(
        "functions", metavar="FUNCTION", nargs="*", help="functions of the top level, static methods as Class.name"
    )
    parser.add_argument("--gates", metavar="GATES", help="a file of your own gates, which is read and never run")
    parser.add_argument("--stdin-filename", metavar="NAME", help="what to call standard input")


def _emit(options: argparse.Namespace) -> int:
    from srcgrad.emit import emit
    from srcgrad.settings import settle

    settle(options, Path("." if options.file == "-" else options.file).resolve().parent, unusable)
    if options.mode is not None and options.mode not in MODES:
        unusable(f"srcgrad: mode {options.mode!r} is none of {', '.join(MODES)}")
    if (options.check or options.diff) and options.output is None:
        unusable("srcgrad emit: --check and --diff compare with a file: give -o OUT")
    apart(options)
    source = source_of(options)
    from srcgrad.staged import Mode, Remarks

    wrt = tuple(name.strip() for name in options.wrt.split(",")) if options.wrt else None
    mode = Mode(options.mode) if options.mode else None
    command = _command(options)
    emitted = emit(
        source,
        options.functions,
        mode,
        wrt[0] if wrt and len(wrt) == 1 else wrt,
        label_of(options),
        command,
        Remarks(options.explain, options.shape_comments),
        gates_of(options),
        options.shapes or "",
    )
    for error in emitted.skipped:
        print(left_out(error), file=sys.stderr)
    if options.check or options.diff:
        return _compare(options, emitted.text, command)
    if options.output is None:
        sys.stdout.write(emitted.text)
    else:
        write_whole(Path(options.output), emitted.text)
    return DONE


def _compare(options: argparse.Namespace, text: str, command: str) -> int:
    """Whether OUT has this text; with --diff, how it differs."""
    import difflib

    try:
        with open(options.output, encoding="utf-8", newline="") as file:
            old = file.read()
    except FileNotFoundError:
        old = ""
    except (OSError, UnicodeDecodeError) as error:
        unusable(f"srcgrad: {options.output} cannot be read: {error}")
    if options.diff:
        rows = (old.splitlines(keepends=True), text.splitlines(keepends=True))
        sys.stdout.writelines(difflib.unified_diff(*rows, options.output, f"{options.output} (new)"))
    if options.check and old != text:
        print(f"{options.output} is stale; refresh it with: {command}", file=sys.stderr)
        return REFUSED
    return DONE


def _command(options: argparse.Namespace) -> str:
    """The command that writes this text again."""
    import shlex

    words = ["srcgrad", "emit", "-" if options.file == "-" else relative(options.file), *options.functions]
    gates = options.gates and relative(options.gates)
    flags = {"mode": options.mode, "wrt": options.wrt, "shapes": options.shapes, "gates": gates}
    flags |= {"stdin-filename": options.stdin_filename}
    for flag, value in flags.items():
        words += [f"--{flag}", value] if value else []
    words += ["--explain"] if options.explain else []
    words += ["--shape-comments"] if options.shape_comments else []
    words += ["-o", relative(options.output)] if options.output else []
    return shlex.join(words)
