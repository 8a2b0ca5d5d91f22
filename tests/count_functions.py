"""How many functions of tests/data/functions.csv are differentiated rightly, by module, beside what peers have.

    python tests/count_functions.py [MODULE ...] [--missing]

Each row is tried with the expression and the inputs of test_functions.py, in reverse and in forward mode, with shapes
known and unknown, against differences. `none` are the functions for which there is no expression yet; `refused` those
that raise SrcgradError, `wrong` those of which any number is not what differences give. The exit status is 1 where
anything is wrong.
"""

from __future__ import annotations

import argparse
import csv
import sys
import warnings
from collections import Counter
from pathlib import Path

from arrays import Case, holds
from test_functions import ROWS, SHAPED

from srcgrad import SrcgradError

TABLE = Path(__file__).parent / "data" / "functions.csv"
PEERS = ("autograd", "tangent_ad", "jax")
OUTCOMES = ("right", "refused", "wrong", "none")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("modules", metavar="MODULE", nargs="*", help="numpy, scipy.special, ... (all without)")
    parser.add_argument("--missing", action="store_true", help="name what is not right")
    options = parser.parse_args()
    with TABLE.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if not options.modules or row["module"] in options.modules]
    cases: dict[tuple[str, str], list[Case]] = {}
    for module, function, case in ROWS:
        cases.setdefault((module, function), []).append(case)
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        module, function = row["module"], row["function"]
        found = outcome(function, cases.get((module, function), []))
        for what in (found, *(peer for peer in PEERS if row[peer] == "yes")):
            counts[module, what] += 1
            counts["all", what] += 1
        if found == "wrong" or (options.missing and found != "right"):
            print(f"{found:8} {module}.{function}")
    _table(list(dict.fromkeys([*(row["module"] for row in rows), "all"])), counts)
    return 1 if counts["all", "wrong"] else 0


def outcome(function: str, cases: list[Case]) -> str:
    """What becomes of a function: right where all of its cases are."""
    for case in cases:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                holds(case, known=(True,) if function in SHAPED else (True, False))
        except SrcgradError:
            return "refused"
        except (AssertionError, ArithmeticError, ValueError, TypeError, NameError, AttributeError):
            return "wrong"
    return "right" if cases else "none"


def _table(modules: list[str], counts: Counter[tuple[str, str]]) -> None:
    columns = (*OUTCOMES, *PEERS)
    print(f"{'module':18}{'rows':>6}" + "".join(f"{name:>12}" for name in columns))
    for module in modules:
        rows = sum(counts[module, name] for name in OUTCOMES)
        print(f"{module:18}{rows:>6}" + "".join(f"{counts[module, name]:>12}" for name in columns))


if __name__ == "__main__":
    sys.exit(main())
