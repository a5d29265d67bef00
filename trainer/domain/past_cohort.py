"""Classes held before this system: what a list of one says beside its women, and the classes that a list holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from trainer.domain.roster import Remark, RosterRow

# What `RosterRow.past` may hold, all as text: days as ISO 8601, minutes as a number.
COURSE, STARTS_ON, ENDS_ON, PLACE = "course", "starts_on", "ends_on", "place"
MINUTES, NOT_COMPLETED, CERTIFICATE, ISSUED_ON = "minutes", "not_completed", "certificate", "issued_on"


@dataclass(frozen=True)
class Defaults:
    """What the file leaves open, as whoever sends it says."""

    course: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    place: str = ""
    minutes: int = 0


@dataclass(frozen=True)
class PastClass:
    """One class of the file; `minutes` are the most that one of its rows says."""

    name: str
    starts_on: date | None
    ends_on: date | None
    place: str
    minutes: int
    rows: tuple[RosterRow, ...]

    @property
    def lacks(self) -> str | None:
        """The code of what keeps it from being taken over."""
        if not self.name:
            return "past_without_name"
        if self.starts_on is None or self.ends_on is None:
            return "past_without_days"
        return "past_days_reversed" if self.ends_on < self.starts_on else None

    @property
    def completed(self) -> int:
        return sum(NOT_COMPLETED not in row.past for row in self.rows if not row.problems)

    @property
    def certificates(self) -> int:
        return sum(CERTIFICATE in row.past for row in self.rows if not row.problems)

    @property
    def rejected(self) -> int:
        return sum(bool(row.problems) for row in self.rows)


def classes_in(rows: Iterable[RosterRow], defaults: Defaults) -> list[PastClass]:
    """The classes in the order of the file; a certificate's number that stands twice is refused the second time."""
    by_name: dict[str, list[RosterRow]] = {}
    numbers: dict[str, int] = {}
    for row in rows:
        number = row.past.get(CERTIFICATE)
        if number and not row.problems and numbers.setdefault(number, row.row) != row.row:
            twice = Remark(CERTIFICATE, "past_certificate_twice", {"number": number, "row": numbers[number]})
            row = replace(row, problems=(*row.problems, twice))
        by_name.setdefault(row.past.get(COURSE) or defaults.course, []).append(row)
    return [_class(name, some, defaults) for name, some in by_name.items()]


def _class(name: str, rows: Sequence[RosterRow], defaults: Defaults) -> PastClass:
    """Its first day is the earliest that a row says, its last the latest: lists repeat them on every line."""
    first = [row.past[STARTS_ON] for row in rows if STARTS_ON in row.past]
    last = [row.past[ENDS_ON] for row in rows if ENDS_ON in row.past]
    places = [row.past[PLACE] for row in rows if PLACE in row.past]
    return PastClass(
        name,
        date.fromisoformat(min(first)) if first else defaults.starts_on,
        date.fromisoformat(max(last)) if last else defaults.ends_on or (defaults.starts_on if not first else None),
        places[0] if places else defaults.place,
        max((int(row.past.get(MINUTES, 0)) for row in rows), default=0) or defaults.minutes,
        tuple(rows),
    )
