"""Results as a table in README.md and a picture beside it.

`python -m benchmarks.report [RESULTS.json]`; without a file, the newest in results/.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import altair as alt

HERE = Path(__file__).parent
README = HERE / "README.md"
PICTURE = HERE / "placed-by-band.png"
BEGIN, END = "<!-- results begin -->", "<!-- results end -->"
BANDS = (1, 2, 3, 4)
HEADER = (
    "instance", "method", "placed, band 1 / 2 / 3 / 4", "uncovered nights", "miles a person",
    "gap, band 1 / 2 / 3 / 4", "proven levels", "seconds", "MiB", "breaches",
)  # fmt: skip


def main() -> int:
    """Rewrite the part of README.md between the marks, and the picture."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else _newest()
    if path is None:
        print("there are no results yet: python -m benchmarks.run", file=sys.stderr)
        return 2
    results = json.loads(path.read_text(encoding="utf-8"))
    text = README.read_text(encoding="utf-8")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    body = "\n".join((_source(path, results), "", *_table(results["runs"]), "", _picture_line()))
    README.write_text(f"{before}{BEGIN}\n\n{body}\n\n{END}{after}", encoding="utf-8")
    picture(results["runs"]).save(PICTURE, scale_factor=2)
    print(f"{README} and {PICTURE} are from {path.name}")
    return 0


def picture(runs: list[dict[str, Any]]) -> alt.VConcatChart:
    """People placed in each band, a row of bars an instance."""
    names = list(dict.fromkeys(run["instance"] for run in runs))
    charts = [_bars(name, [run for run in runs if run["instance"] == name]) for name in names]
    return alt.vconcat(*charts, title="Synthetic instances: people placed, by band and method")


def _bars(name: str, runs: list[dict[str, Any]]) -> alt.FacetChart:
    rows = [
        {"method": run["method"], "band": f"band {band}", "placed": _value(run, f"placed/{band}")}
        for run in runs
        if "levels" in run
        for band in BANDS
    ]
    bars = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar()
        .encode(
            x=alt.X("placed:Q", title=None),
            y=alt.Y("method:N", title=None, sort=None),
        )
    )
    words = bars.mark_text(align="left", dx=3).encode(text="placed:Q")
    chart: alt.FacetChart = (
        alt.layer(bars, words)
        .properties(width=180, height=90)
        .facet(column=alt.Column("band:N", title=name))
        .resolve_scale(x="independent")
    )
    return chart


def _newest() -> Path | None:
    # Named by day: those that begin with a word are of other questions.
    return max((HERE / "results").glob("2*.json"), default=None)


def _source(path: Path, results: dict[str, Any]) -> str:
    machine = results["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    changed = " with changes" if results["changed_since"] else ""
    return (
        f"From `results/{path.name}`: commit `{results['commit'][:9]}`{changed}, "
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, Python "
        f"{machine['python']}, {versions}; load average at the end {machine['load_average'][0]}."
    )


def _table(runs: list[dict[str, Any]]) -> Iterator[str]:
    yield "| " + " | ".join(HEADER) + " |"
    yield "|" + "---|" * len(HEADER)
    for run in runs:
        yield "| " + " | ".join(_cells(run)) + " |"


def _cells(run: dict[str, Any]) -> list[str]:
    name = [run["instance"], f"{run['method']}, {run['limit_s']:g} s limit"]
    if "levels" not in run:
        return [*name, f"no plan: {run['failed']}", *[""] * (len(HEADER) - 3)]
    placed = [_value(run, f"placed/{band}") for band in BANDS]
    uncovered = sum(_value(run, f"uncovered_nights/{band}") for band in BANDS)
    miles = _value(run, "miles") / 10 / max(1, sum(placed))
    proven = sum(level["proven"] for level in run["levels"])
    return [
        *name,
        " / ".join(str(n) for n in placed),
        str(uncovered),
        f"{miles:.1f}",
        " / ".join(_gap(run, f"placed/{band}") for band in BANDS),
        f"{proven} of {len(run['levels'])}",
        f"{run['seconds']:.1f}",
        str(run["peak_mib"]),
        str(run["breaches"]),
    ]


def _level(run: dict[str, Any], code: str) -> dict[str, Any]:
    return next(level for level in run["levels"] if level["code"] == code)


def _value(run: dict[str, Any], code: str) -> int:
    return int(_level(run, code)["value"])


def _gap(run: dict[str, Any], code: str) -> str:
    gap = _level(run, code)["gap"]
    return "–" if gap is None else f"{100 * gap:.1f} %"


def _picture_line() -> str:
    return f"![People placed by band and method]({PICTURE.name})"


if __name__ == "__main__":
    sys.exit(main())
