"""The register: tables, and triggers that keep its timeline append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.store.columns import Moment
from api.store.migrations.append_only import forget, protect, unprotect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor_id", sa.String(length=200), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("subjects", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_access_log")),
        sa.UniqueConstraint("hash", name=op.f("uq_access_log_hash")),
        sa.UniqueConstraint("prev", name=op.f("uq_access_log_prev")),
    )
    op.create_table(
        "answers",
        sa.Column("actor_id", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("route", sa.String(length=60), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("etag", sa.String(length=40), nullable=True),
        sa.Column("location", sa.String(length=400), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "key", name=op.f("pk_answers")),
    )
    op.create_table(
        "bed_nights",
        sa.Column("bed_id", sa.String(length=200), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("bed_id", "night", name=op.f("pk_bed_nights")),
    )
    with op.batch_alter_table("bed_nights", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bed_nights_holder"), ["holder"], unique=False)

    op.create_table(
        "events",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor_id", sa.String(length=200), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=410), nullable=False),
        sa.Column("payload_hash", sa.String(length=64), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
        sa.UniqueConstraint("hash", name=op.f("uq_events_hash")),
        sa.UniqueConstraint("prev", name=op.f("uq_events_prev")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_subject", ["kind", "subject"], unique=False)

    op.create_table(
        "person_nights",
        sa.Column("crn", sa.String(length=40), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("crn", "night", name=op.f("pk_person_nights")),
    )
    with op.batch_alter_table("person_nights", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_nights_holder"), ["holder"], unique=False)

    op.create_table(
        "premises",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("gender", sa.String(length=10), nullable=False),
        sa.Column("region", sa.String(length=100), nullable=False),
        sa.Column("area", sa.String(length=100), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_premises")),
    )
    op.create_table(
        "referrals",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("crn", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("gender", sa.String(length=10), nullable=False),
        sa.Column("ap_type", sa.String(length=30), nullable=False),
        sa.Column("release_date", sa.Date(), nullable=False),
        sa.Column("latest_arrival", sa.Date(), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("last_attempt_day", sa.Date(), nullable=True),
        sa.Column("owner_id", sa.String(length=200), nullable=True),
        sa.Column("owner_name", sa.String(length=200), nullable=True),
        sa.Column("owner_acknowledged", sa.Boolean(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("rung_since", Moment(), nullable=False),
        sa.Column("rung_due", Moment(), nullable=False),
        sa.Column("rung_acknowledged_by", sa.String(length=200), nullable=True),
        sa.Column("restricted_to", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("booking_id", sa.String(length=200), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
    )
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referrals_crn"), ["crn"], unique=False)
        batch_op.create_index(batch_op.f("ix_referrals_status"), ["status"], unique=False)

    op.create_table(
        "run_documents",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_run_documents")),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("over", sa.String(length=10), nullable=False),
        sa.Column("effort", sa.String(length=20), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("time_limit_s", sa.Integer(), nullable=True),
        sa.Column("displacement", sa.Boolean(), nullable=False),
        sa.Column("kept_run", sa.String(length=200), nullable=True),
        sa.Column("replay_of", sa.String(length=200), nullable=True),
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.Column("register_seq", sa.BigInteger(), nullable=False),
        sa.Column("requested_by", sa.String(length=200), nullable=False),
        sa.Column("requested_at", Moment(), nullable=False),
        sa.Column("snapshot", sa.String(length=64), nullable=False),
        sa.Column("plan", sa.String(length=64), nullable=True),
        sa.Column("reasons", sa.String(length=64), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_runs_status"), ["status"], unique=False)

    op.create_table(
        "separations",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("crn", sa.String(length=40), nullable=False),
        sa.Column("other_crn", sa.String(length=40), nullable=False),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_separations")),
    )
    with op.batch_alter_table("separations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_separations_crn"), ["crn"], unique=False)
        batch_op.create_index(batch_op.f("ix_separations_other_crn"), ["other_crn"], unique=False)

    op.create_table(
        "zones",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("crn", sa.String(length=40), nullable=False),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zones")),
    )
    with op.batch_alter_table("zones", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_zones_crn"), ["crn"], unique=False)

    op.create_table(
        "attempts",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("referral_id", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("run_id", sa.String(length=200), nullable=True),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_attempts_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempts_day"), ["day"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempts_referral_id"), ["referral_id"], unique=False)

    op.create_table(
        "event_payloads",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["events.seq"], name=op.f("fk_event_payloads_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event_payloads")),
    )
    op.create_table(
        "flags",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("referral_id", sa.String(length=200), nullable=False),
        sa.Column("why", sa.String(length=30), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("raised", Moment(), nullable=False),
        sa.Column("raised_seq", sa.BigInteger(), nullable=False),
        sa.Column("cleared", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_flags_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
    )
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flags_referral_id"), ["referral_id"], unique=False)

    op.create_table(
        "proposals",
        sa.Column("id", sa.String(length=410), nullable=False),
        sa.Column("run_id", sa.String(length=200), nullable=False),
        sa.Column("referral_id", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("bed_id", sa.String(length=200), nullable=False),
        sa.Column("premises_id", sa.String(length=200), nullable=False),
        sa.Column("arrival", sa.Date(), nullable=False),
        sa.Column("departure", sa.Date(), nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("booking_id", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_proposals_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("run_id", "referral_id", name=op.f("uq_proposals_run_id")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposals_referral_id"), ["referral_id"], unique=False)

    op.create_table(
        "rooms",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("premises_id", sa.String(length=200), nullable=False),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_rooms_premises_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
    )
    with op.batch_alter_table("rooms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rooms_premises_id"), ["premises_id"], unique=False)

    op.create_table(
        "run_state",
        sa.Column("run_id", sa.String(length=200), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=100), nullable=True),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("progress", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_state_run_id")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run_state")),
    )
    op.create_table(
        "beds",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.String(length=200), nullable=False),
        sa.Column("premises_id", sa.String(length=200), nullable=False),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["premises_id"], ["premises.id"], name=op.f("fk_beds_premises_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_beds_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beds")),
    )
    with op.batch_alter_table("beds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_beds_premises_id"), ["premises_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_beds_room_id"), ["room_id"], unique=False)

    op.create_table(
        "bookings",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("crn", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("premises_id", sa.String(length=200), nullable=False),
        sa.Column("bed_id", sa.String(length=200), nullable=True),
        sa.Column("bed_inferred", sa.Boolean(), nullable=False),
        sa.Column("surplus", sa.Boolean(), nullable=False),
        sa.Column("arrival", sa.Date(), nullable=False),
        sa.Column("departure", sa.Date(), nullable=False),
        sa.Column("held_from", sa.Date(), nullable=False),
        sa.Column("referral_id", sa.String(length=200), nullable=True),
        sa.Column("transferred_from", sa.String(length=200), nullable=True),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ended_reason", sa.Text(), nullable=True),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["bed_id"], ["beds.id"], name=op.f("fk_bookings_bed_id")),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_bookings_premises_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bookings_crn"), ["crn"], unique=False)
        batch_op.create_index(batch_op.f("ix_bookings_premises_id"), ["premises_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bookings_referral_id"), ["referral_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bookings_status"), ["status"], unique=False)

    op.create_table(
        "out_of_service",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("bed_id", sa.String(length=200), nullable=False),
        sa.Column("premises_id", sa.String(length=200), nullable=False),
        sa.Column("first_night", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("in_conflict", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["bed_id"], ["beds.id"], name=op.f("fk_out_of_service_bed_id")),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_out_of_service_premises_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_out_of_service")),
    )
    with op.batch_alter_table("out_of_service", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_out_of_service_bed_id"), ["bed_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_out_of_service_premises_id"), ["premises_id"], unique=False
        )
    protect("events")
    protect("access_log")


def downgrade() -> None:
    unprotect("access_log")
    unprotect("events")
    forget()
    with op.batch_alter_table("out_of_service", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_out_of_service_premises_id"))
        batch_op.drop_index(batch_op.f("ix_out_of_service_bed_id"))

    op.drop_table("out_of_service")
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bookings_status"))
        batch_op.drop_index(batch_op.f("ix_bookings_referral_id"))
        batch_op.drop_index(batch_op.f("ix_bookings_premises_id"))
        batch_op.drop_index(batch_op.f("ix_bookings_crn"))

    op.drop_table("bookings")
    with op.batch_alter_table("beds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_beds_room_id"))
        batch_op.drop_index(batch_op.f("ix_beds_premises_id"))

    op.drop_table("beds")
    op.drop_table("run_state")
    with op.batch_alter_table("rooms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rooms_premises_id"))

    op.drop_table("rooms")
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposals_referral_id"))

    op.drop_table("proposals")
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_flags_referral_id"))

    op.drop_table("flags")
    op.drop_table("event_payloads")
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempts_referral_id"))
        batch_op.drop_index(batch_op.f("ix_attempts_day"))

    op.drop_table("attempts")
    with op.batch_alter_table("zones", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_zones_crn"))

    op.drop_table("zones")
    with op.batch_alter_table("separations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_separations_other_crn"))
        batch_op.drop_index(batch_op.f("ix_separations_crn"))

    op.drop_table("separations")
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_runs_status"))

    op.drop_table("runs")
    op.drop_table("run_documents")
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referrals_status"))
        batch_op.drop_index(batch_op.f("ix_referrals_crn"))

    op.drop_table("referrals")
    op.drop_table("premises")
    with op.batch_alter_table("person_nights", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_nights_holder"))

    op.drop_table("person_nights")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("ix_events_subject")

    op.drop_table("events")
    with op.batch_alter_table("bed_nights", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bed_nights_holder"))

    op.drop_table("bed_nights")
    op.drop_table("answers")
    op.drop_table("access_log")
