"""What was said on a roll since somebody looked or before a mark, and where two who mark contradict each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.attendance import AttendanceStatus
from trainer.models.account import Account
from trainer.models.attendance import Attendance, Mark
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.queries.roll import (
    ACCOUNT,
    AT_THIS_LESSON,
    ATTENDANCE,
    ENROLMENT,
    LESSON,
    MARK,
    ON_THIS_ROLL,
    PERSON,
    LessonHead,
    Tally,
    about,
    tally_of,
)


@dataclass(frozen=True)
class Saying:
    """What somebody said about a woman, and when: by the clock of the server, and by that of the phone."""

    status: AttendanceStatus | None
    by: str | None
    at: datetime
    said_at: datetime | None


@dataclass(frozen=True)
class Contradiction:
    """Two who marked one woman differently without having seen each other's mark; `ruling` counts meanwhile."""

    ruling: Saying
    other: Saying


@dataclass(frozen=True)
class Conflict:
    """A contradiction about one woman of a roll."""

    enrolment_id: int
    seat: int
    name: str
    said: Contradiction


_OTHER, _OTHERS_ACCOUNT = aliased(Mark.__table__), aliased(Account.__table__)
_SAYINGS = (
    *(ATTENDANCE.status, ACCOUNT.name.label("marker"), MARK.at, MARK.said_at),
    *(_OTHER.c.id.label("other"), _OTHER.c.status.label("other_status")),
    *(_OTHERS_ACCOUNT.c.name.label("other_marker"), _OTHER.c.at.label("other_at")),
    _OTHER.c.said_at.label("other_said_at"),
)


def _with_sayings(statement: Select, *, conflicts_only: bool) -> Select:
    """`_SAYINGS` of the attendances, where those are joined to enrolments."""
    return (
        statement.outerjoin(Mark.__table__, MARK.id == ATTENDANCE.mark_id)
        .outerjoin(Account.__table__, ACCOUNT.id == MARK.by)
        .join(_OTHER, _OTHER.c.id == ATTENDANCE.conflict_mark_id, isouter=not conflicts_only)
        .outerjoin(_OTHERS_ACCOUNT, _OTHERS_ACCOUNT.c.id == _OTHER.c.by)
    )


def _contradiction(row) -> Contradiction | None:
    if row.other is None:
        return None
    return Contradiction(
        Saying(row.status, row.marker, row.at, row.said_at),
        Saying(row.other_status, row.other_marker, row.other_at, row.other_said_at),
    )


_CONFLICTS = _with_sayings(
    select(ENROLMENT.id, ENROLMENT.seat_number, PERSON.name, *_SAYINGS)
    .select_from(Attendance.__table__)
    .join(Enrolment.__table__, ENROLMENT.id == ATTENDANCE.enrolment_id)
    .join(Person.__table__, PERSON.id == ENROLMENT.person_id)
    .where(ATTENDANCE.lesson_id == LESSON)
    .order_by(ENROLMENT.seat_number),
    conflicts_only=True,
)


def list_conflicts(lesson_id: int) -> list[Conflict]:
    """Women of whom two people say different things, by seat: somebody has to decide. One statement."""
    rows = db.session.execute(_CONFLICTS, {"lesson": lesson_id})
    return [Conflict(row.id, row.seat_number, row.name, _contradiction(row)) for row in rows]


def list_said_before(lesson_id: int, marks: Mapping[int, int]) -> dict[int, AttendanceStatus | None]:
    """What the roll said of each woman before this mark of her: marks and statuses by enrolment."""
    earlier = db.session.execute(
        select(Mark.id, Mark.enrolment_id, Mark.status)
        .where(Mark.lesson_id == lesson_id, Mark.enrolment_id.in_(marks))
        .order_by(Mark.id)
    )
    return {woman: status for id_, woman, status in earlier if id_ < marks[woman]}


@dataclass(frozen=True)
class ChangedRow:
    """A woman about whom something was said meanwhile, as she stands now."""

    enrolment_id: int
    status: AttendanceStatus | None
    marked_by: int | None
    marker: str | None
    said: Contradiction | None


@dataclass(frozen=True)
class Changes:
    """What was said since a mark, and how the roll stands; `seen` is what to ask from the next time."""

    rows: Sequence[ChangedRow]
    tally: Tally
    conflicts: int
    seen: int


_SINCE = (
    select(MARK.enrolment_id, func.max(MARK.id).label("newest"))
    .where(MARK.lesson_id == LESSON, MARK.id > bindparam("since", type_=Integer))
    .group_by(MARK.enrolment_id)
    .subquery()
)
_CHANGES = _with_sayings(
    select(ENROLMENT.id, ENROLMENT.joined_on, _SINCE.c.newest, MARK.by, *_SAYINGS)
    .select_from(Enrolment.__table__)
    .outerjoin(Attendance.__table__, AT_THIS_LESSON)
    .outerjoin(_SINCE, _SINCE.c.enrolment_id == ENROLMENT.id)
    .where(ON_THIS_ROLL),
    conflicts_only=False,
)


def list_changes(lesson: LessonHead, since: int) -> Changes:
    """Everything about the roll that is newer than the mark `since`; one statement."""
    rows = db.session.execute(_CHANGES, {**about(lesson), "since": since}).all()
    changed = [
        ChangedRow(row.id, row.status, row.by, row.marker, _contradiction(row))
        for row in rows
        if row.newest is not None
    ]
    return Changes(
        changed,
        tally_of([row.status for row in rows if row.joined_on <= lesson.day]),
        sum(1 for row in rows if row.other is not None),
        max((row.newest for row in rows if row.newest is not None), default=since),
    )
