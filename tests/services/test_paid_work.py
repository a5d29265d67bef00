"""Paid work by name list: once, no day of a worker twice within a business; what counts for the class."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests import factories
from trainer.database import db, transaction
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.outcome_effort import PaidDays
from trainer.domain.paid_work import PaidWorkDraft
from trainer.errors import Refused
from trainer.models import AuditEvent, CohortOutcomes, Enrolment, PaidWork, StoredFile
from trainer.queries.effort import list_paid_work
from trainer.services import paid_work as works
from trainer.services.erasure import erase_person
from trainer.services.evidence import seal_evidence

pytestmark = pytest.mark.sqlite_is_enough

AT = datetime(2026, 6, 30, 4, tzinfo=UTC)
APRIL = PaidWorkDraft("王 大姐", True, True, date(2026, 4, 1), date(2026, 4, 30), 22)
MAY = replace(APRIL, from_on=date(2026, 5, 1), until_on=date(2026, 5, 31))


@pytest.fixture
def by(app):
    return factories.actor()


@pytest.fixture
def graduate(cohort):
    return factories.enrolment(cohort, status=EnrolmentStatus.COMPLETED)


def record(enrolment_id, draft=APRIL, *, nonce="n1", by, **facts):
    with transaction():
        return works.record_paid_work(enrolment_id, draft, nonce=nonce, by=by, at=AT, **facts).id


def test_a_row_stands_once_its_name_encrypted(by, graduate):
    first, again = record(graduate.id, by=by), record(graduate.id, by=by)
    assert (first, db.session.get(PaidWork, first).worker) == (again, "王大姐")
    raw = db.session.scalar(db.text("SELECT worker FROM paid_works"))
    assert "王大姐" not in str(raw)
    assert db.session.get(CohortOutcomes, graduate.cohort_id).changed_at == AT
    assert "王大姐" not in str(db.session.scalars(db.select(AuditEvent.details)).all())


def test_a_day_of_a_worker_is_paid_once(by, graduate):
    first = record(graduate.id, by=by)
    with pytest.raises(works.WorkListedAlready) as refused:
        record(graduate.id, replace(APRIL, worker="王大姐", from_on=date(2026, 4, 30), paid_days=1), nonce="n2", by=by)
    assert (refused.value.values["worker"], refused.value.values["days"]) == ("王大姐", 22)
    other = factories.enrolment(db.session.get(factories.Cohort, graduate.cohort_id), status=EnrolmentStatus.COMPLETED)
    record(graduate.id, MAY, nonce="n3", by=by)
    record(graduate.id, replace(APRIL, worker="李大姐"), nonce="n4", by=by)
    record(other.id, nonce="n5", by=by)
    with transaction():
        works.take_back(first, "天数记错", by=by, at=AT)
    record(graduate.id, nonce="n6", by=by)


def test_only_graduates_are_employers_of_the_class(by, cohort):
    woman = factories.enrolment(cohort, status=EnrolmentStatus.NOT_COMPLETED)
    with pytest.raises(works.NotAGraduate):
        record(woman.id, by=by)
    with transaction():
        db.session.get(Enrolment, woman.id).status = EnrolmentStatus.COMPLETED
    with pytest.raises(Refused, match="name_missing"):
        record(woman.id, replace(APRIL, worker="  "), by=by)


def test_what_counts_for_a_class(by, graduate):
    """Up to a day; not what was taken back; of a later class of hers only what began after it."""
    later = factories.cohort(starts_on=date(2026, 4, 10), ends_on=date(2026, 4, 12))
    factories.enrolment(later, db.session.get(factories.Person, graduate.person_id), status=EnrolmentStatus.COMPLETED)
    for n, draft in enumerate((APRIL, MAY, replace(APRIL, worker="李大姐", is_woman=False))):
        record(graduate.id, draft, nonce=f"n{n}", by=by)
    with transaction():
        works.take_back(db.session.scalar(db.select(db.func.max(PaidWork.id))), "不是她的", by=by, at=AT)
    key = f"{graduate.person_id} 王大姐"
    assert list_paid_work(graduate.cohort_id, date(2026, 5, 31)) == [PaidDays(True, True, 22, key)] * 2
    assert len(list_paid_work(graduate.cohort_id, date(2026, 5, 30))) == 1
    assert len(list_paid_work(later.id, AT.date())) == 1


def test_with_the_woman_go_names_and_evidence_and_the_days_stay(by, graduate):
    evidence = seal_evidence(b"%PDF-1.4 ", "工资表.pdf")
    id_ = record(graduate.id, by=by, evidence=evidence)
    with transaction():
        erased = erase_person(graduate.person_id, why="request", by=by, at=AT)
    row = db.session.get(PaidWork, id_)
    assert (row.evidence_id, row.paid_days, row.worker) == (None, 22, "已删除")
    assert evidence.stored_as in erased.files
    assert db.session.scalar(db.select(db.func.count(StoredFile.id))) == 0
