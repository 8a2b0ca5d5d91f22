"""What is refused for its form, each with its place and a way on."""

import math

WEIGHTS = [1.0, 2.0]
SHIFTED = abs(-2.0)


def comprehension(x):
    return sum([x * i for i in range(3)])


def early(x):
    y = z * x
    z = 2.0
    return y + z


def starred(x):
    v = [*WEIGHTS, x]
    return v[0]


def beyond(x):
    v = [x, x * x]
    return v[2]


def list_as_number(x):
    return WEIGHTS * x


def imaginary(x):
    return x * 2j


def both(w):
    return w[0] * w


def mixed(w):
    return w[0] * w["a"]


def computed(x):
    return SHIFTED * x


def grows(x):
    v = [x]
    v += [x]
    return v[0]


def too_many(x):
    a, b = x, x * x, x
    return a * b


def one_way(x):
    if x > 0:
        v = [x, x]
    else:
        v = x
    return v


def no_end(x):
    if x > 0:
        return x


def may_change(w):
    n = frob(w)
    return w[0] * w[1]


def frob(values, *rest):
    values[0] = 7.0
    return 1


def generator(x):
    yield x


def caught(x):
    try:
        return x
    except ValueError:
        return 0.0


def lists(x, y):
    v = [x, y] if x > y else [y, x]
    return v[0] * v[1]


def defined(x):
    return x


def defined(x):
    return x * x


# $ srcgrad emit refused_language.py comprehension
# exit 1
# stderr
refused_language.py:10:16: error: srcgrad does not read this kind of expression yet
        return sum([x * i for i in range(3)])
                   ^^^^^^^^^^^^^^^^^^^^^^^^^
hint: write it out in names, numbers and calls


# $ srcgrad emit refused_language.py early
# exit 1
# stderr
refused_language.py:14:9: error: z is read before it is given a value
        y = z * x
            ^
hint: assign to it above


# $ srcgrad emit refused_language.py starred
# exit 1
# stderr
refused_language.py:20:10: error: srcgrad cannot tell which items these are
        v = [*WEIGHTS, x]
             ^^^^^^^^
hint: write the items out


# $ srcgrad emit refused_language.py beyond
# exit 1
# stderr
refused_language.py:26:12: error: there is no item 2 here, of 2 items
        return v[2]
               ^^^^


# $ srcgrad emit refused_language.py list_as_number
# exit 1
# stderr
refused_language.py:30:12: error: WEIGHTS is not a number
        return WEIGHTS * x
               ^^^^^^^
hint: give it a number, or pass it in


# $ srcgrad emit refused_language.py imaginary
# exit 1
# stderr
refused_language.py:34:16: error: srcgrad differentiates real numbers only
        return x * 2j
                   ^^
hint: split it into parts


# $ srcgrad emit refused_language.py both
# exit 1
# stderr
refused_language.py:37:10: error: srcgrad cannot tell that this value of both is a number
    def both(w):
             ^
hint: say so where it is not plain, as in float(value); a parameter is a number, or is read item by item


# $ srcgrad emit refused_language.py mixed
# exit 1
# stderr
refused_language.py:41:11: error: w is read as a list and as a dict
    def mixed(w):
              ^
hint: read it in one way


# $ srcgrad emit refused_language.py computed
# exit 1
# stderr
refused_language.py:46:12: error: SHIFTED is not a number
        return SHIFTED * x
               ^^^^^^^
hint: give it a number, or pass it in


# $ srcgrad emit refused_language.py grows
# exit 1
# stderr
refused_language.py:51:5: error: a list that grows in place is not read yet
        v += [x]
        ^
hint: build the list in one display


# $ srcgrad emit refused_language.py too_many
# exit 1
# stderr
refused_language.py:56:12: error: srcgrad cannot tell what the 2 values are
        a, b = x, x * x, x
               ^^^^^^^^^^^
hint: unpack a parameter, or a tuple written out


# $ srcgrad emit refused_language.py one_way
# exit 1
# stderr
refused_language.py:65:12: error: what v is here depends on the path
        return v
               ^
hint: give it a value of one kind on every path


# $ srcgrad emit refused_language.py no_end
# exit 1
# stderr
refused_language.py:68:1: error: a path of no_end returns no value
    def no_end(x):
    ^^^^^^^^^^^^^^
hint: end it with return and the value to differentiate


# $ srcgrad emit refused_language.py may_change
# exit 1
# stderr
refused_language.py:79:5: error: only names can be assigned to
        values[0] = 7.0
        ^^^^^^^^^
hint: build a new value and give it a name


# $ srcgrad emit refused_language.py generator
# exit 1
# stderr
refused_language.py:84:5: error: srcgrad does not read this statement yet
        yield x
        ^^^^^^^
hint: write plain assignments


# $ srcgrad emit refused_language.py caught
# exit 1
# stderr
refused_language.py:88:5: error: a try statement is not read
        try:
        ^^^^
hint: let the function raise, and catch the error where it is called


# $ srcgrad emit refused_language.py lists
# exit 1
# stderr
refused_language.py:95:9: error: srcgrad does not read a choice between lists or tuples yet
        v = [x, y] if x > y else [y, x]
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: choose item by item


# $ srcgrad emit refused_language.py defined
# exit 1
# stderr
refused_language.py:103:1: error: defined is defined more than once
    def defined(x):
    ^^^^^^^^^^^^^^^
hint: remove or rename one of them


# $ srcgrad emit refused_language.py beyond --wrt y
# exit 1
# stderr
refused_language.py:26:12: error: there is no item 2 here, of 2 items
        return v[2]
               ^^^^


# $ srcgrad emit refused_language.py beyond --wrt x,x
# exit 1
# stderr
refused_language.py:26:12: error: there is no item 2 here, of 2 items
        return v[2]
               ^^^^


# $ srcgrad emit refused_language.py nothing
# exit 1
# stderr
error: no function 'nothing' at the top level of refused_language.py
hint: there are: comprehension, early, starred, beyond, list_as_number, imaginary, both, mixed, computed, grows, too_many, one_way, no_end, may_change, frob, generator, caught, lists, defined, defined
