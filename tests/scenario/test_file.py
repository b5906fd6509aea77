"""A scenario file is read whole, or refused with every fault told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from allocator.cli.template import scenario_text
from allocator.errors import UnreadableFile
from allocator.scenario.file import ScenarioFile
from allocator.scenario.read import read_scenario
from allocator.simulate.changes import AnotherPolicy, Close, DemandFactor
from allocator.simulate.changes.who import Who
from allocator.vocabulary import Gender

ROOT = Path(__file__).parents[2]
HEAD = "version: 1\nbase: {size: S, load: 1.3}\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[str]:
    """The lines that tell them."""
    with pytest.raises(UnreadableFile) as refused:
        read_scenario(written(folder, text))
    first, *lines = str(refused.value).splitlines()
    assert first.endswith("nothing was run.")
    return [line.strip() for line in lines]


def test_a_file_is_read_with_days_words_and_numbers_as_they_are_meant(tmp_path: Path) -> None:
    text = HEAD + (
        "scenarios:\n"
        "  - name: one\n"
        "    changes:\n"
        "      - {kind: close, premises: NE003, since: 2027-03-01}\n"
        "      - {kind: demand_factor, factor: 2, who: {bands: [1], regions: [Wales]}}\n"
    )
    found = read_scenario(written(tmp_path, text))
    who = Who(bands=frozenset({1}), regions=frozenset({"Wales"}))
    changes = (Close("NE003", date(2027, 3, 1)), DemandFactor(2.0, who))
    assert found.scenarios[0].changes == changes
    assert found.methods == ScenarioFile(1).methods


def test_the_example_that_template_writes_is_a_file_without_faults(tmp_path: Path) -> None:
    found = read_scenario(written(tmp_path, scenario_text()))
    kinds = {change.kind for scenario in found.scenarios for change in scenario.changes}
    assert len(kinds) == 10


def test_every_fault_is_told_with_its_line_path_and_what_would_mend_it(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        "version: 1\n"
        "base: {size: S}\n"
        "methods: [risk-order, magic, risk-order]\n"
        'replications: "3"\n'
        "scenarios:\n"
        "  - name: base\n"
        "    changes:\n"
        "      - {kind: close, premises: AP999, since: 2027-02-01}\n"
        "      - {kind: close, premises: NE003, since: yesterday, untl: 2}\n"
        "      - {kind: opn_beds, premises: X}\n"
        "      - {premises: X}\n"
        "      - {kind: demand_factor, factor: 20}\n"
        "      - {kind: demand_factor, factor: 1.2, who: {regions: [Walles]}}\n"
        "      - {kind: stay_length, nights: 7, who: {region: [Wales]}}\n"
        "  - name: x\n"
        "  - name: x\n"
        "    changes: []\n",
    )
    parts = [
        ("line 3, methods[1]: ", "no method 'magic'"),
        ("line 3, methods[2]: ", "twice"),
        ("line 4, replications: ", "whole number"),
        ("line 6, scenarios[0].name: ", "give another"),
        ("line 8, scenarios[0].changes[0]: ", "no premises has the id AP999"),
        ("line 9, scenarios[0].changes[1].since: ", "must be a day"),
        ("line 9, scenarios[0].changes[1].untl: ", "use one of premises, since, leave_by, kind"),
        ("line 10, scenarios[0].changes[2]: ", "is open_beds meant?"),
        ("line 11, scenarios[0].changes[3]: ", "has no kind: give one of close"),
        ("line 12, scenarios[0].changes[4].factor: ", "from 0 to 10"),
        ("line 13, scenarios[0].changes[5]: ", "no region called 'Walles'"),
        ("line 14, scenarios[0].changes[6].who.region: ", "is regions meant?"),
        ("line 15, scenarios[1].changes: ", "is missing"),
        ("line 16, scenarios[2].name: ", "scenarios[1] has the same name"),
    ]
    assert len(found) == len(parts)
    for line, (start, words) in zip(found, parts, strict=True):
        assert line.startswith(start)
        assert words in line


def test_every_key_that_is_there_twice_is_told(tmp_path: Path) -> None:
    text = "version: 1\nbase: {size: S, size: M}\ndays: 3\ndays: 4\n"
    assert faults(tmp_path, text) == [
        "line 2, base.size: is there already, in line 2: keep one",
        "line 4, days: is there already, in line 3: keep one",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("a: [1\n", "line 2: this is not YAML"),
        ("- 1\n", "version: 1 first"),
        ("version: 1\nbase: &x {size: S}\n", "line 2: an anchor"),
        ("version: 1\ndays: !!python/name:os.system 3\n", "line 2: a tag"),
        ("version: 1\nbase: {size: Q}\n", "line 2, base.size: size must be one of"),
        ("version: 1\nbase: {problem: none.json}\n", "base.problem: there is no file"),
        ("version: 1\nbase: {policy: none-such}\n", "line 2, base: no policy called none-such"),
        ("version: 1\ndays: 0\n", "line 2, days: must be at least 28, not 0"),
        ("version: 1\nreplications: 0\n", "line 2, replications: must be at least 1, not 0"),
        ("version: 1\nmethods: []\n", "line 2, methods: methods is empty"),
        ("version: 1\nreplications: .nan\n", "line 2, replications"),
        ("version: 1\nscenarios: 3\n", "line 2, scenarios"),
        ("version: 1\nscenarios: [{name: x, changes: [3]}]\n", "scenarios[0].changes[0]"),
        ("days: 30\n", "version: is missing"),
        (
            "version: 1\nmethods: [optimise-all]\nscenarios:\n  - name: x\n    changes:\n"
            "      - {kind: close, premises: NE003, since: 2027-01-01}\n",
            "line 6, scenarios[0].changes[0]: optimise-all plans with a problem",
        ),
        ("version: 1\nquestions: {method: best}\n", "line 2, questions.method: there is no method"),
    ],
)
def test_a_file_with_one_fault_is_refused_in_words(tmp_path: Path, text: str, words: str) -> None:
    (line,) = faults(tmp_path, text)
    assert words in line


@pytest.mark.parametrize("version", ["2", "true"])
def test_another_version_is_refused_and_nothing_else_is_told(tmp_path: Path, version: str) -> None:
    with pytest.raises(UnreadableFile, match="reads version 1"):
        read_scenario(written(tmp_path, f"version: {version}\nanything: 3\n"))


def test_on_and_no_are_words(tmp_path: Path) -> None:
    text = HEAD + "scenarios: [{name: no, note: on, changes: []}]\n"
    (found,) = read_scenario(written(tmp_path, text)).scenarios
    assert (found.name, found.note) == ("no", "on")


def test_a_policy_file_is_found_from_the_folder_of_the_scenario(tmp_path: Path) -> None:
    text = (ROOT / "allocator" / "policies" / "2026-11.toml").read_text(encoding="utf-8")
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    changes = "scenarios: [{name: x, changes: [{kind: policy, policy: own.toml}]}]\n"
    (scenario,) = read_scenario(written(tmp_path, HEAD + changes)).scenarios
    assert scenario.changes == (AnotherPolicy(str(tmp_path / "own.toml")),)


CHANGES = HEAD + "days: 28\nwarm_up_days: 14\nscenarios:\n  - name: x\n    changes:\n"
"""From 2 November 2026; releases are counted from 16 November to 13 December."""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("kind: close, premises: NE003, since: 2035-01-01", "since: 1 January 2035 is after"),
        ("kind: close, premises: NE003, since: 2026-12-14", "counted, 13 December 2026"),
        ("kind: close, premises: NE003, since: 2026-11-01", "simulated, 2 November 2026: give"),
        ("kind: open_beds, premises: NE003, since: 2020-01-01", "since: 1 January 2020 is before"),
        ("kind: stay_length, nights: 7, since: 2029-01-01", "since: 1 January 2029 is after"),
        ("kind: demand_factor, factor: 2, since: 2029-01-01", "since: 1 January 2029 is after"),
        ("kind: demand_factor, factor: 2, since: 2020-01-01", "before the first referral"),
        (
            "kind: early_release, days: 7, share: 1, first: 2028-01-01, until: 2028-02-01",
            "first: 1 January 2028 is after",
        ),
        (
            "kind: early_release, days: 7, share: 1, first: 2026-01-01, until: 2026-11-02",
            "until: 2 November 2026 is not after the first day",
        ),
        ("kind: close, premises: NE003, since: 2027-02-30", "since: must be a day"),
    ],
)
def test_a_change_that_lies_beside_the_simulated_days_is_a_fault(
    tmp_path: Path, change: str, words: str
) -> None:
    (line,) = faults(tmp_path, f"{CHANGES}      - {{{change}}}\n")
    assert line.startswith("line 8, scenarios[0].changes[0].")
    assert words in line


def test_people_may_have_to_leave_after_the_last_simulated_day(tmp_path: Path) -> None:
    dates = "since: 2026-11-20, leave_by: 2027-01-15"
    text = f"{CHANGES}      - {{kind: close, premises: NE003, {dates}}}\n"
    (scenario,) = read_scenario(written(tmp_path, text)).scenarios
    assert scenario.changes == (Close("NE003", date(2026, 11, 20), date(2027, 1, 15)),)


@pytest.mark.parametrize("since", ["2026-11-02", "2026-12-13"])
def test_the_first_and_the_last_simulated_day_are_dates_to_change_on(
    tmp_path: Path, since: str
) -> None:
    change = f"      - {{kind: close, premises: NE003, since: {since}}}\n"
    assert read_scenario(written(tmp_path, CHANGES + change)).scenarios


def test_referrals_made_before_the_first_day_can_be_changed(tmp_path: Path) -> None:
    change = "      - {kind: demand_factor, factor: 2, since: 2026-09-01}\n"
    assert read_scenario(written(tmp_path, CHANGES + change)).scenarios


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("kind: tier_gate, scheme: v2", "scheme: must be v3, not 'v2'"),
        (
            "kind: convert, premises: NE003, add: [hasEnsuite]",
            "there is no 'hasEnsuite': is hasEnSuite meant?",
        ),
        ("kind: convert, premises: NE003, rooms: two, add: [hasEnSuite]", "a whole number"),
        (
            "kind: early_release, days: 7, share: 30, first: 2026-11-20, until: 2026-12-01",
            "changes[0].share: share must be from 0 to 1, not 30: write 0.3 for 30 %",
        ),
        ("kind: demand_factor, factor: 10%", "must be a number, such as 1.1, for a tenth more"),
        ("kind: demand_factor, factor: '1.1'", "must be a number, without quotes"),
        ("kind: open_beds, premises: NE003, beds: five", "a whole number, such as 5"),
        ("kind: open_beds, premises: NE003, beds: '5'", "a whole number, without quotes"),
        ("kind: open_beds, premises: NE999", "the id NE999; there are NE003, "),
        ("kind: policy, policy: nosuch.toml", "there is no such file; give the path"),
    ],
)
def test_a_wrong_word_is_told_in_words(tmp_path: Path, change: str, words: str) -> None:
    (line,) = faults(tmp_path, f"{CHANGES}      - {{{change}}}\n")
    assert words in line
    assert "Errno" not in line
    assert len(line) < 200


def test_sexes_may_be_written_as_release_lists_write_them(tmp_path: Path) -> None:
    change = "      - {kind: demand_factor, factor: 2, who: {genders: [Male, woman, FEMALE]}}\n"
    (scenario,) = read_scenario(written(tmp_path, CHANGES + change)).scenarios
    who = Who(genders=frozenset({Gender.MAN, Gender.WOMAN}))
    assert scenario.changes == (DemandFactor(2.0, who),)


def opening(**given: object) -> str:
    whole = {"latitude": 54.97, "longitude": -1.61, "region": "North East"} | given
    place = f"{{latitude: {whole['latitude']}, longitude: {whole['longitude']}}}"
    return (
        f"{CHANGES}      - {{kind: open_premises, id: NEW1, gender: woman, beds: 2, "
        f"location: {place}, region: {whole['region']}}}\n"
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"latitude": -1.61, "longitude": 54.97}, "are they swapped?"),
        ({"latitude": 55.95, "longitude": -3.19}, "EH1 is nearest"),
        ({"latitude": 53.5, "longitude": 1.6}, "not in England or Wales"),
        ({"region": "Narnia"}, "no region called 'Narnia'"),
    ],
)
def test_a_new_premises_lies_in_england_or_wales_and_in_a_region(
    tmp_path: Path, given: dict[str, object], words: str
) -> None:
    (line,) = faults(tmp_path, opening(**given))
    assert words in line


def test_the_edges_of_england_and_wales_are_in_it(tmp_path: Path) -> None:
    for latitude, longitude in ((55.77, -2.0), (50.12, -5.53), (52.41, -4.08), (52.48, 1.75)):
        text = opening(latitude=latitude, longitude=longitude)
        assert read_scenario(written(tmp_path, text)).scenarios


def test_keys_that_would_change_nothing_beside_a_problem_are_faults(tmp_path: Path) -> None:
    base = "{problem: p.json, forecast: f.json, load: 1.2, size: S, windows: mixed, known: 'true'}"
    found = faults(tmp_path, f"version: 1\nbase: {base}\n")
    told = [line for line in found if "would change nothing beside" in line]
    assert [line.split(":")[0] for line in told] == [
        "line 2, base.known",
        "line 2, base.load",
        "line 2, base.size",
        "line 2, base.windows",
    ]


def test_to_look_for_faults_nobody_is_given_a_bed_which_takes_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seats(*_: object) -> dict[str, str]:
        raise AssertionError("beds were looked for")

    monkeypatch.setattr("allocator.simulate.settle.first_seats", seats)
    text = HEAD + (
        "scenarios:\n"
        "  - name: closed\n"
        "    changes:\n"
        "      - {kind: close, premises: NE003, since: 2026-11-10, leave_by: 2026-12-01}\n"
        "      - {kind: stay_length, nights: 60}\n"
        "      - {kind: convert, premises: NE005, add: [isPIPE]}\n"
    )
    assert read_scenario(written(tmp_path, text)).scenarios[0].name == "closed"
