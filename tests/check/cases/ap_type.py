from allocator.vocabulary import ApType
from tests.builders import a_problem, a_referral, an_estate
from tests.check.case import allowed, breached


def asked(ap_type: ApType, *offered: ApType):
    estate = an_estate(premises={"P1": {"ap_types": frozenset(offered)}})
    return a_problem(referrals=[a_referral(ap_type=ap_type)], **estate)


CASES = [
    allowed("a PIPE referral in PIPE premises", asked(ApType.PIPE, ApType.PIPE)),
    allowed("a standard referral in PIPE premises", asked(ApType.NORMAL, ApType.PIPE)),
    allowed("one of two types serves", asked(ApType.PIPE, ApType.NORMAL, ApType.PIPE)),
    breached("a PIPE referral in standard premises", asked(ApType.PIPE, ApType.NORMAL)),
    breached("premises of no type at all", asked(ApType.NORMAL)),
]
