"""Emitted functions of arrays against finite differences, run where srcgrad is not to be had.

Reads jobs from standard input: the name of a case, the emitted text, the input, the parameters that are differentiated,
what the arguments are. Prints what is wrong. The folder of numpy is the first argument.
"""

import ast
import json
import re
import sys
from itertools import count

sys.path.append(sys.argv[1])


class Missing:
    """No part of srcgrad, nor what it is made with, can be imported."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("srcgrad", "libcst", "jinja2"):
            raise ModuleNotFoundError(name)


sys.meta_path.insert(0, Missing())
import numpy as np  # noqa: E402

STEP, CLOSE = 1e-6, 1e-6


def run(text):
    names = {}
    exec(compile(text, "<case>", "exec"), names)
    return names


def arguments(function, given):
    """Random numbers in the shapes that the docstring says, but for what is given."""
    random, sizes, values = np.random.default_rng(0), {}, {}
    left = count(2)
    rows = re.findall(r"- (\w+):.*?\bshape \(([^)]*)\)", ast.get_docstring(function) or "")
    settings = dict(row.split(" = ", 1) for row in given)
    for _, dims in rows:
        for name in re.findall(r"[^\W\d]\w*", dims):
            if name not in sizes:
                sizes[name] = next(left)
    for name, dims in rows:
        shape = tuple(eval(dim, dict(sizes)) for dim in dims.split(",") if dim.strip())
        value = eval(settings[name], {"np": np, **sizes}) if name in settings else random.normal(size=shape)
        values[name] = value if np.ndim(value) else float(value)
    return values


def difference(function, values, name, direction):
    """The derivative of every output along one direction."""
    ends = [function(**{**values, name: values[name] + step * direction}) for step in (STEP, -STEP)]
    one, two = (end if isinstance(end, tuple) else (end,) for end in ends)
    return [(np.asarray(a, float) - np.asarray(b, float)) / (2 * STEP) for a, b in zip(one, two, strict=True)]


def contributions(names, function, values, wrt, random):
    """Each parameter with the gradient that the emitted function gives, and with the upstream gradients."""
    out = function(**values)
    outs = out if isinstance(out, tuple) else (out,)
    douts = [random.normal(size=np.shape(one)) for one in outs]
    name = function.__name__
    if f"{name}_backward" in names:
        ran, cache = names[f"{name}_forward"](**values)[0], names[f"{name}_forward"](**values)[1]
        assert np.allclose(np.ravel(ran)[0], np.ravel(out)[0])
        found = names[f"{name}_backward"](*douts, cache)
    elif f"{name}_value_and_grad" in names:
        value, found = names[f"{name}_value_and_grad"](**values)
        assert np.allclose(value, out)
        douts = [1.0]
    elif f"{name}_vjp" in names:
        found = names[f"{name}_vjp"](*douts, **values)
    else:
        found, douts = names[f"{name}_grad"](**values), [1.0]
    found = found if isinstance(found, tuple) else (found,)
    return list(zip(wrt, found, strict=True)), douts


def wrong(text, source, wrt, given):
    """What is wrong with one emitted file."""
    names, primals = run(text), run(source)
    for node in ast.parse(source).body:
        made = [name for name in names if isinstance(node, ast.FunctionDef) and name.startswith(f"{node.name}_")]
        if not made:
            continue
        function, random = primals[node.name], np.random.default_rng(1)
        values = arguments(node, given)
        before = {name: np.copy(value) for name, value in values.items()}
        asked = wrt.split(",") if wrt else list(values)
        directions = {name: random.normal(size=np.shape(values[name])) for name in asked}
        slow = {name: difference(function, values, name, directions[name]) for name in asked}
        if f"{node.name}_jvp" in names:
            _, tangent = names[f"{node.name}_jvp"](*directions.values(), **values)
            if not np.allclose(tangent, sum(one[0] for one in slow.values()), CLOSE, CLOSE):
                yield f"{node.name}: tangent"
            continue
        pairs, douts = contributions(names, function, values, asked, random)
        for name, found in pairs:
            numeric = sum(np.sum(dout * one) for dout, one in zip(douts, slow[name], strict=True))
            if np.shape(found) != np.shape(values[name]):
                yield f"{node.name}: d{name} has the shape {np.shape(found)}"
            elif not np.isclose(np.sum(found * directions[name]), numeric, CLOSE, CLOSE):
                yield f"{node.name}: d{name} is {np.sum(found * directions[name])} and not {numeric}"
        for name, value in before.items():
            if not np.array_equal(value, values[name]):
                yield f"{node.name}: {name} is written into"


for case, text, source, wrt, given in json.load(sys.stdin):
    for problem in wrong(text, source, wrt, given):
        print(f"{case}: {problem}")
