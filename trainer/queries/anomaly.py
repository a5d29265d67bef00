"""Findings in sales figures: the queue, one with its rows and history, those of a shop."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.anomaly import WAITING, AnomalyCheck, AnomalyState, Decision, Explanation
from trainer.models.account import Account
from trainer.models.anomaly import Anomaly, AnomalyEvent
from trainer.models.person import Person
from trainer.models.region import Region
from trainer.models.sales import Shop
from trainer.permissions import Permission
from trainer.queries.person import visible_people
from trainer.queries.scoping import Page, fetch_page
from trainer.queries.shop import SHOP, regions_of_shops

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


def is_to_decide(actor: Actor) -> ColumnElement[bool]:
    """Explained, and by somebody else."""
    others = or_(Anomaly.explained_by.is_(None), Anomaly.explained_by != actor.account_id)
    return and_(Anomaly.state == AnomalyState.EXPLAINED, others)


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
        statement = statement.where(is_to_decide(actor), visible_people(actor, Permission.DECIDE_ANOMALIES))
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


def list_counties(actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of where the owners of shops with findings live."""
    return regions_of_shops(actor, SHOP.id.in_(select(Anomaly.shop_id)))


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
