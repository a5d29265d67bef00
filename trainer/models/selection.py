"""Selections, their rounds and rubrics, applications, assignments, reviews and frozen rankings."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.database import Base
from trainer.domain.actors import Scope
from trainer.domain.selection import ApplicationState, CriterionKind, ReviewState, RoundKind, RoundState, SelectionKind
from trainer.models.person import Person
from trainer.models.programme import Programme
from trainer.models.types import UTCDateTime, enum_column


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
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(region_code=self.region_code)


class Rubric(Base):
    """A round's score sheet; locked when the round opens."""

    __tablename__ = "rubrics"
    __table_args__ = (UniqueConstraint("round_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    locked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

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


class Round(Base):
    """A stage of a selection."""

    __tablename__ = "rounds"
    __table_args__ = (UniqueConstraint("selection_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    selection_id: Mapped[int] = mapped_column(ForeignKey("selections.id"))
    number: Mapped[int]
    kind: Mapped[RoundKind] = mapped_column(enum_column(RoundKind))
    state: Mapped[RoundState] = mapped_column(enum_column(RoundState), default=RoundState.DRAFT)
    reviews_per_application: Mapped[int] = mapped_column(default=2)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    selection: Mapped[Selection] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Application(Base):
    """A candidate of a selection, known to evaluators by her code."""

    __tablename__ = "applications"
    __table_args__ = (UniqueConstraint("selection_id", "person_id"), UniqueConstraint("selection_id", "code"))

    id: Mapped[int] = mapped_column(primary_key=True)
    selection_id: Mapped[int] = mapped_column(ForeignKey("selections.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    # Whose attendance is her evidence.
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    code: Mapped[str] = mapped_column(String(12), info={"pii": "S1"})
    plan: Mapped[str] = mapped_column(Text, default="", info={"pii": "S1"})
    state: Mapped[ApplicationState] = mapped_column(enum_column(ApplicationState))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Assignment(Base):
    """An evaluator reads an application in a round; `position` is her own reading order."""

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("round_id", "application_id", "account_id"),
        Index("ix_assignments_account_round", "account_id", "round_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    position: Mapped[int]


class Review(Base):
    """One evaluator's score sheet: a draft she may change, then the number of its last submitted version."""

    __tablename__ = "reviews"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), primary_key=True)
    state: Mapped[ReviewState] = mapped_column(enum_column(ReviewState))
    # {"levels": {criterion code: int or null}, "strengths": str, "risks": str}
    draft: Mapped[dict] = mapped_column(JSON, info={"pii": "S1"})
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_version: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class ReviewVersion(Base):
    """A submitted sheet; append-only."""

    __tablename__ = "review_versions"
    __table_args__ = (UniqueConstraint("assignment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    number: Mapped[int]
    levels: Mapped[dict] = mapped_column(JSON, info={"pii": "S1"})
    strengths: Mapped[str] = mapped_column(Text, default="", info={"pii": "S1"})
    risks: Mapped[str] = mapped_column(Text, default="", info={"pii": "S1"})
    reason: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)


class RankingRun(Base):
    """A computed, frozen ranking: advice, not a decision."""

    __tablename__ = "ranking_runs"
    __table_args__ = (Index("ix_ranking_runs_round", "round_id", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    input_sha256: Mapped[str] = mapped_column(String(64))
    output_sha256: Mapped[str] = mapped_column(String(64))
    # What was ranked and how: rubric, scores by code, library versions; enough to recompute.
    inputs: Mapped[dict] = mapped_column(JSON, info={"pii": "S1"})


class RankingRow(Base):
    """One candidate of a ranking; scores in hundredths of a point of 100."""

    __tablename__ = "ranking_rows"

    run_id: Mapped[int] = mapped_column(ForeignKey("ranking_runs.id"), primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    rank: Mapped[int | None]
    reviews: Mapped[int]
    # The whole score: judged and computed criteria together.
    total_hundredths: Mapped[int | None]
    # Mean of the evaluators' sheets alone, and their standard deviation.
    judged_mean_hundredths: Mapped[int | None]
    spread_hundredths: Mapped[int | None]
    # The mean with the evaluators' severity taken out: shown beside, it ranks nobody.
    adjusted_hundredths: Mapped[int | None]
    # {criterion code: {"value": raw value or null, "points": hundredths or null}}
    parts: Mapped[dict] = mapped_column(JSON, info={"pii": "S1"})
    flags: Mapped[list] = mapped_column(JSON, info={"pii": "S0"})
