"""Study forecast: one fitted to a release history that was sent, as the command line fits it."""

from __future__ import annotations

from pathlib import Path

from allocator.forecast import Forecast
from allocator.plain_words import counted
from api.service.import_files import as_told
from api.service.reading_files import fit_apart
from api.service.refusals import InvalidError
from api.service.register import Register
from api.service.study_folder import study_folder

HISTORY_FILE = "history.csv"


def fitted(history: str, register: Register, data_folder: Path) -> Forecast:
    """The forecast as of today, made in a process of its own. Raises InvalidError with every
    complaint about the file, or when it takes too much time or memory.
    """
    today = register.clock.today()
    with study_folder(data_folder) as folder:
        path = folder / HISTORY_FILE
        path.write_text(history, encoding="utf-8")
        reading, forecast = fit_apart((path,), register.policy, today)
    if forecast is None:
        raise InvalidError(
            f"{counted(len(reading.complaints), 'fault')} in the history; nothing was kept",
            [as_told(complaint) for complaint in reading.complaints],
        )
    return forecast
