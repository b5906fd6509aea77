from tests.builders import a_point, a_problem, a_referral, an_estate
from tests.check.case import allowed, breached

HOME, FIFTY_MILES_OFF = a_point(), a_point(50)


def asked(radius, location=HOME, premises=FIFTY_MILES_OFF):
    estate = an_estate(premises={"P1": {"location": premises}})
    referral = a_referral(consented_radius_miles=radius, location=location)
    return a_problem(referrals=[referral], **estate)


CASES = [
    allowed("no radius was given", asked(None)),
    allowed("within the radius", asked(51)),
    allowed("a radius of nothing, at the very place", asked(0, premises=a_point())),
    allowed("no radius was given and no place is known", asked(None, None, None)),
    breached("beyond the radius", asked(49)),
    breached("a radius of nothing, and some way off", asked(0, premises=a_point(1))),
    breached("the person's place is not known", asked(51, location=None)),
    breached("the premises' place is not known", asked(51, premises=None)),
]
