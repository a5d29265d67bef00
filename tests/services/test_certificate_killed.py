"""A process killed in the middle of a thousand certificates: no number is left out, and none given twice."""

import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, update

from tests import factories
from tests.conftest import KEYS
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.background_task import TaskKind, TaskState
from trainer.domain.enrolment import EnrolmentStatus, StatusCause
from trainer.jobs import worker
from trainer.models import BackgroundTask, Certificate, CertificateSeries, Delivery, Enrolment, EnrolmentEvent, Person
from trainer.services.background_task import ask_for_task

pytestmark = pytest.mark.postgresql

WOMEN = 1000


def complete(cohort, count: int) -> None:
    """So many women who have completed by the rule, in three statements."""
    like = {"sex": "F", "region_code": factories.YUNZHOU, "created_at": factories.AT, "updated_at": factories.AT}
    names = {"name": "王秀芳", "name_pinyin": "wangxiufang", "name_initials": "wxf"}
    status = {"status": EnrolmentStatus.COMPLETED}
    with transaction() as session:
        session.execute(insert(Person), [{**like, **names} for _ in range(count)])
        people = session.scalars(select(Person.id).order_by(Person.id)).all()
        place = {"cohort_id": cohort.id, "joined_on": cohort.starts_on, **status}
        rows = [{**place, "person_id": one, "seat_number": seat} for seat, one in enumerate(people, 1)]
        session.execute(insert(Enrolment), rows)
        step = {**status, "cause": StatusCause.COMPLETION, "at": factories.AT}
        enrolments = session.scalars(select(Enrolment.id)).all()
        session.execute(insert(EnrolmentEvent), [{**step, "enrolment_id": one} for one in enrolments])


def test_no_gap_and_no_double(app, cohort, databases, tmp_path):
    complete(cohort, WOMEN)
    manager = factories.actor(factories.Role.MANAGER, region=factories.DATONG)
    with transaction():
        params = {"cohort_id": cohort.id, "left_out": []}
        task_id = ask_for_task(TaskKind.CERTIFICATES, str(cohort.id), params, by=manager, at=clock.now())
    db.session.remove()
    child = subprocess.run(
        [sys.executable, "-m", "tests.services.dying_issue", databases.uri, KEYS, str(tmp_path), "4"],
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()[-2000:]
    # The fourth hundred was being written: it is gone as a whole, and its numbers are free.
    assert db.session.scalar(select(func.count()).select_from(Certificate)) == 300
    assert db.session.scalar(select(CertificateSeries.last_serial)) == 300
    with transaction() as session:
        session.execute(update(BackgroundTask).values(heartbeat_at=clock.now() - timedelta(minutes=5)))
    assert worker.run_next(app)
    db.session.rollback()
    assert db.session.get(BackgroundTask, task_id).state is TaskState.DONE
    rows = db.session.execute(select(Certificate.serial, Certificate.enrolment_id).order_by(Certificate.serial)).all()
    assert [serial for serial, _enrolment in rows] == list(range(1, WOMEN + 1))
    assert len({enrolment for _serial, enrolment in rows}) == WOMEN
    told = select(func.count()).select_from(Delivery).where(Delivery.person_id.is_not(None))
    assert db.session.scalar(told) == WOMEN
