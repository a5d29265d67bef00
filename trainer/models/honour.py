"""Honours: people and projects named in a year, on a public page once published."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.honour import HonourKind
from trainer.models.types import UTCDateTime, enum_column


class Honour(Base):
    """One of them; taken from the page with a reason, never deleted."""

    __tablename__ = "honours"
    __table_args__ = (
        CheckConstraint("(kind = 'person') = (person_id IS NOT NULL)", name="person"),
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
        Index("ix_honours_year", "year", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    kind: Mapped[HonourKind] = mapped_column(enum_column(HonourKind))
    # What she or it is called on the list: 年度带头人.
    title: Mapped[str] = mapped_column(String(120), info={"pii": "S0"})
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    project: Mapped[str] = mapped_column(String(120), default="", info={"pii": "S0"})
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    citation: Mapped[str] = mapped_column(Text, default="", info={"pii": "S1"})
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    withdrawal_reason: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
