"""Two plans compared: whose bed differs, at the page and in the file."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from allocator.nights import Stay
from allocator.solving import solve
from api.service.importing import import_problem
from api.service.run_values import problem_of
from api.store.tables import ACCESS_LOG
from tests.api.filled import a_person
from tests.api.registers import ask, tiny
from tests.api.service import a_planned_service
from tests.pages.browsing import Browser, text_of
from tests.pages.finishing import finished

ONE_ALONE = ("only_here", "only_there")


@pytest.fixture
def decided(tmp_path):
    return a_planned_service(tmp_path)


def test_two_plans_are_compared_person_by_person(decided):
    service, first = decided
    ann = service.client("coordinator", "administrator", name="Ann")
    bid = ann.get("/v1/referrals/R2").json()
    ann.put("/v1/referrals/R2", {**bid["details"], "essential": ["hasLift"]}, bid["version"])
    second = service.run()["id"]
    browser = Browser(service, "coordinator")
    answer = browser.get(f"/runs/{second}/compare?with={first}")
    read = text_of(answer)
    assert answer.status_code == 200
    assert "Have a bed in the other alone: 1" in read and "Have a bed in this plan alone: 1" in read
    assert "X000003" in read and "X000002" not in read and "room" in read
    assert "The other plan, earlier" in read
    lost = text_of(browser.get(f"/runs/{second}/compare?with={first}&show=lost"))
    assert "X000002" in lost and "X000003" not in lost
    turned = text_of(browser.get(f"/runs/{first}/compare?with={second}&show=lost"))
    assert "The other plan, later" in turned and "X000003" in turned, "it was made since"
    assert browser.get(f"/runs/{second}/compare?with={first}&show=all").status_code == 422
    assert browser.get(f"/runs/{second}/compare?with=nothing").status_code == 404


@pytest.fixture
def two(decided):
    """Of two plans the second has a bed for R3 and the first for R2."""
    service, first = decided
    ann = service.client("coordinator", "administrator", name="Ann")
    bid = ann.get("/v1/referrals/R2").json()
    ann.put("/v1/referrals/R2", {**bid["details"], "essential": ["hasLift"]}, bid["version"])
    return service, first, service.run()["id"]


def taken(service, path, *roles):
    answer = Browser(service, *roles).get(path)
    assert "attachment" in answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_whose_bed_differs_is_taken_away_as_the_page_has_it_and_logged(two):
    service, first, second = two
    page = Browser(service, "coordinator").get(f"/runs/{second}/compare?with={first}")
    path = unescape(re.search(r'href="([^"]+compare\.csv[^"]*)"', page.text)[1])
    found = {each["bid"]: each for each in taken(service, path, "coordinator")}
    assert found["R3"]["what"] == "Have a bed in this plan alone"
    assert found["R2"]["what"] == "Have a bed in the other alone"
    assert found["R3"]["person"] == "X000003" and found["R3"]["other_bed"] == ""
    assert f"{found['R3']['this_premises']}, {found['R3']['this_place']}" in text_of(page)
    assert found["R2"]["other_arrival"] and found["R2"]["this_arrival"] == ""
    ids = ("this_plan_id", "other_plan_id")
    assert {tuple(each[name] for name in ids) for each in found.values()} == {(second, first)}
    title = page.text.partition(" compared")[0]
    assert title.endswith(f"Plans of {found['R3']['this_plan']} and {found['R3']['other_plan']}")
    with service.register.reading() as connection:
        wanted = select(ACCESS_LOG).where(ACCESS_LOG.c.what == "page_compare_file")
        (entry,) = connection.execute(wanted).mappings().all()
    assert entry["verb"] == "disclosure" and set(entry["subjects"]) == set(found)


def test_planners_take_away_no_crn_and_nobody_a_restricted_case_or_a_formula(two):
    service, first, second = two
    path = f"/runs/{second}/compare.csv?with={first}"
    assert {each["person"] for each in taken(service, path, "planner")} == {"R2", "R3"}
    with service.register.changing(a_person()) as change:
        bid = change.row("referral", "R2")
        change.record("referral.restricted", "referral", {**bid, "restricted_to": ["local:x"]})
        place = change.row("premises", "A")
        change.record("premises.changed", "premises", {**place, "name": "=1+1"})
    (left,) = taken(service, path, "planner")
    assert left["bid"] == "R3" and left["this_premises"] == "'=1+1"
    assert Browser(service, "auditor").get(path).status_code == 403


@pytest.fixture
def further(decided):
    """A second plan, by which R1 has another bed of the same premises, R2 another day, R4 other
    premises; R5 is off the list and R6 new on it, both with a bed.
    """
    service, first = decided
    ann = service.client("coordinator", "administrator", name="Ann")
    assert ann.post("/v1/referrals/R5/withdrawal", {"reason": "goes home"}).is_success
    new = replace(tiny().referrals[4], id="R6", crn="X000006")
    with service.register.changing(a_person()) as change:
        import_problem(change, replace(tiny(), referrals=(new,)), {})
    run = ask(service.register)
    with service.register.reading() as connection:
        plan = solve(problem_of(connection, run), service.register.policy)
    others = {"R1": ("A-2", 0), "R2": ("A-2", 1), "R4": ("A-1", 0), "R6": ("B-1", 0)}
    placed = {each.referral_id: each for each in plan.placements}
    assert placed.keys() == others.keys()
    changed = tuple(
        replace(
            placed[name],
            bed_id=bed,
            stay=Stay.of(placed[name].stay.arrival + timedelta(days=later), 84),
        )
        for name, (bed, later) in others.items()
    )
    return service, first, finished(service, run, placements=changed)["id"]


def test_another_bed_another_day_and_other_premises_are_told_apart(further):
    service, first, second = further
    browser = Browser(service, "coordinator")
    address = f"/runs/{second}/compare?with={first}"
    read = text_of(browser.get(address))
    assert "Are at other premises: 1" in read
    assert "Same premises, other arrival: 1" in read
    assert "Same premises and arrival, other bed or departure: 1" in read
    assert "Both are the same in the two plans for 1 bid." in read
    for show, crn in (("premises", "X000004"), ("arrival", "X000002"), ("bed", "X000001")):
        people = set(re.findall(r"X\d{6}", text_of(browser.get(f"{address}&show={show}"))))
        assert people == {crn}


def test_who_is_on_the_list_of_one_plan_alone_is_listed_and_the_numbers_add_up(further):
    service, first, second = further
    browser = Browser(service, "coordinator")
    address = f"/runs/{second}/compare?with={first}"
    read = text_of(browser.get(address))
    assert (
        "Bids with a bed in this plan: 4. Of these, 0 with the same bed and dates in both, 3 with "
        "another bed or other dates, 0 without a bed in the other, and 1 that are not on the list "
        "of the other."
    ) in read
    assert "Bids with a bed in the other: 4." in read
    new, gone = (text_of(browser.get(f"{address}&show={name}")) for name in ONE_ALONE)
    assert "X000006" in new and "Not on the list" in new and "X000005" not in new
    assert "X000005" in gone and "Not on the list" in gone
    path = f"/runs/{second}/compare.csv?with={first}"
    found = {each["bid"]: each for each in taken(service, path, "coordinator")}
    assert found["R6"]["what"] == "On the list of this plan alone"
    assert (found["R6"]["this_bed"], found["R6"]["other_bed"]) == ("B-1", "")
    assert found["R5"]["what"] == "On the list of the other alone" and found["R5"]["other_bed"]
    assert set(found) == {"R1", "R2", "R4", "R5", "R6"}
