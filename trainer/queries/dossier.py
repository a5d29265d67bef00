"""What a cohort's dossier is made of beyond its lists: every mark, the pictures, and how much there is of each part."""

from dataclasses import dataclass

from sqlalchemy import func, literal, select, union_all

from trainer.database import db
from trainer.domain.dossier import MarkLine, Picture
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.lesson_file import LessonFileKind
from trainer.domain.paper_sheet import SheetState
from trainer.models.account import Account
from trainer.models.attendance import Attendance, Mark
from trainer.models.certificate import Certificate
from trainer.models.enrolment import Enrolment
from trainer.models.feedback import FeedbackAnswer
from trainer.models.file import StoredFile
from trainer.models.lesson import Lesson, LessonFile
from trainer.models.paper_sheet import PaperSheet
from trainer.models.person import Person
from trainer.models.programme import Partner


def list_every_mark(cohort_id: int) -> list[MarkLine]:
    """In order of the lessons, then of the seats, then as they were said: those that a later one superseded too."""
    rows = db.session.execute(
        select(
            *(Lesson.starts_at, Lesson.title, Enrolment.seat_number, Person.name, Mark.status, Mark.channel, Mark.at),
            *(Mark.said_at, Account.name, Mark.is_office, Attendance.mark_id.is_not(None), Mark.reason),
        )
        .join(Lesson, Lesson.id == Mark.lesson_id)
        .join(Enrolment, Enrolment.id == Mark.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Account, Account.id == Mark.by)
        .outerjoin(Attendance, Attendance.mark_id == Mark.id)
        .where(Lesson.cohort_id == cohort_id)
        .order_by(Lesson.starts_at, Lesson.id, Enrolment.seat_number, Mark.id)
    )
    return [MarkLine(*row) for row in rows]


def list_pictures(cohort_id: int) -> list[Picture]:
    """Of classes and of signed sheets, in order of the lessons."""
    of_class = (
        select(Lesson.starts_at, Lesson.title, literal(0).label("is_sheet"), LessonFile.file_id, LessonFile.id)
        .join(LessonFile, LessonFile.lesson_id == Lesson.id)
        .where(LessonFile.kind == LessonFileKind.CLASS_PHOTO, LessonFile.removed_at.is_(None))
    )
    of_sheets = (
        select(Lesson.starts_at, Lesson.title, literal(1), PaperSheet.photo_id, PaperSheet.id)
        .join(PaperSheet, PaperSheet.lesson_id == Lesson.id)
        .where(PaperSheet.state == SheetState.CONFIRMED)
    )
    found = union_all(*(one.where(Lesson.cohort_id == cohort_id) for one in (of_class, of_sheets))).subquery()
    rows = db.session.execute(
        select(found.c.starts_at, found.c.title, found.c.is_sheet, StoredFile.stored_as, StoredFile.size)
        .join(StoredFile, StoredFile.id == found.c.file_id)
        .order_by(found.c.starts_at, found.c.title, found.c.is_sheet, found.c.id)
    )
    pictures: list[Picture] = []
    for starts_at, title, is_sheet, stored_as, size in rows:
        before = pictures[-1] if pictures else None
        follows = before and (before.starts_at, before.lesson, before.is_sheet) == (starts_at, title, bool(is_sheet))
        number = before.number + 1 if follows else 1
        pictures.append(Picture(starts_at, title, bool(is_sheet), number, stored_as, size))
    return pictures


@dataclass(frozen=True)
class Contents:
    """How much of each part there is."""

    women: int
    lessons: int
    marks: int
    pictures: int
    certificates: int
    answers: int


def count_contents(cohort_id: int) -> Contents:
    """One statement."""
    enrolled = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id)
    of_lessons = select(Lesson.id).where(Lesson.cohort_id == cohort_id)
    photos = select(func.count(LessonFile.id)).where(
        LessonFile.lesson_id.in_(of_lessons),
        LessonFile.kind == LessonFileKind.CLASS_PHOTO,
        LessonFile.removed_at.is_(None),
        LessonFile.file_id.is_not(None),
    )
    sheets = select(func.count(PaperSheet.id)).where(
        PaperSheet.lesson_id.in_(of_lessons), PaperSheet.state == SheetState.CONFIRMED, PaperSheet.photo_id.is_not(None)
    )
    counts = (
        select(func.count()).where(Enrolment.cohort_id == cohort_id, Enrolment.status.in_(ON_THE_ROLL)),
        select(func.count()).where(Lesson.cohort_id == cohort_id),
        select(func.count(Mark.id)).where(Mark.lesson_id.in_(of_lessons)),
        photos,
        sheets,
        select(func.count(Certificate.id)).where(Certificate.enrolment_id.in_(enrolled)),
        select(func.count()).where(FeedbackAnswer.cohort_id == cohort_id),
    )
    women, lessons, marks, of_class, of_sheets, certificates, answers = db.session.execute(
        select(*(one.scalar_subquery() for one in counts))
    ).one()
    return Contents(women, lessons, marks, of_class + of_sheets, certificates, answers)


def list_partner_names(programme_id: int) -> list[str]:
    """Who carries the programme."""
    names = select(Partner.name).where(Partner.programme_id == programme_id).order_by(Partner.id)
    return list(db.session.scalars(names))
