"""Slips and phones: one woman, one use, five tries; two phones at once; women who share a phone; a lost one."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from tests.races import overlap
from trainer.crypto import hash_token
from trainer.database import db, transaction
from trainer.domain.actors import TokenKind
from trainer.domain.visitor import Visitor
from trainer.errors import NotFound
from trainer.models import AccessToken, Account, AuditEvent, Delivery, Device, Person, SignInSession
from trainer.queries.account import get_live_session
from trainer.queries.device import get_open_slip, list_phones_of, list_women_here
from trainer.services import phone, trainee_access
from trainer.services.session import open_session

pytestmark = pytest.mark.sqlite_is_enough

Role = factories.Role
NOW = datetime(2026, 3, 11, 1, 0, tzinfo=UTC)
LIFE = timedelta(days=90)
PHONE_A = Visitor(user_agent="MicroMessenger", device_token="a" * 43)
PHONE_B = Visitor(user_agent="Firefox", device_token="b" * 43)


@pytest.fixture
def woman(app):
    return factories.person("王秀芳", phone="14000001234", id_number="14021519900307123X")


@pytest.fixture
def staff(app):
    return factories.actor(Role.COHORT_STAFF, region=factories.DATONG)


def issue(woman, by, at=NOW) -> str:
    with transaction():
        return trainee_access.issue_slip_for(db.session.get(Person, woman.id), by=by, at=at)


def use(slip, digits="1234", *, at=NOW, visitor=PHONE_A):
    with transaction():
        return trainee_access.sign_in_with_slip(slip, digits, at=at, life=LIFE, visitor=visitor)


def live(token, at=NOW):
    db.session.rollback()
    return get_live_session(token, at=at, idle_since=at, administrators_idle_since=at)


def actions() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(db.select(AuditEvent.action).order_by(AuditEvent.seq)))


def test_a_slip_opens_a_device_session_once(woman, staff):
    slip = issue(woman, staff)
    token = use(slip)
    session = live(token, NOW + timedelta(days=89))
    assert session.actor.person_id == woman.id
    assert session.actor.roles == {Role.TRAINEE}
    assert (session.is_device, session.confirmed_at) == (True, NOW)
    with pytest.raises(trainee_access.SlipSpent):
        use(slip, visitor=PHONE_B)


def test_only_a_hash_of_256_bits_is_kept(woman, staff):
    slip = issue(woman, staff)
    assert len(slip) == 43
    db.session.rollback()
    stored = db.session.scalar(db.select(AccessToken).where(AccessToken.kind == TokenKind.SLIP))
    assert stored.token_hash == hash_token(slip)
    assert stored.expires_at == NOW + timedelta(days=7)
    assert slip not in str([event.details for event in db.session.scalars(db.select(AuditEvent))])


def test_five_wrong_digits_kill_it(woman, staff):
    slip = issue(woman, staff)
    assert [use(slip, "9999") for _ in range(5)] == [None] * 5
    with pytest.raises(trainee_access.SlipSpent):
        use(slip)
    assert actions().count("access.slip_try") == 5


def test_four_wrong_ones_do_not(woman, staff):
    slip = issue(woman, staff)
    for _ in range(4):
        use(slip, "9999")
    assert use(slip, "123x")


@pytest.mark.parametrize("end", ["later", "replaced", "disabled", "never"])
def test_a_slip_that_is_over_lets_nobody_in(woman, staff, end):
    slip, at = issue(woman, staff), NOW
    if end == "later":
        at = NOW + timedelta(days=7)
    elif end == "replaced":
        issue(woman, staff)
    elif end == "disabled":
        with transaction():
            db.session.execute(db.update(Account).where(Account.person_id == woman.id).values(active=False))
    else:
        slip = "x" * 43
    assert get_open_slip(slip, at=at) is None
    with pytest.raises(trainee_access.SlipSpent):
        use(slip, at=at)


def test_two_phones_at_once_let_one_in(app, woman, staff):
    slip = issue(woman, staff)

    def spend(visitor):
        return lambda: trainee_access.sign_in_with_slip(slip, "1234", at=NOW, life=LIFE, visitor=visitor)

    results = overlap(app, spend(PHONE_A), spend(PHONE_B))
    assert sum(isinstance(result, str) for result in results) == 1
    assert sum(isinstance(result, trainee_access.SlipSpent) for result in results) == 1
    assert db.session.scalar(db.select(db.func.count()).select_from(SignInSession)) == 1


def test_an_invitation_is_no_slip_and_a_slip_no_invitation(woman, staff):
    slip = issue(woman, staff)
    with transaction():
        db.session.execute(db.update(AccessToken).values(kind=TokenKind.INVITATION))
    with pytest.raises(trainee_access.SlipSpent):
        use(slip)


def test_without_phone_and_id_number_there_is_no_slip(staff):
    with pytest.raises(trainee_access.NoNumberForSlip):
        issue(factories.person("李桂花", phone_index=None), staff)


def test_with_an_id_number_alone_there_is(staff):
    woman = factories.person("李桂花", phone_index=None, id_number="14021519900307123X")
    with transaction():
        db.session.get(Person, woman.id).phone = None
    assert use(issue(woman, staff), "123X")


def test_whoever_holds_a_strangers_slip_ends_it_and_staff_are_told(woman, staff):
    slip = issue(woman, staff)
    with transaction():
        trainee_access.disown_slip(slip, at=NOW, visitor=PHONE_B)
    with pytest.raises(trainee_access.SlipSpent):
        use(slip)
    with pytest.raises(trainee_access.SlipSpent), transaction():
        trainee_access.disown_slip(slip, at=NOW)
    assert actions().count("access.slip_disowned") == 1
    assert db.session.scalars(db.select(Delivery.account_id)).all() == [staff.account_id]


# Women who share a phone


@pytest.fixture
def shared(woman, staff):
    """王秀芳 and 李桂花 on one phone, the latter current: ({name: token}, the phone's id)."""
    other = factories.person("李桂花", phone="14000005678")
    first, second = use(issue(woman, staff)), None
    device_id = db.session.scalar(db.select(Device.id))
    second = use(
        issue(other, staff),
        "5678",
        at=NOW + timedelta(minutes=1),
        visitor=Visitor(device_token=PHONE_A.device_token, device_id=device_id),
    )
    return {"王秀芳": first, "李桂花": second}, device_id


def test_the_phone_lists_whoever_is_signed_in_the_last_first(shared):
    _tokens, device_id = shared
    assert [row.name for row in list_women_here(device_id, at=NOW)] == ["李桂花", "王秀芳"]
    assert list_women_here(device_id, at=NOW + timedelta(days=91)) == []
    assert list_women_here(None, at=NOW) == []


def test_switching_changes_both_cookies_and_asks_for_digits_anew(shared):
    tokens, device_id = shared
    current, asleep = live(tokens["李桂花"]), live(tokens["王秀芳"])
    with transaction():
        token, life = phone.switch(asleep.id, device_id, by=current.actor, at=NOW)
    assert live(token).actor.name == "王秀芳"
    assert live(token).confirmed_at is None
    assert life == LIFE
    assert live(tokens["王秀芳"]) is None
    assert live(tokens["李桂花"]) is None  # she is still signed in; only the cookie that left is worth nothing
    assert len(list_women_here(device_id, at=NOW)) == 2


def test_nobody_is_switched_to_on_another_phone_or_in_a_staff_session(shared, woman):
    tokens, device_id = shared
    current = live(tokens["李桂花"]).actor
    elsewhere = live(use(issue(woman, factories.actor(Role.MANAGER)), visitor=PHONE_B)).id
    member = factories.account(Role.MANAGER)
    with transaction():
        staff_token = open_session(db.session.merge(member), at=NOW, life=LIFE, visitor=PHONE_A)
    assert db.session.scalar(
        db.select(SignInSession.device_id).where(SignInSession.token_hash == hash_token(staff_token))
    ) == (device_id)
    for session_id in (elsewhere, live(staff_token).id, current.session_id, 0):
        with pytest.raises(NotFound), transaction():
            phone.switch(session_id, device_id, by=current, at=NOW)
    with pytest.raises(NotFound), transaction():
        phone.switch(live(tokens["王秀芳"]).id, None, by=current, at=NOW)


def test_all_leave_one_phone_and_no_other(shared, woman, staff):
    tokens, device_id = shared
    elsewhere = use(issue(woman, staff), visitor=PHONE_B)
    with transaction():
        phone.leave_all(device_id, by=live(tokens["李桂花"]).actor, at=NOW)
    assert list_women_here(device_id, at=NOW) == []
    assert live(elsewhere) is not None
    assert actions().count("account.sign_out") == 2


def test_signing_in_again_on_the_same_phone_takes_the_old_sessions_place(shared, woman, staff):
    _tokens, device_id = shared
    use(issue(woman, staff), visitor=Visitor(device_token=PHONE_A.device_token, device_id=device_id))
    assert sorted(row.name for row in list_women_here(device_id, at=NOW)) == ["李桂花", "王秀芳"]


def test_a_lost_phone_is_signed_out_and_every_open_way_in_ends(woman, staff):
    tokens = [use(issue(woman, staff), visitor=visitor) for visitor in (PHONE_A, PHONE_B)]
    slip = issue(woman, staff)
    with transaction():
        trainee_access.lose_phones(db.session.get(Person, woman.id), by=staff, at=NOW)
    assert [live(token) for token in tokens] == [None, None]
    assert get_open_slip(slip, at=NOW) is None
    assert "account.end_phones" in actions()


def test_one_phone_is_ended_and_only_her_own(woman, staff):
    mine, other = (live(use(issue(woman, staff), visitor=visitor)) for visitor in (PHONE_A, PHONE_B))
    with transaction():
        phone.end_phone(other.id, mine.actor.account_id, by=mine.actor, at=NOW)
    assert [row.id for row in list_phones_of(mine.actor.account_id, at=NOW)] == [mine.id]
    stranger = factories.actor(Role.TRAINEE, person=factories.person())
    for session_id, account_id in ((mine.id, stranger.account_id), (other.id, mine.actor.account_id)):
        with pytest.raises(NotFound), transaction():
            phone.end_phone(session_id, account_id, by=stranger, at=NOW)
