"""Products of arrays and linear algebra: every spelling, in every rank, against differences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from arrays import Case, derived, holds, lines

from srcgrad.errors import SrcgradError
from srcgrad.staged import Mode

Shape = tuple[int, ...]
LEFT: tuple[Shape, ...] = ((), (3,), (2, 3), (4, 2, 3))
RIGHT: tuple[Shape, ...] = ((), (3,), (3, 5), (4, 3, 5))


def pairs(text: str, *shapes: tuple[Shape, Shape]) -> Iterator[Case]:
    for x, y in shapes:
        yield Case(text, {"x": x, "y": y})


def products() -> Iterator[Case]:
    both = [(x, y) for x in LEFT for y in RIGHT]
    yield from pairs("np.dot(x, y)", *both)
    yield from pairs("x.dot(y)", *[(x, y) for x, y in both if x])
    stacks = [(2, 3), (4, 2, 3), (1, 2, 3), (5, 1, 2, 3)], [(3, 5), (4, 3, 5), (1, 3, 5), (5, 4, 3, 5)]
    yield from pairs("x @ y", *[(x, y) for x in ((3,), *stacks[0]) for y in ((3,), *stacks[1])])
    yield from pairs("np.matmul(x, y)", ((3,), (3,)), ((2, 3), (4, 3, 5)))
    yield from pairs("np.inner(x, y)", *[(x, y) for x in LEFT for y in ((), (3,), (5, 3), (4, 5, 3))])
    yield from pairs("np.outer(x, y)", *[(x, y) for x in LEFT for y in ((), (1,), (2, 4))])
    yield from pairs("np.multiply.outer(x, y)", *[(x, y) for x in LEFT[:3] for y in ((), (1,), (2, 4))])
    yield from pairs("np.vdot(x, y)", ((), ()), ((3,), (3,)), ((2, 3), (3, 2)), ((6,), (2, 3)))
    crossed = [((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 3)), ((4, 1, 3), (2, 3)), ((1, 3), (2, 3))]
    yield from pairs("np.cross(x, y)", *crossed)


TENSORDOT: tuple[tuple[str, Shape, Shape], ...] = (
    ("", (2, 3, 4), (3, 4, 5)), (", 2", (2, 3, 4), (3, 4, 5)), (", axes=1", (2, 3), (3, 4)), (", 1", (3,), (3,)),
    (", 0", (2,), (3, 4)), (", axes=([1], [0])", (2, 3), (3, 4)), (", ((0, 1), (1, 0))", (2, 3, 4), (3, 2, 5)),
    (", axes=((1, 0), (0, 1))", (2, 3, 4), (3, 2, 5)), (", axes=((2, 0), (0, 2))", (2, 3, 4), (4, 5, 2)),
    (", axes=(1, 0)", (2, 3), (3, 4)), (", axes=([-1], [-1])", (2, 3), (4, 3)),
    (", axes=([0, 2, 1], [1, 0, 2])", (2, 3, 4), (4, 2, 3)),
)  # fmt: skip

EINSUM: tuple[tuple[str, *tuple[Shape, ...]], ...] = (
    ("ij->ij", (2, 3)), ("ij->ji", (2, 3)), ("ijk->kij", (2, 3, 4)), ("ij->i", (2, 3)), ("ij->", (2, 3)),
    ("ij", (2, 3)), ("ba", (2, 3)), ("ii->i", (3, 3)), ("ii", (3, 3)), ("iii->i", (3, 3, 3)), ("iij->j", (3, 3, 2)),
    ("...ij->...ji", (4, 2, 3)), ("...i->...", (2, 3)), ("i...->...", (2, 3)), ("...ii->...i", (2, 3, 3)),
    ("...ii->...", (4, 2, 3, 3)), ("i ... -> ... i", (2, 3, 4)), ("...->...", (2, 3)), ("i->i", (1,)), ("i->", (0,)),
    ("ij,jk->ik", (2, 3), (3, 4)), ("ij,jk", (2, 3), (3, 4)), ("ij, jk -> ki", (2, 3), (3, 4)),
    ("i,j->ij", (2,), (3,)), ("i,i", (3,), (3,)), ("i,i->i", (3,), (3,)), ("ij,ij->i", (2, 3), (2, 3)),
    ("ij,kj->", (2, 3), (4, 3)), ("ij,k->i", (2, 3), (4,)), ("ii,ij->j", (3, 3), (3, 2)), ("ij,jj->i", (2, 3), (3, 3)),
    ("bij,bjk->bik", (5, 2, 3), (5, 3, 4)), ("...ij,...jk->...ik", (2, 3), (5, 3, 4)),
    ("...ij,...jk", (4, 5, 2, 3), (5, 3, 4)), ("ij,...jk->...ik", (2, 3), (5, 3, 4)),
    (",->", (), ()), (",i->i", (), (3,)),
    ("ij,ij->ij", (1, 3), (2, 3)), ("ij,ij->", (1, 3), (2, 3)), ("ij,ij->i", (2, 3), (2, 1)),
    ("ij,jk->ik", (2, 3), (1, 4)), ("ij,jk->ik", (2, 1), (3, 4)), ("...i,...i->...", (1, 4, 3), (5, 1, 3)),
    ("ij,jk,kl->il", (2, 3), (3, 4), (4, 5)), ("i,ij,j->", (2,), (2, 3), (3,)), ("i,i,i->i", (3,), (3,), (3,)),
    ("ij,jk,kl,lm->im", (2, 3), (3, 4), (4, 5), (5, 2)),
)  # fmt: skip


def contractions() -> Iterator[Case]:
    for axes, x, y in TENSORDOT:
        yield Case(f"np.tensordot(x, y{axes})", {"x": x, "y": y})
    for subscripts, *shapes in EINSUM:
        named = dict(zip("xyvw", shapes, strict=False))
        yield Case(f'np.einsum("{subscripts}", {", ".join(named)})', named)


def regular(x: np.ndarray) -> np.ndarray:
    """Matrices that are far from singular."""
    return x + 3 * np.eye(x.shape[-1]) if x.ndim > 1 else x


def algebra() -> Iterator[Case]:
    for x in ((3, 3), (2, 3, 3), (1, 1)):
        for text in ("np.linalg.inv(x)", "np.linalg.det(x)", "np.linalg.slogdet(x)[1]", "np.matrix_transpose(x)"):
            yield Case(text, {"x": x}, near=regular)
    for x in ((3, 3), (2, 3, 3), (4, 1, 3, 3)):
        for y in ((3,), (3, 4), (2, 3, 4)):
            yield Case("np.linalg.solve(x, y)", {"x": x, "y": y}, near=lambda a: regular(a) if a.shape[-1] == 3 else a)
    for x in ((3,), (2, 3), (2, 3, 4)):
        for rest in ("", ", axis=0", ", axis=-1, keepdims=True", ", ord=2, axis=0", ", ord=1, axis=-1, keepdims=True",
                     ", ord=np.inf, axis=-1", ", np.inf, 0, keepdims=True"):  # fmt: skip
            yield Case(f"np.linalg.norm(x{rest})", {"x": x})
        if len(x) > 1:
            yield Case("np.linalg.norm(x, axis=(0, 1))", {"x": x})
            yield Case("np.linalg.norm(x, 'fro', axis=(-1, 0), keepdims=True)", {"x": x})


def needs_ranks(case: Case) -> bool:
    """Whether the text is refused where nothing is known of the shapes."""
    ellipses = "..." in case.text and len(case.shapes) > 1
    return ("tensordot" in case.text and "(" in case.text[13:]) or ellipses


@pytest.mark.parametrize("case", [*products(), *contractions(), *algebra()], ids=str)
def test_every_rank(case: Case) -> None:
    holds(case, known=(True,))
    if not needs_ranks(case):
        holds(case, order="F", known=(False,))


@pytest.mark.parametrize("case", [*products(), *contractions()][::3], ids=str)
def test_single_precision(case: Case) -> None:
    holds(case, "float32", known=(True,))


@pytest.mark.parametrize("shape", [(3, 3), (1, 1)])
def test_cholesky_reads_the_lower_triangle(shape: Shape) -> None:
    holds(Case("np.linalg.cholesky(x)", {"x": shape}, near=lambda x: x @ x.T + 3 * np.eye(len(x))), known=(True,))


@pytest.mark.parametrize(
    ("text", "shapes", "expected"),
    [
        ('np.einsum("ij,ij->", x, y)', {"x": (2, 3), "y": (2, 3)}, ["dx = df * y", "dy = df * x"]),
        ('np.einsum("ij->i", x)', {"x": (2, 3)}, ['dx = np.einsum("i,ij->ij", df, np.ones_like(x))']),
        ("np.linalg.norm(x)", {"x": (3,)}, ["dx = x * (df / f)"]),
    ],
)
def test_lines(text: str, shapes: dict[str, Shape], expected: list[str]) -> None:
    found = lines(Case(f"f = {text}\nreturn f", shapes))
    assert [line for line in found if line.startswith("d") and not line.startswith("def")] == expected


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("np.linalg.norm(x, -2)", {"x": (2, 3)}),
        ("np.linalg.norm(x, 2, axis=(1, 2))", {"x": (2, 3, 4)}),
        ("np.linalg.svd(x)[0]", {"x": (2, 3)}),
        ("np.median(x, axis=(0, 1))", {"x": (2, 3)}),
        ("np.quantile(x, [[0.1, 0.9]])", {"x": (5,)}),
    ],
)
def test_what_has_no_rule_is_refused(text: str, shapes: dict[str, Shape]) -> None:
    with pytest.raises(SrcgradError, match="no rule for these settings"):
        derived(Case(text, shapes), Mode.VJP)


@pytest.mark.parametrize("text", ["np.tensordot(x, y, ((0,), (1,)))", 'np.einsum("i...,i...->...", x, y)'])
def test_what_needs_ranks_is_refused_without(text: str) -> None:
    with pytest.raises(SrcgradError, match="depends on what is not known before"):
        derived(Case(text, {"x": (2, 3), "y": (2, 3)}), Mode.VJP, known=False)


@pytest.mark.parametrize("text", ["np.einsum(k, x)", "np.diff(x, axis=0, n=k)"])
def test_a_setting_that_is_not_written_out_is_refused(text: str) -> None:
    with pytest.raises(SrcgradError):
        derived(Case(text, {"x": (2, 3)}, fixed={"k": 1}), Mode.VJP)
