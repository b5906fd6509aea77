"""News: what a page is to say once, after something was done; with the session it is for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("news", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    # Not as a batch: that would make the table anew, and its text another.
    op.drop_column("sessions", "news")
