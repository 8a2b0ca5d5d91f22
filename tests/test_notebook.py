"""Notebooks: what `%load_ext srcgrad` shows, and what `%%grad` derives; the example runs as a reader runs it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import srcgrad
from srcgrad import SrcgradError
from srcgrad.notebook import load_ipython_extension, shown, unload_ipython_extension
from srcgrad.views.highlight import highlighted

EXAMPLE = Path(__file__).parents[1] / "examples" / "notebook.ipynb"
CELL = "def product(x: float, y: float):\n    return x * y\n"


def html_of(outputs: list[Any]) -> str:
    return "".join(output["data"].get("text/html", "") for output in outputs if "data" in output)


def text_of(outputs: list[Any]) -> str:
    return "".join(output["data"].get("text/plain", "") for output in outputs if "data" in output)


@pytest.fixture(scope="module")
def cells() -> list[Any]:
    """The code cells of the example, run."""
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    notebook = nbformat.read(EXAMPLE, as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells), "the example is kept without outputs"
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def cell(cells: list[Any], text: str) -> list[Any]:
    """The outputs of the cell that is this text, or has it as its first line."""
    (found,) = (one.outputs for one in cells if text in (one.source, one.source.partition("\n")[0]))
    return list(found)


def test_the_example_holds_the_circuit(cells: list[Any]) -> None:
    derived = html_of(cell(cells, "neuron_grad"))
    assert "<svg" in derived
    assert derived.count("</svg>") == 1
    assert "neuron_grad" in derived
    drawn = cell(cells, "srcgrad.draw(neuron, [2.0, -3.0, -3.0], [-1.0, -2.0], composites=False)")
    assert any("<svg" in "".join(output["data"].values()) for output in drawn)
    assert "-0.53" in str(drawn)


def test_the_example_shows_the_function_above_its_gradient(cells: list[Any]) -> None:
    html = html_of(cell(cells, "%%grad"))
    assert html.count("<pre") == 2
    assert html.index("neuron</span>") < html.index("neuron_grad</span>")
    assert "<span style=" in html
    html = html_of(cell(cells, "%%grad --mode vjp --wrt w,b"))
    assert "layer_vjp</span>" in html


def test_what_the_example_derives_is_called_by_its_name(cells: list[Any]) -> None:
    text = text_of(cell(cells, "neuron_grad([2.0, -3.0, -3.0], [-1.0, -2.0])"))
    assert text.startswith("([-0.1966")
    tables = [text_of(one.outputs) for one in cells if one.source.startswith("srcgrad.check(")]
    assert len(tables) == 2
    assert all("ok" in table and "wrong" not in table for table in tables)


# The extension in a shell of this process.


@pytest.fixture
def shell() -> Iterator[Any]:
    pytest.importorskip("IPython")
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    load_ipython_extension(shell)
    yield shell
    unload_ipython_extension(shell)
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()


def grad(shell: Any, line: str, text: str = CELL) -> Any:
    return shell.run_cell_magic("grad", line, text)


def test_load_ext_finds_the_extension(shell: Any) -> None:
    unload_ipython_extension(shell)
    assert "grad" not in shell.magics_manager.magics["cell"]
    shell.extension_manager.load_extension("srcgrad")
    assert "grad" in shell.magics_manager.magics["cell"]


def test_a_cell_is_derived(shell: Any) -> None:
    made = grad(shell, "")
    assert shell.user_ns["product_grad"](2.0, 3.0) == (3.0, 2.0)
    assert repr(made) == shell.user_ns["product_grad"].source
    assert made.function == CELL
    assert shell.user_ns["product"](2.0, 3.0) == 6.0


@pytest.mark.parametrize(
    ("line", "call", "value"),
    [
        ("--wrt y", "product_grad(2.0, 3.0)", 2.0),
        ("--wrt y,x", "product_grad(2.0, 3.0)", (2.0, 3.0)),
        ("--mode vjp", "product_vjp(10.0, 2.0, 3.0)", (30.0, 20.0)),
        ("--mode jvp", "product_jvp(1.0, 0.0, 2.0, 3.0)", (6.0, 3.0)),
        ("--mode value_and_grad", "product_value_and_grad(2.0, 3.0)", (6.0, (3.0, 2.0))),
        ("--mode split", "product_backward(1.0, product_forward(2.0, 3.0)[1])", (3.0, 2.0)),
    ],
)
def test_the_options(shell: Any, line: str, call: str, value: object) -> None:
    grad(shell, line)
    assert eval(call, shell.user_ns) == value


def test_the_last_function_of_the_cell_is_derived(shell: Any) -> None:
    grad(
        shell,
        "",
        "scale = 3.0\n\n\ndef times(x: float):\n    return scale * x\n\n\ndef f(x: float):\n    return times(x) * x\n",
    )
    assert shell.user_ns["f_grad"](2.0) == 12.0
    assert "times_grad" not in shell.user_ns


def test_magics_inside_the_cell(shell: Any) -> None:
    grad(shell, "", "%precision 3\n" + CELL)
    assert shell.user_ns["product_grad"](2.0, 3.0) == (3.0, 2.0)


def test_quotes_that_stay_open_are_refused(shell: Any) -> None:
    with pytest.raises(SrcgradError) as caught:
        grad(shell, "--wrt 'x")
    assert caught.value.message == "%%grad: no closing quotation"


def test_a_refusal_is_shown_without_a_traceback(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ran = shell.run_cell("%%grad\ndef f(x: float):\n    return open(x)\n")
    assert isinstance(ran.error_in_exec, SrcgradError)
    out = "".join(capsys.readouterr())
    assert "error: " in out
    assert "Traceback" not in out


def test_an_error_of_the_cell_is_its_own(shell: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        grad(shell, "", CELL + "1 / 0\n")


def test_arrays_of_another_cell(shell: Any) -> None:
    """What one cell imports is there in the next, which is a text of its own."""
    shell.run_cell("import numpy as np")
    grad(shell, "", "def total(x):\n    return np.sum(x * x)\n")
    assert shell.user_ns["total_grad"](np.array([1.0, 2.0])).tolist() == [2.0, 4.0]


def test_a_derived_function_is_shown(shell: Any) -> None:
    grad(shell, "")
    data, _ = shell.display_formatter.format(shell.user_ns["product_grad"])
    assert "<svg" in data["text/html"]
    assert "product_grad" in data["text/html"]
    data, _ = shell.display_formatter.format(shell.user_ns["product"])
    assert "text/html" not in data


# What is shown.


def plain(x: float):
    return x * x


def opened(x):
    return np.sum(x * x)


def test_functions_of_others_are_not_shown() -> None:
    assert shown(plain) is None

    def sourced() -> None:
        pass

    sourced.source = "text"  # type: ignore[attr-defined]
    assert shown(sourced) is None


@pytest.mark.parametrize("function", [plain, opened])
def test_what_is_derived_for_each_kind_of_argument_is_shown_too(function: Any) -> None:
    html = shown(srcgrad.grad(function))
    assert html is not None
    assert "<svg" in html


def test_nothing_hangs_on_a_derived_function() -> None:
    assert set(vars(srcgrad.grad(plain))) == {"source"}


def test_a_derived_function_is_let_go() -> None:
    import gc
    import weakref

    made = srcgrad.grad(plain)
    gone = weakref.ref(made)
    del made
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("with_pygments", [True, False])
def test_a_text_is_inert(monkeypatch: pytest.MonkeyPatch, with_pygments: bool) -> None:
    if with_pygments:
        pytest.importorskip("pygments")
    else:
        monkeypatch.setitem(sys.modules, "pygments", None)
    html = highlighted("s = '<script>alert(\"&\")</script>'  # </pre>\n")
    assert "<script>" not in html
    assert html.count("</pre>") == 1
    assert ("<span" in html) == with_pygments
