"""Migrations: up, down and up again is the same schema, and a killed one leaves old or new."""

import os
import signal
from datetime import UTC, datetime
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import column, event, insert, inspect, select, table, text

from api.store.database import Database
from api.store.migrate import current, downgrade, newest, upgrade
from api.store.tables import KEPT_FORMS, METADATA
from api.store.verify import verify
from tests.api import postgresql
from tests.api.filled import a_filled_register
from tests.api.race.clients import context_of
from tests.builders import a_problem, a_referral

POSTGRESQL = """
    SELECT 'column', table_name, column_name, data_type, character_maximum_length::text,
           is_nullable, column_default
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index', tablename, indexname, indexdef, '', '', ''
    FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname,
           pg_get_constraintdef(oid), '', '', ''
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), '', '', ''
    FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'function', proname, prosrc, '', '', '', ''
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
SQLITE = "SELECT type, name, tbl_name, sql FROM sqlite_master"


@pytest.fixture
def database(database_url):
    found = Database(database_url)
    if not found.is_sqlite:
        postgresql.create(database_url)
    yield found
    found.close()


def schema(database):
    """Everything that the database holds besides rows."""
    with database.reading() as connection:
        wanted = SQLITE if database.is_sqlite else POSTGRESQL
        return sorted(map(repr, connection.execute(text(wanted)).all()))


def test_up_down_and_up_again_is_the_same_schema(database):
    assert current(database) is None
    upgrade(database)
    assert current(database) == newest()
    first = schema(database)
    downgrade(database, "base")
    assert current(database) is None
    upgrade(database)
    assert current(database) == newest()
    assert schema(database) == first


def test_down_to_base_leaves_nothing_but_the_number_of_the_revision(database):
    upgrade(database)
    downgrade(database, "base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    assert not [each for each in schema(database) if "append" in each or "refuse" in each]


STUDIES = {"studies", "study_state", "study_cells"}
HOLDS = STUDIES | {"holds", "forecasts", "advice"}
LATER = HOLDS | {"kept_forms", "sessions", "sign_ins"}


@pytest.mark.parametrize(
    ("to", "gone"),
    [
        ("0005", STUDIES),
        ("0004", HOLDS),
        ("0003", LATER),
        ("0002", LATER | {"marks"}),
        ("0001", LATER | {"marks", "erasures"}),
    ],
)
def test_a_step_down_leaves_out_its_tables_alone_and_up_again_is_the_same(database, to, gone):
    upgrade(database)
    whole, tables = schema(database), set(inspect(database.engine).get_table_names())
    downgrade(database, to)
    assert current(database) == to
    assert tables - set(inspect(database.engine).get_table_names()) == gone
    upgrade(database)
    assert schema(database) == whole


def test_the_schema_is_what_the_program_takes_it_to_be(database):
    upgrade(database)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_forms_that_are_kept_stay_kept_when_there_may_be_several(database):
    upgrade(database, "0008")
    columns = (KEPT_FORMS.c[name] for name in ("actor_id", "path", "fields", "at"))
    before = table("kept_forms", *(column(each.name, each.type) for each in columns))
    kept = {"path": "/people", "fields": [["crn", ""]], "at": datetime(2026, 11, 2, tzinfo=UTC)}
    rows = [{"actor_id": name, **kept} for name in ("local:Ann", "local:Ben")]
    with database.changing() as connection:
        connection.execute(insert(before), rows)
    upgrade(database)
    with database.reading() as connection:
        found = connection.execute(select(KEPT_FORMS.c.actor_id, KEPT_FORMS.c.fields)).all()
    assert sorted(found) == [("local:Ann", [["crn", ""]]), ("local:Ben", [["crn", ""]])]


def test_up_once_more_changes_nothing(database_url, database):
    register = a_filled_register(database_url, a_problem(referrals=[a_referral()]))
    before = schema(database)
    with register.reading() as connection:
        head = verify(connection).head
    upgrade(database)
    assert schema(database) == before
    with register.reading() as connection:
        found = verify(connection, head)
    assert found.sound and found.head == head
    register.database.close()


def test_many_who_migrate_at_once_make_one_schema(database_url, database):
    faults = []

    def migrate():
        mine = Database(database_url)
        try:
            upgrade(mine)
        except Exception as fault:
            faults.append(fault)
        finally:
            mine.close()

    threads = [Thread(target=migrate) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert current(database) == newest()


def migrate_and_die(url, up, statement):
    """In a process of its own: dies right after this statement, or ends well if there is none."""
    database = Database(url)
    executed = []

    @event.listens_for(database.engine, "after_cursor_execute")
    def count(*_):
        executed.append(None)
        if len(executed) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    if up:
        upgrade(database)
    else:
        downgrade(database, "base")


def in_a_process(url, up, statement):
    process = context_of().Process(target=migrate_and_die, args=(url, up, statement))
    process.start()
    process.join(60)
    return process.exitcode


@pytest.mark.parametrize("up", [True, False])
def test_a_migration_that_dies_after_any_statement_leaves_old_or_new(database_url, database, up):
    upgrade(database)
    new = schema(database)
    downgrade(database, "base")
    old = schema(database)
    if not up:
        upgrade(database)
        old, new = new, old
    database.close()
    # Further on each time, so that every part of a migration is the last thing done once.
    statement, deaths = 1, 0
    while (code := in_a_process(database_url, up, statement)) != 0:
        assert code == -signal.SIGKILL
        assert schema(database) == old
        statement += 7
        deaths += 1
    assert deaths > 5
    assert schema(database) == new
