"""Integrals of scipy.special: exponential, trigonometric, elliptic; the hypergeometric functions by their argument.

Source: the NIST Digital Library of Mathematical Functions, 6 and 8 (exponential), 7 (Fresnel), 13, 15 and 16
(hypergeometric), 19 (elliptic).
"""

from srcgrad.gate import elementwise


@elementwise("special.expi(x)")
def exponential_integral(y, x):
    dx = (np.exp(x) / x) * dy


@elementwise("special.exp1(x)")
def exponential_integral_of_one(y, x):
    dx = (-np.exp(-x) / x) * dy


@elementwise("special.expn(n, x)")
def exponential_integral_of_order(y, n, x):
    dx = (-special.expn(n - 1, x) if n > 1 else -(np.exp(-x) + (1 - n) * y) / x) * dy


@elementwise("special.sici(x)")
def sine_and_cosine_integral(y, x):
    si, ci = y
    dx = np.sinc(x / np.pi) * dsi + np.cos(x) / x * dci


@elementwise("special.shichi(x)")
def hyperbolic_integrals(y, x):
    shi, chi = y
    dx = (np.sinh(x) / x if x != 0 else 1) * dshi + np.cosh(x) / x * dchi


@elementwise("special.fresnel(x)")
def fresnel(y, x):
    s, c = y
    dx = np.sin(0.5 * np.pi * x * x) * ds + np.cos(0.5 * np.pi * x * x) * dc


@elementwise("special.spence(x)")
def spence(y, x):
    dx = (np.log(x) / (1 - x) if x != 1 else -1) * dy


# Near 0 by its series, as of the second kind.
@elementwise("special.ellipk(m)")
def elliptic_integral(k, m):
    near = np.pi / 8 * (1 + 1.125 * m + 75 / 64 * m * m + 1225 / 1024 * m**3)
    dm = ((special.ellipe(m) - (1 - m) * k) / (2 * m * (1 - m)) if abs(m) > 1e-3 else near) * dk


@elementwise("special.ellipe(m)")
def elliptic_integral_of_second_kind(e, m):
    near = -np.pi / 8 * (1 + 0.375 * m + 15 / 64 * m * m + 175 / 1024 * m**3)
    dm = ((e - special.ellipk(m)) / (2 * m) if abs(m) > 1e-3 else near) * de


# It is ellipk(1 - p).
@elementwise("special.ellipkm1(p)")
def elliptic_integral_near_one(k, p):
    m = 1 - p
    near = -np.pi / 8 * (1 + 1.125 * m + 75 / 64 * m * m + 1225 / 1024 * m**3)
    dp = ((p * k - special.ellipe(m)) / (2 * p * m) if abs(m) > 1e-3 else near) * dk


# By the parameter m it is refused, here and below.
@elementwise("special.ellipkinc(phi, m)")
def incomplete_elliptic_integral(k, phi, m):
    dphi = dk / np.sqrt(1 - m * np.sin(phi) ** 2)


@elementwise("special.ellipeinc(phi, m)")
def incomplete_elliptic_integral_of_second_kind(e, phi, m):
    dphi = np.sqrt(1 - m * np.sin(phi) ** 2) * de


@elementwise("special.hyp2f1(a, b, c, x)")
def hypergeometric(y, a, b, c, x):
    dx = (a * b / c * special.hyp2f1(a + 1, b + 1, c + 1, x)) * dy


@elementwise("special.hyp1f1(a, b, x)")
def confluent_hypergeometric(y, a, b, x):
    dx = (a / b * special.hyp1f1(a + 1, b + 1, x)) * dy


@elementwise("special.hyp0f1(b, x)")
def hypergeometric_limit(y, b, x):
    dx = (special.hyp0f1(b + 1, x) / b) * dy


@elementwise("special.hyperu(a, b, x)")
def confluent_hypergeometric_of_second_kind(y, a, b, x):
    dx = (-a * special.hyperu(a + 1, b + 1, x)) * dy
