"""Certificates: a woman's own, a cohort's, and what a number says to whoever checks it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from trainer.database import db
from trainer.domain.certificate import CertificateState
from trainer.models.certificate import Certificate
from trainer.models.enrolment import Enrolment
from trainer.models.programme import Cohort


@dataclass(frozen=True)
class OwnCertificate:
    """One of her certificates, as her own pages list it."""

    id: int
    number: str
    cohort: str
    issued_on: date
    state: CertificateState


def list_own_certificates(person_id: int) -> list[OwnCertificate]:
    """All of hers, the newest first: those that do not count any more too, with their state."""
    rows = db.session.execute(
        select(*(Certificate.id, Certificate.number, Cohort.name, Certificate.issued_on, Certificate.state))
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Certificate.issued_on.desc(), Certificate.id.desc())
    )
    return [OwnCertificate(*row) for row in rows]
