"""Deliveries on channels besides the inbox: claimed before they are handed over, settled after, never sent twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from trainer.database import db
from trainer.domain.channel import LONGEST_HANDING_OVER, next_try
from trainer.domain.message import DeliveryState
from trainer.models.message import Delivery


@dataclass(frozen=True)
class Claimed:
    """A copy that is now ours to hand over."""

    id: int
    channel: str
    tries: int


def give_up_lost(*, at: datetime) -> int:
    """Copies whose process died while handing over: nobody knows whether they arrived, so nobody sends them again."""
    lost = (
        update(Delivery)
        .where(Delivery.state == DeliveryState.SENDING, Delivery.due_at < at - LONGEST_HANDING_OVER)
        .values(state=DeliveryState.UNKNOWN)
    )
    return db.session.execute(lost.execution_options(synchronize_session=False)).rowcount


def claim(channels: Iterable[str], *, at: datetime) -> Claimed | None:
    """The copy that has waited longest; commit before handing it over. `due_at` is from now on when it was claimed."""
    waiting = (
        select(Delivery)
        .where(Delivery.state == DeliveryState.WAITING, Delivery.channel.in_(list(channels)), Delivery.due_at <= at)
        .order_by(Delivery.due_at, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    delivery = db.session.scalar(waiting)
    if delivery is None:
        return None
    delivery.state, delivery.due_at, delivery.tries = DeliveryState.SENDING, at, delivery.tries + 1
    return Claimed(delivery.id, delivery.channel, delivery.tries)


def settle(claimed: Claimed, error: str | None, *, at: datetime) -> None:
    """It was taken, or not: then it waits longer each time, and has failed after the fifth. One given up stays so."""
    if error is None:
        result = {"state": DeliveryState.SENT, "sent_at": at, "error": ""}
    elif again := next_try(claimed.tries, at):
        result = {"state": DeliveryState.WAITING, "due_at": again, "error": error}
    else:
        result = {"state": DeliveryState.FAILED, "error": error}
    db.session.execute(
        update(Delivery)
        .where(Delivery.id == claimed.id, Delivery.state == DeliveryState.SENDING, Delivery.tries == claimed.tries)
        .values(**result)
        .execution_options(synchronize_session=False)
    )
