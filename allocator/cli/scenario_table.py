"""What scenarios came to, as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from allocator.cli.stacked_table import Column, print_stacked
from allocator.export.safe_text import visible
from allocator.plain_words import percent
from allocator.scenario.answers import Answers, SiteAnswers
from allocator.scenario.answers_in_words import enough_words, sites_words
from allocator.scenario.csv_files import bands_of
from allocator.scenario.figures import Told, change_of, figures, mean_of
from allocator.scenario.file import BASE
from allocator.scenario.in_words import called
from allocator.scenario.study import Study
from allocator.simulate.compare import CutInterval, Interval
from allocator.simulate.tally import Tally

SHOWN = ("weighted_unmet", "unmet", "uncovered_nights", "on_the_day", "occupancy")


def print_results(study: Study) -> None:
    """A row for each scenario and method: means over the years."""
    bands = bands_of(study)
    means = "Means over the years ± half the 95 % interval" if _many(study) else "One year"
    told, rows = _shown(study), [(key, study.tallies(*key)) for key in study.years]
    print_stacked(
        f"{means}. Bands: housed on the day of release, %. Notice: median days, by band",
        _names(study.years),
        [
            *(
                Column(
                    _heading(each),
                    tuple(_level(mean_of(each, tallies), each.share) for _, tallies in rows),
                )
                for each in told
            ),
            Column(
                "notice",
                tuple(
                    "/".join(_notice(study, band, tallies) for band in bands) for _, tallies in rows
                ),
            ),
        ],
    )


def print_differences(study: Study) -> None:
    """A row for each scenario and method: less the base over the same years, with the interval."""
    told = [each for each in _shown(study) if each.name not in ("occupancy", "uncovered_nights")]
    changed = [key for key in study.years if key[0] != BASE]

    def change(each: Told, scenario: str, method: str) -> str:
        ours, theirs = study.tallies(scenario, method), study.tallies(BASE, method)
        return signed(change_of(each, ours, theirs), each.share)

    print_stacked(
        f"Less the base over the same {'years, with 95 % intervals' if _many(study) else 'year'}. "
        "Bands: housed on the day of release, in points",
        _names(changed),
        [Column(_heading(each), tuple(change(each, *key) for key in changed)) for each in told],
    )


def _many(study: Study) -> bool:
    """Whether there are years enough for an interval."""
    return study.file.replications > 1


def answer_lines(answers: Answers, names: Mapping[str, str]) -> list[str]:
    """The answers in words. `names`: of premises, by their ids."""
    lines: list[str] = []
    if answers.best_sites is not None:
        lines += _sites("One bed more at each of these premises", answers.best_sites, names)
    if answers.closures is not None:
        lines += _sites(
            "Each of these premises closed on the first day that is counted",
            answers.closures,
            names,
        )
    if answers.enough_beds is not None:
        lines += ["", *map(visible, enough_words(answers.enough_beds, names))]
    return lines


def signed(found: Interval | None, share: bool = False) -> str:
    """`-12 [-20, -4]`; a share's in points."""
    if found is None:
        return "–"
    times = 100 if share else 1
    digits = 0 if abs(times * found.mean) >= 10 else 1
    mean = f"{times * found.mean:+,.{digits}f}"
    if found.low is None or found.high is None:
        return mean
    return f"{mean} [{times * found.low:+,.{digits}f}, {times * found.high:+,.{digits}f}]"


def _sites(words: str, found: SiteAnswers, names: Mapping[str, str]) -> list[str]:
    first = f"{words}, less the base over the same years; method {found.method}:"
    rows = [
        f"  {visible(called(each.premises, names))}: weighted unmet {signed(each.weighted_unmet)}, "
        f"unmet people {signed(each.unmet)}, of band 1 {signed(each.unmet_band_1)}; "
        f"price {each.price:.1f}"
        for each in found.sites
    ]
    return ["", first, *rows, *(f"  {visible(line)}" for line in sites_words(found, names))]


def _shown(study: Study) -> Sequence[Told]:
    def is_shown(each: Told) -> bool:
        return each.name in SHOWN or each.name.startswith("on_the_day")

    return [each for each in figures(bands_of(study)) if is_shown(each)]


def _heading(told: Told) -> str:
    return told.words.removeprefix("Housed on the day, ").casefold()


def _level(found: Interval | None, share: bool) -> str:
    if found is None:
        return "–"
    times = 100 if share else 1
    mean = percent(found.mean) if share else f"{found.mean:,.0f}"
    if isinstance(found, CutInterval):
        return f"{mean}{found.spread(times, 0)}"
    half = "" if found.half is None else f" ± {times * found.half:,.0f}"
    return f"{mean}{half}"


def _notice(study: Study, band: int, tallies: Iterable[Tally]) -> str:
    told = next(t for t in figures(bands_of(study)) if t.name == f"notice_band_{band}")
    found = mean_of(told, list(tallies))
    return "–" if found is None else f"{found.mean:.0f}"


def _names(keys: Iterable[tuple[str, str]]) -> list[Column]:
    scenarios, methods = zip(*keys, strict=True)
    return [
        Column("Scenario", tuple(visible(each) for each in scenarios)),
        Column("Method", methods),
    ]
