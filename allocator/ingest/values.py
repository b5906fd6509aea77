"""Dates, yes and no, numbers and identifiers, each from the text of one cell."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from allocator.control_characters import CONTROLS, TURNS_TEXT_ROUND
from allocator.geography.outcodes import normalise_outcode
from allocator.ingest.limits import YEARS_AROUND

WRITE_A_DATE = "write the date as 2026-05-01 or 01/05/2026"
WRITE_YES_OR_NO = "write YES or NO"
IDENTIFIER_CHARACTERS = 200

_TIME = r"(?:[T ][0-9]{1,2}:[0-9]{2}.*)?"
_ISO = re.compile(rf"([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}}){_TIME}")
_BRITISH = re.compile(rf"([0-9]{{1,2}})/([0-9]{{1,2}})/([0-9]{{4}}|[0-9]{{2}}){_TIME}")
_SERIAL = re.compile(r"([0-9]{1,6})(?:\.[0-9]+)?")
_WHOLE = re.compile(r"(-?[0-9]{1,9})(?:\.0+)?")
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,20})?")
_CRN = re.compile(r"[A-Z0-9][A-Z0-9/-]{0,19}")
_UNSEEN = re.compile(rf"[{CONTROLS}\x80-\x9f{TURNS_TEXT_ROUND}]")
_USUAL_CRN = re.compile(r"[A-Z][0-9]{6}")
_YES = frozenset({"yes", "y", "true"})
_NO = frozenset({"no", "n", "false"})


class BadValueError(ValueError):
    """A cell that cannot be read: what is wrong with it, and how to mend it."""

    def __init__(self, wrong: str, mend: str) -> None:
        super().__init__(wrong)
        self.wrong, self.mend = wrong, mend


def truly_wrong(bad: BadValueError, text: str) -> BadValueError:
    """The same, unless nobody could see why: the cell holds a character that cannot be seen."""
    unseen = next((each for each in text if _is_unseen(each)), None)
    if unseen is None:
        return bad
    name = unicodedata.name(unseen, "a control character").lower()
    return BadValueError(
        f"holds a character that cannot be seen (U+{ord(unseen):04X}, {name})",
        "type the whole cell again",
    )


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs") and character not in "\n\r\t"


@dataclass(frozen=True, slots=True)
class Clock:
    """What dates are read against: the plan's date, and day 0 of a workbook's serial dates."""

    as_of: date
    epoch: date | None = None


def day(text: str, clock: Clock) -> date:
    """A date, the day always before the month; of a timestamp, its date as written."""
    found = _date(unicodedata.normalize("NFKC", text), clock.epoch)
    if abs(found.year - clock.as_of.year) > YEARS_AROUND:
        raise BadValueError(
            f"is more than {YEARS_AROUND} years from {clock.as_of}", "check the year"
        )
    return found


def yes_no(text: str) -> bool:
    """YES, Y or true; NO, N or false; in any case."""
    word = text.casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise BadValueError("is neither YES nor NO", WRITE_YES_OR_NO)


def whole(text: str, least: int, most: int) -> int:
    """A whole number from `least` to `most`; 12.0, as spreadsheets have it, is 12."""
    match = _WHOLE.fullmatch(unicodedata.normalize("NFKC", text))
    if match is None or not least <= int(match.group(1)) <= most:
        raise BadValueError(
            f"is not a whole number from {least} to {most}", "write the number in digits"
        )
    return int(match.group(1))


def number(text: str) -> float:
    """A number in plain digits with a point: no exponent, no infinity."""
    if _NUMBER.fullmatch(text) is None:
        raise BadValueError("is not a number", "write it in digits, such as 12.5")
    return float(text)


def positive(text: str) -> float:
    """A number above 0 and at most 1000: miles."""
    value = number(text)
    if not 0 < value <= 1000 or not math.isfinite(value):
        raise BadValueError(
            "is not from 0 to 1000 miles", "write the miles in digits, such as 12.5"
        )
    return value


def seen_text(text: str) -> str:
    """Free text without control characters, those that turn text round included.

    Nobody sees them in a file; on a page they would hide or reverse what stands beside them.
    """
    return _UNSEEN.sub("", text).strip()


def identifier(text: str) -> str:
    """An id kept as it is written, "0012" and "Null" included."""
    if len(text) > IDENTIFIER_CHARACTERS:
        raise BadValueError(
            f"is longer than {IDENTIFIER_CHARACTERS} characters", "write the id alone here"
        )
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in text):
        raise BadValueError("holds a character that cannot be seen", "type the id again")
    return text


def crn(text: str) -> str:
    """A case reference number in capitals and plain digits, however it was typed."""
    plain = unicodedata.normalize("NFKC", text).strip()
    # Only ASCII may be put in capitals: other letters could turn into a different person's.
    if not plain.isascii() or _CRN.fullmatch(plain.upper()) is None:
        bad = BadValueError(
            "is not a case reference number", "write a letter and six digits: X000001"
        )
        raise truly_wrong(bad, text)
    return plain.upper()


def is_usual_crn(text: str) -> bool:
    """Whether a CRN has the usual form, a letter and six digits."""
    return _USUAL_CRN.fullmatch(text) is not None


def outcode(text: str) -> str:
    """An outcode, of an outcode or a whole postcode."""
    found = normalise_outcode(unicodedata.normalize("NFKC", text))
    if found is None:
        raise BadValueError("is not an outcode", "write the first half of a postcode, such as SE5")
    return found


def codes(text: str) -> tuple[str, ...]:
    """Codes separated by `;`, commas or line breaks, each once, in order; NONE is no codes."""
    if text.casefold() == "none":
        return ()
    parts = (part.strip() for part in re.split(r"[;,\n]", text))
    return tuple(dict.fromkeys(identifier(part) for part in parts if part))


def _date(text: str, epoch: date | None) -> date:
    serial = _SERIAL.fullmatch(text)
    if serial is not None and epoch is not None:
        return epoch + timedelta(days=int(serial.group(1)))
    iso, british = _ISO.fullmatch(text), _BRITISH.fullmatch(text)
    if iso is not None:
        year, month, day_of_month = (int(part) for part in iso.groups())
    elif british is not None:
        day_of_month, month, year = (int(part) for part in british.groups())
        year += 2000 if year < 100 and len(british.group(3)) == 2 else 0
    else:
        raise BadValueError("is not a date", WRITE_A_DATE)
    try:
        return date(year, month, day_of_month)
    except ValueError:
        if month > 12 and day_of_month <= 12:
            raise BadValueError("has no such month: the day comes first", WRITE_A_DATE) from None
        raise BadValueError("is not a day of the calendar", WRITE_A_DATE) from None
