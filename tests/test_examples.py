"""The examples, run as a reader runs them, print the numbers of the literature."""

from __future__ import annotations

import math
import re
import runpy
import subprocess
import sys
import xml.etree.ElementTree as ET
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
PRINTED = {
    "circuit": (-12, -4, -4, 3),
    "descent": (-199.9971455046146, -3.9999429100922916, -40015.99999184862),
    "eight_steps": (83.15986193301671, -1.9149156216104704, -1.9149156216104704),
    "landscape": (-1.1508120003394184, -1.520993582448058, 0.00011759348395929032),
    "logistic": (0.22669403337925906, 0.1545711261635258, -0.04542887383647421),
    "minimise": (1, 1, 1, 1, 1),
    "neuron": (
        *(0.7310585786300049, -0.19661193324148185, -0.3932238664829637, 0.19661193324148185),
        *(0.3932238664829637, -0.5898357997244456),
    ),
    "on_jax": (0.8215976258195633, 0.4202706715822012, -0.6373130246420202),
    "own_gate": (math.exp(-0.5) / math.sqrt(2 * math.pi),),
    "perceptron": (205.0651427133364, 1.006857843234808),
    "pictures": (),
    "product": (5.718281828459045, 11.154845485377136, 5.718281828459045, 11.154845485377136),
    "routes": (-20, -8, 6, 2, 0),
    "square_error": (9, -6, -18),
    "staged": (0.41345423252018193, 0.5348320870757595, 0.342460382923052),
    "staged_nested": (0.41345423252018193, 0.5348320870757595, 0.342460382923052),
    "tanh_by_exp": (math.sqrt(0.5), -1.5, 0.5, 1, 0, 0.5),
    "tanh_neuron": (math.sqrt(0.5), -1.5, 0.5, 1, 0, 0.5),
}


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_example(path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [str(path)])
    runpy.run_path(str(path), run_name="__main__")
    # The numbers that follow an equals sign or stand in a list.
    printed = [
        float(word) for word in re.findall(r"(?<=[=\[,] )-?\d[\d.e+-]*|(?<=\[)-?\d[\d.e+-]*", capsys.readouterr().out)
    ]
    assert printed == pytest.approx(PRINTED[path.stem], rel=1e-7, abs=1e-12)


# The pictures.

PICTURES = EXAMPLES.parent / "docs" / "pictures"
LARGEST = 60_000


def example(name: str) -> dict[str, Any]:
    return runpy.run_path(str(EXAMPLES / f"{name}.py"))


def drawn(path: Path, mark: str) -> Any:
    """The points of the line that is marked so in a picture."""
    for group in ET.parse(path).iter("{http://www.w3.org/2000/svg}g"):
        if group.get("id") == mark:
            steps = group[0].get("d", "")
            return np.array([[float(x), float(y)] for x, y in re.findall(r"[ML] (\S+) (\S+)", steps)])
    raise AssertionError(f"{path.name} has no {mark}")


def scaled(points: Any) -> Any:
    """Points from 0 to 1 in both directions, y upwards."""
    points = np.asarray(points)
    return (points - points.min(axis=0)) / np.ptp(points, axis=0)


def check_pictures(folder: Path) -> None:
    """They are those of the paths: an axis of a picture is the axis of the plane, drawn to scale."""
    for name in ("descent", "landscape"):
        on_paper = drawn(folder / f"{name}.svg", "path") * (1, -1)
        assert scaled(on_paper) == pytest.approx(scaled(example(name)["path"]()), abs=1e-4)
    after, before = (drawn(folder / "perceptron.svg", mark) * (1, -1) for mark in ("after", "before"))
    perceptron = example("perceptron")
    W, _, _ = perceptron["learn"](*perceptron["blobs"]())
    slope = W[:, 0] - W[:, 1]
    along = after[1] - after[0]
    assert along @ slope == pytest.approx(0, abs=1e-4 * np.linalg.norm(along) * np.linalg.norm(slope))
    assert np.ptp(before[:, 0]) == pytest.approx(0, abs=1e-4)


def test_the_pictures_are_those_of_the_examples() -> None:
    check_pictures(PICTURES)
    assert {path.name: path.stat().st_size for path in PICTURES.iterdir() if path.stat().st_size > LARGEST} == {}


@pytest.mark.skipif(find_spec("matplotlib") is None, reason="matplotlib is not installed")
def test_the_pictures_are_drawn_anew(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(EXAMPLES / "pictures.py"), str(tmp_path)], check=True)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in PICTURES.iterdir()}
    check_pictures(tmp_path)


@pytest.mark.parametrize("mark", ["path", "after"])
def test_what_is_another_line_is_seen(mark: str, tmp_path: Path) -> None:
    for path in PICTURES.iterdir():
        before, here, after = path.read_text(encoding="utf-8").partition(f'id="{mark}"')
        (tmp_path / path.name).write_text(before + here + after.replace("L ", "L 1", 1), encoding="utf-8")
    with pytest.raises(AssertionError):
        check_pictures(tmp_path)
