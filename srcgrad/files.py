"""The files that commands read and write, and what is wrong with them."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from srcgrad.errors import SrcgradError
    from srcgrad.source import Text


class UsageError(Exception):
    """A command that cannot be carried out as it stands: exit status 2."""


def source_of(options: argparse.Namespace) -> Text:
    """The input."""
    return _text(options.file, label_of(options))


def gates_of(options: argparse.Namespace) -> Text | None:
    """The file of the user's own gates."""
    return _text(options.gates, relative(options.gates)) if options.gates else None


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
        unusable(f"srcgrad: {path} cannot be read: {error}")
    try:
        return check(decode(data, label), label)
    except SrcgradError as error:
        unusable(error.report(colour()))


def label_of(options: argparse.Namespace) -> str:
    """What the input is called, in messages and in the header: never an absolute path."""
    if options.file == "-":
        return options.stdin_filename or "<stdin>"
    return relative(options.file)


def relative(path: str) -> str:
    return Path(os.path.relpath(path) if os.path.isabs(path) else os.path.normpath(path)).as_posix()


def write_whole(path: Path, content: str | bytes) -> None:
    """Write all of a text or a picture, or nothing."""
    import tempfile

    path = Path(os.path.realpath(path))
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with open(handle, "wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~mask)
            os.replace(name, path)
        finally:
            Path(name).unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        unusable(f"srcgrad: {path} cannot be written: {getattr(error, 'strerror', error)}")


def apart(options: argparse.Namespace) -> None:
    """See to it that the output is another file than the input."""
    if options.output is not None and options.file != "-" and _same_file(options.output, options.file):
        unusable(f"srcgrad {options.command}: {options.output} is the input")


def _same_file(left: str, right: str) -> bool:
    return os.path.realpath(left) == os.path.realpath(right) or (
        os.path.exists(left) and os.path.exists(right) and os.path.samefile(left, right)
    )


def colour() -> bool:
    """Colour on a terminal only; NO_COLOR and FORCE_COLOR decide first."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stderr.isatty()


def left_out(error: SrcgradError) -> str:
    """Why a function that nobody named is left out."""
    return error.report(colour()).replace("error: ", "left out: ", 1)


def unusable(message: str) -> NoReturn:
    raise UsageError(message)
