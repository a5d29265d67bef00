"""How far the women of a cohort have come by its whole rule: attendance, lessons, tasks and scores demanded."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, String, bindparam, func, literal, null, select, type_coerce, union_all
from sqlalchemy.orm import joinedload

from trainer.database import db
from trainer.domain.attendance import ATTENDED, AttendanceStatus
from trainer.domain.completion import Facts, Progress, Required, Requirements, WomanProgress, judge
from trainer.domain.course_task import HandInState
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.programme import CompletionRule, ExcusedCounts
from trainer.models.assessment import Assessment, AssessmentScore
from trainer.models.attendance import Attendance
from trainer.models.course_task import CourseTask, HandIn
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.person import Person
from trainer.models.programme import CompletionRuleVersion, RuleRequirement
from trainer.models.region import Region
from trainer.queries.attendance import CountingLesson, list_lessons_that_count, outcomes

# What a row of facts is about.
_LESSON, _TASK, _ASSESSMENT = 0, 1, 2


def list_progress(cohort_id: int, requirements: Requirements | None = None) -> list[WomanProgress]:
    """Everybody on the roll of a cohort by seat, under the rule in force or under another: four statements, whatever
    the size; the rule itself is one of them."""
    requirements = requirements or requirements_of([cohort_id])[cohort_id]
    lessons = list_lessons_that_count([cohort_id])
    said = _said(Enrolment.cohort_id == cohort_id)
    women = db.session.execute(
        select(
            *(Enrolment.id, Person.id, Enrolment.seat_number, Person.name.label("woman"), Person.name_initials),
            *(Region.name, Enrolment.status, Enrolment.joined_on),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Region, Region.code == Person.region_code)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status.in_(ON_THE_ROLL))
        .order_by(Enrolment.seat_number)
    )
    rows = []
    for *woman, joined_on in women:
        facts = _facts(lessons, said.get(woman[0], {}), joined_on)
        rows.append(WomanProgress(*woman, facts, judge(facts, requirements)))
    return rows


def get_enrolment(enrolment_id: int) -> Enrolment | None:
    """With her and her cohort."""
    return db.session.scalar(
        select(Enrolment)
        .where(Enrolment.id == enrolment_id)
        .options(joinedload(Enrolment.person), joinedload(Enrolment.cohort))
        .execution_options(populate_existing=True)
    )


def get_woman_progress(enrolment: Enrolment) -> Progress:
    """Of one woman in one cohort, whatever her status there: three statements."""
    requirements = requirements_of([enrolment.cohort_id])[enrolment.cohort_id]
    lessons = list_lessons_that_count([enrolment.cohort_id])
    said = _said(Enrolment.id == enrolment.id).get(enrolment.id, {})
    return judge(_facts(lessons, said, enrolment.joined_on), requirements)


def _facts(lessons: Sequence[CountingLesson], said: dict[int, dict[int, object]], joined_on) -> Facts:
    marks = {id_: AttendanceStatus(status) for id_, status in said.get(_LESSON, {}).items()}
    hers = outcomes(lessons, marks, joined_on)
    return Facts(
        {lesson.id: outcome for lesson, outcome in zip(lessons, hers, strict=True)},
        {id_: HandInState(state) for id_, state in said.get(_TASK, {}).items()},
        {id_: score for id_, score in said.get(_ASSESSMENT, {}).items() if score is not None},
    )


def _said(which: ColumnElement[bool]) -> dict[int, dict[int, dict[int, object]]]:
    """By enrolment, then kind, then what it is about: her status at a lesson, the state of her last hand-in of a task
    that was not taken back, her last score. One statement."""
    hers = select(Enrolment.id).where(which)
    word, none = (lambda column: type_coerce(column, String)), null()
    branches = union_all(
        select(
            *(Attendance.enrolment_id, literal(_LESSON).label("kind"), Attendance.lesson_id.label("about")),
            *(word(Attendance.status).label("word"), literal(0).label("number"), literal(0).label("turn")),
        ).where(Attendance.enrolment_id.in_(hers)),
        select(
            HandIn.enrolment_id, literal(_TASK), HandIn.course_task_id, word(HandIn.state), literal(0), HandIn.id
        ).where(HandIn.enrolment_id.in_(hers), HandIn.state != HandInState.TAKEN_BACK),
        select(
            *(AssessmentScore.enrolment_id, literal(_ASSESSMENT), AssessmentScore.assessment_id),
            *(none, AssessmentScore.score, AssessmentScore.id),
        ).where(AssessmentScore.enrolment_id.in_(hers)),
    ).subquery()
    found: dict[int, dict[int, dict[int, object]]] = {}
    for enrolment_id, kind, about, state, number, _turn in db.session.execute(
        select(branches).order_by(branches.c.turn)
    ):
        value = number if kind == _ASSESSMENT else state
        found.setdefault(enrolment_id, {}).setdefault(kind, {})[about] = value
    return found


def requirements_of(cohort_ids: Sequence[int]) -> dict[int, Requirements]:
    """What the rule in force demands in each cohort, its highest version: one statement."""
    db.session.flush()  # a rule that this very act has set is among them
    rows = db.session.execute(_IN_FORCE, {"cohorts": list(cohort_ids)}).all()
    found = {cohort_id: Requirements() for cohort_id in cohort_ids}
    for cohort_id in {row.cohort_id for row in rows}:
        found[cohort_id] = requirements_from([row[:-1] for row in rows if row.cohort_id == cohort_id])
    return found


def attended_and_counted(rule: CompletionRule) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Which rows of Attendance count as attended under a rule, and which count at all; see domain/attendance.summarise."""
    attended, counted = Attendance.status.in_(ATTENDED), literal(True)
    if rule.excused_counts is ExcusedCounts.PRESENT:
        attended = Attendance.status.in_([*ATTENDED, AttendanceStatus.EXCUSED])
    elif rule.excused_counts is ExcusedCounts.IGNORED:
        counted = Attendance.status != AttendanceStatus.EXCUSED
    return attended, counted


def demands():
    """A row for each thing demanded by name, and one for a version that demands nothing so."""
    return (
        select(
            *(CompletionRuleVersion.id, CompletionRuleVersion.min_rate_bp, CompletionRuleVersion.max_unexcused),
            *(CompletionRuleVersion.excused_counts, RuleRequirement.lesson_id, Lesson.title),
            *(RuleRequirement.course_task_id, CourseTask.title.label("task")),
            *(RuleRequirement.assessment_id, Assessment.name, RuleRequirement.min_score),
        )
        .outerjoin(RuleRequirement, RuleRequirement.rule_id == CompletionRuleVersion.id)
        .outerjoin(Lesson, Lesson.id == RuleRequirement.lesson_id)
        .outerjoin(CourseTask, CourseTask.id == RuleRequirement.course_task_id)
        .outerjoin(Assessment, Assessment.id == RuleRequirement.assessment_id)
        .order_by(RuleRequirement.id)
    )


_NEWEST = (
    select(CompletionRuleVersion.cohort_id, func.max(CompletionRuleVersion.number).label("number"))
    .where(CompletionRuleVersion.cohort_id.in_(bindparam("cohorts", expanding=True)))
    .group_by(CompletionRuleVersion.cohort_id)
    .subquery()
)
# Made once: the page that every phone opens asks it.
_IN_FORCE = (
    demands()
    .add_columns(CompletionRuleVersion.cohort_id)
    .join(
        _NEWEST,
        (_NEWEST.c.cohort_id == CompletionRuleVersion.cohort_id) & (_NEWEST.c.number == CompletionRuleVersion.number),
    )
)


def requirements_from(rows: Sequence[Sequence[object]]) -> Requirements:
    """Of the rows of one version."""
    rule_id, *terms = rows[0][:4]
    return Requirements(
        CompletionRule(*terms),
        [Required(row[4], row[5]) for row in rows if row[4]],
        [Required(row[6], row[7]) for row in rows if row[6]],
        [Required(row[8], row[9], row[10]) for row in rows if row[8]],
        rule_id,
    )
