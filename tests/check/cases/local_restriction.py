from tests.builders import a_problem, a_referral, a_restriction, an_estate
from tests.check.case import allowed, breached


def asked(restriction_codes, *of_premises):
    restrictions = tuple(a_restriction(code) for code in of_premises)
    estate = an_estate(premises={"P1": {"local_restrictions": restrictions}})
    return a_problem(referrals=[a_referral(restriction_codes=restriction_codes)], **estate)


CASES = [
    allowed("another code applies", asked(frozenset({"no-schools"}), "no-gambling")),
    allowed("it is known that none applies", asked(frozenset(), "no-gambling")),
    allowed("codes are not known and there is no restriction", asked(None)),
    breached("the code applies", asked(frozenset({"no-gambling"}), "no-gambling")),
    breached("the second of two applies", asked(frozenset({"b"}), "a", "b")),
    breached("codes are not known and there is a restriction", asked(None, "no-gambling")),
]
