"""How far the women of a cohort have come: by the rule in force, from settled facts, in few statements."""

from tests import completions, factories
from trainer import clock
from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.domain.completion import MissingKind
from trainer.domain.course_task import HandInState
from trainer.domain.enrolment import EnrolmentStatus
from trainer.queries.completion import list_progress
from trainer.queries.own_home import get_own_home


def own_progress(person_id):
    """As her own page reckons it, by cohort."""
    return get_own_home(person_id, today=clock.today(), now=clock.now()).progress


def test_the_last_word_of_everything_counts(cohort):
    ada, bo = factories.enrolment(cohort), factories.enrolment(cohort)
    factories.enrolment(cohort, status=EnrolmentStatus.WITHDRAWN)
    lesson = factories.lesson(cohort, state=LessonState.CLOSED)
    factories.lesson(cohort, day=1, state=LessonState.CANCELLED)
    task, exam = completions.course_task(cohort), completions.assessment(cohort)
    completions.demand(cohort, completions.assessment(cohort, "旧考核"))
    rule = completions.demand(cohort, lesson, task, exam)
    completions.mark(lesson, ada)
    completions.mark(lesson, bo, status=AttendanceStatus.ABSENT)
    completions.hand_in(task, ada, HandInState.SENT_BACK, 1)
    completions.hand_in(task, ada, HandInState.PASSED, 2)
    completions.hand_in(task, ada, HandInState.TAKEN_BACK, 3)
    completions.hand_in(task, bo, HandInState.PASSED, 1)
    completions.hand_in(task, bo, HandInState.HANDED_IN, 2)
    completions.score(exam, ada, 5000)
    completions.score(exam, ada, 6000)
    completions.score(exam, bo, 9000)
    completions.score(exam, bo, None)
    first, second = list_progress(cohort.id)
    assert (first.enrolment_id, first.progress.meets, first.progress.missing) == (ada.id, True, ())
    assert [one.kind for one in second.progress.missing] == [
        MissingKind.HOURS_LOST,
        MissingKind.LESSON_MISSED,
        MissingKind.TASK_WAITING,
        MissingKind.ASSESSMENT_TO_COME,
    ]
    assert own_progress(ada.person_id) == {cohort.id: first.progress}
    assert rule


def test_of_a_woman_each_cohort_by_its_own_rule(cohort):
    other, woman = factories.cohort(min_rate_bp=0), factories.person()
    for one in (cohort, other):
        enrolment = factories.enrolment(one, woman)
        lesson = factories.lesson(one, state=LessonState.CLOSED)
        completions.mark(lesson, enrolment, status=AttendanceStatus.ABSENT)
    factories.enrolment(factories.cohort(), woman, status=EnrolmentStatus.APPLIED)
    found = own_progress(woman.id)
    assert {cohort_id: progress.meets for cohort_id, progress in found.items()} == {cohort.id: False, other.id: True}
    assert own_progress(factories.person().id) == {}


def test_statements(cohort, count_statements):
    factories.enrolment(cohort)
    cohort_id = cohort.id
    for expected in (1, 3):
        with count_statements() as seen:
            assert len(list_progress(cohort_id)) == expected
        assert len(seen) == 4
        factories.enrolment(cohort), factories.enrolment(cohort)
