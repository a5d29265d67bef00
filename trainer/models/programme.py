"""Programmes with partners and targets, cohorts, and the versions of a cohort's completion rule."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.database import Base
from trainer.domain.actors import Scope
from trainer.domain.programme import CompletionRule, ExcusedCounts, PartnerKind, TargetKind, Track
from trainer.models.types import UTCDateTime, enum_column


class Programme(Base):
    """The whole plan."""

    __tablename__ = "programmes"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="dates"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True, info={"pii": "S0"})
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    description: Mapped[str] = mapped_column(Text, default="", info={"pii": "S0"})
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    partners: Mapped[list["Partner"]] = relationship(
        back_populates="programme", lazy="raise_on_sql", order_by="Partner.id", cascade="all, delete-orphan"
    )
    targets: Mapped[list["Target"]] = relationship(
        back_populates="programme", lazy="raise_on_sql", order_by="Target.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        """Where it lies for acts; for looking, see `viewing_scope`."""
        return Scope(region_code=self.region_code)

    @property
    def viewing_scope(self) -> Scope:
        return Scope(region_code=self.region_code, overlapping=True)


class Partner(Base):
    """An organisation that carries the programme."""

    __tablename__ = "partners"
    __table_args__ = (UniqueConstraint("programme_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    name: Mapped[str] = mapped_column(String(120), info={"pii": "S0"})
    kind: Mapped[PartnerKind] = mapped_column(enum_column(PartnerKind))

    programme: Mapped[Programme] = relationship(back_populates="partners")


class Target(Base):
    """What the programme promised to reach, of a kind whose actual the system counts."""

    __tablename__ = "targets"
    __table_args__ = (UniqueConstraint("programme_id", "kind"), CheckConstraint("value > 0", name="positive"))

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    kind: Mapped[TargetKind] = mapped_column(enum_column(TargetKind))
    value: Mapped[int]
    # By when, and where the promise is written.
    due_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200), default="", server_default="", info={"pii": "S0"})

    programme: Mapped[Programme] = relationship(back_populates="targets")


class Cohort(Base):
    """One class: place, dates, track, capacity."""

    __tablename__ = "cohorts"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("sign_up_closes_on >= sign_up_opens_on", name="sign_up"),
        Index("ix_cohorts_region_starts", "region_code", "starts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(30), unique=True, info={"pii": "S0"})
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"), index=True)
    name: Mapped[str] = mapped_column(String(120), info={"pii": "S0"})
    track: Mapped[Track] = mapped_column(enum_column(Track))
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    place: Mapped[str] = mapped_column(String(120), info={"pii": "S0"})
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    capacity: Mapped[int]
    # Shown on every page of a trainee: whom she calls.
    teacher_name: Mapped[str] = mapped_column(String(60), info={"pii": "S1"})
    teacher_phone: Mapped[str] = mapped_column(String(20), info={"pii": "S1"})
    # Where it is held, among the sites of the network.
    site_id: Mapped[int | None] = mapped_column(ForeignKey("training_sites.id"), index=True)
    # Both days included; without a first day nobody can sign up by herself.
    sign_up_opens_on: Mapped[date | None]
    sign_up_closes_on: Mapped[date | None]
    # What whoever signs up is to know: conditions, what to bring.
    sign_up_note: Mapped[str] = mapped_column(Text, default="", server_default="", info={"pii": "S0"})
    collects_id_numbers: Mapped[bool] = mapped_column(default=True, server_default=true())
    # Whether a place that becomes free goes to the first of the waitlist by itself.
    waitlist_moves_up: Mapped[bool] = mapped_column(default=True, server_default=true())
    # Held before this system, and taken over from a workbook: without a timetable of its own.
    is_taken_over: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme] = relationship()
    rules: Mapped[list["CompletionRuleVersion"]] = relationship(
        back_populates="cohort", lazy="raise_on_sql", order_by="CompletionRuleVersion.number"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(region_code=self.region_code, cohort_id=self.id)


class CompletionRuleVersion(Base):
    """A cohort's completion rule from a moment on; the highest number rules."""

    __tablename__ = "completion_rules"
    __table_args__ = (
        UniqueConstraint("cohort_id", "number"),
        CheckConstraint("min_rate_bp BETWEEN 0 AND 10000", name="rate"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    number: Mapped[int]
    min_rate_bp: Mapped[int]
    max_unexcused: Mapped[int | None]
    excused_counts: Mapped[ExcusedCounts] = mapped_column(enum_column(ExcusedCounts))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)
    set_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # Why it was changed, once women had begun to be measured by it.
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="", info={"pii": "S0"})

    cohort: Mapped[Cohort] = relationship(back_populates="rules")
    requirements: Mapped[list["RuleRequirement"]] = relationship(
        back_populates="rule_version", lazy="raise_on_sql", order_by="RuleRequirement.id"
    )

    @property
    def rule(self) -> CompletionRule:
        return CompletionRule(self.min_rate_bp, self.max_unexcused, self.excused_counts)


class RuleRequirement(Base):
    """One thing that a version of the rule demands by name: a lesson attended, a task passed, a score reached."""

    __tablename__ = "rule_requirements"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN lesson_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN course_task_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN assessment_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_thing",
        ),
        CheckConstraint("(assessment_id IS NULL) = (min_score IS NULL)", name="score_of_assessment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("completion_rules.id"), index=True)
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lessons.id"), index=True)
    course_task_id: Mapped[int | None] = mapped_column(ForeignKey("course_tasks.id"), index=True)
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessments.id"), index=True)
    # In hundredths of a point.
    min_score: Mapped[int | None]

    rule_version: Mapped[CompletionRuleVersion] = relationship(back_populates="requirements")
