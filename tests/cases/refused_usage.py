"""Commands and settings that cannot be carried out as they stand."""


def f(x):
    return x * x


# file unknown/pyproject.toml
[tool.srcgrad]
colour = "red"


# file unknown/model.py
def f(x):
    return x * x


# file number/pyproject.toml
[tool.srcgrad]
mode = 3


# file number/model.py
def f(x):
    return x * x


# file mode/pyproject.toml
[tool.srcgrad]
mode = "hessian"


# file mode/model.py
def f(x):
    return x * x


# file table/pyproject.toml
[tool]
srcgrad = "grad"


# file table/model.py
def f(x):
    return x * x


# file broken/pyproject.toml
[tool.srcgrad


# file broken/model.py
def f(x):
    return x * x


# $ srcgrad emit unknown/model.py
# exit 2
# stderr
srcgrad: pyproject.toml: [tool.srcgrad] has no key 'colour'; its keys are gates, mode, shapes, wrt, output, stdin-filename


# $ srcgrad emit number/model.py
# exit 2
# stderr
srcgrad: pyproject.toml: mode in [tool.srcgrad] must be a string


# $ srcgrad emit mode/model.py
# exit 2
# stderr
srcgrad: mode 'hessian' is none of grad, value_and_grad, vjp, split, jvp


# $ srcgrad emit table/model.py
# exit 2
# stderr
srcgrad: pyproject.toml: [tool.srcgrad] is not a table


# $ srcgrad emit broken/model.py
# exit 2
# stderr
srcgrad: pyproject.toml cannot be read: Expected ']' at the end of a table declaration (at line 1, column 14)


# $ srcgrad emit refused_usage.py --check
# exit 2
# stderr
srcgrad emit: --check and --diff compare with a file: give -o OUT


# $ srcgrad emit refused_usage.py --gates missing.py
# exit 2
# stderr
srcgrad: missing.py cannot be read: [Errno 2] No such file or directory: 'missing.py'
