"""Parameters of all kinds; one with a default is differentiated where --wrt names it, one annotated int never."""


def scaled(x, y, k=2.0, *, eps=1e-3):
    return k * x / (y + eps)


def kinds(x, /, y, *, z):
    return x * y * z


def typed(x: float, n: int) -> float:
    y: float = x**n
    return y * x


# $ srcgrad emit signatures.py scaled
# >>> scaled_grad(0.75, 2.0) == (0.999500249875062, -0.374625281062617)
# >>> scaled_grad(0.75, 2.0, 3.0, eps=0.5) == (1.2, -0.36)


# $ srcgrad emit signatures.py scaled --wrt k
# >>> scaled_grad(0.75, 2.0) == 0.374812593703148


# $ srcgrad emit signatures.py scaled --wrt y,eps --mode vjp
# >>> scaled_vjp(0.5, 0.75, 2.0, eps=0.5) == (-0.12, -0.12)


# $ srcgrad emit signatures.py scaled --wrt k,x --mode jvp
# >>> scaled_jvp(1.0, -0.5, 0.75, 2.0, 3.0) == (1.12443778110945, -0.374812593703148)


# $ srcgrad emit signatures.py kinds --mode split
# >>> kinds_forward(0.75, 2.0, z=-1.5)[0] == -2.25
# >>> kinds_backward(0.5, kinds_forward(0.75, 2.0, z=-1.5)[1]) == (-1.5, -0.5625, 0.75)


# $ srcgrad emit signatures.py typed
# >>> typed_grad(0.75, 3) == 1.6875


# $ srcgrad emit signatures.py typed --wrt n
# exit 1
