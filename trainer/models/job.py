"""Runs of scheduled jobs, and the cohort metrics the nightly job keeps."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.jobs import JobState
from trainer.domain.sales import SalesKind, TrustBasis, trust_basis
from trainer.models.types import UTCDateTime, enum_column


class JobRun(Base):
    """One run of a job for a period; the key keeps two schedulers from doing it twice."""

    __tablename__ = "job_runs"
    __table_args__ = (Index("ix_job_runs_started", "started_at"), Index("ix_job_runs_job", "job", "started_at"))

    job: Mapped[str] = mapped_column(String(60), primary_key=True, info={"pii": "S0"})
    period: Mapped[str] = mapped_column(String(40), primary_key=True, info={"pii": "S0"})
    state: Mapped[JobState] = mapped_column(enum_column(JobState))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    message: Mapped[str] = mapped_column(Text, default="", info={"pii": "S0"})


class CohortMetrics(Base):
    """A cohort's figures as last reckoned; rates as numerator and denominator, money in fen."""

    __tablename__ = "cohort_metrics"

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), primary_key=True)
    reckoned_at: Mapped[datetime] = mapped_column(UTCDateTime)
    enrolled: Mapped[int]
    lessons_closed: Mapped[int]
    attended_minutes: Mapped[int] = mapped_column(BigInteger)
    counted_minutes: Mapped[int] = mapped_column(BigInteger)
    meeting_rule: Mapped[int]
    with_shop: Mapped[int]
    with_livestream: Mapped[int]
    with_paid_order: Mapped[int]
    livestreams: Mapped[int]
    paid_fen: Mapped[int] = mapped_column(BigInteger)
    refunded_fen: Mapped[int] = mapped_column(BigInteger)
    # Of the least trusted of the lines behind the two sums; None where there are none.
    sales_trust: Mapped[int | None]

    @property
    def sales_basis(self) -> TrustBasis | None:
        return None if self.sales_trust is None else trust_basis(self.sales_trust, SalesKind.ORDER)
