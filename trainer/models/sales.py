"""Shops, the livestreams they held, the order lines they sold, what was settled, and what each file said of them; no
buyer data."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Table, UniqueConstraint, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from trainer.database import Base
from trainer.domain.imports import RowAction
from trainer.domain.sales import Attribution, SalesKind, ShopRole
from trainer.models.person import Person
from trainer.models.types import UTCDateTime, enum_column


def where_filled(column: str) -> dict[str, object]:
    """An index of the few rows that have a value there: the others cost nothing when many are written."""
    filled = text(f"{column} IS NOT NULL")
    return {"sqlite_where": filled, "postgresql_where": filled}


def where_unfilled(column: str) -> dict[str, object]:
    unfilled = text(f"{column} IS NULL")
    return {"sqlite_where": unfilled, "postgresql_where": unfilled}


CONFLICTS = {f"{database}_where": text("action = 'conflict'") for database in ("sqlite", "postgresql")}


class Shop(Base):
    """A woman's selling account on a platform: her own shop, or an account that sells others' goods for a commission."""

    __tablename__ = "shops"
    __table_args__ = (
        UniqueConstraint("platform", "account_uid"),
        Index("ix_shops_changed", "changed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    platform: Mapped[str] = mapped_column(String(20), info={"pii": "S0"})
    role: Mapped[ShopRole] = mapped_column(enum_column(ShopRole), default=ShopRole.OWN)
    name: Mapped[str] = mapped_column(String(120), info={"pii": "S1"})
    account_uid: Mapped[str | None] = mapped_column(String(80), info={"pii": "S1"})
    opened_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # When its sales changed last, and the change up to which attribution and checks have been reckoned.
    changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reckoned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship()


class ShopAlias(Base):
    """Another name under which a platform's files call the shop: a person said once that it is the same."""

    __tablename__ = "shop_aliases"
    __table_args__ = (UniqueConstraint("shop_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    name: Mapped[str] = mapped_column(String(120), info={"pii": "S1"})
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class LivestreamFacts:
    """What a file says of one broadcast; money in fen, `stated_*` ratios as printed."""

    natural_key: Mapped[str] = mapped_column(String(160), info={"pii": "S1"})
    session_key: Mapped[str | None] = mapped_column(String(80), info={"pii": "S1"})
    title: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    duration_s: Mapped[int | None]
    gmv_fen: Mapped[int | None] = mapped_column(BigInteger)
    gmv_exact: Mapped[bool] = mapped_column(default=True)
    gmv_incl_abnormal_fen: Mapped[int | None] = mapped_column(BigInteger)
    gmv_measure: Mapped[str] = mapped_column(String(20), default="room", info={"pii": "S0"})
    refund_fen: Mapped[int | None] = mapped_column(BigInteger)
    refund_basis: Mapped[str | None] = mapped_column(String(20), info={"pii": "S0"})
    orders: Mapped[int | None]
    buyers: Mapped[int | None]
    items: Mapped[int | None]
    viewers: Mapped[int | None]
    viewers_exact: Mapped[bool] = mapped_column(default=True)
    views: Mapped[int | None]
    peak_online: Mapped[int | None]
    avg_online: Mapped[int | None]
    product_exposed: Mapped[int | None]
    product_clickers: Mapped[int | None]
    new_followers: Mapped[int | None]
    ad_spend_fen: Mapped[int | None] = mapped_column(BigInteger)
    stated_gpm_fen: Mapped[int | None] = mapped_column(BigInteger)
    stated_per_buyer_fen: Mapped[int | None] = mapped_column(BigInteger)
    stated_buyer_rate_bp: Mapped[int | None]
    trust: Mapped[int]


class OrderFacts:
    """What a file says of one order line; money in fen."""

    natural_key: Mapped[str] = mapped_column(String(160), info={"pii": "S1"})
    order_key: Mapped[str] = mapped_column(String(80), info={"pii": "S1"})
    session_key: Mapped[str | None] = mapped_column(String(80), info={"pii": "S1"})
    product: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    # The platform's number of the product, else a digest of its name.
    product_key: Mapped[str] = mapped_column(String(80), default="", info={"pii": "S1"})
    sku: Mapped[str | None] = mapped_column(String(80), info={"pii": "S1"})
    quantity: Mapped[int | None]
    ordered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paid_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    shipped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paid_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    settled_fen: Mapped[int | None] = mapped_column(BigInteger)
    commission_fen: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(20), info={"pii": "S0"})
    is_gift: Mapped[bool] = mapped_column(default=False)
    is_live: Mapped[bool | None]
    # The commission host whom the file names.
    host: Mapped[str | None] = mapped_column(String(80), info={"pii": "S1"})
    province: Mapped[str | None] = mapped_column(String(30), info={"pii": "S1"})
    # Keyed digest of the parcel's number: only to find one parcel under several orders.
    parcel: Mapped[str | None] = mapped_column(String(32), info={"pii": "S1"})
    empty_parcel: Mapped[bool] = mapped_column(default=False)
    trust: Mapped[int]


class SettlementFacts:
    """What a file says of one flow of settled money, in fen: settled = income − refund − fees."""

    natural_key: Mapped[str] = mapped_column(String(160), info={"pii": "S1"})
    order_key: Mapped[str | None] = mapped_column(String(80), info={"pii": "S1"})
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    income_fen: Mapped[int] = mapped_column(BigInteger)
    refund_fen: Mapped[int] = mapped_column(BigInteger)
    fees_fen: Mapped[int] = mapped_column(BigInteger)
    settled_fen: Mapped[int] = mapped_column(BigInteger)


class Known:
    """What is known of a row: of which shop, and which file said so last (none: typed in)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(20), info={"pii": "S0"})

    @declared_attr
    def shop_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("shops.id"))

    @declared_attr
    def batch_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("import_batches.id"), index=True)

    @declared_attr
    def shop(cls) -> Mapped[Shop]:
        return relationship(Shop)


class Said:
    """What one file says of a row, for good: the preview, and what undoing a file goes back to."""

    row_number: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[RowAction] = mapped_column(enum_column(RowAction))
    # [[field, code, values]…]: what needs a person, what to look at.
    problems: Mapped[list | None] = mapped_column(JSON(none_as_null=True), info={"pii": "S0"})
    warnings: Mapped[list | None] = mapped_column(JSON(none_as_null=True), info={"pii": "S0"})
    # What was known before, where the row changed it.
    before: Mapped[str | None] = mapped_column(info={"pii": "S1"})

    @declared_attr
    def batch_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("import_batches.id"), primary_key=True)


class Livestream(LivestreamFacts, Known, Base):
    """One broadcast as it is known."""

    __tablename__ = "livestreams"
    __table_args__ = (
        UniqueConstraint("platform", "natural_key"),
        Index("ix_livestreams_shop_started", "shop_id", "started_at"),
        Index("ix_livestreams_excluded", "excluded_by", **where_filled("excluded_by")),
        CheckConstraint("trust BETWEEN 0 AND 4", name="trust"),
    )

    # The finding by whose decision it does not count in scoring.
    excluded_by: Mapped[int | None] = mapped_column(ForeignKey("anomalies.id"))


class OrderLine(OrderFacts, Known, Base):
    """One line of a platform order as it is known."""

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("platform", "natural_key"),
        Index("ix_order_lines_shop_paid", "shop_id", "paid_at"),
        Index("ix_order_lines_shop_ordered", "shop_id", "ordered_at", **where_unfilled("paid_at")),
        Index("ix_order_lines_order_key", "order_key"),
        Index("ix_order_lines_livestream", "livestream_id", **where_filled("livestream_id")),
        Index("ix_order_lines_excluded", "excluded_by", **where_filled("excluded_by")),
        CheckConstraint("trust BETWEEN 0 AND 4", name="trust"),
    )

    livestream_id: Mapped[int | None] = mapped_column(ForeignKey("livestreams.id"))
    # None: not reckoned yet.
    attribution: Mapped[Attribution | None] = mapped_column(enum_column(Attribution))
    excluded_by: Mapped[int | None] = mapped_column(ForeignKey("anomalies.id"))


class Settlement(SettlementFacts, Known, Base):
    """One flow of money that a platform settled, as it is known."""

    __tablename__ = "settlements"
    __table_args__ = (
        UniqueConstraint("platform", "natural_key"),
        Index("ix_settlements_shop_settled", "shop_id", "settled_at"),
        Index("ix_settlements_order_key", "order_key"),
    )


class LivestreamVersion(LivestreamFacts, Said, Base):
    """One broadcast as one file has it."""

    __tablename__ = "livestream_versions"
    __table_args__ = (Index("ix_livestream_versions_key", "natural_key"),)


class OrderLineVersion(OrderFacts, Said, Base):
    """One order line as one file has it."""

    __tablename__ = "order_line_versions"
    __table_args__ = (
        Index("ix_order_line_versions_key", "natural_key"),
        # The few that another shop has: looked for every time a shop is reckoned.
        Index("ix_order_line_versions_conflict", "natural_key", **CONFLICTS),
    )


class SettlementVersion(SettlementFacts, Said, Base):
    """One flow of settled money as one file has it."""

    __tablename__ = "settlement_versions"
    __table_args__ = (Index("ix_settlement_versions_key", "natural_key"),)


# Of each kind of file: what is known, what the files said, and the columns that both have.
VERSIONS: dict[SalesKind, Table] = {
    SalesKind.LIVE_SESSION: LivestreamVersion.__table__,
    SalesKind.ORDER: OrderLineVersion.__table__,
    SalesKind.SETTLEMENT: SettlementVersion.__table__,
}
KNOWN: dict[SalesKind, Table] = {
    SalesKind.LIVE_SESSION: Livestream.__table__,
    SalesKind.ORDER: OrderLine.__table__,
    SalesKind.SETTLEMENT: Settlement.__table__,
}
FACTS: dict[SalesKind, tuple[str, ...]] = {
    SalesKind.LIVE_SESSION: tuple(LivestreamFacts.__annotations__),
    SalesKind.ORDER: tuple(OrderFacts.__annotations__),
    SalesKind.SETTLEMENT: tuple(SettlementFacts.__annotations__),
}


class ColumnMapping(Base):
    """Which heading is which figure, in files that no profile knows: said once by a person, found by the headings."""

    __tablename__ = "column_mappings"
    __table_args__ = (UniqueConstraint("platform", "fingerprint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(20), info={"pii": "S0"})
    kind: Mapped[str] = mapped_column(String(20), info={"pii": "S0"})
    fingerprint: Mapped[str] = mapped_column(String(64), info={"pii": "S0"})
    # Field → heading as written.
    columns: Mapped[dict] = mapped_column(JSON, info={"pii": "S0"})
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
