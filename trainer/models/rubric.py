"""A round's rubric in versions: criteria judged or computed, and the words of every level."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.database import Base
from trainer.domain.selection import CriterionKind
from trainer.models.types import UTCDateTime, enum_column, only_where


class Rubric(Base):
    """A version of a round's score sheet and rules; a changed one is a new version, locked when the round opens."""

    __tablename__ = "rubrics"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        Index("ux_rubrics_current", "round_id", unique=True, **only_where("superseded_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    number: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    superseded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    locked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Of the rules as they are exported, since the round opened.
    sha256: Mapped[str | None] = mapped_column(String(64))
    # [{"field", "equals" or "at_least", "points", "words"}] and [{"field", "below" or "above", "flag"}], as in a file of rules.
    bonus: Mapped[list] = mapped_column(JSON, default=list, info={"pii": "S0"})
    veto: Mapped[list] = mapped_column(JSON, default=list, info={"pii": "S0"})

    criteria: Mapped[list["Criterion"]] = relationship(
        back_populates="rubric", lazy="raise_on_sql", order_by="Criterion.position", cascade="all, delete-orphan"
    )


class Criterion(Base):
    """One line of a rubric; weight in basis points, of 10,000 together."""

    __tablename__ = "criteria"
    __table_args__ = (
        UniqueConstraint("rubric_id", "code"),
        CheckConstraint("weight_bp BETWEEN 1 AND 10000", name="weight"),
        CheckConstraint("scale_max > scale_min", name="scale"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rubric_id: Mapped[int] = mapped_column(ForeignKey("rubrics.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(30), info={"pii": "S0"})
    name: Mapped[str] = mapped_column(String(60), info={"pii": "S0"})
    kind: Mapped[CriterionKind] = mapped_column(enum_column(CriterionKind))
    weight_bp: Mapped[int]
    scale_min: Mapped[int] = mapped_column(default=1)
    scale_max: Mapped[int] = mapped_column(default=5)
    # What its kind asks for beside the points: field, step, unit, bands, of, group, cap, floor …, as in a file of rules.
    rule: Mapped[dict] = mapped_column(JSON, default=dict, info={"pii": "S0"})

    rubric: Mapped[Rubric] = relationship(back_populates="criteria")
    levels: Mapped[list["CriterionLevel"]] = relationship(
        back_populates="criterion", lazy="raise_on_sql", order_by="CriterionLevel.value", cascade="all, delete-orphan"
    )


class CriterionLevel(Base):
    """The words of one level of a judged criterion."""

    __tablename__ = "criterion_levels"
    __table_args__ = (UniqueConstraint("criterion_id", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criteria.id"))
    value: Mapped[int]
    words: Mapped[str] = mapped_column(String(200), info={"pii": "S0"})

    criterion: Mapped[Criterion] = relationship(back_populates="levels")
