"""Told: what a page says at its top after something was done; the session keeps it by a word."""

from __future__ import annotations

from collections.abc import Mapping

from api.service.sessions import News

TOLD: Mapping[str, str] = {
    "accepted": "Accepted. The bed is booked.",
    "accepted-several": "{number:,} proposals accepted. The beds are booked.",
    "accepted-one": "1 proposal accepted. The bed is booked.",
    "arrived": "Recorded: the person arrived. A bid that the booking placed is closed.",
    "acknowledged": "You have acknowledged this bid.",
    "acknowledged-several": "You have acknowledged the bids that you ticked.",
    "booking-cancelled": "The booking is cancelled. A bid that it placed is open again.",
    "booking-cancelled-alone": "The booking is cancelled.",
    "called-off": "The plan is being called off.",
    "changed": "Changed. The bed is booked.",
    "decided": "Your decisions are recorded.",
    "departed": "Recorded: the person left.",
    "departed-cancelled": "Recorded: the person left. The booking that was to follow is cancelled.",
    "departed-still-booked": "Recorded: the person left. Another bed is still booked for them: "
    "cancel that booking, or record the arrival there.",
    "departure-withdrawn": "Withdrawn. The person is in the bed as before that was recorded, "
    "on the nights of any move that was called off since too.",
    "departure-withdrawn-early": "Withdrawn. The person is in the bed again, but the stay ends on "
    "the day of a move that was called off since: the bed is not to be had from then on.",
    "dropped": "The form that was kept is deleted.",
    "forecast": "The forecast is in: advice on what to hold back rests on it from now on.",
    "held": "The bed is held.",
    "hold-extended": "The hold now ends on the day that you gave.",
    "hold-released": "The bed is not held any longer.",
    "last-day": "Changed. The stay ends on the day that you gave.",
    "mine": "You have this bid.",
    "not-arrived": "Recorded: nobody arrived. A bid that the booking placed is open again.",
    "not-arrived-alone": "Recorded: nobody arrived.",
    "outcome-withdrawn": "Withdrawn. The booking is as it was before that was recorded.",
    "owner": "Handed over. The new owner has yet to acknowledge it.",
    "refused": "Refused. The person is still without a bed.",
    "refused-for-good": "Refused. These premises will not be proposed to this person again.",
    "may-be-proposed": "The premises may be proposed to this person again.",
    "risk-corrected": "Recorded. Plans go by it from now on.",
    "released": "Recorded: released without a bed.",
    "replayed": "The plan is being made again.",
    "study-called-off": "The study is being called off.",
    "taken-several": "You have the bids that you ticked.",
    "verifying": "The register is being verified.",
    "transferred": "Moved. This is the booking of the bed that you chose.",
    "withdrawn": "Withdrawn.",
}


def in_words(news: News) -> str | None:
    """What it says; None for a word that there is not any more."""
    words = TOLD.get(news.word)
    return words and words.format(number=news.number)
