"""Consents: given, on paper, withdrawn, given again; and what a withdrawal does at once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import factories, rosters
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Actor, Role
from trainer.domain.consent import NOTICE_VERSION, ConsentChannel, ConsentScope
from trainer.domain.data_request import RequestKind, RequestState
from trainer.errors import Refused
from trainer.models import AuditEvent, Consent, DataRequest, Person, StoredFile
from trainer.queries.consent import get_scan, has_consent, list_consents_of
from trainer.services import consent as consents
from trainer.services import roster, roster_commit
from trainer.services.file import read_file

pytestmark = pytest.mark.sqlite_is_enough

ID = rosters.ID_1
S = ConsentScope


@pytest.fixture
def woman(app):
    return factories.person("马桂花", phone="14000001234", id_number=ID)


@pytest.fixture
def herself(woman) -> Actor:
    return factories.actor_of(factories.account(Role.TRAINEE, person=woman))


@pytest.fixture
def staff(app) -> Actor:
    return factories.actor(Role.COHORT_STAFF)


def give(woman, by, scope=S.BASIC, at=AT):
    with transaction():
        consents.give(woman.id, scope, by=by, at=at)


def withdraw(woman, by, scope=S.BASIC, *, channel=ConsentChannel.ONLINE, at=AT + timedelta(days=1), reason=""):
    with transaction():
        consents.withdraw(woman.id, scope, channel=channel, by=by, at=at, reason=reason, due_in_days=30)


def paper(woman, by, *scopes, signed_on=date(2026, 3, 10), at=AT):
    with transaction():
        consents.record_paper(woman.id, scopes, b"picture", signed_on=signed_on, by=by, at=at)


def rows(woman) -> list[Consent]:
    return list(db.session.scalars(select(Consent).where(Consent.person_id == woman.id).order_by(Consent.id)))


def trail(action: str) -> list[AuditEvent]:
    return list(db.session.scalars(select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.seq)))


def test_pressed_twice_it_is_one_consent(woman, herself):
    give(woman, herself)
    give(woman, herself)
    (row,) = rows(woman)
    assert (row.channel, row.notice_version, row.recorded_by) == (ConsentChannel.ONLINE, NOTICE_VERSION, None)
    assert has_consent(woman.id, S.BASIC)
    assert len(trail("consent.give")) == 1


def test_given_again_it_is_a_new_row_and_the_old_one_stays(woman, herself):
    give(woman, herself, S.PICTURES)
    withdraw(woman, herself, S.PICTURES)
    assert not has_consent(woman.id, S.PICTURES)
    give(woman, herself, S.PICTURES, at=AT + timedelta(days=2))
    first, second = rows(woman)
    assert first.withdrawn_at is not None
    assert second.withdrawn_at is None
    assert has_consent(woman.id, S.PICTURES)


def test_a_consent_to_an_older_version_stays_and_the_new_one_is_added(woman, herself):
    factories.consent(woman.id, notice_version="2026-11")
    give(woman, herself)
    assert [(r.notice_version, r.withdrawn_at) for r in rows(woman)] == [("2026-11", None), (NOTICE_VERSION, None)]
    withdraw(woman, herself)
    assert all(r.withdrawn_at for r in rows(woman))


def test_nothing_to_withdraw_is_refused(woman, herself):
    with pytest.raises(consents.ConsentNotInForce):
        withdraw(woman, herself, S.PROMOTION)


def test_withdrawing_the_id_number_erases_it_at_once(woman, herself):
    give(woman, herself, S.ID_NUMBER)
    withdraw(woman, herself, S.ID_NUMBER)
    person = db.session.get(Person, woman.id, populate_existing=True)
    assert (person.id_number, person.id_number_index) == (None, None)
    (event,) = trail("person.erase_id_number")
    assert event.details["before"] == {"id_number": f"{ID[:3]}{'*' * 11}{ID[-4:]}"}
    assert db.session.scalar(select(DataRequest.id)) is None


def test_withdrawing_the_basic_consent_asks_for_erasure_once(woman, herself):
    give(woman, herself)
    withdraw(woman, herself)
    give(woman, herself, at=AT + timedelta(days=2))
    withdraw(woman, herself, at=AT + timedelta(days=3))
    (request,) = db.session.scalars(select(DataRequest))
    assert (request.person_id, request.kind, request.state) == (woman.id, RequestKind.ERASE, RequestState.OPEN)
    assert request.due_on == date(2026, 4, 10)
    assert db.session.get(Person, woman.id).name == "马桂花"


@pytest.mark.parametrize("scope", [S.BANK_ACCOUNT, S.PICTURES, S.PUBLICATION, S.PROMOTION])
def test_the_others_change_nothing_but_the_answer(woman, herself, scope):
    give(woman, herself, scope)
    withdraw(woman, herself, scope)
    assert not has_consent(woman.id, scope)
    assert db.session.get(Person, woman.id, populate_existing=True).id_number == ID
    assert db.session.scalar(select(DataRequest.id)) is None


def test_staff_take_a_withdrawal_down(woman, herself, staff):
    give(woman, herself, S.PICTURES)
    withdraw(woman, staff, S.PICTURES, channel=ConsentChannel.TELEPHONE, reason="不想出镜")
    (consent,) = list_consents_of(woman.id)
    assert (consent.withdrawn_by, consent.withdrawal_reason) == (staff.name, "不想出镜")
    assert consent.withdrawal_channel is ConsentChannel.TELEPHONE
    assert trail("consent.withdraw")[-1].account_id == staff.account_id


def test_a_paper_serves_several_scopes_and_lies_encrypted(woman, staff):
    paper(woman, staff, S.BASIC, S.PICTURES)
    first, second = rows(woman)
    assert first.evidence_id == second.evidence_id is not None
    assert first.given_at == factories.AT.replace(hour=16, day=9)  # midnight in China
    assert (first.channel, first.recorded_by) == (ConsentChannel.PAPER, staff.account_id)
    stored = get_scan(woman.id, first.id)
    assert read_file(stored) == b"picture"
    assert stored.person_id == woman.id
    assert get_scan(woman.id + 1, first.id) is None


def test_a_paper_from_before_this_version_counts_for_the_older(woman, staff):
    paper(woman, staff, S.BASIC, signed_on=date(2025, 5, 1))
    assert [r.notice_version for r in rows(woman)] == ["2026-11"]


def test_a_consent_from_a_roster_gets_its_paper(woman, staff):
    factories.consent(woman.id, notice_version="2026-11", channel=ConsentChannel.ROSTER, evidence_id=None)
    paper(woman, staff, S.BASIC)
    (row,) = rows(woman)
    assert row.channel is ConsentChannel.ROSTER
    assert row.evidence_id
    assert len(trail("consent.add_paper")) == 1


def test_the_same_paper_twice_is_refused_and_keeps_no_file(woman, staff):
    paper(woman, staff, S.BASIC)
    with pytest.raises(consents.ConsentOnRecord):
        paper(woman, staff, S.BASIC)
    assert len(list(db.session.scalars(select(StoredFile)))) == 1


def test_a_paper_of_tomorrow_is_refused(woman, staff):
    with pytest.raises(consents.PaperFromTheFuture):
        paper(woman, staff, S.BASIC, signed_on=date(2026, 3, 11))


def test_a_paper_signed_before_she_withdrew_brings_nothing_back(woman, herself, staff):
    give(woman, herself, S.PICTURES)
    withdraw(woman, herself, S.PICTURES)
    with pytest.raises(consents.PaperOlderThanWithdrawal):
        paper(woman, staff, S.PICTURES, at=AT + timedelta(days=3))
    assert not has_consent(woman.id, S.PICTURES)
    paper(woman, staff, S.PICTURES, signed_on=date(2026, 3, 11), at=AT + timedelta(days=3))
    assert has_consent(woman.id, S.PICTURES)


def preview(cohort, staff, *women):
    reading = roster.read("名册.xlsx", rosters.roster_file(*women), today=AT.date())
    with transaction():
        return roster.preview(cohort.id, reading, by=staff, at=AT + timedelta(days=5))


def test_a_roster_gives_back_neither_consent_nor_id_number(woman, herself, staff):
    cohort = factories.cohort()
    give(woman, herself)
    give(woman, herself, S.ID_NUMBER)
    withdraw(woman, herself)
    withdraw(woman, herself, S.ID_NUMBER)
    batch = preview(cohort, staff, (woman.name, ID, "14000001234"))
    (line,) = roster.list_staged(batch.id)
    assert [remark.code for remark in line.remarks] == ["basic_withdrawn", "id_number_withdrawn"]
    assert "id_number" not in {change.field for change in line.changes}
    with transaction():
        roster_commit.commit(batch.id, by=staff, at=AT + timedelta(days=5))
    assert not has_consent(woman.id, S.BASIC)
    assert not has_consent(woman.id, S.ID_NUMBER)
    person = db.session.get(Person, woman.id, populate_existing=True)
    assert (person.id_number, person.id_number_index) == (None, None)
    assert batch.summary["enrolled"] == 1


def test_withdrawn_between_preview_and_confirmation_the_row_is_looked_at_again(woman, herself, staff):
    """She has no ID number on record; the preview would enter it, and then she withdraws."""
    other = factories.person("李丽", phone="14000007777")
    factories.consent(other.id, S.ID_NUMBER)
    cohort = factories.cohort()
    batch = preview(cohort, staff, ("李丽", rosters.ID_2, "14000007777"))
    withdraw(other, staff, S.ID_NUMBER, channel=ConsentChannel.TELEPHONE)
    with pytest.raises(Refused) as caught, transaction():
        roster_commit.commit(batch.id, by=staff, at=AT + timedelta(days=5))
    assert caught.value.code == "register_changed"
    assert db.session.get(Person, other.id, populate_existing=True).id_number is None
