"""What the closing of a lesson looks at, and what is kept of it: requests, leaves, contradictions, pictures, history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from trainer.database import db
from trainer.domain.attendance import ATTENDED, EVIDENCE, AttendanceStatus, Evidence
from trainer.domain.attendance_request import AttendanceRequestKind, AttendanceRequestState
from trainer.domain.days import china_day
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.lesson_file import LessonFileKind
from trainer.models.account import Account
from trainer.models.attendance import Attendance, Mark
from trainer.models.attendance_request import AttendanceRequest
from trainer.models.audit import AuditEvent
from trainer.models.enrolment import Enrolment
from trainer.models.file import StoredFile
from trainer.models.lesson import Lesson, LessonFile
from trainer.models.person import Person
from trainer.queries.attendance_request import leave_granted_for
from trainer.queries.roll_changes import Conflict, list_conflicts
from trainer.queries.walk_in import heads_of_walk_ins


@dataclass(frozen=True)
class Asked:
    """Something that somebody asked about this lesson and nobody has answered."""

    kind: AttendanceRequestKind
    seat: int
    name: str


@dataclass(frozen=True)
class BeforeClosing:
    """What stands around a roll when it is closed; `leaves` are granted for exactly this time: request by enrolment."""

    guests: int
    signer: str
    leaves: Mapping[int, int]
    asked: Sequence[Asked]
    conflicts: Sequence[Conflict]


def get_before_closing(lesson_id: int) -> BeforeClosing:
    """Three statements; `signer` is the instructor, where the lesson has one."""
    guests, taught_by, account = db.session.execute(
        select(heads_of_walk_ins(lesson_id), Lesson.instructor_name, Account.name)
        .outerjoin(Account, Account.id == Lesson.instructor_id)
        .where(Lesson.id == lesson_id)
    ).one()
    leaves, asked = _requests(lesson_id)
    return BeforeClosing(guests, account or taught_by, leaves, asked, list_conflicts(lesson_id))


def _requests(lesson_id: int) -> tuple[dict[int, int], list[Asked]]:
    request, state = AttendanceRequest, AttendanceRequestState
    on_leave = and_(leave_granted_for(Lesson.starts_at), Enrolment.status.in_(ON_THE_ROLL))
    rows = db.session.execute(
        select(
            *(request.id, request.kind, request.state, request.enrolment_id, Enrolment.seat_number, Person.name),
            *(Enrolment.joined_on, Lesson.starts_at),
        )
        .join(Lesson, Lesson.id == request.lesson_id)
        .join(Enrolment, Enrolment.id == request.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(request.lesson_id == lesson_id, or_(request.state == state.OPEN, on_leave))
        .order_by(Enrolment.seat_number, request.id)
    ).all()
    granted = [row for row in rows if row.state is state.GRANTED and row.joined_on <= china_day(row.starts_at)]
    leaves = {row.enrolment_id: row.id for row in granted}
    return leaves, [Asked(row.kind, row.seat_number, row.name) for row in rows if row.state is state.OPEN]


def list_leaves(lesson_id: int) -> Mapping[int, int]:
    """Leaves granted for exactly this time: request by enrolment."""
    return _requests(lesson_id)[0]


@dataclass(frozen=True)
class Kept:
    """What a closed roll shows beside its marks; `evidence` is of the women on it as attending, the strongest first."""

    guests: int
    signer: str
    evidence: Mapping[Evidence, int]


def get_kept(lesson_id: int) -> Kept:
    """Two statements."""
    guests, signer = db.session.execute(
        select(heads_of_walk_ins(lesson_id), Lesson.signer).where(Lesson.id == lesson_id)
    ).one()
    return Kept(guests, signer, _count_evidence(lesson_id))


def _count_evidence(lesson_id: int) -> dict[Evidence, int]:
    rows = db.session.execute(
        select(Mark.channel, func.count())
        .join(Attendance, Attendance.mark_id == Mark.id)
        .where(Attendance.lesson_id == lesson_id, Attendance.status.in_(ATTENDED))
        .group_by(Mark.channel)
    )
    counts = dict.fromkeys(Evidence, 0)
    for channel, count in rows:
        counts[EVIDENCE[channel]] += count
    return {evidence: count for evidence, count in counts.items() if count}


@dataclass(frozen=True)
class LateChange:
    """A woman of whom the roll said one thing and the office says another."""

    enrolment_id: int
    seat: int
    name: str
    marker: AttendanceStatus | None
    office: AttendanceStatus


def list_late_changes(lesson_id: int) -> list[LateChange]:
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.seat_number, Person.name, Attendance.marker_status, Attendance.office_status)
        .join(Attendance, Attendance.enrolment_id == Enrolment.id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Attendance.lesson_id == lesson_id,
            Attendance.office_status.is_not(None),
            Attendance.office_status.is_distinct_from(Attendance.marker_status),
        )
        .order_by(Enrolment.seat_number)
    )
    return [LateChange(*row) for row in rows]


@dataclass(frozen=True)
class ClosingStep:
    """One closing or reopening, as the audit trail keeps it."""

    at: datetime
    by: str
    is_closing: bool
    headcount: int | None
    on_the_roll: int | None
    reason: str


def list_closing_steps(lesson_id: int) -> list[ClosingStep]:
    """Every closing and reopening, the newest first; those that were sealed away aside."""
    rows = db.session.execute(
        select(AuditEvent.at, AuditEvent.actor_name, AuditEvent.action, AuditEvent.details)
        .where(
            AuditEvent.object_type == "lesson",
            AuditEvent.object_id == str(lesson_id),
            AuditEvent.action.in_(("lesson.close", "lesson.reopen")),
            AuditEvent.success,
        )
        .order_by(AuditEvent.seq.desc())
    )
    return [_step(*row) for row in rows]


def _step(at: datetime, by: str, action: str, details: Mapping) -> ClosingStep:
    headcount = details.get("headcount", details.get("headcount_before"))
    return ClosingStep(
        at, by, action == "lesson.close", headcount, details.get("on_the_roll"), details.get("reason", "")
    )


@dataclass(frozen=True)
class ClassPhoto:
    """A picture of the class; `removed_at` where it was taken away and can be put back."""

    id: int
    added_at: datetime
    added_by: str | None
    size: int
    removed_at: datetime | None


def list_class_photos(lesson_id: int) -> list[ClassPhoto]:
    """In the order in which they were added."""
    rows = db.session.execute(
        select(LessonFile.id, LessonFile.added_at, Account.name, StoredFile.size, LessonFile.removed_at)
        .join(StoredFile, StoredFile.id == LessonFile.file_id)
        .outerjoin(Account, Account.id == LessonFile.added_by)
        .where(LessonFile.lesson_id == lesson_id, LessonFile.kind == LessonFileKind.CLASS_PHOTO)
        .order_by(LessonFile.id)
    )
    return [ClassPhoto(*row) for row in rows]
