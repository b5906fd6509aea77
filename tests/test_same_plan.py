"""The same problem, policy, seed and effort give the same plan, whatever runs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = """
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from allocator.ingest import Sources, read_files
from allocator.ingest.folder import with_folder
from allocator.plan import EndedBy
from allocator.policy import load_policy
from allocator.problem_file import write_plan
from allocator.solving import solve
from allocator.solving.effort import EFFORTS

workers, in_parts, output = int(sys.argv[1]), sys.argv[2] == "parts", Path(sys.argv[3])
if in_parts:
    EFFORTS["quick"] = replace(EFFORTS["quick"], part_options=20, one_by_one=0)
policy = load_policy()
sources = with_folder(Path("fixtures/region"), Sources(as_of=date(2026, 11, 2)))
problem = read_files(sources, policy).problem
problem = problem.with_referrals(problem.referrals[:25])
plan = solve(problem, policy, effort="quick", seed=3, workers=workers)
assert plan.placements and plan.ended_by in (EndedBy.PROVEN, EndedBy.EFFORT)
levels = tuple(replace(level, seconds=0.0) for level in plan.levels)
write_plan(replace(plan, seconds=0.0, levels=levels), output)
"""


@pytest.mark.slow
@pytest.mark.parametrize("way", ["whole", "parts"])
def test_neither_the_process_nor_the_number_of_workers_changes_the_plan(way, tmp_path):
    texts = []
    for hash_seed, workers in (("0", 1), ("1", 1), ("2", 2)):
        output = tmp_path / f"{hash_seed}-{workers}.json"
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(workers), way, str(output)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            check=True,
        )
        texts.append(output.read_bytes())
    assert texts[0] == texts[1] == texts[2]
