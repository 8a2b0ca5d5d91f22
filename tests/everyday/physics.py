"""Energies, forces, steps in time."""

import math

import numpy as np
from scipy import linalg


def lj(pos):
    """Lennard-Jones energy of all pairs.

    - pos: of shape (N, 3)
    """
    i, j = np.triu_indices(len(pos), k=1)
    r = np.linalg.norm(pos[i] - pos[j], axis=1)
    s6 = (1.0 / r) ** 6
    return 4 * np.sum(s6**2 - s6)


def haversine(lat1, lon1, lat2, lon2):
    """Distances on a globe.

    - lat1: of shape (N,)
    - lon1: of shape (N,)
    - lat2: of shape (N,)
    - lon2: of shape (N,)
    """
    p1, p2 = np.radians(lat1), np.radians(lat2)
    dphi = p2 - p1
    dlam = np.deg2rad(lon2 - lon1)
    a = np.sin(dphi / 2) ** 2 + np.cos(p1) * np.cos(p2) * np.sin(dlam / 2) ** 2
    return np.mean(2 * 6371.0 * np.arctan2(np.sqrt(a), np.sqrt(1 - a)))


def spring(x, L0, k):
    """A chain of springs that hangs.

    - x: of shape (N, 2)
    - L0: of shape (N - 1,)
    """
    d = x[1:] - x[:-1]
    length = np.hypot(d[:, 0], d[:, 1])
    return 0.5 * k * np.sum((length - L0) ** 2) + 9.81 * np.sum(x[:, 1])


def fem(k, f):
    """Compliance of a bar of elements.

    - k: of shape (4,)
    - f: of shape (4,)
    """
    K = np.diag(k + np.append(k[1:], 0)) - np.diag(k[1:], 1) - np.diag(k[1:], -1)
    u = np.linalg.solve(K, f)
    return f @ u


def sir_rk4(y, beta, gamma, dt):
    """A step of an epidemic by Runge and Kutta.

    - y: of shape (3,)
    """

    def f(s):
        return np.array([-beta * s[0] * s[1], beta * s[0] * s[1] - gamma * s[1], gamma * s[1]])

    k1 = f(y)
    k2 = f(y + dt / 2 * k1)
    k3 = f(y + dt / 2 * k2)
    k4 = f(y + dt * k3)
    y = y + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return np.sum(y**2)


def bvp(c):
    """The energy of a curve on a grid.

    - c: of shape (N,)
    """
    x = np.linspace(0, 1, len(c))
    du = np.gradient(c, x)
    return np.trapezoid(0.5 * du**2 + np.sin(c), x)


def lagrangian(q, qd, m1, m2, l1, l2, g=9.81):
    """The Lagrangian of a double pendulum.

    - q: of shape (2,)
    - qd: of shape (2,)
    """
    t1, t2 = q
    w1, w2 = qd
    T = 0.5 * m1 * (l1 * w1) ** 2 + 0.5 * m2 * (
        (l1 * w1) ** 2 + (l2 * w2) ** 2 + 2 * l1 * l2 * w1 * w2 * math.cos(t1 - t2)
    )
    V = -(m1 + m2) * g * l1 * math.cos(t1) - m2 * g * l2 * math.cos(t2)
    return T - V


def expm_model(A, x):
    """A linear system after a while.

    - A: of shape (N, N)
    - x: of shape (N,)
    """
    return np.sum(linalg.expm(0.1 * A) @ x)


def energy_ising(J, h, m):
    """The free energy of a mean field.

    - J: of shape (N, N)
    - h: of shape (N,)
    - m: of shape (N,)
    """
    m = np.tanh(m)
    E = -0.5 * np.einsum("i,ij,j", m, J, m) - h @ m
    S = -np.sum((1 + m) / 2 * np.log((1 + m) / 2) + (1 - m) / 2 * np.log((1 - m) / 2))
    return E - S


def euler_step(q, p, dt, k, m):
    """A symplectic step, its energy.

    - q: of shape (N,)
    - p: of shape (N,)
    """
    p = p - dt * k * q
    q = q + dt * p / m
    H = 0.5 * (p**2 / m + k * q**2)
    return H.sum()


def nbody(x, v, m):
    """The energy of bodies that attract each other.

    - x: of shape (N, 3)
    - v: of shape (N, 3)
    - m: of shape (N,)
    """
    dx = x[:, None, :] - x[None, :, :]
    r = np.sqrt((dx**2).sum(-1) + 0.01)
    U = -0.5 * np.sum(np.outer(m, m) / r)
    T = 0.5 * np.sum(m * np.sum(v * v, axis=1))
    return T + U


def heat(u, dt, dx, a):
    """A step of diffusion.

    - u: of shape (N,)
    """
    lap = (np.roll(u, 1) - 2 * u + np.roll(u, -1)) / dx**2
    u = u + a * dt * lap
    return np.sum(u**2) * dx


def michaelis(S, V, Km, n):
    """Hill's kinetics.

    - S: of shape (N,)
    """
    return np.sum(V * S**n / (Km**n + S**n))


def antoine(T):
    """Antoine's vapour pressure.

    - T: of shape (N,)
    """
    return np.mean(10 ** (8.07131 - 1730.63 / (T + 233.426)))


def planck(T, lam):
    """Planck's law.

    - T: of shape (N,)
    - lam: of shape (N,)
    """
    h, c, k = 6.626, 2.998, 1.381
    return np.sum(2 * h * c**2 / lam**5 / np.expm1(h * c / (lam * k * T)))


def lens(n, R1, R2, d):
    """The focal length of a thick lens."""
    return 1 / ((n - 1) * (1 / R1 - 1 / R2 + (n - 1) * d / (n * R1 * R2)))


def voigt(x, s, g):
    """A pseudo-Voigt profile.

    - x: of shape (N,)
    """
    f = (s**5 + 2.69269 * s**4 * g + g**5) ** 0.2
    eta = 1.36603 * (g / f) - 0.47719 * (g / f) ** 2
    L = 1 / (np.pi * f * (1 + (x / f) ** 2))
    G = np.exp(-np.log(2) * (x / f) ** 2) * np.sqrt(np.log(2) / np.pi) / f
    return np.sum(eta * L + (1 - eta) * G)


def block_system(A, B, C, b):
    """A saddle point, solved in blocks.

    - A: of shape (2, 2)
    - B: of shape (1, 2)
    - C: of shape (1, 1)
    - b: of shape (3,)
    """
    K = np.block([[A, B.T], [B, C]])
    return b @ np.linalg.solve(K, b)


def trap(x, y):
    """Integrals and slopes of samples.

    - x: of shape (N,)
    - y: of shape (N,)
    """
    return np.trapezoid(y, x) + np.sum(np.diff(y) / np.diff(x)) + np.max(np.abs(y))


def torques(theta, l1, l2):
    """The work of a planar arm.

    - theta: of shape (2,)
    """
    a, b = theta
    tip = np.array([l1 * np.cos(a) + l2 * np.cos(a + b), l1 * np.sin(a) + l2 * np.sin(a + b)])
    return np.linalg.norm(tip - [1.0, 0.5]) ** 2


def coulomb(x, q):
    """Energy of charges, each pair once.

    - x: of shape (N, 3)
    - q: of shape (N,)
    """
    r = np.sqrt(np.sum((x[:, None] - x[None]) ** 2, axis=-1) + np.eye(len(q)))
    return np.sum(np.triu(np.outer(q, q) / r, k=1))


def rotated(pos, angle):
    """Where points go.

    - pos: of shape (N, 2)
    """
    x, y = pos.T
    c, s = np.cos(angle), np.sin(angle)
    return np.stack([c * x - s * y, s * x + c * y], axis=-1)
