"""The twelve probation regions, and which of them an outcode is in."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LETTERS = re.compile(r"[A-Z]+")
_SEE, _SWSC = "South East & Eastern", "South West & South Central"


@dataclass(frozen=True, slots=True)
class Region:
    """A probation region: its approved-premises area and its letters of postcodes.

    Postcodes do not follow regions' borders; each is given to the region that has most of it.
    """

    name: str
    area: str
    code: str
    letters: str


REGIONS = (
    Region("London", "London", "LON", "E EC N NW SE SW W WC BR CR EN HA IG RM SM TW UB"),
    Region("North East", "North East", "NE", "NE SR DH TS DL"),
    Region("Yorkshire & The Humber", "North East", "YH", "BD DN HD HG HU HX LS S WF YO"),
    Region("North West", "North West", "NW", "BB CA CH CW FY L LA PR WA"),
    Region("Greater Manchester", "North West", "GM", "BL M OL SK WN"),
    Region("East Midlands", "Midlands", "EM", "DE LE LN NG NN"),
    Region("West Midlands", "Midlands", "WM", "B CV DY HR ST TF WR WS WV"),
    Region("East of England", _SEE, "EE", "AL CB CM CO IP LU NR PE SG SS WD"),
    Region("Kent Surrey & Sussex", _SEE, "KSS", "BN CT DA GU KT ME RH TN"),
    Region("South West", _SWSC, "SW", "BA BH BS DT EX GL PL SN SP TA TQ TR"),
    Region("South Central", _SWSC, "SC", "HP MK OX PO RG SL SO"),
    Region("Wales", "Wales", "WAL", "CF LD LL NP SA"),
)
_REGION_OF = {letters: region for region in REGIONS for letters in region.letters.split()}


def region_of_outcode(outcode: str) -> Region | None:
    """The region of an outcode; None: it is in none of them, as those of Scotland are."""
    match = _LETTERS.match(outcode)
    return _REGION_OF.get(match.group()) if match else None
