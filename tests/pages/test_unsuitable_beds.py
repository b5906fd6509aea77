"""A bed that is booked and could not be booked any more, since something else is known of risk."""

import pytest
from sqlalchemy import select

from allocator.vocabulary import Offence
from api.service import unsuitable
from api.store.tables import ACCESS_LOG
from tests.api.registers import row
from tests.api.service import a_service
from tests.pages.browsing import Browser, text_of
from tests.pages.test_booking_page import booked, sent

SAID = "The bed that is booked does not suit any more"
WHY = "The room does not suit: arson"
LISTED = "Booked beds that do not suit any more"
FACTS = {
    "tier": "B1",
    "rosh": "High",
    "mappa": "NOT MAPPA",
    "restriction_codes": "NONE",
    "reason": "The assessment says so.",
    **{kind.value: "not" for kind in Offence},
}


@pytest.fixture
def service(tmp_path):
    return a_service(tmp_path)


def correct(service, bid="R4", **said):
    known = row(service.register, "referral", bid)
    sent = {**FACTS, "version": str(known["version"]), **said}
    browser = Browser(service, "coordinator")
    assert browser.post(f"/bids/{bid}/risk", sent).status_code == 303
    return browser


def test_the_risk_of_a_closed_bid_is_said_at_once_to_be_past_correction(service):
    browser = Browser(service, "coordinator")
    assert "Record the correction" in text_of(browser.get("/bids/R4/risk"))
    assert browser.post("/bids/R4/withdrawal", {"reason": "Not wanted."}).status_code == 303
    read = text_of(browser.get("/bids/R4/risk"))
    assert "The bid is closed (withdrawn)" in read and "Record the correction" not in read


def test_the_bid_its_brief_its_booking_and_the_list_say_what_rule_the_bed_would_breach(service):
    booking = booked(service, "R4", "B-1", "2026-11-16")
    browser = Browser(service, "coordinator")
    pages = ("/bids/R4", "/bids/R4/brief", f"/bookings/{booking}", "/without-a-bed")
    assert not any("not suit any more" in text_of(browser.get(url)) for url in pages)
    correct(service, arson="applies")
    bid = browser.get("/bids/R4")
    read = text_of(bid)
    assert "Risk information changed: the bed that is booked does not suit any more." in read
    assert f"{SAID}: it could not be booked for this person now {WHY}" in read
    assert f'<a class="govuk-link" href="/bookings/{booking}">Look at the booking' in bid.text
    at_booking = text_of(browser.get(f"/bookings/{booking}"))
    assert SAID in at_booking and WHY in at_booking and "Cancel the booking" in at_booking
    assert f"The bed does not suit any more It could not be booked for this person now: {WHY}" in (
        text_of(browser.get("/bids/R4/brief"))
    )
    listed = text_of(browser.get("/without-a-bed"))
    assert LISTED in listed and WHY in listed
    told = service.client("coordinator").get("/v1/referrals/R4/brief").json()["booking"]
    assert told["against"] == ["the room does not suit: arson"]
    assert row(service.register, "booking", booking)["status"] == "upcoming", "nothing is undone"


def test_a_bed_that_suits_again_or_is_booked_no_more_is_not_told_of(service):
    booking = booked(service, "R4", "B-1", "2026-11-16")
    browser = correct(service, arson="applies")
    correct(service)
    assert not any(
        "not suit any more" in text_of(browser.get(url)) for url in ("/bids/R4", "/without-a-bed")
    )
    correct(service, arson="applies")
    ended = {"version": "1", "cancellation_reason": "The room.", "confirmed": "1"}
    assert browser.post(f"/bookings/{booking}/cancellation", ended).status_code == 303
    for url in ("/bids/R4", "/bids/R4/brief", f"/bookings/{booking}", "/without-a-bed"):
        assert "not suit any more" not in text_of(browser.get(url)), url


def test_bids_that_are_not_judged_are_listed_with_a_link_and_logged(service, monkeypatch):
    booked(service, "R1", "A-1", "2026-11-09")
    booked(service, "R4", "B-1", "2026-11-16")
    correct(service, "R1")
    browser = correct(service, arson="applies")
    assert WHY in text_of(browser.get("/without-a-bed")), "however many suit that arrive before"
    monkeypatch.setattr(unsuitable, "MOST", 1)
    page = browser.get("/without-a-bed")
    assert LISTED not in text_of(page)
    assert "The risk information of 1 more booked bid changed" in text_of(page)
    assert '<a class="govuk-link" href="/bids/R4">' in page.text
    with service.register.reading() as connection:
        newest = select(ACCESS_LOG.c.subjects).order_by(ACCESS_LOG.c.seq.desc()).limit(1)
        assert "R4" in connection.execute(newest).scalar_one()


def test_a_bed_is_judged_again_once_something_is_recorded_of_the_person_or_the_premises(
    service, monkeypatch
):
    asked, against = [], unsuitable.against

    def noting(change, booking):
        asked.append(booking["id"])
        return against(change, booking)

    monkeypatch.setattr(unsuitable, "against", noting)
    booking = booked(service, "R4", "B-1", "2026-11-16")
    browser = correct(service, arson="applies")
    for _ in range(2):
        assert WHY in text_of(browser.get("/without-a-bed"))
    assert asked == [booking]
    booked(service, "R1", "A-1", "2026-11-09")
    assert WHY in text_of(browser.get("/without-a-bed")) and len(asked) == 1, "at other premises"
    out = {
        "bed_id": "B-2",
        "first_night": "2026-12-01",
        "last_night": "2026-12-02",
        "reason": "Damage by resident requiring FM Repair",
    }
    assert service.client("coordinator").post("/v1/out-of-service", out).status_code == 201
    assert WHY in text_of(browser.get("/without-a-bed")) and len(asked) == 2, "at its premises"
    correct(service)
    assert LISTED not in text_of(browser.get("/without-a-bed")) and len(asked) == 3


def test_a_resident_whose_move_is_booked_is_told_of_with_its_day(service):
    booking = booked(service, "R1", "A-1", "2026-11-09")
    service.moving.put_forward(days=8)
    browser = correct(service, "R1", arson="applies")
    came = sent(service, booking, arrival_day="2026-11-09", confirmed="1")
    assert browser.post(f"/bookings/{booking}/arrival", came).status_code == 303
    assert f"since 9 November 2026: {WHY}" in text_of(browser.get("/without-a-bed"))
    moved = sent(service, booking, reason="The room.", bed_id="A-2", day="2026-11-20")
    moved |= {"confirmed": "1"}
    assert browser.post(f"/bookings/{booking}/transfer", moved).status_code == 303
    listed = text_of(browser.get("/without-a-bed"))
    assert f"since 9 November 2026, in another bed from 20 November 2026: {WHY}" in listed
    for url in (f"/bookings/{booking}", "/bids/R1"):
        read = text_of(browser.get(url))
        assert "They stay there until 20 November 2026: from then on another bed is" in read, url
        assert "until somebody moves them" not in read, url
    box = text_of(browser.get("/bids/R1"))
    where = "Premises Alderbeck House Bed Room 1, bed 1 Arrival 9 November 2026"
    assert f"{where} Departure 20 November 2026 Suits the person Not any more Then" in box
    assert "Then Alderbeck House, room 2, bed 1 , from 20 November 2026" in box
    brief = text_of(browser.get("/bids/R1/brief"))
    assert "Is at Alderbeck House, room 1, bed 1" in brief
    assert "Then goes to Alderbeck House, room 2, bed 1 , 20 November 2026 to 1 Feb" in brief
    assert f"{WHY}. Another bed is booked for the person from 20 November 2026 on" in brief
    told = service.client("coordinator").get("/v1/referrals/R1/brief").json()["booking"]
    assert (told["id"], told["next"]["bed_id"], told["movable"]) == (booking, "A-2", True)


def test_offences_are_named_apart_for_premises_and_room_with_those_nobody_has_answered(service):
    booked(service, "R4", "B-1", "2026-11-16")
    browser = correct(service, sexual_child="applies", arson="unknown")
    read = text_of(browser.get("/bids/R4"))
    assert (
        "The premises does not accept: sexual, against children; the room does not suit: arson "
        "(nobody has answered), sexual, against children" in read
    )


def test_a_booked_bed_that_suits_what_is_known_now_is_said_to(service):
    booked(service, "R4", "B-1", "2026-11-16")
    browser = correct(service, rosh="Medium")
    for url in ("/bids/R4", "/bids/R4/brief"):
        read = text_of(browser.get(url))
        assert "Risk information changed: the bed that is booked still suits" in read, url


def test_a_resident_in_such_a_bed_is_told_of_before_and_after_the_arrival_until_they_moved(service):
    booking = booked(service, "R4", "B-1", "2026-11-16")
    correct(service, arson="applies")
    service.moving.put_forward(days=15)
    browser = Browser(service, "coordinator")
    came = {"version": "1", "arrival_day": "2026-11-16"}
    asked = browser.post(f"/bookings/{booking}/arrival", came)
    read = text_of(asked)
    assert asked.status_code == 200 and SAID in read and WHY in read
    came["confirmed"] = "1"
    assert browser.post(f"/bookings/{booking}/arrival", came).status_code == 303
    there = "The bed that the person is in does not suit any more"
    for url in ("/bids/R4", f"/bookings/{booking}"):
        read = text_of(browser.get(url))
        assert there in read and WHY in read and "a new referral asks for another bed" in read, url
        assert f'href="/bookings/{booking}/transfer"' in browser.get(url).text, url
        assert "open again for another bed" not in read, url
    brief = text_of(browser.get("/bids/R4/brief"))
    assert "to be moved to another bed, or to leave and have a new referral" in brief
    listed = text_of(browser.get("/without-a-bed"))
    assert LISTED in listed and "resident of" in listed and "since 16 November 2026" in listed
    correction = {"departure_day": "2026-11-17", "departure_reason": "Moved on."}
    gone = {"version": "2", **correction, "confirmed": "1"}
    assert browser.post(f"/bookings/{booking}/departure", gone).status_code == 303
    assert LISTED not in text_of(browser.get("/without-a-bed"))


def test_a_bed_that_was_changed_before_it_was_booked_for_the_person_is_not_judged(service):
    correct(service, rosh="Medium")
    booked(service, "R4", "B-1", "2026-11-16")
    assert LISTED not in text_of(Browser(service, "coordinator").get("/without-a-bed"))


def test_restrictions_that_are_corrected_flag_the_bid_as_all_that_the_form_asks_does(service):
    booked(service, "R4", "B-1", "2026-11-16")
    browser = correct(service)
    assert "Risk information changed" in text_of(browser.get("/bids/R4"))


def test_nobody_is_told_of_a_booking_of_somebody_whom_they_may_not_know(service):
    booked(service, "R4", "B-1", "2026-11-16")
    correct(service, arson="applies")
    named = {"visible_to": ["local:Ann"]}
    manager = service.client("manager", name="Ann")
    assert manager.post("/v1/referrals/R4/restriction", named).status_code == 200
    assert LISTED not in text_of(Browser(service, "coordinator").get("/without-a-bed"))
    assert LISTED in text_of(Browser(service, "coordinator", name="Ann").get("/without-a-bed"))
    assert LISTED not in text_of(Browser(service, "planner").get("/without-a-bed"))


def test_a_correction_tells_the_offences_that_are_new_and_those_that_are_no_more(service):
    correct(service, arson="applies", sexual_adult="applies", hate="applies")
    browser = correct(service, sexual_adult="applies", sexual_child="applies")
    read = text_of(browser.get("/bids/R4"))
    assert "Offences, added: Arson; Hate crime; Sexual, against adults" in read
    assert "Offences, added: Sexual, against children" in read
    assert "Offences, removed: Arson; Hate crime" in read
    assert "before, Sexual" not in read
