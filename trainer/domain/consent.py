"""Consents: what she may agree to, to which version of the notice, by which way, and where each stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ConsentScope(StrEnum):
    BASIC = "basic"
    ID_NUMBER = "id_number"
    BANK_ACCOUNT = "bank_account"
    PICTURES = "pictures"
    PUBLICATION = "publication"
    PROMOTION = "promotion"


class ConsentChannel(StrEnum):
    """How a consent came, or its withdrawal."""

    PAPER = "paper"
    ONLINE = "online"
    ROSTER = "roster"
    TELEPHONE = "telephone"


# How somebody who does nothing on a phone of her own lets staff know.
TOLD_TO_STAFF = (ConsentChannel.TELEPHONE, ConsentChannel.PAPER)


@dataclass(frozen=True)
class Notice:
    """A version of the page “How your data are kept”: templates/consent/notices/<version>.html."""

    version: str
    since: date


# The newest last. A version that was once in force is never edited: consents were given to those words.
NOTICES = (
    Notice("2026-11", date(2026, 11, 1)),
    Notice("2026-11-22", date(2026, 11, 22)),
    Notice("2026-11-23", date(2026, 11, 23)),
    Notice("2026-11-24", date(2026, 11, 24)),
)
NOTICE_VERSION = NOTICES[-1].version


def notice_on(day: date) -> Notice:
    """The version in force on a day; the first for papers signed before there was one."""
    return max((notice for notice in NOTICES if notice.since <= day), key=lambda n: n.since, default=NOTICES[0])


@dataclass(frozen=True)
class GivenConsent:
    """One consent as it was recorded, and withdrawn perhaps; `recorded_by` and `withdrawn_by` are names of staff."""

    id: int
    scope: ConsentScope
    version: str
    channel: ConsentChannel
    given_at: datetime
    recorded_by: str | None
    has_scan: bool
    withdrawn_at: datetime | None
    withdrawal_channel: ConsentChannel | None
    withdrawn_by: str | None
    withdrawal_reason: str

    @property
    def in_force(self) -> bool:
        return self.withdrawn_at is None


@dataclass(frozen=True)
class Standing:
    """Where one scope stands with one woman: the consent in force, or the one withdrawn last."""

    scope: ConsentScope
    consent: GivenConsent | None

    @property
    def in_force(self) -> bool:
        return self.consent is not None and self.consent.in_force

    @property
    def is_asked_again(self) -> bool:
        """She agreed to an older version; that holds, and the new one is shown to her."""
        return self.in_force and self.consent.version != NOTICE_VERSION


def standings(consents: Sequence[GivenConsent]) -> list[Standing]:
    """Each scope in its order; of several consents in force the newest version's counts."""
    return [Standing(scope, _telling([c for c in consents if c.scope is scope])) for scope in ConsentScope]


def newer_versions(stand: Sequence[Standing]) -> list[str]:
    """Versions that came after the oldest one she agreed to and is asked about again, oldest first."""
    order = [notice.version for notice in NOTICES]
    known = [one.consent.version for one in stand if one.is_asked_again]
    return order[min(order.index(version) + 1 if version in order else 0 for version in known) :] if known else []


def _telling(consents: list[GivenConsent]) -> GivenConsent | None:
    in_force = [c for c in consents if c.in_force]
    order = [notice.version for notice in NOTICES]
    if in_force:
        return max(in_force, key=lambda c: (order.index(c.version) if c.version in order else -1, c.id))
    return max(consents, key=lambda c: (c.withdrawn_at, c.id), default=None)
