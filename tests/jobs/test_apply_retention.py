"""What is kept long enough goes at night: each rule with a stopped clock, what is held stays, twice is once."""

import os
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests import factories, selections
from tests.lives import HERS, closed_selection, live, product
from trainer import storage
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.domain.background_task import TaskKind
from trainer.domain.consent import ConsentScope
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.file import FilePurpose
from trainer.domain.imports import BatchState
from trainer.domain.jobs import tell
from trainer.domain.people import ERASED_NAME
from trainer.domain.retention import RULES, Kept
from trainer.jobs import apply_retention
from trainer.models import (
    AccessToken,
    ApplicationFile,
    AuditEvent,
    BackgroundTask,
    Consent,
    DataRequest,
    Delivery,
    Device,
    IdempotencyKey,
    ImportBatch,
    ImportRow,
    JobRun,
    Message,
    OrderLine,
    Person,
    SignInSession,
    SignUp,
    StoredFile,
    VisitPicture,
    WalkIn,
)
from trainer.services import file as files
from trainer.services import message, retention, roster_undo

pytestmark = pytest.mark.sqlite_is_enough

NOTHING = tell("job_nothing_to_do", {})
NOW = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)


@pytest.fixture
def run(app):
    """Run the job `days` after NOW."""

    def go(days: float) -> str:
        with time_machine.travel(NOW + timedelta(days=days), tick=False):
            return apply_retention.run(app.config)

    return go


def count(model) -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(model))


def add(*rows) -> None:
    with transaction() as session:
        session.add_all(rows)


def goes_between(run, model, last_day: float, first_day: float) -> None:
    """Still there on `last_day`, gone on `first_day`, and a second run has nothing to do."""
    before = count(model)
    run(last_day)
    assert count(model) == before
    assert run(first_day) != NOTHING
    assert count(model) < before
    assert run(first_day) == NOTHING


def test_every_rule_is_carried_out_by_something():
    assert {rule.kept for rule in RULES} == set(Kept) == set(retention.PURGES)


def signed_in_until(end) -> None:
    """Somebody, in a browser of hers."""
    account = factories.account(Role.MANAGER)
    with transaction() as session:
        device = Device(token_hash="d" * 64, created_at=NOW, last_seen_at=NOW)
        session.add(device)
        session.flush()
        facts = {"account_id": account.id, "created_at": NOW, "last_seen_at": NOW, "device_id": device.id}
        session.add(SignInSession(token_hash="a" * 64, expires_at=end, **facts))


def test_ended_sign_ins_and_the_devices_behind_them(run):
    signed_in_until(NOW + timedelta(hours=12))
    goes_between(run, SignInSession, 400, 401)
    assert count(Device) == 0


def test_a_device_that_somebody_is_signed_in_on_stays(run):
    signed_in_until(NOW + timedelta(days=9999))
    run(500)
    assert (count(Device), count(SignInSession)) == (1, 1)


def test_used_and_expired_ways_in(run):
    facts = {"kind": "invitation", "issued_at": NOW}
    add(
        AccessToken(token_hash="a" * 64, expires_at=NOW, **facts),
        AccessToken(token_hash="b" * 64, expires_at=NOW + timedelta(days=9999), used_at=NOW, **facts),
        AccessToken(token_hash="c" * 64, expires_at=NOW + timedelta(days=9999), **facts),
    )
    goes_between(run, AccessToken, 400, 401)
    assert count(AccessToken) == 1


def test_keys_against_double_clicks(run):
    add(IdempotencyKey(key="k", action="thing.create", created_at=NOW))
    goes_between(run, IdempotencyKey, 30, 31)


def test_rows_of_a_list_go_and_it_can_no_longer_be_undone(run):
    made = closed_selection()
    live(HERS, made, 0)
    run(180)
    assert count(ImportRow) == 3
    run(181)
    assert count(ImportRow) == 1  # what her shop sold is evidence
    roster_batch = db.session.scalar(db.select(ImportBatch).where(ImportBatch.cohort_id.is_not(None)))
    assert roster_batch.state is BatchState.COMMITTED
    with pytest.raises(roster_undo.RowsGone), transaction():
        roster_undo.undo(roster_batch.id, by=SYSTEM, at=NOW)
    assert count(OrderLine) == 1


def test_a_preview_nobody_confirmed_is_discarded(run):
    made = closed_selection()
    live(HERS, made, 0)
    with transaction() as session:
        session.execute(db.update(ImportBatch).values(state=BatchState.PREVIEWED))
    run(181)
    db.session.expire_all()
    assert set(db.session.scalars(db.select(ImportBatch.state))) == {BatchState.DISCARDED}
    assert count(ImportRow) == 0


def test_products_of_background_work_and_later_the_work_itself(run):
    product(TaskKind.LETTER, "内容", SYSTEM)
    with transaction() as session:
        session.execute(db.update(BackgroundTask).values(finished_at=NOW))
        session.execute(db.update(StoredFile).values(expires_at=NOW + timedelta(days=7)))
    name = db.session.scalar(db.select(StoredFile.stored_as))
    goes_between(run, StoredFile, 7, 7.1)
    assert name not in set(storage.names())
    goes_between(run, BackgroundTask, 90, 91)


def test_messages_with_their_deliveries(run):
    her = factories.person()
    with transaction():
        message.notify("request_answered", to_people=[her.id], by=SYSTEM, at=NOW)
    goes_between(run, Message, 400, 401)
    assert count(Delivery) == 0


def test_runs_of_jobs(run):
    add(JobRun(job="x", period="p", state="done", started_at=NOW, finished_at=NOW))
    goes_between(run, JobRun, 90, 91)


def test_what_was_said_in_a_request_goes_and_the_answer_that_it_was_done_stays(run):
    her = factories.person()
    said = {"words": "换了号码", "wished": '{"phone": "1"}', "answer": "已改"}
    factories.data_request(her.id, "correct", state="done", handled_at=NOW, **said)
    run(3 * 366)
    assert db.session.scalar(db.select(DataRequest.words)) == "换了号码"
    run(3 * 366 + 1)
    made = db.session.scalar(db.select(DataRequest).execution_options(populate_existing=True))
    assert (made.words, made.wished, made.answer, made.state) == (None, None, "", "done")


def test_a_paper_goes_long_after_the_consent_it_proves_ended(run):
    her = factories.person()
    with transaction() as session:
        facts = {"purpose": FilePurpose.CONSENT_SCAN, "by": SYSTEM, "at": NOW, "person_id": her.id}
        ended, held = (files.keep_file(b"x", "a.jpg", "image/jpeg", **facts) for _ in range(2))
        given = {"person_id": her.id, "notice_version": "2026-11", "channel": "paper", "given_at": NOW}
        session.add(Consent(scope=ConsentScope.PICTURES, evidence_id=ended.id, withdrawn_at=NOW, **given))
        session.add(Consent(scope=ConsentScope.BASIC, evidence_id=held.id, **given))
    goes_between(run, StoredFile, 3 * 366, 3 * 366 + 1)
    assert count(StoredFile) == 1
    assert count(Consent) == 2


def test_pictures_of_visits_and_applications_go_and_the_rows_stay(run):
    made = selections.ready(women=1)
    selections.visited(made)
    selections.attachment(made, 0)
    goes_between(run, StoredFile, 3 * 366, 3 * 366 + 1)
    assert count(StoredFile) == 0
    assert db.session.scalars(db.select(VisitPicture.file_id)).all() == [None]
    assert db.session.scalars(db.select(ApplicationFile.file_id)).all() == [None]


def test_people_become_anonymous_ten_years_after_their_last_course(run):
    cohort = factories.cohort()
    enrolment = factories.enrolment(cohort, status=EnrolmentStatus.COMPLETED)
    later = factories.enrolment(factories.cohort(ends_on=NOW.date() + timedelta(days=900)))
    never = factories.person("从未参训", updated_at=NOW)
    run(10 * 366)
    assert db.session.get(Person, enrolment.person_id).erased_at is None
    run(10 * 366 + 5)
    db.session.expire_all()
    names = {id_: db.session.get(Person, id_).name for id_ in (enrolment.person_id, never.id, later.person_id)}
    assert names == {enrolment.person_id: ERASED_NAME, never.id: ERASED_NAME, later.person_id: "王秀芳"}
    assert run(10 * 366 + 5) == NOTHING


def test_who_asks_for_something_or_is_a_candidate_is_held(run):
    asking = factories.enrolment(factories.cohort()).person_id
    factories.data_request(asking, "correct")
    made = closed_selection()
    with transaction() as session:
        session.execute(db.text("UPDATE rounds SET state = 'open'"))
    run(11 * 366)
    people = (asking, *(enrolment.person_id for enrolment in made.enrolments))
    assert [db.session.get(Person, id_).erased_at for id_ in people] == [None] * 3


def test_files_that_no_row_speaks_of(run):
    name = storage.put(b"left behind")
    os.utime(storage.folder() / name[:2] / name, (NOW.timestamp(), NOW.timestamp()))
    run(1)
    assert name in set(storage.names())
    assert run(1.1) == tell("job_let_go", {"counts": {"loose_files": 1}})
    assert name not in set(storage.names())


def test_a_missing_paper_is_no_rubbish(run):
    her = factories.person()
    with transaction():
        facts = {"purpose": FilePurpose.CONSENT_SCAN, "by": SYSTEM, "at": NOW, "person_id": her.id}
        kept = files.keep_file(b"x", "a.jpg", "image/jpeg", **facts)
    storage.delete(kept.stored_as)
    with pytest.raises(apply_retention.SomeFailed, match="1 files are missing"):
        run(1)
    assert count(StoredFile) == 1


def test_one_failing_rule_does_not_stop_the_others(run, monkeypatch):
    add(IdempotencyKey(key="k", action="thing.create", created_at=NOW))

    def broken(_before, _at):
        raise RuntimeError

    monkeypatch.setitem(retention.PURGES, Kept.SIGN_INS, broken)
    with pytest.raises(apply_retention.SomeFailed, match="sign_ins: RuntimeError"):
        run(31)
    assert count(IdempotencyKey) == 0


def test_more_than_a_portion_goes_in_one_night(run, monkeypatch):
    monkeypatch.setattr(retention, "MOST", 2)
    add(*(IdempotencyKey(key=f"k{n}", action="thing.create", created_at=NOW) for n in range(5)))
    assert run(31) == tell("job_let_go", {"counts": {"double_clicks": 5}})
    event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "retention.apply"))
    assert event.details == {"counts": {"double_clicks": 5}}


def test_a_photograph_of_a_sheet_from_which_nothing_was_read(run):
    cohort = factories.cohort()
    _sheet, kept = factories.paper_sheet(factories.lesson(cohort), [factories.enrolment(cohort)])
    loose = factories.sheet_photo()
    with transaction():
        db.session.execute(db.update(StoredFile).values(created_at=NOW))
    run(1)
    assert count(StoredFile) == 2
    assert run(1.1) == tell("job_let_go", {"counts": {"loose_files": 1}})
    assert set(db.session.scalars(db.select(StoredFile.id))) == {kept} != {loose}
    assert len(set(storage.names())) == 1


def test_sign_ups_that_nobody_came_of_go_after_a_year(run):
    cohort = factories.cohort(ends_on=NOW.date() + timedelta(days=100))
    ends = {"settled_at": NOW + timedelta(days=1)}
    out, back = (factories.sign_up(cohort, state=state, at=NOW, **ends) for state in ("struck_out", "taken_back"))
    unanswered = factories.sign_up(cohort, at=NOW)
    hers = factories.sign_up(cohort, state="settled", at=NOW, enrolment_id=factories.enrolment(cohort).id)
    left = db.select(SignUp.id).order_by(SignUp.id)
    for days, stays in ((366, [out, back, unanswered, hers]), (368, [unanswered, hers]), (466, [unanswered, hers])):
        run(days)
        db.session.rollback()
        assert db.session.scalars(left).all() == stays
    assert run(467) != NOTHING
    db.session.rollback()
    assert db.session.scalars(left).all() == [hers]


def test_walk_ins_nobody_matched_lose_name_and_phone(run):
    cohort = factories.cohort(ends_on=NOW.date() + timedelta(days=3000))
    lesson, woman = factories.lesson(cohort), factories.enrolment(cohort)
    left = factories.walk_in(lesson, phone="14000001234", at=NOW).id
    hers = factories.walk_in(lesson, phone="14000001235", at=NOW, enrolment_id=woman.id).id
    names = db.select(WalkIn.id, WalkIn.name, WalkIn.phone)
    run(366)
    assert {name for _id, name, _phone in db.session.execute(names)} == {"冯秀珍"}
    run(367)
    db.session.rollback()
    assert set(db.session.execute(names).all()) == {(left, "已删除", None), (hers, "冯秀珍", "14000001235")}
    run(368)
