"""What stands between a right password and the rights of an account."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from trainer.domain.actors import Grant, Role, SignInStep
from trainer.domain.password import DENGBAO, PasswordPolicy

# Two weeks before a password has to be renewed its owner is told.
REMIND_BEFORE = timedelta(days=14)
# Roles that an installation may bind to its own networks.
BOUND_TO_NETWORKS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR})


@dataclass(frozen=True)
class SignInRules:
    """How this installation lets its staff in."""

    policy: PasswordPolicy = DENGBAO
    # After how long a password is renewed; None: never.
    max_age: timedelta | None = None
    second_factor_roles: frozenset[Role] = frozenset()
    # Networks that the roles above work from; empty: any.
    admin_networks: tuple[str, ...] = ()
    # A session ends after so long, however busy.
    life: timedelta = timedelta(hours=12)

    def first_step(
        self, roles: frozenset[Role], *, enrolled: bool, set_at: datetime, at: datetime
    ) -> SignInStep | None:
        """What comes after the right password."""
        if enrolled:
            return SignInStep.SECOND_FACTOR
        if self.wants_second_factor(roles):
            return SignInStep.ENROL_SECOND_FACTOR
        return self.last_step(set_at, at=at)

    def last_step(self, set_at: datetime, *, at: datetime) -> SignInStep | None:
        """What comes after the second factor, or where there is none: a new password if the old one is too old."""
        due = self.due_at(set_at)
        return SignInStep.NEW_PASSWORD if due and due <= at else None

    def due_at(self, set_at: datetime) -> datetime | None:
        """When a password set then has to be renewed."""
        return set_at + self.max_age if self.max_age and self.policy.renewed else None

    def reminds(self, set_at: datetime, *, at: datetime) -> datetime | None:
        """When it has to be renewed, where that is soon."""
        due = self.due_at(set_at)
        return due if due and due - REMIND_BEFORE <= at else None

    def wants_second_factor(self, roles: frozenset[Role]) -> bool:
        return bool(roles & self.second_factor_roles)

    def carried(self, grants: tuple[Grant, ...], address: str | None) -> tuple[Grant, ...]:
        """The grants that are there for a request from `address`."""
        if not self.admin_networks or _within(address, self.admin_networks):
            return grants
        return tuple(grant for grant in grants if grant.role not in BOUND_TO_NETWORKS)


def _within(address: str | None, networks: tuple[str, ...]) -> bool:
    return bool(address) and any(ip_address(address) in ip_network(network, strict=False) for network in networks)
