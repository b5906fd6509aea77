"""Append-only: triggers under which rows of a table can be added and never altered or deleted."""

from __future__ import annotations

from alembic import op

_REFUSE = "refuse_to_alter"


def protect(table: str) -> None:
    """From now on updates and deletes of the table fail."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {_REFUSE}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {_REFUSE}()"
    )


def unprotect(table: str) -> None:
    """Take the protection away, for a step down."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{verb}")
        return
    op.execute(f"DROP TRIGGER {table}_append_only ON {table}")


def forget() -> None:
    """Leave nothing behind when the last protected table goes."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION {_REFUSE}()")
