"""The README's examples: each ```console block is a command and what it prints.

`python -m tests.readme` runs them all and writes what they print now into the README.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
_BLOCK = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)
_SECONDS = re.compile(r"\d+\.\d(?= *$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """A command and the lines under it."""

    command: str
    output: str


def examples(text: str) -> list[Example]:
    """The examples in the order of the page."""
    return [Example(found["command"], found["output"]) for found in _BLOCK.finditer(text)]


def printed(commands: list[str], folder: Path) -> Iterator[str]:
    """What each prints, run one after another in a folder that has the fixtures."""
    (folder / "fixtures").symlink_to(ROOT / "fixtures")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for command in commands:
        done = subprocess.run(
            command,
            shell=True,
            cwd=folder,
            env={**os.environ, "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
        )
        yield tidy(done.stdout)


def tidy(text: str) -> str:
    """Without blanks at the ends of lines, which an editor may take away."""
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def without_seconds(text: str) -> str:
    """The text with every figure of seconds, the last on its line, put out of sight."""
    return re.sub(r" *#s$", " #s", _SECONDS.sub("#s", text), flags=re.MULTILINE)


def _rewrite() -> None:
    text = README.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        outputs = printed([example.command for example in examples(text)], Path(folder))
        new = _BLOCK.sub(lambda m: f"```console\n$ {m['command']}\n{next(outputs)}```", text)
    README.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    _rewrite()
