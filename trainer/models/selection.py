"""Selections, their rounds, who is a candidate in each, quotas, uploaded figures, and requests to open a round again."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.database import Base
from trainer.domain.actors import Scope
from trainer.domain.selection import (
    Aggregate,
    CandidacyOrigin,
    QuotaAttribute,
    RankedBy,
    RoundKind,
    RoundState,
    SelectionKind,
)
from trainer.models.programme import Programme
from trainer.models.types import UTCDateTime, enum_column, only_where


class Selection(Base):
    """The whole of a choice, such as 20 of 100 for advanced training."""

    __tablename__ = "selections"
    __table_args__ = (CheckConstraint("seats > 0", name="seats"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"), index=True)
    name: Mapped[str] = mapped_column(String(120), info={"pii": "S0"})
    kind: Mapped[SelectionKind] = mapped_column(enum_column(SelectionKind))
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"), index=True)
    seats: Mapped[int]
    # What it is about, for those who may apply.
    introduction: Mapped[str] = mapped_column(Text, default="", info={"pii": "S0"})
    # When women may apply themselves; nothing: staff take candidates in.
    applies_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    applies_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # The most that one may ask for; nothing: no money is asked for.
    highest_amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    # What a candidate must have: {"residence": region code, "attendance_bp", "certificate", "livestreams", …}.
    eligibility: Mapped[dict] = mapped_column(JSON, default=dict, info={"pii": "S0"})
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(region_code=self.region_code)


class Round(Base):
    """A stage of a selection."""

    __tablename__ = "rounds"
    __table_args__ = (
        UniqueConstraint("selection_id", "number"),
        CheckConstraint("advances > 0", name="advances"),
        CheckConstraint("first_open_wave BETWEEN 1 AND wave", name="waves"),
        CheckConstraint("cross_share_bp BETWEEN 0 AND 10000", name="cross_share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    selection_id: Mapped[int] = mapped_column(ForeignKey("selections.id"))
    number: Mapped[int]
    kind: Mapped[RoundKind] = mapped_column(enum_column(RoundKind))
    state: Mapped[RoundState] = mapped_column(enum_column(RoundState), default=RoundState.DRAFT)
    reviews_per_application: Mapped[int] = mapped_column(default=2)
    # The best so many go on into the next round; in the last one they are the seats.
    advances: Mapped[int]
    # Fixed before the round opens: which score ranks, and how the evaluators' sheets become one.
    ranked_by: Mapped[RankedBy] = mapped_column(enum_column(RankedBy), default=RankedBy.RAW)
    aggregate: Mapped[Aggregate] = mapped_column(enum_column(Aggregate), default=Aggregate.MEAN)
    blind: Mapped[bool] = mapped_column(default=True)
    seed: Mapped[int] = mapped_column(default=1)
    # Of the readings, how many basis points must lie outside the evaluator's own county; applications all of them read.
    cross_share_bp: Mapped[int] = mapped_column(default=0)
    anchors: Mapped[int] = mapped_column(default=0)
    closes_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Sheets of waves before `first_open_wave` stand still while further readers are at work.
    wave: Mapped[int] = mapped_column(default=1)
    first_open_wave: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    frozen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    selection: Mapped[Selection] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Candidacy(Base):
    """An application in a round: from the start, or because of the round before."""

    __tablename__ = "candidacies"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), primary_key=True, index=True)
    origin: Mapped[CandidacyOrigin] = mapped_column(enum_column(CandidacyOrigin))
    # Why, where somebody named her who had not got there by rank.
    reason: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class Quota(Base):
    """A rule on who is among the chosen, such as at least two from a county; stated before the round opens."""

    __tablename__ = "quotas"
    __table_args__ = (
        UniqueConstraint("round_id", "attribute", "value"),
        CheckConstraint("at_least IS NOT NULL OR at_most IS NOT NULL", name="limited"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    attribute: Mapped[QuotaAttribute] = mapped_column(enum_column(QuotaAttribute))
    value: Mapped[str] = mapped_column(String(60), info={"pii": "S0"})
    at_least: Mapped[int | None]
    at_most: Mapped[int | None]
    # The paper that demands it.
    basis: Mapped[str] = mapped_column(String(200), info={"pii": "S0"})


class RoundTable(Base):
    """A table of figures brought in for a round's computed criteria; the newest that was not taken back counts."""

    __tablename__ = "round_tables"
    __table_args__ = (Index("ux_round_tables_current", "round_id", unique=True, **only_where("superseded_at IS NULL")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200), info={"pii": "S1"})
    sha256: Mapped[str] = mapped_column(String(64))
    columns: Mapped[list] = mapped_column(JSON, info={"pii": "S0"})
    # {application code: {column: text}}
    cells: Mapped[dict] = mapped_column(JSON, info={"pii": "S1"})
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    superseded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ReopenRequest(Base):
    """Somebody asks to open a closed round again; somebody else answers."""

    __tablename__ = "reopen_requests"
    __table_args__ = (
        CheckConstraint("answered_by IS NULL OR answered_by <> asked_by", name="two_people"),
        Index("ux_reopen_requests_open", "round_id", unique=True, **only_where("answered_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(String(200), info={"pii": "S1"})
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
