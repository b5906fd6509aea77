"""Answers: how long one question about a finished national plan takes.

`python -m benchmarks.answers --help`. Everybody without a bed is explained; people who ask at
short notice are given a bed in the plan as it stands; the files are read. Writes one dated file of
results beside the others.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from allocator.explain import Situation, best_insertion, explain_unplaced
from allocator.generate import generate
from allocator.generate.files import write_files
from allocator.ingest.assemble import read_files
from allocator.ingest.folder import with_folder
from allocator.ingest.sources import Sources
from allocator.plan import Plan
from allocator.policy import Policy, load_policy
from allocator.problem import Problem
from allocator.referral import Referral
from allocator.solving import solve
from benchmarks.instances import stored
from benchmarks.run import RESULTS, commit, machine

ANOTHER = 1_000
"""Seeds on: people who ask at short notice are those of another synthetic list."""
NOTICE_DAYS = 7
"""Days from the plan's date within which they must have a bed."""


def main() -> int:
    """Solve, ask, write."""
    chosen = _arguments()
    instance = stored()[chosen.instance]
    problem, policy = instance.problem(), load_policy()
    print("solving …", flush=True)
    began = time.process_time()
    plan = solve(problem, policy, effort="quick", seed=0, time_limit_s=chosen.limit)
    solved = time.process_time() - began
    newcomers = _newcomers(instance.size, instance.seed + ANOTHER, problem, chosen.newcomers)
    found: dict[str, Any] = {
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        "instance": chosen.instance,
        "a whole new plan, processor s": round(solved, 1),
        "reading and validating the files, s": [_reading(problem) for _ in range(5)],
        **_asked(plan, problem, policy, newcomers),
    }
    path = RESULTS / f"answers-{datetime.now(UTC):%Y-%m-%d}-{commit()[:9]}.json"
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))
    print(f"written to {path}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.answers", description=__doc__)
    parser.add_argument("--instance", default="L-mixed-1.1-1", choices=sorted(stored()))
    parser.add_argument("--limit", type=float, default=60.0, help="seconds for the plan")
    parser.add_argument("--newcomers", type=int, default=300, help="people at short notice")
    return parser.parse_args()


def _newcomers(size: str, seed: int, problem: Problem, most: int) -> list[Referral]:
    """People of another list who must have a bed within days; their ids are not in this one."""
    last = problem.as_of + timedelta(days=NOTICE_DAYS)
    others = (r for r in generate(size, seed).referrals if r.release_date <= last)
    return [
        replace(r, id=f"new-{n}", crn=f"NEW{n:05}", latest_arrival=min(r.latest_arrival, last))
        for n, r in enumerate(others)
    ][:most]


def _asked(
    plan: Plan, problem: Problem, policy: Policy, newcomers: Iterable[Referral]
) -> dict[str, Any]:
    began = time.process_time()
    situation = Situation(plan, problem, policy)
    made = time.process_time() - began
    placed = {placement.referral_id for placement in plan.placements}
    unplaced = [r for r in problem.referrals if r.id not in placed]
    first = _timed([lambda: explain_unplaced(unplaced[0], situation)]) if unplaced else []
    kinds: Counter[str] = Counter()

    def insert(referral: Referral) -> None:
        change = best_insertion(situation, referral)
        kinds["no single move would do" if change is None else change.kind.value] += 1

    explained = _timed([lambda r=r: explain_unplaced(r, situation) for r in unplaced])
    inserted = _timed([lambda r=r: insert(r) for r in newcomers])
    return {
        "making the situation, once, s": round(made, 2),
        "the first explanation, ms": first,
        "explanation, ms": _told(explained),
        "insertion, ms": _told(inserted),
        "insertions": dict(kinds),
    }


def _reading(problem: Problem) -> float:
    with tempfile.TemporaryDirectory(prefix="answers-") as folder:
        write_files(problem, Path(folder))
        began = time.process_time()
        reading = read_files(with_folder(Path(folder), Sources(as_of=problem.as_of)))
        seconds = time.process_time() - began
    if reading.problem is None:
        raise RuntimeError("the files were not read")
    return round(seconds, 2)


def _timed(questions: Iterable[Callable[[], object]]) -> list[float]:
    """Milliseconds of processor time of each: on a quiet machine, what one waits."""
    found = []
    for question in questions:
        began = time.process_time()
        question()
        found.append(round(1000 * (time.process_time() - began), 2))
    return found


def _told(times: list[float]) -> dict[str, float]:
    median, p95, p99 = np.percentile(times, (50, 95, 99)).round(1).tolist()
    return {"asked": len(times), "median": median, "p95": p95, "p99": p99, "most": max(times)}


if __name__ == "__main__":
    sys.exit(main())
