"""Follow-up questionnaires: a sheet a woman and wave, its answers as often as they were entered."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.survey import SheetState, SurveyMode, Wave
from trainer.models.types import EncryptedText, UTCDateTime, enum_column


class SurveySheet(Base):
    """One woman asked once; there from the day it is due."""

    __tablename__ = "survey_sheets"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "wave"),
        CheckConstraint("state NOT IN ('answered', 'entered') OR answered_on IS NOT NULL", name="dated"),
        CheckConstraint("checked_by IS NULL OR checked_by <> entered_by", name="two_people"),
        Index("ix_survey_sheets_state", "state", "due_on"),
        Index("ix_survey_sheets_caller", "caller_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    wave: Mapped[Wave] = mapped_column(enum_column(Wave))
    state: Mapped[SheetState] = mapped_column(enum_column(SheetState))
    mode: Mapped[SurveyMode | None] = mapped_column(enum_column(SurveyMode))
    due_on: Mapped[date]
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # The day she answered, which on paper is earlier than its entry.
    answered_on: Mapped[date | None]
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Which entry of its answers counts: 1 the first, a second person's next, corrections after that.
    entry: Mapped[int] = mapped_column(default=1)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # Who will call her.
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Why it was corrected last, or what she said when she declined.
    reason: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S1"})
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class SurveyAnswer(Base):
    """An answer as it was entered once: a number (money in fen), choices by code, or that she would rather not say."""

    __tablename__ = "survey_answers"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("survey_sheets.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(30), primary_key=True, info={"pii": "S0"})
    entry: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int | None] = mapped_column(BigInteger)
    choices: Mapped[str | None] = mapped_column(String(200), info={"pii": "S1"})
    declined: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
