"""Pages on a national register: how long each kind takes on the server, and how large it is.

`python -m benchmarks.pages --help`. A server and a worker of their own bring a national list in and
make a plan; then four people, one of each role, follow the links that they see, so many of each
kind of address. Writes one dated file of results beside the others, and prints a table.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2

from benchmarks.run import RESULTS, commit, machine
from benchmarks.serving import PORT, files_of, make_a_plan, post, serving, wait_for

ROLES = ("coordinator", "manager", "planner", "auditor")
SITE = f"http://127.0.0.1:{PORT}"
LINK = re.compile(r'<a\b[^>]*\bhref="([^"#]+)')
NAMED = re.compile(r"[0-9.%]")
"""A part of an address that names something, so that one kind of page has many of it."""


def main() -> int:
    """Start, fill, walk, write."""
    chosen = _arguments()
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        found = _measured(Path(folder), chosen)
    path = RESULTS / f"pages-{date.today()}-{commit()[:9]}.json"
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    _show(found)
    print(f"written to {path}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--size", default="L", choices=["S", "M", "L"])
    parser.add_argument("--solve-s", type=int, default=60, help="time limit of the plan")
    parser.add_argument("--each", type=int, default=20, help="pages of each kind, for each role")
    return parser.parse_args()


def _measured(folder: Path, chosen: argparse.Namespace) -> dict[str, Any]:
    kinds: dict[str, list[tuple[float, int]]] = defaultdict(list)
    with serving(folder) as token:
        with _client(Authorization=f"Bearer {token('coordinator', 'manager')}") as client:
            post(client, "/v1/imports", "import", files=files_of(folder, chosen.size), expected=201)
            run = make_a_plan(client, chosen.solve_s)
            ended = wait_for(client, run)
        for role in ROLES:
            with _client(Accept="text/html") as client:
                signed_in = client.post("/sign-in", data={"token": token(role)})
                assert signed_in.status_code == 303, signed_in.text
                for address, seconds, size in _walked(client, chosen.each):
                    kinds[_kind(address)].append((seconds, size))
    return {
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        "size": chosen.size,
        "plan": ended["status"],
        "pages": {kind: _told(kinds[kind]) for kind in sorted(kinds)},
    }


def _client(**headers: str) -> httpx2.Client:
    return httpx2.Client(base_url=SITE, headers=headers, timeout=600)


def _walked(client: httpx2.Client, each: int) -> Iterator[tuple[str, float, int]]:
    """Addresses reached by links from the first page, with seconds and bytes; so many of a kind.

    Where there are fewer, they are asked again, as people ask.
    """
    waiting, seen = deque(["/"]), {"/"}
    of_kind: dict[str, list[str]] = defaultdict(list)
    while waiting:
        address = waiting.popleft()
        if len(of_kind[_kind(address)]) >= each:
            continue
        answer, seconds = _asked(client, address)
        if answer.status_code in (302, 303, 307):
            found = [answer.headers["location"]]
        else:
            assert answer.status_code == 200, f"{address}: {answer.status_code}"
            of_kind[_kind(address)].append(address)
            yield address, seconds, len(answer.content)
            html = answer.headers["content-type"].startswith("text/html")
            found = [unescape(link) for link in LINK.findall(answer.text)] if html else []
        for link in found:
            whole = urlsplit(urljoin(SITE + address, link))
            path = whole.path + (f"?{whole.query}" if whole.query else "")
            ours = f"{whole.scheme}://{whole.netloc}" == SITE
            if ours and path not in seen and not path.startswith(("/static", "/sign-", "/v1")):
                seen.add(path)
                waiting.append(path)
    for known in of_kind.values():
        for address in islice(cycle(known), each - len(known) if known else 0):
            answer, seconds = _asked(client, address)
            assert answer.status_code == 200, f"{address}: {answer.status_code}"
            yield address, seconds, len(answer.content)


def _asked(client: httpx2.Client, address: str) -> tuple[httpx2.Response, float]:
    """The answer, and its seconds."""
    began = time.perf_counter()
    answer = client.get(address)
    return answer, time.perf_counter() - began


def _kind(address: str) -> str:
    """The address with what names one thing left out."""
    path = urlsplit(address).path
    return "/".join("…" if NAMED.search(part) else part for part in path.split("/"))


def _told(pages: list[tuple[float, int]]) -> dict[str, float]:
    times = sorted(1e3 * seconds for seconds, _ in pages)
    return {
        "asked": len(times),
        "first_ms": round(1e3 * pages[0][0], 1),
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[math.ceil(0.95 * len(times)) - 1], 1),
        "worst_ms": round(times[-1], 1),
        "largest_kb": round(max(size for _, size in pages) / 1e3, 1),
    }


def _show(found: dict[str, Any]) -> None:
    for kind, each in found["pages"].items():
        times = f"median {each['median_ms']:7} ms  p95 {each['p95_ms']:7} ms"
        worst = f"first {each['first_ms']:7} ms  {each['largest_kb']:6} kB"
        print(f"{kind:44} {each['asked']:4}  {times}  {worst}")


if __name__ == "__main__":
    sys.exit(main())
