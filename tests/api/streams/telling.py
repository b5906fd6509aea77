"""Telling: an action in one short line, for stories of what went wrong."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

from allocator.plan import Plan
from allocator.referral import Referral
from api.access.actor import Actor
from tests.api.streams.action import Action


def said(action: Action) -> str:
    """Who asks for what, with which arguments."""
    arguments = {field.name: getattr(action, field.name) for field in fields(action)}
    arguments.pop("actor")
    words = ", ".join(f"{name}={_short(value)}" for name, value in arguments.items())
    return f"{action.actor.name}, {action.name}: {words}"


def _short(value: object) -> str:
    if isinstance(value, Actor):
        return value.id
    if isinstance(value, date):
        return f"{value:%d %b}"
    if isinstance(value, Plan):
        return f"{len(value.placements)} placed, {len(value.unplaced)} not"
    if isinstance(value, Referral):
        window = f"{value.release_date:%d %b} to {value.latest_arrival:%d %b}"
        offences = "".join(f", {offence.value}" for offence in value.offences)
        sharing = f", shares {value.sharing.suitable}" if value.sharing else ""
        rest = f"{value.nights} nights{offences}{sharing}, {value.failed_attempts} attempts"
        return f"{value.id} {value.crn} {window}, {rest}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_short(each)}" for key, each in value.items()) + "}"
    if hasattr(value, "decide_by"):
        return f"{value.bed} {value.arrival:%d %b} to {value.departure:%d %b}"
    return str(value)
