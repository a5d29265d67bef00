"""Score sheets: drafts, submitting, changing, and every refusal."""

import pytest

from tests import factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.selection import ReviewState
from trainer.errors import Conflict, NotFound
from trainer.models import AuditEvent, Review, ReviewVersion
from trainer.services import review as reviews
from trainer.services import round as rounds
from trainer.services import selection as services

pytestmark = pytest.mark.sqlite_is_enough


@pytest.fixture
def made(app):
    return selections.opened(2, 2)


def versions() -> list[ReviewVersion]:
    return list(db.session.scalars(db.select(ReviewVersion).order_by(ReviewVersion.number)))


def test_a_draft_is_kept_and_is_no_score(made):
    made.draft(0, 0, 3, None, strengths="踏实")
    review = db.session.scalar(db.select(Review))
    assert review.state is ReviewState.DRAFT
    assert review.draft == {"levels": {"c1": 3, "c2": None}, "strengths": "踏实", "risks": ""}
    assert versions() == []


def test_a_draft_from_an_older_window_is_refused(made):
    first = made.draft(0, 0, 3, None)
    made.draft(0, 0, 3, 2, version=first)
    with pytest.raises(Conflict):
        made.draft(0, 0, 1, 1, version=first)
    with pytest.raises(Conflict):
        made.draft(0, 0, 1, 1, version=0)


def test_the_same_draft_again_is_no_new_version(made):
    first = made.draft(0, 0, 3, None)
    assert made.draft(0, 0, 3, None, version=first) == first


def test_submitting_writes_an_audited_version(made):
    made.submit(0, 0, 3, 2, strengths="踏实")
    (version,) = versions()
    assert (version.number, version.levels, version.strengths) == (1, {"c1": 3, "c2": 2}, "踏实")
    event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "review.submit"))
    assert event.details["after"] == {"c1": 3, "c2": 2}


def test_too_little_answered_cannot_be_submitted(made):
    with pytest.raises(reviews.TooLittleAnswered):
        made.submit(0, 0, None, 3)  # 30 of 80
    assert db.session.scalar(db.select(Review)) is None
    assert versions() == []


def test_what_is_open_must_be_declared_an_abstention(made):
    with pytest.raises(reviews.Unanswered) as refused:
        made.submit(0, 0, 3, None)
    assert refused.value.values == {"criteria": "带动作用"}
    made.submit(0, 0, 3, None, abstaining=True)
    assert versions()[0].levels == {"c1": 3, "c2": None}


def test_the_same_sheet_is_not_submitted_twice(made):
    made.submit(0, 0, 3, 2)
    with pytest.raises(reviews.NothingChanged):
        made.submit(0, 0, 3, 2, version=1)
    assert len(versions()) == 1


def test_a_change_is_a_new_version_with_a_reason(made):
    made.submit(0, 0, 3, 2)
    with pytest.raises(rounds.ReasonMissing):
        made.submit(0, 0, 1, 2, version=1)
    made.submit(0, 0, 1, 2, version=1, reason="看错了档次")
    first, second = versions()
    assert (first.levels["c1"], first.reason) == (3, "")
    assert (second.levels["c1"], second.reason) == (1, "看错了档次")
    assert db.session.scalar(db.select(Review.submitted_version)) == 2


def test_a_begun_change_leaves_the_submitted_sheet_counting(made):
    made.submit(0, 0, 3, 2)
    made.draft(0, 0, 1, None, version=1)
    review = db.session.scalar(db.select(Review))
    assert (review.state, review.submitted_version) == (ReviewState.SUBMITTED, 1)


def test_submitting_an_older_state_is_refused(made):
    version = made.draft(0, 0, 3, 2)
    made.draft(0, 0, 3, 3, version=version)
    with pytest.raises(Conflict):
        made.submit(0, 0, 3, 2, version=version)


def test_nobody_writes_on_anothers_sheet(made):
    other = factories.actor_of(made.evaluators[1])
    with pytest.raises(NotFound):
        made.draft(0, 0, 3, 2, by=other)
    made.draft(0, 0, 3, 2)
    with pytest.raises(NotFound):
        made.submit(0, 0, 3, 2, version=1, by=other)


def test_levels_outside_the_rubric_are_refused(made):
    for levels in ((4, 1), (0, 1), (1, 2, 3)):
        for verb in (made.draft, made.submit):
            with pytest.raises(reviews.LevelOutsideRubric):
                verb(0, 0, *levels)


def test_a_round_being_prepared_takes_nothing(app):
    made = selections.ready(2, 2)
    with pytest.raises(NotFound):
        made.draft(0, 0, 3, 2)


def test_a_closed_round_takes_nothing(made):
    made.submit(0, 0, 3, 2)
    made.act(rounds.close_round)
    with pytest.raises(rounds.RoundNotOpen):
        made.draft(1, 0, 3, 2)
    with pytest.raises(rounds.RoundNotOpen):
        made.submit(0, 0, 1, 2, version=1, reason="看错了")


def test_an_application_that_was_withdrawn_is_gone(made):
    application = made.applications()[0]
    with transaction():
        services.withdraw(application.id, application.version, "外出务工", by=made.by, at=AT)
    with pytest.raises(NotFound):
        made.draft(0, 0, 3, 2)
