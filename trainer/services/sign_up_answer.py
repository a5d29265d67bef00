"""Answers to sign-ups on their way to the women: by text message where the site sends some, else by somebody's call."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, and_, cast, func, literal, select, update

from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus
from trainer.domain.message import DeliveryState, MessageKind
from trainer.domain.sign_up import AnswerChannel, SignUpState
from trainer.errors import Conflict, NotFound
from trainer.messaging.answers import answer_words
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.message import Delivery, Message
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.sign_up import SignUp
from trainer.services import audit
from trainer.services.idempotency import dialect_insert
from trainer.services.message import notify

_S = EnrolmentStatus
NOTICES = {
    **dict.fromkeys(ON_THE_ROLL, "enrolment_admitted"),
    _S.WAITLISTED: "enrolment_waitlisted",
    _S.REJECTED: "enrolment_rejected",
}
FAILED = (DeliveryState.FAILED, DeliveryState.UNKNOWN)


def tell_her(enrolments: Sequence[Enrolment], cohort: Cohort, *, by: Actor, at: datetime) -> None:
    """Into her inbox; and of whoever signed up by herself nobody has told her yet (also where she had heard something
    else before)."""
    facts = words_about(cohort)
    for code in dict.fromkeys(NOTICES[enrolment.status] for enrolment in enrolments):
        women = [enrolment.person_id for enrolment in enrolments if NOTICES[enrolment.status] == code]
        notify(code, to_people=women, link="/me", by=by, at=at, **facts)
    hers = SignUp.enrolment_id.in_([enrolment.id for enrolment in enrolments])
    untold = update(SignUp).where(hers, SignUp.state == SignUpState.SETTLED).values(told_at=None, told_by=None)
    db.session.execute(untold.execution_options(synchronize_session="fetch"))


def words_about(cohort: Cohort) -> dict[str, object]:
    """What every answer tells of a class."""
    facts = {"cohort": cohort.name, "day": cohort.starts_on, "place": cohort.place}
    return facts | {"teacher": cohort.teacher_name, "phone": cohort.teacher_phone}


def note_told(sign_up_id: int, *, seen: EnrolmentStatus, by: Actor, at: datetime) -> None:
    """Somebody has told her where she stands: `seen`, what the page said. Raises NotFound, Conflict."""
    sign_up = db.session.get(SignUp, sign_up_id, with_for_update=True, populate_existing=True)
    if sign_up is None or sign_up.enrolment_id is None:
        raise NotFound()
    if db.session.scalar(select(Enrolment.status).where(Enrolment.id == sign_up.enrolment_id)) is not seen:
        raise Conflict()
    if sign_up.told_at is None:
        sign_up.told_at, sign_up.told_by = at, by.account_id
        audit.record("sign_up.tell", "sign_up", sign_up.id, by=by, at=at, status=seen)


def send_answers(channels: Sequence[str], *, at: datetime) -> int:
    """A copy on each of these channels for whoever wants a text message and was told nothing yet; how many women.

    Whose copies all failed waits for a call again. Only to the number she gave: where the register has another one,
    somebody calls.
    """
    _wait_again()
    last = select(func.max(EnrolmentEvent.id)).where(EnrolmentEvent.enrolment_id == Enrolment.id).scalar_subquery()
    rows = db.session.execute(
        select(SignUp, Enrolment.person_id, Enrolment.status, Cohort, last)
        .join(Enrolment, Enrolment.id == SignUp.enrolment_id)
        .join(Person, and_(Person.id == Enrolment.person_id, Person.phone_index == SignUp.phone_index))
        .join(Cohort, Cohort.id == SignUp.cohort_id)
        .where(*_to_be_told_by_text(), Enrolment.status.in_(NOTICES))
        .order_by(SignUp.id)
    ).all()
    return sum(_send(*row, channels, at=at) for row in rows)


def _to_be_told_by_text() -> tuple:
    return SignUp.state == SignUpState.SETTLED, SignUp.told_at.is_(None), SignUp.answer_by == AnswerChannel.SMS


def _send(
    sign_up: SignUp,
    person_id: int,
    status: EnrolmentStatus,
    cohort: Cohort,
    step: int,
    channels: Sequence[str],
    *,
    at: datetime,
) -> bool:
    """Once for each step of hers: where it failed, it is not tried again by itself."""
    subject, body = answer_words(NOTICES[status], **words_about(cohort))
    row = {"kind": MessageKind.LETTER, "subject": subject, "body": body, "values": {}, "audience": {}}
    row |= {"cohort_id": cohort.id, "once_key": _key(sign_up.id, step), "created_at": at}
    made = dialect_insert()(Message).values(**row).on_conflict_do_nothing(index_elements=["once_key"])
    message_id = db.session.scalar(made.returning(Message.id))
    if message_id is None:
        return False
    facts = {"message_id": message_id, "person_id": person_id, "state": DeliveryState.WAITING, "due_at": at}
    db.session.add_all([Delivery(channel=channel, **facts) for channel in channels])
    sign_up.told_at = at
    audit.record("sign_up.tell", "sign_up", sign_up.id, by=SYSTEM, at=at, status=status, channels=list(channels))
    return True


def _key(sign_up_id: int, step: int) -> str:
    return f"sign_up:{sign_up_id}:{step}"


def _wait_again() -> None:
    """She was taken for told, and no copy arrived."""
    key = literal("sign_up:").concat(cast(SignUp.id, String)).concat(":%")
    of_hers = select(Delivery.id).join(Message, Message.id == Delivery.message_id).where(Message.once_key.like(key))
    lost = of_hers.where(Delivery.state.in_(FAILED), Delivery.due_at >= SignUp.told_at)
    arrived = of_hers.where(Delivery.state.not_in(FAILED), Delivery.due_at >= SignUp.told_at)
    told_by_text = (SignUp.told_at.is_not(None), SignUp.told_by.is_(None), SignUp.answer_by == AnswerChannel.SMS)
    again = update(SignUp).where(*told_by_text, SignUp.state == SignUpState.SETTLED, lost.exists(), ~arrived.exists())
    db.session.execute(again.values(told_at=None).execution_options(synchronize_session=False))
