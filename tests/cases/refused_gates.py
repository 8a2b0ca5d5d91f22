"""Gates of the user's own that are none: the same function, beside a file of gates for each."""


def special(x):
    total = 0.0
    for k in range(30):
        total += x**k
    return total


def slope(x):
    return 3.0


def loss(x, w):
    return special(x) * w


def power(x, n):
    for _ in range(1):
        x = x**n
    return x


def raised(x, n):
    return 2 * power(x, n + 1)


# file unclosed.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("special(x")
def special_gate(y, x):
    dx = dy


# file assigned.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("y = special(x)")
def special_gate(y, x):
    dx = dy


# file name_alone.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("special(x)", "x")
def special_gate(y, x):
    dx = dy


# file indexed.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("special(x[0])")
def special_gate(y, x):
    dx = dy


# file not_a_parameter.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("special(x, v)")
def special_gate(y, x):
    dx = dy


# file missing_operand.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("special(x)")
def special_gate(y, x, v):
    dx = dy


# file result_as_hole.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("special(y)")
def special_gate(y, x):
    dx = dy


# file unheard_of.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("unheard_of(x)")
def special_gate(y, x):
    dx = dy


# file no_spelling.py
from refused_gates import special
from srcgrad import elementwise


@elementwise
def special_gate(y, x):
    dx = dy


# file two_decorators.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("special(x)")
@print
def special_gate(y, x):
    dx = dy


# file no_result.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("special(x)")
def special_gate(*x):
    dx = dy


# file no_number.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("special(x)")
def special_gate(y, x, n=None):
    dx = dy


# file upstream.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("special(dy)")
def special_gate(y, dy):
    ddy = dy


# file no_operand.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("special(x)")
def special_gate(y, x):
    dw = dy


# file branch.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("special(x)")
def special_gate(y, x):
    if x > 0:
        dx = dy


# file twice.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("special(x)")
def special_gate(y, x):
    dx = dy
    dx = 2 * dy


# file forgotten.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("special(x)")
def special_gate(y, x):
    dx = slope(x)


def slope(x):
    return 2.0 * x


# file empty.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("special(x)")
def special_gate(y, x):
    """Nothing but words."""


# file comprehension.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("special(x)")
def special_gate(y, x):
    dx = dy * sum(k for k in (x, y))


# file undefined.py
from refused_gates import special
from srcgrad import elementwise


@elementwise("special(x)")
def special_gate(y, x):
    dx = slope(x) * dy


# file slope_of_its_own.py
from refused_gates import special
from srcgrad import elementwise

SCALE = 2.0


def slope(x):
    return SCALE * special(x)


@elementwise("special(x)")
def special_gate(y, x):
    dx = slope(x) * dy


# file no_line.py
from refused_gates import power
from srcgrad import elementwise


@elementwise("power(x, n)")
def power_gate(y, x, n):
    dx = n * y / x * dy


# $ srcgrad emit refused_gates.py loss --gates unclosed.py
# exit 1
# stderr
unclosed.py:5:14: error: this spelling does not parse: not valid Python: '(' was never closed
    @elementwise("special(x")
                 ^^^^^^^^^^^
hint: write one expression


# $ srcgrad emit refused_gates.py loss --gates assigned.py
# exit 1
# stderr
assigned.py:5:14: error: this spelling is no expression
    @elementwise("y = special(x)")
                 ^^^^^^^^^^^^^^^^
hint: as in "special(x)"


# $ srcgrad emit refused_gates.py loss --gates name_alone.py
# exit 1
# stderr
name_alone.py:5:28: error: this spelling is neither a call nor an operation
    @elementwise("special(x)", "x")
                               ^^^
hint: as in "special(x)"


# $ srcgrad emit refused_gates.py loss --gates indexed.py
# exit 1
# stderr
indexed.py:5:14: error: a spelling is made of calls, operations, names and numbers alone
    @elementwise("special(x[0])")
                 ^^^^^^^^^^^^^^^
hint: as in "special(x)"


# $ srcgrad emit refused_gates.py loss --gates not_a_parameter.py
# exit 1
# stderr
not_a_parameter.py:5:14: error: v is no parameter of special_gate
    @elementwise("special(x, v)")
                 ^^^^^^^^^^^^^^^
hint: its parameters are y, x


# $ srcgrad emit refused_gates.py loss --gates missing_operand.py
# exit 1
# stderr
missing_operand.py:5:14: error: the operand v of special_gate is not in this spelling
    @elementwise("special(x)")
                 ^^^^^^^^^^^^
hint: a spelling has every operand; a parameter with a default is none


# $ srcgrad emit refused_gates.py loss --gates result_as_hole.py
# exit 1
# stderr
result_as_hole.py:5:14: error: y is the result of special_gate, and no hole of a spelling
    @elementwise("special(y)")
                 ^^^^^^^^^^^^
hint: name the operand otherwise


# $ srcgrad emit refused_gates.py loss --gates unheard_of.py
# exit 1
# stderr
unheard_of.py:5:14: error: unheard_of is not defined where special_gate is
    @elementwise("unheard_of(x)")
                 ^^^^^^^^^^^^^^^
hint: define it there, or import it there


# $ srcgrad emit refused_gates.py loss --gates no_spelling.py
# exit 1
# stderr
no_spelling.py:5:2: error: a gate's decorator takes its spellings, written out
    @elementwise
     ^^^^^^^^^^^
hint: as in @srcgrad.elementwise("special(x)")


# $ srcgrad emit refused_gates.py loss --gates two_decorators.py
# exit 1
# stderr
two_decorators.py:6:2: error: a gate has one decorator
    @print
     ^^^^^
hint: take this one away


# $ srcgrad emit refused_gates.py loss --gates no_result.py
# exit 1
# stderr
no_result.py:6:1: error: the rule of special_gate must take its result and its operands
    def special_gate(*x):
    ^^^^^^^^^^^^^^^^^^^^^
hint: as in def special_gate(y, x)


# $ srcgrad emit refused_gates.py loss --gates no_number.py
# exit 1
# stderr
no_number.py:6:26: error: the setting n of special_gate has a default that is no number
    def special_gate(y, x, n=None):
                             ^^^^
hint: a setting is a number that is written out where the gate is used


# $ srcgrad emit refused_gates.py loss --gates upstream.py
# exit 1
# stderr
upstream.py:6:1: error: dy is a parameter of special_gate and its upstream gradient too
    def special_gate(y, dy):
    ^^^^^^^^^^^^^^^^^^^^^^^^
hint: rename the parameter


# $ srcgrad emit refused_gates.py loss --gates no_operand.py
# exit 1
# stderr
no_operand.py:7:5: error: dw is the gradient on no operand of special_gate
        dw = dy
        ^^
hint: write dx


# $ srcgrad emit refused_gates.py loss --gates branch.py
# exit 1
# stderr
branch.py:7:5: error: this is no line of a rule: special_gate is a gate
        if x > 0:
        ^^^^^^^^^
hint: a rule is made of lines such as dx = slope(x) * dy


# $ srcgrad emit refused_gates.py loss --gates twice.py
# exit 1
# stderr
twice.py:8:5: error: dx stands twice in special_gate
        dx = 2 * dy
        ^^^^^^^^^^^
hint: write one line for each operand


# $ srcgrad emit refused_gates.py loss --gates empty.py
# exit 1
# stderr
empty.py:6:1: error: special_gate has no rule
    def special_gate(y, x):
    ^^^^^^^^^^^^^^^^^^^^^^^
hint: a rule is made of lines such as dx = slope(x) * dy


# $ srcgrad emit refused_gates.py loss --gates comprehension.py
# exit 1
# stderr
comprehension.py:7:18: error: srcgrad does not read this in a rule
        dx = dy * sum(k for k in (x, y))
                     ^^^^^^^^^^^^^^^^^^^
hint: a rule is made of lines such as dx = slope(x) * dy


# $ srcgrad emit refused_gates.py loss --gates undefined.py
# exit 1
# stderr
undefined.py:7:10: error: slope is not defined where special_gate is
        dx = slope(x) * dy
             ^^^^^
hint: a rule reads y, x, dy and the globals of its module


# $ srcgrad emit refused_gates.py loss --gates slope_of_its_own.py
# exit 1
# stderr
slope_of_its_own.py:13:10: error: slope, which the gate special_gate reads, is not to be had in the file of the function
        dx = slope(x) * dy
             ^^^^^
hint: import slope there, under this name


# $ srcgrad emit refused_gates.py raised --gates no_line.py
# exit 1
# stderr
refused_gates.py:26:16: error: the gate power_gate has no line dn = ..., and the gradient must pass through it
        return 2 * power(x, n + 1)
                   ^^^^^^^^^^^^^^^
hint: add the line, or leave what n is here out of wrt


# $ srcgrad emit refused_gates.py loss --gates forgotten.py
# exit 1
# stderr
forgotten.py:7:10: error: this is not linear in dy
        dx = slope(x)
             ^^^^^^^^
hint: write the local gradient times dy
