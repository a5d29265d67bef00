"""Satisfaction: three questions, when they are asked, and what may be told of the answers without telling whose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

# From the day of the last lesson; who has not answered within a month does not remember the course well any more, and
# the dossier can be closed.
OPEN_FOR = timedelta(days=30)
# Of fewer nothing is told, and of an open form no smaller step: else it could be worked out who said what.
FEWEST = 5


class Question(StrEnum):
    CONTENT = "content"
    TEACHING = "teaching"
    ORGANISATION = "organisation"


class Face(IntEnum):
    """From bad to good, as it is stored."""

    BAD = 1
    FAIR = 2
    GOOD = 3


def is_open(last_lesson_on: date | None, today: date) -> bool:
    """Whether answers are taken; a cohort without a lesson asks nothing."""
    return last_lesson_on is not None and last_lesson_on <= today <= last_lesson_on + OPEN_FOR


@dataclass(frozen=True)
class FeedbackSummary:
    """What may be told: `given` of `asked` women have answered, `told` of these answers are counted here.

    `words` stand in the order of their random keys.
    """

    last_lesson_on: date | None
    is_open: bool
    asked: int
    given: int
    told: int
    counts: Mapping[Question, Mapping[Face, int]]
    words: Sequence[str]

    @property
    def closes_on(self) -> date | None:
        return self.last_lesson_on and self.last_lesson_on + OPEN_FOR
