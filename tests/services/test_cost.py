"""Costs of a cohort: once, within what a row may hold, taken back with a reason; what they come to up to a day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests import factories
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.cost import CostDraft, CostKind
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.follow_up import FollowUpDraft, FollowUpKind, FollowUpOutcome, FollowUpPurpose
from trainer.errors import NotFound, Refused
from trainer.models import CohortCost, CohortOutcomes, StoredFile
from trainer.queries.effort import Effort, get_effort
from trainer.services import cost as costs
from trainer.services import follow_up as follow_ups
from trainer.services.evidence import seal_evidence

pytestmark = pytest.mark.sqlite_is_enough

LUNCH = CostDraft(CostKind.MEALS, 123_45, AT.date(), "午餐")


@pytest.fixture
def by(app):
    return factories.actor()


def record(cohort_id, draft=LUNCH, *, nonce="n1", by, **facts):
    with transaction():
        return costs.record_cost(cohort_id, draft, nonce=nonce, by=by, at=AT, **facts).id


def test_a_cost_stands_once_with_its_evidence(by, cohort):
    evidence = seal_evidence(b"%PDF-1.4 ", "发票.pdf")
    first, again = (record(cohort.id, by=by, evidence=evidence) for _twice in range(2))
    row = db.session.get(CohortCost, first)
    assert (first, row.amount_fen, row.note, row.kind) == (again, 12_345, "午餐", CostKind.MEALS)
    assert db.session.get(StoredFile, row.evidence_id).person_id is None
    assert db.session.get(CohortOutcomes, cohort.id).changed_at == AT


def test_what_cannot_be(by, cohort):
    cases = [
        (replace(LUNCH, amount_fen=0), "cost_amount"),
        (replace(LUNCH, amount_fen=1_000_000_001), "cost_amount"),
        (replace(LUNCH, spent_on=AT.date() + timedelta(days=1)), "cost_to_come"),
        (replace(LUNCH, spent_on=date(2025, 12, 31)), "cost_before_programme"),
    ]
    for draft, code in cases:
        with pytest.raises(Refused) as refused:
            record(cohort.id, draft, by=by)
        assert refused.value.code == code
    with pytest.raises(NotFound):
        record(0, by=by)
    record(cohort.id, replace(LUNCH, amount_fen=1_000_000_000, spent_on=date(2026, 1, 1)), by=by)


def test_effort_is_what_was_done_by_a_day_and_not_taken_back(by, cohort):
    woman = factories.enrolment(cohort, status=EnrolmentStatus.COMPLETED)
    early = replace(LUNCH, kind=CostKind.VENUE, amount_fen=1, spent_on=date(2026, 2, 1))
    made = [record(cohort.id, draft, nonce=f"n{n}", by=by) for n, draft in enumerate((LUNCH, LUNCH, early))]
    call = FollowUpDraft(FollowUpKind.CALL, FollowUpPurpose.OTHER, FollowUpOutcome.NOT_REACHED, AT.date(), 5)
    visit = replace(call, kind=FollowUpKind.VISIT, minutes=90, day=date(2026, 3, 9))
    with transaction():
        costs.take_back(made[0], "记重了", by=by, at=AT)
        for n, draft in enumerate((call, call, visit)):
            row = follow_ups.record_follow_up(woman.id, draft, nonce=f"f{n}", by=by, at=AT)
            if n == 0:
                follow_ups.take_back(row.id, "记重了", by=by, at=AT)
    assert get_effort(cohort.id, AT.date()) == Effort({"meals": 12_345, "venue": 1}, 1, 1, 95)
    assert get_effort(cohort.id, date(2026, 3, 9)) == Effort({"venue": 1}, 0, 1, 90)
    assert get_effort(factories.cohort().id, AT.date()) == Effort({}, 0, 0, 0)
