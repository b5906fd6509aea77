"""Person: all records of one person, found by their CRN or by any bid or stay of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.service.bookings import the_booking
from api.service.change import Change
from api.service.referrals import the_bid
from api.service.refusals import NotThereError
from api.service.seeing import hidden_people
from api.store.tables import ATTEMPTS, BOOKINGS, FLAGS, PROPOSALS, REFERRALS, SEPARATIONS, ZONES
from api.store.values import Row

WITH_CRN = ("referral", "booking", "separation", "zone")
"""Kinds of records that name people."""


@dataclass(frozen=True, slots=True)
class Whom:
    """Who is meant: exactly one of the three."""

    crn: str | None = None
    referral_id: str | None = None
    booking_id: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Someone of whom the register holds something. `records`: rows by kind."""

    crn: str
    records: Mapping[str, list[Row]]

    @property
    def named(self) -> list[list[str]]:
        """Kind and id of every record."""
        return [[kind, str(row["id"])] for kind, rows in self.records.items() for row in rows]

    @property
    def ids(self) -> list[str]:
        """Ids of the records that name the person, as the access log has them."""
        return [str(row["id"]) for kind in WITH_CRN for row in self.records[kind]]

    @property
    def marks(self) -> frozenset[str]:
        """What the person goes by in documents of runs and in answers."""
        of_theirs = (*self.records["referral"], *self.records["booking"])
        return frozenset({self.crn, *(str(row["id"]) for row in of_theirs)})


def the_person(change: Change, whom: Whom) -> Person:
    """The person; someone may have no record and be in the timeline still, or in a run.

    Raises NotThereError for whom the actor may not see, as for nobody.
    """
    crn = _crn(change, whom)
    if crn in hidden_people(change.connection, change.actor):
        raise nobody()
    bids = change.rows("referral", REFERRALS.c.crn == crn)
    theirs = [row["id"] for row in bids]
    either = (SEPARATIONS.c.crn == crn) | (SEPARATIONS.c.other_crn == crn)
    return Person(
        crn,
        {
            "referral": bids,
            "booking": change.rows("booking", BOOKINGS.c.crn == crn),
            "separation": change.rows("separation", either),
            "zone": change.rows("zone", ZONES.c.crn == crn),
            "attempt": change.rows("attempt", ATTEMPTS.c.referral_id.in_(theirs)),
            "flag": change.rows("flag", FLAGS.c.referral_id.in_(theirs)),
            "proposal": change.rows("proposal", PROPOSALS.c.referral_id.in_(theirs)),
        },
    )


def _crn(change: Change, whom: Whom) -> str:
    if whom.referral_id is not None:
        return str(the_bid(change, whom.referral_id)["crn"])
    if whom.booking_id is not None:
        return str(the_booking(change, whom.booking_id)["crn"])
    assert whom.crn is not None
    return whom.crn


def nobody() -> NotThereError:
    """The same words whether nothing is held or it may not be seen."""
    return NotThereError("the register holds nothing of this person that you may see")
