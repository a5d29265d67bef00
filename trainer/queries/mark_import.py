"""Files of marks taken in for a cohort: what they are held against, the batches, their rows as staff see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.imports import BatchState, ImportKind, RowAction
from trainer.domain.mark_import_plan import PlannedMark, from_content
from trainer.domain.mark_match import Known, LessonAt, Standing, Woman
from trainer.models.attendance import Attendance, Mark
from trainer.models.enrolment import Enrolment
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.lesson import Lesson
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.queries.import_batch import BatchHead, batch_heads
from trainer.queries.scoping import Page, fetch_page

# After undoing: those whom somebody marked since.
LEFT = "left"
KINDS = (
    *(RowAction.NEEDS_PERSON, RowAction.CONFLICT, RowAction.REJECTED, RowAction.DUPLICATE),
    *(RowAction.UPDATE, RowAction.NEW, RowAction.SAME),
)


def get_known(cohort_id: int, lesson_id: int | None, names: set[str]) -> Known:
    """What rows with these names are held against: the roll, the lessons, what is marked; four statements."""
    women = [
        Woman(id_, seat, name, phone or "", joined_on, status in ON_THE_ROLL)
        for id_, seat, name, phone, joined_on, status in db.session.execute(
            select(
                *(Enrolment.id, Enrolment.seat_number, Person.name, Person.phone, Enrolment.joined_on),
                Enrolment.status,
            )
            .join(Person, Person.id == Enrolment.person_id)
            .where(Enrolment.cohort_id == cohort_id)
            .order_by(Enrolment.seat_number.is_(None), Enrolment.seat_number, Enrolment.id)
        )
    ]
    lessons = list_lessons(cohort_id, lesson_id)
    unknown = names - {woman.name for woman in women}
    return Known(women, lessons, _standings({lesson.id for lesson in lessons}), _elsewhere(cohort_id, unknown))


def list_lessons(cohort_id: int, lesson_id: int | None = None) -> list[LessonAt]:
    """One lesson, or all of a cohort, in order of time."""
    which = Lesson.cohort_id == cohort_id if lesson_id is None else Lesson.id == lesson_id
    columns = (Lesson.id, Lesson.title, Lesson.starts_at, Lesson.ends_at, Lesson.state)
    return [LessonAt(*row) for row in db.session.execute(select(*columns).where(which).order_by(Lesson.starts_at))]


def _standings(lessons: set[int]) -> dict[tuple[int, int], Standing]:
    rows = db.session.execute(
        select(Attendance.lesson_id, Attendance.enrolment_id, Attendance.status, Mark.id, Mark.channel)
        .join(Mark, Mark.id == Attendance.mark_id)
        .where(Attendance.lesson_id.in_(lessons))
    )
    return {(lesson_id, enrolment_id): Standing(*said) for lesson_id, enrolment_id, *said in rows}


def _elsewhere(cohort_id: int, names: set[str]) -> frozenset[str]:
    """Which of the names other cohorts of the same programme have on their rolls."""
    if not names:
        return frozenset()
    programme = select(Cohort.programme_id).where(Cohort.id == cohort_id).scalar_subquery()
    rows = db.session.scalars(
        select(Person.name)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.programme_id == programme, Cohort.id != cohort_id, Person.name.in_(names))
    )
    return frozenset(rows)


def get_mark_batch(batch_id: int) -> BatchHead | None:
    row = db.session.execute(batch_heads(ImportKind.MARKS).where(ImportBatch.id == batch_id)).one_or_none()
    return BatchHead(*row) if row else None


def list_mark_batches(cohort_id: int, lesson_id: int | None = None, *, most: int = 20) -> list[BatchHead]:
    """The newest first; those of one lesson, or all of the cohort."""
    statement = batch_heads(ImportKind.MARKS).where(ImportBatch.cohort_id == cohort_id)
    if lesson_id is not None:
        statement = statement.where(ImportBatch.summary["lesson_id"].as_integer() == lesson_id)
    return [BatchHead(*row) for row in db.session.execute(statement.limit(most))]


@dataclass(frozen=True)
class MarkLineOfFile:
    """A row of the file as staff see it; `left` is the code why undoing stopped here."""

    planned: PlannedMark
    woman: Woman | None
    lesson: LessonAt | None
    candidates: tuple[Woman, ...]
    left: str | None

    @property
    def tail(self) -> str:
        return self.planned.row.digits[-4:]


def first_mark_lines(batch: BatchHead, *, most: int = 5) -> dict[RowAction, list[MarkLineOfFile]]:
    """The first rows of each kind, in the order in which staff should look at them."""
    place = func.row_number().over(partition_by=ImportRow.action, order_by=ImportRow.row_number)
    ranked = select(ImportRow.id, place.label("place")).where(ImportRow.batch_id == batch.id).subquery()
    rows = db.session.execute(
        select(ImportRow.action, ImportRow.content, ImportRow.problems)
        .join(ranked, ranked.c.id == ImportRow.id)
        .where(ranked.c.place <= most)
        .order_by(ImportRow.row_number)
    ).all()
    lines = _lines(batch, rows)
    found = {kind: [line for line in lines if line.planned.action is kind] for kind in KINDS}
    return {kind: of_kind for kind, of_kind in found.items() if of_kind}


def mark_lines_page(batch: BatchHead, kind: str, *, page: int = 1, per_page: int = 20) -> Page[MarkLineOfFile]:
    """Rows of one action, or LEFT."""
    statement = select(ImportRow.action, ImportRow.content, ImportRow.problems).where(ImportRow.batch_id == batch.id)
    stayed = (func.json_array_length(ImportRow.problems) > 0) & ImportRow.before.is_not(None)
    statement = statement.where(stayed if kind == LEFT else ImportRow.action == RowAction(kind))
    found = fetch_page(statement.order_by(ImportRow.row_number), tuple, page=page, per_page=per_page)
    return Page(_lines(batch, found.items), found.total, found.page, found.per_page)


def list_unfit_marks(batch_id: int) -> list[PlannedMark]:
    """What was not taken in and may be mended; whoever watched too little is no mistake of the file."""
    rows = db.session.execute(
        select(ImportRow.action, ImportRow.content)
        .where(ImportRow.batch_id == batch_id, ImportRow.action.in_([RowAction.REJECTED, RowAction.NEEDS_PERSON]))
        .order_by(ImportRow.row_number)
    )
    lines = (from_content(*row) for row in rows)
    return [line for line in lines if line.reason != "mark_watched_short"]


def _lines(batch: BatchHead, rows: Iterable[tuple]) -> list[MarkLineOfFile]:
    """Two further statements whatever the number of rows: the women, and the lessons."""
    planned = [(from_content(action, content), problems) for action, content, problems in rows]
    women = _women({id_ for line, _ in planned for id_ in (*line.might_be, line.enrolment_id) if id_})
    lessons = {lesson.id: lesson for lesson in list_lessons(batch.cohort_id, batch.summary["lesson_id"])}
    return [
        MarkLineOfFile(
            line,
            women.get(line.enrolment_id),
            lessons.get(line.lesson_id),
            tuple(women[id_] for id_ in line.might_be if id_ in women),
            problems[0][1] if problems and batch.state is BatchState.UNDONE and line.counts else None,
        )
        for line, problems in planned
    ]


def _women(enrolments: set[int]) -> Mapping[int, Woman]:
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.seat_number, Person.name, Person.phone, Enrolment.joined_on)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.id.in_(enrolments))
    )
    return {id_: Woman(id_, seat, name, phone or "", joined_on) for id_, seat, name, phone, joined_on in rows}


def list_for_template(lesson_id: int, cohort_id: int) -> list[tuple[int, str, str]]:
    """Seat, name and the last four digits of everybody whom the lesson is for, by seat."""
    lesson = list_lessons(cohort_id, lesson_id)[0]
    rows = db.session.execute(
        select(Enrolment.seat_number, Person.name, Person.phone)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.cohort_id == cohort_id,
            Enrolment.status.in_(ON_THE_ROLL),
            Enrolment.joined_on <= lesson.day,
        )
        .order_by(Enrolment.seat_number)
    )
    return [(seat, name, (phone or "")[-4:]) for seat, name, phone in rows]
