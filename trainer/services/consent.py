"""Consents given and withdrawn, by herself or taken down by staff; each act with what follows from it."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.consent import NOTICE_VERSION, ConsentChannel, ConsentScope, notice_on
from trainer.domain.data_request import RequestKind
from trainer.domain.days import china_day, day_begins
from trainer.domain.file import FilePurpose
from trainer.domain.people import mask_id_number
from trainer.errors import Refused
from trainer.models.person import Consent, Person
from trainer.queries.consent import list_in_force
from trainer.services import audit, data_request
from trainer.services.file import keep_file


class ConsentNotInForce(Refused):
    """There is nothing to withdraw."""

    code = "consent_not_in_force"


class ConsentOnRecord(Refused):
    """The papers for all of these lie here already."""

    code = "consent_on_record"


class PaperOlderThanWithdrawal(Refused):
    """What she signed before she withdrew does not bring it back."""

    code = "paper_older_than_withdrawal"


class PaperFromTheFuture(Refused):
    code = "paper_from_the_future"


def give(person_id: int, scope: ConsentScope, *, by: Actor, at: datetime) -> None:
    """She agrees herself, to the notice of today; pressed twice it is one consent."""
    if any(row.notice_version == NOTICE_VERSION for row in list_in_force(person_id, [scope])):
        return
    _add(person_id, scope, NOTICE_VERSION, ConsentChannel.ONLINE, at, None, by=by, at=at)


def record_paper(
    person_id: int, scopes: Collection[ConsentScope], picture: bytes, *, signed_on: date, by: Actor, at: datetime
) -> None:
    """Staff keep the paper she signed; `picture` comes from `picture.redraw`.

    A consent already in force by that version without a paper (one from a roster) gets this one. Raises
    PaperFromTheFuture, PaperOlderThanWithdrawal(scope=…), ConsentOnRecord.
    """
    signed = day_begins(signed_on)
    if signed > at:
        raise PaperFromTheFuture()
    version = notice_on(signed_on).version
    in_force = {row.scope: row for row in list_in_force(person_id, scopes) if row.notice_version == version}
    wanted = [scope for scope in scopes if scope not in in_force or in_force[scope].evidence_id is None]
    if not wanted:
        raise ConsentOnRecord()
    _refuse_older_paper(person_id, wanted, signed)
    scan = keep_file(
        picture, "consent.jpg", "image/jpeg", purpose=FilePurpose.CONSENT_SCAN, by=by, at=at, person_id=person_id
    )
    for scope in wanted:
        if scope in in_force:
            in_force[scope].evidence_id = scan.id
            _told("consent.add_paper", in_force[scope], by=by, at=at, file=scan.id)
        else:
            _add(person_id, scope, version, ConsentChannel.PAPER, signed, scan.id, by=by, at=at)


def _refuse_older_paper(person_id: int, scopes: Collection[ConsentScope], signed: datetime) -> None:
    """A day's paper counts as signed after a withdrawal of the same day: she came and signed anew."""
    last = select(Consent.scope, func.max(Consent.withdrawn_at)).where(
        Consent.person_id == person_id, Consent.scope.in_(scopes), Consent.withdrawn_at.is_not(None)
    )
    for scope, withdrawn_at in db.session.execute(last.group_by(Consent.scope)):
        if withdrawn_at is not None and day_begins(china_day(withdrawn_at)) > signed:
            raise PaperOlderThanWithdrawal(scope=scope)


def _add(
    person_id: int,
    scope: ConsentScope,
    version: str,
    channel: ConsentChannel,
    given_at: datetime,
    evidence_id: int | None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    row = Consent(person_id=person_id, scope=scope, notice_version=version, channel=channel, given_at=given_at)
    row.evidence_id = evidence_id
    row.recorded_by = None if by.person_id == person_id else by.account_id
    db.session.add(row)
    db.session.flush()
    _told("consent.give", row, by=by, at=at, channel=channel, version=version)


def withdraw(
    person_id: int,
    scope: ConsentScope,
    *,
    channel: ConsentChannel,
    by: Actor,
    at: datetime,
    reason: str = "",
    due_in_days: int,
) -> None:
    """From now on she does not agree to `scope`, by whatever version she did; what hangs on it happens at once.

    The ID number leaves the record; without `basic` the erasure of the record is asked for. Raises ConsentNotInForce.
    """
    rows = list_in_force(person_id, [scope])
    if not rows:
        raise ConsentNotInForce(scope=scope)
    for row in rows:
        row.withdrawn_at, row.withdrawal_channel, row.withdrawal_reason = at, channel, reason
        row.withdrawn_by = None if by.person_id == person_id else by.account_id
        _told("consent.withdraw", row, by=by, at=at, channel=channel)
    if scope is ConsentScope.ID_NUMBER:
        _erase_id_number(person_id, by=by, at=at)
    elif scope is ConsentScope.BASIC:
        data_request.ask(RequestKind.ERASE, person_id, channel=channel, by=by, at=at, due_in_days=due_in_days)


def _erase_id_number(person_id: int, *, by: Actor, at: datetime) -> None:
    person = db.session.get(Person, person_id)
    if person.id_number_index is None:
        return
    before = mask_id_number(person.id_number)
    person.id_number, person.id_number_index, person.updated_at = None, None, at
    audit.record("person.erase_id_number", "person", person_id, by=by, at=at, before={"id_number": before}, after=None)


def _told(action: str, consent: Consent, *, by: Actor, at: datetime, **details: object) -> None:
    audit.record(action, "consent", consent.id, by=by, at=at, person=consent.person_id, scope=consent.scope, **details)
