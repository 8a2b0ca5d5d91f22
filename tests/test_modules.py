"""Helpers in other files: what is read, what is refused, and that a file and a live function give one text."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from srcgrad import SrcgradError, grad
from srcgrad.cli import main
from srcgrad.emit import emit
from srcgrad.source import check

Files = dict[str, str]
Project = Callable[..., Path]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """Writes files (`pkg__init` is pkg/__init__.py) into a folder in which the test runs and which imports see."""
    known = set(sys.modules)

    def made(**files: str) -> Path:
        for name, text in files.items():
            parts = ["__init__" if part == "init" else part for part in name.split("__")]
            path = tmp_path.joinpath(*parts).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    yield made
    for name in {*sys.modules} - known:
        if str(tmp_path) in str(
            getattr(sys.modules[name], "__file__", "") or getattr(sys.modules[name], "__path__", "")
        ):
            del sys.modules[name]


def emitted(file: str, *names: str) -> str:
    """What `srcgrad emit` writes, without the header."""
    text = emit(check(Path(file).read_text(encoding="utf-8"), file), names, None, None, file, "").text
    return text.split("\n", 2)[2]


def refusal(file: str, *names: str) -> str:
    with pytest.raises(SrcgradError) as error:
        emitted(file, *names)
    return str(error.value)


def run(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(text, names)
    return names


def live(module: str) -> ModuleType:
    return importlib.import_module(module)


SIGMOID = "import math as m\n\n\ndef sigmoid(x):\n    return 1 / (1 + m.exp(-x))\n"
SLOPE = "SLOPE = 3.0\n\n\ndef ramp(x):\n    y = SLOPE * x\n    return y * y\n"

WAYS = {
    "from": ({"way_helpers": SIGMOID}, "from way_helpers import sigmoid", "sigmoid(x) * x"),
    "as": ({"way_helpers": SIGMOID}, "from way_helpers import sigmoid as s", "s(x) * x"),
    "attribute": ({"way_helpers": SIGMOID}, "import way_helpers", "way_helpers.sigmoid(x) * x"),
    "attribute as": ({"way_helpers": SIGMOID}, "import way_helpers as h", "h.sigmoid(x) * x"),
    "package": ({"way__sub": SIGMOID}, "from way.sub import sigmoid", "sigmoid(x) * x"),
    "module of a package": ({"way__init": "", "way__sub": SIGMOID}, "from way import sub", "sub.sigmoid(x) * x"),
    "dotted": ({"way__init": "", "way__sub": SIGMOID}, "import way.sub", "way.sub.sigmoid(x) * x"),
    "init": ({"way__init": SIGMOID}, "from way import sigmoid", "sigmoid(x) * x"),
    "handed on": (
        {"way__init": "from .sub import sigmoid as squash\n", "way__sub": SIGMOID},
        "from way import squash",
        "squash(x) * x",
    ),
    "assigned": ({"way_helpers": SIGMOID}, "import way_helpers\ns = way_helpers.sigmoid", "s(x) * x"),
    "constant": ({"way_helpers": "RATE = 0.5\n"}, "from way_helpers import RATE", "RATE * x * x"),
    "constant as": ({"way_helpers": "RATE = 0.5\n"}, "from way_helpers import RATE as R", "R * x * x"),
    "constant of a module": ({"way_helpers": "RATE = 0.5\n"}, "import way_helpers", "way_helpers.RATE * x * x"),
    "own constant": ({"way_helpers": SLOPE}, "from way_helpers import ramp", "ramp(x) * x"),
    "two of a name": ({"way_helpers": SLOPE}, "from way_helpers import ramp\nSLOPE = 2.0", "ramp(x) * SLOPE"),
    "an argument": (
        {"way_helpers": SLOPE + "def g(x):\n    return ramp(SLOPE) * x\n"},
        "from way_helpers import g",
        "g(x)",
    ),
    "library name": ({"way_helpers": "from math import exp as e\n"}, "from way_helpers import e", "e(x) * x"),
    "builtin's name": (
        {"way_helpers": "def max(x):\n    y = x * x\n    return y * y\n\n\ndef g(x):\n    return max(x) * x\n"},
        "from way_helpers import g",
        "g(x) * max(x, 0.1)",
    ),
    "a local of the constant's name": (
        {
            "way_helpers": "import way_rates\n\n\ndef g(x):\n    K = way_rates.K * x\n    return K + way_rates.K\n",
            "way_rates": "K = 3.0\n",
        },
        "from way_helpers import g",
        "g(x) * x",
    ),
    "imports of its own": (
        {"way_helpers": "import numpy as np\n\n\ndef g(x: float):\n    return np.exp(x)\n"},
        "from way_helpers import g",
        "g(float(x)) * x",
    ),
    "circle": (
        {
            "way_helpers": "import way_other\n" + SIGMOID,
            "way_other": "import way_helpers\n\n\ndef g(x):\n    return way_helpers.sigmoid(x) * x\n",
        },
        "from way_other import g",
        "g(x) * x",
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_file_and_a_live_function_give_one_text(way: str, project: Project) -> None:
    files, line, value = WAYS[way]
    project(main_of_ways=f"{line}\n\n\ndef f(x: float):\n    return {value}\n", **files)
    try:
        text = emitted("main_of_ways.py", "f")
        f = live("main_of_ways").f
        df = grad(f)
        assert df.source.strip() == text.strip()
        step = 1e-6
        slope = (f(0.7 + step) - f(0.7 - step)) / (2 * step)
        assert df(0.7) == run(text)["f_grad"](0.7) == pytest.approx(slope, rel=1e-6)
    finally:
        for name in [name for name in sys.modules if name.startswith(("way", "main_of_ways"))]:
            del sys.modules[name]


def test_a_package_is_read_through_its_relative_imports(project: Project) -> None:
    project(
        pkg__init="",
        pkg__top="def cube(x):\n    y = x * x\n    return y * x\n",
        pkg__sub__init="from .. import top\n",
        pkg__sub__model="from . import parts\nfrom .parts import square as s\nfrom ..top import cube\n"
        "from pkg.sub import top\n\n\n"
        "def f(x):\n    return s(x) + parts.square(x) + cube(x) + top.cube(x)\n",
        pkg__sub__parts="def square(x):\n    return x * x\n",
    )
    assert run(emitted("pkg/sub/model.py", "f"))["f_grad"](2.0) == 4 + 4 + 12 + 12


def test_nothing_is_executed(project: Project, tmp_path: Path) -> None:
    mark = "open('ran', 'w').close()\n"
    project(
        main=mark + "from pkg.sub import g\n\n\ndef f(x):\n    return g(x) * x\n",
        pkg__init=mark,
        pkg__sub=mark + "import other\n\n\ndef g(x):\n    return other.h(x) * x\n",
        other=mark + "def h(x):\n    return x * x\n",
    )
    assert main(["emit", "main.py", "-o", "out.py"]) == 0
    assert run(Path("out.py").read_text(encoding="utf-8"))["f_grad"](2.0) == 32.0
    assert not (tmp_path / "ran").exists()


def test_a_library_is_never_taken_for_a_file(project: Project) -> None:
    project(sys="def exp(x):\n    return x\n", main="import math\nimport sys\n\n\ndef f(x):\n    return math.exp(x)\n")
    assert run(emitted("main.py", "f"))["f_grad"](0.0) == 1.0


@pytest.mark.parametrize("library", ["random", "numpy"])
def test_a_file_with_the_name_of_a_library_is_refused(library: str, project: Project) -> None:
    project(
        **{
            library: "def g(x):\n    return x\n",
            "main": f"from {library} import g\n\n\ndef f(x):\n    return g(x) * x\n",
        }
    )
    assert refusal("main.py", "f") == (
        f"main.py:1:1: error: {library} is a library, and {library}.py has its name: which one Python finds is not "
        f"certain\n    from {library} import g\n    {'^' * len(f'from {library} import g')}\nhint: rename the file"
    )


def test_two_files_that_could_be_meant_are_refused(project: Project) -> None:
    project(
        pkg__init="",
        pkg__util=SIGMOID,
        util=SIGMOID,
        pkg__main="from util import sigmoid\n\n\ndef f(x):\n    return sigmoid(x)\n",
    )
    assert "more than one file could be util: pkg/util.py and util.py" in refusal("pkg/main.py", "f")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"def g(x):\n    return x +\n", "broken.py:2:15: not valid Python: invalid syntax"),
        ("# coding: utf-8\nä = 1".encode("latin-1"), "broken.py:1:1: broken.py cannot be decoded"),
        (b"# coding: klingon\n", "broken.py:1:1: broken.py cannot be decoded"),
        (b"#" * ((1 << 20) + 1), "broken.py:1:1: broken.py is larger than 1 MiB"),
        (b"x = " + b"(" * 300 + b"1" + b")" * 300, "broken.py:1:"),
        (b"\0", "broken.py:1:1: not"),
    ],
)
def test_a_module_that_cannot_be_read_is_refused(data: bytes, reason: str, project: Project) -> None:
    folder = project(main="from broken import g\n\n\ndef f(x):\n    return g(x) * x\n\n\ndef h(x):\n    return x * x\n")
    (folder / "broken.py").write_bytes(data)
    assert refusal("main.py", "f").startswith(f"main.py:1:1: error: g cannot be read: {reason}")
    assert run(emitted("main.py", "h"))["h_grad"](2.0) == 4.0


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_refused(project: Project) -> None:
    folder = project(main="from secret import g\n\n\ndef f(x):\n    return g(x)\n", secret=SIGMOID)
    (folder / "secret.py").chmod(0)
    assert "secret.py cannot be read: Permission denied" in refusal("main.py", "f")


def test_a_compiled_module_is_refused(project: Project) -> None:
    folder = project(main="from fast import g\n\n\ndef f(x):\n    return g(x)\n", fast=SIGMOID)
    (folder / "fast.cpython-311-x86_64-linux-gnu.so").write_bytes(b"")
    assert "fast is a compiled module, which has no text" in refusal("main.py", "f")


def test_a_refusal_in_a_helper_shows_its_own_file_and_line(project: Project) -> None:
    project(
        pkg__sub="def g(x):\n    while x:\n        x = x - 1\n    return x\n",
        main="import pkg.sub\n\n\ndef f(x):\n    return pkg.sub.g(x)\n",
    )
    assert refusal("main.py", "f").startswith("pkg/sub.py:2:5: error: a loop is not read yet\n        while x:")


def test_two_functions_that_need_one_name_for_two_things_are_refused(project: Project) -> None:
    project(
        one="K = 2.0\n\n\ndef g(x):\n    y = K * x\n    return y * y\n",
        two="K = 3.0\n\n\ndef h(x):\n    y = K * x\n    return y * y\n",
        main="from one import g\nfrom two import h\n\n\ndef a(x):\n    return g(x)\n\n\ndef b(x):\n    return h(x)\n"
        "\n\ndef c(x):\n    return g(x) + h(x)\n",
    )
    assert run(emitted("main.py", "a"))["a_grad"](1.0) == 8.0
    assert run(emitted("main.py", "b"))["b_grad"](1.0) == 18.0
    assert run(emitted("main.py", "c"))["c_grad"](1.0) == 26.0
    assert refusal("main.py", "a", "b") == (
        "main.py:9:1: error: K is one thing for one of the functions and another for another, in one file\n"
        "    def b(x):\n    ^^^^^^^^^\n"
        "hint: write them to files of their own, or rename one of them"
    )


def test_one_name_for_two_library_functions_is_refused(project: Project) -> None:
    project(
        logs="from math import log as exp\n\n\ndef g(x):\n    return exp(x)\n",
        main="from math import exp\nfrom logs import g\n\n\ndef f(x):\n    return g(x) * exp(x)\n",
    )
    assert "exp is one thing in one file and another in another" in refusal("main.py", "f")


def test_a_helper_of_arrays_makes_the_file_one_of_arrays(project: Project) -> None:
    project(
        arrays="import numpy as np\n\n\ndef g(x):\n    return np.exp(x)\n",
        main="from arrays import g\n\n\ndef f(x):\n    return g(x) * x\n\n\ndef h(x):\n    return x * x\n",
    )
    assert "nothing says that the result of f is a number" in refusal("main.py", "f")
    assert run(emitted("main.py", "h"))["h_grad"](2.0) == 4.0


def test_a_list_that_the_file_may_change_is_no_constant(project: Project) -> None:
    text = "import lists\n\n\ndef f(x):\n    return lists.W[1] * x * x\n"
    project(lists="W = [1.0, 2.0]\n", read=text, changed=text + "\n\nlists.W[1] = 3.0\n")
    assert run(emitted("read.py", "f"))["f_grad"](2.0) == 8.0
    assert "f reads the global lists, which is no constant" in refusal("changed.py", "f")


def test_a_constant_that_the_file_changes_is_none(project: Project) -> None:
    text = "import rates\n\n\ndef f(x):\n    return rates.K * x * x\n\n\nrates.K = 3.0\n"
    project(rates="K = 2.0\n", changed=text)
    assert refusal("changed.py", "f").startswith("changed.py:")


def test_a_constant_is_carried_without_its_neighbours(project: Project) -> None:
    project(
        rates="L = (1,\n2); K = 2.0; J = 3.0\n\n\ndef g(x):\n    y = J * x\n    return y * y\n",
        main="from rates import g\n\nK = 7.0\n\n\ndef f(x):\n    return g(x) * K\n",
    )
    assert run(emitted("main.py", "f"))["f_grad"](1.0) == 126.0


def test_two_modules_of_a_package_are_imported_one_by_one(project: Project) -> None:
    project(
        two__a="def g(x):\n    return x * x\n",
        two__b="def g(x):\n    return x**3\n",
        main="import two.a\nimport two.b\n\n\ndef f(x):\n    return two.a.g(x) * two.b.g(x)\n",
    )
    assert run(emitted("main.py", "f"))["f_grad"](2.0) == 80.0


def test_a_live_constant_of_another_module_is_read_at_each_call(project: Project) -> None:
    project(live_k=SLOPE, live_main="import live_k\n\n\ndef f(x):\n    return live_k.ramp(x) * live_k.SLOPE\n")
    module = live("live_main")
    df = grad(module.f)
    assert df(1.0) == 2 * 3.0**3
    module.live_k.SLOPE = 2.0
    assert df(1.0) == 2 * 2.0**3


METHODS = """import math
from srcgrad import grad

w = 2.0


class Model:
    w = 5.0
    __hidden = 1.0

    @staticmethod
    def loss(x):
        return math.exp(w * x)

    @staticmethod
    @grad
    def marked(x):
        return x * x

    class Inner:
        @staticmethod
        def square(x):
            return x * x

    @staticmethod
    def mangled(x):
        return __k * x

    def method(self, x):
        return x * x

    @classmethod
    def made(cls, x):
        return x * x


def outer(x):
    def inner(y):
        return y * y

    return inner(x)


__k = 3.0
if w:

    def perhaps(x):
        return x * x
"""
LOSS = '''import math

w = 2.0


def loss_grad(x):
    """Gradient of loss.

    Inputs:
    - x: a scalar

    Returns:
    - dx: gradient with respect to x, a scalar
    """
    # forward pass
    out = math.exp(w * x)

    # backward pass
    # backprop out = math.exp(w * x)
    dx = w * out
    return dx
'''


def test_a_static_method_is_a_function(project: Project) -> None:
    """Its names are those of the module: a class is no scope for what stands in its functions."""
    project(methods=METHODS)
    Model = live("methods").Model
    assert emitted("methods.py", "Model.loss") == LOSS == grad(Model.loss).source
    assert emitted("methods.py", "Model.Inner.square").strip() == grad(Model.Inner.square).source.strip()
    assert run(emitted("methods.py", "Model.marked"))["marked_grad"](3.0) == Model.marked(3.0) == 6.0


def test_without_names_only_the_top_level_is_read(project: Project) -> None:
    project(
        methods=METHODS.replace("return inner(x)", "return x * x").replace(
            "    def inner(y):\n        return y * y\n\n", ""
        )
    )
    assert list(run(emitted("methods.py")))[1:] == ["outer_grad"]


NOT_READ = "what an object or a class holds is not read"


@pytest.mark.parametrize(
    ("name", "report"),
    [
        ("Model.method", f"methods.py:29:5: error: method is a method of Model, and {NOT_READ}"),
        ("Model.made", f"methods.py:33:5: error: made is a method of Model, and {NOT_READ}"),
        ("Model.mangled", "methods.py:27:16: error: __k has another name inside the class Model"),
        (
            "inner",
            "methods.py:38:5: error: inner is defined inside outer, so what its names are is known only when outer",
        ),
        ("outer.inner", "methods.py:38:5: error: inner is defined inside outer, so what its names are is known only"),
        ("perhaps", "methods.py:47:5: error: perhaps is defined inside another statement, which may not run"),
        ("loss", "error: no function 'loss' at the top level of methods.py\nhint: write Model.loss"),
        ("Model", "error: no function 'Model' at the top level of methods.py\nhint: there are: outer"),
    ],
)
def test_what_is_no_static_method_is_refused(name: str, report: str, project: Project) -> None:
    project(methods=METHODS)
    assert refusal("methods.py", name).startswith(report)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("method", f"method is a method of Model, and {NOT_READ}"),
        ("mangled", "__k has another name"),
        ("made", "made is not a Python function"),
    ],
)
def test_a_live_method_is_refused(name: str, message: str, project: Project) -> None:
    project(methods=METHODS)
    with pytest.raises(SrcgradError, match=message) as error:
        grad(getattr(live("methods").Model, name))
    assert error.value.hint.endswith(("that takes the numbers it needs", "rename it"))
