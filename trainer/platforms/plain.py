"""Rows of sales as plain tuples, quick to hand from one process to another, and back again."""

from dataclasses import fields
from datetime import datetime
from enum import Enum

from trainer.domain.days import CHINA
from trainer.domain.sales import (
    GmvMeasure,
    LivestreamRow,
    OrderLineRow,
    OrderStatus,
    RefundBasis,
    SalesKind,
    SalesRow,
    SettlementRow,
)

# What stands where in a plain row. Moments are whole seconds since 1970 (UTC), enums their value.
ORDER_FIELDS = tuple(field.name for field in fields(OrderLineRow))
LIVESTREAM_FIELDS = tuple(field.name for field in fields(LivestreamRow))
SETTLEMENT_FIELDS = tuple(field.name for field in fields(SettlementRow))
FIELDS = {
    SalesKind.LIVE_SESSION: LIVESTREAM_FIELDS,
    SalesKind.ORDER: ORDER_FIELDS,
    SalesKind.SETTLEMENT: SETTLEMENT_FIELDS,
}
CLASSES = {
    SalesKind.LIVE_SESSION: LivestreamRow,
    SalesKind.ORDER: OrderLineRow,
    SalesKind.SETTLEMENT: SettlementRow,
}
ENUMS = {"status": OrderStatus, "refund_basis": RefundBasis, "gmv_measure": GmvMeasure}
MOMENTS = frozenset(name for names in FIELDS.values() for name in names if name.endswith("_at"))


def moment_of(seconds: int) -> datetime:
    """In Beijing time."""
    return datetime.fromtimestamp(seconds, CHINA)


def seconds_of(moment: datetime) -> int:
    return round(moment.timestamp())


def plain_of(row: SalesRow) -> tuple[object, ...]:
    return tuple(_plain(getattr(row, field.name)) for field in fields(row))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return seconds_of(value)
    return value.value if isinstance(value, Enum) else value


def row_of(kind: SalesKind, plain: tuple[object, ...]) -> SalesRow:
    return CLASSES[kind](*map(_typed, FIELDS[kind], plain))


def _typed(name: str, value: object) -> object:
    if value is None:
        return None
    if name in MOMENTS:
        return moment_of(value)
    return ENUMS[name](value) if name in ENUMS else value
