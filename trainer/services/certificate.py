"""Certificates: issued in order of number, replaced, revoked, taken over; none is ever changed or given twice."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import insert, select

from trainer.database import LockKey, db, take_turns
from trainer.domain.actors import Actor
from trainer.domain.certificate import (
    MOST_SERIALS,
    CertificateFacts,
    CertificateState,
    Issuer,
    from_content,
    has_right_digit,
    is_ours,
    make_number,
    series_key,
    tidy_number,
)
from trainer.domain.days import china_day
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.certificate import Certificate, CertificateSeries
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.queries.certificate_facts import Draft, list_drafts
from trainer.services import audit
from trainer.services.idempotency import dialect_insert
from trainer.services.message import notify

OWN_PAGE = "/me/certificates"


class NotEarned(Refused):
    """She has not completed by the rule or by a signed exception."""

    code = "certificate_not_earned"


class NotValidAnyMore(Refused):
    """It was replaced or revoked before."""

    code = "certificate_not_valid_any_more"


class OwnCertificate(Refused):
    """Whose it is does not decide about it."""

    code = "certificate_own"


class HasValidOne(Refused):
    """Of one enrolment only one certificate is valid at a time."""

    code = "certificate_has_valid_one"


class NumberTaken(Refused):
    """Another certificate bears this number."""

    code = "certificate_number_taken"


class NumberOfOurs(Refused):
    """A number from before has the very shape of those that this system gives."""

    code = "certificate_number_of_ours"


class SeriesFull(Refused):
    """All numbers of this year are given."""

    code = "certificate_series_full"


def issue(enrolment_ids: Collection[int], *, issuer: Issuer, by: Actor, at: datetime) -> int:
    """Certificates for those of these who have earned one and never had one; how many were issued.

    Called again it issues nothing. Each woman is told. Raises SeriesFull.
    """
    take_turns(LockKey.ROSTER)  # nobody's completion changes meanwhile
    series = _hold_series(issuer, at)
    drafts = list_drafts(enrolment_ids, organisation=issuer.organisation)
    if not drafts:
        return 0
    numbers = _allot(series, len(drafts))
    rows = [_row(draft, series, serial, by=by, at=at) for draft, serial in zip(drafts, numbers, strict=True)]
    db.session.execute(insert(Certificate), rows)
    for cohort_id, some in groupby(drafts, key=lambda draft: draft.cohort_id):
        women = list(some)
        key = f"certificate_issued:{cohort_id}:{series.key}:{numbers[0]}"
        _tell("certificate_issued", women, once_key=key, by=by, at=at, cohort=women[0].facts.cohort)
    audit.record(
        *("certificate.issue", "certificate_series", series.key),
        **{"by": by, "at": at, "first": rows[0]["number"], "last": rows[-1]["number"]},
        enrolments=[draft.enrolment_id for draft in drafts],
    )
    return len(drafts)


def _tell(code: str, drafts: Sequence[Draft], **facts: object) -> None:
    notify(code, to_people=[draft.person_id for draft in drafts], link=OWN_PAGE, **facts)


def _hold_series(issuer: Issuer, at: datetime) -> CertificateSeries:
    """The run of this year; its row is ours to the end of the transaction, so that numbers follow each other."""
    key = series_key(issuer.prefix, china_day(at).year)
    new = dialect_insert()(CertificateSeries).values(key=key, last_serial=0)
    db.session.execute(new.on_conflict_do_nothing(index_elements=["key"]))
    held = select(CertificateSeries).where(CertificateSeries.key == key).with_for_update()
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def _allot(series: CertificateSeries, count: int) -> range:
    """The next numbers of a series that is held."""
    first = series.last_serial + 1
    if series.last_serial + count > MOST_SERIALS:
        raise SeriesFull(key=series.key)
    series.last_serial += count
    return range(first, first + count)


def _row(draft: Draft, series: CertificateSeries, serial: int, *, by: Actor, at: datetime) -> dict[str, object]:
    return {
        "series_id": series.id,
        "serial": serial,
        "number": make_number(series.key, serial),
        "enrolment_id": draft.enrolment_id,
        "state": CertificateState.VALID,
        "name": draft.facts.name,
        "content": draft.facts.to_content(),
        "issued_on": china_day(at),
        "issued_at": at,
        "issued_by": by.account_id,
        "exception_id": draft.exception_id,
        "version": 1,
    }


def replace_certificate(
    certificate_id: int, reason: str, *, version: int, issuer: Issuer, by: Actor, at: datetime
) -> int:
    """A new one with what is true now, under a new number; the old one does not count any more.

    Raises NotValidAnyMore, NotEarned, OwnCertificate, Conflict, NotFound, SeriesFull.
    """
    old = _hold(certificate_id, version, by)
    if old.state is not CertificateState.VALID:
        raise NotValidAnyMore(number=old.number)
    draft = _draft_for(old, issuer)
    _end(old, CertificateState.REPLACED, reason, by=by, at=at)
    new = _stand_in(old, draft, issuer=issuer, by=by, at=at)
    numbers = {"before": old.number, "after": new.number}
    audit.record("certificate.replace", "certificate", new.id, by=by, at=at, with_reason=True, **numbers)
    return new.id


def issue_anew(certificate_id: int, *, version: int, issuer: Issuer, by: Actor, at: datetime) -> int:
    """After a revocation, which stays: another one, under a new number.

    Raises HasValidOne, NotEarned, OwnCertificate, Conflict, NotFound, SeriesFull.
    """
    old = _hold(certificate_id, version, by)
    successor = select(Certificate.id).where(Certificate.replaces_id == old.id)
    if old.state is not CertificateState.REVOKED or db.session.scalar(successor):
        raise HasValidOne()
    new = _stand_in(old, _draft_for(old, issuer), issuer=issuer, by=by, at=at)
    numbers = {"before": old.number, "after": new.number}
    audit.record("certificate.issue_anew", "certificate", new.id, by=by, at=at, **numbers)
    return new.id


def _hold(certificate_id: int, version: int, by: Actor) -> Certificate:
    take_turns(LockKey.ROSTER)
    held = select(Certificate).where(Certificate.id == certificate_id).with_for_update()
    certificate = db.session.scalar(held.execution_options(populate_existing=True))
    if certificate is None:
        raise NotFound()
    if certificate.version != version:
        raise Conflict()
    if by.person_id == _person_of(certificate):
        raise OwnCertificate()
    return certificate


def _person_of(certificate: Certificate) -> int:
    return db.session.scalar(select(Enrolment.person_id).where(Enrolment.id == certificate.enrolment_id))


def _draft_for(old: Certificate, issuer: Issuer) -> Draft:
    """What a new one would say; of one from before this system what the old one said, with her name of today."""
    if old.series_id is not None:
        drafts = list_drafts([old.enrolment_id], organisation=issuer.organisation, only_without=False)
        if not drafts:
            raise NotEarned()
        return drafts[0]
    enrolment = db.session.get(Enrolment, old.enrolment_id)
    facts = from_content(old.content)
    if facts is None:
        raise NotEarned()
    facts = replace(facts, name=db.session.get(Person, enrolment.person_id).name)
    return Draft(enrolment.id, enrolment.person_id, enrolment.cohort_id, None, facts)


def _end(certificate: Certificate, state: CertificateState, reason: str, *, by: Actor, at: datetime) -> None:
    certificate.state, certificate.end_reason = state, reason
    certificate.ended_at, certificate.ended_by = at, by.account_id
    db.session.flush()


def _stand_in(old: Certificate, draft: Draft, *, issuer: Issuer, by: Actor, at: datetime) -> Certificate:
    series = _hold_series(issuer, at)
    (serial,) = _allot(series, 1)
    new = Certificate(**_row(draft, series, serial, by=by, at=at), replaces_id=old.id)
    db.session.add(new)
    db.session.flush()
    _tell("certificate_replaced", [draft], by=by, at=at, cohort=draft.facts.cohort)
    return new


def revoke(certificate_id: int, reason: str, *, version: int, by: Actor, at: datetime) -> None:
    """It does not count any more; her completion may be changed after that.

    Raises NotValidAnyMore, OwnCertificate, Conflict, NotFound.
    """
    certificate = _hold(certificate_id, version, by)
    if certificate.state is not CertificateState.VALID:
        raise NotValidAnyMore(number=certificate.number)
    _end(certificate, CertificateState.REVOKED, reason, by=by, at=at)
    values, hers = {"number": certificate.number}, [_person_of(certificate)]
    notify("certificate_revoked", to_people=hers, link=OWN_PAGE, by=by, at=at, **values)
    audit.record("certificate.revoke", "certificate", certificate.id, by=by, at=at, with_reason=True, **values)


def note_printing(certificate_ids: Sequence[int], cohort_id: int, *, by: Actor, at: datetime) -> None:
    """They were put on paper, once more perhaps: the numbers stay the same."""
    ids = list(certificate_ids)
    audit.record("certificate.print", "cohort", cohort_id, by=by, at=at, certificates=ids)


def take_over(
    enrolment_id: int, number: str, issued_on: date, facts: CertificateFacts, *, by: Actor, at: datetime
) -> int:
    """One that was issued before this system, with the number it had; returns its id.

    Raises NumberTaken, NumberOfOurs, HasValidOne.
    """
    number = tidy_number(number)
    if is_ours(number) and has_right_digit(number):
        raise NumberOfOurs(number=number)
    if db.session.scalar(select(Certificate.id).where(Certificate.number == number)):
        raise NumberTaken(number=number)
    valid = Certificate.state == CertificateState.VALID
    if db.session.scalar(select(Certificate.id).where(Certificate.enrolment_id == enrolment_id, valid)):
        raise HasValidOne()
    taken = {"number": number, "enrolment_id": enrolment_id, "state": CertificateState.VALID, "issued_on": issued_on}
    words = {"name": facts.name, "content": facts.to_content(), "issued_at": at, "issued_by": by.account_id}
    certificate = Certificate(**taken, **words)
    db.session.add(certificate)
    db.session.flush()
    audit.record("certificate.take_over", "certificate", certificate.id, by=by, at=at, number=number)
    return certificate.id


def undo_take_over(certificate_id: int, *, by: Actor, at: datetime) -> None:
    """As if it had not been taken over: its number is free again. Raises NotValidAnyMore, NotFound."""
    certificate = db.session.get(Certificate, certificate_id, with_for_update=True)
    if certificate is None or certificate.series_id is not None:
        raise NotFound()
    if certificate.state is not CertificateState.VALID or certificate.replaces_id is not None:
        raise NotValidAnyMore(number=certificate.number)
    db.session.delete(certificate)
    facts = {"number": certificate.number}
    audit.record("certificate.undo_take_over", "certificate", certificate_id, by=by, at=at, **facts)
