"""Words on what leaves the house: the lines that stand above every export."""

from datetime import datetime

from flask_babel import gettext as _


def export_lines(title: str, *, unit: str, at: datetime, by: str) -> tuple[str, ...]:
    """The title, then who made the sheet and when; `at` by China's clock (`clock.local`)."""
    made = _(
        "Prepared by: %(unit)s    Exported at: %(at)s    Exported by: %(by)s",
        unit=unit,
        at=f"{at:%Y-%m-%d %H:%M}",
        by=by,
    )
    return (title, made)
