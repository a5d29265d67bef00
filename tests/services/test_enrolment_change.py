"""One enrolment changed by staff, transfers, and the waitlist: places are never given twice."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.factories import AT
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.certificate import CertificateState
from trainer.domain.data_request import ErasureBlocked
from trainer.domain.enrolment import ON_THE_ROLL, StatusCause, WhoAsked
from trainer.domain.enrolment import EnrolmentStatus as S
from trainer.errors import Conflict, NotFound
from trainer.models import Enrolment, EnrolmentEvent, Person, SignUp
from trainer.models.certificate import Certificate
from trainer.models.job import CohortMetrics
from trainer.models.message import Message
from trainer.models.programme import Cohort
from trainer.queries.cohort import cohort_draft, get_rule
from trainer.queries.data_request import list_blocks
from trainer.queries.enrolment import list_waiting
from trainer.services import enrolment_change as change
from trainer.services import transfer as transfers
from trainer.services import waitlist
from trainer.services.cohort import update_cohort
from trainer.services.enrolment import CertificateStands, NoSuchStep, move_enrolment
from trainer.services.erasure import erase_person

pytestmark = pytest.mark.sqlite_is_enough

LATER = AT + timedelta(hours=1)


@pytest.fixture
def by(app):
    return factories.actor(Role.COHORT_STAFF, region=factories.DATONG)


@pytest.fixture
def full(app) -> Cohort:
    """Two places, both taken."""
    made = factories.cohort(capacity=2)
    for _n in range(2):
        factories.placed(made, S.ACTIVE)
    return made


def status(enrolment_id: int) -> S:
    db.session.rollback()
    return db.session.get(Enrolment, enrolment_id, populate_existing=True).status


def first(cohort: Cohort) -> int:
    return db.session.scalar(select(func.min(Enrolment.id)).where(Enrolment.cohort_id == cohort.id))


def taken(cohort: Cohort) -> int:
    here = (Enrolment.cohort_id == cohort.id, Enrolment.status.in_(ON_THE_ROLL))
    return db.session.scalar(select(func.count()).where(*here))


def withdraw(id_: int, by, seen=S.ACTIVE, at=AT):
    with transaction():
        return change.withdraw(id_, WhoAsked.FAMILY, "家中有事", seen=seen, by=by, at=at)


def act(service, id_: int, by, seen: S, **more):
    with transaction():
        return service(id_, "核实过了", seen=seen, by=by, at=LATER, **more)


def last_step(enrolment_id: int) -> EnrolmentEvent:
    events = select(EnrolmentEvent).where(EnrolmentEvent.enrolment_id == enrolment_id)
    return db.session.scalar(events.order_by(EnrolmentEvent.id.desc()).limit(1))


def test_a_withdrawal_says_who_asked_and_moves_the_figures_at_once(cohort, by):
    id_ = factories.placed(cohort, S.ACTIVE)
    factories.placed(cohort, S.ACTIVE)
    withdraw(id_, by)
    step = last_step(id_)
    assert (step.status, step.cause, step.asked_by, step.by) == (
        S.WITHDRAWN,
        StatusCause.STAFF,
        "family",
        by.account_id,
    )
    assert db.session.get(CohortMetrics, cohort.id).enrolled == 1


def test_the_place_goes_to_whoever_waits_longest(full, by):
    waiting = [factories.placed(full, S.WAITLISTED) for _n in range(3)]
    act(change.admit_one, waiting[0], by, S.WAITLISTED, over=True)  # goes, comes back, and stands at the end then
    withdraw(waiting[0], by, at=LATER)
    assert status(waiting[1]) is S.WAITLISTED  # three were on two places: none is free
    with transaction():
        waitlist.hold_places(full.id)
        gone = db.session.get(Enrolment, waiting[0])
        move_enrolment(gone, S.WAITLISTED, cause=StatusCause.STAFF, by=by, at=LATER)
    moved = withdraw(first(full), by, at=LATER)
    assert (moved, [row.enrolment_id for row in list_waiting(full.id)]) == ([waiting[1]], [waiting[2], waiting[0]])
    steps = select(EnrolmentEvent).where(EnrolmentEvent.enrolment_id == waiting[1]).order_by(EnrolmentEvent.id)
    step = db.session.scalars(steps).all()
    assert [(s.status, s.cause) for s in step[1:]] == [
        (S.ADMITTED, StatusCause.WAITLIST),
        (S.ACTIVE, StatusCause.BEGUN),
    ]
    assert (status(waiting[1]), taken(full)) == (S.ACTIVE, 2)
    assert db.session.get(Enrolment, waiting[1]).joined_on == date(2026, 3, 10)
    codes = db.session.scalars(select(Message.code).order_by(Message.id)).all()
    assert codes[-2:] == ["enrolment_admitted", "waitlist_moved_up"]


def test_who_heard_that_she_waits_is_to_be_told_anew(full, by):
    waits = factories.placed(full, S.WAITLISTED)
    sign_up = factories.sign_up(full, state="settled", enrolment_id=waits, settled_at=AT, told_at=AT)
    withdraw(first(full), by)
    assert db.session.get(SignUp, sign_up, populate_existing=True).told_at is None


def test_with_the_switch_off_staff_admit_the_first(by):
    off = factories.cohort(capacity=2, waitlist_moves_up=False)
    seated = [factories.placed(off, S.ACTIVE) for _n in range(2)]
    waiting = [factories.placed(off, S.WAITLISTED) for _n in range(3)]
    assert withdraw(seated[0], by) == []
    with pytest.raises(Conflict), transaction():
        waitlist.admit_first(off.id, waiting[1:2], by=by, at=LATER)
    with transaction():
        assert waitlist.admit_first(off.id, waiting[:1], by=by, at=LATER) == waiting[:1]
    with pytest.raises(Conflict), transaction():
        waitlist.admit_first(off.id, waiting[1:2], by=by, at=LATER)
    assert [status(id_) for id_ in waiting] == [S.ACTIVE, S.WAITLISTED, S.WAITLISTED]


def test_added_places_go_to_the_waitlist(full):
    by = factories.actor(Role.MANAGER, region=factories.DATONG)
    waiting = [factories.placed(full, S.WAITLISTED) for _n in range(2)]
    with transaction():
        now = db.session.get(Cohort, full.id)
        draft = cohort_draft(now, get_rule(full.id))
        more = type(draft)(**{**draft.__dict__, "capacity": 3})
        update_cohort(now, more, seen=now.version, by=by, at=LATER)
    assert [status(id_) for id_ in waiting] == [S.ACTIVE, S.WAITLISTED]


def test_two_withdrawals_at_once_and_one_beside_an_admission_never_overfill(app, full, by):
    waiting = [factories.placed(full, S.WAITLISTED) for _n in range(4)]
    seated = db.session.scalars(select(Enrolment.id).where(Enrolment.status == S.ACTIVE).order_by(Enrolment.id)).all()

    def leave(id_: int):
        return lambda: change.withdraw(id_, WhoAsked.HERSELF, "有事", seen=S.ACTIVE, by=by, at=LATER)

    assert overlap(app, leave(seated[0]), leave(seated[1])) == [waiting[:1], waiting[1:2]]
    assert taken(full) == 2

    def admit():
        return change.admit_one(waiting[3], "急", seen=S.WAITLISTED, by=by, at=LATER)

    moved, refused = overlap(app, leave(waiting[0]), admit)
    assert (moved, type(refused), taken(full)) == (waiting[2:3], waitlist.NoPlaceFree, 2)


def test_a_withdrawal_taken_back(cohort, full, by):
    id_ = factories.placed(cohort, S.ADMITTED)
    withdraw(id_, by, S.ADMITTED)
    act(change.take_withdrawal_back, id_, by, S.WITHDRAWN)
    assert status(id_) is S.ACTIVE  # the class has begun meanwhile
    waits, leaver = factories.placed(full, S.WAITLISTED), first(full)
    withdraw(leaver, by)
    assert status(waits) is S.ACTIVE
    with pytest.raises(waitlist.NoPlaceFree):
        act(change.take_withdrawal_back, leaver, by, S.WITHDRAWN)
    act(change.take_withdrawal_back, leaver, by, S.WITHDRAWN, over=True)
    assert (status(leaver), taken(full)) == (S.ACTIVE, 3)


@pytest.mark.parametrize(
    ("service", "before", "after"),
    [
        (change.put_on_waitlist, S.APPLIED, S.WAITLISTED),
        (change.put_on_waitlist, S.ADMITTED, S.WAITLISTED),
        (change.put_on_waitlist, S.ACTIVE, NoSuchStep),
        (change.admit_one, S.WAITLISTED, S.ACTIVE),
        (change.admit_one, S.REJECTED, S.ACTIVE),
        (change.admit_one, S.ACTIVE, NoSuchStep),
        (change.reject, S.APPLIED, S.REJECTED),
        (change.reject, S.ACTIVE, NoSuchStep),
        (change.back_into_training, S.NOT_COMPLETED, S.ACTIVE),
        (change.back_into_training, S.WITHDRAWN, NoSuchStep),
        (change.take_withdrawal_back, S.ACTIVE, NoSuchStep),
    ],
)
def test_each_act_from_each_status(cohort, by, service, before, after):
    id_ = factories.placed(cohort, before)
    with pytest.raises(Conflict):
        act(service, id_, by, S.COMPLETED)
    if isinstance(after, S):
        act(service, id_, by, before)
        assert status(id_) is after
    else:
        with pytest.raises(after):
            act(service, id_, by, before)


def test_a_valid_certificate_holds_her(cohort, by):
    id_ = factories.placed(cohort, S.COMPLETED)
    facts = {"name": "王秀芳", "content": "{}", "issued_on": AT.date(), "issued_at": AT}
    with transaction():
        db.session.add(Certificate(enrolment_id=id_, number="旧字第1号", state=CertificateState.VALID, **facts))
    with pytest.raises(CertificateStands):
        act(change.back_into_training, id_, by, S.COMPLETED)
    with transaction():
        db.session.scalar(select(Certificate)).state = CertificateState.REVOKED
    act(change.back_into_training, id_, by, S.COMPLETED)
    assert status(id_) is S.ACTIVE


def test_nothing_is_done_with_who_is_gone(cohort, by):
    her = factories.person()
    id_ = factories.placed(cohort, S.WAITLISTED, her)
    with transaction():
        db.session.get(Person, her.id).merged_into_id = factories.person().id
    with pytest.raises(NotFound):
        act(change.admit_one, id_, by, S.WAITLISTED)


def test_transferred_and_back(cohort, full, by):
    id_ = factories.placed(cohort, S.ACTIVE)
    with pytest.raises(waitlist.NoPlaceFree):
        act(transfers.transfer, id_, by, S.ACTIVE, to_cohort_id=full.id)
    new = act(transfers.transfer, id_, by, S.ACTIVE, to_cohort_id=full.id, over=True)
    assert (new.status, new.transferred_from_id, new.seat_number, status(id_)) == (S.ACTIVE, id_, 3, S.WITHDRAWN)
    assert [last_step(n).cause for n in (id_, new.id)] == [StatusCause.TRANSFER, StatusCause.BEGUN]
    with pytest.raises(change.WentElsewhere):
        act(change.take_withdrawal_back, id_, by, S.WITHDRAWN)
    waits = factories.placed(full, S.WAITLISTED)
    with transaction():
        db.session.get(Cohort, full.id).capacity = 3
    act(transfers.take_transfer_back, new.id, by, S.ACTIVE)
    assert [status(n) for n in (id_, new.id, waits)] == [S.ACTIVE, S.WITHDRAWN, S.ACTIVE]
    with pytest.raises(transfers.NotTransferred):
        act(transfers.take_transfer_back, new.id, by, S.WITHDRAWN)
    with pytest.raises(transfers.NotTransferred):
        act(transfers.take_transfer_back, id_, by, S.ACTIVE)
    with transaction():
        db.session.get(Cohort, full.id).capacity = 9
    again = act(transfers.transfer, id_, by, S.ACTIVE, to_cohort_id=full.id)
    assert (again.id, status(again.id)) == (new.id, S.ACTIVE)


def test_transfers_that_cannot_be(cohort, full, by):
    her = factories.person()
    id_, _there = factories.placed(cohort, S.ACTIVE, her), factories.placed(full, S.ACTIVE, her)
    with pytest.raises(transfers.AlreadyThere):
        act(transfers.transfer, id_, by, S.ACTIVE, to_cohort_id=full.id)
    with pytest.raises(NotFound):
        act(transfers.transfer, id_, by, S.ACTIVE, to_cohort_id=cohort.id)
    done = factories.placed(cohort, S.COMPLETED)
    with pytest.raises(NoSuchStep):
        act(transfers.transfer, done, by, S.COMPLETED, to_cohort_id=factories.cohort().id)


def test_her_data_can_be_erased_once_she_is_withdrawn(cohort, by):
    her = factories.person()
    id_ = factories.placed(cohort, S.WAITLISTED, her)
    assert list_blocks(her.id, at=AT)
    with pytest.raises(ErasureBlocked), transaction():
        erase_person(her.id, why="request", by=by, at=AT)
    withdraw(id_, by, S.WAITLISTED)
    assert list_blocks(her.id, at=LATER) == []
