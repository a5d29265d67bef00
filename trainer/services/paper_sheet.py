"""Paper sheets: what one person read off a page, the word of a second one, and a sheet taken back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.attendance import MarkChannel, NewMark
from trainer.domain.file import FilePurpose
from trainer.domain.paper_sheet import IN_FORCE, Reading, SheetState, check_reading, new_statuses, on_page
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.account import Account
from trainer.models.attendance import Attendance, Mark
from trainer.models.file import StoredFile
from trainer.models.paper_sheet import PaperSheet
from trainer.queries.roll import RollRow, get_lesson_head, get_roll
from trainer.queries.roll_changes import list_said_before
from trainer.services import audit
from trainer.services.message import notify
from trainer.services.roll import check_open_to_marks, hold_lesson, record_marks


class SheetEntered(Refused):
    """Another person's entry of the page waits or counts already."""

    code = "sheet_entered"
    status = 409


class PhotoMissing(Refused):
    code = "sheet_photo_missing"


class SecondPersonNeeded(Refused):
    """Whoever entered a sheet does not confirm it."""

    code = "sheet_second_person"


class SheetSettled(Refused):
    """It does not wait any more."""

    code = "sheet_settled"
    status = 409


class SheetNotConfirmed(Refused):
    code = "sheet_not_confirmed"
    status = 409


def enter_sheet(
    lesson_id: int, reading: Reading, counted: int, photo_id: int, *, by: Actor, at: datetime
) -> PaperSheet:
    """What somebody read off a page; it marks nobody until a second person confirms. Her own entry that still waits
    is replaced by it.

    `counted`: the signatures on the paper; `photo_id`: her photograph of it. Raises LessonCancelled, LessonNotBegun,
    NotOnThePage, TwoWords, CountDiffers, PhotoMissing, SheetEntered.
    """
    lesson = hold_lesson(lesson_id)
    check_open_to_marks(lesson, at=at, reason="paper")  # of a closed lesson the reason is asked for at the confirmation
    check_reading(reading, counted, {row.enrolment_id for row in on_page(_applicable(lesson_id), reading.page)})
    _check_photo(photo_id, lesson_id, reading.page, by)
    _make_room(lesson_id, reading.page, by)
    sheet = PaperSheet(lesson_id=lesson_id, page=reading.page, photo_id=photo_id, listed=list(reading.listed))
    sheet.absent, sheet.unsure = sorted(reading.absent), sorted(reading.unsure)
    sheet.entered_at, sheet.entered_by = at, by.account_id
    db.session.add(sheet)
    db.session.flush()
    counts = {"absent": len(reading.absent), "unsure": len(reading.unsure), "signatures": counted}
    audit.record(
        "paper_sheet.enter", "paper_sheet", sheet.id, by=by, at=at, lesson=lesson_id, page=sheet.page, **counts
    )
    return sheet


def _applicable(lesson_id: int) -> list[RollRow]:
    return get_roll(get_lesson_head(lesson_id)).applicable


def _check_photo(photo_id: int, lesson_id: int, page: int, by: Actor) -> None:
    """Her own, of no other page."""
    photo = db.session.get(StoredFile, photo_id)
    if photo is None or photo.purpose is not FilePurpose.SHEET_PHOTO or photo.created_by != by.account_id:
        raise PhotoMissing()
    uses = db.session.execute(select(PaperSheet.lesson_id, PaperSheet.page).where(PaperSheet.photo_id == photo_id))
    if any(tuple(use) != (lesson_id, page) for use in uses):
        raise PhotoMissing()


def _make_room(lesson_id: int, page: int, by: Actor) -> None:
    here = (PaperSheet.lesson_id == lesson_id, PaperSheet.page == page, PaperSheet.state.in_(IN_FORCE))
    other = db.session.scalar(select(PaperSheet).where(*here))
    if other is None:
        return
    if other.state is not SheetState.WAITING or other.entered_by != by.account_id:
        name = db.session.scalar(select(Account.name).where(Account.id == other.entered_by))
        raise SheetEntered(name=name or "—", state=other.state)
    other.state = SheetState.RETURNED
    db.session.flush()


@dataclass(frozen=True)
class Confirmed:
    """How many a sheet marked, and how many it says something else about than the roll."""

    marked: int
    contradicted: int


def confirm_sheet(sheet_id: int, *, seen: int, by: Actor, at: datetime, reason: str = "") -> Confirmed:
    """A second person agrees with what was read: it becomes marks, in one act. What the roll says already is not said
    again; where it says something else, both words are kept and the roll asks a person to decide.

    `seen`: the version that was looked at. Raises SecondPersonNeeded, SheetSettled, Conflict, LessonClosed (closed,
    and no reason given), LessonCancelled.
    """
    sheet = _hold_sheet(sheet_id)
    _check_waiting(sheet, seen)
    if sheet.entered_by == by.account_id:
        raise SecondPersonNeeded()
    there = {row.enrolment_id: row for row in _applicable(sheet.lesson_id)}
    reading = Reading(
        sheet.page,
        [woman for woman in sheet.listed if woman in there],
        frozenset(sheet.absent) & there.keys(),
        frozenset(sheet.unsure),
    )
    excused = {woman for woman, row in there.items() if row.on_leave}
    said = new_statuses(reading, {woman: row.status for woman, row in there.items()}, excused)
    # Nothing is taken as seen: the paper overrules nobody else's word on the roll by itself.
    marks = [NewMark(woman, status, _nonce(sheet, woman), seen=0) for woman, status in said.items()]
    how = {"channel": MarkChannel.PAPER, "reason": reason}
    contradicted = record_marks(sheet.lesson_id, marks, by=by, at=at, **how).contradicted if marks else frozenset()
    sheet.state, sheet.confirmed_at, sheet.confirmed_by = SheetState.CONFIRMED, at, by.account_id
    _record("paper_sheet.confirm", sheet, by=by, at=at, marked=len(marks), contradicting=len(contradicted))
    return Confirmed(len(marks) - len(contradicted), len(contradicted))


def return_sheet(sheet_id: int, reason: str, *, seen: int, by: Actor, at: datetime) -> None:
    """What was read is wrong: it marks nobody, and whoever entered it is told why. Raises SheetSettled, Conflict."""
    sheet = _hold_sheet(sheet_id)
    _check_waiting(sheet, seen)
    sheet.state, sheet.reason = SheetState.RETURNED, reason
    _record("paper_sheet.return", sheet, by=by, at=at, with_reason=True)
    if sheet.entered_by != by.account_id:
        title = get_lesson_head(sheet.lesson_id).title
        values = {"title": title, "page": sheet.page, "reason": reason}
        notify("sheet_returned", to_accounts=[sheet.entered_by], link=f"/sheets/{sheet.id}", by=by, at=at, **values)


def undo_sheet(sheet_id: int, reason: str, *, seen: int, by: Actor, at: datetime) -> int:
    """Exactly the marks of a confirmed sheet are taken back: what the roll said before rules again, and what somebody
    said since stays. Returns about how many women. Raises SheetNotConfirmed, Conflict.
    """
    sheet = _hold_sheet(sheet_id)
    if sheet.state is not SheetState.CONFIRMED:
        raise SheetNotConfirmed()
    if sheet.version != seen:
        raise Conflict()
    nonces = [_nonce(sheet, woman) for woman in sheet.listed]
    made = dict(db.session.execute(select(Mark.id, Mark.enrolment_id).where(Mark.nonce.in_(nonces))).all())
    beside = Attendance.conflict_mark_id.in_(made)
    here = Attendance.lesson_id == sheet.lesson_id
    aside = db.session.execute(update(Attendance).where(here, beside).values(conflict_mark_id=None)).rowcount
    ruling = set(db.session.scalars(select(Attendance.enrolment_id).where(here, Attendance.mark_id.in_(made))))
    ruling &= {row.enrolment_id for row in _applicable(sheet.lesson_id)}
    before = list_said_before(sheet.lesson_id, {woman: id_ for id_, woman in made.items() if woman in ruling})
    back = [NewMark(woman, before.get(woman), f"{_nonce(sheet, woman)}.undo") for woman in sorted(ruling)]
    if back:
        record_marks(sheet.lesson_id, back, by=by, at=at, channel=MarkChannel.PAPER, reason=reason)
    sheet.state, sheet.reason = SheetState.UNDONE, reason
    _record("paper_sheet.undo", sheet, by=by, at=at, unmarked=len(back), contradicting=aside, with_reason=True)
    return len(back) + aside


def _nonce(sheet: PaperSheet, woman: int) -> str:
    return f"sheet {sheet.id}.{woman}"


def _hold_sheet(sheet_id: int) -> PaperSheet:
    """Held, with its lesson, until the act ends."""
    lesson_id = db.session.scalar(select(PaperSheet.lesson_id).where(PaperSheet.id == sheet_id))
    if lesson_id is None:
        raise NotFound()
    hold_lesson(lesson_id)
    return db.session.scalar(select(PaperSheet).where(PaperSheet.id == sheet_id).with_for_update())


def _check_waiting(sheet: PaperSheet, seen: int) -> None:
    if sheet.state is not SheetState.WAITING:
        who = sheet.confirmed_by
        name = db.session.scalar(select(Account.name).where(Account.id == who)) if who else None
        raise SheetSettled(state=sheet.state, name=name or "—")
    if sheet.version != seen:
        raise Conflict()


def _record(verb: str, sheet: PaperSheet, *, by: Actor, at: datetime, **facts: object) -> None:
    audit.record(verb, "paper_sheet", sheet.id, by=by, at=at, lesson=sheet.lesson_id, page=sheet.page, **facts)
