"""Disclosures: how often somebody looked, and what may leave in full. (She reads hers in `personal_data`.)"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.disclosure import ProtectedField
from trainer.models.disclosure import Disclosure
from trainer.permissions import Permission, can


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
