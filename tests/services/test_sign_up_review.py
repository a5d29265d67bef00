"""Sign-ups settled: who she is, her place, her consent; many at once; what is refused; what is taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.factories import AT
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus
from trainer.domain.consent import ConsentChannel, ConsentScope
from trainer.domain.enrolment import EnrolmentStatus as S
from trainer.domain.enrolment import StatusCause
from trainer.domain.sign_up import AnswerChannel, SignUpState
from trainer.errors import Conflict, NotFound
from trainer.models import AuditEvent, Consent, Enrolment, EnrolmentEvent, Mark, Person, SignUp
from trainer.models.message import Delivery, Message
from trainer.queries.sign_up_match import find_matches
from trainer.services import sign_up_answer, sign_up_review, sign_up_undo
from trainer.services.sign_up_review import Decision, Pick
from trainer.services.waitlist import NoPlaceFree, OverWithoutReason

pytestmark = pytest.mark.sqlite_is_enough

PHONE, ID = "14100001234", "14022119900101002X"
ADMIT = Decision(S.ADMITTED)


@pytest.fixture
def by(app):
    return factories.actor(Role.COHORT_STAFF, region=factories.DATONG)


def settle(sign_up_id: int, by, person=None, decision=ADMIT, **more) -> Enrolment:
    given = {"by": by, "at": AT} | more
    with transaction():
        seen = given.pop("seen", None) or db.session.get(SignUp, sign_up_id).version
        pick = Pick(sign_up_id, seen, person.id if person else None)
        return sign_up_review.settle(pick, decision, **given)


def stored(sign_up_id: int) -> SignUp:
    db.session.rollback()
    return db.session.get(SignUp, sign_up_id, populate_existing=True)


def history(enrolment_id: int) -> list[tuple]:
    event = EnrolmentEvent
    rows = select(event.status, event.cause, event.at).where(event.enrolment_id == enrolment_id).order_by(event.id)
    return [tuple(row) for row in db.session.execute(rows)]


def take_back(sign_up_id: int, by, at=AT + timedelta(hours=1)) -> None:
    with transaction():
        seen = db.session.get(SignUp, sign_up_id).version
        sign_up_undo.take_answer_back(sign_up_id, "认错人了", seen=seen, by=by, at=at)


def test_somebody_new_gets_a_record_a_place_and_her_consents(cohort, by):
    id_ = factories.sign_up(cohort, phone=PHONE, id_number=ID, township="周士庄镇", kind="farmer")
    made = settle(id_, by)
    her = db.session.get(Person, made.person_id)
    assert (her.name, her.phone, her.id_number, her.township, her.kind) == ("郭美玲", PHONE, ID, "周士庄镇", "farmer")
    assert (her.birth_year, her.sex, her.name_initials) == (1990, "F", "gml")
    day_before = AT - timedelta(days=1)
    assert history(made.id) == [
        (S.APPLIED, StatusCause.SIGN_UP, day_before),
        (S.ADMITTED, StatusCause.STAFF, AT),
        (S.ACTIVE, StatusCause.BEGUN, AT),
    ]
    given = db.session.execute(select(Consent.scope, Consent.channel, Consent.given_at)).all()
    assert set(given) == {(s, ConsentChannel.ONLINE, day_before) for s in (ConsentScope.BASIC, ConsentScope.ID_NUMBER)}
    now = stored(id_)
    assert (now.state, now.enrolment_id, now.settled_by, now.told_at) == (
        SignUpState.SETTLED,
        made.id,
        by.account_id,
        None,
    )
    assert made.seat_number == 1
    assert made.joined_on == AT.date()
    assert db.session.scalar(select(Message.code)) == "enrolment_admitted"
    [event] = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "sign_up.settle"))
    assert ("郭美玲" in str(event.details), PHONE in str(event.details)) == (False, False)


def test_a_record_keeps_what_it_has_save_what_was_ticked(cohort, by):
    her = factories.person("郭美玲", phone="14000001111", village="老村", township=None)
    id_ = factories.sign_up(cohort, phone=PHONE, id_number=ID, township="周士庄镇")
    settle(id_, by, her, takes={"phone", "township"})
    now = db.session.get(Person, her.id, populate_existing=True)
    assert (now.phone, now.township, now.village, now.id_number) == (PHONE, "周士庄镇", "老村", None)
    assert now.phone_tail_index is not None


@pytest.mark.parametrize("status", [S.WITHDRAWN, S.REJECTED, S.APPLIED, S.WAITLISTED, S.ACTIVE])
def test_who_has_a_place_goes_on_from_there(cohort, by, status):
    her = factories.person("郭美玲", phone=PHONE)
    before = factories.placed(cohort, status, her)
    made = settle(factories.sign_up(cohort, phone=PHONE), by, her)
    assert (made.id, made.status, db.session.scalar(select(func.count(Enrolment.id)))) == (before, S.ACTIVE, 1)
    moments = [at for *_step, at in history(before)]
    assert moments == sorted(moments)


def test_a_class_that_has_not_begun_admits_and_does_not_begin(by):
    later = factories.cohort(starts_on=(AT + timedelta(days=9)).date(), ends_on=(AT + timedelta(days=12)).date())
    made = settle(factories.sign_up(later), by)
    assert (made.status, made.joined_on) == (S.ADMITTED, later.starts_on)


@pytest.mark.parametrize(
    ("decision", "refusal"),
    [
        (Decision(S.REJECTED), sign_up_review.RejectedWithoutReason),
        (Decision(S.COMPLETED, "…"), NotFound),
        (ADMIT, NoPlaceFree),
        (Decision(S.ADMITTED, over=True), OverWithoutReason),
    ],
)
def test_decisions_that_cannot_be(by, decision, refusal):
    full = factories.cohort(capacity=1)
    factories.placed(full, S.ACTIVE)
    id_ = factories.sign_up(full)
    with pytest.raises(refusal):
        settle(id_, by, decision=decision)
    assert (stored(id_).state, db.session.scalar(select(func.count(Person.id)))) == (SignUpState.OPEN, 1)


def test_over_the_places_on_purpose_with_a_reason(by):
    full = factories.cohort(capacity=1)
    factories.placed(full, S.ACTIVE)
    assert (
        settle(factories.sign_up(full), by, decision=Decision(S.ADMITTED, "县里加名额", over=True)).status is S.ACTIVE
    )


def test_people_it_cannot_be(cohort, by):
    her = factories.person("郭美玲", phone=PHONE, id_number=ID)
    same_phone, same_id = factories.sign_up(cohort, phone=PHONE), factories.sign_up(cohort, "郭玲", id_number=ID)
    with pytest.raises(sign_up_review.WomanKnown):
        settle(same_phone, by)
    with pytest.raises(sign_up_review.IdNumberTaken):
        settle(same_id, by)
    with pytest.raises(sign_up_review.IdNumberTaken):
        settle(same_id, by, factories.person("郭玲"), takes={"id_number"})
    with transaction():
        db.session.get(Person, her.id).erased_at = AT
    with pytest.raises(NotFound):
        settle(same_phone, by, her)
    on_the_roll = factories.person()
    factories.placed(cohort, S.ACTIVE, on_the_roll)
    with pytest.raises(sign_up_review.SettledOtherwise):
        settle(same_phone, by, on_the_roll, Decision(S.REJECTED, "人满"))


def test_what_was_dealt_with_or_changed_meanwhile(cohort, by):
    id_ = factories.sign_up(cohort)
    with pytest.raises(Conflict):
        settle(id_, by, seen=7)
    settle(id_, by)
    with pytest.raises(sign_up_review.NotOpen):
        settle(id_, by)
    with pytest.raises(NotFound):
        _ = [settle(n, by, seen=1) for n in (id_ + 1,)]


def test_a_consent_withdrawn_since_stays_withdrawn(cohort, by):
    her = factories.person("郭美玲", phone=PHONE)
    factories.consent(her.id, given_at=AT - timedelta(days=9), withdrawn_at=AT - timedelta(hours=1))
    settle(factories.sign_up(cohort, phone=PHONE), by, her)
    assert db.session.scalar(select(func.count()).where(Consent.withdrawn_at.is_(None))) == 0


def test_many_at_once_all_or_none(by):
    small = factories.cohort(capacity=2)
    ids = [factories.sign_up(small, f"郭美{n}") for n in "玲丽芳"]
    picks = [Pick(id_, 1, None) for id_ in ids]
    with pytest.raises(NoPlaceFree), transaction():
        sign_up_review.settle_many(small.id, picks, ADMIT, by=by, at=AT)
    assert db.session.scalar(select(func.count(Person.id))) == 0
    with transaction():
        made = sign_up_review.settle_many(small.id, picks[1::-1], ADMIT, by=by, at=AT)
    assert [enrolment.seat_number for enrolment in made] == [1, 2]
    assert stored(ids[0]).enrolment_id == made[0].id
    with pytest.raises(NotFound), transaction():
        sign_up_review.settle_many(factories.cohort().id, picks[2:], ADMIT, by=by, at=AT)


def test_two_at_once_never_settle_one_twice_or_overfill(app, by):
    small = factories.cohort(capacity=1)
    one, two = factories.sign_up(small, "郭美玲"), factories.sign_up(small, "郭美丽")

    def act(id_: int):
        return lambda: sign_up_review.settle(Pick(id_, 1, None), ADMIT, by=by, at=AT).status

    assert [type(result) for result in overlap(app, act(one), act(one))] == [S, sign_up_review.NotOpen]
    with transaction():
        db.session.get(Enrolment, stored(one).enrolment_id).status = S.WITHDRAWN
    three = factories.sign_up(small, "郭美芳")
    assert [type(result) for result in overlap(app, act(two), act(three))] == [S, NoPlaceFree]


def test_an_answer_is_taken_back_and_given_anew(cohort, by):
    id_ = factories.sign_up(cohort, phone=PHONE)
    made = settle(id_, by)
    take_back(id_, by)
    now = stored(id_)
    assert (now.state, now.enrolment_id, now.settled_at, now.reason) == (SignUpState.OPEN, None, None, "认错人了")
    assert db.session.get(Enrolment, made.id, populate_existing=True).status is S.WITHDRAWN
    assert db.session.scalar(select(func.count(Consent.id))) == 0
    with pytest.raises(sign_up_undo.NotSettled):
        take_back(id_, by)
    again = settle(id_, by, db.session.get(Person, made.person_id), at=AT + timedelta(hours=2))
    assert (again.id, again.status, db.session.scalar(select(func.count(Consent.id)))) == (made.id, S.ACTIVE, 1)


@pytest.mark.parametrize(
    ("before", "decision"), [(S.WAITLISTED, ADMIT), (S.REJECTED, ADMIT), (S.WITHDRAWN, Decision(S.REJECTED, "人满"))]
)
def test_an_answer_taken_back_leads_to_where_she_was(cohort, by, before, decision):
    her = factories.person("郭美玲", phone=PHONE)
    enrolment_id = factories.placed(cohort, before, her)
    id_ = factories.sign_up(cohort, phone=PHONE)
    settle(id_, by, her, decision)
    take_back(id_, by)
    assert db.session.get(Enrolment, enrolment_id, populate_existing=True).status is before


def test_what_was_built_on_an_answer_keeps_it(cohort, by):
    id_ = factories.sign_up(cohort)
    made, lesson = settle(id_, by), factories.lesson(cohort)
    mark = {"status": AttendanceStatus.PRESENT, "channel": "staff", "at": AT, "nonce": "m"}
    with transaction():
        db.session.add(Mark(lesson_id=lesson.id, enrolment_id=made.id, **mark))
    with pytest.raises(sign_up_undo.AnswerBuiltUpon):
        take_back(id_, by)


def test_struck_out_and_put_back(cohort, by):
    id_ = factories.sign_up(cohort)
    with transaction():
        sign_up_undo.strike_out(id_, "广告", seen=1, by=by, at=AT)
    assert (stored(id_).state, stored(id_).reason) == (SignUpState.STRUCK_OUT, "广告")
    with pytest.raises(sign_up_review.NotOpen):
        settle(id_, by)
    with transaction():
        sign_up_undo.put_back(id_, seen=2, by=by, at=AT)
    assert stored(id_).state is SignUpState.OPEN
    with pytest.raises(sign_up_undo.NotSettled), transaction():
        sign_up_undo.put_back(id_, seen=3, by=by, at=AT)


def test_whom_she_could_be(app, cohort, by):
    exact = factories.person("郭美玲", phone=PHONE)
    neighbour = factories.person("郭美灵", phone="14000002222")
    of_linfen = factories.person("郭美玲", phone="14000003333", region="141002")
    on_one_phone = factories.person("赵敏", phone=PHONE)
    id_ = factories.sign_up(cohort, phone=PHONE)
    new = factories.sign_up(cohort, "田小娟")
    found = find_matches(by, [stored(id_), stored(new)])
    assert [(c.person_id, c.likeness) for c in found[id_].candidates] == [
        (exact.id, "name_and_phone"),
        (neighbour.id, "name_and_village"),
        (on_one_phone.id, "phone"),
    ]
    assert (found[id_].exact.person_id, found[id_].plain, found[new].is_new) == (exact.id, True, True)
    with transaction():
        db.session.get(Person, neighbour.id).erased_at = AT
        db.session.get(Person, on_one_phone.id).merged_into_id = exact.id
    [left] = find_matches(by, [stored(id_)])[id_].candidates
    assert (left.person_id, of_linfen.id == left.person_id) == (exact.id, False)
    # One ID number is one woman, wherever she is; under another name somebody has to look.
    abroad = factories.person("郭梅", id_number=ID, region="141002")
    [same] = find_matches(by, [stored(factories.sign_up(cohort, "田小月", id_number=ID))]).values()
    assert ([c.person_id for c in same.candidates], same.plain) == ([abroad.id], False)


def send(at=AT) -> int:
    with transaction():
        return sign_up_answer.send_answers(["sms"], at=at)


def test_the_answer_goes_by_text_once_and_waits_for_a_call_where_it_fails(cohort, by):
    by_text = factories.sign_up(cohort, phone=PHONE, answer_by=AnswerChannel.SMS)
    by_call = factories.sign_up(cohort, "田小娟")
    settle(by_text, by)
    settle(by_call, by)
    assert (send(), send()) == (1, 0)
    [copy] = db.session.scalars(select(Delivery).where(Delivery.channel == "sms"))
    text = db.session.get(Message, copy.message_id)
    assert (text.subject, cohort.teacher_phone in text.body) == ("您已被录取", True)
    assert (stored(by_text).told_at, stored(by_call).told_at) == (AT, None)
    with transaction():
        row = db.session.get(Delivery, copy.id)
        row.state, row.due_at = "failed", AT + timedelta(minutes=5)
    assert (send(AT + timedelta(hours=1)), stored(by_text).told_at) == (0, None)
    with transaction():
        sign_up_answer.note_told(by_text, seen=S.ACTIVE, by=by, at=AT + timedelta(hours=2))
    assert (send(AT + timedelta(hours=3)), stored(by_text).told_by) == (0, by.account_id)
    with pytest.raises(Conflict), transaction():
        sign_up_answer.note_told(by_call, seen=S.WAITLISTED, by=by, at=AT)


def test_no_text_to_a_number_that_is_not_the_one_she_gave(cohort, by):
    her = factories.person("郭美玲", phone="14000001111")
    settle(factories.sign_up(cohort, phone=PHONE, answer_by=AnswerChannel.SMS), by, her)
    assert send() == 0


def test_who_looks_it_up_is_not_called(cohort, by):
    id_ = factories.sign_up(cohort, answer_by=AnswerChannel.LOOK_UP)
    settle(id_, by)
    assert stored(id_).told_at == AT
