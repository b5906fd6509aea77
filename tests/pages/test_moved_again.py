"""A resident who is moved again before a move that is booked already: which bed follows which."""

import pytest
from sqlalchemy import event

from api.service.moves import last_of
from tests.api.registers import COORDINATOR, row
from tests.pages.browsing import Browser, text_of
from tests.pages.moving import moved
from tests.pages.test_booking_page import booked, sent

WHY = {"cancellation_reason": "Mended."}


@pytest.fixture
def moves(service, moving):
    """R4 is in B-1, is to be in B-2 from the 18th, and, as was booked before, from the 20th on."""
    first, last = moving
    return first, moved(service, first, "B-2", "2026-11-18"), last


def come(service, booking, day):
    came = sent(service, booking, arrival_day=day, confirmed="1")
    done = Browser(service, "coordinator").post(f"/bookings/{booking}/arrival", came)
    assert done.status_code == 303


def last_after(service, booking):
    with service.register.reading() as connection:
        change = service.register.change(connection, COORDINATOR)
        return last_of(change, [change.row("booking", booking)])[booking]["id"]


def read_of(page):
    """The summary list of a booking's page, each row's link beside its words."""
    return page.text.split("</dl>")[0]


def test_each_booking_leads_to_the_one_before_and_after_it_by_day(service, moves):
    first, middle, last = moves
    browser = Browser(service, "coordinator")
    facts = read_of(browser.get(f"/bookings/{first}"))
    assert "Moves to" in facts and f"/bookings/{middle}" in facts and last not in facts
    facts = read_of(browser.get(f"/bookings/{middle}"))
    assert f"/bookings/{first}" in facts and f"/bookings/{last}" in facts
    facts = read_of(browser.get(f"/bookings/{last}"))
    assert "Moved from" in facts and f"/bookings/{middle}" in facts and first not in facts


def test_who_is_in_the_second_bed_is_told_to_move_on_to_the_third(service, moves):
    first, middle, last = moves
    service.moving.put_forward(days=1)
    come(service, middle, "2026-11-18")
    browser = Browser(service, "coordinator")
    page = browser.get(f"/bookings/{middle}")
    assert "Moves to" in read_of(page) and f"/bookings/{last}" in read_of(page)
    brief = service.client("coordinator").get("/v1/referrals/R4/brief").json()
    assert brief["booking"]["id"] == middle and brief["booking"]["next"]["booking_id"] == last
    assert last_after(service, first) == middle


def test_who_has_come_to_the_third_bed_has_not_left(service, moves):
    first, middle, last = moves
    service.moving.put_forward(days=1)
    come(service, middle, "2026-11-18")
    service.moving.put_forward(days=2)
    come(service, last, "2026-11-20")
    assert row(service.register, "booking", middle)["status"] == "departed"
    assert last_after(service, first) == last


def test_a_booking_that_was_to_follow_and_moved_as_a_whole_is_followed(service, moves):
    _, middle, last = moves
    whole = moved(service, last, "B-1", "2026-11-20")
    facts = read_of(Browser(service, "coordinator").get(f"/bookings/{middle}"))
    assert f"/bookings/{whole}" in facts and last not in facts
    facts = read_of(Browser(service, "coordinator").get(f"/bookings/{last}"))
    assert "Moved to" in facts and f"/bookings/{whole}" in facts


def test_what_follows_is_found_without_reading_all_bookings(service, moves):
    asked = []
    engine = service.register.database.engine
    event.listen(engine, "before_cursor_execute", lambda *all: asked.append(all[2:4]))
    browser = Browser(service, "coordinator")
    for url in (f"/bookings/{moves[0]}", "/bids/R4/brief"):
        assert browser.get(url).status_code == 200
    plans = []
    with engine.connect() as connection:
        for statement, parameters in [each for each in asked if "FROM bookings" in each[0]]:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans += [step.detail for step in plan]
    assert plans and not [step for step in plans if step.startswith("SCAN bookings")]


def test_the_bed_before_has_the_nights_of_a_last_move_that_is_called_off(service, moves):
    _, middle, last = moves
    browser = Browser(service, "coordinator")
    url = f"/bookings/{last}/cancellation"
    asked = browser.post(url, sent(service, last, **WHY))
    assert "stays in the bed to which they move before, on the nights" in text_of(asked)
    assert browser.post(url, sent(service, last, **WHY, confirmed="1")).status_code == 303
    held = row(service.register, "booking", middle)
    assert (held["status"], f"{held['departure']}") == ("upcoming", "2027-02-01")


def test_a_last_move_is_not_called_off_while_the_bed_before_is_somebody_elses_by_then(
    service, moves
):
    _, middle, last = moves
    moved(service, last, "B-1", "2026-11-20")
    whole = row(service.register, "referral", "R4")["booking_id"]
    booked(service, "R5", "B-2", "2027-01-31")
    browser = Browser(service, "coordinator")
    asked = browser.post(f"/bookings/{whole}/cancellation", sent(service, whole, **WHY))
    read = text_of(asked)
    assert asked.status_code == 409
    bed = "Brackmere Lodge, room 2, bed 1"
    assert f"they cannot stay in {bed} from then on, for {bed} is taken from 31 January" in read
    assert "if they are not to come there, cancel the booking of that bed first" in read
    assert f'<a href="/bookings/{middle}">The person would have no bed' in asked.text


def test_nobody_who_has_left_is_given_the_nights_of_a_last_move(service, moves):
    first, middle, last = moves
    browser = Browser(service, "coordinator")
    gone = {"departure_day": "2026-11-17", "departure_reason": "Recalled.", "confirmed": "1"}
    assert browser.post(f"/bookings/{first}/departure", sent(service, first, **gone)).is_redirect
    url = f"/bookings/{last}/cancellation"
    assert browser.post(url, sent(service, last, **WHY, confirmed="1")).status_code == 303
    assert f"{row(service.register, 'booking', middle)['departure']}" == "2026-11-20"
