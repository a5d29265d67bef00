"""Protected values in full: never without a reason, not without end, and always on record for the woman."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import AT
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.disclosure import DisclosureReason, ProtectedField, Purpose
from trainer.models import AuditEvent, BackgroundTask, DisclosedPerson, Disclosure, Person
from trainer.services import audit, disclosure

pytestmark = pytest.mark.sqlite_is_enough

F, R = ProtectedField, DisclosureReason
PHONE, ID = "14000001234", "140299199311028401"
TO_CALL = Purpose(R.CALL_HER)


@pytest.fixture
def woman(app):
    return factories.person("马桂花", phone=PHONE, id_number=ID)


@pytest.fixture
def staff(app):
    return factories.actor(Role.COHORT_STAFF)


def reveal(woman, by, field=F.PHONE, purpose=TO_CALL, *, most=30, at=AT) -> str:
    with transaction():
        person = db.session.get(Person, woman.id)
        return disclosure.reveal(person, field, purpose, most_a_day=most, by=by, at=at)


def looks(woman) -> list[Disclosure]:
    of_hers = select(Disclosure).join(DisclosedPerson, DisclosedPerson.disclosure_id == Disclosure.id)
    return list(db.session.scalars(of_hers.where(DisclosedPerson.person_id == woman.id).order_by(Disclosure.id)))


def test_a_look_gives_the_value_and_is_on_record_for_her(woman, staff):
    assert reveal(woman, staff) == PHONE
    assert reveal(woman, staff, F.ID_NUMBER, Purpose(R.OTHER, "学籍核对"), at=AT + timedelta(hours=1)) == ID
    first, second = looks(woman)
    assert (first.account_id, first.fields, first.reason) == (staff.account_id, ["phone"], R.CALL_HER)
    assert (second.reason, second.note, second.is_export) == (R.OTHER, "学籍核对", False)


def test_the_trail_holds_no_value(woman, staff):
    reveal(woman, staff)
    event = db.session.scalar(select(AuditEvent).where(AuditEvent.action == "person.reveal"))
    assert event.details["fields"] == ["phone"]
    assert event.details["reason"] == "call_her"
    assert PHONE not in str(event.details)


@pytest.mark.parametrize("note", ["", "   "])
def test_something_else_needs_words(woman, staff, note):
    with pytest.raises(disclosure.ReasonWithoutWords):
        reveal(woman, staff, purpose=Purpose(R.OTHER, note))
    assert looks(woman) == []


def test_what_is_not_on_record_cannot_be_shown(app, staff):
    nobody = factories.person("李丽")
    with pytest.raises(disclosure.NothingOnRecord):
        reveal(nobody, staff, F.ID_NUMBER)


def test_so_many_a_day_and_no_more(woman, staff):
    other = factories.actor(Role.COHORT_STAFF)
    for _ in range(2):
        reveal(woman, staff, most=2)
    with pytest.raises(disclosure.TooManyLooks) as caught:
        reveal(woman, staff, most=2)
    assert caught.value.status == 429
    assert reveal(woman, other, most=2) == PHONE
    before_midnight = AT.replace(hour=15, minute=59)
    with pytest.raises(disclosure.TooManyLooks):
        reveal(woman, staff, most=2, at=before_midnight)
    assert reveal(woman, staff, most=2, at=AT.replace(hour=16)) == PHONE


def test_two_at_once_do_not_pass_the_limit(app, woman, staff):
    def look():
        person = db.session.get(Person, woman.id)
        return disclosure.reveal(person, F.PHONE, TO_CALL, most_a_day=1, by=staff, at=AT)

    first, second = overlap(app, look, look)
    assert first == PHONE
    assert isinstance(second, disclosure.TooManyLooks)


def test_an_export_is_one_disclosure_of_all_and_counts_no_look(woman, staff):
    second = factories.person("李丽")
    purpose = Purpose(R.PAYMENT, "", "云州区财政局")
    with transaction():
        task_id = disclosure.export_in_full([woman.id, second.id], [F.PHONE], purpose, by=staff, at=AT)
    (made,) = db.session.scalars(select(Disclosure))
    assert (made.is_export, made.fields, made.recipient) == (True, ["phone"], "云州区财政局")
    assert {p.person_id for p in db.session.scalars(select(DisclosedPerson))} == {woman.id, second.id}
    assert db.session.get(BackgroundTask, task_id).params == {"disclosure": made.id}
    assert reveal(woman, staff, most=1) == PHONE


def test_an_export_of_nobody_is_refused(staff):
    with pytest.raises(disclosure.NobodyToExport), transaction():
        disclosure.export_in_full([], [F.PHONE], TO_CALL, by=staff, at=AT)


def test_a_careless_caller_of_the_trail_gets_it_masked(woman, staff):
    with transaction():
        audit.record(
            *("person.change", "person", woman.id),
            by=staff,
            at=AT,
            before={"phone": PHONE, "id_number": ID, "birth_year": 1993, "bank_account": "6222021234567890128"},
            phone=PHONE,
            changed=[["id_number", ID, None]],
            note=f"电话 {PHONE}，身份证 {ID}",
        )
    event = db.session.scalar(select(AuditEvent).where(AuditEvent.action == "person.change"))
    for value in (PHONE, ID, "1993", "622202"):
        assert value not in str(event.details)
    assert event.details["phone"] == "140****1234"
