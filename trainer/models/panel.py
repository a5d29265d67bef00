"""The evaluators of a round, and whom they may not judge."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.panel import ConflictKind, ConflictSource, ConflictState, SeatState
from trainer.models.types import UTCDateTime, enum_column


class PanelSeat(Base):
    """An evaluator asked to judge in a round; the link that asks works once and is kept as its hash."""

    __tablename__ = "panel_seats"
    __table_args__ = (
        UniqueConstraint("round_id", "account_id"),
        CheckConstraint("max_load IS NULL OR max_load > 0", name="load"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    state: Mapped[SeatState] = mapped_column(enum_column(SeatState))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    invited_at: Mapped[datetime] = mapped_column(UTCDateTime)
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Why she declined, or was taken off.
    reason: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    max_load: Mapped[int | None]
    # Where she is from: cross-county reading and hints at conflicts go by it.
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    village: Mapped[str | None] = mapped_column(String(60), info={"pii": "S1"})
    # When she had gone through the names and said whom she may not judge, and signed to keep silent.
    declared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Conflict(Base):
    """Why an evaluator may not judge a candidate; said by her, the candidate or staff. It holds until it is rejected."""

    __tablename__ = "conflicts"
    __table_args__ = (
        Index("ix_conflicts_pair", "application_id", "account_id", "state"),
        Index("ix_conflicts_account", "account_id", "state"),
        CheckConstraint("decided_by IS NULL OR raised_by IS NULL OR decided_by <> raised_by", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    # Nobody yet where a candidate wrote a name that staff have not found among the evaluators.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[ConflictKind] = mapped_column(enum_column(ConflictKind))
    source: Mapped[ConflictSource] = mapped_column(enum_column(ConflictSource))
    state: Mapped[ConflictState] = mapped_column(enum_column(ConflictState))
    words: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    raised_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # What the evaluator says against it.
    dispute: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    disputed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decision: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
