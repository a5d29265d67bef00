"""Findings in sales figures that need a look (需核实): evidence, explanation, a second person's decision."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.anomaly import AnomalyCheck, AnomalyState, Decision, Explanation
from trainer.models.types import EncryptedText, UTCDateTime, enum_column


class Anomaly(Base):
    """One finding of one check in one shop; found again it is the same one, by its `subject`."""

    __tablename__ = "anomalies"
    __table_args__ = (
        UniqueConstraint("shop_id", "check", "subject"),
        CheckConstraint("decided_by IS NULL OR explained_by IS NULL OR decided_by <> explained_by", name="two_people"),
        Index("ix_anomalies_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    check: Mapped[AnomalyCheck] = mapped_column(enum_column(AnomalyCheck))
    # What was found, as a key: the same rows give the same one.
    subject: Mapped[str] = mapped_column(String(120), info={"pii": "S1"})
    state: Mapped[AnomalyState] = mapped_column(enum_column(AnomalyState))
    # How far beyond its bound, for the order of the queue: 1 is at the bound.
    weight: Mapped[float]
    # What its sentences are made of, and the rows it rests on, see domain.anomaly.Finding:
    # {"said": [[sign, values]…], "livestreams", "order_lines", "entries", "whole"}.
    evidence: Mapped[dict] = mapped_column(JSON, info={"pii": "S1"})
    found_at: Mapped[datetime] = mapped_column(UTCDateTime)
    explanation: Mapped[Explanation | None] = mapped_column(enum_column(Explanation))
    words: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S1"})
    explained_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    explained_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decision: Mapped[Decision | None] = mapped_column(enum_column(Decision))
    reason: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S1"})
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class AnomalyEvent(Base):
    """One step of a finding: found, explained, decided, opened again; nothing is overwritten."""

    __tablename__ = "anomaly_events"
    __table_args__ = (Index("ix_anomaly_events_anomaly", "anomaly_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    anomaly_id: Mapped[int] = mapped_column(ForeignKey("anomalies.id"))
    state: Mapped[AnomalyState] = mapped_column(enum_column(AnomalyState))
    explanation: Mapped[Explanation | None] = mapped_column(enum_column(Explanation))
    decision: Mapped[Decision | None] = mapped_column(enum_column(Decision))
    words: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S1"})
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
