"""Phone spot checks: the draw of a cohort, and each call with its outcome."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.attendance import AttendanceStatus
from trainer.domain.spot_check import SpotCheckOutcome
from trainer.models.types import UTCDateTime, enum_column


class SpotCheckDraw(Base):
    """One drawing over the closed lessons of a cohort; the seed draws the same again."""

    __tablename__ = "spot_check_draws"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    seed: Mapped[int] = mapped_column(BigInteger)
    # How many women could be drawn, and how many were.
    eligible: Mapped[int]
    drawn: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class SpotCheck(Base):
    """One woman drawn, asked about one lesson; `reported` is what the roll said when she was drawn."""

    __tablename__ = "spot_checks"
    __table_args__ = (UniqueConstraint("draw_id", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("spot_check_draws.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)
    reported: Mapped[AttendanceStatus] = mapped_column(enum_column(AttendanceStatus))
    outcome: Mapped[SpotCheckOutcome | None] = mapped_column(enum_column(SpotCheckOutcome))
    tries: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(300), default="", info={"pii": "S1"})
    called_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    called_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
