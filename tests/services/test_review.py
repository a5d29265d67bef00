"""Score sheets: drafts, submitting, changing, and every refusal."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests import factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.panel import ConflictKind, ConflictSource, ConflictState, SeatState
from trainer.domain.review import SheetContent
from trainer.domain.selection import Recommendation, ReviewState, SheetDraft, SheetSource
from trainer.errors import Conflict, NotFound
from trainer.jobs import check_sheets
from trainer.models import Assignment, AuditEvent, Message, PanelSeat, Review, ReviewVersion, Round
from trainer.models import Conflict as ConflictRow
from trainer.queries.review_seal import first_broken_sheet
from trainer.services import panel as panels
from trainer.services import review as reviews
from trainer.services import round as rounds
from trainer.services import selection as services
from trainer.services.review_reminder import remind_evaluators

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
    assert (review.draft["levels"], review.draft["strengths"]) == ({"c1": 3, "c2": None}, "踏实")
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
    assert event.details["seal"] == version.sha256
    assert not {"before", "after"} & event.details.keys()  # the trail is read while the round is open


def test_too_little_answered_cannot_be_submitted(made):
    with pytest.raises(reviews.TooLittleAnswered):
        made.submit(0, 0, None, 3)  # 30 of 80
    assert db.session.scalar(db.select(Review)) is None
    assert versions() == []


def test_what_is_left_open_needs_a_reason(made):
    for abstentions in ({}, {"c2": "  "}, {"c1": "没有材料"}):
        with pytest.raises(reviews.Unanswered) as refused:
            made.submit(0, 0, 3, None, abstentions=abstentions)
        assert refused.value.values == {"criteria": "带动作用"}
    made.submit(0, 0, 3, None, abstentions={"c2": "没有材料"})
    assert (versions()[0].levels, versions()[0].abstentions) == ({"c1": 3, "c2": None}, {"c2": "没有材料"})


def test_advice_and_confidence_go_with_the_version(made):
    made.submit(0, 0, 3, 2, confidence=2, recommendation=Recommendation.NOT_NOW)
    (version,) = versions()
    assert (version.confidence, version.recommendation) == (2, Recommendation.NOT_NOW)
    with pytest.raises(reviews.LevelOutsideRubric):
        made.submit(1, 0, 3, 2, confidence=4)
    with pytest.raises(reviews.LevelOutsideRubric):
        made.submit(1, 0, 3, 2, abstentions={"c9": "?"})


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


def change(table, **values) -> None:
    with transaction():
        db.session.execute(db.update(table).values(**values))


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (Assignment, {"withdrawn_at": AT}),
        (PanelSeat, {"state": SeatState.REMOVED}),
        (PanelSeat, {"state": SeatState.INVITED}),
        (PanelSeat, {"declared_at": None}),
    ],
)
def test_whoever_lost_her_place_writes_nothing_more(made, table, values):
    """Between opening the page and submitting, as much as before."""
    version = made.draft(0, 0, 3, 2)
    change(table, **values)
    for verb in (made.draft, made.submit):
        with pytest.raises(NotFound):
            verb(0, 0, 3, 3, version=version)
    assert versions() == []


def test_a_conflict_declared_while_the_sheet_is_open_stops_it(made):
    version = made.draft(0, 0, 3, 2)
    judge, application = made.evaluators[0], made.applications()[0].id
    words = (made.round_id, [(application, ConflictKind.FAMILY, "表妹")])
    with transaction():
        panels.declare(*words, by=factories.actor_of(judge), at=AT)
    with pytest.raises(NotFound):
        made.submit(0, 0, 3, 2, version=version)
    made.submit(1, 0, 3, 2)
    assert [v.assignment_id for v in versions()] == [made.assignment(1, 0).id]


def test_a_conflict_stops_it_by_itself_though_the_sheet_was_never_taken_from_her(made):
    version = made.draft(0, 0, 3, 2)
    with transaction() as session:
        facts = {"kind": ConflictKind.FAMILY, "source": ConflictSource.STAFF, "state": ConflictState.UPHELD}
        pair = {"application_id": made.applications()[0].id, "account_id": made.evaluators[0].id}
        session.add(ConflictRow(**pair, **facts, raised_at=AT))
    for verb in (made.submit, made.draft):
        with pytest.raises(NotFound):
            verb(0, 0, 3, 3, version=version)
    assert versions() == []


def test_in_a_further_reading_earlier_sheets_stand_still(made):
    made.submit(0, 0, 3, 2)
    change(Round, wave=2, first_open_wave=2)
    for verb, version in ((made.draft, 1), (made.submit, 1)):
        with pytest.raises(reviews.SheetStands):
            verb(0, 0, 1, 2, version=version)
    with pytest.raises(reviews.SheetStands):
        made.submit(1, 0, 3, 2)  # nor is one begun late
    change(Assignment, wave=2)
    made.submit(1, 0, 3, 2)


def test_a_sheet_brought_on_paper_is_sealed_like_any_other(made):
    made.submit(0, 0, 3, 2)
    assignment_id, draft = made.assignment(0, 0).id, SheetDraft({"c1": 1, "c2": 2})
    with transaction():
        reviews.submit_paper(assignment_id, draft, reason="纸质评分表", by=made.by, at=AT)
    first, second = versions()
    assert (second.source, second.number) == (SheetSource.PAPER, 2)
    assert len({first.sha256, second.sha256}) == 2
    assert first_broken_sheet() is None


@pytest.mark.parametrize(
    ("values", "broken"),
    [
        ({"strengths": "踏实肯千"}, 1),  # one letter of 踏实肯干
        ({"levels": {"c1": 3, "c2": 3}}, 1),
        ({"reason": "换了"}, 1),
        ({"submitted_at": AT + timedelta(microseconds=1)}, 1),
        ({"sha256": "0" * 64}, 1),
        ({"sha256": None}, 1),
    ],
)
def test_a_byte_altered_is_found_and_named(made, values, broken):
    made.submit(1, 0, 3, 2)
    made.submit(0, 0, 3, 2, strengths="踏实肯干")
    made.submit(0, 0, 1, 2, version=1, strengths="踏实肯干", reason="看错了")
    assert first_broken_sheet() is None
    at = made.assignment(0, 0).id
    with transaction():
        which = (ReviewVersion.assignment_id == at) & (ReviewVersion.number == 1)
        db.session.execute(db.update(ReviewVersion).where(which).values(**values))
    found = first_broken_sheet()
    assert (found.assignment_id, found.number, found.code) == (at, broken, made.applications()[0].code)


def test_whoever_reckons_the_seals_anew_is_found_by_the_audit_trail(made):
    made.submit(0, 0, 3, 2)
    (version,) = versions()
    content = SheetContent(**{name: getattr(version, name) for name in SheetContent.__dataclass_fields__})
    forged = replace(content, levels={"c1": 1, "c2": 2})
    change(ReviewVersion, levels=dict(forged.levels), sha256=forged.seal(None))
    assert first_broken_sheet().number == 1


def test_a_version_that_was_taken_out_is_missed(made):
    made.submit(0, 0, 3, 2)
    made.submit(0, 0, 1, 2, version=1, reason="看错了")
    at = made.assignment(0, 0).id
    with transaction():
        db.session.execute(db.delete(ReviewVersion).where(ReviewVersion.number == 2))
    assert first_broken_sheet().number == 1
    change(Review, submitted_version=1)
    found = first_broken_sheet()
    assert (found.assignment_id, found.number) == (at, 2)


def test_the_nightly_check_fails_loudly(app, made):
    made.submit(0, 0, 3, 2)
    assert "job_sheets_hold" in check_sheets.run({})
    change(ReviewVersion, risks="后来加的")
    code = made.applications()[0].code
    with pytest.raises(check_sheets.SheetBroken, match=code):
        check_sheets.run({})
    told = app.test_cli_runner().invoke(args=["audit", "verify", "--sheets"])
    assert (told.exit_code, code in told.output) == (2, True)


def test_evaluators_are_reminded_three_days_and_one_day_before(made):
    closes = AT + timedelta(days=5)
    change(Round, closes_at=closes)
    made.submit(0, 0, 3, 2)
    made.submit(1, 0, 3, 2)
    with transaction():
        panels.declare(
            made.round_id,
            [(made.applications()[0].id, ConflictKind.FAMILY, "")],
            by=factories.actor_of(made.evaluators[1]),
            at=AT,
        )

    def remind(before: timedelta) -> int:
        with transaction():
            return remind_evaluators(at=closes - before)

    assert remind(timedelta(days=4)) == 0
    assert [remind(timedelta(days=days)) for days in (3, 2, 1)] == [1, 0, 1]
    said = db.session.scalars(db.select(Message).where(Message.code == "sheets_wait")).all()
    assert {(message.values["count"]) for message in said} == {1}  # not two: one of hers is kept from her
    assert remind(timedelta()) == 0


def test_an_application_that_was_withdrawn_is_gone(made):
    application = made.applications()[0]
    with transaction():
        services.withdraw(application.id, application.version, "外出务工", by=made.by, at=AT)
    with pytest.raises(NotFound):
        made.draft(0, 0, 3, 2)
