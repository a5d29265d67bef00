"""What somebody who wished harm got through with once around lessons and attendance, each as she did it."""

import io
import threading
import time
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy.exc import SQLAlchemyError

from tests import factories
from tests.factories import AT, DATONG, LINFEN
from tests.marks import mark_file
from tests.races import LONG_ENOUGH
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus, LessonState, NewMark
from trainer.domain.attendance_request import AttendanceRequestKind, AttendanceRequestState
from trainer.domain.check_in import CheckInRules
from trainer.domain.paper_sheet import NotOnThePage, Reading, check_reading
from trainer.errors import Refused
from trainer.models import AttendanceRequest, AuditEvent, Mark, Message, PaperSheet
from trainer.queries.check_in import code_of
from trainer.services import attendance_request as requests
from trainer.services import audit, closing, paper_sheet, roll

S, KIND, STATE = AttendanceStatus, AttendanceRequestKind, AttendanceRequestState
RULES = CheckInRules()


@pytest.fixture
def cohort(app):
    return factories.cohort()


@pytest.fixture
def lesson(cohort):
    return factories.lesson(cohort)


@pytest.fixture
def during(monkeypatch):
    """The clock stands ten minutes after the lesson began, also for the sessions of the test."""
    monkeypatch.setattr(clock, "now", lambda: AT - timedelta(days=1) + timedelta(minutes=10))
    monkeypatch.setattr(
        factories, "datetime", type("March", (factories.datetime,), {"now": lambda tz=None: clock.now()})
    )


def manager():
    return factories.actor_of(factories.account(Role.MANAGER))


def marks() -> list[tuple[int, AttendanceStatus]]:
    db.session.rollback()
    return [tuple(row) for row in db.session.execute(db.select(Mark.enrolment_id, Mark.status).order_by(Mark.id))]


# --- the numbers of marks ------------------------------------------------------------------------------------------


@pytest.fixture
def far_away(signed_in):
    """(client, account, lesson, woman) of somebody who marks a class of her own, in another city."""
    there = factories.cohort(region=LINFEN)
    row = factories.account(Role.COHORT_STAFF, region=LINFEN)
    return signed_in(row), row, factories.lesson(there), factories.enrolment(there)


def use_up(far_away, nonce: str) -> None:
    """Each door by which a number of one's own choosing comes in."""
    client, row, lesson, woman = far_away
    roll = f"/lessons/{lesson.id}/roll"
    mark = {"enrolment": woman.id, "status": "absent", "nonce": nonce}
    client.post(f"{roll}/marks", json={"account": row.id, "since": 0, "marks": [mark]})
    client.post(roll, data={"mark": f"{woman.id}:absent:{nonce}"})
    client.post(f"{roll}/{woman.id}", data={"status": "absent", "idempotency_key": nonce})
    begin, _dot, end = nonce.rpartition(".")
    if end == str(woman.id):
        client.post(f"{roll}/rest", data={"enrolment": end, "idempotency_key": begin})


def test_nobody_uses_up_the_number_that_a_granted_request_will_mark_with(far_away, cohort, lesson):
    """A mark is known by its number, wherever it was made: the request could never be granted."""
    woman = factories.enrolment(cohort)
    asked = factories.attendance_request(lesson, woman)
    use_up(far_away, f"request {asked.id}")
    with transaction():
        requests.grant(asked.id, by=manager(), at=AT)
    assert marks() == [(woman.id, S.PRESENT)]


def test_nobody_uses_up_the_numbers_of_a_paper_sheet(far_away, cohort, lesson):
    woman = factories.enrolment(cohort)
    sheet_id, _photo = factories.paper_sheet(lesson, [woman], entered_by=factories.account().id)
    number = paper_sheet._nonce(db.session.get(PaperSheet, sheet_id), far_away[3].id)
    use_up(far_away, number)
    assert marks() == []
    with transaction():
        paper_sheet.confirm_sheet(sheet_id, seen=1, by=manager(), at=AT)
    assert marks() == [(woman.id, S.PRESENT)]


def test_nobody_uses_up_the_number_of_a_womans_code(signed_in, during, far_away, cohort, lesson):
    woman, account = factories.trainee(cohort)
    since = RULES.slot_of(clock.now())
    use_up(far_away, f"code {lesson.id} {woman.id} {int(since.timestamp())}")
    phone = signed_in(account)
    phone.get(f"/c/{code_of(lesson.id, since).text}")
    assert phone.post("/c/go").status_code == 303
    assert marks() == [(woman.id, S.PRESENT)]


# --- bodies that no page sends ---------------------------------------------------------------------------------------


def test_looking_with_a_body_marks_nobody(signed_in, cohort, lesson):
    """HEAD needs no form key: no question stood between another site's page and the roll."""
    woman = factories.enrolment(cohort)
    client = signed_in(factories.account(Role.COHORT_STAFF, region=DATONG))
    answer = client.head(f"/lessons/{lesson.id}/roll", data={"mark": f"{woman.id}:absent", "nonce": "n"})
    assert (answer.status_code, marks()) == (200, [])


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000, '["a"]', '{"phone": {"a": 1}, "code": [3]}'])
def test_json_is_no_form(client, signed_in, lesson, body):
    """A stranger made every page with a form fail by it."""
    sent = {"data": body, "content_type": "application/json"}
    assert client.post("/code", **sent).status_code == 400
    row = factories.account(Role.COHORT_STAFF, region=DATONG)
    assert signed_in(row).post(f"/lessons/{lesson.id}/roll/marks", **sent).status_code == 422


def test_a_post_of_marks_has_an_end(signed_in, cohort, lesson):
    """More than the database takes in one statement read as “the system is busy”."""
    woman = factories.enrolment(cohort)
    client = signed_in(factories.account(Role.COHORT_STAFF, region=DATONG))
    many = [f"{woman.id}:present:{number}" for number in range(1_001)]
    assert client.post(f"/lessons/{lesson.id}/roll", data={"mark": many}).status_code == 422
    assert client.post(f"/lessons/{lesson.id}/roll/rest", data={"enrolment": list(range(40_000))}).status_code == 422
    assert marks() == []


def test_a_woman_stands_on_a_sheet_once():
    """A hundred thousand times one number, and every page with the sheet wrote them all."""
    with pytest.raises(NotOnThePage):
        check_reading(Reading(1, [7, 7], frozenset(), frozenset()), 2, {7})


@pytest.mark.parametrize("page", ["/sign-in", "/code"])
def test_the_next_user_of_a_phone_finds_no_roll_of_the_one_before(client, page):
    """A woman signs in by a code of her own: she never came past the sign-in page, which forgets them."""
    factories.account()
    assert "forget-rolls.js" in client.get(page).text


# --- the code on the screen ------------------------------------------------------------------------------------------


def test_the_same_digits_written_otherwise_are_the_same_try(app, during, lesson, cohort):
    """Whoever knew a seat and its digits had sixteen times as many guesses at the digits on the screen."""
    factories.trainee(cohort, phone="14000001234")
    shown = {code_of(lesson.id, slot).digits for slot in RULES.good_slots(clock.now())}
    wrong = iter(sorted({f"{number:04d}" for number in range(20)} - shown))
    spelt = ["1234", "１234", "1２34", "12３4", "123４", "１２３４"]
    home = app.test_client()
    tries = [home.post("/c", data={"screen": next(wrong), "seat": "1", "digits": digits}) for digits in spelt]
    assert [answer.status_code for answer in tries] == [422] * 5 + [429]


def test_a_claim_that_was_refused_does_not_say_that_it_waits(signed_in, monkeypatch, during, cohort, lesson):
    """She was told each time that staff would confirm it, and nobody saw it."""
    _woman, account = factories.trainee(cohort)
    phone, since = signed_in(account), RULES.slot_of(clock.now() - timedelta(minutes=5))
    code = f"/c/{code_of(lesson.id, since).text}"
    phone.get(code)
    assert phone.post("/c/go").status_code == 303
    asked = db.session.scalar(db.select(AttendanceRequest.id))
    with transaction():
        requests.refuse(asked, "不在教室", by=manager(), at=clock.now())
    phone.get(code)
    answer = phone.post("/c/go")
    assert (answer.status_code, "老师已经处理过" in answer.text) == (409, True)


# --- files of marks ----------------------------------------------------------------------------------------------------


@pytest.fixture
def instructor(app):
    return factories.account(Role.INSTRUCTOR)


def test_an_instructor_does_not_read_the_numbers_in_a_file_of_the_staff(signed_in, cohort, instructor):
    """She marks the lesson, so the rows to be mended are hers too: with everybody's phone as it stood there."""
    lesson = factories.lesson(cohort, instructor_id=instructor.id)
    staff = signed_in(factories.account(Role.COHORT_STAFF, region=DATONG))
    rows = mark_file(("某人 14000001234", "到"), headings=("姓名", "状态"))
    data = {"file": (io.BytesIO(rows), "点名.xlsx"), "kind": "marks", "share": 60}
    batch = staff.post(f"/lessons/{lesson.id}/marks", data=data).location
    read = {who: texts(client.get(f"{batch}/rejected")) for who, client in (("s", staff), ("i", signed_in(instructor)))}
    assert "某人 14000001234" in read["s"]
    assert "某人 140********" in read["i"]
    assert not any("14000001234" in text for text in read["i"])
    assert "14000001234" not in signed_in(instructor).get(batch).text


def texts(answer) -> set[str]:
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    return {str(cell) for row in book.active.iter_rows(values_only=True) for cell in row}


def test_taking_the_form_with_everybodys_name_is_written_down(signed_in, cohort, instructor):
    lesson = factories.lesson(cohort, instructor_id=instructor.id)
    factories.enrolment(cohort)
    assert signed_in(instructor).get(f"/lessons/{lesson.id}/marks/form").status_code == 200
    event = db.session.scalar(db.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1))
    assert (event.action, event.object_id, event.details["rows"]) == ("mark_import.form", str(lesson.id), 1)


# --- leave -----------------------------------------------------------------------------------------------------------


def leave(lesson, woman) -> int:
    with transaction():
        before = {"by": manager(), "at": lesson.starts_at - timedelta(days=2)}
        return requests.ask(KIND.LEAVE, lesson.id, woman.id, wished=S.EXCUSED, nonce="leave", **before).id


def move(lesson) -> None:
    with transaction():
        held = db.session.get(type(lesson), lesson.id)
        held.starts_at, held.ends_at = held.starts_at + timedelta(days=1), held.ends_at + timedelta(days=1)


def test_a_leave_for_another_time_is_not_granted(cohort, lesson):
    """She read “granted”, and stood there as absent: a leave is for the time it was asked for."""
    woman = factories.enrolment(cohort)
    asked = leave(lesson, woman)
    move(lesson)
    at = lesson.starts_at - timedelta(hours=1)
    with pytest.raises(requests.LeaveOfOtherTime), transaction():
        requests.grant_all([asked], "好的", by=manager(), at=at)
    assert db.session.get(AttendanceRequest, asked).state is STATE.OPEN
    with transaction():
        requests.refuse(asked, "时间改了，请重新请假", by=manager(), at=at)


def test_a_leave_is_granted_once(cohort, lesson):
    """Two who granted it at once told her twice."""
    woman, _account = factories.trainee(cohort)
    asked, at = leave(lesson, woman), lesson.starts_at - timedelta(hours=1)
    with transaction():
        requests.grant(asked, by=manager(), at=at)
    told = db.session.scalar(db.select(db.func.count(Message.id)))
    with pytest.raises(requests.RequestDecided), transaction():
        requests.grant(asked, by=manager(), at=at)
    assert db.session.scalar(db.select(db.func.count(Message.id))) == told


# --- two who stop each other -----------------------------------------------------------------------------------------


def at_once(app, *acts) -> list[object]:
    """What each came to; each holds a lesson for a moment before it goes on."""
    came = [None] * len(acts)

    def run(number: int, lesson_id: int, act) -> None:
        with app.app_context():
            try:
                with transaction():
                    if lesson_id:
                        roll.hold_lesson(lesson_id)
                    time.sleep(LONG_ENOUGH if lesson_id else LONG_ENOUGH / 4)
                    came[number] = act()
            except (Refused, SQLAlchemyError) as error:
                came[number] = error

    threads = [threading.Thread(target=run, args=(number, *act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.rollback()
    return came


@pytest.mark.postgresql
def test_several_leaves_and_a_roll_that_is_taken_do_not_stop_each_other(app, cohort):
    """The trail has one writer: whoever had it and waited for a lesson waited for whoever waited for the trail."""
    first, second = factories.lesson(cohort), factories.lesson(cohort, day=1)
    here, away = factories.enrolment(cohort), factories.enrolment(cohort)
    by = manager()
    asked = [factories.attendance_request(one, away).id for one in (first, second)]
    came = at_once(
        app,
        (second.id, lambda: roll.record_marks(second.id, [NewMark(here.id, S.PRESENT, "n")], by=by, at=AT)),
        (0, lambda: requests.grant_all(asked, "", by=by, at=AT)),
    )
    assert came[1] == 2, came
    assert not isinstance(came[0], Exception), came


@pytest.mark.postgresql
def test_a_closing_and_a_late_mark_of_the_same_class_do_not_stop_each_other(app, cohort, monkeypatch):
    """The one had the trail and waited for the figures, the other the other way round."""
    closed, taken = factories.lesson(cohort, state=LessonState.CLOSED), factories.lesson(cohort, day=1)
    woman, by = factories.enrolment(cohort), manager()
    with transaction():
        roll.record_marks(closed.id, [NewMark(woman.id, S.ABSENT, "a")], by=by, at=AT, reason="补")
        roll.record_marks(taken.id, [NewMark(woman.id, S.PRESENT, "b")], by=by, at=AT)
    write = audit.record

    def write_slowly(action, *args, **kwargs) -> None:
        if action == "attendance.mark":
            time.sleep(LONG_ENOUGH)  # the figures are written, the trail is not
        write(action, *args, **kwargs)

    monkeypatch.setattr(audit, "record", write_slowly)
    late = [NewMark(woman.id, S.PRESENT, "c")]
    came = at_once(
        app,
        (0, lambda: roll.record_marks(closed.id, late, by=by, at=AT, reason="补")),
        (taken.id, lambda: closing.close_lesson(taken.id, 1, by=by, at=AT)),
    )
    assert not any(isinstance(one, Exception) for one in came), came
