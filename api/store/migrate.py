"""Migrate: bring a database to the schema this program needs, or back."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from api.store.database import Database

_FOLDER = Path(__file__).with_name("migrations")


def configured(connection: Connection) -> Config:
    """Alembic's settings for a connection."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Up to a revision: whole or not at all, one process at a time."""
    with database.changing() as connection:
        command.upgrade(configured(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Down to a revision, `base` being nothing at all."""
    with database.changing() as connection:
        command.downgrade(configured(connection), revision)


def current(database: Database) -> str | None:
    """The revision that the database is at; None: it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def revisions() -> list[str]:
    """Every revision there is, the oldest first."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    found = ScriptDirectory.from_config(config).walk_revisions()
    return sorted(each.revision for each in found)


def newest() -> str:
    """The revision that this program needs."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    found = ScriptDirectory.from_config(config).get_current_head()
    assert found is not None
    return found
