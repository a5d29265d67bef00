"""Messages: notices of the site, read marks; each reader gets each message once."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.message import INBOX, DeliveryState, MessageKind, keep_values, once
from trainer.models.message import Delivery, Message
from trainer.queries.message import own
from trainer.services.idempotency import dialect_insert


def notify(
    code: str,
    *,
    to_accounts: Iterable[int | None] = (),
    to_people: Iterable[int | None] = (),
    link: str | None = None,
    once_key: str | None = None,
    by: Actor,
    at: datetime,
    **values: object,
) -> int | None:
    """A notice in these readers' inboxes: `wording` has a title and a text for `code`, in the reader's language.

    `link`: a path of this site. `once_key`: whoever says the same again, at the same moment too, says nothing (None).
    """
    readers = [{"account_id": n, "person_id": None} for n in once(to_accounts)]
    readers += [{"account_id": None, "person_id": n} for n in once(to_people)]
    if not readers:
        return None
    row = {"kind": MessageKind.NOTICE, "code": code, "values": keep_values(values), "audience": {}}
    row |= {"link": link, "once_key": once_key, "sent_by": by.account_id, "created_at": at}
    insert = dialect_insert()(Message).values(**row).on_conflict_do_nothing(index_elements=["once_key"])
    message_id = db.session.scalar(insert.returning(Message.id))
    if message_id is not None:
        put_into_inboxes(message_id, readers, at=at)
    return message_id


def put_into_inboxes(message_id: int, readers: list[dict[str, int | None]], *, at: datetime) -> None:
    """{"account_id": …, "person_id": …}, one of them None; who has the message already gets it no second time."""
    facts = {"message_id": message_id, "channel": INBOX, "state": DeliveryState.SENT, "tries": 0, "error": ""}
    rows = [{**facts, **reader, "due_at": at, "sent_at": at} for reader in readers]
    db.session.execute(dialect_insert()(Delivery).on_conflict_do_nothing(), rows)


def mark_read(actor: Actor, *, delivery_id: int | None = None, at: datetime) -> None:
    """One of hers, or all; what she has read before keeps its moment."""
    which = [own(actor), Delivery.read_at.is_(None)]
    if delivery_id is not None:
        which.append(Delivery.id == delivery_id)
    db.session.execute(update(Delivery).where(*which).values(read_at=at).execution_options(synchronize_session=False))
