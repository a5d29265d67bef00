"""Follow-up questionnaires: when each is asked, how it was answered, and how far a sheet has come."""

from datetime import date, timedelta
from enum import StrEnum


class Wave(StrEnum):
    """One asking. The 90th day is the midline and the 365th the endline: nobody is asked twice on one day."""

    BASELINE = "baseline"
    DAY_30 = "day_30"
    DAY_60 = "day_60"
    DAY_90 = "day_90"
    DAY_180 = "day_180"
    DAY_365 = "day_365"

    @property
    def days(self) -> int | None:
        """Days after the course ended; None for the baseline, which is asked when it begins."""
        return None if self is Wave.BASELINE else int(self.value.removeprefix("day_"))

    def due_on(self, starts_on: date, ends_on: date) -> date:
        return starts_on if self.days is None else ends_on + timedelta(days=self.days)


MIDLINE, ENDLINE = Wave.DAY_90, Wave.DAY_365


class SurveyMode(StrEnum):
    HERSELF = "herself"
    PHONE = "phone"
    PAPER = "paper"


class SheetState(StrEnum):
    """ENTERED: copied from paper by one person, not yet by a second."""

    OPEN = "open"
    ENTERED = "entered"
    ANSWERED = "answered"
    DECLINED = "declined"
