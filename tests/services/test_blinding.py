"""Confirming what evaluators of a blind round read."""

import pytest

from tests import factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.errors import Conflict, NotFound
from trainer.models import Application, ApplicationFile, AuditEvent, RoleGrant, Round
from trainer.queries.account import get_actor
from trainer.queries.blinding import count_unblinded, get_blind_view, has_redacted, next_unblinded
from trainer.services import blinding, panel
from trainer.services import round as rounds
from trainer.services.blinding import BlindText

pytestmark = pytest.mark.sqlite_is_enough

PLAN = "我叫王秀芳，在卖小米，去年卖出3000斤"
BLIND = "我叫【姓名】，在卖小米，去年卖出3000斤"
USES = [{"item": "给王秀芳买手机架", "amount_fen": 50_000}]


def written():
    """Two candidates, one of whom wrote something."""
    made = selections.ready(women=2)
    selections.write(made, 0, "王秀芳的小米", PLAN, USES, amount_fen=50_000)
    return made


def confirm(made, text=None, files=(), *, by=None, woman=0, version=None):
    application = made.applications()[woman]
    text = text or BlindText("【姓名】的小米", BLIND, ("给【姓名】买手机架",))
    with transaction():
        version = application.version if version is None else version
        blinding.confirm_blind(made.round_id, application.id, version, text, files, by=by or made.by, at=AT)


def test_what_is_confirmed_is_what_evaluators_read_and_the_trail_has_no_word_of_it(app):
    made = written()
    picture, other = selections.attachment(made, 0), selections.attachment(made, 1)
    confirm(made, files=[picture])
    application = made.applications()[0]
    assert (application.blind_title, application.blind_plan) == ("【姓名】的小米", BLIND)
    assert application.blind_uses == [{"item": "给【姓名】买手机架", "amount_fen": 50_000}]
    assert (application.blinded_by, application.blinded_at) == (made.manager.id, AT)
    shown = dict(db.session.execute(db.select(ApplicationFile.id, ApplicationFile.is_blind)).all())
    assert shown == {picture: True, other: False}
    entry = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "application.confirm_blind"))
    assert not any(word in str(entry.details) for word in ("秀芳", "小米"))


def test_confirmed_again_it_is_another_text_and_a_picture_is_taken_back(app):
    made = written()
    picture = selections.attachment(made, 0)
    confirm(made, files=[picture])
    confirm(made, BlindText("【姓名】", "卖小米", ("手机架",)))
    assert made.applications()[0].blind_plan == "卖小米"
    assert not db.session.get(ApplicationFile, picture).is_blind


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (BlindText("小米", PLAN, ("x",)), blinding.StillNamed),
        (BlindText("小米", "打13900001111", ("x",), frozenset({"13900001111"})), blinding.StillNamed),
        (BlindText("小米", "卖小米", ("给秀芳买",)), blinding.DoubtsLeft),
        (BlindText("小米", "在东坪村卖小米", ("x",), frozenset({"别处"})), blinding.DoubtsLeft),
        (BlindText("小米", " ", ("x",)), blinding.TextEmptied),
        (BlindText("", "卖小米", ("x",)), blinding.TextEmptied),
        (BlindText("小米", "卖小米"), Conflict),
    ],
)
def test_what_still_says_who_she_is_is_not_confirmed(app, text, refusal):
    made = written()
    with pytest.raises(refusal):
        confirm(made, text)
    assert made.applications()[0].blinded_at is None


def test_a_doubtful_place_may_be_ticked_off(app):
    made = written()
    confirm(made, BlindText("小米", "在东坪村卖小米", ("x",), frozenset({"在东坪村"})))
    assert made.applications()[0].blinded_at == AT


def test_who_judges_or_is_asked_to_does_not_redact_and_who_redacted_is_not_asked(app):
    made = written()
    judge = factories.account(Role.MANAGER, region=factories.DATONG)
    with transaction() as session:
        session.add(RoleGrant(account_id=judge.id, role=Role.EVALUATOR, granted_at=AT))
    confirm(made, by=get_actor(judge))
    assert has_redacted(made.round_id, judge.id)
    with transaction(), pytest.raises(panel.AskedHerself):
        panel.invite_evaluator(made.round_id, judge.id, by=made.by, at=AT)
    with pytest.raises(blinding.RedactorJudges):
        confirm(made, by=get_actor(made.evaluators[0]))


def test_only_candidates_of_a_blind_round_being_prepared_and_their_own_pictures(app):
    made, other = written(), selections.ready(women=1)
    with pytest.raises(NotFound):
        confirm(made, files=[selections.attachment(other, 0)])
    with pytest.raises(Conflict):
        confirm(made, version=0)
    text = BlindText("", "卖小米")
    with transaction(), pytest.raises(NotFound):
        blinding.confirm_blind(made.round_id, other.applications()[0].id, 1, text, by=made.by, at=AT)
    confirm(made)
    made.act(rounds.open_round)
    with pytest.raises(rounds.RoundNotDraft):
        confirm(made)
    with transaction() as session:
        session.get(Round, other.round_id).blind = False
    with pytest.raises(blinding.RoundNotBlind):
        confirm(other, BlindText("", ""))


def test_a_blind_round_opens_when_every_text_is_confirmed(app):
    made = written()
    assert count_unblinded(made.round_id) == 1
    assert next_unblinded(made.round_id) == made.applications()[0].id
    with pytest.raises(rounds.TextsUnblinded):
        made.act(rounds.open_round)
    confirm(made)
    assert (count_unblinded(made.round_id), next_unblinded(made.round_id)) == (0, None)
    made.act(rounds.open_round)


def test_a_round_that_is_not_blind_waits_for_nothing(app):
    made = written()
    with transaction() as session:
        session.get(Round, made.round_id).blind = False
    assert count_unblinded(made.round_id) == 0


def test_her_record_is_what_is_looked_for(app):
    made = written()
    shop = factories.shop(db.session.get(Application, made.applications()[0].id).person, name="塞上小铺")
    values = {known.value for known in get_blind_view(made.round_id, made.applications()[0].id).known}
    assert {"王秀芳", "秀芳", shop.name, made.cohort.teacher_name, made.cohort.name} <= values
