"""Study figures made: a study and its answers in the shape in which the API tells them."""

from __future__ import annotations

from allocator.scenario.answers import Answers, EnoughBeds, SiteAnswers
from allocator.scenario.csv_files import bands_of, is_synthetic
from allocator.scenario.figures import Told, change_of, figures, mean_of
from allocator.scenario.file import BASE
from allocator.scenario.gate_report import gate_report
from allocator.scenario.ledger_table import ledger_rows
from allocator.scenario.study import Study
from allocator.simulate.compare import Interval
from api.service.studies import SCENARIO, Kind
from api.wire.study_figures import (
    AnswersTold,
    BedsAt,
    EnoughBedsTold,
    FigureTold,
    GateTold,
    IntervalTold,
    OutcomeTold,
    SitesTold,
    SiteTold,
    StudyFigures,
    UnmetTold,
)


def figures_told(kind: Kind, study: Study, answers: Answers) -> StudyFigures:
    """Everything but the years one by one, which are in results.json."""
    told = figures(bands_of(study))
    file = study.file
    return StudyFigures(
        kind=kind,
        synthetic_estate=is_synthetic(study),
        replications=file.replications,
        days=file.days,
        warm_up_days=file.warm_up_days,
        less=BASE if kind == SCENARIO else file.methods[0],
        figures=[
            FigureTold(name=each.name, words=each.words, unit=each.unit, share=each.share)
            for each in told
        ],
        outcomes=[_outcome(kind, study, told, *key) for key in study.years],
        ledger=[
            UnmetTold(
                scenario=scenario,
                method=method,
                band=row.band,
                region=row.region,
                sex=row.gender.value,
                ap_type=row.ap_type.value,
                cause=row.cause.value,
                people=row.people,
                nights=row.nights,
            )
            for scenario, method, row in ledger_rows(study)
        ],
        gate=[
            GateTold(scenario=row.scenario, gate=row.gate.value, who=row.who, people=row.people)
            for row in gate_report(study)
        ],
        answers=AnswersTold(
            best_sites=_sites(answers.best_sites),
            closures=_sites(answers.closures),
            enough_beds=_enough(answers.enough_beds),
        ),
        names=dict(study.names),
    )


def _outcome(
    kind: Kind, study: Study, told: tuple[Told, ...], scenario: str, method: str
) -> OutcomeTold:
    """Scenarios are compared with the base; the methods of a simulation with its first."""
    with_what = (BASE, method) if kind == SCENARIO else (BASE, study.file.methods[0])
    ours, theirs = study.tallies(scenario, method), study.tallies(*with_what)
    return OutcomeTold(
        scenario=scenario,
        method=method,
        figures={each.name: _known(mean_of(each, ours)) for each in told},
        differences=None
        if (scenario, method) == with_what
        else {each.name: _known(change_of(each, ours, theirs)) for each in told},
    )


def _known(found: Interval | None) -> IntervalTold | None:
    return None if found is None else _interval(found)


def _interval(found: Interval) -> IntervalTold:
    return IntervalTold(mean=found.mean, low=found.low, high=found.high)


def _sites(found: SiteAnswers | None) -> SitesTold | None:
    if found is None:
        return None
    return SitesTold(
        method=found.method,
        premises=found.premises,
        looked_at=found.looked_at,
        sites=[
            SiteTold(
                premises=site.premises,
                price=site.price,
                weighted_unmet=_interval(site.weighted_unmet),
                unmet=_interval(site.unmet),
                unmet_band_1=_interval(site.unmet_band_1),
            )
            for site in found.sites
        ],
    )


def _enough(found: EnoughBeds | None) -> EnoughBedsTold | None:
    if found is None:
        return None
    same = ("method", "years", "without", "left", "reached", "enough", "beyond_help", "smallest")
    return EnoughBedsTold(
        runs=found.runs,
        beds=[BedsAt(premises=premises, beds=beds) for premises, beds in found.beds],
        **{name: getattr(found, name) for name in same},
    )
