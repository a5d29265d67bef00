"""Paper sheets that were entered: who was absent on them, the photo, and the two people."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.database import Base
from trainer.domain.paper_sheet import SheetState
from trainer.models.file import StoredFile
from trainer.models.types import UTCDateTime, enum_column


class PaperSheet(Base):
    """One printed page of a lesson's roll, as somebody read it; its marks exist once a second person confirms."""

    __tablename__ = "paper_sheets"
    __table_args__ = (
        Index(
            "uq_paper_sheets_in_force",
            *("lesson_id", "page"),
            unique=True,
            sqlite_where=text("state IN ('waiting', 'confirmed')"),
            postgresql_where=text("state IN ('waiting', 'confirmed')"),
        ),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> entered_by", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    page: Mapped[int]
    # None once its time is over; what was read from it stays.
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    # Enrolments on the page: all of them, those without a signature, those nobody can read with certainty.
    listed: Mapped[list] = mapped_column(JSON, info={"pii": "S0"})
    absent: Mapped[list] = mapped_column(JSON, info={"pii": "S0"})
    unsure: Mapped[list] = mapped_column(JSON, info={"pii": "S0"})
    state: Mapped[SheetState] = mapped_column(enum_column(SheetState), default=SheetState.WAITING)
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    version: Mapped[int] = mapped_column(default=1)

    photo: Mapped[StoredFile | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
