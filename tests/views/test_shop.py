"""Shops: who sees which, entering one, and figures that keep gross, refund and net apart."""

from io import BytesIO

import openpyxl
import pytest

from tests import factories
from tests.factories import LINFEN, YUNZHOU
from tests.services.test_sales import order, orders_file, take_in
from trainer.database import db
from trainer.domain.actors import Role, Scope
from trainer.models import AuditEvent, Person, Shop
from trainer.permissions import Permission, can
from trainer.queries.shop import shops_page


@pytest.fixture
def manager(app):
    return factories.account(Role.MANAGER, region=YUNZHOU)


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.get("/shops").status_code == 302


@pytest.mark.parametrize(
    "role", [Role.SYSTEM_ADMINISTRATOR, Role.INSTRUCTOR, Role.EVALUATOR, Role.FINANCE, Role.PARTNER]
)
def test_other_roles_find_no_shops(app, signed_in, role):
    shop = factories.shop(factories.person())
    client = signed_in(factories.account(role))
    for path in ("/shops", "/shops/export", "/shops/new", f"/shops/{shop.id}", f"/shops/{shop.id}/files"):
        assert client.get(path).status_code == 404, path


def test_an_auditor_reads_and_changes_nothing(app, signed_in):
    shop = factories.shop(factories.person())
    client = signed_in(factories.account(Role.AUDITOR))
    page = client.get(f"/shops/{shop.id}")
    assert page.status_code == 200
    assert "导入文件" not in page.text
    assert client.get("/shops/new").status_code == 404
    assert client.get(f"/shops/{shop.id}/files").status_code == 404


def test_a_shop_of_another_area_is_not_there(app, signed_in, manager):
    elsewhere = factories.person("李梅", region=LINFEN)
    shop = factories.shop(elsewhere, name="临汾的店")
    client = signed_in(manager)
    assert client.get(f"/shops/{shop.id}").status_code == 404
    assert "临汾的店" not in client.get("/shops").text
    assert client.get(f"/shops/new?person_id={elsewhere.id}").status_code == 404
    assert (
        client.post(f"/shops/new?person_id={elsewhere.id}", data={"platform": "douyin", "name": "x"}).status_code == 404
    )
    assert client.post(f"/shops/{shop.id}/files").status_code == 404


def test_the_list_and_the_permission_agree(app):
    """A woman is reached by where she lives or by a cohort she is in: the list and `can` say the same."""
    datong, linfen = factories.cohort(region=factories.DATONG), factories.cohort(region=LINFEN)
    at_home, guest, elsewhere = (
        factories.person("王秀芳", region=YUNZHOU),
        factories.person("李梅", region=LINFEN),
        factories.person("赵兰", region=LINFEN),
    )
    factories.enrolment(datong, guest)
    factories.enrolment(linfen, elsewhere)
    cohorts = {at_home.id: [], guest.id: [datong], elsewhere.id: [linfen]}
    shops = [factories.shop(person) for person in (at_home, guest, elsewhere)]
    people = {shop.id: db.session.get(Person, shop.person_id) for shop in shops}
    actors = [
        *(factories.actor(Role.MANAGER, region=code) for code in (YUNZHOU, factories.DATONG, LINFEN, factories.SHANXI)),
        *(factories.actor(Role.COHORT_STAFF, cohort=one) for one in (datong, linfen)),
        *(factories.actor(role) for role in Role if role is not Role.TRAINEE),
    ]
    for actor in actors:
        listed = {line.shop.id for line in shops_page(actor).items}
        allowed = {
            shop_id
            for shop_id, person in people.items()
            if any(
                can(actor, Permission.VIEW_SALES, scope)
                for scope in (Scope(person.region_code), *(cohort.scope for cohort in cohorts[person.id]))
            )
        }
        assert listed == allowed, actor
    assert len({line.shop.id for line in shops_page(actors[1]).items}) == 2


def test_a_shop_is_entered_once(app, signed_in, manager):
    person = factories.person()
    client = signed_in(manager)
    path = f"/shops/new?person_id={person.id}"
    assert "为王秀芳登记店铺" in client.get(path).text
    data = {"platform": "kuaishou", "name": "秀芳杂粮", "account_uid": "ks-77", "idempotency_key": "k" * 20}
    first = client.post(path, data={**data, "person_id": "999"})
    again = client.post(path, data=data)
    assert (first.status_code, first.location) == (303, again.location)
    shop = db.session.scalar(db.select(Shop))
    assert (shop.person_id, shop.account_uid) == (person.id, "ks-77")
    refused = client.post(path, data={**data, "idempotency_key": "other" * 5})
    assert refused.status_code == 422
    assert "已经有名为“秀芳杂粮”的店铺" in refused.text
    assert 'value="ks-77"' in refused.text
    assert client.post(path, data={"platform": "kuaishou", "name": ""}).status_code == 422


def test_whose_shop_it_is_is_searched_for(app, signed_in, manager):
    person = factories.person("王秀芳")
    client = signed_in(manager)
    assert "是谁的店铺" in client.get("/shops/new").text
    assert f"/shops/new?person_id={person.id}" in client.get("/shops/new?q=wxf").text
    assert "没有这个人" in client.get("/shops/new?q=赵").text


def test_figures_are_kept_apart_by_source(app, signed_in, manager):
    shop = factories.shop(factories.person(), "taobao")
    take_in(shop, orders_file(order(1, paid="100.00", refund="30.00"), order(2, paid="50.00", settled="45.00")))
    page = signed_in(manager).get(f"/shops/{shop.id}").text
    assert [text in page for text in ("¥150.00", "¥30.00", "¥120.00", "¥45.00")] == [True] * 4
    assert "T3 订单，已满30天" in page
    assert "直播间成交" not in page
    assert "2026-03" in page


def test_the_list_is_filtered_and_exported_as_filtered(app, signed_in, manager):
    shop = factories.shop(factories.person(), "taobao", "=1+1")
    factories.shop(factories.person("李梅"), "douyin", "梅子家")
    take_in(shop, orders_file(order(1, refund="30.00")))
    client = signed_in(manager)
    assert "梅子家" in client.get("/shops?q=李").text
    assert "=1+1" not in client.get("/shops?q=李").text
    assert "没有符合条件的店铺" in client.get("/shops?q=%25").text
    assert "platform=taobao" in client.get("/shops?platform=taobao").text
    answer = client.get("/shops/export?platform=taobao")
    rows = list(openpyxl.load_workbook(BytesIO(answer.data)).active.values)
    assert rows[-1] == ("王秀芳", "淘宝", "=1+1", 0, None, None, 100, 30, 70, "T3 订单导出，付款已满30天", 0)
    assert "梅子家" not in str(rows)
    assert db.session.scalars(db.select(AuditEvent.action)).all()[-1] == "shop.export"


def test_the_empty_list_says_how_shops_get_there(app, signed_in, manager):
    assert "这里将列出学员的店铺" in signed_in(manager).get("/shops").text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("shops", [1, 3])
def test_statements_do_not_grow(app, signed_in, manager, count_statements, shops, language):
    for number in range(shops):
        shop = factories.shop(factories.person(), "taobao", f"店{number}")
        take_in(shop, orders_file(*(order(10 * number + each) for each in range(shops))))
    client = signed_in(manager)
    client.get("/shops")
    for path, statements in (("/shops", 6), ("/shops/export", 7), (f"/shops/{shop.id}", 12)):
        with count_statements() as seen:
            assert client.get(path, query_string={"lang": language}).status_code == 200
        assert len([one for one in seen if "advisory" not in one]) == statements, (
            path
        )  # the audit's lock, on PostgreSQL
