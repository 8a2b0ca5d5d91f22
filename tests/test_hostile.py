"""Hostile and huge input: refused without a trace, or derived; never run, never the end of the interpreter.

What could end the interpreter goes through the command in a process of its own.
"""

from __future__ import annotations

import ast
import io
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import srcgrad
from srcgrad.cli import main

SQUARE = "def f(x):\n    return x * x\n"
DONE, REFUSED, UNUSABLE = 0, 1, 2
ROOT = Path(srcgrad.__file__).parent.parent


@dataclass(frozen=True)
class Run:
    """What a command did."""

    status: int
    output: bytes
    message: str

    @property
    def text(self) -> str:
        return self.output.decode()

    def names(self) -> dict[str, object]:
        """What the emitted file defines."""
        names: dict[str, object] = {}
        exec(compile(self.output, "<emitted>", "exec", dont_inherit=True), names)
        return names


def srcgrad_(*words: str, cwd: Path, stdin: bytes = b"") -> Run:
    """Run the command here."""
    streams = [io.TextIOWrapper(io.BytesIO(data), encoding="utf-8") for data in (stdin, b"", b"")]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        patch.setenv("NO_COLOR", "1")
        for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
            patch.setattr(sys, name, stream)
        try:
            status = main(words)
        except SystemExit as error:  # argparse's own
            status = int(error.code or 0)
        for stream in streams[1:]:
            stream.flush()
    _, output, message = (stream.buffer.getvalue() for stream in streams)
    return _checked(status, output, message)


def apart(*words: str | bytes, cwd: Path, python: str = sys.executable, **env: str) -> Run:
    """Run the command in a process of its own."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    env = {**os.environ, "NO_COLOR": "1", "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **env}
    command = [python, "-m", "srcgrad", *words]
    done = subprocess.run(command, cwd=cwd, capture_output=True, env=env, timeout=120, check=False)
    return _checked(done.returncode, done.stdout, done.stderr)


def _checked(status: int, output: bytes, message: bytes) -> Run:
    """It never dies, shows no traceback, and says why where it refuses."""
    run = Run(status, output, message.decode(errors="backslashreplace"))
    assert run.status in (DONE, REFUSED, UNUSABLE), run.message[-2000:]
    assert "Traceback" not in run.message, run.message[-2000:]
    if run.status != DONE:
        assert run.output == b""
        assert run.message.strip()
    return run


def emit(source: str | bytes, cwd: Path, *words: str, alone: bool = False, **env: str) -> Run:
    """Emit from a file of this text; nothing else appears beside it."""
    name = "hostile.py"
    data = source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
    (cwd / name).write_bytes(data)
    run = apart("emit", name, *words, cwd=cwd, **env) if alone else srcgrad_("emit", name, *words, cwd=cwd)
    assert (cwd / name).read_bytes() == data
    assert [path.name for path in cwd.iterdir()] == [name]
    if run.status == DONE:
        _plain(run.text)
    return run


def _plain(text: str) -> None:
    """Only imports, functions, a docstring and constants stand at the top level of what is emitted."""
    for i, node in enumerate(ast.parse(text).body):
        docstring = i == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.Assign, ast.AnnAssign)
        assert docstring or isinstance(node, kinds), ast.unparse(node)[:200]


def returning(expression: str) -> str:
    return f"def f(x):\n    return {expression}\n"


def chain(operator: str, count: int, operand: str = "x") -> str:
    return operator.join([operand] * count)


DEEP = {
    "parentheses": "(" * 3_000 + "x" + ")" * 3_000,
    "lists": "[" * 3_000 + "x" + "]" * 3_000,
    "calls inside calls": "g(" * 3_000 + "x" + ")" * 3_000,
    "parentheses that ast allows": "(" * 195 + "x" + ")" * 195,
    **{operator: chain(f" {operator} ", 10_000) for operator in ("+", "-", "*", "/", "//", "%", "@", "**")},
    **{operator: chain(f" {operator} ", 10_000) for operator in ("and", "or", "<", "==", "is", "in", "|", "^", "<<")},
    "mixed": "x" + " + x * x" * 5_000,
    "attributes": "x" + ".a" * 10_000,
    "calls": "x" + "()" * 10_000,
    "subscripts": "x" + "[0]" * 10_000,
    **{f"unary {sign}": sign * 10_000 + "x" for sign in ("-", "+", "~", "not ")},
    "conditional": "x if x else " * 10_000 + "x",
    "lambdas": "lambda: " * 10_000 + "x",
    "strings": chain(" ", 10_000, "'a'"),
    "walrus": "(y := " * 1_000 + "x" + ")" * 1_000,
    "f-string": "f'{" + chain("+", 10_000) + "}'",
    "digits": "1" * 10_000,
    "an exponent": "x ** 1e999999",
    "a power of powers": "x * 9**9**9**9",
}
PLACES = {
    "a default": "def f(x, y={}):\n    return x * x\n",
    "an annotation": "def f(x: {}):\n    return x * x\n",
    "a decorator": "@g({})\ndef f(x):\n    return x * x\n",
    "a dead local": "def f(x):\n    y = {}\n    return x * x\n",
    "a constant": "K = {}\ndef f(x):\n    return x * K\n",
    "a lambda": "def f(x):\n    y = lambda: {}\n    return x * x\n",
    "a comprehension": "def f(x):\n    y = [{} for i in ()]\n    return x * x\n",
    "an if": "def f(x):\n    if {}:\n        return x\n    return x * x\n",
    "another function": "def g(x):\n    return {}\ndef f(x):\n    return g(x)\n",
}


BATCH = """
import json, sys
from srcgrad.cli import main
for name in json.load(sys.stdin):
    try:
        status = main(["emit", name, "f", "-o", f"{name}.out"])
    except BaseException as error:
        status = repr(error)
    print(json.dumps(status), flush=True)
"""


def test_depth(tmp_path: Path) -> None:
    """One process for all: it says after which it is still alive."""
    short = {"parentheses": DEEP["parentheses"], "chain": chain("+", 10_000, "1"), "short": chain("+", 1_500, "1")}
    sources = {kind: returning(text) for kind, text in DEEP.items()}
    sources |= {f"{kind} in {at}": text.format(deep) for at, text in PLACES.items() for kind, deep in short.items()}
    files = {f"deep{i}.py": kind for i, kind in enumerate(sources)}
    for name, kind in files.items():
        (tmp_path / name).write_text(sources[kind])
    done = subprocess.run(
        [sys.executable, "-c", BATCH],
        cwd=tmp_path,
        input=json.dumps([*files]),
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=300,
        check=False,
    )
    statuses = [json.loads(line) for line in done.stdout.splitlines()]
    answers = dict(zip(files.values(), statuses, strict=False))
    assert len(answers) == len(files), f"{[*files.values()][len(answers)]} ended the process: {done.stderr[-500:]}"
    assert {kind: status for kind, status in answers.items() if status not in (DONE, REFUSED, UNUSABLE)} == {}
    assert "Traceback" not in done.stderr
    for (name, kind), status in zip(files.items(), statuses, strict=True):
        assert (tmp_path / f"{name}.out").exists() == (status == DONE), kind


@pytest.mark.parametrize("count", [800, 1_900])
@pytest.mark.parametrize("mode", ["grad", "value_and_grad", "vjp", "split", "jvp"])
def test_sums(count: int, mode: str, tmp_path: Path) -> None:
    run = emit(returning(chain(" + ", count, "x * x")), tmp_path, "--mode", mode, alone=True)
    assert run.status == DONE, run.message
    if mode == "grad":
        assert run.names()["f_grad"](3.0) == 6.0 * count  # type: ignore[operator]


STATEMENTS = {
    "names": ["a0 = x", *(f"a{i} = a{i - 1} * 1.0001" for i in range(1, 10_000)), "return a9999"],
    "one name": ["a = x", *["a = a * 1.0001"] * 9_999, "return a"],
    "augmented": ["a = x", *["a *= 1.0001"] * 9_999, "return a"],
}


@pytest.mark.parametrize("kind", STATEMENTS)
@pytest.mark.parametrize("way", ["emitted", "live"])
def test_ten_thousand_statements(kind: str, way: str, tmp_path: Path) -> None:
    source = "def f(x: float):\n" + "".join(f"    {line}\n" for line in STATEMENTS[kind])
    expected = pytest.approx(1.0001**9_999, rel=1e-9)
    if way == "emitted":
        run = emit(source, tmp_path, alone=True)
        assert run.status == DONE, run.message
        assert run.names()["f_grad"](2.0) == expected  # type: ignore[operator]
        return
    (tmp_path / "huge.py").write_text(source)
    code = "import huge, srcgrad; print(srcgrad.grad(huge.f)(2.0))"
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert float(done.stdout) == expected


def test_size(tmp_path: Path) -> None:
    assert emit("#" * (1 << 20) + "\n" + SQUARE, tmp_path).status == UNUSABLE
    run = srcgrad_("emit", "-", cwd=tmp_path, stdin=b"#" * (3 << 20))
    assert run.status == UNUSABLE


BYTES = {
    "null": (b"def f(x):\n    return x\x00*x\n", UNUSABLE),
    "null at the end": (SQUARE.encode() + b"\x00", UNUSABLE),
    "nothing but nulls": (b"\x00" * 100, UNUSABLE),
    "empty": (b"", REFUSED),
    "a comment alone": (b"# hi", REFUSED),
    "utf-16": (SQUARE.encode("utf-16"), UNUSABLE),
    "utf-32": (SQUARE.encode("utf-32"), UNUSABLE),
    "not utf-8": (b"# caf\xe9\n" + SQUARE.encode(), UNUSABLE),
    "cut utf-8": (SQUARE.encode() + b"# \xe2\x80", UNUSABLE),
    "unknown cookie": (b"# coding: klingon\n" + SQUARE.encode(), UNUSABLE),
    "codec that is none": (b"# coding: hex\n" + SQUARE.encode(), UNUSABLE),
    "undefined": (b"# coding: undefined\n" + SQUARE.encode(), UNUSABLE),
    "wrong cookie": (b"# coding: ascii\n# caf\xc3\xa9\n" + SQUARE.encode(), UNUSABLE),
    "cookie against mark": (b"\xef\xbb\xbf# coding: latin-1\n" + SQUARE.encode(), UNUSABLE),
    "latin-1": (b"# coding: latin-1\ndef f(\xe9):\n    return \xe9 * \xe9  # caf\xe9\n", DONE),
    "byte order mark": (b"\xef\xbb\xbf" + SQUARE.encode(), DONE),
    "crlf": (b"def f(x):\r\n    # c\r\n    y = x * x  # d\r\n    return (y *\r\n        x)\r\n", DONE),
    "cr": (b"def f(x):\r    y = x * x  # d\r    return y * x\r", DONE),
    "form feeds": (b"\x0c\ndef f(x):\n\x0c\n    y = x * x  # a\x0cb\n    return y * x\n", DONE),
    "form feeds before code": (b"\x0cdef f(x):\n    y = x * x\n\x0c    return y * x\n", None),
    "vertical tab": (b"def f(x):\n    y = x * x  # a\x0bb\n    return y * x\n", DONE),
    "separators": ("def f(x):\n    y = x * x  # a\u2028b\u2029c\x85d\x1ce\n    return y * x\n".encode(), DONE),
    "tabs": (b"def f(x):\n\ty = x * x  # c\n\t# d\n\treturn (y *\n\t\tx)\n", DONE),
    "no last line end": (b"def f(x): return x * x", DONE),
    "bidirectional": (
        "def f(x):\n    # \u202e evil \u2066\n    y = x * x  # \u202d\n    return y * x\n".encode(),
        None,
    ),
    "surrogates in a docstring": (b"def f(x):\n    '\\ud800 \\x00'\n    return x * x\n", None),
}


@pytest.mark.parametrize("kind", BYTES)
def test_bytes(kind: str, tmp_path: Path) -> None:
    data, status = BYTES[kind]
    for mode in ("grad", "value_and_grad"):
        run = emit(data, tmp_path, "--mode", mode)
        if status is not None:
            assert run.status == status, run.message
        if run.status == DONE:
            assert b"\r" not in run.output
            assert not any(ord(c) in {0x202A, 0x202D, 0x202E, 0x2066} for c in run.text)


@pytest.mark.parametrize("filters", ["error", "default"])
def test_warnings(filters: str, tmp_path: Path) -> None:
    """What Python itself warns of in the input is nobody's death."""
    emit("def f(x):\n    '\\d'\n    return x * x\n", tmp_path, alone=True, PYTHONWARNINGS=filters)


def test_locale(tmp_path: Path) -> None:
    """The output is UTF-8, whatever the terminal is said to speak."""
    source = "def f(λ):\n    return λ * λ  # λ²\n"
    plain = emit(source, tmp_path, alone=True).output
    for env in ({"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}):
        assert emit(source, tmp_path, alone=True, **env).output == plain


BREAKOUTS = (
    "{{ 71 * 73 }}",
    "{% raw %}{% endraw %}",
    "{% include '/etc/passwd' %}",
    "{# comment #}",
    "{{ cycler.__init__.__globals__.os.system('touch marker') }}",
    '"""\nimport os\n"""',
    "'''\nimport os\n'''",
    "\\",
    '\\"""; import os',
    "\rimport os",
    "\x0bimport os",
    "\x0cimport os",
    "\x85import os",
    "\u2028import os",
    "\u2029import os",
    "\x1cimport os",
    "\u202eimport os",
    "# noqa",
)


@pytest.mark.parametrize("text", BREAKOUTS, ids=ascii)
@pytest.mark.parametrize("place", ["comment", "own comment", "docstring", "literal", "annotation"])
def test_breakouts(place: str, text: str, tmp_path: Path) -> None:
    """The user's text stays text."""
    source = {
        "comment": "def f(x, y):\n    z = x * x  # {}\n    return z * x\n".format(text.split("\n")[-1]),
        "own comment": "def f(x, y):\n    # {}\n    z = x * x\n    return z * x\n".format(text.split("\n")[-1]),
        "docstring": f"def f(x, y):\n    {text!r}\n    z = x * x\n    return z * x\n",
        "literal": f"def f(x, y={text!r}):\n    z = x * x\n    return z * x\n",
        "annotation": f"def f(x, y: {text!r}):\n    z = x * x\n    return z * x\n",
    }[place]
    for mode in ("grad", "jvp"):
        run = emit(source, tmp_path, "--mode", mode, "--wrt", "x")
        # A line end within a comment makes another program of it, which may be refused.
        assert run.status == DONE or "comment" in place, run.message
        if run.status == DONE:
            assert str(71 * 73) not in run.text
            imported = [
                node for node in ast.walk(ast.parse(run.text)) if isinstance(node, (ast.Import, ast.ImportFrom))
            ]
            assert not imported


FILES = (
    'a"""{{ 71 * 73 }}.py',
    "a'''b.py",
    "a\nimport os\n.py",
    "a\rimport os.py",
    "a\x0cb\x0b.py",
    "a\u2028import os.py",
    "a\u202eb.py",
    "a\x1b[31m.py",
    "{% raw %}.py",
    "a\\.py",
    "-o.py",
    " .py",
    "π.py",
)


@pytest.mark.parametrize("name", FILES, ids=ascii)
def test_file_names(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(SQUARE)
    words = ["--", name] if name.startswith("-") else [name]
    run = srcgrad_("emit", *words, cwd=tmp_path)
    assert run.status == DONE, run.message
    _plain(run.text)
    assert not any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in ast.walk(ast.parse(run.text)))
    assert not {"\r", "\x0b", "\x0c", "\x1b", "\u2028", "\u202e"} & set(run.text)
    given = srcgrad_("emit", "-", f"--stdin-filename={name}", cwd=tmp_path, stdin=SQUARE.encode())
    assert given.status == DONE, given.message
    _plain(given.text)
    refused = srcgrad_("emit", *(["--wrt", "q", *words]), cwd=tmp_path)
    assert refused.status == REFUSED
    assert "\x1b" not in refused.message


@pytest.mark.skipif(sys.platform != "linux", reason="file names of any bytes")
def test_file_name_that_is_no_text(tmp_path: Path) -> None:
    name = b"\xff.py"
    Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_text(SQUARE)
    _plain(apart("emit", name, cwd=tmp_path).text)
    assert apart("emit", name, "--wrt", "q", cwd=tmp_path).status == REFUSED


TOUCH = "__import__('pathlib').Path({marker!r}).touch()"
LIVES = {
    "module body": "{touch}\n" + SQUARE,
    "decorator": "def f(x):\n    return x * x\n@({touch} or (lambda f: f))\ndef g(x):\n    return x * x\n",
    "decorator of a helper": "@({touch} or (lambda f: f))\ndef h(x):\n    return x\ndef f(x):\n    return h(x)\n",
    "default": "def f(x, y={touch}):\n    return x * x\n",
    "default of a helper": "def h(x, y={touch}):\n    return x * x\ndef f(x):\n    return h(x)\n",
    "annotation": "def f(x: {touch}) -> {touch}:\n    y: {touch} = x * x\n    return y\n",
    "f-string": "def f(x):\n    y = f'{{{touch}}}'\n    return x * x\n",
    "body": "def f(x):\n    {touch}\n    return x * x\n",
    "class": "class C:\n    {touch}\n    y = {touch}\n    def g(self, z={touch}): pass\n" + SQUARE,
    "constant": "K = {touch} or 2.0\ndef f(x):\n    return x * K\n",
    "lambda": "g = (lambda: {touch})()\n" + SQUARE,
    "comprehension": "g = [{touch} for i in range(2)]\n" + SQUARE,
    "wrt": "from srcgrad import grad\n@grad(wrt={touch})\ndef f(x):\n    return x * x\n",
    "import": "import evil\nfrom evil import h\ndef f(x):\n    return h(x) + x * x\n",
    "star": "from evil import *\n" + SQUARE,
    "future": "from __future__ import annotations\n{touch}\n" + SQUARE,
    "assert": "assert not {touch}\n" + SQUARE,
    "codec": "# coding: evil\n{touch}\n" + SQUARE,
}


@pytest.mark.parametrize("place", LIVES)
@pytest.mark.parametrize("words", [["emit"], ["emit", "--mode", "value_and_grad"], ["trace"]], ids=" ".join)
def test_nothing_is_run(place: str, words: list[str], tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    touch = TOUCH.format(marker=str(marker))
    (tmp_path / "evil.py").write_text(f"{touch}\ndef h(x): return x\n")
    source = LIVES[place].replace("{{", "{").replace("}}", "}") if place == "f-string" else LIVES[place]
    (tmp_path / "input.py").write_text(source.replace("{touch}", touch))
    exec_free = srcgrad_(words[0], "input.py", *words[1:], cwd=tmp_path)
    srcgrad_(words[0], "input.py", "f", *words[1:], cwd=tmp_path)
    assert not marker.exists(), exec_free.text
    assert not (tmp_path / "__pycache__").exists()


def test_modules_of_the_folder_are_not_srcgrads(tmp_path: Path) -> None:
    """A file that is called as a module that srcgrad imports is none of its business."""
    (tmp_path / "input.py").write_text(SQUARE)
    for name in ("libcst", "jinja2", "ast", "tokenize", "tomllib", "numpy"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('run')\n")
    command = shutil.which("srcgrad", path=str(Path(sys.executable).parent))
    if command is None:
        pytest.skip("the command is not installed")
    done = subprocess.run([command, "emit", "input.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == DONE, done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "input.py").write_text(SQUARE)
    (tmp_path / "bad.py").write_text("def f(x):\n    return unknown(x)\n")
    yield tmp_path
    assert (tmp_path / "input.py").read_text() == SQUARE
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_output(folder: Path) -> None:
    text = srcgrad_("emit", "input.py", "-o", "out.py", cwd=folder)
    assert (text.status, text.output) == (DONE, b"")
    written = (folder / "out.py").read_bytes()
    _plain(written.decode())
    assert srcgrad_("emit", "bad.py", "-o", "out.py", cwd=folder).status == REFUSED
    assert (folder / "out.py").read_bytes() == written
    assert srcgrad_("emit", "bad.py", "-o", "new.py", cwd=folder).status == REFUSED
    assert not (folder / "new.py").exists()
    (folder / "broken.py").write_text("def f(x:\n")
    assert srcgrad_("emit", "broken.py", "-o", "new.py", cwd=folder).status == UNUSABLE
    assert not (folder / "new.py").exists()


def test_output_is_never_the_input(folder: Path) -> None:
    (folder / "symlink.py").symlink_to("input.py")
    os.link(folder / "input.py", folder / "hardlink.py")
    (folder / "deep").mkdir()
    (folder / "deep" / "back").symlink_to("..")
    for out in ("input.py", "./input.py", "symlink.py", "hardlink.py", str(folder / "input.py"), "deep/back/input.py"):
        assert srcgrad_("emit", "input.py", "-o", out, cwd=folder).status == UNUSABLE, out
        assert srcgrad_("emit", "symlink.py", "-o", out, cwd=folder).status == UNUSABLE, out


def test_output_through_a_symlink(folder: Path) -> None:
    (folder / "real.py").write_text("old")
    (folder / "real.py").chmod(0o640)
    (folder / "link.py").symlink_to("real.py")
    assert srcgrad_("emit", "input.py", "-o", "link.py", cwd=folder).status == DONE
    assert (folder / "link.py").is_symlink()
    assert "f_grad" in (folder / "real.py").read_text()
    assert stat.S_IMODE((folder / "real.py").stat().st_mode) == 0o640


@pytest.mark.parametrize("out", ["", ".", "deep", "none/out.py", "input.py/out.py", "a" * 300 + ".py"])
def test_output_that_cannot_be(out: str, folder: Path) -> None:
    (folder / "deep").mkdir()
    before = sorted(path.name for path in folder.iterdir())
    run = srcgrad_("emit", "input.py", "-o", out, cwd=folder)
    assert run.status == UNUSABLE
    assert sorted(path.name for path in folder.iterdir()) == before


WORDS: tuple[tuple[list[str], int | None], ...] = (
    (["emit", "none.py"], UNUSABLE),
    (["emit", "."], UNUSABLE),
    (["emit", "input.py", "g"], REFUSED),
    (["emit", "input.py", "--wrt", ""], None),
    (["emit", "input.py", "--wrt", ","], REFUSED),
    (["emit", "input.py", "--wrt", "x,x"], REFUSED),
    (["emit", "input.py", "--wrt", "\x1b[31m"], REFUSED),
    (["emit", "input.py", "--mode", "none"], UNUSABLE),
    (["emit", "input.py", "--check"], UNUSABLE),
    (["emit", "input.py", "--check", "-o", "none.py"], REFUSED),
    (["emit", "input.py", "--diff", "-o", "."], UNUSABLE),
    (["emit"], UNUSABLE),
    (["trace", "bad.py", "g"], REFUSED),
    ([], UNUSABLE),
)


@pytest.mark.parametrize(("words", "status"), WORDS, ids=ascii)
def test_usage(words: list[str], status: int | None, folder: Path) -> None:
    run = srcgrad_(*words, cwd=folder)
    assert status is None or run.status == status, run.message
    assert "\x1b" not in run.message


SETTINGS = (
    "tool = 3\n",
    "[tool]\nsrcgrad = 5\n",
    "[tool.srcgrad]\nfoo = 1\n",
    '[tool.srcgrad]\nmode = "none"\n',
    "\0",
    "[[",
)


@pytest.mark.parametrize("text", SETTINGS, ids=ascii)
def test_settings(text: str, folder: Path) -> None:
    (folder / "pyproject.toml").write_text(text)
    srcgrad_("emit", "input.py", cwd=folder)


def test_blowing_up(tmp_path: Path) -> None:
    """Helpers that call helpers twice double the text: refused, or carried along, in good time and little memory."""
    helpers = (f"def h{i}(x): return h{i - 1}(x) + h{i - 1}(x * 0.5)\n" for i in range(1, 30))
    emit("".join(("def h0(x): return x * x\n", *helpers, "def f(x): return h29(x)\n")), tmp_path, "f", alone=True)
    chained = (f"def h{i}(x): return h{i - 1}(x) * 1.5\n" for i in range(1, 1_000))
    emit("".join(("def h0(x): return x * x\n", *chained, "def f(x): return h999(x)\n")), tmp_path, "f", alone=True)


PROGRAM = """import math as m
K, L = 0.5, [1.0, 2.0, 3.0]
A = 2.0

def h(a, b=2.0):
    c = a * b + m.exp(-a)
    return c / b

def f(x, w, y):
    p, q = h(x, y), m.sin(x) * w[0]
    if p > q:
        p, q = q, p * A
    z = max(p, q) if x > y else abs(w[1] * p)
    return z / (1 + m.exp(-z)), p * q + h(z)
"""


def test_hash_seeds(tmp_path: Path) -> None:
    for mode in ("vjp", "jvp", "split"):
        texts = {
            emit(PROGRAM, tmp_path, "f", "--mode", mode, alone=True, PYTHONHASHSEED=seed).output
            for seed in ["0", "1", "2", "3"]
        }
        assert len(texts) == 1
    messages = {
        emit(
            PROGRAM.replace("m.sin", "m.none"), tmp_path, "f", "--mode", "vjp", alone=True, PYTHONHASHSEED=seed
        ).message
        for seed in ["0", "1", "2", "3"]
    }
    assert len(messages) == 1


@pytest.mark.parametrize("python", ["python3.11", "python3.12", "python3.13"])
def test_pythons(python: str, tmp_path: Path) -> None:
    """The same bytes from every Python that has what srcgrad needs."""
    command = shutil.which(python)
    if command is None:
        pytest.skip(f"no {python} on PATH")
    probe = "import sys, json, jinja2, libcst; print(json.dumps(sys.version_info[:2]))"
    found = subprocess.run([command, "-c", probe], capture_output=True, text=True, check=False)
    if found.returncode or f"python3.{json.loads(found.stdout)[1]}" != python:
        pytest.skip(f"{python} has no libcst and jinja2")
    for mode in ("vjp", "jvp", "split"):
        here = emit(PROGRAM, tmp_path, "f", "--mode", mode)
        there = apart("emit", "hostile.py", "f", "--mode", mode, cwd=tmp_path, python=command)
        assert (there.status, there.output) == (here.status, here.output), there.message
        assert here.status == DONE, here.message
