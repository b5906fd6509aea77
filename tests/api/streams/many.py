"""Many streams at once, and what is said of them."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.api.streams.shrink import Failure, run
from tests.api.streams.stream import Tally, stage

SOME = 50
SHRUNK = 3
"""So many failures of one kind are made short in each process; the others are counted."""


def some_streams(seeds: range) -> tuple[Tally, list[Failure]]:
    """Play these, one after the other."""
    tally, failures, kinds = Tally(), list[Failure](), Counter[str]()
    with stage() as place:
        for seed in seeds:
            found = run(place, seed, tally, shrunk=False)
            if found is not None:
                kinds[found.kind] += 1
                if kinds[found.kind] <= SHRUNK:
                    found = run(place, seed, Tally()) or found
                failures.append(found)
    return tally, failures


def pieces(first: int, many: int) -> Iterator[range]:
    for start in range(first, first + many, SOME):
        yield range(start, min(start + SOME, first + many))


def main() -> int:
    """How many streams, actions and refusals; every kind of failure by its smallest seed."""
    parser = argparse.ArgumentParser(prog="python -m tests.api.streams")
    parser.add_argument("--streams", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=1_000.0, help="stop asking for more then")
    wanted = parser.parse_args()
    tally, failures, start = Tally(), list[Failure](), time.monotonic()
    spawned = get_context("spawn")
    with ProcessPoolExecutor(wanted.processes, mp_context=spawned) as pool:
        parts = list(pieces(wanted.seed, wanted.streams))
        for one, bad in pool.map(some_streams, parts):
            tally.add(one)
            failures += bad
            if time.monotonic() - start > wanted.minutes * 60:
                pool.shutdown(wait=False, cancel_futures=True)
                break
    say(tally, failures, time.monotonic() - start)
    return 1 if failures else 0


def say(tally: Tally, failures: list[Failure], seconds: float) -> None:
    print(f"{tally.streams} streams sound, {len(failures)} failed, {seconds:.0f} s")
    print(f"{tally.actions} actions asked; {tally.done.total()} done:")
    print("  " + ", ".join(f"{name} {many}" for name, many in tally.done.most_common()))
    print(f"{tally.refused.total()} refused:")
    print("  " + ", ".join(f"{name} {many}" for name, many in tally.refused.most_common()))
    print("what the specification leaves open:")
    for name, many in sorted(tally.unsaid.items()):
        print(f"  {name} {many}")
    by_kind: dict[str, list[Failure]] = {}
    for failure in sorted(failures, key=lambda each: each.seed):
        by_kind.setdefault(failure.kind, []).append(failure)
    for kind, some in by_kind.items():
        least = min(some, key=lambda each: (len(each.told), each.seed))
        print(f"\nFAILED {kind}: {len(some)}, smallest seed {some[0].seed}")
        print(f"  shortest from seed {least.seed}: {least.words}")
        for line in least.told:
            print(f"    {line}")
