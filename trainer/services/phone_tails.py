"""What people are found by on the telephone, for records that were written before it was kept."""

from sqlalchemy import bindparam, select, update

from trainer.crypto import keyring
from trainer.database import db
from trainer.domain.search import PHONE_TAIL
from trainer.models.person import Person

AT_A_TIME = 1_000


def tail_index(phone: str | None) -> str | None:
    """The keyed hash of the last four digits."""
    return keyring().blind_index("phone_tail", str(phone)[-PHONE_TAIL:]) if phone else None


def fill_missing() -> int:
    """Up to AT_A_TIME records get their hash; how many: call it again, each time in a transaction, until none."""
    missing = db.session.execute(
        select(Person.id, Person.phone)
        .where(Person.phone.is_not(None), Person.phone != "", Person.phone_tail_index.is_(None))
        .order_by(Person.id)
        .limit(AT_A_TIME)
    ).all()
    if missing:
        table = Person.__table__
        db.session.connection().execute(
            update(table).where(table.c.id == bindparam("person")).values(phone_tail_index=bindparam("tail")),
            [{"person": row.id, "tail": tail_index(row.phone)} for row in missing],
        )
    return len(missing)
