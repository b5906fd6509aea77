"""The settings file that the command line shares with the service."""

import json

from typer.testing import CliRunner

from allocator.cli import app, settings
from allocator.errors import UnreadableFile
from tests.fixtures.folders import FIXTURES

TINY = FIXTURES / "tiny"
PACKAGED = FIXTURES.parent / "allocator" / "policies" / "2026-11.toml"


def test_plans_are_made_under_the_policy_that_the_settings_name(tmp_path, monkeypatch):
    text = PACKAGED.read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(text.replace('name = "2026-11"', 'name = "our-own"', 1), encoding="utf-8")
    (tmp_path / "allocator.toml").write_text(f'policy = "{own}"\nport = 8000\n', encoding="utf-8")
    monkeypatch.setenv("ALLOCATOR_SETTINGS", str(tmp_path / "allocator.toml"))
    settings.settings.cache_clear()
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["allocate", str(TINY), "--as-of", "2026-11-02", "-o", str(out)])
    settings.settings.cache_clear()
    assert done.exit_code == 0, done.output
    plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert plan["policy_name"] == "our-own"


def test_a_settings_file_that_is_not_there_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("ALLOCATOR_SETTINGS", str(tmp_path / "none.toml"))
    settings.settings.cache_clear()
    out = str(tmp_path / "out")
    done = CliRunner().invoke(app, ["allocate", str(TINY), "--as-of", "2026-11-02", "-o", out])
    settings.settings.cache_clear()
    assert isinstance(done.exception, UnreadableFile)
