"""Premises, their beds and days: what is there, for whom, and what is not told."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from allocator.vocabulary import Rosh
from api.service.bed_use import Use, bed_use, in_service
from api.service.holds import Wanted, make
from api.service.referrals import restrict
from api.store.tables import ACCESS_LOG
from tests.api.filled import Proposed, a_filled_register, a_person, fill, propose
from tests.api.registers import tiny
from tests.api.service import a_service
from tests.builders import (
    AS_OF,
    a_booking,
    a_problem,
    a_referral,
    a_resident,
    a_stay,
    an_estate,
    out_of_service,
)
from tests.pages.browsing import Browser, text_of
from tests.pages.test_pages import HOSTILE

DAY = timedelta(days=1)


def shared(**changes):
    """Five beds: somebody in the first, somebody booked in the second, the third out of use."""
    parts = {
        **an_estate({"P1": (1, 1, 1, 1, 1)}),
        "bookings": [
            a_resident("res-1", bed_id="P1-R1-B1"),
            a_booking("bkg-1", bed_id="P1-R2-B1", stay=a_stay(2, 5)),
        ],
        "out_of_service": [out_of_service("P1-R3-B1", 0, 4)],
        "referrals": [a_referral("ref-1"), a_referral("ref-2")],
    }
    return a_problem(**{**parts, **changes})


def uses(register, nights, *conditions):
    with register.reading() as connection:
        use = bed_use(register.change(connection, a_person()), nights, *conditions)
        return use, use.by_bed()


def test_each_night_of_a_bed_is_for_one_thing(tmp_path):
    register = a_filled_register(f"sqlite:///{tmp_path / 'r.db'}", shared())
    propose(register, [Proposed("ref-1", "P1-R4-B1", a_stay(1, 2))])
    with register.changing(a_person()) as change:
        make(change, Wanted("P1-R5-B1", a_stay(3, 4), 1, AS_OF + 9 * DAY, "For band 1."))
    use, beds = uses(register, a_stay(0, 8))
    told = {bed: "".join(each.value[0] for each in nights) for bed, nights in beds.items()}
    assert told == {
        "P1-R1-B1": "rrrfffff",
        "P1-R2-B1": "ffbbbbbf",
        "P1-R3-B1": "ooooffff",
        "P1-R4-B1": "fppfffff",
        "P1-R5-B1": "fffhhhhf",
    }
    third = use.by_premises()["P1"][2]
    assert (third[Use.FREE], in_service(third), third[Use.OUT]) == (1, 4, 1)


@pytest.mark.parametrize(
    ("rosh", "told"), [(Rosh.MEDIUM, "fphhpfff"), (Rosh.VERY_HIGH, "fppppfff")]
)
def test_a_held_night_is_proposed_only_to_whom_the_hold_lets_in(tmp_path, rosh, told):
    asking = a_referral("ref-1", rosh=rosh)
    register = a_filled_register(f"sqlite:///{tmp_path / 'r.db'}", shared(referrals=[asking]))
    propose(register, [Proposed("ref-1", "P1-R4-B1", a_stay(1, 4))])
    with register.changing(a_person()) as change:
        make(change, Wanted("P1-R4-B1", a_stay(2, 2), 1, AS_OF + 9 * DAY, "For band 1."))
    use, beds = uses(register, a_stay(0, 8))
    assert "".join(each.value[0] for each in beds["P1-R4-B1"]) == told
    third = use.by_premises()["P1"][2]
    assert (third[Use.HELD], third[Use.PROPOSED]) == ((1, 0) if "h" in told else (0, 1))


def test_whoever_is_there_is_there_although_the_bed_is_out_of_use_or_their_day_has_gone(tmp_path):
    problem = shared(
        bookings=[a_resident("res-1", stay=a_stay(-9, 8))],
        out_of_service=[out_of_service("P1-R1-B1", -3, 9)],
    )
    register = a_filled_register(f"sqlite:///{tmp_path / 'r.db'}", problem)
    _, beds = uses(register, a_stay(0, 2))
    assert beds["P1-R1-B1"][0] is Use.RESIDENT


def test_a_bed_that_is_not_yet_there_counts_in_nothing(tmp_path):
    estate = an_estate({"P1": (1, 1)}, beds={"P1-R2-B1": {"starts": AS_OF + 2 * DAY}})
    register = a_filled_register(f"sqlite:///{tmp_path / 'r.db'}", a_problem(**estate))
    use, beds = uses(register, a_stay(0, 4))
    assert [each is Use.ABSENT for each in beds["P1-R2-B1"]] == [True, True, False, False]
    assert [in_service(night) for night in use.by_premises()["P1"]] == [1, 1, 2, 2]


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path, shared())


def test_the_list_tells_tonight_and_is_filtered(service):
    browser = Browser(service, "coordinator")
    read = text_of(browser.get("/premises"))
    assert "Showing 1 to 1 of 1" in read and "4 1 0 0 1 3" in read
    assert "No premises match" in text_of(browser.get("/premises?search=zzz"))
    assert "Premises P1" in text_of(browser.get("/premises?ap_type=normal&open=yes&gender=man"))
    assert "No premises match" in text_of(browser.get("/premises?ap_type=pipe"))
    assert browser.get("/premises?ap_type=castle").status_code == 422


def test_a_premises_is_a_picture_and_the_same_table(service):
    page = Browser(service, "coordinator").get("/premises/P1")
    assert page.status_code == 200 and "<svg" in page.text and 'role="img"' in page.text
    assert "apb-use--resident" in page.text and "apb-use--out" in page.text
    read = text_of(page)
    assert "3 in, 4 empty" in read and "4 out of service, 3 empty" in read
    assert "works" in read, "why it is out of service"


def test_a_day_says_who_is_in_and_the_next_day_who_is_not(service):
    browser = Browser(service, "coordinator")
    read = text_of(browser.get("/premises-day/P1"))
    assert "CRN-res-1" in read and "CRN-bkg-1" not in read
    third = AS_OF + 2 * DAY
    later = text_of(browser.get(f"/premises-day/P1?day={third}"))
    assert "CRN-res-1" in later and "CRN-bkg-1" in later and "works" in later
    last = text_of(browser.get(f"/premises-day/P1?day={AS_OF + 3 * DAY}"))
    assert "CRN-res-1" not in last


@pytest.mark.parametrize(
    "path", ["/premises-day/P1?day=x", "/premises-week?from=2026-13-01", "/premises/P1?from=9999"]
)
def test_what_is_no_day_is_refused_in_words(service, path):
    answer = Browser(service, "coordinator").get(path)
    assert answer.status_code == 422 and "Write the day" in text_of(answer)


def test_a_premises_that_there_is_not_is_not_found(service):
    assert Browser(service, "coordinator").get("/premises/P9").status_code == 404


def test_a_restricted_person_is_not_named(tmp_path):
    one = a_booking("bkg-9", crn="CRN-ref-1", bed_id="P1-R2-B1", stay=a_stay(0, 5))
    service = a_service(tmp_path, shared(bookings=[one]))
    manager = a_person("A. Manager")
    with service.register.changing(manager) as change:
        restrict(change, "ref-1", [manager.id])
    page = Browser(service, "coordinator").get("/premises-day/P1")
    assert "CRN-ref-1" not in page.text and "Restricted" in text_of(page)


def test_a_restricted_case_whose_bed_is_only_proposed_is_in_no_picture_and_no_count(tmp_path):
    service = a_service(tmp_path, shared())
    propose(
        service.register,
        [Proposed("ref-1", "P1-R4-B1", a_stay(1, 2)), Proposed("ref-2", "P1-R5-B1", a_stay(1, 3))],
    )
    manager = a_person("A. Manager")
    with service.register.changing(manager) as change:
        restrict(change, "ref-1", [manager.id])
    browser = Browser(service, "coordinator")
    page = browser.get(f"/premises-day/P1?day={AS_OF + DAY}")
    read = text_of(page)
    assert "1 proposed" in read and "CRN-ref-2" in read
    assert "ref-1" not in page.text and "Not shown" not in read
    assert read.count("Proposed") == 1, "one row, that of the case that is not restricted"
    picture = browser.get("/premises/P1").text
    assert picture.count("apb-use--proposed") == 1
    assert "2/4 +1 kept" in text_of(browser.get("/premises-week"))
    with service.register.reading() as connection:
        seen = bed_use(service.register.change(connection, manager), a_stay(0, 8))
    assert {span.about for span in seen.spans if span.use is Use.PROPOSED} == {"ref-1", "ref-2"}


def test_a_hold_is_listed_with_its_nights_and_a_link(tmp_path):
    service = a_service(tmp_path, shared())
    with service.register.changing(a_person()) as change:
        wanted = Wanted("P1-R5-B1", a_stay(3, 4), 1, AS_OF + 9 * DAY, "For band 1.")
        hold = make(change, wanted)
    page = Browser(service, "coordinator").get("/premises/P1")
    assert "Held back in these weeks" in text_of(page) and "For band 1." in text_of(page)
    assert f'href="/premises-held/{hold["id"]}"' in page.text


def test_above_a_week_stand_the_fewest_and_the_most_beds_that_are_empty(service):
    page = Browser(service, "coordinator").get("/premises/P1")
    tonight = re.search(r"<strong>(\d+)</strong> empty tonight", page.text)[1]
    weeks = re.findall(r'apb-beds__empty"[^>]*>([^<]*)<', page.text)
    assert tonight == "3" and weeks[0] == "2 to 4 empty" and weeks[1] == "5 empty"


def test_a_planner_sees_what_beds_are_for_and_nobody(service):
    page = Browser(service, "planner").get("/premises-day/P1")
    assert page.status_code == 200 and "CRN-" not in page.text
    assert "res-1" not in page.text and "ref-" not in page.text and "Arrival" not in page.text
    read = text_of(page)
    assert "What each bed is for" in read and "1 in" in read and "Out of service" in read
    with service.register.reading() as connection:
        rows = connection.execute(select(ACCESS_LOG)).mappings().all()
    assert all(row["what"] != "page_day" or row["subjects"] == [] for row in rows)
    assert Browser(service, "auditor").get("/premises/P1").status_code == 403


def test_a_week_counts_empty_beds_of_those_in_service(service):
    read = text_of(Browser(service, "coordinator").get("/premises-week"))
    assert "All premises 3/4 3/4 2/4 3/4 4/5" in read
    turned = Browser(service, "coordinator").get(f"/premises-week?from={AS_OF + 7 * DAY}")
    assert "5/5" in text_of(turned)


def test_a_premises_whose_empty_beds_are_all_proposed_is_not_full(tmp_path):
    service = a_service(
        tmp_path,
        shared(
            referrals=[a_referral("ref-1")],
            **an_estate({"P1": (1,)}),
            bookings=[],
            out_of_service=[],
        ),
    )
    propose(service.register, [Proposed("ref-1", "P1-R1-B1", a_stay(1, 2))])
    answer = Browser(service, "coordinator").get("/premises-week")
    read = text_of(answer)
    assert "0/1 +1 kept" in read and "0/1 full" not in read
    assert answer.text.count("apb-night--kept") == 4, "two nights of the premises and of all"


def test_the_picture_says_that_an_empty_bed_may_not_be_had_by_a_transfer(tmp_path):
    there = [a_booking("bkg-1", bed_id=None, stay=a_stay(1, 5))]
    service = a_service(tmp_path)
    fill(service.register, shared(bookings=there), {"bkg-1": "P1-R1-B1"})
    read = text_of(Browser(service, "coordinator").get("/premises/P1"))
    assert "an empty one here may not be had by a transfer" in read


def test_who_saw_whose_stay_is_written(service):
    Browser(service, "coordinator").get("/premises-day/P1")
    with service.register.reading() as connection:
        rows = connection.execute(select(ACCESS_LOG)).mappings().all()
    assert ("page_day", ["res-1"]) in [(row["what"], row["subjects"]) for row in rows]


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: name[:12])
def test_a_hostile_name_is_text_in_words_and_in_the_picture(tmp_path, name):
    problem = tiny()
    rooms = tuple(replace(room, name=name[:60]) for room in problem.rooms)
    places = tuple(replace(each, name=name, area=name[:90]) for each in problem.premises)
    service = a_service(tmp_path, replace(problem, premises=places, rooms=rooms))
    browser = Browser(service, "coordinator")
    first = problem.premises[0].id
    for path in ("/premises", "/premises-week", f"/premises/{first}", f"/premises-day/{first}"):
        page = browser.get(path)
        assert page.status_code == 200
        assert "<script>" not in page.text and " onmouseover=alert(1) x='" not in page.text
        assert ">49<" not in page.text


def test_ids_with_slashes_have_pages(tmp_path):
    problem = tiny()
    old = problem.premises[0].id
    places = tuple(replace(p, id="A/1 ?#") if p.id == old else p for p in problem.premises)
    rooms = tuple(
        replace(r, premises_id="A/1 ?#") if r.premises_id == old else r for r in problem.rooms
    )
    service = a_service(tmp_path, replace(problem, premises=places, rooms=rooms, zones=()))
    browser = Browser(service, "coordinator")
    addresses = browser.get("/premises").text.split('href="/premises/')[1:]
    (address,) = [each.split('"')[0] for each in addresses if each.startswith("A")]
    assert browser.get(f"/premises/{address}").status_code == 200
    assert browser.get(f"/premises-day/{address}").status_code == 200


def test_no_premises_and_no_beds_are_said(tmp_path):
    empty = replace(tiny(), premises=(), rooms=(), beds=(), referrals=(), zones=())
    browser = Browser(a_service(tmp_path, empty), "coordinator")
    assert "There are no premises" in text_of(browser.get("/premises"))
    assert "There are no premises" in text_of(browser.get("/premises-week"))


def test_a_long_list_is_paged_and_stays_small(tmp_path):
    shape = {f"P{n}": (1,) for n in range(130)}
    browser = Browser(a_service(tmp_path, a_problem(**an_estate(shape))), "coordinator")
    week = browser.get("/premises-week")
    assert "Showing 1 to 120 of 130" in text_of(week) and len(week.content) < 250_000
    assert "Showing 121 to 130 of 130" in text_of(browser.get("/premises-week?page=2"))
    assert "Showing 1 to 10 of 130" in text_of(browser.get("/premises"))
