"""Files of the past: what was written is read back, and every fault is told with its mend."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from allocator.cli.forecast_table import forecast_table
from allocator.coming import Coming
from allocator.forecast import expected
from allocator.forecast.fit import fit
from allocator.generate.history_file import write_history
from allocator.ingest.history import HistoryReading, read_history
from allocator.ingest.release_history import LAYOUT
from allocator.ingest.templates import write_template
from allocator.policy import load_policy
from allocator.streams import Streams
from allocator.vocabulary import ApType, Rosh
from tests.forecast.made import truth
from tests.ingest import real_headers
from tests.ingest.files import Cells, an_outcome, write

POLICY = load_policy()
AS_OF = date(2026, 11, 2)
HEADER = ",".join((*LAYOUT.all_columns, "synthetic"))


def a_past(number: str = "R1", **cells: str) -> Cells:
    """A row of the release history: someone who came and left as planned."""
    return {
        "referral_id": number,
        "crn": "X000001",
        "gender": "Male",
        "release_date": "2026-02-01",
        "nights": "84",
        "tier": "B2",
        "rosh": "High",
        "mappa": "NOT MAPPA",
        "referred_on": "2026-01-05",
        "outcome": "arrived",
        "arrived_on": "2026-02-01",
        "departed_on": "2026-04-26",
    } | cells


def read(folder: Path, *rows: Cells, **more: object) -> HistoryReading:
    path = write(folder / "history.csv", HEADER, *rows)
    return read_history([path], POLICY, AS_OF, **more)  # type: ignore[arg-type]


def people(reading: HistoryReading) -> list[Coming]:
    assert reading.history is not None, "\n".join(str(each) for each in reading.complaints)
    return [past.coming for past in reading.history.people]


def fault(folder: Path, **cells: str) -> str:
    reading = read(folder, a_past(**cells))
    assert reading.history is None
    (complaint,) = reading.complaints
    return str(complaint)


def test_what_the_true_process_made_is_read_back(tmp_path: Path) -> None:
    made = truth().people(Streams(2), AS_OF - timedelta(days=300), AS_OF)
    path = tmp_path / "history.csv"
    write_history(made, AS_OF, path)
    found = read_history([path], POLICY, AS_OF)
    assert found.complaints == () and found.history is not None and found.history.synthetic
    read_back = {past.coming.referral.id: past for past in found.history.people}
    assert len(read_back) == len(made)
    for each in made:
        past = read_back[each.referral.id]
        bare = replace(past.coming.referral, protected=(), assumptions=())
        assert bare == replace(each.referral, protected=(), preferred_premises=())
        if past.stay_known:
            assert past.coming.nights == each.nights and each.arrives
        if past.followed:
            assert past.coming.withdrawn_on == each.withdrawn_on
        if past.arrival_known:
            assert past.coming.arrives == each.arrives


def test_a_row_is_a_referral_its_day_and_what_came_of_it(tmp_path: Path) -> None:
    (found,) = people(read(tmp_path, a_past(departed_on="2026-02-11", latest_arrival="2026-02-08")))
    assert (found.referred_on, found.arrives, found.nights_slept) == (date(2026, 1, 5), True, 10)
    assert found.referral.latest_arrival == date(2026, 2, 8)
    assert found.referral.rosh is Rosh.HIGH and found.referral.mappa_level == 0


def test_what_is_not_known_is_not_counted(tmp_path: Path) -> None:
    rows = (
        a_past("stayed"),
        a_past("still there", arrived_on="2026-10-01", departed_on=""),
        a_past(
            "left early, would still be there", arrived_on="2026-10-01", departed_on="2026-10-09"
        ),
        a_past("no bed", outcome="no bed", arrived_on="", departed_on=""),
        a_past("absent", outcome="not arrived", arrived_on="", departed_on=""),
        a_past("to come", release_date="2026-12-01", outcome="", arrived_on="", departed_on=""),
    )
    reading = read(tmp_path, *rows)
    assert reading.history is not None
    known = {past.coming.referral.id: past for past in reading.history.people}
    assert {name for name, past in known.items() if past.stay_known} == {"stayed"}
    assert {name for name, past in known.items() if not past.arrival_known} == {"no bed", "to come"}
    assert {name for name, past in known.items() if not past.followed} == {"to come"}
    assert not known["absent"].coming.arrives


def test_a_history_without_outcomes_knows_no_rate(tmp_path: Path) -> None:
    blank = {"outcome": "", "arrived_on": "", "departed_on": ""}
    found = read(tmp_path, *(a_past(f"R{number}", **blank) for number in range(60)))
    assert found.history is not None
    outcomes = fit(found.history, POLICY, AS_OF).outcomes
    counted = [outcomes.withdrawn, outcomes.not_arriving, outcomes.early, outcomes.changed]
    assert [rate.counted for rate in counted] == [0, 0, 0, 0]


def test_a_forecast_of_an_earlier_day_knows_what_was_known_then(tmp_path: Path) -> None:
    """The same people, written down later, give the same history as of the earlier day."""
    made = truth().people(Streams(2), AS_OF - timedelta(days=300), AS_OF)
    then = AS_OF - timedelta(days=100)
    write_history(made, AS_OF, tmp_path / "now.csv")
    write_history([each for each in made if each.referred_on <= then], then, tmp_path / "then.csv")
    until = then + timedelta(days=1)
    later = read_history([tmp_path / "now.csv"], POLICY, then, until=until, latest=AS_OF)
    earlier = read_history([tmp_path / "then.csv"], POLICY, then, until=until)
    assert later.history == earlier.history
    (note,) = later.notes
    assert note.code == "made_later" and "left out" in note.text
    assert not read_history([tmp_path / "now.csv"], POLICY, then).history


def test_what_sets_the_band_and_is_not_in_the_files_is_said_first(tmp_path: Path) -> None:
    made = date(2026, 3, 1)
    rows = [a_request(number, made + timedelta(days=number), 5, tier="A1") for number in range(90)]
    found = report(tmp_path, *rows)
    assert found.history is not None
    forecast = fit(found.history, POLICY, AS_OF)
    said = {remark.about: remark.text for remark in forecast.remarks}
    of = forecast.basis.referrals
    assert said["risk of serious harm"].startswith(f"not in the files for {of} of {of}")
    console = Console(width=100, file=StringIO())
    console.print(forecast_table(forecast, expected(forecast, AS_OF, 4, (4,)), POLICY))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert text.index("risk of serious harm: not in the files") < text.index("Referrals by band")


def test_a_history_that_lacks_one_column_is_told_which(tmp_path: Path) -> None:
    columns = [name for name in HEADER.split(",") if name != "referred_on"]
    row = {name: cell for name, cell in a_past().items() if name in columns}
    path = write(tmp_path / "past.csv", ",".join(columns), row)
    found = read_history([path], POLICY, AS_OF)
    assert "lacks the column referred_on" in str(found.complaints[0])


def test_someone_gone_on_the_day_of_arrival_slept_one_night(tmp_path: Path) -> None:
    (found,) = people(read(tmp_path, a_past(departed_on="2026-02-01")))
    assert found.nights_slept == 1


def test_a_bed_needed_before_it_was_asked_for_is_needed_from_then(tmp_path: Path) -> None:
    reading = read(tmp_path, a_past(release_date="2026-01-02"))
    (found,) = people(reading)
    assert found.referral.release_date == found.referral.latest_arrival == date(2026, 1, 5)
    assert [note.code for note in reading.notes] == ["asked_late"]


@pytest.mark.parametrize(
    "cells, words",
    [
        ({"referred_on": "2026-12-01"}, "column referred_on: '2026-12-01' is after 2026-11-02"),
        ({"arrived_on": "2026-01-01"}, "is before 2026-01-05, when it was made"),
        ({"departed_on": "2026-01-20"}, "is before the arrival on 2026-02-01"),
        ({"arrived_on": "", "outcome": ""}, "column arrived_on: is blank though departed_on"),
        ({"withdrawn_on": "2026-01-20", "outcome": ""}, "for a stay that ended, departed_on"),
        ({"outcome": "not arrived"}, "'not arrived' is not what the dates say: arrived"),
        ({"outcome": "went"}, "write one of arrived, not arrived, withdrawn, no bed"),
        ({"changed_on": "2026-01-20"}, "goes with changed_on, and one is blank"),
        ({"referred_on": ""}, "column referred_on: is blank; fill it: date"),
        (
            {"outcome": "withdrawn", "arrived_on": "", "departed_on": ""},
            "column withdrawn_on: is blank though the outcome is withdrawn",
        ),
    ],
)
def test_cells_that_cannot_be_are_told_with_their_mend(
    tmp_path: Path, cells: dict[str, str], words: str
) -> None:
    found = fault(tmp_path, **cells)
    assert found.startswith("history.csv, row 2, column") and words in found


def test_every_fault_is_told_at_once_and_bad_rows_can_be_left_out(tmp_path: Path) -> None:
    rows = (
        a_past(),
        a_past("R2", tier="Z9", rosh="awful"),
        a_past("R3", departed_on="2026-01-20"),
        a_past(),
    )
    refused = read(tmp_path, *rows)
    assert refused.history is None
    assert sorted(c.place.row or 0 for c in refused.complaints) == [3, 3, 4, 5]
    assert any("is also in history.csv, row 2" in str(c) for c in refused.complaints)
    rest = read(tmp_path, *rows, skip_bad_rows=True)
    assert len(people(rest)) == 1 and len(rest.left_out) == 4


def test_a_history_is_not_read_as_a_list_of_people_who_ask(tmp_path: Path) -> None:
    from allocator.ingest import Sources, read_files
    from allocator.ingest.folder import with_folder

    path = write(tmp_path / "past.csv", HEADER, a_past())
    reading = read_files(Sources(AS_OF, referrals=(path,)))
    assert "looks like release history, not release list" in str(reading.complaints[0])
    (note,) = with_folder(tmp_path, Sources(AS_OF)).notes
    assert note.code == "file_not_read" and "allocator forecast" in note.text


def test_a_column_that_protects_and_is_misspelt_is_a_fault(tmp_path: Path) -> None:
    path = write(
        tmp_path / "history.csv", HEADER.replace("essential_criteria", "esential_criteria")
    )
    found = read_history([path], POLICY, AS_OF)
    assert "looks like essential_criteria, which protects people" in str(found.complaints[0])


def test_the_template_is_read_back(tmp_path: Path) -> None:
    write_template(LAYOUT, tmp_path / "history.xlsx")
    found = read_history([tmp_path / "history.xlsx"], POLICY, date(2026, 12, 31))
    assert len(people(found)) == 1


def test_a_file_that_is_not_there_and_one_of_another_kind_are_told_together(
    tmp_path: Path,
) -> None:
    other = write(tmp_path / "zones.csv", "crn,kind,latitude,longitude,radius_miles")
    found = read_history([tmp_path / "none.csv", other], POLICY, AS_OF)
    assert [complaint.place.file for complaint in found.complaints] == ["none.csv", "zones.csv"]
    assert "not release history" in str(found.complaints[1])


def test_a_file_without_rows_is_nothing_to_read(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert found.history is None and "nobody was referred" in str(found.complaints[0])


def test_days_covered_may_be_given(tmp_path: Path) -> None:
    reading = read(tmp_path, a_past(), first=date(2026, 1, 1), until=date(2026, 3, 1))
    assert reading.history is not None and reading.history.days == 59
    backwards = read(tmp_path, a_past(), first=date(2026, 4, 1), until=date(2026, 3, 1))
    assert "covers no day" in str(backwards.complaints[0])


def a_request(number: int, made: date, notice: int, **cells: str) -> Cells:
    """A row of the ministry's report."""
    return an_outcome(
        f"M{number}",
        request_for_placement_submitted_date=f"{made.isoformat()}T09:00:00Z",
        requested_arrival_date=(made + timedelta(days=notice)).isoformat(),
        requested_duration="84",
        match_outcome="Placed",
        **cells,
    )


def report(folder: Path, *rows: Cells) -> HistoryReading:
    return read_history([write(folder / "r.csv", real_headers.OUTCOMES, *rows)], POLICY, AS_OF)


def test_the_ministrys_report_is_read_with_those_placed_and_withdrawn(tmp_path: Path) -> None:
    made = date(2026, 3, 1)
    found = report(
        tmp_path,
        a_request(1, made, 20, premises_type="PIPE"),
        a_request(2, made, 10, request_for_placement_withdrawal_date="2026-03-04"),
        a_request(3, made, 10, application_withdrawal_date="2026-03-05"),
        a_request(4, made + timedelta(days=60), 0),
    )
    first, second, third, _ = people(found)
    assert (first.referred_on, first.referral.nights) == (made, 84)
    assert first.referral.ap_type is ApType.PIPE and first.referral.rosh is Rosh.HIGH
    assert first.referral.release_date == date(2026, 3, 21)
    assert second.withdrawn_on == date(2026, 3, 4) and third.withdrawn_on == date(2026, 3, 5)
    assert found.history is not None
    assert not any(past.arrival_known or past.stay_known for past in found.history.people)


def test_days_of_which_a_report_has_not_everyone_are_not_counted(tmp_path: Path) -> None:
    # Arrivals from 2 January on; asked for 40 days ahead, so the last 40 days are not whole.
    start = date(2025, 11, 23)
    rows = [a_request(n, start + timedelta(days=n), 40) for n in range(200)]
    found = report(tmp_path, *rows)
    assert found.history is not None
    last = start + timedelta(days=199 + 40)
    assert found.history.first == start + timedelta(days=40)
    assert found.history.until == last - timedelta(days=40) + timedelta(days=1)
    assert [note.code for note in found.notes] == ["report_by_arrival"]
    assert len(found.history.covered) == 160


def test_a_request_without_a_day_is_a_fault(tmp_path: Path) -> None:
    row = dict(a_request(1, AS_OF, 1)) | {"request_for_placement_submitted_date": ""}
    found = report(tmp_path, row)
    assert "fill it, or application_submission_date" in str(found.complaints[0])
    late = report(tmp_path, a_request(1, AS_OF + timedelta(days=3), 1))
    assert "is after 2026-11-02: it has not been yet" in str(late.complaints[0])


def a_stay(number: str, request: int, arrived: str, departed: str = "", **cells: str) -> Cells:
    """A row of the ministry's placements report."""
    return {
        "placement_id": number,
        "placement_request_id": f"M{request}",
        "actual_arrival_date": arrived,
        "actual_departure_date": departed,
    } | cells


def test_the_placements_report_says_who_came_and_for_how_long(tmp_path: Path) -> None:
    made = date(2026, 3, 1)
    requests = [a_request(n, made, 5) for n in range(1, 7)]
    requests.append(a_request(7, made + timedelta(days=60), 0))
    asked = write(tmp_path / "r.csv", real_headers.OUTCOMES, *requests)
    placed = write(
        tmp_path / "p.csv",
        real_headers.PLACEMENTS,
        a_stay("P1", 1, "2026-03-06", "2026-03-26"),
        a_stay("P2", 2, "2026-03-06", "2026-04-06"),  # moved to other premises:
        a_stay("P3", 2, "2026-04-06", "2026-05-29"),  # 84 nights in all
        a_stay("P4", 3, "", non_arrival_reason="Failed to arrive as planned"),
        a_stay("P5", 4, "2026-03-06"),
        a_stay("P6", 5, "", placement_withdrawn_date="2026-03-04"),
    )
    found = read_history([asked, placed], POLICY, AS_OF)
    assert found.history is not None, found.complaints
    early, moved, absent, there, withdrawn, none, _ = found.history.people
    assert early.stay_known and early.coming.nights_slept == 20
    assert moved.stay_known and moved.coming.nights_slept is None
    assert absent.arrival_known and not absent.coming.arrives
    assert there.arrival_known and not there.stay_known
    assert not withdrawn.arrival_known and withdrawn.coming.arrives
    assert not none.arrival_known


def test_a_placements_report_alone_does_not_say_how_many_asked(tmp_path: Path) -> None:
    placed = write(tmp_path / "p.csv", real_headers.PLACEMENTS, a_stay("P1", 1, "2026-03-06"))
    found = read_history([placed], POLICY, AS_OF)
    assert "has only requests that were placed" in str(found.complaints[0])
    wrong = a_stay("P1", 1, "2026-03-06", "2026-03-01")
    placed = write(tmp_path / "p.csv", real_headers.PLACEMENTS, wrong)
    found = read_history([placed], POLICY, AS_OF)
    assert "column actual_departure_date" in str(found.complaints[0])


def test_two_layouts_would_count_people_twice(tmp_path: Path) -> None:
    ours = write(tmp_path / "h.csv", HEADER, a_past())
    theirs = write(tmp_path / "r.csv", real_headers.OUTCOMES, a_request(1, date(2026, 3, 1), 9))
    found = read_history([ours, theirs], POLICY, AS_OF)
    assert "count people twice" in str(found.complaints[-1])
