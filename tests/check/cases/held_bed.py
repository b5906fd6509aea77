from allocator.vocabulary import Rosh
from tests.builders import a_problem, a_referral, held
from tests.check.case import allowed, breached

BED = "P1-R1-B1"


def asked(*holds, **referral):
    return a_problem(referrals=[a_referral(nights=3, **referral)], held=holds)


def known(rosh):
    return asked(held(BED, 1, 3), rosh=rosh)


CASES = [
    allowed("held until the day of arrival", asked(held(BED, 0, 1))),
    allowed("held from the day of departure", asked(held(BED, 4, 9))),
    allowed("held for the person's own band", asked(held(BED, 1, 3, 4))),
    allowed("held for a lower band", asked(held(BED, 1, 3, 3), rosh=Rosh.HIGH)),
    allowed("held for band 1, to which the person is known to belong", known(Rosh.VERY_HIGH)),
    breached("in band 1 for what nobody has said alone", known(None)),
    breached("held for the band above", asked(held(BED, 1, 3, 3))),
    breached("held on the first night alone", asked(held(BED, 0, 2))),
    breached("held on the last night alone", asked(held(BED, 3, 9))),
    breached(
        "held for the own band and for a higher one", asked(held(BED, 1, 3, 4), held(BED, 2, 1))
    ),
]
