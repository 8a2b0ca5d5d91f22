"""Arguments that cannot be read, functions that are not one."""


def circuit(x, y, z):
    return (x + y) * z


def nothing():
    return 3.0


# file constants.py
HALF = 0.5


# $ srcgrad draw refused_at.py circuit --at "x=-2 y=5"
# exit 1
# stderr
error: --at cannot be read: invalid syntax. Perhaps you forgot a comma?
hint: write it as in a call: --at "x=-2, y=5", an array as np.ones((2, 3)) or [[1, 2], [3, 4]]


# $ srcgrad draw refused_at.py circuit --at "1, 2, 3, 4"
# exit 1
# stderr
error: --at has more values than there are parameters
hint: write it as in a call: --at "x=-2, y=5", an array as np.ones((2, 3)) or [[1, 2], [3, 4]]


# $ srcgrad draw refused_at.py circuit --at "1, 2"
# exit 1
# stderr
error: --at says nothing of z
hint: write it as in a call: --at "x=-2, y=5", an array as np.ones((2, 3)) or [[1, 2], [3, 4]]


# $ srcgrad draw refused_at.py circuit --at "1, 2, 3, w=4"
# exit 1
# stderr
error: --at: w is no other parameter of circuit
hint: the parameters are x, y, z


# $ srcgrad draw refused_at.py nothing --at "w=4"
# exit 1
# stderr
error: --at: w is no other parameter of nothing
hint: it has no parameters


# $ srcgrad draw refused_at.py circuit --at "x=open, y=1, z=2"
# exit 1
# stderr
error: --at: open: name 'open' is not defined
hint: write it as in a call: --at "x=-2, y=5", an array as np.ones((2, 3)) or [[1, 2], [3, 4]]


# $ srcgrad draw refused_at.py circuit --at "x=1j, y=1, z=2"
# exit 1
# stderr
error: x is a complex number, and srcgrad differentiates real ones
hint: pass its parts


# $ srcgrad draw refused_at.py circuit --at "x=np.array(['a']), y=1, z=2"
# exit 1
# stderr
error: x is an array of <U1, which are no numbers
hint: pass an array of floats


# $ srcgrad draw refused_at.py circuit --at "x=np.array([1j]), y=1, z=2"
# exit 1
# stderr
error: x is an array of complex numbers, and srcgrad differentiates real ones


# $ srcgrad draw refused_at.py circuit nothing
# exit 1
# stderr
error: a view shows one function
hint: name one of circuit, nothing


# $ srcgrad draw refused_at.py
# exit 1
# stderr
error: refused_at.py has several functions
hint: name one of circuit, nothing


# $ srcgrad draw constants.py
# exit 1
# stderr
error: constants.py has no function at its top level
hint: define one


# $ srcgrad draw refused_at.py circuit --at "x=np.ma.ones(3), y=1, z=2"
# exit 1
# stderr
error: x is a numpy.ma.MaskedArray, which may not work as an array does
hint: pass numpy.asarray of it
