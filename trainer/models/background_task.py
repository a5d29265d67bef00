"""Background tasks: asked for by a page, done by the one worker, survived by their rows."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.background_task import TaskKind, TaskState
from trainer.models.types import UTCDateTime, enum_column


class BackgroundTask(Base):
    """One piece of long work; of the same kind and key only one is waiting or running at a time."""

    __tablename__ = "background_tasks"
    __table_args__ = (
        Index(
            "uq_background_tasks_live",
            *("kind", "key"),
            unique=True,
            sqlite_where=text("state IN ('waiting', 'running')"),
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
        Index("ix_background_tasks_state", "state", "id"),
        Index("ix_background_tasks_owner", "asked_by", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TaskKind] = mapped_column(enum_column(TaskKind))
    # Whoever asks for the same again while it lives gets the task that is there.
    key: Mapped[str] = mapped_column(String(120), info={"pii": "S0"})
    # Ids and filters, no personal data.
    params: Mapped[dict] = mapped_column(JSON, info={"pii": "S0"})
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[TaskState] = mapped_column(enum_column(TaskState))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    # The worker's sign of life: without it for long, its process was killed.
    heartbeat_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    # Why it failed, as a code of `wording` with its values, or what it says of itself.
    outcome: Mapped[str] = mapped_column(Text, default="", info={"pii": "S0"})
    outcome_values: Mapped[dict] = mapped_column(JSON, default=dict, info={"pii": "S1"})
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
