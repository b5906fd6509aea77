"""Several sizes of one change: what the form of a scenario makes of them."""

import pytest

from allocator.scenario.read import look_at
from allocator.scenario.yaml_text import read_yaml
from api.pages.several_sizes import MOST_SIZES, sizes
from tests.api.service import a_service
from tests.pages.browsing import Browser, text_of
from tests.pages.test_holds_and_studies_pages import WRITE, yaml_of

BEDS = {"kind": "open_beds", "open_premises": "S/NE003"}


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


def written(service, **fields):
    answer = Browser(service, "planner").post("/capacity/studies/new", {**WRITE, **fields})
    assert answer.status_code == 200, text_of(answer)
    return look_at(read_yaml(yaml_of(answer)).data, None).file


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5", ["5"]),
        ("0, 5, 10, 20", ["0", "5", "10", "20"]),
        ("5 to 20 by 5", ["5", "10", "15", "20"]),
        ("0.5 to 1 by 0.2, 110%", ["0.5", "0.7", "0.9", "110"]),
        ("5, 5.0, 5 %", ["5"]),
        ("many", ["many"]),
        (" , ", [""]),
    ],
)
def test_sizes_are_one_or_a_list_or_a_range(text, found):
    assert sizes(text, percent=True) == found


@pytest.mark.parametrize(
    "text", ["5 to 20", "20 to 5 by 5", "5 to 20 by 0", "1 to 999999 by 0.0001", "1 to 9 by 1 by 2"]
)
def test_a_range_that_is_none_or_too_long_is_refused(text):
    with pytest.raises(ValueError, match=r"range|at most"):
        sizes(text, percent=False)
    assert len(sizes(f"1 to {MOST_SIZES} by 1", percent=False)) == MOST_SIZES


@pytest.mark.parametrize("text", ["0,8", "5,10", " 1,000 %"])
def test_a_comma_without_a_space_between_two_numbers_is_asked_about(text):
    with pytest.raises(ValueError, match=r"for one size, or .* with a space for two"):
        sizes(text, percent=True)
    assert sizes(text.replace(",", ", "), percent=True) == sizes(text + ",", percent=True)


@pytest.mark.parametrize("text", ["5 - 20", "5–20 %", "5, 10-20"])
def test_a_dash_is_told_how_several_are_written(text):
    with pytest.raises(ValueError, match="written as 5, 10, 20, and a range as 5 to 20 by 5"):
        sizes(text, percent=True)


def test_each_size_becomes_a_scenario_and_no_bed_more_is_the_base(service):
    file = written(service, **BEDS, open_beds="0, 5 to 15 by 5")
    assert [each.name for each in file.scenarios] == [
        f"{beds} beds more at Elmsholt House (NE003)" for beds in (5, 10, 15)
    ]
    assert [each.changes[0].beds for each in file.scenarios] == [5, 10, 15]
    assert len({(c.premises, c.since) for each in file.scenarios for c in each.changes}) == 1


@pytest.mark.parametrize(
    ("fields", "key", "values"),
    [
        ({"kind": "demand_factor", "demand": "90, 100, 110"}, "factor", [0.9, 1.1]),
        ({"kind": "demand_factor", "demand": "90 %, 100.00001"}, "factor", [0.9]),
        ({"kind": "out_of_service_rate", "broken": "50 to 150 by 50"}, "factor", [0.5, 1.5]),
        (
            {"kind": "stay_length", "stay_nights": "56, 84", "stay_instead": "084"},
            "nights",
            [56],
        ),
        (
            {"kind": "stay_length", "stay_nights": "56, 84, 112", "stay_instead": "84"},
            "nights",
            [56, 112],
        ),
        (
            {"kind": "early_release", "release_share": "0, 10, 30", "release_days": "14"},
            "share",
            [0.1, 0.3],
        ),
    ],
)
def test_every_change_that_has_a_size_may_have_several(service, fields, key, values):
    file = written(service, **fields)
    assert [getattr(each.changes[0], key) for each in file.scenarios] == values


def test_several_sizes_where_one_is_asked_are_told_where_they_may_stand(service):
    said = {"kind": "early_release", "release_share": "50", "release_days": "7, 14"}
    answer = Browser(service, "planner").post("/capacity/studies/new", {**WRITE, **said})
    assert answer.status_code == 422 and 'href="#release_days"' in answer.text
    assert "Several sizes may stand in “Per cent of those due”" in text_of(answer)


def test_a_name_of_ones_own_stands_before_each_size(service):
    file = written(service, **BEDS, open_beds="5, 10", scenario_name="North")
    assert [each.name for each in file.scenarios] == [
        "North: 5 beds more at Elmsholt House (NE003)",
        "North: 10 beds more at Elmsholt House (NE003)",
    ]


def test_what_is_wrong_with_sizes_is_said_once_at_their_field_with_all_else(service):
    said = {**WRITE, "kind": "open_beds", "open_beds": "5, some, 900", "open_since": "soon"}
    answer = Browser(service, "planner").post("/capacity/studies/new", said)
    assert answer.status_code == 422
    for field in ("open_beds", "open_premises", "open_since"):
        assert answer.text.count(f'href="#{field}"') == 1, field
    assert 'value="5, some, 900"' in answer.text
    unclear = Browser(service, "planner").post(
        "/capacity/studies/new", {**WRITE, **BEDS, "open_beds": "5 to 20"}
    )
    assert unclear.status_code == 422 and 'href="#open_beds"' in unclear.text
    assert "a range is written as 5 to 20 by 5" in text_of(unclear)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "demand_factor", "demand": "110.0001, 110.0002"}, "the same, or nearly"),
        ({"kind": "out_of_service_rate", "broken": "50, 50.00001"}, "the same, or nearly"),
        ({"kind": "demand_factor", "demand": "100, 100.00001"}, "changes anything"),
        ({"kind": "demand_factor", "demand": "100"}, "This size changes nothing"),
        ({"kind": "out_of_service_rate", "broken": "100 %"}, "This size changes nothing"),
        ({"kind": "early_release", "release_share": "0,8"}, "write 0.8 for one size"),
        ({"kind": "early_release", "release_share": "0.8"}, "write 80 for 80 %"),
        ({"kind": "early_release", "release_share": "20, 0.8"}, "write 80 for 80 %"),
        ({"kind": "demand_factor", "demand": "1.1"}, "write 110 for 110 %"),
        ({"kind": "out_of_service_rate", "broken": "2"}, "write 200 for 200 %"),
        ({**BEDS, "open_beds": "5%"}, "must be a whole number"),
        ({**BEDS, "open_beds": "5% to 20% by 5"}, "must be a whole number"),
    ],
)
def test_sizes_that_cannot_be_told_apart_or_mean_something_else_are_refused(service, fields, words):
    answer = Browser(service, "planner").post("/capacity/studies/new", {**WRITE, **fields})
    (field,) = fields.keys() & {"demand", "broken", "open_beds", "release_share"}
    assert answer.status_code == 422 and answer.text.count(f'href="#{field}"') == 1
    assert words in text_of(answer)


def test_a_size_that_the_file_has_already_wants_a_name_of_its_own(service):
    browser = Browser(service, "planner")
    said = {**WRITE, **BEDS, "open_beds": "5, 10"}
    text = yaml_of(browser.post("/capacity/studies/new", said))
    again = browser.post("/capacity/studies/new", {**said, "open_beds": "10, 20", "yaml": text})
    assert again.status_code == 422 and 'href="#scenario_name"' in again.text
    assert "called “10 beds more at Elmsholt House (NE003)”" in text_of(again)
