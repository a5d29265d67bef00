"""Broadcasts typed in by hand: what six numbers say, what stands against them, which broadcast of a file is the same one."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from trainer.domain.days import CHINA
from trainer.domain.sales import GmvMeasure, RefundBasis
from trainer.domain.sales_import import Facts, start_key


class EntryState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHECKED = "checked"
    RETURNED = "returned"
    # A platform's file brought the same broadcast; what was typed stays readable.
    REPLACED = "replaced"
    TAKEN_BACK = "taken_back"


# What she may still change, and what stands in the register of broadcasts as her word.
CHANGEABLE = (EntryState.DRAFT, EntryState.RETURNED)
STANDING = (EntryState.SUBMITTED, EntryState.CHECKED)
# Two beginnings so near are of one broadcast: she looks at the clock, the platform counts from the first picture.
SAME_START = timedelta(minutes=10)
LONGEST = timedelta(hours=24)
EARLIEST = datetime(2016, 1, 1, tzinfo=CHINA)  # the year in which these platforms began to sell in broadcasts
MOST_PEOPLE = 1_000_000_000
MOST_FEN = 10**13
# One of so many entries is read from the picture a second time.
SAMPLE = 10

SCALES = {"": 1, "千": 1_000, "k": 1_000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+)([千万亿kw]?)(\+?)")
_CLOCK = re.compile(r"(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?")
_SPOKEN = re.compile(r"(?:(\d+(?:\.\d+)?)(?:个?小时|时|h))?(?:(\d+)(?:分钟|分|min|m)?)?(?:(\d+)(?:秒钟|秒|s))?")


@dataclass(frozen=True)
class Typed:
    """The six numbers; None where nothing was typed. `rounded`: names of those that the platform had printed with 万."""

    started_at: datetime | None = None
    duration_s: int | None = None
    viewers: int | None = None
    orders: int | None = None
    gmv_fen: int | None = None
    refund_fen: int | None = None
    rounded: tuple[str, ...] = ()


FIGURES = ("started_at", "duration_s", "viewers", "orders", "gmv_fen", "refund_fen")


class UnreadableFigure(ValueError):
    """What was typed is not a figure of that kind."""


def _plain(text: str) -> str:
    return re.sub(r"[\s¥￥元人单]", "", unicodedata.normalize("NFKC", text)).lower()


def read_number(text: str, *, most: int, decimals: int = 0) -> tuple[int, bool]:
    """(figure in the smallest unit, whether it is exact): 1.2万, 1,234, ￥58.50. UnreadableFigure where it is none."""
    found = _NUMBER.fullmatch(_plain(text))
    if found is None:
        raise UnreadableFigure(text)
    digits, scale, more = found.groups()
    figure = Decimal(digits.replace(",", "")) * SCALES[scale] * 10**decimals
    if figure != figure.to_integral_value() or figure > most:
        raise UnreadableFigure(text)
    return int(figure), not (scale or more)


def read_duration(text: str) -> int:
    """Seconds out of 90 (minutes), 1:30, 1:30:05, 1小时30分. UnreadableFigure where it is none."""
    said = _plain(text)
    if clock := _CLOCK.fullmatch(said):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        if minutes > 59 or seconds > 59:
            raise UnreadableFigure(text)
        return hours * 3600 + minutes * 60 + seconds
    spoken = _SPOKEN.fullmatch(said)
    if spoken is None or not any(spoken.groups()):
        raise UnreadableFigure(text)
    hours, minutes, seconds = (Decimal(part or 0) for part in spoken.groups())
    if hours + minutes + seconds > 100_000:
        raise UnreadableFigure(text)
    return int(hours * 3600 + minutes * 60 + seconds)


def written(figure: int | None, *, rounded: bool, decimals: int = 0) -> str:
    """The figure as it is typed again, so that reading it gives the same."""
    if figure is None:
        return ""
    whole = Decimal(figure).scaleb(-decimals)
    return f"{(whole / 10_000).normalize():f}万" if rounded else f"{whole:.{decimals}f}"


def faults(typed: Typed, *, has_picture: bool, at: datetime) -> Iterator[str]:
    """Why it cannot be handed in, the first thing first."""
    if typed.started_at is None:
        yield "no_start"
        return
    if typed.gmv_fen is None:
        yield "no_amount"
    if not has_picture:
        yield "no_picture"
    if typed.started_at > at:
        yield "future"
    elif typed.started_at < EARLIEST:
        yield "too_early"
    if typed.duration_s is not None:
        if not 0 < typed.duration_s <= LONGEST.total_seconds():
            yield "duration"
        elif typed.started_at <= at < typed.started_at + timedelta(seconds=typed.duration_s):
            yield "still_on"
    if _above(typed, "orders", "viewers"):
        yield "orders_above_viewers"


def oddities(typed: Typed) -> list[str]:
    """What the second person should look at; nothing of it keeps anybody from handing it in."""
    odd = ["refund_above_amount"] if _above(typed, "refund_fen", "gmv_fen") else []
    return odd + (["amount_without_orders"] if typed.gmv_fen and typed.orders == 0 else [])


def _above(typed: Typed, name: str, bound: str) -> bool:
    """Told of exact figures alone: 1.2万 may be less than it says."""
    figure, most = getattr(typed, name), getattr(typed, bound)
    return figure is not None and most is not None and figure > most and not {name, bound} & set(typed.rounded)


def facts_of_entry(shop_id: int, typed: Typed, trust: int) -> Facts:
    """The columns of the broadcast that it stands for. She is asked for refunds of what this broadcast sold."""
    return {
        "natural_key": start_key(shop_id, typed.started_at),
        "started_at": typed.started_at.astimezone(UTC),
        "duration_s": typed.duration_s,
        "viewers": typed.viewers,
        "viewers_exact": "viewers" not in typed.rounded,
        "orders": typed.orders,
        "gmv_fen": typed.gmv_fen,
        "gmv_exact": "gmv_fen" not in typed.rounded,
        "gmv_measure": GmvMeasure.ROOM.value,
        "refund_fen": typed.refund_fen,
        "refund_basis": None if typed.refund_fen is None else RefundBasis.PAYMENT_DAY.value,
        "trust": trust,
    }


def is_same_broadcast(one: tuple[datetime, int | None], other: tuple[datetime, int | None]) -> bool:
    """Of one shop, as (beginning, seconds): they begin within ten minutes and run at the same time; unknown lengths may."""
    (first, first_s), (second, _second_s) = sorted((one, other), key=lambda broadcast: broadcast[0])
    return second - first <= SAME_START and (first_s is None or first + timedelta(seconds=first_s) > second)


def pair(typed: Mapping[int, datetime], said: Mapping[str, datetime]) -> dict[str, int]:
    """Which broadcast of a file (by key) is which typed one (by number): the nearest beginnings first, each once.
    Hers are of whole minutes, and so are the file's for this."""
    near = sorted(
        (abs(began - at), key, id_)
        for key, began in ((key, moment.replace(second=0, microsecond=0)) for key, moment in said.items())
        for id_, at in typed.items()
        if abs(began - at) <= SAME_START
    )
    found: dict[str, int] = {}
    for _distance, key, id_ in near:
        if key not in found and id_ not in found.values():
            found[key] = id_
    return found


def wants_retyping(entry_id: int, gmv_fen: int | None, limit_fen: int) -> bool:
    """Whether the second person reads the amount from the picture before she sees what was typed: large ones, and one
    in ten of the others, which nobody chooses."""
    drawn = int(hashlib.sha256(f"sales entry {entry_id}".encode()).hexdigest(), 16) % SAMPLE == 0
    return drawn or (gmv_fen or 0) >= limit_fen


def may_change(state: EntryState, *, is_hers: bool, account_id: int | None, typists: Iterable[int | None]) -> bool:
    """Drafts and what was returned: she herself, and whoever typed it for her."""
    return state in CHANGEABLE and (is_hers or (account_id is not None and account_id in typists))
