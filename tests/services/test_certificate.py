"""Certificates: who gets one, what it says, numbers without gaps, and what may become of one."""

import itertools
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import AT
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.attendance import AttendanceStatus, Evidence, LessonState, MarkChannel
from trainer.domain.certificate import CertificateFacts, CertificateState, Issuer, from_content
from trainer.domain.completion_exception import ExceptionState
from trainer.domain.enrolment import EnrolmentStatus, StatusCause
from trainer.domain.programme import Track
from trainer.errors import Conflict, NotFound
from trainer.models import (
    Attendance,
    AuditEvent,
    Certificate,
    CertificateSeries,
    CompletionException,
    Delivery,
    Enrolment,
    EnrolmentEvent,
    Mark,
    Person,
)
from trainer.queries.certificate import list_own_certificates
from trainer.services import certificate as certificates
from trainer.services.erasure import erase_person

pytestmark = pytest.mark.postgresql

ISSUER = Issuer("JY", "大同市妇女联合会")
Role = factories.Role
_nonces = itertools.count(1)


@pytest.fixture
def manager(cohort):
    return factories.actor(Role.MANAGER, region=factories.DATONG)


def completed(cohort, name="王秀芳", *, cause=StatusCause.COMPLETION, rule_id=None) -> Enrolment:
    row = factories.enrolment(cohort, factories.person(name))
    with transaction() as session:
        session.get(Enrolment, row.id).status = EnrolmentStatus.COMPLETED
        step = {"status": EnrolmentStatus.COMPLETED, "cause": cause, "at": AT, "rule_id": rule_id}
        session.add(EnrolmentEvent(enrolment_id=row.id, **step))
    return row


def mark(lesson, enrolment, status, channel) -> None:
    where = {"lesson_id": lesson.id, "enrolment_id": enrolment.id, "status": status}
    with transaction() as session:
        row = Mark(channel=channel, at=AT, nonce=f"certificate {next(_nonces)}", **where)
        session.add(row)
        session.flush()
        session.add(Attendance(mark_id=row.id, marker_status=status, **where))


def issue(*enrolments, by, at=AT) -> int:
    ids = [one.id for one in enrolments]
    with transaction():
        return certificates.issue(ids, issuer=ISSUER, by=by, at=at)


def all_of_them() -> list[Certificate]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Certificate).order_by(Certificate.id)))


def of(enrolment) -> Certificate:
    return next(one for one in all_of_them() if one.enrolment_id == enrolment.id)


def numbers() -> list[str]:
    return [one.number[:-2] for one in all_of_them()]


def test_only_whoever_completed_by_the_rule_or_an_exception_gets_one(cohort, manager):
    earned = completed(cohort)
    by_exception = completed(cohort, "李桂花", cause=StatusCause.EXCEPTION)
    states = (EnrolmentStatus.ACTIVE, EnrolmentStatus.NOT_COMPLETED, EnrolmentStatus.COMPLETED)  # the last: by nothing
    others = [factories.enrolment(cohort, status=status) for status in states]
    erased = completed(cohort, "赵巧云")
    with transaction():
        erase_person(erased.person_id, why="request", by=manager, at=AT)
    with transaction() as session:
        facts = {"reason": "住院", "proposed_at": AT, "state": ExceptionState.APPROVED}
        exception = CompletionException(enrolment_id=by_exception.id, decided_by=manager.account_id, **facts)
        session.add(exception)
    assert issue(earned, by_exception, *others, erased, by=manager) == 2
    assert [one.enrolment_id for one in all_of_them()] == [earned.id, by_exception.id]
    assert numbers() == ["JY2026-000001", "JY2026-000002"]
    assert (of(earned).exception_id, of(by_exception).exception_id) == (None, exception.id)
    assert from_content(of(by_exception).content).by_exception


def test_it_says_what_was_marked(cohort, manager):
    rule = cohort.id  # the first version of its rule, made with it
    woman = completed(cohort, rule_id=rule)
    closed = [factories.lesson(cohort, day=day, state=LessonState.CLOSED) for day in range(5)]
    mark(closed[0], woman, AttendanceStatus.PRESENT, MarkChannel.ROLL)
    mark(closed[1], woman, AttendanceStatus.LATE, MarkChannel.PAPER)
    mark(closed[2], woman, AttendanceStatus.MADE_UP, MarkChannel.CLAIM)
    mark(closed[3], woman, AttendanceStatus.EXCUSED, MarkChannel.LEAVE)
    mark(closed[4], woman, AttendanceStatus.ABSENT, MarkChannel.ROLL)
    mark(factories.lesson(cohort, day=5), woman, AttendanceStatus.PRESENT, MarkChannel.ROLL)  # not closed
    issue(woman, by=manager)
    certificate = of(woman)
    facts = from_content(certificate.content)
    assert (facts.lessons, facts.minutes) == (3, 540)
    assert facts.evidence == {Evidence.SEEN_BY_STAFF: 2, Evidence.CLAIM: 1}
    assert (facts.name, facts.cohort, facts.region, facts.organisation) == (
        *("王秀芳", cohort.name, "大同市"),
        "大同市妇女联合会",
    )
    assert (facts.first_day, facts.last_day, facts.rule) == (cohort.starts_on, cohort.ends_on, 1)
    assert certificate.issued_on == date(2026, 3, 10)


def test_lessons_before_she_joined_do_not_count(cohort, manager):
    woman = completed(cohort)
    with transaction() as session:
        session.get(Enrolment, woman.id).joined_on = cohort.starts_on + timedelta(days=1)
    for day in range(2):
        mark(factories.lesson(cohort, day=day, state=LessonState.CLOSED), woman, "present", MarkChannel.ROLL)
    issue(woman, by=manager)
    assert from_content(of(woman).content).lessons == 1


def test_again_nothing_is_issued_and_each_is_told_once(cohort, manager):
    women = [completed(cohort) for _ in range(3)]
    assert issue(*women, by=manager) == 3
    assert issue(*women, by=manager) == 0
    assert [one.serial for one in all_of_them()] == [1, 2, 3]
    told = db.session.scalars(select(Delivery.person_id).where(Delivery.person_id.is_not(None))).all()
    assert sorted(told) == sorted(one.person_id for one in women)
    (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "certificate.issue"))
    assert event.details["first"].startswith("JY2026-000001")
    assert "王秀芳" not in str(event.details)


def test_one_lot_takes_the_same_statements_for_one_and_for_three(cohort, manager, count_statements):
    lots = [[completed(cohort).id], [completed(cohort).id for _ in range(3)]]
    counted = []
    for lot in lots:
        with count_statements() as seen, transaction():
            certificates.issue(lot, issuer=ISSUER, by=manager, at=AT)
        counted.append(len([one for one in seen if "advisory" not in one]))
    assert counted == [10, 10]


def test_a_year_and_a_prefix_have_their_own_numbers(cohort, manager):
    women = [completed(cohort) for _ in range(3)]
    issue(women[0], by=manager)
    issue(women[1], by=manager, at=AT + timedelta(days=365))
    with transaction():
        certificates.issue([women[2].id], issuer=Issuer("SX", ""), by=manager, at=AT)
    assert numbers() == ["JY2026-000001", "JY2027-000001", "SX2026-000001"]


def test_a_full_run_is_refused_as_a_whole(cohort, manager):
    issue(completed(cohort), by=manager)
    with transaction() as session:
        session.scalars(select(CertificateSeries)).one().last_serial = 999_998
    two = [completed(cohort) for _ in range(2)]
    with pytest.raises(certificates.SeriesFull):
        issue(*two, by=manager)
    assert len(all_of_them()) == 1


def test_two_at_the_same_moment_give_no_number_twice(app, cohort, manager):
    women = [completed(cohort).id for _ in range(6)]
    db.session.remove()

    def some(which):
        return lambda: certificates.issue(which, issuer=ISSUER, by=manager, at=AT)

    assert overlap(app, some(women[:4]), some(women[2:])) == [4, 2]
    assert [one.serial for one in all_of_them()] == [1, 2, 3, 4, 5, 6]
    assert len({one.enrolment_id for one in all_of_them()}) == 6


def test_replaced_by_a_new_number_with_what_is_true_now(cohort, manager):
    woman = completed(cohort)
    issue(woman, by=manager)
    old = of(woman)
    with transaction() as session:
        session.get(Person, woman.person_id).name = "王秀芬"
    with transaction():
        new_id = certificates.replace_certificate(
            old.id, "名字录错", version=old.version, issuer=ISSUER, by=manager, at=AT + timedelta(days=3)
        )
    old, new = all_of_them()
    assert (old.state, old.end_reason, old.ended_by) == (CertificateState.REPLACED, "名字录错", manager.account_id)
    assert (old.name, new.name, new.id, new.replaces_id) == ("王秀芳", "王秀芬", new_id, old.id)
    assert numbers() == ["JY2026-000001", "JY2026-000002"]
    assert [one.state for one in list_own_certificates(woman.person_id)] == ["valid", "replaced"]
    with pytest.raises(certificates.NotValidAnyMore), transaction():
        certificates.replace_certificate(old.id, "x", version=old.version, issuer=ISSUER, by=manager, at=AT)


def test_a_revocation_stays_and_only_a_person_issues_another(cohort, manager):
    woman = completed(cohort)
    issue(woman, by=manager)
    first = of(woman)
    with pytest.raises(Conflict), transaction():
        certificates.revoke(first.id, "代签", version=first.version + 1, by=manager, at=AT)
    with transaction():
        certificates.revoke(first.id, "代签", version=first.version, by=manager, at=AT)
    assert issue(woman, by=manager) == 0
    again = {"version": of(woman).version, "by": manager, "at": AT}
    with pytest.raises(certificates.NotValidAnyMore), transaction():
        certificates.revoke(first.id, "x", **again)
    with transaction():
        new_id = certificates.issue_anew(first.id, issuer=ISSUER, **again)
    first, second = all_of_them()
    assert (first.state, second.state) == (CertificateState.REVOKED, CertificateState.VALID)
    assert (second.id, second.replaces_id) == (new_id, first.id)
    with pytest.raises(certificates.HasValidOne), transaction():
        certificates.issue_anew(first.id, issuer=ISSUER, version=first.version, by=manager, at=AT)


def test_no_new_one_for_whoever_has_not_completed_any_more(cohort, manager):
    woman = completed(cohort)
    issue(woman, by=manager)
    with transaction():
        certificates.revoke(of(woman).id, "代签", version=1, by=manager, at=AT)
    with transaction() as session:
        session.get(Enrolment, woman.id).status = EnrolmentStatus.NOT_COMPLETED
    facts = {"version": of(woman).version, "issuer": ISSUER, "by": manager, "at": AT}
    with pytest.raises(certificates.NotEarned), transaction():
        certificates.issue_anew(of(woman).id, **facts)


FROM_BEFORE = CertificateFacts(
    *("王秀芳", "她力量", "临汾市第1期", "临汾市", Track.FOUNDATION, "临汾市妇女联合会", 1800),
    *(date(2022, 6, 1), date(2022, 6, 10)),
)


def take_over(enrolment, number, by) -> int:
    with transaction():
        return certificates.take_over(enrolment.id, number, date(2022, 6, 12), FROM_BEFORE, by=by, at=AT)


def test_one_from_before_keeps_its_number_and_can_be_taken_back(cohort, manager):
    woman, other = (factories.enrolment(cohort, status=EnrolmentStatus.COMPLETED) for _ in range(2))
    taken = take_over(woman, "晋妇培字(2022)第0123号", manager)
    assert (of(woman).number, of(woman).series_id, of(woman).serial) == ("晋妇培字〔2022〕第0123号", None, None)
    with pytest.raises(certificates.NumberTaken):
        take_over(other, "晋妇培字〔2022〕第 0123 号", manager)
    with pytest.raises(certificates.HasValidOne):
        take_over(woman, "2022-9", manager)
    with pytest.raises(certificates.NumberOfOurs):
        take_over(other, "jy2026 000123 8", manager)
    with transaction():
        certificates.undo_take_over(taken, by=manager, at=AT)
    assert all_of_them() == []
    assert take_over(other, "晋妇培字〔2022〕第0123号", manager)


def test_one_from_before_is_replaced_by_what_it_said_with_her_name_of_today(cohort, manager):
    woman = factories.enrolment(cohort, factories.person("王秀芬"), status=EnrolmentStatus.COMPLETED)
    old_id = take_over(woman, "2022-0123", manager)
    with transaction():
        certificates.replace_certificate(old_id, "错字", version=1, issuer=ISSUER, by=manager, at=AT)
    old, new = all_of_them()
    facts = from_content(new.content)
    assert (facts.name, facts.minutes, facts.cohort, new.number[:-2]) == (
        "王秀芬",
        1800,
        "临汾市第1期",
        "JY2026-000001",
    )
    for one in (old.id, new.id):
        with pytest.raises((certificates.NotValidAnyMore, NotFound)), transaction():
            certificates.undo_take_over(one, by=manager, at=AT)
