"""Outputs: a study as the files that people and programs read."""

from __future__ import annotations

from allocator.scenario.answers import Answers
from allocator.scenario.as_json import results_json
from allocator.scenario.csv_files import differences_csv, ledger_csv, results_csv
from allocator.scenario.gate_report import gate_report
from allocator.scenario.page import scenario_page
from allocator.scenario.study import Study

WRITTEN = ("results.csv", "differences.csv", "ledger.csv", "results.json", "report.html")


def scenario_texts(study: Study, answers: Answers) -> dict[str, bytes]:
    """The content of each file of `WRITTEN`, by its name."""
    gate = gate_report(study)
    texts = (
        results_csv(study),
        differences_csv(study),
        ledger_csv(study),
        results_json(study, gate, answers),
        scenario_page(study, gate, answers).encode(),
    )
    return dict(zip(WRITTEN, texts, strict=True))
