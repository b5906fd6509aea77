"""Kills: a process that dies anywhere leaves whole changes, and nobody's answer is lost."""

from random import Random

import pytest
from sqlalchemy import select

from api.store.tables import METADATA
from tests.api.filled import a_person
from tests.api.race import rounds
from tests.api.race.kills import kill_and_count
from tests.api.race.orders import carry_out
from tests.api.race.serving import LAST, die_at, statements_of, wait_until_alone
from tests.api.race.soundness import faults

pytestmark = pytest.mark.slow

KILLS = 10
DEATHS = 6
"""Statements of each kind of change after which it dies, spread over all of them."""


def test_what_was_answered_outlives_the_service_and_the_rest_is_whole_or_absent(
    database_url, tmp_path
):
    found = kill_and_count(database_url, tmp_path, KILLS, Random(1))
    assert found.faults == []
    assert found.kills == KILLS
    assert found.acknowledged >= KILLS, "each time somebody had an answer before it was killed"
    assert found.whole + found.absent > KILLS


def everything(register):
    with register.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in METADATA.tables.values()
        }


@pytest.mark.parametrize("how", ["decide", "book", "extend", "transfer", "close", "import"])
def test_a_change_that_dies_after_any_statement_has_not_begun_until_it_is_committed(
    database_url, how
):
    about = rounds.every_path(database_url, 12, Random(5), beds=1)
    register = about.register
    order = next(each for orders in about.orders for each in orders if each.how == how)
    # One more, by which the answer is kept: it belongs to the same transaction.
    number = statements_of(database_url, order) + 1
    before = everything(register)
    for statement in sorted({1 + (number - 1) * n // (DEATHS - 1) for n in range(DEATHS)}):
        die_at(database_url, order, "the-only-key", statement)
        wait_until_alone(register)
        assert everything(register) == before, f"died after statement {statement} of {number}"
    die_at(database_url, order, "the-only-key", LAST)
    wait_until_alone(register)
    after = everything(register)
    assert after != before
    assert faults(register) == []
    again = carry_out(register, a_person(), order, "the-only-key")
    assert again.repeated
    assert again.holder is not None
    assert everything(register) == after
    register.database.close()
