"""Load on the service: a national register, read and decided on while a national solve runs.

`python -m benchmarks.service --help`. Writes one dated file of results beside the others, and
prints a table. A server and a worker of their own are started on a folder that goes again.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.run import RESULTS, commit, machine

PORT = 8971
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
UPLOADS = {
    "release-list.csv": "referrals",
    "out-of-service.csv": "out_of_service",
    "zones.geojson": "zones",
}


def main() -> int:
    """Start, fill, ask, write."""
    chosen = _arguments()
    with tempfile.TemporaryDirectory(prefix="load-") as folder, _serving(Path(folder)) as token:
        client = httpx2.Client(
            base_url=f"http://127.0.0.1:{PORT}",
            headers={"Authorization": f"Bearer {token}"},
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
    _post(client, "/v1/imports", "import", files=_files(folder, chosen.size), expected=201)
    found: dict[str, Any] = {"import_s": round(time.monotonic() - began, 1)}
    found["reads, nothing else running"] = _asked(client, chosen.seconds, _reader)
    run = _run(client, chosen.solve_s)
    found["reads, during a solve"] = _asked(client, chosen.seconds, _reader)
    found[f"reads, {A_SECOND} a second, during a solve"] = _asked(client, chosen.seconds, _paced)
    ended = _wait(client, run)
    found["run"] = {"status": ended["status"]}
    found["decisions, nothing else running"] = _decided(client, run, chosen.decisions)
    again = _run(client, chosen.solve_s)
    found["decisions, during a solve"] = _decided(client, run, chosen.decisions)
    _wait(client, again)
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
        _post(
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


def _run(client: httpx2.Client, seconds: int) -> str:
    body = {"over": "register", "effort": "quick", "time_limit_s": seconds}
    made = _post(client, "/v1/runs", f"run-{time.time()}", json=body, expected=202)
    return str(made.json()["id"])


def _wait(client: httpx2.Client, run: str) -> dict[str, Any]:
    while True:
        found: dict[str, Any] = client.get(f"/v1/runs/{run}").json()
        if found["status"] not in ("queued", "running"):
            return found
        time.sleep(1)


def _post(
    client: httpx2.Client, url: str, key: str, expected: int = 200, **content: Any
) -> httpx2.Response:
    answer = client.post(url, headers={"Idempotency-Key": f"load-{key}"}, **content)
    assert answer.status_code == expected, f"{url}: {answer.status_code} {answer.text[:500]}"
    return answer


def _files(folder: Path, size: str) -> list[tuple[str, tuple[str, bytes]]]:
    made = folder / "files"
    command = ["generate", "--size", size, "--seed", "1", "--as-of", str(date.today())]
    subprocess.run([sys.executable, "-m", "allocator", *command, "-o", str(made)], check=True)
    return [
        (UPLOADS.get(path.name, path.stem), (path.name, path.read_bytes()))
        for path in sorted(made.iterdir())
        if path.suffix in (".csv", ".geojson")
    ]


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """A server and a worker; a token for someone in every role."""
    environment = {
        **os.environ,
        "ALLOCATOR_DATA_FOLDER": str(folder / "service"),
        "ALLOCATOR_PORT": str(PORT),
        "ALLOCATOR_REQUESTS_PER_SECOND": "100000",
        "ALLOCATOR_BURST": "100000",
        "ALLOCATOR_ADDRESS_REQUESTS_PER_SECOND": "100000",
        "ALLOCATOR_ADDRESS_BURST": "100000",
    }
    here = [sys.executable, "-m", "api"]
    server = subprocess.Popen([*here, "serve"], env=environment, stdout=subprocess.DEVNULL)
    try:
        _until_healthy()
        roles = [word for role in ("coordinator", "manager") for word in ("--role", role)]
        asked = [*here, "token", "Load", *roles, "--minutes", "480"]
        done = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)
        yield done.stdout.strip()
    finally:
        server.terminate()
        server.wait(timeout=60)


def _until_healthy() -> None:
    for _ in range(300):
        try:
            if httpx2.get(f"http://127.0.0.1:{PORT}/health").status_code == 200:
                return
        except httpx2.HTTPError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the server did not come up")


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
