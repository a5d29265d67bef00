"""Broadcasts typed in by hand: six numbers and a picture, checked by a second person, kept when a file replaces them."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
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
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    # Perceptual hash of the picture, 64 bits as hexadecimal: near-identical pictures differ in few of them.
    picture_hash: Mapped[str | None] = mapped_column(String(16), index=True, info={"pii": "S1"})
    nonce: Mapped[str] = mapped_column(String(64), unique=True)
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answer: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S1"})
    # The broadcast it stands for in the register, or by which a file replaced it.
    livestream_id: Mapped[int | None] = mapped_column(ForeignKey("livestreams.id"), index=True)
    replaced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
