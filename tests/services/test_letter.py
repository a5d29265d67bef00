"""Letters: whom they reach, what is refused, that a kill or a second click doubles nothing, and taking back."""

from datetime import timedelta

import pytest

from tests import factories, selections
from tests.factories import AT, DATONG, LINFEN
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus, LessonState, MarkChannel
from trainer.domain.background_task import TaskKind, TaskState
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.message import Audience, Circle, LetterDraft
from trainer.errors import Refused
from trainer.jobs import send_letter as job
from trainer.jobs import worker
from trainer.models import Account, Attendance, AuditEvent, BackgroundTask, Delivery, Mark, Message
from trainer.queries.letter import get_letter, letters_page, list_recipients, prepare
from trainer.queries.message import inbox_page
from trainer.services import letter as letters
from trainer.services import message as messages

pytestmark = pytest.mark.sqlite_is_enough


@pytest.fixture
def manager(app):
    return factories.actor(Role.MANAGER, region=DATONG)


def draft(cohort, circle=Circle.ON_THE_ROLL, body="{name}，您好", subject="通知", channels=()):
    return LetterDraft(subject, body, Audience(cohort.id, circle), channels)


def send(what, by, at=None):
    with transaction():
        return letters.send_letter(what, by=by, at=at or clock.now())


def names(by, cohort, circle) -> list[str]:
    return [r.name for r in list_recipients(by, Audience(cohort.id, circle))[0]]


def mark(lesson, enrolment, status):
    with transaction() as session:
        given = Mark(lesson_id=lesson.id, enrolment_id=enrolment.id, status=status, channel=MarkChannel.ROLL, at=AT, nonce=f"{lesson.id}-{enrolment.id}")  # fmt: skip
        session.add(given)
        session.flush()
        session.add(Attendance(lesson_id=lesson.id, enrolment_id=enrolment.id, status=status, mark_id=given.id))


def in_inboxes(message_id) -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).where(Delivery.message_id == message_id))


def test_each_circle_is_the_women_it_says(cohort, manager):
    here, away, new = (factories.enrolment(cohort, factories.person(name)) for name in ("王一一", "王二二", "王三三"))
    factories.enrolment(cohort, factories.person("王四四"), status=EnrolmentStatus.APPLIED)
    factories.enrolment(cohort, factories.person("王五五"), status=EnrolmentStatus.WITHDRAWN)
    factories.account(Role.TRAINEE, person=db.session.get(factories.Person, here.person_id), last_sign_in_at=AT)
    factories.account(Role.TRAINEE, person=db.session.get(factories.Person, away.person_id))
    factories.shop(db.session.get(factories.Person, new.person_id))
    first, second = (factories.lesson(cohort, day=day, state=LessonState.CLOSED) for day in (0, 1))
    mark(first, away, AttendanceStatus.PRESENT)
    mark(first, here, AttendanceStatus.ABSENT)
    mark(second, here, AttendanceStatus.PRESENT)
    mark(second, away, AttendanceStatus.ABSENT)
    assert names(manager, cohort, Circle.ON_THE_ROLL) == ["王一一", "王二二", "王三三"]
    assert names(manager, cohort, Circle.NOT_SIGNED_IN) == ["王二二", "王三三"]
    assert names(manager, cohort, Circle.ABSENT) == ["王二二"]
    assert names(manager, cohort, Circle.BELOW_RULE) == ["王一一", "王二二"]
    assert names(manager, cohort, Circle.WITHOUT_SHOP) == ["王一一", "王二二"]
    assert names(manager, cohort, Circle.APPLIED) == ["王四四"]
    assert names(manager, cohort, Circle.WITHDRAWN) == ["王五五"]


def test_an_erased_woman_is_left_out_and_counted(cohort, manager):
    factories.enrolment(cohort, factories.person("已删除", erased_at=AT))
    factories.enrolment(cohort)
    letter = prepare(manager, draft(cohort), at=AT)
    assert (len(letter.recipients), letter.erased) == (1, 1)


def test_colleagues_are_those_within_reach(app, manager):
    near, far = (
        factories.account(Role.COHORT_STAFF, region="140215"),
        factories.account(Role.COHORT_STAFF, region=LINFEN),
    )
    cohort = factories.cohort()
    of_cohort = factories.account(Role.COHORT_STAFF, cohort=cohort)
    factories.account(Role.COHORT_STAFF, region=DATONG, active=False)
    found = {r.account_id for r in list_recipients(manager, Audience(role=Role.COHORT_STAFF))[0]}
    assert found == {near.id, of_cohort.id}
    assert far.id not in found
    teaching, elsewhere = factories.account(Role.INSTRUCTOR), factories.account(Role.INSTRUCTOR)
    factories.lesson(cohort, instructor_id=teaching.id)
    assert [r.account_id for r in list_recipients(manager, Audience(role=Role.INSTRUCTOR))[0]] == [teaching.id]
    assert elsewhere.id != teaching.id
    of_cohort_only = factories.actor_of(of_cohort)
    assert [r.account_id for r in list_recipients(of_cohort_only, Audience(role=Role.INSTRUCTOR))[0]] == [teaching.id]
    assert list_recipients(manager, Audience(role=Role.MANAGER))[0] == []  # not herself


def test_evaluators_of_the_areas_selections_are_colleagues(app, manager):
    made = selections.ready(region=DATONG)
    selections.ready(region=LINFEN)
    found = {r.account_id for r in list_recipients(manager, Audience(role=Role.EVALUATOR))[0]}
    assert found == {evaluator.id for evaluator in made.evaluators}


def test_the_letter_is_filled_in(cohort, manager):
    factories.enrolment(cohort, factories.person("王秀芳"))
    factories.lesson(cohort, day=2, place="三楼教室")
    letter = prepare(manager, draft(cohort, body="{name}：{cohort}，{next_lesson}在{next_place}"), at=AT)
    told = letter.body_for(letter.recipients[0])
    assert told == f"王秀芳：{cohort.name}，3月11日（星期三）09:00在三楼教室"


@pytest.mark.parametrize(
    ("body", "code"),
    [("{phone}", "unknown_placeholder"), ("{next_lesson}", "no_next_lesson"), ("{next_place}", "no_next_lesson")],
)
def test_what_cannot_be_filled_in_is_refused(cohort, manager, body, code):
    factories.enrolment(cohort)
    with pytest.raises(Refused, match=code):
        prepare(manager, draft(cohort, body=body), at=AT)


def test_a_letter_to_colleagues_knows_no_cohort(manager):
    with pytest.raises(Refused, match="placeholder_without_cohort"):
        prepare(manager, LetterDraft("", "{cohort}", Audience(role=Role.INSTRUCTOR)), at=AT)


def test_another_areas_cohort_is_nothing(manager):
    foreign = factories.cohort(region=LINFEN)
    factories.enrolment(foreign)
    with pytest.raises(Refused, match="not_found"):
        send(draft(foreign), manager)
    assert list_recipients(manager, Audience(foreign.id, Circle.ON_THE_ROLL)) == ([], 0)


def test_nobody_meant_is_refused(cohort, manager):
    with pytest.raises(Refused, match="nobody_to_write_to"):
        send(draft(cohort), manager)
    assert db.session.scalar(db.select(db.func.count(Message.id))) == 0


def test_a_letter_goes_by_the_background_and_reads_with_her_name(app, cohort, manager):
    _enrolment, trainee = factories.trainee(cohort, name="王秀芳")
    factories.enrolment(cohort)
    number = send(draft(cohort), manager)
    assert in_inboxes(number) == 0
    factories.enrolment(cohort)  # whom it is for is reckoned when it goes out
    assert worker.run_next(app)
    assert in_inboxes(number) == 3
    [row] = inbox_page(factories.actor_of(trainee)).items
    assert (row.subject, row.body) == ("通知", "王秀芳，您好")
    letter = get_letter(manager, number)
    assert (letter.delivered, letter.read, letter.sending) == (3, 0, TaskState.DONE)
    with transaction():
        messages.mark_read(factories.actor_of(trainee), at=AT)
    assert get_letter(manager, number).read == 1
    assert "letter.send" in set(db.session.scalars(db.select(AuditEvent.action)))


def test_a_kill_in_the_middle_loses_and_doubles_nothing(app, cohort, manager, monkeypatch):
    for _ in range(5):
        factories.enrolment(cohort)
    number = send(draft(cohort, channels=("sms",)), manager)
    monkeypatch.setitem(app.config, "MESSAGE_CHANNELS", "sms=json://gateway.example/{phone}")
    monkeypatch.setattr(job, "AT_A_TIME", 2)
    deliver, calls = letters.deliver, []

    def killed(*args, **named):
        calls.append(1)
        if len(calls) == 2:
            raise SystemExit  # as a kill: no handler of the worker sees it
        return deliver(*args, **named)

    monkeypatch.setattr(letters, "deliver", killed)
    with pytest.raises(SystemExit):
        worker.run_next(app)
    assert in_inboxes(number) == 4  # two women, inbox and channel
    with transaction():
        db.session.execute(db.update(BackgroundTask).values(heartbeat_at=AT))
    assert worker.run_next(app)
    assert in_inboxes(number) == 10
    task = db.session.scalar(db.select(BackgroundTask).where(BackgroundTask.kind == TaskKind.LETTER))
    assert task.state is TaskState.DONE


def test_whoever_lost_the_right_meanwhile_sends_nothing(app, cohort):
    account = factories.account(Role.MANAGER, region=DATONG)
    factories.enrolment(cohort)
    number = send(draft(cohort), factories.actor_of(account))
    with transaction():
        db.session.get(Account, account.id).active = False
    worker.run_next(app)
    assert in_inboxes(number) == 0
    assert db.session.scalar(db.select(BackgroundTask.state)) is TaskState.FAILED


def test_taking_back_leaves_it_with_those_who_read_it(app, cohort, manager):
    _enrolment, trainee = factories.trainee(cohort)
    factories.enrolment(cohort)
    now = clock.now()
    number = send(draft(cohort), manager, now)
    worker.run_next(app)
    with transaction():
        messages.mark_read(factories.actor_of(trainee), at=now)
    with transaction():
        letters.take_back(number, by=manager, at=now + timedelta(minutes=10))
    letter = get_letter(manager, number)
    assert (letter.delivered, letter.read) == (1, 1)
    assert letter.withdrawn_at == now + timedelta(minutes=10)
    event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "letter.take_back"))
    assert (event.details["removed"], event.details["left"]) == (1, 1)
    with pytest.raises(Refused, match="too_late_to_take_back"), transaction():
        letters.take_back(number, by=manager, at=now)


def test_a_letter_taken_back_before_it_went_out_reaches_nobody(app, cohort, manager):
    factories.enrolment(cohort)
    number = send(draft(cohort), manager)
    with transaction():
        letters.take_back(number, by=manager, at=clock.now())
    worker.run_next(app)
    assert in_inboxes(number) == 0


def test_taking_back_is_for_ten_minutes_and_for_letters(cohort, manager):
    factories.enrolment(cohort)
    now = clock.now()
    number = send(draft(cohort), manager, now)
    with transaction():
        notice = messages.notify("role_given", to_accounts=[manager.account_id], by=manager, at=now, role=Role.FINANCE)
    with pytest.raises(Refused, match="too_late_to_take_back"), transaction():
        letters.take_back(number, by=manager, at=now + timedelta(minutes=10, seconds=1))
    with pytest.raises(Refused, match="not_found"), transaction():
        letters.take_back(notice, by=manager, at=now)


def test_letters_are_seen_within_reach(cohort, manager):
    factories.enrolment(cohort)
    number = send(draft(cohort), manager)
    same_area, other = factories.actor(Role.COHORT_STAFF, region=DATONG), factories.actor(Role.MANAGER, region=LINFEN)
    assert letters_page(same_area).total == 1
    assert letters_page(other).total == 0
    assert get_letter(other, number) is None
