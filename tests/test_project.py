"""The project as others get it: wheel, sdist and checkout all carry the templates, and the README tells the truth."""

import os
import re
import shlex
import subprocess
import sys
import tarfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

import srcgrad
from srcgrad.write import templates

ROOT = Path(__file__).parents[1]
TEMPLATES = {path.name for path in (ROOT / "templates").iterdir()}
STAGED = ["emit", "examples/staged.py", "f"]


def run(*arguments: str | Path, cwd: Path = ROOT, path: list[Path] | None = None) -> str:
    """The output of this Python; with `path`, of one that sees these folders alone and reads no .pth file in them."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    isolated = ["-S", "-P"] if path is not None else []
    if path is not None:
        environment["PYTHONPATH"] = os.pathsep.join(map(str, path))
    command = [sys.executable, *isolated, *map(str, arguments)]
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def dependencies() -> list[Path]:
    """The folders that hold what srcgrad depends on."""
    specs = [find_spec(name) for name in ("jinja2", "libcst", "markupsafe")]
    return sorted({Path(spec.origin).parents[1] for spec in specs if spec and spec.origin})


def emitted_by(folder: Path, cwd: Path) -> str:
    """What the srcgrad in `folder` writes for the staged example, far from the checkout."""
    path = [folder, *dependencies()]
    code = "import srcgrad, srcgrad.write as w; print(srcgrad.__file__); print(w.templates())"
    package, found = run("-c", code, cwd=cwd, path=path).splitlines()
    assert Path(package).is_relative_to(folder)
    assert Path(found).is_relative_to(folder)
    assert not Path(found).is_relative_to(ROOT)
    example = cwd / "examples" / "staged.py"
    example.parent.mkdir(exist_ok=True)
    example.write_bytes((ROOT / "examples" / "staged.py").read_bytes())
    return run("-m", "srcgrad", *STAGED, cwd=cwd, path=path)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist, both built from the checkout."""
    folder = tmp_path_factory.mktemp("dist")
    run("-m", "build", "--no-isolation", "--sdist", "--wheel", "--outdir", folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def unpacked(built: Path) -> Path:
    """The sdist, unpacked."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        archive.extractall(built, filter="data")
    return next(path for path in built.iterdir() if path.is_dir())


def wheel_of(folder: Path) -> Path:
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_the_wheel_is_whole(built: Path) -> None:
    with zipfile.ZipFile(wheel_of(built)) as archive:
        names = set(archive.namelist())
        (points,) = (archive.read(name).decode() for name in names if name.endswith("entry_points.txt"))
    sources = {path.relative_to(ROOT).as_posix() for path in (ROOT / "srcgrad").rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == sources
    assert "def.py.jinja" in TEMPLATES
    assert {f"srcgrad/templates/{name}" for name in TEMPLATES} <= names
    assert "srcgrad/py.typed" in names
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"srcgrad"}
    assert "srcgrad = srcgrad.cli:main" in points.splitlines()


def test_the_installed_wheel_emits(built: Path, tmp_path: Path) -> None:
    target, elsewhere = tmp_path / "target", tmp_path / "elsewhere"
    elsewhere.mkdir()
    options: list[str | Path] = [
        "--quiet",
        "--no-deps",
        "--no-index",
        "--disable-pip-version-check",
        "--target",
        target,
    ]
    run("-m", "pip", "install", *options, wheel_of(built))
    assert emitted_by(target, elsewhere) == run("-m", "srcgrad", *STAGED)
    version = run("-m", "srcgrad", "--version", cwd=elsewhere, path=[target, *dependencies()])
    assert version == f"srcgrad {srcgrad.__version__}\n"
    assert (target / f"srcgrad-{srcgrad.__version__}.dist-info").is_dir()


def test_the_sdist_emits_and_builds_the_same_wheel(built: Path, unpacked: Path, tmp_path: Path) -> None:
    for part in ("README.md", "LICENSE", "CHANGELOG.md", ".ci/run", "tests/test_project.py", "docs/glossary.md"):
        assert (unpacked / part).is_file(), part
    assert {path.name for path in (unpacked / "examples").glob("*.py")} == {
        path.name for path in (ROOT / "examples").glob("*.py")
    }
    assert emitted_by(unpacked, tmp_path) == run("-m", "srcgrad", *STAGED)
    run("-m", "build", "--no-isolation", "--wheel", "--outdir", tmp_path / "again", unpacked)
    with zipfile.ZipFile(wheel_of(built)) as one, zipfile.ZipFile(wheel_of(tmp_path / "again")) as other:
        assert {name: one.read(name) for name in one.namelist()} == {
            name: other.read(name) for name in other.namelist()
        }


def test_the_checkout_is_what_these_tests_run() -> None:
    """An editable install: the package of the checkout, with the templates beside it."""
    assert Path(srcgrad.__file__).parent == ROOT / "srcgrad"
    assert templates() == ROOT / "templates"


def test_templates_of_a_stranger_are_not_taken(tmp_path: Path) -> None:
    """A folder `templates` beside an installed package belongs to someone else."""
    target = tmp_path / "site-packages"
    (target / "templates").mkdir(parents=True)
    (target / "srcgrad").symlink_to(ROOT / "srcgrad", target_is_directory=True)
    found = run("-c", "import srcgrad.write as w; print(w.templates())", cwd=tmp_path, path=[target, *dependencies()])
    assert Path(found.strip()) == target / "srcgrad" / "templates"


# The README.

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str, text: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def quick_start() -> list[str]:
    _, _, section = README.partition("\n## Quick start\n")
    return blocks("sh", section.partition("\n## ")[0])


def test_the_quick_start_is_two_commands_of_one_line() -> None:
    commands = quick_start()
    assert [command.count("\n") for command in commands] == [1, 1]
    for command in commands:
        subprocess.run(["bash", "-n", "-c", command], check=True)
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")


def test_the_first_command_prints_what_the_readme_shows() -> None:
    program, *arguments = shlex.split(quick_start()[0].rpartition("&&")[2])
    assert program == ".venv/bin/srcgrad"
    assert arguments == STAGED
    assert run("-m", "srcgrad", *arguments) in blocks("python", README)


@pytest.mark.parametrize("page", ["README.md", "docs/views.md"])
def test_what_is_shown_of_trace_is_what_it_prints(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    shown = [block.partition("\n")[2] if block.startswith("$ ") else block for block in blocks("text", text)]
    commands = re.findall(r'srcgrad (trace examples/.* --at ".*?"[^`\n]*)', text)
    assert commands
    for command in commands:
        assert run("-m", "srcgrad", *shlex.split(command)) in shown


def test_the_second_command_runs_the_tests() -> None:
    *_, install, test = quick_start()[1].split("&&")
    assert ".[test]" in shlex.split(install)
    assert shlex.split(test)[:3] == [".venv/bin/python", "-m", "pytest"]


def test_the_readme_example_does_what_its_comment_says() -> None:
    (example,) = (block for block in blocks("python", README) if "import srcgrad" in block)
    ((call, said),) = re.findall(r"^(df\(.*\))  # (.*)$", example, re.MULTILINE)
    printed = run("-c", "import linecache, sys\n" + run_as_file(example, f"print({call})"))
    assert printed.splitlines()[-1] == said
    assert "def df_grad(w: float, x: float):" in printed


def run_as_file(text: str, last: str) -> str:
    """Code that runs `text` as a file whose lines can be found."""
    whole = f"{text}\n{last}\n"
    return (
        f"text = {whole!r}\n"
        "linecache.cache['readme.py'] = (len(text), None, text.splitlines(True), 'readme.py')\n"
        "exec(compile(text, 'readme.py', 'exec'), {'__name__': '__main__'})\n"
    )
