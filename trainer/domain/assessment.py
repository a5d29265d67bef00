"""Assessments of a cohort: their kinds, how one is described, and a score as it is typed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum


class AssessmentKind(StrEnum):
    THEORY = "theory"
    PRACTICE = "practice"


@dataclass(frozen=True)
class AssessmentDraft:
    """An assessment as staff describe it; `max_score` in hundredths of a point."""

    name: str
    kind: AssessmentKind
    held_on: date
    max_score: int


@dataclass(frozen=True)
class TypedScore:
    """What was typed for one woman, in hundredths, None for nothing; `seen`: the id of the newest entry that whoever
    typed it had before her, 0 where there was none."""

    enrolment_id: int
    score: int | None
    seen: int


def read_score(text: str, max_score: int) -> int | None:
    """Hundredths of what was typed, None for nothing; raises ValueError where it is no score of this assessment."""
    text = text.strip()
    if not text:
        return None
    try:
        hundredths = Decimal(text) * 100
    except InvalidOperation:
        raise ValueError(text) from None
    if not hundredths.is_finite() or not 0 <= hundredths <= max_score or hundredths != int(hundredths):
        raise ValueError(text)
    return int(hundredths)
