def f(x):
    return x +* 2


# $ srcgrad emit syntax_error.py f
# exit 2
# stderr
syntax_error.py:2:15: error: not valid Python: invalid syntax
        return x +* 2
                  ^
