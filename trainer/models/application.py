"""Applications: what a woman wants to do and asks for, what became of it, her files, and where she was referred to."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.database import Base
from trainer.domain.selection import ApplicationState, ReferralKind
from trainer.models.person import Person
from trainer.models.types import UTCDateTime, enum_column


class Application(Base):
    """A candidate of a selection, known to evaluators by her code."""

    __tablename__ = "applications"
    __table_args__ = (
        UniqueConstraint("selection_id", "person_id"),
        UniqueConstraint("selection_id", "code"),
        CheckConstraint("state IN ('draft', 'withdrawn') OR code IS NOT NULL", name="coded"),
        CheckConstraint("amount_fen IS NULL OR amount_fen > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    selection_id: Mapped[int] = mapped_column(ForeignKey("selections.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    # Whose attendance is her evidence.
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    # Given when it is submitted.
    code: Mapped[str | None] = mapped_column(String(12), info={"pii": "S1"})
    title: Mapped[str] = mapped_column(String(80), default="", info={"pii": "S1"})
    plan: Mapped[str] = mapped_column(Text, default="", info={"pii": "S1"})
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    # What the money is for: [{"item": str, "amount_fen": int}].
    uses: Mapped[list] = mapped_column(JSON, default=list, info={"pii": "S1"})
    # Title, plan and uses as evaluators read them in a blind round: nothing in them says who she is.
    blind_title: Mapped[str] = mapped_column(String(80), default="", info={"pii": "S1"})
    blind_plan: Mapped[str | None] = mapped_column(Text, info={"pii": "S1"})
    blind_uses: Mapped[list] = mapped_column(JSON, default=list, info={"pii": "S1"})
    blinded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    blinded_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[ApplicationState] = mapped_column(enum_column(ApplicationState))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship()

    __mapper_args__ = {"version_id_col": version}


class ApplicationEvent(Base):
    """What became of an application, and why: nothing is overwritten."""

    __tablename__ = "application_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    state: Mapped[ApplicationState] = mapped_column(enum_column(ApplicationState))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})


class ApplicationFile(Base):
    """A picture or document of an application; evaluators of a blind round see only what staff found to be blind."""

    __tablename__ = "application_files"
    __table_args__ = (UniqueConstraint("application_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    position: Mapped[int]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    words: Mapped[str] = mapped_column(String(80), default="", info={"pii": "S1"})
    is_blind: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Referral(Base):
    """Whoever does not qualify is led to other support."""

    __tablename__ = "referrals"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    kind: Mapped[ReferralKind] = mapped_column(enum_column(ReferralKind))
    # Who takes it on, and what was agreed with her.
    to_whom: Mapped[str] = mapped_column(String(120), info={"pii": "S1"})
    note: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # What came of it.
    outcome: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    outcome_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
