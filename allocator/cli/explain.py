"""`allocator explain`: why someone has a bed or none, and what would change it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from allocator.check import check
from allocator.cli.settings import the_policy
from allocator.errors import AllocatorError
from allocator.explain import (
    Main,
    Situation,
    explain_placed,
    explain_unplaced,
    level_up,
    placed_json,
    placed_text,
    reason_of,
    unplaced_json,
    unplaced_text,
)
from allocator.export.safe_text import visible
from allocator.plain_words import counted
from allocator.plan import Plan
from allocator.policy import Policy
from allocator.problem import Problem
from allocator.problem_file import read_plan, read_problem
from allocator.referral import Referral

BREACHED = 1
UNREADABLE = 2
SHOWN_BREACHES = 20


def explain_command(
    plan_file: Annotated[Path, typer.Argument(metavar="PLAN", help="The plan to explain.")],
    problem_file: Annotated[
        Path, typer.Argument(metavar="PROBLEM", help="The problem it was made for.")
    ],
    policy_name: Annotated[
        str | None, typer.Option("--policy", help="A packaged policy by name, or a policy file.")
    ] = None,
    person: Annotated[
        str | None, typer.Option("--person", help="One person, by referral id or CRN.")
    ] = None,
    unplaced: Annotated[
        bool, typer.Option("--unplaced", help="Everyone without a bed, in full.")
    ] = False,
    one_level_up: Annotated[
        bool,
        typer.Option(
            "--one-level-up",
            help="Who would get a bed if assessed one level higher, of those who have none.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Explain a plan. Without an option: the main reasons of those without a bed.

    Exit code 0: explained. 1: the plan fails the check, so nothing is said of it. 2: a file
    cannot be read, or nobody has that id.
    """
    if sum((person is not None, unplaced, one_level_up)) > 1:
        _refuse("choose one of --person, --unplaced and --one-level-up", UNREADABLE)
    try:
        plan, problem = read_plan(plan_file), read_problem(problem_file)
        policy = the_policy(policy_name)
    except AllocatorError as error:
        typer.echo(f"allocator explain: {error}", err=True)
        raise typer.Exit(UNREADABLE) from error
    people = _asked_for(person, unplaced or one_level_up, plan, problem)
    situation = _situation(plan, problem, policy)
    if person is None and not unplaced and not one_level_up:
        _tell(_summary(situation, as_json))
    elif one_level_up:
        _tell(_levels_up(people, situation, as_json))
    else:
        _tell(_each(people, situation, as_json))


def _asked_for(person: str | None, everyone: bool, plan: Plan, problem: Problem) -> list[Referral]:
    if person is None:
        return (
            [
                problem.referrals_by_id[name]
                for name in plan.unplaced
                if name in problem.referrals_by_id
            ]
            if everyone
            else []
        )
    crn = person.strip().casefold()
    found = [r for r in problem.referrals if person == r.id or crn == r.crn.casefold()]
    if not found:
        _refuse(f"no referral has the id or CRN {visible(person)}", UNREADABLE)
    return found


def _situation(plan: Plan, problem: Problem, policy: Policy) -> Situation:
    """The plan made ready for questions; one that fails the check is refused."""
    with Console(stderr=True).status("Checking the plan"):
        breaches = check(plan, problem, policy)
    if breaches:
        shown = [f"  {b.code}: {b.text}" for b in breaches[:SHOWN_BREACHES]]
        more = len(breaches) - len(shown)
        shown += [f"  and {more} more"] if more else []
        _refuse("\n".join(["the plan fails the check, so it is not explained:", *shown]), BREACHED)
    return Situation(plan, problem, policy)


def _each(people: list[Referral], situation: Situation, as_json: bool) -> Iterator[str]:
    """Each person in full."""
    found = (_one(referral, situation, as_json) for referral in people)
    if as_json:
        yield json.dumps(list(found), indent=1)
        return
    for number, text in enumerate(found):
        yield f"\n{text}" if number else str(text)
    if not people:
        yield "Everyone has a bed."


def _one(referral: Referral, situation: Situation, as_json: bool) -> object:
    if referral.id in situation.plan.placement_of:
        placed = explain_placed(referral, situation)
        return placed_json(placed) if as_json else placed_text(placed)
    found = explain_unplaced(referral, situation)
    up = level_up(referral, situation) if found.tried else None
    return unplaced_json(found, up) if as_json else unplaced_text(found, up)


def _levels_up(people: list[Referral], situation: Situation, as_json: bool) -> Iterator[str]:
    """What one level higher would do for each person without a bed, by any bid of theirs."""
    without = [each for each in people if not _has_a_bed(each, situation)]
    found = [level_up(referral, situation) for referral in without]
    if as_json:
        yield json.dumps([answer.as_json() for answer in found], indent=1)
        return
    shown = sum(answer.change is not None for answer in found)
    yield f"{len(found):,} without a bed. One level higher would show a bed for {shown:,}."
    if left_out := len(people) - len(found):
        bids = counted(left_out, "bid")
        yield f"Left out: {bids} whose person has a bed on those nights already."
    for answer in found:
        yield f"Referral {answer.referral_id} (CRN {answer.crn}): {answer.text}"


def _has_a_bed(referral: Referral, situation: Situation) -> bool:
    return reason_of(referral, situation).main is Main.SAME_PERSON


def _summary(situation: Situation, as_json: bool) -> Iterator[str]:
    """Those without a bed, by main reason and band."""
    referrals, policy = situation.problem.referrals_by_id, situation.policy
    bands: dict[str, Counter[int]] = defaultdict(Counter)
    for referral in (referrals[name] for name in situation.plan.unplaced):
        bands[reason_of(referral, situation).main.value][policy.band_of(referral)] += 1
    rows = sorted(bands.items(), key=lambda row: (-row[1].total(), row[0]))
    placed, without = len(situation.plan.placements), len(situation.plan.unplaced)
    if as_json:
        reasons = [
            {"main_reason": reason, "people": counts.total(), "by_band": dict(counts)}
            for reason, counts in rows
        ]
        yield json.dumps({"placed": placed, "unplaced": without, "reasons": reasons}, indent=1)
        return
    yield f"{placed:,} placed, {without:,} without a bed."
    for reason, counts in rows:
        told = ", ".join(f"band {band}: {n:,}" for band, n in sorted(counts.items()))
        yield f"  {counts.total():6,}  {reason} ({told})"
    if rows:
        yield "For one person: --person ID. For everyone without a bed: --unplaced."


def _tell(lines: Iterator[str]) -> None:
    for line in lines:
        typer.echo("\n".join(visible(part) for part in line.split("\n")))


def _refuse(text: str, code: int) -> None:
    typer.echo(f"allocator explain: {text}", err=True)
    raise typer.Exit(code)
