"""Asking evaluators: each verb and each refusal, and the link that works once."""

from datetime import timedelta

import pytest

from tests import factories, selections
from tests.factories import AT
from tests.races import overlap
from trainer.crypto import hash_token
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.panel import INVITATION_LIFE, ConflictKind, SeatState
from trainer.domain.selection import RoundState
from trainer.errors import NotFound
from trainer.models import Account, Assignment, AuditEvent, Message, Round
from trainer.models.panel import PanelSeat
from trainer.queries.account import get_actor
from trainer.services import panel as panels
from trainer.services import round as rounds
from trainer.services import selection as chosen
from trainer.services.access import LinkSpent
from trainer.services.account import PhoneTaken, accept_invitation
from trainer.services.password import NewPassword
from trainer.services.reminder import remind_of_invitations


def invited(made=None, judge=None, **values):
    made = made or selections.make()
    judge = judge or factories.account(Role.EVALUATOR)
    with transaction():
        seat, token = panels.invite_evaluator(made.round_id, judge.id, by=made.by, at=AT, **values)
        return made, judge, seat.id, token


def seat_of(seat_id: int) -> PanelSeat:
    db.session.rollback()
    return db.session.get(PanelSeat, seat_id, populate_existing=True)


def answer(token: str, accepts: bool = True, reason: str = "", *, at=AT):
    with transaction():
        return panels.answer_invitation(token, accepts, reason, at=at)


def test_only_the_hash_of_a_link_is_kept_anywhere(app):
    made, _judge, seat_id, token = invited(max_load=30, region_code=factories.YUNZHOU, village="大西沟村")
    seat = seat_of(seat_id)
    assert seat.token_hash == hash_token(token)
    assert (seat.state, seat.max_load, seat.village) == (SeatState.INVITED, 30, "大西沟村")
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(db.select(table)):
            assert token not in str(tuple(row)), table.name
    note = db.session.scalar(db.select(Message).where(Message.code == "panel_invited"))
    assert note.link == f"/reviews/rounds/{made.round_id}/invitation"


@pytest.mark.parametrize(("accepts", "state"), [(True, SeatState.ACCEPTED), (False, SeatState.DECLINED)])
def test_an_answer_spends_the_link_and_staff_are_told(app, accepts, state):
    _made, judge, seat_id, token = invited()
    assert answer(token, accepts, "那周没有时间") is None
    seat = seat_of(seat_id)
    assert (seat.state, seat.token_hash, seat.answered_at) == (state, None, AT)
    assert seat.reason == ("" if accepts else "那周没有时间")
    code = "panel_accepted" if accepts else "panel_declined"
    assert db.session.scalar(db.select(Message.values).where(Message.code == code))["name"] == judge.name
    for again in (True, False):
        with pytest.raises(LinkSpent):
            answer(token, again, "x")


def test_a_no_needs_a_reason_and_the_link_still_works(app):
    *_rest, seat_id, token = invited()
    with pytest.raises(panels.DeclinedWithoutReason):
        answer(token, False, "  ")
    answer(token)
    assert seat_of(seat_id).state is SeatState.ACCEPTED


def test_a_link_runs_out_and_is_replaced_by_a_newer_one(app):
    made, _judge, seat_id, token = invited()
    with pytest.raises(LinkSpent):
        answer(token, at=AT + INVITATION_LIFE)
    with transaction():
        newer = panels.renew_invitation(seat_id, by=made.by, at=AT + INVITATION_LIFE)
    with pytest.raises(LinkSpent):
        answer(token)
    answer(newer, at=AT + INVITATION_LIFE)
    with pytest.raises(panels.AlreadyOnPanel), transaction():
        panels.renew_invitation(seat_id, by=made.by, at=AT)


def test_of_two_answers_at_one_moment_one_counts(app):
    *_rest, seat_id, token = invited()
    yes, no = overlap(
        app,
        lambda: panels.answer_invitation(token, True, at=AT),
        lambda: panels.answer_invitation(token, False, "没有时间", at=AT),
    )
    assert yes is None
    assert isinstance(no, LinkSpent)
    assert seat_of(seat_id).state is SeatState.ACCEPTED
    said = db.session.scalars(
        db.select(AuditEvent.action).where(AuditEvent.action.like("panel.%")).order_by(AuditEvent.seq)
    ).all()
    assert said == ["panel.invite", "panel.accept"]


def test_who_may_be_asked(app):
    made, judge, _seat_id, _token = invited()
    far, clerk = factories.account(Role.EVALUATOR, region=factories.LINFEN), factories.account(Role.FINANCE)
    gone = factories.account(Role.EVALUATOR, active=False)
    for who in (far, clerk, gone):
        with pytest.raises(NotFound):
            invited(made, who)
    with pytest.raises(panels.AlreadyOnPanel):
        invited(made, judge)
    with pytest.raises(panels.AskedHerself):
        invited(made, made.manager)
    with transaction():
        db.session.get(Round, made.round_id).state = RoundState.FROZEN
    with pytest.raises(panels.PanelSettled):
        invited(made)


def test_who_declined_may_be_asked_again(app):
    made, judge, seat_id, token = invited()
    answer(token, False, "没有时间")
    _made, _judge, again, newer = invited(made, judge)
    assert again == seat_id
    answer(newer)
    assert seat_of(seat_id).reason == ""


def test_a_newcomer_gets_an_account_and_a_password_once_she_accepts(app):
    made = selections.make()
    who = ("赵敏", "省农科院", "13900001234")
    with transaction():
        seat, token = panels.invite_newcomer(made.round_id, *who, max_load=5, by=made.by, at=AT)
        account_id = seat.account_id
    account = db.session.get(Account, account_id)
    assert (account.username, account.password_hash, get_actor(account).roles) == ("zhaomin", None, {Role.EVALUATOR})
    with pytest.raises(PhoneTaken), transaction():
        panels.invite_newcomer(made.round_id, *who, by=made.by, at=AT)
    with transaction():
        other, _token = panels.invite_newcomer(made.round_id, "赵敏", "", None, by=made.by, at=AT)
        assert db.session.get(Account, other.account_id).username == "zhaomin2"
    setting = answer(token)
    with transaction():
        lost = panels.renew_password_link(seat_of(seat.id).id, by=made.by, at=AT)
    with pytest.raises(LinkSpent), transaction():
        accept_invitation(setting, NewPassword("not-a-real-hash", 5), at=AT)
    with transaction():
        accept_invitation(lost, NewPassword("not-a-real-hash", 5), at=AT)
    with pytest.raises(panels.AlreadyOnPanel), transaction():
        panels.renew_password_link(seat.id, by=made.by, at=AT)


def test_a_panel_link_never_opens_an_account_with_other_rights(app):
    both = factories.account(Role.EVALUATOR, Role.FINANCE, password_hash=None)
    made, _judge, seat_id, token = invited(judge=both)
    assert answer(token) is None
    with pytest.raises(panels.AlreadyOnPanel), transaction():
        panels.renew_password_link(seat_id, by=made.by, at=AT)


@pytest.mark.parametrize("how", ["removed", "stepped down"])
def test_whoever_leaves_gives_back_what_she_has_not_submitted(app, how):
    made = selections.opened(2, 2)
    made.submit(0, 0, 2, 2)
    seat = db.session.scalar(db.select(PanelSeat).where(PanelSeat.account_id == made.evaluators[0].id))
    with transaction():
        if how == "removed":
            panels.remove_evaluator(seat.id, "联系不上", by=made.by, at=AT)
        else:
            panels.answer_signed_in(made.round_id, False, "生病", by=get_actor(made.evaluators[0]), at=AT)
    left = db.session.scalars(
        db.select(Assignment).where(Assignment.account_id == made.evaluators[0].id, Assignment.withdrawn_at.is_(None))
    ).all()
    assert [row.application_id for row in left] == [made.applications()[0].id]
    assert seat_of(seat.id).state is (SeatState.REMOVED if how == "removed" else SeatState.DECLINED)
    with pytest.raises(NotFound), transaction():
        panels.answer_signed_in(made.round_id, True, by=get_actor(made.evaluators[0]), at=AT)


def test_only_who_takes_part_declares_and_only_about_candidates(app):
    made, judge, seat_id, token = invited()
    by = get_actor(judge)
    with pytest.raises(NotFound), transaction():
        panels.declare(made.round_id, (), by=by, at=AT)
    answer(token)
    elsewhere = selections.ready()
    with pytest.raises(NotFound), transaction():
        panels.declare(made.round_id, [(elsewhere.applications()[0].id, ConflictKind.FAMILY, "")], by=by, at=AT)
    with transaction():
        panels.declare(made.round_id, (), by=by, at=AT)
    assert seat_of(seat_id).declared_at == AT


def test_new_names_are_declared_about_anew(app):
    made = selections.ready(2)
    late = factories.enrolment(made.cohort, factories.person("赵六妹"))
    seats = db.select(PanelSeat.declared_at).where(PanelSeat.round_id == made.round_id)
    assert None not in db.session.scalars(seats).all()
    made.act(chosen.add_candidates, made.cohort.id, [late.id])
    assert set(db.session.scalars(seats)) == {None}


def test_silence_is_reminded_of_once(app):
    invited()
    for days, told in ((2, 0), (3, 1), (4, 0)):
        with transaction():
            assert remind_of_invitations(at=AT + timedelta(days=days)) == told


def test_load_and_origin_are_changed(app):
    made, _judge, seat_id, _token = invited()
    with transaction():
        panels.set_seat(seat_id, 7, factories.YUNZHOU, "小西沟村", by=made.by, at=AT)
    assert (seat_of(seat_id).max_load, seat_of(seat_id).region_code) == (7, factories.YUNZHOU)
    for unknown in (panels.renew_invitation, panels.renew_password_link):
        with pytest.raises(NotFound), transaction():
            unknown(0, by=made.by, at=AT)
    with pytest.raises(panels.DeclinedWithoutReason), transaction():
        panels.remove_evaluator(seat_id, " ", by=made.by, at=AT)


def test_nobody_dealt_to_is_new_to_the_round(app):
    """The maker of all other tests: whoever reads was asked, has accepted and declared."""
    made = selections.ready(2, 2)
    rows = db.session.execute(db.select(PanelSeat.state, PanelSeat.declared_at)).all()
    assert rows == [(SeatState.ACCEPTED, AT)] * 2
    made.act(rounds.open_round)
