"""What waits of the ledger of help: entries that somebody else has to approve."""

from sqlalchemy import Select, or_, select

from trainer.domain.actors import Actor
from trainer.domain.service_hours import ServiceState
from trainer.models.person import Person
from trainer.models.service_hours import ServiceEntry
from trainer.permissions import Permission
from trainer.queries.person import visible_people


def entries_to_approve(actor: Actor) -> Select:
    """Without those that she entered, or that are about her: two people."""
    entered_by_others = or_(ServiceEntry.entered_by.is_(None), ServiceEntry.entered_by != actor.account_id)
    return (
        select(ServiceEntry.id, Person.name, ServiceEntry.kind.label("detail"), ServiceEntry.day)
        .join(Person, Person.id == ServiceEntry.person_id)
        .where(
            ServiceEntry.state == ServiceState.PROPOSED,
            entered_by_others,
            ServiceEntry.person_id != (actor.person_id or 0),
            visible_people(actor, Permission.APPROVE_SERVICE),
        )
        .order_by(ServiceEntry.day, ServiceEntry.id)
    )
