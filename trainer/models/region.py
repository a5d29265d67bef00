"""Regions of China down to the county, by GB/T 2260 code."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base


class Region(Base):
    """Level 1 province, 2 city, 3 county; the code's leading digits say the subtree."""

    __tablename__ = "regions"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 3", name="level"),)

    code: Mapped[str] = mapped_column(String(6), primary_key=True, info={"pii": "S0"})
    name: Mapped[str] = mapped_column(String(60), index=True, info={"pii": "S0"})
    level: Mapped[int]
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"), index=True)
