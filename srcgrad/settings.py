"""`[tool.srcgrad]` of the nearest pyproject.toml: defaults of the long options of `srcgrad emit`."""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

_KEYS = {"gates": str, "mode": str, "shapes": str, "wrt": str, "output": str, "stdin-filename": str}


def settle(options: argparse.Namespace, folder: Path, unusable: Callable[[str], NoReturn]) -> None:
    """Fill in what the command line left open; an unknown key or a value of the wrong type is unusable."""
    file = next(
        (place / "pyproject.toml" for place in (folder, *folder.parents) if (place / "pyproject.toml").is_file()), None
    )
    if file is None:
        return
    try:
        tool = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {})
        table = tool.get("srcgrad", {}) if isinstance(tool, dict) else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        unusable(f"srcgrad: {file.name} cannot be read: {error}")
    if not isinstance(table, dict):
        unusable(f"srcgrad: {file.name}: [tool.srcgrad] is not a table")
    for key, value in table.items():
        if key not in _KEYS:
            unusable(f"srcgrad: {file.name}: [tool.srcgrad] has no key {key!r}; its keys are {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]):
            unusable(f"srcgrad: {file.name}: {key} in [tool.srcgrad] must be a string")
        name = key.replace("-", "_")
        if getattr(options, name) is None:
            setattr(options, name, value)
