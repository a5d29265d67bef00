"""Letters: sent once to whom they are for, taken back while few have read them, copies tried again by hand."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select, update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.background_task import TaskKind
from trainer.domain.message import INBOX, TAKE_BACK_WITHIN, DeliveryState, LetterDraft, MessageKind
from trainer.errors import NotFound, Refused
from trainer.models.message import Delivery, Message
from trainer.queries.letter import Letter, Recipient, prepare
from trainer.services import audit
from trainer.services.background_task import ask_for_task
from trainer.services.idempotency import dialect_insert
from trainer.services.message import put_into_inboxes


class NobodyToWriteTo(Refused):
    code = "nobody_to_write_to"


class TooLateToTakeBack(Refused):
    code = "too_late_to_take_back"


def send_letter(draft: LetterDraft, *, by: Actor, at: datetime) -> int:
    """The letter's id; a background task reckons anew whom it is for and delivers it.

    Cohort, next lesson and place are filled in now, the name when it is read. Raises what `prepare` raises,
    NobodyToWriteTo.
    """
    letter = prepare(by, draft, at=at)
    if not letter.recipients:
        raise NobodyToWriteTo()
    message_id = keep_letter(letter, by=by, at=at)
    ask_for_task(TaskKind.LETTER, str(message_id), {"message_id": message_id}, by=by, at=at)
    return message_id


def keep_letter(letter: Letter, *, by: Actor, at: datetime) -> int:
    """Its row: nobody has it yet."""
    told = {**letter.draft.audience.kept(), "channels": list(letter.draft.channels)}
    message = Message(kind=MessageKind.LETTER, subject=letter.subject, body=letter.body, audience=told, created_at=at)
    message.cohort_id, message.sent_by = letter.draft.audience.cohort_id, by.account_id
    db.session.add(message)
    db.session.flush()
    audit.record("letter.send", "message", message.id, by=by, at=at, **told, recipients=len(letter.recipients))
    return message.id


def deliver(
    message_id: int, recipients: Sequence[Recipient], *, personal: Sequence[str], shared: Sequence[str], at: datetime
) -> bool:
    """Into these inboxes, and a copy to wait on each channel: `personal` for whoever has a phone, `shared` once.

    Done before, it changes nothing. False: the letter was taken back meanwhile.
    """
    message = db.session.get(Message, message_id, with_for_update=True)
    if message.withdrawn_at:
        return False
    put_into_inboxes(message_id, [recipient.reader for recipient in recipients], at=at)
    copies = [(name, r.reader) for name in personal for r in recipients if r.has_phone]
    # A group's copy hangs at whoever wrote it: every delivery has one reader.
    copies += [(name, {"account_id": message.sent_by, "person_id": None}) for name in shared]
    facts = {"message_id": message_id, "state": DeliveryState.WAITING, "tries": 0, "due_at": at, "error": ""}
    rows = [{**facts, **reader, "channel": name} for name, reader in copies]
    if rows:
        db.session.execute(dialect_insert()(Delivery).on_conflict_do_nothing(), rows)
    return True


def take_back(message_id: int, *, by: Actor, at: datetime) -> None:
    """Within ten minutes: whoever has not read it finds it no longer, waiting copies are not sent.

    Raises NotFound, TooLateToTakeBack.
    """
    message = db.session.get(Message, message_id, with_for_update=True)
    if message is None or message.kind is not MessageKind.LETTER:
        raise NotFound()
    if message.withdrawn_at or at - message.created_at > TAKE_BACK_WITHIN:
        raise TooLateToTakeBack()
    unread = and_(Delivery.channel == INBOX, Delivery.read_at.is_(None))
    waiting = and_(Delivery.channel != INBOX, Delivery.state == DeliveryState.WAITING)
    gone = db.session.execute(delete(Delivery).where(Delivery.message_id == message_id, or_(unread, waiting))).rowcount
    left = db.session.scalar(select(func.count()).where(Delivery.message_id == message_id))
    message.withdrawn_at = at
    audit.record("letter.take_back", "message", message_id, by=by, at=at, removed=gone, left=left)


def send_again(message_id: int, channel: str, *, by: Actor, at: datetime) -> int:
    """Copies of which nobody knows whether they arrived, and those that failed, wait again: somebody decided it."""
    which = [Delivery.message_id == message_id, Delivery.channel == channel, Delivery.channel != INBOX]
    which.append(Delivery.state.in_((DeliveryState.UNKNOWN, DeliveryState.FAILED)))
    again = update(Delivery).where(*which).values(state=DeliveryState.WAITING, tries=0, due_at=at, error="")
    count = db.session.execute(again.execution_options(synchronize_session=False)).rowcount
    audit.record("letter.send_again", "message", message_id, by=by, at=at, channel=channel, count=count)
    return count
