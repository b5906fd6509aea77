"""The last day of a stay is changed, by the form on the page of the booking."""

from datetime import date

import pytest
from sqlalchemy import select

from allocator.nights import Stay
from api.store.tables import ACCESS_LOG
from tests.api.filled import Proposed, propose
from tests.api.live import live
from tests.api.registers import row
from tests.api.service import a_service
from tests.pages.browsing import Browser, text_of
from tests.pages.chromium import WIDTHS, signed_in
from tests.pages.looks import assert_fit_to_be_seen
from tests.pages.test_booking_page import booked, sent
from tests.pages.test_transfer_page import arrived

BOOKED = "R4", "B-1", "2026-11-16"
OFFER = "Give the day, and say why"


def changed(service, browser, booking, departure, **said):
    said = {"departure": departure, "reason": "No flat yet.", **said}
    return browser.post(f"/bookings/{booking}/last-day", sent(service, booking, **said))


def leaves(service, booking):
    return f"{row(service.register, 'booking', booking)['departure']}"


def test_a_stay_is_made_longer_once_it_was_looked_at_and_confirmed(service):
    booking = booked(service, *BOOKED)
    browser = Browser(service, "coordinator", name="Bea")
    assert f'href="/bookings/{booking}/last-day"' in browser.get(f"/bookings/{booking}").text
    form = text_of(browser.get(f"/bookings/{booking}/last-day"))
    assert "Now 1 February 2027. Another from 17 November 2026 on" in form
    asked = text_of(changed(service, browser, booking, "2027-02-08"))
    assert "Was to leave on 1 February 2027 Leaves on 8 February 2027" in asked
    assert "Nights 7 nights more: 84 in all" in asked and "no rule about the person" in asked
    assert leaves(service, booking) == "2027-02-01", "not confirmed yet"
    done = changed(service, browser, booking, "2027-02-08", confirmed="1")
    assert done.headers["location"] == f"/bookings/{booking}"
    assert leaves(service, booking) == "2027-02-08"
    assert "The stay ends on the day that you gave." in text_of(browser.get(f"/bookings/{booking}"))
    read = text_of(browser.get("/bids/R4"))
    assert "Reason: No flat yet." in read and "by Bea" in read


def test_the_stay_of_a_resident_is_made_shorter(service):
    booking = booked(service, *BOOKED)
    service.moving.put_forward(days=15)
    arrived(service, booking)
    browser = Browser(service, "coordinator")
    asked = text_of(changed(service, browser, booking, "2026-11-20"))
    assert "Nights 73 nights fewer: 4 in all" in asked
    assert "The bed is free for others from 20 November 2026 on." in asked
    assert changed(service, browser, booking, "2026-11-20", confirmed="1").status_code == 303
    ended = row(service.register, "booking", booking)
    assert (ended["status"], f"{ended['departure']}") == ("arrived", "2026-11-20")


@pytest.mark.parametrize(
    ("departure", "field", "words"),
    [
        ("", "departure-day", "Give the day"),
        ("soon", "departure-day", "Write the day"),
        ("2026-11-16", "departure-day", "must be after the arrival, and after today"),
        ("2027-02-01", "departure-day", "The stay ends on 1 February 2027 already"),
        ("2030-02-01", "departure-day", "A stay has at most 1,000 nights"),
    ],
)
def test_what_is_wrong_stands_at_its_field_with_what_was_written(service, departure, field, words):
    booking = booked(service, *BOOKED)
    wrong = changed(service, Browser(service, "coordinator"), booking, departure)
    assert wrong.status_code == 422 and f'href="#{field}"' in wrong.text
    assert words in text_of(wrong) and "No flat yet." in text_of(wrong)
    assert leaves(service, booking) == "2027-02-01"


def test_a_day_needs_a_reason_and_the_booking_as_it_was_seen(service):
    booking = booked(service, *BOOKED)
    browser = Browser(service, "coordinator")
    without = changed(service, browser, booking, "2027-02-08", reason="")
    assert without.status_code == 422 and 'href="#reason"' in without.text
    stale = changed(service, browser, booking, "2027-02-08", version="9", confirmed="1")
    assert stale.status_code == 409 and "Somebody has changed this booking" in text_of(stale)
    assert leaves(service, booking) == "2027-02-01"


def test_a_bed_that_is_taken_after_and_the_end_of_the_licence_stand_in_the_way(service):
    booking = booked(service, *BOOKED)
    ann = service.client("coordinator", name="Ann")
    bid = ann.get("/v1/referrals/R4").json()
    ends = {**bid["details"], "licence_expiry": "2027-02-10"}
    assert ann.put("/v1/referrals/R4", ends, bid["version"]).status_code == 200
    browser = Browser(service, "coordinator")
    form = text_of(browser.get(f"/bookings/{booking}/last-day"))
    assert "The licence ends on 10 February 2027." in form
    asked = text_of(changed(service, browser, booking, "2027-02-10"))
    assert "Licence ends 10 February 2027" in asked
    past = changed(service, browser, booking, "2027-02-11")
    assert past.status_code == 422 and 'href="#departure-day"' in past.text
    assert "past the end of the licence" in text_of(past)
    out = {"bed_id": "B-1", "first_night": "2027-02-03", "last_night": "2027-02-03"}
    assert ann.post("/v1/out-of-service", {**out, "reason": "Planned Upgrade"}).status_code == 201
    taken = changed(service, browser, booking, "2027-02-05")
    assert taken.status_code == 409 and 'href="#departure-day"' in taken.text
    told = "Brackmere Lodge, room 1, bed 1 is out of service from 3 February 2027"
    assert told in text_of(taken)


def test_who_loses_the_bed_by_it_is_told_before_it_is_made_and_logged(service):
    booking = booked(service, *BOOKED)
    propose(service.register, [Proposed("R5", "B-1", Stay(date(2027, 2, 1), date(2027, 4, 26)))])
    browser = Browser(service, "coordinator")
    asked = changed(service, browser, booking, "2027-02-08")
    read = text_of(asked)
    assert asked.status_code == 200 and "Who would lose the bed that the plan has for them" in read
    assert "X000005" in read
    assert "If you keep the person there longer, that proposal cannot be accepted" in read
    with service.register.reading() as connection:
        newest = select(ACCESS_LOG.c.subjects).order_by(ACCESS_LOG.c.seq.desc()).limit(1)
        assert {booking, "R5"} <= set(connection.execute(newest).scalar_one())


def held(service, lowest_band):
    hold = {"bed_id": "B-1", "first_night": "2027-02-01", "last_night": "2027-02-03"}
    hold |= {"lowest_band": lowest_band, "until": "2026-11-20", "why": "Expected."}
    made = service.client("coordinator", name="Ann").post("/v1/holds", hold)
    assert made.status_code == 201, made.text


def test_a_hold_is_passed_over_with_a_reason_that_is_asked_for_once_it_stands_in_the_way(service):
    booking = booked(service, *BOOKED)
    held(service, 1)
    browser = Browser(service, "coordinator")
    assert 'name="override_hold"' not in browser.get(f"/bookings/{booking}/last-day").text
    refused = changed(service, browser, booking, "2027-02-08")
    assert refused.status_code == 409 and 'href="#override_hold"' in refused.text
    assert 'name="override_hold"' in refused.text
    over = {"override_hold": "Nowhere else."}
    asked = text_of(changed(service, browser, booking, "2027-02-08", **over))
    assert "Why the hold is passed over Nowhere else." in asked
    done = changed(service, browser, booking, "2027-02-08", **over, confirmed="1")
    assert done.status_code == 303


def test_a_hold_that_gives_the_nights_up_is_told(service):
    booking = booked(service, *BOOKED)
    held(service, 3)
    asked = changed(service, Browser(service, "coordinator"), booking, "2027-02-08")
    assert asked.status_code == 200 and "it gives up these nights" in text_of(asked)


def test_a_move_to_come_is_in_the_way_of_more_nights_and_leaves_a_gap_after_fewer(service, moving):
    first, _ = moving
    browser = Browser(service, "coordinator")
    more = changed(service, browser, first, "2026-11-25")
    assert more.status_code == 409 and 'href="#departure-day"' in more.text
    assert "The person has a bed on some of these nights already" in text_of(more)
    fewer = text_of(changed(service, browser, first, "2026-11-18"))
    assert "booked for the person from 20 November 2026 on" in fewer
    assert "From 18 November 2026 until then they would have none." in fewer
    assert "would have none" not in text_of(changed(service, browser, first, "2026-11-20"))


def test_a_form_that_could_never_succeed_is_not_offered(service, moving):
    first, _ = moving
    browser = Browser(service, "coordinator")
    assert OFFER in text_of(browser.get(f"/bookings/{first}"))
    service.moving.put_forward(days=2)
    browser = Browser(service, "coordinator")
    assert OFFER not in text_of(browser.get(f"/bookings/{first}")), "it ends tomorrow, as it must"
    form = browser.get(f"/bookings/{first}/last-day")
    assert "neither shortened nor made longer" in text_of(form)
    assert 'name="departure"' not in form.text
    gone = sent(service, first, departure_day="2026-11-19", departure_reason="x", confirmed="1")
    assert browser.post(f"/bookings/{first}/departure", gone).status_code == 303
    assert OFFER not in text_of(browser.get(f"/bookings/{first}"))
    assert "has no last day to change" in text_of(browser.get(f"/bookings/{first}/last-day"))


def test_it_is_for_those_who_may_extend_bookings_and_know_of_the_person(service):
    booking = booked(service, *BOOKED)
    url = f"/bookings/{booking}/last-day"
    assert Browser(service, "planner").get(url).status_code == 403
    assert OFFER not in text_of(Browser(service, "service").get(f"/bookings/{booking}"))
    manager = service.client("manager", name="Ann")
    named = {"visible_to": ["local:Ann"]}
    assert manager.post("/v1/referrals/R4/restriction", named).status_code == 200
    bea = Browser(service, "coordinator", name="Bea")
    assert bea.get(url).status_code == 404
    assert changed(service, bea, booking, "2027-02-08").status_code == 404
    assert bea.post(url, {"departure": "2027-02-08"}, token="another").status_code == 403


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_last_day_is_changed_in_a_browser_at_two_widths(started, tmp_path, width, scripts):
    service = a_service(tmp_path)
    booking = booked(service, *BOOKED)
    propose(service.register, [Proposed("R5", "B-1", Stay(date(2027, 2, 1), date(2027, 4, 26)))])
    visitor = {"width": WIDTHS[width], "scripts": scripts}
    with (
        live(service.app) as at,
        signed_in(started, at, service.register, "coordinator", **visitor) as page,
    ):
        page.goto(f"/bookings/{booking}")
        page.click(f"text={OFFER}")
        page.click("text=Check, then change the last day")
        page.wait_for_selector("text=There is a problem")
        page.fill("#departure-day", "2027-02-08")
        page.fill("#reason", "The flat is not ready.")
        if scripts:
            assert_fit_to_be_seen(page, WIDTHS[width])
        page.click("text=Check, then change the last day")
        page.wait_for_selector("text=Who would lose the bed")
        if scripts:
            assert_fit_to_be_seen(page, WIDTHS[width])
        page.click("main button:has-text('Change the last day')")
        page.wait_for_selector("text=The stay ends on the day that you gave")
    assert leaves(service, booking) == "2027-02-08"
