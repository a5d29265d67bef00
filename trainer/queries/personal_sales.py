"""One woman's sales as she is given them: shops, broadcasts, orders, settlements, what was typed, looked at, donated."""

from sqlalchemy import BigInteger, CompoundSelect, Date, Integer, Select, cast, func, null, select, union_all

from trainer.models.anomaly import Anomaly
from trainer.models.donation import DonationFund, DonationPayment, DonationPledge
from trainer.models.imports import ImportBatch
from trainer.models.sales import Livestream, OrderLine, Settlement, Shop
from trainer.models.sales_entry import SalesEntry


def shops(person_id: int) -> Select:
    facts = (Shop.platform, Shop.name.label("shop"), Shop.account_uid, Shop.opened_on, Shop.created_at)
    return select(*facts).where(Shop.person_id == person_id).order_by(Shop.id)


def sales(person_id: int) -> Select:
    sums = (func.sum(OrderLine.paid_fen), func.sum(OrderLine.refunded_fen), func.sum(OrderLine.settled_fen))
    names = ("paid_fen", "refunded_fen", "settled_fen")
    return (
        select(
            Shop.name.label("shop"),
            func.count(OrderLine.id).label("orders"),
            *(cast(total, BigInteger).label(name) for total, name in zip(sums, names, strict=True)),
        )
        .join(OrderLine, OrderLine.shop_id == Shop.id)
        .where(Shop.person_id == person_id)
        .group_by(Shop.id, Shop.name)
        .order_by(Shop.id)
    )


def livestreams(person_id: int) -> Select:
    return (
        select(
            *(Shop.name.label("shop"), Livestream.title, Livestream.started_at, Livestream.duration_s),
            *(Livestream.gmv_fen, Livestream.refund_fen, Livestream.orders, Livestream.viewers, Livestream.natural_key),
        )
        .join(Shop, Shop.id == Livestream.shop_id)
        .where(Shop.person_id == person_id)
        .order_by(Livestream.started_at, Livestream.id)
    )


def orders(person_id: int) -> Select:
    return (
        select(
            *(Shop.name.label("shop"), OrderLine.order_key, OrderLine.product, OrderLine.quantity),
            *(OrderLine.ordered_at, OrderLine.paid_at, OrderLine.paid_fen, OrderLine.refunded_fen),
            *(OrderLine.settled_fen, OrderLine.status.label("order_status"), OrderLine.is_live, OrderLine.province),
        )
        .join(Shop, Shop.id == OrderLine.shop_id)
        .where(Shop.person_id == person_id)
        .order_by(OrderLine.paid_at, OrderLine.id)
    )


def sales_files(person_id: int) -> Select:
    facts = (ImportBatch.filename, ImportBatch.state, ImportBatch.created_at, ImportBatch.committed_at)
    return (
        select(Shop.name.label("shop"), *facts)
        .join(Shop, Shop.id == ImportBatch.shop_id)
        .where(Shop.person_id == person_id)
        .order_by(ImportBatch.id)
    )


def settlements(person_id: int) -> Select:
    facts = (Settlement.order_key, Settlement.settled_at, Settlement.income_fen, Settlement.refund_fen)
    return (
        select(Shop.name.label("shop"), *facts, Settlement.fees_fen, Settlement.settled_fen)
        .join(Shop, Shop.id == Settlement.shop_id)
        .where(Shop.person_id == person_id)
        .order_by(Settlement.settled_at, Settlement.id)
    )


def entries(person_id: int) -> Select:
    facts = (SalesEntry.started_at, SalesEntry.duration_s, SalesEntry.viewers, SalesEntry.orders)
    figures = (SalesEntry.gmv_fen, SalesEntry.refund_fen, SalesEntry.state, SalesEntry.entered_at, SalesEntry.answer)
    return (
        select(Shop.name.label("shop"), *facts, *figures)
        .join(Shop, Shop.id == SalesEntry.shop_id)
        .where(Shop.person_id == person_id)
        .order_by(SalesEntry.id)
    )


def checks(person_id: int) -> Select:
    """What was looked at again in her figures, what was said of it and what was decided."""
    said = (Anomaly.explanation, Anomaly.words, Anomaly.decision, Anomaly.reason, Anomaly.decided_at)
    return (
        select(Shop.name.label("shop"), Anomaly.check, Anomaly.found_at, Anomaly.state, *said)
        .join(Shop, Shop.id == Anomaly.shop_id)
        .where(Shop.person_id == person_id)
        .order_by(Anomaly.id)
    )


def donations(person_id: int) -> CompoundSelect:
    """What each completed order gives, and what was paid in; the sums follow from her orders."""
    none = null()
    pledges = (
        select(
            *(DonationFund.name.label("fund"), Shop.name.label("shop"), DonationPledge.per_order_fen),
            *(DonationPledge.starts_on, DonationPledge.ends_on, cast(none, BigInteger).label("amount_fen")),
            cast(none, Date).label("paid_on"),
        )
        .join(DonationFund, DonationFund.id == DonationPledge.fund_id)
        .join(Shop, Shop.id == DonationPledge.shop_id)
    )
    payments = (
        select(
            *(DonationFund.name, Shop.name, cast(none, Integer), cast(none, Date), cast(none, Date)),
            *(DonationPayment.amount_fen, DonationPayment.paid_on),
        )
        .join(DonationFund, DonationFund.id == DonationPayment.fund_id)
        .join(Shop, Shop.id == DonationPayment.shop_id)
        .where(DonationPayment.taken_back_at.is_(None))
    )
    return union_all(*(part.where(Shop.person_id == person_id) for part in (pledges, payments)))
