"""Circuits: the numbers of the cs231n notes on their wires, nothing over anything else, nothing cut, all text inert."""

from __future__ import annotations

import math
import random
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import srcgrad
from srcgrad import SrcgradError, draw
from srcgrad.scope import StaticScope
from srcgrad.source import check, functions, read
from srcgrad.views.drawing import Drawing, drawing
from srcgrad.views.measures import text_width
from srcgrad.views.seen import Seen, seen

Segment = tuple[float, float, float, float]
SVG = "{http://www.w3.org/2000/svg}"


def looked_at(text: str, at: Mapping[str, Any] | None = None, composites: bool = True) -> Seen:
    source = check(text, "case.py")
    return seen(read(source, functions(source)[-1]), StaticScope(source), at, composites=composites, by_hand=False)


def pictured(text: str, at: Mapping[str, Any] | None = None, width: int = 0) -> ET.Element:
    return ET.fromstring(drawing(looked_at(text, at), width).svg)


def of_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [one for one in root.iter() if name in one.get("class", "").split()]


def texts(one: ET.Element, name: str) -> list[str]:
    return [text.text or "" for text in of_class(one, name)]


def numbers(svg: str) -> list[str]:
    """What stands above and below each wire, in the order of evaluation."""
    wires = of_class(ET.fromstring(svg), "wire")
    return [f"{texts(wire, 'value')[0]}/{texts(wire, 'gradient')[0]}" for wire in wires]


def labels(svg: str) -> list[str]:
    return [
        "".join(text.text or "" for text in gate.iter(f"{SVG}text")) for gate in of_class(ET.fromstring(svg), "gate")
    ]


# The circuits of the notes, https://cs231n.github.io/optimization-2/


def product(x, y, z):
    q = x + y
    return q * z


def neuron(w0, x0, w1, x1, w2):
    return 1 / (1 + math.exp(-(w0 * x0 + w1 * x1 + w2)))


def routes(x, y, z, w):
    return 2 * (x * y + max(z, w))


def test_the_first_circuit_of_the_notes() -> None:
    svg = draw(product, -2, 5, -4).svg
    assert numbers(svg) == ["-2.00/-4.00", "5.00/-4.00", "-4.00/3.00", "3.00/-4.00", "-12.00/1.00"]
    assert labels(svg) == ["+", "*"]


def test_the_neuron_of_the_notes_with_all_its_gates() -> None:
    svg = draw(neuron, 2, -1, -3, -2, -3, composites=False).svg
    inputs = ["2.00/-0.20", "-1.00/0.39", "-3.00/-0.39", "-2.00/-0.59", "-3.00/0.20"]
    products = ["-2.00/0.20", "6.00/0.20", "4.00/0.20", "1.00/0.20"]
    assert numbers(svg) == [*inputs, *products, "-1.00/-0.20", "0.37/-0.53", "1.37/-0.53", "0.73/1.00"]
    assert labels(svg) == ["*", "*", "+", "+", "*-1", "exp", "+1", "1/x"]


def test_the_neuron_with_its_sigmoid() -> None:
    assert labels(draw(neuron, 2, -1, -3, -2, -3).svg)[-1] == "sigmoid"


def test_add_distributes_multiply_swaps_max_routes() -> None:
    svg = draw(routes, 3, -4, 2, -1).svg
    inputs = ["3.00/-8.00", "-4.00/6.00", "2.00/2.00", "-1.00/0.00"]
    assert numbers(svg) == [*inputs, "-12.00/2.00", "2.00/2.00", "-10.00/2.00", "-20.00/1.00"]
    assert labels(svg) == ["*", "max", "+", "*2"]


# What is drawn


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("x + 1", "+1"), ("1 + x", "+1"), ("x - 1", "-1"), ("1 - x", "1-"), ("x * 3", "*3"), ("x / 2", "/2"),
        ("3 / x", "3/"), ("1 / x", "1/x"), ("-x", "*-1"), ("x**2", "**2"), ("x * x", "**2"), ("x**3", "**3"),
        ("2**x", "2**"), ("max(x, 2)", "max 2"), ("np.maximum(x, 0)", "max 0"), ("abs(x)", "abs"), ("np.exp(x)", "exp"),
        ("np.sum(x)", "sum"), ("x.reshape(1, 1).sum()", "reshape(1, 1)"), ("np.log(1 + np.exp(x))", "softplus"),
        ("x - y", "-"), ("x / y", "/"), ("x**y", "**"), ("min(x, y)", "min"), ("np.arctan2(x, y)", "arctan2"),
        ("np.ones(3) * x", "ones(3)"), ("x.shape[0] * y", ".shape"), ("x.T + y", ".T"), ("x[1:3] + y", "[1:3]"),
    ],
)  # fmt: skip
def test_gates_are_called_as_in_the_notes(line: str, label: str) -> None:
    found = labels(drawing(looked_at(f"import numpy as np\ndef f(x, y):\n    return {line}\n")).svg)
    assert found[0] == label


def test_every_gate_and_wire_says_which_entry_it_is() -> None:
    what = looked_at("def f(w, y):\n    q, r = divmod(w[0], y)\n    return q * w[1] + r\n", {"w": [7.0, 2.0], "y": 3.0})
    root = ET.fromstring(drawing(what).svg)
    wires = {int(one.get("data-entry", "")): one for one in of_class(root, "wire")}
    assert list(wires) == list(range(len(what.entries)))
    lines = [int(one.get("data-line", "")) for one in of_class(root, "gate")]
    assert [what.entries[line].line for line in lines] == list(what.wengert.lines)
    assert [texts(one, "name") for one in wires.values()] == [[], [], [], ["q"], ["r"], [], ["out"]]
    inputs = of_class(root, "input")
    assert ["".join(one.itertext()) for one in inputs] == ["w[0]", "w[1]", "y"]


def test_a_picture_has_a_title_and_is_an_image() -> None:
    root = pictured("def f(x):\n    return x * x\n")
    assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
    assert (root.findtext(f"{SVG}title") or "") == "The circuit of f: 1 gates"


def test_named_values_are_labelled_and_others_not() -> None:
    root = pictured("def f(x):\n    a = x * 3\n    return a + x / 2\n")
    assert [text for wire in of_class(root, "wire") for text in texts(wire, "name")] == ["a", "out"]


def test_a_wire_forks_where_two_read_it() -> None:
    wires = of_class(pictured("def f(x, y):\n    return x * y + x\n"), "wire")
    assert [len(list(wire.iter(f"{SVG}circle"))) for wire in wires] == [1, 0, 0, 0]


BRANCHES = (
    "import math\ndef f(x):\n    if x > 2:\n        a = math.sin(x)\n    else:\n        a = math.cos(x)\n    return a\n"
)


@pytest.mark.parametrize(("x", "gates"), [(3.0, {"sin"}), (1.0, {"cos"}), (None, {"sin", "cos"})])
def test_only_the_branch_that_ran_is_drawn(x: float | None, gates: set[str]) -> None:
    found = labels(drawing(looked_at(BRANCHES, None if x is None else {"x": x})).svg)
    assert {"sin", "cos"} & set(found) == gates


def test_gates_that_pass_no_gradient_are_drawn_lighter() -> None:
    root = pictured("def f(x, n):\n    k = n * 2\n    u = x * 5\n    return x * x\n", {"x": 2.0, "n": 3})
    assert [len(texts_) for texts_ in (of_class(root, "idle"),)] == [4]
    assert {"".join(one.itertext()) for one in of_class(root, "gate") if one in of_class(root, "idle")} == {
        "k = n * 2*2",
        "u = x * 5*5",
    }


def test_arrays_show_shape_and_the_norm_of_the_gradient() -> None:
    text = "import numpy as np\ndef f(W, x):\n    return np.sum((W @ x) ** 2)\n"
    found = numbers(drawing(looked_at(text, {"W": np.eye(2), "x": np.array([3.0, 4.0])})).svg)
    assert found == ["(2, 2)/norm 50", "(2,)/norm 10", "(2,)/norm 10", "(2,)/1.00", "25.00/1.00"]


def test_an_index_is_a_wire() -> None:
    text = "import numpy as np\ndef f(x, i, j):\n    return np.sum(x[i:, j])\n"
    root = pictured(text, {"x": np.eye(3), "i": 1, "j": 2})
    paths = [one.attrib["d"].count("M") for wire in of_class(root, "wire") for one in wire.iter(f"{SVG}path")]
    assert paths == [2, 2, 2, 2, 1]  # the wire from an input, and that into the gate


@pytest.mark.parametrize(
    ("x", "shown"),
    [(1e9, "1.0e+09"), (1e-4, "1.0e-04"), (0.0, "0.00"), (-0.0, "0.00"), (1 / 3, "0.33"), (math.inf, "inf")],
)
def test_numbers_that_two_digits_do_not_say(x: float, shown: str) -> None:
    assert numbers(drawing(looked_at("def f(x):\n    return x + 0\n", {"x": x})).svg)[0].startswith(f"{shown}/")


# Nothing overlaps, nothing is cut


@dataclass(frozen=True)
class Area:
    """What a gate or a text takes, a pixel less on each side for a text, whose letters do not fill it."""

    what: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Area) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def crossed(self, segment: Segment) -> bool:
        """Whether a piece of a wire goes through it (Liang and Barsky's clipping)."""
        x, y, to_x, to_y = segment
        first, last = 0.0, 1.0
        for step, low, high in ((to_x - x, self.left - x, self.right - x), (to_y - y, self.top - y, self.bottom - y)):
            if step == 0:
                if low >= 0 or high <= 0:
                    return False
                continue
            ends = sorted((low / step, high / step))
            first, last = max(first, ends[0]), min(last, ends[1])
        return first < last


def areas(root: ET.Element) -> Iterator[Area]:
    for rect in root.iter(f"{SVG}rect"):
        if "rx" in rect.attrib:
            x, y, wide, high = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
            yield Area("gate", x, y, x + wide - 0.2, y + high)  # places are rounded to a tenth
    for kind, shift in (("name", -4.0), ("value", -4.0), ("gradient", -4.0)):
        for text in of_class(root, kind):
            x, y = float(text.attrib["x"]), float(text.attrib["y"]) + (0 if "tie" in text.attrib["class"] else shift)
            if text.text:
                yield Area(text.text, x, y - 5, x + text_width(text.text), y + 5)
    for group in of_class(root, "input"):
        for text in group.iter(f"{SVG}text"):
            x, y = float(text.attrib["x"]), float(text.attrib["y"])
            yield Area(f"input {text.text}", x - text_width(text.text or ""), y - 5, x, y + 5)


def pieces(root: ET.Element) -> Iterator[Segment]:
    for path in root.iter(f"{SVG}path"):
        for line in path.attrib["d"].split("M")[1:]:
            points = [tuple(map(float, point.split())) for point in line.split("L")]
            yield from ((*start, *end) for start, end in pairwise(points))


def faults(root: ET.Element) -> list[str]:
    """What stands over something else, and what is cut."""
    found = []
    _, _, wide, high = map(float, root.attrib["viewBox"].split())
    taken = list(areas(root))
    found += [f"{one} over {other}" for one, other in combinations(taken, 2) if one.meets(other)]
    found += [f"{one} is cut" for one in taken if min(one.left, one.top) < 0 or one.right > wide or one.bottom > high]
    for piece in pieces(root):
        found += [f"{piece} is cut" for x, y in (piece[:2], piece[2:]) if not (0 <= x <= wide and 0 <= y <= high)]
        for one in taken:
            # a wire ends in a gate, at its left side
            into = one.what == "gate" and piece[0] == one.left and one.top <= piece[3] <= one.bottom
            if not into and one.crossed(piece):
                found.append(f"{piece} through {one}")
    return found


FORMS = (
    "{a} * {b}",
    "{a} + {b}",
    "{a} - {b}",
    "math.sin({a})",
    "1 / (1 + math.exp(-{a}))",
    "max({a}, {b})",
    "{a} + 0.5",
)
FORMS += ("{a} / (2.5 + {b} * {b})", "sum([{a}, {b}, {c}, {a}])", "math.hypot({a}, {b}) + {c}", "0.125 * {a}")


def program(seed: int, lines: int) -> str:
    """A function of random lines, with names short and long."""
    numbers_ = random.Random(seed)
    names = [f"x{i}" for i in range(numbers_.randint(1, 6))]
    head = f"import math\ndef f({', '.join(names)}):\n"
    rows = []
    for i in range(lines):
        a, b, c = (numbers_.choice(names[-numbers_.choice((3, 8, 60)) :]) for _ in range(3))
        names.append(f"{numbers_.choice(('v', 'hidden_layer_', 'größe', '値'))}{i}")
        rows.append(f"    {names[-1]} = {numbers_.choice(FORMS).format(a=a, b=b, c=c)}\n")
    return head + "".join(rows) + f"    return {' + '.join(names[-4:])}\n"


def inputs(text: str) -> dict[str, float]:
    head = text.splitlines()[1]
    return {name.strip(): 0.25 * (i + 1) for i, name in enumerate(head[head.index("(") + 1 : -2].split(","))}


@pytest.mark.parametrize("width", [0, 700, 1200])
@pytest.mark.parametrize(("seed", "lines"), [(seed, size) for seed, size in enumerate((1, 3, 8, 15, 15, 30, 30, 60))])
def test_nothing_overlaps_and_nothing_is_cut(seed: int, lines: int, width: int) -> None:
    text = program(seed, lines)
    for at in (inputs(text), None):
        root = pictured(text, at, width)
        assert faults(root) == []
        assert not width or float(root.attrib["width"]) <= width


def test_gates_stand_right_of_what_they_read() -> None:
    what = looked_at(program(7, 40))
    root = ET.fromstring(drawing(what).svg)
    place = {int(one.get("data-line", "")): one for one in of_class(root, "gate")}
    left = {line: float(next(gate.iter(f"{SVG}rect")).attrib["x"]) for line, gate in place.items()}
    index = {entry.key: i for i, entry in enumerate(what.entries)}
    for line, x in left.items():
        before = [index[key] for key in what.entries[line].operands if index.get(key) in left]
        assert all(left[one] < x for one in before)


def test_a_circuit_that_goes_on_below_says_under_which_name() -> None:
    root = pictured("def f(x):\n    a = x * 2\n" + "    a = a * 3\n" * 12 + "    return a\n", None, 500)
    ties = [text.text for text in of_class(root, "tie")]
    names = [text.text for text in of_class(root, "name") if "tie" not in text.attrib["class"]]
    assert ties
    assert set(ties) <= set(names)


def test_the_same_picture_twice() -> None:
    text = program(3, 30)
    assert drawing(looked_at(text), 900).svg == drawing(looked_at(text), 900).svg


def test_long_circuits_are_drawn_and_no_wire_is_endless() -> None:
    text = "def f(x, y):\n    v = x\n" + "    v = v * y\n" * 400 + "    return v + x\n"
    root = pictured(text)
    assert len(of_class(root, "gate")) == 402
    assert faults(root) == []


# Text is inert


HOSTILE = """import numpy as np
def f(x, größe=1.0, *, mode="</title><script>alert(1)</script>"):
    "<script>alert('&')</script>"
    n = len("<script>'&" + mode)
    return x * größe + n
"""


def test_names_and_strings_are_inert() -> None:
    mode = "</title><script>alert(1)</script>\x00\x1b\n\ud800"
    made = drawing(looked_at(HOSTILE, {"x": 2.0, "mode": mode}))
    root = ET.fromstring(made.svg)
    assert {one.tag.removeprefix(SVG) for one in root.iter()} == {"svg", "title", "style", "rect", "g", "path", "text"}
    assert "</title><script…" in texts(root, "value")
    assert "<script" not in made.svg + made.html + made.mermaid
    assert '<font color="#116329">&lt;/title&gt;&lt;script' in made.dot
    for text in (made.svg, made.html, made.mermaid, made.dot):
        assert all(letter.isprintable() or letter == "\n" for letter in text)
        assert text.encode()


# The object


def test_a_drawing_shows_itself() -> None:
    made = draw(product, -2, 5, -4)
    assert isinstance(made, Drawing)
    assert made._repr_svg_() == made.svg
    assert made.svg in made._repr_html_()
    assert made.svg in made.html
    assert made.html.startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("a.svg", "<svg "),
        ("a.HTML", "<!doctype html>"),
        ("a.dot", "digraph "),
        ("a.gv", "digraph "),
        ("a.mmd", "flowchart "),
    ],
)
def test_saving_is_by_the_name(name: str, start: str, tmp_path: Path) -> None:
    draw(product).save(tmp_path / name)
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)


def test_a_name_that_says_no_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SrcgradError, match="says no format"):
        draw(product).save(tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []


def test_keywords_and_wrt_go_to_the_function() -> None:
    svg = srcgrad.draw(product, z=-4, x=-2, y=5, wrt="x").svg
    assert numbers(svg)[:3] == ["-2.00/-4.00", "5/", "-4/"]


# The eyes of these tests


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda svg: svg.replace('viewBox="0 0 ', 'viewBox="0 0 1'), ""),
        (lambda svg: svg.replace('viewBox="0 0 3', 'viewBox="0 0 0'), "is cut"),
        (lambda svg: svg.replace('class="value" x="', 'class="value" x="10" data-x="', 1), "over"),
        (lambda svg: svg.replace('<path d="', '<path d="M0 0L300 100', 1), "through"),
    ],
)
def test_faults_are_seen(change: Callable[[str], str], fault: str) -> None:
    found = faults(ET.fromstring(change(draw(product, -2, 5, -4).svg)))
    assert bool(found) == bool(fault)
    assert not fault or any(fault in one for one in found)
