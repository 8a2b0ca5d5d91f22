"""The examples, run as a reader runs them, print the numbers of the literature."""

from __future__ import annotations

import math
import re
import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
PRINTED = {
    "circuit": (-12, -4, -4, 3),
    "descent": (-199.9971455046146, -3.9999429100922916, -40015.99999184862),
    "eight_steps": (83.15986193301671, -1.9149156216104704, -1.9149156216104704),
    "logistic": (0.22669403337925906, 0.1545711261635258, -0.04542887383647421),
    "minimise": (1, 1, 1, 1, 1),
    "neuron": (
        *(0.7310585786300049, -0.19661193324148185, -0.3932238664829637, 0.19661193324148185),
        *(0.3932238664829637, -0.5898357997244456),
    ),
    "on_jax": (0.8215976258195633, 0.4202706715822012, -0.6373130246420202),
    "own_gate": (math.exp(-0.5) / math.sqrt(2 * math.pi),),
    "perceptron": (205.0651427133364, 1.006857843234808),
    "product": (5.718281828459045, 11.154845485377136, 5.718281828459045, 11.154845485377136),
    "routes": (-20, -8, 6, 2, 0),
    "square_error": (9, -6, -18),
    "staged": (0.41345423252018193, 0.5348320870757595, 0.342460382923052),
    "staged_nested": (0.41345423252018193, 0.5348320870757595, 0.342460382923052),
    "tanh_by_exp": (math.sqrt(0.5), -1.5, 0.5, 1, 0, 0.5),
    "tanh_neuron": (math.sqrt(0.5), -1.5, 0.5, 1, 0, 0.5),
}


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_example(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(path), run_name="__main__")
    # The numbers that follow an equals sign or stand in a list.
    printed = [
        float(word) for word in re.findall(r"(?<=[=\[,] )-?\d[\d.e+-]*|(?<=\[)-?\d[\d.e+-]*", capsys.readouterr().out)
    ]
    assert printed == pytest.approx(PRINTED[path.stem], rel=1e-7, abs=1e-12)
