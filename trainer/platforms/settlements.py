"""Settlement files and money movements: rows to SettlementRow, deductions positive however the file signs them."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from trainer.domain.sales import SettlementRow
from trainer.platforms.reading import Sheet, Values, dated, number, shown

IN, OUT = re.compile(r"入|收|\+"), re.compile(r"出|支|付|扣|-")
# What a movement is for. Money moved to the bank or laid down as a deposit is neither income nor cost.
TRANSFER = re.compile(r"提现|充值|转账|保证金|冻结|解冻|划转")
REFUND = re.compile(r"退款")
FEE = re.compile(r"服务费|佣金|运费险|分成|推广|扣款|罚|手续费|技术|保险")
INCOME = re.compile(r"支付|货款|收入|结算|补贴|赔付|订单|入账")


@dataclass(frozen=True)
class _Signs:
    refund: int
    expense: int


def read_settlements(sheet: Sheet, rows: Iterable[tuple[int, Values]]) -> list[SettlementRow]:
    seen: dict[str, int] = {}
    times_seen: Counter[str] = Counter()
    read = []
    for at, values in rows:
        key = _key(sheet, values, times_seen)
        if key is None:
            sheet.reject(at, sheet.match.profile.key[0], "cell_missing")
        elif key in seen:
            sheet.warn(at, sheet.match.profile.key[0], "duplicate_row", first=seen[key])
        elif row := _row(sheet, at, key, values):
            seen[key] = at
            read.append(row)
    if "movement" in sheet.match.columns:
        return read
    return _checked(sheet, _signed(read))


def _key(sheet: Sheet, values: Values, times_seen: Counter[str]) -> str | None:
    profile = sheet.match.profile
    if not values.get(profile.key[0]):
        return None
    key = "/".join(
        f"{value:%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else str(value or "")
        for value in map(values.get, profile.key)
    )
    if profile.key_is_counted:
        times_seen[key] += 1
        key = f"{key}#{times_seen[key]}"
    return key


def _row(sheet: Sheet, at: int, key: str, values: Values) -> SettlementRow | None:
    row = SettlementRow(
        row=at,
        natural_key=key,
        order_key=values.get("order_id"),
        settled_at=dated(values, "settled_at"),
        income_fen=0,
        refund_fen=0,
        fees_fen=0,
        settled_fen=0,
    )
    return _movement(sheet, row, values) if "movement" in sheet.match.columns else _statement(sheet, row, values)


def _movement(sheet: Sheet, row: SettlementRow, values: Values) -> SettlementRow | None:
    """One flow of money, told apart by its type; the direction gives the sign."""
    if "amount" not in values:
        sheet.reject(row.row, "amount", "cell_missing")
        return None
    signed = _directed(values["amount"].number, values.get("direction"))
    kind = str(values.get("movement") or "")
    if TRANSFER.search(kind):
        return row
    if REFUND.search(kind) and not FEE.search(kind):
        return replace(row, refund_fen=-signed, settled_fen=signed)
    if FEE.search(kind):
        return replace(row, fees_fen=-signed, settled_fen=signed)
    if not INCOME.search(kind):
        sheet.warn(row.row, "movement", "unknown_movement", value=shown(kind))
        return replace(row, fees_fen=-signed, settled_fen=signed) if signed < 0 else row
    return replace(row, income_fen=signed, settled_fen=signed)


def _directed(amount: int, direction: object) -> int:
    said = str(direction or "")
    if OUT.search(said) and not IN.search(said):
        return -abs(amount)
    return abs(amount) if IN.search(said) and not OUT.search(said) else amount


def _statement(sheet: Sheet, row: SettlementRow, values: Values) -> SettlementRow | None:
    """One line of an order's account, its parts in columns of their own."""
    if "settled" not in values:
        sheet.reject(row.row, "settled", "cell_missing")
        return None
    parts = [value.number for name, value in values.items() if name.startswith("income:")]
    stated = number(values, "income")
    fees = [value.number for name, value in values.items() if name.startswith("expense:")]
    return replace(
        row,
        income_fen=sum(parts) if sheet.match.incomes else (number(values, "paid") or 0 if stated is None else stated),
        refund_fen=number(values, "refund") or 0,
        fees_fen=sum(fees) if sheet.match.expenses else (number(values, "expense") or 0),
        settled_fen=_directed(values["settled"].number, values.get("direction")),
    )


def _signed(rows: list[SettlementRow]) -> list[SettlementRow]:
    """Some files print deductions as negative numbers: the sign of the column's sum tells, not that of one row."""
    flip = _Signs(
        refund=-1 if sum(row.refund_fen for row in rows) < 0 else 1,
        expense=-1 if sum(row.fees_fen for row in rows) < 0 else 1,
    )
    return [replace(row, refund_fen=row.refund_fen * flip.refund, fees_fen=row.fees_fen * flip.expense) for row in rows]


def _checked(sheet: Sheet, rows: list[SettlementRow]) -> list[SettlementRow]:
    for row in rows:
        if row.income_fen - row.refund_fen - row.fees_fen != row.settled_fen:
            sheet.warn(row.row, "settled", "settlement_sum_differs")
    return rows
