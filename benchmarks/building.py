"""The cost of building a gradient, from its source to its code object, and the speed of what is built.

Run `python benchmarks/building.py`. The first table compares building with `compile()` of the same source, in turns,
and shows how the ratio grows; the second does so for programs that repeat one thing; the third compares the emitted
gradient of a generated function of 1,000 statements with one that is written, line for line, as by hand. `--profile`
lists where the time of the longest function goes. What is measured of building is processor time, the best of a few.
"""

import cProfile
import math
import pstats
import random
import sys
import time
from collections.abc import Callable
from typing import Any

from scalars import equal, in_turns, timer

from srcgrad.derive import derive
from srcgrad.scope import StaticScope
from srcgrad.source import check, functions, read
from srcgrad.staged import Mode

SIZES = {10: 60, 100: 20, 1_000: 5, 10_000: 3}
"""Statements, and the rounds that are timed."""

CALLED = 1_000

REPEATS = (500, 1_000)
START = "def f(x: float, y: float):\n    v = x\n"
REPEATED = {
    "one name": ("import math\n", "    v = math.sin(v) * y\n"),
    "branches": (
        "import math\n",
        "    if v > {i}.5:\n        w{i} = math.sin(v)\n    else:\n        w{i} = v * y\n    v = w{i} * x\n",
    ),
    "calls": ("def g(a, b):\n    c = a * b\n    return c * c + a\n", "    v = g(v, y)\n"),
    "pairs": ("import math\n", "    v, y = y * x, math.sin(v)\n"),
    "sums": ("", "    v += x * y\n"),
    "long expressions": ("", "    v = " + " + ".join(["v * y"] * 5) + "\n"),
}
"""What a program may repeat: what stands above the function, and the lines."""


def statements(count: int) -> list[tuple[str, str, str]]:
    """The kind and the operands of each statement: values of the last twenty."""
    numbers, names = random.Random(count), ["x", "y"]
    rows = []
    for i in range(count):
        kind = numbers.choice(("product", "sine", "difference", "sigmoid", "mean"))
        rows.append((kind, numbers.choice(names[-20:]), numbers.choice(names[-20:])))
        names.append(f"v{i}")
    return rows


FORWARD = {
    "product": "{0} * {1} + 0.5",
    "sine": "math.sin({0})",
    "difference": "{0} - 0.25 * {1}",
    "sigmoid": "1 / (1 + math.exp(-{0}))",
    "mean": "({0} + {1}) / 2",
}
BACKWARD = {
    "product": ("{1} * {d}", "{0} * {d}"),
    "sine": ("math.cos({0}) * {d}",),
    "difference": ("{d}", "-0.25 * {d}"),
    "sigmoid": ("(1 - {v}) * {v} * {d}",),
    "mean": ("0.5 * {d}", "0.5 * {d}"),
}


def source(count: int) -> str:
    """The generated function."""
    lines = [f"    v{i} = {FORWARD[kind].format(a, b)}" for i, (kind, a, b) in enumerate(statements(count))]
    return "\n".join(("import math", "def f(x: float, y: float):", *lines, f"    return v{count - 1}")) + "\n"


def by_hand(count: int) -> str:
    """Its gradient: the values that are needed, then line for line backwards, a gradient where there is one."""
    rows = statements(count)
    reached = {f"v{count - 1}"}
    backward: list[str] = []
    seen: set[str] = set()
    for i, (kind, a, b) in reversed(list(enumerate(rows))):
        if f"v{i}" not in reached:
            continue
        upstream = f"dv{i}" if i < count - 1 else "1.0"
        for operand, text in zip((a, b), BACKWARD[kind], strict=False):
            factor = text.format(a, b, v=f"v{i}", d=upstream)
            backward.append(f"    d{operand} {'+=' if operand in seen else '='} {factor}")
            seen.add(operand)
            reached.add(operand)
    read_ = {word for line in backward for word in line.replace("(", " ").replace(")", " ").split() if word[0] in "vxy"}
    # From the last line to the first: a value is computed where something reads it.
    forward: list[str] = []
    for i, (kind, a, b) in reversed(list(enumerate(rows))):
        if f"v{i}" in read_:
            forward.append(f"    v{i} = {FORWARD[kind].format(a, b)}")
            read_ |= {a, b} if kind in ("product", "difference", "mean") else {a}
    missing = [f"    d{name} = 0.0" for name in ("x", "y") if name not in seen]
    return "\n".join(
        ("import math", "def f_grad(x, y):", *reversed(forward), *backward, *missing, "    return dx, dy", "")
    )


def build(text: str) -> Callable[..., Any]:
    """The gradient of `f`: read, derived, compiled."""
    check.cache_clear()
    checked = check(text, "generated.py")
    derived = derive(read(checked, functions(checked)[-1]), StaticScope(checked), Mode.GRAD)
    return run(derived.module())


def repeated(head: str, body: str, count: int) -> str:
    """A function of `count` times `body`."""
    return "".join((head, START, *(body.format(i=i, j=i + 1) for i in range(count)), "    return v\n"))


def costs(text: str, rounds: int) -> tuple[float, float]:
    """The seconds that building and compiling take, in turns."""
    times = []
    for _ in range(rounds + 1):
        start = time.process_time()
        build(text)
        middle = time.process_time()
        compile(text, "generated", "exec", dont_inherit=True)
        times.append((middle - start, time.process_time() - middle))
    a, b = (min(column) for column in zip(*times, strict=True))
    return a, b


def run(text: str) -> Callable[..., Any]:
    names: dict[str, Any] = {}
    exec(compile(text, "generated", "exec", dont_inherit=True), names)
    function: Callable[..., Any] = names["f_grad"]
    return function


def main() -> None:
    """Print the two tables, or the profile."""
    if "--profile" in sys.argv:
        profile = cProfile.Profile()
        profile.runcall(build, source(max(SIZES)))
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        return
    print(f"{'building':12}{'build, ms':>12}{'compile, ms':>14}{'ratio':>8}{'growth':>8}")
    before = math.nan
    for count, rounds in SIZES.items():
        a, b = costs(source(count), rounds)
        print(f"{count:<12,}{a * 1e3:12.1f}{b * 1e3:14.2f}{a / b:8.1f}{a / b / before:8.2f}")
        before = a / b
    print(f"\n{'repeated':20}" + "".join(f"{f'{count:,} ms':>12}" for count in REPEATS) + f"{'growth':>8}")
    for name, (head, body) in REPEATED.items():
        times = [costs(repeated(head, body, count), 2)[0] for count in REPEATS]
        print(f"{name:20}" + "".join(f"{t * 1e3:12.0f}" for t in times) + f"{times[1] / times[0]:8.1f}")

    emitted, hand, point = build(source(CALLED)), run(by_hand(CALLED)), (0.3, -0.7)
    a, b, ratio = in_turns(timer(emitted, point), timer(hand, point), 400, 10)
    note = "" if equal(emitted(*point), hand(*point)) else "  (the gradients differ)"
    print(f"\n{'calling':12}{'emitted, us':>12}{'by hand, us':>14}{'ratio':>8}")
    print(f"{CALLED:<12,}{a / 1e3:12.1f}{b / 1e3:14.1f}{ratio:8.3f}{note}")


if __name__ == "__main__":
    main()
