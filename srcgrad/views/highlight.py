"""The text of a function as HTML, coloured where Pygments is installed, as it is beside every Jupyter."""

from __future__ import annotations

import html

_BOX = "margin: 0.5em 0; padding: 0.6em 0.8em; overflow-x: auto; background: #f8f8f8; color: #222; line-height: 1.3"
"""Colours of its own, light ones, so that it is legible on a dark page too."""


def highlighted(text: str) -> str:
    """`text` in a box of its own; nothing in it is markup."""
    try:
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import PythonLexer
    except ImportError:
        inner = html.escape(text)
    else:
        inner = str(highlight(text, PythonLexer(stripnl=False), HtmlFormatter(noclasses=True, nowrap=True)))
    return f'<pre style="{_BOX}">{inner}</pre>\n'
