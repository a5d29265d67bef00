"""Lists cut to what a person may see: the SQL twin of `permissions.can`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, false, func, or_, select, true

from trainer.database import db
from trainer.domain.actors import Actor, Role, region_prefix, regions_above
from trainer.permissions import Permission, grants_for

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list; `total` counts all of it, `page` begins with 1."""

    items: Sequence[T]
    total: int
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    @property
    def first(self) -> int:
        """Number of the first row of this page, for a 序号 column."""
        return (self.page - 1) * self.per_page + 1


def visible(
    actor: Actor,
    permission: Permission,
    *,
    region=None,
    cohort=None,
    person=None,
    accounts=None,
    overlapping: bool = False,
) -> ColumnElement[bool]:
    """A WHERE clause for rows whose columns lie in one of the actor's grants.

    Give the columns that say where a row lies: `region` (code), `cohort` (id), `person` (id), `accounts` (a
    function from an account id to a clause: the row is assigned to her).
    """
    grants = grants_for(actor, permission)
    reaches = [_reach(g, actor, region, cohort, person, accounts, overlapping) for g in grants]
    # Said plainly, so that what is OR-ed to it is left out of the statement: else the database reckons it anyway.
    return true() if any(reach is true() for reach in reaches) else or_(false(), *reaches)


def _reach(grant, actor, region, cohort, person, accounts, overlapping) -> ColumnElement[bool]:
    if grant.role is Role.TRAINEE:
        return person == actor.person_id if person is not None and actor.person_id else false()
    unlimited = grant.region_code is None and grant.cohort_id is None
    if grant.role is Role.EVALUATOR or (grant.role is Role.INSTRUCTOR and unlimited):
        return accounts(actor.account_id) if accounts is not None else false()
    if grant.cohort_id is not None:
        return cohort == grant.cohort_id if cohort is not None else false()
    if grant.region_code is None:
        return true()
    if region is None:
        return false()
    inside = region.startswith(region_prefix(grant.region_code))
    return or_(inside, region.in_(regions_above(grant.region_code))) if overlapping else inside


def fetch_page(statement, make: Callable[..., T], *, page: int, per_page: int) -> Page[T]:
    """Rows of `statement` on one page through `make(row)`; two statements whatever the size."""
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery()))
    page, per_page = _put_right(total, page, per_page)
    rows = db.session.execute(statement.limit(per_page).offset((page - 1) * per_page))
    return Page([make(row) for row in rows], total, page, per_page)


def page_of(rows: Sequence[T], *, page: int, per_page: int) -> Page[T]:
    """One page of rows that are all at hand."""
    page, per_page = _put_right(len(rows), page, per_page)
    return Page(rows[(page - 1) * per_page :][:per_page], len(rows), page, per_page)


def _put_right(total: int, page: int, per_page: int) -> tuple[int, int]:
    per_page = per_page if per_page in (20, 50, 100) else 20
    return min(max(page, 1), max(1, -(-total // per_page))), per_page


def contains(column, text: str) -> ColumnElement[bool]:
    """A LIKE that takes what was typed literally, `%` and `_` too."""
    return column.contains(text, autoescape=True)
