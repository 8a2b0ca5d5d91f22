"""The pictures of the examples: `python examples/pictures.py docs/pictures` draws them.

It takes matplotlib: `pip install 'srcgrad[plot]'`.
"""

import sys
from pathlib import Path

import numpy as np

BLUE, ORANGE, GREY, INK = "#3b6fb6", "#e07b39", "#9aa3ad", "#2b2f36"
STYLE = {
    "svg.hashsalt": "srcgrad",
    "svg.fonttype": "none",
    "path.simplify": False,
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def descent(axes):
    """Gradient descent in the bowl, its path over the contour."""
    from descent import bowl, path

    x, y = np.meshgrid(np.linspace(-330, 40, 60), np.linspace(-120, 110, 40))
    _contour(axes, x, y, bowl(x, y), [-39000, -36000, -31000, -24000, -15000, -4000, 9000])
    _path(axes, path())
    axes.set(title="Gradient descent on x² + y² + 400x + 8y", xlabel="x", ylabel="y", aspect="equal")


def landscape(axes):
    """The loss of a tiny network over its two weights, and the path of the descent."""
    from landscape import loss, path

    w, v = np.meshgrid(np.linspace(-2.6, 2.6, 81), np.linspace(-2.6, 2.6, 81))
    losses = np.vectorize(loss)(w, v)
    _contour(axes, w, v, losses, [0.03, 0.15, 0.5, 1.0, 1.36, 2.0, 3.2, 5.0, 8.0])
    _path(axes, path())
    axes.set(title="The loss of v·tanh(w·x) over its two weights", xlabel="w", ylabel="v", aspect="equal")


def perceptron(axes):
    """The two blobs and the line between them, before the perceptron has learnt and afterwards."""
    from perceptron import blobs, learn

    X, c = blobs()
    for blob, colour, marker in ((c[:, 0] == 1, BLUE, "o"), (c[:, 1] == 1, ORANGE, "s")):
        axes.plot(*X[blob].T, marker, color=colour, markersize=4, alpha=0.85)
    low, high = X.min() - 0.4, X.max() + 0.4
    for steps, dashes, name in ((0, "--", "before"), (100, "-", "after")):
        W, b, _ = learn(X, c, steps)
        slope, offset = W[:, 0] - W[:, 1], b[0] - b[1]
        across = np.array([low, high])
        # Where both classes score the same: slope · (x, y) + offset = 0.
        along = -(slope[0] * across + offset) / slope[1] if slope[1] else across
        points = np.array([across, along] if slope[1] else [np.full(2, -offset / slope[0]), along])
        axes.plot(*points, dashes, color=INK if steps else GREY, linewidth=1.4, gid=name)
    axes.set(title="A perceptron learns the line between two blobs", xlabel="x₁", ylabel="x₂", aspect="equal")
    axes.set(xlim=(low, high), ylim=(low, high))
    axes.text(0.1, low + 0.2, "before", color=GREY)
    axes.text(2.2, -1.8, "after")


def _contour(axes, x, y, z, levels):
    """Lines of equal height, the lower the darker."""
    from matplotlib import colormaps

    axes.contour(x, y, z, levels=levels, colors=colormaps["Blues_r"](np.linspace(0, 0.65, len(levels))), linewidths=0.9)


def _path(axes, points):
    x, y = np.array(points).T
    axes.plot(x, y, "-o", color=ORANGE, linewidth=1.2, markersize=2.6, gid="path")
    axes.plot(x[0], y[0], "o", color=INK, markersize=5)
    axes.plot(x[-1], y[-1], "*", color=INK, markersize=9)
    axes.annotate("start", (x[0], y[0]), xytext=(6, 6), textcoords="offset points")
    axes.annotate("end", (x[-1], y[-1]), xytext=(-8, -15), textcoords="offset points")


def draw(folder):
    """Write the pictures into a folder."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    for picture in (descent, landscape, perceptron):
        with matplotlib.rc_context(STYLE):
            figure, axes = pyplot.subplots(figsize=(5.4, 4.0), layout="constrained")
            picture(axes)
            figure.savefig(Path(folder, f"{picture.__name__}.svg"), metadata={"Date": None})
            pyplot.close(figure)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        draw(sys.argv[1])
    else:
        print("say where: python examples/pictures.py docs/pictures")
