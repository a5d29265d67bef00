"""A cohort's timetable as a whole: what stands in the way of a plan, plans themselves, what one act made."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.attendance import LessonState
from trainer.domain.holiday import Holidays, rest_on
from trainer.domain.timetable import LessonDraft
from trainer.domain.timetable_plan import (
    CopyOptions,
    Rhythm,
    Row,
    Shift,
    Standing,
    days_in_rhythm,
    days_moved,
    held_on_weekends,
    hindrances,
    to_next_half_days,
)
from trainer.models.account import Account
from trainer.models.attendance_request import AttendanceRequest
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort
from trainer.permissions import Permission
from trainer.queries.attendance_request import leave_granted_for
from trainer.queries.cohort import LessonRow, visible_cohorts
from trainer.queries.holiday import get_holidays
from trainer.queries.lesson import lesson_draft

# As many cohorts as a list to choose from offers, the newest first.
MOST_COHORTS = 200


@dataclass(frozen=True)
class Batch:
    """What one act of copying or repeating made, while no roll of it was begun."""

    key: str
    lessons: int
    first: datetime
    last: datetime


def list_standing(
    cohort_id: int, drafts: Collection[LessonDraft], *, besides: Collection[int] = frozenset()
) -> list[Standing]:
    """The lessons that can be in the way of `drafts`: the cohort's, and those of their instructors anywhere."""
    if not drafts:
        return []
    first, last = min(draft.starts_at for draft in drafts), max(draft.ends_at for draft in drafts)
    teaching = sorted({draft.instructor_id for draft in drafts if draft.instructor_id})
    rows = db.session.execute(
        select(
            *(Lesson.id, Lesson.cohort_id, Lesson.title, Lesson.starts_at, Lesson.ends_at, Lesson.instructor_id),
            func.coalesce(Account.name, ""),
        )
        .outerjoin(Account, Account.id == Lesson.instructor_id)
        .where(
            or_(Lesson.cohort_id == cohort_id, Lesson.instructor_id.in_(teaching)),
            Lesson.starts_at < last,
            Lesson.ends_at > first,
            Lesson.state != LessonState.CANCELLED,
        )
        .order_by(Lesson.starts_at, Lesson.id)
    )
    return [Standing(*row) for row in rows if row[0] not in besides]


def count_leaves(lesson_ids: Collection[int]) -> dict[int, int]:
    """Women who have leave for a lesson at the time it has now, by lesson; moved, it holds no more."""
    rows = db.session.execute(
        select(AttendanceRequest.lesson_id, func.count())
        .join(Lesson, Lesson.id == AttendanceRequest.lesson_id)
        .where(
            AttendanceRequest.lesson_id.in_(sorted(lesson_ids)),
            leave_granted_for(Lesson.starts_at),
        )
        .group_by(AttendanceRequest.lesson_id)
    )
    return dict(tuple(row) for row in rows)


def list_planned(cohort_id: int, *, since: datetime) -> Sequence[Lesson]:
    """The lessons from `since` on whose roll nobody has begun, in order of time."""
    return db.session.scalars(
        select(Lesson)
        .where(Lesson.cohort_id == cohort_id, Lesson.state == LessonState.PLANNED, Lesson.starts_at >= since)
        .order_by(Lesson.starts_at, Lesson.id)
    ).all()


def list_lessons_to_copy(cohort_id: int) -> Sequence[Lesson]:
    """All that are not cancelled, in order of time."""
    return db.session.scalars(
        select(Lesson)
        .where(Lesson.cohort_id == cohort_id, Lesson.state != LessonState.CANCELLED)
        .order_by(Lesson.starts_at, Lesson.id)
    ).all()


def plan_repeat(lesson: Lesson, rhythm: Rhythm) -> tuple[list[Row], Holidays]:
    """A row for each day that follows from `rhythm`, with what stands in its way."""
    draft = lesson_draft(lesson)
    holidays = get_holidays([draft.day, draft.day + timedelta(days=800)])
    days = days_in_rhythm(draft.day, rhythm, holidays)
    drafts = [(lesson, draft.on(day)) for day in days]
    return _rows(lesson.cohort, drafts, holidays, weekends_too=rhythm.weekends_too(draft.day)), holidays


def copied(lesson: Lesson, day: date, source: Cohort, target: Cohort, options: CopyOptions) -> LessonDraft:
    """The lesson as it stands in the other cohort; where it was at the cohort's place, it is at the other's."""
    draft = lesson_draft(lesson).on(day)
    if draft.place == source.place:
        draft = replace(draft, place=target.place)
    if not options.instructors:
        draft = replace(draft, instructor_id=None, instructor_name="")
    return draft if options.links else replace(draft, link="")


def plan_copy(source: Cohort, target: Cohort, options: CopyOptions) -> tuple[list[Row], Holidays]:
    """A row for each lesson of `source` as it would stand in `target`."""
    lessons = list_lessons_to_copy(source.id)
    if not lessons:
        return [], {}
    days = [lesson_draft(lesson).day for lesson in lessons]
    by = options.begins - days[0]
    holidays = get_holidays([options.begins, days[-1] + by + timedelta(days=60)])
    moved = days_moved(days, by, holidays, past_rest=options.past_rest)
    drafts = [
        (lesson, copied(lesson, moved[day], source, target, options)) for lesson, day in zip(lessons, days, strict=True)
    ]
    return _rows(target, drafts, holidays, weekends_too=not held_on_weekends(days)), holidays


def plan_shift(lesson: Lesson, shift: Shift) -> tuple[list[Row], Holidays]:
    """A row for each lesson that moves, with how many women have leave for the time it has now."""
    planned = {one.id: one for one in list_planned(lesson.cohort_id, since=lesson.starts_at)}
    drafts = {lesson_id: lesson_draft(one) for lesson_id, one in planned.items()}
    days = [draft.day for draft in drafts.values()]
    holidays = get_holidays([*days, days[-1] + timedelta(days=shift.days + 60)])
    if shift.days:
        moved = days_moved(days, timedelta(days=shift.days), holidays, past_rest=shift.past_rest)
        after = {lesson_id: draft.on(moved[draft.day]) for lesson_id, draft in drafts.items()}
    else:
        fixed = list_standing(lesson.cohort_id, drafts.values(), besides=drafts)
        own = [one for one in fixed if one.cohort_id == lesson.cohort_id]
        after = to_next_half_days(drafts, lesson.id, own, holidays)
    rows = _rows(
        lesson.cohort,
        [(planned[lesson_id], draft) for lesson_id, draft in after.items()],
        holidays,
        weekends_too=not held_on_weekends(days),
        besides=frozenset(after),
    )
    leaves = count_leaves(after)
    return [replace(row, leaves=leaves.get(row.source, 0)) for row in rows], holidays


def _rows(
    cohort: Cohort,
    drafts: Sequence[tuple[Lesson, LessonDraft]],
    holidays: Holidays,
    *,
    weekends_too: bool,
    besides: Collection[int] = frozenset(),
) -> list[Row]:
    standing = list_standing(cohort.id, [draft for _lesson, draft in drafts], besides=besides)
    return [
        Row(
            lesson.id,
            draft,
            lesson.starts_at,
            rest_on(draft.day, holidays, weekends_too=weekends_too),
            hindrances(draft, cohort.id, cohort.starts_on, cohort.ends_on, standing),
        )
        for lesson, draft in drafts
    ]


def cohorts_to_copy(actor: Actor) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """Names by id, the newest first: cohorts with lessons that she sees, and those whose timetable she keeps."""
    has_lessons = select(Lesson.id).where(Lesson.cohort_id == Cohort.id).exists()
    return _names(visible_cohorts(actor), has_lessons), _names(visible_cohorts(actor, Permission.MANAGE_COHORT))


def _names(*which) -> dict[int, str]:
    statement = select(Cohort.id, Cohort.name).where(*which).order_by(Cohort.starts_on.desc(), Cohort.id.desc())
    return dict(tuple(row) for row in db.session.execute(statement.limit(MOST_COHORTS)))


def batches_in(lessons: Iterable[LessonRow]) -> list[Batch]:
    """What was copied or repeated into a cohort and can still be taken back as a whole, from its lessons in time."""
    made: dict[str, list[LessonRow]] = {}
    for one in lessons:
        if one.batch:
            made.setdefault(one.batch, []).append(one)
    return [
        Batch(key, len(rows), rows[0].starts_at, rows[-1].starts_at)
        for key, rows in made.items()
        if all(row.state is LessonState.PLANNED for row in rows)
    ]


def list_batch(cohort_id: int, key: str) -> Sequence[Lesson]:
    return db.session.scalars(
        select(Lesson)
        .where(Lesson.cohort_id == cohort_id, Lesson.batch == key)
        .options(joinedload(Lesson.cohort))
        .order_by(Lesson.starts_at, Lesson.id)
    ).all()
