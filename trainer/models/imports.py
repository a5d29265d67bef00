"""Import batches and their staged rows: previewed, committed, undone."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.imports import BatchState, ImportKind, RowAction
from trainer.models.types import EncryptedText, UTCDateTime, enum_column


class ImportBatch(Base):
    """One file taken in for a cohort (roster, marks), a shop (sales) or a programme (past cohorts); the file itself is not
    kept, only its hash."""

    __tablename__ = "import_batches"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN cohort_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN shop_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN programme_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_owner",
        ),
        Index("ix_import_batches_cohort", "cohort_id", "created_at"),
        Index("ix_import_batches_shop", "shop_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind] = mapped_column(enum_column(ImportKind))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"))
    shop_id: Mapped[int | None] = mapped_column(ForeignKey("shops.id"))
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programmes.id"), index=True)
    filename: Mapped[str] = mapped_column(String(200), info={"pii": "S1"})
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[BatchState] = mapped_column(enum_column(BatchState))
    # Counts and facts of the file: sheet, header row, platform, totals. No personal data.
    summary: Mapped[dict] = mapped_column(JSON, info={"pii": "S0"})
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    committed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Of sales: the last day of which the file tells, as whoever took it in said; None: its last row's.
    reaches_on: Mapped[date | None]
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class ImportRow(Base):
    """One row of the file; `content` (encrypted JSON) is what it says, `before` what undoing puts back."""

    __tablename__ = "import_rows"
    __table_args__ = (
        UniqueConstraint("batch_id", "row_number"),
        Index("ix_import_rows_target", "target_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"))
    row_number: Mapped[int]
    action: Mapped[RowAction] = mapped_column(enum_column(RowAction))
    content: Mapped[str] = mapped_column(EncryptedText, info={"pii": "S3"})
    # [[field, code, values]…]: why it was rejected, what to look at.
    problems: Mapped[list] = mapped_column(JSON, info={"pii": "S0"})
    warnings: Mapped[list] = mapped_column(JSON, info={"pii": "S0"})
    # The enrolment, livestream or order line that this row made or changed.
    target_id: Mapped[int | None]
    before: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S3"})
