"""History: what someone with the database in their hands alters is found, and cannot be by ours."""

import json
import sqlite3
import zlib
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.service.bookings import book, cancel
from api.service.referrals import the_bid
from api.service.refusals import InvalidError
from api.store.chain import FIRST
from api.store.database import Database
from api.store.verify import verify
from tests.api.filled import Proposed, a_filled_register, a_person, fill, propose
from tests.api.registers import ask, make_register, tiny
from tests.builders import (
    a_premises,
    a_problem,
    a_referral,
    a_resident,
    a_stay,
    an_estate,
    out_of_service,
)

BED = "P1-R1-B1"


@pytest.fixture
def register(database_url):
    """A small register in which every kind of thing has happened at least twice."""
    found = a_filled_register(
        database_url,
        a_problem(
            referrals=[a_referral("bid-1"), a_referral("bid-2"), a_referral("bid-3")],
            bookings=[a_resident("here-1", bed_id="P1-R3-B1")],
            out_of_service=[out_of_service("P1-R2-B1", 1, 2), out_of_service("P1-R2-B1", 9, 2)],
            **an_estate({"P1": (1, 1, 1)}),
        ),
    )
    with found.changing(a_person("First")) as change:
        made = book(change, the_bid(change, "bid-1"), BED, a_stay(1, 2))
    with found.changing(a_person("Second")) as change:
        cancel(change, made["id"], "called off")
        change.tell_of_access("consultation", "get_referrals", ["bid-1"])
        change.tell_of_access("consultation", "get_referrals", ["bid-2"])
    with found.changing(a_person("Third")) as change:
        book(change, the_bid(change, "bid-2"), BED, a_stay(1, 2))
        change.tell_of_access("disclosure", "referral_brief", ["bid-2"])
    assert verdict(found).sound
    yield found
    found.database.close()


def verdict(register, head=None):
    with register.reading() as connection:
        return verify(connection, head)


def faults(register, head=None):
    return verdict(register, head).faults


@contextmanager
def attack(register):
    """A connection of someone who has the database itself, takes the protection away, and puts it
    back so that nobody sees."""
    database = register.database
    with database.engine.connect() as connection, connection.begin():
        if database.is_sqlite:
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
            wanted = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            triggers = dict(connection.execute(text(wanted)).all())
            for name in triggers:
                connection.execute(text(f"DROP TRIGGER {name}"))
            yield connection
            for sql in triggers.values():
                connection.execute(text(sql))
            return
        tables = ("events", "access_log", "event_payloads")
        for table in tables:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        yield connection
        for table in tables:
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER ALL"))


def last(register):
    return verdict(register).events


def number_of(register, action):
    """The first event of an action."""
    with register.reading() as connection:
        wanted = text("SELECT min(seq) FROM events WHERE action = :action")
        return connection.execute(wanted, {"action": action}).scalar_one()


def payload(connection, number):
    found = connection.execute(
        text("SELECT payload FROM event_payloads WHERE seq = :seq"), {"seq": number}
    ).scalar_one()
    return json.loads(found) if isinstance(found, str) else found


def put_payload(connection, number, value):
    connection.execute(
        text("UPDATE event_payloads SET payload = :payload WHERE seq = :seq"),
        {"payload": json.dumps(value), "seq": number},
    )


def test_an_edited_payload_is_found(register):
    number = number_of(register, "booking.cancelled")
    with attack(register) as connection:
        put_payload(connection, number, {**payload(connection, number), "reason": "never came"})
    assert faults(register) == [f"the payload of event {number} is not what it was"]


def test_a_payload_edited_together_with_its_row_is_found(register):
    number = number_of(register, "referral.recorded")
    with attack(register) as connection:
        edited = payload(connection, number)
        edited["row"]["band"] = 1
        put_payload(connection, number, edited)
        connection.execute(text("UPDATE referrals SET band = 1"))
    assert f"the payload of event {number} is not what it was" in faults(register)


def test_a_payload_that_is_no_payload_is_found_and_said(register):
    number = number_of(register, "referral.recorded")
    with attack(register) as connection:
        put_payload(connection, number, ["nothing"])
    assert f"the payload of event {number} is not what it was" in faults(register)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event_payloads SET payload = 'no JSON' WHERE seq = 3",
        "UPDATE events SET at = 'yesterday' WHERE seq = 3",
        "UPDATE access_log SET subjects = '[' WHERE seq = 2",
        "UPDATE referrals SET details = ''",
        "UPDATE bookings SET departure = 'never'",
    ],
)
def test_what_cannot_be_read_at_all_is_said_and_does_not_stop_verify(register, change):
    if not register.database.is_sqlite:
        pytest.skip("PostgreSQL takes no such values")
    with attack(register) as connection:
        connection.execute(text(change))
    assert any("cannot be read" in fault for fault in faults(register))


@pytest.mark.parametrize(
    "change",
    [
        "action = 'booking.made'",
        "actor_name = 'Somebody else'",
        "actor_id = 'person:Somebody else'",
        "subject = 'bid-2'",
        "kind = 'nothing'",
        "at = '2026-11-01 09:00:00.000000+00:00'",
        "payload_hash = '" + "1" * 64 + "'",
        "hash = '" + "1" * 64 + "'",
        "prev = '" + "1" * 64 + "'",
    ],
)
def test_whatever_is_edited_of_an_event_is_found(register, change):
    number = number_of(register, "attempt.failed")
    if register.database.is_sqlite:
        change = change.replace("+00:00", "")
    with attack(register) as connection:
        connection.execute(text(f"UPDATE events SET {change} WHERE seq = {number}"))
    found = faults(register)
    # A hash that is another shows in the next event too, or nowhere else.
    wrong = "does not follow the one before it" if "prev" in change else "is not what it was"
    assert any(fault.startswith(f"event {number} {wrong}") for fault in found)


@pytest.mark.parametrize("where", ["first", "middle"])
def test_a_deleted_event_is_found(register, where):
    number = 1 if where == "first" else number_of(register, "booking.cancelled")
    with attack(register) as connection:
        connection.execute(text(f"DELETE FROM event_payloads WHERE seq = {number}"))
        connection.execute(text(f"DELETE FROM events WHERE seq = {number}"))
    found = faults(register)
    assert f"event {number} is missing" in found
    assert f"event {number + 1} does not follow the one before it" in found


def test_a_deleted_event_is_found_when_the_rest_is_numbered_anew(register):
    number, end = number_of(register, "booking.cancelled"), last(register)
    with attack(register) as connection:
        for table in ("event_payloads", "events"):
            connection.execute(text(f"DELETE FROM {table} WHERE seq = {number}"))
        for later in range(number + 1, end + 1):
            for table in ("events", "event_payloads"):
                connection.execute(text(f"UPDATE {table} SET seq = seq - 1 WHERE seq = {later}"))
    assert f"event {number} does not follow the one before it" in faults(register)


@pytest.mark.parametrize("at_once", range(1, 12))
def test_stays_that_changed_beds_are_sound_wherever_the_timeline_is_cut(
    tmp_path, monkeypatch, at_once
):
    one, other = a_resident("here-1", bed_id="P1-R1-B1"), a_resident("here-2", bed_id="P1-R2-B1")
    estate = an_estate({"P1": (1, 1)})
    register = a_filled_register(
        f"sqlite:///{tmp_path / 'register.db'}", a_problem(bookings=[one, other], **estate)
    )
    with register.changing(a_person()) as change:
        longer = change.row("booking", "here-2")
        departure = longer["departure"] + timedelta(days=1)
        change.record("booking.extended", "booking", {**longer, "departure": departure})
    swapped = [replace(one, bed_id="P1-R2-B1"), replace(other, bed_id="P1-R1-B1")]
    fill(register, a_problem(bookings=swapped, **estate))
    monkeypatch.setattr("api.store.verify.AT_ONCE", at_once)
    assert faults(register) == []
    register.database.close()


def test_a_night_that_is_held_twice_in_the_timeline_is_found(register):
    here = number_of(register, "booking.made")
    with attack(register) as connection:
        told = payload(connection, here)
        told["row"] |= {"id": "twice", "bed_id": "P1-R3-B1", "arrival": "2020-01-01"}
        told["row"]["held_from"] = "2026-11-02"
        put_payload(connection, here, told)
        name = {"seq": here}
        connection.execute(text("UPDATE events SET subject = 'twice' WHERE seq = :seq"), name)
    assert any("nights cannot be held" in fault for fault in faults(register))


def test_two_payloads_that_were_swapped_are_found(register):
    one = number_of(register, "referral.recorded")
    with attack(register) as connection:
        first, second = payload(connection, one), payload(connection, one + 1)
        put_payload(connection, one, second)
        put_payload(connection, one + 1, first)
    found = faults(register)
    assert f"the payload of event {one} is not what it was" in found
    assert f"the payload of event {one + 1} is not what it was" in found


def test_two_events_that_were_swapped_are_found(register):
    one = number_of(register, "booking.cancelled")
    with attack(register) as connection:
        for table in ("events", "event_payloads"):
            for before, after in ((one, 10**6), (one + 1, one), (10**6, one + 1)):
                connection.execute(text(f"UPDATE {table} SET seq = {after} WHERE seq = {before}"))
    assert f"event {one} does not follow the one before it" in faults(register)


def test_an_end_that_was_cut_off_is_found_by_a_head_kept_elsewhere(register):
    kept = verdict(register)
    with register.changing(a_person("Fourth")) as change:
        change.remove("flag.forgotten", "flag", "none")
        cut_from = change.events[0]
    with register.changing(a_person("Fifth")) as change:
        change.remove("flag.forgotten", "flag", "none")
    whole = verdict(register)
    assert verdict(register, kept.head).sound
    with attack(register) as connection:
        connection.execute(text(f"DELETE FROM event_payloads WHERE seq >= {cut_from}"))
        connection.execute(text(f"DELETE FROM events WHERE seq >= {cut_from}"))
    # Nothing else shows: that is why a head is kept elsewhere.
    assert verdict(register).sound
    assert verdict(register, kept.head).sound
    assert faults(register, whole.head) == [
        "the timeline does not hold the head that was given: its end is missing"
    ]


def test_the_head_of_an_empty_register_is_held_by_every_one_after(register):
    assert verdict(register, FIRST).sound


@pytest.mark.parametrize(
    ("change", "table"),
    [
        ("UPDATE referrals SET band = band - 1 WHERE id = 'bid-3'", "referrals"),
        ("UPDATE referrals SET owner_name = 'Nobody' WHERE id = 'bid-3'", "referrals"),
        ("UPDATE bookings SET departure = '2027-01-01'", "bookings"),
        ("UPDATE out_of_service SET cancelled = true", "out_of_service"),
        ("UPDATE premises SET open = false", "premises"),
        ("DELETE FROM attempts", "attempts"),
        ("DELETE FROM bed_nights", "bed_nights"),
        ("DELETE FROM person_nights", "person_nights"),
        ("UPDATE bed_nights SET holder = 'another'", "bed_nights"),
        ("INSERT INTO bed_nights VALUES ('P1-R1-B1', '2027-01-01', 'nobody')", "bed_nights"),
        ("INSERT INTO person_nights VALUES ('X', '2027-01-01', 'nobody')", "person_nights"),
    ],
)
def test_a_row_changed_behind_the_timeline_is_found(register, change, table):
    # No trigger keeps these: the timeline is what they are compared with.
    with register.database.engine.connect() as connection, connection.begin():
        connection.execute(text(change))
    found = faults(register)
    assert found
    assert all(fault.startswith(f"a row of {table} ") for fault in found)


def test_no_fault_names_a_person(register):
    with register.database.engine.connect() as connection, connection.begin():
        connection.execute(text("UPDATE person_nights SET holder = 'another'"))
        connection.execute(text("UPDATE referrals SET crn = 'CRN-altered'"))
    assert faults(register)
    assert not any("CRN" in fault for fault in faults(register))


@pytest.mark.parametrize(
    "change",
    ["verb = 'nothing'", "actor_name = 'Somebody else'", "subjects = '[]'", "what = 'me'"],
)
def test_an_edited_entry_of_the_access_log_is_found(register, change):
    with attack(register) as connection:
        connection.execute(text(f"UPDATE access_log SET {change} WHERE seq = 2"))
    assert faults(register) == ["entry 2 of the access log is not what it was when it was written"]


def test_a_deleted_entry_of_the_access_log_is_found(register):
    with attack(register) as connection:
        connection.execute(text("DELETE FROM access_log WHERE seq = 2"))
    assert faults(register) == ["entry 3 of the access log does not follow the one before it"]


def test_an_event_that_sqlite_was_made_to_replace_is_found(register):
    if not register.database.is_sqlite:
        pytest.skip("INSERT OR REPLACE is SQLite's")
    number = number_of(register, "booking.cancelled")
    # With triggers in place: another program's connection lets REPLACE pass by them.
    path = register.database.url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as other:
        other.execute(
            "INSERT OR REPLACE INTO events SELECT seq, at, actor_id, 'Somebody else', action, "
            f"kind, subject, payload_hash, prev, hash FROM events WHERE seq = {number}"
        )
    other.close()
    assert faults(register) == [f"event {number} is not what it was when it was written"]


@pytest.mark.parametrize("table", ["events", "access_log"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET actor_name = 'Somebody else' WHERE seq = 1",
        "UPDATE {table} SET seq = seq + 1000",
        "DELETE FROM {table} WHERE seq = 2",
        "DELETE FROM {table}",
        "INSERT INTO {table} SELECT * FROM {table} WHERE seq = 1"
        " ON CONFLICT (seq) DO UPDATE SET actor_name = 'Somebody else'",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE seq = 2",
        "REPLACE INTO {table} SELECT * FROM {table} WHERE seq = 2",
        "TRUNCATE {table} CASCADE",
    ],
)
def test_our_own_connections_cannot_alter_what_was_written(database_url, table, statement):
    database = Database(database_url)
    of_sqlite, of_postgresql = "REPLACE INTO" in statement, "TRUNCATE" in statement
    if (of_sqlite and not database.is_sqlite) or (of_postgresql and database.is_sqlite):
        pytest.skip("the other database has no such statement")
    register = a_filled_register(database_url, a_problem(referrals=[a_referral()]))
    with register.changing(a_person()) as change:
        change.tell_of_access("consultation", "a test", ["ref-1"])
        change.tell_of_access("consultation", "a test", ["ref-1"])
    sql = statement.format(table=table)
    with (
        pytest.raises(DBAPIError, match=f"{table} is append-only"),
        database.changing() as connection,
    ):
        connection.execute(text(sql))
    assert verdict(register).sound
    database.close()
    register.database.close()


def test_no_two_events_follow_the_same_one(register):
    # Two histories from one point on could otherwise both look whole.
    with (
        pytest.raises(DBAPIError),
        register.database.changing() as connection,
    ):
        connection.execute(
            text(
                "INSERT INTO events SELECT 1000, at, actor_id, actor_name, action, kind, subject,"
                " payload_hash, prev, 'another' FROM events WHERE seq = 2"
            )
        )


def test_text_that_is_too_long_for_one_database_is_refused_on_both(register):
    before = last(register)
    with pytest.raises(InvalidError, match="name of a premises has 201 characters"):
        fill(register, a_problem(premises=(a_premises(name="x" * 201),)))
    with pytest.raises(InvalidError, match="crn of a referral has 41 characters"):
        fill(register, a_problem(referrals=[a_referral("bid-4", crn="X" * 41)]))
    assert last(register) == before


def test_a_bid_with_the_longest_id_can_be_proposed(register):
    name = "b" * 200
    fill(
        register,
        a_problem(referrals=[a_referral(name, crn="CRN-long")], **an_estate({"P1": (1, 1, 1)})),
    )
    propose(register, [Proposed(name, BED, a_stay(1, 2))], run_id="r" * 36)
    assert verdict(register).sound


def test_protection_that_was_taken_away_is_found_though_nothing_was_altered(register):
    with register.database.changing() as connection:
        if register.database.is_sqlite:
            connection.execute(text("DROP TRIGGER access_log_no_delete"))
        else:
            connection.execute(text("ALTER TABLE access_log DISABLE TRIGGER USER"))
    (fault,) = faults(register)
    assert fault.startswith("rows of access_log can be altered")


def test_a_document_of_a_run_that_was_altered_is_found(register):
    a_run(register)
    with register.database.changing() as connection:
        other = zlib.compress(b"another plan")
        connection.execute(text("UPDATE run_documents SET content = :it"), {"it": other})
    found = faults(register)
    assert len(found) == 2 and all("is not what it was" in fault for fault in found)


def test_a_document_of_a_run_that_is_gone_is_found(register):
    a_run(register)
    with register.database.changing() as connection:
        connection.execute(text("DELETE FROM run_documents"))
    found = faults(register)
    assert len(found) == 2 and all("is gone and no erasure names it" in fault for fault in found)


def test_a_policy_that_a_run_was_asked_under_is_missed_too(tmp_path):
    found = make_register(tmp_path, tiny())
    ask(found)
    with found.database.changing() as connection:
        count = connection.execute(text("SELECT count(*) FROM run_documents")).scalar_one()
        connection.execute(text("DELETE FROM run_documents"))
    assert count == len(faults(found)) == 2, "the snapshot and the policy"


def a_run(register):
    """A finished run with a snapshot and a plan."""
    propose(register, [Proposed("bid-3", BED, a_stay(5, 2))])
    assert verdict(register).sound
