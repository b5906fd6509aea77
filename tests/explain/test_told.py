"""What coordinators read: placed people, what is missing and what it cost, and nobody else's id."""

from __future__ import annotations

import json
from typing import Any

from allocator.explain import (
    Kind,
    Main,
    Situation,
    Unplaced,
    explain_placed,
    explain_unplaced,
    level_up,
    placed_json,
    placed_text,
    reasons,
    unplaced_json,
    unplaced_text,
)
from allocator.plan import Plan
from allocator.problem import Problem
from allocator.referral import Assumption
from allocator.vocabulary import Criterion, Offence, RiskTier, Rosh
from tests.builders import (
    ALL_ACCEPTED,
    a_booking,
    a_point,
    a_policy,
    a_problem,
    a_referral,
    a_resident,
    a_restriction,
    a_stay,
    an_estate,
    day,
    default_policy,
    may_share,
)
from tests.explain.some_plans import a_situation as a_random_situation
from tests.explain.some_plans import unplaced
from tests.plans import a_plan


def a_situation(problem: Problem, **plan: Any) -> Situation:
    made: Plan = a_plan(problem, **plan)
    return Situation(made, problem, default_policy())


def test_a_placed_person_is_told_the_next_best_and_what_it_would_cost() -> None:
    problem = a_problem(
        **an_estate(
            {"P1": (1,), "P2": (1,)},
            premises={"P2": {"location": a_point(20)}},
            rooms={"P1-R1": {"characteristics": frozenset({Criterion.HAS_EN_SUITE})}},
        ),
        referrals=[a_referral("has", desirable=frozenset({Criterion.HAS_EN_SUITE}))],
    )
    situation = a_situation(problem, placements=[("has", "P1-R1-B1", 1)])
    found = explain_placed(problem.referrals[0], situation)
    assert found.next_best is not None
    assert found.next_best.costs == ("20.0 miles of distance", "1 desirable criterion")
    assert found.next_best.won_on == "distance from home"
    assert "Firm: to be decided now" in placed_text(found)


def test_a_placed_person_with_no_other_free_bed_is_told_so() -> None:
    problem = a_problem(referrals=[a_referral("has")])
    situation = a_situation(problem, placements=[("has", "P1-R1-B1", 1)])
    assert "No other lawful bed" in placed_text(explain_placed(problem.referrals[0], situation))


def test_the_next_best_is_at_other_premises_and_not_the_same_bed_later() -> None:
    estate = an_estate({"P1": (1, 1), "P2": (1,)}, premises={"P2": {"location": a_point(20)}})
    asks = a_referral("has", latest_arrival=day(9))
    problem = a_problem(**estate, referrals=[asks])
    situation = a_situation(problem, placements=[("has", "P1-R1-B1", 1)])
    found = explain_placed(problem.referrals[0], situation)
    assert found.next_best is not None
    assert (found.next_best.bed_id, found.next_best.arrival) == ("P2-R1-B1", day(1))


def test_with_one_premises_the_next_best_is_another_bed_there() -> None:
    asks = a_referral("has", latest_arrival=day(9))
    problem = a_problem(**an_estate({"P1": (1, 1)}), referrals=[asks])
    situation = a_situation(problem, placements=[("has", "P1-R1-B1", 1)])
    found = explain_placed(problem.referrals[0], situation)
    assert found.next_best is not None and found.next_best.bed_id == "P1-R2-B1"


def test_a_better_free_bed_is_not_kept_quiet() -> None:
    problem = a_problem(
        **an_estate({"P1": (1,), "P2": (1,)}, premises={"P2": {"location": a_point(20)}}),
        referrals=[a_referral("has")],
    )
    situation = a_situation(problem, placements=[("has", "P2-R1-B1", 1)])
    found = explain_placed(problem.referrals[0], situation)
    assert found.next_best is not None
    assert found.next_best.is_better
    assert found.next_best.saves == ("20.0 miles of distance",)


def test_an_offence_nobody_answered_for_is_listed_with_the_beds_it_bars() -> None:
    rooms = {"P1-R1": {"characteristics": frozenset({Criterion.IS_ARSON_SUITABLE})}}
    problem = a_problem(
        **an_estate({"P1": (1, 1, 1)}, rooms=rooms),
        referrals=[a_referral("asks", offences_unknown=frozenset({Offence.ARSON}))],
    )
    found = explain_unplaced(problem.referrals[0], a_situation(problem))
    assert (found.missing[0].field, found.missing[0].beds_barred) == ("offence arson", 2)


def test_an_answer_that_would_open_a_bed_is_told_as_something_to_find_out() -> None:
    estate = an_estate({"P1": (1, 1, 1)}, premises={"P1": {"characteristics": ALL_ACCEPTED}})
    asks = a_referral("asks", offences_unknown=frozenset({Offence.ARSON}), offences=frozenset())
    found = explain_unplaced(asks, a_situation(a_problem(**estate, referrals=[asks])))
    told = [each.text for each in found.changes if each.kind is Kind.FOUND_OUT]
    assert told == [
        "If an offence (arson) were known not to apply: find out whether an offence (arson) "
        "applies. Until then what is not known is read with caution."
    ]
    assert found.tried[0] == "finding out what is not known"


def test_answers_that_only_together_would_open_a_bed_are_told_together_and_no_others() -> None:
    estate = an_estate(
        {"P1": (1,)},
        premises={"P1": {"local_restrictions": (a_restriction(),), "characteristics": frozenset()}},
    )
    unknown = frozenset({Offence.ARSON, Offence.HATE})
    asks = a_referral("asks", offences_unknown=unknown, restriction_codes=None, sharing=None)
    found = explain_unplaced(asks, a_situation(a_problem(**estate, referrals=[asks])))
    (told,) = [each.text for each in found.changes if each.kind is Kind.FOUND_OUT]
    assert "(arson)" in told and "(hate crime)" in told and "no local restriction applies" in told
    assert "share" not in told


def asks_of_arson_beside(*, band_of_the_other: int) -> Unplaced:
    """Who may have applied to them what bars the only bed, which somebody else has."""
    estate = an_estate({"P1": (1,)}, premises={"P1": {"characteristics": frozenset()}})
    asks = a_referral("asks", rosh=Rosh.VERY_HIGH, offences_unknown=frozenset({Offence.ARSON}))
    rosh = Rosh.VERY_HIGH if band_of_the_other == 1 else Rosh.LOW
    problem = a_problem(**estate, referrals=[asks, a_referral("has", rosh=rosh)])
    return explain_unplaced(asks, a_situation(problem, placements=[("has", "P1-R1-B1", 1)]))


def test_an_answer_that_would_open_a_bed_of_a_lower_band_is_told_with_who_makes_way() -> None:
    found = asks_of_arson_beside(band_of_the_other=5)
    (told,) = [each for each in found.changes if each.kind is Kind.FOUND_OUT_MADE_WAY]
    assert told.text.startswith("If an offence (arson) were known not to apply")
    assert "placed by this plan, gives up the bed." in told.text and "has no bed" in told.price
    assert not told.better, "it is not known that it does not apply"


def made_way(problem: Problem, **plan: Any) -> str:
    """What is told of who makes way once something is found out of the first who asks."""
    found = explain_unplaced(problem.referrals[0], a_situation(problem, **plan))
    (told,) = [each for each in found.changes if each.kind is Kind.FOUND_OUT_MADE_WAY]
    assert not told.better
    return f"{told.text} {told.price}"


def test_whoever_could_have_another_bed_is_not_said_to_give_theirs_up() -> None:
    no_arson = {"characteristics": frozenset()}
    unknown = frozenset({Offence.ARSON})
    en_suite = {"P1-R1": {"characteristics": frozenset({Criterion.HAS_EN_SUITE})}}
    estate = an_estate({"P1": (1,), "P2": (1,)}, premises={"P1": no_arson}, rooms=en_suite)
    needs = frozenset({Criterion.HAS_EN_SUITE})
    asks = a_referral("asks", rosh=Rosh.VERY_HIGH, essential=needs, offences_unknown=unknown)
    problem = a_problem(**estate, referrals=[asks, a_referral("has", rosh=Rosh.LOW)])
    told = made_way(problem, placements=[("has", "P1-R1-B1", 1)])
    assert "is placed elsewhere" in told and "gives up" not in told and "no bed" not in told


def test_a_booking_that_could_have_another_bed_once_something_is_found_out_is_told_first() -> None:
    # Neither bed is free for all four nights, unless both bookings are in one of them.
    problem = a_problem(
        **an_estate({"P1": (1, 1)}, premises={"P1": {"characteristics": frozenset()}}),
        bookings=[a_booking("one", stay=a_stay(1, 2)), a_booking("two", stay=a_stay(3, 2))],
        referrals=[a_referral("asks", nights=4, offences_unknown=frozenset({Offence.ARSON}))],
    )
    told = made_way(problem, seats={"one": "P1-R1-B1", "two": "P1-R2-B1"})
    assert "One booking is given another bed of its premises" in told


def test_where_what_is_not_known_bars_beds_it_is_never_said_that_finding_out_would_not_help() -> (
    None
):
    found = asks_of_arson_beside(band_of_the_other=1)
    assert found.changes == ()
    tried, may_help = found.nothing.split(". ", 1)
    assert "finding out" not in tried and tried.startswith("Beside this plan, no single change")
    assert may_help == (
        "Finding out what is not known opens no bed beside this plan either, but a new plan may "
        "place the person once it is known, since some beds are barred by it alone (offence "
        "arson: 1 bed)."
    )


def test_beds_that_several_unknown_things_may_bar_together_are_not_put_down_to_one_alone() -> None:
    estate = an_estate(
        {"P1": (1,), "P2": (1,)},
        premises={
            "P1": {"characteristics": ALL_ACCEPTED},
            "P2": {"characteristics": frozenset()},
        },
    )
    unknown = frozenset({Offence.ARSON, Offence.HATE})
    asks = a_referral("asks", rosh=Rosh.VERY_HIGH, offences_unknown=unknown, restriction_codes=None)
    others = [a_referral(name, rosh=Rosh.VERY_HIGH) for name in ("has", "has-too")]
    problem = a_problem(**estate, referrals=[asks, *others])
    placed = [("has", "P1-R1-B1", 1), ("has-too", "P2-R1-B1", 1)]
    found = explain_unplaced(asks, a_situation(problem, placements=placed))
    assert found.nothing.endswith(
        "barred by it alone (offence arson: 1 bed; all these offences together: 2 beds; offences "
        "and local restrictions may bar others together)."
    )


def beside_somebody(**changes: Any) -> list[str]:
    """What is to be found out of who might have the other bed of a room in which one may share."""
    asks = a_referral("asks", nights=3, **changes)
    problem = a_problem(
        **an_estate({"P1": (2,)}), referrals=[asks], bookings=[a_resident(sharing=may_share())]
    )
    found = explain_unplaced(asks, a_situation(problem))
    return [each.text for each in found.changes if each.kind is Kind.FOUND_OUT]


def test_an_assessment_that_runs_out_within_the_stay_is_to_be_made_anew() -> None:
    # The stay has nights 1 to 3; the resident is there on nights 1 and 2.
    (told,) = beside_somebody(sharing=may_share(1))
    assert "have a new room-share assessment made" in told
    assert beside_somebody(sharing=may_share(2)) == [], "a bed is open as things are"
    assert beside_somebody(sharing=may_share(1, suitable=False)) == [], "it found that they may not"


def test_an_assessment_of_who_was_to_come_before_today_counts_from_today() -> None:
    (told,) = beside_somebody(release_date=-9, sharing=None)
    assert told.startswith("If a room-share assessment found that the person may share")


def test_what_is_known_to_apply_is_nothing_to_find_out() -> None:
    asks = a_referral("asks", offences=frozenset({Offence.ARSON}), sharing=may_share())
    found = explain_unplaced(asks, a_situation(a_problem(referrals=[asks])))
    assert Kind.FOUND_OUT not in {each.kind for each in found.changes}
    assert "finding out what is not known" not in found.tried


def test_restrictions_that_are_not_known_are_listed_with_the_beds_they_bar() -> None:
    premises = {"P1": {"local_restrictions": (a_restriction(),)}}
    problem = a_problem(
        **an_estate({"P1": (1,), "P2": (1,)}, premises=premises),
        referrals=[a_referral("asks", restriction_codes=None)],
    )
    found = explain_unplaced(problem.referrals[0], a_situation(problem))
    assert found.missing[0].beds_barred == 1


def test_risk_that_is_not_known_is_listed_with_how_it_was_read() -> None:
    referral = a_referral("asks", tier=None, rosh=None, mappa_level=None)
    problem = a_problem(referrals=[referral], bookings=[a_resident()])
    fields = [m.field for m in explain_unplaced(referral, a_situation(problem)).missing]
    assert fields[:3] == ["risk tier", "RoSH", "MAPPA level"]


def test_what_a_file_did_not_say_is_told_in_the_words_of_people() -> None:
    read = (Assumption("rosh", "Very High", "none"), Assumption("sexual_child", "applies", "none"))
    referral = a_referral("asks", assumptions=read)
    found = explain_unplaced(referral, a_situation(a_problem(referrals=[referral])))
    told = [each.text for each in found.missing]
    assert "RoSH was read as Very High: none" in told
    assert "Offence (sexual, against children) was read as applying: none" in told


def test_what_is_not_known_is_told_once_though_the_file_was_read_with_caution_too() -> None:
    read = (
        Assumption("rosh", "Very High", "not given"),
        Assumption("arson", "applies", "not given"),
    )
    referral = a_referral(
        "asks", rosh=None, offences_unknown=frozenset({Offence.ARSON}), assumptions=read
    )
    found = explain_unplaced(referral, a_situation(a_problem(referrals=[referral])))
    told = [each.text for each in found.missing]
    assert sum("RoSH" in text for text in told) == 1
    assert sum("(arson)" in text for text in told) == 1


def test_someone_outside_the_tier_gate_needs_a_senior_managers_agreement() -> None:
    referral = a_referral("asks", tier=RiskTier.D1)
    text = unplaced_text(explain_unplaced(referral, a_situation(a_problem(referrals=[referral]))))
    assert "A senior manager must agree" in text


def test_holders_are_counted_by_kind_and_band() -> None:
    problem = a_problem(
        **an_estate({"P1": (1, 1, 1)}),
        bookings=[a_resident(), a_booking("later", stay=a_stay(1, 2), bed_id="P1-R2-B1")],
        referrals=[a_referral("asks"), a_referral("has", rosh=Rosh.HIGH)],
    )
    situation = a_situation(problem, placements=[("has", "P1-R3-B1", 1)])
    found = explain_unplaced(problem.referrals[0], situation)
    assert found.holders.words == (
        "1 resident, 1 future booking (band not known: 1) and "
        "1 person placed by this plan (band 3: 1)"
    )


def test_no_explanation_names_anyone_else() -> None:
    said = 0
    for seed in range(300):
        case, situation = a_random_situation(seed)
        for referral in unplaced(situation):
            found, up = explain_unplaced(referral, situation), level_up(referral, situation)
            text = unplaced_text(found, up) + json.dumps(unplaced_json(found, up))
            others = [r for r in case.problem.referrals if r.crn != referral.crn]
            names = {n for r in (*others, *case.problem.bookings) for n in (r.id, r.crn)}
            assert not [name for name in names - {referral.crn} if name in text]
            said += len(names)
        for placement in situation.plan.placements:
            mine = case.problem.referrals_by_id[placement.referral_id]
            found_placed = explain_placed(mine, situation)
            text = placed_text(found_placed) + json.dumps(placed_json(found_placed))
            names = {r.id for r in case.problem.referrals} - {mine.id}
            assert not [name for name in names if name in text]
    assert said > 100


def test_an_offence_and_a_criterion_on_different_beds_are_a_trap_with_counts() -> None:
    rooms = {
        "P1-R1": {"characteristics": frozenset({Criterion.IS_ARSON_SUITABLE})},
        "P1-R2": {"characteristics": frozenset({Criterion.HAS_EN_SUITE})},
        "P1-R3": {"characteristics": frozenset({Criterion.HAS_EN_SUITE})},
    }
    referral = a_referral(
        "asks",
        offences=frozenset({Offence.ARSON, Offence.HATE}),
        essential=frozenset({Criterion.HAS_EN_SUITE}),
    )
    estate = an_estate(
        {"P1": (1, 1, 1)}, rooms=rooms, premises={"P1": {"characteristics": ALL_ACCEPTED}}
    )
    found = explain_unplaced(referral, a_situation(a_problem(**estate, referrals=[referral])))
    assert found.trap is not None
    assert found.trap.words == (
        "2 beds have an en-suite and 1 bed is arson-suitable; no bed is both."
    )


def test_the_same_needs_on_one_bed_are_no_trap() -> None:
    both = frozenset({Criterion.IS_ARSON_SUITABLE, Criterion.HAS_EN_SUITE})
    referral = a_referral("asks", essential=both)
    estate = an_estate({"P1": (1,)}, rooms={"P1-R1": {"characteristics": both}})
    problem = a_problem(**estate, referrals=[referral], bookings=[a_resident(stay=a_stay(-5, 300))])
    assert explain_unplaced(referral, a_situation(problem)).trap is None


def test_a_cap_on_arrivals_is_said_where_it_alone_is_in_the_way() -> None:
    problem = a_problem(
        **an_estate({"P1": (1, 1)}), referrals=[a_referral("asks"), a_referral("has")]
    )
    policy = a_policy(arrivals_per_day=1)
    plan = a_plan(problem, policy, placements=[("has", "P1-R1-B1", 1)])
    found = explain_unplaced(problem.referrals[0], Situation(plan, problem, policy))
    assert "the premises takes no more arrivals on the day (1 bed)" in found.reason.text


def test_beds_that_are_taken_and_beds_that_a_rule_closes_are_counted_apart() -> None:
    problem = a_problem(
        **an_estate({"P1": (1, 2)}),
        bookings=[a_resident(), a_resident("beside", bed_id="P1-R2-B1")],
        referrals=[a_referral("asks")],
    )
    found = explain_unplaced(problem.referrals[0], a_situation(problem))
    assert found.reason.text == (
        "3 beds would be lawful. 2 are not free for the whole stay; on the nights wanted they are "
        "held by 2 residents. 1 is empty, but the room would be shared and may not be (1 bed)."
    )


def test_a_problem_with_nothing_in_it_has_nothing_to_explain() -> None:
    problem = a_problem(premises=[], rooms=[], beds=[])
    assert reasons(a_plan(problem), problem, default_policy()) == {}


def test_who_has_a_bed_by_another_bid_is_told_that_and_offered_nothing_else() -> None:
    asks = a_referral("asks", crn="X1", latest_arrival=day(9))
    problem = a_problem(
        **an_estate({"P1": (1,)}),
        referrals=[asks, a_referral("has", crn="X1", nights=28)],
    )
    situation = a_situation(problem, placements=[("has", "P1-R1-B1", 1)])
    found = explain_unplaced(asks, situation)
    assert found.reason.main is Main.SAME_PERSON
    assert found.reason.text == (
        "The same person is given a bed by this plan for another bid, and one person is in one "
        "place at a time: each stay that this bid allows would share nights with that one."
    )
    assert (found.changes, found.tried) == ((), ())
    assert found.nothing.startswith("No change was looked for")
    text = unplaced_text(found)
    assert "placed by this plan" not in text and "no single change" not in text


def test_a_booking_of_the_same_person_is_told_as_one() -> None:
    asks = a_referral("asks", crn="X1")
    mine = a_booking("mine", crn="X1", stay=a_stay(0, 60), bed_id="P1-R2-B1")
    problem = a_problem(**an_estate({"P1": (1, 1)}), referrals=[asks], bookings=[mine])
    found = explain_unplaced(asks, a_situation(problem))
    assert found.reason.text.startswith("The same person is booked already, and one person")


def test_a_bed_that_somebody_else_has_is_not_put_down_to_the_persons_own_stay() -> None:
    asks = a_referral("asks", crn="X1", nights=28, latest_arrival=day(20))
    others = (a_referral("has", crn="X1", nights=5), a_referral("long", nights=300))
    problem = a_problem(
        **an_estate({"P1": (1,), "P2": (1,)}),
        referrals=[asks, *others],
        bookings=[a_booking("next", premises_id="P2", stay=a_stay(6, 300), bed_id="P2-R1-B1")],
    )
    situation = a_situation(problem, placements=[("has", "P2-R1-B1", 1), ("long", "P1-R1-B1", 1)])
    assert explain_unplaced(asks, situation).reason.main is Main.ALL_TAKEN


def test_a_person_with_two_bids_is_told_so_exactly_where_the_own_stay_is_in_the_way() -> None:
    seen = {True: 0, False: 0}
    bed_rules = {Main.NO_BEDS, Main.LICENCE, Main.NOT_JOINTLY, Main.NO_LAWFUL_BED}
    for seed in range(400):
        _, situation = a_random_situation(seed)
        for referral in unplaced(situation):
            main = explain_unplaced(referral, situation).reason.main
            mine = list(situation.ledger.stays.get(referral.crn, ()))
            if not mine or main in bed_rules:
                assert main is not Main.SAME_PERSON
                continue
            request = situation.request(referral)
            now = len(situation.open_to(request)[0])
            every = situation.ledger.elsewhere(request, request.days).all()
            with situation.ledger.changed(out=mine):
                without = len(situation.open_to(request)[0])
            theirs = not now and bool(every or without)
            assert (main is Main.SAME_PERSON) == theirs
            seen[theirs] += 1
    assert all(seen.values()), seen
