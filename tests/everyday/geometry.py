"""Vectors, rotations, curves, images."""

import numpy as np
from numpy.linalg import det, inv, norm


def project(points, R, t, f, c):
    """A pinhole camera.

    - points: of shape (N, 3)
    - R: of shape (3, 3)
    - t: of shape (3,)
    - c: of shape (2,)
    """
    cam = points @ R.T + t
    uv = f * cam[:, :2] / cam[:, 2:] + c
    return np.sum(uv**2)


def rodrigues(w, v):
    """A rotation about an axis.

    - w: of shape (3,)
    - v: of shape (N, 3)
    """
    theta = np.linalg.norm(w)
    k = w / theta
    K = np.array([[0, -k[2], k[1]], [k[2], 0, -k[0]], [-k[1], k[0], 0]])
    R = np.eye(3) + np.sin(theta) * K + (1 - np.cos(theta)) * K @ K
    return np.sum(np.sin(v @ R.T))


def quat(q, v):
    """A rotation by a quaternion.

    - q: of shape (4,)
    - v: of shape (3,)
    """
    q = q / np.linalg.norm(q)
    w, u = q[0], q[1:]
    return np.sum((v + 2 * np.cross(u, np.cross(u, v) + w * v)) ** 3)


def polar(z):
    """Polar coordinates.

    - z: of shape (N, 2)
    """
    x, y = z.T
    r = np.sqrt(x**2 + y**2)
    th = np.arctan2(y, x)
    return np.sum(r * np.cos(3 * th))


def tv(img, noisy, lam):
    """Total variation of an image.

    - img: of shape (H, W)
    - noisy: of shape (H, W)
    """
    gx = np.diff(img, axis=1)[:-1, :]
    gy = img[1:, :-1] - img[:-1, :-1]
    return 0.5 * np.sum((img - noisy) ** 2) + lam * np.sum(np.sqrt(gx**2 + gy**2 + 1e-8))


def gram_schmidt(A):
    """Two steps of Gram and Schmidt, and what a matrix has.

    - A: of shape (3, 3)
    """
    u1 = A[:, 0] / norm(A[:, 0])
    v2 = A[:, 1] - (u1 @ A[:, 1]) * u1
    u2 = v2 / norm(v2)
    return u1[0] + u2[1] + det(A) + np.trace(inv(A + 3 * np.eye(3)))


def bspline(c, t):
    """A point of a cubic segment.

    - c: of shape (4,)
    """
    M = np.array([[-1, 3, -3, 1], [3, -6, 3, 0], [-3, 0, 3, 0], [1, 4, 1, 0]]) / 6
    T = np.array([t**3, t**2, t, 1])
    return T @ M @ c


def chebval(c, x):
    """Squares of a polynomial.

    - c: of shape (4,)
    - x: of shape (N,)
    """
    return np.sum(np.polyval(c, x) ** 2)


def fourier_series(a, b, t):
    """A trigonometric sum.

    - a: of shape (K,)
    - b: of shape (K,)
    - t: of shape (N,)
    """
    k = np.arange(1, len(a) + 1)
    arg = 2 * np.pi * np.outer(t, k)
    return (np.cos(arg) @ a + np.sin(arg) @ b).std()


def vincenty(lat, lon):
    """Angles between places on a sphere.

    - lat: of shape (N,)
    - lon: of shape (N,)
    """
    x = np.cos(lat) * np.cos(lon)
    y = np.cos(lat) * np.sin(lon)
    z = np.sin(lat)
    r = np.stack([x, y, z], axis=-1)
    return np.sum(np.arccos(np.clip(r[1:] @ r[0], -0.999, 0.999)))


def hessian_quad(x, A, b, c):
    """A quadratic form.

    - x: of shape (N,)
    - A: of shape (N, N)
    - b: of shape (N,)
    """
    return 0.5 * x.T @ A @ x + b.T @ x + c


def interp_fit(xs, fp):
    """Squares of what is interpolated.

    - xs: of shape (N,)
    - fp: of shape (5,)
    """
    grid = np.linspace(0, 3, 5)
    return np.sum(np.interp(xs, grid, fp) ** 2)


def huber_norm(x, d):
    """A pseudo-Huber norm.

    - x: of shape (N,)
    """
    return np.sum(d**2 * (np.sqrt(1 + (x / d) ** 2) - 1))
