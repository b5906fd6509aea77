"""Load on the service: a national register, read and decided on while a national solve runs.

`python -m benchmarks.service --help`. Writes one dated file of results beside the others, and
prints a table. A server and a worker of their own are started on a folder that goes again.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.run import RESULTS, commit, machine
from benchmarks.serving import PORT, files_of, make_a_plan, post, serving, wait_for

READS = (
    "/v1/referrals?without_bed=true",
    "/v1/bookings?limit=50",
    "/v1/escalations",
    "/v1/premises?limit=50",
    "/v1/unowned",
)
CLIENTS = 4
A_SECOND = 10
"""Requests a second in the paced run: a hundred people who open a list every ten seconds."""


def main() -> int:
    """Start, fill, ask, write."""
    chosen = _arguments()
    with tempfile.TemporaryDirectory(prefix="load-") as folder, serving(Path(folder)) as token:
        client = httpx2.Client(
            base_url=f"http://127.0.0.1:{PORT}",
            headers={"Authorization": f"Bearer {token('coordinator', 'manager')}"},
            timeout=600,
        )
        found = _measured(client, Path(folder), chosen)
    found |= {
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        "size": chosen.size,
    }
    path = RESULTS / f"service-{date.today()}-{commit()[:9]}.json"
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    _show(found)
    print(f"written to {path}")
    return 0


def _measured(client: httpx2.Client, folder: Path, chosen: argparse.Namespace) -> dict[str, Any]:
    began = time.monotonic()
    post(client, "/v1/imports", "import", files=files_of(folder, chosen.size), expected=201)
    found: dict[str, Any] = {"import_s": round(time.monotonic() - began, 1)}
    found["reads, nothing else running"] = _asked(client, chosen.seconds, _reader)
    run = make_a_plan(client, chosen.solve_s)
    found["reads, during a solve"] = _asked(client, chosen.seconds, _reader)
    found[f"reads, {A_SECOND} a second, during a solve"] = _asked(client, chosen.seconds, _paced)
    ended = wait_for(client, run)
    found["run"] = {"status": ended["status"]}
    found["decisions, nothing else running"] = _decided(client, run, chosen.decisions)
    again = make_a_plan(client, chosen.solve_s)
    found["decisions, during a solve"] = _decided(client, run, chosen.decisions)
    wait_for(client, again)
    return found


def _decided(client: httpx2.Client, run: str, most: int) -> dict[str, Any]:
    """Proposals accepted by several people at once, as fast as they are answered."""
    page = client.get(f"/v1/runs/{run}/proposals?status=proposed&limit={most}").json()
    wanted = [each["referral_id"] for each in page["records"]]
    lock = threading.Lock()

    def one() -> float | None:
        with lock:
            referral = wanted.pop() if wanted else None
        if referral is None:
            return None
        began = time.monotonic()
        post(
            client,
            f"/v1/runs/{run}/proposals/{referral}/decision",
            f"decide-{referral}",
            json={"action": "accept", "reason": "load test"},
        )
        return time.monotonic() - began

    return _together(one)


def _asked(client: httpx2.Client, seconds: float, make: Callable[..., Any]) -> dict[str, Any]:
    return _together(make(client, time.monotonic() + seconds))


def _reader(client: httpx2.Client, until: float) -> Callable[[], float | None]:
    """One read after another, of each kind in turn."""
    turn = iter(range(10**9))

    def one() -> float | None:
        if time.monotonic() > until:
            return None
        url = READS[next(turn) % len(READS)]
        began = time.monotonic()
        answer = client.get(url)
        assert answer.status_code == 200, answer.text
        return time.monotonic() - began

    return one


def _paced(client: httpx2.Client, until: float) -> Callable[[], float | None]:
    """The same, begun evenly over time, as by people and not by a loop."""
    read, lock = _reader(client, until), threading.Lock()
    begun = [time.monotonic()]

    def one() -> float | None:
        with lock:
            begun[0] += 1 / A_SECOND
            time.sleep(max(0.0, begun[0] - time.monotonic()))
        return read()

    return one


def _together(one: Callable[[], float | None]) -> dict[str, Any]:
    """What several clients at once get out of it."""
    times: list[float] = []

    def go() -> None:
        while (seconds := one()) is not None:
            times.append(seconds)

    began = time.monotonic()
    threads = [threading.Thread(target=go) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.monotonic() - began
    ordered = sorted(times)
    return {
        "requests": len(times),
        "per_second": round(len(times) / wall, 1),
        "median_ms": round(1e3 * statistics.median(ordered), 1),
        "p95_ms": round(1e3 * ordered[int(0.95 * (len(ordered) - 1))], 1),
        "worst_ms": round(1e3 * ordered[-1], 1),
    }


def _show(found: dict[str, Any]) -> None:
    print(f"import of everything: {found['import_s']} s")
    for name, each in found.items():
        if isinstance(each, dict) and "p95_ms" in each:
            print(
                f"{name:34} {each['requests']:6} requests {each['per_second']:7} a second  "
                f"median {each['median_ms']:7} ms  p95 {each['p95_ms']:7} ms  "
                f"worst {each['worst_ms']:8} ms"
            )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service", description=__doc__)
    parser.add_argument("--size", default="L", choices=["S", "M", "L"])
    parser.add_argument("--seconds", type=float, default=20.0, help="of reading, each time")
    parser.add_argument("--solve-s", type=int, default=60, help="time limit of the solves")
    parser.add_argument("--decisions", type=int, default=100, help="each time")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
