"""Disclosures: who looked at whose protected values and why, and the people of an export."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.disclosure import ProtectedField, Purpose, SeenDisclosure
from trainer.models.account import Account
from trainer.models.disclosure import DisclosedPerson, Disclosure
from trainer.permissions import Permission, can


def list_disclosures_of(person_id: int, *, most: int = 200) -> list[SeenDisclosure]:
    """What of hers was shown to whom, and why; the newest first."""
    rows = db.session.execute(
        select(Disclosure, Account.name, Account.organisation)
        .join(DisclosedPerson, DisclosedPerson.disclosure_id == Disclosure.id)
        .join(Account, Account.id == Disclosure.account_id)
        .where(DisclosedPerson.person_id == person_id)
        .order_by(Disclosure.id.desc())
        .limit(most)
    )
    return [
        SeenDisclosure(
            *(row.at, name, organisation or "", tuple(ProtectedField(field) for field in row.fields)),
            *(Purpose(row.reason, row.note, row.recipient), row.is_export),
        )
        for row, name, organisation in rows
    ]


def count_looks(account_id: int, *, since: datetime) -> int:
    """How many values this account has been shown one by one."""
    looks = (Disclosure.account_id == account_id, Disclosure.at >= since, Disclosure.is_export.is_(False))
    return db.session.scalar(select(func.count()).select_from(Disclosure).where(*looks))


def get_export(disclosure_id: int) -> Disclosure | None:
    return db.session.scalar(select(Disclosure).where(Disclosure.id == disclosure_id, Disclosure.is_export))


def exportable_fields(actor: Actor) -> tuple[ProtectedField, ...]:
    """What she may take out in full: the ID number only where she may look at it too."""
    if not can(actor, Permission.EXPORT_UNMASKED):
        return ()
    also = (ProtectedField.ID_NUMBER,) if can(actor, Permission.UNMASK) else ()
    return (ProtectedField.PHONE, *also)


def allowed_fields(actor: Actor, wanted: Collection[str]) -> frozenset[str]:
    """Those of `wanted` that she may take out now."""
    return frozenset(field.value for field in exportable_fields(actor)) & frozenset(wanted)
