"""A new version of the rule: as it was previewed, with a reason, and only of what there is."""

from dataclasses import replace

import pytest

from tests import completions, factories
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.domain.completion import ProgressState, Required, Requirements, preview_rule
from trainer.domain.programme import CompletionRule
from trainer.models import AuditEvent, CohortMetrics
from trainer.queries.completion import list_progress, requirements_of
from trainer.queries.completion_rule import list_versions
from trainer.services import completion_rule
from trainer.services.metrics import recompute_cohort

pytestmark = pytest.mark.sqlite_is_enough

EASY = Requirements(CompletionRule(5000))


@pytest.fixture
def by(app):
    return factories.actor(Role.MANAGER, name="赵主任")


@pytest.fixture
def half(cohort):
    """A woman who came to one of two lessons."""
    woman = factories.enrolment(cohort)
    for day, status in enumerate((AttendanceStatus.PRESENT, AttendanceStatus.ABSENT)):
        completions.mark(factories.lesson(cohort, day=day, state=LessonState.CLOSED), woman, status=status)
    return woman


def preview(cohort_id: int, wanted: Requirements):
    now = requirements_of([cohort_id])[cohort_id]
    return preview_rule(list_progress(cohort_id, now), now, wanted)


def set_rule(cohort_id: int, wanted: Requirements, by, *, seen: str | None = None, reason: str = "学时调整"):
    seen = seen or preview(cohort_id, wanted).fingerprint
    with transaction():
        return completion_rule.set_rule(cohort_id, wanted, seen=seen, reason=reason, by=by, at=AT).number


def test_what_was_previewed_is_what_rules(cohort, half, by):
    shown = preview(cohort.id, EASY)
    [shift] = shown.shifts
    assert (shown.women, shown.meets_now, shown.meets_then, shift.is_better) == (1, 0, 1, True)
    assert (shown.reach_now, shown.reach_then, shift.then.state) == (0, 1, ProgressState.MEETS)
    assert set_rule(cohort.id, EASY, by, seen=shown.fingerprint) == 2
    assert list_progress(cohort.id)[0].progress.meets
    newest, first = list_versions(cohort.id)
    assert (newest.number, newest.by, newest.reason, newest.requirements.rule.min_rate_bp) == (
        2,
        "赵主任",
        "学时调整",
        5000,
    )
    assert first.requirements.rule.min_rate_bp == 8000
    event = db.session.scalar(db.select(AuditEvent).order_by(AuditEvent.seq.desc()))
    assert (event.action, event.details["number"], event.details["with_reason"]) == ("cohort.set_rule", 2, True)


def test_a_preview_that_went_stale_does_not_rule(cohort, half, by):
    seen = preview(cohort.id, EASY).fingerprint
    completions.mark(factories.lesson(cohort, day=2, state=LessonState.CLOSED), half, status=AttendanceStatus.ABSENT)
    with pytest.raises(completion_rule.RulePreviewStale):
        set_rule(cohort.id, EASY, by, seen=seen)
    assert len(list_versions(cohort.id)) == 1


def test_once_women_are_measured_it_takes_a_reason(cohort, by):
    assert set_rule(cohort.id, EASY, by, reason="") == 2
    factories.enrolment(cohort)
    with pytest.raises(completion_rule.RuleReasonMissing):
        set_rule(cohort.id, Requirements(), by, reason=" ")


def test_the_same_rule_is_no_new_version(cohort, by):
    with pytest.raises(completion_rule.RuleUnchanged):
        set_rule(cohort.id, Requirements(CompletionRule(8000)), by)


def test_it_demands_only_what_there_is(cohort, by):
    called_off = factories.lesson(cohort, state=LessonState.CANCELLED)
    elsewhere = completions.course_task(factories.cohort())
    exam = completions.assessment(cohort, max_score=5000)
    for wanted in (
        replace(EASY, lessons=[Required(called_off.id, "")]),
        replace(EASY, tasks=[Required(elsewhere.id, "")]),
        replace(EASY, assessments=[Required(exam.id, "", 5001)]),
        replace(EASY, assessments=[Required(99, "", 1)]),
    ):
        with pytest.raises(completion_rule.NotDemandable):
            set_rule(cohort.id, wanted, by)
    lesson, task = factories.lesson(cohort), completions.course_task(cohort)
    wanted = Requirements(
        CompletionRule(5000, 1),
        [Required(lesson.id, lesson.title)],
        [Required(task.id, task.title)],
        [Required(exam.id, exam.name, 3000)],
    )
    set_rule(cohort.id, wanted, by)
    assert replace(requirements_of([cohort.id])[cohort.id], rule_id=None) == wanted


def test_the_kept_figure_agrees_with_the_whole_rule(cohort, half):
    def kept() -> int:
        with transaction():
            recompute_cohort(cohort.id, at=AT)
        return db.session.get(CohortMetrics, cohort.id, populate_existing=True).meeting_rule

    completions.demand(cohort, min_rate_bp=5000)
    assert kept() == 1
    exam = completions.assessment(cohort)
    completions.demand(cohort, exam)
    assert kept() == 0
    completions.score(exam, half, 6000)
    assert kept() == 1
