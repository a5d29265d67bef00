"""Two records that are one woman put together, and parted again: nothing is deleted, so everything finds its way back."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased

from trainer.crypto import keyring
from trainer.database import LockKey, db, take_turns
from trainer.domain.actors import Actor
from trainer.domain.enrolment import EnrolmentStatus, StatusCause, steps_between
from trainer.domain.person_merge import (
    OVER,
    AlreadyMerged,
    DifferentIdNumbers,
    NotTheNewest,
    NotUndoable,
    RequestInTheWay,
    TwoApplications,
    TwoCertificates,
    taken_over,
)
from trainer.errors import Conflict, NotFound
from trainer.models.account import AccessToken, Account
from trainer.models.application import Application
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.person_merge import DistinctPair, PersonMerge
from trainer.models.sign_up import SignUp
from trainer.queries.account import get_account_of_person
from trainer.queries.person_merge import (
    MOVING,
    Twice,
    fields_to_restore,
    get_distinct_pair,
    key_of,
    keys_of,
    list_attended,
    newer_merge,
    open_requests_in_the_way,
    pair_up,
    selections_of_both,
    values_of,
)
from trainer.queries.register import KEPT
from trainer.services import audit
from trainer.services.enrolment import move_enrolment
from trainer.services.idempotency import dialect_insert
from trainer.services.outcomes import touch_cohorts_of
from trainer.services.roster_commit import stored_values
from trainer.services.session import end_sessions

# Why an account is shut: another one speaks for her.
MERGED = "merged"
# What speaks of the enrolment that goes on, so that who looks her sign-up up reads where she stands.
FOLLOWING = {"applications": Application, "sign_ups": SignUp}


def merge(
    kept_id: int,
    gone_id: int,
    *,
    seen: tuple[int, int],
    chosen: Collection[str] = (),
    reason: str,
    by: Actor,
    at: datetime,
) -> PersonMerge:
    """The record `kept_id` speaks for both from now on; `chosen`: groups of values it takes from the other one.

    `seen`: the versions of both that were looked at. Raises AlreadyMerged, Conflict, DifferentIdNumbers,
    RequestInTheWay, TwoApplications, TwoCertificates, NotFound.
    """
    take_turns(LockKey.ROSTER)
    kept, gone = _hold(kept_id, gone_id)
    if (kept.version, gone.version) != seen:
        raise Conflict()
    twice = pair_up(kept_id, list_attended([kept_id, gone_id]))
    refuse(kept, gone, twice)
    own = keys_of(kept_id)
    aside = [_note_aside(pair, gone_id) for pair in twice]
    _swap_enrolments(kept_id, gone_id, aside)
    stays = {pair.aside.id for pair in twice} | {pair.on.id for pair in twice if pair.on.person_id == kept_id}
    rows = _move_rows(kept_id, gone_id, stays, has_account=bool(own["accounts"]))
    rows["enrolments"] += [pair.on.id for pair in twice if pair.on.person_id == gone_id]
    account = _shut_account(gone_id, at=at)
    before = _join_values(kept, gone, chosen, at=at)
    done = PersonMerge(kept_id=kept_id, gone_id=gone_id, reason=reason, at=at, by=by.account_id)
    done.moved = {"rows": rows, "own": _listed(own), "aside": aside, "account": account}
    done.before = json.dumps(before, ensure_ascii=False)
    db.session.add(done)
    db.session.flush()
    _set_aside(aside, by=by, at=at)
    touch_cohorts_of(kept_id, gone_id, at=at)
    told = {"kept_record": kept_id, "gone_record": gone_id, "set_aside": [row["id"] for row in aside]}
    told |= {"rows": {table: len(keys) for table, keys in rows.items() if keys}, "fields": sorted(before["after"])}
    audit.record("person.merge", "person_merge", done.id, by=by, at=at, with_reason=True, **told)
    return done


def undo(merge_id: int, reason: str, *, by: Actor, at: datetime) -> list[str]:
    """Two records again; returns the columns that stay as they are because somebody has changed them since.

    What came to the record that stayed after the merge stays with it. Raises NotTheNewest, NotUndoable, NotFound.
    """
    take_turns(LockKey.ROSTER)
    done = db.session.scalar(select(PersonMerge).where(PersonMerge.id == merge_id).with_for_update())
    if done is None:
        raise NotFound()
    kept, gone = _hold(done.kept_id, done.gone_id, merged=True)
    if done.undone_at or kept.erased_at or gone.erased_at or gone.merged_into_id != kept.id:
        raise NotUndoable()
    if newer_merge(done):
        raise NotTheNewest()
    aside = done.moved["aside"]
    _bring_back(kept.id, gone.id, done.moved["rows"], aside)
    _open_account(done.moved["account"], at=at)
    left = _part_values(done, kept, gone, at=at)
    done.undone_at, done.undone_by, done.undo_reason = at, by.account_id, reason
    db.session.flush()
    _put_back(aside, by=by, at=at)
    touch_cohorts_of(kept.id, gone.id, at=at)
    told = {"kept_record": kept.id, "gone_record": gone.id, "unchanged": left}
    audit.record("person.undo_merge", "person_merge", done.id, by=by, at=at, with_reason=True, **told)
    return left


def tell_apart(one: int, other: int, *, by: Actor, at: datetime) -> None:
    """These are two women: they are not offered as one any more. Doing it twice is harmless."""
    pair = {"first_id": min(one, other), "second_id": max(one, other)}
    row = dialect_insert()(DistinctPair).values(**pair, at=at, by=by.account_id)
    made = db.session.scalar(row.on_conflict_do_nothing().returning(DistinctPair.id))
    if made is not None:
        audit.record("person.tell_apart", "person", pair["first_id"], by=by, at=at, other_record=pair["second_id"])


def take_back_telling_apart(one: int, other: int, *, by: Actor, at: datetime) -> None:
    """They may be one after all."""
    pair = get_distinct_pair(one, other)
    if pair is None:
        return
    db.session.delete(pair)
    told = {"by": by, "at": at, "other_record": pair.second_id}
    audit.record("person.take_back_telling_apart", "person", pair.first_id, **told)


def _hold(kept_id: int, gone_id: int, *, merged: bool = False) -> tuple[Person, Person]:
    """Both records until the act ends, in the order of their numbers. Raises AlreadyMerged unless `merged`."""
    which = select(Person).where(Person.id.in_((kept_id, gone_id))).order_by(Person.id).with_for_update()
    found = {person.id: person for person in db.session.scalars(which)}
    if len(found) < 2:
        raise NotFound()
    if not merged and any(person.merged_into_id or person.erased_at for person in found.values()):
        raise AlreadyMerged()
    return found[kept_id], found[gone_id]


def refuse(kept: Person, gone: Person, twice: Sequence[Twice]) -> None:
    """What forbids it, whatever is chosen; it only reads. Raises DifferentIdNumbers, RequestInTheWay, TwoApplications,
    TwoCertificates."""
    if kept.id_number_index and gone.id_number_index:
        raise DifferentIdNumbers()  # two records never have the same
    if kinds := open_requests_in_the_way(kept.id, gone.id):
        raise RequestInTheWay(kind=kinds[0])
    if names := selections_of_both(kept.id, gone.id):
        raise TwoApplications(where="、".join(names))
    if certified := [pair.on.cohort for pair in twice if pair.certificates == 2]:
        raise TwoCertificates(where="、".join(certified))


def _note_aside(pair: Twice, gone_id: int) -> dict[str, object]:
    """What undoing has to know of an enrolment that is set aside; `swapped`: it was the kept record's own."""
    spoken_for = {
        name: list(db.session.scalars(select(model.id).where(model.enrolment_id == pair.aside.id)))
        for name, model in FOLLOWING.items()
    }
    return {
        **{"id": pair.aside.id, "on": pair.on.id, "status": pair.aside.status.value},
        **{"swapped": pair.aside.person_id != gone_id, **spoken_for},
    }


def _swap_enrolments(kept_id: int, gone_id: int, aside: Iterable[Mapping]) -> None:
    """Where only the other record's enrolment is on the roll, that one goes on; applications and sign-ups go with it."""
    swapped = [row for row in aside if row["swapped"]]
    _change_places(kept_id, gone_id, [row["id"] for row in swapped], [row["on"] for row in swapped])
    for row in aside:
        for name, model in FOLLOWING.items():
            _point(model, row[name], row["on"])


def _change_places(one: int, other: int, from_one: Sequence[int], from_other: Sequence[int]) -> None:
    """A woman is once in a cohort, at every moment: two enrolments change places by way of a record of nobody."""
    if not from_one:
        _give_enrolments(from_other, other, one)
        return
    template = db.session.get(Person, one)
    nobody = Person(name="", name_pinyin="", name_initials="", region_code=template.region_code)
    nobody.created_at = nobody.updated_at = template.created_at
    db.session.add(nobody)
    db.session.flush()
    _give_enrolments(from_one, one, nobody.id)
    _give_enrolments(from_other, other, one)
    _give_enrolments(from_one, nobody.id, other)
    db.session.delete(nobody)
    db.session.flush()


def _give_enrolments(ids: Sequence[int], of: int, to: int) -> None:
    _give(Enrolment, ids, of, to)


def _give(model: type, keys: Collection[int], of: int, to: int) -> None:
    """Those of `keys` that are still there."""
    if keys:
        rows = update(model).where(key_of(model).in_(keys), model.person_id == of).values(person_id=to)
        db.session.execute(rows.execution_options(synchronize_session="fetch"))


def _point(model: type, ids: Collection[int], enrolment_id: int) -> None:
    if ids:
        rows = update(model).where(model.id.in_(ids)).values(enrolment_id=enrolment_id)
        db.session.execute(rows.execution_options(synchronize_session="fetch"))


def _move_rows(kept_id: int, gone_id: int, stays: Collection[int], *, has_account: bool) -> dict[str, list[int]]:
    """{table: keys of the rows that went over}; what would be there twice stays with the other record."""
    rows = {}
    for model, same in MOVING.items():
        wanted = select(key_of(model)).where(model.person_id == gone_id).order_by(key_of(model))
        if model is Enrolment:
            wanted = wanted.where(Enrolment.id.not_in(stays))
        elif model is Account and has_account:
            wanted = wanted.where(False)
        elif same:
            twin = aliased(model)
            alike = [getattr(twin, name).is_not_distinct_from(getattr(model, name)) for name in same]
            wanted = wanted.where(~exists().where(twin.person_id == kept_id, *alike))
        rows[model.__tablename__] = list(db.session.scalars(wanted))
        _give(model, rows[model.__tablename__], gone_id, kept_id)
    return rows


def _listed(keys: Mapping[str, Iterable[int]]) -> dict[str, list[int]]:
    return {table: sorted(found) for table, found in keys.items() if found}


def _shut_account(gone_id: int, *, at: datetime) -> dict[str, object] | None:
    """The account that stayed with the other record lets nobody in any more."""
    account = get_account_of_person(gone_id)
    if account is None:
        return None
    noted = {"id": account.id, "active": account.active, "shut_because": account.shut_because}
    if account.active:
        account.active, account.shut_because, account.active_changed_at = False, MERGED, at
    open_ones = AccessToken.account_id == account.id, AccessToken.used_at.is_(None)
    db.session.execute(update(AccessToken).where(*open_ones).values(used_at=at))
    end_sessions(account.id, at=at)
    return noted


def _join_values(kept: Person, gone: Person, chosen: Collection[str], *, at: datetime) -> dict[str, object]:
    """The record that stays takes what it lacks and what was chosen; an ID number is in one record only."""
    after = taken_over(values_of(kept), values_of(gone), chosen)
    before = {"kept": {name: getattr(kept, name) for name in after}, "after": after, "id_number": None}
    gone.merged_into_id, gone.updated_at = kept.id, at
    if "id_number" in after:
        before["id_number"], gone.id_number, gone.id_number_index = gone.id_number, None, None
    db.session.flush()
    _write(kept, after, at=at)
    return before


def _write(person: Person, values: Mapping[str, object], *, at: datetime) -> None:
    """With what follows from them: sounds and indexes."""
    follows = stored_values({name: getattr(person, name) for name in ("name", *KEPT)} | dict(values))
    for name, value in (follows if values else {}).items():
        setattr(person, name, value)
    person.updated_at = at
    db.session.flush()


def _set_aside(aside: Iterable[Mapping], *, by: Actor, at: datetime) -> None:
    """She is on the roll once: the other enrolment ends, and keeps its marks and its seat number."""
    for row in aside:
        enrolment = db.session.get(Enrolment, row["id"])
        if enrolment.status not in OVER:
            _walk(enrolment, EnrolmentStatus.WITHDRAWN, by=by, at=at)


def _bring_back(kept_id: int, gone_id: int, rows: Mapping[str, list[int]], aside: Sequence[Mapping]) -> None:
    """Rows that are still where the merge put them go back; so does what the enrolments that changed places carried."""
    swapped = [row for row in aside if row["swapped"]]
    own, others = [row["id"] for row in swapped], rows["enrolments"]
    _change_places(gone_id, kept_id, own, others)
    for model in MOVING:
        if model is not Enrolment:
            _give(model, rows.get(model.__tablename__, ()), kept_id, gone_id)
    for row in aside:
        for name, model in FOLLOWING.items():
            still = select(model.id).where(model.id.in_(row[name]), model.enrolment_id == row["on"])
            _point(model, list(db.session.scalars(still)), row["id"])


def _open_account(noted: Mapping | None, *, at: datetime) -> None:
    """She signs in anew: sessions and codes stay ended."""
    account = db.session.get(Account, noted["id"]) if noted else None
    if account is not None and noted["active"] and account.shut_because == MERGED:
        account.active, account.shut_because, account.active_changed_at = True, noted["shut_because"], at


def _part_values(done: PersonMerge, kept: Person, gone: Person, *, at: datetime) -> list[str]:
    back, left = fields_to_restore(done, kept)
    _write(kept, back, at=at)
    gone.merged_into_id = None
    number = json.loads(done.before)["id_number"]
    _write(gone, {"id_number": number} if number and not _is_taken(number) else {}, at=at)
    return left


def _is_taken(id_number: str) -> bool:
    """Where the record that stayed has it still, somebody wrote it there anew."""
    index = keyring().blind_index("id_number", id_number)
    return db.session.scalar(select(Person.id).where(Person.id_number_index == index)) is not None


def _put_back(aside: Iterable[Mapping], *, by: Actor, at: datetime) -> None:
    """Unless somebody has taken a further step in it since."""
    for row in aside:
        enrolment = db.session.get(Enrolment, row["id"])
        if enrolment is not None and enrolment.status is EnrolmentStatus.WITHDRAWN:
            _walk(enrolment, EnrolmentStatus(row["status"]), by=by, at=at)


def _walk(enrolment: Enrolment, to: EnrolmentStatus, *, by: Actor, at: datetime) -> None:
    for step in steps_between(enrolment.status, to):
        move_enrolment(enrolment, step, cause=StatusCause.MERGE, by=by, at=at)
