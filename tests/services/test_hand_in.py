"""Hand-ins: once, taken back, marked, put right; and tasks that a rule demands."""

from datetime import timedelta

import pytest

from tests import factories
from tests.factories import AT
from tests.races import overlap
from trainer import storage
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.course_task import CourseTaskDraft, CourseTaskKind, Given, HandInState, Proof
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.retention import Kept
from trainer.errors import Conflict, NotFound
from trainer.models import AuditEvent, CourseTask, Delivery, HandIn, RuleRequirement, StoredFile
from trainer.queries.cohort import get_rule
from trainer.queries.course_task import list_own_tasks, list_tasks
from trainer.queries.hand_in import list_markings, next_to_mark
from trainer.services import course_task as tasks
from trainer.services import hand_in as hand_ins
from trainer.services import retention
from trainer.services.erasure import erase_person

pytestmark = pytest.mark.sqlite_is_enough

STATE = HandInState
LINK = Given(link="https://v.kuaishou.com/a", minutes=40)
DRAFT = CourseTaskDraft("直播一场", "拍下直播结束的画面", CourseTaskKind.BROADCAST, Proof.EITHER, 30, None)


@pytest.fixture
def by(app):
    return factories.actor(Role.COHORT_STAFF, region=factories.DATONG)


@pytest.fixture
def task(cohort):
    return factories.course_task(cohort)


@pytest.fixture
def hers(cohort):
    return factories.enrolment(cohort)


def give(task, enrolment, by, nonce="n1", given=LINK, **values):
    with transaction():
        return hand_ins.hand_in(task.id, enrolment.id, given, nonce=nonce, keep_years=3, by=by, at=AT, **values)


def mark(row, state, remark, by, seen=None):
    with transaction():
        seen = row.version if seen is None else seen
        return hand_ins.mark(row.id, STATE(state), remark, seen=seen, by=by, at=AT)


def rows() -> list[tuple[int, str]]:
    db.session.rollback()
    db.session.expire_all()
    return [(row.number, str(row.state)) for row in db.session.scalars(db.select(HandIn).order_by(HandIn.id))]


def test_a_double_submit_is_one_hand_in_and_what_waits_takes_no_second(task, hers, by):
    first = give(task, hers, by)
    assert give(task, hers, by).id == first.id
    with pytest.raises(hand_ins.HandInWaits):
        give(task, hers, by, nonce="n2")
    assert rows() == [(1, "handed_in")]


def test_two_at_the_same_moment_are_one(app, task, hers, by):
    task_id, hers_id = task.id, hers.id

    def act():
        return hand_ins.hand_in(task_id, hers_id, LINK, nonce="n1", keep_years=3, by=by, at=AT).id

    first, second = overlap(app, act, act)
    assert first == second
    assert rows() == [(1, "handed_in")]


def test_another_cannot_use_her_nonce_nor_hand_in_for_another_cohort(task, hers, by, cohort):
    give(task, hers, by)
    with pytest.raises(Conflict):
        give(task, factories.enrolment(cohort), by)
    for enrolment in (
        factories.enrolment(factories.cohort("OTHER")),
        factories.enrolment(cohort, status=EnrolmentStatus.WITHDRAWN),
        factories.enrolment(cohort, status=EnrolmentStatus.APPLIED),
    ):
        with pytest.raises(NotFound):
            give(task, enrolment, by, nonce="n2")


def test_what_is_missing_is_said_and_nothing_kept(task, hers, by):
    with pytest.raises(hand_ins.HandInLacks) as refused:
        give(task, hers, by, given=Given(words="播了", minutes=40))
    assert refused.value.code == "hand_in_lacks_either"
    assert rows() == []


def test_taken_back_then_again_then_sent_back_then_passed(task, hers, by):
    give(task, hers, by)
    with transaction():
        hand_ins.take_back(task.id, hers.id, by=by, at=AT)
    second = give(task, hers, by, nonce="n2")
    mark(second, "sent_back", "看不到时长", by)
    with pytest.raises(hand_ins.HandInMarked), transaction():
        hand_ins.take_back(task.id, hers.id, by=by, at=AT)
    [own] = list_own_tasks(hers.person_id)
    assert (own.needs_doing, own.remark) == (True, "看不到时长")
    third = give(task, hers, by, nonce="n3")
    mark(third, "passed", "", by)
    assert rows() == [(1, "taken_back"), (2, "sent_back"), (3, "passed")]
    with pytest.raises(hand_ins.TaskPassed):
        give(task, hers, by, nonce="n4")
    with pytest.raises(hand_ins.HandInOvertaken):
        mark(db.session.get(HandIn, second.id), "passed", "算了", by)
    [own] = list_own_tasks(hers.person_id)
    assert (own.state, own.needs_doing) == (STATE.PASSED, False)


def test_again_needs_words_and_a_correction_keeps_the_earlier_ones(task, hers, by):
    row = give(task, hers, by)
    with pytest.raises(hand_ins.RemarkMissing):
        mark(row, "sent_back", "", by)
    row = mark(db.session.get(HandIn, row.id), "sent_back", "看不到时长", by)
    with pytest.raises(hand_ins.RemarkMissing):
        mark(row, "passed", "", by)
    row = mark(db.session.get(HandIn, row.id), "passed", "她又发来了", by)
    assert row.remark == "看不到时长\n她又发来了"
    assert [(one.before, one.after) for one in list_markings(row.id)] == [
        (STATE.HANDED_IN, STATE.SENT_BACK),
        (STATE.SENT_BACK, STATE.PASSED),
    ]
    trail = " ".join(map(str, db.session.scalars(db.select(AuditEvent.details))))
    assert "又发来" not in trail
    codes = db.session.scalars(db.select(Delivery.person_id).where(Delivery.person_id == hers.person_id)).all()
    assert len(codes) == 2


def test_two_who_mark_at_once(app, task, hers, by):
    row = give(task, hers, by)
    row_id, seen = row.id, row.version

    def act(state):
        return lambda: str(hand_ins.mark(row_id, state, "好", seen=seen, by=by, at=AT).state)

    first, second = overlap(app, act(STATE.PASSED), act(STATE.SENT_BACK))
    assert first == "passed"
    assert isinstance(second, Conflict)


def test_the_next_to_be_marked_goes_round(task, cohort, by):
    ids = [factories.hand_in(task, factories.enrolment(cohort)).id for _ in range(3)]
    factories.hand_in(task, factories.enrolment(cohort), "passed")
    assert [next_to_mark(task.id, after=after) for after in (0, ids[0], ids[2])] == [ids[0], ids[1], ids[0]]


def test_a_task_is_set_told_changed_and_dropped(cohort, hers, by):
    with transaction():
        task = tasks.make_task(cohort.id, DRAFT, by=by, at=AT)
    assert db.session.scalar(db.select(Delivery.person_id)) == hers.person_id
    with transaction():
        tasks.change_task(task.id, DRAFT, seen=task.version, by=by, at=AT)  # nothing new
    factories.hand_in(task, hers, "passed")
    [row] = list_tasks(cohort.id)
    assert (row.handed_in, row.to_mark, row.passed, row.again, row.women, row.is_demanded) == (1, 0, 1, 0, 1, False)
    with transaction():
        tasks.drop_task(task.id, seen=task.version, by=by, at=AT)
    assert list_tasks(cohort.id) == list_own_tasks(hers.person_id) == []
    acts = db.session.scalars(db.select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    assert acts == ["course_task.make", "course_task.drop"]


def test_what_the_rule_demands_is_not_dropped(cohort, task, by):
    rule_id = get_rule(cohort.id).id
    with transaction() as session:
        session.add(RuleRequirement(rule_id=rule_id, course_task_id=task.id))
    assert list_tasks(cohort.id)[0].is_demanded
    with pytest.raises(tasks.TaskDemanded), transaction():
        tasks.drop_task(task.id, seen=task.version, by=by, at=AT)
    with pytest.raises(Conflict), transaction():
        tasks.drop_task(task.id, seen=task.version + 1, by=by, at=AT)
    assert db.session.get(CourseTask, task.id).dropped_at is None


def test_a_picture_is_hers_and_goes_by_retention_or_erasure(cohort, task, by):
    women = [factories.enrolment(cohort) for _ in range(2)]
    pictured = Given(picture=factories.picture("JPEG"), minutes=40)
    for woman in women:
        give(task, woman, by, nonce=f"p{woman.id}", given=pictured)
    kept = db.session.scalars(db.select(StoredFile).order_by(StoredFile.id)).all()
    assert [one.person_id for one in kept] == [woman.person_id for woman in women]
    assert kept[0].expires_at > AT + timedelta(days=3 * 365)
    assert len(list(storage.names())) == 2
    with transaction():
        erase_person(women[0].person_id, why="request", by=by, at=AT + timedelta(days=60))
    assert db.session.scalars(db.select(StoredFile.person_id)).all() == [women[1].person_id]
    with transaction():
        gone = retention.purge(Kept.LESSON_PICTURES, before=AT + timedelta(days=1), at=AT + timedelta(days=1100))
    assert gone.count == 1
    assert db.session.scalars(db.select(HandIn.file_id)).all() == [None, None]
