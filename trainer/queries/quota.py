"""Quotas of a round, and what each candidate counts as for them."""

from dataclasses import dataclass

from sqlalchemy import select

from trainer.database import db
from trainer.domain.round_inputs import QuotaRule
from trainer.domain.selection import ApplicationState, QuotaAttribute
from trainer.models.application import Application
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.region import Region
from trainer.models.selection import Candidacy, Quota


def list_quotas(round_id: int) -> list[QuotaRule]:
    rows = db.session.execute(
        select(Quota.attribute, Quota.value, Quota.at_least, Quota.at_most, Quota.basis)
        .where(Quota.round_id == round_id)
        .order_by(Quota.attribute, Quota.value)
    )
    return [QuotaRule(*row) for row in rows]


@dataclass(frozen=True)
class StatedQuota:
    """A quota as its page lists it."""

    id: int
    attribute: QuotaAttribute
    value: str
    at_least: int | None
    at_most: int | None
    basis: str


def list_stated(round_id: int) -> list[StatedQuota]:
    rows = db.session.execute(
        select(Quota.id, Quota.attribute, Quota.value, Quota.at_least, Quota.at_most, Quota.basis)
        .where(Quota.round_id == round_id)
        .order_by(Quota.attribute, Quota.value)
    )
    return [StatedQuota(*row) for row in rows]


def list_groups(round_id: int) -> dict[str, dict[str, str]]:
    """Code → attribute → value; what nobody knows of a woman is not there."""
    rows = db.session.execute(
        select(Application.code, Region.name, Cohort.code, Person.business)
        .join(Candidacy, Candidacy.application_id == Application.id)
        .join(Person, Person.id == Application.person_id)
        .join(Enrolment, Enrolment.id == Application.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(Region, Region.code == Person.region_code)
        .where(Candidacy.round_id == round_id, Application.state == ApplicationState.SUBMITTED)
    )
    names = (QuotaAttribute.COUNTY, QuotaAttribute.COHORT, QuotaAttribute.BUSINESS)
    return {
        code: {name.value: value for name, value in zip(names, values, strict=True) if value} for code, *values in rows
    }
