"""Studies: simulated years and scenarios asked of the service, and the years that were run."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.store.columns import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "studies",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("over", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("policy", sa.String(length=200), nullable=False),
        sa.Column("register_seq", sa.BigInteger(), nullable=False),
        sa.Column("requested_by", sa.String(length=200), nullable=False),
        sa.Column("requested_at", Moment(), nullable=False),
        sa.Column("asked", sa.String(length=64), nullable=False),
        sa.Column("snapshot", sa.String(length=64), nullable=True),
        sa.Column("forecast", sa.String(length=64), nullable=True),
        sa.Column("policy_file", sa.String(length=64), nullable=True),
        sa.Column("figures", sa.String(length=64), nullable=True),
        sa.Column("files", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studies")),
    )
    with op.batch_alter_table("studies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_studies_status"), ["status"], unique=False)

    op.create_table(
        "study_state",
        sa.Column("study_id", sa.String(length=200), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=100), nullable=True),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("progress", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_study_state_study_id")),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_study_state")),
    )
    op.create_table(
        "study_cells",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_study_cells")),
    )
    with op.batch_alter_table("study_cells", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_cells_made_at"), ["made_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("study_cells", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_study_cells_made_at"))

    op.drop_table("study_cells")
    op.drop_table("study_state")
    with op.batch_alter_table("studies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_studies_status"))

    op.drop_table("studies")
