"""What was measured of counties, and the mentors posted to them."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.county_indicator import IndicatorKind
from trainer.models.follow_up import TakenDown
from trainer.models.types import UTCDateTime, enum_column


class IndicatorReading(TakenDown, Base):
    """A county's figure on a day, with where it comes from."""

    __tablename__ = "indicator_readings"
    __table_args__ = (
        CheckConstraint("value_hundredths >= 0", name="value"),
        Index("ix_indicator_readings_series", "programme_id", "region_code", "kind", "subject", "measured_on"),
    )

    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    kind: Mapped[IndicatorKind] = mapped_column(enum_column(IndicatorKind))
    # Of what: the product whose price it is; empty where the kind says enough.
    subject: Mapped[str] = mapped_column(String(60), default="", info={"pii": "S0"})
    unit: Mapped[str] = mapped_column(String(20), info={"pii": "S0"})
    value_hundredths: Mapped[int] = mapped_column(BigInteger)
    measured_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(300), info={"pii": "S0"})
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))


class MentorPosting(Base):
    """A mentor posted to a county, with a plan."""

    __tablename__ = "mentor_postings"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("planned_visits > 0", name="visits"),
        Index("ix_mentor_postings_programme", "programme_id", "region_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    name: Mapped[str] = mapped_column(String(60), info={"pii": "S1"})
    organisation: Mapped[str] = mapped_column(String(120), default="", info={"pii": "S0"})
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    plan: Mapped[str] = mapped_column(Text, info={"pii": "S0"})
    planned_visits: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # Ended before its time, or never begun.
    ended_on: Mapped[date | None]
    ended_because: Mapped[str] = mapped_column(String(300), default="", info={"pii": "S1"})
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class MentorVisit(TakenDown, Base):
    """A mentor was there: what was done, for how many women, for how long."""

    __tablename__ = "mentor_visits"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("women >= 0", name="women"),
        Index("ix_mentor_visits_posting", "posting_id", "day"),
    )

    posting_id: Mapped[int] = mapped_column(ForeignKey("mentor_postings.id"))
    day: Mapped[date]
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(120), info={"pii": "S0"})
    women: Mapped[int]
    words: Mapped[str] = mapped_column(Text, info={"pii": "S1"})
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
