"""Paper sheets: read by one, confirmed by another, returned, taken back; the roll's word is never overruled in silence."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tests import factories
from tests.factories import AT
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus as S
from trainer.domain.attendance import LessonState, MarkChannel, NewMark
from trainer.domain.paper_sheet import CountDiffers, NotOnThePage, Reading, SheetState, TwoWords
from trainer.errors import Conflict, NotFound, Refused
from trainer.models import Attendance, AuditEvent, Lesson, Mark, Message, PaperSheet
from trainer.queries.message import inbox_page
from trainer.services import paper_sheet as sheets
from trainer.services import roll
from trainer.services.roll import LessonCancelled, LessonClosed, LessonNotBegun

pytestmark = pytest.mark.sqlite_is_enough


@pytest.fixture
def staff(app):
    """Whoever enters, and the second person."""
    return [factories.actor(Role.COHORT_STAFF, region=factories.DATONG) for _ in range(2)]


@pytest.fixture
def women(cohort):
    return [factories.enrolment(cohort).id for _ in range(5)]


def enter(lesson, women, by, absent=(), unsure=(), counted=None, photo=None, page=1) -> PaperSheet:
    read = Reading(page, list(women), frozenset(absent), frozenset(unsure))
    photo = factories.sheet_photo(by) if photo is None else photo
    with transaction():
        return sheets.enter_sheet(
            lesson.id, read, len(read.signed) if counted is None else counted, photo, by=by, at=AT
        )


def confirm(sheet, by, **more):
    with transaction():
        return sheets.confirm_sheet(sheet.id, **{"seen": version(sheet), "by": by, "at": AT} | more)


def turn_back(sheet, by):
    with transaction():
        sheets.return_sheet(sheet.id, "第三行看错了", seen=version(sheet), by=by, at=AT)


def undo(sheet, by):
    with transaction():
        return sheets.undo_sheet(sheet.id, "拍错了页", seen=version(sheet), by=by, at=AT)


def mark(lesson, by, **said):
    with transaction():
        marks = [NewMark(int(name[1:]), status, f"{name}{status}{by.account_id}") for name, status in said.items()]
        roll.record_marks(lesson.id, marks, by=by, at=AT)


def stored(sheet) -> PaperSheet:
    db.session.rollback()
    return db.session.get(PaperSheet, sheet.id, populate_existing=True)


def version(sheet) -> int:
    return stored(sheet).version


def close(lesson) -> None:
    with transaction():
        row = db.session.get(Lesson, lesson.id)
        row.state, row.headcount, row.closed_at = LessonState.CLOSED, 1, AT


def statuses(lesson) -> dict[int, S]:
    db.session.rollback()
    rows = select(Attendance.enrolment_id, Attendance.status).where(Attendance.lesson_id == lesson.id)
    return dict(db.session.execute(rows).all())


def conflicts(lesson) -> set[int]:
    here = Attendance.lesson_id == lesson.id, Attendance.conflict_mark_id.is_not(None)
    return set(db.session.scalars(select(Attendance.enrolment_id).where(*here)))


def events() -> list[str]:
    found = db.session.scalars(
        select(AuditEvent.action).where(AuditEvent.action.startswith("paper_sheet")).order_by(AuditEvent.seq)
    )
    return list(found)


def test_one_enters_and_another_confirms(lesson, women, staff):
    sheet = enter(lesson, women, staff[0], absent=women[:1], unsure=women[1:2])
    assert (stored(sheet).state, statuses(lesson)) == (SheetState.WAITING, {})
    assert confirm(sheet, staff[1]) == sheets.Confirmed(marked=4, contradicted=0)
    assert statuses(lesson) == {women[0]: S.ABSENT, **dict.fromkeys(women[2:], S.PRESENT)}
    assert set(db.session.scalars(select(Mark.channel))) == {MarkChannel.PAPER}
    assert (stored(sheet).state, sheet.confirmed_by) == (SheetState.CONFIRMED, staff[1].account_id)
    assert events() == ["paper_sheet.enter", "paper_sheet.confirm"]
    details = db.session.scalar(select(AuditEvent.details).where(AuditEvent.action == "paper_sheet.enter"))
    assert details == {"lesson": lesson.id, "page": 1, "absent": 1, "unsure": 1, "signatures": 3}


def test_nobody_confirms_her_own_and_the_database_says_so_too(lesson, women, staff):
    sheet = enter(lesson, women, staff[0])
    with pytest.raises(sheets.SecondPersonNeeded):
        confirm(sheet, staff[0])
    with pytest.raises(IntegrityError), transaction():
        db.session.get(PaperSheet, sheet.id).confirmed_by = staff[0].account_id
    assert statuses(lesson) == {}


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        ({"counted": 4}, CountDiffers),
        ({"absent": [0], "unsure": [0]}, TwoWords),
        ({"women": [0, 1, 99]}, NotOnThePage),
        ({"page": 2}, NotOnThePage),
    ],
)
def test_a_reading_that_cannot_be_is_refused(lesson, women, staff, facts, refused):
    def ids(seats):
        return [women[n] if n < len(women) else 9999 for n in seats]

    more = {name: ids(value) if isinstance(value, list) else value for name, value in facts.items()}
    with pytest.raises(refused):
        enter(lesson, **({"women": women, "by": staff[0]} | more))
    assert db.session.scalar(select(func.count(PaperSheet.id))) == 0


def test_a_page_has_only_its_own_seats(cohort, lesson, staff):
    women = [factories.enrolment(cohort).id for _ in range(26)]
    with pytest.raises(NotOnThePage):
        enter(lesson, women, staff[0])
    assert enter(lesson, women[:25], staff[0]).page == 1
    assert enter(lesson, women[25:], staff[0], page=2).page == 2


@pytest.mark.parametrize("which", ["none", "anothers", "other_page"])
def test_the_photograph_is_her_own_and_of_this_page(cohort, lesson, women, staff, which):
    photo = {"none": lambda: 0, "anothers": lambda: factories.sheet_photo(staff[1])}
    if which == "other_page":
        other = enter(factories.lesson(cohort, day=1), women, staff[0])
        photo["other_page"] = lambda: other.photo_id
    with pytest.raises(sheets.PhotoMissing):
        enter(lesson, women, staff[0], photo=photo[which]())


@pytest.mark.parametrize(
    ("day", "state", "refused"),
    [(3, LessonState.PLANNED, LessonNotBegun), (0, LessonState.CANCELLED, LessonCancelled)],
)
def test_a_lesson_without_a_roll_has_no_sheet(cohort, women, staff, day, state, refused):
    with pytest.raises(refused):
        enter(factories.lesson(cohort, day=day, state=state), women, staff[0])


def test_she_corrects_her_own_while_it_waits_and_another_does_not(lesson, women, staff):
    first = enter(lesson, women, staff[0])
    second = enter(lesson, women, staff[0], absent=women[:1], photo=first.photo_id)
    assert (stored(first).state, stored(second).state) == (SheetState.RETURNED, SheetState.WAITING)
    with pytest.raises(sheets.SheetEntered):
        enter(lesson, women, staff[1])
    confirm(second, staff[1])
    with pytest.raises(sheets.SheetEntered):
        enter(lesson, women, staff[0])
    with pytest.raises(sheets.SheetSettled):
        confirm(first, staff[1])


def test_a_returned_sheet_tells_its_maker_why_and_marks_nobody(lesson, women, staff):
    sheet = enter(lesson, women, staff[0])
    turn_back(sheet, staff[1])
    assert (stored(sheet).state, sheet.reason, statuses(lesson)) == (SheetState.RETURNED, "第三行看错了", {})
    [told] = inbox_page(staff[0]).items
    assert told.link == f"/sheets/{sheet.id}"
    with pytest.raises(sheets.SheetSettled):
        turn_back(sheet, staff[1])
    turn_back(enter(lesson, women, staff[0]), staff[0])  # her own: she knows
    assert db.session.scalar(select(func.count(Message.id))) == 1


def test_where_the_roll_says_something_else_both_words_are_kept(lesson, women, staff):
    teacher = factories.actor(Role.INSTRUCTOR, region=factories.DATONG)
    here, late, away, excused, new = women
    said = {here: S.PRESENT, late: S.LATE, away: S.ABSENT, excused: S.EXCUSED}
    mark(lesson, teacher, **{f"w{woman}": status for woman, status in said.items()})
    sheet = enter(lesson, women, staff[0], absent=[here, excused])
    assert confirm(sheet, staff[1]) == sheets.Confirmed(marked=1, contradicted=2)
    assert statuses(lesson) == said | {new: S.PRESENT}
    assert conflicts(lesson) == {here, away}


def test_leave_that_was_granted_makes_her_excused(lesson, women, staff):
    row = db.session.get(factories.Enrolment, women[0])
    factories.attendance_request(lesson, row, "leave", state="granted", wished="excused", decided_at=AT)
    confirm(enter(lesson, women, staff[0], absent=women[:2]), staff[1])
    assert (statuses(lesson)[women[0]], statuses(lesson)[women[1]]) == (S.EXCUSED, S.ABSENT)


def test_a_closed_lesson_asks_for_the_reason_at_the_confirmation(lesson, women, staff):
    close(lesson)
    sheet = enter(lesson, women, staff[0])
    with pytest.raises(LessonClosed):
        confirm(sheet, staff[1])
    assert stored(sheet).state is SheetState.WAITING
    confirm(sheet, staff[1], reason="纸质表晚到")
    assert set(db.session.scalars(select(Mark.reason))) == {"纸质表晚到"}


def test_undoing_takes_back_exactly_its_marks(lesson, women, staff):
    one, two, three, four, _five = women
    mark(lesson, staff[0], **{f"w{one}": S.PRESENT, f"w{two}": S.PRESENT})
    sheet = enter(lesson, women, staff[0], absent=[two])
    confirm(sheet, staff[1])
    mark(lesson, staff[0], **{f"w{three}": S.LATE})
    assert undo(sheet, staff[1]) == 3  # two marks and one contradiction
    assert statuses(lesson) == {one: S.PRESENT, two: S.PRESENT, three: S.LATE}
    assert conflicts(lesson) == set()
    assert (stored(sheet).state, sheet.reason) == (SheetState.UNDONE, "拍错了页")
    with pytest.raises(sheets.SheetNotConfirmed):
        undo(sheet, staff[1])
    assert stored(enter(lesson, women, staff[0], absent=[four])).state is SheetState.WAITING


def test_what_she_overruled_herself_rules_again_after_undoing(lesson, women, staff):
    mark(lesson, staff[1], **{f"w{women[0]}": S.LATE})
    sheet = enter(lesson, women, staff[0], absent=women[:1])
    confirm(sheet, staff[1])  # her own word, from the same browser
    assert statuses(lesson)[women[0]] is S.ABSENT
    undo(sheet, staff[1])
    assert statuses(lesson) == {women[0]: S.LATE}


def test_who_left_the_roll_meanwhile_is_left_out(lesson, women, staff):
    sheet = enter(lesson, women, staff[0])
    with transaction():
        db.session.get(factories.Enrolment, women[0]).status = "withdrawn"
    assert confirm(sheet, staff[1]).marked == 4


def test_what_was_looked_at_must_still_stand(lesson, women, staff):
    sheet = enter(lesson, women, staff[0])
    with pytest.raises(Conflict):
        confirm(sheet, staff[1], seen=version(sheet) + 1)
    confirm(sheet, staff[1])
    with pytest.raises(sheets.SheetSettled):
        confirm(sheet, staff[1])
    with pytest.raises(NotFound), transaction():
        sheets.confirm_sheet(9999, seen=1, by=staff[1], at=AT)


def test_two_who_enter_the_same_page_enter_it_once(app, lesson, women, staff):
    photos, lesson_id = [factories.sheet_photo(one) for one in staff], lesson.id
    db.session.rollback()
    read = Reading(1, women, frozenset(), frozenset())
    acts = [
        lambda n=n: sheets.enter_sheet(lesson_id, read, 5, photos[n], by=staff[n], at=AT + timedelta(seconds=n))
        for n in range(2)
    ]
    results = overlap(app, *acts)
    assert sum(isinstance(done, Refused) for done in results) == 1
    assert db.session.scalar(select(func.count(PaperSheet.id))) == 1


def test_two_who_confirm_at_once_mark_once(app, lesson, women, staff):
    sheet, third = enter(lesson, women, staff[0]), factories.actor(Role.MANAGER, region=factories.DATONG)
    seen = version(sheet)
    results = overlap(
        app, *(lambda who=who: sheets.confirm_sheet(sheet.id, seen=seen, by=who, at=AT) for who in (staff[1], third))
    )
    assert [type(done) for done in results] == [sheets.Confirmed, sheets.SheetSettled]
    assert db.session.scalar(select(func.count(Mark.id))) == 5


def test_confirming_takes_as_many_statements_for_three_women_as_for_one(cohort, staff, count_statements):
    taken = []
    for day, number in ((0, 1), (1, 3)):
        own = factories.cohort()
        women, lesson = [factories.enrolment(own).id for _ in range(number)], factories.lesson(own, day=day)
        sheet = enter(lesson, women, staff[0])
        with count_statements() as statements:
            confirm(sheet, staff[1], seen=1)
        taken.append(sum("pg_advisory" not in statement for statement in statements))
    assert taken == [19, 19]
