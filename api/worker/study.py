"""Study: one claimed study, from its documents to its files, in a process of its own."""

from __future__ import annotations

import threading
import time
import zlib
from pathlib import Path

from allocator.simulate.cell import RESULT, Result
from allocator.solver_process.handle import Handle
from api.service.documents import document, packed
from api.service.leases import ALLOCATOR
from api.service.register import Register
from api.service.studies import ASKED, FORECAST_FILE, POLICY_FILE, PROBLEM_FILE, finish
from api.service.study_cells import found, keep
from api.service.study_folder import study_folder
from api.settings import Settings
from api.worker.beat import Beat
from api.worker.claim import Claimed
from api.worker.settle import Ending, bring_to_an_end, failing
from api.worker.study_messages import (
    FIGURES_FILE,
    KEPT,
    MADE_FOLDER,
    REQUEST,
    Kept,
    Said,
    StudyRequest,
    read_said,
)

CHILD = "api.worker.study_child"
POLL_S = 0.2
LONGEST_FAULT = 2_000


def do_study(
    register: Register,
    claimed: Claimed,
    beat: Beat,
    *,
    stop: threading.Event,
    settings: Settings,
) -> None:
    """Bring the study to an end, or back into the queue when this worker is told to stop."""

    def work() -> Ending:
        with study_folder(settings.data_folder) as folder:
            return _ending(register, claimed, beat, stop, settings, folder)

    bring_to_an_end(register, claimed, beat, work)


def _ending(
    register: Register,
    claimed: Claimed,
    beat: Beat,
    stop: threading.Event,
    settings: Settings,
    folder: Path,
) -> Ending:
    """What is to be said of the study. Takes as long as it does."""
    request = _request(register, claimed, settings, folder)
    ends = time.monotonic() + settings.study_longest_s
    leases, study_id, attempt = claimed.leases, claimed.id, claimed.attempt
    line = REQUEST.dump_json(request) + b"\n"
    with Handle(CHILD, line, read_said, settings.study_memory_gib) as handle:
        while True:
            said = handle.receive(POLL_S)
            if beat.must_stop:
                return lambda change: leases.stopped(change, study_id, attempt)
            if stop.is_set():
                return lambda change: leases.release(change, study_id, attempt)
            if time.monotonic() > ends:
                words = f"it took longer than {settings.study_longest_s:,} s; its years are kept"
                return failing(claimed, "overdue", words)
            if said is None and handle.closed:
                fault, memory = handle.cause_of_death()
                return _failed(claimed, fault, memory)
            if said is None:
                continue
            if said.fault:
                return _failed(claimed, said.fault, said.out_of_memory)
            if said.finished:
                return _finished(claimed, folder)
            _heard(register, beat, handle, said)


def _heard(register: Register, beat: Beat, handle: Handle[Said], said: Said) -> None:
    if said.step is not None:
        step = said.step
        told = {"step": step.step, "done": step.done, "of": step.of, "at": step.at}
        beat.tell(step.step, told)
    if said.wanted:
        handle.write(KEPT.dump_json(Kept(tuple(_kept(register, said.wanted)))) + b"\n")
    if said.result is not None:
        result = zlib.compress(RESULT.dump_json(said.result))
        with register.changing(ALLOCATOR) as change:
            keep(change, said.key, result)


def _kept(register: Register, keys: tuple[str, ...]) -> list[Result]:
    """Years that were run before; what this program cannot read is run again."""
    results = []
    with register.reading() as connection:
        for text in found(connection, keys):
            try:
                results.append(RESULT.validate_json(text))
            except ValueError:
                continue
    return results


def _request(
    register: Register, claimed: Claimed, settings: Settings, folder: Path
) -> StudyRequest:
    """What the child is asked, with the files that it names put into the folder."""
    study = claimed.row
    with register.reading() as connection:
        file = ASKED.validate_json(document(connection, study["asked"]))
        for column, name in (
            ("snapshot", PROBLEM_FILE),
            ("forecast", FORECAST_FILE),
            ("policy_file", POLICY_FILE),
        ):
            if study[column] is not None:
                (folder / name).write_bytes(document(connection, study[column]))
    return StudyRequest(study["kind"], file, str(folder), settings.study_processes)


def _finished(claimed: Claimed, folder: Path) -> Ending:
    """Packed here, because under the lock everybody waits."""
    figures = packed((folder / FIGURES_FILE).read_bytes())
    files = {
        path.name: packed(path.read_bytes()) for path in sorted((folder / MADE_FOLDER).iterdir())
    }
    return lambda change: finish(change, claimed.row, claimed.attempt, figures, files)


def _failed(claimed: Claimed, fault: str, memory: bool) -> Ending:
    code = "out-of-memory" if memory else "study-failed"
    return failing(claimed, code, fault[:LONGEST_FAULT])
