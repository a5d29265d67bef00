"""The calendar: days that are off or worked, and addresses from which a calendar program fetches lessons."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.holiday import DayKind
from trainer.models.types import UTCDateTime, enum_column


class Holiday(Base):
    """A day on which the weekday does not say whether people work; what staff have set is never seeded over."""

    __tablename__ = "holidays"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[DayKind] = mapped_column(enum_column(DayKind))
    name: Mapped[str] = mapped_column(String(60), info={"pii": "S0"})
    # None: from the list that comes with the installation.
    set_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CalendarFeed(Base):
    """A secret address that shows one account's lessons to its calendar program, until she takes it back."""

    __tablename__ = "calendar_feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    fetched_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
