"""Random programs in shards with fixed seeds, counted by what became of each."""

import os
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy


class Tally:
    """What became of programs; printed where the environment variable `asked` asks for more of them.

    A wrong one, or one that crashes, does not end it: all of them are reported in the end.
    """

    def __init__(self, compare: Callable[[Any], Iterator[str]], capsys: pytest.CaptureFixture[str], asked: str) -> None:
        self.compare, self.capsys, self.asked = compare, capsys, asked
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []

    def add(self, program: Any) -> None:
        try:
            self.counts.update(self.compare(program))
        except Exception as error:
            kind = "wrong" if isinstance(error, AssertionError) else "crashing"
            self.counts[kind] += 1
            self.wrong.append(f"{kind}: {program!r}\n{''.join(traceback.format_exception(error))}")
            self.say(self.wrong[-1])
        if self.counts["programs"] % 500 == 0:
            self.say(", ".join(f"{n} {what}" for what, n in self.counts.items() if " " not in what))

    def say(self, text: str) -> None:
        if self.asked in os.environ:
            with self.capsys.disabled():
                print(text, file=sys.stderr, flush=True)

    def checked(self, shard: int) -> Counter[str]:
        """The figures; AssertionError where anything was wrong."""
        self.say("\n".join([f"\nshard {shard}:", *(f"{n:6} {what}" for what, n in self.counts.most_common())]))
        assert not self.wrong, "\n\n".join(self.wrong)
        return self.counts


def drawn(shard: int, programs: SearchStrategy[Any], count: int, tally: Tally) -> None:
    """Counts so many programs that hypothesis draws."""

    @seed(shard)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],  # shrinking a program of sixty statements takes minutes
        suppress_health_check=[*HealthCheck],
        print_blob=False,
    )
    @given(programs)
    def run(program: Any) -> None:
        tally.add(program)

    run()
