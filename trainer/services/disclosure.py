"""Showing protected values in full: each time with a reason, written down for the woman and for the auditor."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import insert, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.background_task import TaskKind
from trainer.domain.days import china_day, day_begins
from trainer.domain.disclosure import DisclosureReason, ProtectedField, Purpose
from trainer.errors import Refused
from trainer.models.account import Account
from trainer.models.disclosure import DisclosedPerson, Disclosure
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.sign_up import SignUp
from trainer.queries.disclosure import count_looks
from trainer.services import audit
from trainer.services.background_task import ask_for_task


class ReasonWithoutWords(Refused):
    """“Something else” says nothing by itself."""

    code = "reason_without_words"


class NothingOnRecord(Refused):
    code = "nothing_on_record"


class TooManyLooks(Refused):
    """So many single looks a day are a list, and a list is an export."""

    code = "too_many_looks"
    status = 429


class NobodyToExport(Refused):
    code = "nobody_to_export"


def reveal(person: Person, field: ProtectedField, purpose: Purpose, *, most_a_day: int, by: Actor, at: datetime) -> str:
    """Her phone or ID number in full. Raises ReasonWithoutWords, NothingOnRecord, TooManyLooks(most=…)."""
    _check(purpose)
    value = getattr(person, field.value)
    if not value:
        raise NothingOnRecord(field=field)
    _count_one_more(most_a_day, by=by, at=at)
    made = _write([person.id], [field], purpose, is_export=False, by=by, at=at)
    audit.record(
        *("person.reveal", "person", person.id),
        by=by,
        at=at,
        disclosure=made.id,
        fields=[field.value],
        reason=purpose.reason,
        note=purpose.note,
    )
    return value


def reveal_of_sign_up(sign_up: SignUp, field: str, *, most_a_day: int, by: Actor, at: datetime) -> str:
    """The phone that somebody left who is nobody of the register yet, or her helper's, for a call: it counts as a look
    like any other. Raises NothingOnRecord, TooManyLooks(most=…)."""
    value = getattr(sign_up, field)
    if not value:
        raise NothingOnRecord(field=ProtectedField.PHONE)
    _count_one_more(most_a_day, by=by, at=at)
    purpose = Purpose(DisclosureReason.CALL_HER)
    person_id = db.session.scalar(select(Enrolment.person_id).where(Enrolment.id == sign_up.enrolment_id))
    hers = [person_id] if person_id and field == "phone" else []
    made = _write(hers, [ProtectedField.PHONE], purpose, is_export=False, by=by, at=at)
    facts = {"disclosure": made.id, "fields": [field], "reason": purpose.reason}
    audit.record("sign_up.reveal", "sign_up", sign_up.id, by=by, at=at, **facts)
    return value


def _count_one_more(most_a_day: int, *, by: Actor, at: datetime) -> None:
    """Two looks at once are counted one after the other."""
    db.session.execute(select(Account.id).where(Account.id == by.account_id).with_for_update())
    if count_looks(by.account_id, since=day_begins(china_day(at))) >= most_a_day:
        raise TooManyLooks(most=most_a_day)


def note_refusal(person_id: int, field: ProtectedField, *, by: Actor, at: datetime) -> None:
    """Somebody at her limit went on asking; in a transaction of its own."""
    audit.record_refusal("person.reveal", "person", person_id, by=by, at=at, fields=[field.value])


def export_in_full(
    people: Sequence[int],
    fields: Collection[ProtectedField],
    purpose: Purpose,
    *,
    cohort_id: int | None = None,
    by: Actor,
    at: datetime,
) -> int:
    """The background task that will write these people with `fields` in full, as the register of a cohort where one is
    named; raises ReasonWithoutWords, NobodyToExport.

    Written down before the file is made: it counts as given even where she never fetches it.
    """
    _check(purpose)
    if not people:
        raise NobodyToExport()
    made = _write(people, fields, purpose, is_export=True, by=by, at=at)
    audit.record(
        *("person.export_in_full", "disclosure", made.id),
        by=by,
        at=at,
        people=len(people),
        fields=sorted(fields),
        reason=purpose.reason,
        note=purpose.note,
        recipient=purpose.recipient,
    )
    params = {"disclosure": made.id} | ({} if cohort_id is None else {"cohort_id": cohort_id})
    return ask_for_task(TaskKind.PEOPLE_EXPORT, f"disclosure {made.id}", params, by=by, at=at)


def _check(purpose: Purpose) -> None:
    if purpose.reason is DisclosureReason.OTHER and not purpose.note.strip():
        raise ReasonWithoutWords()


def _write(
    people: Sequence[int],
    fields: Collection[ProtectedField],
    purpose: Purpose,
    *,
    is_export: bool,
    by: Actor,
    at: datetime,
) -> Disclosure:
    made = Disclosure(
        account_id=by.account_id,
        at=at,
        fields=sorted(field.value for field in fields),
        reason=purpose.reason,
        note=purpose.note,
        recipient=purpose.recipient,
        is_export=is_export,
    )
    db.session.add(made)
    db.session.flush()
    rows = [{"disclosure_id": made.id, "person_id": person_id} for person_id in people]
    if rows:
        db.session.execute(insert(DisclosedPerson), rows)
    return made
