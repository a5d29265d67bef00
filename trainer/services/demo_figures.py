"""What people made of the demonstration's sales: findings explained and decided, months, products, a fund, a file."""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.anomaly import AnomalyCheck, Decision, Explanation
from trainer.domain.demonstration import (
    CHANGZHI_CAST,
    DATONG_CAST,
    LINFEN_CAST,
    STORY,
    YUNCHENG_CAST,
)
from trainer.domain.donation import FundDraft, PledgeDraft
from trainer.domain.file import FilePurpose
from trainer.domain.product import Season, Sorting
from trainer.domain.sales_period import PeriodStage, months_before
from trainer.domain.sales_upload import KEPT_FOR, UploadState
from trainer.models.anomaly import Anomaly
from trainer.models.person import Person
from trainer.models.product import Product
from trainer.models.sales import OrderLine, Shop
from trainer.models.sales_upload import SalesUpload
from trainer.queries.account import get_account, get_actor
from trainer.services import anomaly, donation, product, sales_period
from trainer.services.demo_place import Place
from trainer.services.file import keep_sealed, seal
from trainer.services.sales_reckoning import reckon

CASTS = (DATONG_CAST, LINFEN_CAST, YUNCHENG_CAST, CHANGZHI_CAST)
CHANGZHI, YANGQUAN, DATONG = "140400", "140300", "140200"
BURST, REFUNDS = AnomalyCheck.BURST, AnomalyCheck.BULK_REFUNDS
# Of the women of Changzhi: what was found, what explains it, what was decided.
FINDINGS = (
    (
        1,
        BURST,
        Explanation.OFFICE_PURCHASE,
        "北京一家单位食堂集中采购，有采购单照片。",
        Decision.ACCEPT,
        "采购单与订单一致。",
    ),
    (
        2,
        REFUNDS,
        Explanation.NO_EXPLANATION,
        "问过本人，说不清为什么集中退款。",
        Decision.EXCLUDE,
        "这几单先不计入评分。",
    ),
    (3, BURST, Explanation.GROUP_PURCHASE, "小区团购，团长统一下单，已请她补聊天截图。", None, ""),
)
SEASONS = {"黄花菜": Season(7, 9), "苹果": Season(10, 1), "剪纸": Season(12, 2), "核桃": Season(9, 11)}
FEN_PER_ORDER = (20, 50, 10)
UNKNOWN_NAME = "自己记的直播账.csv"
UNKNOWN_FILE = """哪一场,开播时间,下播时间,观众人数,卖出几单,卖了多少钱
早市,2026-01-05 07:30,2026-01-05 09:00,212,12,438.00
晚场,2026-01-06 19:00,2026-01-06 20:10,187,9,326.50
"""


def add_figures(place: Place) -> None:
    """Of the shops that have a story; all others are reckoned by the job within a minute."""
    for shop_id in _shops(part.name for cast in CASTS for part in cast.values()):
        reckon(shop_id, at=place.at)
    manager = _actor(place, "manager")
    _look_into_findings(place, manager)
    _sort_products(place)
    _approve_months(place, manager)
    _add_fund(place)
    _send_unknown_file(place)


def _actor(place: Place, username: str) -> Actor:
    return get_actor(get_account(place.accounts[username]))


def _shops(names: Iterable[str]) -> list[int]:
    rows = select(Shop.id).join(Person, Person.id == Shop.person_id).where(Person.name.in_(list(names)))
    return list(db.session.scalars(rows.order_by(Shop.id)))


def _look_into_findings(place: Place, manager: Actor) -> None:
    """Two people for each: the city looks into it, the province decides."""
    staff = _actor(place, "changzhi")
    for seat, check, explanation, words, decision, reason in FINDINGS:
        found = select(Anomaly).where(Anomaly.shop_id.in_(_shops([CHANGZHI_CAST[seat].name])), Anomaly.check == check)
        row = db.session.scalars(found.order_by(Anomaly.weight.desc())).first()
        row = anomaly.explain(row.id, explanation, words, seen=row.version, by=staff, at=place.at)
        db.session.flush()
        if decision:
            anomaly.decide(row.id, decision, reason, seen=row.version, by=manager, at=place.at)


def _sort_products(place: Place) -> None:
    """By whoever keeps the shops of Datong: what her names say, and when it is sold."""
    staff = _actor(place, "datong")
    rows = db.session.execute(
        select(Product.id, Product.name, Product.category)
        .join(Shop, Shop.id == Product.shop_id)
        .join(Person, Person.id == Shop.person_id)
        .where(Product.category.is_not(None))
        .order_by(Product.id)
    ).all()
    for word, season in SEASONS.items():
        for category in sorted({row.category for row in rows if word in row.name}):
            ids = [row.id for row in rows if word in row.name and row.category == category]
            product.sort_products(ids, Sorting(category, season), by=staff, at=place.at)


def _approve_months(place: Place, manager: Actor) -> None:
    """Of Yangquan: the city's office for its counties, the province for the city; one county had to open again."""
    city = _actor(place, "yangquanshi")
    counties = sorted(
        db.session.scalars(
            select(Person.region_code)
            .join(Shop, Shop.person_id == Person.id)
            .where(Person.region_code.startswith(YANGQUAN[:4]))
            .distinct()
        )
    )
    last, before, earliest = months_before(place.today, 3)
    sales_period.approve(counties[0], last, by=city, at=place.at)
    for county in counties:
        sales_period.approve(county, before, by=city, at=place.at)
    sales_period.approve(YANGQUAN, before, by=manager, at=place.at)
    _unlock(counties[0], earliest, city, manager, place)


def _unlock(county: str, month: date, city: Actor, manager: Actor, place: Place) -> None:
    sales_period.approve(county, month, by=city, at=place.at)
    reason = "有一家店铺的订单文件漏报，补交后重新审核。"
    facts = {"seen": PeriodStage.COUNTY, "by": manager, "at": place.at}
    sales_period.unlock(county, month, PeriodStage.OPEN, reason, **facts)


def _add_fund(place: Place) -> None:
    """Fen for each completed order of the shops of the city that sell most; two payments came in."""
    finance, since = _actor(place, "caiwu"), place.today - timedelta(days=300)
    facts = {"by": finance, "at": place.at}
    draft = FundDraft(DATONG, "大同女童助学公益金", "资助大同农村女童上学，每完成一单捐一份心意。")
    fund_id = donation.create_fund(draft, **facts)
    hers = _shops([STORY.name])[0]
    shops = [hers, *(one for one in _busiest_shops(DATONG[:4], len(FEN_PER_ORDER)) if one != hers)]
    for shop_id, fen in zip(shops, FEN_PER_ORDER, strict=False):
        donation.pledge(fund_id, shop_id, PledgeDraft(fen, since, None), **facts)
    paid = {"fund_id": fund_id, **facts}
    donation.record_payment(amount_fen=200, paid_on=place.today - timedelta(days=40), shop_id=hers, **paid)
    donation.record_payment(amount_fen=150, paid_on=place.today - timedelta(days=9), note="联合捐赠到账", **paid)


def _busiest_shops(prefix: str, many: int) -> list[int]:
    rows = (
        select(Shop.id)
        .join(Person, Person.id == Shop.person_id)
        .join(OrderLine, OrderLine.shop_id == Shop.id)
        .where(Person.region_code.startswith(prefix))
        .group_by(Shop.id)
        .order_by(func.count().desc(), Shop.id)
    )
    return list(db.session.scalars(rows.limit(many)))


def _send_unknown_file(place: Place) -> None:
    """A table of her own that no platform prints: a person has to say which column is which."""
    shop_id = _shops([STORY.name])[0]
    sealed = seal(UNKNOWN_FILE.encode(), UNKNOWN_NAME, "text/csv")
    at, by = place.at - timedelta(hours=4), _actor(place, "datong")
    kept = keep_sealed(sealed, purpose=FilePurpose.SALES_FILE, by=by, at=at, expires_at=place.at + KEPT_FOR)
    upload = SalesUpload(shop_id=shop_id, bundle="demonstration", filename=UNKNOWN_NAME, file_id=kept.id)
    upload.sha256 = hashlib.sha256(UNKNOWN_FILE.encode()).hexdigest()
    upload.state, upload.uploaded_at, upload.uploaded_by = UploadState.TO_MAP, at, by.account_id
    upload.problem = {"code": "unknown_columns", "values": {"columns": UNKNOWN_FILE.splitlines()[0].replace(",", "、")}}
    db.session.add(upload)
