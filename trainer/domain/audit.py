"""The audit chain: how an event's hash follows from its content and the hash before it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

FIRST_HASH = "0" * 64


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


def first_broken(events: Iterable[Event]) -> int | None:
    """The number of the first event, in order, that is missing, altered or out of place; None where the chain holds.

    A chain cannot see its own tail cut off: compare its head with one that was published.
    """
    expected, previous = 1, FIRST_HASH
    for event in events:
        if event.seq != expected or event.previous_hash != previous or event.reckon() != event.hash:
            return expected
        expected, previous = expected + 1, event.hash
    return None
