"""The numeric check: what it says of right rules, of wrong ones, of kinks, and where numbers say little."""

from __future__ import annotations

import math
import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from spellings import Case, cases, function, scope

import srcgrad
from srcgrad.cli import main
from srcgrad.gates import book
from srcgrad.views.check import Row, agreement, check, errors

RANDOM = np.random.default_rng(7)


def product(x: float, y: float):
    return math.sin(x) * y


def bend(x: float):
    return abs(x) + x**4


def logarithm(x: float):
    return math.log(x)


def shifted(x: float):
    return math.cos(x) + 1e3


def waves(x: float):
    return math.sin(1e5 * x) * x


def flat(x: float):
    return math.tanh(x)


def nearly(x: float):
    return x**2 + 1e-9 * abs(x)


def fourth(x: float):
    return x**4


def spread(x):
    return np.linalg.norm(x) + np.abs(x).sum() + np.var(x)


def network(W, x, y):
    s = np.maximum(W @ x, 0)
    p = np.exp(s) / np.sum(np.exp(s))
    return -np.log(p[y])


def layer(x, p):
    return x @ p["W"] + p["b"][0], {"norm": np.sum(x**2)}


def steps(x: float):
    return math.floor(x) * x


def several(w: list[float], *rest: float):
    return w[0] * rest[0], w[1] + rest[1] ** 2


def verdicts(checked: Any) -> list[str]:
    return [row.verdict for row in checked.rows]


@pytest.mark.parametrize(
    ("function", "place"),
    [
        (product, 0.3),
        *((logarithm, x) for x in (1e-20, 1e-8, 1.0, 1e8)),
        *((shifted, x) for x in (0.0, 1e-8, 1.0, 1e8)),
        *((waves, x) for x in (0.0, 1e-3, 1.0, 1e8)),
        *((bend, x) for x in (1e-9, -1e-5, 3.0, 1e8)),
        *((flat, x) for x in (0.0, 1.0, 15.0, 17.0, 19.0, 40.0)),
        *((fourth, x) for x in (0.0, 1e-3, 1e6)),
        (nearly, 1.0),
        (steps, 2.5),
    ],
)
def test_numbers_of_all_sizes_give_no_false_alarm(function: Any, place: float) -> None:
    checked = srcgrad.check(function, place, 2.0) if function is product else srcgrad.check(function, place)
    assert set(verdicts(checked)) == {"ok"}, str(checked)
    assert checked.ok
    assert all(row.error is not None and row.error < 1e-6 for row in checked.rows)


@pytest.mark.parametrize("case", [case for case in cases(book()) if case.here][::12], ids=str)
def test_the_book_gives_no_false_alarm(case: Case) -> None:
    of = function(case.text, case.names)
    checked = check(of, scope(of), dict(zip(case.names, case.points[-1], strict=True)), case.names)
    assert set(verdicts(checked)) == {"ok"}, str(checked)
    assert checked.identity.ok


def test_an_array_of_nothing() -> None:
    def total(x):
        return np.sum(x * x)

    assert srcgrad.check(total, np.zeros((0, 3))).ok


@pytest.mark.parametrize("function", [bend, nearly])
def test_a_kink_is_called_one(function: Any) -> None:
    checked = srcgrad.check(function, 0.0)
    (row,) = checked.rows
    assert row.verdict == "kink"
    assert row.sides is not None
    assert row.sides[0] == -row.sides[1] < 0
    assert checked.ok
    assert "kink (-" in str(checked)


def test_a_jump_is_no_derivative_either() -> None:
    assert verdicts(srcgrad.check(steps, 2.0)) == ["kink"]


def test_kinks_of_arrays_are_told_apart() -> None:
    def rectified(x):
        return np.sum(np.maximum(x, 0) * 3)

    found = {row.name: row.verdict for row in srcgrad.check(rectified, np.array([1.0, 0.0, -3.0, 2e-7])).rows}
    assert found["x[1]"] == "kink"
    assert {name: verdict for name, verdict in found.items() if name in ("x[0]", "x[2]", "x[3]")} == {
        "x[0]": "ok",
        "x[2]": "ok",
    }


def test_the_complex_step_is_left_out_where_it_says_nothing() -> None:
    """The absolute value and the variance take complex numbers, and are no analytic functions of them."""
    checked = srcgrad.check(spread, np.arange(3.0) + 1)
    assert {row.complex for row in checked.rows} == {None}
    assert set(verdicts(checked)) == {"ok"}


def test_the_complex_step_is_exact() -> None:
    (dx, dy) = srcgrad.check(product, 0.3, 2.0).rows
    assert dx.complex == pytest.approx(2 * math.cos(0.3), rel=1e-15)
    assert dy.complex == pytest.approx(math.sin(0.3), rel=1e-15)


def test_arrays_in_structures() -> None:
    p = {"W": RANDOM.normal(size=(3, 2)), "b": [RANDOM.normal(size=2)]}
    checked = srcgrad.check(layer, RANDOM.normal(size=(4, 3)), p)
    assert checked.ok
    names = [row.name for row in checked.rows]
    assert names == [
        *("x, direction 1", "x, direction 2", "x[0, 0]", "x[0, 1]", "x[0, 2]"),
        *("p, direction 1", "p, direction 2", "p['W'][0, 0]", "p['W'][0, 1]", "p['W'][1, 0]"),
    ]


def test_lists_and_any_number_of_arguments() -> None:
    checked = srcgrad.check(several, [2, 3], 4, 5.0)
    assert [row.name for row in checked.rows] == ["w[0]", "w[1]", "rest[0]", "rest[1]"]
    assert set(verdicts(checked)) == {"ok"}


def test_large_arrays_are_probed() -> None:
    checked = srcgrad.check(network, RANDOM.normal(size=(30, 40)), RANDOM.normal(size=40), 3, wrt="W")
    assert len(checked.rows) == 5
    assert checked.ok, str(checked)
    assert "W: the worst of 40 of 1200 entries are shown" in str(checked)


def test_the_same_each_time() -> None:
    arguments = RANDOM.normal(size=(3, 4)), RANDOM.normal(size=4), 1
    once, again = (srcgrad.check(network, *arguments, wrt=("W", "x")) for _ in range(2))
    assert once.rows == again.rows
    assert str(once) == str(again)
    assert repr(once) == str(once)


def test_arguments_stay_as_they_are() -> None:
    W, x = RANDOM.normal(size=(3, 4)), RANDOM.normal(size=4)
    before = W.copy(), x.copy()
    srcgrad.check(network, W, x, y=1, wrt=("W", "x"))
    assert np.array_equal(W, before[0])
    assert np.array_equal(x, before[1])


def test_single_precision_and_whole_numbers_are_checked_in_double() -> None:
    def squares(x):
        return np.sum(x * x)

    for kind in (np.float32, int):
        assert set(verdicts(srcgrad.check(squares, np.arange(1, 4).astype(kind)))) == {"ok"}


# It can fail.


def curve(x):
    return x * x * x


@srcgrad.elementwise("curve(x)")
def curve_gate(y, x):
    dx = 2 * x**2 * dy  # noqa: F821, F841


def with_curve(x: float, y: float):
    return curve(x) * y


def with_curves(x):
    return np.sum(curve(x))


def test_a_wrong_rule_is_found() -> None:
    checked = srcgrad.check(with_curve, 2.0, 3.0)
    assert not checked.ok
    x, y = checked.rows
    assert (x.verdict, y.verdict) == ("wrong", "ok")
    assert (x.derived, round(x.central or 0.0, 6), round(x.error or 0.0, 6)) == (24.0, 36.0, round(1 / 3, 6))


def test_a_wrong_entry_is_among_the_worst() -> None:
    x = np.zeros(1000)
    x[::30] = 0.5
    checked = srcgrad.check(with_curves, x)
    assert not checked.ok
    assert {row.verdict for row in checked.rows if "direction" in row.name} == {"wrong"}


def test_a_derivative_beyond_the_slopes_of_a_kink_is_wrong() -> None:
    def cancelled(x: float):
        """The identity, by two kinks: no rule for one of them alone gives its derivative."""
        return max(x, 0.0) - max(-x, 0.0) + abs(x)

    checked = srcgrad.check(cancelled, 0.0)
    (row,) = checked.rows
    assert row.sides is not None
    assert (row.verdict == "kink") == (min(row.sides) <= row.derived <= max(row.sides))


def test_the_identity_fails_where_the_modes_disagree() -> None:
    """Both modes come from one rule, so a wrong one alone does not show: here the forward pass of `jvp` is tampered."""
    checked = srcgrad.check(product, 0.3, 2.0)
    assert checked.identity.ok
    broken = replace(checked.subject, tangent=lambda direction: 1.01 * checked.subject.tangent(direction))
    identity = agreement(broken, np.random.default_rng(3))
    assert not identity.ok
    assert str(identity).endswith("wrong")
    assert not replace(checked, identity=identity).ok


def test_not_a_number_is_wrong() -> None:
    row = Row("x", math.nan, None, None, None, "wrong")
    assert row.cells == ("x", "nan", "", "", "", "wrong")


# The command and the picture.


def test_the_document_shows_what_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(Path(__file__).parents[1])
    text = Path("docs/views.md").read_text(encoding="utf-8")
    ((command, table),) = re.findall(r"`srcgrad (check examples.*)` prints:\n\n```text\n(.*?)```", text, re.DOTALL)
    assert main(shlex.split(command)) == 0
    assert capsys.readouterr().out == table


def test_nothing_of_the_file_runs_but_what_is_derived(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "model.py"
    file.write_text("print('run')\nopen('made', 'w')\n\n\ndef f(x):\n    return x * x\n", encoding="utf-8")
    assert main(["check", str(file), "--at", "3"]) == 0
    assert "run" not in capsys.readouterr().out
    assert not (tmp_path / "made").exists()


def test_what_the_function_prints_is_no_part_of_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "model.py"
    file.write_text("def f(x):\n    print('at', x)\n    return x * x\n", encoding="utf-8")
    assert main(["check", str(file), "--at", "3", "--plot", str(tmp_path / "err.png")]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("f  derived")
    assert "at" not in out.split()
    assert err == ""


def test_the_plot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    file, out = tmp_path / "model.py", tmp_path / "err.png"
    file.write_text("import math\n\n\ndef f(x):\n    return math.sin(x)\n", encoding="utf-8")
    assert main(["check", str(file), "--at", "1", "--plot", str(out)]) == 0
    assert out.read_bytes().startswith(b"\x89PNG\r\n")
    assert capsys.readouterr().err == ""


def test_the_curves_show_truncation_and_rounding() -> None:
    """Down with the step and with its square, then up again by rounding."""
    curve = errors(srcgrad.check(product, 1.0, 2.0))
    by_step = {round(4 * math.log10(step)): i for i, step in enumerate(curve.steps)}
    for found, order, best in ((curve.forward, 1, -32), (curve.central, 2, -20)):
        near, far = found[by_step[-8]], found[by_step[-4]]
        assert far / near == pytest.approx(10**order, rel=0.1)
        assert found[by_step[best]] < near < found[by_step[0]]
        assert found[by_step[-60]] > 100 * found[by_step[best]]
