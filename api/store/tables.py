"""Tables: what the register holds. docs/service.md says what a row of each is."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from api.store.columns import Hash, Id, Json, Moment

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

EVENTS = Table(
    "events",
    METADATA,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor_id", Id, nullable=False),
    Column("actor_name", String(200), nullable=False),
    Column("action", String(60), nullable=False),
    Column("kind", String(30), nullable=False),
    # As long as the longest id of a record, which is a proposal's.
    Column("subject", String(410), nullable=False),
    Column("payload_hash", Hash, nullable=False),
    Column("prev", Hash, nullable=False, unique=True),
    Column("hash", Hash, nullable=False, unique=True),
    Index("ix_events_subject", "kind", "subject"),
)
EVENT_PAYLOADS = Table(
    "event_payloads",
    METADATA,
    Column("seq", BigInteger, ForeignKey("events.seq"), primary_key=True, autoincrement=False),
    Column("payload", Json, nullable=False),
)
ACCESS_LOG = Table(
    "access_log",
    METADATA,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor_id", Id, nullable=False, index=True),
    Column("actor_name", String(200), nullable=False),
    Column("verb", String(20), nullable=False),
    Column("what", String(60), nullable=False),
    Column("subjects", Json, nullable=False),
    Column("prev", Hash, nullable=False, unique=True),
    Column("hash", Hash, nullable=False, unique=True),
)

PREMISES = Table(
    "premises",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("gender", String(10), nullable=False),
    Column("region", String(100), nullable=False),
    Column("area", String(100), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("details", Json, nullable=False),
)
ROOMS = Table(
    "rooms",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("premises_id", Id, ForeignKey("premises.id"), nullable=False, index=True),
    Column("details", Json, nullable=False),
)
BEDS = Table(
    "beds",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("room_id", Id, ForeignKey("rooms.id"), nullable=False, index=True),
    Column("premises_id", Id, ForeignKey("premises.id"), nullable=False, index=True),
    Column("details", Json, nullable=False),
)
OUT_OF_SERVICE = Table(
    "out_of_service",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("bed_id", Id, ForeignKey("beds.id"), nullable=False, index=True),
    Column("premises_id", Id, ForeignKey("premises.id"), nullable=False, index=True),
    Column("first_night", Date, nullable=False),
    Column("end", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("in_conflict", Boolean, nullable=False),
)
REFERRALS = Table(
    "referrals",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("crn", String(40), nullable=False, index=True),
    Column("status", String(30), nullable=False, index=True),
    Column("band", Integer, nullable=False),
    Column("gender", String(10), nullable=False),
    Column("ap_type", String(30), nullable=False),
    Column("release_date", Date, nullable=False),
    Column("latest_arrival", Date, nullable=False),
    Column("failed_attempts", Integer, nullable=False),
    Column("last_attempt_day", Date),
    Column("owner_id", Id),
    Column("owner_name", String(200)),
    Column("owner_acknowledged", Boolean, nullable=False),
    Column("rung", Integer, nullable=False),
    Column("rung_since", Moment, nullable=False),
    Column("rung_due", Moment, nullable=False),
    Column("rung_acknowledged_by", String(200)),
    Column("restricted_to", Json),
    Column("booking_id", Id),
    Column("closed_reason", Text),
    Column("details", Json, nullable=False),
)
BOOKINGS = Table(
    "bookings",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("crn", String(40), nullable=False, index=True),
    Column("status", String(20), nullable=False, index=True),
    Column("premises_id", Id, ForeignKey("premises.id"), nullable=False, index=True),
    Column("bed_id", Id, ForeignKey("beds.id")),
    Column("bed_inferred", Boolean, nullable=False),
    Column("surplus", Boolean, nullable=False),
    Column("arrival", Date, nullable=False),
    Column("departure", Date, nullable=False),
    Column("held_from", Date, nullable=False),
    Column("referral_id", Id, index=True),
    Column("transferred_from", Id),
    Column("made_by", String(200), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("ended_reason", Text),
    Column("details", Json, nullable=False),
)
SEPARATIONS = Table(
    "separations",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("crn", String(40), nullable=False, index=True),
    Column("other_crn", String(40), nullable=False, index=True),
    Column("details", Json, nullable=False),
)
ZONES = Table(
    "zones",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("crn", String(40), nullable=False, index=True),
    Column("details", Json, nullable=False),
)
BED_NIGHTS = Table(
    "bed_nights",
    METADATA,
    Column("bed_id", Id, primary_key=True),
    Column("night", Date, primary_key=True),
    Column("holder", Id, nullable=False, index=True),
)
PERSON_NIGHTS = Table(
    "person_nights",
    METADATA,
    Column("crn", String(40), primary_key=True),
    Column("night", Date, primary_key=True),
    Column("holder", Id, nullable=False, index=True),
)
ATTEMPTS = Table(
    "attempts",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("referral_id", Id, ForeignKey("referrals.id"), nullable=False, index=True),
    Column("day", Date, nullable=False, index=True),
    Column("code", String(60), nullable=False),
    Column("text", Text, nullable=False),
    Column("run_id", Id),
    Column("details", Json, nullable=False),
)
FLAGS = Table(
    "flags",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("referral_id", Id, ForeignKey("referrals.id"), nullable=False, index=True),
    Column("why", String(30), nullable=False),
    Column("about", Id, nullable=False),
    Column("raised", Moment, nullable=False),
    Column("raised_seq", BigInteger, nullable=False),
    Column("cleared", Boolean, nullable=False),
    Index("ix_flags_why", "why", "cleared"),
)
RUNS = Table(
    "runs",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("status", String(20), nullable=False, index=True),
    Column("over", String(10), nullable=False),
    Column("effort", String(20), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("time_limit_s", Integer),
    Column("displacement", Boolean, nullable=False),
    Column("kept_run", Id),
    Column("replay_of", Id),
    Column("policy", String(60), nullable=False),
    Column("register_seq", BigInteger, nullable=False),
    Column("requested_by", Id, nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("snapshot", Hash, nullable=False),
    Column("plan", Hash),
    Column("reasons", Hash),
    Column("fault", Text),
    Column("ended_at", Moment),
)
RUN_STATE = Table(
    "run_state",
    METADATA,
    Column("run_id", Id, ForeignKey("runs.id"), primary_key=True),
    Column("attempt", Integer, nullable=False),
    Column("worker", String(100)),
    Column("lease_until", Moment),
    Column("cancel_asked", Boolean, nullable=False),
    Column("progress", Json, nullable=False),
)
"""What comes and goes while a run is under way; no part of the timeline."""
RUN_DOCUMENTS = Table(
    "run_documents",
    METADATA,
    Column("hash", Hash, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
STUDIES = Table(
    "studies",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("status", String(20), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("over", String(20), nullable=False),
    Column("name", String(200)),
    Column("policy", String(200), nullable=False),
    Column("register_seq", BigInteger, nullable=False),
    Column("requested_by", Id, nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("asked", Hash, nullable=False),
    Column("snapshot", Hash),
    Column("forecast", Hash),
    Column("policy_file", Hash),
    Column("figures", Hash),
    Column("files", Json, nullable=False),
    Column("fault", Text),
    Column("ended_at", Moment),
)
"""`files`: what may be taken away: name, hash and bytes of each."""
STUDY_STATE = Table(
    "study_state",
    METADATA,
    Column("study_id", Id, ForeignKey("studies.id"), primary_key=True),
    Column("attempt", Integer, nullable=False),
    Column("worker", String(100)),
    Column("lease_until", Moment),
    Column("cancel_asked", Boolean, nullable=False),
    Column("progress", Json, nullable=False),
)
STUDY_CELLS = Table(
    "study_cells",
    METADATA,
    Column("key", Hash, primary_key=True),
    Column("result", LargeBinary, nullable=False),
    Column("made_at", Moment, nullable=False, index=True),
)
"""Simulated years by the hash of all that they depend on; each can be made again from that."""
PROPOSALS = Table(
    "proposals",
    METADATA,
    Column("id", String(410), primary_key=True),
    Column("run_id", Id, ForeignKey("runs.id"), nullable=False),
    Column("referral_id", Id, nullable=False, index=True),
    Column("status", String(20), nullable=False),
    Column("band", Integer, nullable=False),
    Column("bed_id", Id, nullable=False),
    Column("premises_id", Id, nullable=False),
    Column("arrival", Date, nullable=False),
    Column("departure", Date, nullable=False),
    Column("decide_by", Date, nullable=False),
    Column("decided_by", String(200)),
    Column("decided_at", Moment),
    Column("reason", Text),
    Column("booking_id", Id),
    UniqueConstraint("run_id", "referral_id"),
)
ANSWERS = Table(
    "answers",
    METADATA,
    Column("actor_id", Id, primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("route", String(60), nullable=False),
    Column("body_hash", Hash, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Json),
    Column("etag", String(40)),
    Column("location", String(400)),
    Column("at", Moment, nullable=False),
)
ERASURES = Table(
    "erasures",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("erased_by", String(200), nullable=False),
    Column("asked_for", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("records", Json, nullable=False),
    Column("events", Json, nullable=False),
    Column("documents", Json, nullable=False),
)
"""Ids, numbers and hashes of what is gone: [kind, id] of records, events, documents of runs."""
MARKS = Table(
    "marks",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("secret_hash", Hash, primary_key=True),
    Column("actor_id", Id, nullable=False),
    Column("actor_name", String(200), nullable=False),
    Column("roles", Json, nullable=False),
    Column("ends", Moment, nullable=False),
    Column("news", Json),
)
"""Who is signed in at a browser: by the hash of what the cookie holds. No part of the timeline.

`news`: what a page is to say once.
"""
SIGN_INS = Table(
    "sign_ins",
    METADATA,
    Column("state_hash", Hash, primary_key=True),
    Column("secret_hash", Hash, nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("goes_to", String(400), nullable=False),
    Column("ends", Moment, nullable=False),
)
KEPT_FORMS = Table(
    "kept_forms",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, nullable=False, index=True),
    Column("path", String(400), nullable=False),
    Column("fields", Json, nullable=False),
    Column("at", Moment, nullable=False),
)
"""Forms that people sent when their session had ended, until they are back."""
HOLDS = Table(
    "holds",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("bed_id", Id, ForeignKey("beds.id"), nullable=False, index=True),
    Column("premises_id", Id, ForeignKey("premises.id"), nullable=False, index=True),
    Column("first_night", Date, nullable=False),
    Column("end", Date, nullable=False),
    Column("left", Json, nullable=False),
    Column("lowest_band", Integer, nullable=False),
    Column("until", Date, nullable=False),
    Column("why", Text, nullable=False),
    Column("owner_id", Id, nullable=False),
    Column("owner_name", String(200), nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("run_id", Id),
    Column("status", String(20), nullable=False, index=True),
    Column("ended_reason", Text),
)
"""`left`: of the nights from first_night to end, those that are still held, as [first, end)."""
FORECASTS = Table(
    "forecasts",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("history_from", Date, nullable=False),
    Column("history_until", Date, nullable=False),
    Column("referrals", Integer, nullable=False),
    Column("policy_name", String(200), nullable=False),
    Column("policy_digest", Hash, nullable=False),
    Column("synthetic", Boolean, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("document", Hash, nullable=False),
)
ADVICE = Table(
    "advice",
    METADATA,
    Column("id", Id, ForeignKey("runs.id"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("forecast_id", Id, ForeignKey("forecasts.id"), nullable=False),
    Column("next_meeting", Date, nullable=False),
    Column("status", String(20), nullable=False),
    Column("document", Hash),
    Column("fault", Text),
)
"""Under the id of its run."""

OF_KIND: dict[str, Table] = {
    "premises": PREMISES,
    "room": ROOMS,
    "bed": BEDS,
    "out_of_service": OUT_OF_SERVICE,
    "referral": REFERRALS,
    "booking": BOOKINGS,
    "separation": SEPARATIONS,
    "zone": ZONES,
    "attempt": ATTEMPTS,
    "flag": FLAGS,
    "run": RUNS,
    "study": STUDIES,
    "proposal": PROPOSALS,
    "erasure": ERASURES,
    "mark": MARKS,
    "hold": HOLDS,
    "forecast": FORECASTS,
    "advice": ADVICE,
}
"""The table that holds the records of each kind that events speak of."""
