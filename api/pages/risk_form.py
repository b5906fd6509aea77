"""Risk form: what is known of a person's risk, corrected in one bid, with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from allocator.ingest import risk_values, values
from allocator.ingest.assumptions import is_assumed
from allocator.ingest.one_person import own_offences
from allocator.referral import Referral
from allocator.vocabulary import Offence, RiskTier, Rosh
from api.pages.at_fields import Summary, at, at_fields, messages
from api.pages.case_words import ANSWERS, APPLIES, LEFT, NOT, OFFENCES, UNKNOWN
from api.pages.visit import Visit, Visiting
from api.pages.words import spaced
from api.routes.asking import reading
from api.service import referrals
from api.service.change import Change
from api.service.contradictions import contradictions
from api.service.known import unknown_codes
from api.service.refusals import ConflictError, InvalidError, StaleError
from api.service.register import Answer
from api.service.risk_facts import RiskFacts, corrected
from api.store.records import referral

router = APIRouter()
LONGEST_REASON = 2_000


@router.get("/bids/{identifier}/risk")
def page_risk(identifier: str, visit: Visiting) -> HTMLResponse:
    """What the bid says of risk, to be corrected."""
    return _shown(visit, identifier)


@router.post("/bids/{identifier}/risk")
def page_correct_risk(identifier: str, visit: Visiting) -> Response:
    """Record it as it is, by the command that a change over the API goes by."""
    facts, wrong = _facts(visit, identifier)
    version, reason = visit.said("version", 9), visit.said("reason", LONGEST_REASON)
    if not reason:
        wrong += at("reason", "Say how it is known")
    if facts is None or wrong:
        return _shown(visit, identifier, 422, error_summary=wrong)

    def made(change: Change) -> Answer:
        bid = referrals.the_bid(change, identifier)
        value = corrected(referral(bid), facts)
        seen = int(version) if version.isdecimal() else None
        if seen == bid["version"] and value == referral(bid):
            raise InvalidError("nothing is changed: the bid says all of this already")
        return Answer(
            200,
            {
                "version": referrals.update(change, identifier, value, seen, reason=reason)[
                    "version"
                ]
            },
        )

    try:
        visit.once({**_said(visit), "version": version, "reason": reason}, made)
    except StaleError:
        text = (
            "Somebody has changed this bid since you loaded the page. What you wrote stands below, "
            "and was not recorded: look at the bid, then send it again"
        )
        return _shown(visit, identifier, 409, error_summary=at("main-content", text))
    except InvalidError as refusal:
        told = at_fields(refusal, tuple(_said(visit)), "main-content")
        return _shown(visit, identifier, 422, error_summary=told)
    except ConflictError as refusal:
        return _shown(visit, identifier, 409, error_summary=at("main-content", refusal.detail))
    return visit.go(f"/bids/{identifier}", "risk-corrected")


def _facts(visit: Visit, identifier: str) -> tuple[RiskFacts | None, Summary]:
    """What was said, each as a cell of a release list is read; or what is wrong with it."""
    wrong: Summary = []
    tier, rosh = visit.said("tier", 40), visit.said("rosh", 40)
    if tier and tier not in list(RiskTier):
        wrong += at("tier", "Choose a tier")
    if rosh and rosh not in (*Rosh, LEFT):
        wrong += at("rosh", "Choose a level")
    mappa, codes = None, None
    try:
        mappa = risk_values.mappa(text) if (text := visit.said("mappa", 40)) else None
    except values.BadValueError:
        wrong += at("mappa", "Write CAT 2/LEVEL 1, a level from 1 to 3, or NOT MAPPA")
    try:
        codes = values.codes(text) if (text := visit.said("restriction_codes", 1_000)) else None
    except values.BadValueError as bad:
        wrong += at("restriction_codes", f"It {bad.wrong}: {bad.mend}")
    for text in _unknown(visit, identifier, frozenset(codes or ())):
        wrong += at("restriction_codes", text)
    answers = {kind: visit.said(kind.value, 10) for kind in Offence}
    for kind, answer in answers.items():
        if answer not in (APPLIES, NOT, UNKNOWN, LEFT):
            wrong += at(kind.value, "Choose an answer")
    if wrong:
        return None, wrong
    return RiskFacts(
        tier=RiskTier(tier) if tier else None,
        rosh=Rosh(rosh) if rosh and rosh != LEFT else None,
        mappa_level=None if mappa is None else mappa.level,
        mappa_category=None if mappa is None else mappa.category,
        offences=frozenset(kind for kind, answer in answers.items() if answer == APPLIES),
        offences_unknown=frozenset(kind for kind, answer in answers.items() if answer == UNKNOWN),
        restriction_codes=None if codes is None else frozenset(codes),
        left=frozenset(
            name
            for name, answer in [("rosh", rosh), *((k.value, v) for k, v in answers.items())]
            if answer == LEFT
        ),
    ), []


def _unknown(visit: Visit, identifier: str, codes: frozenset[str]) -> list[str]:
    """What is wrong with each code that no premises has, as recording it would find."""
    with reading(visit.register, visit.actor) as change:
        had = referral(referrals.the_bid(change, identifier)).restriction_codes
        wrong = unknown_codes(codes, referrals.all_premises(change), had or frozenset())
    return [f"“{code}” {text}" for code, text in wrong.items()]


def _said(visit: Visit) -> dict[str, str]:
    names = ("tier", "rosh", "mappa", "restriction_codes", *(kind.value for kind in Offence))
    return {name: visit.said(name) for name in names}


def _as_known(value: Referral) -> dict[str, str]:
    """The fields of the form as the bid has them."""
    level, category = value.mappa_level, value.mappa_category
    mappa = "" if level is None else "NOT MAPPA" if level == 0 else str(level)
    codes = value.restriction_codes
    return {
        "tier": value.tier or "",
        "rosh": LEFT if value.rosh and is_assumed(value, "rosh") else value.rosh or "",
        "mappa": f"CAT {category}/LEVEL {level}" if level and category else mappa,
        "restriction_codes": "" if codes is None else "; ".join(sorted(codes)) or "NONE",
        **{kind.value: _answer(value, kind) for kind in Offence},
    }


def _as_they_are(value: Referral) -> dict[str, list[tuple[str, str]]]:
    """By field of what is assumed, the answer that leaves it so, as the first of its choices."""
    found = {}
    if value.rosh and is_assumed(value, "rosh"):
        text = f"{value.rosh}, as worked out from the tier; not known if the tier changes"
        found["rosh"] = [(LEFT, text)]
    for kind in value.offences - own_offences(value):
        found[kind.value] = [(LEFT, "Applies, as another request says; nobody has confirmed it")]
    return found


def _answer(value: Referral, kind: Offence) -> str:
    if kind in value.offences:
        return APPLIES if kind in own_offences(value) else LEFT
    return UNKNOWN if kind in value.offences_unknown else NOT


def _shown(visit: Visit, identifier: str, status: int = 200, **more: Any) -> HTMLResponse:
    with reading(visit.register, visit.actor) as change:
        bid = referrals.the_bid(change, identifier)
        otherwise = contradictions(change, bid)
    visit.log([identifier, *(each.referral_id for each in otherwise)])
    said: Mapping[str, str] = _said(visit) if visit.form else _as_known(referral(bid))
    return visit.page(
        "risk.html",
        status,
        title="Correct what is known of risk",
        bid=bid,
        changeable=(referrals.OPEN, referrals.PLACED),
        otherwise=otherwise,
        said={**said, "reason": visit.said("reason", LONGEST_REASON)},
        errors=messages(more.get("error_summary", [])),
        tiers=[(tier.value, spaced(tier.value)) for tier in RiskTier],
        levels=[(level.value, level.value) for level in Rosh],
        offence_words=OFFENCES,
        answers=list(ANSWERS.items()),
        as_they_are=_as_they_are(referral(bid)),
        **more,
    )
