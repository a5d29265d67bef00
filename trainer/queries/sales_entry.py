"""Typed broadcasts: one with its file's figures, the queue of those to check, a woman's own, pictures handed in twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.entry_checks import Twins
from trainer.domain.sales_entry import FIGURES, SAME_START, EntryState, Typed, may_change, oddities
from trainer.models.account import Account
from trainer.models.file import StoredFile
from trainer.models.person import Person
from trainer.models.sales import Livestream, Shop
from trainer.models.sales_entry import PictureTwin, SalesEntry
from trainer.permissions import Permission
from trainer.queries.person import visible_people
from trainer.queries.scoping import Page, fetch_page

# What a second person has to do with: handed in at least once.
HANDED_IN = tuple(state for state in EntryState if state is not EntryState.DRAFT)
_ENTERED, _TYPED, _CHECKED = aliased(Account), aliased(Account), aliased(Account)
_ENTRY = (
    *(SalesEntry.id, SalesEntry.state, SalesEntry.version, SalesEntry.picture_id, SalesEntry.answer),
    *(SalesEntry.retyped_fen, SalesEntry.entered_at, SalesEntry.submitted_at, SalesEntry.checked_at),
    *(SalesEntry.replaced_at, SalesEntry.livestream_id, SalesEntry.entered_by, SalesEntry.typed_by),
    *(Shop.id, Shop.name, Shop.platform, Person.id, Person.name, Person.region_code),
    *(_ENTERED.name, _TYPED.name, _CHECKED.name, SalesEntry.rounded),
)
_TYPED_FIGURES = tuple(getattr(SalesEntry, name) for name in FIGURES)
_FILE_FIGURES = tuple(getattr(Livestream, name) for name in FIGURES)


@dataclass(frozen=True)
class EntryRow:
    """One entry, whose it is and who typed it; `from_file`: the same figures as the file has them that replaced it."""

    id: int
    state: EntryState
    version: int
    picture_id: int | None
    answer: str | None
    retyped_fen: int | None
    entered_at: datetime
    submitted_at: datetime | None
    checked_at: datetime | None
    replaced_at: datetime | None
    livestream_id: int | None
    entered_by: int | None
    typed_by: int | None
    shop_id: int
    shop: str
    platform: str
    person_id: int
    owner: str
    region_code: str
    entered_name: str | None
    typed_name: str | None
    checked_name: str | None
    typed: Typed
    from_file: Typed | None

    @property
    def oddities(self) -> list[str]:
        return oddities(self.typed)

    @property
    def differences(self) -> list[str]:
        """Names of the figures that the file has otherwise; what either leaves open is no difference."""
        if self.from_file is None:
            return []
        pairs = ((name, getattr(self.typed, name), getattr(self.from_file, name)) for name in FIGURES)
        return [name for name, hers, file in pairs if None not in (hers, file) and hers != file]

    def is_changeable_by(self, actor: Actor) -> bool:
        hers = actor.person_id == self.person_id
        return may_change(self.state, is_hers=hers, account_id=actor.account_id, typists=self._typists)

    def is_retractable_by(self, actor: Actor) -> bool:
        hers = actor.person_id == self.person_id or actor.account_id in self._typists
        return hers and self.state in (EntryState.DRAFT, EntryState.RETURNED, EntryState.SUBMITTED)

    def is_of(self, actor: Actor) -> bool:
        """Hers, or typed by her: somebody else checks it."""
        return actor.person_id == self.person_id or actor.account_id in self._typists

    @property
    def _typists(self) -> tuple[int | None, ...]:
        return (self.entered_by, self.typed_by)


def _entries() -> Select:
    return (
        select(*_ENTRY, *_TYPED_FIGURES, *_FILE_FIGURES)
        .select_from(SalesEntry)
        .join(Shop, Shop.id == SalesEntry.shop_id)
        .join(Person, Person.id == Shop.person_id)
        .outerjoin(Livestream, Livestream.id == SalesEntry.livestream_id)
        .outerjoin(_ENTERED, _ENTERED.id == SalesEntry.entered_by)
        .outerjoin(_TYPED, _TYPED.id == SalesEntry.typed_by)
        .outerjoin(_CHECKED, _CHECKED.id == SalesEntry.checked_by)
    )


def _row(row) -> EntryRow:
    head, rounded, figures = row[: len(_ENTRY) - 1], row[len(_ENTRY) - 1], row[len(_ENTRY) :]
    typed, file = figures[: len(FIGURES)], figures[len(FIGURES) :]
    replaced = head[1] is EntryState.REPLACED and file[0] is not None
    return EntryRow(*head, Typed(*typed, tuple(rounded)), Typed(*file) if replaced else None)


def get_entry_for(actor: Actor, permission: Permission, entry_id: int) -> EntryRow | None:
    """Within her reach; a draft is seen by who typed it alone."""
    mine = or_(SalesEntry.entered_by == actor.account_id, SalesEntry.typed_by == actor.account_id)
    seen = or_(SalesEntry.state != EntryState.DRAFT, mine)
    return _one(_entries().where(SalesEntry.id == entry_id, visible_people(actor, permission), seen))


def get_own_entry(person_id: int, entry_id: int) -> EntryRow | None:
    return _one(_entries().where(SalesEntry.id == entry_id, Shop.person_id == person_id))


def _one(statement: Select) -> EntryRow | None:
    row = db.session.execute(statement).one_or_none()
    return row and _row(row)


def list_own_entries(person_id: int, *, most: int = 50) -> list[EntryRow]:
    """Those to put right first, then drafts, then the newest; what was taken back last."""
    order = {EntryState.RETURNED: 0, EntryState.DRAFT: 1, EntryState.TAKEN_BACK: 3}
    first = case(order, value=SalesEntry.state, else_=2)
    hers = _entries().where(Shop.person_id == person_id).order_by(first, SalesEntry.id.desc())
    return [_row(row) for row in db.session.execute(hers.limit(most))]


def _reached(actor: Actor, mine: bool):
    own = or_(SalesEntry.entered_by == actor.account_id, SalesEntry.typed_by == actor.account_id)
    return and_(
        visible_people(actor, Permission.VIEW_SALES), own if mine else or_(SalesEntry.state.in_(HANDED_IN), own)
    )


def entries_page(
    actor: Actor, *, state: EntryState | None = None, mine: bool = False, page: int = 1, per_page: int = 20
) -> Page[EntryRow]:
    """Those that wait first, the longest waiting before the others; `mine`: typed by her."""
    statement = _entries().where(_reached(actor, mine))
    if state:
        statement = statement.where(SalesEntry.state == state)
    waits = case((SalesEntry.state == EntryState.SUBMITTED, 0), else_=1)
    oldest = case((SalesEntry.state == EntryState.SUBMITTED, SalesEntry.id), else_=-SalesEntry.id)
    return fetch_page(statement.order_by(waits, oldest), _row, page=page, per_page=per_page)


def count_entries(actor: Actor) -> Mapping[EntryState, int]:
    """By state, within her reach. One statement."""
    rows = db.session.execute(
        select(SalesEntry.state, func.count())
        .join(Shop, Shop.id == SalesEntry.shop_id)
        .join(Person, Person.id == Shop.person_id)
        .where(_reached(actor, mine=False))
        .group_by(SalesEntry.state)
    )
    return dict(rows.all())


def entries_to_check(actor: Actor) -> Select:
    """(id, name, shop, moment) of what waits for a second person, who is neither the woman nor who typed it."""
    others = [
        or_(column.is_(None), column != actor.account_id) for column in (SalesEntry.entered_by, SalesEntry.typed_by)
    ]
    return (
        select(SalesEntry.id, Person.name, Shop.name.label("detail"), SalesEntry.submitted_at)
        .join(Shop, Shop.id == SalesEntry.shop_id)
        .join(Person, Person.id == Shop.person_id)
        .where(
            *(SalesEntry.state == EntryState.SUBMITTED, *others, Shop.person_id != (actor.person_id or 0)),
            visible_people(actor, Permission.CHECK_SALES),
        )
        .order_by(SalesEntry.submitted_at, SalesEntry.id)
    )


def next_to_check(actor: Actor, *, after: int = 0) -> int | None:
    """The one that waits longest, but for this one."""
    statement = entries_to_check(actor).where(SalesEntry.id != after).with_only_columns(SalesEntry.id)
    return db.session.scalar(statement.limit(1))


def get_picture(entry_id: int) -> StoredFile | None:
    held = select(StoredFile).join(SalesEntry, SalesEntry.picture_id == StoredFile.id)
    return db.session.scalar(held.where(SalesEntry.id == entry_id))


@dataclass(frozen=True)
class Twin:
    """Another entry whose picture looks the same; without name, shop and moment where it lies beyond her reach."""

    id: int
    within_reach: bool
    name: str | None = None
    shop: str | None = None
    started_at: datetime | None = None


_OTHER = aliased(SalesEntry)
# Nobody has claimed anything with these.
_UNCLAIMED = (EntryState.DRAFT, EntryState.TAKEN_BACK)


def _twins(*columns) -> Select:
    """Claimed entries with the same picture, each pair from either side."""
    pairs = (
        select(PictureTwin.entry_id, PictureTwin.other_id)
        .union_all(select(PictureTwin.other_id, PictureTwin.entry_id))
        .subquery()
    )
    own, other = (SalesEntry.shop_id, SalesEntry.started_at), (_OTHER.shop_id, _OTHER.started_at)
    sides = (
        column.label(name)
        for column, name in zip((*own, *other), ("shop", "began", "other_shop", "other_began"), strict=True)
    )
    return (
        select(SalesEntry.id, SalesEntry.livestream_id, _OTHER.id.label("other_id"), *sides, *columns)
        .join(pairs, pairs.c.entry_id == SalesEntry.id)
        .join(_OTHER, _OTHER.id == pairs.c.other_id)
        .where(SalesEntry.state.not_in(_UNCLAIMED), _OTHER.state.not_in(_UNCLAIMED))
        .order_by(SalesEntry.id, _OTHER.id)
    )


def _is_another_broadcast(row) -> bool:
    """What was returned may be entered anew with the same picture."""
    return row.shop != row.other_shop or abs(row.began - row.other_began) > SAME_START


def list_twins(actor: Actor, entry_id: int) -> list[Twin]:
    """Entries of whomever that claim another broadcast with the same picture. One statement."""
    owner, shop = aliased(Person), aliased(Shop)
    reach = owner.id.in_(select(Person.id).where(visible_people(actor, Permission.VIEW_SALES)))
    columns = (owner.name.label("name"), shop.name.label("shop_name"), case((reach, 1), else_=0).label("within_reach"))
    rows = db.session.execute(
        _twins(*columns)
        .join(shop, shop.id == _OTHER.shop_id)
        .join(owner, owner.id == shop.person_id)
        .where(SalesEntry.id == entry_id)
    )
    return [
        Twin(row.other_id, True, row.name, row.shop_name, row.other_began)
        if row.within_reach
        else Twin(row.other_id, False)
        for row in rows
        if _is_another_broadcast(row)
    ]


def list_similar_pairs(shop_id: int) -> list[Twins]:
    """Every picture of the shop that was handed in for another broadcast too, of this or any other shop; two of its own
    once. One statement."""
    rows = db.session.execute(_twins().where(SalesEntry.shop_id == shop_id))
    return [
        Twins(row.id, row.livestream_id, row.other_id, row.other_shop)
        for row in rows
        if _is_another_broadcast(row) and (row.other_shop != shop_id or row.id > row.other_id)
    ]
