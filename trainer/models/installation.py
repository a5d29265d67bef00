"""What the installation knows of itself: flags, and the keys that make a doubled click harmless."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.models.types import UTCDateTime


class SiteFlag(Base):
    """A fact about this database, such as `demonstration`."""

    __tablename__ = "site_flags"

    name: Mapped[str] = mapped_column(String(40), primary_key=True, info={"pii": "S0"})
    value: Mapped[str] = mapped_column(String(200), info={"pii": "S0"})


class IdempotencyKey(Base):
    """One creating act that was asked for; the same key again answers with the same result."""

    __tablename__ = "idempotency_keys"

    key: Mapped[str] = mapped_column(String(80), primary_key=True, info={"pii": "S0"})
    action: Mapped[str] = mapped_column(String(60), info={"pii": "S0"})
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    result: Mapped[str | None] = mapped_column(String(200), info={"pii": "S0"})
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
