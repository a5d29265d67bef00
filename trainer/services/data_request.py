"""Requests of people about their own data: asked, taken back, answered, refused, carried out."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select, text

from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.consent import ConsentChannel
from trainer.domain.data_request import ErasureBlocked, RequestKind, RequestState, clean_wish
from trainer.domain.days import china_day
from trainer.domain.disclosure import DisclosureReason, ProtectedField
from trainer.domain.people import mask_name
from trainer.domain.privacy import HIDDEN, MASKS, mask
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.data_request import DataRequest
from trainer.models.disclosure import DisclosedPerson, Disclosure
from trainer.models.person import Person
from trainer.queries.account import get_account_of_person
from trainer.queries.data_request import list_blocks, list_handlers
from trainer.queries.person import has_namesake
from trainer.queries.register import KEPT
from trainer.services import audit, message
from trainer.services.erasure import Erased, erase_person
from trainer.services.idempotency import dialect_insert
from trainer.services.roster_commit import stored_values


class RequestClosed(Refused):
    """It was answered or taken back before."""

    code = "data_request_closed"
    status = 409


class NothingWished(Refused):
    """A correction without a value: it was asked for in words only."""

    code = "nothing_wished"


class SameAsAnother(Refused):
    """Somebody else of that name has that phone."""

    code = "same_as_another"


class NotPrepared(Refused):
    code = "erasure_not_prepared"


class SecondPersonNeeded(Refused):
    """Whoever prepared an erasure does not carry it out."""

    code = "erasure_second_person"


def ask(
    kind: RequestKind,
    person_id: int,
    *,
    words: str | None = None,
    wished: Mapping[str, object] | None = None,
    channel: ConsentChannel,
    by: Actor,
    at: datetime,
    due_in_days: int,
) -> DataRequest:
    """A request with its deadline; where one of the kind is open for her already, that one as it stands.

    Raises NotFound for whoever was erased, at this very moment too: nothing of hers comes back.
    """
    person = db.session.get(Person, person_id, with_for_update=True)
    if person is None or person.erased_at or person.merged_into_id:
        raise NotFound()
    row = {
        "person_id": person_id,
        "kind": kind,
        "state": RequestState.OPEN,
        "words": words or None,
        "wished": json.dumps(dict(wished), ensure_ascii=False) if wished else None,
        "channel": channel,
        "recorded_by": None if by.person_id == person_id else by.account_id,
        "asked_at": at,
        "due_on": china_day(at) + timedelta(days=due_in_days),
        "answer": "",
        "version": 1,
    }
    made = db.session.scalar(
        dialect_insert()(DataRequest)
        .values(**row)
        .on_conflict_do_nothing(index_elements=["person_id", "kind"], index_where=text("state = 'open'"))
        .returning(DataRequest.id)
    )
    if made is not None:
        fields = sorted(wished or ())
        audit.record("data_request.ask", "data_request", made, by=by, at=at, person=person_id, kind=kind, fields=fields)
        _tell_handlers(made, person_id, row["due_on"], by=by, at=at)
    open_one = select(DataRequest).where(
        DataRequest.person_id == person_id, DataRequest.kind == kind, DataRequest.state == RequestState.OPEN
    )
    return db.session.scalar(open_one)


def _tell_handlers(request_id: int, person_id: int, due_on: date, *, by: Actor, at: datetime) -> None:
    """All but whoever has just recorded it; without her name, for notices stay when she is gone."""
    region_code = db.session.scalar(select(Person.region_code).where(Person.id == person_id))
    readers = [id_ for id_ in list_handlers(region_code) if id_ != by.account_id]
    link = f"/data-requests/{request_id}"
    message.notify("request_new", to_accounts=readers, link=link, by=SYSTEM, at=at, due=due_on)


def take_back(request_id: int, *, by: Actor, at: datetime) -> DataRequest:
    """She no longer wants it, and nobody has carried it out. Raises RequestClosed."""
    request = _open_one(request_id)
    return _close(request, RequestState.WITHDRAWN, "", by=by, at=at)


def refuse(request_id: int, seen: int, reason: str, *, by: Actor, at: datetime) -> DataRequest:
    """With a reason that she reads."""
    return _close(_open_one(request_id, seen), RequestState.REFUSED, reason, by=by, at=at)


def explain(request_id: int, seen: int, answer: str, *, by: Actor, at: datetime) -> DataRequest:
    """How her result came about, in words (PIPL art. 24)."""
    request = _open_one(request_id, seen, RequestKind.EXPLAIN)
    return _close(request, RequestState.DONE, answer, by=by, at=at)


def accept_correction(request_id: int, seen: int, *, by: Actor, at: datetime) -> DataRequest:
    """Her record says from now on what she asked for. Raises SameAsAnother, Problem, Conflict, RequestClosed."""
    request = _open_one(request_id, seen, RequestKind.CORRECT)
    person = db.session.get(Person, request.person_id, with_for_update=True)
    wished = read_wish(request, today=china_day(at))
    if not wished:
        raise NothingWished()
    _refuse_twin(person, wished)
    before = {name: getattr(person, name) for name in wished}
    kept = {name: getattr(person, name) for name in ("name", *KEPT)}
    for name, value in stored_values(kept | wished).items():
        setattr(person, name, value)
    person.updated_at = at
    account = get_account_of_person(person.id)
    if account and "name" in wished:
        account.name = wished["name"]
    audit.record(
        "person.correct",
        "person",
        person.id,
        by=by,
        at=at,
        before=_told(before),
        after=_told(wished),
        request=request.id,
    )
    return _close(request, RequestState.DONE, "", by=by, at=at)


def prepare_erasure(request_id: int, seen: int, *, by: Actor, at: datetime) -> DataRequest:
    """One has looked at what goes; a second person carries it out. Raises ErasureBlocked."""
    request = _open_one(request_id, seen, RequestKind.ERASE)
    if blocks := list_blocks(request.person_id, at=at):
        raise ErasureBlocked(where="、".join(blocks))
    request.prepared_by, request.prepared_at = by.account_id, at
    audit.record("data_request.prepare", "data_request", request.id, by=by, at=at, person=request.person_id)
    return request


def carry_out_erasure(request_id: int, seen: int, *, by: Actor, at: datetime) -> Erased:
    """The second person's act. Raises NotPrepared, SecondPersonNeeded, and what `erase_person` raises."""
    request = _open_one(request_id, seen, RequestKind.ERASE)
    if request.prepared_by is None:
        raise NotPrepared()
    if request.prepared_by == by.account_id:
        raise SecondPersonNeeded()
    person_id = request.person_id
    erased = erase_person(person_id, why="request", by=by, at=at)
    still_open = select(DataRequest).where(DataRequest.person_id == person_id, DataRequest.state == RequestState.OPEN)
    for left in db.session.scalars(still_open):  # what else she asked for is settled with it
        _close(left, RequestState.DONE, "", by=by, at=at, tell=False)
    return erased


def read_wish(request: DataRequest, *, today: date) -> dict[str, object]:
    """The values she asked for, by the rules of the register once more."""
    wished = json.loads(request.wished) if request.wished else {}
    return {name: clean_wish(name, str(value or ""), today=today) for name, value in wished.items()}


def _open_one(request_id: int, seen: int | None = None, kind: RequestKind | None = None) -> DataRequest:
    """To be changed by us alone; `seen`: the version that was on the page."""
    request = db.session.get(DataRequest, request_id, with_for_update=True, populate_existing=True)
    if request is None:
        raise NotFound()
    if request.state is not RequestState.OPEN:
        raise RequestClosed(state=request.state)
    if seen not in (None, request.version) or kind not in (None, request.kind):
        raise Conflict()
    return request


def _close(
    request: DataRequest, state: RequestState, answer: str, *, by: Actor, at: datetime, tell: bool = True
) -> DataRequest:
    request.state, request.answer, request.handled_at = state, answer, at
    request.handled_by = None if by.person_id == request.person_id else by.account_id
    verb = {
        RequestState.DONE: "data_request.do",
        RequestState.REFUSED: "data_request.refuse",
        RequestState.WITHDRAWN: "data_request.take_back",
    }
    audit.record(verb[state], "data_request", request.id, by=by, at=at, person=request.person_id, kind=request.kind)
    if tell and request.handled_by:
        message.notify(
            "request_answered",
            to_people=[request.person_id],
            link="/me/data",
            by=by,
            at=at,
        )
    return request


def _refuse_twin(person: Person, wished: Mapping[str, object]) -> None:
    """Nobody else may have this phone under this name: a later list would not know them apart."""
    name, phone = wished.get("name", person.name), wished.get("phone", person.phone)
    if {"name", "phone"} & wished.keys() and has_namesake(name, phone, but=person.id):
        raise SameAsAnother(name=name)


def _told(values: Mapping[str, object]) -> dict[str, object]:
    """For the trail of acts, which is never blanked: protected values masked, of the others only that they changed."""
    return {
        name: mask_name(value) if name == "name" else mask(name, value) if name in MASKS else HIDDEN
        for name, value in values.items()
    }


def note_copy(person_id: int, *, by: Actor, at: datetime) -> None:
    """All that is held about her was shown: to herself, or to staff who print it for her (she sees that later)."""
    if by.person_id != person_id:
        look = Disclosure(account_id=by.account_id, at=at, reason=DisclosureReason.HER_REQUEST, is_export=True)
        look.fields, look.note, look.recipient = sorted(ProtectedField), "", ""
        db.session.add(look)
        db.session.flush()
        db.session.add(DisclosedPerson(disclosure_id=look.id, person_id=person_id))
    audit.record("person.copy", "person", person_id, by=by, at=at)
