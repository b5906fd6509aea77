"""What has been read of the files, before it is a problem."""

from __future__ import annotations

from dataclasses import dataclass, field

from allocator.booking import Booking
from allocator.estate import Bed, OutOfService, Premises, Room
from allocator.referral import Referral
from allocator.safeguards import ExclusionZone, Separation


@dataclass(slots=True)
class Parts:
    """What has been read so far."""

    premises: list[Premises] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    beds: list[Bed] = field(default_factory=list)
    out_of_service: list[OutOfService] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)
    separations: list[Separation] = field(default_factory=list)
    zones: list[ExclusionZone] = field(default_factory=list)
    synthetic: bool = False
    known_crns: frozenset[str] = frozenset()
    """People whom these files need not name: they are known already."""

    @property
    def crns(self) -> frozenset[str]:
        """Everyone who asks for a bed or has one."""
        asking = {each.crn for each in self.referrals}
        return self.known_crns | asking | {each.crn for each in self.bookings}
