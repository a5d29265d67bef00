"""Making a selection: each verb, and each refusal."""

import pytest

from tests import factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM
from trainer.domain.assignment_model import CannotDeal
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.selection import RoundKind, RoundState, SelectionKind
from trainer.errors import Conflict, NotFound
from trainer.models import Application, Assignment, AuditEvent, Rubric
from trainer.queries.selection import get_round_facts, get_stage
from trainer.services import dealing
from trainer.services import round as rounds
from trainer.services import rubric as rubrics
from trainer.services import selection as services

pytestmark = pytest.mark.sqlite_is_enough


def facts(made):
    return get_round_facts(get_stage(made.selection_id).round)


def actions() -> list[str]:
    return list(db.session.scalars(db.select(AuditEvent.action).order_by(AuditEvent.seq)))


def test_a_selection_lies_within_its_programme(app):
    programme = factories.programme(region=factories.DATONG)
    data = services.NewSelection(
        programme.id, "评选", SelectionKind.STARTUP_FUNDING, factories.LINFEN, 6, RoundKind.FINAL
    )
    with pytest.raises(services.AreaOutsideProgramme), transaction():
        services.create_selection(data, by=SYSTEM, at=AT)


def test_candidates_are_women_in_training_or_completed_each_once(app):
    made = selections.make(3)
    factories.enrolment(made.cohort, status=EnrolmentStatus.WITHDRAWN)
    factories.enrolment(made.cohort, status=EnrolmentStatus.APPLIED)
    completed = factories.enrolment(made.cohort, status=EnrolmentStatus.COMPLETED)
    assert made.act(services.add_candidates, made.cohort.id, [made.enrolments[0].id]) == 1
    assert made.act(services.add_candidates, made.cohort.id, None) == 3
    assert made.act(services.add_candidates, made.cohort.id, None) == 0
    rows = db.session.scalars(db.select(Application)).all()
    assert sorted(row.code for row in rows) == ["A-001", "A-002", "A-003", "A-004"]
    assert completed.id in {row.enrolment_id for row in rows}


def test_codes_do_not_follow_the_seats(app):
    made = selections.make(6)
    made.act(services.add_candidates, made.cohort.id, None)
    codes = [application.code for application in made.applications()]
    assert codes != sorted(codes)


def test_a_cohort_outside_the_area_is_refused(app):
    made, elsewhere = selections.make(), factories.cohort(region=factories.LINFEN)
    with pytest.raises(services.CohortOutsideArea):
        made.act(services.add_candidates, elsewhere.id, None)


@pytest.mark.parametrize("text", ["我叫王秀芳，卖黄花菜", "我们大西沟村有六户", "电话 13812345678，请联系"])
def test_a_plan_must_not_say_who_she_is(app, text):
    made = selections.ready()
    application = made.applications()[0]
    with pytest.raises(services.PlanNamesHer), transaction():
        services.set_plan(application.id, application.version, text, by=made.by, at=AT)


def test_a_plan_is_kept_and_a_stale_one_refused(app):
    made = selections.ready()
    application = made.applications()[0]
    id_, seen = application.id, application.version
    with transaction():
        services.set_plan(id_, seen, "卖黄花菜，一年 2000 斤。", by=made.by, at=AT)
    with pytest.raises(Conflict), transaction():
        services.set_plan(id_, seen, "别的", by=made.by, at=AT)
    assert made.applications()[0].plan == "卖黄花菜，一年 2000 斤。"


def test_nothing_moves_once_the_round_is_open(app):
    made = selections.opened()
    application = made.applications()[0]
    for act in (
        lambda: made.act(rubrics.set_rubric, ()),
        lambda: made.act(services.add_candidates, made.cohort.id, None),
        lambda: made.act(dealing.deal_applications, [made.evaluators[0].id], 1),
        lambda: made.act(rounds.open_round),
    ):
        with pytest.raises(rounds.RoundNotDraft):
            act()
    with pytest.raises(rounds.RoundNotDraft), transaction():
        services.set_plan(application.id, application.version, "新的", by=made.by, at=AT)
    assert db.session.scalar(db.select(Rubric.locked_at).where(Rubric.superseded_at.is_(None))) == AT


def test_whoever_withdraws_is_left_out_and_may_come_back_while_it_is_prepared(app):
    made = selections.ready()
    application = made.applications()[0]
    id_, code = application.id, application.code
    with transaction():
        services.withdraw(id_, application.version, "外出务工", by=made.by, at=AT)
    assert facts(made).candidates == 2
    with pytest.raises(services.AlreadyWithdrawn), transaction():
        services.withdraw(id_, made.applications()[0].version, "再次", by=made.by, at=AT)
    assert made.act(services.add_candidates, made.cohort.id, None) == 1
    assert made.applications()[0].code == code
    assert facts(made).candidates == 3


def test_nobody_withdraws_after_the_closing(app):
    made = selections.opened()
    made.submit(0, 0, 3, 3)
    made.act(rounds.close_round)
    application = made.applications()[0]
    with pytest.raises(rounds.RoundNotDraft), transaction():
        services.withdraw(application.id, application.version, "外出务工", by=made.by, at=AT)


def test_only_evaluators_of_the_area_are_dealt_to(app):
    made = selections.ready()
    stranger = factories.account(factories.Role.INSTRUCTOR)
    far = factories.account(factories.Role.EVALUATOR, region=factories.LINFEN)
    for account in (stranger, far):
        with pytest.raises(NotFound):
            made.act(dealing.deal_applications, [account.id], 1)
    with pytest.raises(rounds.NoEvaluators):
        made.act(dealing.deal_applications, [], None)
    with pytest.raises(CannotDeal):
        made.act(dealing.deal_applications, [made.evaluators[0].id], 2)


def test_dealing_anew_replaces_what_was_dealt(app):
    made = selections.ready(3, 2)
    assert db.session.scalar(db.select(db.func.count()).select_from(Assignment)) == 6
    made.act(dealing.deal_applications, [e.id for e in made.evaluators], 1)
    assert db.session.scalar(db.select(db.func.count()).select_from(Assignment)) == 3


def test_a_round_opens_only_when_all_is_there(app):
    made = selections.make()
    with pytest.raises(rounds.RubricMissing):
        made.act(rounds.open_round)
    made.act(rubrics.set_rubric, selections.RUBRIC[:2])
    with pytest.raises(rounds.WeightsNot100) as refused:
        made.act(rounds.open_round)
    assert refused.value.values == {"total": "80"}
    made.act(rubrics.set_rubric, selections.RUBRIC)
    with pytest.raises(rounds.NoCandidates):
        made.act(rounds.open_round)
    made.act(services.add_candidates, made.cohort.id, None)
    with pytest.raises(rounds.UnreadCandidates) as refused:
        made.act(rounds.open_round)
    assert refused.value.values == {"count": 3}
    made.evaluators = [factories.account(factories.Role.EVALUATOR)]
    selections.seat(made)
    made.act(dealing.deal_applications, [made.evaluators[0].id], None)
    made.act(rounds.open_round)
    assert made.state is RoundState.OPEN
    assert facts(made).sheets == 3


def test_closing_takes_at_least_one_sheet(app):
    made = selections.opened()
    with pytest.raises(rounds.NoSheets):
        made.act(rounds.close_round)
    made.submit(0, 0, 3, 3)
    made.act(rounds.close_round)
    assert made.state is RoundState.CLOSED
    with pytest.raises(rounds.RoundNotOpen):
        made.act(rounds.close_round)
