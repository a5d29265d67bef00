"""Messages: their kinds, whom a letter goes to, what may stand in it, and how far a delivery has come."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from trainer.domain.actors import Role
from trainer.domain.days import CHINA
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus
from trainer.errors import Refused

INBOX = "inbox"
PLACEHOLDER = re.compile(r"\{([^{}\n]{0,40})\}")
NAME = "name"
# What staff may put in braces; a letter to colleagues knows no cohort.
OF_A_COHORT = ("cohort", "next_lesson", "next_place")
IN_CHINESE = {"姓名": NAME, "培训班": "cohort", "下次课": "next_lesson", "地点": "next_place"}
# So long a letter can be taken back from those who have not read it.
TAKE_BACK_WITHIN = timedelta(minutes=10)


class MessageKind(StrEnum):
    """A notice comes from the site itself, as a code with values; a letter was written by somebody."""

    NOTICE = "notice"
    LETTER = "letter"


class DeliveryState(StrEnum):
    """UNKNOWN: the process died between handing over and hearing the answer; never sent again by itself."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Circle(StrEnum):
    """Which women of a cohort a letter is for."""

    ON_THE_ROLL = "on_the_roll"
    NOT_SIGNED_IN = "not_signed_in"
    ABSENT = "absent"
    BELOW_RULE = "below_rule"
    WITHOUT_SHOP = "without_shop"
    APPLIED = "applied"
    WAITLISTED = "waitlisted"
    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"
    WITHDRAWN = "withdrawn"

    @property
    def statuses(self) -> frozenset[EnrolmentStatus]:
        """Those whose women it is cut from."""
        return frozenset({EnrolmentStatus(self)}) if self in set(EnrolmentStatus) else ON_THE_ROLL


@dataclass(frozen=True)
class Audience:
    """Whom a letter is for: women of one cohort, or colleagues with a role within the writer's reach."""

    cohort_id: int | None = None
    circle: Circle | None = None
    role: Role | None = None

    def kept(self) -> dict[str, object]:
        """As the message's row holds it."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def read_audience(kept: Mapping[str, object]) -> Audience:
    circle, role = kept.get("circle"), kept.get("role")
    return Audience(kept.get("cohort_id"), Circle(circle) if circle else None, Role(role) if role else None)


@dataclass(frozen=True)
class LetterDraft:
    """A letter as it was written, before anything is filled in; `channels` besides the inbox."""

    subject: str
    body: str
    audience: Audience
    channels: tuple[str, ...] = ()


class UnknownPlaceholder(Refused):
    code = "unknown_placeholder"


class PlaceholderWithoutCohort(Refused):
    """A letter to colleagues is about no cohort."""

    code = "placeholder_without_cohort"


class NoNextLesson(Refused):
    """The letter names the next lesson, and there is none."""

    code = "no_next_lesson"


def placeholders(*texts: str) -> set[str]:
    """What stands in braces. Raises UnknownPlaceholder."""
    found = {_plain(name) for text in texts for name in PLACEHOLDER.findall(text)}
    for name in sorted(found - {NAME, *OF_A_COHORT}):
        raise UnknownPlaceholder(name=f"{{{name}}}")
    return found


def fill(text: str, values: Mapping[str, str]) -> str:
    """`values` in the place of their names in braces; other braces stay."""
    return PLACEHOLDER.sub(lambda found: values.get(_plain(found[1]), found[0]), text)


def _plain(name: str) -> str:
    return IN_CHINESE.get(name.strip(), name.strip())


def when_in_words(moment: datetime) -> str:
    """3月8日（星期日）09:00: letters are read by the women, whoever wrote them."""
    local = moment.astimezone(CHINA)
    return f"{local.month}月{local.day}日（星期{'一二三四五六日'[local.weekday()]}）{local:%H:%M}"


def keep_values(values: Mapping[str, object]) -> dict[str, object]:
    """A notice's values as JSON that still says what they are: an enum's word is the reader's, not the writer's."""
    return {name: _kept(value) for name, value in values.items()}


def _kept(value: object) -> object:
    if isinstance(value, StrEnum):
        return {"kind": type(value).__name__, "value": value.value}
    if isinstance(value, datetime):
        return {"kind": "moment", "value": value.isoformat()}
    if isinstance(value, date):
        return {"kind": "day", "value": value.isoformat()}
    return value if isinstance(value, int | float | str) else str(value)


def once(ids: Iterable[int | None]) -> list[int]:
    """Each reader once, in order; nobody is nobody."""
    return list(dict.fromkeys(number for number in ids if number is not None))
