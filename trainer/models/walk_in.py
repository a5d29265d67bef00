"""Walk-ins: women in the room who are not on the roll, written down in seconds and matched to a person later."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.models.types import EncryptedText, UTCDateTime


class WalkIn(Base):
    """One of them at one lesson; `number` is her seat there. Matched, unmatched and struck out, never deleted."""

    __tablename__ = "walk_ins"
    __table_args__ = (UniqueConstraint("lesson_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(60), info={"pii": "S1"})
    phone: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S2"})
    phone_index: Mapped[str | None] = mapped_column(String(64), index=True)
    nonce: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # The enrolment she turned out to be, the mark that made, and whether the match enrolled her.
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"), index=True)
    mark_id: Mapped[int | None] = mapped_column(ForeignKey("marks.id"))
    made_enrolment: Mapped[bool] = mapped_column(default=False)
    matched_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    matched_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    struck_out_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
