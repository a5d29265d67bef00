"""The audit chain: how an event's hash follows from its content and the hash before it, which events a filter takes,
and what events tell of a thing."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from trainer.domain.days import china_day

FIRST_HASH = "0" * 64
# Where an event tells only of the state that something came into, or left.
WHOLE = "value"


@dataclass(frozen=True)
class Event:
    """An event as it was recorded; `at` in UTC."""

    seq: int
    at: datetime
    account_id: int | None
    actor_name: str
    action: str
    object_type: str
    object_id: str
    success: bool
    details: dict
    previous_hash: str
    hash: str = ""
    address: str | None = None

    def reckon(self) -> str:
        """SHA-256 over everything but the hash itself."""
        content = [
            self.seq,
            self.at.isoformat(timespec="microseconds"),
            self.account_id,
            self.actor_name,
            self.action,
            self.object_type,
            self.object_id,
            self.success,
            self.details,
            self.previous_hash,
        ]
        if self.address is not None:  # events from before addresses were kept have none
            content.append(self.address)
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def as_json(self) -> str:
        """One line of a file."""
        told = {**asdict(self), "at": self.at.isoformat(timespec="microseconds")}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, line: str) -> "Event":
        told = json.loads(line)
        return cls(**{**told, "at": datetime.fromisoformat(told["at"])})


@dataclass(frozen=True)
class Link:
    """A place in the chain: the last event that was sealed, where the chain is to go on from."""

    seq: int = 0
    hash: str = FIRST_HASH


def first_broken(events: Iterable[Event], after: Link = Link()) -> int | None:
    """The number of the first event, in order, that is missing, altered or out of place; None where the chain holds.

    A chain cannot see its own tail cut off: compare its head with one that was published.
    """
    expected, previous = after.seq + 1, after.hash
    for event in events:
        if event.seq != expected or event.previous_hash != previous or event.reckon() != event.hash:
            return expected
        expected, previous = expected + 1, event.hash
    return None


@dataclass(frozen=True)
class Filter:
    """Which events are asked for; an empty field asks nothing. Days are of China, both included."""

    who: str = ""
    action: str = ""
    thing: str = ""
    number: str = ""
    success: bool | None = None
    since: date | None = None
    until: date | None = None
    address: str = ""

    @classmethod
    def of(cls, typed: Mapping[str, str]) -> "Filter":
        """From the words of an address or a task; what cannot be read asks nothing."""
        words = {name: typed.get(name, "").strip() for name in ("who", "action", "thing", "number", "address")}
        success = {"yes": True, "no": False}.get(typed.get("success", ""))
        return cls(**words, success=success, since=_day(typed.get("since")), until=_day(typed.get("until")))

    def words(self) -> dict[str, str]:
        """What `of` makes this filter from, without what asks nothing."""
        told = {name: str(value) for name, value in asdict(self).items() if value not in (None, "")}
        return told | ({} if self.success is None else {"success": "yes" if self.success else "no"})

    @property
    def is_family(self) -> bool:
        """`lesson.` stands for every act on lessons."""
        return self.action.endswith(".")

    def takes(self, event: Event) -> bool:
        """The twin of the query's WHERE, for events that are in no table."""
        day = china_day(event.at)
        return (
            self.who.lower() in event.actor_name.lower()
            and (self.action in ("", event.action) or (self.is_family and event.action.startswith(self.action)))
            and self.thing in ("", event.object_type)
            and self.number in ("", event.object_id)
            and self.success in (None, event.success)
            and (self.since is None or day >= self.since)
            and (self.until is None or day <= self.until)
            and self.address in ("", event.address)
        )


def _day(typed: str | None) -> date | None:
    try:
        return date.fromisoformat(typed or "")
    except ValueError:
        return None


@dataclass(frozen=True)
class Change:
    """One field of an event: what it was and what it became; None where the event does not tell."""

    field: str
    before: object = None
    after: object = None


def changes(details: Mapping[str, object]) -> list[Change]:
    """An event's details field by field: those with a before and after first, then what it told besides."""
    before, after = _fields(details.get("before")), _fields(details.get("after"))
    told = [Change(name, before.get(name), after.get(name)) for name in {**before, **after}]
    return told + [Change(name, None, value) for name, value in details.items() if name not in ("before", "after")]


def _fields(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {} if value is None else {WHOLE: value}


@dataclass(frozen=True)
class Known:
    """A field of a thing as an event told it last."""

    field: str
    value: object
    event: Event


def state_of(events: Iterable[Event]) -> list[Known]:
    """What successful events, in order, tell of their thing: for each field the last value, and who set it.

    A field that no event told is not there: the trail does not know it.
    """
    known: dict[str, Known] = {}
    for event in events:
        if event.success:
            after = {**_fields(event.details.get("after"))}
            after |= {name: value for name, value in event.details.items() if name not in ("before", "after")}
            known |= {name: Known(name, value, event) for name, value in after.items()}
    return list(known.values())


def visible(text: str) -> str:
    r"""The text on one line: what breaks a line, hides or turns the writing round is shown by its code (\n, \u202e)."""
    return "".join(
        c.encode("unicode_escape").decode() if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in text
    )
