"""The cost of looking at a function, against what libcst needs to parse the same source.

Run `python benchmarks/views.py`. A view is made from the source, with arguments: the reading, the running and, last,
the writing of it. The bound is ten times the parse at 1,000 statements. What is measured is processor time, the best
of a few, in turns.
"""

import time
from collections.abc import Callable

import libcst
from building import source

from srcgrad.scope import StaticScope
from srcgrad.source import check, functions, read
from srcgrad.views.drawing import drawing
from srcgrad.views.seen import Seen, seen

SIZES = (10, 100, 1_000, 3_000)
ROUNDS = 5
AT = {"x": 0.5, "y": 0.25}


def looked_at(text: str) -> Seen:
    """The generated function with its values, read anew."""
    check.cache_clear()
    checked = check(text, "generated.py")
    return seen(read(checked, functions(checked)[-1]), StaticScope(checked), AT, by_hand=False)


def times(doings: list[Callable[[], object]]) -> list[float]:
    """The best processor time of each."""
    best = [float("inf")] * len(doings)
    for _ in range(ROUNDS):
        for place, doing in enumerate(doings):
            start = time.process_time()
            doing()
            best[place] = min(best[place], time.process_time() - start)
    return best


def main() -> None:
    print(f"{'statements':>10}  {'parse':>9}  {'seen':>7}  {'drawn, of it':>12}  {'draw':>7}  as ratios to the parse")
    for size in SIZES:
        text = source(size)
        what = looked_at(text)
        parse, values, layout, whole = times(
            [
                lambda text=text: libcst.parse_module(text),
                lambda text=text: looked_at(text),
                lambda what=what: drawing(what, 1200).svg,
                lambda text=text: drawing(looked_at(text), 1200).svg,
            ]
        )
        row = "  ".join((f"{values / parse:>7.1f}", f"{layout / parse:>12.1f}", f"{whole / parse:>7.1f}"))
        print(f"{size:>10}  {parse * 1000:>6.1f} ms  {row}")


if __name__ == "__main__":
    main()
