"""Calls and visits after the course: once, with what must not be refused; the class's figures are told."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests import factories
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.follow_up import FollowUpDraft, FollowUpKind, FollowUpOutcome, FollowUpPurpose
from trainer.errors import Conflict, NotFound, Refused
from trainer.models import AuditEvent, CohortOutcomes, Enrolment, FollowUp
from trainer.services import follow_up as follow_ups
from trainer.services.taken_down import NoReasonToTakeBack, TakenBackBefore

pytestmark = pytest.mark.sqlite_is_enough

CALL = FollowUpDraft(FollowUpKind.CALL, FollowUpPurpose.ADVICE, FollowUpOutcome.SPOKEN, AT.date(), 12, False, "歇了")


@pytest.fixture
def by(app):
    return factories.actor()


@pytest.fixture
def graduate(cohort):
    return factories.enrolment(cohort, status=EnrolmentStatus.COMPLETED)


def record(enrolment_id, draft=CALL, *, nonce="n1", by):
    with transaction():
        return follow_ups.record_follow_up(enrolment_id, draft, nonce=nonce, by=by, at=AT).id


def test_a_call_stands_once_and_the_class_is_to_be_reckoned(by, graduate):
    first, again = record(graduate.id, by=by), record(graduate.id, by=by)
    row = db.session.get(FollowUp, first)
    assert (first, row.broadcasts_still, row.words, row.by) == (again, False, "歇了", by.account_id)
    assert db.session.get(CohortOutcomes, graduate.cohort_id).changed_at == AT
    [event] = db.session.scalars(db.select(AuditEvent).where(AuditEvent.action == "follow_up.record"))
    assert "歇了" not in str(event.details)
    with pytest.raises(Conflict):  # the number of somebody else's form
        record(graduate.id, by=factories.actor())


def test_what_cannot_be(by, graduate):
    cases = [
        (replace(CALL, day=AT.date() + timedelta(days=1)), "follow_up_to_come"),
        (replace(CALL, day=date(2026, 1, 1)), "follow_up_before_course"),
        (replace(CALL, minutes=0), "follow_up_minutes"),
        (replace(CALL, minutes=481), "follow_up_minutes"),
        (replace(CALL, outcome=FollowUpOutcome.NOT_REACHED), "follow_up_spoke_with_nobody"),
    ]
    for draft, code in cases:
        with pytest.raises(Refused) as refused:
            record(graduate.id, draft, by=by)
        assert refused.value.code == code
    with transaction():
        db.session.get(Enrolment, graduate.id).status = EnrolmentStatus.WITHDRAWN
    with pytest.raises(follow_ups.NotFollowedUp):
        record(graduate.id, by=by)
    with pytest.raises(NotFound):
        record(0, by=by)
    assert db.session.scalar(db.select(db.func.count(FollowUp.id))) == 0


def test_taken_back_it_stays_with_its_reason(by, graduate):
    id_ = record(graduate.id, by=by)
    for reason, expected in (
        ("", pytest.raises(NoReasonToTakeBack)),
        ("记错了人", nullcontext()),
        ("再来", pytest.raises(TakenBackBefore)),
    ):
        with expected, transaction():
            follow_ups.take_back(id_, reason, by=by, at=AT)
    assert db.session.get(FollowUp, id_).taken_back_because == "记错了人"
