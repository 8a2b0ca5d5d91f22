"""The one error of srcgrad: what is refused, where, why, and a way on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a source file; line and column count from 1, `text` is the whole source line."""

    filename: str
    line: int
    column: int
    width: int
    text: str


class SrcgradError(Exception):
    """A function that srcgrad refuses.

    `str(error)` is the diagnostic a user sees: `file:line:col: error: message`, the line, a caret run and a hint.
    `filename`, `line` and `column` (both from 1) say where; they are "", 0, 0 where there is no source to point at.
    """

    def __init__(self, message: str, span: Span | None = None, hint: str = "") -> None:
        self.message = message
        self.span = span
        self.hint = hint
        super().__init__(message)

    @property
    def filename(self) -> str:
        return self.span.filename if self.span else ""

    @property
    def line(self) -> int:
        return self.span.line if self.span else 0

    @property
    def column(self) -> int:
        return self.span.column if self.span else 0

    def __str__(self) -> str:
        return self.report()

    def report(self, colour: bool = False) -> str:
        """The diagnostic as text; with `colour`, in ANSI colours."""
        bold, red, green, plain = ("\x1b[1m", "\x1b[1;31m", "\x1b[1;32m", "\x1b[0m") if colour else ("",) * 4
        where = f"{bold}{visible(self.filename)}:{self.line}:{self.column}: {plain}" if self.span else ""
        rows = [f"{where}{red}error: {plain}{visible(self.message)}"]
        if self.span and self.span.text:
            text = self.span.text.rstrip("\r\n")
            before, after = text[: self.span.column - 1], text[self.span.column - 1 :]
            carets = "^" * max(1, min(self.span.width, len(after)))
            indent = "".join(c if c == "\t" else " " for c in before)
            rows += [f"    {visible(text)}", f"    {indent}{green}{carets}{plain}"]
        if self.hint:
            rows.append(f"hint: {visible(self.hint)}")
        return "\n".join(rows)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows in place of a traceback."""
        return self.report(colour=True).splitlines()

    def __reduce__(self) -> tuple[type[SrcgradError], tuple[str, Span | None, str]]:
        return SrcgradError, (self.message, self.span, self.hint)


class UnsettledError(SrcgradError):
    """A refusal for want of facts: what is known of a call's arguments may settle it."""


def visible(text: str) -> str:
    """`text` with everything a terminal would act on (escapes, line breaks, bidirectional controls) replaced by `?`."""
    return "".join(c if c.isprintable() or c == "\t" else "?" for c in text)
