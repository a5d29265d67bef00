"""Statements of what waits about sales: files to confirm, findings to look into, and those that a second person decides."""

from sqlalchemy import ColumnElement, Select, select

from trainer.domain.actors import Actor
from trainer.domain.anomaly import AnomalyState
from trainer.domain.imports import BatchState, ImportKind
from trainer.models.anomaly import Anomaly
from trainer.models.imports import ImportBatch
from trainer.models.person import Person
from trainer.models.sales import Shop
from trainer.permissions import Permission
from trainer.queries.anomaly import is_to_decide
from trainer.queries.person import visible_people


def files_to_confirm(actor: Actor) -> Select:
    return (
        select(ImportBatch.id, ImportBatch.filename, Shop.name.label("detail"), ImportBatch.created_at)
        .join(Shop, Shop.id == ImportBatch.shop_id)
        .join(Person, Person.id == Shop.person_id)
        .where(
            ImportBatch.kind == ImportKind.SALES,
            ImportBatch.state == BatchState.PREVIEWED,
            visible_people(actor, Permission.IMPORT_SALES),
        )
        .order_by(ImportBatch.created_at, ImportBatch.id)
    )


def findings_to_explain(actor: Actor) -> Select:
    return _findings(actor, Permission.EXPLAIN_ANOMALIES, Anomaly.state == AnomalyState.OPEN)


def findings_to_decide(actor: Actor) -> Select:
    return _findings(actor, Permission.DECIDE_ANOMALIES, is_to_decide(actor))


def _findings(actor: Actor, permission: Permission, which: ColumnElement[bool]) -> Select:
    """The weightiest first."""
    return (
        select(Anomaly.id, Anomaly.check, Person.name.label("detail"), Anomaly.found_at)
        .join(Shop, Shop.id == Anomaly.shop_id)
        .join(Person, Person.id == Shop.person_id)
        .where(which, visible_people(actor, permission))
        .order_by(Anomaly.weight.desc(), Anomaly.id)
    )
