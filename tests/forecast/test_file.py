"""forecast.json: read back as it was, closed to unknown keys, and nobody's number in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from allocator.errors import UnreadableFile
from allocator.forecast import Forecast, forecast_to_json, read_forecast, write_forecast
from allocator.streams import Streams
from tests.forecast.made import AS_OF, forecast, two_years

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def found() -> Forecast:
    return forecast("S")


def refusal(folder: Path, found: Forecast, change: Change) -> str:
    data = json.loads(forecast_to_json(found))
    change(data)
    path = folder / "f.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(UnreadableFile) as refused:
        read_forecast(path)
    return str(refused.value)


def test_a_forecast_is_read_back_as_it_was(tmp_path: Path, found: Forecast) -> None:
    wrong = found.scaled(1.5, band=1)
    for each in (found, wrong):
        write_forecast(each, tmp_path / "f.json")
        again = read_forecast(tmp_path / "f.json")
        assert again == each and forecast_to_json(again) == forecast_to_json(each)
        until = AS_OF.replace(year=AS_OF.year + 1)
        assert again.people(Streams(1), AS_OF, until) == each.people(Streams(1), AS_OF, until)


def test_no_number_of_anyone_in_the_history_is_in_it(found: Forecast) -> None:
    text = forecast_to_json(found).decode()
    for past in two_years("S").people:
        referral = past.coming.referral
        assert referral.id not in text and referral.crn not in text
    assert "ethnicity" not in text and "religion" not in text and "disability" not in text


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda d: d.update(more=1), "more: Unexpected keyword argument"),
        (lambda d: d["total"].update(trend=1), "total.trend"),
        (lambda d: d["cells"][0].update(ethnicity="?"), "cells.0.ethnicity"),
        (lambda d: d["donors"][0].update(crn="X000001"), "donors.0.crn"),
        (lambda d: d.update(version=99), "version 99; this allocator reads version 1"),
        (lambda d: d.pop("cells"), "it lacks version, total or cells"),
        (lambda d: d["cells"][0].update(share=2.0), "share is from 0 to 1"),
        (lambda d: d["cells"].pop(), "must add up to 1"),
        (lambda d: d["outcomes"]["early"].update(value=1.5), "a rate is from 0 to 1"),
        (lambda d: d["outcomes"].update(early_at=[]), "from 0 to 1"),
        (lambda d: d["notice"].clear(), "notice lacks a shape of everybody"),
        (lambda d: d.update(donors=[]), "no donor for band 1"),
        (lambda d: d["notice"][0].update(weights=[]), "one weight each"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(
    tmp_path: Path, found: Forecast, change: Change, words: str
) -> None:
    assert words in refusal(tmp_path, found, change)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"version": 1}', "null"])
def test_what_is_no_forecast_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "f.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFile):
        read_forecast(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_forecast(tmp_path / "none.json")
