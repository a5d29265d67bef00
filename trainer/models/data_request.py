"""What people ask about their own data: correct, erase, explain; each with a deadline."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.consent import ConsentChannel
from trainer.domain.data_request import RequestKind, RequestState
from trainer.models.types import EncryptedText, UTCDateTime, enum_column


class DataRequest(Base):
    """One request; of a kind only one is open at a time for a person."""

    __tablename__ = "data_requests"
    __table_args__ = (
        CheckConstraint(
            "kind <> 'erase' OR state <> 'done' OR "
            "(prepared_by IS NOT NULL AND handled_by IS NOT NULL AND handled_by <> prepared_by)",
            name="two_people",
        ),
        Index(
            "uq_data_requests_open",
            *("person_id", "kind"),
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_data_requests_queue", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[RequestKind] = mapped_column(enum_column(RequestKind))
    state: Mapped[RequestState] = mapped_column(enum_column(RequestState))
    # JSON {field: wished value}, for a correction.
    wished: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S2"})
    words: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S2"})
    channel: Mapped[ConsentChannel] = mapped_column(enum_column(ConsentChannel))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_on: Mapped[date]
    # Erasing takes two: one who has looked at what goes, another who carries it out.
    prepared_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    prepared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    handled_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    handled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(Text, default="", info={"pii": "S1"})
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
