"""Statements that srcgrad does not read, one function for each."""

calls = 0


def counted(x):
    global calls
    calls = calls + 1
    return x * calls


def outer(x):
    def shift():
        nonlocal x
        x = x + 1
        return x

    return shift() * x


def local_import(x):
    import math

    return math.sin(x)


def local_from_import(x):
    from math import sin

    return sin(x)


def local_class(x):
    class Point:
        at = 1.0

    return x * Point.at


def local_coroutine(x):
    async def later():
        return x

    return x * 2


def waits(x, lock):
    async with lock:
        return x


def while_loop(x):
    while x < 10:
        x = x * 2
    return x


def deleted(x, w):
    del w[0]
    return x * w[1]


def unpacked_twice(x, y):
    a, b = c, d = x, y
    return a * b * c * d


def annotated(x, w):
    w[0]: float = x
    return w[0] * x


def augmented(x, w):
    w[0] += x
    return w[0] * x


def stored_in_a_pair(x, w):
    w[0], y = x, x * x
    return w[0] * y


def bare_return(x):
    if x > 0:
        return
    return x * x


def no_number(x):
    return ()


def kinds(x):
    if x > 0:
        return x
    return x, x * x


def too_few(x):
    a, b, *rest = (x,)
    return a * b


def attribute(x, point):
    point.x = x
    return x * 2


def alone(x):
    x * 2
    return x * 2


# $ srcgrad emit refused_statements.py counted
# exit 1
# stderr
refused_statements.py:7:5: error: a function that writes a global is not differentiated
        global calls
        ^^^^^^^^^^^^
hint: return the value


# $ srcgrad emit refused_statements.py outer
# exit 1
# stderr
refused_statements.py:14:9: error: a function that writes a nonlocal is not differentiated
            nonlocal x
            ^^^^^^^^^^
hint: return the value


# $ srcgrad emit refused_statements.py local_import
# exit 1
# stderr
refused_statements.py:22:5: error: an import inside the function is not read yet
        import math
        ^^^^^^^^^^^
hint: move it to the top of the file


# $ srcgrad emit refused_statements.py local_from_import
# exit 1
# stderr
refused_statements.py:28:5: error: an import inside the function is not read yet
        from math import sin
        ^^^^^^^^^^^^^^^^^^^^
hint: move it to the top of the file


# $ srcgrad emit refused_statements.py local_class
# exit 1
# stderr
refused_statements.py:34:5: error: a class inside the function is not read
        class Point:
        ^^^^^^^^^^^^
hint: use names, lists or dicts in its place


# $ srcgrad emit refused_statements.py local_coroutine
# exit 1
# stderr
refused_statements.py:41:5: error: srcgrad does not read async functions
        async def later():
        ^^^^^^^^^^^^^^^^^^
hint: define a plain function


# $ srcgrad emit refused_statements.py waits
# exit 1
# stderr
refused_statements.py:48:5: error: srcgrad does not read async statements
        async with lock:
        ^^^^^^^^^^^^^^^^
hint: write plain ones


# $ srcgrad emit refused_statements.py while_loop
# exit 1
# stderr
refused_statements.py:53:5: error: a loop is not read yet
        while x < 10:
        ^^^^^^^^^^^^^
hint: write the steps out


# $ srcgrad emit refused_statements.py deleted
# exit 1
# stderr
refused_statements.py:59:9: error: only a local name can be deleted
        del w[0]
            ^^^^
hint: leave it out, and name what is left


# $ srcgrad emit refused_statements.py unpacked_twice
# exit 1
# stderr
refused_statements.py:64:5: error: several unpackings at once are not read
        a, b = c, d = x, y
        ^^^^
hint: write one assignment a line


# $ srcgrad emit refused_statements.py annotated
# exit 1
# stderr
refused_statements.py:69:5: error: only a name can be assigned to
        w[0]: float = x
        ^^^^
hint: build a new value and give it a name


# $ srcgrad emit refused_statements.py augmented
# exit 1
# stderr
refused_statements.py:74:5: error: only a name can be assigned to
        w[0] += x
        ^^^^
hint: build a new value and give it a name


# $ srcgrad emit refused_statements.py stored_in_a_pair
# exit 1
# stderr
refused_statements.py:79:5: error: only names can be assigned to
        w[0], y = x, x * x
        ^^^^^^^
hint: build a new value and give it a name


# $ srcgrad emit refused_statements.py bare_return
# exit 1
# stderr
refused_statements.py:85:9: error: bare_return returns no value
            return
            ^^^^^^
hint: return the value


# $ srcgrad emit refused_statements.py no_number
# exit 1
# stderr
refused_statements.py:89:1: error: no_number returns no number
    def no_number(x):
    ^^^^^^^^^^^^^^^^^
hint: return one


# $ srcgrad emit refused_statements.py kinds
# exit 1
# stderr
refused_statements.py:94:5: error: what is returned here is not of one kind
        if x > 0:
        ^^^^^^^^^
hint: return one kind of value on every path


# $ srcgrad emit refused_statements.py too_few
# exit 1
# stderr
refused_statements.py:100:5: error: there are fewer values than names: 1 for 2
        a, b, *rest = (x,)
        ^^^^^^^^^^^
hint: name fewer


# $ srcgrad emit refused_statements.py attribute
# exit 1
# stderr
refused_statements.py:105:5: error: only names can be assigned to
        point.x = x
        ^^^^^^^
hint: build a new value and give it a name


# $ srcgrad emit refused_statements.py alone
# exit 1
# stderr
refused_statements.py:110:5: error: srcgrad does not read this statement yet
        x * 2
        ^^^^^
hint: write plain assignments
