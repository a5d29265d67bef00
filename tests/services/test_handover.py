"""Handing over: what moves, what cannot and why, who may not take over, and what a second look protects from."""

from datetime import timedelta

import pytest

from tests import factories, selections
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.attendance import LessonState
from trainer.domain.handover import Obstacle
from trainer.errors import Conflict, NotFound
from trainer.models import Account, Assignment, AuditEvent, Delivery, Lesson, Review
from trainer.queries.account import get_actor
from trainer.queries.handover import plan_handover
from trainer.services import round as rounds
from trainer.services.account import OwnAccount
from trainer.services.handover import SuccessorUnfit, hand_over

pytestmark = pytest.mark.sqlite_is_enough

Role, AT = factories.Role, factories.AT


@pytest.fixture
def administrator(app):
    return factories.actor(Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture
def leaver(app):
    return factories.account(Role.INSTRUCTOR)


@pytest.fixture
def successor(app):
    return factories.account(Role.INSTRUCTOR)


def look(leaver, successor, *, give_roles=False):
    db.session.rollback()
    db.session.expire_all()
    return plan_handover(
        db.session.get(Account, leaver.id), db.session.get(Account, successor.id), give_roles=give_roles
    )


def do(leaver, successor, by, *, give_roles=False, shut=False, mark=None):
    mark = mark or look(leaver, successor, give_roles=give_roles).mark
    with transaction():
        return hand_over(leaver.id, successor.id, give_roles=give_roles, shut=shut, mark=mark, by=by, at=AT)


def instructors() -> dict[str, int]:
    db.session.rollback()
    db.session.expire_all()
    return dict(db.session.execute(db.select(Lesson.title, Lesson.instructor_id)).all())


def test_lessons_not_over_move_and_the_others_stay(leaver, successor, administrator):
    cohort = factories.cohort()
    for day, state in enumerate(LessonState):
        factories.lesson(cohort, day=day, state=state, title=state.value, instructor_id=leaver.id)
    before = db.session.scalar(db.select(Lesson.version).where(Lesson.title == "planned"))
    plan = do(leaver, successor, administrator)
    assert len(plan.moving_lessons) == 2
    went = {title for title, who in instructors().items() if who == successor.id}
    assert went == {"planned", "open"}
    assert db.session.scalar(db.select(Lesson.version).where(Lesson.title == "planned")) == before + 1


def test_the_trail_tells_before_and_after_and_the_successor_is_told(leaver, successor, administrator):
    factories.lesson(factories.cohort(), instructor_id=leaver.id)
    do(leaver, successor, administrator)
    db.session.rollback()
    event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "account.hand_over"))
    assert event.details["before"] == {"lessons": 1, "reviews": 0}
    assert event.details["after"]["successor"] == successor.id
    change = db.session.scalar(db.select(AuditEvent.details).where(AuditEvent.action == "lesson.update"))
    assert change == {"before": {"instructor": leaver.id}, "after": {"instructor": successor.id}}
    assert db.session.scalars(db.select(Delivery.account_id)).all() == [successor.id]


def test_a_second_time_nothing_is_left_to_move(leaver, successor, administrator):
    factories.lesson(factories.cohort(), instructor_id=leaver.id)
    do(leaver, successor, administrator)
    assert do(leaver, successor, administrator).lessons == ()


@pytest.mark.parametrize(
    ("roles", "region", "give_roles", "obstacle"),
    [
        ((Role.INSTRUCTOR,), None, False, None),
        ((Role.INSTRUCTOR,), factories.DATONG, False, None),
        ((Role.INSTRUCTOR,), factories.LINFEN, False, Obstacle.NO_ROLE),
        ((Role.MANAGER,), None, False, Obstacle.NO_ROLE),
        ((Role.MANAGER,), None, True, None),
        ((), None, True, None),
    ],
)
def test_a_lesson_needs_an_instructor_who_reaches_it(leaver, administrator, roles, region, give_roles, obstacle):
    taker = factories.account(*roles, region=region)
    factories.lesson(factories.cohort(region=factories.DATONG), instructor_id=leaver.id)
    plan = do(leaver, taker, administrator, give_roles=give_roles)
    assert [lesson.obstacle for lesson in plan.lessons] == [obstacle]
    assert set(instructors().values()) == {taker.id if obstacle is None else leaver.id}


def test_nobody_gives_two_lessons_at_once(leaver, successor, administrator):
    cohorts = factories.cohort(), factories.cohort()
    factories.lesson(cohorts[0], instructor_id=leaver.id)
    factories.lesson(cohorts[0], day=1, title="第二天", instructor_id=leaver.id)
    factories.lesson(cohorts[1], instructor_id=successor.id, title="自己的")
    plan = do(leaver, successor, administrator)
    assert [lesson.obstacle for lesson in plan.lessons] == [Obstacle.BUSY, None]
    assert plan.staying == [(cohorts[0].name, Obstacle.BUSY, 1)]


@pytest.fixture
def selection(app):
    made = selections.ready()
    made.act(rounds.open_round)
    return made


def test_unreviewed_applications_move_without_the_leavers_notes(selection, administrator):
    first = selection.evaluators[0]
    selection.submit(0, 0, 1, 2)
    taker = factories.account(Role.EVALUATOR)
    mine = [a.id for a in assignments_of(first)]
    submitted = selection.assignment(0, 0).id
    plan = do(first, taker, administrator)
    moved = {piece.id for piece in plan.moving_assignments}
    assert moved == set(mine) - {submitted}
    assert {a.id for a in assignments_of(taker)} == moved
    assert [a.id for a in assignments_of(first)] == [submitted]
    assert sorted(a.position for a in assignments_of(taker)) == list(range(1, len(moved) + 1))
    assert db.session.scalar(db.select(db.func.count()).select_from(Review).where(Review.assignment_id.in_(moved))) == 0


def test_an_application_is_read_once_by_each(selection, administrator):
    first, second = selection.evaluators[:2]
    plan = look(first, second)
    both = {a.application_id for a in assignments_of(first)} & {a.application_id for a in assignments_of(second)}
    assert both
    assert {p.application_id for p in plan.assignments if p.obstacle is Obstacle.ALREADY_ASSIGNED} == both
    do(first, second, administrator)
    assert {a.application_id for a in assignments_of(first)} == both


def test_a_closed_rounds_assignments_are_history(selection, administrator):
    for woman in range(len(selection.enrolments)):
        for evaluator in range(len(selection.evaluators)):
            selection.submit(woman, evaluator, 1, 2)
    selection.act(rounds.close_round)
    assert look(selection.evaluators[0], factories.account(Role.EVALUATOR)).assignments == ()


def assignments_of(row) -> list[Assignment]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(db.select(Assignment).where(Assignment.account_id == row.id)))


def test_roles_are_given_once_and_only_those_that_lack(leaver, administrator):
    taker = factories.account(Role.INSTRUCTOR)
    factories._save(
        *(
            factories.RoleGrant(account_id=leaver.id, role=role, region_code=factories.DATONG, granted_at=AT)
            for role in (Role.COHORT_STAFF, Role.FINANCE)
        )
    )
    do(leaver, taker, administrator, give_roles=True, shut=True)
    db.session.rollback()
    roles = [(g.role, g.region_code) for g in get_actor(db.session.get(Account, taker.id)).grants]
    assert roles == [
        (Role.INSTRUCTOR, None),
        (Role.COHORT_STAFF, factories.DATONG),
        (Role.FINANCE, factories.DATONG),
    ]
    assert not db.session.get(Account, leaver.id).active


def test_who_cannot_take_over(leaver, administrator):
    shut = factories.account(Role.INSTRUCTOR, active=False)
    trainee = factories.account(Role.TRAINEE, person=factories.person())
    for unfit in (shut.id, trainee.id, leaver.id, 999):
        with pytest.raises(SuccessorUnfit), transaction():
            hand_over(leaver.id, unfit, give_roles=False, shut=False, mark="", by=administrator, at=AT)


def test_a_trainee_hands_nothing_over(successor, administrator):
    trainee = factories.account(Role.TRAINEE, person=factories.person())
    with pytest.raises(NotFound), transaction():
        hand_over(trainee.id, successor.id, give_roles=False, shut=False, mark="", by=administrator, at=AT)


def test_nobody_gives_herself_a_role_or_work_that_her_roles_do_not_allow(leaver, administrator):
    herself = db.session.get(Account, administrator.account_id)
    factories.lesson(factories.cohort(), instructor_id=leaver.id)
    with pytest.raises(OwnAccount):
        do(leaver, herself, administrator, give_roles=True)
    plan = do(leaver, herself, administrator)
    assert plan.moving_lessons == []
    assert set(instructors().values()) == {leaver.id}


def test_nobody_shuts_herself(administrator, successor):
    herself = db.session.get(Account, administrator.account_id)
    with pytest.raises(OwnAccount):
        do(herself, successor, administrator, shut=True)


def test_what_changed_since_the_look_is_looked_at_again(leaver, successor, administrator):
    lesson = factories.lesson(factories.cohort(), instructor_id=leaver.id)
    mark = look(leaver, successor).mark
    with transaction():
        db.session.get(Lesson, lesson.id).starts_at += timedelta(hours=1)
    with pytest.raises(Conflict):
        do(leaver, successor, administrator, mark=mark)
    assert set(instructors().values()) == {leaver.id}


def test_two_administrators_at_once_move_it_once(app, leaver, successor, administrator):
    factories.lesson(factories.cohort(), instructor_id=leaver.id)
    other = factories.account(Role.INSTRUCTOR)
    marks = {row.id: look(leaver, row).mark for row in (successor, other)}

    def give(row):
        return lambda: hand_over(
            leaver.id, row.id, give_roles=False, shut=False, mark=marks[row.id], by=administrator, at=AT
        )

    results = overlap(app, give(successor), give(other))
    assert isinstance(results[1], Conflict)
    assert set(instructors().values()) == {successor.id}
