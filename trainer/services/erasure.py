"""Erasure: the one act that takes a woman's values out of every table, as `erasure_rules` says.

What stays is the training record without her: area, decade of birth, attendance, sums (PIPL art. 4 and 47: what nobody
can be told from is no personal information, and what public money was spent on is accounted for ten years).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update

from trainer.database import LockKey, db, take_turns
from trainer.domain.actors import Actor
from trainer.domain.background_task import TaskKind, TaskState
from trainer.domain.data_request import ErasureBlocked
from trainer.domain.file import FilePurpose
from trainer.domain.imports import ImportKind
from trainer.domain.mark_import_plan import from_content as mark_from_content
from trainer.domain.roster_plan import from_content
from trainer.errors import NotFound
from trainer.models.account import Device, RoleGrant, SignInSession
from trainer.models.background_task import BackgroundTask
from trainer.models.file import StoredFile
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.message import Delivery, Message
from trainer.models.person import Person
from trainer.models.review import Review
from trainer.models.sales import Shop
from trainer.models.sign_up import SignUp
from trainer.queries.data_request import list_blocks
from trainer.queries.person_merge import list_merged
from trainer.services import audit
from trainer.services.erasure_rules import RULES, Rule, accounts_of, assignments_of, enrolments_of, of_account
from trainer.services.shop_lock import hold_shops_of, touch

# Files made for staff that may name anybody; they live for days only and can be made anew.
NAMING_TASKS = (
    *(TaskKind.PEOPLE_EXPORT, TaskKind.SLIPS, TaskKind.LETTER, TaskKind.ROSTER_COMMIT, TaskKind.SALES_COMMIT),
    *(TaskKind.CERTIFICATE_SHEETS, TaskKind.DOSSIER),
)

# Of these, what is being written at this moment is begun anew.
MADE_ANEW = (TaskKind.PEOPLE_EXPORT, TaskKind.SLIPS, TaskKind.CERTIFICATE_SHEETS, TaskKind.DOSSIER)


@dataclass(frozen=True)
class Erased:
    """What was done; `files` are to be deleted from the storage once the act is committed."""

    files: tuple[str, ...]
    rows: Mapping[str, int]


def erase_person(person_id: int, *, why: str, by: Actor, at: datetime) -> Erased:
    """Take every value of hers out, of every record that was put together with hers too; doing it twice is harmless.
    Raises ErasureBlocked, NotFound.

    `why`: `request` or `retention`. The caller commits, then lets `services.file.delete_files` have the files.
    """
    take_turns(LockKey.ROSTER)  # a list that is being taken in writes of her what nobody would find afterwards
    hold_shops_of((person_id, *list_merged(person_id)))  # nor what is being written of her sales
    person = db.session.scalar(select(Person).where(Person.id == person_id).with_for_update())
    if person is None:
        raise NotFound()
    if person.erased_at:
        return Erased((), {})
    if blocks := list_blocks(person_id, at=at):
        raise ErasureBlocked(where="、".join(blocks))
    hers = [db.session.get(Person, id_, with_for_update=True) for id_ in (person_id, *list_merged(person_id))]
    done = {record.id: _erase(record, at=at) for record in hers if record.erased_at is None}
    for id_, erased in done.items():
        told = {"why": why, "rows": erased.rows, "files": len(erased.files)}
        audit.record("person.erase", "person", id_, by=by, at=at, **told)
    files = tuple(name for erased in done.values() for name in erased.files)
    return Erased(files, sum((Counter(erased.rows) for erased in done.values()), Counter()))


def _erase(person: Person, *, at: datetime) -> Erased:
    """One record of hers."""
    person_id = person.id
    files = _take_out_products(person_id)
    staged = _delete_staged(person)
    devices, messages = _devices(person_id), _messages(person_id)
    files += db.session.scalars(select(StoredFile.stored_as).where(StoredFile.person_id == person_id)).all()
    _blank_drafts(person_id)
    _forget_help(person)
    _have_sums_made_anew(person_id, at)
    rows = {model.__tablename__: _apply(model, rule, person_id) for model, rule in RULES.items()}
    db.session.execute(update(RoleGrant).where(of_account(RoleGrant)(person_id)).values(revoked_at=at))
    db.session.execute(update(Person).where(Person.id == person_id).values(erased_at=at, updated_at=at))
    _delete_unused(Device, devices, SignInSession.device_id)
    _delete_unused(Message, messages, Delivery.message_id)
    db.session.expire_all()
    rows = {name: count for name, count in (rows | {"import_rows": rows["import_rows"] + staged}).items() if count}
    return Erased(tuple(files), rows)


def _have_sums_made_anew(person_id: int, at: datetime) -> None:
    """Orders keep their money but not what was sold: sums by product follow."""
    shops = db.session.scalars(select(Shop).where(Shop.person_id == person_id, Shop.changed_at.is_not(None)))
    for shop in shops:
        touch(shop, at=at)


def _apply(model: type, rule: Rule, person_id: int) -> int:
    which = rule.rows(person_id)
    if not rule.delete and not rule.blank:
        return 0
    act = delete(model) if rule.delete else update(model).values(dict(rule.blank))
    return db.session.execute(act.where(which).execution_options(synchronize_session=False)).rowcount


def _take_out_products(person_id: int) -> list[str]:
    """Files of background tasks that she asked for, or that may name her."""
    # What is being written at this moment names her too: its worker finds it taken away, and begins it anew without her.
    written = (
        BackgroundTask.state == TaskState.RUNNING,
        BackgroundTask.kind.in_(MADE_ANEW),
    )
    again = update(BackgroundTask).where(*written).values(state=TaskState.WAITING)
    db.session.execute(again.execution_options(synchronize_session=False))
    which = or_(BackgroundTask.asked_by.in_(accounts_of(person_id)), BackgroundTask.kind.in_(NAMING_TASKS))
    made = db.session.execute(
        select(StoredFile.id, StoredFile.stored_as)
        .join(BackgroundTask, BackgroundTask.file_id == StoredFile.id)
        .where(which, StoredFile.purpose == FilePurpose.TASK_PRODUCT)
    ).all()
    ids = [row.id for row in made]
    unlink = update(BackgroundTask).where(BackgroundTask.file_id.in_(ids)).values(file_id=None)
    db.session.execute(unlink.execution_options(synchronize_session=False))
    db.session.execute(delete(StoredFile).where(StoredFile.id.in_(ids)).execution_options(synchronize_session=False))
    return [row.stored_as for row in made]


_OF_LISTS = ImportBatch.cohort_id.is_not(None) | ImportBatch.programme_id.is_not(None)


def _delete_staged(person: Person) -> int:
    """What rosters, past lists and files of marks said of her, taken in or not, goes row by row; a name in a file's name
    as well."""
    rows = db.session.execute(
        select(ImportRow.id, ImportRow.action, ImportRow.content, ImportRow.target_id, ImportBatch.kind)
        .join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
        .where(_OF_LISTS)
    ).yield_per(1000)
    hers = set(db.session.scalars(enrolments_of(person.id)))
    going = [row.id for row in rows if row.target_id in hers or _tells_of(person, row, hers)]
    for start in range(0, len(going), 500):
        db.session.execute(delete(ImportRow).where(ImportRow.id.in_(going[start : start + 500])))
    named = _OF_LISTS & ImportBatch.filename.contains(person.name, autoescape=True)
    nameless = func.replace(ImportBatch.filename, person.name, "…")
    db.session.execute(update(ImportBatch).where(named).values(filename=nameless, version=ImportBatch.version + 1))
    return len(going)


def _tells_of(person: Person, row, hers: set[int]) -> bool:
    """A row for her, one that was compared with her, or one that gives her name with a number of hers or none at all."""
    if row.kind is ImportKind.MARKS:
        return _mark_tells_of(person, mark_from_content(row.action, row.content), hers)
    planned = from_content(row.action, row.content)
    said = planned.row
    if planned.person_id == person.id or (said.id_number and said.id_number == person.id_number):
        return True
    same_phone = said.phone is not None and said.phone == person.phone
    return said.name == person.name and (same_phone or (said.phone is None and said.id_number is None))


def _mark_tells_of(person: Person, planned, hers: set[int]) -> bool:
    if hers & {planned.enrolment_id, *planned.might_be}:
        return True
    digits = planned.row.digits
    same_phone = bool(digits and person.phone and person.phone.endswith(digits))
    return (len(digits) > 4 and same_phone) or (planned.row.name == person.name and (not digits or same_phone))


def _forget_help(person: Person) -> None:
    """Sign-ups that she filled in for others stay, without her; numbers of helpers have no index."""
    helped = select(SignUp.id, SignUp.helper_phone).where(SignUp.helper_phone.is_not(None))
    by_her = [id_ for id_, phone in db.session.execute(helped) if phone == person.phone]
    nobody = update(SignUp).where(SignUp.id.in_(by_her)).values(helper_name=None, helper_phone=None)
    db.session.execute(nobody.execution_options(synchronize_session=False))


def _devices(person_id: int) -> list[int]:
    found = select(SignInSession.device_id).where(of_account(SignInSession)(person_id))
    return [id_ for id_ in db.session.scalars(found) if id_ is not None]


def _messages(person_id: int) -> list[int]:
    """Those she has, and notices about her: they link to her page."""
    to_her = select(Delivery.message_id).where(RULES[Delivery].rows(person_id))
    about_her = select(Message.id).where(Message.link.in_([f"/people/{person_id}", f"/people/{person_id}/data"]))
    gone = list(db.session.scalars(about_her))
    db.session.execute(delete(Delivery).where(Delivery.message_id.in_(gone)))
    return [*gone, *db.session.scalars(to_her)]


def _delete_unused(model: type, ids: list[int], used_in) -> None:
    """Those of `ids` that no row of another's refers to."""
    still = select(used_in).where(used_in.in_(ids))
    unused = delete(model).where(model.id.in_(ids), model.id.not_in(still))
    db.session.execute(unused.execution_options(synchronize_session=False))


def _blank_drafts(person_id: int) -> None:
    """What evaluators were writing about her; the levels stay."""
    for review in db.session.scalars(select(Review).where(Review.assignment_id.in_(assignments_of(person_id)))):
        review.draft = review.draft | {"strengths": "", "risks": "", "abstentions": {}}
    db.session.flush()
