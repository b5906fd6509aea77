"""The process of a study: `python -m api.worker.study_child PARENT_ID MEMORY_GIB`.

It knows no database: what was run before it asks its worker for, and what it has run it sends.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, fields, replace
from multiprocessing import get_context
from pathlib import Path

from allocator.report.simulated_texts import simulated_texts
from allocator.scenario.answers import Answers
from allocator.scenario.ask import ask
from allocator.scenario.file import BASE, Questions, ScenarioFile
from allocator.scenario.outputs import scenario_texts
from allocator.scenario.study import cells_of, study_of
from allocator.simulate.cell import Cell, Result
from allocator.simulate.sweep import sweep
from allocator.solver_process.fences import die_with, lift_memory, limit_memory
from allocator.solver_process.voice import Voice, take_stdout, without_data
from allocator.whole_file import write_whole
from api.service.studies import SCENARIO
from api.worker.study_figures import figures_told
from api.worker.study_messages import (
    FIGURES_FILE,
    KEPT,
    MADE_FOLDER,
    REQUEST,
    Said,
    Step,
    StudyRequest,
    said_line,
)

NICENESS = 10
"""A study must not slow a solve on the same machine: people wait for that."""
AT_ONCE = 50
"""Years that are asked for in one line."""


def main() -> None:
    """Read what is asked, run it, and say how it goes. Never returns."""
    die_with(int(sys.argv[1]))
    limit_memory(float(sys.argv[2]), for_good=False)
    os.nice(NICENESS)
    voice = Voice(take_stdout(), said_line)
    lines = _listening()
    try:
        request = REQUEST.validate_json(lines.get())
        os.chdir(request.folder)
        _study(request, _Talk(voice, lines))
        voice.say(Said(finished=True))
    except MemoryError:
        voice.say(Said(fault="it ran out of memory", out_of_memory=True))
    except BrokenProcessPool:
        words = "a process of it was killed: most likely it ran out of memory"
        voice.say(Said(fault=words, out_of_memory=True))
    except Exception as error:  # whatever it is, the worker must hear of it
        traceback.print_exc()
        voice.say(Said(fault=without_data(error)))
    sys.stderr.flush()
    os._exit(0)


def _listening() -> queue.Queue[bytes]:
    """Lines from the worker, as they come. When they end it is gone, and so are we and ours."""
    lines: queue.Queue[bytes] = queue.Queue()

    def listen() -> None:
        for line in sys.stdin.buffer:
            lines.put(line)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=listen, daemon=True).start()
    return lines


@dataclass(frozen=True, slots=True)
class _Talk:
    """The worker as the place where years are kept."""

    voice: Voice[Said]
    lines: queue.Queue[bytes]

    def found(self, keys: Sequence[str]) -> Iterator[Result]:
        """Years that were run before, by whatever worker."""
        for first in range(0, len(keys), AT_ONCE):
            self.voice.say(Said(wanted=tuple(keys[first : first + AT_ONCE])))
            yield from KEPT.validate_json(self.lines.get()).results

    def keep(self, key: str, result: Result) -> None:
        """Have the worker keep a year."""
        self.voice.say(Said(key=key, result=result))


class _Steps:
    """The parts of a study, each with its count of years; what has been told stays told."""

    def __init__(self, file: ScenarioFile, talk: _Talk, pool: ProcessPoolExecutor) -> None:
        self._talk, self._pool = talk, pool
        self._names = {each.changes: each.name for each in file.scenarios} | {(): BASE}
        self._before = (0, 0)
        self.name = ""

    def begin(self, name: str) -> None:
        """What is run from now on is a part of its own."""
        self.name, self._before = name, (0, 0)
        self._tell(0, 0, "")

    def run(self, cells: Sequence[Cell]) -> tuple[Result, ...]:
        """Results in the order of the cells."""
        done_before, of_before = self._before
        of = of_before + len(cells)
        waiting = dict.fromkeys(cells)
        self._tell(done_before, of, self._at(waiting))

        def told(done: int, count: int, last: Result) -> None:
            waiting.pop(last.cell, None)
            self._tell(done_before + done, of, self._at(waiting))

        results = sweep(cells, self._talk, executor=self._pool, told=told)
        self._before = (of, of)
        self._tell(of, of, "")
        return results

    def _tell(self, done: int, of: int, at: str) -> None:
        self._talk.voice.say(Said(step=Step(self.name, done, of, at)))

    def _at(self, waiting: dict[Cell, None]) -> str:
        """The first year that has not been run."""
        for cell in waiting:
            name = self._names.get(cell.setting.changes)
            words = name or " and ".join(
                " ".join(filter(None, [each.kind, getattr(each, "premises", "")]))
                for each in cell.setting.changes
            )
            return f"{words}, {cell.method}, year {cell.setting.replication}"[:200]
        return ""


def _study(request: StudyRequest, talk: _Talk) -> None:
    """Run it, and leave its files in the folder."""
    file = request.file
    # Each of these must die with us too, or it would wait for work for ever.
    pool = ProcessPoolExecutor(
        request.processes,
        mp_context=get_context("spawn"),
        initializer=die_with,
        initargs=(os.getpid(),),
    )
    steps = _Steps(file, talk, pool)
    steps.begin("years")
    results = steps.run(cells_of(file))
    study = study_of(file, results)
    answers = _answers(file, steps)
    pool.shutdown()
    steps.begin("files")
    lift_memory()
    if request.kind == SCENARIO:
        texts = scenario_texts(study, answers)
    else:
        texts = simulated_texts(results)
    for name, text in texts.items():
        write_whole(Path(MADE_FOLDER, name), text)
    told = figures_told(request.kind, study, answers)
    write_whole(Path(FIGURES_FILE), told.model_dump_json().encode())


def _answers(file: ScenarioFile, steps: _Steps) -> Answers:
    """Each question is a part of its own."""
    answers = Answers()
    for name in (each.name for each in fields(Answers)):
        asked = getattr(file.questions, name)
        if asked is not None:
            steps.begin(name)
            alone = Questions(method=file.questions.method, **{name: asked})
            found = ask(replace(file, questions=alone), steps.run)
            answers = replace(answers, **{name: getattr(found, name)})
    return answers


if __name__ == "__main__":
    main()
