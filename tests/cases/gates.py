"""`srcgrad gates PATTERN` shows gates of the book; what it shows of all of them is docs/gates.md."""


# $ srcgrad gates np.hypot
# output
hypot: elementwise
    math.hypot(x, y)
    np.hypot(x, y)
    math.sqrt(x * x + y * y)
    np.sqrt(x * x + y * y)
    (x * x + y * y) ** 0.5
    math.sqrt(x**2 + y**2)
    np.sqrt(x**2 + y**2)
    (x**2 + y**2) ** 0.5

    h = np.hypot(x, y)
    dx = (x / h) * dh
    dy = (y / h) * dh

At a kink: at the origin a length has no gradient: 0 / 0 raises (nan with numpy).

Source: the cs231n notes on backpropagation: max routes.


# $ srcgrad gates np.std
# output
std: general
    np.std(x, axis, ddof=ddof, keepdims=keepdims)
    x.std(axis, ddof=ddof, keepdims=keepdims)
left out: axis=None, ddof=0, keepdims=False

    s = np.std(x, axis, ddof=ddof, keepdims=keepdims)
    if axis is None or keepdims:
        dx = (x - np.mean(x, axis=axis, keepdims=True)) * (ds / (s * (count(x, axis, s) - ddof)))
    else:
        dx = (x - np.mean(x, axis=axis, keepdims=True)) * (
            np.expand_dims(ds, axis) / (np.expand_dims(s, axis) * (count(x, axis, s) - ddof))
        )

    # forward mode
    ds = np.sum((x - np.mean(x, axis=axis, keepdims=True)) * dx, axis=axis, keepdims=keepdims) / (
        s * (count(x, axis, s) - ddof)
    )

At a kink: where all are equal the spread is 0 and has no derivative: 0 / 0, nan.

Source: the cs231n notes on backpropagation: add distributes, max routes.


# $ srcgrad gates slogdet
# output
sign_and_log_determinant: general
    np.linalg.slogdet(x)

    sign, log = np.linalg.slogdet(x)
    if np.ndim(x) == 2:
        dx = dlog * np.linalg.inv(x).T
    else:
        dx = np.expand_dims(dlog, (-1, -2)) * np.swapaxes(np.linalg.inv(x), -1, -2)

    # forward mode
    if np.ndim(x) == 2:
        dlog = np.trace(np.linalg.solve(x, dx))
    else:
        dlog = np.trace(np.linalg.solve(x, dx), axis1=-2, axis2=-1)

At a kink: as of the determinant.

Source: Giles, "An extended collection of matrix derivative results for forward and reverse mode automatic
differentiation" (2008).


# $ srcgrad gates log_likelihood
# output
log_likelihood: general
    log(p[index]) where p = softmax(s, axis=axis) if one_a_row(index, p, axis)

    p = softmax(s, axis=axis)
    l = log(p[index])
    if single(dl):
        ds = p.copy()
        ds[index] -= 1
        ds *= -dl
    else:
        ds = -p * np.expand_dims(dl, axis)
        ds[index] += dl

    # forward mode
    dl = ds[index] - np.sum(p * ds, axis=axis)

One item of each row: its share of the upstream gradient goes to all, and to it the whole.

Source: the cs231n notes on the softmax classifier, and on batch normalisation.


# $ srcgrad gates 'np.arc*h'
# output
arcsinh: elementwise
    math.asinh(x)
    np.arcsinh(x)
    np.asinh(x)

    y = np.arcsinh(x)
    dx = dy / np.hypot(x, 1)

Source: the NIST Digital Library of Mathematical Functions, 4 (elementary functions), 5 (gamma), 7 (erf), 10 (Bessel).


arccosh: elementwise
    math.acosh(x)
    np.arccosh(x)
    np.acosh(x)

    y = np.arccosh(x)
    dx = dy / (np.sqrt(x - 1) * np.sqrt(x + 1))

At a kink: at 1 the slope is infinite: it raises (inf with numpy).

Source: the NIST Digital Library of Mathematical Functions, 4 (elementary functions), 5 (gamma), 7 (erf), 10 (Bessel).


arctanh: elementwise
    math.atanh(x)
    np.arctanh(x)
    np.atanh(x)

    y = np.arctanh(x)
    dx = dy / (1 - x**2)

Source: the NIST Digital Library of Mathematical Functions, 4 (elementary functions), 5 (gamma), 7 (erf), 10 (Bessel).


# $ srcgrad gates step
# output
step: stops
    math.floor(x)
    math.ceil(x)
    math.trunc(x)
    np.floor(x)
    np.ceil(x)
    np.trunc(x)
    np.rint(x)
    np.fix(x)
    np.round(x)
    np.round(x, n)
    np.around(x)
    np.around(x, n)
    x.round()
    x.round(n)
    math.ulp(x)
    np.spacing(x)
    special.round(x)

    Nothing passes: constant, or constant between steps.


# $ srcgrad gates hypott
# exit 1
# stderr
error: no gate is called hypott
hint: did you mean hypot?


# $ srcgrad gates zzz
# exit 1
# stderr
error: no gate is called zzz
hint: srcgrad gates lists them all
