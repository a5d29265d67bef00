"""Certificates for staff and for whoever holds one: issuing and printing a cohort's, one with its history, her picture."""

import io
import re

import openpyxl
import pytest
from sqlalchemy import select

from tests import factories
from tests.services.test_certificate import all_of_them, completed, issue
from trainer.database import db, transaction
from trainer.domain.background_task import TaskState
from trainer.jobs import worker
from trainer.models import AuditEvent, BackgroundTask, Person, StoredFile
from trainer.services.file import read_file

Role = factories.Role
UNKNOWN = "王\U0003106c芳"  # a character that no font of ours has


@pytest.fixture
def boss(cohort):
    return factories.account(Role.MANAGER, region=factories.DATONG)


@pytest.fixture
def manager(signed_in, boss):
    return signed_in(boss)


def run(app) -> BackgroundTask:
    assert worker.run_next(app)
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(BackgroundTask).order_by(BackgroundTask.id.desc())).first()


def test_from_the_page_to_the_numbers(app, cohort, manager):
    completed(cohort, "王秀芳")
    completed(cohort, UNKNOWN)
    factories.enrolment(cohort, factories.person("钱玉梅"))
    page = manager.get(f"/cohorts/{cohort.id}/certificates").text
    assert "应发未发 2" in page
    assert "没有字体里没有的字" not in page
    assert re.search(rf"{UNKNOWN}</a>.*\U0003106c", page)
    assert "没有发证单位" in page
    answer = manager.post(f"/cohorts/{cohort.id}/certificates", data={"leave_out": "y"})
    assert answer.location.startswith("/tasks/")
    assert run(app).outcome == "certificates_issued"
    assert [one.name for one in all_of_them()] == ["王秀芳"]
    manager.post(f"/cohorts/{cohort.id}/certificates", data={"csrf_token": ""})  # with her too
    run(app)
    assert [(one.name, one.serial) for one in all_of_them()] == [("王秀芳", 1), (UNKNOWN, 2)]
    assert "查看证书" in manager.get(answer.location).text


def test_what_cannot_be_printed_is_left_out_by_name_of_its_number(app, cohort, boss, manager):
    women = [completed(cohort, name) for name in ("王秀芳", UNKNOWN, "李桂花")]
    issue(*women, by=factories.actor_of(boss))
    ids = [one.id for one in all_of_them()]
    assert manager.post(f"/cohorts/{cohort.id}/certificates/sheets").location == f"/cohorts/{cohort.id}/certificates"
    manager.post(f"/cohorts/{cohort.id}/certificates/sheets", data={"certificate": ids[:2]})
    task = run(app)
    assert read_file(db.session.get(StoredFile, task.file_id)).count(b"/Type /Page\n") == 2  # hers, and the office's
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "certificate.print")).one()
    assert event.details["certificates"] == ids[:1]
    manager.post(f"/cohorts/{cohort.id}/certificates/sheets", data={"which": "all"})
    assert (run(app).state, run_file_name()) == (TaskState.DONE, "结业证书_2份")
    for kind in ("paper", "picture"):
        assert manager.get(f"/certificates/{ids[0]}/{kind}").status_code == 200
        refused = manager.get(f"/certificates/{ids[1]}/{kind}")
        assert refused.status_code == 422
        assert "U+3106C" in refused.text


def run_file_name() -> str:
    name = db.session.scalars(select(StoredFile.file_name).order_by(StoredFile.id.desc())).first()
    return name.rsplit("_", 1)[0]


def test_whoever_issues_elsewhere_issues_nothing_here(app, cohort, signed_in):
    completed(cohort)
    foreign = signed_in(factories.account(Role.MANAGER, region=factories.LINFEN))
    assert foreign.post(f"/cohorts/{cohort.id}/certificates").status_code == 404
    staff = signed_in(factories.account(Role.COHORT_STAFF, region=factories.DATONG))
    assert "发放 1 份证书" not in staff.get(f"/cohorts/{cohort.id}/certificates").text
    assert staff.post(f"/cohorts/{cohort.id}/certificates").status_code == 404


def test_replacing_takes_a_reason_and_shows_both(cohort, boss, manager):
    woman = completed(cohort)
    issue(woman, by=factories.actor_of(boss))
    old = all_of_them()[0]
    with transaction() as session:
        session.get(Person, woman.person_id).name = "王秀芬"
    assert "她现在登记的姓名是王秀芬" in manager.get(f"/certificates/{old.id}").text
    assert manager.post(f"/certificates/{old.id}/replace", data={"version": 1}).status_code == 422
    answer = manager.post(f"/certificates/{old.id}/replace", data={"version": 9, "reason": "错字"})
    assert answer.status_code == 409
    assert "错字" in answer.text
    answer = manager.post(f"/certificates/{old.id}/replace", data={"version": 1, "reason": "错字"})
    new = all_of_them()[1]
    assert answer.location == f"/certificates/{new.id}"
    page = manager.get(f"/certificates/{old.id}").text
    assert new.number in page
    assert "错字" in page
    assert manager.get(f"/certificates/{old.id}/paper").status_code == 404
    again = manager.post(f"/certificates/{old.id}/revoke", data={"version": old.version, "reason": "x"})
    assert (again.status_code, "已换发或撤销" in again.text) == (422, True)


def test_revoked_and_issued_anew(cohort, boss, manager):
    issue(completed(cohort), by=factories.actor_of(boss))
    first = all_of_them()[0]
    manager.post(f"/certificates/{first.id}/revoke", data={"version": 1, "reason": "代签"})
    assert "重新发证" in manager.get(f"/certificates/{first.id}").text
    manager.post(f"/certificates/{first.id}/anew", data={"version": 2})
    assert [one.state for one in all_of_them()] == ["revoked", "valid"]


def test_the_lists_take_the_same_statements_for_one_and_for_three(cohort, boss, manager, count_statements):
    by, counted = factories.actor_of(boss), []
    for women in (1, 2):
        issue(*(completed(cohort) for _ in range(women)), by=by)
        for _ in range(women):
            completed(cohort)
        for path in (f"/cohorts/{cohort.id}/certificates", "/certificates", f"/certificates/{all_of_them()[0].id}"):
            with count_statements() as seen:
                assert manager.get(path).status_code == 200
            counted.append(len(seen))
    assert counted[:3] == counted[3:] == [9, 3, 3]


def test_search_by_number_and_name_within_reach(cohort, boss, manager, signed_in):
    women = [completed(cohort, name) for name in ("王秀芳", "李桂花")]
    issue(*women, by=factories.actor_of(boss))
    first, second = (one.number for one in all_of_them())

    def hits(client, words):
        return re.findall(r"JY2026-\d{6}-\d(?=</a>)", client.get("/certificates", query_string={"q": words}).text)

    assert hits(manager, "李桂") == [second]
    assert hits(manager, first.lower().replace("-", " ")) == [first]
    assert hits(manager, "000002") == [second]
    foreign = signed_in(factories.account(Role.MANAGER, region=factories.LINFEN))
    assert hits(foreign, "") == []


def test_the_register_holds_every_number(cohort, boss, manager):
    issue(*(completed(cohort, name) for name in ("王秀芳", "李桂花")), by=factories.actor_of(boss))
    answer = manager.get(f"/cohorts/{cohort.id}/certificates/register")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows(min_row=3, values_only=True))
    assert [row[2] for row in rows] == ["姓名", "王秀芳", "李桂花"]
    assert rows[1][1].startswith("JY2026-000001")
    assert db.session.scalars(select(AuditEvent).where(AuditEvent.action == "certificate.export")).one()


# --- hers ----------------------------------------------------------------------------------------------------------


def test_her_certificates_and_the_picture(cohort, boss, signed_in):
    woman, other = completed(cohort), completed(cohort, UNKNOWN)
    issue(woman, other, by=factories.actor_of(boss))
    hers, not_hers = all_of_them()
    her = factories.account(Role.TRAINEE, person=db.session.get(Person, woman.person_id))
    phone = signed_in(her)
    assert hers.number in phone.get("/me/certificates").text
    page = phone.get(f"/me/certificates/{hers.id}")
    assert "长按图片" in page.text
    assert f'src="/me/certificates/{hers.id}.png"' in page.text
    assert len(page.data) < 8000
    picture = phone.get(f"/me/certificates/{hers.id}.png")
    assert (picture.mimetype, picture.data[:4]) == ("image/png", b"\x89PNG")
    for path in (f"/me/certificates/{not_hers.id}", f"/me/certificates/{not_hers.id}.png"):
        assert phone.get(path).status_code == 404
    unlucky = signed_in(factories.account(Role.TRAINEE, person=db.session.get(Person, other.person_id)))
    page = unlucky.get(f"/me/certificates/{not_hers.id}").text
    assert ("<img" in page, "请向班主任领取纸质证书" in page) == (False, True)


def test_before_the_first_the_page_says_so(cohort, signed_in):
    _enrolment, account = factories.trainee(cohort)
    assert "您还没有证书" in signed_in(account).get("/me/certificates").text
