"""Serving: a server and a worker on a folder that goes again, and how they are asked."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx2

PORT = 8971
UPLOADS = {
    "release-list.csv": "referrals",
    "out-of-service.csv": "out_of_service",
    "zones.geojson": "zones",
}


def make_a_plan(client: httpx2.Client, seconds: int) -> str:
    """Ask for a quick plan of so many seconds; its number."""
    body = {"over": "register", "effort": "quick", "time_limit_s": seconds}
    made = post(client, "/v1/runs", f"run-{time.time()}", json=body, expected=202)
    return str(made.json()["id"])


def wait_for(client: httpx2.Client, run: str) -> dict[str, Any]:
    """The run once it has ended."""
    while True:
        found: dict[str, Any] = client.get(f"/v1/runs/{run}").json()
        if found["status"] not in ("queued", "running"):
            return found
        time.sleep(1)


def post(
    client: httpx2.Client, url: str, key: str, expected: int = 200, **content: Any
) -> httpx2.Response:
    """The answer to what is sent, which must be of the status `expected`."""
    answer = client.post(url, headers={"Idempotency-Key": f"load-{key}"}, **content)
    assert answer.status_code == expected, f"{url}: {answer.status_code} {answer.text[:500]}"
    return answer


def files_of(folder: Path, size: str) -> list[tuple[str, tuple[str, bytes]]]:
    """The files of a synthetic list from today on, as an import takes them."""
    made = folder / "files"
    command = ["generate", "--size", size, "--seed", "1", "--as-of", str(date.today())]
    subprocess.run([sys.executable, "-m", "allocator", *command, "-o", str(made)], check=True)
    return [
        (UPLOADS.get(path.name, path.stem), (path.name, path.read_bytes()))
        for path in sorted(made.iterdir())
        if path.suffix in (".csv", ".geojson")
    ]


@contextmanager
def serving(folder: Path) -> Iterator[Callable[..., str]]:
    """A server and a worker, and what gives a token for someone in these roles."""
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

        def token(*roles: str) -> str:
            given = [word for role in roles for word in ("--role", role)]
            asked = [*here, "token", "Load", *given, "--minutes", "480"]
            done = subprocess.run(
                asked, env=environment, capture_output=True, text=True, check=True
            )
            return done.stdout.strip()

        yield token
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
