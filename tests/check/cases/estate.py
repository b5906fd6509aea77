from allocator.vocabulary import Gender
from tests.builders import a_booking, a_problem, a_referral, a_stay, an_estate
from tests.check.case import allowed, breached

WOMEN = an_estate(premises={"P1": {"gender": Gender.WOMAN}})


def moved_to(gender):
    """bkg-1 is moved from P1 to P2, which is for that gender."""
    facts = a_referral("of-bkg-1", crn="CRN-bkg-1")
    problem = a_problem(
        bookings=[a_booking(stay=a_stay(8, 2), referral=facts)],
        **an_estate({"P1": (1,), "P2": (1,)}, premises={"P2": {"gender": gender}}),
    )
    return {"problem": problem, "placements": (), "seats": {"bkg-1": "P2-R1-B1"}}


CASES = [
    allowed("a man is moved to men's premises", displacement=True, **moved_to(Gender.MAN)),
    breached("a man is moved to women's premises", displacement=True, **moved_to(Gender.WOMAN)),
    allowed("a man in men's premises", a_problem(referrals=[a_referral()])),
    allowed(
        "a woman in women's premises",
        a_problem(referrals=[a_referral(gender=Gender.WOMAN)], **WOMEN),
    ),
    breached("a man in women's premises", a_problem(referrals=[a_referral()], **WOMEN)),
    breached("a woman in men's premises", a_problem(referrals=[a_referral(gender=Gender.WOMAN)])),
]
