"""A cohort's women for the federation's forms: the register of the class, and who completed it."""

from collections.abc import Collection

from sqlalchemy import and_, select

from trainer.database import db
from trainer.domain.certificate import CertificateState
from trainer.domain.cohort_register import CompletionRow, RegisterRow
from trainer.domain.completion_exception import ExceptionState
from trainer.domain.course_task import HandInState
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.people import mask_id_number, mask_phone
from trainer.models.assessment import Assessment
from trainer.models.certificate import Certificate
from trainer.models.completion_exception import CompletionException
from trainer.models.disclosure import DisclosedPerson
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.region import Region
from trainer.queries.completion import list_progress


def list_register(
    cohort_id: int, *, disclosure_id: int | None = None, fields: Collection[str] = ()
) -> list[RegisterRow]:
    """Everybody on the roll by seat; `fields` unmasked for those whom the disclosure names, and only they are listed."""
    statement = (
        select(
            *(Enrolment.id, Enrolment.seat_number, Person.name, Person.sex, Person.birth_year, Person.ethnicity),
            *(Person.education, Person.kind, Person.id_number, Person.phone, Region.name.label("county")),
            *(Person.township, Person.village, Person.business, Enrolment.status, Enrolment.joined_on),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Region, Region.code == Person.region_code)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status.in_(ON_THE_ROLL))
        .order_by(Enrolment.seat_number)
    )
    if disclosure_id is not None:
        named = select(DisclosedPerson.person_id).where(DisclosedPerson.disclosure_id == disclosure_id)
        statement = statement.where(Person.id.in_(named))
    return [RegisterRow(**_shown(row._asdict(), fields)) for row in db.session.execute(statement)]


def _shown(row: dict, fields: Collection[str]) -> dict:
    row["enrolment_id"], row["seat"] = row.pop("id"), row.pop("seat_number")
    for name, mask in (("id_number", mask_id_number), ("phone", mask_phone)):
        row[name] = (row[name] or "") if name in fields else mask(row[name])
    return row


def list_completions(cohort_id: int) -> tuple[list[str], list[CompletionRow]]:
    """The names of the cohort's assessments, and everybody on the roll by seat with what she reached."""
    assessments = db.session.execute(
        select(Assessment.id, Assessment.name)
        .where(Assessment.cohort_id == cohort_id, Assessment.dropped_at.is_(None))
        .order_by(Assessment.held_on, Assessment.id)
    ).all()
    papers = _papers(cohort_id)
    rows = []
    for woman in list_progress(cohort_id):
        sex, village, number, issued_on, exception = papers[woman.enrolment_id]
        summary, facts = woman.progress.summary, woman.facts
        rows.append(
            CompletionRow(
                *(woman.seat, woman.name, sex, woman.county, village, summary.minutes, summary.rate),
                tuple(facts.scores.get(one.id) for one in assessments),
                sum(1 for state in facts.tasks.values() if state is HandInState.PASSED),
                *(woman.status, exception is not None, number or "", issued_on),
            )
        )
    return [one.name for one in assessments], rows


def _papers(cohort_id: int) -> dict[int, tuple]:
    """By enrolment: sex, village, number and day of the valid certificate, the approved exception."""
    valid = and_(Certificate.enrolment_id == Enrolment.id, Certificate.state == CertificateState.VALID)
    approved = and_(
        CompletionException.enrolment_id == Enrolment.id, CompletionException.state == ExceptionState.APPROVED
    )
    rows = db.session.execute(
        select(*(Enrolment.id, Person.sex, Person.village, Certificate.number, Certificate.issued_on))
        .add_columns(CompletionException.id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Certificate, valid)
        .outerjoin(CompletionException, approved)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status.in_(ON_THE_ROLL))
    )
    return {enrolment_id: tuple(facts) for enrolment_id, *facts in rows}
