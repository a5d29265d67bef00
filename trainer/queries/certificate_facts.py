"""What a certificate would say: of those who completed by the rule or by a signed exception, from what was marked."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select

from trainer.database import db
from trainer.domain.attendance import ATTENDED, EVIDENCE, Evidence, LessonState
from trainer.domain.certificate import CertificateFacts
from trainer.domain.completion_exception import ExceptionState
from trainer.domain.days import china_day
from trainer.domain.enrolment import EnrolmentStatus, StatusCause
from trainer.domain.programme import PartnerKind
from trainer.models.attendance import Attendance, Mark
from trainer.models.certificate import Certificate
from trainer.models.completion_exception import CompletionException
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.lesson import Lesson
from trainer.models.person import Person
from trainer.models.programme import Cohort, CompletionRuleVersion, Partner, Programme
from trainer.models.region import Region

# A certificate follows from the rule, or from an exception that two people signed; from nothing else.
_EARNED = (StatusCause.COMPLETION, StatusCause.EXCEPTION)


def _completion() -> ColumnElement[int | None]:
    """The step by which she completed."""
    return (
        select(func.max(EnrolmentEvent.id))
        .where(
            EnrolmentEvent.enrolment_id == Enrolment.id,
            EnrolmentEvent.status == EnrolmentStatus.COMPLETED,
            EnrolmentEvent.cause.in_(_EARNED),
        )
        .correlate(Enrolment)
        .scalar_subquery()
    )


def has_earned() -> ColumnElement[bool]:
    """A WHERE clause over Enrolment joined with Person."""
    return (Enrolment.status == EnrolmentStatus.COMPLETED) & Person.erased_at.is_(None) & (_completion().is_not(None))


def has_none() -> ColumnElement[bool]:
    """A WHERE clause over Enrolment: never had one. After a revocation only a person issues another."""
    return ~exists().where(Certificate.enrolment_id == Enrolment.id)


@dataclass(frozen=True)
class Draft:
    """A certificate that could be issued now."""

    enrolment_id: int
    person_id: int
    cohort_id: int
    exception_id: int | None
    facts: CertificateFacts


def list_drafts(enrolment_ids: Collection[int], *, organisation: str, only_without: bool = True) -> list[Draft]:
    """Of these enrolments, those that have earned one, by cohort and seat; `only_without`: and never had one."""
    statement = (
        select(
            *(Enrolment.id, Enrolment.person_id, Enrolment.joined_on, Person.name.label("woman")),
            *(Cohort.id.label("cohort_id"), Cohort.name.label("cohort"), Cohort.track),
            *(Cohort.starts_on, Cohort.ends_on, Cohort.programme_id, Programme.name.label("programme")),
            *(Region.name.label("region"), EnrolmentEvent.cause, CompletionRuleVersion.number.label("rule")),
            CompletionException.id.label("exception_id"),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(Region, Region.code == Cohort.region_code)
        .join(EnrolmentEvent, EnrolmentEvent.id == _completion())
        .outerjoin(CompletionRuleVersion, CompletionRuleVersion.id == EnrolmentEvent.rule_id)
        .outerjoin(
            CompletionException,
            (CompletionException.enrolment_id == Enrolment.id)
            & (CompletionException.state == ExceptionState.APPROVED)
            & (EnrolmentEvent.cause == StatusCause.EXCEPTION),
        )
        .where(Enrolment.id.in_(enrolment_ids), has_earned())
        .order_by(Cohort.id, Enrolment.seat_number, Enrolment.id)
    )
    rows = db.session.execute(statement.where(has_none()) if only_without else statement).all()
    attended = _attended({row.id: row.joined_on for row in rows})
    organisers = {} if organisation else _organisers({row.programme_id for row in rows})
    return [
        _draft(row, attended.get(row.id, _Attended(0, {})), organisation or organisers.get(row.programme_id, ""))
        for row in rows
    ]


def _draft(row, attended: "_Attended", organisation: str) -> Draft:
    facts = CertificateFacts(
        *(row.woman, row.programme, row.cohort, row.region, row.track, organisation),
        *(attended.minutes, row.starts_on, row.ends_on),
        lessons=sum(attended.evidence.values()),
        evidence=attended.evidence,
        rule=row.rule,
        by_exception=row.cause is StatusCause.EXCEPTION,
    )
    return Draft(row.id, row.person_id, row.cohort_id, row.exception_id, facts)


@dataclass(frozen=True)
class _Attended:
    minutes: int
    evidence: Mapping[Evidence, int]


def _attended(joined: Mapping[int, object]) -> dict[int, _Attended]:
    """By enrolment: the closed lessons she attended since the day she joined, by the mark that rules each."""
    minutes: Counter[int] = Counter()
    evidence: dict[int, Counter[Evidence]] = {}
    rows = db.session.execute(
        select(Attendance.enrolment_id, Lesson.starts_at, Lesson.credit_minutes, Mark.channel)
        .join(Lesson, Lesson.id == Attendance.lesson_id)
        .join(Mark, Mark.id == Attendance.mark_id)
        .where(
            Attendance.enrolment_id.in_(joined),
            Attendance.status.in_(ATTENDED),
            Lesson.state == LessonState.CLOSED,
        )
    )
    for enrolment_id, starts_at, credit, channel in rows:
        if china_day(starts_at) >= joined[enrolment_id]:
            minutes[enrolment_id] += credit
            evidence.setdefault(enrolment_id, Counter())[EVIDENCE[channel]] += 1
    # The strongest first, as it is said.
    return {
        one: _Attended(minutes[one], {strength: counts[strength] for strength in Evidence if counts[strength]})
        for one, counts in evidence.items()
    }


def _organisers(programme_ids: Collection[int]) -> dict[int, str]:
    """Names by programme, as they stand under a certificate."""
    found: dict[int, list[str]] = {}
    for programme_id, name in db.session.execute(
        select(Partner.programme_id, Partner.name)
        .where(Partner.programme_id.in_(programme_ids), Partner.kind == PartnerKind.ORGANISER)
        .order_by(Partner.id)
    ):
        found.setdefault(programme_id, []).append(name)
    return {programme_id: "\n".join(names) for programme_id, names in found.items()}


def past_facts(cohort: Cohort) -> CertificateFacts:
    """What is known of a class that was held before this system; name and minutes are each woman's own."""
    programme = db.session.get(Programme, cohort.programme_id)
    region = db.session.scalar(select(Region.name).where(Region.code == cohort.region_code))
    return CertificateFacts(
        *("", programme.name, cohort.name, region, cohort.track, _organisers({programme.id}).get(programme.id, "")),
        *(0, cohort.starts_on, cohort.ends_on),
    )
