"""Service hours: the ledger of help given, and the tariff that turns hours into points."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.service_hours import ServiceKind, ServiceState
from trainer.models.types import EncryptedText, UTCDateTime, enum_column


class ServiceTariff(Base):
    """Points for an hour of one kind, from a day on."""

    __tablename__ = "service_tariffs"
    __table_args__ = (
        UniqueConstraint("kind", "from_on"),
        CheckConstraint("points_per_hour >= 0", name="points"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ServiceKind] = mapped_column(enum_column(ServiceKind))
    from_on: Mapped[date]
    points_per_hour: Mapped[int]
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)
    set_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class ServiceEntry(Base):
    """One piece of help; its points are fixed when it is approved."""

    __tablename__ = "service_entries"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("state <> 'approved' OR points IS NOT NULL", name="points"),
        Index("ix_service_entries_person", "person_id", "day"),
        Index("ix_service_entries_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[ServiceKind] = mapped_column(enum_column(ServiceKind))
    day: Mapped[date]
    minutes: Mapped[int]
    # The cohort that was helped, where it was one.
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"), index=True)
    words: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S1"})
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    nonce: Mapped[str] = mapped_column(String(64), unique=True)
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[ServiceState] = mapped_column(enum_column(ServiceState))
    points: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S1"})
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
