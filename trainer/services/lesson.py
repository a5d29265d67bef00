"""Lessons: adding them to a cohort's timetable; moving, cancelling and restoring them while they are planned."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.attendance import LessonState
from trainer.domain.timetable import LessonDraft
from trainer.domain.timetable_plan import Hindrance, Standing, hindrances
from trainer.errors import Conflict, Refused
from trainer.models.account import Account
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort
from trainer.queries.lesson import lesson_draft
from trainer.queries.message import people_on_the_roll
from trainer.queries.timetable import list_standing
from trainer.services import audit
from trainer.services.cohort import hold_cohort
from trainer.services.message import notify


class LessonOutsideCohort(Refused):
    code = "lesson_outside_cohort"


class LessonEndsBeforeStart(Refused):
    code = "lesson_ends_before_start"


class LessonsOverlap(Refused):
    """One class cannot sit in two lessons."""

    code = "lessons_overlap"


class InstructorBusy(Refused):
    code = "instructor_busy"


class LessonNotCancelled(Refused):
    code = "lesson_not_cancelled"


class LessonNotPlanned(Refused):
    """The roll was begun, or it is closed or cancelled: what was recorded would no longer be true."""

    code = "lesson_not_planned"


def add_lessons(
    cohort: Cohort, drafts: Iterable[LessonDraft], *, batch: str = "", by: Actor, at: datetime
) -> list[Lesson]:
    """All of them, or none. `batch`: by what they can be taken back together.

    Raises LessonOutsideCohort, LessonEndsBeforeStart, LessonsOverlap, InstructorBusy.
    """
    drafts = list(drafts)
    cohort = hold_for(cohort.id, drafts)
    require_room(cohort, drafts)
    return [_add(cohort, draft, batch, by=by, at=at) for draft in drafts]


def hold_for(cohort_id: int, drafts: Sequence[LessonDraft]) -> Cohort:
    """The class and its instructors, until the act ends: each can be in one lesson at a time, whoever else plans."""
    cohort = hold_cohort(cohort_id)
    teaching = {draft.instructor_id for draft in drafts if draft.instructor_id}
    if teaching:
        accounts = select(Account.id).where(Account.id.in_(teaching)).order_by(Account.id)
        db.session.execute(accounts.with_for_update(key_share=True))
    return cohort


def _add(cohort: Cohort, draft: LessonDraft, batch: str, *, by: Actor, at: datetime) -> Lesson:
    lesson = Lesson(cohort_id=cohort.id, state=LessonState.PLANNED, batch=batch)
    describe(lesson, draft)
    db.session.add(lesson)
    db.session.flush()
    audit.record("lesson.create", "lesson", lesson.id, by=by, at=at, after=facts_of(lesson))
    return lesson


def update_lesson(lesson: Lesson, draft: LessonDraft, *, seen: int, by: Actor, at: datetime) -> None:
    """`seen`: the version the person had before her. Raises Conflict, LessonNotPlanned, and what add_lessons raises."""
    require_planned(lesson)
    if lesson.version != seen:
        raise Conflict()
    require_room(hold_for(lesson.cohort_id, [draft]), [draft], besides={lesson.id})
    before = facts_of(lesson)
    describe(lesson, draft)
    after = facts_of(lesson)
    audit.record("lesson.update", "lesson", lesson.id, by=by, at=at, before=before, after=after)
    if lesson.starts_at > at and any(before[fact] != after[fact] for fact in ("starts_at", "ends_at", "place", "link")):
        _tell("lesson_moved", lesson, at=at, when=lesson.starts_at, place=lesson.place)


def cancel_lesson(lesson: Lesson, reason: str, *, by: Actor, at: datetime) -> None:
    """It stays in the timetable with its reason and counts for nobody. Raises LessonNotPlanned."""
    require_planned(lesson)
    lesson.state, lesson.cancel_reason = LessonState.CANCELLED, reason
    audit.record("lesson.cancel", "lesson", lesson.id, by=by, at=at, reason=reason)
    if lesson.ends_at > at:
        _tell("lesson_cancelled", lesson, at=at, when=lesson.starts_at, reason=reason)


def restore_lesson(lesson: Lesson, *, by: Actor, at: datetime) -> None:
    """The way back from cancelling. Raises LessonNotCancelled, and what add_lessons raises: its time may be taken."""
    if lesson.state is not LessonState.CANCELLED:
        raise LessonNotCancelled(title=lesson.title)
    draft = lesson_draft(lesson)
    require_room(hold_for(lesson.cohort_id, [draft]), [draft], besides={lesson.id})
    lesson.state, lesson.cancel_reason = LessonState.PLANNED, ""
    audit.record("lesson.restore", "lesson", lesson.id, by=by, at=at)
    if lesson.ends_at > at:
        _tell("lesson_restored", lesson, at=at, when=lesson.starts_at, place=lesson.place)


def _tell(code: str, lesson: Lesson, *, at: datetime, **values: object) -> None:
    """The women on the roll, and whoever gives the lesson."""
    said = {"title": lesson.title, **values}
    notify(code, to_people=people_on_the_roll(lesson.cohort_id), link="/me/lessons", by=SYSTEM, at=at, **said)
    notify(code, to_accounts=[lesson.instructor_id], link=f"/cohorts/{lesson.cohort_id}", by=SYSTEM, at=at, **said)


def require_planned(lesson: Lesson) -> None:
    """Raises LessonNotPlanned."""
    if lesson.state is not LessonState.PLANNED:
        raise LessonNotPlanned(title=lesson.title, state=lesson.state)


def require_room(cohort: Cohort, drafts: Sequence[LessonDraft], *, besides: Collection[int] = frozenset()) -> None:
    """Each of `drafts` beside what stands and beside the others; `besides` are those that are replaced by them."""
    standing = list_standing(cohort.id, drafts, besides=besides)
    for draft in drafts:
        if draft.ends_at <= draft.starts_at:
            raise LessonEndsBeforeStart(title=draft.title)
        for found in hindrances(draft, cohort.id, cohort.starts_on, cohort.ends_on, standing):
            if found.kind is Hindrance.OUTSIDE:
                raise LessonOutsideCohort(day=draft.day, first=cohort.starts_on, last=cohort.ends_on)
            if found.kind is Hindrance.TAKEN:
                raise LessonsOverlap(title=draft.title, day=draft.day, other=found.what)
            hours = {"begins": f"{draft.begins:%H:%M}", "ends": f"{draft.ends:%H:%M}"}
            raise InstructorBusy(name=found.what, day=draft.day, **hours)
        standing.append(Standing(0, cohort.id, draft.title, draft.starts_at, draft.ends_at))


def describe(lesson: Lesson, draft: LessonDraft) -> None:
    lesson.title, lesson.kind, lesson.place, lesson.link = draft.title, draft.kind, draft.place, draft.link
    lesson.starts_at, lesson.ends_at, lesson.credit_minutes = draft.starts_at, draft.ends_at, draft.credit_minutes
    lesson.instructor_id = draft.instructor_id
    lesson.instructor_name = "" if draft.instructor_id else draft.instructor_name


def facts_of(lesson: Lesson) -> dict[str, object]:
    return {
        "title": lesson.title,
        "kind": lesson.kind,
        "starts_at": lesson.starts_at,
        "ends_at": lesson.ends_at,
        "credit_minutes": lesson.credit_minutes,
        "place": lesson.place,
        "link": lesson.link,
        "instructor": lesson.instructor_id or lesson.instructor_name,
    }
