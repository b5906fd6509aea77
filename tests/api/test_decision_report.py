"""The decision report: counts that can be made by hand, and who may see whose."""

import pytest

from allocator.nights import Stay
from tests.api.filled import Proposed, propose
from tests.api.lives import A, C, D, M, P, a_service_at, book, refused
from tests.builders import day

SOON = Stay(day(14), day(100))
NOTHING = {
    "accepted": 0,
    "changed": 0,
    "refused": 0,
    "undecided": 0,
    "lost": 0,
    "overtaken": 0,
    "accepted_share": None,
    "changed_share": None,
    "refused_share": None,
    "undecided_share": None,
    "median_hours": None,
    "p90_hours": None,
}


@pytest.fixture
def service(database_url, tmp_path):
    made = a_service_at(database_url, tmp_path)
    yield made
    made.register.database.close()


@pytest.fixture
def ann(service):
    return service.client(C, M, name="Ann")


def report(client, **asked):
    answer = client.get("/v1/decisions/report", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def proposed(service):
    """Five proposals of one run: of R1 to R5, bands 1, 1, 2, 2 and 3; R5 is released later."""
    stays = {"R5": Stay(day(90), day(180))}
    bands = {"R1": 1, "R2": 1, "R3": 2, "R4": 2, "R5": 3}
    beds = {"R1": "A-1", "R2": "A-2", "R3": "A-2", "R4": "B-1", "R5": "B-2"}
    return propose(
        service.register,
        [Proposed(r, beds[r], stays.get(r, SOON), band) for r, band in bands.items()],
    )


def decide(client, run, referral, **decision):
    answer = client.post(
        f"/v1/runs/{run}/proposals/{referral}/decision", {"reason": "seen", **decision}
    )
    assert answer.status_code == 200, answer.text


def told(figures):
    return {name: value for name, value in figures.items() if value not in (0, None)}


def decided(service, ann):
    """After 2 hours one is accepted, after 4 one refused, after 10 another changed."""
    run = proposed(service)
    service.moving.put_forward(hours=2)
    decide(ann, run, "R4", action="accept")
    service.moving.put_forward(hours=2)
    bob = service.client(C, name="Bob")
    decide(bob, run, "R1", action="refuse")
    service.moving.put_forward(hours=6)
    decide(bob, run, "R2", action="change", departure="2027-02-01")
    return run


def test_a_register_without_decisions_has_a_report_of_nothing(ann):
    found = report(ann)
    assert found["everything"] == NOTHING and found["groups"] == []
    assert (found["first"], found["last"]) == ("2026-10-03", "2026-11-02")


def test_counts_shares_and_hours_are_those_counted_by_hand(service, ann):
    decided(service, ann)
    # One other booking overtakes a proposal: of the five, four are decided or wait.
    ann.post("/v1/referrals/R3/withdrawal", {"reason": "not wanted"})
    assert report(ann)["everything"] == {
        "accepted": 1,
        "changed": 1,
        "refused": 1,
        "undecided": 1,
        "lost": 0,
        "overtaken": 1,
        "accepted_share": 0.333,
        "changed_share": 0.333,
        "refused_share": 0.333,
        "undecided_share": 0.25,
        "median_hours": 4.0,
        "p90_hours": 10.0,
    }


def test_groups_are_by_band_month_or_premises(service, ann):
    decided(service, ann)
    bands = {each["group"]: told(each["figures"]) for each in report(ann, by="band")["groups"]}
    assert list(bands) == ["1", "2", "3"]
    assert bands["1"] == {
        "changed": 1,
        "refused": 1,
        "changed_share": 0.5,
        "refused_share": 0.5,
        "median_hours": 7.0,
        "p90_hours": 10.0,
    }
    assert bands["3"] == {"undecided": 1, "undecided_share": 1.0}
    assert [each["group"] for each in report(ann, by="month")["groups"]] == ["2026-11"]
    places = {each["group"]: each["figures"] for each in report(ann, by="premises")["groups"]}
    assert (places["A"]["lost"], places["B"]["accepted"]) == (1, 1)


def test_by_person_is_for_managers_and_holds_what_each_decided(service, ann):
    decided(service, ann)
    people = {each["group"]: told(each["figures"]) for each in report(ann, by="person")["groups"]}
    assert people["Ann"] == {
        "accepted": 1,
        "accepted_share": 1.0,
        "median_hours": 2.0,
        "p90_hours": 2.0,
    }
    assert (people["Bob"]["refused"], people["Bob"]["changed"]) == (1, 1)
    auditor = service.client(A, name="Audrey")
    assert report(auditor, by="band")["everything"] == report(ann)["everything"]
    refused(auditor.get("/v1/decisions/report?by=person"), 403, "no-staff")
    for role in (C, P, D):
        answer = service.client(role, name="Other").get("/v1/decisions/report")
        refused(answer, 403, "role-not-allowed")


def test_days_are_those_of_the_runs_end_in_london(service, ann):
    decided(service, ann)
    service.moving.put_forward(days=1)
    assert told(report(ann, **{"from": "2026-11-03"})["everything"]) == {}
    assert report(ann, **{"from": "2026-11-02", "to": "2026-11-02"})["everything"]["accepted"] == 1
    service.moving.put_forward(days=300)
    assert told(report(ann)["everything"]) == {}
    old = report(ann, **{"from": "2026-11-02"})
    assert old["everything"]["accepted"] == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2026-11-03", "to": "2026-11-02"},
        {"from": "2025-01-01", "to": "2026-11-02"},
        {"by": "gender"},
        {"first": "2026-11-02"},
        {"from": "yesterday"},
    ],
    ids=str,
)
def test_what_cannot_be_reported_is_refused(ann, asked):
    answer = ann.get("/v1/decisions/report", params=asked)
    refused(answer, 422, "invalid")


def test_whoever_is_erased_is_in_no_figure(service, ann):
    decided(service, ann)
    everything = report(ann)["everything"]
    waiting = everything["undecided"], everything["lost"], everything["undecided_share"]
    assert waiting == (1, 1, 0.25), "another has the bed proposed to R3"
    book(ann, bed="A-2", departure="2026-11-16")
    assert report(ann)["everything"]["overtaken"] == 1
    booking = ann.get("/v1/referrals/R3").json()["booking_id"]
    ann.post(f"/v1/bookings/{booking}/cancellation", {"reason": "x"})
    ann.post("/v1/referrals/R3/withdrawal", {"reason": "x"})
    assert ann.post("/v1/erasures", {"referral_id": "R3", "reason": "x"}).status_code == 201
    assert report(ann)["everything"]["overtaken"] == 0
