"""Marks on a roll: facts are only ever added, the resolved status follows from them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, delete, insert, select, update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.attendance import AttendanceStatus, LessonState, MarkChannel, NewMark
from trainer.domain.days import china_day
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.attendance import Attendance, Mark
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.person import Person
from trainer.queries.roll import list_rest
from trainer.services import audit
from trainer.services.at_risk import follow_closing
from trainer.services.idempotency import dialect_insert
from trainer.services.metrics import hold_figures
from trainer.services.roll_check import refresh_checks


class LessonCancelled(Refused):
    code = "roll_cancelled"


class LessonNotBegun(Refused):
    """The lesson is on a later day."""

    code = "roll_not_begun"


class LessonClosed(Refused):
    """After closing, a change needs a reason."""

    code = "roll_closed"


class NotOnTheRoll(Refused):
    """A woman of another cohort, or one who is not in training (any more)."""

    code = "roll_not_on_it"


class JoinedLater(Refused):
    code = "roll_joined_later"


@dataclass(frozen=True)
class Recorded:
    """What became of marks: the status that each woman named has now, and about whom two markers contradict."""

    statuses: Mapping[int, AttendanceStatus | None]
    contradicted: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Said:
    """The mark that rules now, and who made it on which device."""

    status: AttendanceStatus
    mark_id: int
    by: int | None
    device: str


@dataclass(frozen=True)
class Woman:
    """One whom marks are about, as she stands before them."""

    name: str
    on_the_roll: bool
    joined_on: date
    said: Said | None

    @property
    def status(self) -> AttendanceStatus | None:
        return self.said.status if self.said else None


def record_marks(
    lesson_id: int,
    marks: Sequence[NewMark],
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    channel: MarkChannel = MarkChannel.ROLL,
    only_unmarked: bool = False,
    batch_id: int | None = None,
) -> Recorded:
    """Add marks to a lesson.

    A nonce that was recorded before changes nothing, even where a later mark or the closing has followed it;
    `only_unmarked` passes over whoever somebody else has marked meanwhile. A mark whose maker had not seen another
    person's, and says something else, is kept beside it until a person decides. The first mark opens a planned
    lesson. A fixed number of statements, whatever the number of marks. Raises LessonCancelled, LessonNotBegun,
    LessonClosed (closed, and no reason given), NotOnTheRoll, JoinedLater; Conflict where a nonce was used for
    something else.
    """
    lesson = hold_lesson(lesson_id)
    if only_unmarked:
        marks = [mark._replace(only_unmarked=True) for mark in marks]
    arrived = sort_marks(lesson, marks)
    for refused in arrived.refused.values():
        if isinstance(refused, Conflict):
            raise refused
    if arrived.new or arrived.refused:
        check_open_to_marks(lesson, at=at, reason=reason)
    for refused in arrived.refused.values():
        raise refused
    return write_marks(
        lesson, arrived.women, arrived.new, by=by, at=at, reason=reason, channel=channel, batch_id=batch_id
    )


def write_marks(
    lesson: Lesson,
    women: Mapping[int, Woman],
    new: Sequence[NewMark],
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    channel: MarkChannel = MarkChannel.ROLL,
    batch_id: int | None = None,
) -> Recorded:
    """Add marks that were found good to a lesson that is held."""
    before = {enrolment_id: woman.status for enrolment_id, woman in women.items()}
    if not new:
        return Recorded(before)
    aside = {mark for mark in new if _contradicts(mark, women[mark.enrolment_id].said, by)}
    ruling = [mark for mark in new if mark not in aside]
    _write(lesson, new, aside, by=by, at=at, reason=reason, channel=channel, batch_id=batch_id)
    if lesson.state is LessonState.PLANNED:
        lesson.state = LessonState.OPEN
    if lesson.state is LessonState.CLOSED:  # a late change moves the cohort's figures
        follow_closing(lesson.cohort_id, at=at)
        refresh_checks(lesson.id, at=at)
    _audit(lesson, before, ruling, aside, by=by, at=at, reason=reason)
    after = {mark.enrolment_id: mark.status for mark in ruling}
    return Recorded(before | after, frozenset(_last_words(new, among=aside)))


def take_back_rest(lesson_id: int, key: str, *, by: Actor, at: datetime) -> int:
    """Whom one "the rest" put down is 未点名 again, save those of whom somebody said something since; how many.

    Raises what `record_marks` raises.
    """
    hold_lesson(lesson_id)
    back = [
        NewMark(woman.enrolment_id, None, f"{key}.{woman.enrolment_id}.back") for woman in list_rest(lesson_id, key)
    ]
    record_marks(lesson_id, back, by=by, at=at)
    return len(back)


def _last_words(new: Sequence[NewMark], *, among: Collection[NewMark]) -> dict[int, NewMark]:
    """For each woman the last of the marks about her, where it is one of those."""
    last = {mark.enrolment_id: mark for mark in new}
    return {id_: mark for id_, mark in last.items() if mark in among}


def _contradicts(mark: NewMark, said: Said | None, by: Actor) -> bool:
    """Whether it says something else than another person's mark, or another device's, that its maker had not seen."""
    if mark.seen is None or said is None or said.mark_id <= mark.seen or said.status is mark.status:
        return False
    return (said.by, said.device) != (by.account_id, by.device)


def _audit(
    lesson: Lesson,
    before: Mapping[int, AttendanceStatus | None],
    ruling: Sequence[NewMark],
    aside: Collection[NewMark],
    *,
    by: Actor,
    at: datetime,
    reason: str,
) -> None:
    after = {str(mark.enrolment_id): mark.status for mark in ruling}
    contradicting = {str(mark.enrolment_id): mark.status for mark in aside}
    audit.record(
        "attendance.mark",
        "lesson",
        lesson.id,
        by=by,
        at=at,
        before={enrolment_id: before[int(enrolment_id)] for enrolment_id in after},
        after=after,
        **({"contradicting": contradicting} if contradicting else {}),
        **({"with_reason": True} if reason else {}),  # the words stand at the mark, where they can be erased
    )


def hold_lesson(lesson_id: int) -> Lesson:
    """The lesson, held until the act ends: marks and closings of one lesson come one after the other."""
    lesson = db.session.scalar(select(Lesson).where(Lesson.id == lesson_id).with_for_update(key_share=True))
    if lesson is None:
        raise NotFound()
    return lesson


def hold_lessons(lesson_ids: Collection[int]) -> list[Lesson]:
    """Several, by number, with the figures that closed ones change: for an act that marks more than one.

    The trail has one writer, from an act's first entry to its end. Whoever waited for a lesson after that would wait
    for somebody who waits for the trail.
    """
    held = [hold_lesson(lesson_id) for lesson_id in sorted(set(lesson_ids))]
    closed = {lesson.cohort_id for lesson in held if lesson.state is LessonState.CLOSED}
    if closed:
        hold_figures(*closed)
    return held


# Asked for at every tap: made once, over the tables.
ENROLMENT, PERSON = Enrolment.__table__.c, Person.__table__.c
ATTENDANCE, MARK = Attendance.__table__.c, Mark.__table__.c
_WOMEN = (
    select(
        *(ENROLMENT.id, PERSON.name, ENROLMENT.status, ENROLMENT.joined_on),
        *(ATTENDANCE.status, ATTENDANCE.mark_id, MARK.by, MARK.device),
    )
    .select_from(Enrolment.__table__)
    .join(Person.__table__, PERSON.id == ENROLMENT.person_id)
    .outerjoin(
        Attendance.__table__,
        and_(ATTENDANCE.enrolment_id == ENROLMENT.id, ATTENDANCE.lesson_id == bindparam("lesson")),
    )
    .outerjoin(Mark.__table__, MARK.id == ATTENDANCE.mark_id)
    .where(ENROLMENT.id.in_(bindparam("women", expanding=True)), ENROLMENT.cohort_id == bindparam("cohort"))
)
_RECORDED = select(MARK.nonce, MARK.lesson_id, MARK.enrolment_id, MARK.status).where(
    MARK.nonce.in_(bindparam("nonces", expanding=True))
)


def _women(lesson: Lesson, enrolment_ids: set[int]) -> dict[int, Woman]:
    db.session.flush()  # who came onto the roll in this very act is among them
    about = {"lesson": lesson.id, "cohort": lesson.cohort_id, "women": list(enrolment_ids)}
    rows = db.session.execute(_WOMEN, about)
    return {
        id_: Woman(name, status in ON_THE_ROLL, joined_on, Said(*said) if said[0] else None)
        for id_, name, status, joined_on, *said in rows
    }


@dataclass(frozen=True)
class Arrived:
    """Marks sorted: `new` can be written; `refused`, by nonce, cannot; `known` nonces were recorded before.

    Neither new nor refused nor known is one of "the rest" where somebody was faster.
    """

    women: Mapping[int, Woman]
    new: Sequence[NewMark]
    refused: Mapping[str, Refused]
    known: frozenset[str]


def sort_marks(lesson: Lesson, marks: Sequence[NewMark]) -> Arrived:
    """What can be done with marks about a lesson that is held; two statements. A nonce twice counts once."""
    women = _women(lesson, {mark.enrolment_id for mark in marks})
    by_nonce = {mark.nonce: mark for mark in marks}
    recorded = db.session.execute(_RECORDED, {"nonces": list(by_nonce)}).all()
    refused: dict[str, Refused] = {}
    for nonce, lesson_id, enrolment_id, status in recorded:
        mark = by_nonce.pop(nonce)
        if (lesson_id, enrolment_id, status) != (lesson.id, mark.enrolment_id, mark.status):
            refused[nonce] = Conflict()
    new = []
    for mark in by_nonce.values():
        woman = women.get(mark.enrolment_id)
        if mark.only_unmarked and woman and woman.said:
            continue
        if why := _why_not(woman, lesson):
            refused[mark.nonce] = why
        else:
            new.append(mark)
    return Arrived(women, new, refused, frozenset(row.nonce for row in recorded) - frozenset(refused))


def check_open_to_marks(lesson: Lesson, *, at: datetime, reason: str) -> None:
    if lesson.state is LessonState.CANCELLED:
        raise LessonCancelled()
    day = china_day(lesson.starts_at)
    if day > china_day(at):
        raise LessonNotBegun(day=day)
    if lesson.state is LessonState.CLOSED and not reason:
        raise LessonClosed()


def _why_not(woman: Woman | None, lesson: Lesson) -> Refused | None:
    if woman is None or not woman.on_the_roll:
        return NotOnTheRoll(name=woman.name if woman else "—")
    if woman.joined_on > china_day(lesson.starts_at):
        return JoinedLater(name=woman.name, day=woman.joined_on)
    return None


def _write(
    lesson: Lesson, new: Sequence[NewMark], aside: Collection[NewMark], *, by: Actor, at: datetime, **same: object
) -> None:
    """The facts, then what they come to: as many statements however many they are."""
    is_office = lesson.state is LessonState.CLOSED
    ids = _insert_marks(new, lesson_id=lesson.id, by=by, at=at, is_office=is_office, **same)
    last = {mark.enrolment_id: (mark.status, ids[mark.nonce]) for mark in new if mark not in aside}
    _resolve(lesson.id, {id_: said for id_, said in last.items() if said[0] is not None}, is_office=is_office)
    withdrawn = [id_ for id_, (status, _) in last.items() if status is None]
    if withdrawn:
        here = and_(Attendance.lesson_id == lesson.id, Attendance.enrolment_id.in_(withdrawn))
        db.session.execute(delete(Attendance).where(here))
    if standing := _last_words(new, among=aside):
        beside = update(Attendance.__table__).where(
            Attendance.lesson_id == lesson.id, Attendance.enrolment_id == bindparam("woman")
        )
        contradictions = [{"woman": id_, "conflict_mark_id": ids[mark.nonce]} for id_, mark in standing.items()]
        db.session.execute(beside.values(conflict_mark_id=bindparam("conflict_mark_id")), contradictions)


def _insert_marks(marks: Sequence[NewMark], *, by: Actor, **same: object) -> dict[str, int]:
    """Their ids by nonce."""
    rows = [
        {
            **{"enrolment_id": mark.enrolment_id, "status": mark.status, "nonce": mark.nonce, "said_at": mark.said_at},
            **{"by": by.account_id, "device": by.device, **same},
        }
        for mark in marks
    ]
    table = Mark.__table__  # as many parameters, not as values in the statement: so it is compiled once, not each time
    return dict(db.session.execute(insert(table).returning(table.c.nonce, table.c.id), rows).all())


def _resolve(lesson_id: int, said: Mapping[int, tuple[AttendanceStatus | None, int]], *, is_office: bool) -> None:
    """The last word rules; the roll's and the office's stay beside each other."""
    if not said:
        return
    whose = "office_status" if is_office else "marker_status"
    statement = dialect_insert()(Attendance.__table__)
    taken = {name: statement.excluded[name] for name in ("status", "mark_id", whose)} | {"conflict_mark_id": None}
    rows = [
        {"lesson_id": lesson_id, "enrolment_id": id_, "status": status, "mark_id": mark_id, whose: status}
        for id_, (status, mark_id) in said.items()
    ]
    db.session.execute(statement.on_conflict_do_update(index_elements=["lesson_id", "enrolment_id"], set_=taken), rows)
