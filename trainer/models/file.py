"""Files the installation keeps; their content lies encrypted in the storage folder under a random name."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.file import FilePurpose
from trainer.models.types import UTCDateTime, enum_column


class StoredFile(Base):
    """One file: what it is, whose it is, until when it is kept; `sha256` is of its content in the clear."""

    __tablename__ = "stored_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    stored_as: Mapped[str] = mapped_column(String(64), unique=True, info={"pii": "S0"})
    purpose: Mapped[FilePurpose] = mapped_column(enum_column(FilePurpose))
    file_name: Mapped[str] = mapped_column(String(200), info={"pii": "S1"})
    mime: Mapped[str] = mapped_column(String(120), info={"pii": "S0"})
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
