"""Random programs in shards with fixed seeds, counted by what became of each."""

import os
import sys
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
    """What became of `count` programs; printed where the environment variable `asked` asks for more of them."""
    counts: Counter[str] = Counter()

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
        counts.update(compare(program))

    run()
    if asked in os.environ:
        with capsys.disabled():
            print(
                f"\nshard {shard}:", *(f"{n:6} {what}" for what, n in counts.most_common()), sep="\n", file=sys.stderr
            )
    return counts
