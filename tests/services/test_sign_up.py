"""Signing up: once for the same form, refused outside its days, slowed down and never shut; looked up, taken back."""

from datetime import date, timedelta
from types import SimpleNamespace
from unittest.mock import patch

import pytest

from tests import factories, rosters
from tests.factories import AT
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.actors import Actor, Role
from trainer.domain.consent import NOTICE_VERSION
from trainer.domain.enrolment import EnrolmentStatus, StatusCause
from trainer.domain.sign_up import AnswerChannel, Helper, HelperRelation, SignUpDraft, SignUpSettings, SignUpState
from trainer.errors import Conflict, NotFound
from trainer.models import AuditEvent, Cohort, Enrolment, EnrolmentEvent, ImportBatch, ImportRow, Person, SignUp
from trainer.queries.sign_up import counties_to_choose, find_open_cohort, get_answer
from trainer.services import enrolment, roster, roster_commit, sign_up, throttle

pytestmark = pytest.mark.sqlite_is_enough

PHONE = "14000001234"
HER = Actor(None, "", address="10.0.0.1", device="phone1")
DRAFT = SignUpDraft("冯秀珍", PHONE, factories.YUNZHOU, None, "大西沟村", None, AnswerChannel.CALL)
ALL_ON = SignUpSettings(date(2026, 3, 1), None, "请带手机", collects_id_numbers=True, waitlist_moves_up=True)


@pytest.fixture
def cohort(app):
    return factories.open_sign_up(factories.cohort())


@pytest.fixture
def manager(app):
    return factories.actor(Role.MANAGER, region=factories.DATONG)


def draft(**changes) -> SignUpDraft:
    return SignUpDraft(**{**{n: getattr(DRAFT, n) for n in DRAFT.__dataclass_fields__}, **changes})


def send(cohort, what=DRAFT, *, nonce="n1", network="10.0.0.1", by=HER, at=AT):
    with transaction():
        return sign_up.sign_up(cohort.id, what, nonce=nonce, network=network, by=by, at=at)


def look_up(code, digits=PHONE[-4:], *, browser="phone1", network="10.0.0.1", at=AT):
    with transaction():
        return sign_up.find_answer(code, digits, browser=browser, network=network, at=at)


def take_back(made, at=AT):
    with transaction():
        return sign_up.take_back(made.id, by=HER, at=at)


def count(model=SignUp) -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(model))


def test_a_sign_up_is_kept_with_its_code_as_a_hash(cohort):
    made, code = send(
        cohort, draft(id_number=rosters.ID_1, helper=Helper("赵玉兰", "14000005678", HelperRelation.CADRE))
    )
    assert len(code) == 8
    assert code.isdecimal()
    assert (made.name, made.phone, made.id_number, made.helper_name) == ("冯秀珍", PHONE, rosters.ID_1, "赵玉兰")
    assert (made.state, made.device, made.notice_version) == (SignUpState.OPEN, "phone1", NOTICE_VERSION)
    raw = str(db.session.execute(db.text("SELECT * FROM sign_ups")).one())
    assert not any(value in raw for value in (code, PHONE, rosters.ID_1, "14000005678"))
    [event] = db.session.scalars(db.select(AuditEvent).where(AuditEvent.action == "sign_up.make"))
    assert event.details == {"cohort": cohort.id, "helped": True}


def test_the_same_form_twice_is_one_sign_up_with_one_code(cohort):
    (first, code), (again, same) = send(cohort), send(cohort)
    assert (first.id, code) == (again.id, same)
    assert count() == 1


def test_two_at_once_are_one(app, cohort):
    def act():
        made, code = sign_up.sign_up(cohort.id, DRAFT, nonce="n1", network="", by=HER, at=AT)
        return made.id, code

    first, second = overlap(app, act, act)
    assert first == second
    assert count() == 1


def test_going_back_and_typing_the_next_woman_into_the_same_form_makes_another(cohort):
    assert send(cohort)[1] != send(cohort, draft(name="赵改改"))[1]
    assert count() == 2


def test_signing_up_again_is_answered_like_the_first_time(cohort):
    """Whoever tries out names and phones gets a code of her own making, whether or not the woman has signed up."""
    (first, code), (second, other) = send(cohort), send(cohort, nonce="n2")
    assert second.id != first.id
    assert look_up(code) == first.id
    assert look_up(other) == second.id


def test_two_sign_ups_never_share_a_code(cohort):
    with patch.object(sign_up, "_codes", lambda key: iter(["00000001", f"0000000{len(key) % 7 + 2}"])):
        assert [send(cohort, nonce=nonce)[1] for nonce in ("n1", "n2")] == ["00000001", "00000003"]


@pytest.mark.parametrize("day", [-10, 4], ids=["not yet", "over"])
def test_outside_its_days_nobody_signs_up(cohort, day):
    with pytest.raises(sign_up.SignUpNotOpen):
        send(cohort, at=AT + timedelta(days=day))
    assert count() == 0


def test_a_full_class_still_takes_sign_ups(cohort):
    factories.open_sign_up(cohort, capacity=1)
    factories.enrolment(cohort)
    assert send(cohort)[0].state is SignUpState.OPEN


def test_where_no_id_numbers_are_collected_none_is_kept(cohort):
    factories.open_sign_up(cohort, collects_id_numbers=False)
    made, _code = send(cohort, draft(id_number=rosters.ID_1))
    assert (made.id_number, made.id_number_index) == (None, None)


def test_an_unknown_cohort(cohort):
    with pytest.raises(NotFound):
        send(SimpleNamespace(id=cohort.id + 1))


def test_a_cadre_signs_thirty_women_up_in_an_evening(cohort):
    for woman in range(30):
        send(cohort, nonce=f"n{woman}", at=AT + timedelta(minutes=woman))
    assert count() == 30


def test_one_browser_is_slowed_down_and_others_are_not(cohort, monkeypatch):
    monkeypatch.setattr(sign_up, "FROM_ONE_BROWSER", 2)
    for nonce in "ab":
        send(cohort, nonce=nonce)
    with pytest.raises(sign_up.TooManySignUps):
        send(cohort, nonce="c")
    send(cohort, nonce="a")  # sent again is no other one
    send(cohort, nonce="c", by=Actor(None, "", device="phone2"))
    send(cohort, nonce="d", at=AT + throttle.WINDOW)
    assert count() == 4


def test_one_address_is_slowed_down_and_others_are_not(cohort, monkeypatch):
    monkeypatch.setattr(sign_up, "FROM_ONE_ADDRESS", 2)
    for number in (1, 2):
        send(cohort, nonce=f"n{number}", by=Actor(None, "", device=f"phone{number}"))
    third = Actor(None, "", device="phone3")
    with pytest.raises(sign_up.TooManySignUps):
        send(cohort, nonce="n3", by=third)
    send(cohort, nonce="n3", by=third, network="10.0.0.2")
    assert count() == 3


def test_a_code_with_other_digits_is_no_code(cohort):
    _made, code = send(cohort)
    assert look_up(code, "0000") is None
    assert look_up("00000000") is None


def test_guessing_waits_for_that_browser_and_that_code_alone(cohort):
    made, code = send(cohort)
    other, other_code = send(cohort, draft(name="赵改改"))
    for _ in range(sign_up.TRIES):
        assert look_up(code, "0000") is None
    for browser in ("phone1", "phone2"):
        with pytest.raises(sign_up.LookUpWaits):
            look_up(code, browser=browser)
    with pytest.raises(sign_up.LookUpWaits):
        look_up(other_code)
    assert look_up(other_code, browser="phone2") == other.id
    assert look_up(code, at=AT + throttle.WINDOW) == made.id


def test_a_flood_of_codes_from_one_address_waits(cohort, monkeypatch):
    monkeypatch.setattr(throttle, "FROM_ONE_ADDRESS", 3)
    made, code = send(cohort)
    for number in range(3):
        assert look_up(f"0000000{number}", browser="") is None
    with pytest.raises(throttle.TooManyTries):
        look_up(code, browser="another phone")
    assert look_up(code, network="10.0.0.2", browser="another phone") == made.id
    assert look_up(code, browser=made.device) == made.id
    for _ in range(sign_up.TRIES):
        assert look_up(code, "0000", browser=made.device) is None
    with pytest.raises(sign_up.LookUpWaits):
        look_up(code, "0000", browser=made.device)


def test_taken_back_before_anybody_looked(cohort):
    made, _code = send(cohort)
    for _ in range(2):
        assert take_back(made).state is SignUpState.TAKEN_BACK
    assert (
        db.session.scalar(
            db.select(db.func.count()).select_from(AuditEvent).where(AuditEvent.action == "sign_up.take_back")
        )
        == 1
    )


def settled(cohort, status):
    """A sign-up that became an enrolment with this status, through its steps."""
    made, _code = send(cohort, nonce=f"{status}{count()}")
    row = factories.enrolment(cohort, status=EnrolmentStatus.APPLIED)
    with transaction():
        fresh = db.session.get(type(row), row.id)
        if status is not EnrolmentStatus.APPLIED:
            enrolment.move_enrolment(fresh, status, cause=StatusCause.SIGN_UP, by=HER, at=AT, reason="本期只收本县学员")
        kept = db.session.get(SignUp, made.id)
        kept.state, kept.enrolment_id, kept.settled_at = SignUpState.SETTLED, row.id, AT
    return made, row


@pytest.mark.parametrize("status", [EnrolmentStatus.APPLIED, EnrolmentStatus.WAITLISTED])
def test_taking_back_withdraws_who_only_waits(cohort, status):
    made, row = settled(cohort, status)
    for _ in range(2):
        take_back(made)
    steps = db.select(EnrolmentEvent.status).where(EnrolmentEvent.enrolment_id == row.id).order_by(EnrolmentEvent.id)
    assert db.session.scalars(steps).all()[-1] is EnrolmentStatus.WITHDRAWN
    answer = get_answer(made.id, now=AT)
    assert (answer.state, answer.status, answer.may_take_back) == (
        SignUpState.SETTLED,
        EnrolmentStatus.WITHDRAWN,
        False,
    )


def test_whoever_has_a_place_calls_the_teacher(cohort):
    made, _row = settled(cohort, EnrolmentStatus.ADMITTED)
    with pytest.raises(sign_up.AlreadyDecided):
        take_back(made)


def test_a_struck_out_sign_up_is_not_taken_back(cohort):
    made, _code = send(cohort)
    with transaction():
        db.session.get(SignUp, made.id).state = SignUpState.STRUCK_OUT
    with pytest.raises(NotFound):
        take_back(made)


def test_the_place_in_the_row_is_by_when_she_began_to_wait(cohort):
    first, gone = settled(cohort, EnrolmentStatus.WAITLISTED)
    second, _row = settled(cohort, EnrolmentStatus.WAITLISTED)
    assert [get_answer(made.id, now=AT).waiting_before for made in (first, second)] == [0, 1]
    take_back(first)
    assert get_answer(second.id, now=AT).waiting_before == 0
    with transaction():
        back = db.session.get(type(gone), gone.id)
        enrolment.move_enrolment(back, EnrolmentStatus.WAITLISTED, cause=StatusCause.STAFF, by=HER, at=AT)
    assert get_answer(first.id, now=AT).waiting_before == 1


def test_only_who_is_not_admitted_reads_the_reason(cohort):
    refused, _row = settled(cohort, EnrolmentStatus.REJECTED)
    assert get_answer(refused.id, now=AT).reason == "本期只收本县学员"
    waiting, _row = settled(cohort, EnrolmentStatus.WAITLISTED)
    assert get_answer(waiting.id, now=AT).reason == ""


@pytest.mark.parametrize("others", [1, 3])
def test_the_answer_asks_little(cohort, others, count_statements):
    for _ in range(others):
        made, _row = settled(cohort, EnrolmentStatus.WAITLISTED)
    with count_statements() as seen:
        assert get_answer(made.id, now=AT).waiting_before == others - 1
    assert len(seen) == 4


def test_the_cohort_is_found_in_small_letters_and_exactly_first(cohort):
    lower = factories.cohort(cohort.code.lower())
    assert find_open_cohort(cohort.code).id == cohort.id
    assert find_open_cohort(lower.code).id == lower.id
    assert find_open_cohort("GB-2026") is None


def test_the_counties_of_a_cohort(app):
    assert counties_to_choose(factories.YUNZHOU) == [(factories.YUNZHOU, "云州区")]
    assert (factories.YUNZHOU, "云州区") in counties_to_choose(factories.DATONG)
    assert (factories.YUNZHOU, "大同市 云州区") in counties_to_choose(factories.SHANXI)


def set_up(cohort, settings, by, seen=None):
    with transaction():
        seen = db.session.get(Cohort, cohort.id).version if seen is None else seen
        sign_up.set_up(cohort.id, settings, seen=seen, by=by, at=AT)


def test_the_settings_are_kept_and_audited_once(cohort, manager):
    for _ in range(2):
        set_up(cohort, ALL_ON, manager)
    [event] = db.session.scalars(db.select(AuditEvent).where(AuditEvent.action == "sign_up.set_up"))
    assert event.details["after"]["sign_up_note"] == "请带手机"
    assert db.session.get(Cohort, cohort.id).sign_up_closes_on is None


def test_settings_that_cannot_be(cohort, manager):
    late = SignUpSettings(date(2026, 3, 14), None, "", collects_id_numbers=True, waitlist_moves_up=True)
    with pytest.raises(sign_up.SignUpOutsideCohort):
        set_up(cohort, late, manager)
    with pytest.raises(Conflict):
        set_up(cohort, ALL_ON, manager, seen=-1)


def preview(cohort, reading, by):
    with transaction():
        return roster.preview(cohort.id, reading, by=by, at=AT)


def test_no_id_number_of_a_roster_reaches_any_table(cohort, manager):
    no_ids = SignUpSettings(None, None, "", collects_id_numbers=False, waitlist_moves_up=True)
    content = rosters.roster_file(
        ("王小花", rosters.ID_1, "14000001111", "", "", "", f"丈夫{rosters.ID_2}"),
        ("没电话", rosters.ID_2, ""),
        ("坏电话", rosters.ID_2, "123"),
    )
    with_ids = roster.read("名册.xlsx", content, today=AT.date())
    waiting = preview(cohort, with_ids, manager)
    with pytest.raises(sign_up.RosterWaits):
        set_up(cohort, no_ids, manager)
    with transaction():
        roster.discard(waiting.id, by=manager, at=AT)
    set_up(cohort, no_ids, manager)
    with pytest.raises(Conflict):
        preview(cohort, with_ids, manager)
    batch = preview(cohort, roster.read("名册.xlsx", content, today=AT.date(), with_ids=False), manager)
    assert [remark[2] for remark in batch.summary["remarks"]] == ["id_numbers_left_out"]
    with transaction():
        roster_commit.commit(batch.id, joined_on=date(2026, 3, 9), by=manager, at=AT)
    assert count(ImportRow) == 3
    [person] = db.session.scalars(db.select(Person).where(Person.name == "王小花"))
    assert (person.id_number, person.id_number_index, person.birth_year) == (None, None, None)
    kept = [str(row.content) for row in db.session.scalars(db.select(ImportRow))]
    kept += [str(row.summary) for row in db.session.scalars(db.select(ImportBatch))]
    kept += [str(row.details) for row in db.session.scalars(db.select(AuditEvent))]
    kept += [f"{row.name}{row.phone}{row.note}" for row in db.session.scalars(db.select(Person))]
    assert not any(number[:-1] in text for number in (rosters.ID_1, rosters.ID_2) for text in kept)
    assert any("丈夫" in text for text in kept)


def test_by_default_id_numbers_are_taken_in(cohort, manager):
    content = rosters.roster_file(("王小花", rosters.ID_1, "14000001111"))
    batch = preview(cohort, roster.read("名册.xlsx", content, today=AT.date()), manager)
    assert batch.summary["remarks"] == []
    with transaction():
        roster_commit.commit(batch.id, joined_on=date(2026, 3, 9), by=manager, at=AT)
    assert db.session.scalar(db.select(Person.id_number)) == rosters.ID_1


def test_after_a_transfer_the_code_tells_of_the_other_class(cohort):
    made, _code = send(cohort)
    other = factories.cohort(name="下一期")
    with transaction() as session:
        first = Enrolment(cohort_id=cohort.id, person_id=factories.person().id, joined_on=cohort.starts_on)
        first.status = EnrolmentStatus.WITHDRAWN
        session.add(first)
        session.flush()
        session.get(SignUp, made.id).enrolment_id = first.id
        then = Enrolment(cohort_id=other.id, person_id=first.person_id, joined_on=other.starts_on, seat_number=1)
        then.status, then.transferred_from_id = EnrolmentStatus.ADMITTED, first.id
        session.add(then)
    answer = get_answer(made.id, now=AT)
    assert (answer.cohort_id, answer.status) == (other.id, EnrolmentStatus.ADMITTED)
    with transaction() as session:
        session.get(Enrolment, then.id).status = EnrolmentStatus.WITHDRAWN
        session.get(Enrolment, first.id).status = EnrolmentStatus.APPLIED
    assert (get_answer(made.id, now=AT).cohort_id, get_answer(made.id, now=AT).status) == (
        cohort.id,
        EnrolmentStatus.APPLIED,
    )
