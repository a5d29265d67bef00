"""Donation funds at their pages: a fund, a pledge, money with its evidence, what a trainee sees of hers."""

import io

import pytest
from openpyxl import load_workbook

from tests import factories
from tests.factories import AT, DATONG, LINFEN
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.domain.donation import FundDraft, PledgeDraft
from trainer.models import DonationFund, DonationPayment, DonationPledge
from trainer.services import donation as donations

FUND = {"name": "助学基金", "region": "大同市", "purpose": "资助女童", "idempotency_key": "k1"}
PLEDGE = {"per_order": "0.05", "starts_on": "2026-03-01", "ends_on": "", "idempotency_key": "k2"}


@pytest.fixture
def finance(signed_in):
    return signed_in(factories.account(Role.FINANCE, region=DATONG))


@pytest.fixture
def hers(cohort):
    return factories.trainee(cohort)[1]


@pytest.fixture
def shop(hers):
    return factories.shop(db.session.get(factories.Person, hers.person_id))


def give(shop, region: str = DATONG) -> int:
    """A fund, and the shop's pledge to it."""
    with transaction():
        fund = donations.create_fund(FundDraft(region, f"基金{shop.id}", ""), by=SYSTEM, at=AT)
        donations.pledge(fund, shop.id, PledgeDraft(5, AT.date(), None), by=SYSTEM, at=AT)
        donations.record_payment(fund, 200, AT.date(), shop_id=shop.id, by=SYSTEM, at=AT)
    return fund


def test_from_a_fund_to_money_in_it(finance, shop, signed_in, hers):
    factories.order_line(shop)
    for _twice in range(2):
        assert finance.post("/donations/new", data=FUND).status_code == 303
    [fund] = db.session.scalars(db.select(DonationFund.id))
    page = f"/donations/{fund}"
    assert "秀芳杂粮" in finance.get(page + "/pledges/new?q=秀芳").text
    assert finance.post(f"{page}/pledges/new?shop={shop.id}", data=PLEDGE).status_code == 303
    again = finance.post(f"{page}/pledges/new?shop={shop.id}", data={**PLEDGE, "idempotency_key": "k3"})
    assert (again.status_code, "一个订单只捐一次" in again.text) == (422, True)
    sent = {"amount": "100.20", "paid_on": str(clock.today()), "shop_id": shop.id, "idempotency_key": "k4"}
    sent["evidence"] = (io.BytesIO(factories.picture()), "回单.png")
    assert finance.post(page + "/payments/new", data=sent).status_code == 303
    text = finance.get(page).text
    assert all(words in text for words in ("¥0.05", "¥100.20", "-¥100.15"))
    [payment] = db.session.scalars(db.select(DonationPayment.id))
    assert finance.get(f"/donations/payments/{payment}/evidence").mimetype == "image/jpeg"
    assert finance.post(f"/donations/payments/{payment}/take-back", data={"reason": "记重了"}).status_code == 303
    assert "记重了" in finance.get(page).text
    own = signed_in(hers).get("/me/sales/donations").text
    assert "有 1 个订单，共捐 ¥0.05" in own


def test_what_was_typed_wrongly_stays_on_the_page(finance, shop):
    fund = give(shop)
    for sent in ({**PLEDGE, "per_order": "0.001"}, {**PLEDGE, "ends_on": "2026-02-01"}):
        assert finance.post(f"/donations/{fund}/pledges/new?shop={shop.id}", data=sent).status_code == 422
    bad = {"amount": "1", "paid_on": "2026-03-01", "shop_id": "0", "evidence": (io.BytesIO(b"MZ"), "回单.pdf")}
    answer = finance.post(f"/donations/{fund}/payments/new", data=bad)
    assert (answer.status_code, 'value="1"' in answer.text) == (422, True)
    assert finance.post("/donations/new", data={**FUND, "region": "没有这个地方"}).status_code == 422
    assert finance.post("/donations/new", data={**FUND, "region": "临汾市"}).status_code == 404


def test_a_pledge_is_changed_and_a_fund_closed(finance, shop):
    fund = give(shop)
    [pledge] = db.session.scalars(db.select(DonationPledge.id))
    address = f"/donations/pledges/{pledge}"
    sent = {**PLEDGE, "per_order": "0.10", "version": factories.version(finance, address)}
    assert finance.post(address, data=sent).status_code == 303
    assert finance.post(address, data=sent).status_code == 409
    edit = {"name": "新名称", "purpose": "", "version": "1"}
    assert finance.post(f"/donations/{fund}/edit", data=edit).status_code == 303
    close = {"day": "2026-12-31", "version": factories.version(finance, f"/donations/{fund}/close")}
    assert finance.post(f"/donations/{fund}/close", data=close).status_code == 303
    page = finance.get(f"/donations/{fund}").text
    assert all(words in page for words in ("新名称", "2026-12-31 结束", "¥0.10"))


def test_others_see_but_do_not_keep(signed_in, shop):
    fund = give(shop)
    staff = signed_in(factories.account(Role.COHORT_STAFF, region=DATONG))
    assert "登记到账" not in staff.get(f"/donations/{fund}").text
    assert staff.get(f"/donations/{fund}/payments/new").status_code == 404
    foreign = signed_in(factories.account(Role.FINANCE, region=LINFEN))
    assert foreign.get(f"/donations/{fund}").status_code == 404
    assert "基金" + str(shop.id) not in foreign.get("/donations").text


def test_the_workbook_says_what_its_figures_mean(finance, shop):
    factories.order_line(shop)
    answer = finance.get(f"/donations/{give(shop)}/export")
    book = load_workbook(io.BytesIO(answer.data))
    said = "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    assert all(words in said for words in ("制表单位", "2026-03", "每次都重新计算", "秀芳杂粮（快手）"))


@pytest.mark.parametrize("things", [1, 3])
def test_pages_take_the_same_statements(finance, signed_in, hers, shop, count_statements, things):
    fund = give(shop)
    for number in range(things):
        factories.order_line(shop, order_key=str(number))
        give(factories.shop(factories.person()))
    pages = [("/donations", 4, finance), (f"/donations/{fund}", 7, finance)]
    pages.append(("/me/sales/donations", 4, signed_in(hers)))
    for address, statements, client in pages:
        client.get(address)
        with count_statements() as seen:
            assert client.get(address).status_code == 200
        assert (address, len(seen)) == (address, statements)
