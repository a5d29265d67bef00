"""What people said of columns that no profile knew."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.sales import Platform, SalesKind
from trainer.models.account import Account
from trainer.models.sales import ColumnMapping


@dataclass(frozen=True)
class MappingRow:
    """One remembered mapping: field → heading."""

    id: int
    platform: Platform
    kind: SalesKind
    columns: dict[str, str]
    created_at: datetime
    created_by: str | None


def list_mappings(platform: Platform | None = None) -> list[MappingRow]:
    """By platform, the newest first."""
    statement = (
        select(
            *(ColumnMapping.id, ColumnMapping.platform, ColumnMapping.kind, ColumnMapping.columns),
            *(ColumnMapping.created_at, Account.name),
        )
        .outerjoin(Account, Account.id == ColumnMapping.created_by)
        .order_by(ColumnMapping.platform, ColumnMapping.created_at.desc(), ColumnMapping.id.desc())
    )
    if platform:
        statement = statement.where(ColumnMapping.platform == platform.value)
    return [MappingRow(row[0], Platform(row[1]), SalesKind(row[2]), *row[3:]) for row in db.session.execute(statement)]
