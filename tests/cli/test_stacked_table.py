"""A table loses no figure and no key, however narrow the terminal."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from allocator.cli.stacked_table import Column, print_stacked, stacked

SCENARIO = Column("Scenario", ("base", "close NE003 and open twenty beds elsewhere"))
METHOD = Column("Method", ("look-ahead", "look-ahead"))
FIGURES = [
    Column(f"band {number}", ("58 (0–100)", f"-1{number} [-78, +5{number}]"))
    for number in range(1, 9)
]


def shown(width: int) -> list[str]:
    """Its lines, as a terminal of that width gets them."""
    console = Console(width=width, file=StringIO(), force_terminal=False)
    with console.capture() as got:
        for table in stacked([SCENARIO, METHOD], FIGURES, width):
            console.print(table)
    return got.get().splitlines()


@pytest.mark.parametrize("width", [60, 80, 110, 160, 1000])
def test_every_figure_and_every_key_is_there_at_any_width(width: int) -> None:
    lines = shown(width)
    text = "\n".join(lines)
    assert max(map(len, lines)) <= width
    assert "…" not in text
    for column in FIGURES:
        assert text.count(column.heading) == 1
        assert column.cells[1] in text
    headings = [line for line in lines if "band" in line]
    assert all(line.startswith("Scenario") and "Method" in line for line in headings)
    assert text.count("look-ahead") == 2 * len(headings)
    assert text.replace("\n", " ").count("NE003") == len(headings)


def test_where_there_is_room_it_is_one_table_and_nothing_folds() -> None:
    lines = shown(1000)
    assert len(lines) == 3
    assert lines[2].startswith(SCENARIO.cells[1])


def test_a_pipe_cuts_nothing_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    print_stacked("A title", [SCENARIO, METHOD], FIGURES)
    title, *lines = capsys.readouterr().out.splitlines()
    assert title == "A title"
    assert len(lines) == 3
    assert all(column.cells[1] in lines[2] for column in FIGURES)


def test_words_in_brackets_are_words(capsys: pytest.CaptureFixture[str]) -> None:
    print_stacked("", [Column("Scenario", ("[red] rooms",))], [Column("unmet", ("1",))])
    assert "[red] rooms" in capsys.readouterr().out
