from tests.builders import a_problem, a_referral, a_resident, an_estate
from tests.check.case import allowed, breached

CLOSED = an_estate(premises={"P1": {"open": False}})

CASES = [
    allowed("open premises", a_problem(referrals=[a_referral()])),
    allowed(
        "those already there stay", a_problem(bookings=[a_resident()], **CLOSED), placements=()
    ),
    breached("closed premises", a_problem(referrals=[a_referral()], **CLOSED)),
]
