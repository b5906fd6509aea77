"""The SQLite register is for its owner alone, whichever command makes it or finds it."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from api.store import private
from api.store.private import OpenToOthersError, keep_private

ROOT = Path(__file__).parents[2]


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def run(folder, *command):
    """A command of ours, started where files are made for everybody."""
    return subprocess.run(
        [sys.executable, "-m", *command],
        env={**os.environ, "ALLOCATOR_DATA_FOLDER": str(folder), "PYTHONPATH": str(ROOT)},
        cwd=folder.parent,
        umask=0o022,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_register_that_migrate_makes_is_its_owners_and_one_that_is_not_is_made_so(tmp_path):
    folder = tmp_path / "data"
    assert run(folder, "api", "migrate").returncode == 0
    register = folder / "register.db"
    assert (mode(register), mode(folder)) == (0o600, 0o700)
    register.chmod(0o644)
    assert run(folder, "api", "verify").returncode == 0
    assert mode(register) == 0o600


def test_what_lies_beside_the_register_is_its_owners_too(tmp_path):
    for name in ("register.db", "register.db-wal", "register.db-shm"):
        (tmp_path / name).touch(0o666)
        (tmp_path / name).chmod(0o666)
    keep_private(f"sqlite:///{tmp_path / 'register.db'}")
    assert {mode(path) for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize("url", ["sqlite://", "postgresql+psycopg://me@here/register"])
def test_a_register_that_is_no_file_is_left_alone(url):
    keep_private(url)


def test_a_register_that_is_open_and_not_ours_stops_the_start(tmp_path, monkeypatch):
    path = tmp_path / "register.db"
    path.touch()
    path.chmod(0o644)

    def refuse(self, mode):
        raise PermissionError

    monkeypatch.setattr(private.Path, "chmod", refuse)
    with pytest.raises(OpenToOthersError):
        keep_private(f"sqlite:///{path}")
