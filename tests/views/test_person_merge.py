"""Likely duplicates on their page, two records side by side, put together and parted."""

import pytest

from tests import factories
from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.enrolment import EnrolmentStatus
from trainer.models import Person, PersonMerge
from trainer.services.roster_commit import stored_values

PHONE = "14000001111"


@pytest.fixture
def manager(app, signed_in):
    return signed_in(factories.account(Role.MANAGER))


def woman(name="王小芳", **values):
    return factories.person(**stored_values({"name": name, "phone": PHONE, "id_number": None}) | values)


def address(one, other) -> str:
    return f"/people/duplicates/{one.id}/{other.id}"


def send(client, one, other, *, keep=None, versions="1 1", reason="问过她本人", **take):
    data = {"keep": (keep or one).id, "versions": versions, "reason": reason, **take}
    return client.post(f"{address(one, other)}/merge", data=data)


def test_the_list_asks_a_fixed_number_of_statements(manager, count_statements):
    for number in range(3):
        woman(f"王小{number}", phone_index=f"p{number}")
        woman(f"王小{number}", phone_index=f"p{number}")
        with count_statements() as seen:
            page = manager.get("/people/duplicates").text
        assert page.count("手机号和姓名都相同</span>") == number + 1
        assert len(seen) == 3


def test_side_by_side_asks_a_fixed_number_of_statements(manager, count_statements):
    one, other = woman(), woman("王晓芳")
    for number in range(1, 4):
        for person in (one, other):
            factories.enrolment(factories.cohort(), person)
            factories.shop(person)
        with count_statements() as seen:
            page = manager.get(address(one, other)).text
        assert page.count("已到课0次") == 2 * number
        assert len(seen) == 12


def test_side_by_side_shows_masks_differences_and_what_will_move(manager):
    one, other = woman(business="剪纸"), woman("王晓芳", business=None)
    factories.shop(other, name="晓芳的店")
    cohort = factories.cohort()
    factories.enrolment(cohort, one)
    factories.enrolment(cohort, other, status=EnrolmentStatus.APPLIED)
    page = manager.get(address(one, other)).text
    assert PHONE not in page
    for words in ("140****1111", "不同，请选择", ">相同<", "仅保留的档案有", "店铺1个", "按退出处理"):
        assert words in page
    assert "保留的档案" in manager.get(f"{address(one, other)}?keep={other.id}").text


def test_put_together_her_old_address_leads_on_and_it_can_be_undone(manager):
    one, other = woman(), woman("王晓芳")
    shop = factories.shop(other)
    assert send(manager, one, other, reason="").status_code == 422
    assert send(manager, one, other, versions="1 7").status_code == 409
    answer = send(manager, one, other, take_name="gone")
    assert (answer.status_code, answer.location) == (303, f"/people/{one.id}")
    page = manager.get(f"/people/{one.id}").text
    merge = db.session.scalars(db.select(PersonMerge)).one()
    assert "<h1>王晓芳</h1>" in page
    assert f"/people/merges/{merge.id}" in page
    assert shop.name in page
    assert manager.get(f"/people/{other.id}").location == f"/people/{one.id}"
    assert manager.get("/people?q=王晓芳").text.count("card-title") == 1
    assert send(manager, one, other).location == f"/people/merges/{merge.id}"
    undo = f"/people/merges/{merge.id}"
    assert "退回另一份档案：店铺1个" in manager.get(undo).text
    assert manager.post(f"{undo}/undo", data={"reason": ""}).status_code == 422
    assert manager.post(f"{undo}/undo", data={"reason": "弄错了"}).status_code == 303
    assert "已撤销" in manager.get(undo).text
    assert manager.post(f"{undo}/undo", data={"reason": "弄错了"}).status_code == 409
    assert manager.get(f"/people/{other.id}").status_code == 200


def test_what_forbids_it_is_said_before(manager):
    one, other = woman(), woman(id_number_index="x")
    with_number = factories.person(id_number="140299198703150022")
    assert "身份证号不同" not in manager.get(address(one, other)).text
    page = manager.get(address(with_number, other)).text
    assert "身份证号不同" in page
    assert "合并为一份档案" not in page


def test_two_women_are_not_offered_again_until_it_is_taken_back(manager):
    one, other = woman(), woman()
    assert manager.post(f"{address(one, other)}/two-women").status_code == 303
    assert "没有这类疑似重复" in manager.get("/people/duplicates").text
    assert "撤回这个认定" in manager.get(address(one, other)).text
    manager.post(f"{address(one, other)}/two-women/take-back")
    assert address(one, other) in manager.get("/people/duplicates").text


def test_somebody_merged_is_nobody_elsewhere(manager, signed_in):
    one, other = woman(), woman()
    send(manager, one, other)
    assert manager.get(address(one, other)).status_code == 404
    assert manager.post(f"/people/{other.id}/code").status_code == 404
    assert db.session.get(Person, other.id).merged_into_id == one.id
    assert signed_in(factories.account(Role.PARTNER)).get(f"/people/{other.id}").status_code == 404
