"""Several kept forms of one person: each has an id of its own.

What is kept goes over: it was promised for twelve hours. A step down leaves everyone the newest.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.store.columns import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _columns() -> list[sa.Column]:  # type: ignore[type-arg]
    return [
        sa.Column("actor_id", sa.String(length=200), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("fields", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", Moment(), nullable=False),
    ]


def _taken_down() -> list[dict[str, object]]:
    """What the table holds, the oldest first; the table goes."""
    held = sa.select(sa.table("kept_forms", *_columns())).order_by(sa.column("at"))
    rows = [dict(row) for row in op.get_bind().execute(held).mappings()]
    op.drop_table("kept_forms")
    return rows


def upgrade() -> None:
    rows = _taken_down()
    table = op.create_table(
        "kept_forms",
        sa.Column("id", sa.String(length=200), nullable=False),
        *_columns(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_forms")),
    )
    op.create_index(op.f("ix_kept_forms_actor_id"), "kept_forms", ["actor_id"])
    # There was one of each person, so that the person's id is one for the form.
    op.bulk_insert(table, [{"id": row["actor_id"], **row} for row in rows])


def downgrade() -> None:
    newest = {row["actor_id"]: row for row in _taken_down()}
    table = op.create_table(
        "kept_forms",
        *_columns(),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_kept_forms")),
    )
    op.bulk_insert(table, list(newest.values()))
