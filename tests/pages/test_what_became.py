"""A bid whose last plan had a bed says what became of it: who refused it and when, or otherwise."""

import csv

import pytest
from sqlalchemy import event

from api.service import referrals, situations
from api.service.bed_names import bed_names
from api.service.what_became import booked_of
from tests.api.registers import COORDINATOR, ask, ended, row, rows, working
from tests.api.service import a_planned_service
from tests.pages.browsing import Browser, text_of


@pytest.fixture
def planned(tmp_path):
    service, run = a_planned_service(tmp_path)
    proposals = service.client("coordinator").get(f"/v1/runs/{run}/proposals").json()["records"]
    return service, f"/runs/{run}/proposals/{proposals[0]['referral_id']}", proposals[0]


def test_a_refusal_is_told_with_who_refused_when_and_why(planned):
    service, address, proposal = planned
    bid = proposal["referral_id"]
    said = {"action": "refuse", "refuse_reason": "Too near the victim."}
    ann = Browser(service, "coordinator", name="Ann")
    assert ann.post(address, said).status_code == 303
    read = text_of(Browser(service, "coordinator").get(f"/bids/{bid}"))
    assert "Refused by Ann on 2 November 2026 at" in read
    assert "Reason: Too near the victim." in read and "taken since" not in read
    with service.register.reading() as connection:
        change = service.register.change(connection, COORDINATOR)
        bed = bed_names(change, [proposal["bed_id"]])[proposal["bed_id"]].whole
    told = f"Refused {bed}: Too near the victim."
    assert f"Refused {bed} : Too near the victim." in text_of(ann.get("/without-a-bed"))
    assert told in ann.get("/without-a-bed.csv").text, "the file says why as the page does"


def test_the_file_has_the_reason_of_the_last_plan_beside_an_attempt_of_another_day(planned):
    service, _, proposal = planned
    left = left_out_of(service, proposal["run_id"])
    url = "/without-a-bed.csv"
    before = of_bid(Browser(service, "coordinator").get(url), left)
    assert "would be lawful" in before["main_reason"]
    service.moving.put_forward(days=1)
    with service.register.changing(COORDINATOR) as change:
        failed = change.row("referral", left), "booking_cancelled", "The AP appealed.", {}
        referrals.failed(change, [failed], change.today)
    after = of_bid(Browser(service, "coordinator").get(url), left)
    assert after["main_reason"] == before["main_reason"]
    assert after["last_attempt"] == "The AP appealed."
    assert after["last_attempt_day"] == "2026-11-03"


def of_bid(file, bid):
    """The row of a bid in a file of the pages, by heading."""
    lines = csv.DictReader(file.content.decode("utf-8-sig").splitlines())
    return next(line for line in lines if line["bid"] == bid)


def accept(service, address):
    said = {"action": "accept", "accept_reason": "Agreed."}
    assert Browser(service, "coordinator", name="Ann").post(address, said).status_code == 303


def cancel(service, bid):
    booking = row(service.register, "referral", bid)["booking_id"]
    ended = {"version": "1", "cancellation_reason": "The AP appealed.", "confirmed": "1"}
    ann = Browser(service, "coordinator", name="Ann")
    assert ann.post(f"/bookings/{booking}/cancellation", ended).status_code == 303


def test_a_bed_that_was_booked_and_cancelled_since_says_both(planned):
    service, address, proposal = planned
    bid = proposal["referral_id"]
    accept(service, address)
    cancel(service, bid)
    read = text_of(Browser(service, "coordinator").get(f"/bids/{bid}"))
    assert "Accepted by Ann on 2 November 2026 at" in read
    assert "The booking: cancelled, because: The AP appealed." in read


def test_a_bed_cancelled_after_another_plan_was_made_is_told_as_well(planned):
    service, address, proposal = planned
    bid = proposal["referral_id"]
    accept(service, address)
    service.run()
    cancel(service, bid)
    read = text_of(Browser(service, "coordinator").get(f"/bids/{bid}"))
    assert "No finished plan has looked for one yet" not in read
    assert "No plan has looked for one since the bid is open again. An earlier plan had a" in read
    assert "Accepted by Ann on 2 November 2026 at" in read
    assert "The booking: cancelled, because: The AP appealed." in read


def booked_by_hand(service, proposal):
    """The bed that was proposed, booked without the proposal; the booking's id."""
    stay = {name: proposal[name] for name in ("bed_id", "arrival", "departure")}
    body = {"referral_id": proposal["referral_id"], **stay, "reason": "by hand"}
    made = service.client("coordinator").post("/v1/bookings", body)
    assert made.status_code == 201
    return made.json()["id"]


def test_what_was_decided_of_an_earlier_plans_bed_is_not_told_of_a_later_plans(planned):
    service, address, proposal = planned
    bid = proposal["referral_id"]
    later = ask(service.register, effort="quick")
    accept(service, address)
    with working(service.register, service.folder):
        assert ended(service.register, later["id"])["status"] == "finished"
    cancel(service, bid)
    read = text_of(Browser(service, "coordinator").get(f"/bids/{bid}"))
    of_later, of_earlier = read.split("An earlier plan had a bed", 1)
    assert "It was not proposed: when the plan ended the bid was not open" in of_later
    assert "Accepted by" not in of_later
    assert "Accepted by Ann on 2 November 2026 at" in of_earlier
    assert "The booking: cancelled, because: The AP appealed." in of_earlier


def test_a_bed_that_was_booked_by_hand_since_is_told_and_not_the_proposal_before_it(planned):
    service, address, proposal = planned
    bid = proposal["referral_id"]
    accept(service, address)
    cancel(service, bid)
    booking = booked_by_hand(service, proposal)
    service.run()
    url = f"/v1/bookings/{booking}/cancellation"
    assert service.client("coordinator").post(url, {"reason": "an error"}).status_code == 200
    read = text_of(Browser(service, "coordinator").get(f"/bids/{bid}"))
    assert "No plan has looked for one since the bid is open again." in read
    told = read.split("A bed was booked that no plan had proposed", 1)[1].split("Attempts:")[0]
    assert "The booking: cancelled, because: an error" in told and "AP appealed" not in told


def transfer(service, bid, bed):
    """The booking by which they are in another bed from the arrival on."""
    there = row(service.register, "booking", row(service.register, "referral", bid)["booking_id"])
    said = {"bed_id": bed, "day": f"{there['arrival']}", "reason": "Wrong floor."}
    moved = service.client("coordinator").post(f"/v1/bookings/{there['id']}/transfer", said)
    assert moved.status_code == 201, moved.text
    return moved.json()


@pytest.mark.parametrize("again", [False, True])
def test_a_bed_that_was_moved_since_is_told_as_the_last_of_its_bookings(planned, again):
    service, _, proposal = planned
    bid, address = "R4", f"/runs/{proposal['run_id']}/proposals/R4"
    accept(service, address)
    there = row(service.register, "booking", row(service.register, "referral", bid)["booking_id"])
    beds = {"B-1": ("B-2", "room 2"), "B-2": ("B-1", "room 1")}
    to, room = beds[there["bed_id"]]
    moved = transfer(service, bid, to)
    browser = Browser(service, "coordinator")
    now = text_of(browser.get(address))
    assert f"Since then Booked: Brackmere Lodge, {room}, bed 1" in now
    if again:
        service.run()
    cancel(service, bid)
    assert row(service.register, "booking", moved["id"])["status"] == "cancelled"
    read = text_of(browser.get(f"/bids/{bid}"))
    assert "booked that no plan had proposed" not in read
    assert (
        f"The booking, moved to Brackmere Lodge, {room}, bed 1 since: cancelled, because: The AP "
        "appealed."
    ) in read


def left_out_of(service, run):
    client = service.client("coordinator")
    return client.get(f"/v1/runs/{run}/explanations").json()["records"][0]["referral_id"]


def test_a_plan_that_others_ask_about_is_told_as_that_and_not_as_none(planned, monkeypatch):
    service, _, proposal = planned
    monkeypatch.setattr(situations, "WAIT_S", 0.01)
    run = row(service.register, "run", proposal["run_id"])
    bid = left_out_of(service, run["id"])
    with situations.SITUATIONS.of(service.register, run):
        read = text_of(Browser(service, "coordinator").get(f"/bids/{bid}"))
    assert "cannot be told just now: others are asking about plans" in read
    assert "No finished plan has looked for one yet" not in read


def test_a_plan_that_was_erased_is_told_as_that_and_not_as_none(planned):
    service, _, proposal = planned
    left = left_out_of(service, proposal["run_id"])
    other = next(name for name in ("R1", "R2", "R3", "R4") if name != left)
    ann = service.client("coordinator", "manager", name="Ann")
    assert ann.post(f"/v1/referrals/{other}/withdrawal", {"reason": "x"}).status_code == 200
    erased = {"referral_id": other, "reason": "asked for", "asked_for": "request"}
    assert ann.post("/v1/erasures", erased).status_code == 201
    read = text_of(Browser(service, "coordinator").get(f"/bids/{left}"))
    assert "said of this bid has been erased." in read
    assert "No finished plan has looked for one yet" not in read


def test_a_bid_that_was_booked_elsewhere_meanwhile_says_that_nobody_decided(planned):
    service, _, proposal = planned
    bid, client = proposal["referral_id"], service.client("coordinator")
    url = f"/v1/bookings/{booked_by_hand(service, proposal)}/cancellation"
    gone = client.post(url, {"reason": "an error"})
    assert gone.status_code == 200
    read = text_of(Browser(service, "coordinator").get(f"/bids/{bid}"))
    assert "Nobody decided: the bid was booked otherwise" in read


def test_what_was_booked_for_many_proposals_is_read_in_pieces(planned):
    service, _, proposal = planned
    run = proposal["run_id"]
    for name in ("R1", "R4"):
        said = {"action": "accept", "accept_reason": "Agreed."}
        path = f"/runs/{run}/proposals/{name}"
        assert Browser(service, "coordinator").post(path, said).status_code == 303
    rows_there = [each for each in rows(service.register, "proposal") if each["booking_id"]]
    asked = []
    engine = service.register.database.engine
    event.listen(engine, "before_cursor_execute", lambda *all: asked.append(all[2]))
    with service.register.reading() as connection:
        change = service.register.change(connection, COORDINATOR)
        counts = []
        for proposals in (rows_there[:1], rows_there):
            asked.clear()
            found = booked_of(change, proposals)
            counts.append(len(asked))
            assert found.keys() == {each["id"] for each in proposals}
    assert len(rows_there) > 1 and counts[0] == counts[1]


def test_a_refusal_that_comes_after_an_acceptance_says_what_can_be_done_and_keeps_what_was_typed(
    planned,
):
    service, address, proposal = planned
    accept(service, address)
    said = {"action": "refuse", "refuse_reason": "Too near the victim."}
    late = Browser(service, "coordinator", name="Bea").post(address, said)
    assert late.status_code == 409 and "This proposal is accepted" in text_of(late)
    assert "What you wrote was not recorded: Too near the victim." in text_of(late)
    booking = row(service.register, "referral", proposal["referral_id"])["booking_id"]
    assert "What you can do now" in text_of(late) and f'href="/bookings/{booking}"' in late.text
