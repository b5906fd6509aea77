from tests.builders import a_booking, a_policy, a_problem, a_referral, a_stay, an_estate
from tests.check.case import allowed, breached


def estate(limit=None):
    return an_estate({"P1": (1, 1, 1), "P2": (1,)}, premises={"P1": {"arrivals_per_day": limit}})


def two(limit=None, second=1):
    referrals = [a_referral("ref-1"), a_referral("ref-2", release_date=1, latest_arrival=2)]
    return a_problem(referrals=referrals, **estate(limit))


def at(bed="P1-R2-B1", arrival=1):
    return {"placements": [("ref-1", "P1-R1-B1", 1), ("ref-2", bed, arrival)]}


def beside(stay, limit=1, **booking):
    return a_problem(
        referrals=[a_referral()], bookings=[a_booking(stay=stay, **booking)], **estate(limit)
    )


def moved(limit):
    booking = a_booking(stay=a_stay(8, 2), referral=a_referral("of-bkg-1", crn="CRN-bkg-1"))
    referral = a_referral(release_date=8)
    return a_problem(referrals=[referral], bookings=[booking], **estate(limit))


CASES = [
    allowed("as many as the premises' limit", two(2), **at()),
    breached("one more than the premises' limit", two(1), **at()),
    allowed("on two days", two(1), **at(arrival=2)),
    allowed("at two premises", two(1), **at("P2-R1-B1")),
    breached("a limit of nobody", two(0), placements=[("ref-1", "P1-R1-B1", 1)]),
    allowed("as many as the policy's limit", two(), **at(), policy=a_policy(arrivals_per_day=2)),
    breached("one more than the policy's", two(), **at(), policy=a_policy(arrivals_per_day=1)),
    allowed("a policy without a limit", two(), **at(), policy=a_policy(arrivals_per_day=0)),
    breached(
        "the premises' limit goes before the policy's",
        two(1),
        **at(),
        policy=a_policy(arrivals_per_day=9),
    ),
    breached("a booking arrives that day", beside(a_stay(1, 4))),
    allowed("a booking arrived the day before", beside(a_stay(0, 4))),
    allowed("a booking arrives the day after", beside(a_stay(2, 4))),
    allowed(
        "a booking that is moved away arrives elsewhere",
        moved(1),
        placements=[("ref-1", "P1-R1-B1", 8)],
        seats={"bkg-1": "P2-R1-B1"},
        displacement=True,
    ),
    breached(
        "a booking at its own premises arrives there",
        moved(1),
        placements=[("ref-1", "P1-R1-B1", 8)],
        seats={"bkg-1": "P1-R2-B1"},
        displacement=True,
    ),
]
