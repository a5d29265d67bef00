"""The lists of rolls agree with the door of each lesson."""

import pytest

from tests import factories
from trainer.domain.actors import Role
from trainer.permissions import Permission, can
from trainer.queries.roll import get_lesson_head, list_rolls_of_day, rolls_left_page


@pytest.fixture
def lessons(app):
    """Two cohorts in two cities, a lesson of each with an instructor and one without, all on two days."""
    teacher = factories.account(Role.INSTRUCTOR)
    cohorts = [factories.cohort(region=code) for code in (factories.DATONG, factories.LINFEN)]
    made = [factories.lesson(cohort, day=day) for cohort in cohorts for day in (0, 1)]
    made += [factories.lesson(cohorts[0], instructor_id=teacher.id)]
    return teacher, cohorts, [lesson.id for lesson in made]


@pytest.mark.parametrize("who", ["teacher", "city", "county", "province", "cohort", "everywhere", "auditor", "nobody"])
def test_a_list_shows_exactly_what_she_may_mark(lessons, who):
    teacher, cohorts, ids = lessons
    actor = {
        "teacher": lambda: factories.actor_of(teacher),
        "city": lambda: factories.actor(Role.COHORT_STAFF, region=factories.DATONG),
        "county": lambda: factories.actor(Role.COHORT_STAFF, region=factories.YUNZHOU),
        "province": lambda: factories.actor(Role.MANAGER, region=factories.SHANXI),
        "cohort": lambda: factories.actor(Role.INSTRUCTOR, cohort=cohorts[1]),
        "everywhere": lambda: factories.actor(Role.MANAGER),
        "auditor": lambda: factories.actor(Role.AUDITOR),
        "nobody": lambda: factories.actor(),
    }[who]()
    heads = [get_lesson_head(id_) for id_ in ids]
    allowed = {head.id for head in heads if can(actor, Permission.MARK_ATTENDANCE, head.scope)}
    first, second = cohorts[0].starts_on, factories.AT.date()
    of_days = {roll.lesson.id for day in (first, second) for roll in list_rolls_of_day(actor, day)}
    left = {roll.lesson.id for roll in rolls_left_page(actor, second.replace(day=20)).items}
    assert of_days == left == allowed
    assert rolls_left_page(actor, second.replace(day=20)).total == len(allowed)
