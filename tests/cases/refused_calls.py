"""Calls of the user's own functions that cannot be read through, and parameters that are read in two ways."""

import random

HALF = 0.5


def area(width, height):
    return width * height


def scaled(x, by=HALF):
    return x * by


def one_too_many(x):
    return area(x, 2, 3)


def one_missing(x):
    return area(x) * 2


def misspelt(x):
    return area(x, hight=2)


def default_by_name(x):
    return scaled(x) * x


def twice(x):
    return x + x


def times_16(x):
    return twice(twice(twice(twice(x))))


def times_2_to_20(x):
    return times_16(times_16(times_16(times_16(times_16(x)))))


def times_2_to_100(x):
    return times_2_to_20(times_2_to_20(times_2_to_20(times_2_to_20(times_2_to_20(x)))))


def times_2_to_500(x):
    return times_2_to_100(times_2_to_100(times_2_to_100(times_2_to_100(times_2_to_100(x)))))


def times_2_to_4500(x):
    return times_2_to_500(times_2_to_500(times_2_to_500(times_2_to_500(times_2_to_500(times_2_to_500(times_2_to_500(times_2_to_500(times_2_to_500(x)))))))))


def may_change(w):
    first = w[0]
    random.shuffle(w)
    return first * w[1]


def item_of_a_number(x: float):
    first = x[0]
    return x * x


def both(x):
    return x[0] * float(x)


def too_short(w: tuple[float, float]):
    return w[0] * w[2]


def handed_over(x):
    def square(y):
        return y * y

    return max(x, key=square) * x


def no_such_item(x):
    point = {"at": x, "by": x * x}
    return point["to"]


def read_after(x, w):
    random.shuffle(w)
    return w[0] * x


def which_item(x):
    return scale(x)[1]


def scale(x):
    return 2.0 * x


# $ srcgrad emit refused_calls.py one_too_many
# exit 1
# stderr
refused_calls.py:17:12: error: area does not take these arguments
        return area(x, 2, 3)
               ^^^^^^^^^^^^^
hint: pass each argument that it takes, once


# $ srcgrad emit refused_calls.py one_missing
# exit 1
# stderr
refused_calls.py:21:12: error: area is called without height, which has no default that is written out
        return area(x) * 2
               ^^^^^^^
hint: pass each argument that it takes, once


# $ srcgrad emit refused_calls.py misspelt
# exit 1
# stderr
refused_calls.py:25:12: error: area does not take these arguments
        return area(x, hight=2)
               ^^^^^^^^^^^^^^^^
hint: pass each argument that it takes, once


# $ srcgrad emit refused_calls.py default_by_name
# exit 1
# stderr
refused_calls.py:29:12: error: scaled is called without by, which has no default that is written out
        return scaled(x) * x
               ^^^^^^^^^
hint: pass each argument that it takes, once


# $ srcgrad emit refused_calls.py times_2_to_4500
# exit 1
# stderr
refused_calls.py:37:24: error: there are too many calls to read through
        return twice(twice(twice(twice(x))))
                           ^^^^^^^^^^^^^^^
hint: write some of them out


# $ srcgrad emit refused_calls.py may_change
# exit 1
# stderr
refused_calls.py:58:5: error: this call could change w, whose items are read one by one
        random.shuffle(w)
        ^^^^^^^^^^^^^^^^^
hint: pass its items, as in [w[0], w[1]]


# $ srcgrad emit refused_calls.py item_of_a_number
# exit 1
# stderr
refused_calls.py:62:22: error: x is read both as a number and item by item
    def item_of_a_number(x: float):
                         ^^^^^^^^
hint: read it in one way


# $ srcgrad emit refused_calls.py both
# exit 1
# stderr
refused_calls.py:67:10: error: srcgrad cannot tell that this value of both is a number
    def both(x):
             ^
hint: say so where it is not plain, as in float(value); a parameter is a number, or is read item by item


# $ srcgrad emit refused_calls.py too_short
# exit 1
# stderr
refused_calls.py:71:15: error: w has 2 items, and item 2 of it is read
    def too_short(w: tuple[float, float]):
                  ^^^^^^^^^^^^^^^^^^^^^^
hint: give it every item that is read


# $ srcgrad emit refused_calls.py handed_over
# exit 1
# stderr
refused_calls.py:79:23: error: square is a function defined in this one, which can be called, no more
        return max(x, key=square) * x
                          ^^^^^^
hint: hand on what it returns


# $ srcgrad emit refused_calls.py no_such_item
# exit 1
# stderr
refused_calls.py:84:12: error: there is no item 'to' here, of 2 items
        return point["to"]
               ^^^^^^^^^^^


# $ srcgrad emit refused_calls.py read_after
# exit 1
# stderr
refused_calls.py:89:12: error: a call before this could change the list whose item is read here
        return w[0] * x
               ^^^^
hint: read its items before the call


# $ srcgrad emit refused_calls.py which_item
# exit 1
# stderr
refused_calls.py:93:12: error: srcgrad cannot tell that this value of which_item is a number
        return scale(x)[1]
               ^^^^^^^^^^^
hint: say so where it is not plain, as in float(value); a parameter is a number, or is read item by item
