"""Arrays that are made of a number or two: filled with one, or running from one to another.

Source: each number is a sum of the ends, by its place between them.
"""

from srcgrad.gate import gate, linear


@linear("np.full(shape, x, dtype)", "np.full(shape, fill_value=x, dtype=dtype)", shape="stretched(x, shape)")
def full(y, x, shape=..., dtype=None):
    dx = dy


@linear("np.full_like(z, x, dtype)", "np.full_like(z, fill_value=x, dtype=dtype)", shape="filled(z)")
def full_like(y, z, x, dtype=None):
    dz = 0
    dx = dy


# Where the numbers end moves in steps.
@gate("np.arange(first, last)", shape="counted()")
def numbers_from(y, first, last):
    dfirst = np.sum(dy)
    dlast = 0
    dy = np.ones_like(y) * dfirst


@gate("np.arange(first, last, step)", shape="counted()")
def numbers_by_step(y, first, last, step):
    dfirst = np.sum(dy)
    dlast = 0
    dstep = np.sum(dy * np.arange(y.size))
    dy = np.ones_like(y) * dfirst + np.arange(y.size) * dstep


@linear("np.linspace(first, last, num, endpoint)", shape="between(first, last, num)")
def linspace(y, first, last, num=50, endpoint=True):
    if not number(first) or not number(last):
        dfirst = refused(dy)
        dlast = refused(dy)
    elif endpoint:
        dfirst = np.sum(dy * np.linspace(1, 0, num)).astype(y.dtype)
        dlast = np.sum(dy * np.linspace(0, 1, num)).astype(y.dtype)
    else:
        dfirst = np.sum(dy * np.linspace(1, 0, num, endpoint=False)).astype(y.dtype)
        dlast = np.sum(dy * np.linspace(0, 1, num, endpoint=False)).astype(y.dtype)


# The points lie evenly between the logarithms.
@gate("np.logspace(first, last, num)", shape="between(first, last, num)")
def logspace(y, first, last, num=50):
    if number(first) and number(last):
        dfirst = np.sum(dy * y * np.linspace(1, 0, num)).astype(y.dtype) * math.log(10)
        dlast = np.sum(dy * y * np.linspace(0, 1, num)).astype(y.dtype) * math.log(10)
        dy = y * np.linspace(1, 0, num) * math.log(10) * dfirst + y * np.linspace(0, 1, num) * math.log(10) * dlast
    else:
        dfirst = refused(dy)
        dlast = refused(dy)
        dy = refused(dfirst) + refused(dlast)


@gate("np.geomspace(first, last, num)", shape="between(first, last, num)")
def geomspace(y, first, last, num=50):
    if number(first) and number(last):
        dfirst = np.sum(dy * y * np.linspace(1, 0, num)).astype(y.dtype) / first
        dlast = np.sum(dy * y * np.linspace(0, 1, num)).astype(y.dtype) / last
        dy = y * np.linspace(1, 0, num) * dfirst / first + y * np.linspace(0, 1, num) * dlast / last
    else:
        dfirst = refused(dy)
        dlast = refused(dy)
        dy = refused(dfirst) + refused(dlast)
