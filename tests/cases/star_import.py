from math import *


def f(x):
    return exp(x)


# $ srcgrad emit star_import.py f
# exit 1
# stderr
star_import.py:5:12: error: exp is not defined in this file
        return exp(x)
               ^^^
hint: a star import hides what names mean: name what you import
