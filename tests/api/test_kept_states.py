"""What follows from a register as it stands is worked out once, until something is recorded."""

import subprocess
import sys

from api.service.out_of_service import enter
from api.service.plan_needs import plan_needs
from api.service.referrals import restrict
from api.store.kept_states import KeptStates
from tests.api.filled import Proposed, a_person, an_empty_register, fill, propose
from tests.builders import a_problem, a_referral, a_stay, an_estate

STAY = a_stay(1, 60)
ONE, TWO = "P1-R1-B1", "P1-R2-B1"
ANN, BOB = a_person("Ann"), a_person("Bob")


def a_register(url):
    register = an_empty_register(url)
    bids = [a_referral(name) for name in ("ref-1", "ref-2")]
    fill(register, a_problem(**an_estate({"P1": (1, 1, 1), "P2": (1,)}), referrals=bids))
    propose(register, [Proposed("ref-1", ONE, STAY), Proposed("ref-2", TWO, STAY)])
    return register


def needed(register, actor):
    with register.reading() as connection:
        needs = plan_needs(register.change(connection, actor)).needs
        return [each.proposal["bed_id"] for each in needs]


def restricted_to(register, name):
    with register.changing(ANN) as change:
        restrict(change, "ref-1", [name])


def test_an_answer_is_made_again_once_something_is_recorded(database_url):
    register, kept, made = a_register(database_url), KeptStates(), []

    def make():
        made.append(1)
        return len(made)

    def asked():
        with register.reading() as connection:
            return kept.of(connection, make, "a question")

    assert [asked(), asked()] == [1, 1]
    restricted_to(register, "Somebody")
    assert asked() == 2


def test_only_the_last_few_answers_are_kept(database_url):
    register, kept = a_register(database_url), KeptStates(2)
    with register.reading() as connection:
        for question in ("one", "two", "three"):
            kept.of(connection, lambda: "made", question)
        found = [kept.found(connection, question) for question in ("one", "two", "three")]
    assert found == [None, "made", "made"]


def test_whoever_sees_less_is_not_given_what_somebody_else_was(database_url):
    register = a_register(database_url)
    restricted_to(register, ANN.id)
    assert needed(register, ANN) == [ONE, TWO]
    assert needed(register, BOB) == [TWO]
    assert needed(register, ANN) == [ONE, TWO]


def test_a_bed_that_goes_out_of_service_is_seen_by_whoever_looks_next(database_url):
    register = a_register(database_url)
    assert needed(register, ANN) == [ONE, TWO]
    with register.changing(ANN) as change:
        enter(change, TWO, STAY.arrival, STAY.arrival, "repairs")
    assert needed(register, ANN) == [ONE]


def test_the_program_itself_is_never_looked_through_again():
    told = (
        "import gc; from api.collecting import collect_seldom; collect_seldom();"
        "print(gc.get_freeze_count() > 1000, gc.isenabled(), gc.get_threshold()[0] > 700)"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True"] * 3
