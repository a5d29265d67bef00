"""Visits to founders: what visitors must find out, how each fact is written, and what stands where two say different things."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from trainer.domain.roll_queue import believable, is_nonce
from trainer.errors import Refused

# A place is known only by those who went there: one alone convinces nobody.
VISITORS_NEEDED = 2
MOST_QUESTIONS = 30
MOST_PICTURES = 12
LONGEST_VALUE = 200
LONGEST_NONCE = 36
# As many as one request may bring; a visit has fewer.
MOST_SAYINGS = 200
_LARGEST = Decimal(10) ** 12
_LARGEST_ID = 2**31 - 1


class FactKind(StrEnum):
    """How a fact is written."""

    YES_NO = "yes_no"
    NUMBER = "number"
    WORDS = "words"


class FactSource(StrEnum):
    """Who says it: a visitor, or whoever settled what two of them said differently."""

    VISITOR = "visitor"
    SETTLED = "settled"


class SayingOutcome(StrEnum):
    """What became of something a phone sent."""

    SAVED = "saved"
    # It was there already: the answer to the first sending never arrived.
    ALREADY = "already"
    REFUSED = "refused"


class UnreadableSaying(Refused):
    """What arrived is nothing of ours."""

    code = "visit_saying_unreadable"
    status = 422


class UnfitFact(Refused):
    """A word where a number is asked for, and the like."""

    code = "visit_fact_unfit"
    status = 422


# What a visit of experts to founders looks at; the words are data and stay Chinese.
STANDARD: tuple[tuple[str, FactKind, bool], ...] = (
    ("经营项目真实存在，正在经营", FactKind.YES_NO, True),
    ("经营者就是申报人本人", FactKind.YES_NO, True),
    ("实际经营地点与申报材料一致", FactKind.YES_NO, False),
    ("经营地点（哪个村、哪条街、什么门面）", FactKind.WORDS, False),
    ("场地面积（平方米）", FactKind.NUMBER, False),
    ("场地、设备能正常使用", FactKind.YES_NO, False),
    ("参与经营的人数", FactKind.NUMBER, False),
    ("其中妇女人数", FactKind.NUMBER, False),
    ("直播或网店账号当场打开看过，与申报一致", FactKind.YES_NO, False),
    ("营业执照、许可等证件齐全", FactKind.YES_NO, False),
    ("有收支账目或流水可查", FactKind.YES_NO, False),
    ("带动周边妇女的户数", FactKind.NUMBER, False),
    ("申报书以外看到的情况", FactKind.WORDS, False),
)


def read_value(kind: FactKind, text: str) -> str:
    """A fact as it is kept; nothing at all means: could not be found out. Raises UnfitFact."""
    text = text.strip()
    if len(text) > LONGEST_VALUE or "\x00" in text:
        raise UnfitFact()
    if text == "" or kind is FactKind.WORDS:
        return text
    if kind is FactKind.YES_NO:
        if text not in ("yes", "no"):
            raise UnfitFact()
        return text
    return _number(text)


def _number(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise UnfitFact() from None
    if not number.is_finite() or not 0 <= number < _LARGEST or number.as_tuple().exponent < -2:
        raise UnfitFact()
    return f"{number.normalize():f}" if number else "0"


@dataclass(frozen=True)
class Place:
    """Where a phone said it was, in WGS-84 degrees."""

    latitude: float
    longitude: float
    accuracy_m: int


@dataclass(frozen=True)
class Saying:
    """One thing a visitor's phone sends: a fact, or (`question_id` None) that she has arrived, perhaps with her place.

    `said_at`: by the phone's clock, None where that says nothing.
    """

    nonce: str
    said_at: datetime | None
    question_id: int | None = None
    value: str = ""
    place: Place | None = None


def read_saying(raw: object, *, at: datetime) -> Saying:
    """As the script writes it: {nonce, said_at, question, value} or {nonce, said_at, place}. Raises UnreadableSaying."""
    if not isinstance(raw, Mapping) or not is_nonce(raw.get("nonce")) or len(raw["nonce"]) > LONGEST_NONCE:
        raise UnreadableSaying()
    question, value = raw.get("question"), raw.get("value", "")
    if question is not None and not (type(question) is int and 0 < question <= _LARGEST_ID):
        raise UnreadableSaying()
    if not isinstance(value, str):
        raise UnreadableSaying()
    said_at = believable(raw.get("said_at"), at=at)
    return Saying(raw["nonce"], said_at, question, value, read_place(raw.get("place")))


def read_place(raw: object) -> Place | None:
    """Latitude, longitude and accuracy in metres as the browser gives them; None where they are none."""
    if not isinstance(raw, Mapping):
        return None
    numbers = [raw.get(name) for name in ("latitude", "longitude", "accuracy")]
    if any(type(number) not in (int, float) or not abs(number) < 1e9 for number in numbers):
        return None
    latitude, longitude, accuracy = numbers
    if abs(latitude) > 90 or abs(longitude) > 180 or accuracy < 0:
        return None
    return Place(round(latitude, 6), round(longitude, 6), round(accuracy))


@dataclass(frozen=True)
class Standing:
    """What stands for a question: `value` is None while nobody has found it out, it is contradicted or left open.

    `contradicted`: two visitors say different things, and nobody has settled it. `settled`: somebody has, `value` None
    then means that it stays open.
    """

    value: str | None
    contradicted: bool = False
    settled: bool = False
    is_veto: bool = False


def weigh(kind: FactKind, said: Iterable[str], *, settled: str | None = None, asks_veto: bool = False) -> Standing:
    """What stands, of the visitors' last words; "" is: could not be found out, which contradicts nobody.

    Words of one's own stand beside each other. A veto is any “no” that nobody has settled away: it asks to talk.
    """
    said = list(said)
    values = {value for value in said if value}
    refused = asks_veto and "no" in values and settled != "yes"
    if settled is not None:
        return Standing(settled or None, settled=True, is_veto=refused)
    if kind is FactKind.WORDS:
        return Standing("；".join(value for value in said if value) or None)
    if len(values) > 1:
        return Standing(None, contradicted=True, is_veto=refused)
    return Standing(next(iter(values), None), is_veto=refused)


def neighbour(positions: Sequence[int], position: int, *, up: bool) -> int | None:
    """The place to change with, one further up or down; None at the end."""
    order = sorted(positions)
    at = order.index(position) + (-1 if up else 1)
    return order[at] if 0 <= at < len(order) else None
