"""Targets of a programme: what was promised by when, how far it is, and what outsiders are not told."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trainer.domain.outcomes import FEWEST
from trainer.domain.programme import TargetKind

K = TargetKind
# Women of whom these are a part: where nearly all or nearly none belong to it, the number would give the rest away.
PART_OF = {
    K.SHOPS_OPENED: K.PEOPLE_TRAINED,
    K.COMPLETED: K.PEOPLE_TRAINED,
    K.BROADCASTING: K.COMPLETED,
    K.SELLING: K.COMPLETED,
    K.SUSTAINED_SELLERS: K.COMPLETED,
}


class TargetState(StrEnum):
    REACHED = "reached"
    ON_THE_WAY = "on_the_way"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Actual:
    """What was reached, as of a day (None: nothing was reckoned or measured yet). `people`: how many women or workers
    stand behind it, `of`: among how many; None where nobody's own data do."""

    value: float
    as_of: date | None
    people: int | None = None
    of: int | None = None

    @property
    def is_telling(self) -> bool:
        """Fewer than five people behind it, or fewer than five left out: outsiders do not see it."""
        left_out = None if self.of is None or self.people is None else self.of - self.people
        return any(count is not None and 0 < count < FEWEST for count in (self.people, left_out))


@dataclass(frozen=True)
class TargetRow:
    """A line of the results. `actual` None: kept from whoever reads it."""

    kind: TargetKind
    value: int
    due_on: date | None
    source: str
    actual: Actual | None

    @property
    def share(self) -> float | None:
        return None if self.actual is None else self.actual.value / self.value

    def state(self, today: date) -> TargetState | None:
        if self.actual is None:
            return None
        if self.actual.value >= self.value:
            return TargetState.REACHED
        return TargetState.OVERDUE if self.due_on and self.due_on < today else TargetState.ON_THE_WAY
