"""Sign-ups settled: who in the register she is, what was decided, her place in the cohort, her consent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from trainer.crypto import keyring
from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.consent import ConsentChannel, ConsentScope
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus, StatusCause
from trainer.domain.people import birth_year_from_id, sex_from_id
from trainer.domain.sign_up import AnswerChannel, SignUpState
from trainer.domain.sign_up_review import DECISIONS, MAY_BE_TAKEN
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.person import Consent, Person
from trainer.models.programme import Cohort
from trainer.models.sign_up import SignUp
from trainer.queries.person import has_namesake
from trainer.queries.register import KEPT
from trainer.services import audit
from trainer.services.at_risk import follow_closing
from trainer.services.enrolment import enrol, move_enrolment
from trainer.services.idempotency import dialect_insert
from trainer.services.roster_commit import stored_values
from trainer.services.sign_up_answer import tell_her
from trainer.services.waitlist import admit, check_place, hold_places

_S = EnrolmentStatus
ONLINE = ConsentChannel.ONLINE


class NotOpen(Refused):
    """Somebody settled it first, or it was taken back or struck out."""

    code = "sign_up_answered"
    status = 409


class WomanKnown(Refused):
    """The register has her: a second record would part her history in two."""

    code = "sign_up_known"


class IdNumberTaken(Refused):
    """The ID number is another woman's."""

    code = "sign_up_id_number_taken"


class SettledOtherwise(Refused):
    """She is on the roll: from there she goes by a withdrawal, with its own reason."""

    code = "sign_up_on_the_roll"


class NobodyTicked(Refused):
    code = "sign_up_nobody_ticked"


class RejectedWithoutReason(Refused):
    code = "sign_up_rejected_without_reason"


@dataclass(frozen=True)
class Decision:
    """What is decided, and why; `over`: admitted on purpose although every place is taken."""

    status: EnrolmentStatus
    reason: str = ""
    over: bool = False


@dataclass(frozen=True)
class Pick:
    """A sign-up in the version that was looked at, and who she is (None: somebody new)."""

    sign_up_id: int
    seen: int
    person_id: int | None


def settle(pick: Pick, decision: Decision, *, takes: Collection[str] = (), by: Actor, at: datetime) -> Enrolment:
    """She is this person; her place in the cohort says from now on where she stands. Whatever she sent that a record
    has otherwise stays as it is, save the fields of `takes`.

    Raises NotFound, NotOpen, Conflict, WomanKnown, IdNumberTaken, SettledOtherwise, RejectedWithoutReason, NoPlaceFree,
    OverWithoutReason.
    """
    return _settle_held(_cohort_of(pick.sign_up_id), [pick], decision, frozenset(takes), by=by, at=at)[0]


def settle_many(
    cohort_id: int, picks: Sequence[Pick], decision: Decision, *, by: Actor, at: datetime
) -> list[Enrolment]:
    """All of them or, where one is refused, none; the first that came is the first admitted."""
    return _settle_held(cohort_id, sorted(picks, key=lambda pick: pick.sign_up_id), decision, frozenset(), by=by, at=at)


def _cohort_of(sign_up_id: int) -> int:
    cohort_id = db.session.scalar(select(SignUp.cohort_id).where(SignUp.id == sign_up_id))
    if cohort_id is None:
        raise NotFound()
    return cohort_id


def _settle_held(
    cohort_id: int, picks: Sequence[Pick], decision: Decision, takes: frozenset[str], *, by: Actor, at: datetime
) -> list[Enrolment]:
    if decision.status not in DECISIONS:
        raise NotFound()
    if decision.status is _S.REJECTED and not decision.reason:
        raise RejectedWithoutReason()
    cohort = hold_places(cohort_id)[cohort_id]
    sign_ups = {pick.sign_up_id: hold_open(pick.sign_up_id, pick.seen, cohort_id) for pick in picks}
    chosen = {pick.person_id for pick in picks if pick.person_id is not None}
    rows = select(Person).where(Person.id.in_(chosen)).order_by(Person.id).with_for_update()
    people = {row.id: row for row in db.session.scalars(rows.execution_options(populate_existing=True))}
    made = []
    for pick in picks:
        sign_up = sign_ups[pick.sign_up_id]
        person = _register(sign_up, people, pick.person_id, takes, at=at)
        made.append(_place(sign_up, person, cohort, decision, by=by, at=at))
        _note_settled(sign_up, person, made[-1], decision, is_new=pick.person_id is None, takes=takes, by=by, at=at)
    tell_her(made, cohort, by=by, at=at)
    _spare_those_who_look(sign_ups.values(), at=at)
    follow_closing(cohort.id, at=at)
    return made


def hold_open(sign_up_id: int, seen: int, cohort_id: int | None = None) -> SignUp:
    """Raises NotFound, NotOpen, Conflict."""
    sign_up = db.session.get(SignUp, sign_up_id, with_for_update=True, populate_existing=True)
    if sign_up is None or cohort_id not in (None, sign_up.cohort_id):
        raise NotFound()
    if sign_up.state is not SignUpState.OPEN:
        raise NotOpen(state=sign_up.state)
    if sign_up.version != seen:
        raise Conflict()
    return sign_up


def _register(
    sign_up: SignUp, people: dict[int, Person], person_id: int | None, takes: frozenset[str], *, at: datetime
) -> Person:
    """Her record: a new one, or the one chosen with what is taken over; and the consent she gave with her sign-up."""
    if person_id is None:
        person = _new_person(sign_up, at=at)
    else:
        person = people.get(person_id)
        if person is None or person.erased_at or person.merged_into_id:
            raise NotFound()
        _take_over(sign_up, person, takes, at=at)
    _record_consent(sign_up, person.id)
    return person


def _new_person(sign_up: SignUp, *, at: datetime) -> Person:
    _refuse_twin(sign_up.name, sign_up.phone, None)
    _refuse_taken_number(sign_up.id_number, None)
    said = dict.fromkeys(KEPT) | {
        name: getattr(sign_up, name) for name in ("name", "phone", "id_number", "region_code")
    }
    said |= {"kind": sign_up.kind, "township": sign_up.township, "village": sign_up.village}
    if sign_up.id_number:
        said |= {"birth_year": birth_year_from_id(sign_up.id_number), "sex": sex_from_id(sign_up.id_number)}
    person = Person(**stored_values(said), created_at=at, updated_at=at)
    db.session.add(person)
    db.session.flush()
    return person


def _take_over(sign_up: SignUp, person: Person, takes: frozenset[str], *, at: datetime) -> None:
    taken = {name: getattr(sign_up, name) for name in MAY_BE_TAKEN if name in takes and getattr(sign_up, name)}
    if not taken:
        return
    _refuse_taken_number(taken.get("id_number"), person.id)
    _refuse_twin(person.name, taken.get("phone"), person.id)
    kept = {name: getattr(person, name) for name in ("name", *KEPT)}
    for name, value in stored_values(kept | taken).items():
        setattr(person, name, value)
    person.updated_at = at
    db.session.flush()


def _refuse_twin(name: str, phone: str | None, but: int | None) -> None:
    if has_namesake(name, phone, but=but):
        raise WomanKnown(name=name)


def _refuse_taken_number(number: str | None, but: int | None) -> None:
    if number is None:
        return
    holder = (Person.id_number_index == keyring().blind_index("id_number", number), Person.id != (but or 0))
    if db.session.scalar(select(Person.id).where(*holder).limit(1)):
        raise IdNumberTaken()


def _record_consent(sign_up: SignUp, person_id: int) -> None:
    """What she agreed to when she signed up; what she has withdrawn since stays withdrawn."""
    scopes = [ConsentScope.BASIC, *([ConsentScope.ID_NUMBER] if sign_up.id_number else [])]
    given = {
        "person_id": person_id,
        "notice_version": sign_up.notice_version,
        "channel": ONLINE,
        "given_at": sign_up.at,
    }
    for scope in scopes:
        later = (Consent.person_id == person_id, Consent.scope == scope, Consent.withdrawn_at >= sign_up.at)
        if not db.session.scalar(select(exists().where(*later))):
            db.session.execute(dialect_insert()(Consent).values(**given, scope=scope).on_conflict_do_nothing())


def _place(
    sign_up: SignUp, person: Person, cohort: Cohort, decision: Decision, *, by: Actor, at: datetime
) -> Enrolment:
    """One enrolment a woman and cohort: who has one already goes on from there."""
    hers = select(Enrolment).where(Enrolment.cohort_id == cohort.id, Enrolment.person_id == person.id)
    enrolment = db.session.scalar(hers)
    if enrolment is not None and enrolment.status in ON_THE_ROLL:
        if decision.status is not _S.ADMITTED:
            raise SettledOtherwise(name=person.name)
        return enrolment
    if decision.status is _S.ADMITTED:
        check_place(cohort, over=decision.over, reason=decision.reason)
    enrolment = _applied(sign_up, enrolment, person.id, cohort, by=by, at=at)
    step = {"cause": StatusCause.STAFF, "by": by, "at": at, "reason": decision.reason}
    if decision.status is _S.ADMITTED:
        admit(enrolment, cohort, **step)
    elif enrolment.status is not decision.status:
        move_enrolment(enrolment, decision.status, **step)
    return enrolment


def _applied(
    sign_up: SignUp, enrolment: Enrolment | None, person_id: int, cohort: Cohort, *, by: Actor, at: datetime
) -> Enrolment:
    """That she applied, dated by her sign-up, though never before what the history has already."""
    step = {"cause": StatusCause.SIGN_UP, "by": by, "at": at}
    if enrolment is None:
        return enrol(cohort.id, person_id, _S.APPLIED, joined_on=cohort.starts_on, since=sign_up.at, **step)
    if enrolment.status in (_S.WITHDRAWN, _S.REJECTED):
        last = db.session.scalar(select(func.max(EnrolmentEvent.at)).where(EnrolmentEvent.enrolment_id == enrolment.id))
        move_enrolment(enrolment, _S.APPLIED, since=max(sign_up.at, last or sign_up.at), **step)
    return enrolment


def _note_settled(
    sign_up: SignUp,
    person: Person,
    enrolment: Enrolment,
    decision: Decision,
    *,
    is_new: bool,
    takes: frozenset[str],
    by: Actor,
    at: datetime,
) -> None:
    sign_up.state, sign_up.enrolment_id = SignUpState.SETTLED, enrolment.id
    sign_up.settled_at, sign_up.settled_by, sign_up.reason = at, by.account_id, ""
    told = {"person": person.id, "new_person": is_new, "enrolment": enrolment.id, "status": decision.status}
    audit.record(
        *("sign_up.settle", "sign_up", sign_up.id),
        **{"by": by, "at": at, "with_reason": bool(decision.reason), "over": decision.over},
        **{**told, "fields": sorted(takes & set(MAY_BE_TAKEN))},
    )


def _spare_those_who_look(sign_ups: Collection[SignUp], *, at: datetime) -> None:
    """Who said that she looks the answer up herself is called only where something changes afterwards."""
    for sign_up in sign_ups:
        if sign_up.answer_by is AnswerChannel.LOOK_UP:
            sign_up.told_at = at
