"""Lessons: adding them to a cohort's timetable, moving and cancelling them while they are planned."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.attendance import LessonState
from trainer.domain.timetable import LessonDraft
from trainer.errors import Conflict, Refused
from trainer.models.account import Account
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort
from trainer.queries.lesson import find_lesson_of_instructor, find_overlapping_lesson
from trainer.queries.message import people_on_the_roll
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


class LessonNotPlanned(Refused):
    """The roll was begun, or it is closed or cancelled: what was recorded would no longer be true."""

    code = "lesson_not_planned"


def add_lessons(cohort: Cohort, drafts: Iterable[LessonDraft], *, by: Actor, at: datetime) -> list[Lesson]:
    """All of them, or none. Raises LessonOutsideCohort, LessonEndsBeforeStart, LessonsOverlap, InstructorBusy."""
    drafts = list(drafts)
    cohort = _hold(cohort.id, drafts)
    return [_add(cohort, draft, by=by, at=at) for draft in drafts]


def _hold(cohort_id: int, drafts: Sequence[LessonDraft]) -> Cohort:
    """The class and its instructors, until the act ends: each can be in one lesson at a time, whoever else plans."""
    cohort = hold_cohort(cohort_id)
    teaching = {draft.instructor_id for draft in drafts if draft.instructor_id}
    if teaching:
        accounts = select(Account.id).where(Account.id.in_(teaching)).order_by(Account.id)
        db.session.execute(accounts.with_for_update(key_share=True))
    return cohort


def _add(cohort: Cohort, draft: LessonDraft, *, by: Actor, at: datetime) -> Lesson:
    _check(cohort, draft, None)
    lesson = Lesson(cohort_id=cohort.id, state=LessonState.PLANNED)
    _describe(lesson, draft)
    db.session.add(lesson)
    db.session.flush()
    audit.record("lesson.create", "lesson", lesson.id, by=by, at=at, after=_facts(lesson))
    return lesson


def update_lesson(lesson: Lesson, draft: LessonDraft, *, seen: int, by: Actor, at: datetime) -> None:
    """`seen`: the version the person had before her. Raises Conflict, LessonNotPlanned, and what add_lessons raises."""
    require_planned(lesson)
    if lesson.version != seen:
        raise Conflict()
    _check(_hold(lesson.cohort_id, [draft]), draft, lesson.id)
    before = _facts(lesson)
    _describe(lesson, draft)
    after = _facts(lesson)
    audit.record("lesson.update", "lesson", lesson.id, by=by, at=at, before=before, after=after)
    if lesson.starts_at > at and any(before[fact] != after[fact] for fact in ("starts_at", "ends_at", "place")):
        _tell("lesson_moved", lesson, at=at, when=lesson.starts_at, place=lesson.place)


def cancel_lesson(lesson: Lesson, reason: str, *, by: Actor, at: datetime) -> None:
    """It stays in the timetable with its reason and counts for nobody. Raises LessonNotPlanned."""
    require_planned(lesson)
    lesson.state, lesson.cancel_reason = LessonState.CANCELLED, reason
    audit.record("lesson.cancel", "lesson", lesson.id, by=by, at=at, reason=reason)
    if lesson.ends_at > at:
        _tell("lesson_cancelled", lesson, at=at, when=lesson.starts_at, reason=reason)


def _tell(code: str, lesson: Lesson, *, at: datetime, **values: object) -> None:
    """The women on the roll, and whoever gives the lesson."""
    said = {"title": lesson.title, **values}
    notify(code, to_people=people_on_the_roll(lesson.cohort_id), link="/me/lessons", by=SYSTEM, at=at, **said)
    notify(code, to_accounts=[lesson.instructor_id], link=f"/cohorts/{lesson.cohort_id}", by=SYSTEM, at=at, **said)


def require_planned(lesson: Lesson) -> None:
    """Raises LessonNotPlanned."""
    if lesson.state is not LessonState.PLANNED:
        raise LessonNotPlanned(title=lesson.title, state=lesson.state)


def _check(cohort: Cohort, draft: LessonDraft, lesson_id: int | None) -> None:
    if not cohort.starts_on <= draft.day <= cohort.ends_on:
        raise LessonOutsideCohort(day=draft.day, first=cohort.starts_on, last=cohort.ends_on)
    if draft.ends_at <= draft.starts_at:
        raise LessonEndsBeforeStart(title=draft.title)
    other = find_overlapping_lesson(cohort.id, draft.starts_at, draft.ends_at, besides=lesson_id)
    if other:
        raise LessonsOverlap(title=draft.title, day=draft.day, other=other)
    if draft.instructor_id:
        name = find_lesson_of_instructor(draft.instructor_id, draft.starts_at, draft.ends_at, besides=lesson_id)
        if name:
            raise InstructorBusy(name=name, day=draft.day, begins=f"{draft.begins:%H:%M}", ends=f"{draft.ends:%H:%M}")


def _describe(lesson: Lesson, draft: LessonDraft) -> None:
    lesson.title, lesson.kind, lesson.place = draft.title, draft.kind, draft.place
    lesson.starts_at, lesson.ends_at, lesson.credit_minutes = draft.starts_at, draft.ends_at, draft.credit_minutes
    lesson.instructor_id = draft.instructor_id
    lesson.instructor_name = "" if draft.instructor_id else draft.instructor_name


def _facts(lesson: Lesson) -> dict[str, object]:
    return {
        "title": lesson.title,
        "kind": lesson.kind,
        "starts_at": lesson.starts_at,
        "ends_at": lesson.ends_at,
        "credit_minutes": lesson.credit_minutes,
        "place": lesson.place,
        "instructor": lesson.instructor_id or lesson.instructor_name,
    }
