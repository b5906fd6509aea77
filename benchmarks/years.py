"""Ways to decide on simulated years: sizes, loads, seeds, wrong forecasts, and hindsight.

`python -m benchmarks.years --size M` runs and stores; `--report` writes the newest results of each
each size into benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from allocator.simulate.cell import Cell, Result
from allocator.simulate.compare import Interval, difference, interval, on_the_day, reduction
from allocator.simulate.compare import weighted_unmet as unmet
from allocator.simulate.hindsight import of_world
from allocator.simulate.methods import METHODS
from allocator.simulate.setting import Setting, world_of
from allocator.simulate.sweep import sweep
from allocator.simulate.tally import Tally
from benchmarks.run import RESULTS, commit, machine

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- years begin -->", "<!-- years end -->"
WRONG = (0.5, 1.5)
"""The forecast times these, for the ways that use one."""
FORECASTING = ("protection", "bid-prices", "look-ahead")
LATE = ("commit-by", *FORECASTING)
Key = tuple[str, float, float, str]
"""Size, load, factor of the forecast, method."""


def main() -> int:
    """Run what is asked for, or write the report."""
    chosen = _arguments()
    if chosen.report:
        _write_report()
        return 0
    settings = [
        Setting(size=chosen.size, load=load, seed=seed)
        for load in chosen.loads
        for seed in range(1, chosen.seeds + 1)
    ]
    cells = [Cell(setting, name) for setting in settings for name in chosen.methods]
    if chosen.wrong:
        cells += list(_wrong(settings, chosen.methods, max(chosen.loads)))
    print(f"{len(cells)} simulated years", file=sys.stderr)
    results = sweep(cells, chosen.kept, workers=chosen.workers, told=_told)
    bounds = _bounds(settings, chosen.alike, chosen.workers) if chosen.hindsight else {}
    found = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        "size": chosen.size,
        "results": [_plain(result) for result in results],
        "hindsight": [
            {"load": load, "seed": seed, "asked": asked, "most": most, "alike": chosen.alike}
            for (load, seed), (asked, most) in sorted(bounds.items())
        ],
    }
    day = datetime.now(UTC).date().isoformat()
    path = RESULTS / f"years-{chosen.size}-{day}-{commit()[:9]}.json"
    path.write_text(json.dumps(found, indent=1) + "\n")
    print(path)
    return 0


def _wrong(settings: Sequence[Setting], methods: Sequence[str], load: float) -> Iterator[Cell]:
    for setting in settings:
        for factor in WRONG:
            for name in methods:
                if name in FORECASTING and setting.load == load:
                    wrong = Setting(
                        size=setting.size,
                        load=load,
                        seed=setting.seed,
                        forecast_factor=factor,
                    )
                    yield Cell(wrong, name)


def _bounds(
    settings: Sequence[Setting], alike: float, workers: int
) -> dict[tuple[float, int], tuple[float, float]]:
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        found = pool.map(bound, settings, repeat(alike))
        return {
            (setting.load, setting.seed): each
            for setting, each in zip(settings, found, strict=True)
        }


def bound(setting: Setting, alike: float) -> tuple[float, float]:
    """Weights asked for, and the most that any method could house."""
    hindsight = of_world(world_of(setting), alike)
    return hindsight.asked, hindsight.most


def _plain(result: Result) -> dict[str, Any]:
    return {
        "setting": asdict(result.cell.setting),
        "method": result.cell.method,
        "seconds": result.seconds,
        "tally": asdict(result.tally),
    }


def _told(done: int, of: int, last: Result) -> None:
    setting, tally = last.cell.setting, last.tally
    print(
        f"{done}/{of}  {setting.size} load {setting.load:g} seed {setting.seed} "
        f"forecast x {setting.forecast_factor:g}  {last.cell.method}: "
        f"unmet {tally.weighted_unmet:,.0f}, {last.seconds:.1f} s",
        file=sys.stderr,
        flush=True,
    )


# ---- the report -------------------------------------------------------------------------------


def _write_report() -> None:
    text = README.read_text()
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    parts = [_section(path) for path in _newest()]
    README.write_text(f"{before}{BEGIN}\n\n" + "\n\n".join(parts) + f"\n\n{END}{after}")


def _newest() -> list[Path]:
    found: dict[str, Path] = {}
    for path in sorted(RESULTS.glob("years-*.json"), key=_moment):
        found[path.name.split("-")[1]] = path
    order = ["S", "M", "L", "XL"]
    return [found[size] for size in sorted(found, key=order.index)]


def _moment(path: Path) -> str:
    return str(json.loads(path.read_text())["at"])


def _section(path: Path) -> str:
    data = json.loads(path.read_text())
    by: dict[Key, list[Tally]] = defaultdict(list)
    seconds: dict[Key, list[float]] = defaultdict(list)
    for each in data["results"]:
        setting = each["setting"]
        key = (setting["size"], setting["load"], setting["forecast_factor"], each["method"])
        by[key].append(_tally(each["tally"]))
        seconds[key].append(each["seconds"])
    machine_of = data["machine"]
    years = max(len(tallies) for tallies in by.values())
    lines = [
        f"Size {data['size']}, from `results/{path.name}`: commit `{data['commit'][:9]}`, "
        f"{machine_of['processor']}, {machine_of['cores']} cores; {years} seeds. Means with 95 % "
        "intervals; differences are of the same years. Seconds are of processor time, a year.",
        "",
        "| load | forecast x | method | weighted unmet | below first come | below commit all "
        "| share of hindsight | on the day, band 1 / 2 / 3 / 4 | band 1, points above first come "
        "| notice, days | beds in use | seconds |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for key in sorted(by, key=lambda k: (k[1], k[2] != 1.0, k[2], list(METHODS).index(k[3]))):
        lines.append(_row(key, by, seconds[key], _share(data, key, by)))
    lines += ["", _worse(by), *_hindsight(data, by)]
    return "\n".join(lines)


def _share(data: dict[str, Any], key: Key, by: dict[Key, list[Tally]]) -> str:
    """Of the way from first come to the bound, how much the method comes."""
    size, load, _, method = key
    bounds = {each["seed"]: each for each in data["hindsight"] if each["load"] == load}
    first = by.get((size, load, 1.0, "first-come"))
    if first is None or len(bounds) != len(first) or method == "first-come":
        return ""
    shares = []
    for seed, (ours, theirs) in enumerate(zip(by[key], first, strict=True), start=1):
        least = bounds[seed]["asked"] - bounds[seed]["most"]
        gap = theirs.unmet_with_warm_up - least
        shares.append((theirs.unmet_with_warm_up - ours.unmet_with_warm_up) / gap)
    return _percent(interval(shares))


def _row(key: Key, by: dict[Key, list[Tally]], seconds: list[float], share: str) -> str:
    size, load, factor, method = key
    own = by[key]
    first, every = by.get((size, load, 1.0, "first-come")), by.get((size, load, 1.0, "commit-all"))
    shares = " / ".join(
        f"{100 * interval([on_the_day(b.band)(t) for t in own]).mean:.0f}" for b in own[0].bands
    )
    notice = " / ".join(
        f"{sum(t.band(b.band).notice or 0 for t in own) / len(own):.0f}" for b in own[0].bands
    )
    points = difference(on_the_day(1), own, first) if first else None
    cells = (
        f"{load:g}",
        f"{factor:g}",
        method,
        _whole(interval([t.weighted_unmet for t in own])),
        _percent(reduction(unmet, own, first)) if first and method != "first-come" else "",
        _percent(reduction(unmet, own, every)) if every and method != "commit-all" else "",
        share,
        shares,
        _percent(points) if points and method != "first-come" else "",
        notice,
        f"{interval([t.occupancy for t in own]).mean:.2f}",
        f"{sum(seconds) / len(seconds):.1f}",
    )
    return f"| {' | '.join(cells)} |"


def _worse(by: dict[Key, list[Tally]]) -> str:
    """Cells in which a way that commits late did worse for band 1 than risk order, if any."""
    found, cells = [], 0
    for (size, load, factor, method), own in sorted(by.items()):
        by_hand = by.get((size, load, 1.0, "risk-order"))
        if by_hand is None or method not in LATE:
            continue
        for seed, (ours, theirs) in enumerate(zip(own, by_hand, strict=True), start=1):
            cells += 1
            if ours.band(1).share_on_the_day < theirs.band(1).share_on_the_day:
                found.append(f"{method}, load {load:g}, forecast x {factor:g}, seed {seed}")
    which = f"worse in {len(found)}: {'; '.join(found)}" if found else "worse in none"
    return f"Band 1 on the day against risk order, {cells} cells of the late ways: {which}.\n"


def _hindsight(data: dict[str, Any], by: dict[Key, list[Tally]]) -> Iterator[str]:
    if not data["hindsight"]:
        return
    least = [each["asked"] - each["most"] for each in data["hindsight"]]
    asked = [each["asked"] for each in data["hindsight"]]
    share = interval([a / b for a, b in zip(least, asked, strict=True)])
    alike = min(each.get("alike", 1.0) for each in data["hindsight"])
    yield (
        f"Hindsight bound: with everything known from the start at least {_percent(share)} of all "
        "weights asked for stay unmet, warm-up included (no method can do better; perhaps none can "
        "come as far)."
        + (
            f" Premises with {100 * alike:.0f} % of their people in common have one price in it: "
            "with a price for each the bound could only be nearer, and every share higher."
            if alike < 1
            else ""
        )
    )


def _tally(plain: dict[str, Any]) -> Tally:
    from pydantic import TypeAdapter

    return TypeAdapter(Tally).validate_python(plain)


def _whole(figure: Interval) -> str:
    return f"{figure.mean:,.0f}" + (f" ± {figure.half:,.0f}" if figure.half is not None else "")


def _percent(figure: Interval) -> str:
    half = f" ± {100 * figure.half:.0f}" if figure.half is not None else ""
    return f"{100 * figure.mean:.0f}{half} %"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=["S", "M", "L"], default="M")
    parser.add_argument("--loads", type=float, nargs="+", default=[0.95, 1.1])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--methods", nargs="+", choices=list(METHODS), default=list(METHODS))
    parser.add_argument("--wrong", action="store_true", help="wrong forecasts too")
    parser.add_argument("--hindsight", action="store_true", help="the bound too")
    parser.add_argument(
        "--alike",
        type=float,
        default=1.0,
        help="premises that this share of their people have in common have one price in the bound",
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kept", type=Path, default=Path("build/years"), help="kept results")
    parser.add_argument("--report", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
