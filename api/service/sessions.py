"""Sessions: who is signed in at a browser, and sign-ins under way.

The register keeps a hash of what the browser's cookie holds: who reads the table signs in as
nobody.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from api.access.actor import Actor, Role
from api.service.change import Change
from api.service.refusals import NotSignedInError
from api.store.tables import KEPT_FORMS, SESSIONS, SIGN_INS

KNOWN_AFTER = timedelta(hours=12)
"""How long it is remembered whose an ended session was, and a form that came too late is kept."""
SIGN_IN_LASTS = timedelta(minutes=10)
NEWS_LASTS = timedelta(minutes=5)
"""A page that was never asked for says nothing when somebody comes there later."""
LONGEST_PATH = 400


@dataclass(frozen=True, slots=True)
class News:
    """What the page at `path` is to say once: a word of ours, and of how many."""

    path: str
    word: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody at a browser. `token` stands in every form that they are shown."""

    actor: Actor
    ends: datetime
    token: str
    news: News | None = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in under way at the issuer: what it must be asked with, and where it leads."""

    verifier: str
    goes_to: str


def begin(change: Change, actor: Actor, ends: datetime) -> str:
    """Sign somebody in; what their cookie holds from now on."""
    secret = secrets.token_urlsafe(32)
    row = {
        "secret_hash": _hashed(secret),
        "actor_id": actor.id,
        "actor_name": actor.name,
        "roles": sorted(role.value for role in actor.roles),
        "ends": ends,
    }
    change.connection.execute(insert(SESSIONS), [row])
    return secret


def session_of(connection: Connection, secret: str, now: datetime) -> tuple[Session, bool]:
    """The session of a cookie, and whether it has ended. Raises NotSignedInError for none."""
    wanted = select(SESSIONS).where(SESSIONS.c.secret_hash == _hashed(secret))
    row = connection.execute(wanted).mappings().first()
    if row is None:
        raise NotSignedInError("Sign in first.", code="no-session")
    roles = frozenset(Role(name) for name in row["roles"])
    actor = Actor(row["actor_id"], row["actor_name"], roles)
    session = Session(actor, row["ends"], token_of(secret), _news(row["news"], now))
    return session, row["ends"] <= now


def _news(told: Any, now: datetime) -> News | None:
    if told is None or datetime.fromisoformat(told["at"]) < now - NEWS_LASTS:
        return None
    return News(told["path"], told["word"], told["number"])


def leave_news(change: Change, secret: str, news: News | None) -> None:
    """What a page of the session is to say once; None: it has been said."""
    told = news and {**asdict(news), "at": change.at.isoformat()}
    mine = SESSIONS.c.secret_hash == _hashed(secret)
    change.connection.execute(update(SESSIONS).where(mine).values(news=told))


def token_of(secret: str) -> str:
    """What stands in forms: known to whoever was shown one, and no help to sign in."""
    return _hashed(f"form:{secret}")


def end(change: Change, secret: str) -> None:
    """Sign out: the cookie counts for nothing from now on."""
    change.connection.execute(delete(SESSIONS).where(SESSIONS.c.secret_hash == _hashed(secret)))


def new_state() -> str:
    """What is sent along to the issuer, and comes back with whoever was sent there."""
    return secrets.token_urlsafe(32)


def begin_sign_in(change: Change, state: str, verifier: str, goes_to: str) -> str:
    """Remember a sign-in that begins with this state; what the browser's cookie holds."""
    secret = secrets.token_urlsafe(32)
    row = {
        "state_hash": _hashed(state),
        "secret_hash": _hashed(secret),
        "verifier": verifier,
        "goes_to": goes_to[:LONGEST_PATH],
        "ends": change.at + SIGN_IN_LASTS,
    }
    change.connection.execute(insert(SIGN_INS), [row])
    return secret


def end_sign_in(change: Change, state: str, secret: str) -> SignIn:
    """The sign-in of a state, which is spent by that. Raises NotSignedInError unless the same
    browser began it, a moment ago."""
    mine = SIGN_INS.c.state_hash == _hashed(state)
    row = change.connection.execute(select(SIGN_INS).where(mine)).mappings().first()
    change.connection.execute(delete(SIGN_INS).where(mine))
    if row is None or row["ends"] <= change.at or row["secret_hash"] != _hashed(secret):
        raise NotSignedInError("This sign-in was not begun here, or long ago.", code="sign-in-lost")
    return SignIn(row["verifier"], row["goes_to"])


def forget_sessions(change: Change) -> None:
    """Delete what has been over for long: sessions, sign-ins and kept forms."""
    oldest = change.at - KNOWN_AFTER
    for column, moment in (
        (SESSIONS.c.ends, oldest),
        (KEPT_FORMS.c.at, oldest),
        (SIGN_INS.c.ends, change.at),
    ):
        change.connection.execute(delete(column.table).where(column < moment))


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
