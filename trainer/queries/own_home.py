"""A trainee's first page in one reading: her courses and how far she has come, her tasks, sales and papers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, case, literal, select, union_all

from trainer.database import db
from trainer.domain.attendance import LessonOutcome, LessonState
from trainer.domain.certificate import CertificateState
from trainer.domain.completion import Facts, Progress, judge
from trainer.domain.days import china_day
from trainer.domain.own_home import NextStep, next_step
from trainer.domain.sales_entry import EntryState
from trainer.domain.selection import ApplicationState, RoundState
from trainer.models.application import Application
from trainer.models.assessment import AssessmentScore
from trainer.models.certificate import Certificate
from trainer.models.enrolment import Enrolment
from trainer.models.programme import Cohort
from trainer.models.sales import Shop
from trainer.models.sales_entry import SalesEntry
from trainer.models.selection import Round, Selection
from trainer.models.survey import SurveySheet
from trainer.queries.completion import requirements_of
from trainer.queries.consent import is_asked_again
from trainer.queries.course_task import OwnTask, list_own_tasks
from trainer.queries.feedback import asks_feedback
from trainer.queries.own_application import open_to
from trainer.queries.own_sales import OwnShop, get_own_main_sales
from trainer.queries.survey import ASKED_NOW, days_asked
from trainer.queries.trainee import OwnCohort, list_own_cohorts


@dataclass(frozen=True)
class OwnPaper:
    """A valid certificate or a questionnaire that waits for her answers (`words`: the cohort), an application or something
    to apply to (`words`: the selection), or a typed broadcast that was returned (`words`: the shop)."""

    id: int
    words: str
    day: date
    number: str


@dataclass(frozen=True)
class OwnHome:
    """All that the page shows; `progress` by cohort, of those on whose roll she is."""

    cohorts: Sequence[OwnCohort]
    progress: Mapping[int, Progress]
    tasks: Sequence[OwnTask]
    sales: Sequence[OwnShop]
    applications: Sequence[OwnPaper]
    to_apply: Sequence[OwnPaper]
    certificates: Sequence[OwnPaper]
    next_step: NextStep


def get_own_home(person_id: int, *, today: date, now: datetime) -> OwnHome:
    """Twelve statements at most, three fewer where she has no shop."""
    cohorts, tasks = list_own_cohorts(person_id, today=today), list_own_tasks(person_id)
    certificates, applications, returned, surveys, to_apply = _papers(person_id, today, now)
    feedback, asks_consent = asks_feedback(person_id, today=today), is_asked_again(person_id)
    asked = {"returned": returned, "surveys": surveys, "asks_consent": asks_consent, "today": today, "now": now}
    step = next_step(cohorts, tasks, feedback, certificates, **asked)
    return OwnHome(
        cohorts,
        _progress(person_id, [one for one in cohorts if one.is_on_the_roll and one.is_known(today)], tasks),
        tasks,
        get_own_main_sales(person_id),
        applications,
        to_apply,
        certificates,
        step,
    )


def _progress(person_id: int, cohorts: Sequence[OwnCohort], tasks: Sequence[OwnTask]) -> dict[int, Progress]:
    """As `queries.completion` reckons it, from the lessons that are at hand already."""
    demanded = requirements_of([cohort.id for cohort in cohorts]) if cohorts else {}
    scores = _scores(person_id) if any(one.assessments for one in demanded.values()) else {}
    states = {task.id: task.state for task in tasks if task.state}
    return {cohort.id: judge(_facts(cohort, states, scores), demanded[cohort.id]) for cohort in cohorts}


def _facts(cohort: OwnCohort, states, scores) -> Facts:
    lessons = {
        lesson.id: LessonOutcome(lesson.minutes, lesson.is_closed, lesson.status, lesson.applicable)
        for lesson in cohort.lessons
        if lesson.state is not LessonState.CANCELLED
    }
    return Facts(lessons, states, scores)


# Made once: the page that every phone opens.
_SCORES = (
    select(AssessmentScore.assessment_id, AssessmentScore.score)
    .join(Enrolment, Enrolment.id == AssessmentScore.enrolment_id)
    .where(Enrolment.person_id == bindparam("person"))
    .order_by(AssessmentScore.id)
)
_PAPERS = union_all(
    select(
        *(literal("certificate").label("kind"), Certificate.id.label("id"), Cohort.name.label("words")),
        *(Certificate.issued_at.label("at"), Certificate.number.label("number")),
    )
    .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .where(Enrolment.person_id == bindparam("person"), Certificate.state == CertificateState.VALID),
    select(*(literal("application"), Application.id, Selection.name, Application.created_at, literal("")))
    .join(Selection, Selection.id == Application.selection_id)
    .where(Application.person_id == bindparam("person"), Application.state == ApplicationState.SUBMITTED),
    select(*(literal("entry"), SalesEntry.id, Shop.name, SalesEntry.started_at, literal("")))
    .join(Shop, Shop.id == SalesEntry.shop_id)
    .where(Shop.person_id == bindparam("person"), SalesEntry.state == EntryState.RETURNED),
    select(*(literal("survey"), SurveySheet.id, Cohort.name, SurveySheet.opened_at, literal("")))
    .join(Enrolment, Enrolment.id == SurveySheet.enrolment_id)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .where(Enrolment.person_id == bindparam("person"), ASKED_NOW),
    # Open to her and not handed in: `number` says whether she has begun.
    select(*(literal("to_apply"), Selection.id, Selection.name, Selection.applies_until))
    .add_columns(case((Application.state == ApplicationState.DRAFT, "begun"), else_=""))
    .join(Round, (Round.selection_id == Selection.id) & (Round.number == 1))
    .outerjoin(Application, (Application.selection_id == Selection.id) & (Application.person_id == bindparam("person")))
    .where(
        *(Round.state == RoundState.DRAFT, Selection.applies_from <= bindparam("now")),
        *(Selection.applies_until > bindparam("now"), open_to(bindparam("person"))),
        Application.id.is_(None) | (Application.state == ApplicationState.DRAFT),
    ),
).subquery()
_PAPERS_NEWEST_FIRST = select(_PAPERS).order_by(_PAPERS.c.at.desc())


def _scores(person_id: int) -> dict[int, int]:
    """By assessment, the last one entered."""
    rows = db.session.execute(_SCORES, {"person": person_id}).all()
    return {assessment_id: score for assessment_id, score in dict(rows).items() if score is not None}


def _papers(person_id: int, today: date, now: datetime) -> tuple[list[OwnPaper], ...]:
    """Her valid certificates, her applications, typed broadcasts to put right, questionnaires, what she may apply to,
    the newest first: one statement."""
    kinds = ("certificate", "application", "entry", "survey", "to_apply")
    found: dict[str, list[OwnPaper]] = {kind: [] for kind in kinds}
    asked = {"person": person_id, "now": now, **days_asked(today)}
    for kind, id_, words, at, number in db.session.execute(_PAPERS_NEWEST_FIRST, asked):
        found[kind].append(OwnPaper(id_, words, china_day(at), number))
    return tuple(found.values())
