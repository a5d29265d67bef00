"""Calls of the demonstration: some of the women at risk were spoken with, some did not answer."""

from itertools import cycle

from sqlalchemy import select

from trainer.database import db
from trainer.domain.at_risk import ContactOutcome
from trainer.models.at_risk import Risk
from trainer.queries.account import get_account, get_actor
from trainer.services.at_risk import log_contact
from trainer.services.demo_place import Place

_CALLS = (
    (ContactOutcome.WILL_COME, "孩子发烧，明天能来。"),
    (ContactOutcome.NOT_REACHED, ""),
    (ContactOutcome.CALL_AGAIN, "正在地里干活，晚上七点以后再打。"),
    (ContactOutcome.CANNOT_COME, "婆婆住院，这几天走不开，想参加下一班补课。"),
)
# Of the women at risk, so many have been called.
CALLED_OF = 3


def add_contacts(place: Place) -> None:
    """Every third woman, by the staff of the city."""
    staff = get_actor(get_account(place.accounts["datong"]))
    women = db.session.scalars(
        select(Risk.enrolment_id).where(Risk.ended_at.is_(None)).distinct().order_by("enrolment_id")
    )
    for enrolment_id, call in zip(women.all()[::CALLED_OF], cycle(_CALLS), strict=False):
        log_contact(enrolment_id, *call, by=staff, at=place.at)
