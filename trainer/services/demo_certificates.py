"""Certificates of the demonstration: two finished classes have theirs, the others wait."""

from datetime import timedelta

from sqlalchemy import select

from trainer.database import db
from trainer.domain.certificate import Issuer
from trainer.domain.days import day_begins
from trainer.models.certificate import Certificate
from trainer.models.enrolment import Enrolment
from trainer.models.programme import Cohort
from trainer.queries.account import get_account, get_actor
from trainer.services import certificate as certificates
from trainer.services.demo_place import Place

FINISHED = ("140300", "141000")
ISSUER = Issuer("JY", "")
MISSPELT = "姓名中的一个字录入有误，核对身份证后换发。"
MISTAKEN = "复核考勤时发现两次课由他人代签。"


def add_certificates(place: Place) -> None:
    """Issued a few days after the class; one name was misspelt, one certificate was revoked."""
    by = get_actor(get_account(place.accounts["manager"]))
    classes = select(Cohort).where(Cohort.region_code.in_(FINISHED)).order_by(Cohort.ends_on, Cohort.id).limit(2)
    for cohort in db.session.scalars(classes).all():
        enrolments = db.session.scalars(select(Enrolment.id).where(Enrolment.cohort_id == cohort.id)).all()
        at = place.past(day_begins(cohort.ends_on) + timedelta(days=5, hours=10))
        certificates.issue(enrolments, issuer=ISSUER, by=by, at=at)
    later = {"by": by, "at": place.past(at + timedelta(days=9))}
    *_, replaced, revoked = db.session.scalars(select(Certificate).order_by(Certificate.id).limit(5)).all()
    certificates.replace_certificate(replaced.id, MISSPELT, version=replaced.version, issuer=ISSUER, **later)
    certificates.revoke(revoked.id, MISTAKEN, version=revoked.version, **later)
