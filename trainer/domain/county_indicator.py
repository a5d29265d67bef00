"""What is measured of a county before and after: its kinds and their units."""

from enum import StrEnum


class IndicatorKind(StrEnum):
    PURCHASE_PRICE = "purchase_price"
    LOGISTICS_POINTS = "logistics_points"
    PRACTITIONERS = "practitioners"
    HOUSEHOLDS = "households"
