"""Broadcasts typed in by hand: kept as a draft, handed in, checked by a second person."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select

from trainer.database import LockKey, db, take_turns
from trainer.domain.actors import Actor
from trainer.domain.days import CHINA
from trainer.domain.sales import CHECKED_TRUST, SELF_REPORT_TRUST
from trainer.domain.sales_entry import (
    CHANGEABLE,
    SAME_START,
    STANDING,
    EntryState,
    Typed,
    facts_of_entry,
    faults,
    is_same_broadcast,
    may_change,
    wants_retyping,
)
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.account import Account
from trainer.models.person import Person
from trainer.models.sales import Livestream, Shop
from trainer.models.sales_entry import SalesEntry
from trainer.queries.sales_period import locked_spans
from trainer.services import audit
from trainer.services.attribution import let_go
from trainer.services.message import notify
from trainer.services.sales_entry_picture import Picture, drop_picture, keep_picture
from trainer.services.shop_lock import hold_living_shop, touch

STATE = EntryState


class EntryUnfit(Refused):
    """It cannot be handed in: why, as in `domain.sales_entry.faults`."""

    def __init__(self, fault: str) -> None:
        self.code = f"sales_entry_{fault}"
        super().__init__()


class EntryKnown(Refused):
    """A file has brought this broadcast, or it was typed in before (`code`)."""

    status = 409

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        super().__init__(**values)


class EntryMonthLocked(Refused):
    """The month's sales are approved."""

    code = "sales_entry_month_locked"
    status = 409


class EntryMoved(Refused):
    """It is not where this can be done any more: somebody was faster."""

    code = "sales_entry_moved"
    status = 409


class OwnEntryToCheck(Refused):
    """Two people: neither whose it is nor who typed it checks it."""

    code = "sales_entry_own"


class EntryReasonMissing(Refused):
    code = "sales_entry_reason_missing"


class AmountNotRetyped(Refused):
    """This one's amount is read from the picture first."""

    code = "sales_entry_retype"


def begin(
    shop_id: int,
    typed: Typed,
    *,
    nonce: str,
    picture: Picture | None = None,
    keep_years: int,
    by: Actor,
    at: datetime,
) -> int:
    """A draft, whatever is missing; sent again with one nonce it is the same one, with what was sent last.

    Raises NotFound, Conflict (the nonce is of another shop).
    """
    shop = _hold_shop(shop_id, pictures=picture is not None)
    entry = db.session.scalar(select(SalesEntry).where(SalesEntry.nonce == nonce))
    if entry and entry.shop_id != shop_id:
        raise Conflict()
    if entry and entry.state is not STATE.DRAFT:
        return entry.id
    if entry is None:
        entry = SalesEntry(shop_id=shop_id, state=STATE.DRAFT, nonce=nonce, entered_at=at, entered_by=by.account_id)
        db.session.add(entry)
    _fill(entry, shop, typed, picture, keep_years=keep_years, by=by, at=at)
    audit.record("sales_entry.begin", "sales_entry", entry.id, by=by, at=at, shop=shop_id, after=_columns(typed))
    return entry.id


def change(
    entry_id: int,
    typed: Typed,
    *,
    seen: int,
    picture: Picture | None = None,
    keep_years: int,
    by: Actor,
    at: datetime,
) -> None:
    """A draft, or what was returned. Raises NotFound (not hers to change), EntryMoved, Conflict."""
    entry, shop = _hold(entry_id, pictures=picture is not None)
    _require_changeable(entry, shop, by)
    if entry.version != seen:
        raise Conflict()
    before = _columns(typed_of(entry))
    _fill(entry, shop, typed, picture, keep_years=keep_years, by=by, at=at)
    after = _columns(typed) | {"picture": entry.picture_id}
    audit.record("sales_entry.change", "sales_entry", entry_id, by=by, at=at, before=before, after=after)


def _fill(
    entry: SalesEntry, shop: Shop, typed: Typed, picture: Picture | None, *, keep_years: int, by: Actor, at: datetime
) -> None:
    for name, value in _columns(typed).items():
        setattr(entry, name, value)
    entry.typed_by = by.account_id
    db.session.flush()
    if picture:
        keep_picture(entry, shop, picture, keep_years=keep_years, by=by, at=at)


def submit(entry_id: int, *, by: Actor, at: datetime) -> None:
    """Hand it in: from now on the broadcast stands as what somebody says; handed in already, nothing happens.

    Raises NotFound, EntryMoved, EntryUnfit, EntryKnown, EntryMonthLocked.
    """
    entry, shop = _hold(entry_id)
    if entry.state is STATE.SUBMITTED and by.account_id in (entry.entered_by, entry.typed_by):
        return
    _require_changeable(entry, shop, by)
    typed, before = typed_of(entry), entry.state
    if fault := next(faults(typed, has_picture=entry.picture_id is not None, at=at), None):
        raise EntryUnfit(fault)
    _require_open_month(entry, shop)
    _require_unknown(shop.id, typed)
    live = Livestream(shop_id=shop.id, platform=shop.platform, **facts_of_entry(shop.id, typed, SELF_REPORT_TRUST))
    db.session.add(live)
    db.session.flush()
    entry.state, entry.submitted_at, entry.livestream_id = STATE.SUBMITTED, at, live.id
    entry.typed_by, entry.checked_at, entry.checked_by = by.account_id, None, None
    entry.answer, entry.retyped_fen = None, None
    touch(shop, at=at)
    facts = {"before": before, "after": STATE.SUBMITTED, "livestream": live.id}
    audit.record("sales_entry.submit", "sales_entry", entry_id, by=by, at=at, **facts)


def take_back(entry_id: int, *, by: Actor, at: datetime) -> None:
    """As long as nobody has checked it. Raises NotFound, EntryMoved, EntryMonthLocked."""
    entry, shop = _hold(entry_id)
    if not _is_hers_or_typist(entry, shop, by):
        raise NotFound()
    if entry.state not in (*CHANGEABLE, STATE.SUBMITTED):
        raise EntryMoved(state=entry.state)
    before = entry.state
    if before is STATE.SUBMITTED:
        _require_open_month(entry, shop)
        _take_broadcast_away(entry, shop, at=at)
    if entry.submitted_at is None:  # nobody has seen it but who typed it
        drop_picture(entry)
        db.session.delete(entry)
    else:
        entry.state = STATE.TAKEN_BACK
    audit.record("sales_entry.take_back", "sales_entry", entry_id, by=by, at=at, before=before, after=STATE.TAKEN_BACK)


def accept(
    entry_id: int, *, seen: int, retyped_fen: int | None, retype_from_fen: int, by: Actor, at: datetime
) -> EntryState:
    """The second person found the numbers on the picture. Where she reads the amount first and reads another one, it
    goes back with both. Raises NotFound, EntryMoved, OwnEntryToCheck, AmountNotRetyped, EntryMonthLocked, Conflict."""
    entry, shop = _hold(entry_id)
    _require_to_check(entry, shop, seen, (STATE.SUBMITTED,), by)
    if wants_retyping(entry.id, entry.gmv_fen, retype_from_fen):
        if retyped_fen is None:
            raise AmountNotRetyped()
        entry.retyped_fen = retyped_fen
        if retyped_fen != entry.gmv_fen:
            return _return(entry, shop, None, by=by, at=at)
    before, entry.state = entry.state, STATE.CHECKED
    entry.checked_at, entry.checked_by, entry.answer = at, by.account_id, None
    db.session.get(Livestream, entry.livestream_id).trust = CHECKED_TRUST
    touch(shop, at=at)
    facts = {"before": before, "after": STATE.CHECKED, "retyped": entry.retyped_fen is not None}
    audit.record("sales_entry.accept", "sales_entry", entry_id, by=by, at=at, **facts)
    return entry.state


def turn_back(entry_id: int, reason: str, *, seen: int, by: Actor, at: datetime) -> None:
    """Something is not right: she reads the reason; what was checked before too.

    Raises EntryReasonMissing, and what `accept` raises.
    """
    if not reason:
        raise EntryReasonMissing()
    entry, shop = _hold(entry_id)
    _require_to_check(entry, shop, seen, STANDING, by)
    _return(entry, shop, reason, by=by, at=at)


def _return(entry: SalesEntry, shop: Shop, reason: str | None, *, by: Actor, at: datetime) -> EntryState:
    before = entry.state
    _take_broadcast_away(entry, shop, at=at)
    entry.state, entry.answer = STATE.RETURNED, reason
    entry.checked_at, entry.checked_by = at, by.account_id
    told = {"by": by, "at": at, "shop": shop.name}
    notify("sales_entry_returned", to_people=[shop.person_id], link=f"/me/sales/entries/{entry.id}", **told)
    typists = {entry.entered_by, entry.typed_by} - {
        None,
        *db.session.scalars(select(Account.id).where(Account.person_id == shop.person_id)),
    }
    notify("sales_entry_returned", to_accounts=typists, link=f"/sales/entries/{entry.id}", **told)
    facts = {"before": before, "after": STATE.RETURNED, "other_amount": reason is None}
    audit.record("sales_entry.return", "sales_entry", entry.id, by=by, at=at, **facts)
    return entry.state


def typed_of(entry: SalesEntry) -> Typed:
    return Typed(
        *(entry.started_at, entry.duration_s, entry.viewers, entry.orders, entry.gmv_fen, entry.refund_fen),
        tuple(entry.rounded),
    )


def _columns(typed: Typed) -> dict[str, object]:
    return asdict(typed) | {"rounded": list(typed.rounded)}


def _hold_shop(shop_id: int | None, *, pictures: bool = False) -> Shop:
    """Its typed broadcasts and its files come one after the other; pictures too, of all shops."""
    if pictures:
        take_turns(LockKey.SALES_PICTURES)
    return hold_living_shop(shop_id)


def _hold(entry_id: int, *, pictures: bool = False) -> tuple[SalesEntry, Shop]:
    shop_id = db.session.scalar(select(SalesEntry.shop_id).where(SalesEntry.id == entry_id))
    shop = _hold_shop(shop_id, pictures=pictures)
    entry = db.session.get(SalesEntry, entry_id, populate_existing=True)
    if entry is None:
        raise NotFound()
    return entry, shop


def _is_hers_or_typist(entry: SalesEntry, shop: Shop, by: Actor) -> bool:
    return shop.person_id == by.person_id or by.account_id in (entry.entered_by, entry.typed_by)


def _require_changeable(entry: SalesEntry, shop: Shop, by: Actor) -> None:
    if not _is_hers_or_typist(entry, shop, by):
        raise NotFound()
    typists = (entry.entered_by, entry.typed_by)
    is_hers = shop.person_id == by.person_id
    if not may_change(entry.state, is_hers=is_hers, account_id=by.account_id, typists=typists):
        raise EntryMoved(state=entry.state)


def _require_to_check(entry: SalesEntry, shop: Shop, seen: int, states: Iterable[EntryState], by: Actor) -> None:
    if by.person_id == shop.person_id or by.account_id in (entry.entered_by, entry.typed_by):
        raise OwnEntryToCheck()
    if entry.state not in states:
        raise EntryMoved(state=entry.state)
    if entry.version != seen:
        raise Conflict()
    _require_open_month(entry, shop)


def _require_open_month(entry: SalesEntry, shop: Shop) -> None:
    region = db.session.scalar(select(Person.region_code).where(Person.id == shop.person_id))
    if any(begin <= entry.started_at < end for begin, end in locked_spans(region)):
        raise EntryMonthLocked()


def _require_unknown(shop_id: int, typed: Typed) -> None:
    near = (typed.started_at - SAME_START, typed.started_at + SAME_START)
    rows = db.session.execute(
        select(Livestream.started_at, Livestream.duration_s, Livestream.batch_id)
        .where(Livestream.shop_id == shop_id, Livestream.started_at.between(*near))
        .order_by(Livestream.started_at)
    )
    facts = facts_of_entry(shop_id, typed, SELF_REPORT_TRUST)
    same_key = select(Livestream.id).where(
        Livestream.shop_id == shop_id, Livestream.natural_key == facts["natural_key"]
    )
    for started_at, duration_s, batch_id in rows:
        if is_same_broadcast((started_at, duration_s), (typed.started_at, typed.duration_s)):
            raise EntryKnown("sales_entry_in_file" if batch_id else "sales_entry_typed_before", start=_told(started_at))
    if db.session.scalar(same_key):
        raise EntryKnown("sales_entry_typed_before", start=_told(typed.started_at))


def _told(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _take_broadcast_away(entry: SalesEntry, shop: Shop, *, at: datetime) -> None:
    """It stands for nothing any more; the orders found for it are attributed anew."""
    gone, entry.livestream_id = entry.livestream_id, None
    db.session.flush()
    let_go([gone])
    db.session.delete(db.session.get(Livestream, gone))
    touch(shop, at=at)
