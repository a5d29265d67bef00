"""Dealing out, filling gaps, giving and taking one application: what is done, what is refused, what is kept."""

from collections import Counter

import pytest
from sqlalchemy import select, update

from tests import factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.assignment_model import CannotDeal
from trainer.domain.panel import ConflictKind, SeatState
from trainer.domain.selection import AssignmentOrigin, RoundState
from trainer.errors import Conflict, NotFound
from trainer.models import Application, Assignment, AuditEvent, Delivery, Message, PanelSeat, Round
from trainer.queries.dealing import list_readings, round_links
from trainer.services import conflict, dealing
from trainer.services import round as rounds


def readings(made):
    db.session.expire_all()
    return list(
        db.session.scalars(select(Assignment).where(Assignment.round_id == made.round_id).order_by(Assignment.id))
    )


def live(made):
    return {(a.application_id, a.account_id) for a in readings(made) if a.withdrawn_at is None}


def ids(made):
    return [judge.id for judge in made.evaluators]


def raise_conflict(made, woman, evaluator):
    with transaction():
        application, account = made.applications()[woman].id, made.evaluators[evaluator].id
        conflict.raise_conflict(application, account, ConflictKind.FAMILY, "姐妹", by=made.by, at=AT)


def round_of(made) -> Round:
    db.session.rollback()
    return db.session.get(Round, made.round_id, populate_existing=True)


def test_dealing_anew_replaces_everything_and_says_so_in_the_trail(app):
    made = selections.ready(6, 4, readers=2)
    before = live(made)
    made.act(dealing.deal_applications, ids(made)[:3], None)
    assert len(live(made)) == 18
    assert {account for _, account in live(made)} == set(ids(made)[:3])
    assert before != live(made)
    assert round_of(made).reviews_per_application == 3
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "round.deal").order_by(AuditEvent.seq)
    ).all()
    assert event[-1].details["sheets"] == 18


def test_terms_are_kept_with_the_round_and_anchors_named(app):
    made = selections.ready(6, 4, readers=2)
    with transaction():
        dealing.deal_applications(made.round_id, made.version, ids(made), 2, anchors=1, by=made.by, at=AT)
    origins = Counter(a.origin for a in readings(made))
    assert origins == {AssignmentOrigin.ANCHOR: 4, AssignmentOrigin.AUTO: 10}
    assert round_of(made).anchors == 1


def test_what_was_looked_at_is_what_is_done(app):
    made = selections.ready(6, 4, readers=2)
    seen = dealing.propose_deal(round_of(made), ids(made), 2)
    before = live(made)
    raise_conflict(made, 0, 0)
    with pytest.raises(Conflict), transaction():
        dealing.deal_applications(made.round_id, made.version, ids(made), 2, seen="other", by=made.by, at=AT)
    assert live(made) <= before
    raised = made.applications()[0].id, ids(made)[0]
    fresh = dealing.propose_deal(round_of(made), ids(made), 2)
    with transaction():
        dealing.deal_applications(made.round_id, made.version, ids(made), 2, seen=fresh.sha256, by=made.by, at=AT)
    assert raised not in live(made)
    assert (seen.sha256 == fresh.sha256) == (raised not in {(r.candidate, r.judge) for r in seen.readings})


def test_limits_of_the_seats_hold(app):
    made = selections.ready(6, 4, readers=2)
    with transaction() as session:
        session.execute(update(PanelSeat).where(PanelSeat.account_id == ids(made)[0]).values(max_load=1))
    made.act(dealing.deal_applications, ids(made), 2)
    assert sorted(Counter(account for _, account in live(made)).values()) == [1, 3, 4, 4]
    with transaction() as session:
        session.execute(update(PanelSeat).values(max_load=2))
    with pytest.raises(CannotDeal) as refused:
        made.act(dealing.deal_applications, ids(made), 2)
    assert (refused.value.code, refused.value.values["missing"]) == ("capacity_short", 4)


@pytest.mark.parametrize(("who", "readers", "refusal"), [((), 2, dealing.NoEvaluators), ((0,), 2, CannotDeal)])
def test_what_cannot_be_dealt_leaves_what_was(app, who, readers, refusal):
    made = selections.ready(3, 2)
    before = live(made)
    with pytest.raises(refusal):
        made.act(dealing.deal_applications, [ids(made)[k] for k in who], readers)
    assert live(made) == before


@pytest.mark.parametrize("state", [SeatState.INVITED, SeatState.DECLINED, SeatState.REMOVED])
def test_only_whoever_has_accepted_is_dealt_to(app, state):
    made = selections.ready(3, 2)
    with transaction() as session:
        session.execute(update(PanelSeat).where(PanelSeat.account_id == ids(made)[1]).values(state=state))
    with pytest.raises(NotFound):
        made.act(dealing.deal_applications, ids(made), None)


def test_nothing_is_dealt_once_the_round_is_open(app):
    made = selections.opened(3, 2)
    with pytest.raises(rounds.RoundNotDraft):
        made.act(dealing.deal_applications, ids(made), None)


@pytest.mark.parametrize("maker", [selections.ready, selections.opened])
def test_whoever_drops_out_is_replaced_and_the_rest_stays(app, maker):
    made = maker(6, 4, readers=2)
    gone = ids(made)[0]
    before = {pair for pair in live(made) if pair[1] != gone}
    hers = {pair for pair in live(made) if pair[1] == gone}
    assert made.act(dealing.fill_up, gone, "病了") == len(hers)
    assert before < live(made)
    assert not [pair for pair in live(made) if pair[1] == gone]
    assert set(Counter(application for application, _ in live(made)).values()) == {2}
    new = [a for a in readings(made) if a.origin is AssignmentOrigin.REPLACEMENT]
    assert len(new) == len(hers)
    assert {a.reason for a in new} == {"病了"}
    places = [(a.account_id, a.position) for a in readings(made)]
    assert len(set(places)) == len(places)
    assert {a.withdrawn_reason != "" for a in readings(made) if a.account_id == gone} == {True}
    told = select(Delivery.account_id).join(Message).where(Message.code == "readings_added").distinct()
    expected = {a.account_id for a in new} if maker is selections.opened else set()
    assert set(db.session.scalars(told)) == expected


def test_a_submitted_sheet_stays_with_whoever_left(app):
    made = selections.opened(3, 3, readers=2)
    pair = next(pair for pair in sorted(live(made)) if pair[1] == ids(made)[0])
    woman = [a.id for a in made.applications()].index(pair[0])
    made.submit(woman, 0, 2, 2)
    made.act(dealing.fill_up, ids(made)[0], "出差")
    assert pair in live(made)
    assert {account for application, account in live(made) if application != pair[0]} == set(ids(made)[1:])


def test_gaps_of_a_conflict_are_filled_with_everything_else_fixed(app):
    made = selections.ready(6, 4, readers=2)
    raise_conflict(made, 0, next(k for k in range(4) if made.assignment(0, k)))
    before = live(made)
    assert len(before) == 11
    assert made.act(dealing.fill_up, None, "") == 1
    assert before < live(made)
    with pytest.raises(dealing.NothingToFill):
        made.act(dealing.fill_up, None, "")


def test_replacing_needs_a_reason_and_somebody_left(app):
    made = selections.ready(3, 1)
    with pytest.raises(rounds.ReasonMissing):
        made.act(dealing.fill_up, ids(made)[0], " ")
    with pytest.raises(dealing.NoEvaluators):
        made.act(dealing.fill_up, ids(made)[0], "病了")
    with pytest.raises(Conflict):
        made.act(lambda *a, **k: dealing.fill_up(*a, **k, seen="other"), None, "")


def test_all_read_all_and_one_falls_ill(app):
    """Nobody is left to read in her place: each candidate keeps the two readers she has."""
    made = selections.opened(3, 3)
    assert made.act(dealing.fill_up, ids(made)[2], "病了") == 0
    assert len(live(made)) == 6


def test_one_is_given_and_taken_by_hand(app):
    made = selections.opened(3, 3, readers=2)
    application = made.applications()[0].id
    account = next(a for a in ids(made) if (application, a) not in live(made))
    made.act(dealing.give_reading, application, account, "多一位评委")
    given = next(a for a in readings(made) if (a.application_id, a.account_id) == (application, account))
    assert (given.origin, given.reason, given.position) == (AssignmentOrigin.MANUAL, "多一位评委", 3)
    made.act(dealing.take_reading, given.id, "看错了")
    assert (application, account) not in live(made)
    made.act(dealing.give_reading, application, account, "还是给她")
    assert (application, account) in live(made)
    with pytest.raises(dealing.ReadsAlready):
        made.act(dealing.give_reading, application, account, "再给")
    found = (
        select(AuditEvent.action).where(AuditEvent.action.in_(("round.give", "round.take"))).order_by(AuditEvent.seq)
    )
    assert list(db.session.scalars(found)) == ["round.give", "round.take", "round.give"]


def test_a_sheet_that_is_taken_away_is_kept_and_does_not_count(app):
    made = selections.opened(3, 2)
    made.submit(0, 0, 2, 2)
    made.act(dealing.take_reading, made.assignment(0, 0).id, "不是评委该评的")
    row = next(r for r in list_readings(made.round_id) if r.id == made.assignment(0, 0).id)
    assert (row.submitted, row.withdrawn, row.counts) == (True, True, False)


def test_by_hand_never_against_a_conflict_nor_to_strangers(app):
    made = selections.opened(3, 2, readers=1)
    application = made.applications()[0].id
    reader = next(k for k in (0, 1) if (application, ids(made)[k]) in live(made))
    raise_conflict(made, 0, 1 - reader)
    with pytest.raises(dealing.KeptApart):
        made.act(dealing.give_reading, application, ids(made)[1 - reader], "还差一位")
    with pytest.raises(NotFound):
        made.act(dealing.give_reading, application, factories.account(Role.EVALUATOR).id, "还差一位")
    with pytest.raises(NotFound):
        made.act(dealing.give_reading, 10**6, ids(made)[0], "还差一位")
    for act, of in ((dealing.give_reading, (application, ids(made)[reader])), (dealing.take_reading, (1,))):
        with pytest.raises(rounds.ReasonMissing):
            made.act(act, *of, "")
    other = selections.ready(1, 1)
    with pytest.raises(NotFound):
        made.act(dealing.take_reading, other.assignment(0, 0).id, "不是这一轮的")


@pytest.mark.parametrize("state", [RoundState.CLOSED, RoundState.FROZEN])
def test_readers_stand_still_after_the_closing(app, state):
    made = selections.ready(2, 2)
    with transaction() as session:
        session.execute(update(Round).where(Round.id == made.round_id).values(state=state))
    for act, values in (
        (dealing.fill_up, (ids(made)[0], "病了")),
        (dealing.give_reading, (made.applications()[0].id, ids(made)[0], "好")),
        (dealing.take_reading, (made.assignment(0, 0).id, "好")),
    ):
        with pytest.raises(dealing.RoundAtRest):
            made.act(act, *values)


def test_links_leave_out_what_does_not_count(app):
    made = selections.ready(2, 2)
    assert round_links(made.round_id).components == 1
    for woman in (0, 1):
        made.act(dealing.take_reading, made.assignment(woman, 0 if woman else 1).id, "试")
    assert round_links(made.round_id).components == 2
    with transaction() as session:
        session.execute(update(Application).values(state="withdrawn"))
    assert round_links(made.round_id).components == 0
