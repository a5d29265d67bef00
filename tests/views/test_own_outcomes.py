"""What a woman sees of her sales after the course: words, what is not known, and whose they are."""

import gzip
from datetime import UTC, date, datetime

import pytest
import time_machine

from tests import factories
from tests.queries.test_own_outcomes import classmate, file_of, herself, sums
from tests.queries.test_sales_figures import live, sold
from trainer.database import transaction
from trainer.domain.actors import Role
from trainer.domain.sales import SalesKind, ShopRole
from trainer.services.shop_days import sum_up_days

pytestmark = pytest.mark.sqlite_is_enough


@pytest.fixture(autouse=True)
def _in_april():
    with time_machine.travel(datetime(2026, 4, 20, 2, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def cohort(app):
    return factories.cohort(starts_on=date(2026, 2, 1), ends_on=date(2026, 2, 6))


def own_client(signed_in, enrolment):
    return signed_in(factories.account(Role.TRAINEE, person=enrolment.person))


@pytest.mark.parametrize("shops", [1, 3])
def test_her_pages_take_as_many_statements_for_one_shop_as_for_three(signed_in, cohort, count_statements, shops):
    client = own_client(signed_in, herself(cohort, shops))
    client.get("/me/lessons")
    for path, statements in (("/me/sales", 11), ("/me/sales/received", 7), ("/me/sales/all", 8)):
        with count_statements() as seen:
            answer = client.get(path)
        assert (answer.status_code, len(seen)) == (200, statements), path
        assert len(gzip.compress(answer.data)) < 8_000


def test_without_a_shop_without_data_and_with_little_there_is_no_advice_but_a_kind_word(signed_in, cohort):
    enrolment = factories.enrolment(cohort)
    client = own_client(signed_in, enrolment)
    bare = client.get("/me/sales").text
    assert ("这里还没有登记您的店铺" in bare, "给您的一条建议" in bare) == (True, False)
    assert "还没有订单和打款的数据" in client.get("/me/sales/received").text
    shop = factories.shop(enrolment.person)
    empty = client.get("/me/sales").text
    assert "这家店还没有导入数据" in empty
    assert "每播一场都是练习" in empty
    sums(shop, date(2026, 4, 8), broadcasts=1, typed_broadcasts=1)
    little = client.get("/me/sales").text
    assert "每播一场都是练习" in little
    assert "手工填写，已对照截图核对" in little
    assert "4月1日—4月8日" in little
    assert "不知道" in little  # of March nothing is known


def test_her_month_her_class_and_one_piece_of_advice_with_its_figures(signed_in, cohort):
    enrolment = herself(cohort)
    for number in range(5):
        classmate(cohort, number, 12_345 * (number + 1))
    shop = factories.shop(enrolment.person, "douyin", "另一家")
    sums(shop, date(2026, 3, 1), orders=1, paid_fen=100)
    file_of(shop, SalesKind.ORDER)
    page = own_client(signed_in, enrolment).get("/me/sales").text
    for words in ("4月1日—4月8日", "8 天", "3月1日—3月8日", "2场", "3场", "¥45.00", "约¥370", "另外5位同学"):
        assert words in page, words
    assert "人太少" in page  # of Douyin
    assert page.count('class="button"') <= 1


def test_a_host_reads_her_commission_and_not_the_goods(signed_in, cohort):
    enrolment = factories.enrolment(cohort)
    shop = factories.shop(enrolment.person, role=ShopRole.HOST)
    sold(shop, 90_000, paid_at=datetime(2026, 3, 8, tzinfo=UTC), commission_fen=9_000)
    live(shop, "a", started_at=datetime(2026, 3, 8, tzinfo=UTC), gmv_fen=90_000)
    with transaction():
        sum_up_days(shop.id, datetime(2026, 4, 20, tzinfo=UTC))
    client = own_client(signed_in, enrolment)
    month = client.get("/me/sales").text
    assert ("我的佣金" in month, "¥90.00" in month) == (True, True)
    received = client.get("/me/sales/received?month=2026-03").text
    assert "帮别人卖的货款（不是您的收入）" in received
    assert "还缺结算文件" in received
    assert client.get("/me/sales/received?month=quatsch").status_code == 200


def test_nobody_reads_anothers_pages(signed_in, cohort):
    herself(cohort)
    other = own_client(signed_in, factories.enrolment(cohort))
    for path in ("/me/sales", "/me/sales/received", "/me/sales/all"):
        assert "店0" not in other.get(path).text
        assert signed_in(factories.account(Role.MANAGER)).get(path).status_code in (403, 404)
