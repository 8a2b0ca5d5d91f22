"""The command line: `srcgrad emit FILE [FUNCTION ...]` and `srcgrad trace FILE [FUNCTION ...]`."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from srcgrad import __version__

if TYPE_CHECKING:
    from srcgrad.errors import SrcgradError
    from srcgrad.source import Text

MODES = ("grad", "value_and_grad", "vjp", "split", "jvp")
DONE, REFUSED, UNUSABLE = 0, 1, 2


class _UsageError(Exception):
    """A command that cannot be carried out as it stands: exit status 2."""


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
    except _UsageError as error:
        print(error, file=sys.stderr)
        return UNUSABLE


def _run(options: argparse.Namespace) -> int:
    from srcgrad.errors import SrcgradError

    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except SrcgradError as error:
        print(error.report(_colour()), file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise _UsageError(f"srcgrad: cannot write: {error.strerror}") from None
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
    trace = commands.add_parser("trace", help="print the Wengert list of functions")
    _inputs(trace)
    trace.set_defaults(run=_trace)
    return parser


def _inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a Python file, which is read and never run; - for standard input")
    parser.add_argument(
        "functions", metavar="FUNCTION", nargs="*", help="functions of the top level, static methods as Class.name"
    )
    parser.add_argument("--gates", metavar="GATES", help="a file of your own gates, which is read and never run")
    parser.add_argument("--stdin-filename", metavar="NAME", help="what to call standard input")


def _trace(options: argparse.Namespace) -> int:
    from srcgrad.emit import traces

    source = _source(options)
    listings, skipped = traces(source, options.functions, _gates(options))
    for error in skipped:
        print(_skipped(error), file=sys.stderr)
    if listings:
        print("\n\n".join(map(str, listings)))
    return DONE if listings else REFUSED


def _emit(options: argparse.Namespace) -> int:
    from srcgrad.emit import emit
    from srcgrad.settings import settle

    settle(options, Path("." if options.file == "-" else options.file).resolve().parent, _unusable)
    if options.mode is not None and options.mode not in MODES:
        _unusable(f"srcgrad: mode {options.mode!r} is none of {', '.join(MODES)}")
    if (options.check or options.diff) and options.output is None:
        _unusable("srcgrad emit: --check and --diff compare with a file: give -o OUT")
    if options.output is not None and options.file != "-" and _same(options.output, options.file):
        _unusable(f"srcgrad emit: {options.output} is the input")
    source = _source(options)
    from srcgrad.staged import Mode, Remarks

    wrt = tuple(name.strip() for name in options.wrt.split(",")) if options.wrt else None
    mode = Mode(options.mode) if options.mode else None
    command = _command(options)
    emitted = emit(
        source,
        options.functions,
        mode,
        wrt[0] if wrt and len(wrt) == 1 else wrt,
        _label(options),
        command,
        Remarks(options.explain, options.shape_comments),
        _gates(options),
        options.shapes or "",
    )
    for error in emitted.skipped:
        print(_skipped(error), file=sys.stderr)
    if options.check or options.diff:
        return _compare(options, emitted.text, command)
    if options.output is None:
        sys.stdout.write(emitted.text)
    else:
        _write(Path(options.output), emitted.text)
    return DONE


def _skipped(error: SrcgradError) -> str:
    return error.report(_colour()).replace("error: ", "left out: ", 1)


def _compare(options: argparse.Namespace, text: str, command: str) -> int:
    """Whether OUT has this text; with --diff, how it differs."""
    import difflib

    try:
        with open(options.output, encoding="utf-8", newline="") as file:
            old = file.read()
    except FileNotFoundError:
        old = ""
    except (OSError, UnicodeDecodeError) as error:
        _unusable(f"srcgrad: {options.output} cannot be read: {error}")
    if options.diff:
        rows = (old.splitlines(keepends=True), text.splitlines(keepends=True))
        sys.stdout.writelines(difflib.unified_diff(*rows, options.output, f"{options.output} (new)"))
    if options.check and old != text:
        print(f"{options.output} is stale; refresh it with: {command}", file=sys.stderr)
        return REFUSED
    return DONE


def _source(options: argparse.Namespace) -> Text:
    """The input."""
    return _text(options.file, _label(options))


def _gates(options: argparse.Namespace) -> Text | None:
    """The file of the user's own gates."""
    return _text(options.gates, _relative(options.gates)) if options.gates else None


def _text(path: str, label: str) -> Text:
    """The checked text of a file; whatever is wrong with it is a usage error."""
    from srcgrad.errors import SrcgradError
    from srcgrad.source import MAX_BYTES, check, decode

    try:
        if path == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with open(path, "rb") as file:
                data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        _unusable(f"srcgrad: {path} cannot be read: {error}")
    try:
        return check(decode(data, label), label)
    except SrcgradError as error:
        _unusable(error.report(_colour()))


def _label(options: argparse.Namespace) -> str:
    """What the input is called, in messages and in the header: never an absolute path."""
    if options.file == "-":
        return options.stdin_filename or "<stdin>"
    return _relative(options.file)


def _relative(path: str) -> str:
    return Path(os.path.relpath(path) if os.path.isabs(path) else os.path.normpath(path)).as_posix()


def _command(options: argparse.Namespace) -> str:
    """The command that writes this text again."""
    import shlex

    words = ["srcgrad", "emit", "-" if options.file == "-" else _relative(options.file), *options.functions]
    gates = options.gates and _relative(options.gates)
    flags = {"mode": options.mode, "wrt": options.wrt, "shapes": options.shapes, "gates": gates}
    flags |= {"stdin-filename": options.stdin_filename}
    for flag, value in flags.items():
        words += [f"--{flag}", value] if value else []
    words += ["--explain"] if options.explain else []
    words += ["--shape-comments"] if options.shape_comments else []
    words += ["-o", _relative(options.output)] if options.output else []
    return shlex.join(words)


def _write(path: Path, text: str) -> None:
    """Write all of `text` or nothing."""
    import tempfile

    path = Path(os.path.realpath(path))
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with open(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~mask)
            os.replace(name, path)
        finally:
            Path(name).unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        _unusable(f"srcgrad: {path} cannot be written: {getattr(error, 'strerror', error)}")


def _same(left: str, right: str) -> bool:
    return os.path.realpath(left) == os.path.realpath(right) or (
        os.path.exists(left) and os.path.exists(right) and os.path.samefile(left, right)
    )


def _colour() -> bool:
    """Colour on a terminal only; NO_COLOR and FORCE_COLOR decide first."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stderr.isatty()


def _unusable(message: str) -> NoReturn:
    raise _UsageError(message)
