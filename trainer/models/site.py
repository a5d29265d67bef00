"""Sites: the network of hubs, city centres, county points and village stations that cohorts and people belong to."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.site import SiteKind
from trainer.models.types import UTCDateTime, enum_column


class Site(Base):
    """One place; closed, never deleted."""

    __tablename__ = "training_sites"
    __table_args__ = (UniqueConstraint("region_code", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), info={"pii": "S0"})
    kind: Mapped[SiteKind] = mapped_column(enum_column(SiteKind))
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    # The wider site that looks after it.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("training_sites.id"), index=True)
    address: Mapped[str] = mapped_column(String(120), default="", info={"pii": "S0"})
    # Whom people call there.
    contact_name: Mapped[str] = mapped_column(String(60), default="", info={"pii": "S1"})
    contact_phone: Mapped[str] = mapped_column(String(20), default="", info={"pii": "S1"})
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
