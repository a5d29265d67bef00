"""What needs somebody: each count is what its list holds, within her reach, in one statement."""

from datetime import date, timedelta

import pytest

from tests import factories, rosters, selections
from tests.factories import AT, DATONG, LINFEN
from tests.services.test_sales import order, orders_file
from tests.services.test_sales import preview as preview_sales
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.domain.attendance import LessonState
from trainer.domain.background_task import TaskKind, TaskState
from trainer.domain.consent import ConsentChannel
from trainer.domain.data_request import RequestKind, RequestState
from trainer.domain.jobs import JobName, JobState
from trainer.domain.message import Audience, Circle, DeliveryState, LetterDraft
from trainer.domain.need import NeedKind
from trainer.models import BackgroundTask, DataRequest, JobRun, SecondFactorReset
from trainer.models.message import Delivery
from trainer.queries.need import count_needs, kinds_of, needs_page
from trainer.services import audit, reopening, roster
from trainer.services import letter as letters
from trainer.services import round as rounds

N = NeedKind


def needs(account) -> dict[NeedKind, int]:
    db.session.rollback()
    return count_needs(factories.actor_of(account), at=AT)


def keep(*rows):
    with transaction() as session:
        session.add_all(rows)
    return rows[0]


def fill(area: str) -> dict:
    """One of everything in an area, around 9:00 on 10 March 2026."""
    made = selections.ready(region=area)
    made.act(rounds.open_round)
    cohort, instructor = factories.cohort(region=area), factories.account(Role.INSTRUCTOR)
    factories.lesson(cohort, day=1, instructor_id=instructor.id)  # today, 9:00 to 12:00
    factories.lesson(cohort, day=0)  # yesterday, never closed
    factories.lesson(cohort, day=1, state=LessonState.CANCELLED)
    factories.lesson(cohort, day=2)
    factories.lesson(cohort, day=-1, state=LessonState.CLOSED)
    factories.cohort(region=area, starts_on=date(2026, 3, 20), ends_on=date(2026, 3, 24))
    factories.cohort(region=area, starts_on=date(2026, 3, 25), ends_on=date(2026, 3, 29))  # not soon
    reading = roster.read("名册.xlsx", rosters.roster_file(("王小花", rosters.ID_1, "14000001111")), today=AT.date())
    with transaction():
        roster.preview(cohort.id, reading, by=SYSTEM, at=AT)
    preview_sales(factories.shop(factories.person(region=area), platform="taobao"), orders_file(order(1)))
    person = factories.person(region=area)
    facts = {"person_id": person.id, "state": RequestState.OPEN, "channel": ConsentChannel.PAPER, "asked_at": AT}
    keep(
        DataRequest(kind=RequestKind.ERASE, due_on=date(2026, 3, 9), **facts),
        DataRequest(kind=RequestKind.CORRECT, due_on=date(2026, 3, 10), **facts),
    )
    return {"cohort": cohort, "instructor": instructor, "made": made}


@pytest.fixture
def here(app):
    made = fill(DATONG)
    fill(LINFEN)
    return made


def test_a_manager_sees_her_areas_work(here):
    manager = factories.account(Role.MANAGER, region=DATONG)
    assert needs(manager) == {
        N.LESSON_TODAY: 1,
        N.LESSON_LEFT: 1,
        N.REQUEST_OVERDUE: 1,
        N.REQUEST_OPEN: 1,
        N.ROSTER_PREVIEW: 1,
        N.SALES_PREVIEW: 1,
        N.NO_TIMETABLE: 1,
    }
    assert needs(factories.account(Role.MANAGER))[N.ROSTER_PREVIEW] == 2


def test_cohort_staff_see_their_cohorts_work_and_an_instructor_her_lessons(here):
    staff = factories.account(Role.COHORT_STAFF, cohort=here["cohort"])
    assert needs(staff) == {N.LESSON_TODAY: 1, N.LESSON_LEFT: 1, N.ROSTER_PREVIEW: 1}
    assert needs(here["instructor"]) == {N.LESSON_TODAY: 1}
    assert needs(factories.account(Role.INSTRUCTOR)) == {}


def test_an_evaluator_sees_her_sheets_and_the_manager_the_round_that_is_complete(here):
    made = here["made"]
    assert needs(made.evaluators[0]) == {N.SHEET: len(made.enrolments)}
    manager = factories.account(Role.MANAGER, region=DATONG)
    for woman in range(len(made.enrolments)):
        for evaluator in range(len(made.evaluators)):
            assert N.ROUND_COMPLETE not in needs(manager)
            made.submit(woman, evaluator, 1, 2)
    assert needs(made.evaluators[0]) == {}
    assert needs(manager)[N.ROUND_COMPLETE] == 1


def test_an_administrator_sees_failed_jobs_and_resets_of_others(app):
    administrator, other, third = (factories.account(Role.SYSTEM_ADMINISTRATOR) for _ in range(3))
    earlier = {"started_at": AT - timedelta(hours=1), "finished_at": AT}
    keep(
        JobRun(job=JobName.DELIVER_MESSAGES, period="1", state=JobState.FAILED, **earlier),
        JobRun(job=JobName.DELIVER_MESSAGES, period="2", state=JobState.DONE, started_at=AT),
        JobRun(job=JobName.RECOMPUTE_METRICS, period="1", state=JobState.DONE, **earlier),
        JobRun(job=JobName.RECOMPUTE_METRICS, period="2", state=JobState.FAILED, started_at=AT),
        SecondFactorReset(account_id=third.id, asked_by=other.id, asked_at=AT, reason="丢了手机"),
    )
    assert needs(administrator) == {N.SECOND_FACTOR_RESET: 1, N.JOB_FAILED: 1}
    assert needs(other) == needs(third) == {N.JOB_FAILED: 1}
    [row] = needs_page(factories.actor_of(administrator), N.JOB_FAILED, at=AT).items
    assert row.title is JobName.RECOMPUTE_METRICS


def test_failed_work_and_stuck_letters_are_her_own(app):
    manager, other = factories.account(Role.MANAGER), factories.account(Role.MANAGER)
    asked = {
        "kind": TaskKind.SALES_COMMIT,
        "params": {},
        "asked_by": manager.id,
        "asked_at": AT,
        "state": TaskState.FAILED,
    }
    keep(
        BackgroundTask(key="1", finished_at=AT - timedelta(days=6), **asked),
        BackgroundTask(key="2", finished_at=AT - timedelta(days=8), **asked),
    )
    cohort = factories.cohort()
    woman = factories.enrolment(cohort)
    with transaction():
        draft = LetterDraft("通知", "您好", Audience(cohort.id, Circle.ON_THE_ROLL))
        number = letters.send_letter(draft, by=factories.actor_of(manager), at=AT)
    facts = {"message_id": number, "person_id": woman.person_id, "due_at": AT}
    keep(
        Delivery(channel="sms", state=DeliveryState.UNKNOWN, **facts),
        Delivery(channel="x", state=DeliveryState.SENT, **facts),
    )
    assert needs(manager) == {N.TASK_FAILED: 1, N.LETTER_STUCK: 1}
    assert needs(other) == {}


def test_those_who_only_look_are_shown_what_there_is(here):
    with transaction():
        audit.record("x.refuse", "x", 1, by=SYSTEM, at=AT - timedelta(hours=2), success=False)
        audit.record("x.refuse", "x", 1, by=SYSTEM, at=AT - timedelta(days=2), success=False)
    assert N.COHORT_RUNNING in needs(factories.account(Role.AUDITOR, region=DATONG))
    assert N.REFUSAL not in needs(factories.account(Role.AUDITOR, region=DATONG))  # half a right over the site is none
    assert needs(factories.account(Role.AUDITOR))[N.REFUSAL] == 1
    assert set(needs(factories.account(Role.PARTNER, region=DATONG))) == {N.PROGRAMME_RUNNING}
    assert N.ROUND_CLOSED not in needs(factories.account(Role.FINANCE, region=DATONG))
    for woman in range(len(here["made"].enrolments)):
        for evaluator in range(len(here["made"].evaluators)):
            here["made"].submit(woman, evaluator, 1, 2)
    here["made"].act(rounds.close_round)
    finance, manager = factories.account(Role.FINANCE, region=DATONG), here["made"].manager
    assert (N.ROUND_CLOSED in needs(finance), needs(manager)[N.ROUND_TO_FREEZE]) == (False, 1)
    here["made"].freeze()
    assert (needs(finance)[N.ROUND_CLOSED], N.ROUND_TO_FREEZE in needs(manager)) == (1, False)
    assert needs(factories.account(Role.FINANCE, region=LINFEN)).get(N.ROUND_CLOSED) is None


def test_whoever_did_not_ask_is_told_that_a_round_is_to_be_opened_again(here):
    made, other = here["made"], factories.account(Role.MANAGER, region=DATONG)
    made.submit(0, 0, 1, 2)
    made.act(rounds.close_round)
    with transaction():
        reopening.ask_to_reopen(made.round_id, "漏了一份", by=made.by, at=AT)
    assert N.ROUND_TO_REOPEN not in needs(made.manager)
    assert needs(other)[N.ROUND_TO_REOPEN] == 1


def test_every_count_is_what_its_list_holds(here):
    own = {Role.EVALUATOR: here["made"].evaluators[0], Role.INSTRUCTOR: here["instructor"]}
    for role in set(Role) - {Role.TRAINEE}:
        actor = factories.actor_of(own.get(role) or factories.account(role))
        counts = count_needs(actor, at=AT)
        listed = {kind: needs_page(actor, kind, at=AT) for kind in kinds_of(actor)}
        assert {kind: page.total for kind, page in listed.items() if page.total} == counts
        assert all(len(page.items) == page.total for page in listed.values())


@pytest.mark.parametrize("role", list(Role))
def test_counting_takes_one_statement(app, count_statements, role):
    actor = factories.actor(role)
    with count_statements() as seen:
        count_needs(actor, at=AT)
    assert len(seen) == 1
