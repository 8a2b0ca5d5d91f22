"""Orthogonal polynomials of scipy.special by their argument: a slope is a polynomial of the degree below.

Source: the NIST Digital Library of Mathematical Functions, 18.9.
"""

from srcgrad.gate import elementwise


# Of degree 0 there is none below, where scipy gives nan.
@elementwise("special.eval_legendre(n, x)")
def legendre(y, n, x):
    dx = (0.5 * (n + 1) * special.eval_jacobi(n - 1, 1, 1, x) if n != 0 else 0) * dy


@elementwise("special.eval_chebyt(n, x)")
def chebyshev(y, n, x):
    dx = (n * special.eval_chebyu(n - 1, x)) * dy


@elementwise("special.eval_chebyu(n, x)")
def chebyshev_of_second_kind(y, n, x):
    dx = (2 * special.eval_gegenbauer(n - 1, 2, x)) * dy


@elementwise("special.eval_hermite(n, x)")
def hermite(y, n, x):
    dx = (2 * n * special.eval_hermite(n - 1, x) if n != 0 else 0) * dy


@elementwise("special.eval_hermitenorm(n, x)")
def probabilists_hermite(y, n, x):
    dx = (n * special.eval_hermitenorm(n - 1, x) if n != 0 else 0) * dy


@elementwise("special.eval_laguerre(n, x)")
def laguerre(y, n, x):
    dx = -special.eval_genlaguerre(n - 1, 1, x) * dy


@elementwise("special.eval_genlaguerre(n, a, x)")
def generalized_laguerre(y, n, a, x):
    dx = -special.eval_genlaguerre(n - 1, a + 1, x) * dy


@elementwise("special.eval_gegenbauer(n, a, x)")
def gegenbauer(y, n, a, x):
    dx = (2 * a * special.eval_gegenbauer(n - 1, a + 1, x)) * dy


@elementwise("special.eval_jacobi(n, a, b, x)")
def jacobi(y, n, a, b, x):
    dx = (0.5 * (n + a + b + 1) * special.eval_jacobi(n - 1, a + 1, b + 1, x) if n != 0 else 0) * dy
