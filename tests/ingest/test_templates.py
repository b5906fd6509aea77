"""Templates can be read back, and the documents say what the code says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from allocator.cli.template import TemplateName, schema_text
from allocator.ingest import Sources, read_files
from allocator.ingest.folder import with_folder
from allocator.ingest.recognise import LAYOUTS
from allocator.ingest.templates import SHEET_OF_COLUMNS, markdown, write_template
from tests.ingest import real_headers

DOCS = Path(__file__).parents[2] / "docs"
AS_OF = date(2026, 12, 1)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_every_template_is_read_back_without_a_complaint(tmp_path: Path, suffix: str) -> None:
    for layout in LAYOUTS:
        write_template(layout, tmp_path / f"{layout.name}.{suffix}")
    reading = read_files(with_folder(tmp_path, Sources(AS_OF)))
    assert reading.complaints == ()
    problem = reading.problem
    assert problem is not None
    assert problem.synthetic
    assert (len(problem.beds), len(problem.bookings), len(problem.referrals)) == (1, 1, 2)
    assert (len(problem.out_of_service), len(problem.zones)) == (2, 1)


def test_a_workbook_explains_its_columns_on_a_second_sheet(tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    write_template(LAYOUTS[2], tmp_path / "list.xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "list.xlsx")
    rows = book.get_sheet_by_name(SHEET_OF_COLUMNS).to_python()
    assert [row[0] for row in rows[1:]] == list(LAYOUTS[2].all_columns)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_the_documents_have_each_layouts_columns_as_they_are_read(layout) -> None:  # type: ignore[no-untyped-def]
    assert markdown(layout) in (DOCS / "formats.md").read_text(encoding="utf-8")


def test_the_ministrys_headers_are_spelt_in_full() -> None:
    by_name = {layout.name: layout.header for layout in LAYOUTS}
    assert ",".join(by_name["premises"]) == real_headers.PREMISES
    assert ",".join(by_name["rooms"]) == real_headers.ROOMS
    assert ",".join(by_name["matching-outcomes"]) == real_headers.OUTCOMES
    assert by_name["placements"] == tuple(dict.fromkeys(real_headers.PLACEMENTS.split(",")))
    assert ",".join(by_name["out-of-service-report"]) == real_headers.OUT_OF_SERVICE_REPORT


def test_a_template_can_be_asked_for_by_the_name_of_every_layout() -> None:
    assert {layout.name for layout in LAYOUTS} < set(TemplateName)


@pytest.mark.parametrize(
    "name, file",
    [
        (TemplateName.PROBLEM_SCHEMA, "problem.schema.json"),
        (TemplateName.PLAN_SCHEMA, "plan.schema.json"),
    ],
)
def test_the_schema_in_the_documents_is_the_one_in_force(name: TemplateName, file: str) -> None:
    """When it fails: `allocator template problem-schema -o docs/problem.schema.json`, or plan-."""
    kept = (DOCS / file).read_text(encoding="utf-8")
    assert json.loads(kept) == json.loads(schema_text(name))


def test_a_file_given_by_name_goes_before_the_folders(tmp_path: Path) -> None:
    write_template(LAYOUTS[0], tmp_path / "a.csv")
    chosen = replace(Sources(AS_OF), premises=tmp_path / "other.csv")
    assert with_folder(tmp_path, chosen).premises == tmp_path / "other.csv"
