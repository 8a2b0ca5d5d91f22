"""The templates, and how they are filled: `templates/` has what is emitted and what is looked at."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def environment() -> Environment:
    """What fills the templates; in those of pages whatever is filled in is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(templates()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=lambda name: name is not None and name.endswith(".html.jinja"),
    )


def templates() -> Path:
    """Where the templates stand: inside the package, in a checkout beside it."""
    package = Path(__file__).parent
    inside, beside = package / "templates", package.parent / "templates"
    if not inside.is_dir() and beside.is_dir() and (package.parent / "pyproject.toml").is_file():
        return beside
    return inside
