"""Exceptions: a reason, two people, and what an approved one does."""

import pytest
from sqlalchemy.exc import IntegrityError

from tests import completions, factories
from tests.completions import status_of
from tests.factories import AT
from tests.races import overlap
from tests.services.test_conclusion import conclude, last_event
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.domain.completion_exception import ExceptionState
from trainer.domain.enrolment import EnrolmentStatus, StatusCause
from trainer.errors import Conflict
from trainer.models import AuditEvent
from trainer.models.completion_exception import CompletionException
from trainer.services import completion_exception as exceptions

pytestmark = pytest.mark.sqlite_is_enough

E = EnrolmentStatus
REASON = "住院一周，课后全部补学"


@pytest.fixture
def staff(app):
    return factories.actor(Role.COHORT_STAFF)


@pytest.fixture
def manager(app):
    return factories.actor(Role.MANAGER)


@pytest.fixture
def woman(cohort):
    row = factories.enrolment(cohort)
    lesson = factories.lesson(cohort, state=LessonState.CLOSED)
    completions.mark(lesson, row, status=AttendanceStatus.ABSENT)
    return row


def propose(woman, by) -> int:
    with transaction():
        return exceptions.propose(woman.id, REASON, by=by, at=AT).id


def decide(exception_id: int, by, *, approve: bool = True, seen: int = 1) -> None:
    with transaction():
        exceptions.decide(exception_id, approve, "同意", seen=seen, by=by, at=AT)


def state(exception_id: int) -> ExceptionState:
    return db.session.get(CompletionException, exception_id, populate_existing=True).state


def test_an_approved_one_lets_her_complete_when_the_class_is_concluded(cohort, woman, staff, manager):
    decide(propose(woman, staff), manager)
    assert status_of(woman) == E.ACTIVE
    conclude(cohort.id, staff)
    assert status_of(woman) == E.COMPLETED
    assert last_event(woman).cause is StatusCause.EXCEPTION


def test_or_at_once_where_it_is(cohort, woman, staff, manager):
    conclude(cohort.id, staff)
    assert status_of(woman) == E.NOT_COMPLETED
    decide(propose(woman, staff), manager)
    assert (status_of(woman), last_event(woman).cause) == (E.COMPLETED, StatusCause.EXCEPTION)
    assert "住院" not in str([event.details for event in db.session.scalars(db.select(AuditEvent))])


def test_it_takes_two_people(woman, manager):
    proposed = propose(woman, manager)
    with pytest.raises(exceptions.OwnProposal):
        decide(proposed, manager)
    signed = db.update(CompletionException).values(state=ExceptionState.APPROVED, decided_by=manager.account_id)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(signed)


def test_of_one_woman_one_at_a_time(app, woman, staff, manager):
    woman_id = woman.id
    act = lambda: exceptions.propose(woman_id, REASON, by=staff, at=AT).id  # noqa: E731
    first, second = overlap(app, act, act)
    assert isinstance(second, exceptions.ExceptionStands | IntegrityError)
    decide(first, manager, approve=False)
    assert state(first) is ExceptionState.REFUSED
    assert propose(woman, staff) > first


def test_whoever_needs_none_gets_none(cohort, woman, staff):
    good = factories.enrolment(cohort)
    completions.mark(factories.lesson(cohort, day=1, state=LessonState.CLOSED), good)
    with pytest.raises(exceptions.ExceptionNotNeeded):
        propose(good, staff)
    with pytest.raises(exceptions.NotOnTheRoll):
        propose(factories.enrolment(cohort, status=E.WITHDRAWN), staff)


def test_a_proposal_is_taken_back_before_it_is_decided(woman, staff, manager):
    proposed = propose(woman, staff)
    with transaction():
        exceptions.take_back(proposed, seen=1, by=staff, at=AT)
    with pytest.raises(exceptions.ExceptionDecided):
        decide(proposed, manager, seen=2)
    again = propose(woman, staff)
    with pytest.raises(Conflict):
        decide(again, manager, seen=9)
    decide(again, manager)
    with pytest.raises(exceptions.ExceptionDecided), transaction():
        exceptions.take_back(again, seen=2, by=staff, at=AT)
