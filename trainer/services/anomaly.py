"""What people make of a finding: one says what would explain it, another decides, and that can be undone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Table, select, update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.anomaly import AnomalyState, Decision, Explanation, fitting
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.anomaly import Anomaly, AnomalyEvent
from trainer.models.sales import Livestream, OrderLine, Shop
from trainer.models.sales_entry import SalesEntry
from trainer.services import audit
from trainer.services.message import notify
from trainer.services.shop_lock import hold_shop, touch

# SQLite takes no more values in one statement than some tens of thousands.
AT_ONCE = 1_000


class OwnShop(Refused):
    """Nobody explains or decides about her own shop."""

    code = "anomaly_own_shop"


class OwnEntries(Refused):
    """It is about what she typed: others look at it."""

    code = "anomaly_own_entries"


class OwnExplanation(Refused):
    """It takes two people."""

    code = "anomaly_own_explanation"


class NotExplained(Refused):
    """Somebody has to look into it first; “none found” is an answer."""

    code = "anomaly_not_explained"


class AlreadyDecided(Refused):
    code = "anomaly_decided"
    status = 409


class FindingGone(Refused):
    """The figures changed: there is nothing to decide any more."""

    code = "anomaly_gone"
    status = 409


class NotDecided(Refused):
    code = "anomaly_not_decided"
    status = 409


class DoesNotFit(Refused):
    """That explanation is not one of this check's."""

    code = "anomaly_does_not_fit"


class NoRows(Refused):
    """It rests on no rows of this shop: there is nothing to leave out."""

    code = "anomaly_no_rows"


class TooManyRows(Refused):
    """It rests on more rows than it names: what is left out would be chosen by chance."""

    code = "anomaly_too_many_rows"


def explain(anomaly_id: int, explanation: Explanation, words: str, *, seen: int, by: Actor, at: datetime) -> Anomaly:
    """Say what would explain it; may be said anew until somebody decides.

    Raises NotFound, OwnShop, OwnEntries, AlreadyDecided, FindingGone, DoesNotFit, Conflict.
    """
    row = _take(anomaly_id, seen, by)
    _refuse_settled(row)
    if explanation not in fitting(row.check):
        raise DoesNotFit()
    before = row.state
    row.state, row.explanation, row.words = AnomalyState.EXPLAINED, explanation, words or None
    row.explained_at, row.explained_by = at, by.account_id
    # Asked to call back, somebody has; what was decided before stands in the events.
    row.decision, row.reason, row.decided_at, row.decided_by = None, None, None, None
    _note(row, words, by=by, at=at)
    audit.record("anomaly.explain", "anomaly", row.id, by=by, at=at, **_facts(row, before), explanation=explanation)
    return row


def decide(anomaly_id: int, decision: Decision, reason: str, *, seen: int, by: Actor, at: datetime) -> Anomaly:
    """ACCEPT: it counts. EXCLUDE: its rows do not count in scoring. BACK_CHECK: somebody calls, and it is decided again.

    Raises NotFound, OwnShop, OwnEntries, OwnExplanation, NotExplained, AlreadyDecided, FindingGone, NoRows, TooManyRows,
    Conflict.
    """
    row = _take(anomaly_id, seen, by)
    _refuse_settled(row)
    if row.state is not AnomalyState.EXPLAINED:
        raise NotExplained()
    if row.explained_by == by.account_id:
        raise OwnExplanation()
    if decision is Decision.EXCLUDE:
        _refuse_unnamed(row)
    before = row.state
    row.state = AnomalyState.OPEN if decision is Decision.BACK_CHECK else AnomalyState.DECIDED
    row.decision, row.reason, row.decided_at, row.decided_by = decision, reason or None, at, by.account_id
    left_out = _apply(row) if decision is not Decision.BACK_CHECK else 0
    if left_out:
        touch(db.session.get(Shop, row.shop_id), at=at)
    _note(row, reason, by=by, at=at)
    audit.record(
        "anomaly.decide", "anomaly", row.id, by=by, at=at, **_facts(row, before), decision=decision, rows=left_out
    )
    return row


def reopen(anomaly_id: int, reason: str, *, seen: int, by: Actor, at: datetime) -> Anomaly:
    """Take a decision back: what it left out of scoring counts again, unless another decision leaves it out too.

    Raises NotFound, OwnShop, OwnEntries, NotDecided, Conflict.
    """
    row = _take(anomaly_id, seen, by)
    if row.state is not AnomalyState.DECIDED:
        raise NotDecided()
    was = row.decision
    row.state, row.decision, row.reason, row.decided_at, row.decided_by = AnomalyState.OPEN, None, None, None, None
    row.explanation, row.words, row.explained_at, row.explained_by = None, None, None, None
    rows = _clear(row)
    _apply_standing(row)
    touch(db.session.get(Shop, row.shop_id), at=at)
    _note(row, reason, by=by, at=at)
    audit.record(
        "anomaly.reopen", "anomaly", row.id, by=by, at=at, **_facts(row, AnomalyState.DECIDED), decision=was, rows=rows
    )
    return row


def ask_her(anomaly_id: int, question: str, *, by: Actor, at: datetime) -> None:
    """A kind question into her inbox; she answers by phone, and staff write down what she says.

    Raises NotFound, OwnShop, OwnEntries, AlreadyDecided, FindingGone.
    """
    row = _take(anomaly_id, None, by)
    _refuse_settled(row)
    owner = db.session.scalar(select(Shop.person_id).where(Shop.id == row.shop_id))
    notify("sales_question", to_people=[owner], by=by, at=at, question=question)
    _note(row, question, by=by, at=at)
    audit.record("anomaly.ask", "anomaly", row.id, by=by, at=at, **_facts(row, row.state))


def _take(anomaly_id: int, seen: int | None, by: Actor) -> Anomaly:
    """The finding, its shop held first as whoever reckons it does."""
    shop_id = db.session.scalar(select(Anomaly.shop_id).where(Anomaly.id == anomaly_id))
    shop = hold_shop(shop_id)
    row = db.session.get(Anomaly, anomaly_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound()
    if by.person_id is not None and by.person_id == shop.person_id:
        raise OwnShop()
    if by.account_id is not None and by.account_id in _typists(row):
        raise OwnEntries()
    if seen is not None and row.version != seen:
        _refuse_settled(row)
        raise Conflict()
    return row


def _typists(row: Anomaly) -> set[int | None]:
    """Who typed the entries it rests on, first or last."""
    ids = row.evidence["entries"][:AT_ONCE]
    typed = select(SalesEntry.entered_by, SalesEntry.typed_by).where(SalesEntry.id.in_(ids))
    return {typist for typists in db.session.execute(typed) for typist in typists} if ids else set()


def _refuse_settled(row: Anomaly) -> None:
    if row.state is AnomalyState.DECIDED:
        raise AlreadyDecided(decision=row.decision)
    if row.state is AnomalyState.GONE:
        raise FindingGone()


def _refuse_unnamed(row: Anomaly) -> None:
    if not row.evidence["whole"]:
        raise TooManyRows()
    if not (row.evidence["livestreams"] or row.evidence["order_lines"]):
        raise NoRows()


_TABLES: tuple[tuple[str, Table], ...] = (("livestreams", Livestream.__table__), ("order_lines", OrderLine.__table__))


def _apply(row: Anomaly) -> int:
    """What the decision leaves out now, no more and no less; how many rows."""
    _clear(row)
    rows = _leave_out(row) if row.decision is Decision.EXCLUDE else 0
    _apply_standing(row)
    return rows


def _clear(row: Anomaly) -> int:
    """Everything that counts no more by this finding counts again."""
    cleared = 0
    for _name, table in _TABLES:
        mine = update(table).where(table.c.excluded_by == row.id).values(excluded_by=None)
        cleared += db.session.execute(mine).rowcount
    return cleared


def _leave_out(row: Anomaly) -> int:
    """Its rows that still exist; those that another decision leaves out already stay as they are."""
    left_out = 0
    for name, table in _TABLES:
        for ids in _chunks(row.evidence[name]):
            mine = (table.c.id.in_(ids), table.c.shop_id == row.shop_id, table.c.excluded_by.is_(None))
            left_out += db.session.execute(update(table).where(*mine).values(excluded_by=row.id)).rowcount
    return left_out


def _chunks(ids: Sequence[int]):
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _apply_standing(row: Anomaly) -> None:
    """Rows that this finding let go may be left out by others of the shop too."""
    standing = select(Anomaly).where(
        Anomaly.shop_id == row.shop_id,
        Anomaly.id != row.id,
        Anomaly.state == AnomalyState.DECIDED,
        Anomaly.decision == Decision.EXCLUDE,
    )
    for other in db.session.scalars(standing.order_by(Anomaly.id)):
        _leave_out(other)


def _note(row: Anomaly, words: str, *, by: Actor, at: datetime) -> None:
    event = AnomalyEvent(anomaly_id=row.id, state=row.state, explanation=row.explanation, decision=row.decision)
    event.words, event.at, event.by = words or None, at, by.account_id
    db.session.add(event)


def _facts(row: Anomaly, before: AnomalyState) -> dict[str, object]:
    """For the trail: never what was written about it."""
    return {"shop": row.shop_id, "check": row.check, "before": before, "after": row.state}
