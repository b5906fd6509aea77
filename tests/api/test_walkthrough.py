"""docs/api.md is kept true: every command of it is run, in order, against a service of its own."""

import os
import re
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.api.registers import until

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
SERVE = "python -m api serve"
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
_ALIKE = (
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "ID"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"), "MOMENT"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "DAY"),
)


def examples():
    """Each command of the page, with the lines under it."""
    for block in _BLOCK.findall(PAGE):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


def a_free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


@contextmanager
def serving(folder, environment, port):
    """The service as the page starts it; the first line that it prints."""
    told = folder / "service.log"
    with (
        told.open("w") as to,
        subprocess.Popen(
            SERVE.split(), cwd=folder, env=environment, stdout=to, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            until(lambda: process.poll() is None and answers(port), bool)
            yield told.read_text().splitlines()[0]
        finally:
            process.terminate()
            process.wait(timeout=60)


def answers(port):
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def ran(commands, folder, environment):
    """What each prints, one shell for all of them."""
    marked = [f"printf '\\n@@@\\n'\n{command}" for command in commands]
    done = subprocess.run(
        ["bash", "-uo", "pipefail", "-c", "\n".join(marked)],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return [told.removesuffix("\n") for told in done.stdout.split("\n@@@\n")[1:]]


def pattern(told):
    """What the page says is printed, with anything for each … of it."""
    parts = [re.escape(alike(part)) for part in told.strip().split("…")]
    return ".*?".join(parts)


def alike(text):
    """With days, moments and ids that will be others next time put out of sight."""
    for what, name in _ALIKE:
        text = what.sub(name, text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_every_command_of_the_page_prints_what_the_page_says(tmp_path):
    port = str(a_free_port())
    told = [(command.replace("8000", port), output) for command, output in examples()]
    programs = Path(sys.executable).parent
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "ALLOCATOR_PORT": port,
        "ALLOCATOR_DATA_FOLDER": str(tmp_path / "service"),
    }
    (command, output), *others = told
    assert command == SERVE
    with serving(tmp_path, environment, int(port)) as first_line:
        assert re.fullmatch(pattern(output.replace("8000", port)), first_line.strip())
        printed = ran([command for command, _ in others], tmp_path, environment)
    assert len(printed) == len(others)
    wrong = [
        f"$ {command}\n{now}\n-- the page:\n{then}"
        for (command, then), now in zip(others, printed, strict=True)
        if not re.fullmatch(pattern(then), alike(now), flags=re.DOTALL)
    ]
    assert wrong == [], "\n\n".join(wrong)


def test_the_page_shows_each_part_of_the_journey():
    used = "\n".join(command for command, _ in examples())
    for part in (
        "/v1/imports",
        "/v1/runs",
        "/events",
        "/explanations",
        "/decision",
        "without_bed",
        "/v1/escalations",
        "/timeline",
        "/brief",
        "/v1/forecasts",
        "/advice",
        "/v1/holds",
        "verification",
    ):
        assert part in used
