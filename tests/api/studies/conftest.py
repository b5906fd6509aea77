"""What tests of studies are given: a release history and a forecast, of people who do not exist."""

import json

import pytest
from typer.testing import CliRunner

from allocator.cli import app


@pytest.fixture(scope="session")
def history_file(tmp_path_factory):
    """The path of a release history."""
    folder = tmp_path_factory.mktemp("history")
    words = ["--size", "S", "--seed", "1", "--as-of", "2026-11-02", "--history", "731"]
    result = CliRunner().invoke(app, ["generate", *words, "-o", str(folder)])
    assert result.exit_code == 0, result.output
    return folder / "release-history.csv"


@pytest.fixture(scope="session")
def forecast_file(history_file):
    """The path of a forecast that is fitted to it."""
    path = history_file.with_name("forecast.json")
    words = ["forecast", str(history_file), "--as-of", "2026-11-02", "--no-picture"]
    result = CliRunner().invoke(app, [*words, "-o", str(path)])
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def forecast(forecast_file):
    """The forecast as it is sent."""
    return json.loads(forecast_file.read_bytes())
