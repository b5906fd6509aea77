"""allocator forecast: who will be referred, from files of who has been."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from allocator.cli.exit_codes import REFUSED
from allocator.cli.forecast_table import forecast_table
from allocator.cli.outputs import writing_to
from allocator.cli.reading import tell
from allocator.cli.settings import the_policy
from allocator.cli.source_options import PolicyName
from allocator.errors import UnreadableFile, UnwritableFile
from allocator.forecast import Forecast, expected, write_forecast
from allocator.forecast.expected import Expected
from allocator.forecast.fit import fit
from allocator.forecast.weekly import WEEK
from allocator.ingest import today
from allocator.ingest.history import HistoryReading, read_history
from allocator.plain_words import counted
from allocator.policy import Policy
from allocator.report.forecast_picture import SUFFIXES, forecast_picture
from allocator.whole_file import write_whole

PIPE_WIDTH = 100
PERIODS = (4, 12, 26)
_DAY = ["%Y-%m-%d", "%d/%m/%Y"]
_COVERED = "Days that the history covers"

HistoryFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="HISTORY...",
        help="Release histories; or the ministry's reports on matching outcomes, with its "
        "placements reports beside them to tell who came and for how long.",
        show_default=False,
    ),
]


def forecast_command(
    history: HistoryFiles,
    output: Annotated[Path, typer.Option("--output", "-o", help="The forecast file to write.")],
    policy_name: PolicyName = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=_DAY, help="The forecast's first day; today in London, unless given."),
    ] = None,
    horizon: Annotated[
        int, typer.Option(min=7, max=728, metavar="DAYS", help="Days ahead to show.")
    ] = 182,
    first: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            formats=_DAY,
            help="First day; that of the first referral, or of a report's first arrival.",
            rich_help_panel=_COVERED,
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            "--until",
            formats=_DAY,
            help="The day after the last; after the last referral, or in a report so long before "
            "its last arrival as the longest notice is.",
            rich_help_panel=_COVERED,
        ),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(help="The picture, .svg or .png; beside the forecast, unless given."),
    ] = None,
    no_picture: Annotated[bool, typer.Option("--no-picture", help="Draw none.")] = False,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Leave out rows that are wrong, and list them.")
    ] = False,
) -> None:
    """Forecast referrals by band from history, say how sure that is, and write it.

    The forecast file holds the needs of people of the past: keep it as you keep their records.
    Exit code 0: written, also where history was too short and the prior stood in, which is said.
    2: refused, with every fault listed and nothing written.
    """
    day = today() if as_of is None else as_of.date()
    drawing = None if no_picture else picture or output.with_suffix(".svg")
    _refuse_outputs(output, drawing)
    _refuse_folders(history)
    policy = the_policy(policy_name)
    with _status("Reading") as say:
        reading = read_history(
            history,
            policy,
            day,
            skip_bad_rows=skip_bad_rows,
            first=None if first is None else first.date(),
            until=None if until is None else until.date(),
            latest=today(),
            progress=lambda name: say(f"Reading {name}"),
        )
    _tell_or_exit(reading, skip_bad_rows)
    with _status("Fitting"):
        found, ahead = _forecast(reading, policy, day, horizon)
        picture_bytes = forecast_picture(found, ahead, drawing.suffix) if drawing else b""
    with writing_to(output):
        write_forecast(found, output)
    if drawing is not None:
        with writing_to(drawing):
            write_whole(drawing, picture_bytes)
    # A pipe has no width of its own, and the table must not depend on who reads it.
    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    console.print(forecast_table(found, ahead, policy))
    written = ", ".join(str(path) for path in (output, drawing) if path is not None)
    typer.echo(f"\nWritten: {written}")


def _forecast(
    reading: HistoryReading, policy: Policy, day: date, horizon: int
) -> tuple[Forecast, Expected]:
    assert reading.history is not None  # else the command has ended
    found = fit(reading.history, policy, day)
    weeks = -(-horizon // WEEK)
    return found, expected(found, day, weeks, PERIODS)


def _refuse_outputs(output: Path, drawing: Path | None) -> None:
    """Raise UnwritableFile for names that say another kind of file: better now than later."""
    if output.suffix.casefold() != ".json":
        raise UnwritableFile(f"{output}: the name must end in .json")
    if drawing is not None and drawing.suffix.casefold() not in SUFFIXES:
        raise UnwritableFile(f"{drawing}: the name must end in {' or '.join(SUFFIXES)}")


def _refuse_folders(history: Sequence[Path]) -> None:
    """Raise UnreadableFile for a folder: other files in it would be read as the past."""
    for path in history:
        if path.is_dir():
            raise UnreadableFile(
                f"{path}: is a folder. Name the files of the past in it, as the release history "
                f"{path / 'release-history.csv'}"
            )


def _tell_or_exit(reading: HistoryReading, skipping: bool) -> None:
    """Notes and complaints on stderr; with no history, exit code 2."""
    if reading.history is None:
        tell(reading.complaints)
        typer.echo(f"{counted(len(reading.complaints), 'fault')}; nothing was written.", err=True)
        if not any(complaint.whole_file for complaint in reading.complaints) and not skipping:
            typer.echo("With --skip-bad-rows the other rows are read.", err=True)
        raise typer.Exit(REFUSED)
    for note in reading.notes:
        typer.echo(note.text, err=True)
    if reading.left_out:
        tell(reading.left_out)
        rows = len({complaint.place for complaint in reading.left_out})
        typer.echo(f"{counted(rows, 'row')} left out: the forecast counts too few.", err=True)


@contextmanager
def _status(words: str) -> Iterator[Callable[[str], None]]:
    """What to tell of progress to: a line on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with Console(stderr=True).status(words) as status:
        yield status.update
