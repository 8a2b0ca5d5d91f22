"""The book in print: docs/gates.md is up to date, and every gate is there whole."""

import ast
import inspect
from pathlib import Path
from types import FunctionType

import pytest
from spellings import function, scope
from test_gates_edges import ROWS

from srcgrad.catalogue import Entry, chapters, meanings, named
from srcgrad.cli import main
from srcgrad.derive import listed
from srcgrad.gates import across_lines, book
from srcgrad.published import listing

PAGE = Path(__file__).parents[1] / "docs" / "gates.md"
BOOK = chapters()
ENTRIES = [entry for chapter in BOOK for entry in chapter.entries]
RULES = {spelling.gate.name: spelling.gate.rule for spelling in book()}
RULES |= {composite.gate.name: composite.gate.rule for composite in across_lines()}

every_entry = pytest.mark.parametrize("entry", ENTRIES, ids=[entry.name for entry in ENTRIES])


def test_the_page_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gates", "--markdown"]) == 0
    assert capsys.readouterr().out == PAGE.read_text(encoding="utf-8"), "srcgrad gates --markdown > docs/gates.md"


def test_every_gate_of_the_book_is_there_once() -> None:
    names = [entry.name for entry in ENTRIES]
    assert {*names} >= RULES.keys()
    shown = [text for chapter in BOOK[:-1] for entry in chapter.entries for text in entry.spellings]
    assert sorted(text.partition(" with ")[0] for text in shown) == sorted(spelling.text for spelling in book())
    spellings = [text for entry in BOOK[-1].entries for text in entry.spellings]
    assert all(any(text.startswith(composite.text) for text in spellings) for composite in across_lines())
    rows = listing(BOOK)
    assert all(f"  {name} " in rows for name in names)


@every_entry
def test_the_lines_of_a_rule_are_all_shown_and_code(entry: Entry) -> None:
    shown = [ast.parse(text) for text in (entry.forward, entry.backward, entry.tangents)]
    rule = RULES.get(entry.name)
    if isinstance(rule, FunctionType):
        (written,) = ast.parse(inspect.getsource(rule)).body
        assert _lines(written) == {*_lines(shown[1]), *_lines(shown[2])}
    assert (entry.algebra == "general" and bool(entry.backward)) <= bool(entry.tangents)


def _lines(tree: ast.AST) -> set[str]:
    """The single lines of a text; not that which names the results of a rule, `q, r = z`."""
    lines = [node for node in ast.walk(tree) if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr))]
    pairs = (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) for node in lines)
    return {ast.unparse(node) for node, pair in zip(lines, pairs, strict=True) if not pair}


@every_entry
def test_a_gate_is_found_by_its_name(entry: Entry) -> None:
    assert entry in named(BOOK, entry.name)


def test_a_gate_is_found_by_function_part_and_glob() -> None:
    assert [entry.name for entry in named(BOOK, "np.arctan2")] == ["arctan2"]
    assert {entry.name for entry in named(BOOK, "np.arc*h")} == {"arcsinh", "arccosh", "arctanh"}


def test_every_word_of_the_rules_is_explained() -> None:
    found = meanings(BOOK)
    assert {"count", "refused", "part", "itself", "family"} <= found.keys()
    assert all(found.values())


@pytest.mark.parametrize("text", sorted({text for text, _, _ in ROWS if " if " not in text}))
def test_a_gate_with_a_kink_says_what_it_gives_there(text: str) -> None:
    of = function(text, tuple(name for name in "xyz" if name in text.replace("math", "").replace("maximum", "")))
    gates = [gate for _, gate in listed(of, scope(of)).rows]
    said = {entry.name: entry.kink or entry.algebra == "stops" for entry in ENTRIES}
    assert any(said.get(gate) for gate in gates)


# Gates whose lines choose by their operands, and whose functions have no kink there.
SMOOTH = {
    "sinc", "exprel", "box_cox", "box_cox_1p", "inverse_box_cox", "inverse_box_cox_1p", "voigt_profile",
    "hyperbolic_integrals", "spence", "elliptic_integral", "elliptic_integral_of_second_kind",
    "elliptic_integral_near_one",  # a series near 0
    "gelu_by_tanh", "prod", "product_of_numbers", "huber",  # another way to write the same slope
    "nan_to_number", "sum_of_numbers", "mean_of_numbers", "variance_of_numbers",  # what is no number has no place
    "compress", "extract", "choose", "solve_banded", "toeplitz_of_two", "insert", "convolve", "correlate", "irfft",
    "hfft", "irfftn", "real_part_of_eigenvalues", "matrix_power", "log_of_softmax", "pad_by_itself",
    "shifted_log_sum_exp",  # places and settings, not values
    "legendre", "hermite", "probabilists_hermite", "jacobi", "exponential_integral_of_order", "bernoulli",
    "poisson_cumulative", "poisson_survival", "binomial_cumulative", "binomial_survival",  # by a whole number
    "half_normal_log_survival", "rayleigh_log_survival",  # the slope is 0 at the end
}  # fmt: skip
CHOOSES = {
    "sign",
    "argsort",
    "searchsorted",
    "isnan",
    "floor",
    "unique",
    "abs",
    "maximum",
    "minimum",
    "clip",
    "nonzero",
}
SHAPES = {"ndim", "len", "size", "shape", "number", "ranked", "row", "alike", "dtype"}


def _chosen(entry: Entry) -> bool:
    """Whether the lines of a gate ask for the values of its operands: compare them, sort them, take their sign."""
    settings = {text.partition("=")[0] for text in entry.defaults} | {"np", "special", "itself", "family"}
    tree = ast.parse(entry.backward)
    last = {
        id(node): ast.unparse(node.func).rpartition(".")[2] for node in ast.walk(tree) if isinstance(node, ast.Call)
    }
    sizes = [node for node in ast.walk(tree) if last.get(id(node)) in SHAPES or getattr(node, "attr", "") in SHAPES]
    apart = {id(inner) for node in sizes for inner in ast.walk(node)}
    asked = [node for node in ast.walk(tree) if isinstance(node, ast.Compare) or last.get(id(node)) in CHOOSES]
    asked += [node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv)]
    names = [
        inner for node in asked for inner in ast.walk(node) if isinstance(inner, ast.Name) and id(inner) not in apart
    ]
    return any(name.id not in settings for name in names)


@every_entry
def test_a_gate_that_chooses_says_what_it_gives_at_a_kink(entry: Entry) -> None:
    assert not (_chosen(entry) and not entry.kink) or entry.name in SMOOTH or "density" in entry.name


@every_entry
def test_a_gate_has_a_source(entry: Entry) -> None:
    assert entry.source or not entry.backward
