"""Visits to founders: what the visitors must find out, what each found, pictures and place; opinion is in the reviews."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.field_visit import FactKind, FactSource
from trainer.models.types import UTCDateTime, enum_column


class VisitQuestion(Base):
    """A fact that every visit of a round must find out."""

    __tablename__ = "visit_questions"
    __table_args__ = (UniqueConstraint("round_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    position: Mapped[int]
    words: Mapped[str] = mapped_column(String(120), info={"pii": "S0"})
    kind: Mapped[FactKind] = mapped_column(enum_column(FactKind))
    # A “no” sends the application to discussion, whatever its rank.
    is_veto: Mapped[bool] = mapped_column(default=False)


class FieldVisit(Base):
    """One founder to be visited in a round; the visitors are those the application is dealt to."""

    __tablename__ = "field_visits"
    __table_args__ = (UniqueConstraint("round_id", "application_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    planned_on: Mapped[date | None]
    # Where to go and whom to ask for.
    words: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class VisitFact(Base):
    """What one visitor found, or what somebody settled where two said different things; append-only, the last word counts.

    `nonce`: sent twice, kept once.
    """

    __tablename__ = "visit_facts"
    __table_args__ = (Index("ix_visit_facts_visit", "visit_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("field_visits.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("visit_questions.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    source: Mapped[FactSource] = mapped_column(enum_column(FactSource), default=FactSource.VISITOR)
    # "yes", "no", a number, or words; nothing: could not be found out, or is left open.
    value: Mapped[str] = mapped_column(String(200), info={"pii": "S1"})
    # Why this one stands, of whoever settled it.
    reason: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    found_at: Mapped[datetime] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    nonce: Mapped[str] = mapped_column(String(36), unique=True, info={"pii": "S0"})


class VisitPicture(Base):
    """A picture taken on a visit."""

    __tablename__ = "visit_pictures"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("field_visits.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    words: Mapped[str] = mapped_column(String(80), default="", info={"pii": "S1"})
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime)
    nonce: Mapped[str] = mapped_column(String(36), unique=True, info={"pii": "S0"})


class VisitStay(Base):
    """That a visitor was there: when, where her phone said she was, and that she stands by her facts."""

    __tablename__ = "visit_stays"
    __table_args__ = (
        UniqueConstraint("visit_id", "account_id"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("field_visits.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    arrived_at: Mapped[datetime] = mapped_column(UTCDateTime)
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    accuracy_m: Mapped[int | None]
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    nonce: Mapped[str] = mapped_column(String(36), unique=True, info={"pii": "S0"})
