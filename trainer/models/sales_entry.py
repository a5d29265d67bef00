"""Broadcasts typed in by hand: six numbers and a picture, checked by a second person, kept when a file replaces them."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.sales_entry import EntryState
from trainer.models.types import EncryptedText, UTCDateTime, enum_column


class SalesEntry(Base):
    """What somebody typed of one broadcast; numbers may be missing as long as it is a draft."""

    __tablename__ = "sales_entries"
    __table_args__ = (
        CheckConstraint("state = 'draft' OR (started_at IS NOT NULL AND gmv_fen IS NOT NULL)", name="complete"),
        CheckConstraint("checked_by IS NULL OR checked_by <> entered_by", name="two_people"),
        CheckConstraint("checked_by IS NULL OR checked_by <> typed_by", name="checked_by_another"),
        Index("ix_sales_entries_shop", "shop_id", "started_at"),
        Index("ix_sales_entries_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    state: Mapped[EntryState] = mapped_column(enum_column(EntryState))
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    duration_s: Mapped[int | None]
    viewers: Mapped[int | None]
    orders: Mapped[int | None]
    gmv_fen: Mapped[int | None] = mapped_column(BigInteger)
    refund_fen: Mapped[int | None] = mapped_column(BigInteger)
    # Which of the figures she saw rounded (1.2万): their names.
    rounded: Mapped[list] = mapped_column(JSON, default=list, info={"pii": "S0"})
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    # How the picture looks, from far (64 bits as hexadecimal) and from near (services/picture_look.py).
    picture_hash: Mapped[str | None] = mapped_column(String(16), info={"pii": "S1"})
    picture_look: Mapped[str | None] = mapped_column(String(520), info={"pii": "S1"})
    nonce: Mapped[str] = mapped_column(String(64), unique=True)
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # Who changed it last: she herself, or who typed it for her.
    typed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # What the second person read from the picture, where she was asked to before she saw what was typed.
    retyped_fen: Mapped[int | None] = mapped_column(BigInteger)
    answer: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S1"})
    # The broadcast it stands for in the register, or by which a file replaced it.
    livestream_id: Mapped[int | None] = mapped_column(ForeignKey("livestreams.id"), index=True)
    replaced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class PictureTwin(Base):
    """Two typed broadcasts, of whomever, whose pictures look the same; found when the later picture came."""

    __tablename__ = "picture_twins"

    entry_id: Mapped[int] = mapped_column(ForeignKey("sales_entries.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("sales_entries.id"), primary_key=True, index=True)
