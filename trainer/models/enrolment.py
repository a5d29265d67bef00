"""Enrolments: a person in a cohort, and the dated history of her status."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.database import Base
from trainer.domain.enrolment import EnrolmentStatus, StatusCause, WhoAsked
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.types import UTCDateTime, enum_column


class Enrolment(Base):
    """A person in a cohort; the status is the last event's."""

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("cohort_id", "person_id"),
        UniqueConstraint("cohort_id", "seat_number"),
        Index("ix_enrolments_person_status", "person_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    # Given when she comes on the roll; whoever has only applied has none.
    seat_number: Mapped[int | None]
    status: Mapped[EnrolmentStatus] = mapped_column(enum_column(EnrolmentStatus))
    # Lessons before this day are 不适用 for her.
    joined_on: Mapped[date]
    # The enrolment in another cohort that this one continues.
    transferred_from_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"), index=True)

    cohort: Mapped[Cohort] = relationship()
    person: Mapped[Person] = relationship(back_populates="enrolments")


class EnrolmentEvent(Base):
    """One step of an enrolment; append-only."""

    __tablename__ = "enrolment_events"
    # Where each of a hundred thousand stood on a day is answered from the index alone.
    __table_args__ = (Index("ix_enrolment_events_place", "enrolment_id", "at", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    status: Mapped[EnrolmentStatus] = mapped_column(enum_column(EnrolmentStatus))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    cause: Mapped[StatusCause | None] = mapped_column(enum_column(StatusCause))
    # Of a withdrawal: who wanted it.
    asked_by: Mapped[WhoAsked | None] = mapped_column(enum_column(WhoAsked))
    # The version of the completion rule that said so.
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("completion_rules.id"))
