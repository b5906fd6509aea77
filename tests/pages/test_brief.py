"""The handover brief: all that a colleague must know, and still one page of paper."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from allocator.referral import ShareAssessment
from allocator.safeguards import Circle, ExclusionZone
from allocator.vocabulary import Criterion, Offence
from tests.api.live import live
from tests.api.registers import tiny
from tests.api.service import a_planned_service, a_service
from tests.builders import AS_OF, a_point
from tests.pages.browsing import Browser, text_of
from tests.pages.chromium import signed_in

LICENCE = date(2027, 12, 31)


def with_a_whole_case(**changes):
    """fixtures/tiny, in which R3, whom no plan gives a bed, has everything that a bid can have."""
    problem = tiny()
    crn = problem.referrals_by_id["R3"].crn
    whole = replace(
        problem.referrals_by_id["R3"],
        desirable=frozenset({Criterion.HAS_EN_SUITE, Criterion.ACCEPTS_NON_SEXUAL_CHILD_OFFENDERS}),
        offences=frozenset({Offence.ARSON}),
        offences_unknown=frozenset({Offence.HATE}),
        restriction_codes=frozenset({"no-gang-members", "not-near-schools"}),
        preferred_premises=("B", "A"),
        licence_expiry=LICENCE,
        **{
            "aimed_radius_miles": 20,
            "exceptional_case": True,
            "sharing": ShareAssessment(False, LICENCE),
            **changes,
        },
    )
    zones = (
        *problem.zones,
        ExclusionZone(crn, circle=Circle(a_point(), 3.5)),
        ExclusionZone(crn, premises_ids=frozenset({"B"})),
    )
    near = replace(problem.referrals_by_id["R4"], consented_radius_miles=35)
    instead = {"R3": whole, "R4": near}
    people = tuple(instead.get(each.id, each) for each in problem.referrals)
    another = replace(whole, id="R9", offences=frozenset(), offences_unknown=frozenset())
    return replace(problem, referrals=(*people, another), zones=zones)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    service = a_service(tmp_path_factory.mktemp("whole"), with_a_whole_case())
    for _ in range(9):
        service.run()
        service.moving.put_forward(days=1)
    return service


def test_it_tells_the_whole_case_and_what_would_place_the_person(whole):
    read = text_of(Browser(whole, "coordinator").get("/bids/R3/brief"))
    assert "Offences Arson. Nobody has answered for: hate crime" in read
    assert "Licence ends 31 December 2027" in read
    assert "A circle of 3.5 miles" in read
    assert "Desirable criteria" in read and "En-suite" in read
    assert "Preferred premises Brackmere Lodge ; Alderbeck House" in read
    assert "NO-GANG-MEMBERS" in read.upper()
    assert "Any one of these would place the person" in read
    assert "days later than the last day allowed" in read


def test_it_tells_the_hard_limits(whole):
    read = text_of(Browser(whole, "coordinator").get("/bids/R3/brief"))
    assert "Aimed within 20 miles" in read and "Not further than" not in read
    near = text_of(Browser(whole, "coordinator").get("/bids/R4/brief"))
    assert "Not further than 35 miles" in near and "Aimed within" not in near
    assert "estate. Exceptional case: a senior manager agreed to it" in read
    assert "Room share Not suitable, until 31 December 2027" in read
    assert "Proposed, not decided" not in read


def test_a_bed_that_waits_for_a_decision_is_told_with_the_day_to_decide_by(tmp_path):
    service, _ = a_planned_service(tmp_path)
    (told,) = service.client("coordinator").get("/v1/referrals/R1/brief").json()["proposed"]
    read = text_of(Browser(service, "coordinator").get("/bids/R1/brief"))
    assert told["lost"] is False
    by = date.fromisoformat(told["decide_by"])
    assert f"Proposed, not decided {told['bed']} ," in read
    assert f": decide by {by.day} {by:%B %Y}" in read


def test_why_premises_were_ruled_out_is_cut_late_and_said_to_be(tmp_path):
    service = a_service(tmp_path)
    for number, length in (("R1", 590), ("R2", 1400)):
        run = service.run()["id"]
        reason = ("word " * 400)[: length - 4] + " end"
        said = {"action": "refuse", "refuse_reason": reason, "keep_out": "1"}
        browser = Browser(service, "coordinator")
        assert browser.post(f"/runs/{run}/proposals/{number}", said).status_code == 303
        read = text_of(browser.get(f"/bids/{number}/brief")).split("Not to be proposed")[1]
        row = read.split("Why there is no bed")[0].split("Attempts:")[0]
        assert (reason in row) is (number == "R1")
        assert ("The whole reason is on the bid’s page" in row) is (number == "R2")


def test_the_api_tells_the_same(whole):
    told = whole.client("coordinator").get("/v1/referrals/R3/brief").json()
    assert (told["aimed_radius_miles"], told["consented_radius_miles"]) == (20, None)
    assert told["sharing"] == {"suitable": False, "valid_until": LICENCE.isoformat()}
    assert told["exceptional_case"] and told["gender"] and told["proposed"] == []
    assert told["offences"] == ["arson"] and told["offences_unknown"] == ["hate"]
    assert told["licence_expiry"] == LICENCE.isoformat()
    assert told["zones"] == [{"radius_miles": 3.5, "premises": []}]
    assert told["preferred_premises"] == ["Brackmere Lodge", "Alderbeck House"]
    assert told["why"]["main_reason"] and told["why"]["changes"]
    placed = whole.client("coordinator").get("/v1/referrals/R1/brief").json()
    assert placed["why"] is None, "the plan has a bed for R1"


def test_an_end_of_the_licence_that_nobody_has_said_is_missing(tmp_path):
    known = {
        "mappa_level": 1,
        "location": a_point(),
        "restriction_codes": frozenset(),
        "sharing": ShareAssessment(True, AS_OF + timedelta(days=99)),
    }
    problem = tiny()
    people = [replace(each, **known, licence_expiry=None) for each in problem.referrals]
    service = a_service(tmp_path, replace(problem, referrals=tuple(people)))
    told = service.client("coordinator").get("/v1/referrals/R3/brief").json()
    assert told["not_known"] == ["when the licence ends"]
    read = text_of(Browser(service, "coordinator").get("/bids/R3/brief"))
    assert "Licence ends Not known" in read and "Nothing that plans ask for is missing" not in read


def test_a_whole_case_prints_on_one_page(started, whole):
    with (
        live(whole.app) as url,
        signed_in(started, url, whole.register, "coordinator") as page,
    ):
        page.goto("/bids/R3/brief")
        assert page.locator("text=earlier ones, on the page of the bid").count() == 1
        assert page.locator("text=Another bid says otherwise").count() == 1
        printed = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_somebody_who_has_a_bed_is_told_with_where_when_and_who_booked_it(tmp_path):
    service, run = a_planned_service(tmp_path)
    ann = Browser(service, "coordinator", name="Ann")
    said = {"action": "accept", "accept_reason": "Agreed."}
    assert ann.post(f"/runs/{run}/proposals/R1", said).status_code == 303
    told = service.client("coordinator").get("/v1/referrals/R1/brief").json()["booking"]
    assert told["made_by"] == "Ann" and told["made_at"]
    arrival, departure = (date.fromisoformat(told[name]) for name in ("arrival", "departure"))
    dates = f"{arrival.day} {arrival:%B %Y} to {departure.day} {departure:%B %Y}"
    read = text_of(Browser(service, "coordinator").get("/bids/R1/brief"))
    assert "Goes to" in read and f", {dates} (booked). Booked by Ann , 2 November 2026" in read
    assert "Next deadline" not in read
    service.moving.put_forward(days=(arrival - AS_OF).days)
    came = {"version": "1", "arrival_day": arrival.isoformat(), "confirmed": "1"}
    bea = Browser(service, "coordinator", name="Bea")
    assert bea.post(f"/bookings/{told['id']}/arrival", came).status_code == 303
    assert f", {dates} (arrived). Booked by Ann" in text_of(bea.get("/bids/R1/brief"))


def test_attempts_are_counted_alike_on_the_bid_its_brief_and_the_list(tmp_path):
    service = a_service(tmp_path)
    browser = Browser(service, "coordinator")
    for _ in range(2):  # on one day
        run = service.run()["id"]
        said = {"action": "refuse", "refuse_reason": "Too near to the victim."}
        assert browser.post(f"/runs/{run}/proposals/R1", said).status_code == 303
    for path in ("/bids/R1", "/bids/R1/brief"):
        read = text_of(browser.get(path))
        assert "Attempts: 1" in read and "Several on one day count as one" in read
    row = next(row for row in browser.get("/without-a-bed").text.split("<tr") if "/bids/R1" in row)
    assert re.search(r'data-label="Attempts">1<', row)
