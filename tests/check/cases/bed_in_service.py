from tests.builders import a_problem, a_referral, an_estate, day, out_of_service
from tests.check.case import allowed, breached


def asked(*records, **bed):
    estate = an_estate(beds={"P1-R1-B1": bed})
    return a_problem(referrals=[a_referral(nights=3)], out_of_service=records, **estate)


OTHERS = ["one_person_a_bed_night", "premises_count"]

CASES = [
    allowed("out of service until the day of arrival", asked(out_of_service("P1-R1-B1", 0, 1))),
    allowed("out of service from the day of departure", asked(out_of_service("P1-R1-B1", 4, 9))),
    allowed(
        "there from the day of arrival to that of departure", asked(starts=day(1), ends=day(4))
    ),
    breached("out of service in the middle", asked(out_of_service("P1-R1-B1", 2, 1)), also=OTHERS),
    breached(
        "out of service on the first night", asked(out_of_service("P1-R1-B1", 0, 2)), also=OTHERS
    ),
    breached(
        "out of service on the last night", asked(out_of_service("P1-R1-B1", 3, 9)), also=OTHERS
    ),
    breached(
        "the second of two records",
        asked(out_of_service("P1-R1-B1", 8, 1), out_of_service("P1-R1-B1", 1, 1)),
        also=OTHERS,
    ),
    breached("the bed comes a day late", asked(starts=day(2)), also=OTHERS),
    breached("the bed goes on the last night", asked(ends=day(3)), also=OTHERS),
]
