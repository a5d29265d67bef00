"""Who is told what by the site itself, and that it is said once."""

from dataclasses import replace
from datetime import date

import pytest

from tests import factories, selections
from tests.factories import AT, DATONG, LINFEN
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Grant, Role
from trainer.domain.background_task import TaskKind
from trainer.domain.consent import ConsentChannel
from trainer.domain.data_request import RequestKind, RequestState
from trainer.domain.jobs import JobName
from trainer.errors import Refused
from trainer.jobs import worker
from trainer.models import DataRequest, Message
from trainer.queries.lesson import get_lesson, lesson_draft
from trainer.queries.message import inbox_page
from trainer.services import account as accounts
from trainer.services import job as jobs
from trainer.services import lesson as lessons
from trainer.services import round as rounds
from trainer.services.background_task import ask_for_task
from trainer.services.reminder import remind_of_overdue_requests

pytestmark = pytest.mark.sqlite_is_enough


def told(account) -> list[str]:
    db.session.rollback()
    return [row.code for row in inbox_page(factories.actor_of(account)).items]


@pytest.fixture
def administrator(app):
    return factories.account(Role.SYSTEM_ADMINISTRATOR)


def test_a_failed_job_is_told_to_administrators_once_a_day(administrator):
    other = factories.account(Role.MANAGER)
    for period in ("2026-03-10 09:00", "2026-03-10 09:05"):
        with transaction():
            jobs.take_run(JobName.DELIVER_MESSAGES, period, at=AT)
            jobs.finish_run(JobName.DELIVER_MESSAGES, period, failed=True, message="broken", at=AT)
    assert told(administrator) == ["job_failed"]
    assert told(other) == []
    [message] = db.session.scalars(db.select(Message))
    assert message.values["job"] == {"kind": "JobName", "value": "deliver_messages"}


def test_a_job_that_went_well_is_told_to_nobody(administrator):
    with transaction():
        jobs.take_run(JobName.DELIVER_MESSAGES, "p", at=AT)
        jobs.finish_run(JobName.DELIVER_MESSAGES, "p", failed=False, message="", at=AT)
    assert told(administrator) == []


@pytest.mark.parametrize("code", ["task_done", "task_failed"])
def test_the_end_of_background_work_is_told_to_its_owner(app, monkeypatch, code):
    def doing(_work):
        if code == "task_failed":
            raise Refused()
        return ""

    owner = factories.account(Role.MANAGER)
    monkeypatch.setitem(worker.DOINGS, TaskKind.SALES_COMMIT, doing)
    with transaction():
        ask_for_task(TaskKind.SALES_COMMIT, "1", {}, by=factories.actor_of(owner), at=AT)
    worker.run_next(app)
    assert told(owner) == [code]


def test_roles_given_and_taken_are_told_to_whom_they_concern(administrator):
    row, by = factories.account(), factories.actor_of(administrator)
    with transaction():
        accounts.grant_role(db.session.get(factories.Account, row.id), Grant(Role.FINANCE), by=by, at=AT)
    [grant] = db.session.scalars(db.select(factories.RoleGrant).where(factories.RoleGrant.account_id == row.id))
    with transaction():
        accounts.revoke_role(grant.id, db.session.get(factories.Account, row.id), by=by, at=AT)
    assert sorted(told(row)) == ["role_given", "role_taken"]


def test_a_newcomer_is_not_told_of_the_role_she_was_invited_with(administrator):
    with transaction():
        made, _token = accounts.invite(
            "new", "新人", "", Grant(Role.FINANCE), by=factories.actor_of(administrator), at=AT
        )
    assert told(made) == []


def test_a_cancelled_lesson_is_told_to_the_roll_and_its_instructor(app):
    cohort, instructor = factories.cohort(), factories.account(Role.INSTRUCTOR)
    _enrolment, trainee = factories.trainee(cohort)
    _other, elsewhere = factories.trainee(factories.cohort())
    lesson = factories.lesson(cohort, day=2, instructor_id=instructor.id)
    with transaction():
        lessons.cancel_lesson(get_lesson(lesson.id), "停电", by=SYSTEM, at=AT)
    assert (told(trainee), told(instructor), told(elsewhere)) == (["lesson_cancelled"], ["lesson_cancelled"], [])


def test_a_lesson_of_the_past_is_cancelled_silently(app):
    cohort = factories.cohort()
    _enrolment, trainee = factories.trainee(cohort)
    lesson = factories.lesson(cohort, day=-1)
    with transaction():
        lessons.cancel_lesson(get_lesson(lesson.id), "停电", by=SYSTEM, at=AT)
    assert told(trainee) == []


@pytest.mark.parametrize(("change", "expected"), [({"place": "二楼"}, ["lesson_moved"]), ({"title": "新名字"}, [])])
def test_a_moved_lesson_is_told_a_new_title_is_not(app, change, expected):
    cohort = factories.cohort()
    _enrolment, trainee = factories.trainee(cohort)
    lesson = get_lesson(factories.lesson(cohort, day=2).id)

    draft = replace(lesson_draft(lesson), **change)
    with transaction():
        fresh = get_lesson(lesson.id)
        lessons.update_lesson(fresh, draft, seen=fresh.version, by=SYSTEM, at=AT)
    assert told(trainee) == expected


def test_an_opened_round_is_told_to_its_evaluators_with_their_counts(app):
    made = selections.ready(region=DATONG)
    made.act(rounds.open_round)
    for evaluator in made.evaluators:
        assert set(told(evaluator)) == {"panel_invited", "round_opened"}
    opened = db.select(Message).where(Message.code == "round_opened")
    counts = [message.values["count"] for message in db.session.scalars(opened)]
    assert sum(counts) == len(made.enrolments) * len(made.evaluators)


def test_an_overdue_request_is_told_once_to_those_who_handle_it(app):
    handler, foreign = (factories.account(Role.MANAGER, region=area) for area in (DATONG, LINFEN))
    facts = {"state": RequestState.OPEN, "channel": ConsentChannel.PAPER, "asked_at": AT}
    person = factories.person()
    with transaction() as session:
        session.add(DataRequest(person_id=person.id, kind=RequestKind.ERASE, due_on=date(2026, 3, 9), **facts))
        session.add(DataRequest(person_id=person.id, kind=RequestKind.EXPLAIN, due_on=date(2026, 3, 10), **facts))
    for expected in (1, 0):
        with transaction():
            assert remind_of_overdue_requests(at=AT) == expected
    assert (told(handler), told(foreign)) == (["request_overdue"], [])
