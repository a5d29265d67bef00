"""Tallies: what is counted as of a day, by what it is grouped, and which small numbers are not shown to outsiders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from trainer.domain.days import day_begins
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.programme import Track
from trainer.domain.site import SiteKind


class TallyBy(StrEnum):
    """What makes a group. A region is where the cohort is held, a home where the woman lives."""

    TRACK = "track"
    REGION = "region"
    HOME = "home"
    KIND = "kind"
    SITE = "site"


class Level(StrEnum):
    """How far regions are told apart."""

    CITY = "city"
    COUNTY = "county"


class Hidden(StrEnum):
    """Why a number is not shown to outsiders: it is of one or two people, or it would give such a number away."""

    FEW = "few"
    WITHHELD = "withheld"


# Admitted counts with in training: whoever has a place.
STAGES = (
    EnrolmentStatus.APPLIED,
    EnrolmentStatus.WAITLISTED,
    EnrolmentStatus.ACTIVE,
    EnrolmentStatus.COMPLETED,
    EnrolmentStatus.NOT_COMPLETED,
    EnrolmentStatus.WITHDRAWN,
    EnrolmentStatus.REJECTED,
)
ALL, CERTIFICATES, WAITING = "all", "certificates", "waiting"
# Of those with a place: came to a lesson, has a shop, has broadcast, has sold.
CAME, SHOP, BROADCAST, SOLD = "came", "shop", "broadcast", "sold"
# A training that is over for her, however it ended: what the completion rate is measured against.
ENDED = "ended"
COLUMNS = (ALL, *STAGES, CERTIFICATES, WAITING)
# Outsiders are not told of fewer people than this.
FEWEST = 3


class Count(NamedTuple):
    """Person-times, and how many people they are; a sign-up that waits is nobody yet."""

    times: int = 0
    people: int | None = 0

    @property
    def size(self) -> int:
        return self.times if self.people is None else self.people


NOTHING = Count()
Figures = Mapping[str, Count]  # by column


@dataclass(frozen=True)
class Question:
    """What somebody wants counted: as of the end of a day in China, of the cohorts that fit."""

    as_of: date
    by: TallyBy = TallyBy.TRACK
    level: Level = Level.CITY
    programme_id: int | None = None
    region_code: str = ""
    track: Track | None = None
    year: int | None = None  # of the cohort's first day

    @property
    def until(self) -> datetime:
        """What happened from this moment on had not happened yet."""
        return day_begins(self.as_of + timedelta(days=1))

    def on(self, day: date) -> "Question":
        return replace(self, as_of=day)


@dataclass
class Tally:
    """The groups by key ("" where nothing is said), and three rows below them in which everybody is counted once."""

    groups: dict[str, dict[str, Count]] = field(default_factory=dict)
    trainees: dict[str, Count] = field(default_factory=dict)
    cadres: dict[str, Count] = field(default_factory=dict)
    together: dict[str, Count] = field(default_factory=dict)
    sites: dict[str, int] = field(default_factory=dict)  # open ones by group, where groups are regions
    sites_by_kind: dict[SiteKind, int] = field(default_factory=dict)


def hides(part: int, whole: int, fewest: int = FEWEST) -> bool:
    """Whether a share would tell outsiders of too few people: of those in it, or of the rest."""
    return 0 < part < fewest or 0 < whole - part < fewest


def hidden_cells(rows: Sequence[Mapping[str, int | None]], fewest: int = FEWEST) -> dict[tuple[int, str], Hidden]:
    """By (row, column) what outsiders are not shown: fewer people than `fewest`, and where only one number of a row or
    column is missing, or those missing are fewer people together, the next smallest with it, so that nobody finds them by
    subtraction. All rows have the same columns."""
    hidden = {(at, name) for at, row in enumerate(rows) for name, size in row.items() if 0 < (size or 0) < fewest}
    lines = [[(at, name) for name in row] for at, row in enumerate(rows)]
    lines += [[(at, name) for at in range(len(rows))] for name in (rows[0] if rows else ())]
    while given_away := {cell for line in lines for cell in _given_away(rows, line, hidden, fewest)}:
        hidden |= given_away
    return {cell: Hidden.FEW if rows[cell[0]][cell[1]] < fewest else Hidden.WITHHELD for cell in hidden}


def _given_away(rows, line: list[tuple[int, str]], hidden: set[tuple[int, str]], fewest: int) -> list[tuple[int, str]]:
    """What has to go with what is missing in a line: the smallest of the others that is somebody."""
    shown = [cell for cell in line if cell not in hidden and rows[cell[0]][cell[1]]]
    missing = [rows[cell[0]][cell[1]] or 0 for cell in line if cell in hidden]
    gives_away = len(missing) == 1 or 0 < sum(missing) < fewest
    return [min(shown, key=lambda cell: (rows[cell[0]][cell[1]], cell))] if gives_away and shown else []


@dataclass(frozen=True)
class Line:
    """A row as it is shown: `cells` by column; `changes` since the earlier day."""

    part: str
    key: str
    cells: Mapping[str, Count | Hidden]
    changes: Mapping[str, int | None]


def lay_out(tally: Tally, before: Tally | None, *, hide_small: bool) -> list[Line]:
    """The groups in the order of their keys with what has none last, then the rows that count everybody once."""
    keys = sorted({*tally.groups, *(before.groups if before else ())}, key=lambda key: (key == "", key))
    blocks = [[("group", key) for key in keys], [("trainees", ""), ("cadres", "")], [("together", "")]]
    lines = []
    for block in blocks:
        now = _shown(tally, block, hide_small)
        then = _shown(before, block, hide_small) if before else [{}] * len(block)
        for (part, key), cells, old in zip(block, now, then, strict=True):
            changes = {name: _change(cells[name], old[name]) for name in cells} if before else {}
            lines.append(Line(part, key, cells, changes))
    return lines


def _shown(tally: Tally, block: Sequence[tuple[str, str]], hide_small: bool) -> list[dict[str, Count | Hidden]]:
    rows = [tally.groups.get(key, {}) if part == "group" else getattr(tally, part) for part, key in block]
    sizes = [{name: row.get(name, NOTHING).size for name in COLUMNS} for row in rows]
    hidden = hidden_cells(sizes) if hide_small else {}
    return [{name: hidden.get((at, name)) or row.get(name, NOTHING) for name in COLUMNS} for at, row in enumerate(rows)]


def _change(now: Count | Hidden, then: Count | Hidden) -> int | None:
    return None if isinstance(now, Hidden) or isinstance(then, Hidden) else now.size - then.size
