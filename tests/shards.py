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


def counted(
    shard: int,
    programs: SearchStrategy[Any],
    count: int,
    compare: Callable[[Any], Iterator[str]],
    capsys: pytest.CaptureFixture[str],
    asked: str,
) -> Counter[str]:
    """What became of `count` programs; printed where the environment variable `asked` asks for more of them.

    A wrong one, or one that crashes, does not end it: all of them are reported in the end.
    """
    counts: Counter[str] = Counter()
    wrong: list[str] = []

    def say(text: str) -> None:
        if asked in os.environ:
            with capsys.disabled():
                print(text, file=sys.stderr, flush=True)

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
        try:
            counts.update(compare(program))
        except Exception as error:
            kind = "wrong" if isinstance(error, AssertionError) else "crashing"
            counts[kind] += 1
            wrong.append(f"{kind}: {program!r}\n{''.join(traceback.format_exception(error))}")
            say(wrong[-1])

    run()
    say("\n".join([f"\nshard {shard}:", *(f"{n:6} {what}" for what, n in counts.most_common())]))
    assert not wrong, "\n\n".join(wrong)
    return counts
