"""Broadcast lists to LivestreamRow: missing years found, the basis of refunds read off the heading."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from trainer.domain.sales import LivestreamRow, RefundBasis
from trainer.platforms.normalise import CLOCK, BadCellError, Yearless, moment
from trainer.platforms.plain import plain_of
from trainer.platforms.reading import Values, dated, is_below_zero, is_exact, number
from trainer.platforms.sheet import Sheet
from trainer.platforms.spool import Spool

TIME_AT_END = re.compile(r"(.*?)[\s(（]*((?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?" + CLOCK + r")[)）]?", re.DOTALL)
SECONDS_IN_DAY = 86_400

Period = tuple[date, date]


class _First(NamedTuple):
    """What is kept of a broadcast to tell whether another row repeats it."""

    row: int
    gmv_fen: int | None
    orders: int | None
    duration_s: int | None


def read_livestreams(
    sheet: Sheet, rows: Iterable[tuple[int, Values]], spool: Spool, *, today: date, period: Period | None
) -> None:
    """`period` is what else is known of when the broadcasts were: it settles a year that the dates leave open."""
    basis = _refund_basis(sheet)
    if "refund" in sheet.match.columns and basis is None:
        sheet.warn(sheet.match.row + 1, "refund", "refund_basis_unknown")
    seen: dict[str, _First] = {}
    for at, values in rows:
        row = _livestream(sheet, at, values, basis, today, period)
        if row is None:
            continue
        first = seen.get(row.natural_key)
        if first:
            _repeated(sheet, first, row)
            continue
        seen[row.natural_key] = _First(at, row.gmv_fen, row.orders, row.duration_s)
        _check_plausible(sheet, row)
        spool.add(plain_of(row))


def _repeated(sheet: Sheet, first: _First, again: LivestreamRow) -> None:
    if first[1:] == (again.gmv_fen, again.orders, again.duration_s):
        sheet.warn(again.row, "session_id", "duplicate_row", first=first.row)
    else:
        sheet.reject(again.row, "session_id", "key_twice", first=first.row)


def _refund_basis(sheet: Sheet) -> RefundBasis | None:
    column = sheet.match.columns.get("refund")
    if column is None:
        return None
    if re.search(r"退款(日|时间)\)?$|退款日口径", column.heading.label):
        return RefundBasis.REFUND_DAY
    if re.search(r"支付(日|时间)|支付口径", column.heading.label):
        return RefundBasis.PAYMENT_DAY
    stated = sheet.match.profile.refund_basis
    return RefundBasis(stated) if stated else None


def _livestream(
    sheet: Sheet, row: int, values: Values, basis: RefundBasis | None, today: date, period: Period | None
) -> LivestreamRow | None:
    title = str(values.get("title") or "")
    begin, end = values.get("started_at") or (None, None)
    if begin is None and "started_at" not in sheet.match.columns:
        title, begin = _split_title(title)
    started_at, year_assumed = _with_year(begin, today, period)
    if started_at is None:
        sheet.reject(row, "started_at", "cell_missing")
        return None
    if is_below_zero(sheet, row, values, ("gmv", "gmv_incl_abnormal", "refund")):
        return None
    if year_assumed:
        sheet.warn(row, "started_at", "year_assumed", year=started_at.year)
    ended_at = end or dated(values, "ended_at")
    session_id = values.get("session_id")
    return LivestreamRow(
        row=row,
        natural_key=str(session_id or f"start:{started_at:%Y-%m-%dT%H:%M}"),
        session_id=session_id,
        title=title,
        started_at=started_at,
        ended_at=ended_at,
        year_assumed=year_assumed,
        duration_s=_duration(values.get("duration"), started_at, ended_at),
        refund_basis=basis,
        gmv_measure=sheet.match.gmv_measure,
        **_figures(values),
    )


def _figures(values: Values) -> dict[str, int | bool | None]:
    return {
        **{name: number(values, name) for name in ("viewers", "views", "peak_online", "avg_online")},
        **{name: number(values, name) for name in ("buyers", "orders", "items")},
        **{name: number(values, name) for name in ("product_exposed", "product_clickers", "new_followers")},
        "viewers_exact": is_exact(values, "viewers"),
        "gmv_fen": number(values, "gmv"),
        "gmv_exact": is_exact(values, "gmv"),
        "gmv_incl_abnormal_fen": number(values, "gmv_incl_abnormal"),
        "refund_fen": number(values, "refund"),
        "ad_spend_fen": number(values, "ad_spend"),
        "stated_gpm_fen": number(values, "gpm"),
        "stated_per_buyer_fen": number(values, "per_buyer"),
        "stated_buyer_rate_bp": values.get("buyer_rate"),
    }


def _split_title(said: str) -> tuple[str, datetime | Yearless | None]:
    """A list copied from the screen prints title and time in one cell."""
    found = TIME_AT_END.fullmatch(said)
    if found is None:
        return said, None
    try:
        return found[1].strip(), moment(found[2])
    except BadCellError:
        return said, None


def _with_year(begin: datetime | Yearless | None, today: date, period: Period | None) -> tuple[datetime | None, bool]:
    """The moment, and whether its year is only a guess: the latest that is not in the future.

    No guess where exactly one year puts it into `period`.
    """
    if not isinstance(begin, Yearless):
        return begin, False
    candidates = [found for back in range(9) if (found := begin.in_year(today.year - back)) and found.date() <= today]
    if period:
        fitting = [found for found in candidates if period[0] <= found.date() <= period[1]]
        if len(fitting) == 1:
            return fitting[0], False
    return (candidates[0], True) if candidates else (None, False)


def _duration(stated: int | None, started_at: datetime, ended_at: datetime | None) -> int | None:
    if stated is not None or ended_at is None or ended_at < started_at:
        return stated
    return round((ended_at - started_at) / timedelta(seconds=1))


def _check_plausible(sheet: Sheet, row: LivestreamRow) -> None:
    """Figures that cannot be together; a person is asked to look, nothing is refused."""
    pairs = (("peak_online", "viewers"), ("avg_online", "peak_online"), ("buyers", "orders"), ("viewers", "views"))
    for smaller, larger in pairs:
        less, more = getattr(row, smaller), getattr(row, larger)
        if less is not None and more is not None and less > more and row.viewers_exact:
            sheet.warn(row.row, smaller, "figure_above", other=sheet.written(larger))
    if row.orders is not None and row.items is not None and row.orders > row.items:
        sheet.warn(row.row, "orders", "figure_above", other=sheet.written("items"))
    if row.duration_s is not None and row.duration_s > SECONDS_IN_DAY:
        sheet.warn(row.row, "duration", "longer_than_a_day")
    if row.ended_at is not None and row.ended_at < row.started_at:
        sheet.warn(row.row, "ended_at", "ends_before_it_starts")
    if row.refund_basis is RefundBasis.PAYMENT_DAY and (row.refund_fen or 0) > (row.gmv_fen or 0):
        sheet.warn(row.row, "refund", "figure_above", other=sheet.written("gmv"))
