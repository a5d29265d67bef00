"""The demonstration's accounts, one a role, for its sign-in page and the terminal."""

from dataclasses import dataclass

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Role
from trainer.models.account import Account, RoleGrant

# Known to everybody: such accounts exist only in a database flagged as demonstration, served on loopback.
DEMO_PASSWORD = "Demo-2026-she"  # noqa: S105


@dataclass(frozen=True)
class DemoAccount:
    """An account to try; a trainee has no username: she is entered by the button."""

    id: int
    role: Role
    name: str
    username: str | None


def list_demo_accounts() -> list[DemoAccount]:
    """The first account of each role, in the order of the roles."""
    firsts = select(func.min(RoleGrant.account_id).label("id"), RoleGrant.role).group_by(RoleGrant.role).subquery()
    rows = db.session.execute(
        select(Account.id, firsts.c.role, Account.name, Account.username).join(firsts, firsts.c.id == Account.id)
    )
    order = list(Role)
    return sorted((DemoAccount(*row) for row in rows), key=lambda a: order.index(a.role))
