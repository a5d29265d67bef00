"""A timetable as a whole: a lesson repeated, a timetable copied and taken back, lessons moved on together."""

import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.orm import aliased

from trainer.database import Base, db
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.attendance import LessonState
from trainer.domain.lesson_file import LessonFileKind
from trainer.domain.timetable import LessonDraft
from trainer.domain.timetable_plan import CopyOptions, Row, Shift, fingerprint
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.lesson import Lesson, LessonFile
from trainer.models.programme import Cohort
from trainer.queries.cohort import get_cohort
from trainer.queries.lesson import get_lesson, lesson_draft
from trainer.queries.message import people_on_the_roll
from trainer.queries.timetable import copied, list_batch, list_lessons_to_copy, plan_shift
from trainer.services import audit, lesson
from trainer.services.cohort import hold_cohort
from trainer.services.message import notify


class NothingToAdd(Refused):
    """No day was ticked."""

    code = "timetable_nothing_ticked"


class ShiftHindered(Refused):
    """All of them move, or none."""

    code = "timetable_shift_hindered"


class BatchInUse(Refused):
    """Somebody has worked with one of the lessons: what was recorded of it would lose its lesson."""

    code = "timetable_batch_in_use"


def repeat_lesson(pattern: Lesson, days: Collection[date], *, by: Actor, at: datetime) -> int:
    """More of the same on these days, all or none. Raises NothingToAdd, and what add_lessons raises."""
    draft = lesson_draft(pattern)
    made = _add(pattern.cohort, [draft.on(day) for day in sorted(days)], by=by, at=at)
    facts = {"lesson": pattern.id, "lessons": [one.id for one in made]}
    audit.record("timetable.repeat", "cohort", pattern.cohort_id, by=by, at=at, after=facts)
    return len(made)


def _add(cohort: Cohort, drafts: Sequence[LessonDraft], *, by: Actor, at: datetime) -> list[Lesson]:
    if not drafts:
        raise NothingToAdd()
    return lesson.add_lessons(cohort, drafts, batch=secrets.token_hex(8), by=by, at=at)


def copy_timetable(
    source: Cohort,
    target: Cohort,
    picks: Sequence[tuple[int, date]],
    options: CopyOptions,
    *,
    materials: bool,
    by: Actor,
    at: datetime,
) -> int:
    """Lessons of `source` on other days in `target`, all or none. Raises NothingToAdd, and what add_lessons raises."""
    patterns = {one.id: one for one in list_lessons_to_copy(source.id)}
    if any(lesson_id not in patterns for lesson_id, _day in picks):
        raise Conflict()  # cancelled, or taken back, since the plan was looked at
    drafts = [copied(patterns[lesson_id], day, source, target, options) for lesson_id, day in picks]
    made = _add(target, drafts, by=by, at=at)
    pairs = {lesson_id: new.id for (lesson_id, _day), new in zip(picks, made, strict=True)}
    files = _copy_materials(pairs, by=by, at=at) if materials else 0
    facts = {"cohort": source.id, "files": files, "lessons": [one.id for one in made]}
    audit.record("timetable.copy", "cohort", target.id, by=by, at=at, after=facts)
    return len(made)


def _copy_materials(pairs: dict[int, int], *, by: Actor, at: datetime) -> int:
    """The same files, spoken of by the new lessons too."""
    held = db.session.scalars(
        select(LessonFile)
        .where(
            LessonFile.lesson_id.in_(pairs),
            LessonFile.kind == LessonFileKind.MATERIAL,
            LessonFile.removed_at.is_(None),
        )
        .order_by(LessonFile.id)
    ).all()
    for one in held:
        facts = {"kind": one.kind, "title": one.title, "file_id": one.file_id, "link": one.link}
        db.session.add(LessonFile(lesson_id=pairs[one.lesson_id], added_at=at, added_by=by.account_id, **facts))
    return len(held)


def take_back(cohort_id: int, batch: str, *, by: Actor, at: datetime) -> int:
    """All that one act of copying or repeating made goes again. Raises NotFound, BatchInUse."""
    hold_cohort(cohort_id)
    made = list_batch(cohort_id, batch)
    if not made:
        raise NotFound()
    ids = [one.id for one in made]
    db.session.execute(select(Lesson.id).where(Lesson.id.in_(ids)).order_by(Lesson.id).with_for_update())
    if any(one.state is not LessonState.PLANNED for one in made) or db.session.scalar(select(_in_use(ids))):
        raise BatchInUse()
    db.session.execute(delete(LessonFile).where(LessonFile.lesson_id.in_(ids)))
    for one in made:
        audit.record("lesson.take_back", "lesson", one.id, by=by, at=at, before=lesson.facts_of(one))
        db.session.delete(one)
    audit.record("timetable.take_back", "cohort", cohort_id, by=by, at=at, before={"lessons": ids})
    return len(ids)


def _in_use(lesson_ids: list[int]) -> ColumnElement[bool]:
    """Whether any table speaks of one of the lessons, or a file was put to them that stands nowhere else."""
    speaking = [
        exists().where(key.parent.in_(lesson_ids))
        for table in Base.metadata.sorted_tables
        if table is not LessonFile.__table__
        for key in table.foreign_keys
        if key.column is Lesson.__table__.c.id
    ]
    elsewhere = aliased(LessonFile)
    shared = exists().where(elsewhere.file_id == LessonFile.file_id, elsewhere.lesson_id.not_in(lesson_ids))
    own_file = exists().where(LessonFile.lesson_id.in_(lesson_ids), LessonFile.file_id.is_not(None), ~shared)
    return or_(own_file, *speaking)


def shift_lessons(first: Lesson, shift: Shift, *, seen: str, by: Actor, at: datetime) -> int:
    """From `first` on, as it was looked at: `seen` is the fingerprint of the plan.

    The women and each instructor are told once. Raises NotFound, LessonNotPlanned, Conflict, ShiftHindered, and what
    add_lessons raises.
    """
    hold_cohort(first.cohort_id)
    first = db.session.get(Lesson, first.id, populate_existing=True)  # as it is now that nobody else plans
    if first is None:
        raise NotFound()
    lesson.require_planned(first)
    rows, _holidays = plan_shift(first, shift)
    if fingerprint(rows) != seen:
        raise Conflict()
    if not all(row.is_possible for row in rows):
        raise ShiftHindered()
    drafts = [row.draft for row in rows]
    moving = {row.source for row in rows}
    lesson.require_room(lesson.hold_for(first.cohort_id, drafts), drafts, besides=moving)
    # Before the first entry in the trail: whoever marks one of them waits for that (see roll.hold_lessons).
    held = select(Lesson.id).where(Lesson.id.in_(moving)).order_by(Lesson.id)
    db.session.execute(held.with_for_update(key_share=True))
    moved = [_move(row, by=by, at=at) for row in rows]
    facts = {"days": shift.days, "lessons": [one.id for one in moved]}
    audit.record("timetable.shift", "cohort", first.cohort_id, by=by, at=at, after=facts)
    _tell(moved, at=at)
    return len(moved)


def _move(row: Row, *, by: Actor, at: datetime) -> Lesson:
    moving = get_lesson(row.source)
    before = lesson.facts_of(moving)
    lesson.describe(moving, row.draft)
    audit.record("lesson.update", "lesson", moving.id, by=by, at=at, before=before, after=lesson.facts_of(moving))
    return moving


def _tell(moved: Sequence[Lesson], *, at: datetime) -> None:
    """One notice for all that lies ahead: the women on the roll, and whoever gives one of the lessons."""
    ahead = sorted((one for one in moved if one.starts_at > at), key=lambda one: one.starts_at)
    if not ahead:
        return
    cohort = get_cohort(ahead[0].cohort_id)
    said = {"cohort": cohort.name, "count": len(ahead), "title": ahead[0].title, "when": ahead[0].starts_at}
    link = f"/cohorts/{cohort.id}"
    notify("lessons_shifted", to_people=people_on_the_roll(cohort.id), link="/me/lessons", by=SYSTEM, at=at, **said)
    notify("lessons_shifted", to_accounts=[one.instructor_id for one in ahead], link=link, by=SYSTEM, at=at, **said)
