"""Functions of scipy.special, item by item: sigmoids, entropies, losses, transformations, erf and its relatives.

Source: the NIST Digital Library of Mathematical Functions, 4 (Lambert), 7 (erf, Voigt).
"""

from srcgrad.gate import elementwise


# From the output, so that no exponential overflows.
@elementwise("special.log_expit(x)")
def log_expit(y, x):
    dx = -np.expm1(y) * dy


@elementwise("special.erfinv(x)")
def inverse_error_function(y, x):
    dx = (0.5 * math.sqrt(math.pi) * np.exp(y * y)) * dy


@elementwise("special.erfcinv(x)")
def inverse_complementary_error_function(y, x):
    dx = (-0.5 * math.sqrt(math.pi) * np.exp(y * y)) * dy


@elementwise("special.ndtr(x)")
def normal_distribution(y, x):
    dx = (np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)) * dy


# The density by its integral, where both vanish too.
@elementwise("special.log_ndtr(x)")
def log_normal_distribution(y, x):
    dx = (math.sqrt(2 / math.pi) / special.erfcx(-x / math.sqrt(2))) * dy


@elementwise("special.ndtri(x)")
def normal_quantile(y, x):
    dx = (math.sqrt(2 * math.pi) * np.exp(0.5 * y * y)) * dy


@elementwise("special.ndtri_exp(x)")
def normal_quantile_of_exponential(y, x):
    dx = (math.sqrt(2 * math.pi) * np.exp(0.5 * y * y + x)) * dy


@elementwise("special.owens_t(h, a)")
def owens_t(y, h, a):
    dh = (-special.erf(a * h / math.sqrt(2)) * np.exp(-0.5 * h * h) / math.sqrt(8 * math.pi)) * dy
    da = (np.exp(-0.5 * h * h * (1 + a * a)) / (2 * math.pi * (1 + a * a))) * dy


# 0 * log(0) is 0; of a y of 0 the logarithm is infinite.
@elementwise("special.xlogy(x, y)")
def xlogy(z, x, y):
    dx = np.log(y) * dz
    dy = (x / y) * dz


@elementwise("special.xlog1py(x, y)")
def xlog1py(z, x, y):
    dx = np.log1p(y) * dz
    dy = (x / (1 + y)) * dz


@elementwise("special.entr(x)")
def entropy(y, x):
    dx = (-np.log(x) - 1) * dy


@elementwise("special.rel_entr(x, y)")
def relative_entropy(z, x, y):
    dx = (np.log(x / y) + 1) * dz
    dy = -(x / y) * dz


@elementwise("special.kl_div(x, y)")
def divergence(z, x, y):
    dx = np.log(x / y) * dz
    dy = (1 - x / y) * dz


# By the length of (d, r), which neither divides by a d of 0 nor cancels where d is large.
@elementwise("special.pseudo_huber(d, r)")
def pseudo_huber(f, d, r):
    length = np.hypot(d, r)
    dd = (r / (length + d) * r) ** 2 / length * df
    dr = (d * r / length) * df


@elementwise("special.exp10(x)")
def exp10(y, x):
    dx = (y * math.log(10)) * dy


@elementwise("special.cosm1(x)")
def cosm1(y, x):
    dx = -np.sin(x) * dy


# Near 0 by its series, where the difference would be lost; of the transformations too.
@elementwise("special.exprel(x)")
def exprel(y, x):
    dx = ((np.exp(x) - y) / x if abs(x) > 1e-3 else 0.5 + x / 3 + x * x / 8 + x**3 / 30) * dy


@elementwise("special.boxcox(x, p)")
def box_cox(y, x, p):
    log = np.log(x)
    v = p * log
    dx = x ** (p - 1) * dy
    dp = ((x**p * log - y) / p if abs(v) > 1e-3 else log**2 * (0.5 + v / 3 + v * v / 8 + v**3 / 30)) * dy


@elementwise("special.boxcox1p(x, p)")
def box_cox_1p(y, x, p):
    log = np.log1p(x)
    v = p * log
    dx = (1 + x) ** (p - 1) * dy
    dp = (((1 + x) ** p * log - y) / p if abs(v) > 1e-3 else log**2 * (0.5 + v / 3 + v * v / 8 + v**3 / 30)) * dy


# The logarithm of x is log1p(p * y) / p.
@elementwise("special.inv_boxcox(y, p)")
def inverse_box_cox(x, y, p):
    v = p * y
    dy = x ** (1 - p) * dx
    dp = (
        x
        * (
            (y / (1 + v) - np.log1p(v) / p) / p
            if abs(v) > 1e-3
            else y * y * (2 * v / 3 - 0.5 - 0.75 * v * v + 0.8 * v**3)
        )
    ) * dx


# The logarithm of 1 + x is log1p(p * y) / p.
@elementwise("special.inv_boxcox1p(y, p)")
def inverse_box_cox_1p(x, y, p):
    v = p * y
    dy = (1 + x) ** (1 - p) * dx
    dp = (
        (1 + x)
        * (
            (y / (1 + v) - np.log1p(v) / p) / p
            if abs(v) > 1e-3
            else y * y * (2 * v / 3 - 0.5 - 0.75 * v * v + 0.8 * v**3)
        )
    ) * dx


@elementwise("special.powm1(x, y)")
def power_less_one(z, x, y):
    dx = y * x ** (y - 1) * dz
    dy = (1 + z) * np.log(x) * dz


@elementwise("special.sindg(x)")
def sine_of_degrees(y, x):
    dx = (math.pi / 180 * special.cosdg(x)) * dy


@elementwise("special.cosdg(x)")
def cosine_of_degrees(y, x):
    dx = (-math.pi / 180 * special.sindg(x)) * dy


@elementwise("special.tandg(x)")
def tangent_of_degrees(y, x):
    dx = (math.pi / 180 * (1 + y**2)) * dy


# Left of -1 / e the function is complex, and so is its slope.
@elementwise("special.lambertw(x, k).real", "np.real(special.lambertw(x, k))")
def lambert_w(y, x, k=0):
    w = special.lambertw(x, k)
    dx = (np.exp(-w) / (1 + w)).real * dy


@elementwise("special.wrightomega(x)")
def wright_omega(y, x):
    dx = (y / (1 + y)) * dy


@elementwise("special.erfi(x)")
def imaginary_error_function(y, x):
    dx = (2 / math.sqrt(math.pi) * np.exp(x * x)) * dy


@elementwise("special.erfcx(x)")
def scaled_error_function(y, x):
    dx = (2 * x * y - 2 / math.sqrt(math.pi)) * dy


@elementwise("special.dawsn(x)")
def dawson(y, x):
    dx = (1 - 2 * x * y) * dy


# The real part of the Faddeeva function of u = x + i gamma; far out by its series, where the slopes would cancel. By
# sigma it is sigma times the curvature.
@elementwise("special.voigt_profile(x, sigma, gamma)")
def voigt_profile(y, x, sigma, gamma):
    u = x + 1j * gamma
    w = special.wofz(u / (math.sqrt(2) * sigma)) / (math.sqrt(2 * math.pi) * sigma)
    r = (sigma / u) ** 2
    slope = (1j / math.pi - u * w) / sigma**2 if abs(r) > 1e-4 else -1j / math.pi * (1 + 3 * r + 15 * r**2) / u**2
    bend = -(w + u * slope) / sigma if abs(r) > 1e-4 else 1j / math.pi * (2 + 12 * r + 90 * r**2) * sigma / u**3
    dx = slope.real * dy
    dsigma = bend.real * dy
    dgamma = -slope.imag * dy
