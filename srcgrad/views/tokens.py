"""Python as it is coloured: every row of a text as pieces, each with its kind."""

from __future__ import annotations

import io
import keyword
import tokenize
from collections.abc import Iterator

Piece = tuple[str, str]
"""The kind, "" where a piece has none, and the text."""

_KINDS = {tokenize.COMMENT: "comment", tokenize.STRING: "string", tokenize.NUMBER: "number"}


def coloured(text: str) -> list[list[Piece]]:
    """The rows of `text`, without their line ends; a text that is no whole program is left plain."""
    rows = [row.rstrip("\n") for row in io.StringIO(text).readlines()]
    found: list[list[Piece]] = [[] for _ in rows]
    at = [0] * len(rows)
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return [[("", row)] for row in rows]
    for token in tokens:
        for row, start, end in _spans(token, rows) if _kind(token) else ():
            start = max(start, at[row])
            found[row] += [("", rows[row][at[row] : start])] if start > at[row] else []
            found[row].append((_kind(token), rows[row][start:end]))
            at[row] = end
    for row, begun in enumerate(at):
        found[row] += [("", rows[row][begun:])] if begun < len(rows[row]) else []
    return found


def _kind(token: tokenize.TokenInfo) -> str:
    if token.type == tokenize.NAME and keyword.iskeyword(token.string):
        return "keyword"
    if token.type == tokenize.STRING and token.string.lstrip("rRuU").startswith(('"""', "'''")):
        return "comment"  # as docstrings are
    name = tokenize.tok_name[token.type]
    return "string" if name.startswith("FSTRING") else _KINDS.get(token.type, "")


def _spans(token: tokenize.TokenInfo, rows: list[str]) -> Iterator[tuple[int, int, int]]:
    """The parts of a token row by row."""
    for row in range(token.start[0] - 1, token.end[0]):
        start = token.start[1] if row == token.start[0] - 1 else 0
        end = token.end[1] if row == token.end[0] - 1 else len(rows[row])
        if end > start:
            yield row, start, end
