"""Sales files on their way in: kept sealed until they are read, then only what was in them."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.sales_upload import UploadState
from trainer.models.types import UTCDateTime, enum_column


class SalesUpload(Base):
    """One file handed in for a shop, alone or with others; its preview is the batch. Without a shop: whose it is has
    to be found out by the accounts it names, or said by whoever brought it."""

    __tablename__ = "sales_uploads"
    __table_args__ = (Index("ix_sales_uploads_shop", "shop_id", "id"), Index("ix_sales_uploads_state", "state", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int | None] = mapped_column(ForeignKey("shops.id"))
    # The same for all files handed in at once.
    bundle: Mapped[str] = mapped_column(String(40), index=True, info={"pii": "S0"})
    filename: Mapped[str] = mapped_column(String(200), info={"pii": "S1"})
    sha256: Mapped[str] = mapped_column(String(64))
    # Gone as soon as the file was read or given up.
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    state: Mapped[UploadState] = mapped_column(enum_column(UploadState))
    # Why it could not be read, or what is to be said of it: a code with its values.
    problem: Mapped[dict | None] = mapped_column(JSON, info={"pii": "S1"})
    task_id: Mapped[int | None] = mapped_column(ForeignKey("background_tasks.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id"), index=True)
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
