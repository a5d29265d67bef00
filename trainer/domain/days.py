"""Calendar days as people in China count them."""

from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))  # without summer time since 1991
# From a moment on, up to another one, which is not in it.
Span = tuple[datetime, datetime]


def china_day(moment: datetime) -> date:
    """The day on which a stored moment falls in China."""
    return moment.astimezone(CHINA).date()


def day_begins(day: date) -> datetime:
    """The moment at which a day begins in China."""
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)
