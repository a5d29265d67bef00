"""Finding what needs a look in a shop's sales, and keeping it: a finding seen again stays what people made of it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import bindparam, insert, select, update

from trainer.database import db
from trainer.domain.anomaly import DEFAULTS, WAITING, AnomalyState, Finding, Limits, is_news, weightiest
from trainer.domain.broadcast_checks import (
    BroadcastFacts,
    abnormal_trades,
    against_orders,
    conversion_logs,
    conversion_outlier,
    formula_mismatch,
    impossible,
    like_of,
    overlaps,
    same_figures,
)
from trainer.domain.entry_checks import double_claims, same_pictures, typed_fast, typed_late, typed_numbers
from trainer.domain.order_checks import deadline_rush, fast_recovery, order_findings, shipping
from trainer.models.anomaly import Anomaly, AnomalyEvent
from trainer.models.sales import Shop
from trainer.queries import anomaly_facts as facts
from trainer.queries.reconciliation import list_reconciled
from trainer.queries.sales_entry import list_similar_pairs

ANOMALY = Anomaly.__table__


def refresh_findings(shop_id: int, at: datetime) -> None:
    """Look at a shop anew. Nothing is decided, nothing left out by it: that takes two people."""
    keep_findings(shop_id, find(shop_id), at=at)


def find(shop_id: int, limits: Limits = DEFAULTS) -> list[Finding]:
    """Everything the checks find in a shop; a fixed number of statements."""
    platform = db.session.scalar(select(Shop.platform).where(Shop.id == shop_id))
    found = [
        *_in_broadcasts(shop_id, platform, limits),
        *_in_orders(shop_id, platform, limits),
        *_in_entries(shop_id, limits),
        *double_claims(shop_id, facts.list_claims(shop_id), limits),
        *same_pictures(list_similar_pairs(shop_id)),
    ]
    return weightiest(found, limits)


def _in_broadcasts(shop_id: int, platform: str, limits: Limits) -> Iterator[Finding]:
    rows = facts.list_broadcasts(shop_id)
    for check in (impossible, formula_mismatch, abnormal_trades):
        yield from (found for row in rows if (found := check(row, limits)))
    yield from overlaps(rows, limits)
    yield from same_figures(rows)
    yield from against_orders(rows, list_reconciled(shop_id))
    if any(conversion_logs(row) for row in rows):
        yield from _outliers(rows, facts.list_like_broadcasts(platform, facts.main_category(shop_id)), limits)


def _outliers(rows: Iterable[BroadcastFacts], like: Iterable[BroadcastFacts], limits: Limits) -> Iterator[Finding]:
    logs: dict = {}
    for row in like:
        for sign, value in conversion_logs(row).items():
            logs.setdefault(sign, []).append(value)
    likes = {sign: like_of(values, limits) for sign, values in logs.items()}
    yield from (found for row in rows if (found := conversion_outlier(row, likes, limits)))


def _in_orders(shop_id: int, platform: str, limits: Limits) -> Iterator[Finding]:
    def peers() -> list[float]:
        return facts.list_refund_rates(shop_id, platform, facts.main_category(shop_id), limits)

    yield from order_findings(facts.iter_lines(shop_id), peers, limits)
    yield from shipping(facts.list_parcels(shop_id, limits), limits)
    if deadline := facts.get_deadline(shop_id):
        selection_id, closes_at = deadline
        sales = facts.list_sales_before(shop_id, closes_at, limits)
        if found := deadline_rush(sales, int(closes_at.timestamp()), selection_id, limits):
            yield found
    batches = facts.list_order_batches(shop_id)
    if len(batches) > 1:
        yield from fast_recovery(facts.list_sayings(list(batches)), batches, limits)


def _in_entries(shop_id: int, limits: Limits) -> Iterator[Finding]:
    """What is about a person's typing over several shops stands in one of them, not in each."""
    entries = facts.list_entries_by_typists_of(shop_id)
    of_typist = []
    for _typist, typed in groupby(entries, lambda entry: entry.entered_by):
        own = list(typed)
        of_typist += [found for found in (typed_numbers(own, limits), *typed_fast(own, limits)) if found]
    elsewhere = facts.list_subjects_elsewhere(shop_id, [found.subject for found in of_typist]) if of_typist else set()
    yield from (found for found in of_typist if found.subject not in elsewhere)
    yield from typed_late([entry for entry in entries if entry.shop_id == shop_id], limits)


def keep_findings(shop_id: int, found: Iterable[Finding], *, at: datetime) -> None:
    """New ones are opened; those seen again keep what people said of them, and are opened again where what was decided
    rests on other rows now; those not found any more are gone, unless somebody decided: that stays as history."""
    before = db.session.execute(select(*_KEPT).where(ANOMALY.c.shop_id == shop_id))
    kept = {(row.check, row.subject): row for row in before}
    plan = Plan()
    for finding in found:
        known = kept.pop((finding.check, finding.subject), None)
        if known is None:
            plan.new.append(_opened(shop_id, finding, at))
        else:
            plan.see_again(known, finding)
    plan.gone = [row.id for row in kept.values() if row.state in WAITING]
    plan.carry_out(at)


_KEPT = (*(ANOMALY.c.id, ANOMALY.c.check, ANOMALY.c.subject, ANOMALY.c.state, ANOMALY.c.weight, ANOMALY.c.evidence),)
# What people said of it stands in its events; opened again, it begins anew.
_UNSAID = dict.fromkeys(
    ("explanation", "words", "explained_at", "explained_by", "decision", "reason", "decided_at", "decided_by")
)


def _opened(shop_id: int, finding: Finding, at: datetime) -> dict[str, object]:
    facts_now = {"weight": finding.weight, "evidence": finding.evidence, "found_at": at}
    row = {"shop_id": shop_id, "check": finding.check, "subject": finding.subject, **facts_now}
    return {**row, "state": AnomalyState.OPEN, "version": 1}


class Plan:
    """What becomes of a shop's findings; carried out in a fixed number of statements."""

    def __init__(self) -> None:
        self.new: list[dict] = []
        self.changed: list[dict] = []
        self.again: list[int] = []
        self.gone: list[int] = []

    def see_again(self, known, finding: Finding) -> None:
        """Decided on other rows than there are now: somebody looks again; what was left out stays out till then."""
        if known.weight != finding.weight or known.evidence != finding.evidence:
            self.changed.append({"which": known.id, "weight_now": finding.weight, "evidence_now": finding.evidence})
        news = known.state is AnomalyState.DECIDED and is_news(known.evidence, known.weight, finding)
        if news or known.state is AnomalyState.GONE:
            self.again.append(known.id)

    def carry_out(self, at: datetime) -> None:
        opened = list(self.again)
        if self.new:
            opened += db.session.scalars(insert(ANOMALY).returning(ANOMALY.c.id), self.new)
        self._update(self.again, **_UNSAID, state=AnomalyState.OPEN, version=ANOMALY.c.version + 1)
        self._update(self.gone, state=AnomalyState.GONE, version=ANOMALY.c.version + 1)
        if self.changed:
            # Whoever has it before her is told that it changed.
            now = {"weight": bindparam("weight_now"), "evidence": bindparam("evidence_now")}
            which = update(ANOMALY).where(ANOMALY.c.id == bindparam("which"))
            db.session.execute(which.values(**now, version=ANOMALY.c.version + 1), self.changed)
        events = [{"anomaly_id": id_, "state": AnomalyState.OPEN, "at": at} for id_ in opened]
        events += [{"anomaly_id": id_, "state": AnomalyState.GONE, "at": at} for id_ in self.gone]
        if events:
            db.session.execute(insert(AnomalyEvent.__table__), events)

    def _update(self, ids: Sequence[int], **values: object) -> None:
        if ids:
            db.session.execute(update(ANOMALY).where(ANOMALY.c.id.in_(ids)).values(**values))
