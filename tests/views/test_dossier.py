"""A cohort's papers as pages: what goes in, the two lists, and the register in full with a reason."""

import pytest

from tests import factories
from tests.factories import AT, DATONG
from tests.rosters import cells
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.background_task import TaskKind, TaskState
from trainer.domain.disclosure import DisclosureReason
from trainer.domain.enrolment import EnrolmentStatus
from trainer.jobs import worker
from trainer.models import Assessment, AssessmentScore, AuditEvent, BackgroundTask, Certificate, Disclosure, StoredFile
from trainer.services.file import read_file

PHONE, ID = "14000001234", "140299199311028401"


@pytest.fixture
def cohort(app):
    cohort = factories.cohort(region=DATONG)
    for name, phone, number in (("马桂花", PHONE, ID), ("王秀芳", "14000005678", None)):
        person = factories.person(name, phone=phone, id_number=number, village="小西沟村")
        factories.enrolment(cohort, person, status=EnrolmentStatus.COMPLETED)
    return cohort


def test_the_dossier_is_asked_for_once(cohort, staff):
    page = staff.get(f"/cohorts/{cohort.id}/papers")
    assert "（2 人）" in page.text or "(2 人)" in page.text
    for _twice in range(2):
        answer = staff.post(f"/cohorts/{cohort.id}/papers", data={"parts": ["plan", "register"]})
        assert answer.status_code == 303
    task = db.session.scalar(db.select(BackgroundTask).where(BackgroundTask.kind == TaskKind.DOSSIER))
    assert task.params == {"cohort_id": cohort.id, "parts": ["plan", "register"]}


def test_nothing_ticked_is_told(cohort, staff):
    answer = staff.post(f"/cohorts/{cohort.id}/papers", data={"csrf_token": "x"})
    assert answer.status_code == 422
    assert "请至少勾选一项" in answer.text


def test_the_register_is_masked_and_written_down(cohort, staff):
    rows = cells(staff.get(f"/cohorts/{cohort.id}/register.xlsx").data)
    assert rows[2][:3] == ("座号", "姓名", "性别")
    assert rows[3][1] == "马桂花"
    assert "140****1234" in rows[3]
    assert PHONE not in str(rows)
    assert ID not in str(rows)
    assert db.session.scalar(db.select(AuditEvent.details).where(AuditEvent.action == "cohort.export_list")) == {
        "list": "register",
        "rows": 2,
    }


def test_without_id_numbers_there_is_no_column_for_them(cohort, staff):
    with transaction():
        db.session.get(type(cohort), cohort.id).collects_id_numbers = False
    assert "身份证号" not in cells(staff.get(f"/cohorts/{cohort.id}/register.xlsx").data)[2]


def test_completions_show_scores_and_certificates(cohort, staff):
    with transaction() as session:
        exam = Assessment(cohort_id=cohort.id, name="理论", kind="theory", max_score=10000, held_on=AT.date())
        exam.created_at = AT
        session.add(exam)
        session.flush()
        woman = {"enrolment_id": 1, "at": AT}
        session.add_all([AssessmentScore(assessment_id=exam.id, score=s, **woman) for s in (5000, 8850)])
        paper = Certificate(number="JY-1", enrolment_id=1, state="valid", name="马桂花", content="{}", issued_at=AT)
        paper.issued_on = AT.date()
        session.add(paper)
    heading, *rows = cells(staff.get(f"/cohorts/{cohort.id}/completions.xlsx").data)[2:]
    first = dict(zip(heading, rows[0], strict=True))
    assert (first["姓名"], first["理论"], first["证书编号"]) == ("马桂花", 88.5, "JY-1")
    assert first["状态"] == "结业"


def test_in_full_with_a_reason_as_the_register_of_the_class(app, cohort, signed_in):
    manager = signed_in(factories.account(Role.MANAGER, region=DATONG))
    other = factories.person("刘别班", phone="14000009876")
    page = manager.get(f"/people/export/full?cohort={cohort.id}")
    assert "2 人" in page.text
    data = {"fields": ["phone"], "reason": DisclosureReason.PAYMENT, "recipient": "云州区财政局", "people": "2"}
    data["idempotency_key"] = "k" * 20
    assert manager.post(f"/people/export/full?cohort={cohort.id}", data=data).status_code == 303
    assert worker.run_next(app)
    task = db.session.scalar(db.select(BackgroundTask))
    assert task.state is TaskState.DONE
    rows = cells(read_file(db.session.get(StoredFile, task.file_id)))
    assert "云州区财政局" in rows[2][0]
    assert PHONE in rows[4]
    assert ID not in str(rows)
    assert other.name not in str(rows)
    assert db.session.scalar(db.select(Disclosure.recipient)) == "云州区财政局"


def test_the_page_costs_a_fixed_number_of_statements(cohort, staff, count_statements):
    with count_statements() as few:
        staff.get(f"/cohorts/{cohort.id}/papers")
    for number in range(3):
        factories.lesson(cohort)
        factories.enrolment(cohort, factories.person(f"王{number}"))
    with count_statements() as many:
        staff.get(f"/cohorts/{cohort.id}/papers")
    assert len(few) == len(many) == 4
