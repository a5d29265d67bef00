"""Settlement files and money movements: rows to SettlementRow, deductions positive however the file signs them."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from trainer.platforms.plain import moment_of
from trainer.platforms.profile import MOMENT_FIELDS
from trainer.platforms.reading import Values, number, seconds
from trainer.platforms.sheet import Sheet, shown
from trainer.platforms.spool import Plain, Spool

IN, OUT = re.compile(r"入|收|\+"), re.compile(r"出|支|付|扣|-")
# What a movement is for. Money moved to the bank or laid down as a deposit is neither income nor cost.
TRANSFER = re.compile(r"提现|充值|转账|保证金|冻结|解冻|划转")
REFUND = re.compile(r"退款")
FEE = re.compile(r"服务费|佣金|运费险|分成|推广|扣款|罚|手续费|技术|保险")
INCOME = re.compile(r"支付|货款|收入|结算|补贴|赔付|订单|入账")


class _Money(NamedTuple):
    """Of one line, in fen."""

    income: int
    refund: int
    fees: int
    settled: int


def read_settlements(sheet: Sheet, rows: Iterable[tuple[int, Values]], spool: Spool) -> None:
    seen: dict[str, int] = {}
    times_seen: Counter[str] = Counter()
    read = _movement if "movement" in sheet.match.columns else _statement
    refunds = fees = 0
    for at, values in rows:
        key = _key(sheet, values, times_seen)
        if key is None:
            sheet.reject(at, sheet.match.profile.key[0], "cell_missing")
        elif key in seen:
            sheet.warn(at, sheet.match.profile.key[0], "duplicate_row", first=seen[key])
        elif (money := read(sheet, at, values)) is not None:
            seen[key] = at
            refunds, fees = refunds + money.refund, fees + money.fees
            spool.add((at, key, values.get("order_id"), seconds(values, "settled_at"), *money))
    if read is _statement:
        # Some files print deductions as negative numbers: the sign of the column's sum tells, not that of one row.
        signs = (-1 if refunds < 0 else 1, -1 if fees < 0 else 1)
        spool.revise(lambda chunk: [_checked(sheet, row, signs) for row in chunk])


def _key(sheet: Sheet, values: Values, times_seen: Counter[str]) -> str | None:
    profile = sheet.match.profile
    if not values.get(profile.key[0]):
        return None
    key = "/".join(_part(name, values.get(name)) for name in profile.key)
    if profile.key_is_counted:
        times_seen[key] += 1
        key = f"{key}#{times_seen[key]}"
    return key


def _part(name: str, value: object) -> str:
    if name in MOMENT_FIELDS and isinstance(value, int):
        return f"{moment_of(value):%Y-%m-%dT%H:%M}"
    return str(value or "")


def _movement(sheet: Sheet, at: int, values: Values) -> _Money | None:
    """One flow of money, told apart by its type; the direction gives the sign."""
    amount = number(values, "amount")
    if amount is None:
        sheet.reject(at, "amount", "cell_missing")
        return None
    signed = _directed(amount, values.get("direction"))
    kind = str(values.get("movement") or "")
    if TRANSFER.search(kind):
        return _Money(0, 0, 0, 0)
    if REFUND.search(kind) and not FEE.search(kind):
        return _Money(0, -signed, 0, signed)
    if FEE.search(kind):
        return _Money(0, 0, -signed, signed)
    if not INCOME.search(kind):
        sheet.warn(at, "movement", "unknown_movement", value=shown(kind))
        return _Money(0, 0, -signed, signed) if signed < 0 else _Money(0, 0, 0, 0)
    return _Money(signed, 0, 0, signed)


def _directed(amount: int, direction: object) -> int:
    said = str(direction or "")
    if OUT.search(said) and not IN.search(said):
        return -abs(amount)
    return abs(amount) if IN.search(said) and not OUT.search(said) else amount


def _statement(sheet: Sheet, at: int, values: Values) -> _Money | None:
    """One line of an order's account, its parts in columns of their own."""
    settled = number(values, "settled")
    if settled is None:
        sheet.reject(at, "settled", "cell_missing")
        return None
    stated, fees = number(values, "income"), number(values, "expense")
    if sheet.match.incomes:
        stated = _sum_of(values, "income:", len(sheet.match.incomes))
    elif stated is None:
        stated = number(values, "paid")
    if sheet.match.expenses:
        fees = _sum_of(values, "expense:", len(sheet.match.expenses))
    return _Money(stated or 0, number(values, "refund") or 0, fees or 0, _directed(settled, values.get("direction")))


def _sum_of(values: Values, kind: str, columns: int) -> int:
    return sum(number(values, f"{kind}{at}") or 0 for at in range(columns))


def _checked(sheet: Sheet, row: Plain, signs: tuple[int, int]) -> Plain:
    at, key, order_key, settled_at, *parts = row
    income, refund, fees, settled = parts[0], parts[1] * signs[0], parts[2] * signs[1], parts[3]
    if income - refund - fees != settled:
        sheet.warn(at, "settled", "settlement_sum_differs")
    return (at, key, order_key, settled_at, income, refund, fees, settled)
