"""Women at risk, kept as their closed lessons say; the staff told once; calls taken down."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update

from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.at_risk import ContactOutcome
from trainer.errors import NotFound
from trainer.models.at_risk import Contact, Risk
from trainer.models.enrolment import Enrolment
from trainer.models.programme import Cohort
from trainer.queries.at_risk import list_followers, list_reasons
from trainer.services import audit
from trainer.services.message import notify
from trainer.services.metrics import recompute_cohort
from trainer.services.outcomes import touch_cohort


def follow_closing(cohort_id: int, *, at: datetime) -> None:
    """What a closing, a reopening or a late change brings with it, in its own transaction.

    The figures come first: writing them makes two closings of one class come one after the other, so that the risks
    are found with both.
    """
    recompute_cohort(cohort_id, at=at)
    touch_cohort(cohort_id, at=at)
    refresh_risks(cohort_id, at=at)


def refresh_risks(cohort_id: int, *, at: datetime) -> int:
    """Open what the closed lessons show and end what they no longer show; returns how many risks differed.

    A risk that comes back after the same lesson (it was reopened and closed again) is the same risk: nobody is told of
    it twice. A fixed number of statements, whatever the number of women.
    """
    found = list_reasons(cohort_id)
    known = db.session.execute(
        select(Risk.id, Risk.enrolment_id, Risk.reason, Risk.lesson_id, Risk.ended_at)
        .join(Enrolment, Enrolment.id == Risk.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id)
    ).all()
    in_force = {(enrolment, reason): id_ for id_, enrolment, reason, _lesson, ended in known if ended is None}
    before = {(enrolment, reason, lesson): id_ for id_, enrolment, reason, lesson, ended in known if ended is not None}
    new = {(*key, lesson) for key, lesson in found.items() if key not in in_force}
    gone = [id_ for key, id_ in in_force.items() if key not in found]
    _set_ended(gone, at)
    _set_ended([before[key] for key in new if key in before], None)
    if fresh := [key for key in sorted(new) if key not in before]:
        names = ("enrolment_id", "reason", "lesson_id")
        db.session.execute(insert(Risk), [dict(zip(names, key, strict=True)) | {"found_at": at} for key in fresh])
    _tell_staff(cohort_id, at=at)
    return len(new) + len(gone)


def _set_ended(ids: Sequence[int], at: datetime | None) -> None:
    if ids:
        statement = update(Risk).where(Risk.id.in_(ids)).values(ended_at=at)
        db.session.execute(statement.execution_options(synchronize_session=False))


def _tell_staff(cohort_id: int, *, at: datetime) -> None:
    """One notice on all that nobody was told of yet; where there is nobody to tell, it waits for the night."""
    untold = db.session.execute(
        select(Risk.id, Risk.enrolment_id, Cohort.name, Cohort.region_code)
        .join(Enrolment, Enrolment.id == Risk.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.id == cohort_id, Risk.ended_at.is_(None), Risk.told_at.is_(None))
    ).all()
    if not untold:
        return
    ids, women = [row.id for row in untold], {row.enrolment_id for row in untold}
    told = notify(
        "women_at_risk",
        to_accounts=list_followers(untold[0].region_code, cohort_id),
        link=f"/follow-up?cohort={cohort_id}",
        once_key=f"at_risk:{min(ids)}",
        by=SYSTEM,
        at=at,
        cohort=untold[0].name,
        women=len(women),
    )
    if told is not None:
        statement = update(Risk).where(Risk.id.in_(ids)).values(told_at=at)
        db.session.execute(statement.execution_options(synchronize_session=False))


def log_contact(enrolment_id: int, outcome: ContactOutcome, words: str, *, by: Actor, at: datetime) -> Contact:
    """Somebody called her; a call that was taken down stays as it is. Raises NotFound."""
    if db.session.get(Enrolment, enrolment_id) is None:
        raise NotFound()
    contact = Contact(enrolment_id=enrolment_id, outcome=outcome, words=words or None, at=at, by=by.account_id)
    db.session.add(contact)
    db.session.flush()
    audit.record("contact.log", "enrolment", enrolment_id, by=by, at=at, contact=contact.id, outcome=outcome)
    return contact
