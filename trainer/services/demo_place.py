"""Where and when the demonstration is filled, by whom: what each part of the filling is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from trainer.domain.days import china_day


@dataclass(frozen=True)
class Place:
    """The programme, the accounts by username, and the moment that is the present."""

    programme_id: int
    accounts: Mapping[str, int]
    at: datetime

    @property
    def today(self) -> date:
        return china_day(self.at)

    def past(self, moment: datetime) -> datetime:
        """`moment`, but nothing that was done lies in the future."""
        return min(self.at, moment)
