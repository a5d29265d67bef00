"""Paper sheets that were entered, their photographs, and who teaches the lessons that are printed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.file import FilePurpose
from trainer.domain.paper_sheet import IN_FORCE, Reading, SheetState
from trainer.models.account import Account
from trainer.models.file import StoredFile
from trainer.models.lesson import Lesson
from trainer.models.paper_sheet import PaperSheet
from trainer.models.programme import Cohort
from trainer.permissions import Permission
from trainer.queries.lesson import lessons_within_reach
from trainer.queries.scoping import Page, fetch_page


@dataclass(frozen=True)
class SheetRow:
    """A sheet as lists show it, with what was read off it."""

    id: int
    lesson_id: int
    lesson: str
    starts_at: datetime
    page: int
    state: SheetState
    listed: list[int]
    absent: list[int]
    unsure: list[int]
    photo_id: int | None
    entered_at: datetime
    entered_by_id: int | None
    entered_by: str | None
    confirmed_at: datetime | None
    confirmed_by: str | None
    reason: str
    version: int

    @property
    def reading(self) -> Reading:
        return Reading(self.page, self.listed, frozenset(self.absent), frozenset(self.unsure))


def _sheets(*which: ColumnElement[bool]) -> Select:
    entered, confirmed, sheet = aliased(Account), aliased(Account), PaperSheet
    return (
        select(
            *(sheet.id, Lesson.id.label("lesson"), Lesson.title, Lesson.starts_at, sheet.page, sheet.state),
            *(sheet.listed, sheet.absent, sheet.unsure, sheet.photo_id, sheet.entered_at, sheet.entered_by),
            *(entered.name.label("entered_name"), sheet.confirmed_at, confirmed.name.label("confirmed_name")),
            *(sheet.reason, sheet.version),
        )
        .join(Lesson, Lesson.id == sheet.lesson_id)
        .outerjoin(entered, entered.id == sheet.entered_by)
        .outerjoin(confirmed, confirmed.id == sheet.confirmed_by)
        .where(*which)
        .order_by(sheet.id.desc())
    )


def list_sheets(lesson_id: int) -> list[SheetRow]:
    """Those of a lesson, the latest first, returned and undone ones too."""
    return [SheetRow(*row) for row in db.session.execute(_sheets(PaperSheet.lesson_id == lesson_id))]


def sheets_page(actor: Actor, cohort_id: int, *, page: int = 1, per_page: int = 20) -> Page[SheetRow]:
    """Of the cohort's lessons those whose rolls she may look at."""
    hers = lessons_within_reach(actor, Permission.VIEW_ATTENDANCE)
    statement = _sheets(Lesson.cohort_id == cohort_id, hers).join(Cohort, Cohort.id == Lesson.cohort_id)
    return fetch_page(statement, lambda row: SheetRow(*row), page=page, per_page=per_page)


def get_sheet(sheet_id: int) -> SheetRow | None:
    row = db.session.execute(_sheets(PaperSheet.id == sheet_id)).one_or_none()
    return SheetRow(*row) if row else None


def get_sheet_in_force(lesson_id: int, page: int) -> SheetRow | None:
    """The one that waits or is confirmed."""
    here = and_(PaperSheet.lesson_id == lesson_id, PaperSheet.page == page, PaperSheet.state.in_(IN_FORCE))
    row = db.session.execute(_sheets(here)).one_or_none()
    return SheetRow(*row) if row else None


def get_photo(lesson_id: int, file_id: int, account_id: int) -> StoredFile | None:
    """A photograph of a sheet of this lesson; or one that this account took a moment ago and has not used yet."""
    sheets = select(PaperSheet.id).where(PaperSheet.photo_id == StoredFile.id)
    fresh = and_(StoredFile.created_by == account_id, ~sheets.exists())
    return db.session.scalar(
        select(StoredFile).where(
            StoredFile.id == file_id,
            StoredFile.purpose == FilePurpose.SHEET_PHOTO,
            or_(sheets.where(PaperSheet.lesson_id == lesson_id).exists(), fresh),
        )
    )


def get_instructors(lesson_ids: Collection[int]) -> dict[int, str]:
    """Who teaches each lesson; empty where nobody is named."""
    name = func.coalesce(Account.name, Lesson.instructor_name)
    rows = db.session.execute(
        select(Lesson.id, name).outerjoin(Account, Account.id == Lesson.instructor_id).where(Lesson.id.in_(lesson_ids))
    )
    return dict(rows.all())
