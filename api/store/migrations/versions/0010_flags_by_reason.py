"""Flags by their reason: the review of every minute, and the ladder, ask for those that stand."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_flags_why", "flags", ["why", "cleared"])


def downgrade() -> None:
    op.drop_index("ix_flags_why", "flags")
