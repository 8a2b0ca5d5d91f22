"""What is imported, and when: libcst, jinja2 and numpy each take longer to import than srcgrad itself."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"libcst", "jinja2", "numpy"}
PRINT_AT_EXIT = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); "
COMMAND = PRINT_AT_EXIT + "import runpy; runpy.run_module('srcgrad', run_name='__main__', alter_sys=True)"


def loaded(code: str, *arguments: str, status: int = 0) -> set[str]:
    """The modules that a fresh interpreter has loaded after `code`."""
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == status, done.stderr
    return set(done.stderr.splitlines()[-1].split())


def test_importing_srcgrad_imports_nothing_else() -> None:
    found = loaded(PRINT_AT_EXIT + "import srcgrad; assert srcgrad.__version__; assert 'grad' in dir(srcgrad)")
    assert {name for name in found if name.partition(".")[0] == "srcgrad"} == {"srcgrad"}
    assert not HEAVY & found


def test_every_public_name_is_there_when_asked_for() -> None:
    found = loaded(PRINT_AT_EXIT + "import srcgrad; [getattr(srcgrad, name) for name in srcgrad.__all__]")
    assert {"srcgrad.api", "libcst"} <= found
    assert "numpy" not in found


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["emit", "--help"], ["trace", "--help"], ["gates", "--help"]]
)
def test_help_is_cheap(arguments: list[str]) -> None:
    found = loaded(COMMAND, *arguments)
    assert "srcgrad.cli" in found
    assert not HEAVY & found


def test_a_wrong_command_is_cheap() -> None:
    assert not HEAVY & loaded(COMMAND, status=2)
    assert not HEAVY & loaded(COMMAND, "emit", status=2)


@pytest.mark.parametrize("command", ["emit", "trace"])
def test_a_file_is_read_without_numpy_and_never_run(command: str, tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    file.write_text(
        "import numpy as np\nimport math\nimport os.path\n\nraise SystemExit(3)\n\n\n"
        "def f(x: float, y: float):\n    return np.exp(x) * math.sin(y)\n",
        encoding="utf-8",
    )
    found = loaded(COMMAND, command, str(file), "f")
    assert "libcst" in found
    assert "numpy" not in found
    assert ("jinja2" in found) == (command == "emit")


def test_the_book_is_shown_without_numpy() -> None:
    assert "numpy" not in loaded(COMMAND, "gates")
    assert "numpy" not in loaded(COMMAND, "gates", "np.hypot")
