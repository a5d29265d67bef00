"""Messages of the demonstration: a letter that half a cohort has read, one to colleagues; old notices are read."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor, Role
from trainer.domain.message import Audience, Circle, LetterDraft
from trainer.models.message import Delivery, Message
from trainer.models.programme import Cohort
from trainer.queries.account import get_account, get_actor
from trainer.queries.letter import prepare
from trainer.services.demo_place import Place
from trainer.services.letter import deliver, keep_letter
from trainer.services.message_template import offer_starting_templates

TO_WOMEN = ("请带好产品样品", "{姓名}，您好！下次课要练习直播，请带一样自家的产品来，例如黄花菜、小米或者手工鞋垫。")
TO_COLLEAGUES = ("请核对名册", "{姓名}，您好！请在本周五前核对各培训班的名册和手机号，有变动的请及时更新。")


def add_messages(place: Place) -> None:
    """To the women of the first cohort that is under way, and to the staff of the cities."""
    offer_starting_templates(by=SYSTEM, at=place.at)
    staff, manager = (get_actor(get_account(place.accounts[name])) for name in ("datong", "manager"))
    under_way = select(Cohort.id).where(Cohort.starts_on <= place.today, Cohort.ends_on >= place.today)
    cohort_id = db.session.scalar(under_way.order_by(Cohort.id).limit(1))
    if cohort_id is not None:
        sent_at = place.at - timedelta(hours=3)
        letter_id = _send(LetterDraft(*TO_WOMEN, Audience(cohort_id, Circle.ON_THE_ROLL)), staff, sent_at)
        _mark_read(Delivery.message_id == letter_id, Delivery.id % 2 == 0, at=place.at - timedelta(hours=1))
    _send(LetterDraft(*TO_COLLEAGUES, Audience(role=Role.COHORT_STAFF)), manager, place.at - timedelta(hours=5))
    old = select(Message.id).where(Message.created_at < place.at - timedelta(days=7))
    _mark_read(Delivery.message_id.in_(old), at=place.at - timedelta(days=5))


def _send(draft: LetterDraft, by: Actor, at: datetime) -> int:
    """At once, as the background work of a real one does."""
    letter = prepare(by, draft, at=at)
    letter_id = keep_letter(letter, by=by, at=at)
    deliver(letter_id, letter.recipients, personal=(), shared=(), at=at)
    return letter_id


def _mark_read(*which, at: datetime) -> None:
    db.session.execute(update(Delivery).where(*which).values(read_at=at).execution_options(synchronize_session=False))
