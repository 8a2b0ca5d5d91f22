"""Small functions as people write them, each of which was once derived wrongly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from arrays import Case, derived, holds
from test_gates_edges import OF_ARRAYS

from srcgrad.errors import SrcgradError
from srcgrad.staged import Mode


def cases() -> Iterator[Case]:
    # Numbers between two ends move with the ends.
    yield Case("np.linspace(a, b, 5) ** 2", {"a": (), "b": ()})
    yield Case("np.linspace(a, b)", {"a": (), "b": ()})
    yield Case("np.linspace(a, b, num=4, endpoint=False)", {"a": (), "b": ()})
    yield Case("np.linspace(a[0], a[1], 3)", {"a": (2,)})
    yield Case("np.arange(a, a + 3) ** 2", {"a": ()})


@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_a_trap_is_not_fallen_into(case: Case) -> None:
    holds(case, known=(True,))


def test_ends_that_may_be_arrays_are_refused() -> None:
    with pytest.raises(SrcgradError, match="say the shapes"):
        derived(Case("np.linspace(a, b, 5)", {"a": (3,), "b": ()}), Mode.VJP)


def test_a_generator_in_a_call_is_refused() -> None:
    with pytest.raises(SrcgradError, match="does not read this kind of expression"):
        derived(Case("sum(np.sum(x * k) for k in (1.0, 2.0))", {"x": (3,)}), Mode.VJP)


# The gradient of a sum is a number, which what comes before it must not take for an array.
SUMMED = (
    "np.flip(x)", "np.fliplr(x)", "np.flipud(x)", "np.roll(x, 1)", "np.roll(x, 1, axis=0)", "x.astype(np.float64)",
    "np.float64(x)", "np.linalg.inv(x)", "np.linalg.cholesky(x @ x.T)", "x * (x > 0)", "x * np.arange(3)",
    "np.arange(3) * x",
    "np.gradient(x, axis=1)", "special.log_softmax(x)", "special.log_softmax(x, axis=1)",
    "np.log(np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True))",
    "(x - np.mean(x, axis=1, keepdims=True)) / np.std(x, axis=1, keepdims=True)", "np.polyval(x[0], x)",
    "np.nansum(x, axis=0)", "np.nansum(x)", "x * np.linspace(0, 1, 3)", "x + np.arange(3)", "x * np.array([1, 2, 3])",
)  # fmt: skip


@pytest.mark.parametrize("text", SUMMED)
@pytest.mark.parametrize("reduced", ["np.sum", "np.mean"])
def test_a_number_upstream_is_spread(text: str, reduced: str) -> None:
    header = "import numpy as np\nfrom scipy import special"
    case = Case(f"{reduced}({text})", {"x": (3, 3)}, near=lambda x: x + 3 * np.eye(3), header=header)
    holds(case, known=(True,))
    gradient = derived(case, Mode.GRAD)[1][0]
    x = 0.1 * np.arange(9.0).reshape(3, 3) + 9 * np.eye(3)
    found = gradient(x)[0]
    assert found.shape == x.shape
    assert found.dtype == x.dtype


# numpy negates no truth values.
NEGATED = (
    "-np.sum(np.nanmean(x, axis=0))", "-np.nanmean(x)", "-np.nansum(x)", "np.sum(-x * ~(x > 0))",
    "b = x > 0\nreturn np.sum(-x * ~b) - np.sum(-(b * x))", "np.mean(-x / (x < 99))",
    "b = np.ones(3, dtype=bool)\nc = np.ones_like(x, dtype=bool)\nreturn np.sum(-x * b) + np.sum(-x * c)",
    "c = np.ones_like(x, dtype=bool)\nreturn np.sum(-x * c * x[0, 0])",
)  # fmt: skip


@pytest.mark.parametrize("text", NEGATED)
def test_a_mask_is_not_negated(text: str) -> None:
    case = Case(text, {"x": (3, 3)})
    holds(case)
    x = np.arange(1.0, 10.0, dtype=np.float32).reshape(3, 3)
    assert derived(case, Mode.GRAD)[1][0](x)[0].dtype == x.dtype


# A complex number on the way hands no gradient on.
COMPLEX = (
    "C = np.fft.fft(np.arange(3.0))\nreturn np.real(x * C)",
    "c = 1j * np.arange(3.0)\nd = c + 1\nreturn np.real(d * x)",
    "return np.abs(x * 1j)",
    "return np.sign(np.fft.fft(x)).real * x",
    "C = np.fft.fft(np.arange(3.0))\nreturn np.sign(C) * x",
    "return np.exp(1j * x).real",
    "return np.real(x * np.roots([1.0, 0.0, 1.0])[0])",
    "return (x * complex(1.0, 2.0)).real",
    "return np.abs(x + np.array([1j, 2.0, 3.0]))",
    "c = np.exp(np.array([1j, 2j, 3j]))\nreturn np.abs(x + c)",
    "return np.abs(x.astype(complex))",
    "return np.abs(np.asarray(x, dtype='complex128'))",
    "return np.abs(np.array([x[0], x[1]], dtype=np.complex64))",
    "c = np.complex128(2.0) * 1.0\nreturn np.abs(x * c)",
    "c = np.ones(3, dtype=complex)\nreturn np.abs(x * c)",
    "c = np.round(np.exp(1j * np.arange(3.0)))\nreturn np.abs(x + c)",
    "return np.abs(x + np.emath.sqrt(-2.0))",
    "return np.abs(x + np.vander([1j, 2.0, 3.0], 1)[:, 0])",
)


@pytest.mark.parametrize("text", COMPLEX)
@pytest.mark.parametrize("known", [True, False])
def test_a_complex_number_is_refused(text: str, known: bool) -> None:
    with pytest.raises(SrcgradError, match="srcgrad differentiates real numbers only"):
        derived(Case(text, {"x": (3,)}), Mode.VJP, known)


REAL = (
    "C = np.exp(1j * np.arange(3.0))\nreturn x * np.linalg.norm(C) if not np.iscomplexobj(x) else x",
    "C = np.abs(np.fft.fft(np.arange(3.0)))\nreturn x * C",
    "C = np.fft.fft(np.arange(3.0)).real\nreturn x * C + np.angle(1j) * x",
    "k = 2 * np.pi * np.fft.fftfreq(3)\nreturn np.fft.ifft(1j * k * np.fft.fft(x)).real ** 2",
    "c = np.exp(-1j * np.fft.fftfreq(3))\nreturn np.fft.ifft(c * np.fft.fft(x)).real ** 2",
    "n = len(x)\nreturn np.fft.irfft(1j * np.fft.rfftfreq(n) * np.fft.rfft(x), n) ** 2",
    "return np.fft.irfft(np.fft.rfft(x) * np.fft.rfft(x * x), len(x)) ** 2",
    "return np.fft.irfft(np.fft.rfft(x) * np.conj(np.fft.rfft(x * x)), x.size) ** 2",
    "return np.fft.irfft(np.fft.rfft(x) * np.fft.rfft(2 * x + 1).conj(), n=len(x)) ** 2",
    "return np.sum(np.fft.fftfreq(4, x[0]) ** 2) * np.fft.rfftfreq(5, d=x[1])",
)


@pytest.mark.parametrize("text", REAL)
def test_what_is_real_again_is_differentiated(text: str) -> None:
    holds(Case(text, {"x": (3,)}), known=(True,))


FILTERS = (
    ("signal.lfilter(b, a, x) ** 2", {"b": (3,), "a": (2,), "x": (6,)}),
    ("signal.lfilter(b, [2.0, 0.5], x) ** 2", {"b": (7,), "x": (4,)}),
    ("signal.lfilter(b, 1.0, x, axis=-1) ** 2", {"b": (3,), "x": (5,)}),
    ("signal.lfilter(np.append(1.0, -b), [1.0], x)", {"b": (2,), "x": (5,)}),
    ("signal.lfilter([1.0, 0.3], np.concatenate([[1.0], a / 9]), x)", {"a": (2,), "x": (5,)}),
    ("signal.lfilter([1.0, 0.3], [1.0, -0.5], x, axis=0) ** 2", {"x": (5, 3)}),
)


@pytest.mark.parametrize(("text", "shapes"), FILTERS)
def test_the_coefficients_of_a_filter(text: str, shapes: dict[str, tuple[int, ...]]) -> None:
    header = "import numpy as np\nfrom scipy import signal"
    holds(Case(text, shapes, near=lambda x: x / 4 + 2 * (x == x.flat[0]), header=header), known=(True,))


@pytest.mark.parametrize(("text", "at", "answer"), OF_ARRAYS, ids=[f"{text} at {at}" for text, at, _ in OF_ARRAYS])
def test_the_page_on_the_rule_book_says_what_is_so_of_arrays(text: str, at: str, answer: str) -> None:
    pytest.importorskip("scipy")
    case = Case(text, {"x": (3,)}, header="import numpy as np\nfrom scipy import special, stats")
    x = eval(f"np.array({at.removeprefix('x=')})", {"np": np})
    with np.errstate(all="ignore"):
        (found,) = derived(case, Mode.GRAD)[1][0](x)
    np.testing.assert_array_equal(found, eval(answer, {"nan": np.nan}))


# Of a name that is bound twice by one line the last value stays.
TWICE = (
    "a, _, _ = np.exp(x[0])\nreturn a**2",
    "(_, b, _), _, (c, _, _) = x**2\nreturn b * c + _",
    "_, _, c = x\n_, _, d = c\nreturn d**2 * np.sum(c * _)",
)


@pytest.mark.parametrize("text", TWICE)
def test_a_name_that_is_bound_twice_at_once(text: str) -> None:
    holds(Case(text, {"x": (3, 3)}), known=(True,))


# What is unpacked is a layer of what a line makes, not all of it.
LAYERS = (
    "a, b = x[:2] > 0\nreturn np.sum(x * a) + np.sum(x[0] * b)",
    "a, b = np.zeros((2, 3))\nreturn np.sum((x[0] + a + b) ** 2)",
    "a, b, c = np.arange(3)\nreturn (x[0] * b + c) * x[1] + a",
    "i, j, k = np.argmax(x, axis=1)\nreturn x[0, i] * x[1, j] * x[2, k]",
    "a, b, c = np.argsort(x[0])\nreturn x[0, a] ** 2 * x[0, b]",
    "a, b, c = np.floor(x)\nreturn np.sum(x * a) + b * np.sum(c)",
)


@pytest.mark.parametrize("text", LAYERS)
def test_a_layer_of_what_has_no_gradient(text: str) -> None:
    holds(Case(text, {"x": (3, 3)}), known=(True,))


# Whole numbers as the first contribution to a gradient, to which floats are added in place.
COUNTED = (
    "h = np.dot(x, np.arange(len(x)))\nreturn x[0] ** 2 + h",
    "return x[:2] @ x[1:] + np.vdot(x, y)",
    "return x[0] ** 2 + x @ y",
    "return np.sum(np.exp(x)) + x[0] ** 2 + np.dot(x[:2], [1, 2])",
)


@pytest.mark.parametrize("text", COUNTED)
def test_a_gradient_of_whole_numbers_takes_floats(text: str) -> None:
    case = Case(text, {"x": (3,)}, {"y": np.array([1, 2, 3])})
    x, y = np.array([1.3, 2.2, 3.7]), np.array([1, 2, 3])
    ((found,),) = derived(case, Mode.VALUE_AND_GRAD)[1][0](x, y)[1:]
    steps = 1e-6 * np.eye(3)
    wanted = [(case.function()(x + step, y) - case.function()(x - step, y)) / 2e-6 for step in steps]
    np.testing.assert_allclose(found, wanted, rtol=1e-6)
    assert found.dtype == x.dtype
