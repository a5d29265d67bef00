"""A roster taken back: what nobody has built on since goes, or is put back; the rest stays and is named."""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import Column, bindparam, delete, func, or_, select, union, update

from trainer.database import Base, db
from trainer.domain.actors import Actor
from trainer.domain.enrolment import EnrolmentStatus, StatusCause, steps_between
from trainer.domain.imports import BatchClosed, BatchState, ImportKind
from trainer.domain.survey import SheetState
from trainer.errors import NotFound, Refused
from trainer.models.account import Account
from trainer.models.application import Application
from trainer.models.attendance import Mark
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.outcomes import EnrolmentOutcome
from trainer.models.person import Consent, Person
from trainer.models.sales import Livestream, OrderLine, Shop
from trainer.models.survey import SurveyAnswer, SurveySheet
from trainer.services import audit
from trainer.services.certificate import NotValidAnyMore, undo_take_over
from trainer.services.enrolment import move_enrolment
from trainer.services.import_batch import hold_batch
from trainer.services.roster_commit import stored_values, update_people

# Why a row was not undone, or not wholly.
HAS_MARKS, CHANGED_SINCE, IN_USE = "undo_has_marks", "undo_changed_since", "undo_in_use"


class RowsGone(Refused):
    """Its rows have been deleted after their time: nobody knows any more what to put back."""

    code = "rows_gone"
    status = 409


def undo(batch_id: int, *, by: Actor, at: datetime) -> ImportBatch:
    """Undo a batch as far as it can be; `summary["not_undone"]` counts the rest, whose rows say why.

    Doing it twice is harmless. Raises BatchClosed for a batch that was never taken in.
    """
    batch = hold_batch(batch_id, ImportKind.ROSTER)
    if batch.state is BatchState.UNDONE:
        return batch
    if batch.state is not BatchState.COMMITTED:
        raise BatchClosed()
    if "rows_deleted" in batch.summary:
        raise RowsGone()
    rows = _list_done(batch.id)
    _give_numbers_back(rows, by=by, at=at)
    left: dict[int, str] = {}
    rows_free = _remove_enrolments(rows, left, batch.committed_at)
    _put_people_back(rows_free, left, at=at)
    _remove_shops(rows_free)
    gone = _remove_people(batch, rows_free, left)
    _note_left(batch.id, left)
    _put_off_the_roll(rows_free, by=by, at=at)
    batch.state, batch.undone_at = BatchState.UNDONE, at
    batch.summary = batch.summary | {"undone": len(rows) - len(left), "not_undone": len(left)}
    audit.record(
        *("roster.undo", "import_batch", batch.id),
        by=by,
        at=at,
        people_removed=gone,
        enrolments_removed=[row["enrolment_id"] for row in rows_free if row["enrolment_made"]],
        not_undone=left,
    )
    return batch


def _list_done(batch_id: int) -> list[dict]:
    """What `roster_commit` kept of each row."""
    kept = db.session.scalars(
        select(ImportRow.before)
        .where(ImportRow.batch_id == batch_id, ImportRow.before.is_not(None))
        .order_by(ImportRow.row_number)
    )
    return [json.loads(text) for text in kept]


def _remove_enrolments(rows: Sequence[dict], left: dict[int, str], committed_at: datetime) -> list[dict]:
    """Take off the roll whom the batch put on it, unless she was marked since; returns the rows that may go on."""
    made = {row["enrolment_id"] for row in rows if row["enrolment_made"]}
    put = {row["enrolment_id"] for row in rows if "was" in row}
    marked = _built_upon(made) | _moved_on(put, committed_at)
    left |= {row["row"]: HAS_MARKS for row in rows if row["enrolment_id"] in marked}
    going = made - marked
    for table in (EnrolmentOutcome, SurveySheet):  # derived, or asked without an answer
        db.session.execute(delete(table).where(table.enrolment_id.in_(going)))
    db.session.execute(delete(EnrolmentEvent).where(EnrolmentEvent.enrolment_id.in_(going)))
    db.session.execute(delete(Enrolment).where(Enrolment.id.in_(going)))
    return [row for row in rows if row["row"] not in left]


def _give_numbers_back(rows: Sequence[dict], *, by: Actor, at: datetime) -> None:
    """Certificates that the batch took over, as long as nothing has followed them."""
    for row in rows:
        if row.get("certificate"):
            with suppress(NotValidAnyMore, NotFound):
                undo_take_over(row["certificate"], by=by, at=at)


def _refer_to_enrolments() -> list[Column]:
    """Every column of any table that names an enrolment, but those of its own steps and of what comes by itself."""
    return [
        column
        for table in Base.metadata.sorted_tables
        if table not in (EnrolmentEvent.__table__, EnrolmentOutcome.__table__, SurveySheet.__table__)
        for column in table.columns
        if any(key.column is Enrolment.__table__.c.id for key in column.foreign_keys)
    ]


def _built_upon(enrolments: set[int]) -> set[int]:
    """Those that anything else names (a mark, a task handed in, a certificate …), or with a later step of their own."""
    later = (
        select(EnrolmentEvent.enrolment_id)
        .where(EnrolmentEvent.enrolment_id.in_(enrolments))
        .group_by(EnrolmentEvent.enrolment_id)
        .having(func.count() > 1)
    )
    used = [select(column).where(column.in_(enrolments)) for column in _refer_to_enrolments()]
    # Asked by itself is nothing yet; answered, begun or called about is.
    begun = or_(SurveySheet.state != SheetState.OPEN, SurveySheet.id.in_(select(SurveyAnswer.sheet_id)))
    used.append(select(SurveySheet.enrolment_id).where(SurveySheet.enrolment_id.in_(enrolments), begun))
    return set(db.session.scalars(union(later, *used)))


def _moved_on(enrolments: set[int], committed_at: datetime) -> set[int]:
    """Of those whom the batch only put on the roll: with a later step, or marked since."""
    if not enrolments:
        return set()
    since = (
        select(row.enrolment_id).where(row.enrolment_id.in_(enrolments), row.at > committed_at)
        for row in (EnrolmentEvent, Mark)
    )
    return set(db.session.scalars(union(*since)))


def _put_off_the_roll(rows: Iterable[dict], *, by: Actor, at: datetime) -> None:
    """Whom the batch put on it is again what she was."""
    was = {row["enrolment_id"]: EnrolmentStatus(row["was"]) for row in rows if "was" in row}
    if not was:
        return
    for enrolment in db.session.scalars(select(Enrolment).where(Enrolment.id.in_(was)).order_by(Enrolment.id)):
        for step in steps_between(enrolment.status, was[enrolment.id]):
            move_enrolment(enrolment, step, cause=StatusCause.ROSTER, by=by, at=at)


def _put_people_back(rows: Iterable[dict], left: dict[int, str], *, at: datetime) -> None:
    changed = [row for row in rows if row["old"]]
    versions = _versions(row["person_id"] for row in changed)
    unchanged = [row for row in changed if versions.get(row["person_id"]) == row["version"]]
    left |= {row["row"]: CHANGED_SINCE for row in changed if row not in unchanged}
    values = [{"person": row["person_id"], "to": row["version"] + 1} | stored_values(row["old"]) for row in unchanged]
    update_people(values, at=at)


def _versions(people: Iterable[int]) -> Mapping[int, int]:
    return dict(db.session.execute(select(Person.id, Person.version).where(Person.id.in_(set(people)))).all())


def _remove_shops(rows: Iterable[dict]) -> None:
    """Accounts the roster named, as long as nothing was sold or imported there."""
    made = {shop for row in rows for shop in row["shops"]}
    used = (
        select(column).where(column.in_(made))
        for column in (Livestream.shop_id, OrderLine.shop_id, ImportBatch.shop_id)
    )
    going = made - set(db.session.scalars(union(*used)))
    db.session.execute(delete(Shop).where(Shop.id.in_(going)))


def _remove_people(batch: ImportBatch, rows: Sequence[dict], left: dict[int, str]) -> list[int]:
    """Whom the batch made, unless somebody changed her since or anything else refers to her; and the consents it
    recorded, which were no consents but a mistake of ours."""
    made = {row["person_id"]: row["row"] for row in rows if row["person_made"]}
    versions, in_use = _versions(made), _referred_to(set(made), batch)
    left |= {row: CHANGED_SINCE for person, row in made.items() if versions.get(person) != 1}
    left |= {row: IN_USE for person, row in made.items() if person in in_use}
    going = [person for person, row in made.items() if row not in left]
    without_consent = {row["person_id"] for row in rows if row["row"] not in left}
    mistaken = Consent.given_at == batch.committed_at
    db.session.execute(delete(Consent).where(Consent.person_id.in_(without_consent), mistaken))
    db.session.execute(delete(Person).where(Person.id.in_(going)))
    return going


def _referred_to(people: set[int], batch: ImportBatch) -> set[int]:
    columns = (Enrolment.person_id, Shop.person_id, Account.person_id, Application.person_id)
    other_consents = select(Consent.person_id).where(
        Consent.person_id.in_(people), Consent.given_at != batch.committed_at
    )
    return set(
        db.session.scalars(union(other_consents, *(select(column).where(column.in_(people)) for column in columns)))
    )


def _note_left(batch_id: int, left: Mapping[int, str]) -> None:
    if not left:
        return
    table = ImportRow.__table__
    statement = (
        update(table)
        .where(table.c.batch_id == batch_id, table.c.row_number == bindparam("of_row"))
        .values(problems=bindparam("why"))
    )
    rows = [{"of_row": row, "why": [["row", code, {}]]} for row, code in left.items()]
    db.session.connection().execute(statement, rows)
