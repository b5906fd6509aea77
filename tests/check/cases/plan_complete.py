from dataclasses import replace

from allocator.plan import Sense
from tests.builders import a_problem, a_referral, day
from tests.check.case import allowed, breached

ONE = a_problem(referrals=[a_referral()])


def changed(**values):
    return lambda plan: replace(plan, **values)


def first_level(**values):
    return lambda plan: replace(plan, levels=(replace(plan.levels[0], **values), *plan.levels[1:]))


CASES = [
    allowed("of this problem and this policy", ONE),
    breached("another date", ONE, change=changed(as_of=day(1))),
    breached("another problem", ONE, change=changed(problem_hash="0" * 64)),
    breached("another policy", ONE, change=changed(policy_hash="0" * 64)),
    breached("a level is missing", ONE, change=lambda p: replace(p, levels=p.levels[1:])),
    breached("another order", ONE, change=lambda p: replace(p, levels=p.levels[::-1])),
    breached("another sense", ONE, change=first_level(sense=Sense.FEWEST)),
    breached("another unit", ONE, change=first_level(unit="beds")),
    breached(
        "the level of an earlier plan that there is not",
        ONE,
        change=lambda p: replace(p, levels=(*p.levels, replace(p.levels[0], aim="least_change"))),
    ),
]
