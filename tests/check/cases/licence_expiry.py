from tests.builders import a_booking, a_problem, a_referral, a_stay, an_estate
from tests.check.case import allowed, breached


def asked(expiry):
    referral = a_referral(release_date=1, latest_arrival=2, nights=2, licence_expiry=expiry)
    return a_problem(referrals=[referral])


def moved(expiry):
    """bkg-1, which ends on the tenth day, is moved from P1 to P2."""
    facts = a_referral("of-bkg-1", crn="CRN-bkg-1", licence_expiry=expiry)
    booking = a_booking(stay=a_stay(8, 2), referral=facts)
    problem = a_problem(bookings=[booking], **an_estate({"P1": (1,), "P2": (1,)}))
    return {"problem": problem, "placements": (), "seats": {"bkg-1": "P2-R1-B1"}}


CASES = [
    allowed("a booking that ends with the licence is moved", displacement=True, **moved(10)),
    breached("a booking that outlasts the licence is moved", displacement=True, **moved(9)),
    allowed("no licence expiry is known", asked(None)),
    allowed("the person leaves on the day of expiry", asked(3)),
    breached("the person leaves the day after", asked(2)),
    breached("an arrival too late", asked(3), placements=[("ref-1", "P1-R1-B1", 2)]),
]
