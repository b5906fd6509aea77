from dataclasses import replace

from tests.builders import a_problem, a_referral, an_estate
from tests.check.case import IN_THE_FIRST_BED, allowed, breached

ONE = a_problem(referrals=[a_referral()], **an_estate({"P1": (1, 1)}))


def unplaced(*ids):
    return lambda plan: replace(plan, unplaced=ids)


CASES = [
    allowed("placed, and not listed as unplaced", ONE),
    allowed("listed as unplaced, and not placed", ONE, placements=()),
    breached("neither", ONE, placements=(), change=unplaced()),
    breached("both", ONE, change=unplaced("ref-1")),
    breached("listed twice", ONE, placements=(), change=unplaced("ref-1", "ref-1")),
    breached("somebody unknown is listed", ONE, change=unplaced("ref-9")),
    breached(
        "placed twice",
        ONE,
        placements=(*IN_THE_FIRST_BED, ("ref-1", "P1-R2-B1", 1)),
        also=["one_place_a_person_night"],
    ),
]
