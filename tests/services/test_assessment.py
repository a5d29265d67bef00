"""Assessments: what is made, changed and dropped, and the scores of a class: only changes, none of them blind."""

from dataclasses import replace
from datetime import date

import pytest

from tests import completions, factories
from tests.factories import AT
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.assessment import AssessmentDraft, AssessmentKind, TypedScore
from trainer.errors import Conflict, NotFound
from trainer.models import AuditEvent
from trainer.models.assessment import Assessment, AssessmentScore
from trainer.queries.assessment import list_assessments, list_changes, list_scores
from trainer.services import assessment as assessments

pytestmark = pytest.mark.sqlite_is_enough

DRAFT = AssessmentDraft("理论考核", AssessmentKind.THEORY, date(2026, 3, 13), 10_000)


@pytest.fixture
def by(app):
    return factories.actor(Role.COHORT_STAFF, name="李慧敏")


@pytest.fixture
def women(cohort):
    return [factories.enrolment(cohort, factories.person(name)) for name in ("王秀芳", "李桂花")]


@pytest.fixture
def exam(cohort, by):
    with transaction():
        return assessments.create_assessment(cohort.id, DRAFT, by=by, at=AT).id


def enter(exam: int, by, *typed: tuple[int, int | None, int], reason: str = "") -> int:
    with transaction():
        return assessments.enter_scores(exam, [TypedScore(*one) for one in typed], reason=reason, by=by, at=AT)


def stands(exam: int) -> list[tuple[int, int | None]]:
    return [(row.entry_id, row.score) for row in list_scores(db.session.get(Assessment, exam))]


def test_only_what_differs_is_written(exam, women, by):
    ada, bo = (woman.id for woman in women)
    assert enter(exam, by, (ada, 8050, 0), (bo, None, 0)) == 1
    [(entry, score), (none, _nothing)] = stands(exam)
    assert (score, none) == (8050, 0)
    assert enter(exam, by, (ada, 8050, entry), (bo, 6000, 0)) == 1
    event = db.session.scalar(db.select(AuditEvent).order_by(AuditEvent.seq.desc()))
    assert (event.action, event.details["after"]) == ("assessment.enter_scores", {str(bo): 6000})
    assert list_assessments(db.session.get(Assessment, exam).cohort_id)[0].scored == 2


def test_a_score_that_stands_changes_with_a_reason_and_is_kept(exam, women, by):
    ada = women[0].id
    enter(exam, by, (ada, 5000, 0))
    entry = stands(exam)[0][0]
    for other in (6000, None):
        with pytest.raises(assessments.ScoreChangeUnexplained) as refused:
            enter(exam, by, (ada, other, entry), reason=" ")
        assert refused.value.values == {"names": "王秀芳"}
    assert enter(exam, by, (ada, None, entry), reason="记错了人") == 1
    [change] = list_changes(exam)
    assert (change.before, change.after, change.reason, change.by) == (5000, None, "记错了人", "李慧敏")
    assert enter(exam, by, (ada, 7000, stands(exam)[0][0])) == 1  # nothing stands: no reason
    assert list_assessments(db.session.get(Assessment, exam).cohort_id)[0].scored == 1


def test_what_somebody_else_entered_is_not_overwritten_blindly(exam, women, by):
    ada, bo = (woman.id for woman in women)
    enter(exam, by, (ada, 5000, 0))
    with pytest.raises(assessments.ScoreChangedMeanwhile):
        enter(exam, by, (ada, 9000, 0), (bo, 8000, 0), reason="重考")
    assert [score for _id, score in stands(exam)] == [5000, None]
    assert enter(exam, by, (ada, 5000, 0)) == 0  # the same is no conflict


def test_two_who_enter_at_once_do_not_mix(app, exam, women, by):
    ada = women[0].id
    acts = [
        lambda score=score: assessments.enter_scores(exam, [TypedScore(ada, score, 0)], by=by, at=AT)
        for score in (5000, 6000)
    ]
    first, second = overlap(app, *acts)
    assert first == 1
    assert isinstance(second, assessments.ScoreChangedMeanwhile)
    assert [score for _id, score in stands(exam)] == [5000, None]


def test_whoever_is_not_of_the_class_gets_no_score(exam, by):
    stranger = factories.enrolment(factories.cohort())
    with pytest.raises(NotFound):
        enter(exam, by, (stranger.id, 5000, 0))
    assert db.session.scalar(db.select(db.func.count()).select_from(AssessmentScore)) == 0


def change(exam: int, by, draft=None, dropped=None, seen: int | None = None):
    with transaction():
        seen = seen or db.session.get(Assessment, exam).version
        if draft:
            assessments.update_assessment(exam, draft, seen=seen, by=by, at=AT)
        else:
            assessments.set_dropped(exam, dropped, seen=seen, by=by, at=AT)


def test_the_maximum_stays_above_what_was_entered_and_demanded(exam, cohort, women, by):
    change(exam, by, replace(DRAFT, name="理论（重考）", max_score=5000))
    enter(exam, by, (women[0].id, 4000, 0))
    with pytest.raises(assessments.MaximumTooLow):
        change(exam, by, replace(DRAFT, max_score=3900))
    completions.demand(cohort, db.session.get(Assessment, exam), min_score=4500)
    with pytest.raises(assessments.MaximumTooLow) as refused:
        change(exam, by, replace(DRAFT, max_score=4400))
    assert refused.value.values == {"score": "45"}
    with pytest.raises(Conflict):
        change(exam, by, DRAFT, seen=99)


def test_what_the_rule_demands_is_not_dropped(exam, cohort, women, by):
    completions.demand(cohort, db.session.get(Assessment, exam))
    with pytest.raises(assessments.AssessmentDemanded):
        change(exam, by, dropped=True)
    completions.demand(cohort)
    change(exam, by, dropped=True)
    with pytest.raises(assessments.AssessmentDropped):
        enter(exam, by, (women[0].id, 5000, 0))
    assert list_assessments(cohort.id) == []
    change(exam, by, dropped=False)
    assert enter(exam, by, (women[0].id, 5000, 0)) == 1
