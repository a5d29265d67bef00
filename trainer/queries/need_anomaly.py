"""Statements of what waits about findings in sales: those to look into, and those that a second person decides."""

from sqlalchemy import Select, or_, select

from trainer.domain.actors import Actor
from trainer.domain.anomaly import AnomalyState
from trainer.models.anomaly import Anomaly
from trainer.models.person import Person
from trainer.models.sales import Shop
from trainer.permissions import Permission
from trainer.queries.person import visible_people


def findings_to_explain(actor: Actor) -> Select:
    return _findings(actor, Permission.EXPLAIN_ANOMALIES, AnomalyState.OPEN)


def findings_to_decide(actor: Actor) -> Select:
    """Explained by somebody else."""
    others = or_(Anomaly.explained_by.is_(None), Anomaly.explained_by != actor.account_id)
    return _findings(actor, Permission.DECIDE_ANOMALIES, AnomalyState.EXPLAINED).where(others)


def _findings(actor: Actor, permission: Permission, state: AnomalyState) -> Select:
    """The weightiest first."""
    return (
        select(Anomaly.id, Anomaly.check, Person.name.label("detail"), Anomaly.found_at)
        .join(Shop, Shop.id == Anomaly.shop_id)
        .join(Person, Person.id == Shop.person_id)
        .where(Anomaly.state == state, visible_people(actor, permission))
        .order_by(Anomaly.weight.desc(), Anomaly.id)
    )
