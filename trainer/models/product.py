"""Products of a shop, as the order files name them and as a person sorts them."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.product import ProductCategory
from trainer.models.types import enum_column


class Product(Base):
    """One product of one shop; its order lines carry the same key. Season: its first and last month, across New Year too."""

    __tablename__ = "products"
    __table_args__ = (
        UniqueConstraint("shop_id", "key"),
        CheckConstraint("(season_from IS NULL) = (season_to IS NULL)", name="season_whole"),
        CheckConstraint("season_from BETWEEN 1 AND 12 AND season_to BETWEEN 1 AND 12", name="season_months"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    key: Mapped[str] = mapped_column(String(80), info={"pii": "S1"})
    name: Mapped[str] = mapped_column(String(200), info={"pii": "S1"})
    category: Mapped[ProductCategory | None] = mapped_column(enum_column(ProductCategory), index=True)
    # None and a category: as the name suggests; a person's word stays.
    sorted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    season_from: Mapped[int | None]
    season_to: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
