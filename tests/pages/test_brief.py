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
from tests.api.service import a_service
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
        **changes,
    )
    zones = (
        *problem.zones,
        ExclusionZone(crn, circle=Circle(a_point(), 3.5)),
        ExclusionZone(crn, premises_ids=frozenset({"B"})),
    )
    people = tuple(whole if each.id == "R3" else each for each in problem.referrals)
    return replace(problem, referrals=people, zones=zones)


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


def test_the_api_tells_the_same(whole):
    told = whole.client("coordinator").get("/v1/referrals/R3/brief").json()
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
        printed = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
