"""Types of cells for the row models, and what a column says about itself in the documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
)

from allocator.ingest import risk_values, values
from allocator.ingest.asked_criteria import AskedCriteria, asked_criteria
from allocator.ingest.risk_values import Mappa
from allocator.ingest.values import Clock
from allocator.vocabulary import ApType, Criterion, RiskTier
from allocator.vocabulary import Gender as Estate
from allocator.vocabulary import Rosh as RoshLevel


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds. `name` only where it is not the field's own name."""

    meaning: str
    values: str = "text"
    blank: str = "–"
    example: str = ""
    name: str = ""


class Row(BaseModel):
    """One row of a layout. Blank cells are not given: a field without a default must be filled."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _day(text: str, info: ValidationInfo) -> date:
    clock: Clock = info.context  # type: ignore[assignment]  # given with every row
    return values.day(text, clock)


def _needed_with_yes(until: date | None, info: ValidationInfo) -> date | None:
    if until is None and info.data.get("share_suitable"):
        raise values.BadValueError("is blank though share_suitable is YES", "fill it")
    return until


Text = Annotated[str, PlainValidator(values.seen_text)]
Day = Annotated[date, PlainValidator(_day)]
YesNo = Annotated[bool, PlainValidator(values.yes_no)]
ShareUntil = Annotated[Day | None, AfterValidator(_needed_with_yes), Field(validate_default=True)]
"""`share_valid_until`, in a row after `share_suitable`: judged whatever else is wrong there."""
Identifier = Annotated[str, PlainValidator(values.identifier)]
Crn = Annotated[str, PlainValidator(values.crn)]
Outcode = Annotated[str, PlainValidator(values.outcode)]
Codes = Annotated[tuple[str, ...], PlainValidator(values.codes)]
Number = Annotated[float, PlainValidator(values.number)]
Miles = Annotated[float, PlainValidator(values.positive)]
WholeMiles = Annotated[int, PlainValidator(partial(values.whole, least=1, most=1000))]
Nights = Annotated[int, PlainValidator(partial(values.whole, least=1, most=1000))]
Days = Annotated[int, PlainValidator(partial(values.whole, least=0, most=365))]
Count = Annotated[int, PlainValidator(partial(values.whole, least=0, most=1000))]
Gender = Annotated[Estate, PlainValidator(risk_values.gender)]
Tier = Annotated[RiskTier | None, PlainValidator(risk_values.tier)]
Rosh = Annotated[RoshLevel, PlainValidator(risk_values.rosh)]
MappaCell = Annotated[Mappa, PlainValidator(risk_values.mappa)]
Kind = Annotated[ApType, PlainValidator(risk_values.ap_type)]
Criteria = Annotated[frozenset[Criterion], PlainValidator(risk_values.criteria)]
Asked = Annotated[AskedCriteria, PlainValidator(asked_criteria)]
