"""Donation funds: what completed orders give by the pledges, reckoned anew at each reading; what was paid in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, or_, select

from trainer.database import db, on_postgresql
from trainer.domain.actors import Actor, region_prefix
from trainer.domain.donation import Given
from trainer.domain.sales import OrderStatus
from trainer.models.account import Account
from trainer.models.donation import DonationFund, DonationPayment, DonationPledge
from trainer.models.file import StoredFile
from trainer.models.person import Person
from trainer.models.region import Region
from trainer.models.sales import OrderLine, Shop
from trainer.permissions import Permission
from trainer.queries.person import visible_people
from trainer.queries.sales_figures import ORDER_DAY, month_of
from trainer.queries.scoping import contains, visible

COMPLETED = (OrderStatus.RECEIVED.value, OrderStatus.SETTLED.value)


@dataclass(frozen=True)
class FundRow:
    """A fund, what orders gave so far, what was paid in."""

    id: int
    region_code: str
    region: str
    name: str
    purpose: str
    closed_on: date | None
    version: int
    given: Given
    received_fen: int

    @property
    def outstanding_fen(self) -> int:
        return self.given.fen - self.received_fen


def list_funds(actor: Actor) -> list[FundRow]:
    """Within her reach, open ones first. Three statements."""
    return _funds(visible(actor, Permission.VIEW_FUNDS, region=DonationFund.region_code))


def get_fund_for(actor: Actor, permission: Permission, fund_id: int) -> FundRow | None:
    """Three statements, one where it is not hers."""
    own = visible(actor, permission, region=DonationFund.region_code)
    return next(iter(_funds(and_(DonationFund.id == fund_id, own))), None)


def _funds(which: ColumnElement[bool]) -> list[FundRow]:
    rows = db.session.execute(
        select(
            *(DonationFund.id, DonationFund.region_code, Region.name, DonationFund.name, DonationFund.purpose),
            *(DonationFund.closed_on, DonationFund.version),
        )
        .join(Region, Region.code == DonationFund.region_code)
        .where(which)
        .order_by(DonationFund.closed_on.is_not(None), DonationFund.region_code, DonationFund.name)
    ).all()
    if not rows:
        return []
    ids = [row.id for row in rows]
    given: dict[int, Given] = {}
    for line in list_given(DonationPledge.fund_id.in_(ids)):
        given[line.fund_id] = given.get(line.fund_id, Given()) + line.given
    sums = select(DonationPayment.fund_id, func.sum(DonationPayment.amount_fen)).where(
        DonationPayment.fund_id.in_(ids), DonationPayment.taken_back_at.is_(None)
    )
    received = dict(db.session.execute(sums.group_by(DonationPayment.fund_id)).all())
    return [FundRow(*row, given.get(row.id, Given()), int(received.get(row.id, 0))) for row in rows]


@dataclass(frozen=True)
class GivenLine:
    """What the orders of a month gave by one pledge."""

    fund_id: int
    pledge_id: int
    month: str
    given: Given


def list_given(pledges: ColumnElement[bool]) -> list[GivenLine]:
    """By pledge and month of payment. One statement; nothing of it is stored, so files taken in, undone or exported
    again with later refunds speak at once."""
    orders = _completed(pledges)
    month = month_of(orders.c.day)
    in_force = and_(DonationPledge.shop_id == orders.c.shop_id, *_within(orders.c.day))
    rows = (
        select(DonationPledge.fund_id, DonationPledge.id, month, func.count(), func.sum(DonationPledge.per_order_fen))
        .join(orders, in_force)
        .where(pledges)
        .group_by(DonationPledge.fund_id, DonationPledge.id, month)
        .order_by(DonationPledge.id, month)
    )
    return [GivenLine(*row[:3], Given(row[3], int(row[4]))) for row in db.session.execute(rows)]


def list_given_to(fund_id: int) -> list[GivenLine]:
    return list_given(DonationPledge.fund_id == fund_id)


def _completed(pledges: ColumnElement[bool]) -> Subquery:
    """Orders of shops that pledge: each once on its platform, whoever's files tell of it; received or settled, and not
    wholly refunded. Their day is that of the payment, of the order where none is known."""
    shops = select(DonationPledge.shop_id).where(pledges)
    day = func.min(ORDER_DAY)
    return (
        select(func.min(OrderLine.shop_id).label("shop_id"), day.label("day"))
        .where(
            *(OrderLine.shop_id.in_(shops), OrderLine.status.in_(COMPLETED), OrderLine.is_gift.is_(False)),
            ORDER_DAY.is_not(None),
        )
        .group_by(OrderLine.platform, OrderLine.order_key)
        .having(func.sum(OrderLine.paid_fen) > func.sum(OrderLine.refunded_fen))
        .subquery()
    )


def _within(day) -> list[ColumnElement[bool]]:
    """The pledge is in force on the day, counted as in China."""
    local = func.date(func.timezone("Asia/Shanghai", day)) if on_postgresql() else func.date(day, "+8 hours")
    return [local >= DonationPledge.starts_on, or_(DonationPledge.ends_on.is_(None), local <= DonationPledge.ends_on)]


@dataclass(frozen=True)
class PledgeRow:
    """A pledge, and what it gave so far."""

    id: int
    fund_id: int
    fund: str
    shop_id: int
    shop: str
    platform: str
    owner: str
    per_order_fen: int
    starts_on: date
    ends_on: date | None
    version: int
    given: Given


def _select_pledges() -> Select:
    return (
        select(
            *(DonationPledge.id, DonationPledge.fund_id, DonationFund.name, Shop.id, Shop.name, Shop.platform),
            *(Person.name, DonationPledge.per_order_fen, DonationPledge.starts_on, DonationPledge.ends_on),
            DonationPledge.version,
        )
        .join(DonationFund, DonationFund.id == DonationPledge.fund_id)
        .join(Shop, Shop.id == DonationPledge.shop_id)
        .join(Person, Person.id == Shop.person_id)
    )


def list_pledges(fund_id: int, lines: Iterable[GivenLine]) -> list[PledgeRow]:
    """Of a fund, by owner; `lines` from `list_given`. One statement."""
    return _with_given(_select_pledges().where(DonationPledge.fund_id == fund_id), lines)


def list_own_pledges(person_id: int) -> list[PledgeRow]:
    """Of her shops. Two statements."""
    own = DonationPledge.shop_id.in_(select(Shop.id).where(Shop.person_id == person_id))
    return _with_given(_select_pledges().where(own), list_given(own))


def _with_given(statement: Select, lines: Iterable[GivenLine]) -> list[PledgeRow]:
    given: dict[int, Given] = {}
    for line in lines:
        given[line.pledge_id] = given.get(line.pledge_id, Given()) + line.given
    ordered = statement.order_by(Person.name_pinyin, Shop.id, DonationPledge.starts_on)
    return [PledgeRow(*row, given.get(row.id, Given())) for row in db.session.execute(ordered)]


def get_pledge(pledge_id: int) -> PledgeRow | None:
    return next(iter(_with_given(_select_pledges().where(DonationPledge.id == pledge_id), ())), None)


@dataclass(frozen=True)
class PaymentRow:
    """Money that came in; taken back it stays to be read."""

    id: int
    fund_id: int
    amount_fen: int
    paid_on: date
    shop: str | None
    note: str
    has_evidence: bool
    recorded_at: datetime
    recorded_by: str | None
    taken_back_at: datetime | None
    reason: str


def list_payments(fund_id: int) -> list[PaymentRow]:
    """The newest first."""
    return _payments(DonationPayment.fund_id == fund_id)


def get_payment(payment_id: int) -> PaymentRow | None:
    return next(iter(_payments(DonationPayment.id == payment_id)), None)


def _payments(which: ColumnElement[bool]) -> list[PaymentRow]:
    rows = (
        select(
            *(DonationPayment.id, DonationPayment.fund_id, DonationPayment.amount_fen, DonationPayment.paid_on),
            *(Shop.name, DonationPayment.note, DonationPayment.evidence_id.is_not(None)),
            *(DonationPayment.recorded_at, Account.name, DonationPayment.taken_back_at, DonationPayment.reason),
        )
        .outerjoin(Shop, Shop.id == DonationPayment.shop_id)
        .outerjoin(Account, Account.id == DonationPayment.recorded_by)
        .where(which)
        .order_by(DonationPayment.paid_on.desc(), DonationPayment.id.desc())
    )
    return [PaymentRow(*row) for row in db.session.execute(rows)]


def get_evidence(payment_id: int) -> StoredFile | None:
    of = select(StoredFile).join(DonationPayment, DonationPayment.evidence_id == StoredFile.id)
    return db.session.scalar(of.where(DonationPayment.id == payment_id))


@dataclass(frozen=True)
class PledgingShop:
    """A shop that may pledge to a fund."""

    id: int
    name: str
    platform: str
    owner: str


def list_shops_to_pledge(
    actor: Actor, region_code: str, *, text: str = "", shop_id: int | None = None, most: int = 20
) -> list[PledgingShop]:
    """Of women who live in the fund's area, within her reach; found by the owner's or the shop's name, or one."""
    rows = (
        select(Shop.id, Shop.name, Shop.platform, Person.name)
        .join(Person, Person.id == Shop.person_id)
        .where(
            visible_people(actor, Permission.MANAGE_FUNDS),
            *(Person.region_code.startswith(region_prefix(region_code)), Person.erased_at.is_(None)),
            Shop.id == shop_id if shop_id else or_(contains(Person.name, text), contains(Shop.name, text)),
        )
        .order_by(Person.name_pinyin, Shop.id)
        .limit(most)
    )
    return [PledgingShop(*row) for row in db.session.execute(rows)]
