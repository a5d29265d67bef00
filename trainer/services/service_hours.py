"""Service hours: help entered, approved or refused by somebody else, taken back; and the tariff."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import func, select

from trainer.database import LockKey, db, take_turns
from trainer.domain.actors import Actor
from trainer.domain.days import china_day
from trainer.domain.file import FilePurpose
from trainer.domain.service_hours import (
    COUNTED,
    MOST_MINUTES_A_DAY,
    Help,
    ServiceKind,
    ServiceState,
    points_for,
    rate_on,
)
from trainer.errors import NotFound, Refused
from trainer.models.person import Person
from trainer.models.service_hours import ServiceEntry, ServiceTariff
from trainer.queries.person import is_here
from trainer.queries.service_hours import list_rates
from trainer.services import audit
from trainer.services.file import keep_file
from trainer.services.message import notify


class NobodyHelped(Refused):
    """No name is ticked."""

    code = "service_nobody"


class HelpToCome(Refused):
    """The day lies in the future."""

    code = "service_future"


class DayTooLong(Refused):
    """With what is entered already, somebody would have helped for more than a day's hours."""

    code = "service_day_too_long"


class EnteredAlready(Refused):
    """The same kind, day and minutes stand already: asked about, and taken once more where it was so."""

    code = "service_entered_already"
    status = 409


class OwnEntry(Refused):
    """Two people: neither who entered it nor who helped decides."""

    code = "service_own_entry"


class ServiceDecided(Refused):
    """Somebody was faster, or it was never to be decided."""

    code = "service_decided"
    status = 409


class ServiceReasonMissing(Refused):
    code = "service_reason_missing"


class TariffChangesApproved(Refused):
    """Points are fixed at approval: a rate cannot begin before help that is approved."""

    code = "service_tariff_too_early"


def enter(
    people: Iterable[int],
    given: Help,
    *,
    nonce: str,
    by: Actor,
    at: datetime,
    picture: bytes | None = None,
    anyway: bool = False,
) -> list[int]:
    """The same help of one person or several, to be approved; sent twice with one nonce it stands once.

    `picture` comes from `picture.redraw`. Raises NobodyHelped, HelpToCome, DayTooLong, EnteredAlready (unless
    `anyway`), NotFound (somebody is not there, or was erased).
    """
    helpers = _hold_people(people)
    keys = {person_id: f"{nonce[:48]}.{person_id}" for person_id in helpers}
    known = select(ServiceEntry.nonce, ServiceEntry.id).where(ServiceEntry.nonce.in_(keys.values()))
    made = dict(db.session.execute(known).all())
    new = [person_id for person_id in helpers if keys[person_id] not in made]
    if new:
        _check(new, helpers, given, anyway=anyway, at=at)
        evidence = _evidence(picture, new, by=by, at=at)
        for person_id in new:
            made[keys[person_id]] = _add(person_id, given, keys[person_id], evidence, by=by, at=at)
    return sorted(made.values())


def _hold_people(people: Iterable[int]) -> dict[int, str]:
    """Names by number, each held until the act ends: the hours of a day are added up one act after the other."""
    wanted = sorted(set(people))
    if not wanted:
        raise NobodyHelped()
    living = select(Person.id, Person.name).where(Person.id.in_(wanted), is_here())
    held = dict(db.session.execute(living.order_by(Person.id).with_for_update(key_share=True)).all())
    if len(held) != len(wanted):
        raise NotFound()
    return held


def _check(new: Sequence[int], names: dict[int, str], given: Help, *, anyway: bool, at: datetime) -> None:
    if given.day > china_day(at):
        raise HelpToCome(day=given.day)
    of_the_day = (ServiceEntry.person_id.in_(new), ServiceEntry.day == given.day, ServiceEntry.state.in_(COUNTED))
    rows = db.session.execute(
        select(ServiceEntry.person_id, ServiceEntry.kind, ServiceEntry.minutes).where(*of_the_day)
    )
    minutes, same = dict.fromkeys(new, given.minutes), set()
    for person_id, kind, spent in rows:
        minutes[person_id] += spent
        if (kind, spent) == (given.kind, given.minutes):
            same.add(person_id)
    if over := [names[person_id] for person_id in new if minutes[person_id] > MOST_MINUTES_A_DAY]:
        raise DayTooLong(names="、".join(over), day=given.day)
    if same and not anyway:
        raise EnteredAlready(names="、".join(names[person_id] for person_id in sorted(same)), day=given.day)


def _evidence(picture: bytes | None, people: Sequence[int], *, by: Actor, at: datetime) -> int | None:
    """One picture for all of them; where it is about one person alone it is hers, and goes with her."""
    if picture is None:
        return None
    of = people[0] if len(people) == 1 else None
    facts = {"purpose": FilePurpose.SERVICE_EVIDENCE, "person_id": of, "by": by, "at": at}
    return keep_file(picture, "help.jpg", "image/jpeg", **facts).id


def _add(person_id: int, given: Help, nonce: str, evidence_id: int | None, *, by: Actor, at: datetime) -> int:
    entry = ServiceEntry(
        **{"person_id": person_id, "kind": given.kind, "day": given.day, "minutes": given.minutes},
        **{"cohort_id": given.cohort_id, "words": given.words or None, "evidence_id": evidence_id, "nonce": nonce},
        **{"entered_at": at, "entered_by": by.account_id, "state": ServiceState.PROPOSED},
    )
    db.session.add(entry)
    db.session.flush()
    facts = {"person": person_id, "kind": given.kind, "day": given.day, "minutes": given.minutes}
    audit.record("service_hours.enter", "service_hours", entry.id, by=by, at=at, after=facts)
    return entry.id


def approve(entry_ids: Iterable[int], *, by: Actor, at: datetime) -> int:
    """All of them, or none; their points are fixed now, by the tariff of the day of the help. Returns how many.

    Raises ServiceDecided, OwnEntry (with whose), NotFound.
    """
    take_turns(LockKey.SERVICE_TARIFF)
    entries, rates = _hold_entries(entry_ids), list_rates()
    for entry in entries:
        _require_waiting(entry)
    _require_somebody_else(entries, by)
    for entry in entries:
        entry.points = points_for(entry.minutes, rate_on(rates, entry.kind, entry.day))
        _decide(entry, ServiceState.APPROVED, "", by=by, at=at)
    _tell(entries, by=by, at=at)
    return len(entries)


def refuse(entry_id: int, answer: str, *, by: Actor, at: datetime) -> None:
    """Raises ServiceReasonMissing, ServiceDecided, OwnEntry, NotFound."""
    entry = _with_reason(entry_id, answer)
    _require_waiting(entry)
    _require_somebody_else([entry], by)
    _decide(entry, ServiceState.REFUSED, answer, by=by, at=at)
    _tell([entry], by=by, at=at)


def take_back(entry_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """An approved entry was wrong: it stays in the ledger and counts no more; its points stay to be read.

    Raises ServiceReasonMissing, ServiceDecided (not approved), NotFound.
    """
    entry = _with_reason(entry_id, reason)
    if entry.state is not ServiceState.APPROVED:
        raise ServiceDecided(state=entry.state)
    _decide(entry, ServiceState.TAKEN_BACK, reason, by=by, at=at)
    _tell([entry], by=by, at=at)


def withdraw(entry_id: int, *, by: Actor, at: datetime) -> None:
    """Whoever entered it takes it back herself, as long as nobody has decided. Raises ServiceDecided, NotFound."""
    (entry,) = _hold_entries([entry_id])
    if entry.entered_by != by.account_id:
        raise NotFound()
    _require_waiting(entry)
    _decide(entry, ServiceState.TAKEN_BACK, "", by=by, at=at)


def _with_reason(entry_id: int, reason: str) -> ServiceEntry:
    if not reason:
        raise ServiceReasonMissing()
    return _hold_entries([entry_id])[0]


def _hold_entries(entry_ids: Iterable[int]) -> list[ServiceEntry]:
    wanted = sorted(set(entry_ids))
    if not wanted:
        raise NobodyHelped()
    held = select(ServiceEntry).where(ServiceEntry.id.in_(wanted)).order_by(ServiceEntry.id)
    entries = list(db.session.scalars(held.with_for_update(), execution_options={"populate_existing": True}))
    if len(entries) != len(wanted):
        raise NotFound()
    return entries


def _require_waiting(entry: ServiceEntry) -> None:
    if entry.state is not ServiceState.PROPOSED:
        raise ServiceDecided(state=entry.state)


def _require_somebody_else(entries: Sequence[ServiceEntry], by: Actor) -> None:
    own = [entry.person_id for entry in entries if by.account_id == entry.entered_by or by.person_id == entry.person_id]
    if own:
        names = db.session.scalars(select(Person.name).where(Person.id.in_(own)).order_by(Person.id))
        raise OwnEntry(names="、".join(names))


def _decide(entry: ServiceEntry, state: ServiceState, answer: str, *, by: Actor, at: datetime) -> None:
    before = {"state": entry.state}
    entry.state, entry.answer = state, answer or None
    entry.decided_at, entry.decided_by = at, by.account_id
    after = {"state": state, "minutes": entry.minutes, "points": entry.points, "with_reason": bool(answer)}
    audit.record(f"service_hours.{_VERBS[state]}", "service_hours", entry.id, by=by, at=at, before=before, after=after)


_VERBS = {
    ServiceState.APPROVED: "approve",
    ServiceState.REFUSED: "refuse",
    ServiceState.TAKEN_BACK: "take_back",
}


def _tell(entries: Sequence[ServiceEntry], *, by: Actor, at: datetime) -> None:
    notify("service_answered", to_people={entry.person_id for entry in entries}, link="/me/service-hours", by=by, at=at)


def set_rate(kind: ServiceKind, from_on: date, points_per_hour: int, *, by: Actor, at: datetime) -> None:
    """What an hour of a kind is worth from a day on; a rate of the same day is replaced.

    Raises TariffChangesApproved (kind, day of the last help that is approved) where help on or after that day is.
    """
    take_turns(LockKey.SERVICE_TARIFF)
    approved = (ServiceEntry.kind == kind, ServiceEntry.state == ServiceState.APPROVED, ServiceEntry.day >= from_on)
    if last := db.session.scalar(select(func.max(ServiceEntry.day)).where(*approved)):
        raise TariffChangesApproved(kind=kind, day=last)
    same_day = (ServiceTariff.kind == kind, ServiceTariff.from_on == from_on)
    rate = db.session.scalar(select(ServiceTariff).where(*same_day))
    before = {"points_per_hour": rate.points_per_hour} if rate else None
    if rate is None:
        rate = ServiceTariff(kind=kind, from_on=from_on)
        db.session.add(rate)
    rate.points_per_hour, rate.set_at, rate.set_by = points_per_hour, at, by.account_id
    db.session.flush()
    after = {"kind": kind, "from_on": from_on, "points_per_hour": points_per_hour}
    audit.record("service_hours.set_rate", "service_tariff", rate.id, by=by, at=at, before=before, after=after)
