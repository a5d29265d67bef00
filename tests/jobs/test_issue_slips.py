"""Slips for a whole cohort: who gets one, what the file holds, and what a killed run leaves behind."""

import re
from datetime import timedelta

import pytest

from tests import factories
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import TokenKind
from trainer.domain.background_task import TaskKind, TaskState
from trainer.jobs import issue_slips, worker
from trainer.models import AccessToken, BackgroundTask, StoredFile
from trainer.queries.device import get_open_slip
from trainer.services import trainee_access
from trainer.services.background_task import ask_for_task
from trainer.services.file import read_file

pytestmark = pytest.mark.sqlite_is_enough

Role = factories.Role


@pytest.fixture
def staff(cohort):
    return factories.actor(Role.COHORT_STAFF, cohort=cohort)


def make(app, by, cohort, *, only_without_phone=False):
    params = {"cohort_id": cohort.id, "only_without_phone": only_without_phone}
    with transaction():
        task_id = ask_for_task(TaskKind.SLIPS, "x", params, by=by, at=clock.now())
    assert worker.run_next(app)
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(BackgroundTask, task_id)


def page(task) -> str:
    return read_file(db.session.get(StoredFile, task.file_id)).decode()


def open_slips() -> int:
    open_ones = AccessToken.used_at.is_(None), AccessToken.kind == TokenKind.SLIP
    return db.session.scalar(db.select(db.func.count()).select_from(AccessToken).where(*open_ones))


def test_everybody_on_the_roll_gets_one_in_the_order_of_the_seats(app, cohort, staff, monkeypatch):
    seen = []
    monkeypatch.setattr(issue_slips, "slip_url", lambda base, token: seen.append(token) or f"{base}/slip/{token}")
    names = ("王秀芳", "李桂花", "张晓红")
    women = [factories.enrolment(cohort, factories.person(name)) for name in names]
    factories.enrolment(cohort, factories.person("赵巧云"), status=factories.EnrolmentStatus.WITHDRAWN)
    factories.enrolment(factories.cohort(), factories.person("钱玉梅"))
    task = make(app, staff, cohort)
    assert (task.state, task.done, task.total) == (TaskState.DONE, 3, 3)
    text = page(task)
    assert re.findall(r'slip-name">(\w+)<', text) == list(names)
    assert text.count("<svg") == 3
    assert "大西沟村" in text
    assert [get_open_slip(token, at=clock.now())[1].id for token in seen] == [woman.person_id for woman in women]
    # Nothing is fetched from anywhere: the file prints without a network.
    assert not re.search(r"(src|href)=|url\(|@import|<script", text)


def test_whoever_is_signed_in_on_a_phone_can_be_left_out(app, cohort, staff):
    _enrolment, signed_in = factories.trainee(cohort, name="王秀芳")
    factories.session_token(signed_in)
    factories.trainee(cohort, name="李桂花")
    text = page(make(app, staff, cohort, only_without_phone=True))
    assert re.findall(r'slip-name">(\w+)<', text) == ["李桂花"]


def test_a_woman_without_numbers_is_named_for_the_teacher(app, cohort, staff):
    factories.enrolment(cohort, factories.person("王秀芳", phone_index=None))
    task = make(app, staff, cohort)
    assert task.state is TaskState.DONE
    assert "<li>王秀芳</li>" in page(task)
    assert open_slips() == 0


def test_made_again_the_slips_of_before_end(app, cohort, staff):
    factories.enrolment(cohort)
    factories.enrolment(cohort)
    make(app, staff, cohort)
    make(app, staff, cohort)
    assert open_slips() == 2


def test_names_are_text_in_the_file(app, cohort, staff):
    factories.enrolment(cohort, factories.person("<script>alert(1)</script>"))
    text = page(make(app, staff, cohort))
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_another_areas_staff_get_no_slips(app, cohort):
    factories.enrolment(cohort, factories.person(region=factories.YUNZHOU))
    task = make(app, factories.actor(Role.COHORT_STAFF, region=factories.LINFEN), cohort)
    assert open_slips() == 0
    assert (task.state, task.outcome, task.file_id) == (TaskState.DONE, "slips_for_nobody", None)


def test_a_slip_ends_after_seven_days(app, cohort, staff):
    woman = factories.person()
    with transaction():
        token = trainee_access.issue_slip_for(db.session.merge(woman), by=staff, at=factories.AT)
    assert get_open_slip(token, at=factories.AT + timedelta(days=7) - timedelta(seconds=1))
    assert get_open_slip(token, at=factories.AT + timedelta(days=7)) is None
