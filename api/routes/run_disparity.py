"""Disparity: how protected groups fare in a run. For monitoring; nobody can be found in it."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from pydantic import Field

from api.problems import problems
from api.routes.run_reads import TheRun
from api.service.disparity import FEWEST, Group, disparity
from api.service.run_values import plan_of, problem_of
from api.wire.words import Shown

router = APIRouter()


class GroupTold(Shown):
    """A group's figures. `suppressed`: of too few people, though all small ones are together."""

    group: str
    suppressed: bool
    people: int | None = Field(
        description="Bids: of somebody who has two, both count. `fewest_people` counts people."
    )
    placed: int | None = Field(description="Bids with a bed.")
    placement_rate: float | None = Field(description="The share of the bids that have one.")
    mean_wait_nights: float | None = Field(description="From release to arrival, of those placed.")
    mean_miles: float | None = Field(description="From home, of those placed where it is known.")


class Disparity(Shown):
    """Everyone, and the groups of each characteristic; small groups are told of together."""

    run_id: str
    fewest_people: int = Field(description="Groups of fewer people are not told of apart.")
    everyone: GroupTold
    groups: dict[str, list[GroupTold]]


@router.get("/runs/{run_id}/disparity", responses=problems(404, 409))
def run_disparity(found: TheRun) -> Disparity:
    """Placement rate, wait and miles by protected group; small groups are taken together."""
    with found.register.reading() as connection:
        plan = plan_of(connection, found.run)
        problem = problem_of(connection, found.run)
    everyone, groups = disparity(plan, problem)
    # The run stands for all who are in it: nobody is told of apart.
    found.log([found.run["id"]], "combination")
    return disparity_told(found.run["id"], everyone, groups)


def disparity_told(run_id: str, everyone: Group, groups: Mapping[str, list[Group]]) -> Disparity:
    """The figures as an answer."""
    return Disparity(
        run_id=run_id,
        fewest_people=FEWEST,
        everyone=_told(everyone),
        groups={name: [_told(group) for group in some] for name, some in groups.items()},
    )


def _told(group: Group) -> GroupTold:
    return GroupTold(
        group=group.name,
        suppressed=group.bids is None,
        people=group.bids,
        placed=group.placed,
        placement_rate=group.rate,
        mean_wait_nights=group.wait_nights,
        mean_miles=group.miles,
    )
