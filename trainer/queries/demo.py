"""The demonstration: whether it stands here, and its accounts, one a role, for the sign-in page and the terminal."""

from dataclasses import dataclass

from sqlalchemy import exists, func, or_, select

from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.demonstration import Size
from trainer.models.account import Account, RoleGrant
from trainer.models.person import Person
from trainer.models.programme import Programme
from trainer.queries.account import get_flag

# Known to everybody: such accounts exist only in a database flagged as demonstration, served on loopback.
DEMO_PASSWORD = "Demo-2026-she"  # noqa: S105
FLAG = "demonstration"


def get_demonstration_size() -> Size | None:
    """The size of the demonstration that fills this database; None where it is not one."""
    found = get_flag(FLAG)
    return Size(found) if found else None


def holds_anybody() -> bool:
    """Whether somebody has begun to work with this database."""
    return db.session.scalar(
        select(or_(exists(select(Account.id)), exists(select(Person.id)), exists(select(Programme.id))))
    )


@dataclass(frozen=True)
class DemoAccount:
    """An account to try; a trainee has no username: she is entered by the button."""

    id: int
    role: Role
    name: str
    username: str | None


# Acts that need two people are tried with both.
SHOWN = {Role.MANAGER: 2}


def list_demo_accounts() -> list[DemoAccount]:
    """The first account of each role, of managers two, in the order of the roles."""
    place = func.row_number().over(partition_by=RoleGrant.role, order_by=RoleGrant.account_id)
    granted = select(RoleGrant.account_id.label("id"), RoleGrant.role, place.label("place")).subquery()
    rows = db.session.execute(
        select(Account.id, granted.c.role, Account.name, Account.username, granted.c.place)
        .join(granted, granted.c.id == Account.id)
        .order_by(granted.c.role, granted.c.place)
    )
    order = list(Role)
    shown = [DemoAccount(*facts) for *facts, place in rows if place <= SHOWN.get(facts[1], 1)]
    return sorted(shown, key=lambda a: order.index(a.role))
