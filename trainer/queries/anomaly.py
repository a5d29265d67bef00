"""Findings in sales figures: the queue, one with its rows and history, those of a shop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.anomaly import WAITING, AnomalyCheck, AnomalyState, Decision, Explanation
from trainer.models.account import Account
from trainer.models.anomaly import Anomaly, AnomalyEvent
from trainer.models.person import Person
from trainer.models.product import Product
from trainer.models.region import Region
from trainer.models.sales import Livestream, OrderLine, Shop
from trainer.models.sales_entry import SalesEntry
from trainer.permissions import Permission
from trainer.queries.person import visible_people
from trainer.queries.scoping import Page, fetch_page

# A page shows so many rows of a kind; the others are counted.
ROWS_SHOWN = 60

STATES: Mapping[str, object] = {
    "waiting": Anomaly.state.in_(WAITING),
    "open": and_(Anomaly.state == AnomalyState.OPEN, Anomaly.decision.is_(None)),
    "back_check": and_(Anomaly.state == AnomalyState.OPEN, Anomaly.decision == Decision.BACK_CHECK),
    "explained": Anomaly.state == AnomalyState.EXPLAINED,
    "decided": Anomaly.state == AnomalyState.DECIDED,
    "excluded": and_(Anomaly.state == AnomalyState.DECIDED, Anomaly.decision == Decision.EXCLUDE),
    "gone": Anomaly.state == AnomalyState.GONE,
}


@dataclass(frozen=True)
class FindingRow:
    """A line of the queue."""

    id: int
    check: AnomalyCheck
    state: AnomalyState
    decision: Decision | None
    weight: float
    evidence: Mapping
    found_at: datetime
    explained_by: int | None
    shop_id: int
    shop: str
    platform: str
    person_id: int
    owner: str
    county: str | None

    @property
    def stands(self) -> AnomalyState | Decision:
        """The word for where it stands: what was decided says more than that somebody did."""
        return self.decision if self.decision and self.state is not AnomalyState.GONE else self.state


def _rows(actor: Actor, permission: Permission, *more) -> Select:
    return (
        select(
            *(Anomaly.id, Anomaly.check, Anomaly.state, Anomaly.decision, Anomaly.weight, Anomaly.evidence),
            *(Anomaly.found_at, Anomaly.explained_by, Shop.id.label("shop"), Shop.name.label("shop_name")),
            *(Shop.platform, Person.id.label("person"), Person.name.label("owner"), Region.name.label("county"), *more),
        )
        .join(Shop, Shop.id == Anomaly.shop_id)
        .join(Person, Person.id == Shop.person_id)
        .outerjoin(Region, Region.code == Person.region_code)
        .where(visible_people(actor, permission))
    )


def select_findings(
    actor: Actor,
    *,
    state: str = "waiting",
    check: AnomalyCheck | None = None,
    region_code: str = "",
    shop_id: int | None = None,
    mine: bool = False,
) -> Select:
    """The weightiest first; `mine`: explained by others, for her to decide."""
    cut = [STATES[state]] if state in STATES else []
    cut += [Anomaly.check == check] if check else []
    cut += [Person.region_code == region_code] if region_code else []
    cut += [Anomaly.shop_id == shop_id] if shop_id is not None else []
    statement = _rows(actor, Permission.VIEW_SALES).where(*cut)
    if mine:
        others = or_(Anomaly.explained_by.is_(None), Anomaly.explained_by != actor.account_id)
        hers = visible_people(actor, Permission.DECIDE_ANOMALIES)
        statement = statement.where(Anomaly.state == AnomalyState.EXPLAINED, others, hers)
    return statement.order_by(Anomaly.weight.desc(), Anomaly.id)


def findings_page(actor: Actor, *, page: int = 1, per_page: int = 20, **wanted) -> Page[FindingRow]:
    return fetch_page(select_findings(actor, **wanted), lambda row: FindingRow(*row), page=page, per_page=per_page)


def list_findings(actor: Actor, *, most: int = 20_000, **wanted) -> list[FindingRow]:
    """The whole list, for a workbook."""
    return [FindingRow(*row) for row in db.session.execute(select_findings(actor, **wanted).limit(most))]


@dataclass(frozen=True)
class Counts:
    """Of all findings within reach: how many stand where, and how often people found nothing wrong."""

    open: int
    explained: int
    accepted: int
    excluded: int

    @property
    def decided(self) -> int:
        return self.accepted + self.excluded


def count_findings(actor: Actor) -> Counts:
    """One statement."""
    done = Anomaly.state == AnomalyState.DECIDED
    sums = (
        Anomaly.state == AnomalyState.OPEN,
        Anomaly.state == AnomalyState.EXPLAINED,
        and_(done, Anomaly.decision == Decision.ACCEPT),
        and_(done, Anomaly.decision == Decision.EXCLUDE),
    )
    row = db.session.execute(
        select(*(func.coalesce(func.sum(case((which, 1), else_=0)), 0) for which in sums))
        .select_from(Anomaly)
        .join(Shop, Shop.id == Anomaly.shop_id)
        .join(Person, Person.id == Shop.person_id)
        .where(visible_people(actor, Permission.VIEW_SALES))
    ).one()
    return Counts(*(int(n) for n in row))


def counties_with_findings(actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of where the owners of shops with findings live."""
    rows = db.session.execute(
        select(Region.code, Region.name)
        .join(Person, Person.region_code == Region.code)
        .join(Shop, Shop.person_id == Person.id)
        .join(Anomaly, Anomaly.shop_id == Shop.id)
        .where(visible_people(actor, Permission.VIEW_SALES))
        .distinct()
        .order_by(Region.code)
    )
    return [tuple(row) for row in rows]


@dataclass(frozen=True)
class FindingHead(FindingRow):
    """One finding whole; `may_explain`, `may_decide`: what her rights over the owner allow."""

    region_code: str
    explanation: Explanation | None
    words: str | None
    explained_at: datetime | None
    explainer: str | None
    reason: str | None
    decided_at: datetime | None
    decider: str | None
    version: int
    may_explain: bool
    may_decide: bool

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING


def get_finding_for(actor: Actor, permission: Permission, anomaly_id: int) -> FindingHead | None:
    explainer, decider = aliased(Account), aliased(Account)
    rights = (
        case((visible_people(actor, right), 1), else_=0)
        for right in (Permission.EXPLAIN_ANOMALIES, Permission.DECIDE_ANOMALIES)
    )
    more = (
        *(
            Person.region_code,
            Anomaly.explanation,
            Anomaly.words,
            Anomaly.explained_at,
            explainer.name.label("explainer"),
        ),
        *(Anomaly.reason, Anomaly.decided_at, decider.name.label("decider"), Anomaly.version, *rights),
    )
    row = db.session.execute(
        _rows(actor, permission, *more)
        .outerjoin(explainer, explainer.id == Anomaly.explained_by)
        .outerjoin(decider, decider.id == Anomaly.decided_by)
        .where(Anomaly.id == anomaly_id)
    ).one_or_none()
    return FindingHead(*row[:-2], *(bool(right) for right in row[-2:])) if row else None


@dataclass(frozen=True)
class EventRow:
    """A step of a finding."""

    state: AnomalyState
    explanation: Explanation | None
    decision: Decision | None
    words: str | None
    at: datetime
    by: str | None


def list_events(anomaly_id: int) -> list[EventRow]:
    """The newest first."""
    event = AnomalyEvent
    rows = db.session.execute(
        select(event.state, event.explanation, event.decision, event.words, event.at, Account.name)
        .outerjoin(Account, Account.id == event.by)
        .where(event.anomaly_id == anomaly_id)
        .order_by(event.id.desc())
    )
    return [EventRow(*row) for row in rows]


@dataclass(frozen=True)
class LineRow:
    """An order line as evidence."""

    id: int
    order_key: str
    product: str
    quantity: int | None
    paid_at: datetime | None
    shipped_at: datetime | None
    received_at: datetime | None
    paid_fen: int
    refunded_fen: int
    province: str | None
    excluded_by: int | None


@dataclass(frozen=True)
class BroadcastRow:
    """A broadcast as evidence."""

    id: int
    title: str
    started_at: datetime
    duration_s: int | None
    viewers: int | None
    viewers_exact: bool
    orders: int | None
    gmv_fen: int | None
    gmv_incl_abnormal_fen: int | None
    refund_fen: int | None
    excluded_by: int | None


@dataclass(frozen=True)
class EntryRow:
    """A typed broadcast as evidence."""

    id: int
    started_at: datetime | None
    viewers: int | None
    orders: int | None
    gmv_fen: int | None
    entered_at: datetime
    enterer: str | None


@dataclass(frozen=True)
class Evidence:
    """The rows that a finding rests on, as far as they still exist and a page shows them."""

    lines: Sequence[LineRow]
    broadcasts: Sequence[BroadcastRow]
    entries: Sequence[EntryRow]
    lines_named: int
    # The product, where the finding is about one and names no rows.
    goods: str | None
    # The other shop of a double claim: (id, its name, its owner) where she may see it, else None.
    other: tuple[int, str, str] | None
    # How many rows do not count in scoring because of this finding.
    left_out: int


def get_evidence(actor: Actor, finding: FindingRow) -> Evidence:
    """A statement a kind of row that it names, and one for how many are left out."""
    named = finding.evidence
    return Evidence(
        lines=_some(LineRow, OrderLine, named["order_lines"], finding.shop_id, OrderLine.paid_at),
        broadcasts=_some(BroadcastRow, Livestream, named["livestreams"], finding.shop_id, Livestream.started_at),
        entries=_entries(named["entries"]),
        lines_named=len(named["order_lines"]),
        goods=_goods(finding),
        other=_other_shop(actor, finding),
        left_out=_left_out(finding.id),
    )


def _other_shop(actor: Actor, finding: FindingRow) -> tuple[int, str, str] | None:
    shops = {values["shop"] for _sign, values in finding.evidence["said"] if "shop" in values} - {finding.shop_id}
    if not shops:
        return None
    row = db.session.execute(
        select(Shop.id, Shop.name, Person.name)
        .join(Person, Person.id == Shop.person_id)
        .where(Shop.id.in_(shops), visible_people(actor, Permission.VIEW_SALES))
    ).first()
    return tuple(row) if row else None


def _goods(finding: FindingRow) -> str | None:
    keys = [values["product_key"] for _sign, values in finding.evidence["said"] if "product_key" in values]
    if not keys:
        return None
    return db.session.scalar(select(Product.name).where(Product.shop_id == finding.shop_id, Product.key == keys[0]))


def _some(kind, model, ids: Sequence[int], shop_id: int, order):
    """Of the shop alone."""
    if not ids:
        return []
    columns = (getattr(model, name) for name in kind.__dataclass_fields__)
    mine = (model.id.in_(ids[:ROWS_SHOWN]), model.shop_id == shop_id)
    return [kind(*row) for row in db.session.execute(select(*columns).where(*mine).order_by(order, model.id))]


def _entries(ids: Sequence[int]) -> list[EntryRow]:
    if not ids:
        return []
    row = SalesEntry
    rows = db.session.execute(
        select(row.id, row.started_at, row.viewers, row.orders, row.gmv_fen, row.entered_at, Account.name)
        .outerjoin(Account, Account.id == row.entered_by)
        .where(row.id.in_(ids[:ROWS_SHOWN]))
        .order_by(row.entered_at, row.id)
    )
    return [EntryRow(*found) for found in rows]


def _left_out(anomaly_id: int) -> int:
    counts = [
        select(func.count()).where(model.excluded_by == anomaly_id).scalar_subquery()
        for model in (Livestream, OrderLine)
    ]
    return db.session.scalar(select(counts[0] + counts[1]))


@dataclass(frozen=True)
class ShopFinding:
    """A finding of a shop, for a line on another page."""

    id: int
    check: AnomalyCheck
    state: AnomalyState
    decision: Decision | None
    weight: float
    evidence: Mapping

    stands = FindingRow.stands


def list_findings_of(shop_id: int, *, but: int = 0, most: int = 50) -> list[ShopFinding]:
    """Those that wait first, then what was decided; what is gone is left out."""
    names = ShopFinding.__dataclass_fields__
    waits = case((Anomaly.state.in_(WAITING), 0), else_=1)
    rows = db.session.execute(
        select(*(getattr(Anomaly, name) for name in names))
        .where(Anomaly.shop_id == shop_id, Anomaly.id != but, Anomaly.state != AnomalyState.GONE)
        .order_by(waits, Anomaly.weight.desc(), Anomaly.id)
        .limit(most)
    )
    return [ShopFinding(*row) for row in rows]
