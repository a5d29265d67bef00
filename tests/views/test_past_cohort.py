"""Past classes as pages: from the file to the list of each class, and who may."""

import io

import pytest

from tests import factories
from tests.factories import DATONG, LINFEN
from tests.rosters import roster_file
from tests.services.test_past_cohort import HEADINGS, ROWS
from trainer.database import db
from trainer.domain.actors import Role
from trainer.models import Cohort, ImportBatch


@pytest.fixture
def programme(app):
    return factories.programme(region=DATONG)


@pytest.fixture
def manager(signed_in):
    return signed_in(factories.account(Role.MANAGER, region=DATONG))


def send(client, programme, rows=ROWS, headings=HEADINGS):
    file = (io.BytesIO(roster_file(*rows, headings=("序号", *headings))), "历年.xlsx")
    data = {"file": file, "region_code": DATONG, "track": "foundation", "idempotency_key": "k" * 20}
    return client.post(f"/programmes/{programme.id}/past", data=data, content_type="multipart/form-data")


def test_from_the_file_to_the_lists_and_back(programme, manager):
    assert "接收历史培训班" in manager.get(f"/programmes/{programme.id}/past").text
    address = send(manager, programme).headers["Location"]
    page = manager.get(address).text
    assert "将建立 2 个班" in page
    assert "2023年第一期" in page
    assert manager.post(f"{address}/confirm").status_code == 303
    assert db.session.scalar(db.select(db.func.count(Cohort.id)).where(Cohort.is_taken_over)) == 2
    page = manager.get(address).text
    assert page.count(">确认名单</a>") == 2
    assert manager.post(f"{address}/undo").status_code == 303
    assert "已经没有" in manager.get(address).text
    assert db.session.scalar(db.select(db.func.count(Cohort.id))) == 0


def test_a_file_that_lacks_something_cannot_be_confirmed(programme, manager):
    address = send(manager, programme, [("王秀芳", "14000000011")], ("姓名", "联系电话")).headers["Location"]
    page = manager.get(address).text
    assert "没有写明这个班叫什么" in page
    assert f"{address}/confirm" not in page
    assert manager.post(f"{address}/confirm").status_code == 422
    assert manager.post(f"{address}/discard").status_code == 303


def test_a_file_that_is_no_list_says_why(programme, manager):
    answer = manager.post(
        f"/programmes/{programme.id}/past",
        data={"file": (io.BytesIO(b"no table"), "x.xlsx"), "region_code": DATONG, "track": "foundation"},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    assert db.session.scalar(db.select(db.func.count(ImportBatch.id))) == 0


def test_another_area_is_out_of_reach(programme, manager, signed_in):
    other = signed_in(factories.account(Role.MANAGER, region=LINFEN))
    assert other.get(f"/programmes/{programme.id}/past").status_code == 404
    assert other.get(send(manager, programme).headers["Location"]).status_code == 404


@pytest.mark.parametrize("classes", [1, 3])
def test_statements_do_not_grow_with_the_classes(programme, manager, count_statements, classes):
    rows = [(f"第{n}期", "2023.3.8", f"王{n}花", "", f"1400000001{n}", "", "", "", "", "") for n in range(classes)]
    address = send(manager, programme, rows).headers["Location"]
    with count_statements() as before:
        manager.get(address)
    manager.post(f"{address}/confirm")
    with count_statements() as after:
        manager.get(address)
    assert (len(before), len(after)) == (7, 6)
