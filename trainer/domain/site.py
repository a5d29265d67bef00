"""Sites of the network: their kinds, and which may look after which."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trainer.domain.programme import lies_within


class SiteKind(StrEnum):
    """From the widest to the nearest."""

    HUB = "hub"
    CITY_CENTRE = "city_centre"
    COUNTY_POINT = "county_point"
    VILLAGE_STATION = "village_station"


@dataclass(frozen=True)
class SiteDraft:
    """A site as a manager describes it."""

    name: str
    kind: SiteKind
    region_code: str
    opened_on: date
    parent_id: int | None = None
    address: str = ""
    contact_name: str = ""
    contact_phone: str = ""


def is_wider(kind: SiteKind, than: SiteKind) -> bool:
    """Whether a site of `kind` may look after one of the other kind; as only wider ones may, there are no circles."""
    order = list(SiteKind)
    return order.index(kind) < order.index(than)


def holds(outer: str, inner: str) -> bool:
    """Whether a site in the region `outer` may look after one in `inner`."""
    return lies_within(inner, outer)
