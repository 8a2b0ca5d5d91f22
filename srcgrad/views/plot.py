"""The picture of a check: how wrong a numerical derivative is, against its step. Needs matplotlib."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from srcgrad.errors import SrcgradError
from srcgrad.views.check import Checked, Errors, errors

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plotted(checked: Checked) -> bytes:
    """The errors of forward and central differences against the step, log-log, as a PNG.

    Raises SrcgradError where matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise SrcgradError(
            "a plot needs matplotlib, which is not installed", hint="pip install srcgrad[plot]"
        ) from None
    figure = Figure(figsize=(7, 5), layout="constrained")
    _draw(figure, checked.name, errors(checked))
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=144, metadata={"Software": None})
    return out.getvalue()


def _draw(figure: Figure, name: str, curve: Errors) -> None:
    axes = figure.add_subplot()
    axes.set_xscale("log")
    axes.set_yscale("log")
    rows = (
        ("forward difference", curve.forward, 1, "tab:orange"),
        ("central difference", curve.central, 2, "tab:blue"),
    )
    for label, found, order, colour in rows:
        shown = [(step, error) for step, error in zip(curve.steps, found, strict=True) if error > 0]
        axes.plot(*zip(*shown, strict=True), ".-", label=label, color=colour) if shown else None
        guide = _truncation(curve.steps, found, order)
        axes.plot(curve.steps, guide, ":", label=f"truncation, step{'²' * (order == 2)}", color=colour, linewidth=1)
    axes.plot(
        curve.steps, [curve.rounding / step for step in curve.steps], "--", label="rounding, 1 / step", color="grey"
    )
    axes.set_ylim(1e-18, 1e3)
    axes.set_xlabel("step")
    axes.set_ylabel("relative error of the numerical derivative")
    axes.set_title(f"{name}: differences against the derived gradient")
    axes.grid(alpha=0.3)
    axes.legend()


def _truncation(steps: Sequence[float], found: Sequence[float], order: int) -> list[float]:
    """The line that the error follows where the step is large: through its middle there, on the logarithmic scale."""
    heads = [
        math.log(error / step**order)
        for step, error in zip(steps, found, strict=True)
        if 1e-3 < step < 1e-1 and error > 0
    ]
    factor = math.exp(sorted(heads)[len(heads) // 2]) if heads else math.nan
    return [factor * step**order for step in steps]
