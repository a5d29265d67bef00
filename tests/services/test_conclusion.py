"""Concluding a class: who completes, once for all, again after late marks, never against a certificate, and back."""

from datetime import timedelta

import pytest

from tests import completions, factories
from tests.completions import status_of
from tests.factories import AT
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.domain.certificate import CertificateState
from trainer.domain.enrolment import EnrolmentStatus, StatusCause
from trainer.models import Attendance, AuditEvent, EnrolmentEvent, Lesson
from trainer.models.certificate import Certificate
from trainer.queries.conclusion import get_conclusion, list_runs
from trainer.services import conclusion

pytestmark = pytest.mark.sqlite_is_enough

E, S = EnrolmentStatus, AttendanceStatus


@pytest.fixture
def by(app):
    return factories.actor(Role.COHORT_STAFF, name="李慧敏")


@pytest.fixture
def lesson(cohort):
    return factories.lesson(cohort, state=LessonState.CLOSED)


@pytest.fixture
def women(cohort, lesson):
    """One who came, and one who did not."""
    came, stayed_away = factories.enrolment(cohort), factories.enrolment(cohort, status=E.ADMITTED)
    completions.mark(lesson, came)
    completions.mark(lesson, stayed_away, status=S.ABSENT)
    factories.enrolment(cohort, status=E.WITHDRAWN)
    return came, stayed_away


def conclude(cohort_id: int, by, seen: str | None = None, at=AT):
    seen = seen or get_conclusion(cohort_id).fingerprint
    with transaction():
        return conclusion.conclude_cohort(cohort_id, seen=seen, by=by, at=at)


def put_right(lesson: Lesson, woman, status: S) -> None:
    with transaction():
        db.session.get(Attendance, (lesson.id, woman.id)).status = status


def certify(woman) -> None:
    facts = {"state": CertificateState.VALID, "name": "王秀芳", "content": "{}", "issued_on": AT.date()}
    with transaction() as session:
        session.add(Certificate(number=f"T-{woman.id}", enrolment_id=woman.id, issued_at=AT, **facts))


def last_event(woman) -> EnrolmentEvent:
    statement = db.select(EnrolmentEvent).where(EnrolmentEvent.enrolment_id == woman.id)
    return db.session.scalar(statement.order_by(EnrolmentEvent.id.desc()))


def test_everybody_in_one_act(cohort, women, by):
    came, away = women
    rule = get_conclusion(cohort.id).rule_id
    conclude(cohort.id, by)
    assert [status_of(woman) for woman in women] == [E.COMPLETED, E.NOT_COMPLETED]
    for woman in women:
        event = last_event(woman)
        assert (event.cause, event.rule_id, event.by) == (StatusCause.COMPLETION, rule, by.account_id)
    event = db.session.scalar(db.select(AuditEvent).order_by(AuditEvent.seq.desc()))
    assert (event.action, event.details["count"]) == ("cohort.conclude", 2)
    assert event.details["after"] == {"completed": [came.id], "not_completed": [away.id]}
    [run] = list_runs(cohort.id)
    assert (run.by, run.completed, run.not_completed) == ("李慧敏", 1, 1)
    with pytest.raises(conclusion.NothingToConclude):
        conclude(cohort.id, by)


def test_not_before_the_last_lesson_is_closed(cohort, women, by):
    factories.lesson(cohort, day=1)
    with pytest.raises(conclusion.LessonsOpen):
        conclude(cohort.id, by)
    with pytest.raises(conclusion.LessonsOpen):
        conclude(factories.cohort().id, by)


def test_what_is_open_is_told(cohort, women, by):
    task, exam = completions.course_task(cohort), completions.assessment(cohort)
    completions.demand(cohort, task, exam)
    completions.hand_in(task, women[0], completions.HandInState.HANDED_IN)
    completions.score(exam, women[0], 9000)
    ends = get_conclusion(cohort.id).open_ends
    assert (ends.lessons, ends.hand_ins, ends.scores, ends.is_over) == (0, 1, 1, True)


def test_a_list_that_went_stale_settles_nothing(cohort, lesson, women, by):
    seen = get_conclusion(cohort.id).fingerprint
    put_right(lesson, women[1], S.MADE_UP)
    with pytest.raises(conclusion.ConclusionStale):
        conclude(cohort.id, by, seen)
    assert status_of(women[0]) == E.ACTIVE


def test_two_who_conclude_at_once_conclude_once(app, cohort, women, by):
    cohort_id, seen = cohort.id, get_conclusion(cohort.id).fingerprint
    act = lambda: len(conclusion.conclude_cohort(cohort_id, seen=seen, by=by, at=AT).changes)  # noqa: E731
    first, second = overlap(app, act, act)
    assert first == 2
    assert isinstance(second, conclusion.NothingToConclude)
    statement = db.select(db.func.count()).where(EnrolmentEvent.cause == StatusCause.COMPLETION)
    assert db.session.scalar(statement) == 2


def test_after_late_marks_only_the_changes(cohort, lesson, women, by):
    conclude(cohort.id, by)
    put_right(lesson, women[1], S.MADE_UP)
    [one] = get_conclusion(cohort.id).changes
    assert (one.woman.enrolment_id, one.to) == (women[1].id, E.COMPLETED)
    conclude(cohort.id, by, at=AT + timedelta(days=1))
    assert status_of(women[1]) == E.COMPLETED
    assert [(run.completed, run.not_completed) for run in list_runs(cohort.id)] == [(1, 0), (1, 0)]


def test_a_valid_certificate_is_never_contradicted(cohort, lesson, women, by):
    conclude(cohort.id, by)
    certify(women[0])
    put_right(lesson, women[0], S.ABSENT)
    found = get_conclusion(cohort.id)
    assert found.changes == []
    assert [one.woman.enrolment_id for one in found.stopped] == [women[0].id]
    with pytest.raises(conclusion.NothingToConclude):
        conclude(cohort.id, by)


def take_back(cohort_id: int, by) -> int:
    with transaction():
        return conclusion.take_conclusion_back(cohort_id, reason="漏记了一课", by=by, at=AT + timedelta(hours=1))


def test_a_conclusion_is_taken_back_save_for_certificates(cohort, women, by):
    with pytest.raises(conclusion.NothingToTakeBack):
        take_back(cohort.id, by)
    conclude(cohort.id, by)
    certify(women[0])
    assert take_back(cohort.id, by) == 1
    assert [status_of(woman) for woman in women] == [E.COMPLETED, E.ACTIVE]
    event = last_event(women[1])
    assert (event.cause, event.reason) == (StatusCause.STAFF, "漏记了一课")
    with pytest.raises(conclusion.NothingToTakeBack):
        take_back(cohort.id, by)
    conclude(cohort.id, by)
    assert status_of(women[1]) == E.NOT_COMPLETED


def test_who_stands_so_by_a_decision_of_staff_is_not_taken_back(cohort, women, by):
    with transaction() as session:
        session.get(type(women[0]), women[0].id).status = E.COMPLETED
        facts = {"status": E.COMPLETED, "cause": StatusCause.STAFF, "at": AT}
        session.add(EnrolmentEvent(enrolment_id=women[0].id, **facts))
    conclude(cohort.id, by)
    assert take_back(cohort.id, by) == 1
    assert [status_of(woman) for woman in women] == [E.COMPLETED, E.ACTIVE]


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow_with_the_women(cohort, lesson, by, count_statements, count):
    for _ in range(count):
        completions.mark(lesson, factories.enrolment(cohort))
    cohort_id, seen = cohort.id, get_conclusion(cohort.id).fingerprint
    with count_statements() as statements:
        conclude(cohort_id, by, seen)
    on_postgresql = db.engine.dialect.name == "postgresql"
    assert len(statements) == 15 + 2 * on_postgresql
