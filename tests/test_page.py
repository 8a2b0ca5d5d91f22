"""The page of `srcgrad explain`: what belongs together in it, and how it behaves in a browser."""

from __future__ import annotations

import ast
import html
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from srcgrad.cli import main
from srcgrad.derive import LaidOut, laid_out
from srcgrad.errors import SrcgradError
from srcgrad.scope import StaticScope
from srcgrad.source import check, functions, read
from srcgrad.staged import Mode
from srcgrad.views.page import page
from srcgrad.views.places import Lookup, places
from srcgrad.views.playback import playback
from srcgrad.views.seen import Seen, seen
from srcgrad.views.tokens import coloured

CASES = sorted((Path(__file__).parent / "cases").rglob("*.py"))

PRODUCT = """\
def product(x, y, z):
    q = x + y
    return q * z
"""
NEURON = """\
import math


def neuron(w, x):
    dot = w[0] * x[0] + w[1] * x[1] + w[2]
    return 1.0 / (1 + math.exp(-dot))
"""
NET = """\
import numpy as np


def net(X, T, W1, b1, W2, b2):
    hidden = np.maximum(0, X @ W1 + b1)
    Y = hidden @ W2 + b2
    return np.mean((Y - T) ** 2)
"""
HOSTILE = '''\
import math


def hostile(x, y):
    """</script><script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">"""
    note = "</pre><!-- & 'quoted' \\" <script>window.hacked = 1</script>"  # <b>&amp;</b> </textarea>
    assert note != "<svg onload='window.hacked = 1'>", "<script>"
    return math.exp(x) * y * len("<i>&")
'''
LONG = "def long(x, y):\n    a0 = x * y\n" + "".join(f"    a{i} = a{i - 1} {'+-'[i % 2]} x\n" for i in range(1, 1000))
LONG += "    return a999\n"

AT = {
    "product": (PRODUCT, "x=-2, y=5, z=-4"),
    "neuron": (NEURON, "w=[2, -3, -3], x=[-1, -2]"),
    "net": (
        NET,
        "X=np.arange(12).reshape(4, 3) / 6 - 1, T=np.ones((4, 2)), W1=np.sin(np.arange(15)).reshape(3, 5), "
        "b1=np.zeros(5), W2=np.cos(np.arange(10)).reshape(5, 2), b2=np.ones(2)",
    ),
    "hostile": (HOSTILE, "x=0.5, y=2"),
    "long": (LONG, "x=0.5, y=3"),
}


def looked_at(text: str, at: dict[str, Any] | None) -> Seen:
    source = check(text, "case.py")
    return seen(read(source, functions(source)[-1]), StaticScope(source), at)


def steps_of(found: Seen) -> list[tuple[str, str, str]]:
    assert found.emitted is not None
    look = Lookup(found, found.emitted.laid)
    played = playback(look, found.emitted, places(look))
    return [(step.phase, step.text, step.sentence) for step in played]


# What belongs together.


def test_the_steps_of_the_product() -> None:
    swaps = "the multiply gate swaps its inputs and scales them by the gradient on its output."
    hands_on = "the add gate distributes the gradient on its output to all its inputs."
    assert steps_of(looked_at(PRODUCT, {"x": -2, "y": 5, "z": -4})) == [
        ("forward", "", "x = -2, y = 5, z = -4: the inputs."),
        ("forward", "q = x + y", "q = 3: computed by the add gate; the reverse pass reads it again."),
        (
            "forward",
            "return q * z",
            "out = -12: computed by the multiply gate; this is the output, and since the reverse pass does not read it "
            "the emitted code leaves it out.",
        ),
        ("reverse", "", "dout = 1: the gradient of the output on itself is 1, and the reverse pass begins here."),
        ("reverse", "dq = z", f"dq = -4: {swaps}"),
        ("reverse", "dz = q", f"dz = 3: {swaps}"),
        ("reverse", "dx = dq", f"dx = -4: {hands_on}"),
        ("reverse", "dy = dq", f"dy = -4: {hands_on}"),
    ]


def test_a_fork_is_said() -> None:
    steps = steps_of(looked_at("def f(x, y):\n    m = max(x, y)\n    return m * x\n", {"x": 3.0, "y": 2.0}))
    assert any("at a fork the gradients add up" in sentence for _, _, sentence in steps)
    assert any("the max gate routes the gradient" in sentence for _, _, sentence in steps)


def test_the_arm_that_runs_is_played() -> None:
    text = "def f(x, y):\n    if x > y:\n        z = x * y\n    else:\n        z = x + y\n    return z * z\n"
    steps = [(line, sentence) for _, line, sentence in steps_of(looked_at(text, {"x": 3.0, "y": 2.0}))]
    assert steps[1:3] == [
        ("if x > y:", "the condition decides which branch runs."),
        ("z = x * y", "z = 6: computed by the multiply gate; the reverse pass reads it again."),
    ]
    assert not [line for line, _ in steps if "x + y" in line]


def test_every_value_and_gradient_is_shown_once_it_is_computed() -> None:
    for text, at in (
        (PRODUCT, {"x": -2.0, "y": 5.0, "z": -4.0}),
        (NEURON, {"w": [2.0, -3.0, -3.0], "x": [-1.0, -2.0]}),
        ("def f(x):\n    y = x * 2\n    if y > 1:\n        y = y * x\n    return y * y\n", {"x": 3.0}),
        ("def f(x):\n    return x\n", {"x": 3.0}),
    ):
        found = looked_at(text, at)
        assert found.emitted is not None
        look = Lookup(found, found.emitted.laid)
        steps = playback(look, found.emitted, places(look))
        values = {index for step in steps for index in step.values}
        gradients: dict[int, Any] = {}
        for step in steps:
            gradients.update(step.gradients)
        assert values == {i for i, entry in enumerate(found.entries) if entry.value is not None}
        assert gradients == {i: entry.gradient for i, entry in enumerate(found.entries) if entry.gradient is not None}
        assert [step.phase for step in steps] == sorted(step.phase for step in steps)


def written() -> Iterator[LaidOut]:
    """What is derived from every function of the cases that is not refused."""
    for path in CASES:
        text = re.split(r"^# (?:\$|file) ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[0]
        if path.name.startswith("refused") or path.name == "syntax_error.py":
            continue
        source = check(text, path.name)
        for node, mode in product(functions(source), (Mode.GRAD, Mode.VJP)):
            with suppress(SrcgradError):
                yield laid_out(read(source, node), StaticScope(source), mode)


def target(text: str) -> str:
    node = ast.parse(text).body[0]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", node)]
    return ", ".join(map(ast.unparse, targets))


def test_every_line_is_found_in_the_emitted_text() -> None:
    count = 0
    for laid in written():
        text = laid.derived.module().splitlines()
        found = Seen(laid.wengert.name, laid.wengert, laid.versions, (), ())
        look = Lookup(found, laid)
        known = places(look)
        for step in look.steps:
            rows = "\n".join(text[row - 1] for row in known[step].emitted)
            assert target(rows.strip()) == target(laid.text(step))
            count += 1
    assert count > 1000


def test_colours_keep_the_text() -> None:
    for path in CASES:
        text = path.read_text(encoding="utf-8")
        assert ["".join(part for _, part in row) for row in coloured(text)] == text.split("\n")[: text.count("\n")]


def test_coloured() -> None:
    assert coloured("def f(x):\n    return 'a' # b\n") == [
        [("keyword", "def"), ("", " f(x):")],
        [("", "    "), ("keyword", "return"), ("", " "), ("string", "'a'"), ("", " "), ("comment", "# b")],
    ]
    assert coloured("(") == [[("", "(")]]


# The file.


@pytest.fixture(scope="module")
def written_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name, (text, at) in AT.items():
        source = folder / f"{name}.py"
        source.write_text(text, encoding="utf-8")
        options = ["--no-composites"] if name == "neuron" else []
        assert main(["explain", str(source), "--at", at, *options, "-o", str(folder / f"{name}.html")]) == 0
    return folder


@pytest.mark.parametrize("name", AT)
def test_nothing_is_loaded_from_anywhere(written_pages: Path, name: str) -> None:
    text = (written_pages / f"{name}.html").read_text(encoding="utf-8")
    shown = re.sub(r'<script type="application/json".*?</script>', "", text, flags=re.DOTALL)
    assert not re.findall(r"""<[^>]+\s(?:src|href|srcset|data)=["'](?!data:)""", shown)
    assert not re.findall(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", shown)
    assert "default-src 'none'" in html.unescape(text)


@pytest.mark.parametrize("name", AT)
def test_no_markup_of_the_users(written_pages: Path, name: str) -> None:
    text = (written_pages / f"{name}.html").read_text(encoding="utf-8")
    assert len(re.findall("<script", text)) == 2
    assert len(re.findall("</script", text)) == 2
    assert not re.search("<(img|b|i|textarea)[ >]", text)


def test_the_data_is_json(written_pages: Path) -> None:
    text = (written_pages / "hostile.html").read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, flags=re.DOTALL)
    assert found is not None
    assert json.loads(found[1])["steps"][0]["sentence"] == "x = 0.5, y = 2: the inputs."


def test_without_values_there_is_nothing_to_play() -> None:
    with pytest.raises(SrcgradError, match="no values to play backprop with"):
        page(looked_at(PRODUCT, None))


def test_the_input_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "product.py"
    path.write_text(PRODUCT, encoding="utf-8")
    assert main(["explain", str(path), "--at", "1, 2, 3", "-o", str(path)]) == 2
    assert capsys.readouterr().err == f"srcgrad explain: {path} is the input\n"
    assert path.read_text(encoding="utf-8") == PRODUCT


# The page in a browser.

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
in_a_browser = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver")

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def opened(browser: Any, written_pages: Path) -> Iterator[Open]:
    """Opens a page; at the end there was no error, and nothing but the page was asked for."""
    asked: list[str] = []
    browser.get_log("performance")

    def open_(name: str, theme: str = "light", width: int = 1400) -> Any:
        browser.set_window_size(width, 900)
        media = {"features": [{"name": "prefers-color-scheme", "value": theme}]}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
        asked.append((written_pages / f"{name}.html").as_uri())
        browser.get(asked[-1])
        return browser

    yield open_
    events = [json.loads(row["message"])["message"] for row in browser.get_log("performance")]
    sent = [one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"]
    assert [url for url in sent if not url.startswith("data:")] == asked
    assert browser.get_log("browser") == []


def found(browser: Any, selector: str) -> Any:
    return browser.find_element("css selector", selector)


def texts(browser: Any, selector: str) -> list[str]:
    return [element.get_attribute("textContent") for element in browser.find_elements("css selector", selector)]


def press(browser: Any, *keys: str) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    ActionChains(browser).send_keys(*keys).perform()


def hover(browser: Any, selector: str) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    ActionChains(browser).move_to_element(found(browser, selector)).perform()


def key(name: str) -> str:
    from selenium.webdriver.common.keys import Keys

    text: str = getattr(Keys, name)
    return text


def wires(browser: Any) -> list[tuple[str, str]]:
    """The value and the gradient of every wire, those that are seen."""
    script = """return [...document.querySelectorAll(".wire")].map((wire) => ["value", "gradient"].map((side) => {
        const text = wire.querySelector("." + side);
        return getComputedStyle(text).visibility === "visible" ? text.textContent : "";
    }))"""
    return [tuple(pair) for pair in browser.execute_script(script)]


def lit(browser: Any) -> dict[str, list[str]]:
    return {
        "source": texts(browser, "[data-source].lit code"),
        "emitted": texts(browser, "[data-emitted].lit code"),
        "gates": texts(browser, ".gate.lit > text"),
        "gradients": sorted(texts(browser, ".wire .gradient.lit")),
    }


@in_a_browser
def test_hovering_a_line_lights_its_partners(opened: Open) -> None:
    browser = opened("product")
    press(browser, key("END"))
    hover(browser, "[data-source='3']")
    assert lit(browser) == {
        "source": [],
        "emitted": ["    # backprop out = q * z", "    dq = z", "    dz = q"],
        "gates": ["*"],
        "gradients": ["-4.00", "3.00"],
    }
    hover(browser, "[data-emitted='15']")
    assert lit(browser) == {"source": ["    q = x + y"], "emitted": [], "gates": ["+"], "gradients": []}
    hover(browser, "h1")
    assert lit(browser) == {"source": [], "emitted": [], "gates": [], "gradients": []}


@in_a_browser
def test_hovering_a_gate_or_a_gradient_lights_its_partners(opened: Open) -> None:
    browser = opened("product")
    press(browser, key("END"))
    hover(browser, ".gate[data-line='3']")
    assert lit(browser) == {
        "source": ["    q = x + y"],
        "emitted": ["    q = x + y", "    # backprop q = x + y", "    dx = dq", "    dy = dq"],
        "gates": [],
        "gradients": [],
    }
    hover(browser, ".wire[data-entry='2'] .gradient")
    assert lit(browser)["source"] == ["    return q * z"]
    assert lit(browser)["emitted"] == ["    dz = q", "    return dx, dy, dz"]


@in_a_browser
def test_focus_lights_as_the_pointer_does(opened: Open) -> None:
    browser = opened("product")
    press(browser, key("TAB"), key("TAB"), key("ARROW_DOWN"), key("ARROW_DOWN"))
    assert browser.switch_to.active_element.get_attribute("data-source") == "3"
    assert lit(browser)["emitted"] == ["    # backprop out = q * z", "    dq = z", "    dz = q"]
    press(browser, key("TAB"))
    assert browser.switch_to.active_element.get_attribute("data-emitted") == "1"
    press(browser, key("TAB"), *[key("ARROW_DOWN")] * 3)
    gate = browser.switch_to.active_element
    assert gate.get_attribute("aria-label") == "add gate: q = x + y"
    assert lit(browser)["source"] == ["    q = x + y"]
    press(browser, key("ENTER"))
    assert found(browser, "#line").text == "q = x + y"


@in_a_browser
def test_the_steps_by_keys_slider_and_buttons(opened: Open) -> None:
    browser = opened("product")
    assert wires(browser) == [("-2.00", ""), ("5.00", ""), ("-4.00", ""), ("", ""), ("", "")]
    press(browser, key("ARROW_RIGHT"))
    assert wires(browser)[3:] == [("3.00", ""), ("", "")]
    assert texts(browser, ".row.now code") == ["    q = x + y"] * 2
    assert texts(browser, "[data-emitted='15'] .bound, [data-source='2'] .value") == ["3.00", "3"]
    assert found(browser, "#sentence").get_attribute("aria-live") == "polite"
    assert found(browser, "#sentence").text.startswith("q = 3: computed by the add gate")
    press(browser, key("ARROW_RIGHT"), key("ARROW_RIGHT"))
    assert wires(browser)[3:] == [("3.00", ""), ("-12.00", "1.00")]
    assert found(browser, "#count").text == "4 of 8 · reverse pass"
    found(browser, "#next").click()
    assert wires(browser)[3] == ("3.00", "-4.00")
    press(browser, key("ARROW_LEFT"), key("ARROW_LEFT"))
    assert wires(browser)[3:] == [("3.00", ""), ("-12.00", "")]
    slider = found(browser, "#slider")
    slider.send_keys(key("END"))
    assert slider.get_attribute("value") == "7"
    assert wires(browser) == [
        ("-2.00", "-4.00"),
        ("5.00", "-4.00"),
        ("-4.00", "3.00"),
        ("3.00", "-4.00"),
        ("-12.00", "1.00"),
    ]
    assert not found(browser, "#next").is_enabled()
    hover(browser, "#slider")  # dragged to its middle
    browser.execute_script(
        "const s = document.getElementById('slider'); s.value = 1; s.dispatchEvent(new Event('input'))"
    )
    assert found(browser, "#line").text == "q = x + y"
    found(browser, "[data-emitted='20']").click()
    assert found(browser, "#line").text == "dz = q"


@in_a_browser
def test_the_neuron_has_the_numbers_of_the_notes(opened: Open) -> None:
    browser = opened("neuron")
    press(browser, key("END"))
    assert sorted(wires(browser)) == sorted(
        [
            ("2.00", "-0.20"), ("-1.00", "0.39"), ("-3.00", "-0.39"), ("-2.00", "-0.59"), ("-3.00", "0.20"),
            ("-2.00", "0.20"), ("6.00", "0.20"), ("4.00", "0.20"), ("1.00", "0.20"), ("-1.00", "-0.20"),
            ("0.37", "-0.53"), ("1.37", "-0.53"), ("0.73", "1.00"),
        ]
    )  # fmt: skip


@in_a_browser
def test_light_and_dark(opened: Open) -> None:
    def ground() -> int:
        colour = found(browser, "body").value_of_css_property("background-color")
        return sum(map(int, re.findall(r"\d+", colour)[:3]))

    browser = opened("product")
    assert ground() > 700
    found(browser, "#theme").click()
    assert ground() < 100
    browser = opened("product", "dark")
    assert ground() < 100
    assert found(browser, ".srcgrad-circuit .ground").value_of_css_property("fill") == "rgb(27, 30, 34)"
    found(browser, "#theme").click()
    assert ground() > 700


@in_a_browser
def test_arrays_are_shown_on_demand(opened: Open) -> None:
    browser = opened("net")
    assert len(texts(browser, "#arrays canvas")) == 6
    labels = [one.get_attribute("aria-label") for one in browser.find_elements("css selector", "canvas")]
    assert labels[0] == "heat map of X, (4, 3) -1 .. 0.8333, norm 2.014"
    assert not found(browser, "#arrays table").is_displayed()
    found(browser, "#arrays summary").click()
    assert found(browser, "#arrays table").is_displayed()
    assert texts(browser, "#arrays .array:first-child td")[:4] == ["-1", "-0.8333", "-0.6667", "-0.5"]


@in_a_browser
def test_names_and_strings_are_inert(opened: Open) -> None:
    browser = opened("hostile")
    press(browser, key("END"))
    assert browser.execute_script("return window.hacked") is None
    assert texts(browser, "[data-source] code") == HOSTILE.splitlines()[3:]
    assert "<script>" in texts(browser, "[data-source='6'] code")[0]


@in_a_browser
def test_a_thousand_lines(opened: Open) -> None:
    browser = opened("long")
    press(browser, key("END"))
    assert len(texts(browser, "[data-source]")) == 1002
    assert wires(browser)[-1] == ("1.00", "1.00")
    assert texts(browser, "[data-emitted].now code") == texts(browser, "[data-emitted] code")[-2:-1]
    row = found(browser, "[data-emitted].now")
    frame = row.find_element("xpath", "ancestor::div[1]")
    assert frame.rect["y"] <= row.rect["y"] <= frame.rect["y"] + frame.rect["height"]
    press(browser, key("ARROW_LEFT"), key("HOME"))
    hover(browser, "[data-source='5']")
    assert len(lit(browser)["gates"]) == 1


@in_a_browser
def test_a_narrow_screen_has_the_panes_in_one_column(opened: Open) -> None:
    browser = opened("product", width=600)
    panes = [pane.rect for pane in browser.find_elements("css selector", ".pane")]
    assert len({pane["x"] for pane in panes}) == 1
    assert [pane["y"] for pane in panes] == sorted(pane["y"] for pane in panes)
