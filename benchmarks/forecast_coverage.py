"""How often what came lay in a forecast's 95 % interval, on synthetic histories: a table.

`python -m benchmarks.forecast_coverage [histories]` prints the rows of docs/forecast.md.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from allocator.coming import Coming
from allocator.forecast import expected
from allocator.forecast.fit import fit
from allocator.generate import SIZES, Options, TrueDemand, generate
from allocator.history import History, Past
from allocator.policy import load_policy
from allocator.streams import Streams

AS_OF = date(2026, 11, 2)
AHEAD = 26
PERIODS = (4, 12, 26)
CASES = (
    (28, 0.0),
    (182, 0.0),
    (182, 0.1),
    (182, 0.25),
    (400, 0.0),
    (400, 0.1),
    (400, 0.25),
    (731, 0.0),
    (731, 0.1),
)
"""Days of history, and the swing of the true process over the year."""
DRAWS = 1500
FIRST_SEED = 3000


def main() -> int:
    """Print one row a case."""
    histories = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    print("| days of history | true swing | season kept | 4 weeks | 12 weeks | 26 weeks |")
    print("|---|---|---|---|---|---|")
    for days, swing in CASES:
        print(row(days, swing, histories), flush=True)
    return 0


def row(days: int, swing: float, histories: int) -> str:
    """Share of counts in the interval: all bands together, and bands one by one."""
    policy = load_policy()
    options = Options(SIZES["M"])
    truth = TrueDemand(options, generate("M", 1).premises, swing=swing)
    until = AS_OF + timedelta(days=7 * AHEAD)
    inside: Counter[tuple[int, bool]] = Counter()
    kept = 0
    for seed in range(FIRST_SEED, FIRST_SEED + histories):
        first = AS_OF - timedelta(days=days)
        people = truth.people(Streams(seed), first, until)
        past = tuple(_past(each) for each in people if each.referred_on < AS_OF)
        found = fit(History(past, first, AS_OF, synthetic=True), policy, AS_OF)
        kept += found.total.seasonal
        ahead = expected(found, AS_OF, AHEAD, PERIODS, seed=seed, draws=DRAWS)
        for weeks in PERIODS:
            end = AS_OF + timedelta(days=7 * weeks)
            counts = Counter(
                policy.band_of(each.referral) for each in people if AS_OF <= each.referred_on < end
            )
            counts[0] = sum(counts.values())
            for band, interval in ahead.totals[weeks].items():
                inside[weeks, band == 0] += interval.low <= counts[band] <= interval.high
    cells = [
        f"{inside[weeks, True] / histories:.0%} / "
        f"{inside[weeks, False] / histories / len(policy.bands):.0%}"
        for weeks in PERIODS
    ]
    return f"| {days} | {swing:.0%} | {kept} of {histories} | {' | '.join(cells)} |"


def _past(coming: Coming) -> Past:
    """Only counts are judged here: nothing need be known of what came of anyone."""
    return Past(replace(coming, withdrawn_on=None, changed_on=None, changed_release=None))


if __name__ == "__main__":
    sys.exit(main())
