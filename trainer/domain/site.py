"""Sites of the network: their kinds."""

from enum import StrEnum


class SiteKind(StrEnum):
    """From the widest to the nearest."""

    HUB = "hub"
    CITY_CENTRE = "city_centre"
    COUNTY_POINT = "county_point"
    VILLAGE_STATION = "village_station"
