"""advice.json: the advice, read and written through Pydantic."""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter

from allocator.holding.advice import Advice
from allocator.whole_file import write_whole

_ADVICE = TypeAdapter(Advice)


def advice_to_json(advice: Advice) -> bytes:
    """The canonical text: equal advice gives equal bytes."""
    return _ADVICE.dump_json(advice, indent=1)


def advice_from_json(text: bytes) -> Advice:
    """Advice that `advice_to_json` wrote. Raises ValidationError."""
    return _ADVICE.validate_json(text)


def write_advice(advice: Advice, path: Path) -> None:
    """Write the file whole or not at all. Raises OSError."""
    write_whole(path, advice_to_json(advice))
