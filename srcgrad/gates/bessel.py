"""Bessel functions of scipy.special, by their recurrences: the slope is half of the two next to it.

The order has no line: a gradient on it is refused. Of real numbers jve and yve are jv and yv; i0 is numpy's too.

Source: the NIST Digital Library of Mathematical Functions, 9.8 (Airy), 10.6, 10.29 and 10.51 (Bessel).
"""

from srcgrad.gate import elementwise


# Kink: at 0, where the slopes of the two sides differ in sign, it is 0.
@elementwise("special.i0e(x)")
def scaled_i0(y, x):
    dx = (special.i1e(x) - np.sign(x) * y) * dy


@elementwise("special.j0(x)")
def j0(y, x):
    dx = -special.j1(x) * dy


@elementwise("special.j1(x)")
def j1(y, x):
    dx = (0.5 * (special.j0(x) - special.jv(2, x))) * dy


@elementwise("special.jv(v, x)", "special.jn(v, x)", "special.jve(v, x)")
def jv(y, v, x):
    dx = (0.5 * (special.jv(v - 1, x) - special.jv(v + 1, x))) * dy


@elementwise("special.y0(x)")
def y0(y, x):
    dx = -special.y1(x) * dy


@elementwise("special.y1(x)")
def y1(y, x):
    dx = (0.5 * (special.y0(x) - special.yv(2, x))) * dy


@elementwise("special.yv(v, x)", "special.yn(v, x)", "special.yve(v, x)")
def yv(y, v, x):
    dx = (0.5 * (special.yv(v - 1, x) - special.yv(v + 1, x))) * dy


@elementwise("special.i1(x)")
def i1(y, x):
    dx = (0.5 * (special.i0(x) + special.iv(2, x))) * dy


# Kink: at 0 the slope of exp(-abs(x)) is 0.
@elementwise("special.i1e(x)")
def scaled_i1(y, x):
    dx = (0.5 * (special.i0e(x) + special.ive(2, x)) - np.sign(x) * y) * dy


@elementwise("special.iv(v, x)")
def iv(y, v, x):
    dx = (0.5 * (special.iv(v - 1, x) + special.iv(v + 1, x))) * dy


# Kink: at 0 the slope of exp(-abs(x)) is 0.
@elementwise("special.ive(v, x)")
def scaled_iv(y, v, x):
    dx = (0.5 * (special.ive(v - 1, x) + special.ive(v + 1, x)) - np.sign(x) * y) * dy


@elementwise("special.k0(x)")
def k0(y, x):
    dx = -special.k1(x) * dy


@elementwise("special.k0e(x)")
def scaled_k0(y, x):
    dx = (y - special.k1e(x)) * dy


@elementwise("special.k1(x)")
def k1(y, x):
    dx = (-0.5 * (special.k0(x) + special.kv(2, x))) * dy


@elementwise("special.k1e(x)")
def scaled_k1(y, x):
    dx = (y - 0.5 * (special.k0e(x) + special.kve(2, x))) * dy


@elementwise("special.kv(v, x)", "special.kn(v, x)")
def kv(y, v, x):
    dx = (-0.5 * (special.kv(v - 1, x) + special.kv(v + 1, x))) * dy


@elementwise("special.kve(v, x)")
def scaled_kv(y, v, x):
    dx = (y - 0.5 * (special.kve(v - 1, x) + special.kve(v + 1, x))) * dy


@elementwise(
    "special.jvp(v, x, n=1)", "special.yvp(v, x, n=1)", "special.ivp(v, x, n=1)", "special.kvp(v, x, n=1)"
)  # fmt: skip
def derivative_of_bessel(y, v, x, n):
    dx = itself(v, x, n + 1) * dy


@elementwise(
    "special.spherical_jn(n, x)", "special.spherical_yn(n, x)", "special.spherical_in(n, x)",
    "special.spherical_kn(n, x)",
)  # fmt: skip
def spherical_bessel(y, n, x):
    dx = itself(n, x, True) * dy


@elementwise("special.airy(x)")
def airy(y, x):
    ai, aip, bi, bip = y
    dx = aip * dai + x * ai * daip + bip * dbi + x * bi * dbip
