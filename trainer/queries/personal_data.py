"""One person's data, all of it and nothing of anybody else: a fixed number of statements."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from sqlalchemy import Select, and_, case, func, select

from trainer.database import db
from trainer.domain.message import INBOX
from trainer.domain.panel import ConflictSource
from trainer.domain.personal_data import Part, PartName
from trainer.domain.selection import RoundState
from trainer.models.account import Account, SignInSession
from trainer.models.application import Application, ApplicationEvent, ApplicationFile, Referral
from trainer.models.assessment import Assessment, AssessmentScore
from trainer.models.at_risk import Contact
from trainer.models.attendance import Attendance, Mark
from trainer.models.attendance_request import AttendanceRequest
from trainer.models.certificate import Certificate
from trainer.models.completion_exception import CompletionException
from trainer.models.course_task import CourseTask, HandIn
from trainer.models.data_request import DataRequest
from trainer.models.disclosure import DisclosedPerson, Disclosure
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.field_visit import FieldVisit, VisitFact, VisitQuestion
from trainer.models.file import StoredFile
from trainer.models.honour import Honour
from trainer.models.lesson import Lesson
from trainer.models.message import Delivery, Message
from trainer.models.panel import Conflict
from trainer.models.person import Consent, Person
from trainer.models.programme import Cohort
from trainer.models.ranking import RankingRow, RankingRun
from trainer.models.region import Region
from trainer.models.rubric import Criterion, Rubric
from trainer.models.selection import Round, Selection
from trainer.models.service_hours import ServiceEntry
from trainer.models.sign_up import SignUp
from trainer.models.site import Site
from trainer.models.spot_check import SpotCheck
from trainer.models.walk_in import WalkIn
from trainer.queries import personal_outcomes, personal_sales
from trainer.queries.person_merge import list_merged


def collect(person_id: int) -> list[Part]:
    """Everything held about her, part by part in the order of PartName; of records put together with hers too."""
    records = (person_id, *list_merged(person_id))
    return [Part(name, tuple(row for id_ in records for row in _rows(name, id_))) for name in PartName]


def _rows(name: PartName, person_id: int) -> Iterable[Mapping[str, object]]:
    rows = [dict(row._mapping) for row in db.session.execute(PARTS[name](person_id))]
    return _explained(rows) if name is PartName.RESULTS else rows


def _explained(results: list[dict]) -> Iterator[dict[str, object]]:
    """A line for each criterion: what was looked at, with which weight, what it was worth, and the whole."""
    criteria = db.session.execute(
        select(Rubric.round_id, Criterion.code, Criterion.name, Criterion.weight_bp)
        .join(Rubric, Rubric.id == Criterion.rubric_id)
        .where(Rubric.round_id.in_([row["round_id"] for row in results]), Rubric.superseded_at.is_(None))
        .order_by(Rubric.round_id, Criterion.position)
    ).all()
    for row in results:
        round_id, parts = row.pop("round_id"), row.pop("parts")
        for _round, code, name, weight in (one for one in criteria if one.round_id == round_id):
            part = parts.get(code, {})
            yield {
                **{key: row[key] for key in ("selection", "created_at")},
                **{"criterion": name, "weight_bp": weight, "value": part.get("value")},
                **{"points_hundredths": part.get("points"), "total_hundredths": row["total_hundredths"]},
                **{"rank": row["rank"], "reviews": row["reviews"]},
            }


def _register(person_id: int) -> Select:
    hers = (
        *(
            Person.name,
            Person.kind.label("person_kind"),
            Site.name.label("site"),
            Person.sex,
            Person.birth_year,
            Person.id_number,
            Person.phone,
            Person.ethnicity,
        ),
        *(Person.education, Region.name.label("county"), Person.township, Person.village, Person.business),
        *(Person.has_shop, Person.note, Person.created_at, Person.updated_at),
    )
    register = select(*hers).join(Region, Region.code == Person.region_code)
    return register.outerjoin(Site, Site.id == Person.site_id).where(Person.id == person_id)


def _consents(person_id: int) -> Select:
    facts = (Consent.scope, Consent.notice_version, Consent.channel, Consent.given_at, Consent.withdrawn_at)
    return select(*facts).where(Consent.person_id == person_id).order_by(Consent.id)


def _sign_ups(person_id: int) -> Select:
    facts = (SignUp.name, SignUp.phone, SignUp.id_number, SignUp.kind.label("person_kind"), SignUp.township)
    asked = (SignUp.village, SignUp.answer_by, SignUp.helper_name, SignUp.helper_relation, SignUp.at, SignUp.reason)
    return (
        select(Cohort.name.label("cohort"), *facts, *asked)
        .join(Enrolment, Enrolment.id == SignUp.enrolment_id)
        .join(Cohort, Cohort.id == SignUp.cohort_id)
        .where(Enrolment.person_id == person_id)
        .order_by(SignUp.id)
    )


def _enrolments(person_id: int) -> Select:
    return (
        select(Cohort.name.label("cohort"), Enrolment.seat_number, Enrolment.status, Enrolment.joined_on)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Cohort.starts_on, Enrolment.id)
    )


def _enrolment_history(person_id: int) -> Select:
    return (
        select(
            Cohort.name.label("cohort"),
            EnrolmentEvent.status,
            EnrolmentEvent.at,
            EnrolmentEvent.cause,
            EnrolmentEvent.asked_by,
            EnrolmentEvent.reason,
        )
        .join(Enrolment, Enrolment.id == EnrolmentEvent.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.person_id == person_id)
        .order_by(EnrolmentEvent.at, EnrolmentEvent.id)
    )


def _lessons(person_id: int) -> Select:
    return (
        select(
            *(Cohort.name.label("cohort"), Lesson.title.label("lesson"), Lesson.starts_at, Lesson.ends_at),
            *(Lesson.credit_minutes, Attendance.status),
        )
        .join(Enrolment, Enrolment.cohort_id == Lesson.cohort_id)
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .outerjoin(Attendance, and_(Attendance.lesson_id == Lesson.id, Attendance.enrolment_id == Enrolment.id))
        .where(Enrolment.person_id == person_id)
        .order_by(Lesson.starts_at, Lesson.id)
    )


def _marks(person_id: int) -> Select:
    return (
        select(Lesson.title.label("lesson"), Mark.status, Mark.channel, Mark.at, Mark.reason)
        .join(Enrolment, Enrolment.id == Mark.enrolment_id)
        .join(Lesson, Lesson.id == Mark.lesson_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Mark.at, Mark.id)
    )


def _attendance_requests(person_id: int) -> Select:
    wished = AttendanceRequest.wished.label("wished_status")
    asked = (AttendanceRequest.kind, wished, AttendanceRequest.words, AttendanceRequest.asked_at)
    answered = (AttendanceRequest.state, AttendanceRequest.answer, AttendanceRequest.decided_at)
    return _of_lessons(AttendanceRequest, person_id, *asked, *answered).order_by(AttendanceRequest.id)


def _walk_ins(person_id: int) -> Select:
    return _of_lessons(WalkIn, person_id, WalkIn.name, WalkIn.phone, WalkIn.at).order_by(WalkIn.id)


def _calls(person_id: int) -> Select:
    return (
        select(Cohort.name.label("cohort"), Contact.at, Contact.outcome, Contact.words)
        .join(Enrolment, Enrolment.id == Contact.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Contact.id)
    )


def _spot_checks(person_id: int) -> Select:
    facts = (SpotCheck.reported, SpotCheck.outcome, SpotCheck.note, SpotCheck.called_at)
    return _of_lessons(SpotCheck, person_id, *facts).order_by(SpotCheck.id)


def _of_lessons(model, person_id: int, *facts) -> Select:
    """`facts` of a table that names a lesson and an enrolment of hers."""
    return (
        select(Lesson.title.label("lesson"), *facts)
        .join(Enrolment, Enrolment.id == model.enrolment_id)
        .join(Lesson, Lesson.id == model.lesson_id)
        .where(Enrolment.person_id == person_id)
    )


def _hand_ins(person_id: int) -> Select:
    facts = (HandIn.words, HandIn.link, HandIn.minutes, HandIn.helper_name, HandIn.at, HandIn.state, HandIn.remark)
    return (
        select(CourseTask.title.label("course_task"), *facts)
        .join(CourseTask, CourseTask.id == HandIn.course_task_id)
        .join(Enrolment, Enrolment.id == HandIn.enrolment_id)
        .where(Enrolment.person_id == person_id)
        .order_by(HandIn.id)
    )


def _scores(person_id: int) -> Select:
    score = AssessmentScore.score.label("points_hundredths")
    return (
        select(Assessment.name.label("assessment"), Assessment.held_on, score, AssessmentScore.at)
        .join(Assessment, Assessment.id == AssessmentScore.assessment_id)
        .join(Enrolment, Enrolment.id == AssessmentScore.enrolment_id)
        .where(Enrolment.person_id == person_id)
        .order_by(AssessmentScore.id)
    )


def _exceptions(person_id: int) -> Select:
    facts = (CompletionException.state, CompletionException.reason, CompletionException.proposed_at)
    return (
        select(Cohort.name.label("cohort"), *facts, CompletionException.answer, CompletionException.decided_at)
        .join(Enrolment, Enrolment.id == CompletionException.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.person_id == person_id)
        .order_by(CompletionException.id)
    )


def _certificates(person_id: int) -> Select:
    facts = (Certificate.number, Certificate.name, Certificate.issued_on, Certificate.state, Certificate.ended_at)
    return (
        select(Cohort.name.label("cohort"), *facts, Certificate.end_reason.label("reason"))
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Certificate.id)
    )


def _service_hours(person_id: int) -> Select:
    facts = (ServiceEntry.day, ServiceEntry.kind.label("service"), ServiceEntry.minutes, ServiceEntry.words)
    answer = (ServiceEntry.state, ServiceEntry.points, ServiceEntry.answer, ServiceEntry.decided_at)
    return select(*facts, *answer).where(ServiceEntry.person_id == person_id).order_by(ServiceEntry.id)


def _honours(person_id: int) -> Select:
    facts = (Honour.year, Honour.title, Honour.citation, Honour.published_at)
    return select(*facts).where(Honour.person_id == person_id).order_by(Honour.id)


def _applications(person_id: int) -> Select:
    facts = (Application.code, Application.title, Application.plan, Application.amount_fen.label("asked_fen"))
    dates = (Application.uses, Application.state, Application.created_at, Application.submitted_at)
    return (
        select(Selection.name.label("selection"), *facts, *dates)
        .join(Selection, Selection.id == Application.selection_id)
        .where(Application.person_id == person_id)
        .order_by(Application.id)
    )


def _of_applications(person_id: int, *columns) -> Select:
    """Rows that hang on her applications, beside the name of the selection."""
    model = columns[0].class_
    return (
        select(Selection.name.label("selection"), *columns)
        .join(Application, Application.id == model.application_id)
        .join(Selection, Selection.id == Application.selection_id)
        .where(Application.person_id == person_id)
        .order_by(model.id)
    )


def _application_steps(person_id: int) -> Select:
    return _of_applications(person_id, ApplicationEvent.state, ApplicationEvent.at, ApplicationEvent.reason)


def _application_files(person_id: int) -> Select:
    facts = (ApplicationFile.position, ApplicationFile.words, ApplicationFile.is_blind)
    return _of_applications(person_id, *facts, ApplicationFile.added_at, ApplicationFile.removed_at)


def _referrals(person_id: int) -> Select:
    facts = (Referral.kind, Referral.to_whom, Referral.note, Referral.at, Referral.outcome, Referral.outcome_at)
    return _of_applications(person_id, *facts)


def _visits(person_id: int) -> Select:
    """What visitors found at her place; which of them found it is not for her to know."""
    facts = (FieldVisit.planned_on, FieldVisit.words)
    found = (VisitQuestion.words.label("question"), VisitFact.value, VisitFact.reason, VisitFact.found_at)
    return (
        _of_applications(person_id, *facts)
        .add_columns(*found)
        .outerjoin(VisitFact, VisitFact.visit_id == FieldVisit.id)
        .outerjoin(VisitQuestion, VisitQuestion.id == VisitFact.question_id)
        .order_by(VisitFact.id)
    )


def _conflicts(person_id: int) -> Select:
    """What was said against a judge of hers; who the judge is is not for her to know, nor words that tell it."""
    own_words = case((Conflict.source == ConflictSource.APPLICANT, Conflict.words)).label("words")
    said = (Conflict.kind, Conflict.source, Conflict.state, own_words, Conflict.raised_at, Conflict.decided_at)
    return _of_applications(person_id, *said)


def _results(person_id: int) -> Select:
    """Her own line of the result of every frozen round: nobody else's, and no evaluator's name.

    Before the freezing there is no result: further readers and decided conflicts may still change it.
    """
    last = select(func.max(RankingRun.id)).where(RankingRun.round_id == Round.id).correlate(Round).scalar_subquery()
    return (
        select(
            *(Selection.name.label("selection"), RankingRun.created_at, RankingRow.rank, RankingRow.reviews),
            *(RankingRow.total_hundredths, RankingRow.parts, RankingRun.round_id),
        )
        .join(Application, Application.id == RankingRow.application_id)
        .join(Selection, Selection.id == Application.selection_id)
        .join(RankingRun, RankingRun.id == RankingRow.run_id)
        .join(Round, Round.id == RankingRun.round_id)
        .where(Application.person_id == person_id, Round.state == RoundState.FROZEN, RankingRun.id == last)
        .order_by(RankingRun.id)
    )


def _messages(person_id: int) -> Select:
    return (
        select(Message.created_at, Message.code, Message.values, Message.subject, Message.body, Delivery.read_at)
        .join(Message, Message.id == Delivery.message_id)
        .where(Delivery.person_id == person_id, Delivery.channel == INBOX)
        .order_by(Message.created_at, Message.id)
    )


def _disclosures(person_id: int) -> Select:
    facts = (Disclosure.fields, Disclosure.reason, Disclosure.note, Disclosure.recipient, Disclosure.is_export)
    return (
        select(Disclosure.at, Account.name.label("by_whom"), *facts)
        .join(DisclosedPerson, DisclosedPerson.disclosure_id == Disclosure.id)
        .join(Account, Account.id == Disclosure.account_id)
        .where(DisclosedPerson.person_id == person_id)
        .order_by(Disclosure.at, Disclosure.id)
    )


def _requests(person_id: int) -> Select:
    facts = (DataRequest.kind, DataRequest.state, DataRequest.channel, DataRequest.asked_at, DataRequest.due_on)
    said = (DataRequest.words, DataRequest.wished, DataRequest.answer, DataRequest.handled_at)
    return select(*facts, *said).where(DataRequest.person_id == person_id).order_by(DataRequest.id)


def _files(person_id: int) -> Select:
    facts = (StoredFile.purpose, StoredFile.file_name.label("filename"), StoredFile.size, StoredFile.created_at)
    return select(*facts).where(StoredFile.person_id == person_id).order_by(StoredFile.id)


def _sign_ins(person_id: int) -> Select:
    facts = (SignInSession.created_at, SignInSession.last_seen_at, SignInSession.user_agent, SignInSession.address)
    return (
        select(*facts, SignInSession.revoked_at)
        .join(Account, Account.id == SignInSession.account_id)
        .where(Account.person_id == person_id)
        .order_by(SignInSession.id)
    )


PARTS: dict[PartName, Callable[[int], Select]] = {
    PartName.REGISTER: _register,
    PartName.CONSENTS: _consents,
    PartName.SIGN_UPS: _sign_ups,
    PartName.ENROLMENTS: _enrolments,
    PartName.ENROLMENT_HISTORY: _enrolment_history,
    PartName.LESSONS: _lessons,
    PartName.MARKS: _marks,
    PartName.ATTENDANCE_REQUESTS: _attendance_requests,
    PartName.WALK_INS: _walk_ins,
    PartName.CALLS: _calls,
    PartName.SPOT_CHECKS: _spot_checks,
    PartName.HAND_INS: _hand_ins,
    PartName.SCORES: _scores,
    PartName.EXCEPTIONS: _exceptions,
    PartName.CERTIFICATES: _certificates,
    PartName.SERVICE_HOURS: _service_hours,
    PartName.HONOURS: _honours,
    PartName.SHOPS: personal_sales.shops,
    PartName.SALES: personal_sales.sales,
    PartName.LIVESTREAMS: personal_sales.livestreams,
    PartName.ORDERS: personal_sales.orders,
    PartName.SETTLEMENTS: personal_sales.settlements,
    PartName.SALES_ENTRIES: personal_sales.entries,
    PartName.SALES_CHECKS: personal_sales.checks,
    PartName.DONATIONS: personal_sales.donations,
    PartName.SURVEYS: personal_outcomes.surveys,
    PartName.FOLLOW_UPS: personal_outcomes.follow_ups,
    PartName.PAID_WORK: personal_outcomes.paid_works,
    PartName.SALES_FILES: personal_sales.sales_files,
    PartName.APPLICATIONS: _applications,
    PartName.APPLICATION_STEPS: _application_steps,
    PartName.APPLICATION_FILES: _application_files,
    PartName.REFERRALS: _referrals,
    PartName.VISITS: _visits,
    PartName.CONFLICTS: _conflicts,
    PartName.RESULTS: _results,
    PartName.MESSAGES: _messages,
    PartName.DISCLOSURES: _disclosures,
    PartName.REQUESTS: _requests,
    PartName.FILES: _files,
    PartName.SIGN_INS: _sign_ins,
}
