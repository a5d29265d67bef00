"""A trainee's files from two platforms: sent, looked through, taken in, undone, taken in again; her page tells the sums."""

import re
from io import BytesIO

from tests import factories
from tests.factories import YUNZHOU
from tests.platforms.makers import sample
from trainer.database import db
from trainer.domain.actors import Role
from trainer.models import Livestream, OrderLine, Shop

KUAISHOU, DOUYIN = "kuaishou_live_sessions_SYNTHETIC.xlsx", "douyin_orders_SYNTHETIC_tabids.csv"


def enter_shop(client, person_id: int, platform: str, name: str) -> str:
    """The address of the new shop's page."""
    path = f"/shops/new?person_id={person_id}"
    key = re.search(r'name="idempotency_key"[^>]*value="([^"]+)"', client.get(path).text)[1]
    return client.post(path, data={"platform": platform, "name": name, "idempotency_key": key}).location


def send(client, shop: str, name: str) -> str:
    """The address of the file's preview."""
    page = client.get(f"{shop}/files").text
    key = re.search(r'name="idempotency_key"[^>]*value="([^"]+)"', page)[1]
    data = {"file": (BytesIO(sample(name)), name), "idempotency_key": key}
    return client.post(f"{shop}/files", data=data).location


def figures(page: str) -> list[str]:
    """The page's texts, one a tag."""
    return [text for part in re.findall(r">([^<]+)", page) if (text := part.strip())]


def test_two_files_of_a_trainee(app, signed_in):
    enrolment, trainee = factories.trainee(factories.cohort())
    staff, herself = signed_in(factories.account(Role.COHORT_STAFF, region=YUNZHOU)), signed_in(trainee)
    kuaishou = enter_shop(staff, enrolment.person_id, "kuaishou", "秀芳杂粮")
    douyin = enter_shop(staff, enrolment.person_id, "douyin", "秀芳家的小米")
    assert db.session.scalar(db.select(db.func.count(Shop.id))) == 2
    assert "这家店还没有导入数据" in herself.get("/me/sales/all").text

    broadcasts = send(staff, kuaishou, KUAISHOU)
    page = staff.get(broadcasts).text
    assert "快手" in page
    assert "直播场次表" in page
    assert "确认后新增 6 行，更改 0 行" in page
    assert "合计一致" in page
    assert db.session.scalar(db.select(db.func.count(Livestream.id))) == 0
    assert staff.post(f"{broadcasts}/commit").status_code == 303

    orders = send(staff, douyin, DOUYIN)
    assert {"¥4,381.90", "¥2,080.50", "¥2,301.40"} <= set(figures(staff.get(orders).text))
    assert staff.post(f"{orders}/commit").status_code == 303

    shop = figures(staff.get(kuaishou).text)
    assert {"¥17,780.50", "¥1,439.40", "452", "11:36", "约 19,658"} <= set(shop)
    assert "未计算：这些退款不完全是这些销售的退款" in shop
    shop = figures(staff.get(douyin).text)
    assert {"¥4,381.90", "¥2,080.50", "¥2,301.40"} <= set(shop)
    assert "¥22,162.40" not in shop  # broadcasts and orders are never added

    own = figures(herself.get("/me/sales/all").text)
    assert {"¥17,780.50", "¥1,439.40", "¥4,381.90", "¥2,080.50", "¥2,301.40"} <= set(own)
    assert "成交减退款" in own
    assert "来自平台的直播场次表" in own
    assert {"¥17,780.50", "¥2,301.40"} <= set(figures(herself.get("/me").text))

    assert "撤销，共 31 行" in staff.get(f"{orders}/undo").text
    assert staff.post(f"{orders}/undo").status_code == 303
    assert db.session.scalar(db.select(db.func.count(OrderLine.id))) == 0
    assert "¥4,381.90" not in herself.get("/me/sales/all").text
    assert "¥17,780.50" in herself.get("/me/sales/all").text

    again = send(staff, douyin, DOUYIN)
    assert again != orders
    assert staff.post(f"{again}/commit").status_code == 303
    assert "¥2,301.40" in herself.get("/me/sales/all").text
    assert (
        "这个文件已于"
        in staff.post(
            f"{douyin}/files", data={"file": (BytesIO(sample(DOUYIN)), DOUYIN), "idempotency_key": "later" * 5}
        ).text
    )


def test_of_her_figures_a_trainee_sees_only_her_own(app, signed_in):
    cohort = factories.cohort()
    enrolment, _account = factories.trainee(cohort)
    _other, other_account = factories.trainee(cohort, name="李梅")
    shop = factories.shop(factories.db.session.get(factories.Person, enrolment.person_id), name="秀芳杂粮")
    herself = signed_in(other_account)
    assert "秀芳杂粮" not in herself.get("/me/sales/all").text
    assert "这里还没有登记您的店铺" in herself.get("/me/sales/all").text
    assert herself.get(f"/shops/{shop.id}").status_code == 404
