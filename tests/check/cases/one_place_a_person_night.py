from tests.builders import a_booking, a_problem, a_referral, a_resident, a_stay, an_estate
from tests.check.case import allowed, breached

TWO = an_estate({"P1": (1, 1), "P2": (1,)})


def twice(arrival, crn="CRN-ref-1"):
    second = a_referral("ref-2", crn=crn, release_date=arrival)
    problem = a_problem(referrals=[a_referral(), second], **TWO)
    return problem, {"placements": [("ref-1", "P1-R1-B1", 1), ("ref-2", "P2-R1-B1", arrival)]}


def booked(booking, **changes):
    return a_problem(referrals=[a_referral(crn="CRN-1", **changes)], bookings=[booking], **TWO)


def resident(nights_to_come):
    return a_resident(crn="CRN-1", bed_id="P1-R2-B1", stay=a_stay(-5, 5 + nights_to_come))


CASES = [
    allowed("one stay after another", twice(3)[0], **twice(3)[1]),
    allowed("two people", twice(2, "CRN-ref-2")[0], **twice(2, "CRN-ref-2")[1]),
    breached("two stays with a night in common", twice(2)[0], **twice(2)[1]),
    allowed("a resident who leaves on the day of arrival", booked(resident(1))),
    breached("a resident who leaves the day after", booked(resident(2))),
    breached(
        "a booking without a bed",
        booked(a_booking(crn="CRN-1", premises_id="P2", stay=a_stay(2, 9))),
    ),
    allowed(
        "two bookings of one person are how things are",
        a_problem(bookings=[resident(4), a_booking(crn="CRN-1")], **TWO),
        placements=(),
        seats={"bkg-1": "P1-R1-B1"},
    ),
]
