"""Run methods on stored instances and write one dated file of results.

`python -m benchmarks.run --help` says what can be chosen.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.contest import METHODS, NEEDS_TIMEFOLD, contest
from benchmarks.instances import stored
from benchmarks.methods import timefold_engine

RESULTS = Path(__file__).with_name("results")
PACKAGES = ("ortools", "highspy", "numpy", "pydantic")
USUAL = (
    *("S-fixed-1.1-1", "S-mixed-1.1-1", "M-fixed-1.1-1", "M-mixed-1.1-1"),
    *("L-fixed-1.1-1", "L-mixed-1.1-1"),
)


def main() -> int:
    """Run every chosen method on every chosen instance; one line each as it goes."""
    chosen = _arguments()
    instances = stored()
    unknown = [name for name in chosen.instances if name not in instances]
    if unknown:
        print(
            f"no stored instance {unknown[0]}; there are: {', '.join(instances)}", file=sys.stderr
        )
        return 2
    methods = methods_here(chosen.methods)
    runs: list[dict[str, Any]] = []
    path = _path(chosen.output)
    for name in chosen.instances:
        for method in methods:
            for seed in chosen.seeds:
                run = contest(instances[name], method, seed, chosen.limit)
                runs.append(run)
                print(_line(run), flush=True)
                _write(path, runs)
    print(f"written to {path}")
    return 0


def methods_here(methods: list[str]) -> list[str]:
    """The methods that can be run; of the others it is said why not."""
    if NEEDS_TIMEFOLD.isdisjoint(methods):
        return methods
    try:
        timefold_engine.prepare()
    except timefold_engine.NotHereError as error:
        for method in methods:
            if method in NEEDS_TIMEFOLD:
                print(f"{method} is left out: {error}", file=sys.stderr)
        return [method for method in methods if method not in NEEDS_TIMEFOLD]
    return methods


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--instances", nargs="+", default=list(USUAL))
    parser.add_argument("--methods", nargs="+", default=list(METHODS), choices=list(METHODS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--limit", type=float, default=60.0, help="seconds for each run")
    parser.add_argument("-o", "--output", type=Path, help="a file to write to")
    return parser.parse_args()


def _path(given: Path | None) -> Path:
    if given is not None:
        return given
    RESULTS.mkdir(exist_ok=True)
    return RESULTS / f"{datetime.now(UTC):%Y-%m-%d}-{commit()[:9]}.json"


def _write(path: Path, runs: list[dict[str, Any]]) -> None:
    """The whole file after every run, so that what is done is never lost."""
    data = {
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "changed_since": _is_changed(),
        "machine": machine(),
        "versions": {name: version(name) for name in PACKAGES} | _of_timefold(runs),
        "runs": runs,
    }
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def _of_timefold(runs: list[dict[str, Any]]) -> dict[str, str]:
    used = any(run["method"] in NEEDS_TIMEFOLD for run in runs)
    return {"timefold": timefold_engine.version()} if used else {}


def machine() -> dict[str, object]:
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "python": platform.python_version(),
        "load_average": [round(load, 2) for load in os.getloadavg()],
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _git(*words: str) -> str:
    done = subprocess.run(("git", *words), capture_output=True, text=True, check=False)
    return done.stdout.strip()


def commit() -> str:
    return _git("rev-parse", "HEAD") or "unknown"


def _is_changed() -> bool:
    return bool(_git("status", "--porcelain", "--untracked-files=no"))


def _line(run: dict[str, Any]) -> str:
    name = f"{run['instance']:15} {run['method']:24} seed {run['seed']}"
    if "failed" in run:
        return f"{name}  no plan: {run['failed']}"
    values = {level["code"]: level for level in run["levels"]}
    placed = "/".join(str(v["value"]) for code, v in values.items() if code.startswith("placed/"))
    proven = sum(level["proven"] for level in run["levels"])
    return (
        f"{name}  placed {placed:18} proven {proven}/{len(values)}  {run['seconds']:7.1f} s "
        f"{run['peak_mib']:6} MiB  {run['breaches']} breaches"
    )


if __name__ == "__main__":
    sys.exit(main())
