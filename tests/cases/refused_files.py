"""Files that cannot be read, or that could be one of several."""

import fractions
import pkg

import twin.leaf
from compiled import fast
from garbled import grey
from loop_one import round_trip
from of_all import gone
from pkg import part

from .twin import leaf
from .wild import hidden


def use_library(x):
    return fractions.half(x) * x


def use_compiled(x):
    return fast(x) * x


def use_garbled(x):
    return grey(x) * x


def use_circle(x):
    return round_trip(x) * x


def use_part(x):
    return part(x) * x


def use_hidden(x):
    return hidden(x) * x


def continued(x):
    \
    \
    return x * x


# file fractions.py
def half(x):
    return x / 2


# file compiled.cpython-311.so


# file garbled.py
# -*- coding: ascii -*-
def grey(x):
    return x  # graue Fläche


# file loop_one.py
from loop_two import round_trip


# file loop_two.py
from loop_one import round_trip


# file pkg/__init__.py
def part(x):
    return x


# file pkg/part.py
def part(x):
    return 2 * x


# file wild.py
from elsewhere import *


# file methods.py
class Model:
    @staticmethod
    def loss(x):
        return x * x


# file unknown_coding.py
# -*- coding: nothing -*-
def f(x):
    return x


# file minus.py
def f(x):
    return ----------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------x


# file inner/__init__.py


# file inner/twin.py
def f(x):
    return x


# file twin.py
def f(x):
    return 2 * x


# file inner/model.py
from twin import f


def use_twin(x):
    return f(x) * x


# $ srcgrad emit refused_files.py use_library
# exit 1
# stderr
refused_files.py:3:1: error: fractions is a library, and fractions.py has its name: which one Python finds is not certain
    import fractions
    ^^^^^^^^^^^^^^^^
hint: rename the file


# $ srcgrad emit refused_files.py use_compiled
# exit 1
# stderr
refused_files.py:7:1: error: compiled is a compiled module, which has no text
    from compiled import fast
    ^^^^^^^^^^^^^^^^^^^^^^^^^
hint: write it out in Python


# $ srcgrad emit refused_files.py use_garbled
# exit 1
# stderr
refused_files.py:8:1: error: grey cannot be read: garbled.py:1:1: garbled.py cannot be decoded: 'ascii' codec can't decode byte 0xc3 in position 61: ordinal not in range(128)
    from garbled import grey
    ^^^^^^^^^^^^^^^^^^^^^^^^
hint: save it as UTF-8, without a coding line


# $ srcgrad emit refused_files.py use_circle
# exit 1
# stderr
refused_files.py:9:1: error: round_trip cannot be read: loop_one.py:1:1: the import of round_trip goes round in a circle
    from loop_one import round_trip
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: define it in one of the files


# $ srcgrad emit refused_files.py use_part
# exit 1
# stderr
refused_files.py:11:1: error: part is a module of the package pkg and a name in it
    from pkg import part
    ^^^^^^^^^^^^^^^^^^^^
hint: rename one of them


# $ srcgrad emit refused_files.py use_hidden
# exit 1
# stderr
refused_files.py:14:1: error: a star import in wild.py hides what hidden is
    from .wild import hidden
    ^^^^^^^^^^^^^^^^^^^^^^^^
hint: import it from the file that defines it


# $ srcgrad emit refused_files.py continued
# exit 1
# stderr
refused_files.py:41:1: error: libcst cannot parse this: parser error: error at 4:11: expected INDENT
    def continued(x):
    ^^^^^^^^^^^^^^^^^
hint: lay it out plainly


# $ srcgrad emit inner/model.py use_twin
# exit 1
# stderr
inner/model.py:1:1: error: more than one file could be twin: inner/twin.py and twin.py
    from twin import f
    ^^^^^^^^^^^^^^^^^^
hint: rename one of them, or import it with leading dots


# $ srcgrad emit methods.py
# exit 1
# stderr
error: methods.py has no function at its top level
hint: name a static method as Class.name


# $ srcgrad emit unknown_coding.py
# exit 2
# stderr
unknown_coding.py:1:1: error: unknown_coding.py cannot be decoded: unknown encoding: nothing
hint: save it as UTF-8, without a coding line


# $ srcgrad emit minus.py
# exit 2
# stderr
minus.py:2:210: error: nested too deeply: more than 200 levels
        return ----------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------x
                                                                                                                                                                                                                     ^^^^^
hint: split it into several statements
