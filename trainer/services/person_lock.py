"""Holding a woman's record while something is written of her that hangs on her place in a class."""

from sqlalchemy import select

from trainer.database import db
from trainer.errors import NotFound
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.queries.person import is_here


def hold_here(enrolment_id: int | None) -> None:
    """Until the act ends she is neither erased nor put together with another record: after that nobody would look for what
    was written. Before all that is hers, as erasing does. Several may hold her at once. Raises NotFound (she is gone)."""
    held = (
        select(Person.id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.id == enrolment_id, is_here())
        .with_for_update(read=True, key_share=True, of=Person)
    )
    if db.session.scalar(held) is None:
        raise NotFound()
