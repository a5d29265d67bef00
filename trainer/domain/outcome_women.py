"""Which women stand behind a number of the tracker, and what is shown of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trainer.domain.outcome_groups import BANDS
from trainer.domain.outcomes import Activity, DataSource, Stage
from trainer.domain.survey import SheetState, Wave


class Way(StrEnum):
    """How a stage was reached: through every earlier one, or past one of them."""

    THROUGH = "through"
    SKIPPED = "skipped"


class Sold(StrEnum):
    """Of graduates whose data reach day 90: all, or with net sales above zero; and those of whom nothing is known."""

    KNOWN = "known"
    SOLD = "sold"
    UNKNOWN = "unknown"


class WomenOrder(StrEnum):
    SEAT = "seat"
    NAME = "name"
    ATTENDANCE = "attendance"
    REACH = "reach"
    NET = "net"


@dataclass(frozen=True)
class Behind:
    """What a number counts; what is None does not narrow it. A day without state is whoever's day has come, a month
    without source whoever's month has passed; `known`: whose state at that day is known; `reach`: graduates whose data
    reach that date."""

    stage: Stage | None = None
    way: Way | None = None
    day: int | None = None
    state: Activity | None = None
    known: int | None = None
    month: int | None = None
    source: DataSource | None = None
    # The lower bound of a band of attendance.
    band: int | None = None
    wave: Wave | None = None
    sheet: SheetState | None = None
    county: str | None = None
    reach: date | None = None
    sold: Sold | None = None

    def arguments(self) -> dict[str, object]:
        """As an address names it."""
        return {name: value for name, value in vars(self).items() if value is not None}

    @property
    def bounds(self) -> tuple[int, int] | None:
        return next((band for band in BANDS if band[0] == self.band), None)


@dataclass(frozen=True)
class WomanRow:
    """A line of the women behind a number. `net_90_fen` None: her data do not reach day 90."""

    enrolment_id: int
    person_id: int
    seat: int | None
    name: str
    village: str
    attendance_bp: int | None
    completed_on: date | None
    reach_on: date | None
    stages: Mapping[str, str]
    activity: Mapping[str, str]
    sources: Mapping[str, str]
    paid_90_fen: int
    refunded_90_fen: int
    net_90_fen: int | None
    shop_id: int | None

    def reached(self, stage: Stage) -> date | None:
        day = self.stages.get(stage)
        return date.fromisoformat(day) if day else None

    def state_at(self, day: int) -> Activity | None:
        """None: the day has not come, or she did not complete."""
        state = self.activity.get(str(day))
        return Activity(state) if state else None

    def source_of(self, month: int | None) -> DataSource | None:
        """Of that month, or of the latest that has passed."""
        number = month or max(map(int, self.sources), default=0)
        source = self.sources.get(str(number))
        return DataSource(source) if source else None
