"""Deliveries on channels besides the inbox: what is to be handed over to whom."""

from dataclasses import dataclass

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.people import clean_phone
from trainer.errors import Refused
from trainer.models.account import Account
from trainer.models.message import Delivery, Message
from trainer.models.person import Person


@dataclass(frozen=True)
class Handover:
    """A copy as it leaves the house; `phone` None where the reader has none (any more)."""

    subject: str
    body: str
    name: str
    phone: str | None


def get_handover(delivery_id: int) -> Handover:
    subject, body, name, of_person, of_account = db.session.execute(
        select(Message.subject, Message.body, func.coalesce(Person.name, Account.name), Person.phone, Account.phone)
        .select_from(Delivery)
        .join(Message, Message.id == Delivery.message_id)
        .outerjoin(Person, Person.id == Delivery.person_id)
        .outerjoin(Account, Account.id == Delivery.account_id)
        .where(Delivery.id == delivery_id)
    ).one()
    return Handover(subject, body, name, _digits(of_person or of_account))


def _digits(phone: str | None) -> str | None:
    """It becomes part of an address: nothing but a mobile number may."""
    try:
        return clean_phone(phone) if phone else None
    except Refused:
        return None
