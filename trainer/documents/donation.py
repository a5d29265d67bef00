"""A donation fund as a workbook: month by month, its pledges, its payments."""

from collections.abc import Iterable, Sequence

from trainer.documents.workbook import worded_sheet, write_workbook
from trainer.domain.donation import FundMonth
from trainer.wording import platform_name
from trainer.wording.donation import NOTES, SHEET


def fund_title(name: str) -> str:
    return str(SHEET["title"]) % {"name": name}


def fund_workbook(above: tuple[str, ...], months: Sequence[FundMonth], pledges: Iterable, payments: Iterable) -> bytes:
    """`pledges` and `payments` as the fund's page lists them; `above`: the lines above each table."""
    sheets = (
        (
            "months",
            (("month", "text", 10), ("orders", "number", 12), *_money("given", "received", *_SO_FAR)),
            [*map(_month, months)],
        ),
        ("pledges", _PLEDGE, [*map(_pledge, pledges)]),
        ("payments", _PAYMENT, [*map(_payment, payments)]),
    )
    foot = tuple(map(str, NOTES))
    return write_workbook([worded_sheet(SHEET, *sheet, above, foot_rows=foot) for sheet in sheets])


def _money(*names: str) -> tuple[tuple[str, str, int], ...]:
    return tuple((name, "money", 16) for name in names)


_SO_FAR = ("given_so_far", "received_so_far", "outstanding")
_PLEDGE = (
    *(
        ("owner", "text", 12),
        ("shop", "text", 28),
        *_money("per_order"),
        ("starts_on", "date", 12),
        ("ends_on", "date", 12),
    ),
    *(("orders", "number", 12), *_money("given")),
)
_PAYMENT = (
    *(("paid_on", "date", 12), *_money("amount"), ("shop", "text", 24), ("note", "text", 30)),
    *(("recorded_by", "text", 12), ("taken_back", "text", 30)),
)


def _month(one: FundMonth) -> tuple[object, ...]:
    so_far = (one.given_so_far_fen, one.received_so_far_fen, one.outstanding_fen)
    return (one.month, one.given.orders, one.given.fen, one.received_fen, *so_far)


def _pledge(one) -> tuple[object, ...]:
    shop = f"{one.shop}（{platform_name(one.platform)}）"
    return (one.owner, shop, one.per_order_fen, one.starts_on, one.ends_on, one.given.orders, one.given.fen)


def _payment(one) -> tuple[object, ...]:
    """What was taken back is listed with its reason and without its amount, so that a sum over the column is right."""
    amount = None if one.taken_back_at else one.amount_fen
    return (one.paid_on, amount, one.shop, one.note, one.recorded_by, one.reason)
