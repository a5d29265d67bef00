"""Honours: the list that staff keep, and the public page, which names a woman only as long as she agrees."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.consent import ConsentScope
from trainer.domain.honour import HonourKind, HonourState, honour_state
from trainer.domain.people import mask_name
from trainer.models.account import Account
from trainer.models.honour import Honour
from trainer.models.person import Consent, Person
from trainer.models.region import Region
from trainer.permissions import Permission
from trainer.queries.scoping import Page, fetch_page, visible

IS_PUBLIC = and_(Honour.published_at.is_not(None), Honour.withdrawn_at.is_(None))
_IN_STATE = {
    HonourState.DRAFT: and_(Honour.published_at.is_(None), Honour.withdrawn_at.is_(None)),
    HonourState.PUBLISHED: IS_PUBLIC,
    HonourState.WITHDRAWN: Honour.withdrawn_at.is_not(None),
}
# A project has nobody who could be.
_NOT_ERASED = or_(Person.id.is_(None), Person.erased_at.is_(None))
_AGREES = exists().where(
    Consent.person_id == Honour.person_id,
    Consent.scope == ConsentScope.PUBLICATION,
    Consent.withdrawn_at.is_(None),
)


@dataclass(frozen=True)
class HonourRow:
    """One honour as staff see it; `agrees`: whether her name may stand on the public page."""

    id: int
    year: int
    kind: HonourKind
    title: str
    person_id: int | None
    person: str | None
    project: str
    region_code: str
    region: str
    citation: str
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawal_reason: str
    version: int
    agrees: bool
    # Names of staff, for staff alone.
    published_by: str | None
    withdrawn_by: str | None

    @property
    def state(self) -> HonourState:
        return honour_state(self.published_at, self.withdrawn_at)

    @property
    def name(self) -> str:
        return self.person or self.project

    @property
    def public_name(self) -> str:
        return self.project or (self.person if self.agrees else mask_name(self.person)) or ""

    @property
    def public_citation(self) -> str:
        """Who is not named is not named in the words about her either."""
        if self.person is None or self.agrees:
            return self.citation
        return self.citation.replace(self.person, mask_name(self.person))


def _named(account) -> ColumnElement[str | None]:
    return select(Account.name).where(Account.id == account).correlate(Honour).scalar_subquery()


def _rows(*which) -> Select:
    """By title, then people by the sound of their names, projects after them."""
    return (
        select(
            *(Honour.id, Honour.year, Honour.kind, Honour.title, Honour.person_id, Person.name, Honour.project),
            *(Honour.region_code, Region.name.label("region"), Honour.citation, Honour.published_at),
            *(Honour.withdrawn_at, Honour.withdrawal_reason, Honour.version, _AGREES.label("agrees")),
            *(_named(Honour.published_by).label("published_by"), _named(Honour.withdrawn_by).label("withdrawn_by")),
        )
        .join(Region, Region.code == Honour.region_code)
        .outerjoin(Person, Person.id == Honour.person_id)
        .where(*which)
        .order_by(Honour.year.desc(), Honour.kind, Honour.title, Person.name_pinyin, Honour.project, Honour.id)
    )


def visible_honours(actor: Actor) -> ColumnElement[bool]:
    return visible(actor, Permission.MANAGE_HONOURS, region=Honour.region_code)


def honours_page(
    actor: Actor, *, year: int | None = None, state: HonourState | None = None, page: int = 1, per_page: int = 20
) -> Page[HonourRow]:
    which = [visible_honours(actor)]
    which += [Honour.year == year] if year else []
    which += [_IN_STATE[state]] if state else []
    return fetch_page(_rows(*which), lambda row: HonourRow(*row), page=page, per_page=per_page)


def get_honour(honour_id: int) -> HonourRow | None:
    row = db.session.execute(_rows(Honour.id == honour_id)).one_or_none()
    return HonourRow(*row) if row else None


def years_of_honours(actor: Actor) -> list[int]:
    """For the list of staff: every year within her reach, the newest first."""
    return list(
        db.session.scalars(select(Honour.year).where(visible_honours(actor)).distinct().order_by(Honour.year.desc()))
    )


@dataclass(frozen=True)
class HonourYear:
    """A year of the public list: how many people and projects were honoured."""

    year: int
    people: int
    projects: int


def list_public_years() -> list[HonourYear]:
    """The newest first; somebody with two honours of a year is one person."""
    rows = db.session.execute(
        select(
            *(Honour.year, func.count(Honour.person_id.distinct())),
            func.count().filter(Honour.kind == HonourKind.PROJECT),
        )
        .outerjoin(Person, Person.id == Honour.person_id)
        .where(IS_PUBLIC, _NOT_ERASED)
        .group_by(Honour.year)
        .order_by(Honour.year.desc())
    )
    return [HonourYear(*row) for row in rows]


def list_public_honours(year: int) -> list[HonourRow]:
    """What the public page shows: only `public_name` and `public_citation` of them."""
    rows = db.session.execute(_rows(Honour.year == year, IS_PUBLIC, _NOT_ERASED))
    return [HonourRow(*row) for row in rows]
