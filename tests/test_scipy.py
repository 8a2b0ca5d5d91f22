"""Gates of scipy: distributions and special functions, how they are imported, what of them is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from arrays import Case, derived, holds

import srcgrad
from srcgrad.derive import derive
from srcgrad.errors import SrcgradError
from srcgrad.scope import StaticScope
from srcgrad.source import check, functions, read
from srcgrad.staged import Mode

pytest.importorskip("scipy")
HEADER = "import numpy as np\nfrom scipy import linalg, signal, special, stats"


def near_one(x: np.ndarray) -> np.ndarray:
    return 0.3 * np.abs(x) + 0.5


def cases(rows: str, **shapes: tuple[int, ...]) -> Iterator[Case]:
    for row in rows.strip().splitlines():
        yield Case(row, shapes, near=near_one, header=HEADER)


# The families with what they have besides x, loc and scale, where they are defined.
FAMILIES = {
    "norm": "", "halfnorm": "", "expon": "", "rayleigh": "", "laplace": "", "logistic": "", "cauchy": "",
    "halfcauchy": "", "gumbel_r": "", "gumbel_l": "", "lognorm": "a, ", "t": "a, ", "gamma": "a, ", "invgamma": "a, ",
    "chi2": "a, ", "weibull_min": "a, ", "f": "a, b, ", "pareto": "a, ", "vonmises": "a, ", "uniform": "",
    "beta": "a, b, ",
}  # fmt: skip
# x, loc and scale inside the support of those that end somewhere, or begin elsewhere than at loc.
INSIDE = {"pareto": "9 + x, {}m, scale=s", "uniform": "x, {}m / 9, 9 + s", "beta": "x / 9, {}m / 99, 1 + s"}


def family_cases() -> Iterator[Case]:
    """Densities in all parameters, cumulative functions and quantiles in all but shapes: of each family together."""
    for name, shapes in FAMILIES.items():
        own = dict.fromkeys(shapes.replace(", ", ""), (4,))
        given = INSIDE.get(name, "2 + x, {}m, scale=s")
        arguments = given.format(shapes)
        yield Case(f"stats.{name}.logpdf({arguments}) + 9 * stats.{name}.pdf({arguments})",
                   {"x": (3, 4), "m": (4,), "s": (3, 1), **own}, near=near_one, header=HEADER)  # fmt: skip
        if name == "vonmises":
            continue
        fixed = given.format({"": "", "a, ": "2.5, ", "a, b, ": "2.5, 0.9, "}[shapes])
        values = " + ".join(
            f"{i} * stats.{name}.{f}({fixed})" for i, f in enumerate(("cdf", "sf", "logcdf", "logsf"), 2)
        )
        yield Case(values, {"x": (3, 4), "m": (4,), "s": ()}, near=near_one, header=HEADER)
        quantile = "x / 9, " + fixed.partition(", ")[2]
        yield Case(f"stats.{name}.ppf({quantile}) + 2 * stats.{name}.isf({quantile})",
                   {"x": (3, 4), "m": (), "s": (4,)}, near=near_one, header=HEADER)  # fmt: skip


DISTRIBUTIONS = [
    *family_cases(),
    *cases("stats.norm.ppf(q=x / 9, scale=m)\nstats.t.pdf(x, df=m)\nstats.f.logpdf(x, dfd=m, dfn=2.5)",
           x=(3, 4), m=(4,)),
    *cases("stats.poisson.pmf(3, mu=m)\nstats.poisson.cdf(2.5, m)\nstats.poisson.sf(3, m, loc=1)\n"
           "stats.binom.logpmf(3, 7, m / 9)\nstats.binom.cdf(3.5, 7, m / 9)\nstats.binom.sf(3, 7, m / 9, 1)\n"
           "stats.bernoulli.pmf(0, m / 9)\nstats.geom.pmf(3, m / 9)\nstats.geom.logpmf(3, m / 9)\n"
           "stats.nbinom.logpmf(3, m, m / 9)\nstats.nbinom.pmf(3, m, m / 9)", m=(4,)),
]  # fmt: skip
FUNCTIONS = cases(
    """
special.exprel(x * 1e-6)
special.softplus(x)
special.exp10(x)
special.cosm1(x)
special.boxcox(x, x)
special.boxcox1p(x, x * 1e-9)
special.inv_boxcox(x, 0.7)
special.erfi(x)
special.expn(3, x)
special.sici(x)[0] * special.sici(x)[1]
special.shichi(x)[0] * special.shichi(x)[1]
special.fresnel(x)[0] * special.fresnel(x)[1]
special.spence(x)
special.hyp1f1(1.5, 0.5, x)
special.hyp0f1(1.5, x)
special.ellipk(x * 1e-6)
special.ellipe(x / 9)
special.ellipe(x * 1e-6)
special.pseudo_huber(x, 2 * x)
special.rgamma(x)
special.gammaincinv(2.5, x / 9)
special.gammainccinv(2.5, x / 9)
special.betaincc(2.5, 0.6, x / 9)
special.betaincinv(2.5, 0.6, x / 9)
special.poch(x, 2 * x)
special.binom(2 * x, x)
special.yv(0.5, x)
special.yn(0, x)
special.ive(1.5, x)
special.k0(x)
special.k1(x)
special.k0e(x)
special.k1e(x)
special.kn(0, x)
special.kv(1.5, x)
special.kve(1.5, x)
special.spherical_jn(2, x)
special.spherical_yn(2, x)
special.airy(x)[0] * special.airy(x)[1] + special.airy(x)[2] * special.airy(x)[3]
special.multigammaln(3 + x, 2)
special.inv_boxcox1p(x, 2 * x)
special.inv_boxcox(x, x * 1e-6)
special.powm1(x, 2 * x)
special.ellipkm1(x / 9)
special.ellipkm1(1 - x * 1e-6)
special.ellipkinc(x, 0.4) + special.ellipeinc(x, 0.4)
special.hyperu(1.5, 0.5, x)
special.expn(0, x)
special.expn(np.arange(4), x)
special.jve(1.5, x) + 2 * special.yve(1.5, x)
special.jvp(2, x) + 2 * special.yvp(2, x, 0) + 3 * special.ivp(1.5, x, n=2) + 4 * special.kvp(2, x)
special.spherical_in(2, x) + 2 * special.spherical_kn(2, x)
special.betainccinv(2.5, 0.6, x / 9)
special.voigt_profile(x, 2 * x, 3 * x)
special.lambertw(x).real
special.lambertw(-x / 9, k=-1).real
np.real(special.lambertw(-x - 1))
special.wrightomega(x)
special.owens_t(x, 2 * x)
special.sindg(x) + 2 * special.cosdg(x) + 3 * special.tandg(x)
special.ndtri_exp(-x)
special.log_ndtr(-20 * x)
special.eval_legendre(np.arange(4), x)
special.eval_chebyt(3, x) + 2 * special.eval_chebyu(3, x)
special.eval_hermite(np.arange(4), x) + 2 * special.eval_hermitenorm(0, x)
special.eval_laguerre(0, x) + 2 * special.eval_genlaguerre(3, 0.5, x)
special.eval_gegenbauer(3, 0.5, x) + 2 * special.eval_jacobi(3, 0.5, 0.3, x)
""",
    x=(4,),
)


@pytest.mark.parametrize("case", [*DISTRIBUTIONS, *FUNCTIONS], ids=str)
def test_it_is_right(case: Case) -> None:
    holds(case)


def definite(x: np.ndarray) -> np.ndarray:
    """A matrix that is positive definite and is not symmetric where it need not be; other arrays as they are."""
    return x @ x.T + 3 * np.eye(3) if x.shape == (3, 3) else x


SHAPES = {"x": (3, 3), "y": (3, 2), "b": (3,), "t": (5, 3), "w": (3, 4), "a": (6,), "d": (2, 2), "c": (2, 3, 3)}
KNOWN = """
linalg.inv(c)
linalg.det(c)
linalg.solve(c, b)
linalg.cholesky(x)
linalg.cholesky(x, lower=True)
linalg.solve_triangular(x, y)
linalg.solve_triangular(x, y, lower=True)
linalg.solve_triangular(x, y, trans=1)
linalg.solve_triangular(x, b, 0, True)
linalg.solve_triangular(x, b, trans='T', lower=True, check_finite=False)
linalg.cho_solve((x, True), b)
linalg.cho_solve((x, False), y)
linalg.cho_solve(linalg.cho_factor(x), y)
l, low = linalg.cho_factor(x, lower=True); return linalg.cho_solve((l, low), b)
linalg.solve_triangular(x, b, 0, True, unit_diagonal=True)
linalg.solve_triangular(x, y, trans='C')
linalg.solve(x, y, transposed=True)
linalg.solve(x, b, assume_a='pos')
linalg.solve(x, y, True, assume_a='sym')
linalg.solve_banded((1, 1), x, b)
linalg.solve_banded((2, 0), x, b)
linalg.lstsq(t, t[:, 0] ** 2)[0]
linalg.logm(x)
linalg.expm(c / 9)
linalg.cholesky(np.linalg.inv(x))
linalg.eigh(c, lower=False)[1] ** 2
linalg.solve_sylvester(x, d, y)
linalg.expm(x / 9)
linalg.sqrtm(x)
linalg.pinv(x)
linalg.pinv(t)
linalg.pinv(w)
e, v = linalg.eigh(x); return (v * np.log(e)) @ v.T
linalg.eigh(x)[1] ** 2
linalg.eigh(x, lower=False)[1] ** 2
np.sum(linalg.eigh(x)[0])
linalg.eigh(x, lower=False, eigvals_only=True)
linalg.eigvalsh(x)
np.sum(linalg.svd(x)[1])
linalg.svd(w, False)[2]
u, s, vh = linalg.svd(t, full_matrices=False); return u @ np.diag(np.sqrt(s)) @ vh
linalg.svd(t, full_matrices=False)[0] ** 2
linalg.svdvals(w)
linalg.svd(x, compute_uv=False)
linalg.qr(x)[0]
linalg.qr(x)[1]
linalg.qr(t, mode='economic')[0]
np.sum(linalg.qr(t, mode='economic')[1])
p, l, u = linalg.lu(x); return np.sum(l * u)
linalg.lu(x)[2]
linalg.block_diag(x, y)
linalg.block_diag(np.ones((2, 3)), x)
linalg.block_diag(x, b, 1.0, y)
linalg.toeplitz(b)
linalg.toeplitz(b, r=a)
stats.multivariate_normal.logpdf(b, a[:3], x)
stats.multivariate_normal.logpdf(t, mean=b, cov=x)
np.sum(stats.multivariate_normal.logpdf(t, np.zeros(3), cov=x))
stats.multivariate_normal.logpdf(t[:1], b, x)
stats.multivariate_normal.pdf(b, a[:3], x)
stats.multivariate_normal.pdf(t, b, cov=x)
signal.convolve(a, b, 'same')
signal.convolve(b, a, 'same')
signal.correlate(a, b, 'same')
signal.correlate(b, a, mode='same', method='direct')
signal.convolve2d(t, d, 'same')
signal.correlate2d(t, d, 'same')
"""
EITHER = """
linalg.inv(x)
linalg.det(x)
linalg.solve(x, y)
linalg.solve(x, b)
linalg.solve(c, b, assume_a='gen')
linalg.norm(t, axis=1)
signal.convolve(a, b)
signal.convolve(a, b, 'valid')
signal.convolve(b, a, mode='valid')
signal.convolve(t, w)
signal.convolve2d(t, x, 'valid')
signal.fftconvolve(t, w)
signal.correlate(a, b)
signal.correlate(a, b, 'valid')
signal.correlate(b, a, mode='valid')
signal.correlate2d(t, w)
signal.detrend(t)
signal.detrend(t, 0, type='constant')
signal.lfilter([1, 0.5], [1, 0.2], t)
signal.lfilter([1, 0.5], [1, 0.2], t, axis=0)
special.logsumexp(t, axis=1, b=b**2)
special.logsumexp(b, b=t**2)
special.logsumexp(t, -1, b=t[:, :1]**2, keepdims=True)
special.logsumexp(c, axis=(0, 2), b=b[:, None]**2)
special.softmax(t, 0)
special.log_softmax(t, -1)
"""


def arrays(rows: str) -> Iterator[Case]:
    """A case for each row, of the arrays that it reads."""
    for row in rows.strip().splitlines():
        text = row.replace("; ", "\n")
        read = {name: shape for name, shape in SHAPES.items() if re.search(rf"\b{name}\b", text)}
        yield Case(text, read, near=definite, header=HEADER)


@pytest.mark.parametrize("case", [*arrays(EITHER)], ids=str)
def test_of_arrays_it_is_right(case: Case) -> None:
    holds(case)


@pytest.mark.parametrize("case", [*arrays(KNOWN)], ids=str)
def test_of_arrays_of_known_shapes_it_is_right(case: Case) -> None:
    holds(case, known=(True,))


@pytest.mark.parametrize("x", [[0.2, 0.5, 0.3], [0.2, 0.5]])
def test_the_last_number_of_a_point_of_a_simplex_may_be_left_out(x: list[float]) -> None:
    for text in ("stats.dirichlet.logpdf(x, a)", "stats.dirichlet.pdf(x, alpha=a)"):
        case = Case(text, {"a": (3,)}, {"x": np.array(x)}, near=np.exp, header=HEADER)
        holds(case, known=(True,))


@pytest.mark.parametrize(
    "text",
    [
        "linalg.logm(c)",
        "linalg.svd(t)[0]",
        "linalg.qr(t)[1]",
        "linalg.qr(x, mode='r')[0]",
        "linalg.lu(t)[1]",
        "linalg.solve_sylvester(c, c, c)",
        "linalg.solve_triangular(c, y)",
        "linalg.solve_triangular(x, c)",
        "linalg.solve_triangular(x, y, 1, unit_diagonal=True)",
        "linalg.solve(x, y, assume_a='banded')",
        "linalg.toeplitz(x)",
        "signal.convolve(a, b, 'wrap')",
        "signal.convolve(a, 2.0)",
        "stats.multivariate_normal.logpdf(c, b, x)",
        "stats.multivariate_normal.logpdf(a, np.zeros(1), d[:1, :1])",
    ],
)
def test_shapes_that_a_rule_is_not_for_are_refused(text: str) -> None:
    with pytest.raises(SrcgradError, match="srcgrad has no rule for these settings"):
        derived(next(arrays(text)), Mode.VJP)


@pytest.mark.parametrize(
    ("text", "x", "slope"),
    [
        ("special.log_ndtr(x)", -1e8, 1e8),  # the difference of two numbers near 5e15 would be noise
        ("stats.norm.logcdf(x)", -1e8, 1e8),
        ("stats.norm.logsf(x, scale=2.0)", 1e9, -2.5e8),
        ("stats.gumbel_r.logcdf(x)", -50.0, np.exp(50.0)),
        ("stats.gumbel_l.logsf(x)", 50.0, -np.exp(50.0)),
        ("stats.weibull_min.logsf(x, 5.0)", 1e4, -5e16),
        ("special.expn(0, x)", 1.0, -2 / np.e),
        ("special.shichi(x)[0]", 0.0, 1.0),
        ("special.lambertw(x).real", 0.0, 1.0),
        ("special.pseudo_huber(x, -2.0)", 0.0, 2.0),
        ("special.voigt_profile(1.0, x, 0.5)", 1e-6, 0.5 / np.pi * 5.5 / 1.25**3 * 1e-6),
        ("special.eval_hermite(0, x)", 0.3, 0.0),
        ("stats.poisson.pmf(1, x)", 0.0, 1.0),
        ("stats.bernoulli.pmf(0, x)", 1.0, -1.0),
        ("stats.binom.pmf(3, 3, x)", 1.0, 3.0),
    ],
)
def test_at_places_where_the_plain_formula_fails(text: str, x: float, slope: float) -> None:
    assert gradient(text, x) == pytest.approx(slope, rel=1e-7)


OUTSIDE = """
gamma.pdf(-x, 2.5)
gamma.pdf(-0.5, 1 + x)
lognorm.pdf(-x, 0.5)
beta.pdf(-0.1, x, 2)
weibull_min.pdf(-x, 1.5)
weibull_min.logsf(-x, 0.5)
pareto.pdf(-0.5, x)
f.pdf(-0.1, x, 2.5)
halfnorm.logsf(-x)
chi2.pdf(-2.0, x)
binom.cdf(9, 7, x)
"""


@pytest.mark.parametrize("text", OUTSIDE.split("\n")[1:-1])
def test_outside_of_the_support_the_gradient_is_zero(text: str) -> None:
    assert gradient(f"stats.{text}", 0.3) == 0


def gradient(text: str, x: float) -> object:
    """The gradient of a function of one number, in plain numbers."""
    source = check(
        f"import numpy as np\nfrom scipy import special, stats\n\n\ndef f(x: float):\n    return {text}\n", "f.py"
    )
    space: dict[str, object] = {}
    exec(derive(read(source, functions(source)[0]), StaticScope(source), Mode.GRAD).module(), space)
    return space["f_grad"](x)  # type: ignore[operator]


@pytest.mark.parametrize(
    "text",
    [
        "np.sinc(x)",
        "special.exprel(x)",
        "special.boxcox(1.7, x)",
        "special.inv_boxcox(0.6, x)",
        "special.ellipk(x)",
        "special.ellipe(x)",
    ],
)
def test_near_zero_a_float32_has_the_slope_of_a_float64(text: str) -> None:
    for x in (1e-5, 3e-4, 2e-3, -0.02):
        assert gradient(text, np.float32(x)) == pytest.approx(gradient(text, float(np.float32(x))), rel=2e-4)


@pytest.mark.parametrize("text", ["special.i1(x)", "special.jv(2, x)", "special.exprel(x)", "special.ellipk(x / 9)"])
def test_float32_stays_float32(text: str) -> None:
    holds(Case(text, {"x": (4,)}, near=near_one, header=HEADER), "float32")


@pytest.mark.parametrize(
    ("line", "text", "slope"),
    [
        ("from scipy import stats", "stats.norm.cdf(x)", "stats.norm.pdf(x)"),
        ("import scipy.stats as st", "st.norm.cdf(x)", "st.norm.pdf(x)"),
        ("import scipy.stats", "scipy.stats.norm.cdf(x)", "scipy.stats.norm.pdf(x)"),
        ("from scipy.stats import norm", "norm.cdf(x)", "norm.pdf(x)"),
        ("from scipy.stats import norm as normal", "normal.cdf(x)", "normal.pdf(x)"),
        ("from scipy.stats import t, norm", "t.cdf(x, 3)", "t.pdf(x, 3)"),
    ],
)
def test_a_distribution_is_known_under_every_import(line: str, text: str, slope: str) -> None:
    case = Case(text, {"x": (4,)}, header=line)
    assert f"dx = dout * {slope}" in derived(case, Mode.VJP)[0]
    holds(Case(text, {"x": (4,)}, header=f"import numpy as np\n{line}"))


@pytest.mark.parametrize(
    "header", ["import scipy.signal\nimport scipy.linalg", "import scipy\nimport scipy.linalg, scipy.signal as dsp"]
)
def test_parts_of_a_library_may_be_imported_one_by_one(header: str) -> None:
    holds(Case("scipy.linalg.expm(x)", {"x": (2, 2)}, header=header), known=(True,))


@pytest.mark.parametrize("header", ["import scipy.linalg\nscipy = 3", "import scipy.linalg, mine as scipy"])
def test_a_library_whose_name_is_bound_anew_is_none(header: str) -> None:
    assert (
        "no gate for scipy.linalg.inv" in refusal(f"{header}\n\n\ndef f(x):\n    return scipy.linalg.inv(x)\n").message
    )


def refusal(source: str) -> SrcgradError:
    text = check(source, "f.py")
    with pytest.raises(SrcgradError) as refused:
        derive(read(text, functions(text)[-1]), StaticScope(text), Mode.GRAD)
    return refused.value


@pytest.mark.parametrize(
    "text",
    [
        "special.jv(x, 2.0)",
        "special.gammainc(x, 2.0)",
        "special.zeta(x)",
        "special.logsumexp(x, 0, None)",
        "special.logsumexp(x, return_sign=True)",
        "special.spherical_jn(2, x, derivative=True)",
        "special.lambertw(x)",
        "special.lambertw(x, 0, 1e-9).real",
        "special.ellipeinc(0.5, x)",
        "special.jvp(x, 2.0)",
        "stats.gamma.cdf(1.0, x)",
        "stats.poisson.logpmf(x, 2.0)",
        "stats.norm.logpdf(x, y=1)",
        "stats.norm.logpdf(x, 0, 1, scale=2)",
        "stats.norm.logpdf(x, *x)",
        "stats.norm.logpdf(x, 0, 1, 2)",
        "stats.gamma.logpdf(x)",
        "stats.gamma.logpdf(x, loc=1.0)",
        "stats.norm(x).logpdf(1.0)",
        "linalg.inv(x, overwrite_a=True)",
        "linalg.inv(x, assume_a='sym')",
        "linalg.solve(x, x, overwrite_a=True)",
        "linalg.eigvals(x)",
        "linalg.eigh(x, x)",
        "linalg.lu(x, permute_l=True)",
        "signal.convolve2d(x, x, boundary='wrap')",
        "signal.fftconvolve(x, x, axes=0)",
        "signal.detrend(x, bp=3)",
    ],
)
def test_what_has_no_line_is_refused(text: str) -> None:
    found = refusal(f"from scipy import linalg, signal, special, stats\n\n\ndef f(x):\n    return 2 + {text}\n")
    assert found.message.startswith("no gate for ")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (
            "stats.gamma(2.5, scale=x).sf(1.0)",
            "give a distribution its parameters in the call, as in stats.gamma.sf(x, a, ",
        ),
        (
            "stats.poisson(x)",
            "give a distribution its parameters in the call, as in stats.poisson.logpmf(k, mu, loc=0)",
        ),
        ("frozen.cdf(x)", "give a distribution its parameters in the call, as in stats.norm.cdf(x, loc=0, scale=1)"),
        ("abs(special.lambertw(x))", "srcgrad knows it within one expression, as in special.lambertw(x, k).real"),
        ("stats.truncnorm.logpdf(x, 0, 1)", "write it with gates that srcgrad knows, or leave it out of wrt"),
        (
            "math.dist(x, x)",
            "srcgrad knows it as math.dist(xs, ys), of lists that are written out: see srcgrad gates math.dist",
        ),
        ("special.jn(x, 2.0)", "there is no rule for v in special.jn(v, x): keep it fixed"),
    ],
)
def test_a_refusal_says_what_to_write(text: str, hint: str) -> None:
    lines = "import math\nfrom scipy import special, stats\n\nfrozen = stats.norm(0.5, 2.0)\n"
    assert (refusal(f"{lines}\n\ndef f(x):\n    return 2 + {text}\n").hint or "").startswith(hint)


@pytest.mark.parametrize(
    "lines",
    [
        "class norm:\n    pass\n\n\nnorm.logpdf = abs",  # the user's own, of the same name
        "import stats\nnorm = stats.norm",
        "from mine import norm",
    ],
)
def test_a_name_of_the_users_is_not_a_distribution(lines: str) -> None:
    assert "no gate for norm.logpdf" in refusal(f"{lines}\n\n\ndef f(x):\n    return norm.logpdf(x)\n").message


def test_a_variable_may_be_called_as_a_library_is() -> None:
    source = check(
        "from scipy.stats import norm as n\n\n\ndef f(stats: float, linalg: float, signal: float):\n"
        "    family = n.cdf(stats, linalg)\n    return family * signal\n",
        "f.py",
    )
    made = derive(read(source, functions(source)[0]), StaticScope(source), Mode.GRAD)
    space: dict[str, object] = {}
    exec(made.module(), space)
    found = space["f_grad"](0.3, 0.1, 2.0)  # type: ignore[operator]
    assert found == pytest.approx((0.7820853879509118, -0.7820853879509118, 0.579259709439103))


def test_of_a_live_function_a_distribution_is_known_by_what_it_is() -> None:
    from scipy import stats
    from scipy.stats import gamma, norm

    def f(x: float, a: float) -> float:
        return norm.logpdf(x) + stats.norm.logsf(x) + gamma.cdf(x, 2.0, scale=a)  # type: ignore[no-any-return]

    dx, da = srcgrad.grad(f)(0.7, 1.5)
    step = 1e-6
    assert dx == pytest.approx((f(0.7 + step, 1.5) - f(0.7 - step, 1.5)) / (2 * step), rel=1e-7)
    assert da == pytest.approx((f(0.7, 1.5 + step) - f(0.7, 1.5 - step)) / (2 * step), rel=1e-7)


def test_random_numbers_are_drawn_once() -> None:
    """`rvs` does more than compute: it is neither repeated nor left out."""
    source = check(
        "from scipy import stats\n\n\ndef f(x: float):\n    noise = stats.norm.rvs()\n    return (x * noise) ** 2\n",
        "f.py",
    )
    made = derive(read(source, functions(source)[0]), StaticScope(source), Mode.VJP)
    assert made.module().count("rvs") == 1
