"""The advice on a run: who is firm, who is provisional until when, and which beds to hold."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from allocator.holding import Hold, Standing
from api.problems import problems
from api.routes.asking import After, Limit, reading
from api.routes.lists import page
from api.routes.run_reads import Restricted, Seen, TheRun
from api.service.advising import advice_of
from api.store.tables import HOLDS
from api.wire.holds_shown import ONE_DAY
from api.wire.shown import Page
from api.wire.words import Shown

router = APIRouter()
Standings = Literal["firm", "provisional", "held back"]


class StandingTold(Shown):
    """How one placement stands, until the day on which it is asked again."""

    referral_id: str
    band: int
    standing: Standings
    until: date
    futures: int = Field(description="Of all, those in which the person keeps a bed.")
    needed: int = Field(description="How many it takes for the bed to be made firm.")


class HoldAdvised(Shown):
    """A bed to be held. `hold_id`: somebody has done so."""

    bed_id: str
    premises_id: str
    first_night: date
    last_night: date
    lowest_band: int
    until: date
    owner_role: str
    why: str
    held_back: str | None = Field(description="Who would have had the bed; null: restricted.")
    hold_id: str | None


class BandTold(Shown):
    """What holding does to one band, in people a future, as against making firm all who are due."""

    band: int
    expected: float = Field(
        description="People of the band who are referred after `as_of`, released before "
        "`looked_until`, and neither withdrawn nor away on the day: the mean of the futures."
    )
    needed: int | None = Field(
        description="Futures in which somebody of the band must keep a bed for one that is due to "
        "be made firm; null: the plan places nobody of the band."
    )
    gain: float = Field(description="More of them with a bed; below 0 it is the price.")
    firm: int
    provisional: int
    held_back: int


class AdviceTold(Shown):
    """Advice on a run. It decides nothing: a person accepts a hold, or does not."""

    run_id: str
    forecast_id: str
    forecast_current: bool = Field(description="No newer forecast has been put in since.")
    policy_name: str = Field(description="Whose bands these are, and whose weights set `needed`.")
    as_of: date
    next_meeting: date
    history_until: date
    looked_until: date = Field(description="People who may be referred until then were drawn.")
    futures: int
    seed: int
    synthetic: bool
    bands: list[BandTold]
    holds: list[HoldAdvised]
    standings: Page[StandingTold]
    restricted: list[Restricted] = Field(description="People in it whom you may not see.")


@router.get("/runs/{run_id}/advice", responses=problems(404, 409))
def run_advice(
    found: TheRun,
    limit: Limit = 50,
    after: After = None,
    standing: Annotated[Standings | None, Query()] = None,
) -> AdviceTold:
    """What to make firm now, what to hold and for whom, and the gain beside the price.

    Standings come a page at a time, everything else with each page. Checked before it was kept.
    """
    with reading(found.register, found.actor) as change:
        row, advice = advice_of(change.connection, found.run)
        is_current = change.row("forecast", row["forecast_id"])["current"]
        made = {
            (hold["bed_id"], hold["first_night"]): hold["id"]
            for hold in change.rows("hold", HOLDS.c.run_id == found.run["id"])
        }
    mine = [
        _standing(each) | {"id": each.referral_id}
        for each in advice.standings
        if each.referral_id not in found.restricted and standing in (None, each.state.value)
    ]
    standings = page(
        mine,
        ("band",),
        limit,
        after,
        lambda each: StandingTold(**{k: v for k, v in each.items() if k != "id"}),
    )
    found.log(
        {each.referral_id for each in standings.records} | {h.held_back for h in advice.holds}
    )
    named = {each.referral_id for each in advice.standings} & found.restricted
    return AdviceTold(
        run_id=found.run["id"],
        forecast_id=row["forecast_id"],
        forecast_current=is_current,
        policy_name=advice.policy_name,
        as_of=advice.as_of,
        next_meeting=advice.next_meeting,
        history_until=advice.forecast_until,
        looked_until=advice.looked_until,
        futures=advice.futures,
        seed=advice.seed,
        synthetic=advice.synthetic,
        bands=[
            BandTold(
                band=change.band,
                expected=round(change.expected, 2),
                gain=round(change.gain, 2),
                needed=next((s.needed for s in advice.standings if s.band == change.band), None),
                **_counts(advice.standings, change.band),
            )
            for change in advice.changes
        ],
        holds=[
            _hold(each, found, made.get((each.bed_id, each.nights.arrival)))
            for each in advice.holds
        ],
        standings=standings,
        restricted=[Restricted(referral_id=name) for name in sorted(named)],
    )


def _standing(each: Standing) -> dict[str, object]:
    return {
        "referral_id": each.referral_id,
        "band": each.band,
        "standing": each.state.value,
        "until": each.until,
        "futures": each.futures,
        "needed": each.needed,
    }


def _counts(standings: tuple[Standing, ...], band: int) -> dict[str, int]:
    own = [each.state.value for each in standings if each.band == band]
    return {
        "firm": own.count("firm"),
        "provisional": own.count("provisional"),
        "held_back": own.count("held back"),
    }


def _hold(hold: Hold, found: Seen, hold_id: str | None) -> HoldAdvised:
    return HoldAdvised(
        bed_id=hold.bed_id,
        premises_id=hold.premises_id,
        first_night=hold.nights.arrival,
        last_night=hold.nights.departure - ONE_DAY,
        lowest_band=max(hold.for_bands),
        until=hold.expires,
        owner_role=hold.owner,
        why=hold.why,
        held_back=None if hold.held_back in found.restricted else hold.held_back,
        hold_id=hold_id,
    )
